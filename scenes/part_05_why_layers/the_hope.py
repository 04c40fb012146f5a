"""TheHope: edges light up parts, parts light up a digit, in neurons one only hopes for; then the real ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from manim import (
    Animation,
    AnimationGroup,
    Circle,
    Create,
    DashedVMobject,
    FadeIn,
    FadeOut,
    LaggedStart,
    Line,
    Mobject,
    ShowPassingFlash,
    Transform,
    smooth,
    squish_rate_func,
    there_and_back,
)
from numpy.typing import NDArray

from network import ForwardPass
from network.analysis.examples import TakenApart, digits_taken_apart
from network.analysis.hopes import Hope, goes_into, hopes_for
from network.analysis.parts import Kind, Parts, square_around
from scenes.kit import theme
from scenes.kit.animations.forward_pass import PropagateActivations, RunPulse
from scenes.kit.colour import rgb
from scenes.kit.layout import FRAME_WIDTH, SAFE_MARGIN, STAGE_BOTTOM, in_rows, network_layout
from scenes.kit.mobjects.glow import Glow
from scenes.kit.mobjects.network_diagram import NetworkDiagram
from scenes.kit.mobjects.picture_pieces import centre_of_brightness, drawn_apart
from scenes.kit.mobjects.pixel_grid import InkGrid, PixelGrid
from scenes.kit.mobjects.text import Words, line_start
from scenes.language import Word, _, _c, _n, _w, listed, question_mark, together
from scenes.part_05_why_layers.colours import OF_KIND
from scenes.part_05_why_layers.hoped_neuron import hoped_neuron
from scenes.part_05_why_layers.words_for_parts import few_in_words, the_part
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import class_in_words, is_digit, one_in_words, the_one_in_words

# How much of the digit is still seen while its edges light up on it.
_DIMMED = 0.75
# How bright the lines of the network are that no wave has run along yet.
_BEFORE = 0.15
# How bright the light in a neuron is that one hopes will light up.
_LIGHT = 0.22


@dataclass
class HopedColumn:
    """A column of neurons that one hopes for.

    pictures: what each of them would look for, (n, side, side). icons: these pictures, in the neurons, with a light
    behind each. sources: for each piece of the column before, the neuron that it would help to light up. lines: from
    each of those pieces.
    """

    pictures: NDArray[np.float32]
    rings: list[DashedVMobject]
    icons: list[InkGrid]
    lights: list[Circle]
    colours: list[str]
    sources: list[int] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


class TheHope(LessonScene):
    """What one may hope of each layer, in hollow neurons: edges, parts, a digit; then what the layers really do."""

    # The middle of the picture at first, and its width; the height of the heading above it.
    PICTURE_X, PICTURE, HEADING_Y = -4.75, 4.3, 2.75
    # The places across between which the hoped-for columns stand, and their height.
    FIRST_X, LAST_X, TOP = -0.6, 5.55, 3.5
    # The largest neuron that stands for one of several things, and for the whole digit.
    LARGEST, WHOLE = 2.3, 2.7
    # Later the hope stands above the network: the middle of its row, the width of its pictures, and the network's top.
    ROW_Y, IN_THE_ROW, NETWORK_TOP = 2.72, 1.75, 1.5
    # At the end it stands above the layers' own neurons: the middle of its row and its width, and the neurons' place.
    ABOVE_Y, ABOVE, ROWS_Y, ROWS_HEIGHT = 2.35, 2.6, -1.0, 3.6

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

    @cached_property
    def diagram(self) -> NetworkDiagram:
        """The network, below the hope, with lines that wait for a wave."""
        names = self.digits().class_names
        right = 5.3 if max(map(len, names)) <= 2 else 4.7
        layout = network_layout(self.network.sizes, "picture", -6.7, right, self.NETWORK_TOP, STAGE_BOTTOM + 0.15)
        diagram = NetworkDiagram(self.network, names, layout).show(self.forward).stand_out()
        for neurons, connections in zip(diagram.columns[1:], diagram.connections, strict=True):
            neurons.show(np.zeros(len(neurons)))
            connections.set_pulse(-0.3, _BEFORE)
        return diagram

    def construct(self) -> None:
        self.parts = self.example.parts
        place = (self.PICTURE_X, (self.TOP + STAGE_BOTTOM) / 2 - 0.4)
        self.picture = PixelGrid(self.parts.image, self.PICTURE, place)
        self.columns = self.hoped_columns()

        self.so_here_is_a_hope()
        self.is_it_true()
        self.what_is_real()
        self.hard_to_tell()
        self.end()

    def alternative_text(self) -> str:
        whole = _c("after the pieces of a picture", "the whole")
        pieces = [*(_so_many_pieces(hope) for hope in self.hopes), whole]
        return together(
            _(
                "Hollow, dashed neurons, labelled as a hope, light up column after column, and pieces of {one_digit} "
                "come together in them: {pieces}.",
                one_digit=one_in_words(self.example.name),
                pieces=listed(pieces),
            ),
            _(
                "Then the hope goes up, and below it the network's real forward pass runs, in waves of light; its "
                "answer is {answer}.",
                answer=self.digits().class_names[self.forward.answer],
            ),
        )

    # ---- the hope

    def so_here_is_a_hope(self) -> None:
        self.next_section(_("The hope"))
        self.heading = Words(_("the hope"), 1.2 * theme.TITLE_SIZE, theme.ANSWER)
        self.heading.move_to((self.PICTURE_X, self.HEADING_Y, 0))
        hollow = [ring for column in self.columns for ring in column.rings]
        self.add(self.picture)
        with self.voiceover(
            together(_("So here is a hope."), _story(self.hopes, self.parts, self.example.name, self.network.sizes)),
            moves=_(
                "A {class_name} stands at the left; columns of hollow, dashed neurons appear, marked as the hope. "
                "Pieces of the digit light up one after another, and each lights up a neuron; these light up the next "
                "ones, where the pieces come together, until the whole digit stands in the last.",
                class_name=self.example.name,
            ),
        ) as tracker:
            first = tracker.time_until_bookmark("column0")
            appear = LaggedStart(*map(FadeIn, hollow), lag_ratio=0.15)
            self.play(FadeIn(self.heading, run_time=theme.STEP), appear, run_time=max(first - 0.3, theme.FLOW))
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
            _line(centre_of_brightness(grid, grid.values), ring, colour, 0.0)
            for grid, ring, colour in zip(self.shining, column.rings, column.colours, strict=True)
        ]
        self.play(self.picture.animate.fade(_DIMMED), run_time=theme.QUICK)
        self.play(
            LaggedStart(
                *(
                    LaggedStart(
                        FadeIn(grid),
                        Create(line),
                        AnimationGroup(FadeIn(light, icon), ring.animate.set_stroke(colour)),
                        lag_ratio=0.4,
                    )
                    for grid, line, light, icon, ring, colour in zip(
                        self.shining,
                        column.lines,
                        column.lights,
                        column.icons,
                        column.rings,
                        column.colours,
                        strict=True,
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
            placed.append(there.tint(column.colours[target]))
        self.play(LaggedStart(*map(Create, column.lines), lag_ratio=0.1), run_time=0.4 * run_time)
        self.play(
            *(Transform(one, other) for one, other in zip(flying, placed, strict=True)),
            *(ring.animate.set_stroke(colour) for ring, colour in zip(column.rings, column.colours, strict=True)),
            run_time=0.6 * run_time,
        )
        self.remove(*flying)
        self.add(*column.icons)
        self.play(*map(FadeIn, column.lights), run_time=0.3 * theme.STEP)

    def is_it_true(self) -> None:
        self.next_section(_("Is it true?"))
        question = Words(question_mark(), 3 * theme.TITLE_SIZE, theme.ANSWER)
        question.next_to(self.heading, -line_start(), buff=0.2).match_y(self.heading)
        with self.voiceover(
            _(
                "It's a lovely story. <bookmark mark='true'/>But is it true? <bookmark mark='nobody'/>Nobody told the "
                "layers to work this way."
            ),
            moves=_(
                "Light runs along the lines once more, from the digit to the last neuron. A question mark appears "
                "beside the words “the hope”."
            ),
        ):
            self.pulses()
            self.wait_until_bookmark("true")
            self.play(FadeIn(question, scale=0.3), run_time=theme.QUICK)
            self.wait_until_bookmark("nobody")
            self.pulses()
        self.heading.add(question)

    def pulses(self) -> None:
        """Light runs along all lines, column after column."""
        columns = []
        for column in self.columns:
            lights = [line.copy().set_stroke(theme.TEXT, 2 * theme.MARK_WIDTH) for line in column.lines]
            columns.append(AnimationGroup(*(ShowPassingFlash(light, time_width=0.6) for light in lights)))
        self.play(LaggedStart(*columns, lag_ratio=0.6), run_time=0.6 * theme.STEP * len(columns))

    # ---- what is real

    def what_is_real(self) -> None:
        self.next_section(_("What is real"))
        diagram, name = self.diagram, self.example.name
        said = self.digits().class_names[self.forward.answer]
        right = self.forward.answer == self.example.label
        verdict = (
            _("<bookmark mark='answer'/>It gets it right.")
            if right
            else _("<bookmark mark='answer'/>It says {answer}, which is wrong.", answer=class_in_words(said))
        )
        columns = zip(diagram.columns, self.forward.columns, strict=True)
        self.glows = [Glow(neurons, activations) for neurons, activations in columns]
        with self.voiceover(
            together(
                _("This is what our network really does with that {digit}.", digit=class_in_words(name))
                if is_digit(name)
                else _("This is what our network really does with that picture."),
                verdict,
            ),
            moves=_(
                "The hope goes up into a row: its edges, its parts, and the digit. Below it the real network "
                "appears. A wave of blue and red light runs through it, layer by layer, and its neurons light up as "
                "their activations say. A ring marks the brightest output."
            ),
        ):
            self.hope_goes_up()
            self.run_through(1.05 * theme.STEP)
            self.wait_until_bookmark("answer")
            self.ring = diagram.winner_mark(self.forward)
            self.play(Create(self.ring), run_time=theme.QUICK)

    def hope_goes_up(self) -> None:
        """The hope becomes a row above the network: what is hoped for of each column stands over it."""
        diagram = self.diagram
        self.row = [self.in_the_row(number) for number in range(len(self.columns))]
        moves: list[Animation] = []
        for column, (icons, ring) in zip(self.columns, self.row, strict=True):
            moves += [Transform(one, other) for one, other in zip(column.icons, icons, strict=True)]
            moves += [Transform(one, ring) for one in column.rings[:1]]
            moves += [FadeOut(*column.rings[1:])] if len(column.rings) > 1 else []
            moves += [FadeOut(*column.lines)] if column.lines else []
            moves += [FadeOut(*column.lights)]
        heading = self.heading.copy().move_to((diagram.columns[0].get_x(), self.ROW_Y, 0))
        inputs = diagram.columns[0]
        small = PixelGrid(self.parts.image, inputs.width, tuple(inputs.get_center()[:2]))
        self.play(*moves, Transform(self.heading, heading), FadeOut(*self.shining), Transform(self.picture, small))
        self.play(
            FadeIn(*diagram.connections, *diagram.columns, diagram.dots, diagram.labels, self.glows[0]),
            FadeOut(self.picture),
            run_time=theme.QUICK,
        )

    def in_the_row(self, number: int) -> tuple[list[InkGrid], DashedVMobject]:
        """The pictures in a column of the hope, a little apart in one ring, above the network's column."""
        place = (float(self.diagram.columns[number + 1].get_x()), self.ROW_Y)
        rows, across = square_around(self.parts.image)
        gap = float(np.diff([neurons.get_x() for neurons in self.diagram.columns[1:]]).min(initial=np.inf))
        size = min(self.IN_THE_ROW, 0.8 * gap)
        column = self.columns[number]
        side = rows.stop - rows.start
        extent = 0.7 * size * len(self.parts.image) / side
        icons = [
            InkGrid(picture, extent, place, rgb(colour))
            for picture, colour in zip(column.pictures, column.colours, strict=True)
        ]
        middle = icons[0].centres[icons[0].window(rows.start, across.start, side, side)].mean(axis=0)
        for icon in icons:
            icon.shift(np.array([*place, 0]) - middle)
        apart = drawn_apart(icons, 0.07 * size) if len(icons) > 1 else icons
        colour = column.colours[0] if len(icons) == 1 else theme.ANSWER
        return apart, hoped_neuron((*place, 0), size, colour)

    def run_through(self, run_time: float) -> None:
        """A wave of light runs from layer to layer, and the neurons light up."""
        diagram, forward = self.diagram, self.forward
        for number, connections in enumerate(diagram.connections):
            neurons, activations = diagram.columns[number + 1], forward.activations[number]
            glow = self.glows[number + 1]
            arriving = squish_rate_func(smooth, PropagateActivations.ARRIVAL, 1)
            self.play(
                RunPulse(connections, length=0.25, shining=True),
                PropagateActivations(connections, neurons, activations, ahead=_BEFORE),
                FadeIn(glow, rate_func=arriving),
                run_time=run_time,
            )

    def hard_to_tell(self) -> None:
        self.next_section(_("Hard to tell"))
        with self.voiceover(
            _("But can you find the parts in there?"),
            moves=_(
                "Lines and picture fade. What is hoped for of each layer stands large above the layer's own neurons, "
                "which leave their column and stand in rows, as bright as they are. One after another, the hoped-for "
                "pictures swell, and then the neurons below them."
            ),
        ):
            self.hope_above_reality()
        # The time to look for them.
        hoped = [self.swell(column) for column in self.columns]
        self.play(LaggedStart(*hoped, lag_ratio=0.5, run_time=theme.FLOW))
        with self.voiceover(_("Near the end we'll take it apart, and measure.")) as tracker:
            real = [_swell(neurons) for neurons in self.diagram.columns[1:]]
            pace = max(tracker.get_remaining_duration(), theme.FLOW)
            self.play(LaggedStart(*real, lag_ratio=0.5, run_time=pace))

    def hope_above_reality(self) -> None:
        """Side by side, what is hoped for of each layer, and below it all of the layer's neurons, large."""
        layers = self.diagram.columns[1:]
        width = (FRAME_WIDTH - 2 * SAFE_MARGIN) / len(layers)
        moves: list[Animation] = [FadeOut(*self.diagram.connections, *self.glows, self.diagram.columns[0])]
        moves.append(FadeOut(self.diagram.dots, self.diagram.labels, self.ring, self.heading))
        for number, (column, neurons) in enumerate(zip(self.columns, layers, strict=True)):
            x = (number - (len(layers) - 1) / 2) * width
            ring = column.rings[0]
            shift = np.array([x, self.ABOVE_Y, 0]) - ring.get_center()
            larger = min(self.ABOVE, 0.9 * width) / ring.width
            moves += [
                thing.animate.scale(larger, about_point=ring.get_center()).shift(shift)
                for thing in (*column.icons, ring)
            ]
            centres, step = in_rows(len(neurons), (x, self.ROWS_Y), 0.92 * width, self.ROWS_HEIGHT)
            spread = neurons.copy().place(centres, 0.82 * min(step, 1.1))
            spread.opacities = spread.stroke_opacities = np.ones(len(neurons), np.float32)
            moves.append(Transform(neurons, spread))
        self.play(*moves, run_time=theme.FLOW)

    def swell(self, column: HopedColumn) -> AnimationGroup:
        """What is hoped for of a column grows for a moment."""
        ring = column.rings[0]
        middle = ring.get_center()
        return AnimationGroup(
            *(
                thing.animate(rate_func=there_and_back).scale(1.15, about_point=middle)
                for thing in (*column.icons, ring)
            )
        )

    # ---- how it is laid out

    def hoped_columns(self) -> list[HopedColumn]:
        """A column for each hope, and one for the whole digit, from left to right beside the picture."""
        image = self.parts.image
        wanted = [(hope.pictures, _colours(hope, self.parts.kinds)) for hope in self.hopes]
        wanted.append((image[None], [theme.TEXT]))
        columns: list[HopedColumn] = []
        for number, (pictures, colours) in enumerate(wanted):
            centres, diameter = self.places(number, len(wanted), len(pictures))
            rings = [hoped_neuron(centre, diameter) for centre in centres]
            icons = [
                _icon(picture, centre, diameter, colour)
                for picture, centre, colour in zip(pictures, centres, colours, strict=True)
            ]
            lights = [
                Circle(diameter / 2, stroke_width=0, fill_color=colour, fill_opacity=_LIGHT).move_to(centre)
                for centre, colour in zip(centres, colours, strict=True)
            ]
            column = HopedColumn(pictures, rings, icons, lights, colours)
            if columns:
                column.sources = goes_into(columns[-1].pictures, pictures)
            columns.append(column)
        return columns

    def places(self, number: int, columns: int, count: int) -> tuple[NDArray[np.float64], float]:
        """Where the hoped-for neurons of a column stand, (count, 3); and their diameter.

        Many of them stand in a zigzag, so that they can be larger.
        """
        last = number == columns - 1
        gap = (self.LAST_X - self.FIRST_X) / max(columns - 1, 1)
        height, aside = self.TOP - STAGE_BOTTOM, 0.2 * gap if count > 4 else 0.0
        # As large as the height allows: those on the same side almost touch each other.
        share = 0.92 * (2 if aside else 1)
        diameter = min(share * height / (count - 1 + share), self.WHOLE if last else self.LARGEST)
        diameter = min(diameter, (0.55 if aside else 0.78) * gap)
        pitch = min((height - diameter) / max(count - 1, 1), 1.3 * diameter)
        if aside:
            diameter = min(diameter, 0.92 * float(np.hypot(2 * aside, pitch)))
        places = np.arange(count)
        y = (self.TOP + STAGE_BOTTOM) / 2 + ((count - 1) / 2 - places) * pitch
        x = self.FIRST_X + number * gap if columns > 1 else (self.FIRST_X + self.LAST_X) / 2
        return np.stack([x + np.where(places % 2, aside, -aside), y, np.zeros(count)], axis=1), diameter


