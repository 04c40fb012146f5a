"""Sure of noise: how sure the network is that it sees something in pictures of nothing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    Circle,
    Create,
    DashedVMobject,
    FadeIn,
    FadeOut,
    Group,
    Transform,
    VGroup,
)

from network import ForwardPass
from network.analysis.noise import SURE, Sureness, sureness, uniform_noise
from network.digits import Digits
from network.network import Array
from scenes.kit import theme
from scenes.kit.animations.appearing import OneByOne
from scenes.kit.animations.forward_pass import PropagateActivations, ShowContributions
from scenes.kit.colour import rgb
from scenes.kit.layout import FRAME_WIDTH, SAFE_MARGIN, STAGE_BOTTOM, STAGE_MIDDLE, STAGE_TOP, network_layout
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.network_diagram import NetworkDiagram
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.text import Number, Words, size_that_fits
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import capitalised, class_in_words, percent

# How many pictures of noise are made, and the seed of their randomness.
_NOISES, _SEED = 1000, 11
# The picture of noise: large, and beside something else.
_LARGE = 6.3
_BESIDE, _BESIDE_X = 4.6, -4.4
# The field of squares: its columns and its place.
_FIELD_COLUMNS = 40
_FIELD_LEFT, _FIELD_RIGHT = -1.5, 6.7
_FIELD_TOP, _FIELD_BOTTOM = STAGE_TOP - 0.05, STAGE_BOTTOM + 1.3
# The lights: their room, the most in a column, and the largest of them.
_LIGHTS_LEFT, _LIGHTS_RIGHT = -1.3, 6.7
_IN_A_COLUMN, _LARGEST_LIGHT = 6, 0.95
# How far to the right outputs stand where their names are short, and the room beyond the widest name.
_OUTPUTS_RIGHT, _BEYOND_NAMES = 4.9, 1.5


class SureOfNoise(LessonScene):
    """Pictures of nothing go through the network: its real answers, and how often it is sure of them."""

    def construct(self) -> None:
        names = self.test.class_names
        # Outputs stand as far to the left as their names and values need room.
        widest = max(Words(name, theme.LABEL_SIZE).width for name in names)
        right = min(_OUTPUTS_RIGHT, FRAME_WIDTH / 2 - SAFE_MARGIN - widest - _BEYOND_NAMES)
        self.diagram = NetworkDiagram(self.network, names, network_layout(self.network.sizes, right=right))
        for connections in self.diagram.connections:
            connections.set_values(np.zeros(connections.shape))

        self.noise_in()
        self.an_answer_out()
        self.how_often()
        self.no_output_for_nothing()
        self.end()

    def alternative_text(self) -> str:
        outputs = self.judged.outputs[self.judged.surest]
        sure = int((self.judged.greatest > SURE).sum())
        return (
            f"A picture of noise goes through the network, which answers {self.test.class_names[outputs.argmax()]} "
            f"with an output of {outputs.max():.2f}. Of {len(self.noise):,} such pictures, {sure:,} get more than "
            f"{SURE} from some output; of the test pictures, {percent(self.share_of_real)} do. There is no output for "
            "nothing."
        )

    @cached_property
    def test(self) -> Digits:
        return self.digits()

    @cached_property
    def noise(self) -> Array:
        return noise_to_show(self.test)

    @cached_property
    def judged(self) -> Sureness:
        """What the network makes of the noise."""
        return sureness(self.network, self.noise)

    @cached_property
    def share_of_real(self) -> float:
        """The share of the test pictures for which an output is above `SURE`."""
        return sureness(self.network, self.test.images).share

    @cached_property
    def surest(self) -> Array:
        """The picture of noise, (side, side), that the network is surest of."""
        picture: Array = self.noise[self.judged.surest]
        return picture

    @cached_property
    def forward(self) -> ForwardPass:
        """The network on that picture."""
        return self.network.forward(self.surest)

    def noise_in(self) -> None:
        self.next_section("Noise in")
        large = PixelGrid(self.surest, _LARGE, (0, STAGE_MIDDLE))
        first = self.diagram.columns[0].show(self.forward.input)
        with self.voiceover(
            "Now something mean. This is pure noise: every pixel is a random grey. "
            "<bookmark mark='ask'/> What do you think the network will say?",
            moves="Square by square, a picture of grey noise fills the stage. It goes to the left, where a digit "
            "should be, and the dark neurons of the network appear.",
        ):
            self.play(OneByOne(large), run_time=2 * theme.FLOW)
            self.wait_until_bookmark("ask")
            self.play(
                Transform(large, first.copy()),
                FadeIn(*self.diagram.columns[1:], self.diagram.dots, self.diagram.labels),
                run_time=theme.STEP,
            )
            self.remove(large)
            self.add(first)

    def an_answer_out(self) -> None:
        self.next_section("An answer out")
        diagram, forward = self.diagram, self.forward
        outputs = diagram.columns[-1]
        edge = diagram.labels.get_right()[0] + 0.3
        values = VGroup(*(Number(value, 2, theme.NOTE_SIZE) for value in forward.output))
        for value, centre, shown in zip(values, outputs.centres, outputs.layout.shown, strict=True):
            value.move_to((edge, centre[1], 0), aligned_edge=LEFT).set_opacity(float(shown))
        self.ring = diagram.winner_mark(forward)
        self.values = values
        value = float(forward.output.max())
        # The viewer was asked, and may think while it runs.
        for layer, connections in enumerate(diagram.connections):
            self.add(connections)
            self.play(ShowContributions(diagram, forward, layer), run_time=theme.QUICK)
            self.play(
                PropagateActivations(connections, diagram.columns[layer + 1], forward.activations[layer]),
                run_time=0.7 * theme.STEP,
            )
        with self.voiceover(
            answer_told(self.test.class_names[forward.answer], value),
            moves="Lines have lit up, and pulses have run through the layers; a ring marks the brightest output.",
        ):
            marked = (diagram.labels[forward.answer], values[forward.answer])
            self.play(FadeIn(values), Create(self.ring))
            self.play(*(part.animate.set_fill(theme.ANSWER) for part in marked), run_time=theme.QUICK)

    def how_often(self) -> None:
        self.next_section("How often")
        diagram = self.diagram
        rest = Group(*diagram.connections, *diagram.columns[1:], diagram.dots, diagram.labels, self.values, self.ring)
        self.field = field_of_outputs(self.judged.greatest)
        marked = mark_the_sure(self.field, self.judged.greatest)
        sure, of = int((self.judged.greatest > SURE).sum()), len(self.noise)
        self.figures = VGroup(
            Words(f"noise: {sure:,} of {of:,} above {SURE}", 48, theme.ANSWER),
            Words(f"test pictures: {percent(self.share_of_real, 0)} above {SURE}", 48),
        ).arrange(DOWN, buff=0.25)
        self.figures.move_to(((_FIELD_LEFT + _FIELD_RIGHT) / 2, STAGE_BOTTOM + 0.6, 0))
        with self.voiceover(
            "I confess: it's the worst of many that we tried. Here they all are, each square as bright as "
            "that picture's brightest output. "
            f"<bookmark mark='sure'/> {how_often_told(sure, of)} And of the real test pictures? "
            f"<bookmark mark='real'/> Of {percent(self.share_of_real, 0) if self.share_of_real else 'none'}.",
            moves="All but the noise goes. To its right, a field of small squares fills, one for each picture of "
            "noise; those with an output above the threshold turn yellow.",
        ) as tracker:
            self.play(
                FadeOut(rest), Transform(diagram.columns[0], PixelGrid(self.surest, _BESIDE, (_BESIDE_X, STAGE_MIDDLE)))
            )
            self.play(OneByOne(self.field), run_time=max(tracker.time_until_bookmark("sure", limit=6), theme.FLOW))
            self.wait_until_bookmark("sure")
            self.play(Transform(self.field, marked), FadeIn(self.figures[0]))
            self.wait_until_bookmark("real")
            self.play(FadeIn(self.figures[1]))

    def no_output_for_nothing(self) -> None:
        self.next_section("No output for nothing")
        self.lights, names, self.place, missing = lights_of_outputs(self.forward.output, self.test.class_names)
        answer = self.forward.answer
        ring = Circle(float(self.lights.radii[answer]) + 0.1, color=theme.ANSWER, stroke_width=theme.MARK_WIDTH)
        ring.move_to(self.lights.centres[answer])
        with self.voiceover(
            "Why doesn't it just say that this is nothing? Because we never gave it a light for "
            "<bookmark mark='none'/> nothing. <bookmark mark='one'/> And one of the others is always the brightest.",
            moves="In place of the field stand the lights of all outputs, as bright as this noise makes them. Beside "
            "the last one a dashed circle is drawn: there is no light for nothing. A ring marks the brightest.",
        ):
            self.play(FadeOut(self.field, self.figures), FadeIn(self.lights, names))
            self.wait_until_bookmark("none")
            self.play(Create(self.place), FadeIn(missing))
            self.wait_until_bookmark("one")
            self.play(Create(ring), names[answer].animate.set_fill(theme.ANSWER))


def noise_to_show(digits: Digits) -> Array:
    """Pictures (n, side, side) of the size of those of `digits`, in which every pixel is random; from a fixed seed."""
    return uniform_noise(_NOISES, digits.side, np.random.default_rng(_SEED))


def answer_told(name: str, output: float) -> str:
    """What the network says about the noise, by the output for its answer."""
    said = capitalised(class_in_words(name))
    if output > SURE:
        return f"{said}! And nearly as brightly as it can."
    if output > 0.5:
        return f"{said}, and rather brightly."
    return f"{said}, if anything; but not brightly at all."


def how_often_told(sure: int, of: int) -> str:
    """How many of these pictures of noise have an output above `SURE`: the share, unless it is next to nothing."""
    if sure == 0:
        return "It's quite sure of none of them."
    return f"It's quite sure of {percent(sure / of, 0) if sure > of / 100 else 'very few'} of them."


def lights_of_outputs(outputs: Array, names: Sequence[str]) -> tuple[Cells, VGroup, DashedVMobject, Words]:
    """A light for each output, (n,), with its name; and, after the last, an empty place for “nothing” and its name."""
    count = len(names) + 1
    columns = -(-count // _IN_A_COLUMN)
    across = (_LIGHTS_RIGHT - _LIGHTS_LEFT) / columns
    down = (STAGE_TOP - STAGE_BOTTOM) / _IN_A_COLUMN
    size = min(_LARGEST_LIGHT, 0.35 * across)
    column, row = np.divmod(np.arange(count), _IN_A_COLUMN)
    centres = np.stack(
        [_LIGHTS_LEFT + column * across + size / 2, STAGE_TOP - (row + 0.5) * down, np.zeros(count)], axis=1
    )
    lights = Cells(centres[:-1], size, 1.0, stroke_colour=theme.NEURON_OUTLINE, stroke_width=3).set_brightness(outputs)
    words = [*names, "nothing"]
    room = across - size - 0.35
    type_size = size_that_fits(words, room, 52)
    texts = VGroup(*(Words(text, type_size) for text in words))
    for text, centre in zip(texts, centres, strict=True):
        text.move_to(centre + (size / 2 + 0.22) * RIGHT, aligned_edge=LEFT)
    missing = texts[-1].set_fill(theme.QUIET_TEXT)
    texts.remove(missing)
    circle = Circle(size / 2, color=theme.QUIET_TEXT, stroke_width=4).move_to(centres[-1])
    return lights, texts, DashedVMobject(circle, num_dashes=14), missing


def field_of_outputs(outputs: Array) -> Cells:
    """A square for each picture, row by row, as bright as its greatest output, (n,)."""
    rows = -(-len(outputs) // _FIELD_COLUMNS)
    step = min((_FIELD_RIGHT - _FIELD_LEFT) / _FIELD_COLUMNS, (_FIELD_TOP - _FIELD_BOTTOM) / rows)
    row, column = np.divmod(np.arange(len(outputs)), _FIELD_COLUMNS)
    centres = np.stack([_FIELD_LEFT + (column + 0.5) * step, _FIELD_TOP - (row + 0.5) * step], axis=1)
    return Cells(centres, 0.8 * step, stroke_width=0).set_brightness(outputs, theme.NEUTRAL)


def mark_the_sure(field: Cells, outputs: Array) -> Cells:
    """A copy of a field in which the squares with an output, (n,), above `SURE` are yellow."""
    marked = field.copy()
    marked.colours[outputs > SURE] = rgb(theme.ANSWER)
    return marked
