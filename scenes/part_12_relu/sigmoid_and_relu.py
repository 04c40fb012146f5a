"""Sigmoid and ReLU on one stage: what each makes of a weighted sum, and how steep each is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from manim import (
    DOWN,
    LEFT,
    UP,
    Animation,
    Create,
    FadeIn,
    FadeOut,
    Group,
    MathTypst,
    Transform,
    VGroup,
    linear,
)

from network.analysis.depth import COMPARED, steepest
from scenes.kit import theme
from scenes.kit.animations.slide_tangents import SlideTangents
from scenes.kit.layout import FRAME_WIDTH, SAFE_MARGIN
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.function_plot import FunctionPlot
from scenes.kit.mobjects.tangents import Tangents
from scenes.kit.mobjects.text import Number, formula
from scenes.part_12_relu.two_functions import COLOURS, RELU, SIGMOID
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import function_name

# The functions are shown for z from −_REACH to _REACH; how many units of length 1 is on both axes.
_REACH, _UNIT = 4.0, 1.03
_PLOT_CENTRE = -2.0, 0.45
# In the column beside the plot: the heights of the weighted sum, of both definitions, and of the neuron.
_SUM_Y, _DEFINITIONS_Y, _NEURON_Y = 2.75, (1.35, 0.1), -1.45
# Where the point stops on the straight part of ReLU.
_CLIMB = 2.3


class SigmoidAndReLU(LessonScene):
    """Both functions on one stage, true to scale; what each does with z, and how steep each is."""

    def construct(self) -> None:
        self.plot = _stage(SIGMOID.function, "sigma(z)", COLOURS[0], (0, _REACH)).move_to((*_PLOT_CENTRE, 0))
        # The middle of the room to the right of the plot.
        self.column = (self.plot.axes.lines.get_right()[0] + 1.35 + FRAME_WIDTH / 2 - SAFE_MARGIN) / 2

        self.the_sigmoid()
        self.the_other()
        self.what_it_does()
        self.how_steep()
        self.the_slopes()
        self.end()

    def alternative_text(self) -> str:
        return (
            "The sigmoid and ReLU on one stage: ReLU is 0 below zero and z itself above. Then their slopes: that of "
            f"the sigmoid is at most {steepest(SIGMOID)[1]:.2f}, that of ReLU is 0 or 1."
        )

    def the_sigmoid(self) -> None:
        self.next_section("The sigmoid")
        plot = self.plot
        self.sum = self.weighted_sum().move_to((self.column, _SUM_Y, 0))
        self.definitions = VGroup(
            formula("sigma(z) = 1 / (1 + e^(-z))", 1.1 * theme.LABEL_SIZE, COLOURS[0]),
            formula('"ReLU"(z) = max(0, z)', 1.1 * theme.LABEL_SIZE, COLOURS[1]),
        )
        for shown, y in zip(self.definitions, _DEFINITIONS_Y, strict=True):
            shown.move_to((self.column, y, 0))
        with self.voiceover(
            "The sigmoid, σ, squishes a weighted sum z into 0 to 1.",
            moves="The S-shaped graph of the sigmoid is drawn, low and flat on a tall stage.",
        ):
            self.play(FadeIn(plot.axes, plot.zero_lines), FadeIn(self.sum))
            self.play(Create(plot.curves[0], run_time=theme.FLOW, rate_func=linear), FadeIn(self.definitions[0]))
            self.play(FadeIn(plot.labels[0]), run_time=theme.QUICK)

    def weighted_sum(self) -> MathTypst:
        """z = Wa + b, each symbol in its colour."""
        shown = formula(
            "{{ z : sum }} = {{ W : weights }} {{ a : activations }} + {{ b : bias }}", 1.25 * theme.LABEL_SIZE
        )
        for part, colour in (
            ("sum", theme.SUMS_SYMBOL),
            ("weights", theme.WEIGHTS_SYMBOL),
            ("activations", theme.ACTIVATIONS_SYMBOL),
            ("bias", theme.BIASES_SYMBOL),
        ):
            shown.select(part).set_color(colour)
        return shown

    def the_other(self) -> None:
        self.next_section("The other one")
        plot = self.plot
        plot.add_curve(RELU.function, formula('"ReLU"(z)', colour=COLOURS[1]), COLOURS[1])
        with self.voiceover(
            "That is old school. More common today is ReLU: max(0, z).",
            moves="A second graph is drawn: flat along zero, then straight up at 45 degrees.",
        ):
            self.play(Create(plot.curves[1], run_time=theme.FLOW, rate_func=linear), FadeIn(self.definitions[1]))
            self.play(FadeIn(plot.labels[1]), run_time=theme.QUICK)

    def what_it_does(self) -> None:
        self.next_section("What ReLU does")
        plot = self.plot
        plot.set_point(-_REACH, 1)
        self.marks = VGroup(plot.guides, plot.dot, plot.readout)
        self.neuron = Cells(
            [[self.column, _NEURON_Y, 0]], 1.15, 1, (0, 0, 0), stroke_colour=theme.NEURON_OUTLINE, stroke_width=3
        )
        with self.voiceover(
            "Below zero it is inactive: always 0. Above, it is z itself.",
            moves="A point runs along the flat part, and a neuron beside it stays dark; then the point climbs the "
            "straight part, and the neuron lights up.",
        ):
            self.play(FadeIn(self.marks), FadeIn(self.neuron))
            self.play(RunWithNeuron(plot, self.neuron, -_REACH, 0, run_time=1.4 * theme.FLOW))
            self.play(RunWithNeuron(plot, self.neuron, 0, _CLIMB, run_time=1.4 * theme.FLOW))

    def how_steep(self) -> None:
        self.next_section("How steep")
        reach = 0.75 * _REACH
        words = [f"slope of {function_name(name).with_article}" for name in COMPARED]
        self.tangents = Tangents(self.plot, (SIGMOID, RELU), words, COLOURS, -reach)
        with self.voiceover(
            "Learning follows slopes. How steep are these two?",
            moves="A short straight line glides along each graph and tells its slope.",
        ):
            self.play(FadeOut(self.marks), FadeOut(self.neuron), FadeIn(self.tangents))
            self.play(SlideTangents(self.tangents, -reach, reach))

    def the_slopes(self) -> None:
        self.next_section("The slopes")
        plot, most = self.plot, steepest(SIGMOID)
        slopes = _stage(SIGMOID.slope_at, "sigma'(z)", COLOURS[0], (0, 1))
        slopes.add_curve(RELU.slope_at, formula('"ReLU"\'(z)', colour=COLOURS[1]), COLOURS[1], kinks=(0, 1e-9)).shift(
            plot.axes.lines.points[0] - slopes.axes.lines.points[0]
        )
        Group(slopes.axes, slopes.zero_lines).set_z_index(-1)  # behind the curves, which are there already
        changes: list[Animation] = [
            Transform(a, b) for a, b in zip((*plot.curves, *plot.labels), (*slopes.curves, *slopes.labels), strict=True)
        ]
        with self.voiceover(
            f"The sigmoid's slope is at most {most[1]:.2f}. ReLU's is 0, then 1.",
            moves="Both graphs turn into the graphs of their slopes: a low hill, and a step from 0 to 1.",
        ):
            self.play(
                FadeOut(self.tangents),
                FadeOut(plot.axes, plot.zero_lines),
                FadeIn(slopes.axes, slopes.zero_lines),
                *changes,
            )
            top = slopes.axes.point(most[0], most[1])
            dot = Cells([top], 0.2, 1, (255, 255, 255), stroke_width=0)
            value = Number(most[1], 2, theme.LABEL_SIZE, COLOURS[0]).next_to(dot, UP, buff=0.18).shift(0.75 * LEFT)
            one = Number(float(RELU.slope_at(1.0)), 0, theme.LABEL_SIZE, COLOURS[1])
            one.next_to(slopes.axes.point(1.2, 1), DOWN, buff=0.2)
            self.play(FadeIn(dot, value, one))


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
    """A point runs along the second curve of a plot, and a neuron is as bright as the point is high, and white at 1."""

    def __init__(self, plot: FunctionPlot, neuron: Cells, start: float, stop: float, **options: Any) -> None:
        self.plot, self.neuron, self.start, self.stop = plot, neuron, start, stop
        super().__init__(Group(plot.guides, plot.dot, plot.readout, neuron), **options)

    def interpolate_mobject(self, alpha: float) -> None:
        z = self.start + (self.stop - self.start) * self.rate_func(alpha)
        self.plot.set_point(z, 1)
        self.neuron.set_brightness([float(self.plot.functions[1](z))])
