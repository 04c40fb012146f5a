"""The squares of a picture gather from all over the stage; and the light around a picture."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import Animation, linear

from scenes.kit import theme
from scenes.kit.colour import rgb
from scenes.kit.layout import STAGE_BOTTOM, STAGE_TOP
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.pixel_grid import PixelGrid

# How far to the sides the squares lie scattered.
_REACH = 6.8
# The light around a square is made of discs: how many squares wide each is, and how strong around a white square; the
# light of squares that are larger than this, in units, reaches no farther.
_LARGE = 0.33
_DISCS, _STRENGTH = (2.0, 3.2, 4.6, 6.4), 0.018


class Gather(Animation):
    """Squares that lie scattered over the stage fly in a whirl to their places in a picture.

    >>> Gather(PixelGrid(digits.images[0], 5).tint("#FFFFFF"))
    """

    # The last square sets out after this share of the time; how far each turns around the middle, in radians; and how
    # much larger it is at first.
    LAST, TURN, LARGER = 0.35, 1.9, 1.25
    # What is left of the light of a square half-way: so many cross each other there that the picture would flash.
    DIMMED = 0.25

    def __init__(self, pixels: PixelGrid, **options: Any) -> None:
        rng = np.random.default_rng(5)
        n = len(pixels)
        self.middle, self.home, self.sizes = pixels.get_center(), pixels.centres, 2 * pixels.radii
        self.scattered = np.stack(
            [rng.uniform(-_REACH, _REACH, n), rng.uniform(STAGE_BOTTOM + 0.2, STAGE_TOP - 0.2, n), np.zeros(n)], axis=1
        )
        self.leave = rng.uniform(0, self.LAST, n)
        self.lights = pixels.opacities.copy()
        super().__init__(pixels, **{"run_time": 2 * theme.STEP, "rate_func": linear, "introducer": True, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        flown = np.clip((self.rate_func(alpha) - self.leave) / (1 - self.LAST), 0, 1)
        share = flown * flown * flown * (10 - 15 * flown + 6 * flown * flown)
        # Straight ways seen from a stage that turns back while they are flown.
        angle = self.TURN * share * (1 - share) * 2
        offset = self.scattered + (self.home - self.scattered) * share[:, None] - self.middle
        x = offset[:, 0] * np.cos(angle) - offset[:, 1] * np.sin(angle)
        y = offset[:, 0] * np.sin(angle) + offset[:, 1] * np.cos(angle)
        centres = self.middle + np.stack([x, y, 0 * x], axis=1)
        self.mobject.opacities = self.lights * (1 - (1 - self.DIMMED) * 4 * share * (1 - share)).astype(np.float32)
        self.mobject.place(centres, self.sizes * (1 + (self.LARGER - 1) * (1 - share)))


def light_around(pixels: PixelGrid) -> Cells:
    """A soft light around the bright squares of a picture, behind it."""
    lit = np.flatnonzero(pixels.values > 0.1)
    lit = lit if len(lit) else np.array([0])
    discs = len(_DISCS)
    cells = np.repeat(2 * pixels.radii[lit], discs)
    sizes = cells + np.minimum(cells, _LARGE) * (np.tile(_DISCS, len(lit)) - 1)
    opacities = _STRENGTH * np.repeat(pixels.values[lit], discs)
    centres = np.repeat(pixels.centres[lit], discs, axis=0)
    light = Cells(centres, sizes, 1, rgb(theme.ACTIVATION), opacities, stroke_width=0)
    light.stroke_opacities = np.zeros(len(light), np.float32)
    return light.set_z_index(theme.CONNECTIONS_LEVEL)
