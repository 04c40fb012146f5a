"""Two axes with numbers and labels, and the places of values between them."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, VGroup, VMobject
from numpy.typing import ArrayLike, NDArray

from scenes.kit import theme
from scenes.kit.mobjects.plot_lines import AXIS_WIDTH, line_segments
from scenes.kit.mobjects.text import Inscriptions, Number, words_or_formula
from scenes.kit.ticks import tick_values
from scenes.kit.validation import validate_positive, validate_range, validate_within

_TICK = 0.1


class Axes(VGroup):
    """Axes for curves: a line along the bottom and one along the left, with numbers outside them.

    x_range, y_range: the values at the ends. log_from: puts x at log(1 + x / log_from), so that 0 has a place too.
    Labels are sentences or formulas. Ticks are chosen for you unless you give them.
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
        self.x_range, self.y_range = validate_range(x_range, "x_range"), validate_range(y_range, "y_range")
        if log_from is not None and not (log_from > 0 and self.x_range[0] >= 0):
            raise ValueError(f"log_from must be above 0 and x_range start at 0 or more; got {log_from}, {x_range}")
        self.log_from, self.width_at_first = log_from, float(validate_positive(width, "width"))
        corner = np.array([-width / 2, -validate_positive(height, "height") / 2, 0])
        self.lines = VMobject(stroke_color=theme.NEURON_OUTLINE, stroke_width=AXIS_WIDTH)
        self.lines.points = line_segments([corner, corner], [corner + width * RIGHT, corner + height * UP])

        across = _log_ticks(self, width) if log_from else tick_values(self.x_range, about=width / 1.1)
        self.x_ticks = across if x_ticks is None else validate_within(x_ticks, self.x_range, "x_ticks")
        upwards = tick_values(self.y_range, about=height / 0.75)
        self.y_ticks = upwards if y_ticks is None else validate_within(y_ticks, self.y_range, "y_ticks")
        feet = self.point(self.x_ticks, self.y_range[0]), self.point(self.x_range[0], self.y_ticks)
        self.lines.points = np.concatenate(
            [
                self.lines.points,
                line_segments(feet[0], feet[0] + _TICK * DOWN),
                line_segments(feet[1], feet[1] + _TICK * LEFT),
            ]
        )
        self.x_numbers = _tick_numbers(self.x_ticks, feet[0], DOWN, each=log_from is not None)
        self.y_numbers = _tick_numbers(self.y_ticks, feet[1], LEFT)
        self.x_label = words_or_formula(x_label, theme.NOTE_SIZE)
        self.y_label = words_or_formula(y_label, theme.NOTE_SIZE)
        if len(self.x_label.points):
            self.x_label.next_to(corner + width / 2 * RIGHT + 0.62 * DOWN, DOWN, buff=0)
        if len(self.y_label.points):
            self.y_label.next_to(corner + height * UP, UP, buff=0.3)
            self.y_label.align_to(self.y_numbers if len(self.y_ticks) else self.lines, LEFT)
        self.add(self.lines, self.x_numbers, self.y_numbers, self.x_label, self.y_label)

    def point(self, x: ArrayLike, y: ArrayLike) -> NDArray[np.float64]:
        """The present places of values in the scene, (…, 3)."""
        start, right, top = self.lines.points[[0, 3, 7]]
        across = self._share(x)[..., None]
        up = ((np.asarray(y, float) - self.y_range[0]) / (self.y_range[1] - self.y_range[0]))[..., None]
        places: NDArray[np.float64] = start + across * (right - start) + up * (top - start)
        return places

    @property
    def scale_now(self) -> float:
        """The present size, as a multiple of the first one."""
        return float(np.linalg.norm(self.lines.points[3] - self.lines.points[0])) / self.width_at_first

    def _share(self, x: ArrayLike) -> NDArray[np.float64]:
        places = np.concatenate([self.x_range, np.ravel(np.asarray(x, float))])
        if self.log_from is not None:
            places = np.log1p(places / self.log_from)
        shares: NDArray[np.float64] = (places[2:] - places[0]) / (places[1] - places[0])
        return shares.reshape(np.shape(x))


def _log_ticks(axes: Axes, width: float) -> NDArray[np.float64]:
    """0 and round numbers from `log_from` up; 1, 2, 5, 10, … if their labels have room, otherwise fewer."""
    assert axes.log_from is not None
    decades = 10.0 ** np.arange(np.floor(np.log10(axes.log_from) + 1e-9), np.log10(axes.x_range[1]) + 1e-9)
    for factors in ((1, 2, 5), (1, 3), (1,)):
        marks = np.outer(decades, factors).ravel()
        marks = np.concatenate([[0.0], marks[marks >= axes.log_from * (1 - 1e-9)]])
        marks = marks[(marks >= axes.x_range[0]) & (marks <= axes.x_range[1])]
        if (np.diff(axes._share(marks)) * width > 0.75).all():
            return marks
    # From the last one backwards, keep those that have room.
    kept = [float(marks[-1])]
    for mark in marks[-2::-1]:
        if (axes._share(kept[-1]) - axes._share(mark)) * width > 0.75:
            kept.append(float(mark))
    return np.array(kept[::-1])


def _tick_numbers(
    values: NDArray[np.float64], feet: NDArray[np.float64], side: NDArray[Any], each: bool = False
) -> Inscriptions:
    """The numbers at the ticks, all with the same decimal places, or each with those that it needs."""
    groups = values[:, None] if each else values[None]
    places = [next((n for n in range(6) if np.allclose(g, g.round(n), rtol=1e-9, atol=1e-12)), 6) for g in groups]
    each_places = np.broadcast_to(places, len(values))
    numbers = [
        Number(value, int(n), theme.NOTE_SIZE, theme.QUIET_TEXT) for value, n in zip(values, each_places, strict=True)
    ]
    for number, foot in zip(numbers, feet, strict=True):
        number.next_to(foot, side, buff=_TICK + 0.1)
    return Inscriptions(numbers, theme.QUIET_TEXT, [number.shown for number in numbers])
