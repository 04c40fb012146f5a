"""SquishingTheLine: the sums of real pictures along a line, and the sigmoid that squashes it into 0 to 1."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from manim import (
    DOWN,
    RIGHT,
    Animation,
    Create,
    FadeIn,
    FadeOut,
    Group,
    Indicate,
    Line,
    Transform,
    VGroup,
    linear,
)

from network.analysis.gate import Gate, first_of, gate
from network.network import ACTIVATIONS, Array
from scenes.kit import theme
from scenes.kit.layout import in_rows
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.symbols import Symbol
from scenes.kit.mobjects.text import Number, Words, formula
from scenes.part_06_edges.sums_graph import DropDots, SumsGraph, ZoomSums, reach_of
from scenes.part_06_edges.thumbnails import MoveThumbnails, Thumbnails
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import function_name, number


class SquishingTheLine(LessonScene):
    """Real sums drop onto a line; the sigmoid squashes them into 0 to 1, steadily around zero."""

    # How many pictures drop onto the line, and how many of them are seen as pictures.
    DOTS, PICTURES = 200, 14
    # The stretch around zero that is shown large.
    NEAR = (-6.0, 6.0)
    NEURON_X, NEURON_SIZE = 5.3, 2.3

    @cached_property
    def gate(self) -> Gate:
        return gate(self.digits(), True)

    @cached_property
    def indices(self) -> Any:
        """The first pictures of the test set."""
        return first_of(self.digits(), self.DOTS)

    @property
    def sums(self) -> Array:
        """Their weighted sums for the edge detector."""
        return self.gate.sums[self.indices]

    def sigmoid(self, z: float) -> float:
        return float(ACTIVATIONS["sigmoid"].function(np.array(z)))

    def construct(self) -> None:
        self.any_number()
        self.the_sigmoid()
        self.both_ends()
        self.around_zero()
        self.not_a_little()
        self.other_functions()
        self.end()

    def alternative_text(self) -> str:
        return (
            f"The weighted sums of {len(self.indices)} test pictures, from {number(self.sums.min(), 1)} to "
            f"{number(self.sums.max(), 1)}, drop onto a line as dots. The sigmoid runs over them, an S from 0 to 1, "
            f"and lights those whose sums are positive. σ(1) is {number(self.sigmoid(1), 2)}."
        )

    def any_number(self) -> None:
        self.next_section("Any number")
        self.graph = SumsGraph(self.sums, reach_of(self.gate.sums))
        graph = self.graph
        graph.axes.y_numbers.set_opacity(0)
        dots = graph.dots
        dots.set_brightness(np.full(len(dots), 0.6))
        images = self.digits().vectors[self.indices[: self.PICTURES]]
        x = graph.place(self.sums[: self.PICTURES], 0)[:, 0]
        rows, step = in_rows(len(images), (graph.CENTRE[0], 2.2), graph.WIDTH, 2.8)
        pictures = Thumbnails(images, rows, 0.95 * step)
        feet = graph.dots.centres[: len(images), 1]
        least, most = (number(value, 0) for value in (self.sums.min(), self.sums.max()))
        with self.voiceover(
            "There's one problem. Such a sum <bookmark mark='drop'/> can be any number. For these pictures they run "
            f"from {least} to {most}. But a neuron holds a number <bookmark mark='small'/> between zero and one.",
            moves="Digits shrink and drop onto a line, each at its weighted sum. Many more follow as dots and make a "
            "heap. A scale from 0 to 1 appears at its left.",
        ) as tracker:
            self.play(FadeIn(pictures), FadeIn(graph.axes), run_time=theme.QUICK)
            self.wait_until_bookmark("drop")
            down = np.stack([x, feet], axis=1)
            run_time = max(tracker.time_until_bookmark("small"), 2 * theme.STEP)
            self.play(
                MoveThumbnails(pictures, down, graph.dot_size(), lag=0.6, run_time=0.7 * run_time),
                DropDots(graph, lit=False, run_time=run_time),
            )
            self.remove(pictures)
            numbers = graph.axes.y_numbers.copy().set_opacity(1)
            self.play(Transform(graph.axes.y_numbers, numbers), run_time=theme.QUICK)
            self.play(Indicate(graph.axes.y_numbers, 1.25, theme.ANSWER))

    def line_and_space(self) -> tuple[Line, Line]:
        """The whole line of sums, and the space between 0 and 1 beside it, as thick strokes."""
        place, (low, high) = self.graph.place, self.graph.reach
        line, space = ([low, high], [0, 0]), ([low, low], [0, 1])
        first, second = (Line(*place(*ends), color=theme.ANSWER, stroke_width=9) for ends in (line, space))
        return first, second

    def the_sigmoid(self) -> None:
        self.next_section("The sigmoid")
        self.name = formula("sigma(z) = 1 / (1 + e^(-z))", 1.25 * theme.CAPTION_SIZE, theme.ANSWER)
        self.title = Words("sigmoid", theme.TITLE_SIZE, theme.ANSWER)
        self.title.move_to((self.NEURON_X, 2.85, 0))
        self.name.next_to(self.title, DOWN, buff=0.3)
        with self.voiceover(
            "So we have to squash the whole line <bookmark mark='squash'/> into that little space. "
            "<bookmark mark='curve'/> The classic way is a curve called the sigmoid; "
            "<bookmark mark='logistic'/> some say logistic curve.",
            moves="A curve is drawn over the heap, from 0 on the left to 1 on the right, and its formula appears.",
        ):
            line, space = self.line_and_space()
            self.play(Create(line))
            self.wait_until_bookmark("squash")
            self.play(Transform(line, space, path_arc=1.2), run_time=theme.FLOW)
            self.wait_until_bookmark("curve")
            self.play(
                FadeOut(line),
                Create(self.graph.curve, rate_func=linear),
                FadeIn(self.title),
                run_time=theme.FLOW,
            )
            self.wait_until_bookmark("logistic")
            self.play(FadeIn(self.name, shift=0.2 * DOWN))

    def both_ends(self) -> None:
        self.next_section("Both ends")
        graph = self.graph
        with self.voiceover(
            "<bookmark mark='low'/> Very negative sums end up close to zero, "
            "<bookmark mark='high'/> very positive ones close to one.",
            moves="To the left of zero the dots go dark; to the right they light up.",
        ):
            for mark, chosen in (("low", graph.sums < 0), ("high", graph.sums >= 0)):
                self.wait_until_bookmark(mark)
                lit = graph.dots.copy()
                shares = ACTIVATIONS["sigmoid"].function(graph.sums)[:, None]
                lit.colours[chosen] = (255 * shares)[chosen].astype(np.float32)
                self.play(Transform(graph.dots, lit), run_time=theme.FLOW)
            graph.show()

    def around_zero(self) -> None:
        self.next_section("Around zero")
        graph = self.graph
        self.point = RunningPoint(graph, self.NEURON_X, self.NEURON_SIZE)
        far = graph.axes
        near = graph.axes_over(self.NEAR)
        with self.voiceover(
            "Come closer, and around zero it climbs steadily. <bookmark mark='run'/> So how bright the neuron gets "
            "tells you how positive the sum is.",
            moves="The stretch around zero grows until it fills the axis; the curve becomes a gentle S. A point runs "
            "up along it, and a neuron on the right lights up with it.",
        ) as tracker:
            self.play(
                ZoomSums(graph, self.NEAR),
                FadeOut(far.x_numbers, run_time=theme.QUICK),
                FadeIn(near.x_numbers),
                run_time=theme.FLOW,
            )
            far.x_numbers.become(near.x_numbers)
            self.remove(near.x_numbers)
            self.add(graph)
            self.point.show(self.NEAR[0])
            self.play(FadeIn(self.point), run_time=theme.QUICK)
            self.wait_until_bookmark("run")
            run_time = max(tracker.get_remaining_duration(), 2 * theme.STEP)
            self.play(RunPoint(self.point, self.NEAR[0], 5.5), run_time=run_time)

    def not_a_little(self) -> None:
        self.next_section("Not a little")
        with self.voiceover(
            "But being a little positive isn't enough to shine: <bookmark mark='one'/> sigmoid of one is only "
            f"{number(self.sigmoid(1), 2)}.",
            moves=f"The point runs back to 1; the neuron dims to {number(self.sigmoid(1), 2)}.",
        ) as tracker:
            self.play(RunPoint(self.point, 5.5, 1.0), run_time=max(tracker.time_until_bookmark("one", 0.7), theme.STEP))
            self.play(Indicate(self.point.activation, 1.25, theme.ANSWER))

    def other_functions(self) -> None:
        others = sorted({name for name in self.network.activations[:-1] if name != "sigmoid"})
        if others:
            names = " and ".join(function_name(name).with_article for name in others)
            with self.voiceover(
                f"The hidden layers of the network in this film use {names} instead; we'll come to that.",
                moves="The neuron is marked once more.",
            ):
                self.play(Indicate(self.point.neuron, 1.1, color=None))


class RunningPoint(Group):
    """A point on the sigmoid of a graph, its sum and activation as numbers, and a neuron as bright as it is high."""

    def __init__(self, graph: SumsGraph, neuron_x: float, neuron_size: float) -> None:
        self.graph = graph
        self.dot = Cells([[0, 0, 0]], 0.34, 1, stroke_colour=theme.BACKGROUND, stroke_width=3)
        self.neuron = Cells([[neuron_x, -0.35, 0]], neuron_size, 1, stroke_colour=theme.NEURON_OUTLINE, stroke_width=4)
        size = 1.1 * theme.CAPTION_SIZE
        # σ(−6.0) = 0.00, with room for the minus sign.
        self.sum, self.activation = Number(-6, 1, size), Number(0, 2, size)
        opening, closing = Symbol(r"sigma \(", size, theme.ANSWER), Symbol(r"\) =", size, theme.ANSWER)
        parts = opening, self.sum, closing, self.activation
        VGroup(*parts).arrange(RIGHT, buff=0.12).next_to(self.neuron, DOWN, buff=0.35)
        middle = self.activation.get_y()
        for symbol in (opening, closing):
            symbol.put((symbol.middle[0], middle, 0))
        self.sum.set_y(middle)
        self.opening = opening
        super().__init__(self.dot, self.neuron, *parts)

    def show(self, z: float) -> None:
        """Put the point over a sum."""
        height = float(self.graph.sigmoid(np.array(z)))
        place = self.graph.place(z, height)
        self.dot.place(place[None], 0.34)
        self.neuron.set_brightness([height])
        self.activation.set_value(height)
        self.sum.set_value_from_right(z)
        opening = self.opening
        opening.shift((self.sum.get_left()[0] - 0.1 - opening.get_right()[0]) * RIGHT)


class RunPoint(Animation):
    """A point runs along the sigmoid from one sum to another."""

    def __init__(self, point: RunningPoint, start: float, stop: float, **options: Any) -> None:
        self.point, self.ends = point, (start, stop)
        super().__init__(point, **options)

    def interpolate_mobject(self, alpha: float) -> None:
        start, stop = self.ends
        share = self.rate_func(alpha)
        self.point.show(stop if share >= 1 else start + (stop - start) * share)
