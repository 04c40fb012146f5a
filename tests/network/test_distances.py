from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from network.analysis import distances
from network.analysis.distances import (
    distance,
    distances_from_average,
    nearest_pair,
    shared_ink,
)


@pytest.fixture
def vectors() -> np.ndarray:
    return np.random.default_rng(0).random((57, 20)).astype(np.float32)


def test_distances_worked_by_hand() -> None:
    one, other = np.array([[0, 1], [0.5, 0]]), np.array([[0, 0], [0.5, 1]])
    assert distance(one, other) == pytest.approx(2**0.5)
    assert shared_ink(one, other) == (1, 3)
    assert shared_ink(one, other, least=0.6) == (0, 2)
    assert distances_from_average(np.array([[0.0], [1.0], [5.0]])).tolist() == [2, 1, 3]


@pytest.mark.parametrize("batch", [10, 1000])
def test_the_search_finds_what_comparing_every_pair_finds(
    vectors: np.ndarray, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(distances, "_BATCH", batch)
    table = cdist(vectors, vectors)
    near = nearest_pair(vectors[:40], vectors[40:])
    between = table[:40, 40:]
    assert near.distance == pytest.approx(between.min())
    assert (near.first, near.second) == np.unravel_index(between.argmin(), between.shape)
    assert near.searched == 40 * 17


def test_of_two_that_are_nearly_as_near_the_nearer_is_found() -> None:
    picture = np.full((1, 784), 0.9, np.float32)
    others = np.repeat(picture, 2, axis=0)
    others[0, :2] -= np.float32(2e-3)
    others[1, 0] -= np.float32(2.8e-3)  # their squares differ by less than 784 × 0.81 can tell in float32
    assert nearest_pair(picture, others).second == 1


def test_equal_pictures_are_0_apart() -> None:
    alike = np.full((3, 4), 0.3, np.float32)
    assert nearest_pair(alike, alike).distance == 0


def test_what_cannot_be_compared_is_told(vectors: np.ndarray) -> None:
    with pytest.raises(ValueError, match="both sets must hold a picture; got 57 and 0"):
        nearest_pair(vectors, vectors[:0])
    with pytest.raises(ValueError, match="there is none"):
        distances_from_average(vectors[:0])
    for compare in (distance, shared_ink):
        with pytest.raises(ValueError, match="same shape"):
            compare(vectors[0], vectors[0, :5])
