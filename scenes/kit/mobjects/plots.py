"""Curves, squished number lines, learning curves and counters: pictures of functions, histories and counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Self

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, Animation, Circle, Group, LineJointType, VGroup, VMobject, linear
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import isotonic_regression

from network.checkpoint import HISTORY_COLUMNS
from scenes.kit import theme
from scenes.kit.mobjects.array_mobject import rgb
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.text import Number, Words

Floats = NDArray[np.float64]
Function = Callable[[Any], Any]

# The colours of curves that share a stage, in order.
CURVE_COLOURS = (
    theme.POSITIVE,
    theme.ANSWER,
    theme.WEIGHTS_SYMBOL,
    theme.BIASES_SYMBOL,
    theme.NEGATIVE,
    theme.NEUTRAL,
)
_AXIS_WIDTH, _CURVE_WIDTH, _GUIDE_WIDTH = 2.0, 5.0, 1.5
_TICK = 0.1
_DOT_RADIUS = 0.1
# How far above the foot of a stage the middle of a number may lie at least, for none of its digits to touch the axis.
_ABOVE_AXIS = 0.22
# Places at which a function is asked for its value, besides its kinks.
_SAMPLES = 400


class Inscriptions(VMobject):
    """Several pieces of set text as one outline of one colour, each where it stands. `shown` is what they say.

    A scene with many numbers stays light: they are one mobject to copy, to hash and to draw.
    """

    def __init__(self, pieces: Iterable[VMobject], colour: str = theme.TEXT, shown: Sequence[str] = ()) -> None:
        super().__init__(fill_color=colour, fill_opacity=1, stroke_width=0)
        self.shown = tuple(shown)
        outlines = [part.points for piece in pieces for part in piece.family_members_with_points()]
        self.points = np.concatenate(outlines) if outlines else np.zeros((0, 3))


class Axes(VGroup):
    """A stage for curves: a line along its foot and one along its left edge, with numbers outside them.

    x_range, y_range: what the edges stand for. log_from: if given, x stands at log(1 + x / log_from), so that 0 has a
    place too. Labels are sentences or set formulas; ticks are chosen if they are not given.
    """

    def __init__(
        self,
        x_range: tuple[float, float],
        y_range: tuple[float, float],
        x_label: str | VMobject = "",
        y_label: str | VMobject = "",
        width: float = 9.0,
        height: float = 5.2,
        x_ticks: ArrayLike | None = None,
        y_ticks: ArrayLike | None = None,
        log_from: float | None = None,
    ) -> None:
        super().__init__()
        self.x_range, self.y_range = _range(x_range, "x_range"), _range(y_range, "y_range")
        if log_from is not None and not (log_from > 0 and self.x_range[0] >= 0):
            raise ValueError(f"log_from must be above 0 and x_range start at 0 or more; got {log_from}, {x_range}")
        self.log_from, self.width_at_first = log_from, float(_positive(width, "width"))
        corner = np.array([-width / 2, -_positive(height, "height") / 2, 0])
        self.lines = VMobject(stroke_color=theme.NEURON_OUTLINE, stroke_width=_AXIS_WIDTH)
        self.lines.points = _segments([corner, corner], [corner + width * RIGHT, corner + height * UP])

        across = _log_ticks(self, width) if log_from else _ticks(self.x_range, about=width / 1.1)
        self.x_ticks = across if x_ticks is None else _within(x_ticks, self.x_range, "x_ticks")
        upwards = _ticks(self.y_range, about=height / 0.75)
        self.y_ticks = upwards if y_ticks is None else _within(y_ticks, self.y_range, "y_ticks")
        feet = self.point(self.x_ticks, self.y_range[0]), self.point(self.x_range[0], self.y_ticks)
        self.lines.points = np.concatenate(
            [self.lines.points, _segments(feet[0], feet[0] + _TICK * DOWN), _segments(feet[1], feet[1] + _TICK * LEFT)]
        )
        self.x_numbers = _tick_numbers(self.x_ticks, feet[0], DOWN, each=log_from is not None)
        self.y_numbers = _tick_numbers(self.y_ticks, feet[1], LEFT)
        self.x_label, self.y_label = _text(x_label, theme.NOTE_SIZE), _text(y_label, theme.NOTE_SIZE)
        if len(self.x_label.points):
            self.x_label.next_to(corner + width / 2 * RIGHT + 0.62 * DOWN, DOWN, buff=0)
        if len(self.y_label.points):
            self.y_label.next_to(corner + height * UP, UP, buff=0.3)
            self.y_label.align_to(self.y_numbers if len(self.y_ticks) else self.lines, LEFT)
        self.add(self.lines, self.x_numbers, self.y_numbers, self.x_label, self.y_label)

    def point(self, x: ArrayLike, y: ArrayLike) -> Floats:
        """Where values stand in the scene now, (…, 3)."""
        start, right, top = self.lines.points[[0, 3, 7]]
        across = self._share(x)[..., None]
        up = ((np.asarray(y, float) - self.y_range[0]) / (self.y_range[1] - self.y_range[0]))[..., None]
        places: Floats = start + across * (right - start) + up * (top - start)
        return places

    @property
    def scale_now(self) -> float:
        """How many times larger it is than it was made."""
        return float(np.linalg.norm(self.lines.points[3] - self.lines.points[0])) / self.width_at_first

    def _share(self, x: ArrayLike) -> Floats:
        places = np.concatenate([self.x_range, np.ravel(np.asarray(x, float))])
        if self.log_from is not None:
            places = np.log1p(places / self.log_from)
        shares: Floats = (places[2:] - places[0]) / (places[1] - places[0])
        return shares.reshape(np.shape(x))


class FunctionPlot(VGroup):
    """The graph of a function, and of others on the same stage, with a point that can run along it.

    function: takes an array, gives one as long. The graph is exact at `kinks` and at many places between; what lies
    outside y_range is cut off. Labels are sentences or set formulas, and stand at the end of their curve.
    asymptotes: heights of dashed lines. axes: `Axes`; curves[c], labels[c]: of each curve, in the order of coming.

    ValueError where the function gives a NaN, an infinity, or not one number for each of its own.

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
        self.zero_lines = VMobject(stroke_color=theme.CELL_OUTLINE, stroke_width=_AXIS_WIDTH)
        (left, right), (foot, top) = self.axes.x_range, self.axes.y_range
        upright, level = left < 0 < right, foot < 0 < top
        starts = [self.axes.point(0, foot)] * upright + [self.axes.point(left, 0)] * level
        ends = [self.axes.point(0, top)] * upright + [self.axes.point(right, 0)] * level
        self.zero_lines.points = _segments(starts, ends)
        self.asymptotes = VMobject(stroke_color=theme.QUIET_TEXT, stroke_width=_GUIDE_WIDTH)
        self.functions: list[Function] = []
        self.curves, self.labels = VGroup(), VGroup()
        self.guides = VMobject(stroke_color=theme.QUIET_TEXT, stroke_width=_GUIDE_WIDTH)
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
        """Put the graph of another function on the stage."""
        low, high = self.axes.x_range
        corners = np.atleast_1d(_finite(kinks, "kinks"))
        x = np.union1d(np.linspace(low, high, _SAMPLES + 1), corners[(corners > low) & (corners < high)])
        start, end = _cut(x, _values(function, x), self.axes.y_range)
        colour = colour or CURVE_COLOURS[len(self.functions) % len(CURVE_COLOURS)]
        curve = _curve(colour)
        curve.points = _segments(self.axes.point(*start.T), self.axes.point(*end.T))
        self.functions.append(function)
        self.curves.add(curve)
        written = _text(label, theme.LABEL_SIZE, colour)
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
        heights = _within(heights, self.axes.y_range, "asymptotes")
        x = np.linspace(*self.axes.x_range, 2 * 40)
        dashes = [(self.axes.point(x[0:-1:2], y), self.axes.point(x[1::2], y)) for y in heights]
        self.asymptotes.points = np.concatenate(
            [self.asymptotes.points, *(_segments(start, end) for start, end in dashes)]
        )
        return self

    def set_point(self, x: float, curve: int = 0) -> Self:
        """Mark the place (x, f(x)) of a curve and show both numbers; outside y_range only the numbers are shown."""
        if not self.axes.x_range[0] <= x <= self.axes.x_range[1]:
            raise ValueError(f"x must lie within {self.axes.x_range}; got {x}")
        y = float(_values(self.functions[curve], np.array([float(x)]))[0])
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
        self.guides.points = _segments([place, place], feet) if inside else np.zeros((0, 3))
        self.dot.points = _disc(place, _DOT_RADIUS * self.axes.scale_now) if inside else np.zeros((0, 3))
        self.dot.set_fill(colour)
        return self

    def _add_readout(self, curve: int) -> None:
        """Two lines, `x = …` and `f(x) = …`, in the corner of the stage where curves come least."""
        self._read_out = curve
        self.readout.remove(*self.readout)
        names = (self.axes.x_label, "x"), (self.labels[curve], "y")
        x_name, y_name = (
            name.copy() if len(name.points) else _text(letter, theme.LABEL_SIZE).scale(self.axes.scale_now)
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
        crowds: list[tuple[int, int, Floats, Floats]] = []
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


class NumberLineSquish(Group):
    """The whole number line squished into 0 … 1: every number n goes to function(n).

    values: (n,) numbers that are marked and labelled, with `places` digits after the point. Above lies the number line,
    below the stretch from 0 to 1. Numbers stand on the line above when `squished` is 0 and at function(n) below when it
    is 1; between, each is that share of its way along. Where they crowd, their labels stand apart, joined by a thread.
    dots: `Cells`, one a value. labels: as far as there is room for them.

    ValueError where the function leaves 0 … 1.

    >>> NumberLineSquish(network.layers[0].activate, np.arange(-6, 7)).set_squished(1)
    """

    WIDTH, HEIGHT, STRETCH = 12.6, 3.6, 9.6

    def __init__(
        self,
        function: Function,
        values: ArrayLike = tuple(range(-6, 7)),
        places: int = 0,
        squished: float = 0.0,
        size: float = theme.NOTE_SIZE,
    ) -> None:
        self.function = function
        self.values = np.sort(np.atleast_1d(_finite(values, "values")))
        if self.values.ndim != 1 or not self.values.size:
            raise ValueError(f"values must have the shape (n,), n at least 1; got {np.shape(values)}")
        reach = max(np.ceil(np.abs(self.values).max()), 1.0) + 0.5
        self.range = (-reach, reach)
        whole = _ticks(self.range, about=2 * reach if reach < 20 else 20)
        self.marks = whole[np.abs(whole) < reach]
        for name, places_asked in (("values", self.values), ("the line", np.array([*self.range, *self.marks]))):
            images = _values(function, places_asked)
            if images.min() < 0 or images.max() > 1:
                raise ValueError(
                    f"function must stay within 0 and 1; for {name} it gives {images.min()} … {images.max()}"
                )
        top, foot = self.HEIGHT / 2 * UP, self.HEIGHT / 2 * DOWN
        self.line = VMobject(stroke_color=theme.NEURON_OUTLINE, stroke_width=_AXIS_WIDTH)
        ends = np.array([top + self.WIDTH / 2 * LEFT, top + self.WIDTH / 2 * RIGHT])
        self.line.points = _segments(ends[:1], ends[1:])
        self.line.points = np.concatenate(
            [self.line.points, _segments(self._above(self.marks) + 0.09 * UP, self._above(self.marks) + 0.09 * DOWN)]
        )
        tip = 0.16 * np.array([[1, 0.7, 0], [1, -0.7, 0]])
        self.tips = VMobject(stroke_color=theme.NEURON_OUTLINE, stroke_width=_AXIS_WIDTH)
        self.tips.points = np.concatenate(
            [_segments(ends[[0, 0]], ends[0] + tip), _segments(ends[[1, 1]], ends[1] - tip)]
        )
        self.stretch_line = VMobject(stroke_color=theme.NEURON_OUTLINE, stroke_width=_AXIS_WIDTH)
        self.stretch_line.points = _segments([foot + self.STRETCH / 2 * LEFT], [foot + self.STRETCH / 2 * RIGHT])
        posts = self._below((0.0, 1.0))
        self.stretch_line.points = np.concatenate(
            [self.stretch_line.points, _segments(posts + 0.22 * UP, posts + 1.15 * DOWN)]
        )
        self.ends = VGroup(
            *(Number(end, size=size).next_to(post + 1.15 * DOWN, DOWN, buff=0.12) for end, post in enumerate(posts))
        )
        self.moving_line = VMobject(stroke_color=theme.TEXT, stroke_width=3)
        self.trails = VMobject(stroke_color=theme.NEURON_OUTLINE, stroke_width=_GUIDE_WIDTH, stroke_opacity=0.6)
        self.threads = VMobject(stroke_color=theme.QUIET_TEXT, stroke_width=1.0)
        signs = np.where(self.values[:, None] >= 0, rgb(theme.POSITIVE), rgb(theme.NEGATIVE))
        colours = np.where(self.values[:, None] == 0, rgb(theme.NEUTRAL), signs)
        self.dots = Cells(
            np.zeros((len(self.values), 3)), 0.17, 1, colours, stroke_colour=theme.BACKGROUND, stroke_width=2.0
        )
        self._label(places, size)
        super().__init__(self.line, self.tips, self.stretch_line, self.ends, self.trails, self.moving_line)
        self.add(self.threads, self.dots, self.labels)
        self.shift(0.6 * UP)
        self.set_squished(squished)

    def _label(self, places: int, size: float) -> None:
        """Give labels to as many values as have room side by side, evenly chosen."""
        for size_tried in (size, theme.SMALLEST_SIZE):
            numbers = [Number(value, places, size_tried) for value in self.values]
            widths = np.array([number.width for number in numbers]) + 0.17
            if widths.sum() <= self.STRETCH:
                break
        every = int(np.ceil(widths.sum() / self.STRETCH))
        middle = int(np.argmin(np.abs(self.values)))
        self.labelled = np.arange(len(numbers))[middle % every :: every]
        self.labels = VGroup(*(numbers[place] for place in self.labelled))
        # Where a label passes over a line, it stands out from it.
        self.labels.set_stroke(theme.BACKGROUND, 8, background=True)
        shown, widths = self.values[self.labelled], widths[self.labelled]
        gaps = (widths[1:] + widths[:-1]) / 2
        outer, inner = (((widths[0] - room) / 2, (room - widths[-1]) / 2) for room in (self.WIDTH + 0.7, self.STRETCH))
        # In units of the line below from its middle, so that they hold wherever the whole is moved to.
        above = apart(self._above(shown)[:, 0], gaps, outer) / self.STRETCH
        below = apart(self._below(self._squish(shown))[:, 0], gaps, inner) / self.STRETCH
        self.apart = above, below

    def _squish(self, numbers: Floats) -> Floats:
        return _values(self.function, numbers)

    def _above(self, numbers: ArrayLike) -> Floats:
        """Places of numbers on the number line, (…, 3)."""
        start, end = self.line.points[[0, 3]]
        share = (np.asarray(numbers, float) - self.range[0]) / (self.range[1] - self.range[0])
        return np.asarray(start + share[..., None] * (end - start))

    def _below(self, shares: ArrayLike) -> Floats:
        """Places of numbers from 0 to 1 on the stretch below, (…, 3)."""
        start, end = self.stretch_line.points[[0, 3]]
        return np.asarray(start + np.asarray(shares, float)[..., None] * (end - start))

    def point(self, numbers: ArrayLike) -> Floats:
        """Where numbers stand now, (…, 3)."""
        numbers = np.asarray(numbers, float)
        return (1 - self.squished) * self._above(numbers) + self.squished * self._below(self._squish(numbers))

    def set_squished(self, squished: float) -> Self:
        """Let every number go this share of its way, 0 to 1."""
        if not 0 <= squished <= 1:
            raise ValueError(f"squished must be a number from 0 to 1; got {squished}")
        self.squished = float(squished)
        start, end = self.stretch_line.points[[0, 3]]
        scale = float(np.linalg.norm(end - start)) / self.STRETCH
        down = np.array([end[1] - start[1], start[0] - end[0], 0]) / self.STRETCH
        ends, marks = self.point(self.range), self.point(self.marks)
        self.moving_line.points = np.concatenate(
            [_segments(ends[:1], ends[1:]), _segments(marks - 0.09 * down, marks + 0.09 * down)]
        )
        places = self.point(self.values)
        self.trails.points = _segments(self._above(self.values), places)
        corner = 0.17 * scale / 2 * (RIGHT + UP)
        self.dots.points = np.stack([places - corner, places + corner], axis=1).reshape(-1, 3)
        middle = (1 - squished) * self._above(0.0) + squished * (start + end) / 2
        sideways = ((1 - squished) * self.apart[0] + squished * self.apart[1])[:, None] * (end - start)
        # The labels keep their distance while the line passes over from one to the other.
        centres = middle + sideways + (0.42 + 0.48 * squished) * down
        for label, centre in zip(self.labels, centres, strict=True):
            label.move_to(centre)
        self.threads.points = _segments(places[self.labelled] + 0.1 * down, centres - 0.2 * down)
        return self


class LearningCurve(VGroup):
    """How a quantity went over the epochs of one training run or of several, each named at the end of its line.

    runs: by name, (n,) values after each epoch, the first before training. epochs: (n,) if they are not 0, 1, 2, ….
    quantity: what it is, above the axis. log_epochs: epoch e stands at log(1 + e / first epoch), since most is learned
    early. curves[r], heads[r], names[r]: of each run; `revealed` is the epoch up to which they are drawn.

    >>> history = 100 * checkpoint.history
    >>> LearningCurve({"training": history[:, 1], "set aside": history[:, 2]}, quantity="accuracy, %", log_epochs=True)
    """

    def __init__(
        self,
        runs: Mapping[str, ArrayLike],
        epochs: ArrayLike | None = None,
        quantity: str = "",
        y_range: tuple[float, float] | None = None,
        log_epochs: bool = False,
        places: int = 1,
        colours: Sequence[str] = CURVE_COLOURS,
        width: float = 8.6,
        height: float = 5.0,
    ) -> None:
        super().__init__()
        if not runs:
            raise ValueError("runs must hold at least one run")
        self.values = [_finite(values, f"runs[{name!r}]") for name, values in runs.items()]
        self.epochs = []
        for name, values in zip(runs, self.values, strict=True):
            if values.ndim != 1 or not values.size:
                raise ValueError(f"runs[{name!r}] must have the shape (n,), n at least 1; got {values.shape}")
            own = np.arange(len(values), dtype=float) if epochs is None else _finite(epochs, "epochs")
            if own.shape != values.shape:
                raise ValueError(f"epochs must have the shape {values.shape} of runs[{name!r}]; got {own.shape}")
            if own[0] < 0 or (np.diff(own) <= 0).any():
                raise ValueError("epochs must rise from 0 or more")
            self.epochs.append(own)
        self.last_epoch = max(own[-1] for own in self.epochs)
        end = self.last_epoch if self.last_epoch > 0 else 1.0
        positive = np.concatenate(self.epochs)
        positive = positive[positive > 0]
        first = float(positive.min()) if positive.size else 1.0
        self.axes = Axes(
            (0.0, end),
            _room_for(np.concatenate(self.values)) if y_range is None else y_range,
            "epoch (logarithmic scale)" if log_epochs else "epoch",
            quantity,
            width,
            height,
            x_ticks=None if log_epochs or end < 1 else _ticks((0.0, end), about=min(width / 1.1, end)),
            log_from=first if log_epochs else None,
        )
        tints = [colours[number % len(colours)] for number in range(len(runs))]
        self.curves = VGroup(*(_curve(tint) for tint in tints))
        self.heads = VGroup(*(VMobject(fill_color=tint, fill_opacity=1, stroke_width=0) for tint in tints))
        self.threads = VMobject(stroke_color=theme.NEURON_OUTLINE, stroke_width=1.0)
        self.names = VGroup(*(Words(name, theme.NOTE_SIZE, tint) for name, tint in zip(runs, tints, strict=True)))
        self._feet = [_foot(name, theme.NOTE_SIZE) for name in runs]
        self.numbers = VGroup(
            *(Number(values[0], places, theme.NOTE_SIZE, tint) for values, tint in zip(self.values, tints, strict=True))
        )
        self.add(self.axes, self.threads, self.curves, self.heads, self.names, self.numbers)
        self.reveal(self.last_epoch)
        self.center()

    def value_at(self, run: int, epoch: float) -> float:
        """The value of a run at an epoch, on the straight line between two that were measured."""
        return float(np.interp(epoch, self.epochs[run], self.values[run]))

    def reveal(self, epoch: float) -> Self:
        """Draw every run up to this epoch, with its name and its value there."""
        if not 0 <= epoch <= max(self.last_epoch, 1e-12):
            raise ValueError(f"epoch must lie between 0 and {self.last_epoch:g}; got {epoch}")
        self.revealed = float(epoch)
        scale, places = self.axes.scale_now, []
        for run, (epochs, values) in enumerate(zip(self.epochs, self.values, strict=True)):
            here = min(max(epoch, epochs[0]), epochs[-1])
            value = self.value_at(run, here)
            x, y = np.append(epochs[epochs < here], here), np.append(values[epochs < here], value)
            points = self.axes.point(x, y)
            self.curves[run].points = _segments(points[:-1], points[1:])
            self.heads[run].points = _disc(points[-1], 0.8 * _DOT_RADIUS * scale)
            self.numbers[run].set_value(value)
            places.append(points[-1])
        ends = np.array(places)
        front = ends[:, 0].max() + 0.4 * scale
        widest = max(name.width for name in self.names)
        column = front + widest + (0.2 * scale if widest else 0)
        order = np.argsort(ends[:, 1], kind="stable")
        heights = np.empty(len(ends))
        # None lies over the axis at the foot.
        foot_of_axes = self.axes.lines.points[0, 1]
        free = np.maximum(ends[:, 1], foot_of_axes + _ABOVE_AXIS * scale)
        heights[order] = apart(free[order], 0.42 * scale, (foot_of_axes + _ABOVE_AXIS * scale, np.inf))
        for name, number, foot, height in zip(self.names, self.numbers, self._feet, heights, strict=True):
            if len(name.points):
                name.move_to((front, height, 0), aligned_edge=LEFT)
            number.shift((column, height + foot * scale, 0) - number.points[0])
        targets = np.column_stack([np.full(len(ends), front - 0.1 * scale), heights, ends[:, 2]])
        moved = np.abs(targets[:, 1] - free) > 0.05 * scale
        far = targets[:, 0] - ends[:, 0] > 0.4 * scale
        starts = ends + 0.14 * scale * RIGHT
        self.threads.points = _segments(starts, np.where((moved | far)[:, None], targets, starts))
        return self


class TrainingCurves(VGroup):
    """Cost and accuracies of a training run side by side.

    history: (epochs + 1, 3) as in a checkpoint: cost, training accuracy and validation accuracy as shares, after each
    epoch, the first before training. A column that is all NaN was not measured and is left out.

    >>> TrainingCurves(checkpoint.history)
    """

    def __init__(self, history: ArrayLike, log_epochs: bool = False, width: float = 3.7, height: float = 4.2) -> None:
        super().__init__()
        history = np.asarray(history, float)
        if history.ndim != 2 or history.shape[1] != len(HISTORY_COLUMNS) or not len(history):
            raise ValueError(
                f"history must have the shape (epochs + 1, {len(HISTORY_COLUMNS)}), a column each for "
                f"{', '.join(HISTORY_COLUMNS)}; got {history.shape}"
            )
        columns = {
            name.removesuffix("_accuracy"): column
            for name, column in zip(HISTORY_COLUMNS, history.T, strict=True)
            if not np.isnan(column).all()
        }
        for name, column in columns.items():
            _finite(column, f"history's {name}")
        if not columns:
            raise ValueError("history must hold numbers; all are NaN")
        size: dict[str, Any] = {"log_epochs": log_epochs, "width": width, "height": height}
        names = {"train": "training", "validation": "set aside"}
        accuracies = {names[name]: 100 * columns[name] for name in names if name in columns}
        self.panels = VGroup()
        if "cost" in columns:
            self.panels.add(LearningCurve({"": columns["cost"]}, None, "cost", places=3, colours=(theme.TEXT,), **size))
        if accuracies:
            self.panels.add(LearningCurve(accuracies, None, "accuracy, %", (0, 100), **size))
        self.panels.arrange(RIGHT, buff=0.5)
        for panel in self.panels:
            panel.shift((self.panels[0].axes.lines.points[0, 1] - panel.axes.lines.points[0, 1]) * UP)
        self.panels.center()
        self.add(self.panels)

    def reveal(self, epoch: float) -> Self:
        """Draw both up to this epoch."""
        for panel in self.panels:
            panel.reveal(epoch)
        return self


class Counter(VGroup):
    """A number with what it counts beneath it. Counting, its last digit stays in place.

    >>> Counter(network.parameter_count, "weights and biases")
    """

    def __init__(
        self,
        value: float,
        caption: str,
        places: int = 0,
        size: float = 2 * theme.TITLE_SIZE,
        colour: str = theme.TEXT,
    ) -> None:
        super().__init__()
        self.number = Number(value, places, size, colour)
        self.caption = Words(caption, theme.LABEL_SIZE, theme.QUIET_TEXT).next_to(self.number, DOWN, buff=0.3)
        self.add(self.number, self.caption)
        self.center()

    @property
    def value(self) -> float:
        return self.number.value

    def set_value(self, value: float) -> Self:
        """Show another number, with the same right edge. ValueError for what is not finite."""
        right = self.number.get_right()
        self.number.set_value(value)
        self.number.shift((right - self.number.get_right()) * RIGHT)
        return self


class RunAlong(Animation):
    """The point of a plot runs along a curve, from x = start to x = stop.

    >>> plot = FunctionPlot(network.layers[0].activate, (-6, 6), (0, 1), formula("sigma(z)"), formula("z"))
    >>> RunAlong(plot, -5, 5)
    """

    def __init__(self, plot: FunctionPlot, start: float, stop: float, curve: int = 0, **options: Any) -> None:
        self.start, self.stop, self.curve = start, stop, curve
        plot.set_point(start, curve)
        super().__init__(plot, **{"run_time": 2 * theme.FLOW, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        self.mobject.set_point(_between(self.start, self.stop, self.rate_func(alpha)), self.curve)


class Squish(Animation):
    """A number line is squished, from a share of the way to another.

    >>> Squish(NumberLineSquish(network.layers[0].activate))
    """

    def __init__(self, line: NumberLineSquish, start: float = 0, stop: float = 1, **options: Any) -> None:
        self.start, self.stop = start, stop
        super().__init__(line, **{"run_time": 1.5 * theme.FLOW, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        self.mobject.set_squished(_between(self.start, self.stop, self.rate_func(alpha)))


class RevealCurves(Animation):
    """A training run is replayed: its curves are drawn from an epoch to another, the last if it is not given.

    >>> RevealCurves(TrainingCurves(checkpoint.history))
    """

    def __init__(
        self, curves: LearningCurve | TrainingCurves, start: float = 0, stop: float | None = None, **options: Any
    ) -> None:
        panels = curves.panels if isinstance(curves, TrainingCurves) else [curves]
        self.start = start
        self.stop = max(panel.last_epoch for panel in panels) if stop is None else stop
        super().__init__(curves, **{"run_time": 2 * theme.FLOW, "rate_func": linear, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        self.mobject.reveal(_between(self.start, self.stop, self.rate_func(alpha)))


class CountUp(Animation):
    """A counter, or a number alone, counts from a number to another, the one that it shows if it is not given.

    >>> CountUp(Counter(network.weight_count, "weights"))
    """

    def __init__(self, counter: Counter | Number, start: float = 0, stop: float | None = None, **options: Any) -> None:
        self.start, self.stop = start, counter.value if stop is None else stop
        super().__init__(counter, **{"run_time": theme.FLOW, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        self.mobject.set_value(_between(self.start, self.stop, self.rate_func(alpha)))


def _between(start: float, stop: float, share: float) -> float:
    """`start` for 0, `stop` for 1, both exactly."""
    return stop if share == 1 else start + (stop - start) * share


def _text(text: str | VMobject, size: float, colour: str = theme.QUIET_TEXT) -> VMobject:
    """A sentence, or a set formula, as one outline."""
    return Words(text, size, colour) if isinstance(text, str) else Inscriptions([text], colour)


def _foot(name: str, size: float) -> float:
    """Where the baseline of set words lies, in units above their middle."""
    upright = Words("H", size)
    if not len(Words(name, size).points):
        return -upright.height / 2
    both = Words(f"{name} H", size).points
    return float(both[-len(upright.points) :, 1].min() - _middle(both[: -len(upright.points), 1]))


def _middle(values: Floats) -> float:
    return float(values.min() + values.max()) / 2


def _curve(colour: str) -> VMobject:
    return VMobject(stroke_color=colour, stroke_width=_CURVE_WIDTH, joint_type=LineJointType.ROUND)


def _segments(starts: ArrayLike, ends: ArrayLike) -> Floats:
    """The points of straight lines from (n, 3) to (n, 3); those that meet end to start are one path."""
    starts, ends = np.asarray(starts, float).reshape(-1, 3), np.asarray(ends, float).reshape(-1, 3)
    points = np.empty((4 * len(starts), 3))
    for handle in range(4):
        points[handle::4] = starts + (ends - starts) * (handle / 3)
    points[3::4] = ends
    return points


def _disc(centre: Floats, radius: float) -> Floats:
    return np.asarray(Circle(radius).points) + centre


def _cut(x: Floats, y: Floats, y_range: tuple[float, float]) -> tuple[Floats, Floats]:
    """The parts within y_range of the straight lines between neighbours: starts (n, 2) and ends (n, 2)."""
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


def _values(function: Function, x: Floats) -> Floats:
    """What the function gives for x (n,): (n,) finite numbers, or a ValueError."""
    y = np.asarray(function(x), float)
    if y.shape != x.shape:
        raise ValueError(f"function must give one number for each of {x.size}; it gives the shape {y.shape}")
    if not np.isfinite(y).all():
        raise ValueError(f"function must give finite numbers; at {x[~np.isfinite(y)][0]:g} it does not")
    return y


def _finite(values: ArrayLike, name: str) -> Floats:
    try:
        array = np.array(values, float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be numbers; got {values!r}") from None
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite numbers; there is a NaN or an infinity among them")
    return array


def _within(values: ArrayLike, limits: tuple[float, float], name: str) -> Floats:
    array = np.atleast_1d(_finite(values, name))
    if array.size and (array.min() < limits[0] or array.max() > limits[1]):
        raise ValueError(f"{name} must lie within {limits}; got {array.min():g} … {array.max():g}")
    return array


def _range(limits: tuple[float, float], name: str) -> tuple[float, float]:
    array = _finite(limits, name)
    if array.shape != (2,) or not array[0] < array[1]:
        raise ValueError(f"{name} must be two numbers, the lower one first; got {limits}")
    return float(array[0]), float(array[1])


def _positive(length: float, name: str) -> float:
    if not (np.isfinite(length) and length > 0):
        raise ValueError(f"{name} must be a number above 0; got {length}")
    return length


def _step(extent: float, about: float) -> float:
    """The step of 1, 2 or 5 times a power of ten that cuts an extent into at most `about` parts, or one."""
    least = extent / max(about, 1)
    power = 10.0 ** np.floor(np.log10(least))
    return float(next(factor for factor in (1, 2, 5, 10) if factor * power >= least * (1 - 1e-9)) * power)


def _ticks(limits: tuple[float, float], about: float) -> Floats:
    """Round numbers within limits."""
    step = _step(limits[1] - limits[0], about)
    first, last = np.ceil(limits[0] / step - 1e-9), np.floor(limits[1] / step + 1e-9)
    return np.asarray(np.clip(np.arange(first, last + 1) * step, *limits))


def _log_ticks(axes: Axes, width: float) -> Floats:
    """0 and round numbers from `log_from` on, as many of 1, 2, 5, 10, … as their figures leave room for."""
    assert axes.log_from is not None
    decades = 10.0 ** np.arange(np.floor(np.log10(axes.log_from) + 1e-9), np.log10(axes.x_range[1]) + 1e-9)
    for factors in ((1, 2, 5), (1, 3), (1,)):
        marks = np.outer(decades, factors).ravel()
        marks = np.concatenate([[0.0], marks[marks >= axes.log_from * (1 - 1e-9)]])
        marks = marks[(marks >= axes.x_range[0]) & (marks <= axes.x_range[1])]
        if (np.diff(axes._share(marks)) * width > 0.75).all():
            return marks
    # From the last one back, those that have room.
    kept = [float(marks[-1])]
    for mark in marks[-2::-1]:
        if (axes._share(kept[-1]) - axes._share(mark)) * width > 0.75:
            kept.append(float(mark))
    return np.array(kept[::-1])


def _room_for(values: Floats) -> tuple[float, float]:
    """Round limits with all values between them, also where they are all equal."""
    low, high = float(values.min()), float(values.max())
    if low == high:
        low, high = (0.0, 2 * high) if high > 0 else (2 * low, 0.0) if low < 0 else (0.0, 1.0)
    if 0 < low < 0.5 * high:
        low = 0.0
    step = _step(high - low, 6)
    return float(np.floor(low / step + 1e-9) * step), float(np.ceil(high / step - 1e-9) * step)


def _tick_numbers(values: Floats, feet: Floats, side: NDArray[Any], each: bool = False) -> Inscriptions:
    """The figures of ticks, beyond their ends; with as many places for all, or for each as many as it needs."""
    groups = values[:, None] if each else values[None]
    places = [next((n for n in range(6) if np.allclose(g, g.round(n), rtol=1e-9, atol=1e-12)), 6) for g in groups]
    each_places = np.broadcast_to(places, len(values))
    numbers = [
        Number(value, int(n), theme.NOTE_SIZE, theme.QUIET_TEXT) for value, n in zip(values, each_places, strict=True)
    ]
    for number, foot in zip(numbers, feet, strict=True):
        number.next_to(foot, side, buff=_TICK + 0.1)
    return Inscriptions(numbers, theme.QUIET_TEXT, [number.written(number.value) for number in numbers])


def apart(places: Floats, gaps: float | Floats, limits: tuple[float, float] = (-np.inf, np.inf)) -> Floats:
    """Rising places moved as little as can be (least squares) for neighbours to be `gaps` apart, within limits."""
    offsets = np.append(0, np.cumsum(np.broadcast_to(gaps, len(places) - 1)))
    best = isotonic_regression(np.asarray(places, float) - offsets).x
    return np.asarray(best.clip(limits[0], limits[1] - offsets[-1]) + offsets)


def _stack(labels: list[VMobject]) -> None:
    """Move labels up and down until none covers another."""
    if len(labels) < 2:
        return
    labels = sorted(labels, key=lambda label: label.get_y())
    gap = max(label.height for label in labels) + 0.08
    for label, height in zip(labels, apart(np.array([label.get_y() for label in labels]), gap), strict=True):
        label.set_y(height)
