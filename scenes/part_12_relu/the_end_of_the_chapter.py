"""The end of the chapter: what was seen, the training run backwards, and a network that waits to be trained."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from manim import (
    RIGHT,
    UP,
    Animation,
    Create,
    FadeIn,
    FadeOut,
    Group,
    Indicate,
    Mobject,
    Transform,
    VGroup,
    linear,
    rate_functions,
    smooth,
)
from numpy.typing import NDArray

from network import ForwardPass, Network
from network.analysis.depth import load_comparison
from network.checkpoint import Checkpoint
from network.digits import Digits
from scenes.kit import theme
from scenes.kit.animations.count_up import CountUp
from scenes.kit.animations.forward_pass import PropagateActivations, ShowContributions
from scenes.kit.animations.replay_training import ReplayTraining
from scenes.kit.colour import rgb
from scenes.kit.layout import (
    FRAME_HEIGHT,
    FRAME_WIDTH,
    STAGE_BOTTOM,
    STAGE_MIDDLE,
    STAGE_TOP,
    grid,
    network_layout,
    upward_layout,
)
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.network_diagram import NetworkDiagram
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.text import Number, Words, as_read
from scenes.language import _, _c, _n, together
from scenes.part_12_relu.depth_scene import trained_elsewhere
from scenes.part_12_relu.depth_stage import DepthStage
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import in_words, is_digit, one_in_words, the_one_in_words

# How wide the picture is at the start, and the height of its middle: as in the film's first second.
_FIRST_EXTENT, _FIRST_Y = 5.4, STAGE_MIDDLE - 0.2
# At the end the network stands between these edges; the pictures that wait fill the rest of the frame around it, so
# far apart, and no nearer to it than this.
_LEFT, _RIGHT, _TOP, _BOTTOM = -3.65, 3.1, 2.45, -1.65
# The same where it stands upright; and before that, its uppermost row, and the share of their step that names may take.
_LEFT_UP, _RIGHT_UP, _BOTTOM_UP, _TOP_UP = -3.4, 3.4, -2.6, 2.1
_UPRIGHT_TOP, _NAMES = 2.75, 0.9
# Where the knobs and the epochs are counted: above the network, or, where it stands upright, beside the picture.
_READING, _READING_UPRIGHT = (0.2, STAGE_TOP - 0.15, 0), (-4.2, STAGE_BOTTOM + 1.15, 0)
_STEP, _CLEAR = 0.72, 0.15
# How lines are drawn between rows that stand near each other: the lower the contrast, the brighter the weak ones.
_CONTRAST, _LINES = 0.55, 1.3
# The type of these counts where there is room for it.
_LARGE = 72
# How long the pictures take to light up all together at the end, and how bright they become.
_DAWN, _DAYLIGHT = 1.5, 1.0
# The light of the pictures falls from 1 beside the network to this share at the edges of the frame.
_AT_THE_EDGE = 0.5
# Where the names of the outputs end, with the room between them and the outputs.
_RIGHTMOST = 6.1
# For how long the network looks at each of them.
_A_LOOK = 0.6


class TheEndOfTheChapter(LessonScene):
    """The film's first picture is read once more; the training runs backwards; a random network waits to be trained."""

    def construct(self) -> None:
        names, sizes = self.test.class_names, self.network.sizes
        widest = max(Words(name, theme.LABEL_SIZE).width for name in names)
        layout = upward_layout(sizes, bottom=STAGE_BOTTOM, top=_UPRIGHT_TOP)
        # It stands upright, if the names of the outputs have room side by side.
        self.upright = widest < _NAMES * abs(np.diff(layout[-1].centres[:2, 0]).min(initial=FRAME_WIDTH))
        if not self.upright:  # the outputs leave room for their names
            layout = network_layout(sizes, right=_RIGHTMOST - widest)
        self.diagram = NetworkDiagram(self.network, names, layout, upward=self.upright)
        if self.upright:  # its rows are near each other, and their lines short
            for connections in self.diagram.connections:
                connections.contrast, connections.width_of_lines = _CONTRAST, _LINES
        self.reading_at = _READING_UPRIGHT if self.upright else _READING

        self.what_it_is()
        self.back_to_the_start()
        self.where_it_begins()
        self.end()

    def alternative_text(self) -> str:
        name = self.test.class_names[self.forward.answer]
        read = _("The network reads a last picture as {answer}.", answer=name)
        if not self.recorded:
            return together(
                read, _("Then training pictures gather all around it, and one after another passes through it.")
            )
        return together(
            read,
            _("Then its training runs backwards to random weights, and the answer is lost.")
            if self.what_is_lost()
            else _("Then its training runs backwards to random weights."),
            _(
                "The random network stays; training pictures gather all around it, one after another passes through "
                "it, and at last all of them grow brighter."
            ),
        )

    @cached_property
    def test(self) -> Digits:
        return self.digits()

    @cached_property
    def forward(self) -> ForwardPass:
        """The network on the last picture."""
        return self.network.forward(self.test.images[self.hero])

    @property
    def recorded(self) -> bool:
        """Whether the run that trained the network was recorded, so that it can run backwards."""
        return len(self.checkpoint.snapshot_parameters) > 1

    @cached_property
    def first(self) -> Network:
        """The network as it was before its training; the trained one, if its run was not recorded."""
        return self.checkpoint.at_moment(0) if self.recorded else self.network

    def what_it_is(self) -> None:
        self.next_section(_("What it is"))
        diagram, forward = self.diagram, self.forward
        diagram.columns[0].show(forward.input)
        for connections in diagram.connections:
            connections.set_values(np.zeros(connections.shape))
        opening = PixelGrid(forward.input, _FIRST_EXTENT, (0, _FIRST_Y))
        others = [*diagram.columns[1:], diagram.dots, diagram.labels]
        comparison = load_comparison(self.companion_file("depth"))
        before = DepthStage(comparison, trained_elsewhere(comparison, self.checkpoint)).at_the_end()
        with self.voiceover(
            together(
                _("So that's a neural network: numbers that light up other numbers, layer by layer."),
                self.who_knows(),
            ),
            moves=_(
                "The chart fades. The digit of the film's first second comes, alone and large. It takes its place at "
                "the foot of the network, which stands upright now, and runs up through it, layer by layer, to the "
                "answer."
            )
            if self.upright
            else _(
                "The chart fades. The digit of the film's first second comes, alone and large. It takes its place "
                "before the network and runs through it, layer by layer, to the answer."
            ),
        ):
            self.add(before)
            self.play(FadeOut(before), FadeIn(opening), run_time=theme.STEP)
            self.play(Transform(opening, diagram.columns[0]), *(FadeIn(part) for part in others), run_time=theme.STEP)
            self.remove(opening)
            self.add(diagram.columns[0])
            for layer, connections in enumerate(diagram.connections):
                self.add(connections)
                self.play(ShowContributions(diagram, forward, layer), run_time=theme.QUICK)
                self.play(
                    PropagateActivations(connections, diagram.columns[layer + 1], forward.activations[layer]),
                    run_time=theme.STEP,
                )
            self.mark = diagram.winner_mark(forward)
            self.play(
                Create(self.mark),
                diagram.labels[forward.answer].animate.set_fill(theme.ANSWER),
                run_time=theme.QUICK,
            )

    def who_knows(self) -> str:
        """The answer to the question of part 1: how so few numbers can know what a class looks like."""
        truth = int(self.test.labels[self.hero])
        if self.forward.answer != truth:
            return ""
        return _(
            "None of them knows what {digit} looks like; together, they read it.",
            digit=one_in_words(self.test.class_names[truth]),
        )

    def with_weights(self) -> list[tuple[Any, Any]]:
        """The lines of each layer as they are, and in the colours of their weights."""
        pairs = []
        for connections, layer in zip(self.diagram.connections, self.network.layers, strict=True):
            shown = connections.copy()
            shown.set_profile([1.0])
            shown.set_values(layer.weights, np.abs(layer.weights).max(axis=1, keepdims=True))
            pairs.append((connections, shown))
        return pairs

    def back_to_the_start(self) -> None:
        self.next_section(_("Back to the start"))
        checkpoint, diagram = self.checkpoint, self.diagram
        count = self.network.parameter_count
        size = _LARGE if self.upright else theme.TITLE_SIZE
        counter = Number(count, 0, size)
        self.knobs = VGroup(counter, Words(_c("after their number", "knobs"), size)).arrange(
            RIGHT, buff=0.25, aligned_edge=UP
        )
        as_read(self.knobs).move_to(self.reading_at)
        counter.set_value(0)
        # Weights in the lines, biases in the rings: these are the knobs that are counted.
        plain = [neurons.copy() for neurons in diagram.columns[1:]]
        counting = (
            FadeIn(self.knobs[1], run_time=theme.QUICK),
            CountUp(counter, 0, count),
            *(Transform(*pair) for pair in self.with_weights()),
            *(Transform(one, with_biases(one)) for one in diagram.columns[1:]),
        )
        without_rings = [Transform(one, other) for one, other in zip(diagram.columns[1:], plain, strict=True)]
        if not self.recorded:
            with self.voiceover(
                _n(
                    "{n} knob, and nobody set it by hand: it was learned.",
                    "{n} knobs, and nobody set them by hand: they were learned.",
                    count,
                ),
                moves=_(
                    "All connections take the colours of their weights, the rings of the neurons light up for the "
                    "biases, and the knobs are counted. The ring around the answer fades."
                ),
            ):
                self.add(counter)
                self.play(*counting)
                self.play(FadeOut(self.mark), diagram.labels[self.forward.answer].animate.set_fill(theme.TEXT))
                self.wait_for_voiceover()
            self.play(FadeOut(self.knobs), *without_rings, run_time=theme.QUICK)
            return
        word = Words(_c("before its number", "epoch"), size)
        number = Number(checkpoint.snapshot_epochs[-1], 0, size)
        self.clock = as_read(VGroup(word, number).arrange(RIGHT, buff=0.2, aligned_edge=UP))
        self.clock.move_to(self.reading_at)
        lost = self.what_is_lost()
        with self.voiceover(
            together(
                _n(
                    "{n} knob, and nobody set it by hand.",
                    "{n} knobs, and nobody set them by hand.",
                    count,
                ),
                _("<bookmark mark='back'/> Run the training backwards, and they dissolve into random numbers again."),
                lost,
            ),
            moves=_(
                "All connections take the colours of their weights, the rings of the neurons light up for the biases, "
                "and the knobs are counted. The training runs backwards: the epochs count down to 0, the pattern of "
                "the connections dissolves, and so does the answer to the picture. They dim; only the picture stays "
                "bright."
            ),
        ) as tracker:
            self.add(counter)
            self.play(*counting)
            self.wait_until_bookmark("back")
            self.play(FadeOut(self.knobs), *without_rings, run_time=0.3)
            self.play(FadeIn(self.clock), run_time=0.3)
            end = tracker.time_until_bookmark("nothing") if lost else tracker.get_remaining_duration()
            self.play(
                FadeOut(self.mark),
                diagram.labels[self.forward.answer].animate.set_fill(theme.TEXT),
                ReplayWithPicture(
                    checkpoint,
                    diagram,
                    self.forward.input,
                    number,
                    rate_func=backwards,
                    run_time=max(end, 4 * theme.STEP),
                ),
            )
            if lost:
                dim = (connections.animate.set_opacity(0.6) for connections in diagram.connections)
                self.play(*dim, Indicate(diagram.columns[0], 1.07, None), run_time=1.5 * theme.STEP)

    def what_is_lost(self) -> str:
        """What becomes of the picture, if the network before its training does not give the same answer; else empty."""
        if self.first.forward(self.forward.input).answer == self.forward.answer:
            return ""
        name = self.test.class_names[self.test.labels[self.hero]]
        if is_digit(name):
            return _(
                "{digit:^} that you read in the first second <bookmark mark='nothing'/> means nothing to it any more.",
                digit=the_one_in_words(name),
            )
        return _(
            "The picture that you saw in the first second <bookmark mark='nothing'/> means nothing to it any more."
        )

    def where_it_begins(self) -> None:
        self.next_section(_("Where it begins"))
        train = self.digits("train")
        there = self.in_the_middle()
        places = places_around(Group(*there.columns, there.labels))
        images = np.concatenate([train.images[: len(places)], self.forward.input.reshape(1, *train.images.shape[1:])])
        waiting = sky_of(images[:-1], places)
        n = len(train)
        with self.voiceover(
            together(
                _n(
                    "And this is where it begins: a network that knows nothing, <bookmark mark='pictures'/> {n} "
                    "picture, and a question: how could it ever find its own way?",
                    "And this is where it begins: a network that knows nothing, <bookmark mark='pictures'/> {n} "
                    "pictures, and a question: how could it ever find its own way?",
                    n,
                    n=in_words(n),
                ),
                _("That's what we'll see next."),
            )
            if self.recorded
            else together(
                _n(
                    "It got there from nothing but <bookmark mark='pictures'/> {n} picture with its answer.",
                    "It got there from nothing but <bookmark mark='pictures'/> {n} pictures with their answers.",
                    n,
                    n=in_words(n),
                ),
                _("But how could a network ever find its own way? That's what we'll see next."),
            ),
            moves=_(
                "The network shrinks to the middle. Training pictures gather all around it; one after another lights "
                "up and runs through the network. At last all of them grow brighter."
            ),
        ) as tracker:
            clock = [FadeOut(self.clock)] if self.recorded else []
            time = max(tracker.time_until_bookmark("pictures", limit=2.2), theme.STEP)
            here = self.diagram
            parts = (
                *zip(here.connections, there.connections, strict=True),
                *zip(here.columns, there.columns, strict=True),
                (here.dots, there.dots),
                (here.labels, there.labels),
            )
            self.play(*clock, *(Transform(one, other) for one, other in parts), run_time=time)
            self.wait_until_bookmark("pictures")
            self.play(FadeIn(waiting, scale=1.3), run_time=theme.STEP)
            looks = max(round((tracker.get_remaining_duration() - _DAWN) / _A_LOOK), 2)
            chosen = [*range(min(looks, len(images) - 1)), len(images) - 1]
            self.play(LookAtPictures(here, self.first, images[chosen], waiting, run_time=_A_LOOK * len(chosen)))
            bright = waiting.copy()
            bright.opacities[:] = _DAYLIGHT
            self.play(Transform(waiting, bright), run_time=_DAWN)

    def in_the_middle(self) -> NetworkDiagram:
        """The network before its training as it stands at the end, smaller and in the middle."""
        sizes = self.network.sizes
        layout = (
            upward_layout(sizes, left=_LEFT_UP, right=_RIGHT_UP, bottom=_BOTTOM_UP, top=_TOP_UP)
            if self.upright
            else network_layout(sizes, left=_LEFT, right=_RIGHT, top=_TOP, bottom=_BOTTOM)
        )
        there = NetworkDiagram(self.first, self.test.class_names, layout, upward=self.upright)
        there.show_weights().stand_out()
        return there.show_activations(self.first.forward(self.forward.input))


