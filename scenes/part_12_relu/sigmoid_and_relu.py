"""Sigmoid and ReLU on one stage: what each makes of a weighted sum, and how steep each is."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from manim import (
    DOWN,
    Animation,
    Create,
    FadeIn,
    FadeOut,
    Group,
    Indicate,
    VGroup,
    linear,
)

from network.analysis.depth import steepest
from scenes.kit import theme
from scenes.kit.animations.slide_tangents import SlideTangents
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.function_plot import FunctionPlot
from scenes.kit.mobjects.text import Words, formula, size_that_fits, words_that_fit
from scenes.language import _, together
from scenes.part_12_relu.two_functions import COLOURS, SIGMOID, names
from scenes.part_12_relu.two_graphs import REACH, REACH_OF_TANGENTS, TwoGraphs
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import number

# Beside the plot: the heights of the function's name and of the neuron, how large that is, and the name's room.
_NAME_Y, _NEURON_Y, _NEURON, _NAME_ROOM = -1.55, 0.75, 2.5, 2.9
# Where the point stops on the straight part of ReLU.
_CLIMB = 2.3


class SigmoidAndReLU(LessonScene):
    """Both functions on one stage, true to scale; what each does with z, and how steep each is."""

    def construct(self) -> None:
        self.graphs = TwoGraphs()
        self.plot, self.column = self.graphs.plot, self.graphs.column

        self.old_school()
        self.what_it_does()
        self.how_steep()
        self.end()

    def alternative_text(self) -> str:
        return _(
            "The sigmoid and ReLU on one stage: ReLU is 0 below zero and the sum itself above. Tangents glide along "
            "both: the slope of the sigmoid is at most {most}, that of ReLU is 0 or 1.",
            most=number(self.steepest[1], 2),
        )

    @cached_property
    def steepest(self) -> tuple[float, float]:
        """The sum at which the sigmoid is steepest, and its slope there."""
        return steepest(SIGMOID)

    def old_school(self) -> None:
        self.next_section(_("Old school"))
        plot = self.plot
        self.neuron = Cells(
            [[self.column, _NEURON_Y, 0]], _NEURON, 1, (0, 0, 0), stroke_colour=theme.NEURON_OUTLINE, stroke_width=4
        )
        name = names()[0]
        size = size_that_fits([name], _NAME_ROOM, theme.TITLE_SIZE)
        rule = formula(f'max(0, "{_("sum")}")', 50, COLOURS[1])
        rule.scale(min(1, _NAME_ROOM / rule.width))
        spelled = words_that_fit(_("rectified linear unit"), _NAME_ROOM, theme.CAPTION_SIZE, COLOURS[1])
        self.names = VGroup(Words(name, size, COLOURS[0]), VGroup(rule, spelled).arrange(DOWN, buff=0.2))
        for shown in self.names:
            shown.move_to((self.column, _NAME_Y, 0))
        plot.set_point(-REACH, 0)
        self.marks = VGroup(plot.guides, plot.dot, plot.readout)
        ours = self.network.activations[0]
        old = (
            _("One last thing: the sigmoid is old school.")
            if ours == "sigmoid"
            else _("One last thing: networks used to squash everything with the sigmoid.")
        )
        with self.voiceover(
            together(old, _("Today most people use <bookmark mark='relu'/> ReLU, or a relative of it.")),
            moves=_(
                "The S-shaped graph of the sigmoid lies low and flat on a tall stage; a point runs along it, and a "
                "neuron beside it brightens. Then a second graph is drawn: flat along zero, then straight up."
            ),
        ) as tracker:
            self.add(self.graphs.areas[0], plot.axes, plot.zero_lines, plot.curves[0], plot.labels[0])
            self.play(FadeIn(self.neuron, self.marks, self.names[0]), run_time=theme.QUICK)
            time = max(tracker.time_until_bookmark("relu"), 3 * theme.STEP)
            self.play(RunWithNeuron(plot, self.neuron, -REACH, REACH, 0, run_time=time))
            self.wait_until_bookmark("relu")
            self.graphs.add_relu()
            self.play(
                FadeOut(self.marks, self.names[0]),
                self.neuron.animate.set_brightness([0.0]),
                Create(plot.curves[1], rate_func=linear),
            )
            self.bring_to_back(self.graphs.areas[1])
            self.play(FadeIn(plot.labels[1], self.names[1], self.graphs.areas[1]), run_time=theme.QUICK)

    def what_it_does(self) -> None:
        self.next_section(_("What ReLU does"))
        plot = self.plot
        plot.set_point(-REACH, 1)
        self.marks = VGroup(plot.guides, plot.dot, plot.readout)
        with self.voiceover(
            _(
                "Below zero it's zero, like a cell that stays silent until it's pushed hard enough. "
                "<bookmark mark='itself'/> Above, it's the sum itself, and that may go beyond one."
            ),
            moves=_(
                "A point runs along the flat part, and a neuron beside it stays dark; then the point climbs the "
                "straight part, and the neuron lights up."
            ),
        ) as tracker:
            self.play(FadeIn(self.marks), run_time=0.3)
            self.play(
                RunWithNeuron(plot, self.neuron, -REACH, 0, 1, run_time=tracker.time_until_bookmark("itself", limit=4))
            )
            self.wait_until_bookmark("itself")
            self.play(RunWithNeuron(plot, self.neuron, 0, _CLIMB, 1, run_time=1.9))

    def how_steep(self) -> None:
        self.next_section(_("How steep"))
        where, most = self.steepest
        self.tangents = self.graphs.tangents(-REACH_OF_TANGENTS)
        with self.voiceover(
            together(
                _("Why is that better? Where a curve is flat, a knob changes nothing and can't learn."),
                _("The sigmoid is never steeper than <bookmark mark='quarter'/> a quarter.")
                if abs(most - 0.25) < 0.005
                else _("The sigmoid is never steeper than <bookmark mark='quarter'/> {most}.", most=number(most, 2)),
                _("<bookmark mark='one'/> ReLU has a slope of one wherever it's awake."),
            ),
            moves=_(
                "A short straight line glides along each graph, with its slope in figures: up to a quarter on the "
                "sigmoid, 0 and then 1 on ReLU."
            ),
        ) as tracker:
            self.play(FadeOut(self.marks), FadeOut(self.neuron, self.names[1]), FadeIn(self.tangents))
            self.play(
                SlideTangents(
                    self.tangents,
                    -REACH_OF_TANGENTS,
                    where,
                    run_time=tracker.time_until_bookmark("quarter"),
                )
            )
            self.play(self.steepest_of(0), Indicate(self.tangents.numbers[0], 1.5, COLOURS[0]))
            self.wait_until_bookmark("one")
            self.play(SlideTangents(self.tangents, where + 0.01, REACH_OF_TANGENTS, run_time=1.2))
            self.play(self.steepest_of(1), Indicate(self.tangents.numbers[1], 1.5, COLOURS[1]))

    def steepest_of(self, kind: int) -> Animation:
        """The greatest slope of a function appears, in large type beside the plot."""
        return FadeIn(self.graphs.steepest_of(kind), scale=0.5)


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
