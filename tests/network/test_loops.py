from __future__ import annotations

import numpy as np
import pytest

from network import Layer, Network
from network.analysis.loops import Ring, best_neuron, correlations, hidden_activations, kinds_of_ring
from network.analysis.parts import count_holes, hole_cells


def drawn(*rows: str) -> np.ndarray:
    return np.array([[float(character == "#") for character in row] for row in rows])


RING = drawn("........", ".####...", ".#..#...", ".#..#...", ".####...", "........", "........", "........")
EIGHT = drawn(".####...", ".#..#...", ".#..#...", ".####...", ".#..#...", ".#..#...", ".####...", "........")
OPEN = drawn("........", ".####...", ".#..#...", ".#..#...", ".##.#...", "........", "........", "........")
CORNERS = drawn("........", "..##....", ".#..#...", ".#..#...", "..##....", "........", "........", "........")
TO_THE_EDGE = drawn("########", "#......#", "#......#", "########", "........", "........", "........", "........")


def test_holes_are_ground_shut_in_by_ink() -> None:
    images = np.array([RING, EIGHT, OPEN, CORNERS, TO_THE_EDGE, np.zeros((8, 8)), np.ones((8, 8))])
    assert count_holes(images).tolist() == [1, 2, 0, 1, 1, 0, 0]
    pixels = hole_cells(images)
    assert pixels.sum(axis=(1, 2)).tolist() == [4, 8, 0, 4, 12, 0, 0]
    assert pixels[0, 2:4, 2:4].all()
    assert count_holes(images[:0]).shape == (0,)


def test_each_picture_is_counted_by_itself() -> None:
    # A ring between pictures that are all ink must not be joined to what is before or behind it.
    images = np.array([np.ones((8, 8)), RING, np.ones((8, 8)), RING])
    assert count_holes(images).tolist() == [0, 1, 0, 1]


def test_a_single_dark_pixel_is_a_loop_only_in_a_small_picture() -> None:
    large = np.zeros((28, 28))
    large[10:13, 10:13] = 1
    large[11, 11] = 0
    assert count_holes(large[None]).tolist() == [0]
    assert count_holes(large[None, 9:17, 9:17]).tolist() == [1]


def test_correlations_are_pearsons() -> None:
    rng = np.random.default_rng(0)
    network = Network.random([16, 5, 4, 3], rng)
    vectors, has_loop = rng.random((50, 16), np.float32), rng.random(50) < 0.4
    measured = correlations(network, vectors, has_loop)
    activations = hidden_activations(network, vectors)
    assert [values.shape for values in measured] == [(5,), (4,)]
    for values, columns in zip(measured, activations, strict=True):
        expected = [np.corrcoef(column, has_loop)[0, 1] for column in columns.T.astype(float)]
        np.testing.assert_allclose(values, expected, atol=1e-5)
    assert activations[1][7] == pytest.approx(network.forward(vectors[7]).activations[1], abs=1e-6)


def as_it_comes(pixels: int) -> Network:
    """A network whose hidden neurons are the pixels themselves."""
    return Network((Layer(np.eye(pixels), np.zeros(pixels), "relu"), Layer(np.ones((1, pixels)), [0.0])))


def test_a_neuron_that_is_the_answer_has_1_and_a_constant_one_0() -> None:
    has_loop = np.array([True, False, False, True, True])
    columns = np.stack([has_loop, ~has_loop, np.full(5, 0.3)], axis=1).astype(np.float32)
    (measured,) = correlations(as_it_comes(3), columns, has_loop)
    np.testing.assert_allclose(measured, [1, -1, 0], atol=1e-6)


@pytest.mark.parametrize("has_loop", [np.zeros(4, bool), np.ones(4, bool)])
def test_where_all_are_alike_there_is_no_correlation(has_loop: np.ndarray) -> None:
    assert np.isnan(correlations(as_it_comes(4), np.eye(4), has_loop)[0]).all()


def test_bad_input_is_told() -> None:
    with pytest.raises(ValueError, match=r"images must have the shape \(n, side, side\)"):
        count_holes(np.zeros((4, 64)))
    with pytest.raises(ValueError, match="has_loop must be 4 values"):
        correlations(as_it_comes(4), np.eye(4), np.ones(3, bool))


def test_the_best_neuron_is_farthest_from_0_on_either_side() -> None:
    assert best_neuron([np.array([0.1, -0.6]), np.array([0.5])]) == (0, 1)
    assert best_neuron([np.array([0.1, -0.4]), np.array([0.2, 0.2, 0.5])]) == (1, 2)


def test_a_ring_is_closed_or_nearly_closed_or_there_is_none() -> None:
    large = np.zeros((5, 28, 28))
    large[:3, 4:12, 8:18], large[:3, 6:10, 10:16] = 1, 0
    large[1, 7, 16:18] = 0  # a small gap
    large[2, 6:10, 16:18] = 0  # a wide one
    large[3] = large[0, ::-1]  # in the lower half
    assert kinds_of_ring(large) == [Ring.CLOSED, Ring.NEARLY, Ring.NONE, Ring.NONE, Ring.NONE]
    # Anywhere, only closed ones count.
    assert kinds_of_ring(large, anywhere=True) == [Ring.CLOSED, Ring.NONE, Ring.NONE, Ring.CLOSED, Ring.NONE]
