"""Sure of noise: how sure the network is that it sees something in pictures of nothing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Create,
    DashedVMobject,
    FadeIn,
    FadeOut,
    Group,
    LaggedStart,
    Rectangle,
    Transform,
    VGroup,
    VMobject,
)

from network import ForwardPass
from network.analysis.noise import SURE, Sureness, sureness, three_noises
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
from scenes.kit.mobjects.text import Number, Words
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import percent

# How many pictures of each kind of noise are made, and the seed of their randomness.
_NOISES, _SEED = 1000, 11
# The field of squares beside the first panel: its columns and its place.
_FIELD_COLUMNS = 40
_FIELD_LEFT, _FIELD_RIGHT = -3.0, 6.7
_FIELD_TOP, _FIELD_BOTTOM = STAGE_TOP - 0.5, STAGE_BOTTOM + 0.1
# The step from panel to panel, and the width of the picture in each.
_PANEL_STEP, _PANEL_PICTURE = 3.4, 2.85
# In the rows of outputs: the gap between names, and the step from row to row.
_BETWEEN_NAMES, _NAME_ROWS = 0.55, 0.75
# How far to the right outputs stand where their names are short, and the room beyond the widest name.
_OUTPUTS_RIGHT, _BEYOND_NAMES = 4.9, 1.5


class Kind(NamedTuple):
    """A kind of pictures: its name, the pictures (n, side, side), and what the network made of them."""

    name: str
    images: Array
    judged: Sureness

    @property
    def surest(self) -> Array:
        """The picture, (side, side), that the network is surest of."""
        surest: Array = self.images[self.judged.surest]
        return surest


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
        self.other_kinds()
        self.no_output_for_nothing()
        self.end()

    def alternative_text(self) -> str:
        shares = "; ".join(f"{kind.name}: {percent(kind.judged.share)}" for kind in self.kinds)
        judged = self.kinds[0].judged
        first = judged.outputs[judged.surest]
        return (
            f"A picture of noise goes through the network, which answers {self.test.class_names[first.argmax()]} "
            f"with an output of {first.max():.2f}. Shares of pictures with an output above {SURE}: {shares}."
        )

    @cached_property
    def test(self) -> Digits:
        return self.digits()

    @cached_property
    def kinds(self) -> list[Kind]:
        """Three kinds of noise, and the test set itself."""
        return [Kind(name, images, sureness(self.network, images)) for name, images in noise_to_show(self.test)]

    @cached_property
    def forward(self) -> ForwardPass:
        """The network on the picture of noise that it is surest of, of the first kind."""
        return self.network.forward(self.kinds[0].surest)

    def noise_in(self) -> None:
        self.next_section("Noise in")
        self.diagram.columns[0].show(self.forward.input)
        with self.voiceover(
            "Every pixel is drawn at random. What will the network say?",
            moves="Grey noise stands where a digit should be; the other neurons are dark.",
        ):
            self.play(
                *(FadeIn(neurons) for neurons in self.diagram.columns),
                FadeIn(self.diagram.dots),
                FadeIn(self.diagram.labels),
            )

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
        tail = "" if value > SURE else ", the surest of all of them"
        with self.voiceover(
            f"It answers {self.test.class_names[forward.answer]}, with an output of {value:.2f}{tail}.",
            moves="Lines light up, pulses run through the layers, and a ring marks the brightest output.",
        ):
            for layer, connections in enumerate(diagram.connections):
                self.add(connections)
                self.play(ShowContributions(diagram, forward, layer), run_time=theme.QUICK)
                self.play(
                    PropagateActivations(connections, diagram.columns[layer + 1], forward.activations[layer]),
                    run_time=theme.STEP,
                )
            marked = (diagram.labels[forward.answer], values[forward.answer])
            self.play(FadeIn(values), Create(self.ring))
            self.play(*(part.animate.set_fill(theme.ANSWER) for part in marked), run_time=theme.QUICK)

    def how_often(self) -> None:
        self.next_section("How often")
        diagram = self.diagram
        rest = Group(*diagram.connections, *diagram.columns[1:], diagram.dots, diagram.labels, self.values, self.ring)
        count = round(self.kinds[0].judged.share * _NOISES)
        told = {0: "None of them gets", 1: "1 of them gets"}.get(count, f"{count} of them get")
        self.panels = [
            KindPanel(kind, self.test.class_names, (column - (len(self.kinds) - 1) / 2) * _PANEL_STEP)
            for column, kind in enumerate(self.kinds)
        ]
        with self.voiceover(
            f"The surest of {_NOISES:,} such pictures. {told} more than {SURE}.",
            moves="The noise goes to the left. Beside it a field of squares fills, one for each picture, as bright as "
            "its greatest output, and yellow where it is sure.",
        ):
            self.play(FadeOut(rest), Transform(diagram.columns[0], self.panels[0].picture, run_time=theme.STEP))
            self.field = field_of_outputs(self.kinds[0].judged.greatest)
            note = Words("a square for each, as bright as its greatest output", theme.NOTE_SIZE, theme.QUIET_TEXT)
            self.field_note = note.next_to(self.field, UP, buff=0.2)
            self.play(FadeIn(*self.panels[0].words, note, run_time=theme.STEP), OneByOne(self.field))
            self.play(FadeIn(self.panels[0].share))

    def other_kinds(self) -> None:
        self.next_section("Other kinds")
        most = max(kind.judged.share for kind in self.kinds[1:-1])
        with self.voiceover(
            f"Other noise: up to {percent(most)}. Real test pictures: {percent(self.kinds[-1].judged.share)}.",
            moves="Two more kinds of noise appear, each with the picture the network is surest of; then a real test "
            "picture.",
        ):
            self.play(FadeOut(self.field, self.field_note))
            for panel in self.panels[1:]:
                self.play(FadeIn(panel.picture, *panel.words, panel.share), run_time=theme.STEP)

    def no_output_for_nothing(self) -> None:
        self.next_section("No output for nothing")
        words, names, gap, missing = outputs_in_rows(self.test.class_names, (STAGE_BOTTOM - 0.9) / 2)
        noises = [kind.judged for kind in self.kinds[:-1]]
        answered = sorted({int(judged.outputs[judged.surest].argmax()) for judged in noises})
        with self.voiceover(
            noise_verdict(max(judged.share for judged in noises)),
            moves="In place of the shares stand the names of all outputs; those that noise has got turn yellow. After "
            "the last one an empty place is drawn: there is none for “nothing”.",
        ):
            self.play(
                *(FadeOut(panel.share) for panel in self.panels),
                FadeIn(words),
                LaggedStart(*(FadeIn(name) for name in names), lag_ratio=0.1),
            )
            self.play(*(names[answer].animate.set_fill(theme.ANSWER) for answer in answered))
            self.play(Create(gap), FadeIn(missing))


class KindPanel:
    """A kind of pictures at x: its name, the picture that the network is surest of, the answer, and the sure share."""

    def __init__(self, kind: Kind, class_names: tuple[str, ...], x: float) -> None:
        judged = kind.judged
        outputs = judged.outputs[judged.surest]
        self.picture = PixelGrid(kind.surest, _PANEL_PICTURE, (x, STAGE_MIDDLE + 0.8))
        title = Words(kind.name, theme.NOTE_SIZE, theme.QUIET_TEXT)
        title.move_to((x, self.picture.get_top()[1] + 0.5, 0), aligned_edge=UP)
        said = Words(f"{class_names[int(outputs.argmax())]}: {outputs.max():.2f}", theme.LABEL_SIZE, theme.ANSWER)
        said.move_to((x, self.picture.get_bottom()[1] - 0.25, 0), aligned_edge=UP)
        number = Words(percent(judged.share), 64).move_to((x, STAGE_BOTTOM + 0.95, 0))
        note = Words(f"above {SURE}", theme.NOTE_SIZE, theme.QUIET_TEXT).next_to(number, DOWN, buff=0.18)
        self.words = (title, said)
        self.share = VGroup(number, note)


def noise_to_show(digits: Digits) -> list[tuple[str, Array]]:
    """Kinds of pictures and their names: three of noise, from a fixed seed, and the pictures of `digits`."""
    uniform, smooth, shuffled = three_noises(digits.images, _NOISES, np.random.default_rng(_SEED))
    return [
        ("every pixel at random", uniform),
        ("soft blots at random", smooth),
        ("real pixels, shuffled", shuffled),
        ("real test pictures", digits.images),
    ]


def outputs_in_rows(names: Sequence[str], y: float) -> tuple[Words, VGroup, DashedVMobject, Words]:
    """The names of all outputs around the height y, after some words, and an empty place for “nothing” at the end.

    They stand in one row, or in as many as they need. Gives the words, the names, the empty place and its name.
    """
    words = Words("the outputs:", theme.NOTE_SIZE, theme.QUIET_TEXT)
    texts = VGroup(*(Words(name, 52 if _short(names) else theme.LABEL_SIZE) for name in names))
    missing = Words("none for “nothing”", theme.NOTE_SIZE, theme.QUIET_TEXT)
    place = Rectangle(width=1.2, height=0.7, color=theme.QUIET_TEXT, stroke_width=3)
    most = FRAME_WIDTH - 2 * SAFE_MARGIN
    rows: list[list[VMobject]] = [[]]
    for part in (words, *texts, place):
        if sum(other.width + _BETWEEN_NAMES for other in rows[-1]) + part.width > most:
            rows.append([])
        rows[-1].append(part)
    for number, row in enumerate(rows):
        left = -(sum(part.width + _BETWEEN_NAMES for part in row) - _BETWEEN_NAMES) / 2
        for part in row:
            part.move_to((left + part.width / 2, y + ((len(rows) - 1) / 2 - number) * _NAME_ROWS, 0))
            left += part.width + _BETWEEN_NAMES
    missing.next_to(place, DOWN, buff=0.12)
    missing.shift(min(0, most / 2 - missing.get_right()[0]) * RIGHT)
    return words, texts, DashedVMobject(place, num_dashes=24), missing


def field_of_outputs(outputs: Array) -> Cells:
    """A square for each picture, row by row: as bright as its greatest output, (n,), and yellow above `SURE`."""
    rows = -(-len(outputs) // _FIELD_COLUMNS)
    step = min((_FIELD_RIGHT - _FIELD_LEFT) / _FIELD_COLUMNS, (_FIELD_TOP - _FIELD_BOTTOM) / rows)
    row, column = np.divmod(np.arange(len(outputs)), _FIELD_COLUMNS)
    centres = np.stack([_FIELD_LEFT + (column + 0.5) * step, _FIELD_TOP - (row + 0.5) * step], axis=1)
    field = Cells(centres, 0.8 * step, stroke_width=0).set_brightness(outputs, theme.NEUTRAL)
    field.colours[outputs > SURE] = rgb(theme.ANSWER)
    return field


def noise_verdict(share: float) -> str:
    """How sure the network is of noise, by the greatest share of sure answers of any kind."""
    if share < 0.01:
        return "Hardly ever is it that sure of noise. Yet no output says “nothing”."
    if share < 0.5:
        return "Now and then it is sure of noise: no output says “nothing”."
    return "It can be as sure of noise as of anything: no output says “nothing”."


def _short(names: Sequence[str]) -> bool:
    return max(map(len, names)) <= 2
