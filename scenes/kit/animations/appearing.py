"""Cells that appear, one after another or row by row."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import Animation, linear

from scenes.kit import theme
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.numbers import Numbers
from scenes.kit.mobjects.pixel_grid import PixelGrid


class OneByOne(Animation):
    """Cells or numbers appear one after another, in their order.

    >>> OneByOne(PixelGrid(digits.images[0], 6))
    """

    def __init__(self, cells: Cells | Numbers, **options: Any) -> None:
        self.opacities = cells.opacities.copy()
        options = {"run_time": theme.FLOW, "rate_func": linear, "introducer": True, **options}
        super().__init__(cells, **options)

    def interpolate_mobject(self, alpha: float) -> None:
        appeared = np.arange(len(self.opacities)) < self.rate_func(alpha) * len(self.opacities)
        self.mobject.opacities = np.where(appeared, self.opacities, 0).astype(np.float32)


class LightUp(Animation):
    """The cells of a picture light up row by row, from dark to what they show.

    >>> LightUp(PixelGrid(digits.images[0], 6))
    """

    SPREAD = 0.6  # the share of the time after which the last row begins

    def __init__(self, picture: PixelGrid, **options: Any) -> None:
        self.row = np.arange(len(picture)) // picture.side / picture.side
        super().__init__(picture, **{"run_time": theme.STEP, "introducer": True, "rate_func": linear, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        passed = np.clip((self.rate_func(alpha) - self.SPREAD * self.row) / (1 - self.SPREAD), 0, 1)
        share = passed * passed * (3 - 2 * passed)
        self.mobject.set_brightness(self.mobject.values * share)
        self.mobject.stroke_opacities = share.astype(np.float32)
