from __future__ import annotations

import numpy as np
import pytest

from network import Layer, Network
from network.analysis.noise import SURE, noise_to_show, sureness, surest_noise, uniform_noise
from network.digits import Digits


@pytest.mark.parametrize("side", [8, 28])
def test_noise_is_of_pictures_from_black_to_white(side: int) -> None:
    images = uniform_noise(30, side, np.random.default_rng(1))
    assert images.shape == (30, side, side)
    assert images.min() >= 0 and images.max() <= 1
    assert np.array_equal(images, uniform_noise(30, side, np.random.default_rng(1)))
    assert images.std() > 0.1


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


def test_the_noise_that_is_shown_is_as_large_as_the_data() -> None:
    digits = Digits(np.zeros((3, 2, 2), np.float32), np.zeros(3, int), ("a", "b"))
    noise = noise_to_show(digits, np.random.default_rng(5))
    assert noise.shape == (1000, 2, 2)
    # The outputs are as bright as the first and the last pixel.
    network = Network((Layer(np.array([[1.0, 0, 0, 0], [0, 0, 0, 1]]), [0, 0]),))
    brightest = max(noise, key=lambda picture: max(picture[0, 0], picture[1, 1]))
    assert np.array_equal(surest_noise(network, digits, np.random.default_rng(5)), brightest)
