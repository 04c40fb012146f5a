"""Two networks on the same pictures: where their answers differ."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from network.digits import Digits
from network.network import Network


@dataclass(frozen=True, eq=False)
class Comparison:
    """What two networks made of the same labelled pictures.

    answers: (2, n), the class that each network gave each picture. right: (2, n), whether that was right.
    parted: indices of the pictures they disagree on, in descending order of the sum of their two greatest outputs.
    """

    labels: NDArray[np.integer]
    answers: NDArray[np.intp]
    right: NDArray[np.bool_]
    parted: NDArray[np.intp]

    @property
    def accuracies(self) -> tuple[float, float]:
        """The share of the pictures that each network got right."""
        return float(self.right[0].mean()), float(self.right[1].mean())

    @property
    def agreement(self) -> float:
        """The share of the pictures to which both networks gave the same class."""
        return 1 - len(self.parted) / len(self.labels)

    @property
    def only_right(self) -> tuple[int, int]:
        """How many pictures each network got right that the other got wrong."""
        return int((self.right[0] & ~self.right[1]).sum()), int((self.right[1] & ~self.right[0]).sum())

    @property
    def both_wrong(self) -> int:
        """How many pictures both networks got wrong."""
        return int((~self.right).all(axis=0).sum())


def compare(one: Network, other: Network, digits: Digits) -> Comparison:
    """Run both networks on all the pictures. ValueError if there are none, or if one does not fit them."""
    if not len(digits):
        raise ValueError("there are no pictures to compare two networks on")
    outputs = [network.predict(digits.vectors) for network in (one, other)]
    for made in outputs:
        if made.shape[1] != len(digits.class_names):
            raise ValueError(f"a network has {made.shape[1]} outputs; the data has {len(digits.class_names)} classes")
    answers = np.stack([made.argmax(axis=1) for made in outputs])
    parted = np.flatnonzero(answers[0] != answers[1])
    sureness = sum(made[parted].max(axis=1).astype(np.float64) for made in outputs)
    order = np.argsort(-np.asarray(sureness), kind="stable")
    return Comparison(digits.labels, answers, answers == digits.labels, parted[order])


def only_right(comparison: Comparison, which: int) -> NDArray[np.intp]:
    """Indices of the pictures that network 0 or 1 got right and the other got wrong, in the order of `parted`."""
    parted = comparison.parted
    return parted[comparison.right[which, parted]]
