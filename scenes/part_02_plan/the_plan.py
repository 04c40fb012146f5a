"""ThePlan: What this film is about, and how: the structure first, then the learning, of the plainest kind."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    Animation,
    Circle,
    Create,
    FadeIn,
    FadeOut,
    Group,
    Indicate,
    LaggedStart,
    Mobject,
    RoundedRectangle,
    Transform,
    UpdateFromAlphaFunc,
    VGroup,
    smooth,
    there_and_back,
)
from numpy.typing import ArrayLike, NDArray

from network import ForwardPass, Network
from network.analysis.examples import heap_to_sort
from network.analysis.locality import locality
from network.analysis.speech import levels, read_speech
from network.evaluation import evaluate
from scenes.kit import theme
from scenes.kit.animations.appearing import OneByOne
from scenes.kit.animations.forward_pass import PropagateActivations
from scenes.kit.animations.replay_training import RecordedRun, ReplayTraining
from scenes.kit.layout import (
    FRAME_WIDTH,
    PIXELS_A_UNIT,
    SAFE_MARGIN,
    STAGE_BOTTOM,
    STAGE_MIDDLE,
    STAGE_TOP,
)
from scenes.kit.mobjects.diagram_marks import frame_around
from scenes.kit.mobjects.network_diagram import NetworkDiagram
from scenes.kit.mobjects.numbers import Numbers
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.text import Words, size_that_fits
from scenes.language import NC_, _, _c, listed, question_mark, together
from scenes.part_02_plan.fitted_network import fitted_network, near_network
from scenes.part_02_plan.sound_bars import sound_bars
from scenes.settings import ROOT
from scenes.stage import input_log
from scenes.stage.lesson_scene import LessonScene

# A spoken phrase, and its words, the last of which a machine may guess.
_PHRASE = ROOT / "assets" / "sounds" / "numbers-become-patterns.wav"
_WORDS = (
    NC_("a word of: numbers become patterns", "numbers"),
    NC_("a word of: numbers become patterns", "become"),
    NC_("a word of: numbers become patterns", "patterns"),
)
# The middles of three panels side by side, their width and the height of their middle.
_PANELS_X, _PANEL_WIDTH, _PANEL_Y = (-4.65, 0.0, 4.65), 4.2, STAGE_MIDDLE
# The step from picture to picture in the heap, and how wide each one is; and when they are sorted, in their panel.
_HEAP_STEP, _HEAP_SIZE = (1.93, 1.6), 1.42
_SORTED_STEP, _SORTED_SIZE = (1.05, 0.88), 0.84
# How high the title of the network stands: above its picture, or below it.
_TITLE_Y, _TITLE_BELOW = 3.1, -2.45
# How far the frames around the layers stand off their neurons.
_FRAME_MARGIN = 0.12
# How much higher than the foot of the stage the network ends where its neurons turn into numbers.
_ABOVE_CAPTIONS = 0.38


class ThePlan(LessonScene):
    """Mathematics, not magic: first the structure of a network, then how it learns; and of all kinds the plain one."""

    def construct(self) -> None:
        # Its numbers stand where its neurons do, above the captions.
        self.diagram = fitted_network(self.network, self.digits().class_names, bottom=STAGE_BOTTOM + _ABOVE_CAPTIONS)
        for neurons in self.diagram.columns[1:]:
            neurons.stand_out()

        self.machines_you_know()
        self.not_magic()
        self.two_questions()
        self.many_kinds()
        self.one_warning()
        self.end()

    def alternative_text(self) -> str:
        names, sizes = self.digits().class_names, listed(self.network.sizes)
        answer = names[self.forward.answer]
        return together(
            _("Photos are sorted, a voice is heard, a sentence is finished."),
            _("Then a network of {sizes} neurons, a multilayer perceptron, turns into numbers.", sizes=sizes),
            _("It reads a picture: the answer is {answer}.", answer=answer)
            if self.start is None
            else _(
                "It reads a picture: before its training it answers {untrained}, after it {answer}.",
                untrained=names[self.start.forward(self.forward.input).answer],
                answer=answer,
            ),
        )

    @cached_property
    def forward(self) -> ForwardPass:
        """What the network makes of the film's picture."""
        return self.network.forward(self.digits().images[self.hero])

    @property
    def truth(self) -> int:
        """The class of the film's picture."""
        return int(self.digits().labels[self.hero])

    @cached_property
    def start(self) -> Network | None:
        """The network before its training; None where its file does not hold enough of the training to replay it."""
        checkpoint = self.checkpoint
        return checkpoint.snapshot(0) if len(checkpoint.snapshot_parameters) >= 2 else None

    # ------------------------------------------------------------------------------------------ machines you know

    def machines_you_know(self) -> None:
        self.next_section(_("Machines you know"))
        heap, in_order = self.photos()
        self.photo_heap = Group(*heap)
        input_log.note(input_log.file_named(_PHRASE))
        self.levels = levels(read_speech(_PHRASE), 44)
        self.wave = sound_bars(self.levels, _PANEL_WIDTH, 5.2, (_PANELS_X[1], _PANEL_Y))
        words = [_c("a word of: numbers become patterns", word) for word in _WORDS]
        size = size_that_fits(words, _PANEL_WIDTH, 100)
        self.sentence = VGroup(*(Words(word, size) for word in words)).arrange(DOWN, buff=0.9)
        self.sentence.move_to((_PANELS_X[2], _PANEL_Y, 0))
        self.sentence[-1].set_fill(theme.ANSWER)
        with self.voiceover(
            _(
                "You've met machines like this. <bookmark mark='photos'/> They sort your photos, "
                "<bookmark mark='voice'/> understand your voice, <bookmark mark='text'/> finish your sentences."
            ),
            moves=_(
                "A heap of small pictures of digits is sorted into columns, one for each kind of digit, at the left. "
                "Beside it the bars of a voice run in, then the words {first}, {second}, and, in yellow, {third}.",
                first=words[0],
                second=words[1],
                third=words[2],
            ),
        ):
            there = len(heap) // 4
            self.add(*heap[:there])
            self.play(LaggedStart(*(FadeIn(one, scale=0.7) for one in heap[there:]), lag_ratio=0.06, run_time=1.2))
            self.wait_until_bookmark("photos")
            sorting = [
                Transform(one, one.copy().scale(_SORTED_SIZE / _HEAP_SIZE).move_to(at))
                for one, at in zip(heap, in_order, strict=True)
            ]
            self.play(LaggedStart(*sorting, lag_ratio=0.04, run_time=1.4))
            self.wait_until_bookmark("voice")
            self.play(OneByOne(self.wave), run_time=1.4)
            self.wait_until_bookmark("text")
            for word in self.sentence:
                self.play(FadeIn(word, shift=0.2 * RIGHT), run_time=0.5)

    def photos(self) -> tuple[list[PixelGrid], list[np.ndarray]]:
        """Small pictures in a heap over the whole stage, and where each of them belongs: a column for every class."""
        digits = self.digits()
        classes = heap_to_sort(digits, self.hero)
        n, each = len(classes), len(classes[0])
        row, along = np.divmod(np.random.default_rng(3).permutation(n * each), each)
        x = (along - (each - 1) / 2) * _HEAP_STEP[0]
        y = STAGE_MIDDLE - (row - (n - 1) / 2) * _HEAP_STEP[1]
        heap, places = [], []
        for place, index in enumerate(index for of_class in classes for index in of_class):
            picture = PixelGrid(digits.images[index], _HEAP_SIZE, (float(x[place]), float(y[place])))
            heap.append(picture.without_outlines())
            column, down = divmod(place, each)
            steps = np.array([column - (n - 1) / 2, (each - 1) / 2 - down]) * _SORTED_STEP
            places.append(np.array([_PANELS_X[0], _PANEL_Y, 0]) + np.append(steps, 0))
        return heap, places

    # ------------------------------------------------------------------------------------------------- not magic

    def not_magic(self) -> None:
        self.next_section(_("Not magic"))
        diagram = self.diagram
        diagram.columns[0].show(self.forward.input)
        for layer, connections in enumerate(diagram.connections):
            diagram.show_contributions(self.forward, layer)
            connections.set_pulse(-1, 0.35)
        self.title = self.titled(_("neural network"))
        with self.voiceover(
            _(
                "What's inside is called a neural network. People say it as if it were magic. <bookmark mark='math'/> "
                "It's mathematics, and we'll build it from scratch, piece by piece."
            ),
            moves=_(
                "All of it goes into the middle, and a network appears: a handwritten digit at the left, columns of "
                "neurons, blue and red lines between them, ten labels at the right. Light runs through it. Then all "
                "its lights turn into numbers, which change as the digit goes dark and grows bright again."
            ),
        ) as tracker:
            gone = Group(self.photo_heap, self.wave, self.sentence)
            network = Group(*diagram.columns, diagram.dots, diagram.labels, self.title)
            self.play(FadeOut(gone, scale=0.3), FadeIn(network), run_time=0.7)
            for layer, connections in enumerate(diagram.connections):
                self.add(connections)
                arriving = PropagateActivations(
                    connections, diagram.columns[layer + 1], self.forward.activations[layer]
                )
                self.play(arriving, run_time=theme.STEP)
            self.wait_until_bookmark("math")
            columns, self.with_a_number = zip(*numbers_in(diagram, self.forward), strict=True)
            self.numbers = Group(*columns)
            lights = Group(*diagram.connections, *diagram.columns[1:])
            self.play(FadeOut(lights), FadeIn(self.numbers), run_time=theme.QUICK)
            self.play(self.numbers_change(max(tracker.get_remaining_duration(), theme.FLOW)))

    def numbers_change(self, run_time: float) -> Animation:
        """The picture goes dark and grows bright again; the numbers are what the network makes of it meanwhile."""
        pixels = self.diagram.columns[0]

        def show(changing: Group, alpha: float) -> None:
            image = self.forward.input * abs(1 - 2 * alpha)
            pixels.show(image)
            for numbers, chosen, activations in zip(
                self.numbers, self.with_a_number, self.network.forward(image).activations, strict=True
            ):
                numbers.set_values(activations[chosen])

        return UpdateFromAlphaFunc(Group(self.numbers, pixels), show, run_time=run_time, rate_func=smooth)

    # --------------------------------------------------------------------------------------------- two questions

    def two_questions(self) -> None:
        self.next_section(_("Two questions"))
        diagram = self.diagram
        with self.voiceover(
            _(
                "What is such a thing? That's this chapter. <bookmark mark='learn'/> How does it learn? That's the "
                "next. By the end, its structure should feel like your own idea."
            ),
            moves=together(
                _("The numbers turn into lights again, and light runs through the network."),
                _(
                    "Then the lines go back to what they were before the training, and change as they did in it; the "
                    "network reads the digit at every moment, and a ring marks its answer."
                )
                if self.start is not None
                else _("Then its answer is ringed."),
            ),
        ) as tracker:
            lights = Group(*diagram.connections, *diagram.columns[1:])
            self.play(FadeOut(self.numbers), FadeIn(lights), *self.new_title(_("What is it?")), run_time=theme.QUICK)
            self.waves(tracker.time_until_bookmark("learn"))
            self.wait_until_bookmark("learn")
            self.ring = answer_ring(diagram, self.forward, self.truth)
            title = self.new_title(_("How does it learn?"))
            if self.start is None:
                self.play(*title, Create(self.ring), run_time=theme.QUICK)
            else:
                self.learning(self.start, title, tracker.get_remaining_duration())

    def learning(self, start: Network, title: list[Animation], seconds: float) -> None:
        """The network goes back to its start, and through its training; it reads the picture at every moment of it."""
        diagram, image = self.diagram, self.digits().images[self.hero]
        before = start.forward(image)
        self.ring = answer_ring(diagram, before, self.truth)
        weights = [layer.weights for layer in start.layers]
        back = [
            Transform(connections, connections.copy().set_values(array, np.abs(array).max(axis=1, keepdims=True)))
            for connections, array in zip(diagram.connections, weights, strict=True)
        ]
        untrained = [
            Transform(neurons, neurons.copy().show(activations))
            for neurons, activations in zip(diagram.columns[1:], before.activations, strict=True)
        ]
        self.play(*title, *back, *untrained, Create(self.ring), run_time=theme.STEP)
        rest = max(seconds - theme.STEP, 2.0)
        self.play(LearnToRead(self.checkpoint, diagram, image, self.ring, self.truth, run_time=rest))

    # ------------------------------------------------------------------------------------------------ many kinds

    def many_kinds(self) -> None:
        self.next_section(_("Many kinds"))
        with self.voiceover(
            _(
                "There are many kinds, for pictures, for <bookmark mark='sound'/> sound, for <bookmark mark='text'/> "
                "text. <bookmark mark='plain'/> We'll take the plain one, which works inside many of the others: the "
                "<bookmark mark='name'/> multilayer perceptron."
            ),
            moves=_(
                "The network makes room for the sorted pictures, the bars of a voice, and the words. Then it is back, "
                "nearer, and light runs through it. The words multilayer perceptron appear, and frames around its "
                "layers, one after the other."
            ),
        ) as tracker:
            # The old picture goes while the new one comes: the stage is never dark.
            self.play(FadeOut(*self.mobjects), FadeIn(self.photo_heap), run_time=0.7)
            for mark, kind in ("sound", self.wave), ("text", self.sentence):
                self.wait_until_bookmark(mark)
                self.play(FadeIn(kind, scale=0.8), run_time=theme.QUICK)
            self.wait_until_bookmark("plain")
            self.come_nearer(FadeOut(Group(self.photo_heap, self.wave, self.sentence), scale=0.3))
            self.waves(tracker.time_until_bookmark("name"))
            self.wait_until_bookmark("name")
            self.title = self.titled(_("multilayer perceptron"), _TITLE_BELOW)
            self.play(FadeIn(self.title), run_time=theme.QUICK)
            frames = [frame_around(neurons, _FRAME_MARGIN) for neurons in self.diagram.columns]
            marking = (Create(frame, rate_func=there_and_back, remover=True) for frame in frames)
            seconds = max(tracker.get_remaining_duration(), theme.FLOW)
            self.play(LaggedStart(*marking, lag_ratio=0.4, run_time=seconds))

    def come_nearer(self, *meanwhile: Animation) -> None:
        """The network appears as the next scene shows it, with its answer ringed."""
        self.diagram = diagram = near_network(self.network, self.digits().class_names).show(self.forward)
        self.ring = answer_ring(diagram, self.forward, self.truth)
        self.play(
            FadeIn(*diagram.connections, *diagram.columns, diagram.dots, diagram.labels, self.ring),
            *meanwhile,
            run_time=0.7,
        )

    def waves(self, seconds: float) -> None:
        """Light runs through the network, layer by layer, in about so many seconds."""
        connections = self.diagram.connections
        pace = max(seconds / len(connections), 0.5)
        for lines, neurons, activations in zip(
            connections, self.diagram.columns[1:], self.forward.activations, strict=True
        ):
            self.play(PropagateActivations(lines, neurons, activations), run_time=pace)

    # ---------------------------------------------------------------------------------------------- one warning

    def one_warning(self) -> None:
        self.next_section(_("One warning"))
        shade, question = self.question_over_the_hidden()
        with self.voiceover(
            self.warning(),
            moves=_("The answer swells. Then a large question mark covers the columns in the middle, and fades again."),
        ) as tracker:
            # Its name and its ring: the light itself keeps its brightness, which is its number.
            answer = self.diagram.labels[self.forward.answer], self.ring
            self.play(*(Indicate(part, 1.5, self.ring.get_stroke_color()) for part in answer), run_time=theme.STEP)
            self.wait_until_bookmark("hope")
            self.play(FadeIn(shade), FadeIn(question, scale=0.6), run_time=theme.QUICK)
            pace = max(tracker.get_remaining_duration() / 2 - 0.2, 0.5)
            for size in (1.15, 1 / 1.15):
                self.play(question.animate.scale(size), run_time=pace)
            self.play(FadeOut(shade, question, self.title), run_time=theme.QUICK)

    def warning(self) -> str:
        """What the network will do; the hope is that it looks for edges and for parts."""
        found = evaluate(self.network, self.digits())
        measured = locality(self.network.layers[0].weights)
        # With most of its first neurons in one place each, it may come closer to the hope.
        may = 2 * measured.local >= len(measured.shares)
        if found.accuracy >= 0.5:
            return (
                _("One warning: it'll do its job, but maybe <bookmark mark='hope'/> not the way we're going to hope.")
                if may
                else _("One warning: it'll do its job, but <bookmark mark='hope'/> not the way we're going to hope.")
            )
        return (
            _(
                "One warning: it does its job badly, and may also <bookmark mark='hope'/> disappoint a hope that we'll "
                "have on the way."
            )
            if may
            else _(
                "One warning: it does its job badly, and will also <bookmark mark='hope'/> disappoint a hope that "
                "we'll have on the way."
            )
        )

    def question_over_the_hidden(self) -> tuple[Mobject, Mobject]:
        """A dark panel over the columns between input and output, and a question mark on it."""
        columns = self.diagram.columns
        inner = Group(*columns[1:-1]) if len(columns) > 2 else self.diagram.connections[0].copy().scale(0.5)
        height = min(inner.height + 0.5, STAGE_TOP - STAGE_BOTTOM - 0.1)
        shade = RoundedRectangle(0.3, width=inner.width + 0.9, height=height)
        shade.set_fill(theme.BACKGROUND, 0.9).set_stroke(theme.UNKNOWN, 3).move_to(inner)
        return shade, Words(question_mark(), 420, theme.UNKNOWN).move_to(shade)

    def new_title(self, words: str) -> list[Animation]:
        """The title makes room for another one."""
        old, self.title = self.title, self.titled(words)
        return [FadeOut(old), FadeIn(self.title)]

    def titled(self, words: str, y: float = _TITLE_Y) -> Words:
        """The title of what the network is, above or below its picture at the left."""
        room = 6.2
        title = Words(words, size_that_fits([words], room, 1.15 * theme.TITLE_SIZE))
        return title.move_to((SAFE_MARGIN - FRAME_WIDTH / 2 + 0.15 + title.width / 2, y, 0))


