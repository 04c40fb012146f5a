"""WhoFiresTheDetectors: The share of each class whose sum passes the threshold, without and with the surround."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from manim import (
    DOWN,
    Animation,
    Create,
    FadeIn,
    FadeOut,
    Group,
    LaggedStart,
    Rectangle,
    Square,
    Transform,
    VGroup,
    VMobject,
)

from network.analysis.detectors import bar_detector, bar_place, bar_threshold, firing_shares, sums_without_bias
from scenes.kit import theme
from scenes.kit.mobjects.array_mobject import rgb
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.numbers import Numbers
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.text import Words
from scenes.kit.mobjects.weight_heatmap import WeightHeatmap
from scenes.part_06_edges.shared import _BY_HAND, _kept, _signed
from scenes.stage.lesson_scene import LessonScene

_CHART_COLOURS = (theme.NEUTRAL, theme.ANSWER)
_CHART_NUMBERS = 27


class WhoFiresTheDetectors(LessonScene):
    """How often each class passes the threshold of the detectors set by hand, without and with the surround."""

    LEFT_EDGE, RIGHT_EDGE, FOOT, TOP = -6.3, 3.5, -2.0, 2.6
    # A picture that is smaller says nothing.
    SMALLEST = 0.4

    def construct(self) -> None:
        self.test_set = self.digits()
        self.names = self.test_set.class_names
        layers = [bar_detector(self.test_set.side, surround) for surround in (False, True)]
        self.threshold_text = _signed(bar_threshold(self.test_set.side), 0)
        self.weights = [layer.weights[0] for layer in layers]
        shares = np.concatenate([firing_shares(layer, self.test_set) for layer in layers])
        self.present = np.flatnonzero(~np.isnan(shares[0]))
        self.shares = shares[:, self.present]

        self.lay_out_the_chart()
        self.without_the_surround()
        self.with_the_surround()
        self.what_it_says()
        self.end()

    def alternative_text(self) -> str:
        digits = self.digits()
        without, with_it = (firing_shares(bar_detector(digits.side, flag), digits)[0] for flag in (False, True))
        listed = ", ".join(
            f"{name} {100 * one:.0f} and {100 * other:.0f}"
            for name, one, other in zip(digits.class_names, without, with_it, strict=True)
            if not np.isnan(one)
        )
        return f"A bar chart: the percentage of each class that fires without and with the surround: {listed}."

    def lay_out_the_chart(self) -> None:
        step = (self.RIGHT_EDGE - self.LEFT_EDGE) / len(self.present)
        middles = self.LEFT_EDGE + (np.arange(len(self.present)) + 0.5) * step
        self.charts = [
            Bars(middles + side * 0.21 * step, 0.36 * step, self.FOOT, self.TOP - self.FOOT, colour)
            for side, colour in zip((-1, 1), _CHART_COLOURS, strict=True)
        ]
        base = VMobject(stroke_color=theme.NEURON_OUTLINE, stroke_width=2)
        base.set_points_as_corners([(self.LEFT_EDGE, self.FOOT, 0), (self.RIGHT_EDGE, self.FOOT, 0)])
        labels = VGroup()
        for k, x in zip(self.present, middles, strict=True):
            short = len(self.names[k]) <= 2
            label = Words(
                self.names[k], theme.LABEL_SIZE if short else theme.SMALLEST_SIZE, width=None if short else step
            )
            labels.add(label.next_to((x, self.FOOT, 0), DOWN, buff=0.18))
        title = Words(f"% of each class with a sum above {self.threshold_text}", theme.CAPTION_SIZE)
        title.move_to(((self.LEFT_EDGE + self.RIGHT_EDGE) / 2, self.TOP + 0.75, 0))
        self.chart = Group(base, labels, title)
        self.legends = []
        said = ("the bar alone", "with the surround")
        for place, (weights, text, colour) in enumerate(zip(self.weights, said, _CHART_COLOURS, strict=True)):
            picture = WeightHeatmap(weights, 1.0, None, 1.9, (5.25, 1.8 - 2.8 * place))
            frame = Square(1.98, color=colour, stroke_width=3).move_to(picture)
            name = Words(text, theme.NOTE_SIZE, colour).next_to(frame, DOWN, buff=0.15)
            self.legends.append(Group(picture, frame, name))
        by_hand = Words(_BY_HAND, theme.NOTE_SIZE, theme.WEIGHTS_SYMBOL).move_to((5.25, title.get_y(), 0))
        self.chart.add(by_hand)

    def without_the_surround(self) -> None:
        self.next_section("Without the surround")
        self.most_lost = int(np.argmin(_kept(*self.shares)))
        share = f"{self._percent(0, self.most_lost)} of {self._name(self.most_lost)}"
        with self.caption(
            f"Bar alone, {len(self.test_set):,} test pictures: {share} pass {self.threshold_text}.",
            FadeIn(self.legends[0]),
            FadeIn(self.chart),
            GrowBars(self.charts[0], 100 * self.shares[0], run_time=2 * theme.FLOW),
            moves="The hand-set weights stand on the right; on the left a bar grows for each class.",
        ):
            pass

    def with_the_surround(self) -> None:
        self.next_section("With the surround")
        most = int(np.argmax(self.shares[1]))
        parts = [f"{self._percent(1, place)} of {self._name(place)}" for place in dict.fromkeys((self.most_lost, most))]
        with self.caption(
            f"With the surround, {', but '.join(parts)}.",
            FadeIn(self.legends[1]),
            moves="A second bar steps out of each one, and sinks to its own height.",
        ):
            dimmed = self.charts[0].boxes.copy().set_opacity(0.45)
            out_of_first = GrowBars(
                self.charts[1],
                100 * self.shares[1],
                100 * self.shares[0],
                self.charts[0].middles,
                run_time=2 * theme.FLOW,
            )
            self.play(out_of_first, Transform(self.charts[0].boxes, dimmed))

    def what_it_says(self) -> None:
        self.next_section("What it says")
        thing = "digit" if all(name.isdigit() for name in self.names) else "class"
        pictures, places = self.pictures_that_fire()
        with self.caption(
            f"It names no {thing}; it says: here is an edge.",
            FadeOut(self.charts[0]),
            moves="The bars without the surround go. Over those with it stand pictures that fire the neuron, one of "
            "each class; a frame marks the bar's place in all of them.",
        ):
            if pictures:
                self.play(LaggedStart(*(FadeIn(picture, shift=0.2 * DOWN) for picture in pictures), lag_ratio=0.15))
                self.play(LaggedStart(*(Create(place) for place in places), lag_ratio=0.15))

    def pictures_that_fire(self) -> tuple[list[PixelGrid], list[Rectangle]]:
        """Of each class the picture with the largest sum with the surround, if it passes; and the bar's place in it.

        They stand in one row over their bars and the bars' numbers, as large as there is room.
        """
        side = self.test_set.side
        sums = sums_without_bias(bar_detector(side, surround=True), self.test_set.vectors)[:, 0]
        top = self.TOP + 0.3
        room = top - 0.45 - (self.FOOT + (self.TOP - self.FOOT) * float(self.shares[1].max()))
        extent = min(0.96 * float(np.diff(self.charts[1].middles).min(initial=2.0)), 1.4, room)
        if extent < self.SMALLEST:
            return [], []
        rows, columns = bar_place(side)
        pictures, places = [], []
        for k, x in zip(self.present, self.charts[1].middles, strict=True):
            best = int(np.argmax(np.where(self.test_set.labels == k, sums, -np.inf)))
            if sums[best] > bar_threshold(side):
                picture = PixelGrid(self.test_set.vectors[best], extent, (float(x), top - extent / 2))
                picture.stroke_opacities[:] = 0
                bar = picture.points.reshape(side, side, 2, 3)[rows, columns].reshape(-1, 3)
                low, high = bar.min(axis=0), bar.max(axis=0)
                place = Rectangle(width=high[0] - low[0], height=high[1] - low[1], color=theme.POSITIVE, stroke_width=2)
                pictures.append(picture)
                places.append(place.move_to((low + high) / 2))
        return pictures, places

    def _name(self, place: int) -> str:
        name = self.names[self.present[place]]
        return f"the {name}s" if name.isdigit() else f"class {name}"

    def _percent(self, row: int, place: int) -> str:
        return f"{100 * self.shares[row, place]:.0f} %"


class Bars(Group):
    """Upright bars with their heights written on top, in percent; all of height 0 until they grow.

    middles: (n,) where they stand. foot: where they begin. height: that of 100.
    """

    def __init__(self, middles: np.ndarray, width: float, foot: float, height: float, colour: str) -> None:
        n = len(middles)
        self.foot, self.full = foot, height
        self.middles = np.asarray(middles, float)
        self.boxes = Cells(np.stack([self.middles, np.full(n, foot)], axis=1), width, 0, rgb(colour), stroke_width=0)
        self.numbers = Numbers(
            np.zeros(n), np.stack([self.middles, np.zeros(n), np.zeros(n)], axis=1), 0, _CHART_NUMBERS, colour
        )
        super().__init__(self.boxes, self.numbers)
        self.show(np.zeros(n))

    def show(self, percent: np.ndarray, middles: np.ndarray | None = None) -> Self:
        """Give the bars these heights, (n,), 0 to 100, and let them stand at other middles, if given."""
        at = self.middles if middles is None else middles
        half = (self.boxes.points[1::2, 0] - self.boxes.points[0::2, 0]) / 2
        self.boxes.points[0::2, 0], self.boxes.points[1::2, 0] = at - half, at + half
        top = self.foot + self.full * np.asarray(percent, float) / 100
        self.boxes.points[0::2, 1] = self.foot
        self.boxes.points[1::2, 1] = np.maximum(top, self.foot + 0.02)
        self.numbers.set_values(percent)
        self.numbers.place(np.stack([at, top + 0.22, np.zeros(len(top))], axis=1))
        return self


class GrowBars(Animation):
    """Bars grow to their heights, (n,), and their numbers count: from nothing, or from other bars.

    start, middles: the heights of those other bars in percent, and where they stand, (n,).
    """

    def __init__(
        self,
        bars: Bars,
        percent: np.ndarray,
        start: np.ndarray | None = None,
        middles: np.ndarray | None = None,
        **options: Any,
    ) -> None:
        self.bars, self.percent = bars, percent
        self.start = np.zeros_like(percent) if start is None else start
        self.middles = bars.middles if middles is None else middles
        super().__init__(bars, **{"run_time": theme.FLOW, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        share = self.rate_func(alpha)
        # They first step aside, then change their height.
        aside, height = (min(2 * share, 1), max(2 * share - 1, 0)) if self.start.any() else (1.0, share)
        middles = self.middles + (self.bars.middles - self.middles) * aside
        self.bars.show(self.start + (self.percent - self.start) * height, middles)
        # Not written over the numbers of the bars that they step out of.
        self.bars.numbers.set_opacities(np.full(len(self.percent), max(2 * aside - 1, 0)))
