"""Light that runs through a cloud of cells."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import Animation, linear

from scenes.kit import theme
from scenes.kit.colour import rgb
from scenes.kit.mobjects.cells import Cells


class Storm(Animation):
    """Cells light up and go out again, the left ones first, each at a moment of its own and some not at all.

    colour: of the light. seed: another seed lights other cells.

    >>> Storm(Cells(grid(20, (0, 0), 6), 0.2, 1, opacities=0.15, stroke_width=0))
    """

    # How long a cell is lit, and how far its moment strays, as shares of the whole time; and how many take part.
    LIT, ASTRAY, TAKES_PART = 0.16, 0.16, 0.6

    def __init__(self, cells: Cells, colour: str = theme.ACTIVATION, seed: int = 0, **options: Any) -> None:
        rng = np.random.default_rng(seed)
        x = cells.centres[:, 0]
        along = (x - x.min()) / max(np.ptp(x), 1e-9)
        self.moments = self.LIT + (1 - 3 * self.LIT) * along + rng.normal(0, self.ASTRAY, len(cells)).clip(-0.3, 0.3)
        self.strength = np.where(rng.random(len(cells)) < self.TAKES_PART, rng.uniform(0.5, 1, len(cells)), 0)
        self.rest, self.colours, self.light = cells.opacities.copy(), cells.colours.copy(), rgb(colour)
        super().__init__(cells, **{"run_time": 2 * theme.FLOW, "rate_func": linear, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        away = (self.rate_func(alpha) - self.moments) / self.LIT
        lit = self.strength * np.exp(-3 * away**2) * np.clip(8 * (1 - self.rate_func(alpha)), 0, 1)
        self.mobject.opacities = (self.rest + (1 - self.rest) * lit).astype(np.float32)
        share = lit[:, None].astype(np.float32)
        self.mobject.colours = self.colours + (self.light - self.colours) * share
