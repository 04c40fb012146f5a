"""LookingForLoops: Holes are counted in all test pictures, and compared with the activation of every hidden neuron."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

import numpy as np
from manim import (
    DOWN,
    RIGHT,
    UP,
    Animation,
    Create,
    DashedLine,
    FadeIn,
    FadeOut,
    Group,
    LaggedStart,
    Line,
    Transform,
    VGroup,
    smooth,
    squish_rate_func,
)

from network.analysis.loops import best_split, correlations, hidden_activations, pixel_correlations
from network.analysis.parts import count_holes, hole_cells
from network.digits import Digits
from scenes.kit import theme
from scenes.kit.layout import STAGE_BOTTOM, STAGE_MIDDLE, STAGE_TOP
from scenes.kit.mobjects.array_mobject import rgb
from scenes.kit.mobjects.axes import Axes
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.numbers import Numbers
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.text import Number, Words
from scenes.part_11_reality.shared import _BINS, _EXAMPLES, _percent
from scenes.stage.lesson_scene import LessonScene

# From this correlation on, a neuron is said to find loops.
_FINDS_LOOPS = 0.8
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")


class LookingForLoops(LessonScene):
    """Holes are counted in every test picture; no, or which, hidden neuron's activation goes with having one."""

    def construct(self) -> None:
        self.test = self.digits()
        self.names = self.test.class_names
        self.has_loop = count_holes(self.test.images) > 0
        self.measured = correlations(self.network, self.test.vectors, self.has_loop)

        self.what_a_loop_is()
        if self.measured and 0 < self.has_loop.sum() < len(self.has_loop):
            self.every_neuron()
            self.the_best()
            self.with_and_without()
        else:
            self.nothing_to_find()
        self.end()

    def alternative_text(self) -> str:
        digits = self.digits()
        has_loop = count_holes(digits.images) > 0
        measured = correlations(self.network, digits.vectors, has_loop)
        text = f"In {int(has_loop.sum()):,} of {len(has_loop):,} test pictures a loop is counted."
        if measured and 0 < has_loop.sum() < len(has_loop):
            layer, neuron = best_neuron(measured)
            text += (
                f" A bar chart shows how the activation of each hidden neuron goes with it; the farthest from 0 is "
                f"{_name(layer, neuron)}, with {_signed(measured[layer][neuron])}."
            )
        return text

    def what_a_loop_is(self) -> None:
        self.next_section("What a loop is")
        chosen = first_of_each_class(self.test, _EXAMPLES)
        counts = count_holes(self.test.images[chosen])
        inside = hole_cells(self.test.images[chosen])
        columns = -(-len(chosen) // 2)
        pitch = min(2.55, 13 / columns)
        self.pictures, self.counts = Group(), VGroup()
        for number, index in enumerate(chosen):
            row, column = divmod(number, columns)
            x, y = (column - (columns - 1) / 2) * pitch, STAGE_MIDDLE + 1.9 - row * 3.2
            self.pictures.add(PixelGrid(self.test.images[index], min(2.2, 0.9 * pitch), (x, y)))
            label = Number(int(counts[number]), size=44, colour=theme.ANSWER if counts[number] else theme.QUIET_TEXT)
            self.counts.add(label.next_to(self.pictures[-1], DOWN, buff=0.16))
        filled = []
        for picture, pixels in zip(self.pictures, inside, strict=True):
            target = picture.copy()
            target.colours[pixels.ravel()] = rgb(theme.ANSWER)
            filled.append(Transform(picture, target))
        with self.caption(
            f"A loop: dark ground with ink all around. {int(self.has_loop.sum()):,} of {len(self.has_loop):,} test "
            "pictures have one.",
            FadeIn(self.pictures),
            moves="One test picture of each class; the holes in them fill with yellow, and their number appears.",
        ):
            self.play(LaggedStart(*filled, lag_ratio=0.15, run_time=theme.FLOW))
            self.play(FadeIn(self.counts))

    def nothing_to_find(self) -> None:
        self.next_section("Nothing to find")
        sentence = "There are no hidden neurons here that could look for them."
        if self.measured:
            sentence = "All pictures are alike in this: there is nothing that a neuron could tell apart."
        with self.caption(sentence, moves="The pictures stand."):
            pass

    def every_neuron(self) -> None:
        self.next_section("Every neuron")
        rows = len(self.measured)
        height = (STAGE_TOP - STAGE_BOTTOM) / rows
        self.charts = [
            SignedBars(len(values), STAGE_TOP - (row + 0.55) * height, 0.76 * height)
            for row, values in enumerate(self.measured)
        ]
        titles = VGroup()
        for row, chart in enumerate(self.charts):
            title = Words(f"{_ordinal(row)} hidden layer", theme.NOTE_SIZE, theme.QUIET_TEXT)
            titles.add(title.move_to(chart.axis_end + 0.12 * UP, aligned_edge=DOWN + RIGHT))
        self.titles = titles
        with self.caption(
            "How closely does each hidden neuron follow loops? 1 or −1 would be perfect.",
            FadeOut(self.pictures),
            FadeOut(self.counts),
            *(FadeIn(chart.axes) for chart in self.charts),
            FadeIn(titles),
            moves="Charts take the place of the pictures, one for each hidden layer, and a bar grows for each neuron.",
        ):
            for chart, values in zip(self.charts, self.measured, strict=True):
                self.play(GrowTo(chart, values))

    def the_best(self) -> None:
        self.next_section("The best")
        layer, neuron = best_neuron(self.measured)
        chart = self.charts[layer]
        count = sum(len(values) for values in self.measured)
        pixels = pixel_correlations(self.test.vectors, self.has_loop)
        with self.caption(
            loops_verdict(float(self.measured[layer][neuron]), count, float(np.abs(pixels).max())),
            Transform(chart.bars, chart.marked(neuron)),
            moves="The bar farthest from 0 turns yellow.",
        ):
            pass

    def with_and_without(self) -> None:
        self.next_section("With a loop and without")
        layer, neuron = best_neuron(self.measured)
        values = hidden_activations(self.network, self.test.vectors)[layer][:, neuron]
        right, cut = best_split(values, self.has_loop)
        plot = TwoHistograms(values, self.has_loop).move_to((0, STAGE_MIDDLE - 0.3, 0))
        title = Words(_name(layer, neuron), theme.LABEL_SIZE).move_to((0, STAGE_TOP - 0.15, 0))
        charts = Group(*(Group(chart.axes, chart.bars, chart.numbers) for chart in self.charts), self.titles)
        # The neuron's own bar is cut into slices, and these become the bars of its activations.
        with_loop, without = plot.bars
        slices = sliced(self.charts[layer].bars.item(neuron), with_loop)
        self.charts[layer].bars.opacities[neuron] = 0
        self.add(slices)
        flat = without.copy()
        flat.points[1::2, 1] = flat.points[0::2, 1]
        share = float(self.has_loop.mean())
        guess = "loop" if share > 0.5 else "no loop"
        with self.caption(
            f"Split at the best place, it tells {_percent(right, 0)} right. Always “{guess}”: "
            f"{_percent(max(share, 1 - share), 0)}.",
            FadeOut(charts, rate_func=squish_rate_func(smooth, 0, 0.5), run_time=theme.FLOW),
            Transform(slices, with_loop, run_time=theme.FLOW),
            FadeIn(Group(plot.axes, plot.key, title), rate_func=squish_rate_func(smooth, 0.4, 1), run_time=theme.FLOW),
            moves="The charts go, and the yellow bar comes apart into a histogram: the activations of this neuron for "
            "pictures with a loop. Grey bars grow beside them, for those without; a dashed line splits both at the "
            "best place.",
        ):
            self.play(Transform(flat, without))
            if np.isfinite(cut):
                self.play(Create(plot.split(cut)))


class SignedBars(Group):
    """A bar from −1 to 1 for each of n neurons, around a line at 0, with its value at its end where there is room.

    y, height: of the whole. axes: the lines; limits: those at 1 and −1.
    """

    LEFT_EDGE, RIGHT_EDGE = -6.1, 6.6

    def __init__(self, n: int, y: float, height: float) -> None:
        self.y, self.reach = y, height / 2
        self.pitch = (self.RIGHT_EDGE - self.LEFT_EDGE) / n
        self.x = self.LEFT_EDGE + (np.arange(n) + 0.5) * self.pitch
        ends = self.LEFT_EDGE * RIGHT, self.RIGHT_EDGE * RIGHT
        zero = Line(*ends, color=theme.NEURON_OUTLINE, stroke_width=2).shift(y * UP)
        self.limits = VGroup(
            *(
                DashedLine(*ends, color=theme.CELL_OUTLINE, stroke_width=2, dash_length=0.12).shift(
                    (y + sign * self.reach) * UP
                )
                for sign in (1, -1)
            )
        )
        marks = VGroup(
            *(
                Number(value, size=theme.NOTE_SIZE, colour=theme.QUIET_TEXT).move_to(
                    (self.LEFT_EDGE - 0.15, y + value * self.reach, 0), aligned_edge=RIGHT
                )
                for value in (1, 0, -1)
            )
        )
        self.axes = VGroup(zero, self.limits, marks)
        self.axis_end = np.array([self.RIGHT_EDGE, y + self.reach, 0])
        centres = np.stack([self.x, np.full(n, y)], axis=1)
        self.bars = Cells(centres, 0.62 * min(self.pitch, 1), 0, rgb(theme.NEUTRAL), stroke_width=0)
        self.numbers = Numbers(np.zeros(n), np.append(centres, np.zeros((n, 1)), axis=1), 2, theme.SMALLEST_SIZE)
        super().__init__(self.axes, self.bars, self.numbers)
        self.show(np.zeros(n))

    def show(self, values: np.ndarray) -> Self:
        """Give the bars these values, (n,), −1 to 1. Without room for all numbers, only the greatest has its own."""
        self.values = np.asarray(values, float)
        tips = self.y + self.values * self.reach
        self.bars.points[0::2, 1] = np.minimum(tips, self.y)
        self.bars.points[1::2, 1] = np.maximum(tips, self.y)
        self.numbers.set_values(self.values)
        away = np.where(self.values >= 0, 0.16, -0.16)
        self.numbers.place(np.stack([self.x, tips + away, np.zeros(len(tips))], axis=1))
        if self.pitch < 0.55:
            self.numbers.set_opacities(np.arange(len(tips)) == np.abs(self.values).argmax())
        return self

    def marked(self, neuron: int | None) -> Cells:
        """The bars with one of them in the colour of an answer, or with none."""
        bars = self.bars.copy()
        bars.colours[:] = rgb(theme.NEUTRAL)
        if neuron is not None:
            bars.colours[neuron] = rgb(theme.ANSWER)
        return bars


class GrowTo(Animation):
    """Bars grow from some values, 0 if not given, to others."""

    def __init__(self, bars: SignedBars, values: np.ndarray, start: np.ndarray | None = None) -> None:
        self.values = np.asarray(values, float)
        self.start = np.zeros(len(values)) if start is None else np.asarray(start, float)
        super().__init__(bars, run_time=theme.FLOW)

    def interpolate_mobject(self, alpha: float) -> None:
        self.mobject.show(self.start + (self.values - self.start) * self.rate_func(alpha))


class TwoHistograms(Group):
    """How often a neuron has each activation, in pictures with a loop and in those without, as shares of each kind.

    values: (n,) activations. has_loop: (n,).
    """

    WIDTH, HEIGHT = 9.0, 4.0

    def __init__(self, values: np.ndarray, has_loop: np.ndarray) -> None:
        low, high = min(0.0, float(values.min())), max(1.0, float(values.max()))
        edges = np.linspace(low, high, _BINS + 1)
        self.shares = np.stack([np.histogram(values[kind], edges)[0] / kind.sum() for kind in (has_loop, ~has_loop)])
        top = float(np.ceil(100 * self.shares.max() / 10) * 10)
        axes = Axes((low, high), (0, top), "activation", "% of the pictures", self.WIDTH, self.HEIGHT)
        step = self.WIDTH / _BINS
        self.axes, self.top = axes, top
        self.bars = []
        for shares, colour, side in zip(self.shares, (theme.ANSWER, theme.NEUTRAL), (-1, 1), strict=True):
            middles = axes.point((edges[:-1] + edges[1:]) / 2, np.zeros(_BINS)) + side * 0.2 * step * RIGHT
            bars = Cells(middles, 0.38 * step, 0, rgb(colour), stroke_width=0)
            bars.points[0::2, 1] = middles[:, 1]
            bars.points[1::2, 1] = axes.point(edges[:-1], 100 * shares)[:, 1]
            self.bars.append(bars)
        key = VGroup(
            Words("with a loop", theme.NOTE_SIZE, theme.ANSWER), Words("without", theme.NOTE_SIZE, theme.NEUTRAL)
        )
        key.arrange(DOWN, buff=0.15, aligned_edge=RIGHT)
        key.move_to(axes.point(high, top) + 0.1 * UP, aligned_edge=UP + RIGHT)
        self.key = key
        super().__init__(axes, *self.bars, key)

    def split(self, activation: float) -> DashedLine:
        """A dashed line across the plot at an activation."""
        ends = self.axes.point(activation, 0), self.axes.point(activation, self.top)
        return DashedLine(*ends, color=theme.TEXT, stroke_width=theme.MARK_WIDTH, dash_length=0.14)


def sliced(bar: Cells, like: Cells) -> Cells:
    """One bar as the upright slices it is made of, side by side, as many as `like` has and in its colours."""
    slices = like.copy()
    edges = np.linspace(bar.points[0, 0], bar.points[1, 0], len(like) + 1)
    slices.points[0::2] = np.stack([edges[:-1], np.full(len(like), bar.points[0, 1]), np.zeros(len(like))], axis=1)
    slices.points[1::2] = np.stack([edges[1:], np.full(len(like), bar.points[1, 1]), np.zeros(len(like))], axis=1)
    return slices


def first_of_each_class(digits: Digits, most: int) -> np.ndarray:
    """The first picture of each class that has one, of at most so many classes: indices."""
    classes = [k for k in range(len(digits.class_names)) if (digits.labels == k).any()][:most]
    return np.array([int(np.argmax(digits.labels == k)) for k in classes])


def best_neuron(measured: Iterable[np.ndarray]) -> tuple[int, int]:
    """The hidden layer, from 0, and the neuron whose correlation is farthest from 0."""
    farthest = [
        (float(np.abs(values).max()), layer, int(np.abs(values).argmax())) for layer, values in enumerate(measured)
    ]
    _, layer, neuron = max(farthest, key=lambda found: found[0])
    return layer, neuron


def loops_verdict(value: float, count: int, pixel: float) -> str:
    """What can be said of the hope for loops: the correlation farthest from 0 of so many neurons, and of the pixels."""
    reached = f"The farthest of {count} reaches {_signed(value)}"
    if abs(value) >= _FINDS_LOOPS:
        return f"{reached}: it follows loops, as was hoped."
    return f"{reached}; the best single pixel, {_signed(pixel)}."


def _ordinal(layer: int) -> str:
    return _ORDINALS[layer] if layer < len(_ORDINALS) else f"{layer + 1}th"


def _name(layer: int, neuron: int) -> str:
    return f"neuron {neuron} of the {_ordinal(layer)} hidden layer"


def _signed(value: float, places: int = 2) -> str:
    return f"{round(float(value), places) + 0.0:.{places}f}".replace("-", "−")
