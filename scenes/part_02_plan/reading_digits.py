"""ReadingDigits: Real test digits go through the trained network, one is read wrong, and all of them are counted."""

from __future__ import annotations

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

from network import ForwardPass, Network
from network.digits import Digits
from network.evaluation import evaluate
from scenes.kit import theme
from scenes.kit.animations.forward_pass import PropagateActivations, ShowContributions
from scenes.kit.layout import FRAME_WIDTH, SAFE_MARGIN, STAGE_BOTTOM, STAGE_TOP
from scenes.kit.mobjects.array_mobject import rgb
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.network_diagram import NetworkDiagram
from scenes.kit.mobjects.text import Number, Words
from scenes.stage.lesson_scene import LessonScene

# How many pictures are read in the stream, and the shape of the field of all of them: its width over its height.
_STREAM, _FIELD_SHAPE = 4, 1.45


class ReadingDigits(LessonScene):
    """The network reads one picture of the test set after the other, until one it gets wrong; then all are counted."""

    def construct(self) -> None:
        self.test = self.digits()
        self.class_names = self.test.class_names
        self.diagram = NetworkDiagram(self.network, self.class_names)
        for connections in self.diagram.connections:
            connections.set_values(np.zeros(connections.shape))
        self.stream, self.mistake = pictures_to_read(self.network, self.test)
        self.ring: Circle | None = None
        self.verdict: Words | None = None

        self.the_network()
        self.one_after_the_other()
        self.a_mistake()
        self.all_of_them()
        self.end()

    def alternative_text(self) -> str:
        found = evaluate(self.network, self.digits())
        return (
            f"The trained network reads {_STREAM} pictures of the test set, then one it gets wrong. A field of "
            f"{len(found.answers):,} small squares shows them all, the wrong ones red: {found.accuracy:.2%} are right."
        )

    def the_network(self) -> None:
        self.next_section("The network")
        diagram = self.diagram
        first = self.network.forward(self.test.images[self.stream[0]])
        diagram.columns[0].show(first.input)
        with self.caption(
            "Here is the finished network, and a picture it has never seen.",
            *(FadeIn(neurons) for neurons in diagram.columns),
            FadeIn(diagram.dots),
            FadeIn(diagram.labels),
            moves="A digit stands at the left, columns of dark neurons and the possible answers at the right.",
        ):
            for layer, connections in enumerate(diagram.connections):
                self.add(connections)
                self.play(ShowContributions(diagram, first, layer), run_time=theme.QUICK)
                self.play(
                    PropagateActivations(connections, diagram.columns[layer + 1], first.activations[layer]),
                    run_time=theme.STEP,
                )
            self.play(*self.judging(self.stream[0], first), run_time=theme.QUICK)
            self.say_what(self.stream[0], first)

    def one_after_the_other(self) -> None:
        self.next_section("One after the other")
        with self.caption(
            "Picture after picture: the brightest output is its answer.",
            moves="Other digits follow; with each the lines, the neurons and the ringed answer change.",
        ):
            for index in self.stream[1:]:
                self.read(index)
                self.wait(0.6)

    def a_mistake(self) -> None:
        self.next_section("A mistake")
        if self.mistake is None:
            with self.caption("It reads every picture of the test set right."):
                pass
            return
        forward = self.network.forward(self.test.images[self.mistake])
        truth = self.class_names[self.test.labels[self.mistake]]
        answer = self.class_names[forward.answer]
        with self.caption(
            f"It is not perfect: it reads this {truth} as {answer}.",
            moves="One more digit; the ring around the answer is red, and the truth is marked.",
        ):
            self.read(self.mistake, run_time=theme.FLOW)

    def all_of_them(self) -> None:
        self.next_section("All of them")
        found = evaluate(self.network, self.test)
        right = found.answers == self.test.labels
        field = field_of(right)
        assert self.ring is not None and self.verdict is not None
        picture = self.diagram.columns[0]
        rest = Group(*self.diagram.connections, *self.diagram.columns[1:], self.diagram.dots, self.diagram.labels)
        empty = empty_field(field)
        good = Number(int(right.sum()), size=92)
        bad = Number(int((~right).sum()), size=92, colour=theme.WRONG)
        rows = VGroup(good, Words("right", 44), bad, Words("wrong", 44, theme.WRONG))
        edge = 6.6
        for thing, y in zip(rows, (2.7, 2.0, 0.85, 0.15), strict=True):
            thing.move_to((edge, y, 0), aligned_edge=RIGHT)
        share = Words(f"{found.accuracy:.2%}".replace("%", " %"), 110, theme.ANSWER)
        share.move_to((edge, -1.75, 0), aligned_edge=RIGHT)
        with self.caption(
            f"Of {len(right):,} test pictures it reads {int(right.sum()):,} right.",
            FadeOut(rest, self.ring, self.verdict, run_time=theme.QUICK),
            FadeIn(empty, run_time=theme.QUICK),
            *([FadeOut(picture, run_time=theme.QUICK)] if self.mistake is None else []),
            moves="A field of empty squares appears, one for each picture. The misread one shrinks into its square, "
            "and the field fills around it, the wrong ones red, while two numbers count.",
        ):
            if self.mistake is not None:
                self.play(Transform(picture, gathered(picture, field, self.mistake)), run_time=1.2 * theme.STEP)
                ring = Circle(0.16, color=theme.ANSWER, stroke_width=theme.MARK_WIDTH).move_to(picture)
                ring.set_z_index(1)  # above the field that fills around it
                self.play(Create(ring), run_time=theme.QUICK)
                self.add(ring)
            count = CountField(field, right, good, bad)
            self.play(count, FadeIn(rows[1], rows[3], run_time=theme.QUICK))
            self.remove(picture, empty)
            self.play(FadeIn(share, shift=0.2 * UP), *([FadeOut(ring)] if self.mistake is not None else []))

    def read(self, index: int, run_time: float = 1.3) -> None:
        """Show the next picture, what flows, and the answer."""
        forward = self.network.forward(self.test.images[index])
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
        """The ring goes to the answer, in the colour of what it is worth; the labels follow."""
        truth, answer = int(self.test.labels[index]), forward.answer
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
        truth, answer = self.class_names[self.test.labels[index]], self.class_names[forward.answer]
        right = truth == answer
        text = f"{truth}, read as {answer}" + ("" if right else ": wrong")
        self.verdict = Words(text, 44, theme.TEXT if right else theme.WRONG)
        self.verdict.next_to(self.diagram.columns[0], UP, buff=0.3)
        # Long names begin at the edge of the stage.
        self.verdict.shift(max(SAFE_MARGIN - FRAME_WIDTH / 2 - float(self.verdict.get_left()[0]), 0) * RIGHT)
        self.play(FadeIn(self.verdict, run_time=0.3))


