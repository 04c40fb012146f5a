"""Pictures in pieces: the pieces in their places, drawn apart, and as a sum of pictures."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import DOWN, Group, Square, VGroup
from numpy.typing import NDArray

from scenes.kit import theme
from scenes.kit.colour import rgb
from scenes.kit.mobjects.pixel_grid import InkGrid, PixelGrid
from scenes.kit.mobjects.symbols import Symbol
from scenes.kit.mobjects.text import Words


class PictureEquation(Group):
    """A picture = the sum of its pieces: framed pictures side by side, each with its name below.

    image: (side, side), and pieces: (n, side, side), which should add up to it; 0 black to 1 white. names: of the image
    and of each piece. extent: the width of a picture; smaller if the row would be too long. y: the height of the
    middles. colours: of each piece; those of `theme.PARTS` in their order if not given.

    whole, pieces: the pictures. frames, names: of the whole and of each piece. signs: = and +.

    >>> image = digits.images[0]
    >>> upper = np.where(np.arange(28)[:, None] < 14, image, 0)
    >>> PictureEquation(image, [upper, image - upper], ["a digit", "upper half", "lower half"], extent=3.4)
    """

    GAP, LONGEST = 0.7, 13.2

    def __init__(
        self,
        image: NDArray[np.float32],
        pieces: Sequence[NDArray[np.float32]] | NDArray[np.float32],
        names: Sequence[str],
        extent: float,
        y: float = 0.0,
        size: float = theme.NOTE_SIZE,
        colours: Sequence[str] | None = None,
    ) -> None:
        n = len(pieces)
        self.extent = extent = min(extent, (self.LONGEST - n * self.GAP) / (n + 1))
        pitch = extent + self.GAP
        first = -n * pitch / 2
        self.whole = InkGrid(image, extent, (first, y))
        colours = colours or [theme.PARTS[k % len(theme.PARTS)] for k in range(n)]
        self.pieces = [
            InkGrid(piece, extent, (first + (k + 1) * pitch, y), rgb(colour))
            for k, (piece, colour) in enumerate(zip(pieces, colours, strict=True))
        ]
        self.frames = Group(*(thin_frame(grid) for grid in (self.whole, *self.pieces)))
        self.signs = VGroup(
            *(Symbol("+" if k else "=", theme.TITLE_SIZE).put((first + (k + 0.5) * pitch, y, 0)) for k in range(n))
        )
        texts = zip(names, (theme.TEXT, *colours), strict=True)
        self.names = VGroup(*(Words(text, size, colour) for text, colour in texts))
        for text, frame in zip(self.names, self.frames, strict=True):
            text.next_to(frame, DOWN, buff=0.003 * size)
        super().__init__(self.whole, *self.pieces, self.frames, self.signs, self.names)


def cells_in_place(image: NDArray[np.float32], square: tuple[slice, slice], whole: PixelGrid) -> InkGrid:
    """The cells of a square of a picture, in their places in the whole picture. square: its rows and columns."""
    rows, columns = square
    side = rows.stop - rows.start
    place = whole.centres[whole.window(rows.start, columns.start, side, side)].mean(axis=0)
    step = float(whole.centres[1, 0] - whole.centres[0, 0])
    return InkGrid(image[square], side * step, (place[0], place[1]))


def drawn_apart(pieces: Sequence[InkGrid], by: float) -> list[InkGrid]:
    """Copies of the pieces of one picture, each moved `by` units away from the middle of the picture."""
    total = sum((grid.values for grid in pieces), np.zeros(len(pieces[0]), np.float32))
    middle = centre_of_brightness(pieces[0], total)
    moved = []
    for grid in pieces:
        out = centre_of_brightness(grid, grid.values) - middle
        away = float(np.linalg.norm(out))
        moved.append(grid.copy().shift(by * out / away if away > 1e-6 else 0 * out))
    return moved


def centre_of_brightness(grid: PixelGrid, values: NDArray[np.float32]) -> NDArray[np.float64]:
    """The present centre of mass of these values of the cells, (side²,), as a point (3,)."""
    centre: NDArray[np.float64] = values @ grid.centres / max(float(values.sum()), 1e-9)
    return centre


def thin_frame(grid: PixelGrid) -> Square:
    """A thin frame around a whole picture, however much of it is black."""
    return Square(grid.width + 0.08, color=theme.CELL_OUTLINE, stroke_width=2).move_to(grid)
