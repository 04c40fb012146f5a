"""The whole number line, squished into the interval from 0 to 1."""

from __future__ import annotations

from typing import Self

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, Group, VGroup, VMobject
from numpy.typing import ArrayLike, NDArray

from scenes.kit import theme
from scenes.kit.colour import rgb
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.plot_lines import AXIS_WIDTH, GUIDE_WIDTH, line_segments
from scenes.kit.mobjects.text import Number
from scenes.kit.spacing import apart
from scenes.kit.ticks import tick_values
from scenes.kit.validation import Function, evaluate_function, validate_finite


class NumberLineSquish(Group):
    """The whole number line, squished into 0 … 1: every number n goes to function(n).

    values: (n,) numbers to mark and label, with `places` digits after the point. The number line is above, the interval
    from 0 to 1 below. With `squished` = 0 the numbers are on the line above, with 1 they are at function(n) below, and
    otherwise on their way. Where they crowd, their labels keep apart and are joined to them by a thread. dots: `Cells`,
    one for each value. labels: of as many values as there is room for.

    ValueError if the function leaves 0 … 1.

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
        self.values = np.sort(np.atleast_1d(validate_finite(values, "values")))
        if self.values.ndim != 1 or not self.values.size:
            raise ValueError(f"values must have the shape (n,), n at least 1; got {np.shape(values)}")
        reach = max(np.ceil(np.abs(self.values).max()), 1.0) + 0.5
        self.range = (-reach, reach)
        whole = tick_values(self.range, about=2 * reach if reach < 20 else 20)
        self.marks = whole[np.abs(whole) < reach]
        for name, places_asked in (("values", self.values), ("the line", np.array([*self.range, *self.marks]))):
            images = evaluate_function(function, places_asked)
            if images.min() < 0 or images.max() > 1:
                raise ValueError(
                    f"function must stay within 0 and 1; for {name} it gives {images.min()} … {images.max()}"
                )
        top, foot = self.HEIGHT / 2 * UP, self.HEIGHT / 2 * DOWN
        self.line = VMobject(stroke_color=theme.NEURON_OUTLINE, stroke_width=AXIS_WIDTH)
        ends = np.array([top + self.WIDTH / 2 * LEFT, top + self.WIDTH / 2 * RIGHT])
        self.line.points = line_segments(ends[:1], ends[1:])
        self.line.points = np.concatenate(
            [
                self.line.points,
                line_segments(self._above(self.marks) + 0.09 * UP, self._above(self.marks) + 0.09 * DOWN),
            ]
        )
        tip = 0.16 * np.array([[1, 0.7, 0], [1, -0.7, 0]])
        self.tips = VMobject(stroke_color=theme.NEURON_OUTLINE, stroke_width=AXIS_WIDTH)
        self.tips.points = np.concatenate(
            [line_segments(ends[[0, 0]], ends[0] + tip), line_segments(ends[[1, 1]], ends[1] - tip)]
        )
        self.stretch_line = VMobject(stroke_color=theme.NEURON_OUTLINE, stroke_width=AXIS_WIDTH)
        self.stretch_line.points = line_segments([foot + self.STRETCH / 2 * LEFT], [foot + self.STRETCH / 2 * RIGHT])
        posts = self._below((0.0, 1.0))
        self.stretch_line.points = np.concatenate(
            [self.stretch_line.points, line_segments(posts + 0.22 * UP, posts + 1.15 * DOWN)]
        )
        self.ends = VGroup(
            *(Number(end, size=size).next_to(post + 1.15 * DOWN, DOWN, buff=0.12) for end, post in enumerate(posts))
        )
        self.moving_line = VMobject(stroke_color=theme.TEXT, stroke_width=3)
        self.trails = VMobject(stroke_color=theme.NEURON_OUTLINE, stroke_width=GUIDE_WIDTH, stroke_opacity=0.6)
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
        """Label as many values, evenly chosen, as fit side by side."""
        for size_tried in (size, theme.SMALLEST_SIZE):
            numbers = [Number(value, places, size_tried) for value in self.values]
            widths = np.array([number.width for number in numbers]) + 0.17
            if widths.sum() <= self.STRETCH:
                break
        every = int(np.ceil(widths.sum() / self.STRETCH))
        middle = int(np.argmin(np.abs(self.values)))
        self.labelled = np.arange(len(numbers))[middle % every :: every]
        self.labels = VGroup(*(numbers[place] for place in self.labelled))
        # A label that passes over a line stands out from it.
        self.labels.set_stroke(theme.BACKGROUND, 8, background=True)
        shown, widths = self.values[self.labelled], widths[self.labelled]
        gaps = (widths[1:] + widths[:-1]) / 2
        outer, inner = (((widths[0] - room) / 2, (room - widths[-1]) / 2) for room in (self.WIDTH + 0.7, self.STRETCH))
        # In units of the lower line, from its middle, so that they hold wherever the mobject is moved.
        above = apart(self._above(shown)[:, 0], gaps, outer) / self.STRETCH
        below = apart(self._below(self._squish(shown))[:, 0], gaps, inner) / self.STRETCH
        self.apart = above, below

    def _squish(self, numbers: NDArray[np.float64]) -> NDArray[np.float64]:
        return evaluate_function(self.function, numbers)

    def _above(self, numbers: ArrayLike) -> NDArray[np.float64]:
        """Places of numbers on the number line, (…, 3)."""
        start, end = self.line.points[[0, 3]]
        share = (np.asarray(numbers, float) - self.range[0]) / (self.range[1] - self.range[0])
        return np.asarray(start + share[..., None] * (end - start))

    def _below(self, shares: ArrayLike) -> NDArray[np.float64]:
        """Places of numbers from 0 to 1 on the interval below, (…, 3)."""
        start, end = self.stretch_line.points[[0, 3]]
        return np.asarray(start + np.asarray(shares, float)[..., None] * (end - start))

    def point(self, numbers: ArrayLike) -> NDArray[np.float64]:
        """The present places of numbers, (…, 3)."""
        numbers = np.asarray(numbers, float)
        return (1 - self.squished) * self._above(numbers) + self.squished * self._below(self._squish(numbers))

    def set_squished(self, squished: float) -> Self:
        """Move every number this share of its way, 0 to 1."""
        if not 0 <= squished <= 1:
            raise ValueError(f"squished must be a number from 0 to 1; got {squished}")
        self.squished = float(squished)
        start, end = self.stretch_line.points[[0, 3]]
        scale = float(np.linalg.norm(end - start)) / self.STRETCH
        down = np.array([end[1] - start[1], start[0] - end[0], 0]) / self.STRETCH
        ends, marks = self.point(self.range), self.point(self.marks)
        self.moving_line.points = np.concatenate(
            [line_segments(ends[:1], ends[1:]), line_segments(marks - 0.09 * down, marks + 0.09 * down)]
        )
        places = self.point(self.values)
        self.trails.points = line_segments(self._above(self.values), places)
        corner = 0.17 * scale / 2 * (RIGHT + UP)
        self.dots.points = np.stack([places - corner, places + corner], axis=1).reshape(-1, 3)
        middle = (1 - squished) * self._above(0.0) + squished * (start + end) / 2
        sideways = ((1 - squished) * self.apart[0] + squished * self.apart[1])[:, None] * (end - start)
        # The labels keep their distance while the numbers move from one line to the other.
        centres = middle + sideways + (0.42 + 0.48 * squished) * down
        for label, centre in zip(self.labels, centres, strict=True):
            label.move_to(centre)
        self.threads.points = line_segments(places[self.labelled] + 0.1 * down, centres - 0.2 * down)
        return self
