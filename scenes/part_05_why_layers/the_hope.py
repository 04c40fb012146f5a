"""TheHope: edges light up parts, parts light up a digit, in neurons one only hopes for; then the real ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby

import numpy as np
from manim import (
    AnimationGroup,
    Create,
    DashedVMobject,
    FadeIn,
    FadeOut,
    LaggedStart,
    Line,
    ShowPassingFlash,
    Transform,
    VGroup,
)
from numpy.typing import NDArray

from network import ForwardPass
from network.analysis.examples import TakenApart, digits_taken_apart
from network.analysis.hopes import Hope, hopes_for
from network.analysis.parts import Kind, Parts
from scenes.kit import theme
from scenes.kit.animations.forward_pass import PropagateActivations, ShowContributions
from scenes.kit.colour import rgb
from scenes.kit.layout import STAGE_BOTTOM, network_layout
from scenes.kit.mobjects.network_diagram import NetworkDiagram
from scenes.kit.mobjects.pixel_grid import InkGrid, PixelGrid
from scenes.kit.mobjects.text import Words, size_that_fits
from scenes.part_05_why_layers.colours import OF_KIND
from scenes.part_05_why_layers.hoped_neuron import hoped_neuron
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import class_in_words, count, count_in_words, one_in_words

# How much of the digit is still seen while its edges light up on it.
_DIMMED = 0.75


@dataclass
class HopedColumn:
    """A column of neurons that one hopes for.

    pictures: what each of them would look for, (n, side, side). icons: these pictures, in the neurons. sources: for
    each piece of the column before, the neuron that it would help to light up. lines: from each of those pieces.
    """

    pictures: NDArray[np.float32]
    rings: list[DashedVMobject]
    icons: list[InkGrid]
    colours: list[str]
    sources: list[int] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


class TheHope(LessonScene):
    """What one may hope of each layer, in hollow neurons: edges, parts, a digit; then what the layers really do."""

    # The height of the names of the columns, and of the top of the columns.
    HEADS_Y, TOP = 3.2, 2.55
    # The largest neuron that stands for one of several things, and for the whole digit.
    LARGEST, WHOLE = 1.5, 2.0

    @cached_property
    def example(self) -> TakenApart:
        return digits_taken_apart(self.digits())[0]

    @cached_property
    def hopes(self) -> list[Hope]:
        """What one may hope that each hidden layer finds."""
        return hopes_for(self.example.parts, len(self.network.layers) - 1)

    @cached_property
    def forward(self) -> ForwardPass:
        return self.network.forward(self.example.parts.image)

    def construct(self) -> None:
        self.parts = self.example.parts
        names = self.digits().class_names
        right = 5.3 if max(map(len, names)) <= 2 else 4.7
        layout = network_layout(self.network.sizes, "picture", -6.7, right, self.TOP, STAGE_BOTTOM)
        self.diagram = NetworkDiagram(self.network, names, layout)
        inputs = self.diagram.columns[0]
        self.picture = PixelGrid(self.parts.image, inputs.width, tuple(inputs.get_center()[:2]))
        self.columns = self.hoped_columns()

        self.so_here_is_a_hope()
        self.is_it_true()
        self.what_is_real()
        self.hard_to_tell()
        self.end()

    def alternative_text(self) -> str:
        hopes = [count(len(hope.pictures), hope.name.removesuffix("s")) for hope in self.hopes]
        said = self.digits().class_names[self.forward.answer]
        return (
            "Hollow, dashed neurons, labelled as a hope, light up column after column, and pieces of "
            f"{one_in_words(self.example.name)} come together in them: {', '.join([*hopes, 'the whole'])}. Then the "
            f"network's real forward pass takes their place; its answer is {said}."
        )

    # ---- the hope

    def so_here_is_a_hope(self) -> None:
        self.next_section("The hope")
        x = self.picture.get_x()
        self.heading = Words("the hope", theme.TITLE_SIZE, theme.ANSWER).move_to((x, self.HEADS_Y, 0))
        self.heads = self.names_of_the_columns()
        hollow = [VGroup(*column.rings) for column in self.columns]
        with self.voiceover(
            f"So here is a hope. {_story(self.hopes, self.parts, self.example.name, self.network.sizes)}",
            moves=f"A {self.example.name} appears, and columns of hollow, dashed neurons, marked as the hope. Pieces "
            "of the digit light up one after another, and each lights up a neuron; these light up the next ones, "
            "where the pieces come together, until the whole digit stands in the last.",
        ) as tracker:
            self.play(FadeIn(self.picture), FadeIn(self.heading))
            self.play(LaggedStart(*map(FadeIn, hollow), lag_ratio=0.3), FadeIn(self.heads))
            marks = [f"column{number}" for number in range(len(self.columns))]
            for number, mark in enumerate(marks):
                self.wait_until_bookmark(mark)
                following = marks[number + 1 :]
                room = tracker.time_until_bookmark(following[0]) if following else theme.FLOW
                if number:
                    self.light_up_from_the_last(number, float(np.clip(room - 0.2, theme.STEP, 2 * theme.FLOW)))
                else:
                    self.light_up_from_the_picture(max(room - 0.2, theme.FLOW))

    def light_up_from_the_picture(self, run_time: float) -> None:
        """Each piece shines on the picture, a line grows from it to a neuron, and the neuron lights up."""
        column = self.columns[0]
        self.shining = [
            InkGrid(picture, self.picture.width, tuple(self.picture.get_center()[:2]), rgb(colour))
            for picture, colour in zip(column.pictures, column.colours, strict=True)
        ]
        column.lines = [
            _line(_middle(grid), ring, colour, 0.0)
            for grid, ring, colour in zip(self.shining, column.rings, column.colours, strict=True)
        ]
        self.play(self.picture.animate.fade(_DIMMED), run_time=theme.QUICK)
        self.play(
            LaggedStart(
                *(
                    LaggedStart(
                        FadeIn(grid),
                        Create(line),
                        AnimationGroup(FadeIn(icon), ring.animate.set_stroke(colour)),
                        lag_ratio=0.4,
                    )
                    for grid, line, icon, ring, colour in zip(
                        self.shining, column.lines, column.icons, column.rings, column.colours, strict=True
                    )
                ),
                lag_ratio=0.45,
            ),
            run_time=max(run_time - theme.QUICK, theme.STEP),
        )

    def light_up_from_the_last(self, number: int, run_time: float) -> None:
        """Lines grow to the neurons of a column; copies of the pieces fly along, and come together in them."""
        before, column = self.columns[number - 1], self.columns[number]
        column.lines = [
            _line(ring.get_center(), column.rings[target], colour, ring.width / 2)
            for ring, target, colour in zip(before.rings, column.sources, before.colours, strict=True)
        ]
        flying = [icon.copy() for icon in before.icons]
        placed = []
        for icon, target in zip(before.icons, column.sources, strict=True):
            there = icon.copy()
            there.points = column.icons[target].points.copy()
            placed.append(there.set_tints(rgb(column.colours[target])))
        self.play(LaggedStart(*map(Create, column.lines), lag_ratio=0.1), run_time=0.4 * run_time)
        self.play(
            *(Transform(one, other) for one, other in zip(flying, placed, strict=True)),
            *(ring.animate.set_stroke(colour) for ring, colour in zip(column.rings, column.colours, strict=True)),
            run_time=0.6 * run_time,
        )
        self.remove(*flying)
        self.add(*column.icons)

    def is_it_true(self) -> None:
        self.next_section("Is it true?")
        with self.voiceover(
            "It's a lovely story. <bookmark mark='true'/>But is it true? Nobody told the layers to work this way.",
            moves="Light runs along the lines once more, from the digit to the last neuron.",
        ):
            self.pulses()
            self.wait_until_bookmark("true")
            self.pulses()

    def pulses(self) -> None:
        """Light runs along all lines, column after column."""
        for column in self.columns:
            lights = [line.copy().set_stroke(theme.TEXT, 2 * theme.MARK_WIDTH) for line in column.lines]
            self.play(*(ShowPassingFlash(light, time_width=0.6) for light in lights), run_time=0.7 * theme.STEP)

    # ---- what is real

    def what_is_real(self) -> None:
        self.next_section("What is real")
        diagram, name = self.diagram, _short_name(self.example.name)
        said = self.digits().class_names[self.forward.answer]
        right = self.forward.answer == self.example.label
        verdict = "And it gets it right." if right else f"It says {class_in_words(said)}."
        hoped = [thing for column in self.columns for thing in (*column.icons, *column.rings, *column.lines)]
        real = Words("what it really does", theme.TITLE_SIZE).move_to(self.heading)
        diagram.columns[0].show(self.forward.input)
        for connections in diagram.connections:
            connections.set_values(np.zeros(connections.shape))
        with self.voiceover(
            f"<bookmark mark='real'/>This is what our network really does with that {name}. "
            f"<bookmark mark='answer'/>{verdict}",
            moves="The hoped-for neurons fade, and the network's own stand in their places. A pulse runs through it, "
            "layer by layer; its neurons light up as their activations say. A ring marks the brightest output.",
        ):
            self.play(
                *map(FadeOut, [*hoped, *self.shining, self.picture, self.heading, self.heads[-1]]),
                FadeIn(*diagram.columns, diagram.dots, diagram.labels, real),
                run_time=0.8 * theme.STEP,
            )
            self.add(*diagram.connections)
            self.run_through(0.15, 0.7 * theme.STEP)
            self.wait_until_bookmark("answer")
            self.play(Create(diagram.winner_mark(self.forward)), run_time=theme.QUICK)

    def run_through(self, flow: float, pulse: float) -> None:
        """The real forward pass, layer by layer."""
        for number, connections in enumerate(self.diagram.connections):
            self.play(ShowContributions(self.diagram, self.forward, number), run_time=flow)
            neurons = self.diagram.columns[number + 1]
            self.play(PropagateActivations(connections, neurons, self.forward.activations[number]), run_time=pulse)

    def hard_to_tell(self) -> None:
        self.next_section("Hard to tell")
        names = [hope.name for hope in self.hopes] or ["parts"]
        asked = names[0] if len(names) == 1 else f"{names[0]} and the {names[-1]}"
        columns = self.columns[:-1] or self.columns
        hope = [thing.copy() for column in columns for thing in (*column.rings, *column.icons)]
        for thing in hope:
            thing.set_opacity(0.6) if isinstance(thing, InkGrid) else thing.set_stroke(opacity=0.6)
        with self.voiceover(
            f"Can you find the {asked} in there? <bookmark mark='hard'/>Hard to tell, isn't it? "
            "<bookmark mark='later'/>In part 11 we'll take the network apart, and measure.",
            moves="The hoped-for neurons come back over the real ones, pale, and go again. The pulse runs through the "
            "network once more.",
        ) as tracker:
            self.play(*map(FadeIn, hope), run_time=theme.STEP)
            self.wait_until_bookmark("hard")
            self.play(*map(FadeOut, hope), run_time=theme.STEP)
            self.wait_until_bookmark("later")
            layers = len(self.diagram.connections)
            self.run_through(0.05, max((tracker.end - self.time) / layers - 0.2, 0.5 * theme.STEP))

    # ---- how it is laid out

    def hoped_columns(self) -> list[HopedColumn]:
        """A column for each hope, and one for the whole digit, in the places of the network's own columns."""
        image = self.parts.image
        wanted = [(hope.pictures, _colours(hope, self.parts.kinds)) for hope in self.hopes]
        columns: list[HopedColumn] = []
        for number, (pictures, colours) in enumerate([*wanted, (image[None], [theme.TEXT])]):
            centres, diameter = self.places(number + 1, len(pictures), whole=number == len(wanted))
            rings = [hoped_neuron(centre, diameter) for centre in centres]
            icons = [
                _icon(picture, centre, diameter, colour)
                for picture, centre, colour in zip(pictures, centres, colours, strict=True)
            ]
            column = HopedColumn(pictures, rings, icons, colours)
            if columns:
                shared = np.einsum("prc,wrc->pw", columns[-1].pictures, pictures > 0)
                column.sources = [int(target) for target in shared.argmax(axis=1)]
            columns.append(column)
        return columns

    def places(self, number: int, count: int, whole: bool) -> tuple[NDArray[np.float64], float]:
        """Where the hoped-for neurons stand, (count, 3), at the place of a column of the network; and their diameter.

        Many of them stand in a zigzag, so that they can be larger.
        """
        xs = [column.get_x() for column in self.diagram.columns]
        gap, height = xs[-1] - xs[-2], self.TOP - STAGE_BOTTOM
        aside = 0.16 * gap if count > 4 else 0.0
        # The neurons fill the height; in a zigzag, two that follow each other are `across` apart.
        diameter, pitch = 0.0, height / count
        across = np.hypot(2 * aside, pitch)
        diameter = min(0.8 * min(across, 2 * pitch if aside else pitch), 0.62 * gap, self.LARGEST)
        if whole:
            diameter = min(0.78 * gap, self.WHOLE)
        pitch = min((height - diameter) / max(count - 1, 1), 1.9 * diameter)
        places = np.arange(count)
        y = (self.TOP + STAGE_BOTTOM) / 2 + ((count - 1) / 2 - places) * pitch
        x = xs[number] + np.where(places % 2, aside, -aside)
        return np.stack([x, y, np.zeros(count)], axis=1), diameter

    def names_of_the_columns(self) -> VGroup:
        """What is hoped for, above the columns; columns in a row that hope for the same have one name."""
        xs = [column.get_x() for column in self.diagram.columns]
        names = [*(hope.name for hope in self.hopes), self.example.name]
        size = size_that_fits([f"{name}?" for name in names], 0.9 * (xs[-1] - xs[-2]), theme.CAPTION_SIZE)
        heads = VGroup()
        for name, columns in groupby(range(len(names)), key=names.__getitem__):
            x = float(np.mean([xs[number + 1] for number in columns]))
            heads.add(Words(f"{name}?", size, theme.ANSWER).move_to((x, self.HEADS_Y, 0)))
        return heads


