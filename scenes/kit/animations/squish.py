"""A number line is squished."""

from __future__ import annotations

from typing import Any

from manim import Animation

from scenes.kit import theme
from scenes.kit.animations.progress import between
from scenes.kit.mobjects.number_line import NumberLineSquish


class Squish(Animation):
    """Squish a number line, from one share of the way to another.

    >>> Squish(NumberLineSquish(network.layers[0].activate))
    """

    def __init__(self, line: NumberLineSquish, start: float = 0, stop: float = 1, **options: Any) -> None:
        self.start, self.stop = start, stop
        super().__init__(line, **{"run_time": 1.5 * theme.FLOW, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        self.mobject.set_squished(between(self.start, self.stop, self.rate_func(alpha)))