class LearnToRead(ReplayTraining):
    """A recorded training run, replayed: the network reads a picture at every moment, and a ring marks its answer.

    image: (side, side). truth: the number of its class.
    """

    def __init__(
        self,
        checkpoint: RecordedRun,
        diagram: NetworkDiagram,
        image: ArrayLike,
        ring: Circle,
        truth: int,
        **options: Any,
    ) -> None:
        self.diagram, self.image, self.ring, self.truth = diagram, np.asarray(image), ring, truth
        super().__init__(checkpoint, diagram.connections, **options)
        self.mobject.add(*diagram.columns, ring)

    def show(self, moment: float, network: Network) -> None:
        forward = network.forward(self.image)
        self.diagram.show(forward)
        self.ring.become(answer_ring(self.diagram, forward, self.truth))


def answer_ring(diagram: NetworkDiagram, forward: ForwardPass, truth: int) -> Circle:
    """The ring around the brightest output, yellow if it is right."""
    ring = diagram.winner_mark(forward)
    return ring if forward.answer == truth else ring.set_color(theme.WRONG)


def numbers_in(diagram: NetworkDiagram, forward: ForwardPass) -> list[tuple[Numbers, NDArray[np.intp]]]:
    """The activations as numbers where the neurons are, and which neurons, for each column after the input.

    Where neurons are close to each other, only some of them have a number.
    """
    columns = []
    for place, activations in zip(diagram.layout[1:], forward.activations, strict=True):
        shown = np.flatnonzero(place.shown)
        step = -float(np.diff(place.centres[shown, 1]).max()) if len(shown) > 1 else 1.0
        size = float(np.clip(0.95 * step * PIXELS_A_UNIT, theme.LABEL_SIZE, theme.TITLE_SIZE))
        chosen = shown[:: max(round(1.3 * size / PIXELS_A_UNIT / step), 1)]
        columns.append((Numbers(activations[chosen], place.centres[chosen], 2, size), chosen))
    columns[-1][0].shift(0.35 * LEFT)  # away from the labels
    return columns
