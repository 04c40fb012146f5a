"""Pictures at a gate: those whose sum for a detector set by hand is above its threshold may pass."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from network.analysis.detectors import bar_detector, firing_shares, sums_without_bias
from network.digits import Digits
from network.network import Array, Layer


@dataclass(frozen=True, eq=False)
class Gate:
    """What a detector set by hand does with all pictures of a set, in their own order.

    detector: a layer of one neuron. sums: (n,) W a of each picture. passes: (n,) whether it is above the threshold.
    shares: (classes,) the share of each class that passes, NaN for a class without pictures.
    """

    detector: Layer
    sums: Array
    passes: NDArray[np.bool_]
    shares: NDArray[np.float64]

    @property
    def threshold(self) -> float:
        """The sum that a picture must exceed to pass: minus the bias."""
        return -float(self.detector.biases[0])

    @property
    def passing(self) -> int:
        """How many pictures pass."""
        return int(np.count_nonzero(self.passes))


def gate(digits: Digits, surround: bool) -> Gate:
    """All pictures at the gate of the bar detector or, with its surround, of the edge detector."""
    detector = bar_detector(digits.side, surround)
    sums = sums_without_bias(detector, digits.vectors)[:, 0]
    return Gate(detector, sums, sums > -detector.biases[0], firing_shares(detector, digits)[0])


def first_of(digits: Digits, count: int, label: int | None = None) -> NDArray[np.intp]:
    """The indices of the first `count` pictures, in the order of the data: of all, or of one class.

    Nothing is chosen, so that as many of them pass as chance has it. Fewer if there are not so many.
    """
    own = np.arange(len(digits)) if label is None else np.flatnonzero(digits.labels == label)
    return own[:count]
