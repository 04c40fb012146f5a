"""Pictures are sorted by what a neuron makes of them, and the loops among a neuron's favourites are counted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from network import Layer, Network
from network.analysis.examples import hero
from network.analysis.favourites import brightness_where, clearest_favourites, favourites, loop_favourites
from network.analysis.parts import (
    count_holes,
    has_upper_hole,
    hole_cells,
    holes_of,
    upper_hole_cells,
    with_gaps_closed,
)
from network.checkpoint import load_checkpoint
from network.digits import Digits, load_digits

ROOT = Path(__file__).resolve().parents[2]
MakeDigits = Callable[..., Digits]


@pytest.mark.parametrize(("hidden", "output"), [("sigmoid", "sigmoid"), ("gelu", "softmax")])
def test_the_order_is_that_of_the_activations(hidden: str, output: str, make_digits: MakeDigits) -> None:
    digits = make_digits(60)
    network = Network.random((64, 5, 4, 3), np.random.default_rng(1), hidden, output, dtype=np.float64)
    for layer, neuron in ((0, 3), (1, 2), (2, 0)):
        found = favourites(network, digits, layer, neuron)
        own = np.array([network.forward(v).activations[layer][neuron] for v in digits.vectors])
        assert sorted(found.order) == list(range(60))
        np.testing.assert_allclose(found.activations, own[found.order])
        assert (np.diff(found.activations) <= 0).all()
        assert own[found.most(5)].min() >= own[found.least(50)].max()
        assert own[found.least(1)[0]] == own.min()
        np.testing.assert_array_equal(found.labels, digits.labels[found.order])
        assert found.classes_of_most(7).sum() == found.classes_of_least(7).sum() == 7


def test_where_activations_are_rounded_to_one_the_sum_decides() -> None:
    images = np.array([[[0.5]], [[1.0]], [[0.8]]], np.float32)
    network = Network((Layer(np.array([[1000.0]], np.float32), np.zeros(1, np.float32)),))
    found = favourites(network, Digits(images, np.zeros(3, int)), 0, 0)
    assert (found.activations == 1).all()
    assert found.order.tolist() == [1, 2, 0]


def test_the_clearest_neuron_likes_one_class_and_dislikes_another(make_digits: MakeDigits) -> None:
    digits = make_digits(60)
    weights = np.zeros((4, 64), np.float32)
    for neuron, sign in ((1, 1), (2, -1)):
        weights[neuron].reshape(8, 8)[2:4] = sign  # class 1
        weights[neuron].reshape(8, 8)[0:2] = -sign  # class 0
    network = Network((Layer(weights, np.zeros(4, np.float32)), Layer(np.ones((3, 4), np.float32), np.zeros(3))))
    zero, one = (int(np.argmax(digits.labels == k)) for k in (0, 1))
    assert clearest_favourites(network, digits, 10).neuron == 1
    assert clearest_favourites(network, digits, 10, one).neuron == 1
    found = clearest_favourites(network, digits, 10, zero)  # neuron 1 is dark there
    assert found.neuron == 2
    assert found.classes_of_most(10).tolist() == [10] and found.classes_of_least(10).tolist() == [0, 10]


def ring(top: int, side: int = 12) -> np.ndarray:
    image = np.zeros((side, side), np.float32)
    image[top : top + 5, 3:8] = 1
    image[top + 1 : top + 4, 4:7] = 0
    return image


def test_an_upper_hole_has_its_centre_in_the_upper_half() -> None:
    both = np.maximum(ring(0), ring(7))
    images = np.stack([ring(0), ring(3), ring(4), ring(7), both, np.zeros((12, 12), np.float32)])
    # The hole of ring(3) has its centre in row 5, that of ring(4) in row 6; the middle is 5.5.
    assert has_upper_hole(images).tolist() == [True, True, False, False, True, False]
    assert count_holes(images).tolist() == [1, 1, 1, 1, 2, 0]


def test_upper_holes_are_those_found_picture_by_picture() -> None:
    images = load_digits(ROOT / "assets" / "mnist", "test").images[:300]
    expected = []
    for image in images:
        holes = holes_of(image)
        expected.append(any(np.argwhere(holes == k)[:, 0].mean() < 13.5 for k in range(1, holes.max() + 1)))
    assert has_upper_hole(images).tolist() == expected


def rings_and_blobs() -> Digits:
    blob = np.zeros((12, 12), np.float32)
    blob[4:9, 3:8] = 1
    images = np.stack([ring(1), ring(7), blob] * 10)
    images[:, 11, 11] = np.linspace(0, 0.3, 30)
    return Digits(images, np.tile([0, 1, 2], 10), ("high", "low", "blob"))


@pytest.mark.parametrize("sign", [1, -1])
def test_a_true_loop_neuron_has_no_impostors(sign: int) -> None:
    digits = rings_and_blobs()
    weights = np.zeros((3, 144), np.float32)
    weights[1].reshape(12, 12)[6, 5] = -sign * 4  # lit in the blob only
    weights[2].reshape(12, 12)[1, 5] = 4  # lit in the upper ring only
    network = Network((Layer(weights, np.zeros(3, np.float32)), Layer(np.ones((3, 3), np.float32), np.zeros(3))))
    found = loop_favourites(network, digits, 8)
    assert found is not None
    assert (found.favourites.layer, found.favourites.neuron) == (0, 1)
    assert found.correlation == pytest.approx(sign, abs=1e-6)
    assert found.with_loop == len(found.pictures) == 8 and not len(found.impostors)
    upper = loop_favourites(network, digits, 15, upper=True)
    assert upper is not None and upper.favourites.neuron == 2
    assert upper.with_loop == 10 and len(upper.impostors) == 5
    assert not upper.loops[upper.impostors].any()


def test_without_contrast_or_hidden_layers_there_is_none(make_digits: MakeDigits) -> None:
    network = Network.random((144, 3, 3), np.random.default_rng(0))
    digits = rings_and_blobs()
    assert loop_favourites(network, digits.subset(np.array([2, 5, 8])), 2) is None
    assert loop_favourites(Network.random((144, 3), np.random.default_rng(0)), digits, 2) is None


def test_the_lessons_best_loop_neuron_loves_fives() -> None:
    """What the film says: the neuron that follows loops best is lit most by pictures without any."""
    network = load_checkpoint(ROOT / "assets" / "weights" / "default.npz").network
    digits = load_digits(ROOT / "assets" / "mnist", "test")
    found = loop_favourites(network, digits, 20)
    assert found is not None and found.correlation > 0.3
    assert (digits.labels[found.pictures] == 5).all() and found.with_loop == 1


def test_the_lessons_clearest_neuron_is_lit_by_its_hero() -> None:
    network = load_checkpoint(ROOT / "assets" / "weights" / "default.npz").network
    digits = load_digits(ROOT / "assets" / "mnist", "test")
    picture = hero(network, digits)
    found = clearest_favourites(network, digits, 20, picture)
    assert network.forward(digits.vectors[picture]).activations[0][found.neuron] >= 0.5
    assert found.classes_of_most(20).max() >= 15 and found.classes_of_least(20).max() >= 15


def test_upper_hole_cells_are_those_of_the_upper_holes() -> None:
    images = load_digits(ROOT / "assets" / "mnist", "test").images[:200]
    upper, all_cells = upper_hole_cells(images), hole_cells(images)
    assert not (upper & ~all_cells).any()
    assert upper.any(axis=(1, 2)).tolist() == has_upper_hole(images).tolist()


def test_closing_gaps_makes_a_ring_of_one_that_does_not_quite_close() -> None:
    ring = np.zeros((1, 28, 28), np.float32)
    ring[0, 4:12, 8:18] = 1
    ring[0, 6:10, 10:16] = 0
    ring[0, 7, 16:18] = 0  # the gap
    assert count_holes(ring).tolist() == [0]
    assert count_holes(with_gaps_closed(ring)).tolist() == [1]
    assert upper_hole_cells(with_gaps_closed(ring))[0, 7, 12]


def test_the_brightness_in_some_pixels_is_a_share_of_all() -> None:
    pictures = np.array([[1.0, 0, 0.5, 0], [0, 0.5, 1, 1]])
    assert brightness_where(pictures, np.array([True, True, False, False])) == 1.5 / 4
    assert brightness_where(0 * pictures, np.ones(4, bool)) == 0
