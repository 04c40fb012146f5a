"""Part 5, Why layers?: the hope that layers find edges, then parts, then digits; a later part measures it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Animation,
    Create,
    FadeIn,
    FadeOut,
    Group,
    LaggedStart,
    Line,
    Square,
    Transform,
    VGroup,
    VMobject,
    linear,
    smooth,
    squish_rate_func,
)
from numpy.typing import NDArray

from network.digits import Digits
from network.parts import (
    DIRECTIONS,
    INK,
    Parts,
    edge_directions,
    flood,
    gradient,
    holes_by_class,
    little_edges,
    part_names,
    peelings,
    square_around,
    take_apart,
)
from network.sound import Piece, Sound, read_wav, sounding
from network.sound import take_apart as take_sound_apart
from scenes import reads, theme
from scenes.animations import PropagateActivations, ShowContributions
from scenes.layout import FRAME_HEIGHT, FRAME_WIDTH, SAFE_MARGIN, STAGE_BOTTOM, STAGE_TOP, network_layout
from scenes.lesson_scene import LessonScene
from scenes.mobjects.array_mobject import rgb
from scenes.mobjects.cells import Cells
from scenes.mobjects.network_diagram import NetworkDiagram
from scenes.mobjects.numbers import Numbers
from scenes.mobjects.pixel_grid import InkGrid, PixelGrid
from scenes.mobjects.symbols import Symbol
from scenes.mobjects.typesetting import Words
from scenes.mobjects.waveform import Waveform
from scenes.places import ROOT

MIDDLE = (STAGE_TOP + STAGE_BOTTOM) / 2
PART_COLOURS = np.array([rgb(colour) for colour in theme.PARTS])
PHRASE = ROOT / "assets" / "sounds" / "numbers-become-patterns.wav"
# What digits one would like to see taken apart into, and the least share of the ink that each part must have.
_MAKE_UPS = ((("loop", "line"), 0.25), (("loop", "loop"), 0.25), (("line", "line", "line"), 0.2))
# How far p and its like reach below the line, in ems (Computer Modern).
_DESCENT = 0.194
# How many pictures of each class are looked at for examples.
_LOOKED_AT = 20


class ADigitTakenApart(LessonScene):
    """A real digit falls into a loop and a line, step by step: ink, hole, skeleton, parts; and they add up again."""

    EXTENT = 5.4

    def construct(self) -> None:
        self.example = examples(self.digits())[0]
        self.parts = self.example.parts
        self.grid = PixelGrid(self.parts.image, self.EXTENT, (0, MIDDLE))

        self.why_layers()
        self.holes()
        self.skeleton_and_parts()
        self.apart()
        self.end()

    def alternative_text(self) -> str:
        example = examples(self.digits())[0]
        return (
            f"A handwritten {example.name} is taken apart: its ink, {_holes(example.parts)}, its skeleton. It falls "
            f"into {part_names(example.parts.kinds)}, and added up cell by cell these are the picture again."
        )

    def why_layers(self) -> None:
        self.next_section("Why layers?")
        marks = [
            Words("?", 2 * theme.TITLE_SIZE, theme.QUIET_TEXT).move_to(
                (self.grid.get_right()[0] + 0.7, _centre_of_ink(self.grid, picture.ravel())[1], 0)
            )
            for picture in self.parts.pictures
        ]
        with self.caption(
            f"Why layers? There is a hope: this {self.example.name} is made of parts.",
            FadeIn(self.grid),
            moves=f"A handwritten {self.example.name} appears, large, cell by cell visible. One stretch of it after "
            "another stays bright while the rest dims, with a question mark beside it.",
        ):
            if len(marks) < 2:
                return
            whole, image, gone = self.grid.copy(), self.parts.image.ravel(), Group()
            self.wait(theme.QUICK)
            for picture, mark in zip(self.parts.pictures, marks, strict=True):
                alone = self.grid.copy().set_brightness(np.where(picture.ravel() > 0, image, 0.25 * image))
                self.play(Transform(self.grid, alone), FadeOut(gone, run_time=theme.QUICK), FadeIn(mark))
                self.wait(0.75 * theme.STEP)
                gone = mark
            self.play(Transform(self.grid, whole), FadeOut(gone), run_time=theme.QUICK)

    def holes(self) -> None:
        self.next_section("Holes")
        inked = self.grid.copy().set_brightness(self.parts.ink.ravel())
        found = inked.copy()
        inside = self.parts.holes.ravel()
        found.colours[flood(self.parts.image).ravel() >= 0] = rgb(theme.FLOODED)
        found.colours[inside > 0] = 0.55 * PART_COLOURS[(inside[inside > 0] - 1) % len(PART_COLOURS)]
        with self.caption(
            f"Bright cells are ink. Paint from the border {_unreached(int(self.parts.holes.max()))}.",
            moves=f"Cells at least {100 * INK:.0f} % as bright as the brightest turn white, all others black. "
            "Grey-blue paint floods the black ones from the border inwards; what it does not reach glows.",
        ):
            self.play(Transform(self.grid, inked))
            self.play(Spread(self.grid, flood(self.parts.image), rgb(theme.FLOODED), softness=3))
            self.play(Transform(self.grid, found))

    def skeleton_and_parts(self) -> None:
        self.next_section("Skeleton and parts")
        inked = self.grid.copy().set_brightness(self.parts.ink.ravel())
        bones = self.grid.copy()
        bone = self.parts.skeleton.ravel()
        bones.set_brightness(np.where(bone, 1, 0.25 * self.parts.ink.ravel()))
        bones.colours[bone] = _tints(self.parts)[bone]
        coloured = self.grid.copy()
        coloured.colours = self.grid.values[:, None] * _tints(self.parts)
        with self.caption(
            f"Peel it to one cell thin: {_how_it_falls(self.parts)}.",
            moves="Paint and colour go. The ink pales from outside inwards, except for a line in its middle, the "
            "skeleton. It takes a colour for each part; then all cells take that of the nearest.",
        ):
            self.play(Transform(self.grid, inked), run_time=theme.QUICK)
            # The cells that are peeled off, the outer ones first; the skeleton never.
            turns = np.where(self.parts.skeleton, -1, peelings(self.parts.ink))
            self.play(Spread(self.grid, np.where(self.parts.ink, turns, -1), 0.25 * rgb(theme.TEXT), softness=1))
            self.play(Transform(self.grid, bones))
            self.play(Transform(self.grid, coloured), run_time=theme.FLOW)

    def apart(self) -> None:
        self.next_section("Apart")
        self.row = row = PictureEquation(self.example, 4.4, MIDDLE + 0.3, theme.TITLE_SIZE)
        pale = in_square(self.parts.image, row.square, self.grid)
        pale.set_tints(_tints(self.parts).reshape(*self.parts.image.shape, 3)[row.square].reshape(-1, 3))
        start = [grid.copy() for grid in row.pieces]
        for grid in start:
            grid.points = pale.points.copy()
        difference = float(np.abs(self.parts.pictures.sum(axis=0) - self.parts.image).max())
        copies = [grid.copy() for grid in self.row.pieces]
        with self.caption(
            f"{self.example.name} = {' + '.join(self.parts.kinds)}: added up, cell by cell, the difference is "
            f"{difference:g}.",
            FadeOut(self.grid),
            FadeIn(pale),
            moves="The digit goes to the left; its parts leave it and stand beside it as a sum of pictures. Copies of "
            "them fly onto the digit and make it up again.",
        ):
            self.play(
                FadeIn(self.row.frames),
                Transform(pale, self.row.whole),
                *(Transform(grid, target) for grid, target in zip(start, self.row.pieces, strict=True)),
                run_time=theme.FLOW,
            )
            self.remove(pale, *start)
            self.add(self.row.whole, *self.row.pieces)
            self.play(FadeIn(self.row.signs), FadeIn(self.row.names), self.row.whole.animate.fade(0.8))
            self.play(
                LaggedStart(*(copy.animate.move_to(self.row.whole) for copy in copies), lag_ratio=0.35),
                run_time=theme.FLOW,
            )


class PictureEquations(LessonScene):
    """Three digits as sums of their parts, one below the other; then holes counted over the whole test set."""

    EXTENT, PITCH = 1.62, 2.16

    def construct(self) -> None:
        self.test_set = self.digits()
        self.found = examples(self.test_set)
        self.table = holes_by_class(self.test_set)
        self.rows = [
            PictureEquation(example, self.EXTENT, MIDDLE + ((len(self.found) - 1) / 2 - place) * self.PITCH)
            for place, example in enumerate(self.found)
        ]

        self.equations()
        self.count_them()
        self.what_was_counted()
        self.end()

    def alternative_text(self) -> str:
        digits = self.digits()
        sums = "; ".join(f"{e.name} = {' + '.join(e.parts.kinds)}" for e in examples(digits))
        table = holes_by_class(digits)
        most = int(np.argmax(table[:, 2] / np.maximum(table.sum(axis=1), 1)))
        return (
            f"Pictures of real digits as sums of pictures: {sums}. Then a chart of how many of each class of the test "
            f"set have no hole, one, or more: of {table[most].sum():,} pictures of the class "
            f"{digits.class_names[most]}, {table[most, 2]:,} have two or more."
        )

    def equations(self) -> None:
        with self.caption(
            "Few kinds of parts, put together in different ways.",
            moves="Digits appear on the left, one below the other; the parts of each slide out of it to the right.",
        ):
            for row in self.rows:
                self.next_section(f"{row.example.name} = {' + '.join(row.example.parts.kinds)}")
                start = [grid.copy().move_to(row.whole) for grid in row.pieces]
                self.play(FadeIn(row.frames[0], row.whole, row.names[0]), run_time=theme.QUICK)
                self.play(
                    *(Transform(grid, target) for grid, target in zip(start, row.pieces, strict=True)),
                    FadeIn(row.frames[1:]),
                    FadeIn(row.signs, row.names[1:], rate_func=squish_rate_func(smooth, 0.6, 1)),
                    run_time=theme.FLOW,
                )
                self.remove(*start)
                self.add(*row.pieces)
            self.wait(theme.STEP)

    def count_them(self) -> None:
        self.next_section("Count them")
        self.chart = chart = HolesChart(self.table, self.test_set.class_names)
        # The digits go to where their class is counted; all else fades.
        rows = {int(k): name for k, name in zip(chart.classes, chart.names, strict=True)}
        digits = [FadeOut(row.whole, target_position=rows[row.example.label], scale=0.15) for row in self.rows]
        rest = [FadeOut(part) for row in self.rows for part in row.everything if part is not row.whole]
        with self.caption(
            f"Does it hold? Holes, counted in all {len(self.test_set):,} test pictures.",
            *digits,
            *rest,
            FadeIn(chart.names, chart.legend),
            moves="The parts fade, the digits shrink to the names of their classes. A bar for each class grows, "
            "divided by the number of holes of its pictures.",
        ):
            empty = chart.bars.copy()
            empty.points[:, 0] = chart.LEFT_EDGE
            full = chart.bars
            self.play(Transform(empty, full), run_time=theme.FLOW)
            self.remove(empty)
            self.add(full)
            self.play(FadeIn(self.chart.numbers))

    def what_was_counted(self) -> None:
        self.next_section("What was counted")
        chosen = [(e.label, min(e.parts.count("loop"), 2)) for e in self.found if e.parts.count("loop")]
        if not chosen:
            chosen = [(int(np.argmax(self.table[:, 0] / np.maximum(self.table.sum(axis=1), 1))), 0)]
        for sentence, labels in sentences_about_holes(self.table, self.test_set.class_names, chosen):
            with self.caption(sentence, moves="What is spoken of stays bright, the other bars pale."):
                for label in labels:
                    self.play(*self.chart.emphasise({label}))
                    self.wait(theme.STEP)
                if len(labels) > 1:
                    self.play(*self.chart.emphasise(set(labels)))


class PartsAreMadeOfEdges(LessonScene):
    """The edges of a real digit, by its gradient; then its loop is cut into little edges, and put together again."""

    EXTENT, NEAR = 5.4, 4.9

    def construct(self) -> None:
        self.example = examples(self.digits())[0]
        self.parts = self.example.parts
        self.part = self.parts.pictures[0]
        self.kind = self.parts.kinds[0]
        edges, self.directions = little_edges(self.part)
        # All are shown in the same square around the part, so that they still add up, cell by cell.
        self.square = square_around(self.part)
        self.edges = edges[:, *self.square]
        self.whole = InkGrid(self.parts.image, self.EXTENT, (0, MIDDLE))

        self.the_gradient()
        self.by_direction()
        self.apart()
        self.together()
        self.end()

    def alternative_text(self) -> str:
        example = examples(self.digits())[0]
        edges, _ = little_edges(example.parts.pictures[0])
        return (
            f"Little strokes mark how a handwritten {example.name} changes from dark to bright. Its "
            f"{example.parts.kinds[0]} is cut into {len(edges)} edges by direction, which add up to it again."
        )

    def the_gradient(self) -> None:
        self.next_section("The gradient")
        self.strokes = edge_strokes(self.parts.image, self.whole)
        dim = self.whole.copy().fade(0.72)
        with self.caption(
            "Parts are made of edges, where bright meets dark; the longer a stroke, the steeper.",
            FadeIn(self.whole),
            moves=f"The {self.example.name} appears, large, and dims. Short strokes come along its outlines, inside "
            "and outside: across the gradient, as long as it is steep.",
        ):
            self.wait(theme.STEP)
            self.play(Transform(self.whole, dim), FadeIn(self.strokes), run_time=theme.FLOW)

    def by_direction(self) -> None:
        self.next_section("By direction")
        self.loop = in_square(self.part, self.square, self.whole)
        tints = PART_COLOURS[edge_directions(self.part)[self.square].ravel()]
        tinted = InkGrid(self.part[self.square], self.NEAR, (0, MIDDLE), tints)
        legend = VGroup()
        for direction in range(DIRECTIONS):
            angle = np.pi * direction / DIRECTIONS
            along = 0.42 * np.array([np.cos(angle), np.sin(angle), 0])
            legend.add(Line(-along, along, stroke_width=8, color=theme.PARTS[direction]))
        for stroke, place in zip(legend, np.linspace(1.8, -1.8, DIRECTIONS), strict=True):
            stroke.move_to((5.0, MIDDLE + place, 0))
        self.legend = legend
        with self.caption(
            f"Sort the {self.kind}'s cells by the way its edge runs: {DIRECTIONS} directions.",
            FadeOut(self.strokes),
            FadeOut(self.whole),
            FadeIn(self.loop),
            moves=f"Strokes and digit go, the {self.kind} remains and comes nearer. Its cells take {DIRECTIONS} "
            "colours; strokes on the right say which direction each stands for.",
        ):
            self.play(Transform(self.loop, tinted), FadeIn(legend), run_time=theme.FLOW)

    def apart(self) -> None:
        self.next_section("Apart")
        places, extent = _rows_of_pictures(len(self.edges), 9.8, 6.0, 2.6)
        tints = PART_COLOURS[self.directions]
        self.row = [
            InkGrid(edge, extent, (x + 1.98, y + MIDDLE), tint)
            for edge, tint, (x, y) in zip(self.edges, tints, places, strict=True)
        ]
        self.frames = Group(*(_frame(grid) for grid in self.row))
        signs = VGroup(Symbol("=", theme.TITLE_SIZE).put((-3.08, MIDDLE, 0)))
        for one, other in zip(self.row, self.row[1:], strict=False):
            # Between two that stand side by side; at the beginning of a new row, in front of it.
            middle = (one.get_center() + other.get_center()) / 2
            if abs(one.get_y() - other.get_y()) > 0.1:
                middle = other.get_left() + 0.17 * LEFT
            signs.add(Symbol("+", theme.LABEL_SIZE).put(middle))
        pieces = [InkGrid(edge, self.NEAR, (0, MIDDLE), tint) for edge, tint in zip(self.edges, tints, strict=True)]
        spread = exploded(pieces, 0.1 * self.NEAR)
        self.place: tuple[float, tuple[float, float]] = 3.2, (-5.2, MIDDLE)
        self.frame = _frame(InkGrid(self.part[self.square], *self.place))
        nearer = exploded(
            [InkGrid(edge, *self.place, tint) for edge, tint in zip(self.edges, tints, strict=True)], 0.15
        )
        with self.caption(
            f"What hangs together and runs one way is a little edge: {len(self.edges)} in all."
            if len(self.edges) > 1
            else "It all runs one way: it is one edge.",
            moves=f"The {self.kind} comes apart into pieces; copies of them go into small frames on the right.",
        ):
            self.remove(self.loop)
            self.add(*pieces)
            self.play(*(Transform(one, other) for one, other in zip(pieces, spread, strict=True)), run_time=theme.FLOW)
            self.play(
                FadeOut(self.legend),
                *(Transform(one, other) for one, other in zip(pieces, nearer, strict=True)),
                run_time=theme.STEP,
            )
            leaving = [piece.copy() for piece in pieces]
            self.play(
                FadeIn(self.frames),
                *(Transform(one, other) for one, other in zip(leaving, self.row, strict=True)),
                run_time=theme.FLOW,
            )
            self.remove(*leaving)
            self.add(*self.row)
            self.play(FadeIn(signs), run_time=theme.QUICK)
        self.pieces = pieces

    def together(self) -> None:
        self.next_section("Together")
        copies = [piece.copy() for piece in self.row]
        targets = [
            InkGrid(edge, *self.place, PART_COLOURS[direction])
            for edge, direction in zip(self.edges, self.directions, strict=True)
        ]
        added = f"Added up, they are the {self.kind}" if len(self.edges) > 1 else f"It is the {self.kind} itself"
        with self.caption(
            f"{added}. And so with any picture: edges, parts, things.",
            FadeIn(self.frame),
            *(Transform(piece, piece.copy().fade(0.85)) for piece in self.pieces),
            moves=f"Copies of the edges fly back, one after another, and make up the {self.kind} again.",
        ):
            self.play(
                LaggedStart(
                    *(Transform(one, other) for one, other in zip(copies, targets, strict=True)), lag_ratio=0.25
                ),
                *(FadeOut(piece) for piece in self.pieces),
                run_time=2 * theme.FLOW,
            )
            self.play(FadeIn(InkGrid(self.part[self.square], *self.place)), run_time=theme.STEP)
            self.remove(*copies)


class TheHope(LessonScene):
    """The network with what one may hope of its layers drawn above them; then what it really computes."""

    PICTURES_Y, LABELS_Y, BETWEEN = 2.72, 1.5, 1.2

    def construct(self) -> None:
        self.test_set = self.digits()
        self.example = examples(self.test_set)[0]
        self.parts = self.example.parts
        self.forward = self.network.forward(self.parts.image)
        names = self.test_set.class_names
        right = 5.5 if max(map(len, names)) <= 2 else 4.7
        layout = network_layout(self.network.sizes, "picture", -6.4, right, 0.55, STAGE_BOTTOM)
        self.diagram = NetworkDiagram(self.network, names, layout)
        self.hopes = hopes_for(self.parts, len(self.network.layers) - 1)

        self.the_network()
        self.the_hopes()
        self.it_ends_in_a_digit()
        self.what_is_real()
        self.end()

    def alternative_text(self) -> str:
        example = examples(self.digits())[0]
        hopes = [hope.name for hope in hopes_for(example.parts, len(self.network.layers) - 1)]
        said = self.digits().class_names[self.network.forward(example.parts.image).answer]
        return (
            f"Above the columns of a network stand, labelled as a hope, pictures made from a {example.name}: "
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
        with self.caption(
            f"What could each layer do, so that {name} comes out?",
            FadeIn(*self.diagram.connections, *self.diagram.columns, self.diagram.dots, self.diagram.labels),
            moves="The network appears, its input lit by the digit, all other neurons dark, with a ? above each layer.",
        ):
            if self.marks:
                self.play(LaggedStart(*(FadeIn(mark, shift=0.2 * UP) for mark in self.marks), lag_ratio=0.3))

    def the_hopes(self) -> None:
        """One layer after another: pieces leave what stands to their left and come together above the next column."""
        xs = [column.get_x() for column in self.diagram.columns]
        self.extent = min(1.6, 0.74 * (xs[-1] - xs[-2]))
        self.shown: list[list[InkGrid]] = []
        if not self.hopes:
            return
        with self.caption(
            _hope_sentence(self.hopes),
            FadeIn(self.word, self.note),
            moves="Copies of the pieces on the left fly to above the next column, layer after layer: "
            f"{', '.join(hope.name for hope in self.hopes)} of the digit.",
        ):
            for number, hope in enumerate(self.hopes):
                self.next_section(hope.name)
                self.come_together(number, hope, xs[number + 1])

    def come_together(self, number: int, hope: Hope, x: float) -> None:
        pixels = self.diagram.columns[0]
        pieces = [
            InkGrid(picture, self.extent, (x, self.PICTURES_Y), tint)
            for picture, tint in zip(hope.pictures, hope.tints, strict=True)
        ]
        pieces = exploded(pieces, hope.apart * self.extent)
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
        with self.caption(
            f"{start} a combination: {' + '.join(self.parts.kinds)} is {self.example.name}.",
            *([] if self.shown else [FadeIn(self.word, self.note)]),
            moves="The parts fly on and make up the digit above the outputs.",
        ):
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
        with self.caption(
            "Nobody tells the layers what to find. This is what they really compute.",
            *faded,
            FadeOut(self.note),
            Create(Line(*ends, color=theme.CELL_OUTLINE, stroke_width=2), run_time=theme.STEP),
            FadeIn(heading),
            moves="The pictures fade. A line is drawn beneath them, and under it stands: real activations. A pulse "
            "runs through the network, layer by layer, and its neurons light up.",
        ):
            for number, connections in enumerate(self.diagram.connections):
                self.play(ShowContributions(self.diagram, self.forward, number), run_time=0.5 * theme.STEP)
                neurons = self.diagram.columns[number + 1]
                self.play(PropagateActivations(connections, neurons, self.forward.activations[number]))
            self.play(Create(self.diagram.winner_mark(self.forward)), run_time=theme.QUICK)
        with self.caption(
            "Did it find edges and parts? Part 11 measures.",
            moves="A ring marks the brightest output.",
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


class SpeechInLayers(LessonScene):
    """A spoken phrase falls into words, syllables and sounds, by computation on its waveform."""

    LEFT_EDGE, WIDTH, HEIGHT, TOP, PITCH = -5.0, 9.5, 0.95, 2.95, 1.62
    NAMES = ("phrase", "words", "syllables", "sounds")
    # How far the pieces of each level are apart, in units.
    GAPS = (0.0, 0.5, 0.3, 0.13)

    def construct(self) -> None:
        self.sound, self.phrase = spoken_phrase()
        self.levels = levels_of(self.phrase)
        self.scale = self.WIDTH / len(self.sound.samples)
        # Where every piece begins, level by level.
        self.lefts = [
            [self.LEFT_EDGE + self._centring(level) + self.scale * piece.start + gap * place for place, piece in pieces]
            for level, (gap, pieces) in enumerate(zip(self.GAPS, map(enumerate, self.levels), strict=True))
        ]
        self.waves: list[VGroup] = []
        self.texts: list[VGroup] = []

        self.a_phrase()
        self.words()
        self.syllables()
        self.sounds()
        self.layer_upon_layer()
        self.end()

    def alternative_text(self) -> str:
        _, phrase = spoken_phrase()
        _, words, syllables, sounds = levels_of(phrase)
        return (
            f"The waveform of the spoken phrase “{phrase.text}” comes apart, row under row, into {len(words)} words, "
            f"{len(syllables)} syllables ({', '.join(piece.text for piece in syllables)}) and {len(sounds)} sounds."
        )

    def a_phrase(self) -> None:
        self.next_section("A phrase")
        waves, (texts, name) = self._waves(0, self.lefts[0]), self._writing(0)
        self.waves.append(waves)
        self.at_first = VGroup(waves, texts)
        self.above = self.at_first.copy()
        self.at_first.scale(1.2).move_to((0, MIDDLE, 0))
        self.name = name
        with self.caption(
            "Other things have layers, too: a phrase, spoken by a synthesiser.",
            FadeIn(waves),
            moves="A waveform appears, and beneath it the words it says.",
        ):
            self.play(FadeIn(texts))

    def words(self) -> None:
        self.next_section("Words")
        to_its_place = Transform(self.at_first, self.above, run_time=theme.STEP), FadeIn(self.name)
        self._come_apart(1, f"Cut at the long silences: {len(self.levels[1])} words.", *to_its_place)

    def syllables(self) -> None:
        self.next_section("Syllables")
        self._come_apart(2, f"Cut at the faintest place between two peaks: {len(self.levels[2])} syllables.")

    def sounds(self) -> None:
        self.next_section("Sounds")
        self._come_apart(3, f"Cut where the tone changes most: {len(self.levels[3])} sounds, as many as are spelled.")

    def layer_upon_layer(self) -> None:
        self.next_section("Layer upon layer")
        with self.caption(
            "Each layer joins what the one below found: sounds, syllables, words, a phrase.",
            moves="From below, a bracket gathers the sounds of each syllable, then the syllables, then the words.",
        ):
            for level in (3, 2, 1):
                self.play(*(Create(bracket) for bracket in self._brackets(level)), run_time=theme.STEP)

    def _come_apart(self, level: int, sentence: str, *before: Animation) -> None:
        """A copy of the row above slides down and comes apart into the pieces of this level."""
        parents = _parents(self.levels[level - 1], self.levels[level])
        lefts = [
            self.lefts[level - 1][parent] + self.scale * (piece.start - self.levels[level - 1][parent].start)
            for parent, piece in zip(parents, self.levels[level], strict=True)
        ]
        waves = self._waves(level, lefts).shift(self.PITCH * UP)
        colours = [wave.get_fill_color() for wave in waves]
        for wave, parent in zip(waves, parents, strict=True):
            wave.set_fill(self.waves[level - 1][parent].get_fill_color())
        with self.caption(
            sentence,
            *before,
            moves=f"A copy of the row above slides down and comes apart into {self.NAMES[level]}, named beneath.",
        ):
            self.play(waves.animate.shift(self.PITCH * DOWN), run_time=theme.STEP)
            apart = self._waves(level, self.lefts[level])
            for wave, colour in zip(apart, colours, strict=True):
                wave.set_fill(colour)
            self.play(Transform(waves, apart), run_time=theme.STEP)
            self.play(FadeIn(*self._writing(level)))
        self.waves.append(waves)

    def _centring(self, level: int) -> float:
        """How far a row goes to the right, so that all of them have one middle."""
        widest = max(gap * (len(pieces) - 1) for gap, pieces in zip(self.GAPS, self.levels, strict=True))
        return (widest - self.GAPS[level] * (len(self.levels[level]) - 1)) / 2

    def _y(self, level: int) -> float:
        return self.TOP - level * self.PITCH

    def _waves(self, level: int, lefts: Sequence[float]) -> VGroup:
        """The waveforms of the pieces of a level, each from its place on, without the silence at its ends."""
        loudest = float(np.abs(self.sound.samples).max())
        waves = VGroup()
        for left, piece in zip(lefts, self.levels[level], strict=True):
            start, stop = sounding(self.sound, piece) if level else (piece.start, piece.stop)
            width = self.scale * (stop - start)
            word = next(n for n, word in enumerate(self.levels[1]) if piece.start < word.stop)
            colour = theme.PARTS[word % len(theme.PARTS)] if level else theme.NEUTRAL
            wave = Waveform(self.sound.samples[start:stop] / loudest, width, self.HEIGHT, colour)
            waves.add(wave.shift((left + self.scale * (start - piece.start) + width / 2, self._y(level), 0)))
        return waves

    def _writing(self, level: int) -> tuple[VGroup, Words]:
        """What the pieces of a level say, each beneath its waveform; and the name of the level."""
        texts = VGroup()
        for wave, piece in zip(self._waves(level, self.lefts[level]), self.levels[level], strict=True):
            size = theme.LABEL_SIZE if level < 3 else theme.NOTE_SIZE
            text = Words(piece.text, size, wave.get_fill_color())
            texts.add(_on_baseline(text, (wave.get_x(), self._y(level) - 0.9)))
        self.texts.append(texts)
        name = Words(self.NAMES[level], theme.NOTE_SIZE, theme.QUIET_TEXT)
        return texts, name.move_to((-6.65, self._y(level), 0), aligned_edge=LEFT)

    def _brackets(self, level: int) -> list[VMobject]:
        """Over the pieces of a level that make one of the level above, from the first to the last of them."""
        parents = np.array(_parents(self.levels[level - 1], self.levels[level]))
        foot, top = self._y(level) + 0.52 * self.HEIGHT, self._y(level) + 0.52 * self.HEIGHT + 0.1
        brackets = []
        for parent in range(len(self.levels[level - 1])):
            waves = [self.waves[level][int(n)] for n in np.flatnonzero(parents == parent)]
            left, right = waves[0].get_left()[0], waves[-1].get_right()[0]
            bracket = VMobject(stroke_color=theme.ANSWER, stroke_width=3)
            bracket.set_points_as_corners([(left, foot, 0), (left, top, 0), (right, top, 0), (right, foot, 0)])
            brackets.append(bracket)
        return brackets


@dataclass(frozen=True, eq=False)
class Example:
    """A picture of the data taken apart, and what it is."""

    label: int
    name: str
    parts: Parts


@dataclass(frozen=True, eq=False)
class Hope:
    """What one may hope that a layer finds: pictures (n, side, side) that add up to the digit, each with its colour.

    tints: (n, 3), 0 to 255. apart: how far the pieces are drawn apart, as a share of the picture's side.
    """

    name: str
    pictures: NDArray[np.float32]
    tints: NDArray[np.float32]
    apart: float


@lru_cache(maxsize=2)
def examples(digits: Digits) -> tuple[Example, ...]:
    """Three pictures that fall into a loop and a line, into two loops, and into three lines.

    Each is of another class: of those left, the one that falls into these parts most often among its first twenty
    pictures. Of these, among those whose parts all have a fair share of the ink, it is the first with the largest hole,
    the smaller of two counting; where no shares are fair, the one whose least part has the largest share. What the
    data do not have is left out; if they have none of it, it is the first picture.
    """
    looked_at = [np.flatnonzero(digits.labels == k)[:_LOOKED_AT] for k in range(len(digits.class_names))]
    taken_apart = [[take_apart(digits.images[n]) for n in places] for places in looked_at]
    found: list[Example] = []
    for make_up, least in _MAKE_UPS:
        fitting = [[parts for parts in of_class if parts.kinds == make_up] for of_class in taken_apart]
        often = [len(parts) / max(len(all_), 1) for parts, all_ in zip(fitting, taken_apart, strict=True)]
        for example in found:
            often[example.label] = 0
        label = int(np.argmax(often))
        if often[label]:
            fair = [parts for parts in fitting[label] if parts.shares.min() >= least]
            if fair:
                chosen = max(fair, key=_smallest_hole)
            else:
                chosen = max(fitting[label], key=lambda parts: float(parts.shares.min()))
            found.append(Example(label, digits.class_names[label], chosen))
    if not found:
        label = int(digits.labels[0])
        found.append(Example(label, digits.class_names[label], take_apart(digits.images[0])))
    return tuple(found)


def _smallest_hole(parts: Parts) -> int:
    """How many cells the smallest hole has; 0 where there is none."""
    return int(np.bincount(parts.holes.ravel())[1:].min(initial=parts.holes.size) if parts.holes.any() else 0)


def hopes_for(parts: Parts, hidden: int) -> list[Hope]:
    """What each of so many hidden layers could find in a picture: edges first, parts last."""
    cut = [little_edges(picture) for picture in parts.pictures]
    own = PART_COLOURS[np.arange(len(parts.kinds)) % len(PART_COLOURS)]
    edges = Hope("edges", np.concatenate([e for e, _ in cut]), PART_COLOURS[np.concatenate([d for _, d in cut])], 0.1)
    whole_parts = Hope("parts", parts.pictures, own, 0.13)
    if hidden < 2:
        return [whole_parts] * hidden
    # Between them, edges join with their neighbours.
    longer: list[NDArray[np.float32]] = []
    tints: list[NDArray[np.float32]] = []
    for (pictures, directions), _ in zip(cut, own, strict=True):
        for pair in range(0, len(pictures), 2):
            longer.append(pictures[pair : pair + 2].sum(axis=0))
            tints.append(PART_COLOURS[directions[pair]])
    between = Hope("longer edges", np.array(longer), np.array(tints), 0.13)
    return [edges, *[between] * (hidden - 2), whole_parts]


def spoken_phrase() -> tuple[Sound, Piece]:
    """The phrase that comes with the project, and its pieces."""
    reads.note(reads.file_named(PHRASE), reads.file_named(PHRASE.with_suffix(".txt")))
    return _read_phrase()


@lru_cache(maxsize=1)
def _read_phrase() -> tuple[Sound, Piece]:
    sound = read_wav(PHRASE)
    return sound, take_sound_apart(sound, PHRASE.with_suffix(".txt").read_text(encoding="utf-8"))


def levels_of(phrase: Piece) -> list[tuple[Piece, ...]]:
    """The phrase, its words, their syllables, their sounds."""
    levels: list[tuple[Piece, ...]] = [(phrase,)]
    for _ in range(3):
        levels.append(tuple(piece for larger in levels[-1] for piece in larger.pieces))
    return levels


class PictureEquation:
    """The picture of a digit = the pictures of its parts, side by side, in frames, each with its name beneath."""

    ROOM, LONGEST = 0.7, 13.2

    def __init__(self, example: Example, extent: float, y: float, size: float = theme.NOTE_SIZE) -> None:
        self.example, parts = example, example.parts
        n = len(parts.kinds)
        self.extent = extent = min(extent, (self.LONGEST - n * self.ROOM) / (n + 1))
        pitch = extent + self.ROOM
        first = -n * pitch / 2
        # All show the same square around the digit, so that they add up, cell by cell.
        self.square = square_around(parts.image)
        self.whole = InkGrid(parts.image[self.square], extent, (first, y))
        colours = [theme.PARTS[k % len(theme.PARTS)] for k in range(n)]
        self.pieces = [
            InkGrid(picture[self.square], extent, (first + (k + 1) * pitch, y), rgb(colour))
            for k, (picture, colour) in enumerate(zip(parts.pictures, colours, strict=True))
        ]
        self.frames = Group(*(_frame(grid) for grid in (self.whole, *self.pieces)))
        self.signs = VGroup(
            *(Symbol("+" if k else "=", theme.TITLE_SIZE).put((first + (k + 0.5) * pitch, y, 0)) for k in range(n))
        )
        texts = zip((example.name, *parts.kinds), (theme.TEXT, *colours), strict=True)
        self.names = VGroup(*(Words(text, size, colour) for text, colour in texts))
        for text, frame in zip(self.names, self.frames, strict=True):
            text.next_to(frame, DOWN, buff=0.003 * size)

    @property
    def everything(self) -> list[Group]:
        return [self.whole, *self.pieces, self.frames, self.signs, self.names]


class HolesChart(Group):
    """How many pictures of each class have no hole, one, or two and more: a bar each, as shares of the class.

    table: (classes, 3) counts.
    """

    LEFT_EDGE, RIGHT_EDGE, TOP, FOOT = -4.3, 6.3, 2.75, -2.75
    COLOURS = (theme.QUIET_TEXT, theme.PARTS[0], theme.PARTS[1])
    LEGEND = ("no hole", "one hole", "two or more")

    def __init__(self, table: NDArray[np.intp], class_names: Sequence[str]) -> None:
        self.classes = np.flatnonzero(table.sum(axis=1))
        table = table[self.classes]
        pitch = min((self.TOP - self.FOOT) / len(table), 0.8)
        y = self.TOP - (np.arange(len(table)) + 0.5) * pitch
        ends = np.cumsum(table, axis=1) / table.sum(axis=1, keepdims=True)
        starts = np.concatenate([np.zeros((len(table), 1)), ends[:, :-1]], axis=1)
        width = self.RIGHT_EDGE - self.LEFT_EDGE
        self.bars = Cells(np.zeros((table.size, 2)), 1, 0, np.tile([rgb(c) for c in self.COLOURS], (len(table), 1)))
        self.bars.stroke_widths[:] = 0
        low, high = self.bars.points[0::2], self.bars.points[1::2]
        low[:, 0], high[:, 0] = self.LEFT_EDGE + width * starts.ravel(), self.LEFT_EDGE + width * ends.ravel()
        low[:, 1], high[:, 1] = np.repeat(y - 0.36 * pitch, 3), np.repeat(y + 0.36 * pitch, 3)
        size = float(np.clip(0.62 * pitch * 1080 / FRAME_HEIGHT, theme.SMALLEST_SIZE, theme.NOTE_SIZE))
        # A number is written where its bar has room for it.
        room = (high[:, 0] - low[:, 0]) * 1080 / FRAME_HEIGHT > 0.62 * size * np.char.str_len(table.ravel().astype(str))
        self.of_class = np.repeat(self.classes, 3)
        self.numbered = np.flatnonzero(room & (table.ravel() > 0))
        self.numbers = Numbers(
            table.ravel()[self.numbered],
            self.bars.centres[self.numbered],
            0,
            size,
            np.tile(rgb(theme.BACKGROUND), (len(self.numbered), 1)),
        )
        self.names = VGroup()
        for k, place in zip(self.classes, y, strict=True):
            text = class_names[int(k)]
            name = Words(text, size if len(text) > 2 else max(size, theme.LABEL_SIZE))
            self.names.add(name.next_to((self.LEFT_EDGE, place, 0), LEFT, buff=0.25))
        self.legend = VGroup()
        pen = self.LEFT_EDGE
        for text, colour in zip(self.LEGEND, self.COLOURS, strict=True):
            box = Square(0.26, stroke_width=0, fill_opacity=1, fill_color=colour).move_to((pen + 0.13, 3.25, 0))
            words = Words(text, theme.NOTE_SIZE, colour).next_to(box, RIGHT, buff=0.15)
            self.legend.add(box, words)
            pen = words.get_right()[0] + 0.7
        super().__init__(self.bars, self.numbers, self.names, self.legend)

    def emphasise(self, labels: set[int]) -> list[Animation]:
        """Make all bars pale but those of some classes."""
        pale = 0.25
        bars, numbers = self.bars.copy(), self.numbers.copy()
        bars.opacities = np.where(np.isin(self.of_class, list(labels)), 1, pale).astype(np.float32)
        numbers.set_opacities(bars.opacities[self.numbered])
        names = [
            name.animate.set_opacity(1 if int(k) in labels else pale)
            for k, name in zip(self.classes, self.names, strict=True)
        ]
        return [Transform(self.bars, bars), Transform(self.numbers, numbers), *names]


class Spread(Animation):
    """A colour takes the cells of a picture one after another, as paint that runs in from the border does.

    turns: (side, side), when each cell has its turn, from 0; −1 for those that keep their colour. colour: (3,), 0 to
    255. softness: how many turns a cell takes.
    """

    def __init__(self, grid: PixelGrid, turns: NDArray[np.intp], colour: NDArray[np.float32], softness: float) -> None:
        self.turns, self.colour, self.softness = turns.ravel(), colour, softness
        self.before = grid.colours.copy()
        super().__init__(grid, run_time=1.5 * theme.FLOW, rate_func=linear)

    def interpolate_mobject(self, alpha: float) -> None:
        front = alpha * (self.turns.max() + self.softness)
        share = np.where(self.turns >= 0, np.clip((front - self.turns) / self.softness, 0, 1), 0)
        self.mobject.colours = self.before + (self.colour - self.before) * share[:, None].astype(np.float32)


def edge_strokes(image: NDArray[np.float32], grid: PixelGrid) -> VGroup:
    """A stroke in every cell along the edge through it, as long as the gradient is steep; a colour a direction."""
    right, down = (part.ravel() for part in gradient(image))
    steepness = np.hypot(right, down)
    share = steepness / max(float(steepness.max()), 1e-9)
    # Across the gradient; rows count downwards, heights upwards.
    along = np.stack([down, right, np.zeros(len(right))], axis=1) / np.maximum(steepness, 1e-9)[:, None]
    half = 0.75 * (2 * float(grid.radii[0])) * share[:, None] * along
    directions = edge_directions(image).ravel()
    strokes = VGroup()
    for direction in range(DIRECTIONS):
        cells = np.flatnonzero((directions == direction) & (share > 0.12))
        if len(cells):
            starts, ends = grid.centres[cells] - half[cells], grid.centres[cells] + half[cells]
            stroke = VMobject(stroke_color=theme.PARTS[direction], stroke_width=4)
            shares = np.array([0, 1 / 3, 2 / 3, 1])[:, None, None]
            stroke.points = (starts + shares * (ends - starts)).swapaxes(0, 1).reshape(-1, 3)
            strokes.add(stroke)
    return strokes


def in_square(image: NDArray[np.float32], square: tuple[slice, slice], whole: PixelGrid) -> InkGrid:
    """The cells of a square of a picture, where they stand in the whole of it."""
    rows, columns = square
    side = rows.stop - rows.start
    place = whole.centres[whole.window(rows.start, columns.start, side, side)].mean(axis=0)
    step = float(whole.centres[1, 0] - whole.centres[0, 0])
    return InkGrid(image[square], side * step, (place[0], place[1]))


def exploded(pieces: Sequence[InkGrid], by: float) -> list[InkGrid]:
    """Pieces of one picture, each `by` units away from its middle."""
    total = sum((grid.values for grid in pieces), np.zeros(len(pieces[0]), np.float32))
    middle = _centre_of_ink(pieces[0], total)
    moved = []
    for grid in pieces:
        out = _centre_of_ink(grid, grid.values) - middle
        away = float(np.linalg.norm(out))
        moved.append(grid.copy().shift(by * out / away if away > 1e-6 else 0 * out))
    return moved


def _gathered(pieces: Sequence[InkGrid], wholes: Sequence[InkGrid]) -> list[InkGrid]:
    """Each piece as it lies in that of the larger ones to which it belongs."""
    there = []
    for piece in pieces:
        whole = max(wholes, key=lambda grid: float(piece.values @ (grid.values > 0)))
        placed = piece.copy()
        placed.points = whole.points.copy()
        full = whole.colours.max(axis=0) / max(float(whole.values.max()), 1e-9)
        there.append(placed.set_tints(full))
    return there


def _centre_of_ink(grid: PixelGrid, values: NDArray[np.float32]) -> NDArray[np.float64]:
    centre: NDArray[np.float64] = values @ grid.centres / max(float(values.sum()), 1e-9)
    return centre


def _frame(grid: PixelGrid) -> Square:
    """A thin frame around a picture, however much of it is black."""
    return Square(grid.width + 0.08, color=theme.CELL_OUTLINE, stroke_width=2).move_to(grid)


def _tints(parts: Parts) -> NDArray[np.float32]:
    """The colour of each cell by the part it belongs to, (side², 3)."""
    tints: NDArray[np.float32] = PART_COLOURS[(parts.places.ravel() - 1) % len(PART_COLOURS)]
    return tints


def _rows_of_pictures(count: int, width: float, height: float, largest: float) -> tuple[NDArray[np.float64], float]:
    """Places (count, 2) around 0 and the extent of pictures in as many rows as make them largest, with room for +."""
    sizes = []
    for rows in range(1, count + 1):
        across = -(-count // rows)
        sizes.append(min(width / across - 0.36, height / rows - 0.15, largest))
    rows = int(np.argmax(sizes)) + 1
    extent, across = sizes[rows - 1], -(-count // rows)
    places = []
    for n in range(count):
        row, column = divmod(n, across)
        in_row = min(across, count - row * across)
        x = (column - (in_row - 1) / 2) * (extent + 0.36)
        places.append((x, ((rows - 1) / 2 - row) * (extent + 0.15)))
    return np.array(places), extent


def _parents(larger: Sequence[Piece], smaller: Sequence[Piece]) -> list[int]:
    """Which of the larger pieces each of the smaller ones is in."""
    return [next(n for n, piece in enumerate(larger) if small.start < piece.stop) for small in smaller]


def _on_baseline(text: Words, foot: tuple[float, float]) -> Words:
    """Move a word so that its letters stand on a line, whether some reach below it or none."""
    below = _DESCENT * text.em if set(text.shown) & set("gjpqy") else 0.0
    return text.move_to((foot[0], foot[1] - below, 0), aligned_edge=DOWN)


_PLURALS = ("zeros", "ones", "twos", "threes", "fours", "fives", "sixes", "sevens", "eights", "nines")
_HOLES = ("no hole", "one hole", "two or more holes")
_NUMBERS = ("no", "one", "two", "three", "four", "five")
# As many characters fit into a line of the caption band.
_LINE = 84


def sentences_about_holes(
    table: NDArray[np.intp], class_names: Sequence[str], chosen: Sequence[tuple[int, int]]
) -> list[tuple[str, list[int]]]:
    """How many pictures of some classes have as many holes as the examples: a sentence, and the classes it is about.

    table: (classes, 3), counts of no hole, one, two or more. chosen: (class, holes) of each example, holes from 0 to 2.
    """
    counts = [(int(table[k, holes]), int(table[k].sum())) for k, holes in chosen]
    least = min(count / of for count, of in counts)
    verdict = "always" if least == 1 else "often, not always" if least > 0.5 else "not always, by far"
    who = [f"{count:,} of {of:,} {_plural(class_names[k])}" for (k, _), (count, of) in zip(chosen, counts, strict=True)]
    what = [_HOLES[holes] for _, holes in chosen]
    clauses = [f"{one} have {holes}" for one, holes in zip(who, what, strict=True)]
    short = [
        clauses[0],
        *(f"{one} {holes.removesuffix(' holes')}" for one, holes in zip(who[1:], what[1:], strict=True)),
    ]
    together = f"{', '.join(short)}: {verdict}."
    labels = [k for k, _ in chosen]
    if len(together) <= _LINE:
        return [(together, labels)]
    ends = ["."] * (len(chosen) - 1) + [f": {verdict}."]
    return [(clause + end, [k]) for clause, end, k in zip(clauses, ends, labels, strict=True)]


def _plural(name: str) -> str:
    """Many pictures of a class: "nines", or "of the class Bag"."""
    return _PLURALS[int(name)] if name in "0123456789" else f"of the class {name}"


def _holes(parts: Parts) -> str:
    count = int(parts.holes.max())
    return f"{count} hole{'' if count == 1 else 's'}"


def _unreached(holes: int) -> str:
    if not holes:
        return "gets everywhere: no hole, no loop"
    number = _NUMBERS[holes] if holes < len(_NUMBERS) else str(holes)
    return f"leaves {number} hole{'s'[: holes - 1]} dry: {number} loop{'s'[: holes - 1]}"


def _how_it_falls(parts: Parts) -> str:
    loops, lines = parts.count("loop"), parts.count("line")
    if not loops:
        return "the longest straight stretches are lines"
    around = f"around {'the' if loops == 1 else 'each'} hole runs a loop"
    return f"{around}, straight stretches are lines" if lines else f"{around}, nothing else is left"


def _hope_sentence(hopes: Sequence[Hope]) -> str:
    """What each hidden layer may be hoped to find, first to last."""
    names = [hope.name for hope in hopes]
    if len(names) == 1:
        return f"The hope: the hidden layer finds {names[0]},"
    if len(names) == 2:
        return f"The hope: the first hidden layer finds {names[0]}, the second {names[1]},"
    return f"The hope: hidden layers find {', then '.join(dict.fromkeys(names))},"
