"""The graphs of both functions on one stage, with their slopes.

With the end of it one scene ends, and the next begins.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from manim import RIGHT, Group, VGroup, VMobject

from network.analysis.depth import steepest
from scenes.kit import theme
from scenes.kit.layout import FRAME_WIDTH, SAFE_MARGIN
from scenes.kit.mobjects.function_plot import FunctionPlot
from scenes.kit.mobjects.tangents import Tangents
from scenes.kit.mobjects.text import Words
from scenes.language import _
from scenes.part_12_relu.two_functions import COLOURS, RELU, SIGMOID, names
from scenes.wording import number

# The functions are shown for sums from −REACH to REACH; how many units of length 1 is on both axes.
REACH, _UNIT = 4.0, 1.1
_PLOT_Y = 0.5
# How much larger than usual the type of the plot is.
_LARGER = 1.2
# The heights of the last numbers, of the sigmoid and of ReLU, and their size; and how bright the areas are.
_SLOPES_Y, _SLOPE_SIZE, _AREA = (-1.3, 1.6), 170, 0.2
# The width of the curves.
_LINE = 9
# Tangents glide from −z to z.
REACH_OF_TANGENTS = 0.75 * REACH


class TwoGraphs:
    """A plot with the graph of the sigmoid, to which that of ReLU comes later.

    areas: below each graph. column: the middle of the room to the right of the plot.
    """

    def __init__(self) -> None:
        self.plot = plot = _stage(SIGMOID.function, names()[0], COLOURS[0], (0, REACH)).move_to((0, _PLOT_Y, 0))
        plot.shift((SAFE_MARGIN - FRAME_WIDTH / 2 - plot.axes.get_left()[0]) * RIGHT)
        plot.curves[0].set_stroke(width=_LINE)
        self.column = (plot.axes.lines.get_right()[0] + 1.35 + FRAME_WIDTH / 2 - SAFE_MARGIN) / 2
        self.areas = VGroup(
            *(
                self.area_below(function.function, colour)
                for function, colour in zip((SIGMOID, RELU), COLOURS, strict=True)
            )
        )

    def add_relu(self) -> None:
        """Add the graph of ReLU to the plot."""
        self.plot.add_curve(RELU.function, names()[1], COLOURS[1])
        self.plot.curves[1].set_stroke(width=_LINE)

    def tangents(self, z: float) -> Tangents:
        """A tangent to each graph."""
        words = [_("slope of the sigmoid"), _("slope of ReLU")]
        return Tangents(self.plot, (SIGMOID, RELU), words, COLOURS, z)

    def steepest_of(self, kind: int) -> Words:
        """The greatest slope of a function, in large type beside the plot."""
        slope = steepest((SIGMOID, RELU)[kind])[1]
        shown = Words(number(slope, 0 if slope.is_integer() else 2), _SLOPE_SIZE, COLOURS[kind])
        return shown.move_to((self.column, _SLOPES_Y[kind], 0))

    def at_the_end(self) -> Group:
        """All of it, with tangents at the right."""
        self.add_relu()
        plot = self.plot
        numbers = (self.steepest_of(kind) for kind in (0, 1))
        drawn = [plot.axes, plot.zero_lines, *plot.curves, *plot.labels]
        return Group(*self.areas[::-1], *drawn, self.tangents(REACH_OF_TANGENTS), *numbers)

    def area_below(self, function: Callable[[Any], Any], colour: str) -> VMobject:
        """The area between a function's graph and zero."""
        z = np.linspace(-REACH, REACH, 161)
        point = self.plot.axes.point
        area = VMobject(stroke_width=0).set_fill(colour, _AREA)
        return area.set_points_as_corners([point(-REACH, 0), *point(z, function(z)), point(REACH, 0), point(-REACH, 0)])


def _stage(function: Callable[[Any], Any], label: str, colour: str, y_range: tuple[float, float]) -> FunctionPlot:
    """A stage for functions of the sum. With the y range (0, REACH), both axes have the same scale."""
    plot = FunctionPlot(
        function,
        (-REACH, REACH),
        y_range,
        label,
        Words(_("sum"), theme.LABEL_SIZE, theme.SUMS_SYMBOL),
        colour,
        width=2 * REACH * _UNIT / _LARGER,
        height=REACH * _UNIT / _LARGER,
    )
    return plot.scale(_LARGER)
