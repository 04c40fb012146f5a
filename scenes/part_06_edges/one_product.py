"""One product of a weighted sum, in large numbers: a square's brightness times its weight."""

from __future__ import annotations

from typing import Self

from manim import DOWN, RIGHT, VGroup

from scenes.kit import theme
from scenes.kit.mobjects.text import Number, Words, size_that_fits
from scenes.language import _

# How large the numbers are; the room of each with its name; where they stand, and how far their names are below.
_SIZE, _ROOM, _Y, _BELOW = 2.3 * theme.TITLE_SIZE, 3.6, -2.03, 0.2


class OneProduct(VGroup):
    """brightness × weight = product, each with its name below it; the numbers can change in every frame.

    brightness, weight, product: the three columns, each a number and its name. signs: × and =.
    """

    def __init__(self, brightness: float, weight: float) -> None:
        names = _("brightness"), _("weight"), _("product")
        size = size_that_fits(names, _ROOM, theme.TITLE_SIZE)
        colours = theme.TEXT, theme.WEIGHTS_SYMBOL, theme.TEXT
        columns = []
        for name, colour in zip(names, colours, strict=True):
            # As wide as it can get, so that its neighbours are in nobody's way.
            value = Number(-0.88, 2, _SIZE)
            columns.append(VGroup(value, Words(name, size, colour).next_to(value, DOWN, buff=_BELOW)))
        self.brightness, self.weight, self.product = columns
        self.signs = VGroup(*(Words(sign, _SIZE) for sign in ("×", "=")))
        times, equals = self.signs
        row = VGroup(self.brightness, times, self.weight, equals, self.product).arrange(RIGHT, buff=0.45)
        row.move_to((0, _Y, 0))
        for sign in self.signs:
            sign.set_y(self.brightness[0].get_y())
        super().__init__(self.brightness, self.weight, self.product, self.signs)
        self.show(brightness, weight)

    def show(self, brightness: float, weight: float) -> Self:
        """Another brightness, 0 to 1, and another weight; blue is positive and red negative, as everywhere."""
        product = brightness * weight
        for (number, _name), value in zip(
            (self.brightness, self.weight, self.product), (brightness, weight, product), strict=True
        ):
            number.set_value_from_right(value)
        for (number, _name), value in ((self.weight, weight), (self.product, product)):
            number.set_fill(theme.POSITIVE if value > 0 else theme.NEGATIVE if value < 0 else theme.TEXT)
        return self
