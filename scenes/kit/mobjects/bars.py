"""Bar charts: upright bars of percentages, and level bars divided into shares."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Self

import numpy as np
from manim import LEFT, RIGHT, Animation, Group, Square, Transform, VGroup
from numpy.typing import ArrayLike, NDArray

from scenes.kit import theme
from scenes.kit.colour import rgb
from scenes.kit.layout import PIXELS_A_UNIT
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.numbers import Numbers
from scenes.kit.mobjects.text import Words


class PercentBars(Group):
    """Upright bars with their heights written above them, in percent; at first their height is 0.

    middles: (n,), their horizontal positions. foot: the height at which they begin. height: of a bar of 100 %.

    boxes, numbers: the bars and what is written above them.

    >>> PercentBars(np.linspace(-5, 5, 5), 1.2, foot=-3, height=5.5).show([12, 100, 45.2, 80, 0])
    """

    def __init__(
        self,
        middles: ArrayLike,
        width: float,
        foot: float,
        height: float,
        colour: str = theme.NEUTRAL,
        number_size: float = theme.NOTE_SIZE,
    ) -> None:
        self.middles = np.asarray(middles, float)
        n = len(self.middles)
        self.foot, self.full = foot, height
        self.boxes = Cells(np.stack([self.middles, np.full(n, foot)], axis=1), width, 0, rgb(colour), stroke_width=0)
        places = np.stack([self.middles, np.zeros(n), np.zeros(n)], axis=1)
        self.numbers = Numbers(np.zeros(n), places, 0, number_size, colour)
        super().__init__(self.boxes, self.numbers)
        self.show(np.zeros(n))

    def show(self, percent: ArrayLike, middles: NDArray[np.float64] | None = None) -> Self:
        """Give the bars these heights, (n,), 0 to 100, and move them to other middles, (n,), if those are given."""
        heights = np.asarray(percent, float)
        at = self.middles if middles is None else middles
        half = (self.boxes.points[1::2, 0] - self.boxes.points[0::2, 0]) / 2
        self.boxes.points[0::2, 0], self.boxes.points[1::2, 0] = at - half, at + half
        top = self.foot + self.full * heights / 100
        self.boxes.points[0::2, 1] = self.foot
        self.boxes.points[1::2, 1] = np.maximum(top, self.foot + 0.02)
        self.numbers.set_values(heights)
        self.numbers.place(np.stack([at, top + 0.22, np.zeros(len(top))], axis=1))
        return self


class DividedBars(Group):
    """A level bar for each row of a table, divided by how many of the row are of each kind, with a legend above.

    table: (rows, kinds), counts. row_names, kind_names: their names. colours: of the kinds. All bars are equally long.
    Rows of zeros are left out.

    bars, numbers, names, legend: what is drawn. rows: the rows that have a bar. numbered: the pieces of bars, (row,
    kind) by (row, kind), that have room for their count.

    >>> DividedBars([[45, 40, 15], [10, 80, 10], [1, 2, 97]], ["7", "9", "8"], ["no hole", "one hole", "more"])
    """

    LEFT_EDGE, RIGHT_EDGE, TOP, FOOT, LEGEND_Y = -4.3, 6.3, 2.75, -2.75, 3.25

    def __init__(
        self,
        table: ArrayLike,
        row_names: Sequence[str],
        kind_names: Sequence[str],
        colours: Sequence[str] = (theme.QUIET_TEXT, *theme.PARTS),
    ) -> None:
        counts = np.asarray(table)
        self.rows = np.flatnonzero(counts.sum(axis=1))
        counts = counts[self.rows]
        kinds = counts.shape[1]
        colours = colours[:kinds]
        pitch = min((self.TOP - self.FOOT) / len(counts), 0.8)
        y = self.TOP - (np.arange(len(counts)) + 0.5) * pitch
        ends = np.cumsum(counts, axis=1) / counts.sum(axis=1, keepdims=True)
        starts = np.concatenate([np.zeros((len(counts), 1)), ends[:, :-1]], axis=1)
        width = self.RIGHT_EDGE - self.LEFT_EDGE
        self.bars = Cells(np.zeros((counts.size, 2)), 1, 0, np.tile([rgb(c) for c in colours], (len(counts), 1)))
        self.bars.stroke_widths[:] = 0
        low, high = self.bars.points[0::2], self.bars.points[1::2]
        low[:, 0], high[:, 0] = self.LEFT_EDGE + width * starts.ravel(), self.LEFT_EDGE + width * ends.ravel()
        low[:, 1], high[:, 1] = np.repeat(y - 0.36 * pitch, kinds), np.repeat(y + 0.36 * pitch, kinds)
        size = float(np.clip(0.62 * pitch * PIXELS_A_UNIT, theme.SMALLEST_SIZE, theme.NOTE_SIZE))
        # A number is written if its bar has room for it.
        digits = np.char.str_len(counts.ravel().astype(str))
        room = (high[:, 0] - low[:, 0]) * PIXELS_A_UNIT > 0.62 * size * digits
        self._row_of_bar = np.repeat(self.rows, kinds)
        self.numbered = np.flatnonzero(room & (counts.ravel() > 0))
        self.numbers = Numbers(
            counts.ravel()[self.numbered],
            self.bars.centres[self.numbered],
            0,
            size,
            np.tile(rgb(theme.BACKGROUND), (len(self.numbered), 1)),
        )
        self.names = VGroup()
        for row, place in zip(self.rows, y, strict=True):
            text = row_names[int(row)]
            name = Words(text, size if len(text) > 2 else max(size, theme.LABEL_SIZE))
            self.names.add(name.next_to((self.LEFT_EDGE, place, 0), LEFT, buff=0.25))
        self.legend = VGroup()
        pen = self.LEFT_EDGE
        for text, colour in zip(kind_names, colours, strict=True):
            box = Square(0.26, stroke_width=0, fill_opacity=1, fill_color=colour)
            box.move_to((pen + 0.13, self.LEGEND_Y, 0))
            words = Words(text, theme.NOTE_SIZE, colour).next_to(box, RIGHT, buff=0.15)
            self.legend.add(box, words)
            pen = words.get_right()[0] + 0.7
        super().__init__(self.bars, self.numbers, self.names, self.legend)

    def emphasise(self, rows: Collection[int]) -> list[Animation]:
        """Animations that make the bars of all other rows pale, and those of these rows bright."""
        pale = 0.25
        bars, numbers = self.bars.copy(), self.numbers.copy()
        bars.opacities = np.where(np.isin(self._row_of_bar, list(rows)), 1, pale).astype(np.float32)
        numbers.set_opacities(bars.opacities[self.numbered])
        names = [
            name.animate.set_opacity(1 if int(row) in rows else pale)
            for row, name in zip(self.rows, self.names, strict=True)
        ]
        return [Transform(self.bars, bars), Transform(self.numbers, numbers), *names]
