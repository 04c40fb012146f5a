"""Every picture of a class on one wall, with the holes in them; the pictures with the right number are picked out."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from manim import Animation, linear
from numpy.typing import NDArray

from network.analysis.parts import hole_cells
from scenes.kit import theme
from scenes.kit.colour import rgb
from scenes.kit.layout import field
from scenes.kit.mobjects.cells import Cells

# Cells darker than this are not drawn.
_DARKEST = 0.15
# How bright the pictures are that do not count, and the room that a picture takes of its place.
_PALE, _ROOM = 0.28, 0.94


class WallOfHoles(Cells):
    """All of some pictures (n, side, side), row by row; the cells of their holes are there, too, unseen at first.

    left: the middle of the left edge. picture_of: the picture that each cell belongs to. is_hole: which cells are in a
    hole.
    """

    ITEM_ARRAYS: ClassVar[tuple[str, ...]] = Cells.ITEM_ARRAYS

    def __init__(self, images: NDArray[np.float32], left: tuple[float, float], width: float, height: float) -> None:
        centres, step = field(len(images), left, width, height)
        # All pictures are cut to the square that holds the ink of each of them.
        lit = [np.flatnonzero((images > _DARKEST).any(axis=(0, axis))) for axis in (2, 1)]
        first = np.array([places[0] for places in lit])
        side = max(int(np.ptp(places)) + 1 for places in lit)
        middle = first + np.array([np.ptp(places) for places in lit]) / 2
        holes = hole_cells(images)
        picture, row, column = np.nonzero((images > _DARKEST) | holes)
        cell = _ROOM * step / side
        places = centres[picture]
        places[:, 0] += (column - middle[1]) * cell
        places[:, 1] -= (row - middle[0]) * cell
        self.picture_of: NDArray[np.intp] = picture
        self.is_hole: NDArray[np.bool_] = holes[picture, row, column]
        super().__init__(places, cell, stroke_width=0)
        self.set_brightness(np.where(self.is_hole, 1, images[picture, row, column]))
        self.opacities = np.where(self.is_hole, 0, 1).astype(np.float32)


class PickOut(Animation):
    """From picture to picture, holes are filled with colour, and the pictures that do not count turn pale.

    counted: which pictures do, (n,).
    """

    def __init__(self, wall: WallOfHoles, counted: NDArray[np.bool_], **options: Any) -> None:
        self.counted = counted
        self.before = wall.opacities.copy(), wall.colours.copy()
        bright = counted[wall.picture_of]
        self.opacities = np.where(bright | ~wall.is_hole, 1, 0).astype(np.float32)
        colours = np.where(wall.is_hole[:, None], rgb(theme.LOOP), wall.colours)
        self.colours = (colours * np.where(bright, 1, _PALE)[:, None]).astype(np.float32)
        super().__init__(wall, **{"run_time": 2 * theme.FLOW, "rate_func": linear, **options})

    def seen(self, alpha: float) -> int:
        """How many pictures have been looked at."""
        return round(self.rate_func(alpha) * len(self.counted))

    def interpolate_mobject(self, alpha: float) -> None:
        wall = self.mobject
        done = wall.picture_of < self.seen(alpha)
        wall.opacities = np.where(done, self.opacities, self.before[0])
        wall.colours = np.where(done[:, None], self.colours, self.before[1])
