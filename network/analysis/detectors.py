"""Neurons set by hand: one that looks for a bar and one that looks for an edge, and how often each of them fires.

The trained network has no such neurons; they show what weights and biases are for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import rotate
from scipy.signal import correlate

from network.digits import Digits
from network.moved import names_moved
from network.network import Array, Layer

__getattr__ = names_moved(__name__, {"random_settings": ("network.analysis.detectors", "random_weights")})

# Where the bar lies, as shares of the picture's side: its upper edge, thickness, left and right edge.
_TOP, _THICK, _LEFT, _RIGHT = 6 / 28, 3 / 28, 8 / 28, 20 / 28
# The share of the bar's pixels that must be white for its neuron to fire.
_THRESHOLD = 10 / 36
# When the edge detector is compared with pictures, it is turned in steps of so many degrees.
_TURN = 15


def bar_place(side: int) -> tuple[slice, slice]:
    """The rows and columns of the bar in a picture of this side. In one of 28 it is 3 by 12 pixels, in the upper half.

    In other sizes it has the same proportions. It is at least one pixel thick, with a pixel above and below it.
    ValueError if the side is too small for that.
    """
    if side < 3:
        raise ValueError(f"side must be 3 or more, to have room for a bar with a pixel above and below it; got {side}")
    thick = max(round(_THICK * side), 1)
    top = max(round(_TOP * side), thick)
    left = round(_LEFT * side)
    return slice(top, top + thick), slice(left, max(round(_RIGHT * side), left + 1))


def edge_place(side: int) -> tuple[slice, slice]:
    """The rows and columns of the bar together with the strips above and below it, each as large as the bar."""
    rows, columns = bar_place(side)
    thick = rows.stop - rows.start
    return slice(rows.start - thick, min(rows.stop + thick, side)), columns


def bar_threshold(side: int) -> float:
    """The sum above which the detector fires: 10 in pictures of side 28, where the bar has 36 pixels."""
    rows, columns = bar_place(side)
    return float(max(round(_THRESHOLD * (rows.stop - rows.start) * (columns.stop - columns.start)), 1))


def bar_detector(side: int, surround: bool = False) -> Layer:
    """A layer of one neuron, set by hand: weights (1, side²), 1 on the bar and 0 elsewhere; bias −`bar_threshold`.

    surround: give the strips above and below, each as large as the bar, the weight −½. An evenly bright picture then
    sums to 0, and the neuron is an edge detector.
    """
    rows, columns = bar_place(side)
    weights = np.zeros((side, side))
    if surround:
        weights[edge_place(side)] = -0.5
    weights[rows, columns] = 1
    return Layer(weights.reshape(1, side * side), np.array([-bar_threshold(side)]))


def upright_edge_detector(side: int) -> Layer:
    """The edge detector turned on its side: it looks for an upright bar, in the left half of the picture."""
    level = bar_detector(side, surround=True)
    return Layer(level.weights.reshape(side, side).T.reshape(1, side * side), level.biases)


@dataclass(frozen=True, eq=False)
class EdgeMatch:
    """Where in a picture of weights the edge detector fits best, and how well.

    likeness: the cosine of the angle between the picture and the detector there, −1 to 1; 1 is a perfect match. angle:
    how far the detector is turned, in degrees counter-clockwise from level, 0 to 179. everywhere: (side, side), the
    likeness with the detector turned like this and its middle on each pixel. row, column: where that is greatest.
    offset: so far, in rows and columns, the detector's middle lies from the middle of the pixel: 0 or −½.
    """

    likeness: float
    angle: int
    everywhere: NDArray[np.float64]
    row: int
    column: int
    offset: tuple[float, float]


def match_with_an_edge(weights: Array) -> EdgeMatch:
    """Slide the edge detector over a picture of weights, (side²,), turned in steps of 15°, and find its best match.

    The likeness is 0 everywhere for a picture without weights.
    """
    side = round(weights.size**0.5)
    picture = np.asarray(weights, np.float64).reshape(side, side)
    level = bar_detector(side, surround=True).weights.reshape(side, side)[edge_place(side)].astype(np.float64)
    size = float(np.linalg.norm(picture)) or 1.0
    best: EdgeMatch | None = None
    for angle in range(0, 180, _TURN):
        edge = level if angle == 0 else level.T if angle == 90 else rotate(level, angle, order=1)
        everywhere = correlate(picture, edge, "same") / (size * float(np.linalg.norm(edge)))
        if best is None or everywhere.max() > best.likeness:
            row, column = np.unravel_index(int(everywhere.argmax()), everywhere.shape)
            offset = (edge.shape[0] % 2 - 1) / 2, (edge.shape[1] % 2 - 1) / 2
            best = EdgeMatch(float(everywhere.max()), angle, everywhere, int(row), int(column), offset)
    assert best is not None
    return best


def likeness_to_an_edge(weights: Array) -> float:
    """How alike a picture of weights, (side²,), and the edge detector are, wherever that stands and however turned."""
    return match_with_an_edge(weights).likeness


def random_weights(image: Array, count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Weights turned at random, each anywhere from −1 to 1: `count` settings of them, (count, side²).

    image: (side²,). They are sorted by the sum that they give for this picture, the smallest first.
    """
    settings = rng.uniform(-1, 1, (count, len(image)))
    return settings[np.argsort(settings @ image)]


