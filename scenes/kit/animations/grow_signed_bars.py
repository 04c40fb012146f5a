"""Signed bars that grow to their values."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import Animation
from numpy.typing import ArrayLike

from scenes.kit import theme
from scenes.kit.mobjects.signed_bars import SignedBars


class GrowSignedBars(Animation):
    """Signed bars grow from 0 to these values, (n,).

    >>> GrowSignedBars(SignedBars(8, y=0, height=5), np.linspace(-0.9, 1, 8))
    """

    def __init__(self, bars: SignedBars, values: ArrayLike, **options: Any) -> None:
        self.values = np.asarray(values, float)
        super().__init__(bars, **{"run_time": theme.FLOW, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        self.mobject.show(self.values * self.rate_func(alpha))
