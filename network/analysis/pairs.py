"""The pairs of the puzzle: two 3s that differ most, and a 3 and an 8 that differ least."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from network.analysis.distances import Pair, count_distances, farthest_pair, nearest_pair, typical_pair
from network.analysis.examples import puzzling_class
from network.digits import Digits

# How wide a bin of the histogram is where distances are large, and where they are small.
_BIN, _SMALL_BIN = 0.25, 0.1
# The greatest distance that counts as small.
_SMALL = 6


class FarAndNear(NamedTuple):
    """The farthest and typical pairs of a class, its nearest pair with another class, and the distances of all pairs.

    name: the class. other_name: the class of the second picture of `near`. only_this_other: whether all the others are
    of that class. far, near, typical: the pairs; far_images, near_images, typical_images: their pictures,
    (2, side, side). edges: (k + 1,), from 0 to the greatest distance. own_counts: (k,), how many pairs of the class
    have a distance between two edges. other_counts: (k,), the same for pairs of a picture of the class and one of the
    others. farther: how many pairs of the class are farther apart than `near`.
    """

    name: str
    other_name: str
    only_this_other: bool
    far: Pair
    near: Pair
    typical: Pair
    far_images: NDArray[np.float32]
    near_images: NDArray[np.float32]
    typical_images: NDArray[np.float32]
    edges: NDArray[np.float64]
    own_counts: NDArray[np.int64]
    other_counts: NDArray[np.int64]
    farther: int


def farthest_and_nearest(digits: Digits) -> FarAndNear:
    """Compare all pairs of the puzzling class, and all pairs of it and the 8s.

    If the puzzling class is not 3, or the data has no 8, it is compared with the pictures of all other classes.
    """
    label = puzzling_class(digits)
    own = np.flatnonzero(digits.labels == label)
    eights = digits.labels == (digits.class_names.index("8") if "8" in digits.class_names else -1)
    rest = np.flatnonzero(eights if eights.any() and digits.class_names[label] == "3" else digits.labels != label)
    far = farthest_pair(digits.vectors[own])
    near = nearest_pair(digits.vectors[own], digits.vectors[rest])
    typical = typical_pair(digits.vectors[own])
    # No two pictures are farther apart than a black and a white one: the root of the number of pixels.
    width = _BIN if far.distance > _SMALL else _SMALL_BIN
    edges = np.arange(0, digits.vectors.shape[1] ** 0.5 + width, width)
    counts = [count_distances(digits.vectors[own], edges, others) for others in (None, digits.vectors[rest])]
    reached = int(np.flatnonzero(np.sum(counts, axis=0))[-1]) + 1
    return FarAndNear(
        name=digits.class_names[label],
        other_name=digits.class_names[digits.labels[rest[near.second]]],
        only_this_other=len(np.unique(digits.labels[rest])) == 1,
        far=far,
        near=near,
        typical=typical,
        far_images=digits.images[own[[far.first, far.second]]],
        near_images=digits.images[[own[near.first], rest[near.second]]],
        typical_images=digits.images[own[[typical.first, typical.second]]],
        edges=edges[: reached + 1],
        own_counts=counts[0][:reached],
        other_counts=counts[1][:reached],
        farther=int(count_distances(digits.vectors[own], [near.distance, edges[-1]])[0]),
    )
