"""Which entries of a matrix are shown, and where: pure arithmetic, in units of length; manim is not needed.

A slot is a row or column of the picture: an index of the full matrix, or None for the dots in place of those left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scenes.kit.layout import Points

Slots = tuple[int | None, ...]

# In ems, from one line to the next; symbols need more, for their indices, and dots less.
LINE = 1.7
LINE_OF_SYMBOLS = 2.0
LINE_OF_DOTS = 1.35
# Between columns, across dots, and between the entries and a bracket.
COLUMN_GAP = 0.75
DOTS_WIDTH = 1.0
BRACKET_ROOM = 0.42


def first_and_last(count: int, first: int, last: int) -> tuple[int, ...]:
    """The first few and the last few of `count` indices; or all of them, if dots would replace only one or none."""
    if count <= first + last + 1:
        return tuple(range(count))
    return (*range(first), *range(count - last, count))


def slots(shown: Sequence[int], count: int, name: str) -> Slots:
    """The slots for these indices, in order, out of `count`, with dots wherever some are left out.

    ValueError, which calls them `name`, if there are none, if they do not rise, or if one is out of range.
    """
    indices = [int(index) for index in shown]
    if not indices or indices[0] < 0 or indices[-1] >= count or sorted(set(indices)) != indices:
        raise ValueError(f"{name} must be rising indices from 0 to {count - 1}, at least one; got {list(shown)}")
    found: list[int | None] = []
    for before, index in zip([-1, *indices], indices, strict=False):
        if index > before + 1:
            found.append(None)
        found.append(index)
    if indices[-1] < count - 1:
        found.append(None)
    return tuple(found)


@dataclass(frozen=True)
class MatrixPlaces:
    """The places of the entries and dots of a matrix, with its middle at the origin.

    x: (columns,), the middles of the columns; y: (rows,), of the rows, from the top; widths: (columns,), of the
    columns; extent: width and height of everything between the brackets.
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    widths: NDArray[np.float64]
    extent: tuple[float, float]

    def centre(self, row: int, column: int) -> NDArray[np.float64]:
        """The middle (3,) of one slot, counted in slots."""
        return np.array([self.x[column], self.y[row], 0.0])

    def centres(self, rows: Sequence[int], columns: Sequence[int]) -> Points:
        """The middles (rows · columns, 3) of the slots, row by row."""
        y, x = np.meshgrid(self.y[list(rows)], self.x[list(columns)], indexing="ij")
        return np.stack([x.ravel(), y.ravel(), np.zeros(x.size)], axis=1)


def matrix_places(rows: Slots, column_widths: Sequence[float], em: float, line: float = LINE) -> MatrixPlaces:
    """Places for rows of slots and columns of the given widths; em: the size of their text, line: ems for each row."""
    widths = np.array(column_widths, float)
    steps = widths + COLUMN_GAP * em
    x = np.cumsum(steps) - steps / 2
    heights = np.array([line if row is not None else LINE_OF_DOTS for row in rows]) * em
    y = -(np.cumsum(heights) - heights / 2)
    width, height = float(steps.sum() - COLUMN_GAP * em), float(heights.sum())
    return MatrixPlaces(x - steps.sum() / 2, y + height / 2, widths, (width, height))
