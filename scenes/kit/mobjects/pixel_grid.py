"""An image as cells, each of which is a neuron."""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np
from manim import VGroup
from numpy.typing import ArrayLike, NDArray

from scenes.kit import theme
from scenes.kit.colour import rgb
from scenes.kit.contrast import reads_in_black
from scenes.kit.layout import PIXELS_A_UNIT, grid
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.text import Number
from scenes.kit.validation import validate_array, validate_rows

# The share of a cell that its number takes, as an em.
_NUMBER_SHARE = 0.38


class PixelGrid(Cells):
    """A square image, cell by cell, row by row from the upper left; `extent` is its full width in units.

    image: (side, side) or (side²,), 0 black to 1 white.

    >>> PixelGrid(digits.images[0], extent=6)
    """

    COLOURS_ARE_FREE: ClassVar[bool] = False

    def __init__(self, image: ArrayLike, extent: float = 5.0, centre: tuple[float, float] = (0, 0)) -> None:
        values = np.asarray(image, np.float32)
        side = round(values.size**0.5)
        if values.size == 0 or side * side != values.size or values.shape not in ((side, side), (side * side,)):
            raise ValueError(f"image must have the shape (side, side) or (side²,); got {values.shape}")
        self.side = side
        self.values = validate_array(values.ravel(), (side * side,), "image")
        super().__init__(grid(side, centre, extent), 0.96 * extent / side)
        self.set_brightness(self.values)

    def index(self, row: int, column: int) -> int:
        """The cell, and so the neuron, at a row and column from the upper left, both from 0."""
        if not (0 <= row < self.side and 0 <= column < self.side):
            raise ValueError(f"row and column must be from 0 to {self.side - 1}; got {row} and {column}")
        return row * self.side + column

    def window(self, row: int, column: int, rows: int, columns: int) -> NDArray[np.intp]:
        """The indices of a block of cells, row by row."""
        for corner in ((row, column), (row + rows - 1, column + columns - 1)):
            self.index(*corner)  # a ValueError if it is not in the image
        return (np.arange(row, row + rows)[:, None] * self.side + np.arange(column, column + columns)).ravel()

    def numbers(self, cells: ArrayLike, places: int = 2) -> VGroup:
        """The values of some cells, each written in its cell where that is now, dark on bright and bright on dark."""
        written = VGroup()
        size = 2 * float(self.radii[0]) * PIXELS_A_UNIT * _NUMBER_SHARE
        for index in np.asarray(cells, int):
            colour = theme.BACKGROUND if reads_in_black(self.values[index]) else theme.TEXT
            number = Number(self.values[index], places, size, colour)
            written.add(number.move_to(self.centres[index]))
        return written

    def without_outlines(self) -> Self:
        """Leave out the outlines of the cells, so that they touch: for small images."""
        self.stroke_opacities = np.zeros(len(self), np.float32)
        return self

    def tint(self, colour: str) -> Self:
        """Draw the image in one colour, without outlines; the darker a cell, the more transparent."""
        self.colours = np.tile(rgb(colour), (len(self), 1))
        self.opacities = self.values.copy()
        return self.without_outlines()


class InkGrid(PixelGrid):
    """A square image without its black cells, so that parts of one image can be laid over each other.

    tints: (side², 3), 0 to 255, the full colour of each cell, or (3,) for all; white if not given.

    >>> InkGrid(digits.images[1], extent=6, tints=(255, 180, 84))
    """

    def __init__(
        self,
        image: ArrayLike,
        extent: float = 5.0,
        centre: tuple[float, float] = (0, 0),
        tints: ArrayLike = (255, 255, 255),
    ) -> None:
        super().__init__(image, extent, centre)
        self.opacities = (self.values > 0).astype(np.float32)
        self.without_outlines()
        self.set_tints(tints)

    def set_tints(self, tints: ArrayLike) -> Self:
        """Colour the cells, (side², 3) or (3,), each as bright as its value."""
        n = len(self)
        full = validate_rows(tints, n, "tints")
        self.colours = self.values[:, None] * full
        return self
