"""The scene PictureEquations."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import (
    LEFT,
    RIGHT,
    Animation,
    FadeIn,
    FadeOut,
    Group,
    Square,
    Transform,
    VGroup,
    smooth,
    squish_rate_func,
)
from numpy.typing import NDArray

from network.analysis.parts import (
    holes_by_class,
)
from scenes.kit import theme
from scenes.kit.layout import FRAME_HEIGHT, STAGE_MIDDLE
from scenes.kit.mobjects.array_mobject import rgb
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.numbers import Numbers
from scenes.kit.mobjects.text import Words
from scenes.part_05_why_layers.shared import PictureEquation, examples
from scenes.stage.lesson_scene import LessonScene


class PictureEquations(LessonScene):
    """Three digits as sums of their parts, one below the other; then holes counted over the whole test set."""

    EXTENT, PITCH = 1.62, 2.16

    def construct(self) -> None:
        self.test_set = self.digits()
        self.found = examples(self.test_set)
        self.table = holes_by_class(self.test_set)
        self.rows = [
            PictureEquation(example, self.EXTENT, STAGE_MIDDLE + ((len(self.found) - 1) / 2 - place) * self.PITCH)
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


_PLURALS = ("zeros", "ones", "twos", "threes", "fours", "fives", "sixes", "sevens", "eights", "nines")
_HOLES = ("no hole", "one hole", "two or more holes")
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
