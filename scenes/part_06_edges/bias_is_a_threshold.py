"""BiasIsAThreshold: a bias moves the sigmoid along, and so decides how large a weighted sum must be."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, FadeIn, FadeOut, Group, Indicate, Line, Square, Transform, VGroup

from network.analysis.detectors import sums_without_bias, threshold_examples, upright_edge_detector
from network.analysis.gate import Gate, first_of, gate
from network.network import Array
from scenes.kit import theme
from scenes.kit.animations.count_up import CountUp
from scenes.kit.mobjects.counter import Counter
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.text import Number, Words
from scenes.kit.mobjects.weight_heatmap import WeightHeatmap
from scenes.kit.picture_frames import frame_of_weights
from scenes.part_06_edges.hand_set_weights import BY_HAND
from scenes.part_06_edges.sums_graph import ChangeSums, SlideBias, SumsGraph, ZoomSums, post_at, reach_of
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import number


class BiasIsAThreshold(LessonScene):
    """The bias moves the sigmoid along, and so decides which sums light the neuron: the threshold is −bias."""

    # How many pictures are in the heap, and the stretch of the axis at first.
    DOTS, NEAR = 200, (-6.0, 6.0)
    # What stands on the right, and the pictures above the graph.
    RIGHT_X, COUNT_Y, BIAS_Y = 5.2, 2.6, 1.05
    WEIGHTS, WEIGHTS_EXTENT = (5.2, -1.35), 2.0
    PICTURES_Y, PICTURES_EXTENT = 3.22, 0.78

    @cached_property
    def gate(self) -> Gate:
        return gate(self.digits(), True)

    @cached_property
    def upright_sums(self) -> Array:
        """The sums of all pictures for the same detector on its side."""
        digits = self.digits()
        return sums_without_bias(upright_edge_detector(digits.side), digits.vectors)[:, 0]

    @property
    def bias(self) -> float:
        return -self.gate.threshold

    def construct(self) -> None:
        self.shown = first_of(self.digits(), self.DOTS)
        reach = reach_of(np.concatenate([self.gate.sums, self.upright_sums]))
        self.graph = SumsGraph(self.gate.sums[self.shown], reach)
        self.readings = Readings(self)
        self.pictures = self.examples()

        self.not_enough()
        self.the_bias()
        self.pattern()
        self.strength()
        self.end()

    def alternative_text(self) -> str:
        without, with_it = (self.graph_lit(bias) for bias in (0.0, self.bias))
        return (
            f"The sums of many pictures as dots along a line, under the sigmoid. A bias of {number(self.bias)} moves "
            f"the curve to the right, and the dots below {number(-self.bias)} go dark: of "
            f"{len(self.gate.sums):,} pictures, {without:,} light the neuron without the bias, {with_it:,} with it."
        )

    def graph_lit(self, bias: float) -> int:
        """How many of all pictures light the neuron to more than ½."""
        return int(np.count_nonzero(self.gate.sums + bias > 0))

    def examples(self) -> Group:
        """Pictures above the graph, each over its sum, as far as there is room; their frames, and lines down."""
        digits = self.digits()
        places = threshold_examples(digits)
        sums = self.gate.sums[places]
        self.example_sums: list[float] = []
        shown = Group()
        taken: list[float] = []
        for index, value in zip(places, sums, strict=True):
            x = float(self.graph.place(float(value), 0)[0])
            if all(abs(x - other) > 1.15 * self.PICTURES_EXTENT for other in taken):
                taken.append(x)
                self.example_sums.append(float(value))
                picture = PixelGrid(digits.vectors[index], self.PICTURES_EXTENT, (x, self.PICTURES_Y))
                picture.without_outlines()
                frame = Square(self.PICTURES_EXTENT + 0.08, color=theme.TEXT, stroke_width=3).move_to(picture)
                foot = self.graph.place(float(value), 0)
                line = Line(frame.get_bottom(), foot, color=theme.NEURON_OUTLINE, stroke_width=2)
                shown.add(Group(line, picture, frame))
        return shown

    def not_enough(self) -> None:
        self.next_section("Not enough")
        graph, readings = self.graph, self.readings
        near, far = graph.axes_over(self.NEAR), graph.axes
        far_numbers = far.x_numbers.copy()
        far.x_numbers.become(near.x_numbers)
        graph.show(now=self.NEAR)
        self.add(graph)
        threshold = number(-self.bias)
        half = number(-self.bias / 2, 0 if float(-self.bias / 2).is_integer() else 1)
        with self.voiceover(
            "But perhaps positive isn't good enough. <bookmark mark='count'/> "
            f"{self.graph_lit(0):,} of our {len(self.gate.sums):,} pictures light this neuron more than halfway! "
            f"<bookmark mark='want'/> It should stay dark at {half}, <bookmark mark='wake'/> and wake up only when the "
            f"sum gets past {threshold}.",
            moves="The curve stands over a heap of dots, those with positive sums lit. The axis shrinks until the "
            "whole heap is seen; three digits appear above their sums.",
        ):
            self.play(
                ZoomSums(graph, graph.reach),
                FadeOut(far.x_numbers, run_time=theme.QUICK),
                FadeIn(far_numbers),
                run_time=theme.FLOW,
            )
            far.x_numbers.become(far_numbers)
            self.remove(far_numbers)
            self.add(graph)
            self.wait_until_bookmark("count")
            self.add(readings.counter)
            self.play(CountUp(readings.counter))
            self.wait_until_bookmark("want")
            self.play(FadeIn(self.pictures, shift=0.3 * DOWN))
            weak, strong = (
                self.pictures[int(np.argmin(np.abs(np.array(self.example_sums) + wanted * self.bias)))]
                for wanted in (0.5, 100)
            )
            self.play(Indicate(weak[2], 1.3, theme.ANSWER))
            self.wait_until_bookmark("wake")
            self.play(Indicate(strong[2], 1.3, theme.ANSWER))

    def the_bias(self) -> None:
        self.next_section("The bias")
        graph, readings = self.graph, self.readings
        readings.frames = [part[2] for part in self.pictures]
        readings.example_sums = self.example_sums
        with self.voiceover(
            f"Then take {number(-self.bias)} away <bookmark mark='slide'/> before you squash. That extra number is "
            f"called <bookmark mark='name'/> the bias. Here it's {number(self.bias)}, <bookmark mark='left'/> and only "
            f"{self.graph_lit(self.bias):,} pictures are left.",
            moves="A number is added to the sum, and goes from 0 to the bias. The curve slides to the right with a "
            "dashed line; one dot after another goes dark, and the count falls.",
        ) as tracker:
            self.play(FadeIn(readings.sum, readings.number, readings.post, readings.post_number))
            self.wait_until_bookmark("slide")
            run_time = max(tracker.time_until_bookmark("name", 1.0), 3 * theme.STEP)
            self.play(SlideBias(graph, [0.0, self.bias], readings), run_time=run_time)
            self.wait_until_bookmark("name")
            self.play(FadeIn(readings.name, shift=0.2 * UP))
            self.wait_until_bookmark("left")
            self.play(Indicate(readings.counter.number, 1.15, theme.ANSWER))

    def pattern(self) -> None:
        self.next_section("Which pattern")
        graph, readings = self.graph, self.readings
        level = WeightHeatmap(self.gate.detector.weights[0], 1.0, None, self.WEIGHTS_EXTENT, self.WEIGHTS)
        upright_weights = upright_edge_detector(self.digits().side).weights[0]
        frame = frame_of_weights(level)
        name = Words(BY_HAND, theme.SMALLEST_SIZE, theme.WEIGHTS_SYMBOL).next_to(frame, UP, buff=0.12)
        upright = level.copy().show(upright_weights, 1.0)
        before, after = self.gate.sums, self.upright_sums
        with self.voiceover(
            "So a neuron has two kinds of knobs. <bookmark mark='weights'/> The weights say which pattern it looks "
            "for.",
            moves="The picture of the weights appears. It turns on its side, and all the dots go to other sums.",
        ):
            self.play(FadeIn(level, frame, name), FadeOut(self.pictures))
            self.wait_until_bookmark("weights")
            counts = [int(np.count_nonzero(sums + graph.bias > 0)) for sums in (before, after)]
            self.play(
                Transform(level, upright),
                ChangeSums(graph, after[self.shown]),
                CountUp(readings.counter, *counts),
                run_time=theme.FLOW,
            )
        readings.sums, readings.frames = after, []

    def strength(self) -> None:
        self.next_section("How strong")
        graph, readings = self.graph, self.readings
        with self.voiceover(
            "And the bias says how strong that has to be before the neuron wakes up.",
            moves="The bias slides to and fro; fewer dots are lit, then more.",
            loops=True,
        ) as tracker:
            run_time = max(tracker.get_remaining_duration(0.6), 3 * theme.STEP)
            stops = [self.bias, 1.8 * self.bias, 0.3 * self.bias, self.bias]
            self.play(SlideBias(graph, stops, readings), run_time=run_time)


class Readings:
    """What is read off the graph for the present bias: how many are lit, the threshold, and the bias itself."""

    def __init__(self, scene: BiasIsAThreshold) -> None:
        self.graph, self.sums = scene.graph, scene.gate.sums
        self.frames: list[Square] = []
        self.example_sums: list[float] = []
        total = len(self.sums)
        self.counter = Counter(scene.graph_lit(0.0), f"of {total:,} light up", size=1.6 * theme.TITLE_SIZE)
        self.counter.move_to((scene.RIGHT_X, scene.COUNT_Y, 0))
        self.sum = Words("sum", 1.3 * theme.TITLE_SIZE)
        self.number = Number(scene.bias, 0, 1.3 * theme.TITLE_SIZE, theme.BIASES_SYMBOL, sign=True)
        row = VGroup(self.sum, self.number).arrange(RIGHT, buff=0.3).move_to((scene.RIGHT_X, scene.BIAS_Y, 0))
        self.sum.align_to(row[1], DOWN)
        self.name = Words("bias", theme.LABEL_SIZE, theme.BIASES_SYMBOL).next_to(self.number, DOWN, buff=0.18)
        self.number.set_value(0)
        self.post = post_at(self.graph, 0.0)
        self.post_number = Number(0, 0, theme.CAPTION_SIZE, theme.BIASES_SYMBOL)
        self.show()

    @property
    def mobjects(self) -> list[Any]:
        return [self.counter, self.number, self.post, self.post_number, *self.frames]

    def show(self) -> None:
        """Show what holds for the graph's bias now."""
        bias = self.graph.bias
        self.counter.set_value(self.graph.lit(bias, self.sums))
        self.number.set_value(bias)
        top = self.graph.place(-bias, 1.03)
        self.post.shift((top[0] - self.post.get_x()) * RIGHT)
        self.post_number.set_value(-bias)
        self.post_number.move_to(top + 0.42 * LEFT + 0.6 * DOWN)
        for frame, value in zip(self.frames, self.example_sums, strict=False):
            frame.set_stroke(opacity=0.15 + 0.85 * float(self.graph.sigmoid(np.array(value + bias))))