def _story(hopes: Sequence[Hope], parts: Parts, name: str, sizes: Sequence[int]) -> str:
    """The hope for each layer, as questions, with a bookmark for each column."""
    a_digit, digit = one_in_words(name), _short_name(name)
    answer = f"the {digit}" if class_in_words(name) != name else name
    if not hopes:
        return f"What if the output for {a_digit} looked <bookmark mark='column0'/>for the parts that it is made of?"
    sentences = []
    for number, hope in enumerate(hopes):
        mark = f"<bookmark mark='column{number}'/>"
        layer = "the first hidden layer" if len(hopes) > 1 else "the hidden layer"
        if hope.name == "edges":
            sentences.append(
                f"What if each neuron in {layer} looked for {mark}one little edge? One for this bit here, one for "
                f"that bit there, and so on, until the whole {digit} is covered."
            )
        elif number == 0:
            sentences.append(f"What if neurons in {layer} looked for {mark}parts? {_neurons_for(parts)}.")
        elif hope.name == "parts":
            sentences.append(f"And what if these, together, lit up {mark}{_neurons_for(parts).lower()}?")
        else:
            sentences.append(f"What if the next layer joined them {mark}into longer ones?")
        if len(hope.pictures) > sizes[number + 1]:
            sentences.append("That's more of them than there are neurons, but let's dream.")
    last = len(hopes)
    those = "these" if len(parts.kinds) > 1 else "this"
    sentences.append(f"Then {those} would light up <bookmark mark='column{last}'/>{answer}.")
    return " ".join(sentences)


