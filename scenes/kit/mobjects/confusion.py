"""Which class was taken for which other: the counts of an evaluation as a heat map."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np
from manim import DOWN, LEFT, PI, RIGHT, UP, Group, Square, VGroup, VMobject
from numpy.typing import ArrayLike, NDArray

from scenes.kit import theme
from scenes.kit.colour import rgb
from scenes.kit.contrast import relative_luminance
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.text import Inscriptions, Number, Words
from scenes.language import _, _c
from scenes.wording import number as format_number
from scenes.wording import percent

# The share of full colour that a single mistake has.
ONE_MISTAKE = 0.2
_BAR_STEPS = 64
_LONGEST_NAME = 14
# From this luminance up, black text is easier to read than white.
_READS_IN_BLACK = 0.18
# How many classes a matrix has room for.
MOST_CLASSES = 26


class ConfusionMatrix(Group):
    """How often each class (row) was given each answer (column), n classes from 2 to 26.

    counts: (n, n) whole numbers, as in `network.evaluation.Evaluation.confusion`. class_names: n of them. totals: (n,),
    how many images of each class there are, if some were given answers that have no column here.

    The diagonal shows correct answers: white on a linear scale, as bright as their share of the class. Off the diagonal
    are the mistakes: red on a logarithmic scale, so that one among thousands can be seen:

        brightness = ⅕ + ⅘ · log(count) / log(most);  0 mistakes are black

    `most` is the greatest count off the diagonal. Both scales are beside it. A number is in its cell if it fits at 24
    pixels or more. height: of everything, in units. cells: `Cells`, item i·n + j is cell (i, j). numbers[i][j]: the
    number in that cell, if any.

    >>> from network.evaluation import evaluate
    >>> ConfusionMatrix(evaluate(network, digits).confusion, digits.class_names)
    """

    def __init__(
        self,
        counts: ArrayLike,
        class_names: Sequence[str] | None = None,
        height: float = 6.9,
        totals: ArrayLike | None = None,
    ) -> None:
        self.counts = _whole_counts(counts)
        n = len(self.counts)
        names = [str(k) for k in range(n)] if class_names is None else list(class_names)
        if len(names) != n:
            raise ValueError(f"class_names must be {n} names, one for each row of counts; got {len(names)}")
        if not all(name.strip() for name in names):
            raise ValueError(f"class_names must not be empty; got {names}")
        names = [name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…" for name in names]
        self.most = int(self.counts[~np.eye(n, dtype=bool)].max())
        self.totals = self.counts.sum(axis=1, keepdims=True) if totals is None else np.reshape(totals, (n, 1))
        side = height - 1.1
        size = _size_of_names(side / n)
        widest = max(Words(name, size).width for name in names)
        turned = widest > 0.9 * side / n
        if turned:
            side -= widest - 0.25
        if side < 1:
            raise ValueError(f"height must leave room for the names; got {height}")
        pitch = side / n
        places = (np.arange(n) - (n - 1) / 2) * pitch
        x, y = np.meshgrid(places, -places)
        centres = np.stack([x.ravel(), y.ravel()], axis=1)
        self.cells = Cells(centres, pitch * 0.96, colours=self.colours(), stroke_width=1.0)
        self.pitch = pitch
        self.numbers, self.light, self.dark = self._write_numbers()
        self.row_names, self.column_names = _names(names, pitch, size, turned)
        self.titles = VGroup(
            Words(_("true class"), theme.NOTE_SIZE, theme.QUIET_TEXT)
            .rotate(PI / 2)
            .next_to(self.row_names, LEFT, buff=0.3),
            Words(_("answer"), theme.NOTE_SIZE, theme.QUIET_TEXT).next_to(self.column_names, UP, buff=0.25),
        )
        self.titles[0].set_y(0)
        self.titles[1].set_x(0)
        super().__init__(self.cells, self.light, self.dark, self.row_names, self.column_names, self.titles)
        self.scales = Group(*self._scales(side))
        for one, other in zip(self.scales, self.scales[1:], strict=False):
            other.shift((one.get_right()[0] + 0.5 - other.get_left()[0]) * RIGHT)
        self.scales.shift((side / 2 + 0.7 - self.scales.get_left()[0]) * RIGHT)
        self.add(self.scales)
        self.center()

    def colours(self) -> NDArray[np.float32]:
        """The colour of each cell, (n², 3), 0 to 255."""
        shares = np.divide(self.counts, self.totals, out=np.zeros(self.counts.shape), where=self.totals > 0)
        right = np.eye(len(self.counts), dtype=bool)
        brightness = np.where(right, shares, brightness_of_mistakes(self.counts, self.most))
        colours = np.where(right[..., None], rgb(theme.NEUTRAL), rgb(theme.WRONG)) * brightness[..., None]
        return colours.reshape(-1, 3).astype(np.float32)

    def show(self, counts: ArrayLike) -> Self:
        """Show the counts of some of the images, (n, n), on the scales of all images: shares are of the whole class.

        ValueError if there are more than there are images of a class.
        """
        some = _whole_counts(counts)
        if some.shape != self.counts.shape or (some.sum(axis=1, keepdims=True) > self.totals).any():
            raise ValueError(f"counts must be of some of the images of each class; got {some.tolist()}")
        self.counts = some
        self.cells.colours = self.colours()
        self.numbers, light, dark = self._write_numbers()
        self.light.points, self.dark.points = light.points, dark.points
        return self

    @property
    def figures(self) -> NDArray[np.float64]:
        """The outlines of all numbers in cells, (m, 3)."""
        return np.concatenate([self.light.points, self.dark.points])

    def cell(self, true: int, answer: int) -> NDArray[np.float64]:
        """The centre of a cell, (3,)."""
        centre: NDArray[np.float64] = self.cells.centres[self._item(true, answer)]
        return centre

    def mark(self, true: int, answer: int) -> Square:
        """A frame around a cell, which a scene can show."""
        item = self._item(true, answer)
        side = 2 * float(self.cells.radii[item])
        return Square(side, color=theme.ANSWER, stroke_width=theme.MARK_WIDTH).move_to(self.cells.centres[item])

    def _item(self, true: int, answer: int) -> int:
        n = len(self.counts)
        if not (0 <= true < n and 0 <= answer < n):
            raise ValueError(f"true and answer must be from 0 to {n - 1}; got {true} and {answer}")
        return true * n + answer

    def _write_numbers(self) -> tuple[list[list[str]], VMobject, VMobject]:
        """The number in each cell, and all light and all dark numbers. A cell without mistakes has no number."""
        n, pitch = len(self.counts), self.pitch
        scale = 2 * float(self.cells.radii[0]) / (0.96 * pitch)  # how many times larger it is than it was made
        numbers = [["" for _ in range(n)] for _ in range(n)]
        ground = self.cells.colours
        largest = min(theme.LABEL_SIZE, 0.5 * pitch * 135)
        pieces: dict[bool, list[VMobject]] = {True: [], False: []}
        for item, count in enumerate(self.counts.ravel()):
            if count == 0 or largest < theme.TEXTURE_SIZE:
                continue
            number = Number(int(count), size=largest)
            fits = min(largest, largest * 0.84 * pitch / number.width)
            if fits < theme.TEXTURE_SIZE:
                continue
            on_bright = bool(relative_luminance(ground[item]) > _READS_IN_BLACK)
            number = Number(int(count), size=fits * scale)
            pieces[on_bright].append(number.move_to(self.cells.centres[item]))
            numbers[item // n][item % n] = number.shown
        return numbers, Inscriptions(pieces[False], theme.TEXT), Inscriptions(pieces[True], theme.BACKGROUND)

    def _scales(self, side: float) -> list[Group]:
        """The two colour bars, each with its title and numbers."""
        share = (np.arange(_BAR_STEPS) + 0.5) / _BAR_STEPS
        height = 0.72 * side
        whole = _("{percent} of the class", percent=percent(1, 0))
        shares = [(0.0, format_number(0)), (0.5, format_number(50)), (1.0, whole)]
        right = _bar(share, theme.NEUTRAL, height, _c("the name of a scale", "correct"), shares)
        if self.most == 0:
            return [right]
        most = max(self.most, 2)
        counts = [count for power in range(7) for count in (10**power, 3 * 10**power) if count < 0.6 * most]
        # The foot of the bar is black, for no mistakes; above it the scale begins at one.
        gap = 0.1
        ticks = [(gap / 2, format_number(0))] + [
            (gap + (1 - gap) * np.log(c) / np.log(most), format_number(c)) for c in counts
        ]
        ticks.append((1.0, format_number(most)))
        ticks = [tick for k, tick in enumerate(ticks) if k == len(ticks) - 1 or tick[0] < 0.93]
        bright = np.where(share < gap, 0, ONE_MISTAKE + (1 - ONE_MISTAKE) * (share - gap) / (1 - gap))
        return [right, _bar(bright, theme.WRONG, height, _c("the name of a scale", "mistakes"), ticks)]


def _size_of_names(pitch: float) -> float:
    """The size of class names beside cells that are this far apart, in pixels an em."""
    return float(np.clip(0.62 * pitch * 135, theme.TEXTURE_SIZE, theme.LABEL_SIZE))


def _names(names: list[str], pitch: float, size: float, turned: bool) -> tuple[VGroup, VGroup]:
    """Names to the left of the rows and above the columns; those above may be turned to read upwards."""
    rows, columns = (VGroup(*(Words(name, size) for name in names)) for _ in range(2))
    left, top = -pitch * len(names) / 2 - 0.2, pitch * len(names) / 2 + 0.2
    for k, (row, column) in enumerate(zip(rows, columns, strict=True)):
        if not len(row.points):
            continue
        place = (k - (len(names) - 1) / 2) * pitch
        row.move_to((left, -place, 0), aligned_edge=RIGHT)
        if turned:
            column.rotate(PI / 2)
        column.move_to((place, top, 0), aligned_edge=DOWN)
    if not turned:  # names of one height go on one line
        middle = max(column.get_y() for column in columns if len(column.points))
        for column in columns:
            column.set_y(middle)
    return rows, columns


def brightness_of_mistakes(counts: ArrayLike, most: int) -> NDArray[np.float64]:
    """The share of full colour for numbers of mistakes: 0 for none, ⅕ for one, 1 for `most`."""
    counts = np.asarray(counts, float)
    logs = np.log(np.maximum(counts, 1)) / np.log(max(most, 2))
    return np.where(counts > 0, ONE_MISTAKE + (1 - ONE_MISTAKE) * logs, 0.0)


def _bar(
    brightness: NDArray[np.float64], colour: str, height: float, title: str, ticks: list[tuple[float, str]]
) -> Group:
    """A colour bar, brightness (m,) from foot to top, with its title above and numbers beside it."""
    width, step = 0.32, height / len(brightness)
    bar = Cells(np.zeros((len(brightness), 2)), step, colours=brightness[:, None] * rgb(colour), stroke_width=0)
    feet = (np.arange(len(brightness)) - len(brightness) / 2) * step
    bar.points[0::2, :2] = np.column_stack([np.full(len(feet), -width / 2), feet])
    bar.points[1::2, :2] = [width / 2, height / 2]  # each overlaps the one before: no seams
    marks = VGroup(*(Words(text, theme.TEXTURE_SIZE + 2, theme.QUIET_TEXT) for _place, text in ticks))
    for mark, (place, _text) in zip(marks, ticks, strict=True):
        mark.move_to((width / 2 + 0.16, (place - 0.5) * height, 0), aligned_edge=LEFT)
    frame = (
        Square(1, color=theme.CELL_OUTLINE, stroke_width=1.0).stretch_to_fit_width(width).stretch_to_fit_height(height)
    )
    head = Words(title, theme.TEXTURE_SIZE + 4).move_to((-width / 2, height / 2 + 0.3, 0), aligned_edge=DOWN + LEFT)
    return Group(bar, frame, marks, head)


def _whole_counts(counts: ArrayLike) -> NDArray[np.int64]:
    """Counts (n, n) as integers. ValueError for anything else."""
    array = np.asarray(counts)
    if array.ndim != 2 or array.shape[0] != array.shape[1] or not 2 <= len(array) <= MOST_CLASSES:
        raise ValueError(f"counts must have the shape (n, n), n from 2 to {MOST_CLASSES}; got {array.shape}")
    if not np.issubdtype(array.dtype, np.number) or not np.isfinite(array).all():
        raise ValueError("counts must be finite numbers; there is a NaN, an infinity or something else among them")
    if (array < 0).any() or (array != np.floor(array)).any():
        raise ValueError("counts must be whole numbers from 0")
    return array.astype(np.int64)
