"""Bars between −1 and 1 around a line at 0."""

from __future__ import annotations

from typing import Self

import numpy as np
from manim import RIGHT, UP, DashedLine, Group, Line, VGroup
from numpy.typing import ArrayLike

from scenes.kit import theme
from scenes.kit.colour import rgb
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.numbers import Numbers
from scenes.kit.mobjects.text import Number


class SignedBars(Group):
    """n bars between −1 and 1 around a line at 0, each with its value at its end.

    If there is no room for all the numbers, only the bar farthest from 0 has one. y, height: the middle and height of
    the chart, in units. axes: the lines at 1, 0 and −1 and their numbers. axis_end: the right end of the upper line.

    >>> SignedBars(8, y=0, height=5).show(np.linspace(-0.9, 1, 8))
    """

    LEFT_EDGE, RIGHT_EDGE = -6.1, 6.6
    # A bar's share of the step from bar to bar, and the shortest step with room for a number at every bar.
    BAR_SHARE, ROOM_FOR_NUMBERS = 0.62, 0.55
    # From the end of a bar to the middle of its number.
    TO_NUMBER = 0.16

    def __init__(self, n: int, y: float, height: float) -> None:
        self.y, self.reach = y, height / 2
        self.pitch = (self.RIGHT_EDGE - self.LEFT_EDGE) / n
        self.x = self.LEFT_EDGE + (np.arange(n) + 0.5) * self.pitch
        ends = self.LEFT_EDGE * RIGHT, self.RIGHT_EDGE * RIGHT
        zero = Line(*ends, color=theme.NEURON_OUTLINE, stroke_width=2).shift(y * UP)
        self.limits = VGroup(
            *(
                DashedLine(*ends, color=theme.CELL_OUTLINE, stroke_width=2, dash_length=0.12).shift(
                    (y + sign * self.reach) * UP
                )
                for sign in (1, -1)
            )
        )
        marks = VGroup(
            *(
                Number(value, size=theme.NOTE_SIZE, colour=theme.QUIET_TEXT).move_to(
                    (self.LEFT_EDGE - 0.15, y + value * self.reach, 0), aligned_edge=RIGHT
                )
                for value in (1, 0, -1)
            )
        )
        self.axes = VGroup(zero, self.limits, marks)
        self.axis_end = np.array([self.RIGHT_EDGE, y + self.reach, 0])
        centres = np.stack([self.x, np.full(n, y)], axis=1)
        self.bars = Cells(centres, self.BAR_SHARE * min(self.pitch, 1), 0, rgb(theme.NEUTRAL), stroke_width=0)
        self.numbers = Numbers(np.zeros(n), np.append(centres, np.zeros((n, 1)), axis=1), 2, theme.SMALLEST_SIZE)
        super().__init__(self.axes, self.bars, self.numbers)
        self.show(np.zeros(n))

    def show(self, values: ArrayLike) -> Self:
        """Give the bars other values, (n,), from −1 to 1."""
        self.values = np.asarray(values, float)
        tips = self.y + self.values * self.reach
        self.bars.points[0::2, 1] = np.minimum(tips, self.y)
        self.bars.points[1::2, 1] = np.maximum(tips, self.y)
        self.numbers.set_values(self.values)
        away = np.where(self.values >= 0, self.TO_NUMBER, -self.TO_NUMBER)
        self.numbers.place(np.stack([self.x, tips + away, np.zeros(len(tips))], axis=1))
        if self.pitch < self.ROOM_FOR_NUMBERS:
            self.numbers.set_opacities(np.arange(len(tips)) == np.abs(self.values).argmax())
        return self

    def marked(self, place: int) -> Cells:
        """A copy of the bars with one of them, counted from 0, in the colour of answers."""
        bars = self.bars.copy()
        bars.colours[:] = rgb(theme.NEUTRAL)
        bars.colours[place] = rgb(theme.ANSWER)
        return bars
