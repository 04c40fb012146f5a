from __future__ import annotations

import numpy as np
import pytest

from network import Layer, Network
from network.analysis.noise import SURE, shuffled, smooth_noise, sureness, three_noises, uniform_noise


@pytest.mark.parametrize("side", [8, 28])
def test_noise_is_of_pictures_from_black_to_white(side: int) -> None:
    for kind in (uniform_noise, smooth_noise):
        images = kind(30, side, np.random.default_rng(1))
        assert images.shape == (30, side, side)
        assert images.min() >= 0 and images.max() <= 1
        assert np.array_equal(images, kind(30, side, np.random.default_rng(1)))
        assert images.std() > 0.1


def test_only_blots_are_smooth() -> None:
    rng = np.random.default_rng(2)
    steps = [np.abs(np.diff(kind(50, 28, rng), axis=2)).mean() for kind in (uniform_noise, smooth_noise)]
    assert steps[0] > 0.3 and steps[1] < 0.1


def test_shuffled_pictures_keep_their_own_pixels() -> None:
    rng = np.random.default_rng(3)
    images = rng.random((5, 6, 6))
    mixed = shuffled(images, rng)
    assert np.array_equal(np.sort(mixed.reshape(5, -1)), np.sort(images.reshape(5, -1)))
    assert not np.array_equal(mixed, images)
    orders = [
        np.searchsorted(np.sort(image.ravel()), other.ravel()) for image, other in zip(images, mixed, strict=True)
    ]
    assert len({tuple(order) for order in orders}) == 5


def test_sureness_is_what_the_network_says() -> None:
    # An output of σ(10 (a − ½)) for each of two pixels… of a picture of four.
    network = Network((Layer(10 * np.eye(2, 4), [-5, -5]),))
    images = np.array([[[0.2, 0.9], [0, 0]], [[0.6, 0.1], [0, 0]], [[1, 0], [0, 0]]])
    judged = sureness(network, images)
    assert judged.share == pytest.approx(2 / 3)
    assert judged.surest == 2
    assert judged.answers.tolist() == [2, 1]
    assert judged.outputs == pytest.approx(network.predict(images))
    assert (judged.outputs.max(axis=1) > SURE).sum() == 2
    with pytest.raises(ValueError, match="there is none"):
        sureness(network, images[:0])


def test_three_noises_are_the_three_kinds_drawn_one_after_another() -> None:
    images = np.random.default_rng(4).random((3, 6, 6))
    made = three_noises(images, 2, np.random.default_rng(5))
    rng = np.random.default_rng(5)
    expected = uniform_noise(2, 6, rng), smooth_noise(2, 6, rng), shuffled(images[:2], rng)
    for one, other in zip(made, expected, strict=True):
        assert np.array_equal(one, other)