def sums_without_bias(layer: Layer, activations: Array) -> Array:
    """W a, for one input (n_in,) or for a batch (n, n_in). The neuron fires where it is above the threshold −b."""
    sums: Array = activations @ layer.weights.T
    return sums


def firing_shares(layer: Layer, digits: Digits) -> NDArray[np.float64]:
    """The share of each class's pictures whose sum W a is above the threshold −b, (n_out, classes).

    NaN for a class without pictures.
    """
    fires = sums_without_bias(layer, digits.vectors) > -layer.biases
    shares = np.full((layer.n_out, len(digits.class_names)), np.nan)
    for k in range(len(digits.class_names)):
        if (of_class := digits.labels == k).any():
            shares[:, k] = fires[of_class].mean(axis=0)
    return shares


def shares_kept(without: NDArray[np.float64], with_it: NDArray[np.float64]) -> NDArray[np.float64]:
    """What share of its firings each class keeps with the surround, (classes,); infinity where it never fires without.

    without, with_it: (classes,), `firing_shares` without and with the surround.
    """
    return np.divide(with_it, without, out=np.full(len(without), np.inf), where=without > 0)


@dataclass(frozen=True, eq=False)
class DetectorExamples:
    """Two pictures for the detectors set by hand, as vectors (side²,), and their sums without and with the surround.

    has_bar: whether the first has the bar. has_crossing: whether the second is without one.
    """

    bar_image: Array
    bar_label: int
    bar_sums: Array
    crossing_image: Array
    crossing_label: int
    crossing_sums: Array
    has_bar: bool
    has_crossing: bool


def detector_examples(digits: Digits) -> DetectorExamples:
    """A picture with the bar; and one without, whose ink crosses the bar's place and still gives a large sum.

    With the bar: the first picture whose sum with the surround is at least twice the threshold; if there is none, the
    one with the largest. Without: of the pictures whose sum with the surround is 0 or less, the one with the largest
    sum without it. It is of the class that keeps the smallest share of its firings with the surround; where that class
    has no such picture, of any class. If there is no such picture at all, the other one that loses most to the
    surround.
    """
    bar, edge = bar_detector(digits.side), bar_detector(digits.side, surround=True)
    sums = np.concatenate([sums_without_bias(layer, digits.vectors) for layer in (bar, edge)], axis=1)
    strong = sums[:, 1] >= 2 * bar_threshold(digits.side)
    first = int(np.argmax(strong)) if strong.any() else int(np.argmax(sums[:, 1]))
    without, with_it = firing_shares(bar, digits)[0], firing_shares(edge, digits)[0]
    fooled = sums[:, 1] <= 0
    of_class = fooled & (digits.labels == int(np.argmin(shares_kept(without, with_it))))
    crossing = int(np.argmax(np.where(of_class if of_class.any() else fooled, sums[:, 0], -np.inf)))
    if not fooled.any():
        lost = sums[:, 0] - sums[:, 1]
        crossing = int(np.argmax(np.where(np.arange(len(sums)) == first, -np.inf, lost)))
    return DetectorExamples(
        digits.vectors[first],
        int(digits.labels[first]),
        sums[first],
        digits.vectors[crossing],
        int(digits.labels[crossing]),
        sums[crossing],
        bool(strong.any()),
        bool(fooled.any()),
    )
