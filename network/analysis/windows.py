"""Windows into a picture: the pixel worth following, and the blocks of pixels worth seeing up close."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from network.network import Array

# Between these a pixel is a grey that differs visibly from black and white.
_NEARLY_BLACK, _NEARLY_WHITE = 0.02, 0.98
# Between these it is a middle grey.
_DARK_GREY, _LIGHT_GREY = 0.3, 0.7


class Window(NamedTuple):
    """A block of pixels: its upper left pixel, counted from 0, and how many rows and columns it has."""

    row: int
    column: int
    rows: int
    columns: int


def liveliest_window(image: Array, rows: int = 6, columns: int = 12) -> Window:
    """The block with the most greys between black and white, in a picture (side, side) with values from 0 to 1.

    Of several, it is the uppermost, and of those the leftmost. It is smaller if the picture is.
    """
    side = len(image)
    rows, columns = min(rows, side), min(columns, side)
    grey = (image > _NEARLY_BLACK) & (image < _NEARLY_WHITE)
    corners = [(r, c) for r in range(side - rows + 1) for c in range(side - columns + 1)]
    row, column = max(corners, key=lambda at: int(grey[at[0] : at[0] + rows, at[1] : at[1] + columns].sum()))
    return Window(row, column, rows, columns)


def window_around(side: int, row: int, column: int, extent: int = 5) -> Window:
    """The square block of `extent` rows around a pixel, moved so that it is wholly inside a picture of this side."""
    extent = min(extent, side)
    top, left = np.clip((row - extent // 2, column - extent // 2), 0, side - extent)
    return Window(int(top), int(left), extent, extent)


def pixel_to_follow(image: Array) -> tuple[int, int]:
    """Row and column of the middle grey (0.3 to 0.7) with the most different greys around it, in (side, side).

    If the picture has no middle grey, those of its brightest pixel.
    """
    side = len(image)
    most, found = 0, divmod(int(image.argmax()), side)
    for row, column in np.argwhere((image > _DARK_GREY) & (image < _LIGHT_GREY)):
        top, left, rows, columns = window_around(side, row, column)
        different = len(np.unique(image[top : top + rows, left : left + columns].round(2)))
        if different > most:
            most, found = different, (int(row), int(column))
    return found