def _short_name(class_name: str) -> str:
    """What a picture is called once it is known: "nine"; "picture" if its class is no figure."""
    name = class_in_words(class_name)
    return name if name != class_name else "picture"


def _neurons_for(parts: Parts) -> str:
    """A neuron for each part: "A neuron for the loop, and one for the line"."""
    loops, lines = parts.count("loop"), parts.count("line")
    said = [
        f"the {kind}" if number == 1 else f"each of the {count_in_words(number, kind)}"
        for number, kind in ((loops, "loop"), (lines, "line"))
        if number
    ]
    return f"A neuron for {', and one for '.join(said)}"


def _colours(hope: Hope, kinds: Sequence[Kind]) -> list[str]:
    """The colour of each piece of a hope: of its kind of part, or of the way the edge runs."""
    if hope.name == "parts":
        return [OF_KIND[kind] for kind in kinds]
    return [theme.DIRECTIONS[int(direction)] for direction in hope.groups]


def _icon(picture: NDArray[np.float32], centre: NDArray[np.float64], diameter: float, colour: str) -> InkGrid:
    """A piece of a picture, as large as fits into a neuron."""
    rows, columns = np.nonzero(picture)
    extent = max(np.ptp(rows), np.ptp(columns)) + 1 if len(rows) else len(picture)
    reach = np.hypot(np.ptp(rows) + 1, np.ptp(columns) + 1) if len(rows) else extent
    cell = 0.86 * diameter / max(float(reach), 4.0)
    icon = InkGrid(picture, cell * len(picture), (0, 0), rgb(colour))
    if len(rows):
        middle = (icon.centres[icon.values > 0].min(axis=0) + icon.centres[icon.values > 0].max(axis=0)) / 2
        icon.shift(np.asarray(centre) - middle)
    return icon


def _middle(grid: InkGrid) -> NDArray[np.float64]:
    """The middle of the bright cells of a picture, (3,)."""
    middle: NDArray[np.float64] = grid.values @ grid.centres / max(float(grid.values.sum()), 1e-9)
    return middle


def _line(start: NDArray[np.float64], ring: DashedVMobject, colour: str, away: float) -> Line:
    """A line to the edge of a neuron, beginning `away` from its start."""
    end = ring.get_center()
    along = (end - start) / max(float(np.linalg.norm(end - start)), 1e-9)
    return Line(start + away * along, end - ring.width / 2 * along, color=colour, stroke_width=3)
