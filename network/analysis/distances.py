"""How far apart pictures are, pixel by pixel: farthest, nearest and typical pairs, and counts of all pairs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from network.network import Array

# Rows of the table of distances that are computed at a time, so that the whole table is never in memory.
_BATCH = 1024
_Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Pair:
    """Two pictures and their distance: the root of the sum of the squared differences of their pixels.

    first, second: their indices in the arrays that were searched. searched: how many pairs were compared.
    """

    first: int
    second: int
    distance: float
    searched: int


def distance(one: ArrayLike, other: ArrayLike) -> float:
    """The Euclidean distance between two pictures of the same shape. ValueError if the shapes differ."""
    return float(np.sqrt(np.square(_difference(one, other)).sum()))


def mean_difference(one: ArrayLike, other: ArrayLike) -> float:
    """How much a pixel of one picture differs from the same pixel of the other, on average, 0 to 1."""
    return float(np.abs(_difference(one, other)).mean())


def shared_ink(one: ArrayLike, other: ArrayLike, least: float = 0.5) -> tuple[int, int]:
    """How many pixels are at least this bright in both pictures, and in one of them or both."""
    bright = [np.asarray(image) >= least for image in (one, other)]
    if bright[0].shape != bright[1].shape:
        raise ValueError(f"one and other must have the same shape; got {bright[0].shape} and {bright[1].shape}")
    return int((bright[0] & bright[1]).sum()), int((bright[0] | bright[1]).sum())


def distances_from_average(vectors: Array) -> _Floats:
    """How far each picture (n, pixels) is from the average of them all, (n,); unusual pictures are far from it."""
    if not len(vectors):
        raise ValueError("vectors must hold a picture; there is none")
    spread = vectors - vectors.mean(axis=0, dtype=np.float64)
    return np.sqrt(np.square(spread).sum(axis=1))


def farthest_pair(vectors: Array) -> Pair:
    """The two of these pictures (n, pixels) that differ most. ValueError if there are fewer than two."""
    n = len(vectors)
    if n < 2:
        raise ValueError(f"vectors must hold two pictures or more; got {n}")
    return _search(vectors, vectors, farthest=True, searched=n * (n - 1) // 2)


def nearest_pair(vectors: Array, others: Array) -> Pair:
    """The picture of one set (n, pixels) and the picture of the other (m, pixels) that differ least.

    ValueError if a set is empty.
    """
    if not len(vectors) or not len(others):
        raise ValueError(f"both sets must hold a picture; got {len(vectors)} and {len(others)}")
    return _search(vectors, others, farthest=False, searched=len(vectors) * len(others))


def typical_pair(vectors: Array) -> Pair:
    """The pair with the median distance among these pictures (n, pixels): half of all pairs differ more, half less.

    If the number of pairs is even, it is the nearer of the two in the middle. ValueError for fewer than two pictures.
    """
    n = len(vectors)
    if n < 2:
        raise ValueError(f"vectors must hold two pictures or more; got {n}")
    lengths = np.square(vectors, dtype=np.float64).sum(axis=1)
    squares = np.concatenate([lengths[i] + lengths[i + 1 :] - 2.0 * (vectors[i + 1 :] @ vectors[i]) for i in range(n)])
    middle = (len(squares) - 1) // 2
    place = int(np.argpartition(squares, middle)[middle])
    # Row i of the table has n − 1 − i pairs, and the rows follow one another.
    ends = np.cumsum(np.arange(n - 1, 0, -1))
    first = int(np.searchsorted(ends, place, side="right"))
    second = place - int(ends[first]) + n
    return Pair(first, second, distance(vectors[first], vectors[second]), len(squares))


def count_distances(vectors: Array, edges: ArrayLike, others: Array | None = None) -> NDArray[np.int64]:
    """How many pairs have a distance from one edge (k + 1, rising) up to the next, (k,).

    The pairs are all pairs of different pictures of one set (n, pixels) or, if others (m, pixels) are given, of a
    picture from each set. A bin includes its lower edge, and the last bin its upper edge too. ValueError if there is
    no pair.
    """
    if others is None and len(vectors) < 2:
        raise ValueError(f"vectors must hold two pictures or more; got {len(vectors)}")
    if not len(vectors) or (others is not None and not len(others)):
        raise ValueError(
            f"both sets must hold a picture; got {len(vectors)} and {0 if others is None else len(others)}"
        )
    limits = np.asarray(edges, np.float64)
    counts = np.zeros(len(limits) - 1, np.int64)
    for start, squares in _squares(vectors, vectors if others is None else others):
        if others is None:  # each pair once: what is right of the diagonal
            squares = squares[np.arange(squares.shape[1]) > start + np.arange(len(squares))[:, None]]
        counts += np.histogram(np.sqrt(np.maximum(squares, 0)), limits)[0]
    return counts


def _search(vectors: Array, others: Array, farthest: bool, searched: int) -> Pair:
    best, found = -np.inf, (0, 0)
    for start, squares in _squares(vectors, others):
        worth = squares if farthest else -squares
        row, column = np.unravel_index(np.argmax(worth), worth.shape)
        if worth[row, column] > best:
            best, found = float(worth[row, column]), (start + int(row), int(column))
    first, second = found
    return Pair(first, second, distance(vectors[first], others[second]), searched)


def _squares(vectors: Array, others: Array) -> Iterator[tuple[int, _Floats]]:
    """The squared distances of every picture from all others, some rows (b, m) at a time, and the first row's index.

    |a − b|² = |a|² + |b|² − 2 a·b, so that one matrix product compares thousands of pairs.
    """
    lengths = np.square(others, dtype=np.float64).sum(axis=1)
    for start in range(0, len(vectors), _BATCH):
        part = vectors[start : start + _BATCH]
        yield start, np.square(part, dtype=np.float64).sum(axis=1)[:, None] + lengths - 2.0 * (part @ others.T)


def _difference(one: ArrayLike, other: ArrayLike) -> _Floats:
    first, second = np.asarray(one, np.float64), np.asarray(other, np.float64)
    if first.shape != second.shape:
        raise ValueError(f"one and other must have the same shape; got {first.shape} and {second.shape}")
    return first - second
