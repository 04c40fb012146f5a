"""A large number, with what it counts written below."""

from __future__ import annotations

from typing import Self

from manim import DOWN, RIGHT, VGroup

from scenes.kit import theme
from scenes.kit.mobjects.text import Number, Words


class Counter(VGroup):
    """A large number, with what it counts written below. As it counts, its last digit stays in place.

    >>> Counter(network.parameter_count, "weights and biases")
    """

    def __init__(
        self,
        value: float,
        caption: str,
        places: int = 0,
        size: float = 2 * theme.TITLE_SIZE,
        colour: str = theme.TEXT,
    ) -> None:
        super().__init__()
        self.number = Number(value, places, size, colour)
        self.caption = Words(caption, theme.LABEL_SIZE, theme.QUIET_TEXT).next_to(self.number, DOWN, buff=0.3)
        self.add(self.number, self.caption)
        self.center()

    @property
    def value(self) -> float:
        return self.number.value

    def set_value(self, value: float) -> Self:
        """Show another number, with the same right edge. ValueError if it is not finite."""
        right = self.number.get_right()
        self.number.set_value(value)
        self.number.shift((right - self.number.get_right()) * RIGHT)
        return self
