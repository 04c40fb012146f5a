"""Tangents that glide along their curves."""

from __future__ import annotations

from typing import Any

from manim import Animation

from scenes.kit import theme
from scenes.kit.mobjects.tangents import Tangents


class SlideTangents(Animation):
    """Tangents glide along their curves, from one z to another.

    >>> from network.network import ACTIVATIONS
    >>> relu = ACTIVATIONS["relu"]
    >>> plot = FunctionPlot(relu.function, (-4, 4), (0, 4))
    >>> SlideTangents(Tangents(plot, [relu], ["slope of ReLU"], [theme.POSITIVE]), -3, 3)
    """

    def __init__(self, tangents: Tangents, start: float, stop: float, **options: Any) -> None:
        self.start, self.stop = start, stop
        tangents.set_z(start)
        super().__init__(tangents, **{"run_time": 2.4 * theme.FLOW, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        self.mobject.set_z(self.start + (self.stop - self.start) * self.rate_func(alpha))
