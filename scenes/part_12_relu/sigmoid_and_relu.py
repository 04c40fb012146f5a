"""Sigmoid and ReLU on one stage: what each makes of a weighted sum, and how steep each is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from manim import (
    Animation,
    Create,
    FadeIn,
    FadeOut,
    Group,
    Indicate,
    VGroup,
    VMobject,
    linear,
)

from network.analysis.depth import COMPARED, steepest
from scenes.kit import theme
from scenes.kit.animations.slide_tangents import SlideTangents
from scenes.kit.layout import FRAME_WIDTH, SAFE_MARGIN
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.function_plot import FunctionPlot
from scenes.kit.mobjects.tangents import Tangents
from scenes.kit.mobjects.text import Words, formula
from scenes.part_12_relu.two_functions import COLOURS, RELU, SIGMOID
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import function_name

# The functions are shown for z from −_REACH to _REACH; how many units of length 1 is on both axes.
_REACH, _UNIT = 4.0, 1.03
_PLOT_CENTRE = -2.0, 0.45
# Beside the plot: the heights of the function's name and of the neuron, and how large that is.
_NAME_Y, _NEURON_Y, _NEURON = -1.75, 0.45, 2.9
# The heights of the last numbers, of the sigmoid and of ReLU, and their size; and how bright the areas are.
_SLOPES_Y, _SLOPE_SIZE, _AREA = (-1.3, 1.6), 170, 0.2
# The width of the curves, and where the point stops on the straight part of ReLU.
_LINE, _CLIMB = 9, 2.3


class SigmoidAndReLU(LessonScene):
    """Both functions on one stage, true to scale; what each does with z, and how steep each is."""

    def construct(self) -> None:
        self.plot = _stage(SIGMOID.function, "sigma(z)", COLOURS[0], (0, _REACH)).move_to((*_PLOT_CENTRE, 0))
        self.plot.curves[0].set_stroke(width=_LINE)
        # The middle of the room to the right of the plot.
        self.column = (self.plot.axes.lines.get_right()[0] + 1.35 + FRAME_WIDTH / 2 - SAFE_MARGIN) / 2

        self.the_confession()
        self.what_it_does()
        self.how_steep()
        self.end()

    def alternative_text(self) -> str:
        return (
            "The sigmoid and ReLU on one stage: ReLU is 0 below zero and z itself above. Tangents glide along both: "
            f"the slope of the sigmoid is at most {steepest(SIGMOID)[1]:.2f}, that of ReLU is 0 or 1."
        )

    def the_confession(self) -> None:
        self.next_section("A confession")
        plot = self.plot
        self.neuron = Cells(
            [[self.column, _NEURON_Y, 0]], _NEURON, 1, (0, 0, 0), stroke_colour=theme.NEURON_OUTLINE, stroke_width=4
        )
        self.names = VGroup(
            Words("sigmoid", theme.TITLE_SIZE, COLOURS[0]), formula('"ReLU"(z) = max(0, z)', 50, COLOURS[1])
        )
        for shown in self.names:
            shown.move_to((self.column, _NAME_Y, 0))
        plot.set_point(-_REACH, 0)
        self.marks = VGroup(plot.guides, plot.dot, plot.readout)
        ours = self.network.activations[0]
        old = (
            "Before we go, a confession. The sigmoid is old school."
            if ours == "sigmoid"
            else "Before we go, a word on the function. Networks used to squash everything with the sigmoid."
        )
        with self.voiceover(
            f"{old} Today most people use something simpler: <bookmark mark='relu'/> ReLU, or a relative of it.",
            moves="The S-shaped graph of the sigmoid lies low and flat on a tall stage; a point runs along it, and a "
            "neuron beside it brightens. Then a second graph is drawn: flat along zero, then straight up.",
        ) as tracker:
            self.areas = VGroup(
                *(
                    self.area_below(function.function, colour)
                    for function, colour in zip((SIGMOID, RELU), COLOURS, strict=True)
                )
            )
            self.add(self.areas[0], plot.axes, plot.zero_lines, plot.curves[0], plot.labels[0])
            self.play(FadeIn(self.neuron, self.marks, self.names[0]), run_time=theme.QUICK)
            time = max(tracker.time_until_bookmark("relu"), 3 * theme.STEP)
            self.play(RunWithNeuron(plot, self.neuron, -_REACH, _REACH, 0, run_time=time))
            self.wait_until_bookmark("relu")
            plot.add_curve(RELU.function, formula('"ReLU"(z)', colour=COLOURS[1]), COLOURS[1])
            plot.curves[1].set_stroke(width=_LINE)
            self.play(
                FadeOut(self.marks, self.names[0]),
                self.neuron.animate.set_brightness([0.0]),
                Create(plot.curves[1], rate_func=linear),
            )
            self.bring_to_back(self.areas[1])
            self.play(FadeIn(plot.labels[1], self.names[1], self.areas[1]), run_time=theme.QUICK)

    def area_below(self, function: Callable[[Any], Any], colour: str) -> VMobject:
        """The area between a function's graph and zero."""
        z = np.linspace(-_REACH, _REACH, 161)
        point = self.plot.axes.point
        area = VMobject(stroke_width=0).set_fill(colour, _AREA)
        return area.set_points_as_corners(
            [point(-_REACH, 0), *point(z, function(z)), point(_REACH, 0), point(-_REACH, 0)]
        )

    def what_it_does(self) -> None:
        self.next_section("What ReLU does")
        plot = self.plot
        plot.set_point(-_REACH, 1)
        self.marks = VGroup(plot.guides, plot.dot, plot.readout)
        with self.voiceover(
            "Below zero it's zero, like a cell that stays silent until it's pushed hard enough. "
            "<bookmark mark='itself'/> Above, it's the sum itself, even past one.",
            moves="A point runs along the flat part, and a neuron beside it stays dark; then the point climbs the "
            "straight part, and the neuron lights up.",
        ) as tracker:
            self.play(FadeIn(self.marks), run_time=0.3)
            self.play(
                RunWithNeuron(plot, self.neuron, -_REACH, 0, 1, run_time=tracker.time_until_bookmark("itself", limit=4))
            )
            self.wait_until_bookmark("itself")
            self.play(RunWithNeuron(plot, self.neuron, 0, _CLIMB, 1, run_time=1.9))

    def how_steep(self) -> None:
        self.next_section("How steep")
        reach, most = 0.75 * _REACH, steepest(SIGMOID)[1]
        words = [f"slope of {function_name(name).with_article}" for name in COMPARED]
        self.tangents = Tangents(self.plot, (SIGMOID, RELU), words, COLOURS, -reach)
        quarter = "a quarter" if abs(most - 0.25) < 0.005 else f"{most:.2f}"
        with self.voiceover(
            "Why is that better? Learning feels its way, and on flat ground you feel nothing. The sigmoid is never "
            "steeper than "
            f"<bookmark mark='quarter'/> {quarter}. <bookmark mark='one'/> ReLU has a slope of one wherever it's "
            "awake.",
            moves="A short straight line glides along each graph, with its slope in figures: up to a quarter on the "
            "sigmoid, 0 and then 1 on ReLU.",
        ) as tracker:
            self.play(FadeOut(self.marks), FadeOut(self.neuron, self.names[1]), FadeIn(self.tangents))
            self.play(
                SlideTangents(
                    self.tangents, -reach, steepest(SIGMOID)[0], run_time=tracker.time_until_bookmark("quarter")
                )
            )
            self.play(self.steepest_of(0, most), Indicate(self.tangents.numbers[0], 1.5, COLOURS[0]))
            self.wait_until_bookmark("one")
            self.play(SlideTangents(self.tangents, steepest(SIGMOID)[0] + 0.01, reach, run_time=1.2))
            self.play(self.steepest_of(1, steepest(RELU)[1]), Indicate(self.tangents.numbers[1], 1.5, COLOURS[1]))

    def steepest_of(self, kind: int, slope: float) -> Animation:
        """The greatest slope of a function appears, in large type beside the plot."""
        number = Words(f"{slope:.2f}".rstrip("0").rstrip("."), _SLOPE_SIZE, COLOURS[kind])
        return FadeIn(number.move_to((self.column, _SLOPES_Y[kind], 0)), target_position=self.tangents.numbers[kind])


def _stage(function: Callable[[Any], Any], label: str, colour: str, y_range: tuple[float, float]) -> FunctionPlot:
    """A stage for functions of z. With the y range (0, _REACH), both axes have the same scale."""
    return FunctionPlot(
        function,
        (-_REACH, _REACH),
        y_range,
        formula(label, colour=colour),
        formula("z", colour=theme.SUMS_SYMBOL),
        colour,
        width=2 * _REACH * _UNIT,
        height=_REACH * _UNIT,
    )


class RunWithNeuron(Animation):
    """A point runs along a curve of a plot, and a neuron is as bright as the point is high, and white at 1."""

    def __init__(
        self, plot: FunctionPlot, neuron: Cells, start: float, stop: float, curve: int, **options: Any
    ) -> None:
        self.plot, self.neuron, self.start, self.stop, self.curve = plot, neuron, start, stop, curve
        super().__init__(Group(plot.guides, plot.dot, plot.readout, neuron), **options)

    def interpolate_mobject(self, alpha: float) -> None:
        z = self.start + (self.stop - self.start) * self.rate_func(alpha)
        self.plot.set_point(z, self.curve)
        self.neuron.set_brightness([float(self.plot.functions[self.curve](z))])
