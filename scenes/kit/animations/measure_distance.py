"""Two pictures are compared square by square, and their differences add up to a distance."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import Animation, Group, linear

from scenes.kit import theme
from scenes.kit.colour import rgb
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.text import Number


class MeasureDistance(Animation):
    """Square by square the difference of two pictures appears, while a number grows to their distance.

    difference: a picture in the place where the difference is to be seen, as large as it will be; it is white where the
    two differ by 1. value: shows the root of the sum of the squared differences so far; its right edge stays in place.

    >>> one, other, difference = (PixelGrid(digits.images[n], 3, (x, 0)) for n, x in enumerate((-4, 0, 4)))
    >>> MeasureDistance(one, other, difference, Number(0, 1))
    """

    def __init__(self, one: PixelGrid, other: PixelGrid, difference: PixelGrid, value: Number, **options: Any) -> None:
        apart = np.abs(one.values - other.values)
        self.difference, self.value = difference, value
        self.distances = np.sqrt(np.concatenate([[0.0], np.cumsum(np.square(apart, dtype=np.float64))]))
        difference.values = apart
        difference.set_brightness(apart)
        self.pictures = (one, other, difference)
        # A frame around the squares that are being compared, in each of the pictures.
        self.frames = Cells(np.zeros((3, 3)), 1, opacities=0, stroke_colour=theme.ANSWER, stroke_width=6)
        self.frames.stroke_colours = np.tile(rgb(theme.ANSWER), (3, 1))
        super().__init__(
            Group(difference, value, self.frames), **{"run_time": 2 * theme.FLOW, "rate_func": linear, **options}
        )

    def interpolate_mobject(self, alpha: float) -> None:
        alpha = self.rate_func(alpha)
        done = round(alpha * len(self.difference))
        shown = np.arange(len(self.difference)) < done
        self.difference.opacities = shown.astype(np.float32)
        self.difference.stroke_opacities = shown.astype(np.float32)
        self.value.set_value_from_right(float(self.distances[done]))
        at = min(done, len(self.difference) - 1)
        self.frames.place(
            np.stack([picture.centres[at] for picture in self.pictures]),
            [4 * float(picture.radii[0]) for picture in self.pictures],
        )
        self.frames.stroke_opacities = np.full(3, alpha < 1, np.float32)
