"""Where the network errs: which class it takes for which, and the mistakes that it is surest of."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from manim import (
    DOWN,
    Animation,
    Create,
    FadeIn,
    FadeOut,
    Group,
    Indicate,
    LaggedStart,
    Rectangle,
    VGroup,
    smooth,
    squish_rate_func,
    there_and_back_with_pause,
)
from numpy.typing import NDArray

from network.analysis.favourites import loop_favourites
from network.analysis.mistakes import MixedUp, classes_mixed_up, mixed_up_most, outputs_of_mistakes
from network.analysis.noise import SURE
from network.digits import Digits
from network.evaluation import Evaluation, confusion_of, evaluate
from scenes.kit import theme
from scenes.kit.animations.swell_in_turn import SwellInTurn
from scenes.kit.layout import STAGE_BOTTOM, STAGE_MIDDLE, STAGE_TOP
from scenes.kit.mobjects.confusion import MOST_CLASSES, ConfusionMatrix
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.text import Number, Words, size_that_fits
from scenes.language import _, _n, together
from scenes.part_11_reality.loop_pictures import FAVOURITES, favourites_at_the_end
from scenes.part_11_reality.surest_mistakes import MOST, surest_in_rows
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import amount, in_words, number, several_in_words, times

# The size of type beside the table and of its titles.
_TITLES = 48
# Where the middle of the table stands; that of what is beside it, left of the middle of the stage, and its room.
_MATRIX_X, _BESIDE, _BESIDE_ROOM = 2.6, 4.4, 4.2
# For how long each of the surest mistakes is shown.
_A_LOOK = 0.45
# Examples of mistakes beside the table: how large, and how far apart.
_EXAMPLE, _EXAMPLE_STEP = 2.3, 3.3


class WhereItErrs(LessonScene):
    """The confusion matrix of the test set, and the mistakes that the network is surest of."""

    def construct(self) -> None:
        self.the_matrix()
        self.mixed_up_most()
        self.the_surest()
        self.end()

    def alternative_text(self) -> str:
        found, names = self.found, self.test.class_names
        pictures = amount(len(found.answers))
        table = (
            _("A table of true classes and answers for {pictures} test pictures.", pictures=pictures)
            if self.all_shown
            else _(
                "A table of true classes and answers for {pictures} test pictures, with the {n} classes that are mixed "
                "up most.",
                pictures=pictures,
                n=number(len(self.chosen)),
            )
        )
        if not len(found.mistakes):
            return table
        one, other = (names[index] for index in self.mixed_up.classes)
        return together(
            table,
            _(
                "No two classes are mixed up more often than {one} and {other}, {often}.",
                one=one,
                other=other,
                often=times(self.mixed_up.count),
            ),
            _(
                "Then the mistakes with the greatest outputs, of {mistakes} in all.",
                mistakes=number(len(found.mistakes)),
            ),
        )

    @cached_property
    def test(self) -> Digits:
        return self.digits()

    @cached_property
    def found(self) -> Evaluation:
        """What the network makes of the test set."""
        return evaluate(self.network, self.test)

    @cached_property
    def mixed_up(self) -> MixedUp:
        """The two classes that are taken for each other most often."""
        return mixed_up_most(self.found)

    @cached_property
    def chosen(self) -> NDArray[np.intp]:
        """The classes that have a row and a column: all, or those that are mixed up most, if there are too many."""
        return classes_mixed_up(self.found, MOST_CLASSES)

    @property
    def all_shown(self) -> bool:
        """Whether every class is in the table."""
        return len(self.chosen) == len(self.test.class_names)

    @cached_property
    def places(self) -> NDArray[np.intp]:
        """The row of each class in the table, (classes,); −1 for one that is not in it."""
        places = np.full(len(self.test.class_names), -1)
        places[self.chosen] = np.arange(len(self.chosen))
        return places

    def the_matrix(self) -> None:
        self.next_section(_("The matrix"))
        chosen = self.chosen
        self.matrix = ConfusionMatrix(
            self.found.confusion[np.ix_(chosen, chosen)],
            [self.test.class_names[index] for index in chosen],
            STAGE_TOP - STAGE_BOTTOM,
            self.found.counts[chosen],
        )
        self.matrix.remove(self.matrix.scales)  # each cell has its number
        for title in self.matrix.titles:
            title.set_fill(theme.TEXT).scale(_TITLES / theme.NOTE_SIZE)
        self.counter = Number(len(self.test), size=112)
        read = _("pictures read")
        note = Words(read, size_that_fits([read], _BESIDE_ROOM, 52))
        self.counted = VGroup(self.counter, note).arrange(DOWN, buff=0.25)
        self.counted.set_x(-_BESIDE)
        self.matrix.move_to((_MATRIX_X, STAGE_MIDDLE, 0))
        self.counted.set_y(STAGE_MIDDLE)
        self.matrix.show(np.zeros_like(self.matrix.counts))
        self.counter.set_value(0)
        favourites = (loop_favourites(self.network, self.test, FAVOURITES, upper) for upper in (False, True))
        before = favourites_at_the_end(self.test.images, *favourites)
        with self.voiceover(
            _(
                "So what trips it up? <bookmark mark='rows'/> Each row is what a picture was, "
                "<bookmark mark='columns'/> each column what it said."
            )
            if self.all_shown
            else _(
                "So what trips it up? Here are the {n} classes that are mixed up most: <bookmark mark='rows'/> each "
                "row is what a picture was, <bookmark mark='columns'/> each column what it said.",
                n=in_words(len(chosen)),
            ),
            moves=_(
                "The pictures give way to a black table, which fills as the test pictures are read: white on the "
                "diagonal, red mistakes off it."
            ),
        ) as tracker:
            self.add(before)
            self.play(FadeOut(before), FadeIn(self.matrix, self.counted), run_time=theme.QUICK)
            length = max(tracker.get_remaining_duration(), 2 * theme.STEP)
            rows, columns = (
                np.clip((tracker.bookmark_time(mark) - self.time) / length, 0, 1) for mark in ("rows", "columns")
            )
            self.play(
                ReadTestSet(
                    self.matrix,
                    self.counter,
                    self.places[self.test.labels],
                    self.places[self.found.answers],
                    run_time=length,
                ),
                *(
                    frame.animate(
                        run_time=length, rate_func=squish_rate_func(there_and_back_with_pause, start, stop)
                    ).set_stroke(opacity=1)
                    for frame, start, stop in zip(self.a_row_and_a_column(), (rows, columns), (columns, 1), strict=True)
                ),
            )

    def a_row_and_a_column(self) -> tuple[Rectangle, Rectangle]:
        """Frames around a row and around a column of the table, not yet to be seen."""
        size, middle = len(self.matrix.counts) * self.matrix.pitch, self.matrix.cells.get_center()
        place = self.matrix.cell(*[len(self.matrix.counts) // 3] * 2)
        row = Rectangle(width=size, height=self.matrix.pitch).move_to((middle[0], place[1], 0))
        column = Rectangle(width=self.matrix.pitch, height=size).move_to((place[0], middle[1], 0))
        for frame in (row, column):
            frame.set_stroke(theme.ANSWER, theme.MARK_WIDTH, opacity=0)
        return row, column

    def mixed_up_most(self) -> None:
        self.next_section(_("Mixed up most"))
        if not len(self.found.mistakes):
            with self.voiceover(
                _("And nothing stands off the diagonal. It reads every single test picture right."),
                moves=_("The table stands; off its diagonal, all is black."),
            ):
                self.play(Indicate(self.counted, 1.1, None))
            return
        one, other = self.mixed_up.classes
        cells = [cell for cell in ((one, other), (other, one)) if self.found.confusion[cell]]
        self.marks = VGroup(*(self.matrix.mark(*self.places[[true, answer]]) for true, answer in cells))
        self.examples = Group()
        with self.voiceover(
            mistakes_told(self.mixed_up, len(self.found.mistakes), self.test.class_names),
            moves=_(
                "Frames mark the cells where two classes are taken for each other, and swell. To the left stands a "
                "picture for each, with its class and the answer."
            ),
        ):
            self.wait_until_bookmark("most")
            self.play(FadeOut(self.counted), *(Create(mark) for mark in self.marks), run_time=theme.QUICK)
            for place, cell in enumerate(cells):
                self.examples.add(example := self.example_of(cell, place, len(cells)))
                self.play(FadeIn(example, scale=0.7), Indicate(self.marks[place], 1.3, theme.ANSWER), run_time=0.8)
            self.wait_until_bookmark("some")
            self.play(*(Indicate(mark, 1.6, theme.ANSWER) for mark in self.marks))

    def example_of(self, cell: tuple[int, int], place: int, of: int) -> Group:
        """The surest of the mistakes in a cell, beside the table, with its class and the answer beneath."""
        mistakes, (true, answer) = self.found.mistakes, cell
        index = mistakes[(self.test.labels[mistakes] == true) & (self.found.answers[mistakes] == answer)][0]
        y = STAGE_MIDDLE + ((of - 1) / 2 - place) * _EXAMPLE_STEP
        picture = PixelGrid(self.test.images[index], _EXAMPLE, (-_BESIDE, y + 0.35))
        names = self.test.class_names
        words = _("{name}, read as {answer}", name=names[true], answer=names[answer])
        said = Words(words, size_that_fits([words], _BESIDE_ROOM, _TITLES))
        return Group(picture, said.next_to(picture, DOWN, buff=0.18))

    def the_surest(self) -> None:
        self.next_section(_("The surest mistakes"))
        mistakes = self.found.mistakes[:MOST]
        if not len(mistakes):
            return
        outputs = outputs_of_mistakes(self.network, self.test, self.found)
        pictures, labels = surest_in_rows(self.network, self.test, self.found)
        above = int((outputs > SURE).sum())
        n = len(mistakes)
        with self.voiceover(
            _n(
                "And this one it got wrong while being <bookmark mark='look'/> quite sure.",
                "And these it got wrong while being <bookmark mark='look'/> quite sure.",
                n,
            )
            if above >= n
            else _n(
                "And this one it got wrong with the <bookmark mark='look'/> brightest output.",
                "And these it got wrong with the <bookmark mark='look'/> brightest outputs.",
                n,
            ),
            moves=_(
                "The table goes, and test pictures take its place, with their class, the answer and its output. They "
                "swell, one after another."
            ),
        ):
            self.play(FadeOut(self.matrix, self.marks, self.examples), run_time=theme.QUICK)
            self.play(LaggedStart(*(FadeIn(one, scale=0.7) for one in pictures), lag_ratio=0.15), run_time=theme.STEP)
            self.play(LaggedStart(*(FadeIn(label) for label in labels), lag_ratio=0.2, run_time=1.2))
            self.wait_until_bookmark("look")
            self.play(SwellInTurn(pictures, 1.06, lag_ratio=0.4, run_time=_A_LOOK * len(pictures)))


class ReadTestSet(Animation):
    """A confusion matrix fills with the answers to the pictures in their order: one at a time at first, then faster.

    labels, answers: (n,), of all pictures, as rows and columns of the matrix; −1 where it has none. counter: shows how
    many have been read.
    """

    def __init__(
        self,
        matrix: ConfusionMatrix,
        counter: Number,
        labels: NDArray[np.integer],
        answers: NDArray[np.integer],
        **options: Any,
    ) -> None:
        self.matrix, self.counter, self.labels, self.answers = matrix, counter, labels, answers
        options = {"run_time": 5 * theme.STEP, "rate_func": rushing, **options}
        super().__init__(Group(matrix, counter), **options)

    def interpolate_mobject(self, alpha: float) -> None:
        read = round(len(self.labels) * self.rate_func(alpha))
        labels, answers = self.labels[:read], self.answers[:read]
        shown = (labels >= 0) & (answers >= 0)
        self.matrix.show(confusion_of(labels[shown], answers[shown], len(self.matrix.counts)))
        self.counter.set_value(read)


def mistakes_told(found: MixedUp, mistakes: int, names: Sequence[str]) -> str:
    """Which classes are mixed up most, how often, and of how many mistakes that is."""
    if found.count == 1:
        return _("And no two classes <bookmark mark='most'/> are mixed up <bookmark mark='some'/> more than once.")
    one, other = (several_in_words(names[index]) for index in found.classes)
    if found.count == mistakes:
        if found.alone:
            return _(
                "It mixes up <bookmark mark='most'/> {one} and {other} more than any others: <bookmark mark='some'/> "
                "every single time.",
                one=one,
                other=other,
            )
        return _(
            "It mixes up <bookmark mark='most'/> {one} and {other} as often as any: <bookmark mark='some'/> every "
            "single time.",
            one=one,
            other=other,
        )
    some, of_all = number(found.count), number(mistakes)
    if found.alone:
        return _(
            "It mixes up <bookmark mark='most'/> {one} and {other} more than any others: "
            "<bookmark mark='some'/> {some} of its {all} mistakes.",
            one=one,
            other=other,
            some=some,
            all=of_all,
        )
    return _(
        "It mixes up <bookmark mark='most'/> {one} and {other} as often as any: <bookmark mark='some'/> {some} of its "
        "{all} mistakes.",
        one=one,
        other=other,
        some=some,
        all=of_all,
    )


def rushing(share: float) -> float:
    """A rate function that begins very slowly, with 1, 2, 3 of thousands, and ends gently."""
    return float(smooth(share) ** 2)