class CountField(Animation):
    """The squares of a field appear in order, and those right and wrong are counted."""

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
    """The neurons of a picture, all of them in the place and the colour of one square of a field."""
    square, n = field.item(index), len(picture)
    together = picture.copy().place(np.tile(square.centres, (n, 1)), 2 * float(square.radii[0]))
    together.roundness = np.zeros(n, np.float32)
    together.colours = np.tile(square.colours, (n, 1))
    together.stroke_widths = np.zeros(n, np.float32)
    return together


def field_of(right: np.ndarray) -> Cells:
    """A square for each picture, row by row: quiet where it was read right, bright red where not. (n,) booleans."""
    columns = max(int(np.ceil((len(right) * _FIELD_SHAPE) ** 0.5)), 1)
    rows = -(-len(right) // columns)
    top, bottom, left, widest = STAGE_TOP - 0.2, STAGE_BOTTOM + 0.1, -6.6, 9.4
    step = min((top - bottom) / rows, widest / columns, 0.6)
    row, column = np.divmod(np.arange(len(right)), columns)
    centres = np.stack([left + (column + 0.5) * step, top - (row + 0.5) * step, np.zeros(len(right))], axis=1)
    colours = np.where(right[:, None], 0.42 * rgb(theme.NEUTRAL), rgb(theme.WRONG))
    return Cells(centres, 0.8 * step, 0, colours, stroke_width=0)


def empty_field(field: Cells) -> Cells:
    """The same field before anything is counted: squares that can just be seen, behind all else."""
    empty = field.copy()
    empty.colours = np.tile(0.2 * rgb(theme.NEUTRAL), (len(field), 1))
    empty.opacities = np.ones(len(field), np.float32)
    return empty.set_z_index(theme.CONNECTIONS_LEVEL)


def pictures_to_read(network: Network, digits: Digits) -> tuple[list[int], int | None]:
    """The first few pictures of the test set, and of those after them the first that the network reads wrong.

    Where it reads all of those right, there is no mistake to show.
    """
    wrong = network.classify(digits.vectors) != digits.labels
    stream = list(range(min(_STREAM, len(digits))))
    later = np.flatnonzero(wrong[len(stream) :])
    return stream, int(later[0]) + len(stream) if len(later) else None
