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


def standing_for(
    digits: Digits, count: int, label: int, without: NDArray[np.bool_], with_it: NDArray[np.bool_]
) -> NDArray[np.intp]:
    """The indices of `count` pictures that stand for all of one class, rising; fewer if there are not so many.

    without, with_it: (n,) which pictures pass without the surround and with it; all that pass with it pass without it.
    As large a share of the chosen ones passes each gate as of the whole class, to a whole picture. They are the first
    ones of each kind, in the order of the data.
    """
    own = np.flatnonzero(digits.labels == label)
    count = min(count, len(own))
    kinds = own[with_it[own]], own[without[own] & ~with_it[own]], own[~without[own]]
    ends = [
        round(count * len(kinds[0]) / max(len(own), 1)),
        round(count * without[own].sum() / max(len(own), 1)),
        count,
    ]
    wanted = np.diff([0, *ends])
    return np.sort(np.concatenate([kind[:many] for kind, many in zip(kinds, wanted, strict=True)]))