def _story(hopes: Sequence[Hope], parts: Parts, name: str, sizes: Sequence[int]) -> str:
    """The hope for each layer, as questions, with a bookmark for each column."""
    if not hopes:
        return _(
            "What if the output for {one_digit} looked <bookmark mark='column0'/>for the parts that it is made of?",
            one_digit=one_in_words(name),
        )
    sentences = []
    for number, hope in enumerate(hopes):
        if hope.name == "edges":
            sentences.append(
                _(
                    "What if each neuron in the first hidden layer looked for <bookmark mark='column0'/>one little "
                    "edge, until the whole {digit} is covered?",
                    digit=class_in_words(name),
                )
                if is_digit(name)
                else _(
                    "What if each neuron in the first hidden layer looked for <bookmark mark='column0'/>one little "
                    "edge, until the whole picture is covered?"
                )
            )
        elif number == 0:
            sentences.append(_("What if neurons in the hidden layer looked for <bookmark mark='column0'/>parts?"))
            sentences.append(_("{neurons:^}.", neurons=_neurons_for(parts)))
        elif hope.name == "parts":
            sentences.append(
                _(
                    "And what if these, together, lit up <bookmark mark='column{number}'/>{neurons}?",
                    number=number,
                    neurons=_neurons_for(parts),
                )
            )
        else:
            sentences.append(
                _(
                    "What if the next layer joined them <bookmark mark='column{number}'/>into longer ones?",
                    number=number,
                )
            )
        if len(hope.pictures) > sizes[number + 1]:
            sentences.append(_("That's more of them than there are neurons, but let's dream."))
    answer = the_one_in_words(name) if is_digit(name) else name
    return together(*sentences, _last_hope(len(hopes), len(parts.kinds), answer))


