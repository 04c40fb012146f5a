"""WhereItErrs: Which class is taken for which, and the mistakes that the network is surest of."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    Animation,
    Create,
    FadeIn,
    FadeOut,
    Group,
    VGroup,
    smooth,
)

from network.analysis.noise import SURE
from network.evaluation import Evaluation, confusion_of, evaluate
from scenes.kit import theme
from scenes.kit.layout import STAGE_MIDDLE
from scenes.kit.mobjects.confusion import ConfusionMatrix
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.text import Number, Words
from scenes.part_11_reality.shared import _MISTAKES
from scenes.stage.lesson_scene import LessonScene


class WhereItErrs(LessonScene):
    """The confusion matrix of the test set, and the mistakes that the network is surest of."""

    def construct(self) -> None:
        self.test = self.digits()
        self.names = self.test.class_names
        self.found = evaluate(self.network, self.test)

        self.the_matrix()
        self.the_most_frequent()
        self.the_surest()
        self.end()

    def alternative_text(self) -> str:
        found = evaluate(self.network, self.digits())
        text = f"A table of true classes and answers for {len(found.answers):,} test pictures."
        if len(found.mistakes):
            ((true, answer), *_), count = most_frequent_mistakes(found)
            names = found.class_names
            text += (
                f" No mistake is more frequent than {names[true]} read as {names[answer]}, {_times(count)}. Then the "
                f"mistakes with the greatest outputs, of {len(found.mistakes):,} in all."
            )
        return text

    def the_matrix(self) -> None:
        self.next_section("The matrix")
        self.matrix = ConfusionMatrix(self.found.confusion, self.names, 6.4)
        self.counter = Number(len(self.test), size=56)
        note = Words(f"of {len(self.test):,} read", theme.NOTE_SIZE, theme.QUIET_TEXT)
        self.counted = VGroup(self.counter, note).arrange(DOWN, buff=0.2, aligned_edge=LEFT)
        Group(self.counted, self.matrix).arrange(RIGHT, buff=0.5).move_to((0, STAGE_MIDDLE, 0))
        self.matrix.show(np.zeros_like(self.found.confusion))
        self.counter.set_value(0)
        with self.caption(
            "Each row is a class; along it stand the answers it got.",
            FadeIn(self.matrix),
            FadeIn(self.counted),
            moves="A black table fills as the test pictures are read: blue on the diagonal, red mistakes off it.",
        ):
            self.play(ReadTestSet(self.matrix, self.counter, self.test.labels, self.found.answers))

    def the_most_frequent(self) -> None:
        self.next_section("The most frequent mistake")
        if not len(self.found.mistakes):
            with self.caption("Nothing stands off the diagonal: it reads every test picture right."):
                pass
            return
        cells, count = most_frequent_mistakes(self.found)
        named = " and ".join(f"{self.names[true]} read as {self.names[answer]}" for true, answer in cells[:2])
        sentence = f"Its most frequent mistake: {named}, {_times(count)}."
        if len(cells) == 2:
            sentence = f"Its most frequent mistakes: {named}, {_times(count)} each."
        elif len(cells) > 2:
            sentence = f"No mistake is made more often than {_times(count)}."
        self.marks = VGroup(*(self.matrix.mark(true, answer) for true, answer in cells))
        with self.caption(sentence, moves="A frame marks the cell of the greatest count off the diagonal."):
            self.play(*(Create(mark) for mark in self.marks))

    def the_surest(self) -> None:
        self.next_section("The surest mistakes")
        mistakes = self.found.mistakes[:_MISTAKES]
        if not len(mistakes):
            return
        outputs = self.network.predict(self.test.vectors[self.found.mistakes]).max(axis=1)
        columns = min(4, len(mistakes))
        rows = -(-len(mistakes) // columns)
        pitch, height, extent = 3.3, 3.2, 2.05
        pictures, labels = Group(), VGroup()
        for number, index in enumerate(mistakes):
            row, column = divmod(number, columns)
            x, y = (column - (columns - 1) / 2) * pitch, STAGE_MIDDLE + 0.45 - (row - (rows - 1) / 2) * height
            picture = PixelGrid(self.test.images[index], extent, (x, y))
            truth, answer = self.names[self.test.labels[index]], self.names[self.found.answers[index]]
            said = Words(f"{truth}, read as {answer}", 30, width=pitch - 0.2).next_to(picture, DOWN, buff=0.14)
            value = Number(float(outputs[number]), 3, 30, theme.WRONG).next_to(said, DOWN, buff=0.12)
            pictures.add(picture)
            labels.add(said, value)
        above = int((outputs > SURE).sum())
        told = {0: "none has", 1: "1 has"}.get(above, f"{above:,} have")
        sentence = f"The surest of its {len(outputs):,} mistakes; {told} an output above {SURE}."
        places = [self.matrix.cell(int(self.test.labels[i]), int(self.found.answers[i])) for i in mistakes]
        with self.caption(
            sentence,
            FadeOut(self.matrix, self.counted),
            FadeOut(self.marks),
            *(FadeIn(p, target_position=place, scale=0.2, run_time=theme.STEP)
              for p, place in zip(pictures, places, strict=True)),
            moves="Test pictures come out of the cells of the table, with their class, the answer and its output.",
        ):  # fmt: skip
            self.play(FadeIn(labels))


class ReadTestSet(Animation):
    """A confusion matrix fills with the answers to the first pictures, one by one at first, then ever more at a time.

    labels, answers: (n,), of all pictures in their order. counter: how many are read.
    """

    def __init__(
        self, matrix: ConfusionMatrix, counter: Number, labels: np.ndarray, answers: np.ndarray, **options: Any
    ) -> None:
        self.matrix, self.counter, self.labels, self.answers = matrix, counter, labels, answers
        options = {"run_time": 5 * theme.STEP, "rate_func": rushing, **options}
        super().__init__(Group(matrix, counter), **options)

    def interpolate_mobject(self, alpha: float) -> None:
        read = round(len(self.labels) * self.rate_func(alpha))
        classes = len(self.matrix.counts)
        self.matrix.show(confusion_of(self.labels[:read], self.answers[:read], classes))
        self.counter.set_value(read)


def rushing(share: float) -> float:
    """A rate function that begins very slowly, as 1, 2, 3 of thousands, and comes gently to its end."""
    return float(smooth(share) ** 2)


def most_frequent_mistakes(found: Evaluation) -> tuple[list[tuple[int, int]], int]:
    """The true class and the answer of the greatest count off the diagonal, or of all equal ones; and that count."""
    off = found.confusion.copy()
    np.fill_diagonal(off, 0)
    most = int(off.max())
    return [(int(true), int(answer)) for true, answer in np.argwhere(off == most)], most


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")
