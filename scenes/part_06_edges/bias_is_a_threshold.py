"""BiasIsAThreshold: a bias moves the sigmoid along, and so decides how large a weighted sum must be."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from manim import DOWN, UP, Create, FadeIn, FadeOut, Indicate, Transform

from network.analysis.gate import gate
from scenes.kit import theme
from scenes.kit.animations.count_up import CountUp
from scenes.kit.mobjects.text import Number
from scenes.language import _, _n, together
from scenes.part_06_edges.bias_stage import BiasStage
from scenes.part_06_edges.gate_stage import GateStage
from scenes.part_06_edges.running_point import RunningPoint
from scenes.part_06_edges.sums_graph import ChangeSums, SlideBias
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import amount, number


class BiasIsAThreshold(LessonScene):
    """The bias moves the sigmoid along, and so decides which sums light the neuron: the threshold is −bias."""

    @cached_property
    def stage(self) -> BiasStage:
        return BiasStage(GateStage(self.digits()))

    def construct(self) -> None:
        self.not_enough()
        self.the_bias()
        self.two_kinds()
        self.strength()
        self.end()

    def alternative_text(self) -> str:
        detector = gate(self.digits(), True)
        threshold, lit = detector.threshold, int(np.count_nonzero(detector.sums > 0))
        return together(
            _("The sums of many pictures as dots along a line, under the sigmoid."),
            _n(
                "A bias of {bias} moves the curve to the right, and the dots below {threshold} go dark: of {n} "
                "picture, {without} light the neuron without the bias, {with_it} with it.",
                "A bias of {bias} moves the curve to the right, and the dots below {threshold} go dark: of {n} "
                "pictures, {without} light the neuron without the bias, {with_it} with it.",
                len(detector.sums),
                bias=number(-threshold),
                threshold=number(threshold),
                without=number(lit),
                with_it=number(detector.passing),
            ),
        )

    def not_enough(self) -> None:
        self.next_section(_("Not enough"))
        stage = self.stage
        graph = stage.graph
        point = RunningPoint(graph)
        point.show(point.last)
        self.add(graph, point)
        self.wanted = graph.post_at(-stage.bias, theme.TEXT)
        self.wanted_number = Number(-stage.bias, 0, theme.TITLE_SIZE).next_to(self.wanted, UP, buff=0.15)
        with self.voiceover(
            together(
                _n(
                    "But <bookmark mark='count'/> {lit} of our {n} picture light this neuron more than halfway!",
                    "But <bookmark mark='count'/> {lit} of our {n} pictures light this neuron more than halfway!",
                    len(stage.sums),
                    n=amount(len(stage.sums)),
                    lit=number(stage.lit(0)),
                ),
                _(
                    "Suppose it should wake up <bookmark mark='wake'/> only when the sum gets past {threshold}.",
                    threshold=number(-stage.bias),
                ),
            ),
            moves=_(
                "The curve stands over a heap of dots, those with positive sums lit. They are counted among all "
                "pictures. A dashed line marks where the neuron should wake up."
            ),
        ) as tracker:
            self.play(FadeOut(point), Create(stage.post), FadeIn(stage.post_number), run_time=theme.QUICK)
            self.wait_until_bookmark("count")
            self.add(stage.counter)
            self.play(CountUp(stage.counter), run_time=max(tracker.time_until_bookmark("wake", -2), theme.FLOW))
            self.wait_until_bookmark("wake")
            self.play(Create(self.wanted), FadeIn(self.wanted_number, shift=0.2 * DOWN))
            self.play(Indicate(self.wanted_number, 1.3, theme.ANSWER))

    def the_bias(self) -> None:
        self.next_section(_("The bias"))
        stage = self.stage
        with self.voiceover(
            together(
                _(
                    "Then take {threshold} away <bookmark mark='slide'/> before you squash.",
                    threshold=number(-stage.bias),
                ),
                _(
                    "That extra number is called <bookmark mark='name'/> the bias: threshold {threshold}, bias {bias}.",
                    threshold=number(-stage.bias),
                    bias=number(stage.bias),
                ),
                _("<bookmark mark='left'/> Only the {lit} from the gate are left.", lit=number(stage.lit(stage.bias))),
            ),
            moves=_(
                "A number is added to the sum, and a knob turns as it goes from 0 to the bias. The curve slides to "
                "the right with a dashed line; one dot after another goes dark and sinks, and the count falls."
            ),
        ) as tracker:
            self.play(FadeIn(stage.sum, stage.number, stage.knob))
            self.wait_until_bookmark("slide")
            run_time = max(tracker.time_until_bookmark("name", 1.0), 3 * theme.STEP)
            self.play(SlideBias(stage.graph, [0.0, stage.bias], stage), run_time=run_time)
            self.play(
                FadeIn(stage.name, shift=0.2 * UP), FadeOut(self.wanted, self.wanted_number), run_time=theme.QUICK
            )
            self.wait_until_bookmark("left")
            self.play(Indicate(stage.counter.number, 1.15, theme.ANSWER), run_time=theme.FLOW)

    def two_kinds(self) -> None:
        self.next_section(_("Two kinds of knobs"))
        stage = self.stage
        graph = stage.graph
        with self.voiceover(
            _(
                "So a neuron has two kinds of knobs. <bookmark mark='weights'/> The weights say which pattern it looks "
                "for."
            ),
            moves=_("The picture of the weights appears. It turns on its side, and all the dots go to other sums."),
        ):
            self.play(FadeIn(stage.weights, stage.frame), run_time=theme.QUICK)
            self.play(Indicate(stage.knob, 1.25, color=None))
            self.wait_until_bookmark("weights")
            before = stage.lit(stage.bias)
            after = stage.turn_on_its_side().lit(stage.bias)
            self.play(
                Transform(stage.weights, stage.upright),
                ChangeSums(graph, stage.upright_sums[stage.shown]),
                CountUp(stage.counter, before, after),
                run_time=theme.FLOW,
            )

    def strength(self) -> None:
        self.next_section(_("How strong"))
        stage = self.stage
        with self.voiceover(
            _("The bias says how large the sum has to be before the neuron wakes up."),
            moves=_("The knob of the bias turns to and fro; fewer dots are lit, then more."),
            loops=True,
        ) as tracker:
            run_time = max(tracker.get_remaining_duration(), 3 * theme.STEP)
            stops = [stage.bias, 1.8 * stage.bias, 0.3 * stage.bias, stage.bias]
            self.play(SlideBias(stage.graph, stops, stage), run_time=run_time)
