"""A neuron that brightens and darkens with the value of a function."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from manim import Animation

from scenes.kit import theme
from scenes.kit.mobjects.cells import Cells


class FollowFunction(Animation):
    """A neuron is as bright as the value of a function, while its argument runs from `start` to `stop`.

    Played together with `RunAlong`, its brightness matches the height of the point on the plot.

    >>> FollowFunction(Cells([[0, 0, 0]], 5, roundness=1), network.layers[0].activate, -3, 3)
    """

    def __init__(
        self, neuron: Cells, function: Callable[[Any], Any], start: float, stop: float, **options: Any
    ) -> None:
        self.function, self.start, self.stop = function, start, stop
        super().__init__(neuron, **{"run_time": 2 * theme.FLOW, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        x = self.start + (self.stop - self.start) * self.rate_func(alpha)
        self.mobject.set_brightness([float(self.function(x))])
