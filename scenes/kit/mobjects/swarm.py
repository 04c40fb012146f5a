"""A dot for each of many values: a beeswarm plot."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from manim import RIGHT
from numpy.typing import ArrayLike

from scenes.kit import theme
from scenes.kit.colour import rgb
from scenes.kit.mobjects.axes import Axes
from scenes.kit.mobjects.cells import Cells

# The longest step from a dot to the next beside it, the largest dot, and a dot's share of a shorter step.
_LONGEST_STEP, _LARGEST, _SHARE = 0.1, 0.085, 0.9
# From the left edge of the axes to the middle of the first dot, and how much of their width is left free.
_FIRST, _FREE = 0.18, 0.25


class Swarm(Cells):
    """A dot at the height of each value (n,) on some axes; values that round to the same whole number are side by side.

    >>> Swarm(100 * np.random.default_rng(0).beta(2, 12, 100), Axes((-1, 1), (0, 50), x_ticks=()))
    """

    COLOURS_ARE_FREE: ClassVar[bool] = False

    def __init__(self, values: ArrayLike, axes: Axes) -> None:
        values = np.asarray(values, float)
        left, right = axes.x_range
        bins = np.floor(values).astype(int)
        before = np.array([np.count_nonzero(bins[:n] == bins[n]) for n in range(len(bins))])
        width = axes.point(right, 0)[0] - axes.point(left, 0)[0]
        step = min(_LONGEST_STEP, (width - _FREE) / (before.max() + 1))
        centres = axes.point(left, values) + (_FIRST + before[:, None] * step) * RIGHT
        super().__init__(centres, min(_LARGEST, _SHARE * step), 1, rgb(theme.NEUTRAL), stroke_width=0)
