"""PartsAreMadeOfEdges: a real loop falls into little edges, and so does a long line."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from manim import (
    DOWN,
    UP,
    FadeIn,
    FadeOut,
    LaggedStart,
    Square,
    Transform,
)
from numpy.typing import NDArray

from network.analysis.edges import DIRECTIONS, largest_of_each_direction, little_edges
from network.analysis.examples import TakenApart, digits_taken_apart, pictures_with_a_long_line
from network.analysis.parts import square_around
from scenes.kit import theme
from scenes.kit.colour import rgb
from scenes.kit.layout import STAGE_MIDDLE
from scenes.kit.mobjects.picture_pieces import cells_in_place, drawn_apart
from scenes.kit.mobjects.pixel_grid import InkGrid, PixelGrid
from scenes.kit.mobjects.text import Words
from scenes.language import _, _n, _w, listed, one_or_another, together
from scenes.part_05_why_layers.colours import OF_KIND, direction_tints
from scenes.part_05_why_layers.hoped_neuron import hoped_neuron
from scenes.part_05_why_layers.parts_to_digits import PartsToDigits
from scenes.part_05_why_layers.words_for_parts import one_part, the_part, this_part
from scenes.stage.lesson_scene import LessonScene
from scenes.stage.voiceover import Voiceover
from scenes.wording import in_words, is_digit, number, one_in_words


class PartsAreMadeOfEdges(LessonScene):
    """A part of a real digit is cut into little edges; so is a long line."""

    # The digit, with a glass beside it that shows a few of its cells: their places across, and their widths.
    DIGIT_X, DIGIT, GLASS_X, GLASS = -3.4, 6.0, 3.6, 4.2
    # The neuron that one hopes will find it, at first.
    HOPED = 5.6
    # How many cells wide the glass is.
    WINDOW = 7
    # The part, alone; and the number of its edges beside it.
    NEAR, COUNT_X = 5.6, 5.2
    # The pictures with long lines.
    LINES, LINES_STEP = 5.0, 4.7

    @cached_property
    def example(self) -> TakenApart:
        return digits_taken_apart(self.digits())[0]

    @cached_property
    def part(self) -> NDArray[np.float32]:
        """The part of the digit that is cut into edges, (side, side)."""
        return self.example.parts.pictures[0]

    @cached_property
    def cut(self) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
        """Its edges, (n, side, side), and their directions, (n,)."""
        return little_edges(self.part)

    @cached_property
    def with_long_lines(self) -> tuple[TakenApart, ...]:
        return pictures_with_a_long_line(self.digits(), 3)

    @property
    def greatest_lines(self) -> list[NDArray[np.float32]]:
        """The greatest line of each of these pictures alone, (side, side)."""
        return [example.parts.pictures[example.parts.greatest_line] for example in self.with_long_lines]

    def construct(self) -> None:
        self.kind = self.example.parts.kinds[0]
        edges, self.directions = self.cut
        # All are shown in the same square around the part, so that they still add up, cell by cell.
        self.square = square_around(self.part)
        self.edges = edges[:, *self.square]

        self.how_to_find_it()
        self.into_edges()
        self.end()

    def alternative_text(self) -> str:
        edges = number(len(self.cut[0]))
        return together(
            _(
                "A magnifying window on {one_digit} shows short bright bars, dark on both sides: edges.",
                one_digit=one_in_words(self.example.name),
            ),
            _("Its loop falls into {edges} of them, which make it up again.", edges=edges)
            if self.example.parts.kinds[0] == "loop"
            else _("Its line falls into {edges} of them, which make it up again.", edges=edges),
        )

    # ---- what an edge is

    def how_to_find_it(self) -> None:
        self.next_section(_("What an edge is"))
        self.whole = PixelGrid(self.example.parts.image, self.DIGIT, (self.DIGIT_X, STAGE_MIDDLE))
        lit = self.whole.copy()
        of_part = self.part.ravel() > 0
        lit.colours = np.where(
            of_part[:, None], self.whole.values[:, None] * rgb(OF_KIND[self.kind]), 0.3 * lit.colours
        )
        step = self.DIGIT / self.whole.side
        windows = [self.window_on(number) for number in self.looked_at]
        frame = Square(self.WINDOW * step, color=theme.ANSWER, stroke_width=theme.MARK_WIDTH)
        glass = Square(self.GLASS + 0.1, color=theme.ANSWER, stroke_width=theme.MARK_WIDTH)
        glass.move_to((self.GLASS_X, STAGE_MIDDLE + 0.4, 0))
        views = [self.in_the_glass(rows, columns) for rows, columns in windows]
        places = [self.middle_of(rows, columns) for rows, columns in windows]
        name = Words(_("an edge"), 1.6 * theme.TITLE_SIZE, theme.ANSWER).next_to(glass, DOWN, buff=0.3)
        with self.voiceover(
            together(
                _("But that only <bookmark mark='back'/>pushes the question back."),
                _("<bookmark mark='how'/>How would you find {a_part}?", a_part=one_part(self.kind)),
                _(
                    "<bookmark mark='parts'/>Well, {a_part} has parts, too: <bookmark mark='bars'/>little bright bars, "
                    "with <bookmark mark='dark'/>dark on both sides.",
                    a_part=one_part(self.kind),
                ),
                _("<bookmark mark='name'/>Let's call them edges."),
            ),
            moves=_(
                "Hollow neurons for parts stand beside those for digits. The one for {the_part} grows, the others go; "
                "{the_part} leaves it and takes its place in {one_digit}. A small frame stops on one stretch of "
                "{the_part} after another, and a window beside it shows the same squares, large: each time a short "
                "bright bar between dark squares.",
                the_part=the_part(self.kind),
                one_digit=one_in_words(self.example.name),
            ),
        ):
            sign = self.out_of_its_neuron()
            found = cells_in_place(self.part, self.square, self.whole).set_tints(rgb(OF_KIND[self.kind]))
            self.wait_until_bookmark("back")
            self.play(FadeOut(self.hoped), Transform(sign, found), FadeIn(lit), run_time=1.3 * theme.STEP)
            self.remove(sign)
            self.whole = lit
            self.wait_until_bookmark("how")
            frame.move_to(places[0])
            view = views[0].copy()
            self.play(FadeIn(frame), FadeIn(glass, view), run_time=0.7 * theme.STEP)
            # One after another, and back to the first.
            stops = zip([*places[1:], places[0]], [*views[1:], views[0]], ("parts", "bars", "dark"), strict=False)
            for place, following, mark in stops:
                self.wait_until_bookmark(mark)
                self.play(frame.animate.move_to(place), Transform(view, following), run_time=0.8 * theme.STEP)
            self.wait_until_bookmark("name")
            self.play(FadeIn(name, shift=0.2 * UP), run_time=theme.QUICK)
        self.beside = [frame, glass, view, name]

    def out_of_its_neuron(self) -> InkGrid:
        """The picture that the scene before ends with; the first neuron and the part in it become large and alone."""
        before = PartsToDigits(digits_taken_apart(self.digits()))
        self.add(before)
        self.hoped = before.rings[0].copy()
        sign = before.signs[0].copy()
        before.remove(before.rings[0], before.signs[0])
        self.add(self.hoped, sign)
        middle = (0, STAGE_MIDDLE)
        large = hoped_neuron((*middle, 0), self.HOPED, OF_KIND[self.kind])
        picture = InkGrid(self.part[self.square], 0.62 * self.HOPED, middle, rgb(OF_KIND[self.kind]))
        self.play(FadeOut(before), Transform(self.hoped, large), Transform(sign, picture))
        return sign

    @property
    def looked_at(self) -> list[int]:
        """The edges that the glass stops on."""
        return largest_of_each_direction(*self.cut, 3)

    def window_on(self, number: int) -> tuple[slice, slice]:
        """The rows and columns of the glass's window on an edge; it lies within the picture."""
        side, width = len(self.part), min(self.WINDOW, len(self.part))
        places = np.nonzero(self.cut[0][number])
        starts = [int(np.clip(round(float(np.mean(place))) - width // 2, 0, side - width)) for place in places]
        rows, columns = (slice(start, start + width) for start in starts)
        return rows, columns

    def in_the_glass(self, rows: slice, columns: slice) -> PixelGrid:
        """Some squares of the picture, large."""
        place = (self.GLASS_X, STAGE_MIDDLE + 0.4)
        return PixelGrid(self.example.parts.image[rows, columns], self.GLASS, place)

    def middle_of(self, rows: slice, columns: slice) -> NDArray[np.float64]:
        """The middle of some squares of the whole picture, (3,)."""
        cells = self.whole.window(rows.start, columns.start, rows.stop - rows.start, columns.stop - columns.start)
        middle: NDArray[np.float64] = self.whole.centres[cells].mean(axis=0)
        return middle

    # ---- a part, in edges

    def into_edges(self) -> None:
        self.next_section(_("Into edges"))
        n = len(self.edges)
        falls = (
            _(
                "{this_part:^} <bookmark mark='apart'/>falls into {edges} of them.",
                this_part=this_part(self.kind),
                edges=in_words(n),
            )
            if n > 1
            else _(
                "{this_part:^} <bookmark mark='apart'/>is one of them: all of it runs the same way.",
                this_part=this_part(self.kind),
            )
        )
        with self.voiceover(
            falls,
            moves=_(
                "{the_part:^} comes nearer and falls apart into edges, in {colours} colours for the ways that they "
                "run; then it is put together again.",
                the_part=the_part(self.kind),
                colours=number(DIRECTIONS),
            ),
        ):
            self.part_in_edges(_n("{n} edge", "{n} edges", n))
        if self.with_long_lines:
            with self.voiceover(self.line_in_edges(), moves=self.lines_that_come_apart()) as tracker:
                self.long_lines(tracker)

    def part_in_edges(self, counted: str) -> None:
        """The part comes nearer, and apart, and together again."""
        loop = cells_in_place(self.part, self.square, self.whole)
        loop.set_tints(rgb(OF_KIND[self.kind]))
        near = InkGrid(self.part[self.square], self.NEAR, (0, STAGE_MIDDLE), rgb(OF_KIND[self.kind]))
        pieces = self.edges_at(self.NEAR)
        spread = drawn_apart(pieces, 0.13 * self.NEAR)
        back = [piece.copy() for piece in pieces]
        apart = Words(counted, 1.6 * theme.TITLE_SIZE, theme.ANSWER).move_to((self.COUNT_X, STAGE_MIDDLE, 0))
        self.play(FadeOut(self.whole, *self.beside), FadeIn(loop), run_time=0.3 * theme.STEP)
        self.play(Transform(loop, near), run_time=0.7 * theme.STEP)
        self.wait_until_bookmark("apart")
        self.play(*map(FadeIn, pieces), FadeOut(loop), run_time=0.3 * theme.STEP)
        moves = [Transform(one, other) for one, other in zip(pieces, spread, strict=True)]
        self.play(LaggedStart(*moves, lag_ratio=0.12), FadeIn(apart), run_time=1.3 * theme.STEP)
        moves = [Transform(one, other) for one, other in zip(pieces, back, strict=True)]
        self.play(LaggedStart(*moves, lag_ratio=0.08), run_time=theme.STEP)
        self.beside = [*pieces, apart]

    def edges_at(self, extent: float) -> list[InkGrid]:
        """The edges over each other, so that they make up the part, in the colours of their directions."""
        tints = direction_tints(self.directions)
        return [InkGrid(edge, extent, (0, STAGE_MIDDLE), tint) for edge, tint in zip(self.edges, tints, strict=True)]

    # ---- a long line

    def line_in_edges(self) -> str:
        """What a long line is."""
        which = _pictures_of_one_or_another([example.name for example in self.with_long_lines])
        counts = [len(little_edges(line)[0]) for line in self.greatest_lines]
        return _in_edges(which, counts)

    def lines_that_come_apart(self) -> str:
        """What is seen of the long lines."""
        names = listed(example.name for example in self.with_long_lines)
        return _(
            "Pictures ({names}); the longest line of each takes a colour, and comes apart into its edges.", names=names
        )

    def long_lines(self, tracker: Voiceover) -> None:
        """The longest lines of some pictures come apart into their edges."""
        examples = self.with_long_lines
        xs = (np.arange(len(examples)) - (len(examples) - 1) / 2) * self.LINES_STEP
        wholes, lines, edges = [], [], []
        for x, example, line in zip(xs, examples, self.greatest_lines, strict=True):
            image = example.parts.image
            square = square_around(image)
            cut, directions = little_edges(line)
            place = (float(x), STAGE_MIDDLE)
            wholes.append(InkGrid(image[square], self.LINES, place))
            lines.append(InkGrid(line[square], self.LINES, place, rgb(theme.LINE)))
            edges.append(
                [
                    InkGrid(edge[square], self.LINES, place, tint)
                    for edge, tint in zip(cut, direction_tints(directions), strict=True)
                ]
            )
        self.wait_until_bookmark("lines")
        self.play(FadeOut(*self.beside), *map(FadeIn, wholes), run_time=0.7 * theme.STEP)
        self.play(
            *(whole.animate.set_tints(0.35 * rgb(theme.TEXT)) for whole in wholes),
            *map(FadeIn, lines),
            run_time=0.8 * theme.STEP,
        )
        self.wait_until_bookmark("line")
        little = [piece for pieces in edges for piece in pieces]
        spread = [piece for pieces in edges for piece in drawn_apart(pieces, 0.09 * self.LINES)]
        self.play(*map(FadeIn, little), *map(FadeOut, lines), run_time=0.5 * theme.STEP)
        self.play(
            *(Transform(one, other) for one, other in zip(little, spread, strict=True)),
            run_time=max(tracker.get_remaining_duration(), theme.STEP),
        )
        self.beside = [*wholes, *little]


def _pictures_of_one_or_another(class_names: Sequence[str]) -> str:
    """Pictures of classes, to choose from: "a one, a four or a seven", "pictures of Coat or Bag"."""
    if all(map(is_digit, class_names)):
        return one_or_another(map(one_in_words, class_names))
    return _w("pictures of one class or another", "pictures of {listed}", listed=one_or_another(class_names))


def _in_edges(which: str, counts: Sequence[int]) -> str:
    """What lines are that fall into so many edges each; which: the pictures that they are in."""
    if max(counts) == 1:
        return _(
            "<bookmark mark='lines'/>And a long line, as in {which}, <bookmark mark='line'/>is just a long edge.",
            which=which,
        )
    if min(counts) > 1:
        return _(
            "<bookmark mark='lines'/>And a long line, as in {which}, <bookmark mark='line'/>is just a few little edges "
            "in a row.",
            which=which,
        )
    return _(
        "<bookmark mark='lines'/>And a long line, as in {which}, <bookmark mark='line'/>is just a long edge, or a few "
        "in a row.",
        which=which,
    )
