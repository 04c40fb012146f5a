"""Two networks asked about the same pictures: where their answers part."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from network.digits import Digits
from network.network import Network


@dataclass(frozen=True, eq=False)
class Comparison:
    """What two networks made of the same labelled pictures.

    answers: (2, n), the class each gave each picture. right: (2, n), whether that was its class.
    parted: indices of the pictures that they gave different classes, those of which they are surest together first.
    """

    labels: NDArray[np.integer]
    answers: NDArray[np.intp]
    right: NDArray[np.bool_]
    parted: NDArray[np.intp]

    @property
    def accuracies(self) -> tuple[float, float]:
        """Share of the pictures that each got right."""
        return float(self.right[0].mean()), float(self.right[1].mean())

    @property
    def agreement(self) -> float:
        """Share of the pictures to which both gave the same class."""
        return 1 - len(self.parted) / len(self.labels)

    @property
    def only_right(self) -> tuple[int, int]:
        """How many pictures each got right where the other did not."""
        return int((self.right[0] & ~self.right[1]).sum()), int((self.right[1] & ~self.right[0]).sum())

    @property
    def both_wrong(self) -> int:
        """How many pictures neither got right."""
        return int((~self.right).all(axis=0).sum())


def compare(one: Network, other: Network, digits: Digits) -> Comparison:
    """Ask both about all the pictures. ValueError where there are none, or where they do not fit one of the two."""
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
    """Indices of the pictures that one of the two, 0 or 1, gets right and the other does not, the surest first."""
    parted = comparison.parted
    return parted[comparison.right[which, parted]]
