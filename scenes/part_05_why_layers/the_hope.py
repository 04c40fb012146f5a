"""TheHope: edges, parts, digits. What one may hope that each layer finds is drawn over the network, as a hope."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from manim import DOWN, UP, Animation, Create, FadeIn, FadeOut, LaggedStart, Line, Transform

from network import ForwardPass
from network.analysis.examples import TakenApart, digits_taken_apart
from network.analysis.hopes import Hope, hopes_for
from scenes.kit import theme
from scenes.kit.animations.forward_pass import PropagateActivations, ShowContributions
from scenes.kit.layout import FRAME_WIDTH, SAFE_MARGIN, STAGE_BOTTOM, network_layout
from scenes.kit.mobjects.network_diagram import NetworkDiagram
from scenes.kit.mobjects.picture_pieces import drawn_apart, piece_colours
from scenes.kit.mobjects.pixel_grid import InkGrid
from scenes.kit.mobjects.symbols import Symbol
from scenes.kit.mobjects.text import Words
from scenes.stage.lesson_scene import LessonScene


class TheHope(LessonScene):
    """The network with what one may hope of its layers drawn above them; then what it really computes."""

    # The heights of the pictures, of their labels, and of the line between the hope and what is real.
    PICTURES_Y, LABELS_Y, BETWEEN = 2.72, 1.5, 1.2
    # How far the pieces of a picture are drawn apart, as a share of its side.
    EDGES_APART, PARTS_APART = 0.1, 0.13

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
        right = 5.5 if max(map(len, names)) <= 2 else 4.7
        layout = network_layout(self.network.sizes, "picture", -6.4, right, 0.55, STAGE_BOTTOM)
        self.diagram = NetworkDiagram(self.network, names, layout)

        self.the_network()
        self.the_hopes()
        self.it_ends_in_a_digit()
        self.what_is_real()
        self.end()

    def alternative_text(self) -> str:
        hopes = [hope.name for hope in self.hopes]
        said = self.digits().class_names[self.forward.answer]
        return (
            f"Above the columns of a network stand, labelled as a hope, pictures made from a {self.example.name}: "
            f"{', '.join([*hopes, 'the whole'])}. Then the network's real forward pass runs; its answer is {said}."
        )

    def the_network(self) -> None:
        self.next_section("The network")
        name = self.example.name
        self.diagram.columns[0].show(self.forward.input)
        for connections, layer in zip(self.diagram.connections, self.network.layers, strict=True):
            connections.set_values(layer.weights, 6 * np.abs(layer.weights).max(axis=1, keepdims=True))
        self.marks = [
            Words("?", 2 * theme.TITLE_SIZE, theme.QUIET_TEXT).move_to((column.get_x(), self.PICTURES_Y, 0))
            for column in self.diagram.columns[1:-1]
        ]
        self.word = Words("the hope", theme.TITLE_SIZE, theme.ANSWER)
        self.note = Words("not measured yet", theme.NOTE_SIZE, theme.QUIET_TEXT)
        self.word.move_to((self.diagram.columns[0].get_x(), self.PICTURES_Y + 0.1, 0))
        self.note.next_to(self.word, DOWN, buff=0.2)
        with self.voiceover(
            f"What could each layer do, so that {name} comes out?",
            moves="The network appears, its input lit by the digit, all other neurons dark, with a ? above each layer.",
        ):
            self.play(FadeIn(*self.diagram.connections, *self.diagram.columns, self.diagram.dots, self.diagram.labels))
            if self.marks:
                self.play(LaggedStart(*(FadeIn(mark, shift=0.2 * UP) for mark in self.marks), lag_ratio=0.3))

    def the_hopes(self) -> None:
        """One layer after another: pieces leave what stands to their left and come together above the next column."""
        xs = [column.get_x() for column in self.diagram.columns]
        self.extent = min(1.6, 0.74 * (xs[-1] - xs[-2]))
        self.shown: list[list[InkGrid]] = []
        if not self.hopes:
            return
        with self.voiceover(
            _hope_sentence(self.hopes),
            moves="Copies of the pieces on the left fly to above the next column, layer after layer: "
            f"{', '.join(hope.name for hope in self.hopes)} of the digit.",
        ):
            self.play(FadeIn(self.word, self.note))
            for number, hope in enumerate(self.hopes):
                self.next_section(hope.name)
                self.come_together(number, hope, xs[number + 1])

    def come_together(self, number: int, hope: Hope, x: float) -> None:
        """The pieces of a hope come together above the next column, at x."""
        pixels = self.diagram.columns[0]
        pieces = [
            InkGrid(picture, self.extent, (x, self.PICTURES_Y), tint)
            for picture, tint in zip(hope.pictures, piece_colours(hope.groups), strict=True)
        ]
        apart = self.EDGES_APART if hope.name == "edges" else self.PARTS_APART
        pieces = drawn_apart(pieces, apart * self.extent)
        if number:
            moving = [grid.copy() for grid in self.shown[-1]]
            there = _gathered(moving, pieces)
        else:
            place = tuple(pixels.get_center()[:2])
            moving = [InkGrid(picture, pixels.width, place) for picture in hope.pictures]
            there = pieces
        label = Words(f"{hope.name}?", theme.LABEL_SIZE, theme.ANSWER).move_to((x, self.LABELS_Y, 0))
        self.play(
            *(Transform(one, other) for one, other in zip(moving, there, strict=True)),
            *([self._arrow(number)] if number else []),
            Transform(self.marks[number], label),
            run_time=theme.FLOW,
        )
        self.remove(*moving)
        self.add(*pieces)
        self.shown.append(pieces)

    def it_ends_in_a_digit(self) -> None:
        self.next_section("It ends in a digit")
        outputs = self.diagram.columns[-1]
        whole = InkGrid(self.parts.image, self.extent, (outputs.get_x(), self.PICTURES_Y))
        label = Words(f"{self.example.name}?", theme.LABEL_SIZE, theme.ANSWER)
        label.move_to((outputs.get_x(), self.LABELS_Y, 0))
        if self.shown:
            moving = [grid.copy() for grid in self.shown[-1]]
        else:
            pixels = self.diagram.columns[0]
            moving = [InkGrid(self.parts.image, pixels.width, tuple(pixels.get_center()[:2]))]
        start = "and each output" if self.shown else "The hope: each output finds"
        with self.voiceover(
            f"{start} a combination: {' + '.join(self.parts.kinds)} is {self.example.name}.",
            moves="The parts fly on and make up the digit above the outputs.",
        ):
            if not self.shown:
                self.play(FadeIn(self.word, self.note))
            self.play(
                *(Transform(one, other) for one, other in zip(moving, _gathered(moving, [whole]), strict=True)),
                *([self._arrow(len(self.hopes))] if self.hopes else []),
                FadeIn(label),
                run_time=theme.FLOW,
            )
            self.remove(*moving)
            self.add(whole)
        self.shown.append([whole])

    def what_is_real(self) -> None:
        self.next_section("What is real")
        pictures = [grid for grids in self.shown for grid in grids]
        faded = [Transform(grid, grid.copy().fade(0.75)) for grid in pictures]
        ends = [(side * (FRAME_WIDTH / 2 - SAFE_MARGIN), self.BETWEEN, 0) for side in (-1, 1)]
        heading = Words("real activations", theme.CAPTION_SIZE)
        heading.move_to((self.diagram.columns[0].get_x(), self.BETWEEN - 0.36, 0))
        with self.voiceover(
            "Nobody tells the layers what to find. This is what they really compute.",
            moves="The pictures fade. A line is drawn beneath them, and under it stands: real activations. A pulse "
            "runs through the network, layer by layer, and its neurons light up.",
        ):
            self.play(
                *faded,
                FadeOut(self.note),
                Create(Line(*ends, color=theme.CELL_OUTLINE, stroke_width=2), run_time=theme.STEP),
                FadeIn(heading),
            )
            for number, connections in enumerate(self.diagram.connections):
                self.play(ShowContributions(self.diagram, self.forward, number), run_time=0.5 * theme.STEP)
                neurons = self.diagram.columns[number + 1]
                self.play(PropagateActivations(connections, neurons, self.forward.activations[number]))
            self.play(Create(self.diagram.winner_mark(self.forward)), run_time=theme.QUICK)
        with self.voiceover(
            "Did it find edges and parts? Part 11 measures.", moves="A ring marks the brightest output."
        ):
            pass

    def _arrow(self, number: int) -> Animation:
        """From the picture above one column to that of the next."""
        one, other = (self.diagram.columns[number + step].get_x() for step in (0, 1))
        room = other - one - self.extent
        tip = Symbol("arrow.r", theme.LABEL_SIZE, theme.QUIET_TEXT).put(((one + other) / 2, self.PICTURES_Y, 0))
        if tip.width > 0.8 * room:
            tip.scale(0.8 * room / tip.width)
        return FadeIn(tip)


def _gathered(pieces: Sequence[InkGrid], wholes: Sequence[InkGrid]) -> list[InkGrid]:
    """A copy of each piece in its place in the larger piece that it is part of, and in the colour of that piece."""
    there = []
    for piece in pieces:
        whole = max(wholes, key=lambda grid: float(piece.values @ (grid.values > 0)))
        placed = piece.copy()
        placed.points = whole.points.copy()
        full = whole.colours.max(axis=0) / max(float(whole.values.max()), 1e-9)
        there.append(placed.set_tints(full))
    return there


def _hope_sentence(hopes: Sequence[Hope]) -> str:
    """What each hidden layer may be hoped to find, first to last."""
    names = [hope.name for hope in hopes]
    if len(names) == 1:
        return f"The hope: the hidden layer finds {names[0]},"
    if len(names) == 2:
        return f"The hope: the first hidden layer finds {names[0]}, the second {names[1]},"
    return f"The hope: hidden layers find {', then '.join(dict.fromkeys(names))},"