class ReplayWithPicture(ReplayTraining):
    """A training run is replayed, and the neurons show what the network of each moment makes of a picture, (side²,)."""

    def __init__(
        self, checkpoint: Checkpoint, diagram: NetworkDiagram, image: NDArray[Any], epoch: Number, **options: Any
    ) -> None:
        self.diagram, self.image = diagram, image
        super().__init__(checkpoint, diagram.connections, epoch=epoch, **options)
        self.mobject.add(*diagram.columns[1:])

    def show(self, moment: float, network: Network) -> None:
        super().show(moment, network)
        for neurons, activations in zip(self.diagram.columns[1:], network.forward(self.image).activations, strict=True):
            neurons.show(activations)


class LookAtPictures(Animation):
    """A network looks at one picture after another, which blend; the one that it looks at lights up among the others.

    images: (n, side, side), from the sky's first on; the last one need not be there. What the neurons show is always
    what the network makes of the picture that its input shows, a blend too.
    """

    # The share of a look in which a picture blends into the next one, and how bright the others in the sky are.
    BLEND, REST = 0.5, 0.6

    def __init__(
        self, diagram: NetworkDiagram, network: Network, images: NDArray[Any], sky: Cells, **options: Any
    ) -> None:
        self.diagram, self.network, self.sky = diagram, network, sky
        # It comes from the picture that it looks at now.
        self.images = np.concatenate([diagram.columns[0].colours[None, :, 0] / 255, images.reshape(len(images), -1)])
        super().__init__(Group(*diagram.columns, sky), **{"rate_func": linear, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        looks = len(self.images) - 1
        at = min(self.rate_func(alpha) * looks, looks - 1e-6)
        number = int(at)
        share = float(smooth(min((at - number) / self.BLEND, 1)))
        image = self.images[number] + (self.images[number + 1] - self.images[number]) * share
        for neurons, activations in zip(self.diagram.columns, self.network.forward(image).columns, strict=True):
            neurons.show(activations)
        pixels = self.images.shape[1]
        light = np.full(len(self.sky) // pixels, self.REST, np.float32)
        for picture, lit in ((number - 1, 1 - share), (number, share)):
            if 0 <= picture < min(len(light), looks - 1):
                light[picture] += (1 - self.REST) * lit
        self.sky.opacities = np.repeat(light, pixels)


def places_around(middle: Mobject) -> NDArray[np.float64]:
    """Places (n, 3) all over the stage but for its middle and the captions; shuffled, those near the middle first."""
    x, y = (
        (np.arange(count := int(length / _STEP)) - (count - 1) / 2) * _STEP
        for length in (FRAME_WIDTH, FRAME_HEIGHT / 2 - STAGE_BOTTOM)
    )
    x, y = np.meshgrid(x, y + (FRAME_HEIGHT / 2 + STAGE_BOTTOM) / 2)
    places = np.stack([x.ravel(), y.ravel(), np.zeros(x.size)], axis=1)
    away = np.abs(places - middle.get_center())[:, :2]
    free = (away > np.array([middle.width, middle.height]) / 2 + _STEP / 2 + _CLEAR).any(axis=1)
    shuffled = np.random.default_rng(0).permutation(places[free])
    return shuffled[np.argsort(daylight(shuffled) <= _AT_THE_EDGE, kind="stable")]


def daylight(places: NDArray[np.float64]) -> NDArray[np.float64]:
    """How much light there is in places (n, 3): 1 in the middle of the stage, least in the corners of the frame."""
    away = (places[:, :2] - (0, STAGE_MIDDLE)) / (FRAME_WIDTH / 2, FRAME_HEIGHT / 2)
    return np.clip(1.5 - 1.2 * np.linalg.norm(away, axis=1), _AT_THE_EDGE, 1)


def sky_of(images: NDArray[Any], places: NDArray[np.float64]) -> Cells:
    """Pictures (n, side, side) in the first of these places, all their pixels as cells, picture by picture.

    The farther out a picture is, the less light it has.
    """
    extent, side = 0.86 * _STEP, images.shape[1]
    centres = np.concatenate([grid(side, (x, y), extent) for x, y, _ in places[: len(images)]])
    light = np.repeat(daylight(places[: len(images)]), side**2)
    sky = Cells(centres, extent / side, stroke_width=0).set_brightness(light * images.ravel())
    sky.opacities = np.full(len(sky), LookAtPictures.REST, np.float32)
    return sky


def with_biases(neurons: Cells) -> Cells:
    """The same neurons with rings in the colour of biases."""
    ringed = neurons.copy()
    ringed.stroke_colours = np.tile(rgb(theme.BIASES_SYMBOL), (len(neurons), 1)).astype(np.float32)
    ringed.stroke_widths = np.maximum(3 * neurons.stroke_widths, 4).astype(np.float32)
    return ringed


def backwards(share: float) -> float:
    """A rate function that runs from the end to the start and sets out gently."""
    return 1 - rate_functions.ease_in_sine(share)
