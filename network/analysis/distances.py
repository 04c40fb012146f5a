"""How far apart pictures are, pixel by pixel, and the nearest pair of two sets."""

from __future__ import annotations

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


def nearest_pair(vectors: Array, others: Array) -> Pair:
    """The picture of one set (n, pixels) and the picture of the other (m, pixels) that differ least.

    ValueError if a set is empty.
    """
    if not len(vectors) or not len(others):
        raise ValueError(f"both sets must hold a picture; got {len(vectors)} and {len(others)}")
    least, found = np.inf, (0, 0)
    others = np.asarray(others, np.float64)
    lengths = np.square(others).sum(axis=1)
    for start in range(0, len(vectors), _BATCH):
        part = np.asarray(vectors[start : start + _BATCH], np.float64)
        # |a − b|² = |a|² + |b|² − 2 a·b, so that one matrix product compares thousands of pairs.
        squares = np.square(part).sum(axis=1)[:, None] + lengths - 2.0 * (part @ others.T)
        row, column = np.unravel_index(np.argmin(squares), squares.shape)
        if squares[row, column] < least:
            least, found = float(squares[row, column]), (start + int(row), int(column))
    first, second = found
    return Pair(first, second, distance(vectors[first], others[second]), len(vectors) * len(others))


def _difference(one: ArrayLike, other: ArrayLike) -> _Floats:
    first, second = np.asarray(one, np.float64), np.asarray(other, np.float64)
    if first.shape != second.shape:
        raise ValueError(f"one and other must have the same shape; got {first.shape} and {second.shape}")
    return first - second
