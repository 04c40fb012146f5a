"""Neurons set by hand: what a neuron would be that looks for a bar, or for an edge, and how often each one fires.

The trained network has none of these; they show what weights and biases are for.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from network.digits import Digits
from network.network import Array, Layer

# Where the bar lies, as shares of the picture's side: its upper edge, thickness, left and right edge.
_TOP, _THICK, _LEFT, _RIGHT = 6 / 28, 3 / 28, 8 / 28, 20 / 28
# The share of the bar's pixels that must be white for its neuron to fire.
_THRESHOLD = 10 / 36


def bar_place(side: int) -> tuple[slice, slice]:
    """Rows and columns of the bar in a picture of this side: across the upper half, 3 by 12 pixels of 28.

    In other sizes it has the same shares of the side, and is at least a pixel thick with a pixel above and below it.
    """
    if side < 3:
        raise ValueError(f"side must be 3 or more, for a bar with something above and below it; got {side}")
    thick = max(round(_THICK * side), 1)
    top = max(round(_TOP * side), thick)
    left = round(_LEFT * side)
    return slice(top, top + thick), slice(left, max(round(_RIGHT * side), left + 1))


def bar_threshold(side: int) -> float:
    """How large the sum must be for the detector to fire: 10 in pictures of side 28, where the bar has 36 pixels."""
    rows, columns = bar_place(side)
    return float(max(round(_THRESHOLD * (rows.stop - rows.start) * (columns.stop - columns.start)), 1))


def bar_detector(side: int, surround: bool = False) -> Layer:
    """A layer of one neuron, set by hand: weights (1, side²), 1 on the bar and 0 elsewhere; bias −`bar_threshold`.

    surround: give the strips above and below, each as large as the bar, the weight −½: then an evenly bright ground
    sums to 0, and what is left is an edge detector.
    """
    rows, columns = bar_place(side)
    thick = rows.stop - rows.start
    weights = np.zeros((side, side))
    if surround:
        weights[rows.start - thick : rows.stop + thick, columns] = -0.5
    weights[rows, columns] = 1
    return Layer(weights.reshape(1, side * side), np.array([-bar_threshold(side)]))


def sums_without_bias(layer: Layer, activations: Array) -> Array:
    """W a, for one input (n_in,) or for a batch (n, n_in): what is compared with the threshold −b."""
    sums: Array = activations @ layer.weights.T
    return sums


def firing_shares(layer: Layer, digits: Digits) -> NDArray[np.float64]:
    """The share of each class's pictures whose sum W a is above the threshold −b: (n_out, classes); NaN for none."""
    fires = sums_without_bias(layer, digits.vectors) > -layer.biases
    shares = np.full((layer.n_out, len(digits.class_names)), np.nan)
    for k in range(len(digits.class_names)):
        if (of_class := digits.labels == k).any():
            shares[:, k] = fires[of_class].mean(axis=0)
    return shares
