"""ReadingDigits: Real test digits go through the trained network, one is read wrong, and all of them are counted."""

from __future__ import annotations

from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from manim import (
    RIGHT,
    UP,
    Animation,
    AnimationGroup,
    Create,
    FadeIn,
    FadeOut,
    Group,
    LaggedStart,
    SurroundingRectangle,
    Transform,
    VGroup,
    linear,
)

from network import ForwardPass
from network.analysis.examples import pictures_to_read
from network.evaluation import Evaluation, evaluate
from scenes import wording
from scenes.kit import theme
from scenes.kit.animations.forward_pass import GrowConnections, PropagateActivations, ShowContributions
from scenes.kit.colour import rgb
from scenes.kit.layout import FRAME_WIDTH, SAFE_MARGIN, STAGE_BOTTOM, STAGE_TOP
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.text import Number, Words, size_that_fits
from scenes.kit.mobjects.verdict import Verdict
from scenes.language import _, _c, _n, together
from scenes.part_02_plan.fitted_network import fitted_network, near_network
from scenes.stage.lesson_scene import LessonScene

# How many pictures are read, at most, before the mistake; and how long each may take, the first and the last.
_STREAM, _SLOWEST, _FASTEST = 7, 0.95, 0.35
# The field of all pictures: its left edge, how wide it may be, and about how many times wider than high it is.
_FIELD_LEFT, _FIELD_WIDEST, _FIELD_SHAPE = -6.6, 9.4, 1.45
# Where the numbers beside the field end, and how high they and their words stand.
_NUMBERS_RIGHT, _NUMBERS_Y = 6.6, (2.7, 2.0, 0.85, 0.15)
# What the picture was read as, below it: how high, and how large.
_VERDICT_Y, _VERDICT_SIZE = -2.45, 64


