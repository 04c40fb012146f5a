"""PictureEquations: digits as sums of loops and lines; and what neurons for parts would be good for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from manim import (
    LEFT,
    RIGHT,
    UP,
    Animation,
    AnimationGroup,
    Create,
    FadeIn,
    FadeOut,
    LaggedStart,
    Line,
    Transform,
    VGroup,
    VMobject,
    smooth,
    squish_rate_func,
)
from numpy.typing import NDArray

from network.analysis.examples import (
    TakenApart,
    digits_taken_apart,
    pictures_with_a_long_line,
    pictures_with_a_loop,
)
from network.analysis.parts import Kind, hole_cells_in_half, holes_of, side_of, square_around
from scenes.kit import theme
from scenes.kit.colour import rgb
from scenes.kit.layout import STAGE_MIDDLE
from scenes.kit.mobjects.picture_pieces import PictureEquation
from scenes.kit.mobjects.pixel_grid import InkGrid
from scenes.kit.mobjects.text import Words, size_that_fits
from scenes.language import NC_, Word, _, _n, _w, clauses, together
from scenes.part_05_why_layers.hoped_neuron import hoped_neuron
from scenes.part_05_why_layers.parts_to_digits import Feature, PartsToDigits, features_of, sign_of
from scenes.part_05_why_layers.sum_of_parts import sum_of_parts
from scenes.part_05_why_layers.words_for_parts import few_in_words, kind_in_words, one_part, so_many, so_many_in_words
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import class_in_words, in_words, is_digit, one_in_words

# The parts that a second neuron may stand for.
_ANY = {
    "upper loop": NC_("any part of a kind", "any upper loop"),
    "lower loop": NC_("any part of a kind", "any lower loop"),
    "long line": NC_("any part of a kind", "any long line"),
}


class PictureEquations(LessonScene):
    """Three digits as sums of their parts; then neurons that one could hope for."""

    # The large equation at first, as the scene before leaves it; the width of a picture, and the step between rows.
    FIRST_EXTENT, EXTENT, PITCH = 4.4, 1.95, 2.18
    LEFT_EDGE, WORDS_X, ROOM = -6.7, 3.4, 3.3
    # Pictures, and the neurons that find something in them: their places across, and their sizes.
    SEEN_X, SEEN, NEAR_X, NEAR = -2.4, 2.75, 5.0, 2.3
    # How far below the first neuron the second one stands.
    BELOW = 3.2

    @cached_property
    def examples(self) -> tuple[TakenApart, ...]:
        return digits_taken_apart(self.digits())

    def construct(self) -> None:
        self.equations()
        self.neurons_for_parts()
        self.end()

    def alternative_text(self) -> str:
        sums = clauses(map(_as_a_sum, self.examples))
        return together(
            _("Pictures of real digits as sums of pictures: {sums}.", sums=sums),
            _("Then hollow neurons that one could hope for, for parts, with lines to the digits that have them."),
        )

    # ---- the sums

    def equations(self) -> None:
        self.next_section(_("Sums of pictures"))
        first = sum_of_parts(self.examples[0], self.FIRST_EXTENT, STAGE_MIDDLE + 0.3, 1.4 * theme.TITLE_SIZE)
        rows = [self.row(place, example) for place, example in enumerate(self.examples)]
        # The scene before has told the first one.
        told = list(enumerate(self.examples))[1:] or [(0, self.examples[0])]
        said = [
            _(
                "<bookmark mark='sum{place}'/>{one_digit:^} is {parts}.",
                place=place,
                one_digit=_the_one(example),
                parts=_made_of(example),
            )
            for place, example in told
        ]
        self.add(first)
        with self.voiceover(
            together(*said),
            moves=_(
                "The sum of pictures goes up to make room. Other digits appear below it, one after the other, and "
                "the parts of each slide out of it to the right."
            ),
        ):
            self.to_its_place(first, *rows[0])
            for place, (row, word) in list(enumerate(rows))[1:]:
                self.wait_until_bookmark(f"sum{place}")
                start = [grid.copy().move_to(row.whole) for grid in row.pieces]
                self.play(FadeIn(row.frames[0], row.whole), run_time=0.3 * theme.STEP)
                self.play(
                    *(Transform(grid, target) for grid, target in zip(start, row.pieces, strict=True)),
                    FadeIn(row.frames[1:]),
                    FadeIn(row.signs, word, rate_func=squish_rate_func(smooth, 0.6, 1)),
                    run_time=1.3 * theme.STEP,
                )
                self.remove(*start)
                self.add(*row.pieces)
        self.rows = [thing for row, word in rows for thing in (row.whole, *row.pieces, row.frames, row.signs, word)]

    def row(self, place: int, example: TakenApart) -> tuple[PictureEquation, VMobject]:
        """An equation in its row, and its parts in words to the right of it."""
        y = STAGE_MIDDLE + ((len(self.examples) - 1) / 2 - place) * self.PITCH
        row = sum_of_parts(example, self.EXTENT, y)
        row.remove(row.names)
        row.shift((self.LEFT_EDGE - row.frames.get_left()[0]) * RIGHT)
        size = size_that_fits(map(_as_a_sum, self.examples), self.ROOM, theme.TITLE_SIZE)
        word = Words(_as_a_sum(example), size)
        return row, word.move_to((max(self.WORDS_X, row.get_right()[0] + 0.35), y, 0), aligned_edge=LEFT)

    def to_its_place(self, large: PictureEquation, row: PictureEquation, word: VMobject) -> None:
        """The large equation becomes the first row."""
        pairs = list(zip([large.whole, *large.pieces], [row.whole, *row.pieces], strict=True))
        self.play(
            *(Transform(one, other) for one, other in pairs),
            Transform(large.frames, row.frames),
            Transform(large.signs, row.signs),
            FadeOut(large.names),
            FadeIn(word),
            run_time=0.8 * theme.STEP,
        )
        self.remove(large, large.frames, large.signs, *(one for one, _ in pairs))
        self.add(row.frames, row.whole, *row.pieces, row.signs)

    # ---- neurons for parts

    def neurons_for_parts(self) -> None:
        self.next_section(_("Neurons for parts"))
        self.later = PartsToDigits(self.examples)
        features = [feature for feature in self.later.features if not feature.short]
        seen = [self.pictures_seen(feature) for feature in features[:2]]
        # The first one stands in the middle until there is another.
        ys = STAGE_MIDDLE - 0.3 - np.arange(len(seen)) * self.BELOW / 2
        self.lines_seen = VGroup()
        self.rings = [hoped_neuron((self.NEAR_X, y, 0), self.NEAR) for y in ys]
        self.signs = [
            sign_of(feature, self.examples, ring) for feature, ring in zip(features, self.rings, strict=False)
        ]
        self.labels = [
            Words(feature.label, theme.TITLE_SIZE, feature.colour).next_to(ring, UP, buff=0.12)
            for feature, ring in zip(features, self.rings, strict=False)
        ]
        first, *second = features[:2]
        with self.voiceover(
            together(
                self.suppose(first),
                _not_this_one(first),
                _(
                    "And another for <bookmark mark='another'/>{any_part}.",
                    any_part=_w("any part of a kind", _ANY[second[0].name]),
                )
                if second
                else "",
                self.what_is_left_to_learn(),
            ),
            moves=_(
                "A hollow, dashed neuron appears. Real pictures come in on the left, a part of each in colour; the "
                "neuron lights up. So does a second one, for other parts. On the right hollow outputs appear, each "
                "with lines from the parts that make up its digit."
            ),
        ) as tracker:
            self.play(*map(FadeOut, self.rows), FadeIn(self.rings[0]), run_time=theme.QUICK)
            self.this_one(tracker.bookmark_time("any"))
            self.wait_until_bookmark("any")
            self.see(0, seen[0])
            if second:
                self.wait_until_bookmark("another")
                first_row = (*seen[0], self.lines_seen, self.rings[0], self.signs[0], self.labels[0])
                up = [thing.animate.shift(self.BELOW / 2 * UP) for thing in first_row if len(thing.get_all_points())]
                self.see(1, seen[1], *up)
            self.wait_until_bookmark("last")
            self.play(
                *(FadeOut(grid, shift=0.5 * LEFT) for grids in seen for grid in grids),
                FadeOut(self.lines_seen, *self.labels),
                *self.features_aside(),
                run_time=0.8 * theme.STEP,
            )
            self.outputs_from_parts(max(tracker.get_remaining_duration() - 0.3, 2 * theme.STEP))

    def what_is_left_to_learn(self) -> str:
        """What the last layer would do: what it says in the end are digits, or other answers."""
        if all(map(is_digit, self.digits().class_names)):
            return _(
                "<bookmark mark='last'/>Then the last layer would only have to learn <bookmark mark='which'/>which "
                "parts make which digit."
            )
        return _(
            "<bookmark mark='last'/>Then the last layer would only have to learn <bookmark mark='which'/>which parts "
            "make which answer."
        )

    def suppose(self, feature: Feature) -> str:
        """What a neuron could stand for, if this network has any such neurons."""
        line = feature.colour == theme.LINE
        if len(self.network.layers) > 1:
            return (
                _("Now suppose a neuron, late in the network, stood for a long line.")
                if line
                else _("Now suppose a neuron, late in the network, stood for a loop.")
            )
        return (
            _("Now suppose there were more layers, and in them a neuron that stood for a long line.")
            if line
            else _("Now suppose there were more layers, and in them a neuron that stood for a loop.")
        )

    def this_one(self, until: float) -> None:
        """The part of the first example lights up the first neuron, and goes again."""
        feature, ring = self.later.features[0], self.rings[0]
        example = self.examples[0]
        own = example.parts.places == features_of(example).index(feature) + 1
        this = self.one_seen(example.parts.image, own, feature.colour).scale(1.7)
        this.move_to((self.SEEN_X, ring.get_y(), 0))
        line = self.line_to_the_ring(0, this)
        self.play(FadeIn(this), run_time=0.7 * theme.STEP)
        self.play(Create(line), run_time=theme.QUICK)
        self.play(self.lit(0), FadeIn(self.signs[0]), run_time=theme.QUICK)
        # "Not this": it goes before any other comes.
        self.wait_until(until - theme.QUICK)
        self.play(FadeOut(this, line, shift=0.5 * LEFT), FadeIn(self.labels[0]), run_time=theme.QUICK)

    def features_aside(self) -> list[Animation]:
        """The neurons for parts become smaller, and go to the left in one column, where others will join them."""
        there = [*zip(self.rings, self.later.rings, strict=False), *zip(self.signs, self.later.signs, strict=False)]
        return [Transform(one, other) for one, other in there]

    def lit(self, number: int) -> Transform:
        """A hollow neuron takes the colour of what it stands for."""
        ring = self.rings[number]
        return Transform(ring, hoped_neuron(ring.get_center(), self.NEAR, self.later.features[number].colour))

    def line_to_the_ring(self, number: int, picture: InkGrid) -> Line:
        """From a picture to a neuron at its right."""
        ring = self.rings[number]
        start = (picture.get_right()[0] + 0.15, ring.get_y(), 0)
        return Line(start, ring.get_left() + 0.08 * LEFT, color=self.later.features[number].colour, stroke_width=5)

    def pictures_seen(self, feature: Feature) -> list[InkGrid]:
        """Pictures in which a neuron would find what it stands for, that part in colour, side by side at its left."""
        digits = self.digits()
        grids = []
        if feature.colour == theme.LINE:
            for example in pictures_with_a_long_line(digits, 3):
                parts = example.parts
                grids.append(self.one_seen(parts.image, parts.places == parts.greatest_line + 1, theme.LINE))
        else:
            upper = feature.upper
            for n in pictures_with_a_loop(digits, upper, 3):
                grids.append(self.one_seen(digits.images[n], hole_cells_in_half(digits.images[n], upper), theme.LOOP))
        return grids

    def one_seen(self, image: NDArray[np.float32], part: NDArray[np.bool_], colour: str) -> InkGrid:
        """A picture with some of its cells in a colour; the dark ones of a hole shine in it, too."""
        square = square_around(image)
        hole = part & (holes_of(image) > 0)
        shown = np.where(hole, 0.75, image)[square].astype(np.float32)
        tints = np.where(part[square].reshape(-1, 1), rgb(colour), 0.6 * rgb(theme.TEXT))
        return InkGrid(shown, self.SEEN, (0, 0), tints)

    def see(self, number: int, pictures: Sequence[InkGrid], *moves: Animation) -> None:
        """Pictures come in, and a neuron lights up; meanwhile others may move."""
        ring = self.rings[number]
        for place, grid in enumerate(pictures):
            x = self.SEEN_X + (place - (len(pictures) - 1) / 2) * (self.SEEN + 0.15)
            grid.move_to((x, ring.get_y(), 0))
        self.play(
            *moves,
            *([FadeIn(ring, self.labels[number])] if number else []),
            LaggedStart(*(FadeIn(grid, shift=0.8 * RIGHT) for grid in pictures), lag_ratio=0.35),
            run_time=theme.STEP,
        )
        if pictures:
            line = self.line_to_the_ring(number, pictures[-1])
            self.lines_seen.add(line)
            self.play(Create(line), run_time=0.3 * theme.STEP)
        if number:
            self.play(self.lit(number), FadeIn(self.signs[number]), run_time=0.4 * theme.STEP)

    def outputs_from_parts(self, run_time: float) -> None:
        """The outputs appear, with lines from the parts that each is made of."""
        later, known = self.later, len(self.rings)
        dark = [output.copy().set_stroke(theme.QUIET_TEXT) for output in later.outputs]
        self.play(
            *map(FadeIn, [*later.rings[known:], *later.signs[known:], *later.labels, *dark]),
            run_time=0.15 * run_time,
        )
        self.play(
            LaggedStart(
                *(
                    LaggedStart(Create(lines), AnimationGroup(FadeIn(whole), Transform(ring, output)), lag_ratio=0.6)
                    for lines, whole, ring, output in zip(later.lines, later.wholes, dark, later.outputs, strict=True)
                ),
                lag_ratio=0.7,
            ),
            run_time=0.85 * run_time,
        )
        self.remove(*self.rings, *self.signs, *dark)
        self.add(later)


def _as_a_sum(example: TakenApart) -> str:
    """A digit as the sum of its parts: "9 = loop + line", "8 = 2 loops"."""
    loops, lines = example.parts.count("loop"), example.parts.count("line")
    counted: tuple[tuple[int, Kind], ...] = ((loops, "loop"), (lines, "line"))
    terms = [kind_in_words(kind) if n == 1 else so_many(kind, n) for n, kind in counted if n]
    return f"{example.name} = {' + '.join(terms)}"


def _the_one(example: TakenApart) -> str:
    """A digit in a sentence; where a hasty hand may leave one of its loops open, a neat one."""
    if is_digit(example.name) and example.parts.count("loop") > 1:
        return _w("one picture of a class, neatly drawn", "a neat {digit}", digit=class_in_words(example.name))
    return one_in_words(example.name)


def _made_of(example: TakenApart) -> Word:
    """What a digit is made of, in a sentence: "a loop and a line", "one loop on top of another"."""
    parts = example.parts
    loops, lines = parts.count("loop"), parts.count("line")
    sides = [side_of(picture, parts.image) for picture in parts.pictures]
    if parts.kinds == ("loop", "loop") and set(sides) == {"top", "bottom"}:
        return _w("what a digit is made of", "one loop on top of another")
    if lines > 1 and not loops:
        return Word(
            _n(
                "a long line and a shorter one",
                "a long line and {n} shorter ones",
                lines - 1,
                n=in_words(lines - 1),
            )
        )
    a_loop = one_part("loop") if loops == 1 else so_many_in_words("loop", loops)
    if not loops:
        if lines:
            return _w("what a digit is made of", "a straight line")
        return _w("what a digit is made of", "nothing at all")
    if not lines:
        return a_loop
    a_line = (
        one_part("line")
        if lines == 1
        else Word(_n("{n} straight line", "{n} straight lines", lines, n=few_in_words(lines)))
    )
    return _w("what a digit is made of", "{loops} and {lines}", loops=a_loop, lines=a_line)


def _not_this_one(feature: Feature) -> str:
    """That what the first neuron stands for is not this one alone."""
    if feature.colour == theme.LINE:
        return _("Not this line: <bookmark mark='any'/>any long line.")
    if feature.upper:
        return _("Not this loop: <bookmark mark='any'/>any loop up there.")
    return _("Not this loop: <bookmark mark='any'/>any loop down there.")
