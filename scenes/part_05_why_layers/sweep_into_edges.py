"""The edges of a picture come out, column after column, as a line sweeps over both."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import Animation, Group, Line, linear

from scenes.kit import theme
from scenes.kit.mobjects.pixel_grid import PixelGrid


class SweepIntoEdges(Animation):
    """A line sweeps over a picture from left to right, and another over a dark one, which shows what it has passed.

    picture, edges: of the same size. lines: over both, upright, at the left edges.
    """

    def __init__(self, picture: PixelGrid, edges: PixelGrid, lines: tuple[Line, Line], **options: Any) -> None:
        self.grids, self.lines, self.edges = (picture, edges), lines, edges
        self.column = np.arange(len(edges)) % edges.side
        self.shown = edges.opacities.copy()
        super().__init__(Group(edges, *lines), **{"run_time": 2 * theme.FLOW, "rate_func": linear, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        share = self.rate_func(alpha)
        for line, grid in zip(self.lines, self.grids, strict=True):
            line.set_x(grid.get_left()[0] + share * grid.width)
        self.edges.opacities = np.where(self.column < share * self.edges.side, self.shown, 0).astype(np.float32)
