"""Things swell, one after another."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from manim import LaggedStart, Mobject, there_and_back


class SwellInTurn(LaggedStart):
    """Things grow for a moment, one after another, so that each is looked at.

    scale: how large they become. Of the time that one takes, `lag_ratio` has passed when the next begins.

    >>> SwellInTurn([PixelGrid(image, 2.5, (x, 0)) for image, x in zip(digits.images, (-3, 0, 3))], 1.3)
    """

    def __init__(self, things: Iterable[Mobject], scale: float = 1.14, **options: Any) -> None:
        swell = (thing.animate(rate_func=there_and_back).scale(scale) for thing in things)
        super().__init__(*swell, **{"lag_ratio": 0.15, **options})
