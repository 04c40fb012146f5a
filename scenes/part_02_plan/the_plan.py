"""ThePlan: What this film is about, and how: the structure first, then the learning, of the plainest kind."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    AnimationGroup,
    Circle,
    Create,
    FadeIn,
    FadeOut,
    Group,
    LaggedStart,
    Mobject,
    RoundedRectangle,
    Transform,
    VGroup,
)
from numpy.typing import ArrayLike

from network import ForwardPass, Network
from network.analysis.examples import digits_of_two_classes, heap_to_sort
from network.analysis.locality import locality
from network.analysis.speech import levels, read_speech
from network.evaluation import evaluate
from scenes.kit import theme
from scenes.kit.animations.appearing import OneByOne
from scenes.kit.animations.forward_pass import GrowConnections, PropagateActivations, ShowContributions
from scenes.kit.animations.replay_training import RecordedRun, ReplayTraining
from scenes.kit.layout import (
    FRAME_WIDTH,
    PIXELS_A_UNIT,
    SAFE_MARGIN,
    STAGE_BOTTOM,
    STAGE_MIDDLE,
    STAGE_TOP,
)
from scenes.kit.mobjects.network_diagram import NetworkDiagram
from scenes.kit.mobjects.numbers import Numbers
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.text import Words, size_that_fits
from scenes.part_02_plan.fitted_network import fitted_network
from scenes.part_02_plan.kinds import KeepMoving, Sketch, SoundInTime, WindowOverPicture, WordsAtWords, sound_bars
from scenes.settings import ROOT
from scenes.stage import input_log
from scenes.stage.lesson_scene import LessonScene

# A spoken phrase, and its words, the last of which a machine may guess.
_PHRASE = ROOT / "assets" / "sounds" / "numbers-become-patterns.wav"
_WORDS = ("numbers", "become", "patterns")
# The middles of three panels side by side, their width and the height of their middle.
_PANELS_X, _PANEL_WIDTH, _PANEL_Y = (-4.65, 0.0, 4.65), 4.2, STAGE_MIDDLE
# The step from picture to picture in the heap, and how wide each one is; and when they are sorted, in their panel.
_HEAP_STEP, _HEAP_SIZE = (1.93, 1.6), 1.42
_SORTED_STEP, _SORTED_SIZE = (1.05, 0.88), 0.84
# Where a network stands in a half of the stage: its left edge, and how far its labels may go to the right.
_HALVES = ((-6.6, -0.45), (0.6, 6.75))
_HALF_TOP, _HALF_BOTTOM, _BELOW_Y = 2.45, -1.95, -2.5
_TITLE_Y = 3.1
# How bright lines are that only show that they exist.
_LINES = 0.4
# A sketch needs this many seconds for one round.
_ROUND = 6.0


class ThePlan(LessonScene):
    """Mathematics, not magic: first the structure of a network, then how it learns; and of all kinds the plain one."""

    def construct(self) -> None:
        digits = self.digits()
        self.index, self.other = digits_of_two_classes(self.network, digits)
        self.forward = self.network.forward(digits.images[self.index])
        self.diagram = fitted_network(self.network, digits.class_names)

        self.machines_you_know()
        self.not_magic()
        self.two_questions()
        self.many_kinds()
        self.one_warning()
        self.end()

    def alternative_text(self) -> str:
        names, sizes = self.digits().class_names, ", ".join(str(size) for size in self.network.sizes)
        index, _ = digits_of_two_classes(self.network, self.digits())
        image = self.digits().images[index]
        trained = f"the answer is {names[self.network.forward(image).answer]}"
        if self.start is not None:
            untrained = names[self.start.forward(image).answer]
            trained = (
                f"before its training it answers {untrained}, after it {names[self.network.forward(image).answer]}"
            )
        return (
            "Photos are sorted, a voice is heard, a sentence is finished. Then a network of "
            f"{sizes} neurons turns into numbers and is put together again. It reads a picture: {trained}. "
            "Three sketches show networks for pictures, for sound and for text; then comes the plain one, a multilayer "
            "perceptron."
        )

    @cached_property
    def start(self) -> Network | None:
        """The network before its training; None where its file does not hold enough of the training to replay it."""
        checkpoint = self.checkpoint
        return checkpoint.snapshot(0) if len(checkpoint.snapshot_parameters) >= 2 else None

    # ------------------------------------------------------------------------------------------ machines you know

    def machines_you_know(self) -> None:
        self.next_section("Machines you know")
        heap, in_order = self.photos()
        self.photo_heap = Group(*heap)
        input_log.note(input_log.file_named(_PHRASE))
        self.levels = levels(read_speech(_PHRASE), 44)
        self.wave = sound_bars(self.levels, _PANEL_WIDTH, 5.2, (_PANELS_X[1], _PANEL_Y))
        self.sentence = VGroup(*(Words(word, 100) for word in _WORDS)).arrange(DOWN, buff=0.9)
        self.sentence.move_to((_PANELS_X[2], _PANEL_Y, 0))
        self.sentence[-1].set_fill(theme.ANSWER)
        with self.voiceover(
            "You've met machines like this. <bookmark mark='photos'/> They sort your photos, "
            "<bookmark mark='voice'/> understand your voice, <bookmark mark='text'/> finish your sentences.",
            moves="A heap of small pictures of digits is sorted into columns, one for each kind of digit, at the "
            "left. Beside it the bars of a voice run in, then the words numbers, become, and, in yellow, patterns.",
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
        classes = heap_to_sort(digits, self.index)
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
        self.next_section("Not magic")
        diagram = self.diagram
        diagram.columns[0].show(self.forward.input)
        for layer, connections in enumerate(diagram.connections):
            diagram.show_contributions(self.forward, layer)
            connections.set_pulse(-1, 0.35)
        self.title = self.titled("neural network")
        with self.voiceover(
            "What's inside is called a neural network. People say it as if it were magic. <bookmark mark='math'/> "
            "It's mathematics, and you don't need to know any of it <bookmark mark='piece'/> beforehand: we'll build "
            "every piece.",
            moves="All of it goes into the middle, and a network appears: a handwritten digit at the left, columns of "
            "neurons, blue and red lines between them, ten labels at the right. Light runs through it. Then all its "
            "lights turn into numbers, which change with the picture; and the network is put together piece by piece.",
        ):
            gone = Group(self.photo_heap, self.wave, self.sentence)
            self.play(FadeOut(gone, scale=0.3, run_time=theme.QUICK))
            self.play(FadeIn(Group(*diagram.columns, diagram.dots, diagram.labels, self.title)), run_time=theme.QUICK)
            for layer, connections in enumerate(diagram.connections):
                self.add(connections)
                arriving = PropagateActivations(
                    connections, diagram.columns[layer + 1], self.forward.activations[layer]
                )
                self.play(arriving, run_time=theme.STEP)
            self.wait_until_bookmark("math")
            self.lights_become_numbers()
            self.wait_until_bookmark("piece")
            self.piece_by_piece()

    def lights_become_numbers(self) -> None:
        """The neurons turn into their numbers; and with another picture into others, and back."""
        diagram = self.diagram
        other = self.network.forward(self.digits().images[self.other])
        numbers, others = (numbers_in(diagram, forward) for forward in (self.forward, other))
        lights = Group(*diagram.connections, *diagram.columns[1:])
        self.play(FadeOut(lights), FadeIn(*numbers), run_time=theme.QUICK)
        self.wait(0.4)
        for forward, shown in ((other, others), (self.forward, [column.copy() for column in numbers])):
            picture = diagram.columns[0].copy().show(forward.input)
            changing = (Transform(one, to) for one, to in zip(numbers, shown, strict=True))
            self.play(Transform(diagram.columns[0], picture), *changing, run_time=theme.STEP)
            self.wait(0.3)
        self.numbers = Group(*numbers)

    def piece_by_piece(self) -> None:
        """The numbers make room for empty neurons, column after column, and for the lines between them."""
        diagram = self.diagram
        for neurons in diagram.columns[1:]:
            neurons.show(np.zeros(len(neurons))).stand_out()
        for connections in diagram.connections:
            connections.set_equal(_LINES).show_until(0)
        steps = [
            AnimationGroup(FadeIn(neurons, shift=0.3 * RIGHT), GrowConnections(connections))
            for neurons, connections in zip(diagram.columns[1:], diagram.connections, strict=True)
        ]
        self.play(FadeOut(self.numbers), run_time=0.3)
        self.play(LaggedStart(*steps, lag_ratio=0.5, run_time=1.7))

    # --------------------------------------------------------------------------------------------- two questions

    def two_questions(self) -> None:
        self.next_section("Two questions")
        first = self.titled("What is it?")
        answers = "the numbers of its lines change as they did in its training, and so does its answer"
        with self.voiceover(
            "<bookmark mark='what'/> What is such a thing? That's this chapter. "
            "<bookmark mark='learn'/> How does it learn? That's the next. In the end, the structure should "
            "feel like something you could have thought of yourself, and <bookmark mark='word'/> learning should mean "
            "something you could write down.",
            moves="Light runs over the lines of the empty network. "
            + (
                "Then it stands there twice, before its training and after it. Both read the same digit, and their "
                f"answers are ringed. In the left one {answers}."
                if self.start is not None
                else "Then it reads the digit, and its answer is ringed."
            ),
        ) as tracker:
            self.wait_until_bookmark("what")
            self.play(FadeOut(self.title), FadeIn(first), run_time=theme.QUICK)
            self.title = first
            self.pulses(tracker.time_until_bookmark("learn"))
            if self.start is None:
                self.read_it()
            else:
                self.before_and_after(self.start)
                self.wait_until_bookmark("word")
                self.learning(max(tracker.get_remaining_duration(), 2.0))

    def pulses(self, seconds: float) -> None:
        """Light runs along the lines of the empty network, layer after layer, in so many seconds."""
        layers = len(self.diagram.connections)
        if seconds < 0.2 * layers:
            return
        for connections, neurons in zip(self.diagram.connections, self.diagram.columns[1:], strict=True):
            dark = np.zeros(len(neurons))
            self.play(PropagateActivations(connections, neurons, dark), run_time=seconds / layers)

    def read_it(self) -> None:
        """The network in the middle reads the picture: there is no record of its training."""
        second = self.titled("How does it learn?")
        self.play(FadeOut(self.title), FadeIn(second), run_time=theme.QUICK)
        self.title = second
        self.pair = [self.diagram]
        self.both_read([self.forward])

    def before_and_after(self, start: Network) -> None:
        """The network goes to the right half; as it was before its training, it appears in the left half."""
        digits = self.digits()
        second = Words("How does it learn?", theme.TITLE_SIZE).move_to((0, _TITLE_Y, 0))
        left, right = (self.half(network, edges) for network, edges in zip((start, self.network), _HALVES, strict=True))
        image = digits.images[self.index]
        for diagram in (left, right):
            diagram.columns[0].show(self.forward.input)
            for neurons in diagram.columns[1:]:
                neurons.stand_out()
            for connections in diagram.connections:
                connections.set_equal(_LINES)
        moving = [Transform(a, b) for a, b in zip(parts(self.diagram), parts(right), strict=True)]
        self.play(*moving, FadeOut(self.title, run_time=theme.QUICK), FadeIn(second), run_time=theme.STEP)
        self.remove(*parts(self.diagram))
        self.add(*parts(right))
        self.title, self.pair = second, [left, right]
        self.play(FadeIn(Group(*parts(left)), shift=0.4 * RIGHT), run_time=theme.QUICK)
        self.both_read([start.forward(image), self.forward])

    def both_read(self, passes: list[ForwardPass]) -> None:
        """The networks of the pair read the picture at the same time; what each says is ringed, and written below."""
        digits = self.digits()
        truth = int(digits.labels[self.index])
        layers = range(len(self.network.layers))
        showing = [ShowContributions(d, f, n) for d, f in zip(self.pair, passes, strict=True) for n in layers]
        self.play(*showing, run_time=theme.QUICK)
        for layer in layers:
            self.play(
                *(
                    PropagateActivations(
                        diagram.connections[layer], diagram.columns[layer + 1], forward.activations[layer]
                    )
                    for diagram, forward in zip(self.pair, passes, strict=True)
                ),
                run_time=0.9,
            )
        self.rings = [answer_ring(diagram, forward, truth) for diagram, forward in zip(self.pair, passes, strict=True)]
        self.below = VGroup()
        if len(self.pair) == 2:
            said = [digits.class_names[forward.answer] for forward in passes]
            words = [f"before training: {said[0]}", f"after training: {said[1]}"]
            size = size_that_fits(words, _HALVES[0][1] - _HALVES[0][0], theme.CAPTION_SIZE)
            self.below = VGroup(
                *(Words(w, size).move_to((sum(half) / 2, _BELOW_Y, 0)) for w, half in zip(words, _HALVES, strict=True))
            )
        self.play(*map(Create, self.rings), FadeIn(self.below, shift=0.2 * UP), run_time=theme.QUICK)

    def learning(self, run_time: float) -> None:
        """The network in the left half goes through its training, and reads the picture at every moment of it."""
        image, truth = self.digits().images[self.index], int(self.digits().labels[self.index])
        training = Words("in training", self.below[0].em * PIXELS_A_UNIT).move_to(self.below[0])
        self.play(FadeOut(self.below[0]), FadeIn(training), run_time=0.3)
        self.below.submobjects[0] = training
        replay = LearnToRead(self.checkpoint, self.pair[0], image, self.rings[0], truth, run_time=run_time - 0.3)
        self.play(replay)

    def half(self, network: Network, edges: tuple[float, float]) -> NetworkDiagram:
        """A network from one x to another, with its labels within them."""
        left, right = edges
        return fitted_network(network, self.digits().class_names, left, right, right, _HALF_TOP, _HALF_BOTTOM)

    # ------------------------------------------------------------------------------------------------ many kinds

    def many_kinds(self) -> None:
        self.next_section("Many kinds")
        image, y = self.digits().images[self.index], _PANEL_Y
        self.sketches: list[Sketch] = []
        self.moment = 0.0
        three: list[Sketch] = [
            WindowOverPicture(image, 4.1, (_PANELS_X[0], y - 0.1)),
            SoundInTime(self.levels, _PANEL_WIDTH, 2.0, (_PANELS_X[1], y - 1.1)),
            WordsAtWords(_WORDS, 4.3, 2.8, (_PANELS_X[2], y - 0.1)),
        ]
        written = [
            Words(heading, 1.3 * theme.TITLE_SIZE).move_to((x, 3.05, 0))
            for heading, x in zip(("for pictures", "for sound", "for text"), _PANELS_X, strict=True)
        ]
        note = Words("only sketches", theme.CAPTION_SIZE, theme.NEUTRAL).move_to((0, -2.5, 0))
        gone = Group(*(part for diagram in self.pair for part in parts(diagram)), *self.rings, self.below, self.title)
        with self.voiceover(
            "There are many kinds: for pictures, <bookmark mark='sound'/> for sound, "
            "<bookmark mark='text'/> for text. <bookmark mark='plain'/> We'll take the plain one, the multilayer "
            "perceptron. A good part of the others is made of it.",
            moves="Three sketches that move: a window slides over a digit; a neuron runs along a sound and keeps some "
            "of it; lines go from each of three words to every word. Then they fade; the digit goes to the left, and "
            "the plain network grows from it, under the words multilayer perceptron.",
        ) as tracker:
            self.play(FadeOut(gone, run_time=0.4), FadeIn(three[0], written[0], note), run_time=0.6)
            self.sketches.append(three[0])
            for mark, sketch, words in zip(("sound", "text"), three[1:], written[1:], strict=True):
                self.keep_moving(tracker.time_until_bookmark(mark))
                self.keep_moving(0.4, FadeIn(sketch, words))
                self.sketches.append(sketch)
            self.keep_moving(max(tracker.time_until_bookmark("plain"), 1.2))
            self.plain_one(Group(*three[1:], *written, note), three[0])
            self.pulses(tracker.get_remaining_duration())

    def keep_moving(self, seconds: float, *others: Any) -> None:
        """The sketches that are there go on for some seconds, while something else may happen."""
        if seconds < 0.1:
            return
        stop = self.moment + seconds / _ROUND
        going = [KeepMoving(self.sketches, self.moment, stop)] if self.sketches else []
        self.play(*going, *others, run_time=seconds)
        self.moment = stop

    def plain_one(self, gone: Group, sketch: Sketch) -> None:
        """The sketches fade; their picture becomes the input of the plain network, which grows from it."""
        assert isinstance(sketch, WindowOverPicture)
        self.diagram = diagram = fitted_network(self.network, self.digits().class_names)
        diagram.columns[0].show(self.forward.input)
        for neurons in diagram.columns[1:]:
            neurons.stand_out()
        for connections in diagram.connections:
            connections.set_equal(_LINES).show_until(0)
        self.title = self.titled("multilayer perceptron")
        self.play(FadeOut(gone, sketch.window), run_time=0.3)
        self.play(Transform(sketch.pixels, diagram.columns[0]), FadeIn(self.title, shift=0.3 * RIGHT), run_time=0.8)
        self.remove(sketch.pixels)
        self.add(diagram.columns[0])
        steps = [
            AnimationGroup(FadeIn(neurons), GrowConnections(connections))
            for neurons, connections in zip(diagram.columns[1:], diagram.connections, strict=True)
        ]
        self.play(LaggedStart(*steps, FadeIn(Group(diagram.labels, diagram.dots)), lag_ratio=0.5, run_time=2.4))

    # ---------------------------------------------------------------------------------------------- one warning

    def one_warning(self) -> None:
        self.next_section("One warning")
        diagram = self.diagram
        truth = int(self.digits().labels[self.index])
        shade, question = self.question_over_the_hidden()
        with self.voiceover(
            f"One warning: {self.warning} <bookmark mark='hope'/> disappoint a hope that we'll have on the way. I "
            "find that the best part.",
            moves="Light runs through the network, and its answer is ringed. Then a large question mark covers the "
            "columns in the middle, and fades again.",
        ) as tracker:
            self.play(
                *(ShowContributions(diagram, self.forward, n) for n in range(len(diagram.connections))), run_time=0.4
            )
            for layer, connections in enumerate(diagram.connections):
                arriving = PropagateActivations(
                    connections, diagram.columns[layer + 1], self.forward.activations[layer]
                )
                self.play(arriving, run_time=2.1 / len(diagram.connections))
            self.play(Create(answer_ring(diagram, self.forward, truth)), run_time=0.4)
            self.wait_until_bookmark("hope")
            self.play(FadeIn(shade), FadeIn(question, scale=0.6), run_time=theme.QUICK)
            pace = max(tracker.get_remaining_duration() / 2 - 0.2, 0.5)
            for size in (1.15, 1 / 1.15):
                self.play(question.animate.scale(size), run_time=pace)
            self.play(FadeOut(shade, question, self.title), run_time=theme.QUICK)

    @cached_property
    def warning(self) -> str:
        """What the network will do, before "disappoint a hope": that it looks for edges and for parts."""
        found = evaluate(self.network, self.digits())
        measured = locality(self.network.layers[0].weights)
        # With most of its first neurons in one place each, it may come closer to the hope.
        will = "may" if 2 * measured.local >= len(measured.shares) else "will"
        if found.accuracy >= 0.5:
            return f"it'll do its job, and {'may still' if will == 'may' else 'still'}"
        return f"it does its job badly, and {will} also"

    def question_over_the_hidden(self) -> tuple[Mobject, Mobject]:
        """A dark panel over the columns between input and output, and a question mark on it."""
        columns = self.diagram.columns
        inner = Group(*columns[1:-1]) if len(columns) > 2 else self.diagram.connections[0].copy().scale(0.5)
        shade = RoundedRectangle(0.3, width=inner.width + 0.9, height=STAGE_TOP - STAGE_BOTTOM - 0.1)
        shade.set_fill(theme.BACKGROUND, 0.9).set_stroke(theme.UNKNOWN, 3).move_to((inner.get_x(), STAGE_MIDDLE, 0))
        return shade, Words("?", 420, theme.UNKNOWN).move_to(shade)

    def titled(self, words: str) -> Words:
        """The title of what the network is, above its picture at the left."""
        room = 6.2
        title = Words(words, size_that_fits([words], room, 1.15 * theme.TITLE_SIZE))
        return title.move_to((SAFE_MARGIN - FRAME_WIDTH / 2 + 0.15 + title.width / 2, _TITLE_Y, 0))


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


def parts(diagram: NetworkDiagram) -> list[Mobject]:
    """Everything of a network but the numbers of its neurons."""
    return [*diagram.connections, *diagram.columns, diagram.dots, diagram.labels]


def numbers_in(diagram: NetworkDiagram, forward: ForwardPass) -> list[Numbers]:
    """The activations as numbers where the neurons are, for each column after the input.

    Where neurons are close to each other, only some of them have a number.
    """
    columns = []
    for place, activations in zip(diagram.layout[1:], forward.activations, strict=True):
        shown = np.flatnonzero(place.shown)
        step = -float(np.diff(place.centres[shown, 1]).max()) if len(shown) > 1 else 1.0
        size = float(np.clip(0.8 * step * PIXELS_A_UNIT, theme.SMALLEST_SIZE, theme.CAPTION_SIZE))
        chosen = shown[:: max(int(np.ceil(size / PIXELS_A_UNIT / step)), 1)]
        columns.append(Numbers(activations[chosen], place.centres[chosen], 2, size))
    columns[-1].shift(0.15 * LEFT)  # away from the labels
    return columns
