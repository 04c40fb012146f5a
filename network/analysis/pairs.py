"""The three pictures of the puzzle: a 3, the 8 that is nearest to it, and the 3 that is farthest from it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from network.analysis.distances import nearest_pair
from network.analysis.examples import puzzling_class
from network.digits import Digits


class NearAndFar(NamedTuple):
    """A picture, one of another class that is near to it, and one of its own class that is far from it.

    name: its class. other_name: the class of the near one. images: the three, (3, side, side), in this order. near,
    far: the distances of the other two from it. farthest: the greatest distance from it of all that it was compared
    with, of either class. searched: how many pairs of a picture of the class and one of the
    others were compared to find the nearest. own, others: the indices of the pictures of the class, and of those that
    they were compared with.
    """

    name: str
    other_name: str
    images: NDArray[np.float32]
    near: float
    far: float
    farthest: float
    searched: int
    own: NDArray[np.intp]
    others: NDArray[np.intp]


def near_and_far(digits: Digits) -> NearAndFar:
    """The nearest pair of a picture of the puzzling class and one of the 8s, and what is farthest from the first.

    If the puzzling class is not 3, or the data has no 8, it is compared with the pictures of all other classes.
    """
    label = puzzling_class(digits)
    own = np.flatnonzero(digits.labels == label)
    eights = digits.labels == (digits.class_names.index("8") if "8" in digits.class_names else -1)
    others = np.flatnonzero(eights if eights.any() and digits.class_names[label] == "3" else digits.labels != label)
    pair = nearest_pair(digits.vectors[own], digits.vectors[others])
    first, near = own[pair.first], others[pair.second]
    apart, others_apart = (
        np.sqrt(np.square(digits.vectors[of] - digits.vectors[first], dtype=np.float64).sum(axis=1))
        for of in (own, others)
    )
    far = own[apart.argmax()]
    return NearAndFar(
        name=digits.class_names[label],
        other_name=digits.class_names[digits.labels[near]],
        images=np.asarray(digits.images[[first, near, far]], np.float32),
        near=pair.distance,
        far=float(apart.max()),
        farthest=float(max(apart.max(), others_apart.max())),
        searched=pair.searched,
        own=own,
        others=others,
    )
