"""A colour scale that is as long as the weights are large."""

from __future__ import annotations

from typing import Self

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, Group, VGroup

from scenes.kit import theme
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.text import Number, formula

_STEPS, _WIDTH = 128, 0.5
# From an end of the bar to its number, and from the sign ≥ or ≤ to the number.
_TO_NUMBER, _TO_SIGN = 0.18, 0.12


class GrowingScale(Group):
    """A colour bar whose ends stand for the weights with full colour, and whose length grows and shrinks with them.

    limit: the weight that has full colour; a few greater ones have it too, and ≥ and ≤ say so. greatest: the limit at
    which the bar is `height` units long.

    >>> GrowingScale(0.2, 0.8, 4.5)
    """

    def __init__(self, limit: float, greatest: float, height: float, size: float = theme.TITLE_SIZE) -> None:
        self.limit, self.greatest, self.height_of_greatest = limit, greatest, height
        self.bar = Cells(np.zeros((_STEPS, 3)), _WIDTH, stroke_width=0)
        self.bar.set_signed(np.linspace(-1, 1, _STEPS), 1)
        self.signs = VGroup(*(formula(sign, size) for sign in ("lt.eq", "gt.eq")))
        self.labels = VGroup(*(Number(0, 2, size) for _ in self.signs))
        self.middle = np.zeros(3)
        super().__init__(self.bar, self.signs, self.labels)
        self.show(limit)

    def place(self, middle: tuple[float, float]) -> Self:
        """Put the middle of the bar there."""
        self.middle = np.array([*middle, 0.0])
        return self.show(self.limit)

    def show(self, limit: float) -> Self:
        """Let full colour mean another weight, with a bar of the length that belongs to it."""
        self.limit = limit
        half = self.height_of_greatest * limit / self.greatest / 2
        edges = self.middle[1] + np.linspace(-half, half, _STEPS + 1)
        self.bar.points[0::2, 0], self.bar.points[1::2, 0] = self.middle[0] - _WIDTH / 2, self.middle[0] + _WIDTH / 2
        # Each step reaches to the end of the next one, which covers it, so that no seams are seen between them.
        self.bar.points[0::2, 1], self.bar.points[1::2, 1] = edges[:-1], [*edges[2:], edges[-1]]
        for side, label, sign in zip((-1, 1), self.labels, self.signs, strict=True):
            label.set_value(side * limit)
            width = sign.width + _TO_SIGN + label.width
            end = self.middle + (half + _TO_NUMBER) * side * UP + (width - label.width) / 2 * RIGHT
            label.move_to(end, aligned_edge=DOWN * side)
            sign.next_to(label, LEFT, buff=_TO_SIGN)
        return self
