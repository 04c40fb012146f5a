"""A number of thousands of figures, written out."""

from __future__ import annotations

from typing import Self

import numpy as np

from scenes.kit import theme
from scenes.kit.camera import View
from scenes.kit.colour import rgb
from scenes.kit.layout import PIXELS_A_UNIT
from scenes.kit.mobjects.array_mobject import ArrayMobject
from scenes.kit.mobjects.glyphs import alphabet, draw_characters

_GROUP = 10
# In ems: how far a figure moves the pen, the space between groups, and the distance between lines.
_FIGURE, _SPACE, _LINE = 0.5, 0.34, 1.27


class LongNumber(ArrayMobject):
    """A whole number, line by line in groups of ten figures, as far as there is room.

    figures: its figures, 0 to 9. width, height: the room for it, in units. size: pixels an em in a frame 1080 pixels
    high. shown: how many of the figures there is room for; `show_until` writes a share of them.

    >>> LongNumber(str(2**2000), width=8, height=6)
    """

    IN_BANDS = False

    def __init__(
        self,
        figures: str,
        width: float,
        height: float,
        size: float = theme.TEXTURE_SIZE,
        colour: str = theme.TEXT,
    ) -> None:
        super().__init__()
        if not figures or not set(figures) <= set("0123456789"):
            raise ValueError(f"figures must be one or more of 0 to 9; got {figures[:20]!r}")
        em = size / PIXELS_A_UNIT
        groups = int((width / em + _SPACE) / (_GROUP * _FIGURE + _SPACE))
        lines = int(height / (em * _LINE))
        if groups < 1 or lines < 1:
            raise ValueError(f"there is no room for a line of {_GROUP} figures in {width} × {height} units")
        self.shown = min(len(figures), groups * lines * _GROUP)
        self.figures = np.array([int(figure) for figure in figures[: self.shown]], np.int64)
        self.columns = min(groups * _GROUP, len(self.figures))
        self.written = len(self.figures)
        self.colour = rgb(colour)
        wide = em * (self.columns * _FIGURE + (self.columns - 1) // _GROUP * _SPACE)
        high = em * _LINE * -(-len(self.figures) // self.columns)
        self.points = np.array([[-wide / 2, -high / 2, 0], [wide / 2, high / 2, 0]])

    @classmethod
    def filling(cls, figures: str, width: float, height: float) -> Self:
        """All figures in the largest type in which they fit; or, in the smallest type, as many as fit."""
        for size in (72, 60, 48, 40, 32, theme.TEXTURE_SIZE):
            number = cls(figures, width, height, size)
            if number.shown == len(figures):
                break
        return number

    def show_until(self, share: float) -> Self:
        """Write only this share of the figures, 0 to 1."""
        self.written = round(share * len(self.figures))
        return self

    def draw(self, view: View) -> None:
        if not self.written:
            return
        row, column = np.divmod(np.arange(self.written), self.columns)
        low, high = view.pixels(self.points)
        lines = -(-len(self.figures) // self.columns)
        em = float(low[1] - high[1]) / lines / _LINE
        pens = np.empty((self.written, 2))
        pens[:, 0] = low[0] + em * (column * _FIGURE + column // _GROUP * _SPACE)
        pens[:, 1] = high[1] + em * (_LINE * (row + 0.5) + alphabet().digit_height / 2)
        draw_characters(
            view.frame,
            np.array([alphabet().numbers[str(figure)] for figure in range(10)])[self.figures[: self.written]],
            pens,
            np.full(self.written, em),
            np.tile(self.colour, (self.written, 1)).astype(np.float32),
            np.full(self.written, self.visibility[0], np.float32),
        )
