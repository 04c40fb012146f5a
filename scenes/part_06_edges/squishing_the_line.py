"""SquishingTheLine: the sigmoid takes every number to a place between 0 and 1; only large ones end up near 1."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Circle,
    Create,
    FadeIn,
    FadeOut,
    Group,
    Transform,
    VGroup,
    VMobject,
    linear,
    smooth,
    squish_rate_func,
)

from network.network import ACTIVATIONS
from scenes.kit import theme
from scenes.kit.animations.follow_function import FollowFunction
from scenes.kit.animations.run_along import RunAlong
from scenes.kit.animations.squish import Squish
from scenes.kit.layout import STAGE_MIDDLE
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.function_plot import FunctionPlot
from scenes.kit.mobjects.number_line import NumberLineSquish
from scenes.kit.mobjects.text import Number, formula
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import function_name, number


class SquishingTheLine(LessonScene):
    """The sigmoid squishes all numbers into 0 to 1; then its graph, with a point that runs along it."""

    @property
    def sigmoid(self) -> Callable[[Any], Any]:
        return ACTIVATIONS["sigmoid"].function

    def construct(self) -> None:
        self.any_number()
        self.the_squish()
        self.only_large_sums()
        self.the_graph()
        self.end()

    def alternative_text(self) -> str:
        return (
            "A number line is squished into the stretch from 0 to 1: every number n goes to σ(n). "
            f"1 lands at {self._at(1)}, 6 at {self._at(6, 3)}. Then the same as a graph, an S between 0 and 1."
        )

    def _at(self, z: float, places: int = 2) -> str:
        """Where a number lands, in figures."""
        return number(self.sigmoid(z), places)

    def any_number(self) -> None:
        self.next_section("Any number")
        self.line = NumberLineSquish(self.sigmoid, np.arange(-6, 7))
        upper = Group(self.line.line, self.line.tips, self.line.moving_line, self.line.dots, self.line.labels)
        with self.voiceover(
            "A weighted sum can be any number; we want activations between 0 and 1.",
            moves="A number line appears, with the numbers from −6 to 6; beneath it a shorter line, from 0 to 1.",
        ):
            self.play(FadeIn(upper))
            self.wait(theme.STEP)
            self.play(FadeIn(VGroup(self.line.stretch_line, self.line.ends)))
            self.remove(*upper)
            self.add(self.line)

    def the_squish(self) -> None:
        self.next_section("The squish")
        with self.voiceover(
            "The sigmoid σ squishes the whole line: n lands at σ(n).",
            moves="Every number goes down to its place between 0 and 1; the outer ones crowd at the ends.",
        ):
            self.play(Squish(self.line, run_time=2 * theme.FLOW))

    def only_large_sums(self) -> None:
        self.next_section("Only large sums")
        one = self.line.point(1.0)
        ring = Circle(0.16, color=theme.ANSWER, stroke_width=theme.MARK_WIDTH).move_to(one)
        value = Number(float(self.sigmoid(1.0)), places=2, colour=theme.ANSWER)
        value.next_to(ring, UP, buff=0.35)
        value.set_stroke(theme.BACKGROUND, 10, background=True)
        name = formula("sigma(1) =", colour=theme.ANSWER).next_to(value, LEFT, buff=0.15)
        name.set_stroke(theme.BACKGROUND, 10, background=True)
        with self.voiceover(
            f"Only large sums end up near 1: σ(1) is {self._at(1)}.", moves="A ring marks where 1 has landed."
        ):
            self.play(FadeOut(self.line.trails))
            self.play(Create(ring), FadeIn(VGroup(name, value)))
        self.marked = Group(ring, name, value)

    def the_graph(self) -> None:
        self.next_section("The graph")
        plot, name, neuron = self.plot_and_neuron()
        self.plot = plot
        with self.voiceover(
            "As a graph: the larger the weighted sum z, the brighter the neuron.",
            moves="The squished line turns upright and becomes one axis, the line above sinks and becomes the other. "
            "Each dot goes to above its number, the S-shaped graph is drawn through them; a point runs along it, and a "
            "neuron beside it lights up with it.",
        ):
            self.play(FadeOut(self.marked), FadeOut(self.line.threads))
            self.lines_become_axes()
            self.dots_to_above_their_numbers()
            self.play(Create(plot.curves[0], run_time=theme.FLOW, rate_func=linear), FadeIn(name))
            self.play(
                FadeOut(self.line.dots, self.ways),
                FadeIn(plot.labels, plot.guides, plot.dot, plot.readout, neuron),
                run_time=theme.QUICK,
            )
            self.add(plot)
            self.play(RunAlong(plot, -6, 5), FollowFunction(neuron, self.sigmoid, -6, 5))
        others = sorted({name for name in self.network.activations[:-1] if name != "sigmoid"})
        if others:
            names = " and ".join(function_name(name).with_article for name in others)
            with self.voiceover(f"The hidden layers of this network use {names} instead.", moves="The graph stands."):
                pass

    def plot_and_neuron(self) -> tuple[FunctionPlot, VMobject, Cells]:
        """The graph with its point at the left end, the formula of the sigmoid, and a neuron, still dark."""
        plot = FunctionPlot(
            self.sigmoid,
            (-6, 6),
            (0, 1),
            formula("sigma(z)", colour=theme.ANSWER),
            formula("z", colour=theme.SUMS_SYMBOL),
            colour=theme.ANSWER,
            asymptotes=1,
            width=9.4,
            height=4.1,
            x_ticks=self.line.values,
        )
        name = formula("sigma(z) = 1 / (1 + e^(-z))", 1.3 * theme.LABEL_SIZE, theme.ANSWER)
        plot.move_to((-0.7, STAGE_MIDDLE, 0))
        for part in name.family_members_with_points():
            if part.get_fill_opacity() == 0:  # the bar of the fraction, which is set as a hairline
                part.set_stroke(theme.ANSWER, 2.5)
        neuron = Cells([[0, 0, 0]], 1.1, 1, stroke_colour=theme.NEURON_OUTLINE, stroke_width=3).set_brightness([0.0])
        neuron.next_to(plot.axes.lines, RIGHT, buff=0.75)
        plot.set_point(-6)
        # Here no guides cross them.
        name.next_to(neuron, UP, buff=0.35)
        plot.readout.next_to(neuron, DOWN, buff=0.35)
        return plot, name, neuron

    def lines_become_axes(self) -> None:
        """The squished line, with its dots, turns upright; then the line above sinks, and the numbers come to it."""
        line, axes = self.line, self.plot.axes
        left = axes.x_range[0]
        upright = _axis(line.moving_line, axes.point(left, [0, 1]), axes.point(left, self.sigmoid(line.marks)))
        dots = line.dots.copy().place(axes.point(left, self.sigmoid(line.values)), 2 * line.dots.radii)
        self.play(
            Transform(line.moving_line, upright),
            Transform(line.dots, dots),
            *(
                FadeOut(end, target_position=axes.point(left, share) + 0.3 * LEFT)
                for share, end in enumerate(line.ends)
            ),
            FadeOut(line.stretch_line, run_time=theme.QUICK),
        )
        level = _axis(line.line, axes.point(axes.x_range, 0), axes.point(line.marks, 0))
        numbers = VGroup(
            *(
                Number(n, size=theme.NOTE_SIZE, colour=theme.QUIET_TEXT).next_to(axes.point(n, 0), DOWN, buff=0.2)
                for n in line.values[line.labelled]
            )
        )
        self.play(
            Transform(line.line, level),
            FadeOut(line.tips, run_time=theme.QUICK),
            Transform(line.labels, numbers),
            FadeIn(self.plot.zero_lines, axes, self.plot.asymptotes, rate_func=squish_rate_func(smooth, 0.7, 1)),
        )
        self.remove(line.moving_line, line.line, line.labels)

    def dots_to_above_their_numbers(self) -> None:
        """Every dot goes from its height on the upright axis to above its number on the level one."""
        line, point = self.line, self.plot.axes.point
        n, height = line.values, self.sigmoid(line.values)
        places = point(n, height)
        self.ways = VMobject(stroke_color=theme.NEURON_OUTLINE, stroke_width=1.5)
        feet = np.concatenate([point(self.plot.axes.x_range[0], height), point(n, 0)])
        ways = self.ways.copy()
        self.ways.points = np.repeat(feet, 4, axis=0)
        shares = np.linspace(0, 1, 4)[:, None]
        ends = np.concatenate([places, places])
        ways.points = np.concatenate([foot + shares * (end - foot) for foot, end in zip(feet, ends, strict=True)])
        dots = line.dots.copy().place(places, 2 * line.dots.radii)
        self.remove(line.dots)
        self.play(Transform(self.ways, ways), Transform(line.dots, dots), run_time=1.25 * theme.STEP)


def _axis(line: VMobject, ends: np.ndarray, marks: np.ndarray) -> VMobject:
    """A copy of a line with marks across it that lies between other ends, (2, 3); its marks, (n, 3), have no length."""
    axis = line.copy().set_stroke(theme.NEURON_OUTLINE, 2)
    axis.points = np.concatenate([np.linspace(ends[0], ends[1], 4), np.repeat(marks, 4, axis=0)])
    return axis
