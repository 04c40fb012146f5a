"""A number counts up or down."""

from __future__ import annotations

from typing import Any

from manim import Animation

from scenes.kit import theme
from scenes.kit.animations.progress import between
from scenes.kit.mobjects.counter import Counter
from scenes.kit.mobjects.text import Number


class CountUp(Animation):
    """A counter, or a number alone, counts from `start` to `stop`, by default the number that it shows.

    >>> CountUp(Counter(network.weight_count, "weights"))
    """

    def __init__(self, counter: Counter | Number, start: float = 0, stop: float | None = None, **options: Any) -> None:
        self.start, self.stop = start, counter.value if stop is None else stop
        super().__init__(counter, **{"run_time": theme.FLOW, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        self.mobject.set_value(between(self.start, self.stop, self.rate_func(alpha)))
