"""Graphs of functions, with a point that can run along them."""

from __future__ import annotations

from typing import Self

import numpy as np
from manim import LEFT, RIGHT, UP, VGroup, VMobject
from numpy.typing import ArrayLike, NDArray

from scenes.kit import theme
from scenes.kit.mobjects.axes import Axes
from scenes.kit.mobjects.plot_lines import (
    AXIS_WIDTH,
    CURVE_COLOURS,
    DOT_RADIUS,
    GUIDE_WIDTH,
    disc,
    empty_curve,
    line_segments,
)
from scenes.kit.mobjects.text import Inscriptions, Number, Words, words_or_formula
from scenes.kit.spacing import apart
from scenes.kit.validation import Function, evaluate_function, validate_finite, validate_within

# How many values a graph is drawn from, apart from those at its kinks.
_SAMPLES = 400


class FunctionPlot(VGroup):
    """The graphs of one or more functions on the same axes, with a point that can run along them.

    function: takes an array and returns one of the same length. The graph is exact at `kinks` and at many places in
    between; anything outside y_range is cut off. Labels are sentences or formulas at the ends of the curves.
    asymptotes: heights of dashed lines. axes: `Axes`; curves[c], labels[c]: in the order in which they were added.

    ValueError if the function returns a NaN, an infinity, or another number of values.

    >>> plot = FunctionPlot(network.layers[0].activate, (-6, 6), (0, 3), formula("sigma(z)"), x_label=formula("z"))
    >>> plot.add_curve(lambda z: np.maximum(z, 0), "ReLU").add_asymptotes(1).set_point(1.2)
    """

    def __init__(
        self,
        function: Function,
        x_range: tuple[float, float] = (-6, 6),
        y_range: tuple[float, float] = (0, 1),
        label: str | VMobject = "",
        x_label: str | VMobject = "x",
        colour: str | None = None,
        kinks: ArrayLike = 0.0,
        asymptotes: ArrayLike = (),
        width: float = 9.0,
        height: float = 5.2,
        x_ticks: ArrayLike | None = None,
        y_ticks: ArrayLike | None = None,
    ) -> None:
        super().__init__()
        self.axes = Axes(x_range, y_range, x_label, "", width, height, x_ticks, y_ticks)
        self.zero_lines = VMobject(stroke_color=theme.CELL_OUTLINE, stroke_width=AXIS_WIDTH)
        (left, right), (foot, top) = self.axes.x_range, self.axes.y_range
        upright, level = left < 0 < right, foot < 0 < top
        starts = [self.axes.point(0, foot)] * upright + [self.axes.point(left, 0)] * level
        ends = [self.axes.point(0, top)] * upright + [self.axes.point(right, 0)] * level
        self.zero_lines.points = line_segments(starts, ends)
        self.asymptotes = VMobject(stroke_color=theme.QUIET_TEXT, stroke_width=GUIDE_WIDTH)
        self.functions: list[Function] = []
        self.curves, self.labels = VGroup(), VGroup()
        self.guides = VMobject(stroke_color=theme.QUIET_TEXT, stroke_width=GUIDE_WIDTH)
        self.dot = VMobject(fill_color=theme.TEXT, fill_opacity=1, stroke_width=0)
        self.readout = VGroup()
        self._read_out: int | None = None
        self.add(self.zero_lines, self.axes, self.asymptotes, self.curves, self.labels)
        self.add(self.guides, self.dot, self.readout)
        self.add_asymptotes(asymptotes)
        self.add_curve(function, label, colour, kinks)

    def add_curve(
        self, function: Function, label: str | VMobject = "", colour: str | None = None, kinks: ArrayLike = 0.0
    ) -> Self:
        """Add the graph of another function."""
        low, high = self.axes.x_range
        corners = np.atleast_1d(validate_finite(kinks, "kinks"))
        x = np.union1d(np.linspace(low, high, _SAMPLES + 1), corners[(corners > low) & (corners < high)])
        start, end = _cut(x, evaluate_function(function, x), self.axes.y_range)
        colour = colour or CURVE_COLOURS[len(self.functions) % len(CURVE_COLOURS)]
        curve = empty_curve(colour)
        curve.points = line_segments(self.axes.point(*start.T), self.axes.point(*end.T))
        self.functions.append(function)
        self.curves.add(curve)
        written = words_or_formula(label, theme.LABEL_SIZE, colour)
        if len(end) and len(written.points):
            written.scale(self.axes.scale_now)
            at_the_top = end[-1, 0] < high and end[-1, 1] > np.mean(self.axes.y_range)
            written.next_to(curve.points[-1], UP if at_the_top else RIGHT, buff=0.2 * self.axes.scale_now)
        self.labels.add(written)
        right = self.axes.lines.points[3, 0]
        _stack([label for label in self.labels if len(label.points) and label.get_left()[0] > right])
        return self

    def add_asymptotes(self, heights: ArrayLike) -> Self:
        """Draw dashed lines at these heights."""
        heights = validate_within(heights, self.axes.y_range, "asymptotes")
        x = np.linspace(*self.axes.x_range, 2 * 40)
        dashes = [(self.axes.point(x[0:-1:2], y), self.axes.point(x[1::2], y)) for y in heights]
        self.asymptotes.points = np.concatenate(
            [self.asymptotes.points, *(line_segments(start, end) for start, end in dashes)]
        )
        return self

    def set_point(self, x: float, curve: int = 0) -> Self:
        """Mark the point (x, f(x)) of a curve and show both numbers; outside y_range show only the numbers."""
        if not self.axes.x_range[0] <= x <= self.axes.x_range[1]:
            raise ValueError(f"x must lie within {self.axes.x_range}; got {x}")
        y = float(evaluate_function(self.functions[curve], np.array([float(x)]))[0])
        colour = self.curves[curve].get_stroke_color().to_hex()
        if self._read_out != curve:
            self._add_readout(curve)
        for (words, number), value in zip(self.readout, (x, y), strict=True):
            gap = 0.12 * self.axes.scale_now
            number.set_value(value)
            number.shift((words.get_right()[0] + gap - number.points[0, 0]) * RIGHT)
        inside = self.axes.y_range[0] <= y <= self.axes.y_range[1]
        place = self.axes.point(x, y)
        feet = [self.axes.point(x, self.axes.y_range[0]), self.axes.point(self.axes.x_range[0], y)]
        self.guides.points = line_segments([place, place], feet) if inside else np.zeros((0, 3))
        self.dot.points = disc(place, DOT_RADIUS * self.axes.scale_now) if inside else np.zeros((0, 3))
        self.dot.set_fill(colour)
        return self

    def _add_readout(self, curve: int) -> None:
        """Two lines, `x = …` and `f(x) = …`, in the emptiest corner of the axes."""
        self._read_out = curve
        self.readout.remove(*self.readout)
        names = (self.axes.x_label, "x"), (self.labels[curve], "y")
        x_name, y_name = (
            name.copy() if len(name.points) else words_or_formula(letter, theme.LABEL_SIZE).scale(self.axes.scale_now)
            for name, letter in names
        )
        x_name.set_color(theme.TEXT)
        equals = [Words("=", theme.LABEL_SIZE, part.get_fill_color().to_hex()) for part in (x_name, y_name)]
        for name, sign in zip((x_name, y_name), equals, strict=True):
            sign.scale(self.axes.scale_now).next_to(name, RIGHT, buff=0.12 * self.axes.scale_now)
            row = Inscriptions([name, sign], name.get_fill_color().to_hex())
            number = Number(0.0, places=2, colour=theme.TEXT).scale(self.axes.scale_now)
            self.readout.add(VGroup(row, number))
        step = 0.5 * self.axes.scale_now
        left, right, foot, top = *self.axes.x_range, *self.axes.y_range
        samples = np.concatenate([curve.points for curve in self.curves])
        room = np.array([3.2, 1.5, 0]) * self.axes.scale_now
        crowds: list[tuple[int, int, NDArray[np.float64], NDArray[np.float64]]] = []
        for x, y in ((left, top), (right, foot), (right, top), (left, foot)):
            corner = self.axes.point(x, y)
            inwards = np.sign(self.axes.point((left + right) / 2, (foot + top) / 2) - corner)
            low, high = np.minimum(corner, corner + inwards * room), np.maximum(corner, corner + inwards * room)
            crowds.append((int(np.all((samples >= low) & (samples <= high), axis=1).sum()), len(crowds), low, high))
        _, _, low, high = min(crowds, key=lambda crowd: crowd[:2])
        for number_of_row, (row, number) in enumerate(self.readout):
            row.move_to(((low + high) / 2) + (0.5 - number_of_row) * step * UP)
            row.align_to(low + 0.25 * room * RIGHT, LEFT)
            number.set_y(row.get_y())
        edge = max(row.get_right()[0] for row, _ in self.readout)
        for row, number in self.readout:
            row.shift((edge - row.get_right()[0]) * RIGHT)
            number.shift((row.get_y() - (number.points[0, 1] + number.points[4, 1]) / 2) * UP)


