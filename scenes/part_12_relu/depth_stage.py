"""A chart of what networks of each depth read, with two large numbers. With it one scene ends, and the next begins."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, Animation, DashedLine, Group, VGroup, VMobject, linear
from numpy.typing import NDArray

from network.analysis.depth import DepthComparison
from scenes.kit import theme
from scenes.kit.layout import STAGE_MIDDLE
from scenes.kit.mobjects.depth_chart import DepthChart
from scenes.kit.mobjects.text import Number, Words
from scenes.language import _n
from scenes.part_12_relu.two_functions import COLOURS, names

# How wide and high the chart is, and its lower left corner.
_DEPTHS, _DEPTHS_X, _DEPTHS_Y = (7.6, 4.6), -5.7, -1.6
# The width of lines, and how bright the areas below them are.
_LINE, _AREA = 9, 0.14
# The right edge of the large numbers, and their size; and that of the notes beneath them.
_SCORES_X, _SCORE_SIZE, _NOTES_X = 5.6, 190, 6.5


class DepthStage:
    """The chart of a comparison, its lines not yet drawn, and the large numbers at its right.

    other_data: a note on what the networks were trained on, or "". areas: below each line. scores: what the networks of
    the least depth read, with their names; numbers: their figures.
    """

    def __init__(self, found: DepthComparison, other_data: str) -> None:
        self.found = found
        self.chart = chart = DepthChart(found.settings.depths, found.test_accuracies, names(), COLOURS, *_DEPTHS)
        chart.shift((_DEPTHS_X, _DEPTHS_Y, 0) - chart.axes.lines.points[0])
        for label, edge in ((chart.axes.x_label, UP), (chart.axes.y_label, LEFT)):
            label.set_fill(theme.TEXT).scale(theme.CAPTION_SIZE / theme.NOTE_SIZE, about_edge=edge)
        for line in chart.lines:
            line.set_stroke(width=_LINE)
        self.areas = VGroup(*(VMobject(stroke_width=0).set_fill(colour, _AREA) for colour in COLOURS))
        self.scores = self.made_scores(found.test_accuracies)
        self.numbers = [score[1] for score in self.scores]
        trained = _n("{n} epoch of training", "{n} epochs of training", found.settings.epochs)
        notes = (Words(text, theme.CAPTION_SIZE) for text in (trained, other_data) if text)
        self.notes = VGroup(*notes).arrange(DOWN, buff=0.15, aligned_edge=RIGHT)
        self.notes.move_to((_NOTES_X, _DEPTHS_Y - 0.45, 0), aligned_edge=RIGHT + UP)
        DrawLines(self).interpolate_mobject(0)

    @property
    def parts(self) -> list[Any]:
        """All that is seen of it."""
        return [self.chart.axes, self.notes, self.areas, self.chart.lines, self.chart.dots, *self.scores]

    def at_the_end(self) -> Group:
        """All of it when every line has been drawn."""
        DrawLines(self).interpolate_mobject(1)
        return Group(*self.parts, self.gap())

    def gap(self) -> DashedLine:
        """A line between what both read at the greatest depth."""
        low, high = (dots.centres[-1] for dots in self.chart.dots)
        return DashedLine(low, high, color=theme.ANSWER, stroke_width=6)

    def made_scores(self, accuracies: NDArray[np.float64]) -> list[VGroup]:
        """What both networks of the least depth read, in large type beside the chart, the better one above."""
        better = int(np.argmax(accuracies[:, -1]))
        groups = []
        for kind, (name, colour, values) in enumerate(zip(names(), COLOURS, accuracies, strict=True)):
            number = Number(100, 0, _SCORE_SIZE, colour)
            sign = Words("%", _SCORE_SIZE / 2, colour)
            y = STAGE_MIDDLE + (1.55 if kind == better else -1.55)
            number.move_to((_SCORES_X, y, 0), aligned_edge=RIGHT)
            sign.next_to(number, RIGHT, buff=0.2, aligned_edge=DOWN)
            words = Words(name, theme.TITLE_SIZE, colour).next_to(number, UP, buff=0.25).align_to(sign, RIGHT)
            groups.append(VGroup(words, number.set_value_from_right(100 * values[0]), sign))
        return groups


def closed_below(places: NDArray[np.float64], foot: float) -> list[NDArray[np.float64]]:
    """The outline of the area between a line through places (n, 3) and a height."""
    left, right = np.array([places[0, 0], foot, 0]), np.array([places[-1, 0], foot, 0])
    return [left, *places, right, left]


class DrawLines(Animation):
    """The lines of a chart, its dots and the areas below them are drawn from a share of the depths to another.

    The number beside each is the percentage at the last depth that was reached.
    """

    def __init__(
        self,
        stage: DepthStage,
        start: float = 0.0,
        stop: float = 1.0,
        **options: Any,
    ) -> None:
        self.chart, self.areas, self.numbers = chart, areas, numbers = stage.chart, stage.areas, stage.numbers
        self.percentages = 100 * stage.found.test_accuracies
        self.depths = np.asarray(stage.found.settings.depths, float)
        self.start, self.stop = start, stop
        super().__init__(Group(areas, chart.lines, chart.dots, *numbers), **{"rate_func": linear, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        known = np.arange(len(self.depths))
        at = (self.start + (self.stop - self.start) * self.rate_func(alpha)) * known[-1]
        x = np.union1d(known[known < at], [0.0, at])
        reached = known <= at + 1e-9
        parts = zip(self.chart.lines, self.chart.dots, self.areas, self.percentages, self.numbers, strict=True)
        for line, dots, area, percentages, number in parts:
            shown = self.chart.axes.point(np.interp(x, known, self.depths), np.interp(x, known, percentages))
            line.set_points_as_corners(shown if len(shown) > 1 else shown[[0, 0]])
            area.set_points_as_corners(closed_below(shown, _DEPTHS_Y))
            dots.opacities = reached.astype(np.float32)
            # Between two depths, no network was trained: the number is that of the last one.
            number.set_value_from_right(float(percentages[reached][-1]))
