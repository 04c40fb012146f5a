"""Writes out a number of thousands of figures."""

from __future__ import annotations

from typing import Any

from manim import Animation, linear

from scenes.kit.mobjects.long_number import LongNumber


class WriteLongNumber(Animation):
    """A long number is written, line by line.

    >>> WriteLongNumber(LongNumber(str(2**2000), width=8, height=6))
    """

    def __init__(self, number: LongNumber, **options: Any) -> None:
        super().__init__(number, **{"introducer": True, "rate_func": linear, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        self.mobject.show_until(self.rate_func(alpha))
