"""Where things stand: from sizes to positions, in manim's units of length (the frame is 14.22 × 8, origin in its middle).

Pure NumPy; manim is not needed to know where a neuron will be.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]

FRAME_WIDTH, FRAME_HEIGHT = 128 / 9, 8.0
# Nothing to be read stands nearer to the edge of the frame.
SAFE_MARGIN = 0.35
# The band at the bottom that belongs to captions: its middle and height.
CAPTION_Y, CAPTION_HEIGHT = -3.45, 0.9
# What is left for the picture between the title and the captions.
STAGE_TOP, STAGE_BOTTOM = 3.65, -2.85


def grid(side: int, centre: tuple[float, float], extent: float) -> Points:
    """Centres (side², 3) of the cells of a square picture, row by row from the upper left; `extent` is its full width."""
    if side < 1:
        raise ValueError(f"side must be 1 or more; got {side}")
    step = extent / side
    places = (np.arange(side) - (side - 1) / 2) * step
    x, y = np.meshgrid(centre[0] + places, centre[1] - places)
    return np.stack([x.ravel(), y.ravel(), np.zeros(side * side)], axis=1)


def column(count: int, centre: tuple[float, float], height: float, greatest_step: float = np.inf) -> Points:
    """Centres (count, 3) of a column of neurons from top to bottom, evenly within `height`, cell edge to cell edge."""
    if count < 1:
        raise ValueError(f"count must be 1 or more; got {count}")
    step = min(height / count, greatest_step)
    y = centre[1] - (np.arange(count) - (count - 1) / 2) * step
    return np.stack([np.full(count, centre[0]), y, np.zeros(count)], axis=1)


@dataclass(frozen=True)
class NetworkLayout:
    """Places of all neurons of a network: the first column as a square picture, the others as columns.

    centres[c]: (n, 3) of column c; diameters[c] in units of length.
    """

    centres: tuple[Points, ...]
    diameters: tuple[float, ...]


def network_layout(
    sizes: tuple[int, ...],
    left: float = -6.6,
    right: float = 4.9,
    top: float = STAGE_TOP,
    bottom: float = STAGE_BOTTOM,
    picture: float = 4.6,
) -> NetworkLayout:
    """Lay a network out between the given edges; sizes are those of its columns, the input first.

    An input of a square number of neurons stands as its picture, `picture` wide; other columns stand evenly to its right.
    """
    middle = (top + bottom) / 2
    height = top - bottom
    side = round(sizes[0] ** 0.5)
    centres: list[Points] = []
    diameters: list[float] = []
    if side * side == sizes[0] and side > 3:
        picture = min(picture, height)
        centres.append(grid(side, (left + picture / 2, middle), picture))
        diameters.append(picture / side * 0.86)
        first_column = left + picture
    else:
        centres.append(column(sizes[0], (left + 0.3, middle), height, 0.85))
        diameters.append(0.72 * min(height / sizes[0], 0.85))
        first_column = left + 0.3
    gap = (right - first_column) / max(len(sizes) - 1, 1)
    for number, size in enumerate(sizes[1:], 1):
        step = min(height / size, 0.62)
        centres.append(column(size, (first_column + gap * number, middle), height, 0.62))
        diameters.append(step * 0.74)
    return NetworkLayout(tuple(centres), tuple(diameters))
