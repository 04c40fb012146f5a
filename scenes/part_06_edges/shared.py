"""What several scenes of this part need."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from network.analysis.detectors import bar_detector, bar_threshold, firing_shares, sums_without_bias
from network.digits import Digits

_BY_HAND = "weights, set by hand"
# What each activation function is called in a sentence and in a formula.
_FUNCTIONS = {
    "sigmoid": ("the sigmoid", "sigma(z)"),
    "relu": ("ReLU", '"ReLU"(z)'),
    "identity": ("the identity", "z"),
}


@dataclass(frozen=True, eq=False)
class DetectorExamples:
    """Pictures for the detectors set by hand, and their sums: (2,), without and with the surround."""

    bar_image: np.ndarray
    bar_label: int
    bar_sums: np.ndarray
    crossing_image: np.ndarray
    crossing_label: int
    crossing_sums: np.ndarray


def detector_examples(digits: Digits) -> DetectorExamples:
    """A picture with the bar, and one that has no less ink around the bar's place than on it, and yet a large sum.

    The bar: the first picture whose sum with the surround is twice the threshold or more; else that of the largest.
    The other: of the class that passes the threshold least often with the surround, compared to without, the picture
    with the largest sum without it among those whose sum with it is 0 or less; where there is none, of any class.
    """
    bar, edge = bar_detector(digits.side), bar_detector(digits.side, surround=True)
    sums = np.concatenate([sums_without_bias(layer, digits.vectors) for layer in (bar, edge)], axis=1)
    strong = sums[:, 1] >= 2 * bar_threshold(digits.side)
    first = int(np.argmax(strong)) if strong.any() else int(np.argmax(sums[:, 1]))
    without, with_it = firing_shares(bar, digits)[0], firing_shares(edge, digits)[0]
    fooled = sums[:, 1] <= 0
    of_class = fooled & (digits.labels == int(np.argmin(_kept(without, with_it))))
    crossing = int(np.argmax(np.where(of_class if of_class.any() else fooled, sums[:, 0], -np.inf)))
    return DetectorExamples(
        digits.vectors[first],
        int(digits.labels[first]),
        sums[first],
        digits.vectors[crossing],
        int(digits.labels[crossing]),
        sums[crossing],
    )


def _kept(without: np.ndarray, with_it: np.ndarray) -> np.ndarray:
    """What share of its firings each class keeps with the surround; infinity where it never fires."""
    return np.divide(with_it, without, out=np.full(len(without), np.inf), where=without > 0)


def _signed(value: float, places: int = 1) -> str:
    return f"{round(float(value), places) + 0.0:.{places}f}".replace("-", "−")
