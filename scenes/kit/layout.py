"""Where everything goes: from sizes to positions. Pure NumPy, so it can be tested without manim.

All lengths are in manim's units: the frame is 14.22 × 8 units, with the origin in its middle.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
Mask = NDArray[np.bool_]

FRAME_WIDTH, FRAME_HEIGHT = 128 / 9, 8.0
# Sizes of type are given in pixels of a frame 1080 pixels high.
PIXELS_A_UNIT = 1080 / FRAME_HEIGHT
# Nothing that must be read is nearer to the edge of the frame than this.
SAFE_MARGIN = 0.35
# The band at the bottom for captions: its middle and height.
CAPTION_Y, CAPTION_HEIGHT = -3.45, 0.9
# The room for the picture, between the upper edge and the captions.
STAGE_TOP, STAGE_BOTTOM = 3.65, -2.85
STAGE_MIDDLE = (STAGE_TOP + STAGE_BOTTOM) / 2

# A longer column shows this many neurons at each end, and dots for the others.
MOST_IN_A_COLUMN = 32
SHOWN_AT_EACH_END = 8
# Room for the dots, in neurons.
_DOTS_ROOM = 3
# The longest step between the neurons of a column, also where there are few and room for them, and a neuron's share.
_LONGEST_STEP, _LONGEST_ROOMY_STEP, _NEURON_SHARE = 0.62, 1.05, 0.74
# The same where a small network has the whole stage.
LONGEST_STEP_ON_STAGE = 1.5
# A picture as large as the stage, and the least room from one column to the next beside it.
_LARGE_PICTURE, _CLOSE_COLUMNS = 6.2, 1.15


def grid(side: int, centre: tuple[float, float], extent: float) -> Points:
    """Centres (side², 3) of the cells of a picture `extent` wide, row by row from the upper left."""
    if side < 1:
        raise ValueError(f"side must be 1 or more; got {side}")
    step = extent / side
    places = (np.arange(side) - (side - 1) / 2) * step
    x, y = np.meshgrid(centre[0] + places, centre[1] - places)
    return np.stack([x.ravel(), y.ravel(), np.zeros(side * side)], axis=1)


def field(count: int, left: tuple[float, float], width: float, height: float) -> tuple[Points, float]:
    """Centres (count, 3) of square cells in rows, as large as will fit into width × height, and their spacing.

    left: the middle of the room's left edge. The cells go row by row from the upper left.
    """
    if count < 1:
        raise ValueError(f"count must be 1 or more; got {count}")
    about = max(int(np.sqrt(count * width / height)), 1)
    step = max(min(width / tried, height / -(-count // tried)) for tried in range(about, min(about + 3, count + 1)))
    columns = max(int(width / step + 1e-9), 1)
    row, column = np.divmod(np.arange(count), columns)
    start = left[0] + (width - columns * step) / 2
    top = left[1] + -(-count // columns) * step / 2
    return np.stack([start + (column + 0.5) * step, top - (row + 0.5) * step, np.zeros(count)], axis=1), step


@dataclass(frozen=True)
class ColumnLayout:
    """Places of the neurons of a column.

    centres: (n, 3). diameter: of a neuron. shown: (n,), False for those replaced by dots, which are where the dots
    are. dots: (3, 3), the centres of the dots, or (0, 3).
    """

    centres: Points
    diameter: float
    shown: Mask
    dots: Points

    def shifted(self, along: float) -> ColumnLayout:
        """The same column, this far to the right."""
        step = np.array([along, 0, 0])
        return ColumnLayout(self.centres + step, self.diameter, self.shown, self.dots + step)


def picture(side: int, centre: tuple[float, float], extent: float) -> ColumnLayout:
    """A column of side² neurons, arranged as the square picture that they hold."""
    return ColumnLayout(grid(side, centre, extent), 0.86 * extent / side, np.ones(side * side, bool), np.zeros((0, 3)))


def column(
    count: int,
    centre: tuple[float, float],
    height: float,
    most: int = MOST_IN_A_COLUMN,
    longest_step: float = _LONGEST_STEP,
) -> ColumnLayout:
    """A column of neurons from top to bottom within `height`; if more than `most`, the first, dots, and the last."""
    if count < 1:
        raise ValueError(f"count must be 1 or more; got {count}")
    elided = count > most
    ends = min(SHOWN_AT_EACH_END, max((most - 1) // 2, 1))
    places = 2 * ends + _DOTS_ROOM if elided else count
    step = min(height / places, longest_step)
    y = centre[1] + ((places - 1) / 2 - np.arange(places)) * step
    shown = np.ones(count, bool)
    dots = np.zeros((0, 3))
    if elided:
        shown[ends : count - ends] = False
        gap = centre[1] + (_DOTS_ROOM - 1) / 2 * step * np.linspace(1, -1, count - 2 * ends)
        dots = np.stack([np.full(3, centre[0]), centre[1] + 0.55 * step * np.array([1, 0, -1]), np.zeros(3)], axis=1)
        y = np.concatenate([y[:ends], gap, y[-ends:]])
    centres = np.stack([np.full(count, centre[0]), y, np.zeros(count)], axis=1)
    return ColumnLayout(centres, _NEURON_SHARE * step, shown, dots)


def picture_or_column(count: int, centre: tuple[float, float], extent: float, is_picture: bool = True) -> ColumnLayout:
    """A square number of inputs as a picture `extent` wide, any other number as a column `extent` high.

    is_picture: False for inputs that are no picture, whatever their number; they have more room in their column.
    """
    side = round(count**0.5)
    if is_picture and side * side == count:
        return picture(side, centre, extent)
    return column(count, centre, extent, longest_step=_LONGEST_STEP if is_picture else LONGEST_STEP_ON_STAGE)


def network_layout(
    sizes: Sequence[int],
    input_as: Literal["picture", "column"] = "picture",
    left: float = -6.6,
    right: float = 4.9,
    top: float = 3.2,
    bottom: float = STAGE_BOTTOM,
    most: int = MOST_IN_A_COLUMN,
    roomy: bool = False,
    longest_step: float = _LONGEST_ROOMY_STEP,
) -> tuple[ColumnLayout, ...]:
    """Lay out the columns of a network from left to right, the input first; `sizes` are their numbers of neurons.

    input_as: "picture" arranges an input with a square number of neurons (25 or more) as a picture. roomy: if all
    columns are short, their neurons are larger and farther apart, up to `longest_step` from one to the next.
    """
    if len(sizes) < 2 or min(sizes) < 1:
        raise ValueError(f"sizes must be two or more numbers of at least 1; got {list(sizes)}")
    middle, height = (top + bottom) / 2, top - bottom
    side = round(sizes[0] ** 0.5)
    is_picture = input_as == "picture" and side * side == sizes[0] and side >= 5
    tallest = max(sizes[1:] if is_picture else sizes)
    longest = float(np.clip(height / tallest, _LONGEST_STEP, longest_step)) if roomy else _LONGEST_STEP
    if is_picture:
        extent = min(4.6, height, 0.42 * (right - left))
        first = picture(side, (left + extent / 2, middle), extent)
        inner = left + extent
    else:
        inner = left + 0.35
        first = column(sizes[0], (inner, middle), height, most, longest)
    gap = (right - inner) / (len(sizes) - 1)
    rest = (column(size, (inner + gap * n, middle), height, most, longest) for n, size in enumerate(sizes[1:], 1))
    columns = [first, *rest]
    # Neurons must not be wider than half the distance to the next column.
    return tuple(ColumnLayout(c.centres, min(c.diameter, gap / 2), c.shown, c.dots) for c in columns)


def large_picture_layout(sizes: Sequence[int], outputs: float, left: float = -6.6) -> tuple[ColumnLayout, ...]:
    """A network that reads square pictures: the picture as large as the stage, the other columns close beside it.

    outputs: the x of the last column. The picture is smaller where the others would have no room.
    """
    extent = min(_LARGE_PICTURE, outputs - left - _CLOSE_COLUMNS * (len(sizes) - 1))
    first = picture_or_column(sizes[0], (left + extent / 2, STAGE_MIDDLE), extent)
    x = np.linspace(left + extent, outputs, len(sizes))[1:]
    height = STAGE_TOP - STAGE_BOTTOM - 0.2
    return first, *(column(size, (float(at), STAGE_MIDDLE), height) for size, at in zip(sizes[1:], x, strict=True))


def upward_layout(
    sizes: Sequence[int],
    input_as: Literal["picture", "column"] = "picture",
    left: float = -5.4,
    right: float = 5.4,
    bottom: float = -3.4,
    top: float = 2.9,
    most: int = MOST_IN_A_COLUMN,
) -> tuple[ColumnLayout, ...]:
    """Lay out a network from the bottom to the top, its columns as rows: the first neuron of each is on the left."""
    lying = network_layout(sizes, input_as, bottom, top, (right - left) / 2, -(right - left) / 2, most, roomy=True)
    middle = (left + right) / 2
    turned = [ColumnLayout(_turned(c.centres, middle), c.diameter, c.shown, _turned(c.dots, middle)) for c in lying]
    first = lying[0].centres
    if np.ptp(first[:, 0]) > 0:  # a picture, which stands upright
        turned[0] = replace(
            turned[0], centres=grid(round(sizes[0] ** 0.5), (middle, first[:, 0].mean()), _extent(first))
        )
    return tuple(turned)


def _turned(places: Points, middle: float) -> Points:
    return np.stack([middle - places[:, 1], places[:, 0], places[:, 2]], axis=1)


def _extent(centres: Points) -> float:
    """The width of a square picture with these cells."""
    side = round(len(centres) ** 0.5)
    return float(np.ptp(centres[:, 0])) * side / (side - 1)


def best_columns(count: int, width: float, height: float, fullness: int = 2) -> int:
    """How many squares to put in a row, so that all are large, and few places are empty at the end of the last row.

    fullness: how much the empty places count; they would look like holes.
    """

    def worth(columns: int) -> float:
        rows = -(-count // columns)
        return min(width / columns, height / rows) * (count / (rows * columns)) ** fullness

    return max(range(1, count + 1), key=worth)


def in_rows(count: int, centre: tuple[float, float], width: float, height: float) -> tuple[Points, float]:
    """Places (count, 3) in rows within width and height, and their spacing.

    The number of columns is chosen to keep them far apart and to leave few gaps in the last row.
    """
    if count < 1:
        raise ValueError(f"count must be 1 or more; got {count}")
    columns = best_columns(count, width, height)
    rows = -(-count // columns)
    step = min(width / columns, height / rows)
    row, across = np.divmod(np.arange(count), columns)
    x, y = centre[0] + (across - (columns - 1) / 2) * step, centre[1] + ((rows - 1) / 2 - row) * step
    return np.stack([x, y, np.zeros(count)], axis=1), step
