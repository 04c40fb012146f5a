"""Short tangents to the curves of a plot, with their slopes in figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np
from manim import LEFT, UP, VGroup, VMobject

from network.network import Activation
from scenes.kit import theme
from scenes.kit.mobjects.function_plot import FunctionPlot
from scenes.kit.mobjects.text import Number, Words

# In the upper left corner of the plot: the place of the first line of words, and the step to the next.
_FIRST_WORDS, _NEXT_WORDS = (0.35, -0.45), -0.6


class Tangents(VGroup):
    """A short tangent to each curve of a plot, and in the plot's upper left corner their slopes in figures.

    activations: the functions, in the order of the curves. words, colours: the words before each slope, in its colour.
    lines, words, numbers: of each curve.

    >>> from network.network import ACTIVATIONS
    >>> sigmoid = ACTIVATIONS["sigmoid"]
    >>> plot = FunctionPlot(sigmoid.function, (-4, 4), (0, 2))
    >>> Tangents(plot, [sigmoid], ["slope of the sigmoid"], [theme.ANSWER], z=1)
    """

    HALF_LENGTH = 0.95

    def __init__(
        self,
        plot: FunctionPlot,
        activations: Sequence[Activation],
        words: Sequence[str],
        colours: Sequence[str],
        z: float = 0.0,
    ) -> None:
        super().__init__()
        self.plot, self.activations = plot, activations
        self.lines = VGroup(*(VMobject(stroke_color=theme.TEXT, stroke_width=7) for _ in activations))
        self.words = VGroup()
        corner = plot.axes.point(plot.axes.x_range[0], plot.axes.y_range[1])
        (x, y), step = _FIRST_WORDS, _NEXT_WORDS
        for place, (text, colour) in enumerate(zip(words, colours, strict=True)):
            said = Words(text, theme.CAPTION_SIZE, colour)
            self.words.add(said.move_to(corner + np.array([x, y + step * place, 0]), aligned_edge=LEFT))
        self.numbers = VGroup(*(Number(0, 2, theme.CAPTION_SIZE) for _ in activations))
        edge = max(said.get_right()[0] for said in self.words) + 0.3
        for said, number in zip(self.words, self.numbers, strict=True):
            number.move_to((edge, said.get_top()[1] - 0.02, 0), aligned_edge=LEFT + UP)
        self.add(self.lines, self.words, self.numbers)
        self.set_z(z)

    def set_z(self, z: float) -> Self:
        """Touch the curves at another z."""
        right = self.plot.axes.point(1, 0) - self.plot.axes.point(0, 0)
        up = self.plot.axes.point(0, 1) - self.plot.axes.point(0, 0)
        for activation, line, number in zip(self.activations, self.lines, self.numbers, strict=True):
            slope = float(activation.slope_at(z))
            middle = self.plot.axes.point(z, activation.function(np.float64(z)))
            along = right + slope * up
            reach = self.HALF_LENGTH * along / np.linalg.norm(along)
            # It ends where the plot does, at the foot.
            foot = self.plot.axes.point(z, self.plot.axes.y_range[0])[1]
            back = min((middle[1] - foot) / reach[1], 1) if reach[1] > 0 else 1
            line.set_points_as_corners([middle - max(back, 0) * reach, middle + reach])
            number.set_value(slope)
        return self
