"""SquishingTheLine: the sums of real pictures on a line, and the sigmoid that squashes it into 0 to 1."""

from __future__ import annotations

from functools import cached_property, reduce

import numpy as np
from manim import DOWN, LEFT, Create, FadeIn, FadeOut, Group, Indicate, Line, Transform, VMobject, there_and_back

from network.network import Array
from scenes.kit import theme
from scenes.kit.mobjects.text import Words, formula
from scenes.language import _, _c, _n, together
from scenes.part_06_edges.gate_stage import GateStage
from scenes.part_06_edges.running_point import RunningPoint, RunPoint
from scenes.part_06_edges.sums_graph import RiseOntoCurve, graph_of
from scenes.part_06_edges.thumbnails import MoveThumbnails
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import amount, function_name, number


class SquishingTheLine(LessonScene):
    """Real sums drop onto a line; the sigmoid squashes it into 0 to 1, steadily around zero."""

    # Above the frame: where the pictures come from that are not at the gate any more.
    ABOVE = 4.6

    @cached_property
    def stage(self) -> GateStage:
        return GateStage(self.digits())

    @property
    def sums(self) -> Array:
        """The weighted sums of the pictures at the gate, for the edge detector."""
        return self.stage.gates[1].sums[self.stage.shown]

    def construct(self) -> None:
        self.graph = graph_of(self.stage)
        self.any_number()
        self.the_sigmoid()
        self.what_it_does()
        self.other_functions()
        self.end()

    def alternative_text(self) -> str:
        return together(
            _n(
                "{n} test picture drops onto a line, each at its weighted sum, from {least} to {most}.",
                "{n} test pictures drop onto a line, each at its weighted sum, from {least} to {most}.",
                len(self.sums),
                n=amount(len(self.sums)),
                least=number(self.sums.min(), 1),
                most=number(self.sums.max(), 1),
            ),
            _(
                "Above it the line bends into the sigmoid, an S from 0 to 1; the pictures rise onto it as dots, dark "
                "on the left and bright on the right."
            ),
        )

    def any_number(self) -> None:
        self.next_section(_("Any number"))
        graph, stage = self.graph, self.stage.settle()
        marks = Group(*stage.marks())
        pictures = stage.pictures
        self.add(stage.around, pictures, marks)
        places = np.where(stage.kept[:, None], pictures.places, 0.0)
        away = ~stage.kept
        places[away] = np.stack([graph.in_heap()[away, 0], np.full(np.count_nonzero(away), self.ABOVE)], axis=1)
        pictures.lay_out(places, pictures.extents, pictures.strengths)
        self.point = RunningPoint(graph)
        neuron = self.point.neuron
        graph.dots.set_brightness(np.full(len(graph.dots), graph.UNSQUASHED))
        least, most = (number(value, 0) for value in (self.sums.min(), self.sums.max()))
        with self.voiceover(
            together(
                _("One problem: <bookmark mark='drop'/> such a sum can be anything."),
                _("For these pictures it runs from {least} to {most}.", least=least, most=most),
                _("But a neuron holds a number <bookmark mark='small'/> between zero and one."),
            ),
            moves=_(
                "All the digits that were at the gate shrink and drop onto a line, each at its weighted sum, where "
                "they make a heap of dots. Above it a scale from 0 to 1 appears, and a neuron lights up and goes dark."
            ),
        ) as tracker:
            self.play(FadeOut(stage.around, marks), FadeIn(graph.line))
            self.wait_until_bookmark("drop")
            order = np.random.default_rng(0).permutation(pictures.count)
            down = MoveThumbnails(pictures, graph.in_heap()[:, :2], graph.dot_size(), 1.0, order=order, lag=0.7)
            self.play(down, run_time=max(tracker.time_until_bookmark("small", -theme.QUICK), 2 * theme.STEP))
            self.play(FadeIn(graph.dots), FadeOut(pictures), run_time=theme.QUICK)
            self.wait_until_bookmark("small")
            self.play(FadeIn(graph.axes, shift=0.3 * DOWN), FadeIn(neuron), run_time=theme.QUICK)
            bright = neuron.copy().set_brightness([1.0])
            self.play(Indicate(graph.ends, 1.25, theme.ANSWER), Transform(neuron, bright, rate_func=there_and_back))

    def the_sigmoid(self) -> None:
        self.next_section(_("The sigmoid"))
        graph = self.graph
        line = VMobject(stroke_color=theme.SIGMOID, stroke_width=6).set_points_as_corners(graph.on_line(graph.values))
        space = Line(*graph.axes.point(graph.reach[0], [0, 1]), color=theme.SIGMOID, stroke_width=12)
        other = Words(_("or logistic curve"), theme.TITLE_SIZE).next_to(graph.title, LEFT, buff=0.4)
        other.align_to(graph.title, DOWN)
        # Under the curve, where it is high.
        self.formula = formula("sigma(x) = 1 / (1 + e^(-x))", theme.CAPTION_SIZE, theme.QUIET_TEXT)
        self.formula.move_to(graph.axes.point(0.3 * graph.reach[0] + 0.7 * graph.reach[1], 0.5))
        with self.voiceover(
            _(
                "So we squash <bookmark mark='line'/> the whole line <bookmark mark='space'/> into that little space, "
                "<bookmark mark='curve'/> with a curve called <bookmark mark='name'/> the sigmoid; "
                "<bookmark mark='logistic'/> some say logistic curve."
            ),
            moves=together(
                _(
                    "The whole line is marked, then the space from 0 to 1. The line rises and bends into an S-shaped "
                    "curve, from 0 on the left to 1 on the right."
                ),
                _("Its formula stands beside it."),
            ),
        ) as tracker:
            self.play(Create(line), run_time=max(tracker.time_until_bookmark("space"), theme.STEP))
            self.play(Create(space), run_time=theme.QUICK)
            self.wait_until_bookmark("curve")
            self.play(Transform(line, graph.curve), FadeOut(space), run_time=theme.FLOW)
            self.remove(line)
            self.add(graph.curve)
            self.wait_until_bookmark("name")
            self.play(FadeIn(graph.title, self.formula, shift=0.2 * DOWN), run_time=theme.QUICK)
            self.wait_until_bookmark("logistic")
            self.play(FadeIn(other), run_time=theme.QUICK)
        self.other_name = other

    def what_it_does(self) -> None:
        self.next_section(_("What it does"))
        graph = self.graph
        point = self.point
        with self.voiceover(
            _(
                "<bookmark mark='low'/> Very negative sums end up close to zero, <bookmark mark='high'/> very positive "
                "ones close to one. And around zero <bookmark mark='run'/> it climbs steadily. So how bright the "
                "neuron gets tells you, up to a point, how positive the sum is."
            ),
            moves=_(
                "From the heap, dots rise onto the curve: those left of zero stay low and dark, those right of it go "
                "up and light up. Then a point runs up along the curve, and a neuron on the right lights up with it."
            ),
        ) as tracker:
            self.add(graph.beads)
            self.play(RiseOntoCurve(graph, graph.sums < 0), FadeOut(self.other_name), run_time=theme.FLOW)
            self.wait_until_bookmark("high")
            # The dots need its place.
            self.play(FadeOut(self.formula), run_time=theme.QUICK)
            self.play(RiseOntoCurve(graph, graph.sums >= 0), run_time=theme.FLOW)
            self.play(FadeIn(point.reading), run_time=theme.QUICK)
            self.wait_until_bookmark("run")
            run_time = max(tracker.get_remaining_duration(), 2 * theme.STEP)
            self.play(RunPoint(point, point.first, point.last), run_time=run_time)

    def other_functions(self) -> None:
        others = dict.fromkeys(name for name in self.network.activations[:-1] if name != "sigmoid")
        if others:
            names = reduce(
                lambda some, one: _c("one function and another", "{one} and {other}", one=some, other=one),
                dict.fromkeys(function_name(name).with_article for name in others),
            )
            instead = (
                _(
                    "The hidden layers of the network in this film use {function} instead; we'll come to that.",
                    function=names,
                )
                if set(others) == {"relu"}
                else _("The hidden layers of the network in this film use {function} instead.", function=names)
            )
            with self.voiceover(
                instead,
                moves=_("The neuron is marked once more."),
            ):
                self.play(Indicate(self.point.neuron, 1.1, color=None))
