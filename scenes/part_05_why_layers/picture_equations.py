"""PictureEquations: three digits as sums of their parts; then holes are counted over the whole test set."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from manim import FadeIn, FadeOut, Transform, smooth, squish_rate_func
from numpy.typing import NDArray

from network.analysis.examples import TakenApart, digits_taken_apart
from network.analysis.parts import holes_by_class
from scenes.kit import theme
from scenes.kit.layout import STAGE_MIDDLE
from scenes.kit.mobjects.bars import DividedBars
from scenes.part_05_why_layers.sum_of_parts import sum_of_parts
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import several_in_words

# How many holes a picture has, in the columns of the table.
_HOLES = ("no hole", "one hole", "two or more holes")
# As many characters fit into a line of the caption band.
_LINE = 84


class PictureEquations(LessonScene):
    """Three digits as sums of their parts, one below the other; then holes counted over the whole test set."""

    # The width of a picture, and the step from one equation to the next.
    EXTENT, PITCH = 1.62, 2.16

    @cached_property
    def examples(self) -> tuple[TakenApart, ...]:
        return digits_taken_apart(self.digits())

    @cached_property
    def table(self) -> NDArray[np.intp]:
        """How many pictures of each class have no hole, one, and two or more, (classes, 3)."""
        return holes_by_class(self.digits())

    def construct(self) -> None:
        self.test_set = self.digits()
        self.rows = [
            sum_of_parts(example, self.EXTENT, STAGE_MIDDLE + ((len(self.examples) - 1) / 2 - place) * self.PITCH)
            for place, example in enumerate(self.examples)
        ]

        self.equations()
        self.count_them()
        self.what_was_counted()
        self.end()

    def alternative_text(self) -> str:
        sums = "; ".join(map(_as_a_sum, self.examples))
        table = self.table
        most = int(np.argmax(table[:, 2] / np.maximum(table.sum(axis=1), 1)))
        return (
            f"Pictures of real digits as sums of pictures: {sums}. Then a chart of how many of each class of the test "
            f"set have no hole, one, or more: of {table[most].sum():,} pictures of the class "
            f"{self.digits().class_names[most]}, {table[most, 2]:,} have two or more."
        )

    def equations(self) -> None:
        with self.voiceover(
            "Few kinds of parts, put together in different ways.",
            moves="Digits appear on the left, one below the other; the parts of each slide out of it to the right.",
        ):
            for example, row in zip(self.examples, self.rows, strict=True):
                self.next_section(_as_a_sum(example))
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
        self.chart = chart = DividedBars(self.table, self.test_set.class_names, ("no hole", "one hole", "two or more"))
        # The digits go to where their class is counted; all else fades.
        names = {int(k): name for k, name in zip(chart.rows, chart.names, strict=True)}
        digits = [
            FadeOut(row.whole, target_position=names[example.label], scale=0.15)
            for example, row in zip(self.examples, self.rows, strict=True)
        ]
        rest = [FadeOut(part) for row in self.rows for part in row if part is not row.whole]
        with self.voiceover(
            f"Does it hold? Holes, counted in all {len(self.test_set):,} test pictures.",
            moves="The parts fade, the digits shrink to the names of their classes. A bar for each class grows, "
            "divided by the number of holes of its pictures.",
        ):
            self.play(*digits, *rest, FadeIn(chart.names, chart.legend))
            empty = chart.bars.copy()
            empty.points[:, 0] = chart.LEFT_EDGE
            full = chart.bars
            self.play(Transform(empty, full), run_time=theme.FLOW)
            self.remove(empty)
            self.add(full)
            self.play(FadeIn(chart.numbers))

    def what_was_counted(self) -> None:
        self.next_section("What was counted")
        chosen = [(e.label, min(e.parts.count("loop"), 2)) for e in self.examples if e.parts.count("loop")]
        if not chosen:
            chosen = [(int(np.argmax(self.table[:, 0] / np.maximum(self.table.sum(axis=1), 1))), 0)]
        for sentence, labels in sentences_about_holes(self.table, self.test_set.class_names, chosen):
            with self.voiceover(sentence, moves="What is spoken of stays bright, the other bars pale."):
                for label in labels:
                    self.play(*self.chart.emphasise({label}))
                    self.wait(theme.STEP)
                if len(labels) > 1:
                    self.play(*self.chart.emphasise(set(labels)))


def _as_a_sum(example: TakenApart) -> str:
    """A digit as the sum of its parts in words: "9 = loop + line"."""
    return f"{example.name} = {' + '.join(example.parts.kinds)}"


def sentences_about_holes(
    table: NDArray[np.intp], class_names: Sequence[str], chosen: Sequence[tuple[int, int]]
) -> list[tuple[str, list[int]]]:
    """How many pictures of some classes have the number of holes they should: sentences, each with its classes.

    It is one sentence about all of them, or, where that is too long for a caption, one for each class.

    table: (classes, 3), counts of no hole, one, two or more. chosen: (class, holes) of each example, holes from 0 to 2.
    """
    counts = [(int(table[k, holes]), int(table[k].sum())) for k, holes in chosen]
    least = min(count / of for count, of in counts)
    verdict = "always" if least == 1 else "often, not always" if least > 0.5 else "not always, by far"
    who = [
        f"{count:,} of {of:,} {several_in_words(class_names[k])}"
        for (k, _), (count, of) in zip(chosen, counts, strict=True)
    ]
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
