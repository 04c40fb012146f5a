"""Bars grow, alone or out of other bars."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import Animation
from numpy.typing import ArrayLike

from scenes.kit import theme
from scenes.kit.mobjects.bars import PercentBars


class GrowPercentBars(Animation):
    """Bars grow to their heights in percent, (n,), while their numbers count: from nothing, or out of other bars.

    start, middles: the heights of those other bars in percent, and their horizontal positions, (n,).

    >>> GrowPercentBars(PercentBars(np.linspace(-5, 5, 5), 1.2, foot=-3, height=5.5), [12, 100, 45.2, 80, 0])
    """

    def __init__(
        self,
        bars: PercentBars,
        percent: ArrayLike,
        start: ArrayLike | None = None,
        middles: ArrayLike | None = None,
        **options: Any,
    ) -> None:
        self.bars, self.percent = bars, np.asarray(percent)
        self.start = np.zeros_like(self.percent) if start is None else np.asarray(start)
        self.middles = bars.middles if middles is None else np.asarray(middles)
        super().__init__(bars, **{"run_time": theme.FLOW, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        share = self.rate_func(alpha)
        # They first move aside, then change their height.
        aside, height = (min(2 * share, 1), max(2 * share - 1, 0)) if self.start.any() else (1.0, share)
        middles = self.middles + (self.bars.middles - self.middles) * aside
        self.bars.show(self.start + (self.percent - self.start) * height, middles)
        # The numbers stay hidden until they no longer cover those of the other bars.
        self.bars.numbers.set_opacities(np.full(len(self.percent), max(2 * aside - 1, 0)))