class ReadingDigits(LessonScene):
    """The network reads one picture of the test set after the other, until one it gets wrong; then all are counted."""

    def construct(self) -> None:
        self.diagram = near_network(self.network, self.digits().class_names)
        self.verdict: Words | None = None

        self.the_network()
        self.again_and_again()
        self.a_mistake()
        self.all_of_them()
        self.what_are_they()
        self.end()

    def alternative_text(self) -> str:
        (stream, mistake), found = self.chosen, self.found
        reads = (
            _n(
                "The trained network reads {n} picture of the test set.",
                "The trained network reads {n} pictures of the test set.",
                len(stream),
            )
            if mistake is None
            else _n(
                "The trained network reads {n} picture of the test set, then one it gets wrong.",
                "The trained network reads {n} pictures of the test set, then one it gets wrong.",
                len(stream),
            )
        )
        return together(
            reads,
            _(
                "A field of {squares} small squares shows them all, the wrong ones red: {share} are right.",
                squares=wording.amount(len(found.answers)),
                share=wording.percent(found.accuracy, 2),
            ),
            _("Then the network is there again; first its neurons light up, then its lines."),
        )

    @cached_property
    def chosen(self) -> tuple[list[int], int | None]:
        """The pictures that are read first, the film's hero before the others, and one that is read wrong, if any."""
        others, mistake = pictures_to_read(self.network, self.digits(), _STREAM)
        return [self.hero, *(index for index in others if index != self.hero)], mistake

    @cached_property
    def found(self) -> Evaluation:
        """How well the network reads the whole test set."""
        return evaluate(self.network, self.digits())

    @property
    def reads_digits(self) -> bool:
        """Whether the classes are digits."""
        return set(self.digits().class_names) <= set("0123456789")

    def name_of(self, index: int) -> str:
        """What a picture of the test set truly shows."""
        digits = self.digits()
        return digits.class_names[digits.labels[index]]

    def the_network(self) -> None:
        self.next_section(_("The network"))
        diagram, index = self.diagram, self.chosen[0][0]
        first = self.network.forward(self.digits().images[index])
        diagram.show(first)
        lights = len(self.digits().class_names)
        ten = {"n": wording.in_words(lights)}
        one_for_each = (
            _n(
                "Watch it read: a <bookmark mark='left'/> picture on the left, and on the "
                "<bookmark mark='right'/> right {n} light, one for each digit.",
                "Watch it read: a <bookmark mark='left'/> picture on the left, and on the "
                "<bookmark mark='right'/> right {n} lights, one for each digit.",
                lights,
                **ten,
            )
            if self.reads_digits
            else _n(
                "Watch it read: a <bookmark mark='left'/> picture on the left, and on the "
                "<bookmark mark='right'/> right {n} light, one for each kind of picture.",
                "Watch it read: a <bookmark mark='left'/> picture on the left, and on the "
                "<bookmark mark='right'/> right {n} lights, one for each kind of picture.",
                lights,
                **ten,
            )
        )
        picture_mark = SurroundingRectangle(diagram.columns[0], color=theme.ANSWER, buff=0.12, stroke_width=3)
        outputs_mark = SurroundingRectangle(
            Group(diagram.columns[-1], diagram.labels), color=theme.ANSWER, buff=0.14, stroke_width=3
        )
        # As the scene before leaves it: light has just passed through.
        for connections in diagram.connections:
            connections.set_pulse(1.3, PropagateActivations.AHEAD, PropagateActivations.BEHIND)
        self.ring = diagram.winner_mark(first)
        self.ring.set_color(self.colour_of(index, first))
        self.add(*diagram.connections, *diagram.columns, diagram.dots, diagram.labels, self.ring)
        with self.voiceover(
            together(
                one_for_each,
                _("The <bookmark mark='bright'/> brightest is its answer."),
            ),
            moves=_(
                "A digit stands at the left, columns of lights and the possible answers at the right, lines between "
                "them. The picture is framed, then the lights at the right; light runs through the network, and the "
                "brightest of them is ringed."
            ),
        ) as tracker:
            dark = [Transform(neurons, neurons.copy().show(np.zeros(len(neurons)))) for neurons in diagram.columns[1:]]
            self.play(*dark, FadeOut(self.ring), run_time=theme.QUICK)
            self.wait_until_bookmark("left")
            self.play(Create(picture_mark), run_time=0.6)
            self.wait_until_bookmark("right")
            self.play(FadeOut(picture_mark), Create(outputs_mark), run_time=0.6)
            left = tracker.time_until_bookmark("bright") - 0.1
            for layer, connections in enumerate(diagram.connections):
                arriving = PropagateActivations(connections, diagram.columns[layer + 1], first.activations[layer])
                self.play(arriving, run_time=max(left / len(diagram.connections), 0.4))
            self.wait_until_bookmark("bright")
            self.play(FadeOut(outputs_mark), Create(self.ring), run_time=theme.QUICK)
            self.say_what(index, first)

    def again_and_again(self) -> None:
        self.next_section(_("Again and again"))
        following = self.chosen[0][1:]
        with self.voiceover(
            together(
                _("Another one.") if following else "",
                _("And another.") if len(following) > 1 else "",
                _("It has never seen any of these.") if following else _("It has never seen this one."),
            ),
            moves=_(
                "Other pictures follow, faster and faster; with each the lines, the lights and the ringed answer "
                "change."
            ),
        ):
            for place, index in enumerate(following):
                share = place / max(len(following) - 1, 1)
                self.read(index, run_time=_SLOWEST * (_FASTEST / _SLOWEST) ** share)

    def a_mistake(self) -> None:
        self.next_section(_("A mistake"))
        stream, mistake = self.chosen
        if mistake is None:
            some = set(self.found.mistakes.tolist()) & set(stream)
            with self.voiceover(
                _("Is it perfect? Not quite, as you have just seen.") if some else _("Is it perfect? So far, it is.")
            ):
                pass
            return
        answer = self.digits().class_names[self.network.forward(self.digits().images[mistake]).answer]
        with self.voiceover(
            _(
                "Is it perfect? No. <bookmark mark='wrong'/> This is {digit}, and it says {answer}.",
                digit=wording.one_in_words(self.name_of(mistake)),
                answer=wording.class_in_words(answer),
            ),
            moves=_("One more picture; the ring around the answer is red, and the truth is marked."),
        ):
            self.wait_until_bookmark("wrong")
            self.read(mistake, run_time=theme.FLOW)

    def all_of_them(self) -> None:
        self.next_section(_("All of them"))
        mistake = self.chosen[1]
        right = self.found.answers == self.digits().labels
        field = field_of(right)
        empty = empty_field(field)
        picture = self.diagram.columns[0]
        rest = Group(*self.diagram.connections, *self.diagram.columns[1:], self.diagram.dots, self.diagram.labels)
        good = Number(int(right.sum()), size=92)
        bad = Number(int((~right).sum()), size=92, colour=theme.WRONG)
        names = _c("so many pictures", "right"), _c("so many pictures", "wrong")
        size = size_that_fits(names, _NUMBERS_RIGHT - _FIELD_LEFT - _FIELD_WIDEST - 0.3, 56)
        rows = VGroup(good, Words(names[0], size), bad, Words(names[1], size, theme.WRONG))
        for thing, y in zip(rows, _NUMBERS_Y, strict=True):
            thing.move_to((_NUMBERS_RIGHT, y, 0), aligned_edge=RIGHT)
        share = Words(wording.percent(self.found.accuracy, 2), 110, theme.ANSWER)
        share.move_to((_NUMBERS_RIGHT, -1.75, 0), aligned_edge=RIGHT)
        with self.voiceover(
            _("So let's count all {all}.", all=wording.in_words(len(right))),
            moves=_(
                "A field of empty squares appears, one for each picture. The misread one shrinks into its square, "
                "and the field fills around it, bright where the answer is right and red where it is wrong, while two "
                "numbers count; then the share that is right appears, and the red squares grow."
            ),
        ):
            self.play(
                FadeOut(rest, self.ring, self.verdict, run_time=theme.QUICK),
                FadeIn(empty, run_time=theme.QUICK),
                FadeOut(picture, run_time=theme.QUICK)
                if mistake is None
                else Transform(picture, gathered(picture, field, mistake), run_time=0.6 * theme.STEP),
            )
            count = CountField(field, right, good, bad, run_time=1.6 * theme.STEP)
            self.play(count, FadeIn(rows[1], rows[3], run_time=theme.QUICK))
            self.remove(picture, empty)
        # Said when it has been counted.
        with self.voiceover(
            _(
                "{right} right: <bookmark mark='share'/> {share}.",
                right=wording.number(int(right.sum())),
                share=wording.percent(self.found.accuracy, 2),
            )
        ):
            self.play(Transform(field, with_the_wrong_large(field, right)), run_time=theme.STEP)
            self.wait_until_bookmark("share")
            self.play(FadeIn(share, shift=0.2 * UP), run_time=theme.QUICK)
        self.counted = Group(field, rows, share)

    def what_are_they(self) -> None:
        self.next_section(_("What are they?"))
        forward = self.network.forward(self.digits().images[self.chosen[0][0]])
        diagram = fitted_network(self.network, self.digits().class_names).show(forward)
        for neurons in diagram.columns[1:]:
            neurons.stand_out()
        lit = [neurons.copy() for neurons in diagram.columns]
        for neurons in diagram.columns[1:]:
            neurons.show(np.zeros(len(neurons)))
        with self.voiceover(
            _("What are these lights, the neurons, <bookmark mark='connections'/> and how are they connected?"),
            moves=_(
                "The field fades, and the network is there again. Its neurons light up, column after column; then "
                "its lines grow."
            ),
        ):
            self.play(
                FadeOut(self.counted, run_time=theme.QUICK),
                FadeIn(Group(*diagram.columns, diagram.dots, diagram.labels), run_time=theme.QUICK),
            )
            lighting = [Transform(one, other) for one, other in zip(diagram.columns[1:], lit[1:], strict=True)]
            self.play(LaggedStart(*lighting, lag_ratio=0.5, run_time=1.4))
            self.wait_until_bookmark("connections")
            growing = [GrowConnections(connections) for connections in diagram.connections]
            self.play(LaggedStart(*growing, lag_ratio=0.4, run_time=1.3))

    def read(self, index: int, run_time: float) -> None:
        """Show the next picture, what flows, and the answer; the verdict is part of the time.

        All lights go out with the picture before: none of them answers a picture that it has not seen.
        """
        forward = self.network.forward(self.digits().images[index])
        judged = self.judging(index, forward)
        assert self.verdict is not None
        pixels, *lights = self.diagram.columns
        self.play(
            Transform(pixels, pixels.copy().show(forward.input)),
            *(Transform(neurons, neurons.copy().show(np.zeros(len(neurons)))) for neurons in lights),
            FadeOut(self.ring, self.verdict),
            *judged.unmarked,
            run_time=0.3 * run_time,
        )
        # The ring comes while the outputs light up.
        self.ring = self.diagram.winner_mark(forward).set_color(self.colour_of(index, forward))
        self.verdict = self.verdict_on(index, forward)
        steps: list[Animation] = []
        for layer, (neurons, activations) in enumerate(zip(lights, forward.activations, strict=True)):
            shown = Transform(neurons, neurons.copy().show(activations))
            flowing = ShowContributions(self.diagram, forward, layer)
            steps.append(AnimationGroup(shown, flowing, run_time=theme.QUICK))
        steps[-1] = AnimationGroup(
            steps[-1], FadeIn(self.ring), FadeIn(self.verdict), *judged.marked, run_time=theme.QUICK
        )
        self.play(LaggedStart(*steps, lag_ratio=0.4, run_time=0.7 * run_time))

    def judging(self, index: int, forward: ForwardPass) -> Judging:
        """The answer's label is yellow if it is right and red if not; the truth's is yellow; all others are white."""
        truth, answer = int(self.digits().labels[index]), forward.answer
        colour = self.colour_of(index, forward)
        judged = Judging([], [])
        for number, (label, shown) in enumerate(zip(self.diagram.labels, self.diagram.layout[-1].shown, strict=True)):
            tint = colour if number == answer else theme.ANSWER if number == truth else theme.TEXT
            if shown and label.get_fill_color().to_hex() != tint:
                (judged.unmarked if tint == theme.TEXT else judged.marked).append(label.animate.set_fill(tint))
        return judged

    def colour_of(self, index: int, forward: ForwardPass) -> str:
        """The colour of the ring: yellow for a right answer, red for a wrong one."""
        return theme.ANSWER if int(self.digits().labels[index]) == forward.answer else theme.WRONG

    def say_what(self, index: int, forward: ForwardPass) -> None:
        """Say below the picture what it is, and what it was read as."""
        self.verdict = self.verdict_on(index, forward)
        judged = self.judging(index, forward)
        self.play(FadeIn(self.verdict), *judged.unmarked, *judged.marked, run_time=0.3)

    def verdict_on(self, index: int, forward: ForwardPass) -> Verdict:
        """What a picture is and what it was read as, in words below it."""
        answer, above = self.digits().class_names[forward.answer], self.diagram.columns[0]
        verdict = Verdict(self.name_of(index), answer, size=_VERDICT_SIZE).move_to((above.get_x(), _VERDICT_Y, 0))
        return verdict.shift(max(SAFE_MARGIN - FRAME_WIDTH / 2 - float(verdict.get_left()[0]), 0) * RIGHT)


