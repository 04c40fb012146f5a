"""ReadingDigits: Real test digits go through the trained network, one is read wrong, and all of them are counted."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from manim import (
    RIGHT,
    UP,
    Animation,
    AnimationGroup,
    Circle,
    Create,
    FadeIn,
    FadeOut,
    Group,
    LaggedStart,
    Transform,
    VGroup,
    linear,
)

from network import ForwardPass
from network.analysis.examples import pictures_to_read
from network.evaluation import Evaluation, evaluate
from scenes import wording
from scenes.kit import theme
from scenes.kit.animations.forward_pass import PropagateActivations, ShowContributions
from scenes.kit.colour import rgb
from scenes.kit.layout import STAGE_BOTTOM, STAGE_TOP
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.network_diagram import NetworkDiagram
from scenes.kit.mobjects.text import Number, Words
from scenes.kit.mobjects.verdict import Verdict
from scenes.stage.lesson_scene import LessonScene

# How many pictures are read, at most, before the mistake.
_STREAM = 4
# The field of all pictures: its left edge, how wide it may be, and about how many times wider than high it is.
_FIELD_LEFT, _FIELD_WIDEST, _FIELD_SHAPE = -6.6, 9.4, 1.45
# Where the numbers beside the field end, and how high they and their words stand.
_NUMBERS_RIGHT, _NUMBERS_Y = 6.6, (2.7, 2.0, 0.85, 0.15)


class ReadingDigits(LessonScene):
    """The network reads one picture of the test set after the other, until one it gets wrong; then all are counted."""

    def construct(self) -> None:
        self.diagram = NetworkDiagram(self.network, self.digits().class_names)
        for connections in self.diagram.connections:
            connections.set_values(np.zeros(connections.shape))
        self.ring: Circle | None = None
        self.verdict: Words | None = None

        self.the_network()
        self.one_after_the_other()
        self.a_mistake()
        self.all_of_them()
        self.end()

    def alternative_text(self) -> str:
        (stream, mistake), found = self.chosen, self.found
        reads = f"{wording.count(len(stream), 'picture')} of the test set"
        if mistake is not None:
            reads += ", then one it gets wrong"
        return (
            f"The trained network reads {reads}. A field of {len(found.answers):,} small squares shows them all, the "
            f"wrong ones red: {wording.percent(found.accuracy, 2)} are right."
        )

    @cached_property
    def chosen(self) -> tuple[list[int], int | None]:
        """The indices of the pictures that are read first, and of the one that is read wrong, if there is one."""
        return pictures_to_read(self.network, self.digits(), _STREAM)

    @cached_property
    def found(self) -> Evaluation:
        """How well the network reads the whole test set."""
        return evaluate(self.network, self.digits())

    def name_of(self, index: int) -> str:
        """What a picture of the test set truly shows."""
        digits = self.digits()
        return digits.class_names[digits.labels[index]]

    def the_network(self) -> None:
        self.next_section("The network")
        diagram = self.diagram
        index = self.chosen[0][0]
        first = self.network.forward(self.digits().images[index])
        diagram.columns[0].show(first.input)
        with self.voiceover(
            "Here is the finished network, and a picture it has never seen.",
            moves="A digit stands at the left, columns of dark neurons and the possible answers at the right.",
        ):
            self.play(*(FadeIn(neurons) for neurons in diagram.columns), FadeIn(diagram.dots), FadeIn(diagram.labels))
            for layer, connections in enumerate(diagram.connections):
                self.add(connections)
                self.play(ShowContributions(diagram, first, layer), run_time=theme.QUICK)
                self.play(
                    PropagateActivations(connections, diagram.columns[layer + 1], first.activations[layer]),
                    run_time=theme.STEP,
                )
            self.play(*self.judging(index, first), run_time=theme.QUICK)
            self.say_what(index, first)

    def one_after_the_other(self) -> None:
        self.next_section("One after the other")
        with self.voiceover(
            "Picture after picture: the brightest output is its answer.",
            moves="Other digits follow; with each the lines, the neurons and the ringed answer change.",
        ):
            for index in self.chosen[0][1:]:
                self.read(index)
                self.wait(0.6)

    def a_mistake(self) -> None:
        self.next_section("A mistake")
        _, mistake = self.chosen
        if mistake is None:
            with self.voiceover("It reads every picture of the test set right."):
                pass
            return
        answer = self.digits().class_names[self.network.forward(self.digits().images[mistake]).answer]
        with self.voiceover(
            f"It is not perfect: it reads this {self.name_of(mistake)} as {answer}.",
            moves="One more digit; the ring around the answer is red, and the truth is marked.",
        ):
            self.read(mistake, run_time=theme.FLOW)

    def all_of_them(self) -> None:
        self.next_section("All of them")
        _, mistake = self.chosen
        right = self.found.answers == self.digits().labels
        field = field_of(right)
        empty = empty_field(field)
        assert self.ring is not None and self.verdict is not None
        picture = self.diagram.columns[0]
        rest = Group(*self.diagram.connections, *self.diagram.columns[1:], self.diagram.dots, self.diagram.labels)
        good = Number(int(right.sum()), size=92)
        bad = Number(int((~right).sum()), size=92, colour=theme.WRONG)
        rows = VGroup(good, Words("right", 44), bad, Words("wrong", 44, theme.WRONG))
        for thing, y in zip(rows, _NUMBERS_Y, strict=True):
            thing.move_to((_NUMBERS_RIGHT, y, 0), aligned_edge=RIGHT)
        share = Words(wording.percent(self.found.accuracy, 2), 110, theme.ANSWER)
        share.move_to((_NUMBERS_RIGHT, -1.75, 0), aligned_edge=RIGHT)
        with self.voiceover(
            f"Of {len(right):,} test pictures it reads {int(right.sum()):,} right.",
            moves="A field of empty squares appears, one for each picture. The misread one shrinks into its square, "
            "and the field fills around it, the wrong ones red, while two numbers count.",
        ):
            self.play(
                FadeOut(rest, self.ring, self.verdict, run_time=theme.QUICK),
                FadeIn(empty, run_time=theme.QUICK),
                *([FadeOut(picture, run_time=theme.QUICK)] if mistake is None else []),
            )
            rings = [] if mistake is None else [self.shrink_into_field(picture, field, mistake)]
            count = CountField(field, right, good, bad)
            self.play(count, FadeIn(rows[1], rows[3], run_time=theme.QUICK))
            self.remove(picture, empty)
            self.play(FadeIn(share, shift=0.2 * UP), *(FadeOut(ring) for ring in rings))

    def shrink_into_field(self, picture: Cells, field: Cells, index: int) -> Circle:
        """A picture shrinks into its square of the field; gives the ring around that square."""
        self.play(Transform(picture, gathered(picture, field, index)), run_time=1.2 * theme.STEP)
        ring = Circle(0.16, color=theme.ANSWER, stroke_width=theme.MARK_WIDTH).move_to(picture)
        ring.set_z_index(1)  # above the field that fills around it
        self.play(Create(ring), run_time=theme.QUICK)
        self.add(ring)
        return ring

    def read(self, index: int, run_time: float = 1.3) -> None:
        """Show the next picture, what flows, and the answer."""
        forward = self.network.forward(self.digits().images[index])
        steps: list[Animation] = []
        for column, (neurons, activations) in enumerate(zip(self.diagram.columns, forward.columns, strict=True)):
            shown = [Transform(neurons, neurons.copy().show(activations))]
            if column:
                shown.append(ShowContributions(self.diagram, forward, column - 1))
            steps.append(AnimationGroup(*shown, run_time=theme.QUICK))
        # The ring goes to the answer while the outputs light up.
        steps[-1] = AnimationGroup(steps[-1], *self.judging(index, forward), run_time=theme.QUICK)
        assert self.verdict is not None
        self.play(LaggedStart(*steps, lag_ratio=0.4, run_time=run_time), FadeOut(self.verdict, run_time=theme.QUICK))
        self.say_what(index, forward)

    def judging(self, index: int, forward: ForwardPass) -> list[Animation]:
        """The ring goes to the answer, yellow if it is right and red if not; the labels follow."""
        truth, answer = int(self.digits().labels[index]), forward.answer
        colour = theme.ANSWER if truth == answer else theme.WRONG
        ring = self.diagram.winner_mark(forward).set_color(colour)
        moves: list[Animation] = []
        for number, (label, shown) in enumerate(zip(self.diagram.labels, self.diagram.layout[-1].shown, strict=True)):
            tint = colour if number == answer else theme.ANSWER if number == truth else theme.TEXT
            if shown and label.get_fill_color().to_hex() != tint:
                moves.append(label.animate.set_fill(tint))
        if self.ring is None:
            self.ring = ring
            return [Create(ring), *moves]
        return [Transform(self.ring, ring), *moves]

    def say_what(self, index: int, forward: ForwardPass) -> None:
        """Say above the picture what it is, and what it was read as."""
        answer = self.digits().class_names[forward.answer]
        self.verdict = Verdict(self.name_of(index), answer, above=self.diagram.columns[0])
        self.play(FadeIn(self.verdict, run_time=0.3))


class CountField(Animation):
    """The squares of a field appear in order, and the right and the wrong ones are counted."""

    def __init__(self, field: Cells, right: np.ndarray, good: Number, bad: Number) -> None:
        self.field, self.right, self.good, self.bad = field, right, good, bad
        super().__init__(Group(field, good, bad), run_time=3 * theme.STEP, rate_func=linear)

    def interpolate_mobject(self, alpha: float) -> None:
        count = round(self.rate_func(alpha) * len(self.right))
        self.field.opacities = (np.arange(len(self.right)) < count).astype(np.float32)
        good = int(self.right[:count].sum())
        for number, value in ((self.good, good), (self.bad, count - good)):
            edge = number.get_right()
            number.set_value(value)
            number.shift((edge - number.get_right()) * RIGHT)


def gathered(picture: Cells, field: Cells, index: int) -> Cells:
    """The neurons of a picture, all in the place of one square of a field and in its colour."""
    square, n = field.item(index), len(picture)
    together = picture.copy().place(np.tile(square.centres, (n, 1)), 2 * float(square.radii[0]))
    together.roundness = np.zeros(n, np.float32)
    together.colours = np.tile(square.colours, (n, 1))
    together.stroke_widths = np.zeros(n, np.float32)
    return together


def field_of(right: np.ndarray) -> Cells:
    """A square for each picture, row by row: quiet if it was read right, bright red if not. (n,) booleans."""
    columns = max(int(np.ceil((len(right) * _FIELD_SHAPE) ** 0.5)), 1)
    rows = -(-len(right) // columns)
    top, bottom = STAGE_TOP - 0.2, STAGE_BOTTOM + 0.1
    step = min((top - bottom) / rows, _FIELD_WIDEST / columns, 0.6)
    row, column = np.divmod(np.arange(len(right)), columns)
    centres = np.stack([_FIELD_LEFT + (column + 0.5) * step, top - (row + 0.5) * step, np.zeros(len(right))], axis=1)
    colours = np.where(right[:, None], 0.42 * rgb(theme.NEUTRAL), rgb(theme.WRONG))
    return Cells(centres, 0.8 * step, 0, colours, stroke_width=0)


def empty_field(field: Cells) -> Cells:
    """The same field before anything is counted: squares that are only just visible, behind everything else."""
    empty = field.copy()
    empty.colours = np.tile(0.2 * rgb(theme.NEUTRAL), (len(field), 1))
    empty.opacities = np.ones(len(field), np.float32)
    return empty.set_z_index(theme.CONNECTIONS_LEVEL)
