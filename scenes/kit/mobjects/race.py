"""A loop that races a matrix product through the same layer."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from manim import LEFT, RIGHT, UP, Animation, Group, VGroup, linear

from scenes.kit import theme
from scenes.kit.colour import rgb
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.text import Number, Words, size_that_fits
from scenes.language import _, _c
from scenes.wording import number

# How much a square is seen before its layer is done.
_UNLIT = 0.12
# The most of its width that a title takes; the rest is for the number beside it, and for what it counts.
_TITLE_SHARE = 0.6


class Race(Group):
    """How far a loop has got through one layer, and below it, how many layers the matrix product has done by then.

    loop, product: the seconds that each takes for one layer. products: how many products a layer has.

    >>> Race(2e-3, 4e-6, 12_544).show(0.6)
    """

    # Its width, and the most squares that are drawn.
    WIDTH, MOST = 11.6, 1500

    def __init__(self, loop: float, product: float, products: int) -> None:
        self.products, self.layers = products, int(loop / product)
        left, colours = -self.WIDTH / 2, (theme.NEUTRAL, theme.ANSWER)
        titles = (
            _("Python loop: {time} µs a layer", time=_micro(loop)),
            _("NumPy: {time} µs a layer", time=_micro(product)),
        )
        counted = _c("after their number", "products"), _c("after their number", "layers")
        size = size_that_fits(titles, _TITLE_SHARE * self.WIDTH, theme.TITLE_SIZE)
        self.titles = VGroup(*(Words(title, size) for title in titles))
        self.counted = VGroup(*(Words(what, size, colour) for what, colour in zip(counted, colours, strict=True)))
        self.track = Cells([[0, 1.45, 0]], 0.5, 0.25, (0, 0, 0), stroke_width=1.5)
        self.bar = Cells([[0, 1.45, 0]], 0.5, 0.25, rgb(theme.NEUTRAL), stroke_width=0)
        self.track.points[:, 0] = (left, -left)
        self.bar.points[:, 0] = (left, left + 0.01)
        self.count, self.done = (Number(0, size=size, colour=colour) for colour in colours)
        # A square stands for one layer, or for several if there would be too many squares.
        self.worth = max(-(-self.layers // self.MOST), 1)
        squares = max(self.layers // self.worth, 1)
        columns = next(c for c in range(1, squares + 1) if c * c * 2.4 >= squares * self.WIDTH)
        columns = max(columns, 24)
        step = self.WIDTH / columns
        places = np.arange(squares)
        x, y = left + (places % columns + 0.5) * step, -0.75 - (places // columns + 0.5) * step
        self.squares = Cells(
            np.stack([x, y, 0 * x], axis=1), 0.78 * step, 0.2, rgb(theme.ANSWER), _UNLIT, stroke_width=0
        )
        for title, shown, what, height in zip(
            self.titles, (self.count, self.done), self.counted, (2.05, -0.35), strict=True
        ):
            title.move_to((left, height, 0), aligned_edge=LEFT)
            what.move_to((-left, height, 0), aligned_edge=RIGHT)
            final = products if shown is self.count else self.layers
            shown.set_value(final).next_to(what, LEFT, buff=0.2).align_to(what, UP)
        super().__init__(self.titles, self.counted, self.track, self.bar, self.squares, self.count, self.done)
        self.show(0)

    def show(self, share: float) -> Self:
        """Show the moment when the loop has done this share of its products, 0 to 1."""
        left, right = self.track.points[0, 0], self.track.points[1, 0]
        self.bar.points[1, 0] = max(left + (right - left) * share, left + 0.01)
        self.count.set_value_from_right(round(self.products * share))
        done = int(self.layers * share + 1e-9)
        self.done.set_value_from_right(done)
        lit = np.arange(len(self.squares)) < done // self.worth
        self.squares.opacities = np.where(lit, 1, _UNLIT).astype(np.float32)
        return self


class RunRace(Animation):
    """Time passes, evenly but in slow motion, until the loop has finished its layer.

    >>> RunRace(Race(2e-3, 4e-6, 12_544))
    """

    def __init__(self, race: Race, **options: Any) -> None:
        super().__init__(race, **{"rate_func": linear, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        self.mobject.show(self.rate_func(alpha))


def _micro(seconds: float) -> str:
    """Seconds as millionths: a whole number, or, below 10, with one decimal place."""
    value = seconds * 1e6
    return number(value, 0 if value >= 10 else 1)
