"""A point runs along the graph of a function."""

from __future__ import annotations

from typing import Any

from manim import Animation

from scenes.kit import theme
from scenes.kit.animations.progress import between
from scenes.kit.mobjects.function_plot import FunctionPlot


class RunAlong(Animation):
    """The point of a plot runs along a curve, from x = start to x = stop.

    >>> plot = FunctionPlot(network.layers[0].activate, (-6, 6), (0, 1), formula("sigma(z)"), formula("z"))
    >>> RunAlong(plot, -5, 5)
    """

    def __init__(self, plot: FunctionPlot, start: float, stop: float, curve: int = 0, **options: Any) -> None:
        self.start, self.stop, self.curve = start, stop, curve
        plot.set_point(start, curve)
        super().__init__(plot, **{"run_time": 2 * theme.FLOW, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        self.mobject.set_point(between(self.start, self.stop, self.rate_func(alpha)), self.curve)
