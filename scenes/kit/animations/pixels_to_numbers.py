"""Pixels seen closer and closer up, and pixels that turn into their numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import Animation, Group, Mobject, Transform, linear

from scenes.kit import theme
from scenes.kit.contrast import readable_greys
from scenes.kit.layout import STAGE_BOTTOM
from scenes.kit.mobjects.numbers import Numbers
from scenes.kit.mobjects.pixel_grid import PixelGrid


class ZoomPixels(Transform):
    """An image grows or shrinks into another size of itself, drawn only where the stage is, above the caption.

    >>> ZoomPixels(PixelGrid(digits.images[0], extent=4), PixelGrid(digits.images[0], extent=16))
    """

    # At this distance below the stage, in units, a cell is no longer visible.
    EDGE = 0.4

    def __init__(self, pixels: PixelGrid, target: PixelGrid, **options: Any) -> None:
        super().__init__(pixels, target, **{"run_time": 1.4 * theme.FLOW, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        super().interpolate_mobject(alpha)
        pixels = self.mobject
        seen = np.clip((pixels.points[0::2, 1] - STAGE_BOTTOM) / self.EDGE + 1, 0, 1).astype(np.float32)
        pixels.opacities, pixels.stroke_opacities = pixels.opacities * seen, pixels.stroke_opacities * seen


class StreamIn(Animation):
    """The pixels of an image, row after row, turn into numbers, which run in lanes into a box to the right.

    numbers: those of all pixels that are not black. Add them to the scene first, so that the box hides them.

    >>> StreamIn(PixelGrid(digits.images[0], 3.6, (-4, 0)), PixelGrid(np.zeros((4, 4)), 3.2, (3, 0)))
    """

    # How many numbers go side by side; how far apart, in units; and how far those in the middle are from it.
    LANES, LANE, FROM_MIDDLE = 10, 0.27, 0.3
    # How far a number is from the next one in its lane, in units.
    BEHIND = 0.5
    # The share of its way during which a pixel is still a pixel.
    AS_PIXEL = 0.3

    def __init__(self, pixels: PixelGrid, box: Mobject, **options: Any) -> None:
        self.pixels, self.home = pixels, pixels.copy()
        self.lit = np.flatnonzero(pixels.values > 0) if pixels.values.any() else np.array([0])
        batch, lane = np.divmod(np.arange(len(self.lit)), self.LANES)
        sides = np.where(lane < self.LANES // 2, 1, -1)
        # From the top of the box to its bottom.
        beside = np.where(sides > 0, self.LANES // 2 - 1 - lane, lane - self.LANES // 2)
        y = box.get_y() + sides * (self.FROM_MIDDLE + self.LANE * beside)
        start, end = pixels.get_right()[0] + 0.3, box.get_left()[0] + 0.4
        self.entry, self.goal = (np.stack([np.full_like(y, x), y, np.zeros_like(y)], axis=1) for x in (start, end))
        # This many numbers of a lane are on their way at a time.
        together = (end - start) / self.BEHIND / (1 - self.AS_PIXEL)
        self.flight = together / (batch[-1] + together)
        self.leave = batch / max(batch[-1], 1) * (1 - self.flight)
        # A black pixel darkens with the bright ones before it.
        before = np.searchsorted(self.lit, np.arange(len(pixels)), side="right") - 1
        self.darken = self.leave[np.maximum(before, 0)]
        values = pixels.values[self.lit]
        self.numbers = Numbers(values, self.entry, 1, 28, readable_greys(values), 0.0)
        self.numbers.set_z_index(-1)  # behind the box
        super().__init__(Group(pixels, self.numbers), **{"run_time": theme.FLOW, "rate_func": linear, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        alpha = self.rate_func(alpha)
        share = np.clip((alpha - self.leave) / self.flight, 0, 1)[:, None]
        flown, run = np.clip(share / self.AS_PIXEL, 0, 1), np.clip((share - self.AS_PIXEL) / (1 - self.AS_PIXEL), 0, 1)
        centres = self.home.centres
        centres[self.lit] += (self.entry - centres[self.lit]) * flown**2 * (3 - 2 * flown)
        self.pixels.place(centres, 2 * self.home.radii)
        dark = np.clip((alpha - self.darken) / (self.AS_PIXEL * self.flight), 0, 1)
        dark[self.lit] = np.clip(4 * (flown[:, 0] - 0.75), 0, 1)
        self.pixels.opacities = (1 - dark).astype(np.float32)
        self.pixels.stroke_opacities = self.pixels.opacities.copy()
        self.numbers.place(self.entry + (self.goal - self.entry) * run)
        self.numbers.set_opacities(np.clip(10 * run[:, 0], 0, 1) * (run[:, 0] < 1))
