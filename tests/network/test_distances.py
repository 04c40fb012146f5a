from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from network.analysis import distances
from network.analysis.distances import (
    count_distances,
    distance,
    distances_from_average,
    farthest_pair,
    mean_difference,
    nearest_pair,
    shared_ink,
    typical_pair,
)


@pytest.fixture
def vectors() -> np.ndarray:
    return np.random.default_rng(0).random((57, 20)).astype(np.float32)


def test_distances_worked_by_hand() -> None:
    one, other = np.array([[0, 1], [0.5, 0]]), np.array([[0, 0], [0.5, 1]])
    assert distance(one, other) == pytest.approx(2**0.5)
    assert mean_difference(one, other) == 0.5
    assert shared_ink(one, other) == (1, 3)
    assert shared_ink(one, other, least=0.6) == (0, 2)
    assert distances_from_average(np.array([[0.0], [1.0], [5.0]])).tolist() == [2, 1, 3]


@pytest.mark.parametrize("batch", [10, 1000])
def test_the_search_finds_what_comparing_every_pair_finds(
    vectors: np.ndarray, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(distances, "_BATCH", batch)
    table = cdist(vectors, vectors)
    far = farthest_pair(vectors)
    assert far.distance == pytest.approx(table.max())
    assert {far.first, far.second} == set(map(int, np.unravel_index(table.argmax(), table.shape)))
    assert far.searched == 57 * 56 // 2
    near = nearest_pair(vectors[:40], vectors[40:])
    between = table[:40, 40:]
    assert near.distance == pytest.approx(between.min())
    assert (near.first, near.second) == np.unravel_index(between.argmin(), between.shape)
    assert near.searched == 40 * 17


@pytest.mark.parametrize("n", [2, 3, 8, 57])
def test_the_typical_pair_has_the_median_distance(vectors: np.ndarray, n: int) -> None:
    pair = typical_pair(vectors[:n])
    table = cdist(vectors[:n], vectors[:n])
    apart = np.sort(table[np.triu_indices(n, 1)])
    assert pair.searched == len(apart)
    assert 0 <= pair.first < pair.second < n
    assert pair.distance == pytest.approx(apart[(len(apart) - 1) // 2])
    assert pair.distance == pytest.approx(table[pair.first, pair.second])


@pytest.mark.parametrize("batch", [10, 1000])
def test_every_pair_is_counted_once(vectors: np.ndarray, batch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distances, "_BATCH", batch)
    table = cdist(vectors, vectors)
    edges = np.linspace(0, 3, 14)
    own = table[np.triu_indices(len(vectors), 1)]
    assert count_distances(vectors, edges).tolist() == np.histogram(own, edges)[0].tolist()
    between = count_distances(vectors[:40], edges, vectors[40:])
    assert between.tolist() == np.histogram(table[:40, 40:], edges)[0].tolist()
    assert between.sum() == 40 * 17
    # Pairs beyond the last edge are not counted; the last bin has its upper edge in it.
    assert count_distances(np.array([[0.0], [3.0], [4.0]]), [0, 1, 3]).tolist() == [0, 2]


def test_equal_pictures_are_0_apart() -> None:
    alike = np.full((3, 4), 0.3, np.float32)
    assert farthest_pair(alike).distance == nearest_pair(alike, alike).distance == 0
    assert farthest_pair(alike[:2]).searched == 1


def test_what_cannot_be_compared_is_told(vectors: np.ndarray) -> None:
    with pytest.raises(ValueError, match="two pictures or more; got 1"):
        farthest_pair(vectors[:1])
    with pytest.raises(ValueError, match="two pictures or more; got 0"):
        typical_pair(vectors[:0])
    with pytest.raises(ValueError, match="both sets must hold a picture; got 57 and 0"):
        nearest_pair(vectors, vectors[:0])
    with pytest.raises(ValueError, match="two pictures or more; got 1"):
        count_distances(vectors[:1], [0, 1])
    with pytest.raises(ValueError, match="both sets must hold a picture; got 57 and 0"):
        count_distances(vectors, [0, 1], vectors[:0])
    with pytest.raises(ValueError, match="there is none"):
        distances_from_average(vectors[:0])
    for compare in (distance, mean_difference, shared_ink):
        with pytest.raises(ValueError, match="same shape"):
            compare(vectors[0], vectors[0, :5])