def _last_hope(hopes: int, parts: int, answer: str) -> str:
    """The hope for the output, after so many others, where the digit has so many parts."""
    places = {"number": hopes, "answer": answer}
    if hopes > 1:
        if parts == 1:
            return _("And that one, <bookmark mark='column{number}'/>{answer}?", **places)
        if parts == 2:
            return _("And those two, <bookmark mark='column{number}'/>{answer}?", **places)
        return _("And those, <bookmark mark='column{number}'/>{answer}?", **places)
    if parts == 1:
        return _("And what if that one lit up <bookmark mark='column{number}'/>{answer}?", **places)
    if parts == 2:
        return _("And what if those two lit up <bookmark mark='column{number}'/>{answer}?", **places)
    return _("And what if those lit up <bookmark mark='column{number}'/>{answer}?", **places)


def _neurons_for(parts: Parts) -> Word:
    """A neuron for each part: "a neuron for the loop, and one for the line"."""
    loops, lines = parts.count("loop"), parts.count("line")
    for_loops = (
        the_part("loop")
        if loops == 1
        else Word(_n("each of the {n} loop", "each of the {n} loops", loops, n=few_in_words(loops)))
    )
    for_lines = (
        the_part("line")
        if lines == 1
        else Word(_n("each of the {n} line", "each of the {n} lines", lines, n=few_in_words(lines)))
    )
    if loops and lines:
        return _w("neurons for parts", "a neuron for {parts}, and one for {others}", parts=for_loops, others=for_lines)
    return _w("neurons for parts", "a neuron for {parts}", parts=for_loops if loops else for_lines)