def _cut(
    x: NDArray[np.float64], y: NDArray[np.float64], y_range: tuple[float, float]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The straight lines between neighbouring points, cut off at y_range: starts (n, 2) and ends (n, 2)."""
    samples = np.column_stack([x, y])
    start, step = samples[:-1], np.diff(samples, axis=0)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        crossings = (np.array(y_range) - start[:, 1:]) / step[:, 1:]
    crossings.sort(axis=1)
    level = step[:, 1] == 0
    inside = (start[:, 1] >= y_range[0]) & (start[:, 1] <= y_range[1])
    low = np.where(level, np.where(inside, 0.0, 2.0), crossings[:, 0].clip(0, None))[:, None]
    high = np.where(level, 1.0, crossings[:, 1].clip(None, 1))[:, None]
    seen = (high > low)[:, 0]
    low, high, start, step, after = low[seen], high[seen], start[seen], step[seen], samples[1:][seen]
    return start + low * step, np.where(high == 1, after, start + high * step)


def _stack(labels: list[VMobject]) -> None:
    """Move labels up and down until none covers another."""
    if len(labels) < 2:
        return
    labels = sorted(labels, key=lambda label: label.get_y())
    gap = max(label.height for label in labels) + 0.08
    for label, height in zip(labels, apart(np.array([label.get_y() for label in labels]), gap), strict=True):
        label.set_y(height)
