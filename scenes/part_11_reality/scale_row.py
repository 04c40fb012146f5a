"""A colour scale that lies beneath weight pictures, as long as their weights are large."""

from __future__ import annotations

import numpy as np
from manim import RIGHT, Group, VGroup

from scenes.kit import theme
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.text import Number, formula

# The height of the bar, how many colours it has, and its distance from the numbers.
_HEIGHT, _STEPS, _BUFF = 0.36, 128, 0.25


class ScaleRow(Group):
    """A colour bar between the weights that have full colour, which greater ones have too.

    limit: the weight with full colour. unit: how long the bar is for a limit of 1. places: decimals of the numbers.

    >>> ScaleRow(0.8, 3.0)
    """

    def __init__(self, limit: float, unit: float, places: int = 2, size: float = theme.CAPTION_SIZE) -> None:
        half = unit * limit / 2
        self.bar = Cells(np.zeros((_STEPS, 3)), _HEIGHT, stroke_width=0)
        self.bar.set_signed(np.linspace(-1, 1, _STEPS), 1)
        edges = np.linspace(-half, half, _STEPS + 1)
        # Each step reaches to the end of the next one, which covers it, so that no seams are seen between them.
        self.bar.points[0::2, 0], self.bar.points[1::2, 0] = edges[:-1], [*edges[2:], edges[-1]]
        self.ends = VGroup(Number(-limit, places, size), Number(limit, places, size))
        self.signs = VGroup(formula("lt.eq", size), formula("gt.eq", size))
        low, high = (
            VGroup(sign, end).arrange(RIGHT, buff=0.1) for sign, end in zip(self.signs, self.ends, strict=True)
        )
        super().__init__(Group(low, self.bar, high).arrange(RIGHT, buff=_BUFF))
