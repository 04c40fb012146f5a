"""The noise that the network is surest of, alone among pictures from the training.

With this one scene ends, and the next begins.
"""

from __future__ import annotations

import numpy as np
from manim import Group, SurroundingRectangle

from network.digits import Digits
from network.network import Array
from scenes.kit import theme
from scenes.kit.layout import STAGE_BOTTOM, STAGE_MIDDLE, STAGE_TOP
from scenes.kit.mobjects.pictures import Pictures
from scenes.kit.mobjects.pixel_grid import PixelGrid

# The seed of the noise, the same in both scenes.
NOISE_SEED = 11
# The wall of training pictures: rows and columns, and the room in its middle for the noise, in pictures.
_WALL_ROWS, _WALL_COLUMNS, _WALL_ROOM = 7, 15, 3
# How bright the training pictures are in the end.
_DIM = 0.45


class NoiseAmongPictures:
    """A picture of noise (side, side) in the middle of the stage, its frame, and a wall of pictures around it."""

    def __init__(self, noise: Array, train: Digits) -> None:
        self.wall, alone = wall_with_a_gap(train)
        self.picture = PixelGrid(noise, alone, (0, STAGE_MIDDLE)).without_outlines()
        self.frame = SurroundingRectangle(self.picture, color=theme.ANSWER, stroke_width=theme.MARK_WIDTH, buff=0.04)

    def dimmed(self) -> Pictures:
        """The wall as it is in the end."""
        return self.wall.copy().show(np.full(self.wall.count, _DIM))

    def at_the_end(self) -> Group:
        """All of it."""
        return Group(self.dimmed(), self.picture, self.frame)


def wall_with_a_gap(digits: Digits) -> tuple[Pictures, float]:
    """The first pictures of a set all over the stage, from the middle outwards, and the width of the gap there."""
    step = (STAGE_TOP - STAGE_BOTTOM) / _WALL_ROWS
    row, column = np.divmod(np.arange(_WALL_ROWS * _WALL_COLUMNS), _WALL_COLUMNS)
    x, y = column - (_WALL_COLUMNS - 1) / 2, (_WALL_ROWS - 1) / 2 - row
    around = np.flatnonzero(np.maximum(np.abs(x), np.abs(y)) > _WALL_ROOM / 2)[: len(digits.images)]
    around = around[np.argsort(np.hypot(x[around], y[around]), kind="stable")]
    places = np.stack([x * step, STAGE_MIDDLE + y * step, 0 * x], axis=1)[around]
    return Pictures(digits.images[: len(around)], places, 0.86 * step), (_WALL_ROOM - 0.2) * step