def _so_many_pieces(hope: Hope) -> str:
    """How many pieces of a picture a layer is hoped to find."""
    n = len(hope.pictures)
    if hope.name == "parts":
        return _n("{n} part", "{n} parts", n)
    if hope.name == "edges":
        return _n("{n} edge", "{n} edges", n)
    return _n("{n} longer edge", "{n} longer edges", n)


def _colours(hope: Hope, kinds: Sequence[Kind]) -> list[str]:
    """The colour of each piece of a hope: of its kind of part, or of the way the edge runs."""
    if hope.name == "parts":
        return [OF_KIND[kind] for kind in kinds]
    return [theme.DIRECTIONS[int(direction)] for direction in hope.groups]


def _icon(picture: NDArray[np.float32], centre: NDArray[np.float64], diameter: float, colour: str) -> InkGrid:
    """A piece of a picture, as large as fits into a neuron; its darker cells let the light behind it through."""
    rows, columns = np.nonzero(picture)
    extent = max(np.ptp(rows), np.ptp(columns)) + 1 if len(rows) else len(picture)
    reach = np.hypot(np.ptp(rows) + 1, np.ptp(columns) + 1) if len(rows) else extent
    cell = 0.86 * diameter / max(float(reach), 4.0)
    icon = InkGrid(picture, cell * len(picture)).tint(colour)
    if len(rows):
        middle = (icon.centres[icon.values > 0].min(axis=0) + icon.centres[icon.values > 0].max(axis=0)) / 2
        icon.shift(np.asarray(centre) - middle)
    return icon


def _swell(neurons: Mobject) -> Animation:
    """All neurons of a layer grow for a moment."""
    return neurons.animate(rate_func=there_and_back).scale(1.12)


def _line(start: NDArray[np.float64], ring: DashedVMobject, colour: str, away: float) -> Line:
    """A line to the edge of a neuron, beginning `away` from its start."""
    end = ring.get_center()
    along = (end - start) / max(float(np.linalg.norm(end - start)), 1e-9)
    return Line(start + away * along, end - ring.width / 2 * along, color=colour, stroke_width=3)
