"""A lane of the race: one rule, the pictures that it read right, and the price."""

from __future__ import annotations

import numpy as np
from manim import LEFT, RIGHT, Group, VGroup
from numpy.typing import NDArray

from scenes.kit import theme
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.text import Number, Words, size_that_fits

# Where the lanes begin and end, how high the first one is, and how far apart they are.
LEFT_EDGE, RIGHT_EDGE, _FIRST, _APART = -0.75, 6.75, 3.62, 1.58
# A hundred places for pictures, one for each percent, column by column.
_COLUMNS, _ROWS, STEP = 25, 4, 0.195
# The type of its name and its price, where both have room.
_SIZE = 64
# How far the middle of the bar is below the top of its lane.
_BAR = 0.95


class RaceLane(Group):
    """The lane at a place from 0 to 3: its name, room for a hundred pictures, the share right, and what it keeps.

    share: 0 to 1; the figures `share` and `sign` are added when its race begins, and end at `percent`. kept: in words.
    goals: (100, 3), where pictures that are right go, one after another.
    """

    def __init__(self, place: int, name: str, share: float, kept: str) -> None:
        top = _FIRST - place * _APART
        width, height, middle = _COLUMNS * STEP, _ROWS * STEP, top - _BAR
        column, row = np.divmod(np.arange(_COLUMNS * _ROWS), _ROWS)
        x, y = LEFT_EDGE + (column + 0.5) * STEP, middle + ((_ROWS - 1) / 2 - row) * STEP
        self.goals: NDArray[np.float64] = np.stack([x, y, 0 * x], axis=1)
        size = size_that_fits([f"{name} · {kept}"], RIGHT_EDGE - LEFT_EDGE, _SIZE)
        self.name = Words(name, size).move_to((LEFT_EDGE, top - 0.2, 0), aligned_edge=LEFT)
        self.kept = Words(kept, size, theme.NEUTRAL)
        self.kept.move_to((RIGHT_EDGE, top - 0.2, 0), aligned_edge=RIGHT)
        self.track = Cells([[LEFT_EDGE, middle, 0]], 1, 0.1, opacities=0, stroke_width=2)
        self.track.points[:, 0] = LEFT_EDGE - 0.06, LEFT_EDGE + width + 0.06
        self.track.points[:, 1] = middle - height / 2 - 0.05, middle + height / 2 + 0.05
        self.share = Number(100 * share, 1, 1.7 * theme.TITLE_SIZE)
        self.sign = Words("%", 1.2 * theme.TITLE_SIZE)
        figures = VGroup(self.share, self.sign).arrange(RIGHT, buff=0.12, aligned_edge=np.array([0, -1, 0]))
        figures.move_to((LEFT_EDGE + width + 0.25, middle, 0), aligned_edge=LEFT)
        self.percent = 100 * share
        self.share.set_value_from_right(0)
        super().__init__(self.name, self.kept, self.track)

    def mark(self, share: float, words: str) -> Group:
        """A line across the lane at a share, 0 to 1, and words in the free part of the lane."""
        x, y = LEFT_EDGE + share * _COLUMNS * STEP, float(self.track.get_y())
        line = Cells([[x, y, 0]], 0.05, 0, stroke_width=0)
        line.points[:, 1] = y - 0.5, y + 0.5
        after = LEFT_EDGE + (max(share, self.percent / 100) + 0.05) * _COLUMNS * STEP
        said = Words(words, theme.TITLE_SIZE)
        return Group(line, said.move_to((after, y, 0), aligned_edge=LEFT))