class Judging(NamedTuple):
    """How the names of the outputs change with another answer: some lose their colour, others get one."""

    unmarked: list[Animation]
    marked: list[Animation]


class CountField(Animation):
    """The squares of a field appear in order, and the right and the wrong ones are counted."""

    def __init__(self, field: Cells, right: np.ndarray, good: Number, bad: Number, **options: Any) -> None:
        self.field, self.right, self.good, self.bad = field, right, good, bad
        super().__init__(Group(field, good, bad), **{"run_time": 3 * theme.STEP, "rate_func": linear, **options})

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
    """A square for each picture, row by row: light if it was read right, red if not. (n,) booleans."""
    columns = max(int(np.ceil((len(right) * _FIELD_SHAPE) ** 0.5)), 1)
    rows = -(-len(right) // columns)
    top, bottom = STAGE_TOP - 0.2, STAGE_BOTTOM + 0.1
    step = min((top - bottom) / rows, _FIELD_WIDEST / columns, 0.6)
    row, column = np.divmod(np.arange(len(right)), columns)
    centres = np.stack([_FIELD_LEFT + (column + 0.5) * step, top - (row + 0.5) * step, np.zeros(len(right))], axis=1)
    colours = np.where(right[:, None], 0.8 * rgb(theme.NEUTRAL), rgb(theme.WRONG))
    return Cells(centres, 0.8 * step, 0, colours, stroke_width=0)


def with_the_wrong_large(field: Cells, right: np.ndarray) -> Cells:
    """The same field, with the squares of the wrong ones larger and the others dimmer. right: (n,) booleans."""
    found = field.copy()
    sizes = 2 * field.radii * np.where(right, 1, 1.5)
    found.place(field.centres, sizes)
    found.colours = np.where(right[:, None], 0.5 * rgb(theme.NEUTRAL), rgb(theme.WRONG)).astype(np.float32)
    return found


def empty_field(field: Cells) -> Cells:
    """The same field before anything is counted: squares that are only just visible, behind everything else."""
    empty = field.copy()
    empty.colours = np.tile(0.3 * rgb(theme.NEUTRAL), (len(field), 1))
    empty.opacities = np.ones(len(field), np.float32)
    return empty.set_z_index(theme.CONNECTIONS_LEVEL)
