"""A colour spreads over a picture, cell after cell."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import Animation, linear
from numpy.typing import ArrayLike, NDArray

from scenes.kit import theme
from scenes.kit.mobjects.pixel_grid import PixelGrid


class SpreadColour(Animation):
    """A colour fills the cells of a picture one after another, like paint that runs in from the border.

    turns: (side, side), the turn of each cell, from 0; −1 for cells that keep their colour. colour: (3,), 0 to 255.
    softness: how many turns the change of a cell takes.

    >>> turns = np.add.outer(np.arange(28), np.arange(28))
    >>> SpreadColour(PixelGrid(digits.images[0]), turns, (255, 180, 84), softness=9)
    """

    def __init__(
        self, grid: PixelGrid, turns: NDArray[np.integer], colour: ArrayLike, softness: float, **options: Any
    ) -> None:
        self.turns, self.colour, self.softness = turns.ravel(), np.asarray(colour, np.float32), softness
        self.before = grid.colours.copy()
        super().__init__(grid, **{"run_time": 1.5 * theme.FLOW, "rate_func": linear, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        front = alpha * (self.turns.max() + self.softness)
        share = np.where(self.turns >= 0, np.clip((front - self.turns) / self.softness, 0, 1), 0)
        self.mobject.colours = self.before + (self.colour - self.before) * share[:, None].astype(np.float32)
