"""The rules by which pictures are chosen for the scenes: the same rule gives a good example of any network and data."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from network import Network
from network.analysis.distances import distances_from_average
from network.digits import Digits


def digit_to_show(network: Network, digits: Digits) -> int:
    """The first test picture that is read right, clearly (0.9 or more), with a second output to be seen (0.03 or more).

    Where there is none, the first that is read right; where the network reads none right, the first.
    """
    outputs = network.predict(digits.vectors)
    right = np.argmax(outputs, axis=1) == digits.labels
    ordered = np.sort(outputs, axis=1)
    second = ordered[:, -2] if outputs.shape[1] > 1 else np.zeros(len(outputs))
    for wanted in (right & (ordered[:, -1] >= 0.9) & (second >= 0.03), right):
        if wanted.any():
            return int(np.argmax(wanted))
    return 0


def first_of_each_class(digits: Digits, most: int) -> NDArray[np.intp]:
    """Indices of the first picture of each class, in the order of the classes, for at most `most` classes.

    Classes without a picture are skipped.
    """
    classes = [k for k in range(len(digits.class_names)) if (digits.labels == k).any()][:most]
    return np.array([int(np.argmax(digits.labels == k)) for k in classes], np.intp)


def one_of_each(digits: Digits, most: int) -> list[int]:
    """The first picture of each class, in the order of the data, at most `most`."""
    _, firsts = np.unique(digits.labels, return_index=True)
    return [int(index) for index in np.sort(firsts)[:most]]


def picture_read_right(network: Network, digits: Digits) -> int:
    """The index of the first picture that the network reads right; 0 if it reads none right."""
    return int(np.argmax(network.classify(digits.vectors) == digits.labels))


def pictures_of_number(written: str, digits: Digits) -> list[int]:
    """Indices of pictures that write a number such as "12": for each digit, the most typical picture of its class.

    The most typical picture is the nearest to the average of the class. A digit that occurs twice gets the two nearest.
    LookupError if the data has no class of that name, or too few pictures of it.
    """
    chosen: list[int] = []
    for name in written:
        if name not in digits.class_names:
            raise LookupError(f"there is no class {name}")
        own = np.flatnonzero(digits.labels == digits.class_names.index(name))
        typical = own[np.argsort(distances_from_average(digits.vectors[own]), kind="stable")] if len(own) else own
        free = [int(index) for index in typical if index not in chosen]
        if not free:
            raise LookupError(f"there are too few pictures of class {name}")
        chosen.append(free[0])
    return chosen
