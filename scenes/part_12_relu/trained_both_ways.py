"""Trained both ways: how well networks with sigmoids and with ReLU read, at every depth."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import (
    LEFT,
    RIGHT,
    UP,
    Animation,
    FadeIn,
    Group,
    LaggedStart,
    VGroup,
    VMobject,
    linear,
)
from numpy.typing import NDArray

from network.analysis.depth import DepthComparison
from scenes.kit import theme
from scenes.kit.layout import STAGE_MIDDLE
from scenes.kit.mobjects.depth_chart import DepthChart
from scenes.kit.mobjects.text import Words
from scenes.part_12_relu.depth_scene import DepthScene
from scenes.part_12_relu.two_functions import COLOURS, NAMES
from scenes.wording import count_in_words, in_words, percent

# How wide and high the chart is, and its lower left corner.
_DEPTHS, _DEPTHS_X, _DEPTHS_Y = (7.6, 4.6), -5.7, -1.6
# The width of lines, and how bright the areas below them are.
_LINE, _AREA = 9, 0.22
# The middle of the last numbers, and their size.
_SCORES_X, _SCORE_SIZE = 4.9, 190
# A network that reads less than this more than one that always gives the same answer has learned nothing.
_NOTHING = 0.005


class TrainedBothWays(DepthScene):
    """What networks of every depth read after training, with sigmoids and with ReLU."""

    def construct(self) -> None:
        self.every_depth()
        self.end()

    def alternative_text(self) -> str:
        found = self.comparison
        sigmoid, relu = (percent(value) for value in found.test_accuracies[:, -1])
        return (
            f"A chart of what networks of {found.settings.depths[0]} to {found.deepest} hidden layers read after "
            f"training. At {found.deepest} layers, sigmoids reach {sigmoid} of the test pictures, ReLU {relu}."
        )

    def every_depth(self) -> None:
        self.next_section("Every depth")
        found = self.comparison
        chart = DepthChart(found.settings.depths, found.test_accuracies, NAMES, COLOURS, *_DEPTHS)
        chart.shift((_DEPTHS_X, _DEPTHS_Y, 0) - chart.axes.lines.points[0])
        for line in chart.lines:
            line.set_stroke(width=_LINE)
        depths = np.asarray(found.settings.depths, float)
        places = [chart.axes.point(depths, 100 * shares) for shares in found.test_accuracies]
        areas = VGroup(*(VMobject(stroke_width=0).set_fill(colour, _AREA) for colour in COLOURS))
        shallow = (len(depths) - 2) / (len(depths) - 1) if len(depths) > 2 else 0.0
        scores = self.scores()
        note = Words(self.other_data, theme.NOTE_SIZE, theme.QUIET_TEXT)
        notes = [note.move_to((_SCORES_X, _DEPTHS_Y, 0))] if len(note.points) else []
        with self.voiceover(
            f"So train both, the same way, at every depth. {sentence_of_depths(found, len(self.network.layers) - 1)} "
            f"{sentence_of_scores(found)}",
            moves="A chart of how many test pictures networks of each depth read: a line for each function is drawn, "
            "layer by layer. At the end of the lines stand two large numbers.",
        ) as tracker:
            self.add(chart.axes, *notes, areas, chart.lines, chart.dots)
            self.play(
                DrawLines(chart, areas, places, _DEPTHS_Y, 0, shallow),
                run_time=max(tracker.time_until_bookmark("deep"), 1.5),
            )
            self.wait_until_bookmark("deep")
            self.play(DrawLines(chart, areas, places, _DEPTHS_Y, shallow), run_time=1.2)
            for mark, score in zip(("sigmoid", "relu"), scores, strict=True):
                self.wait_until_bookmark(mark)
                self.play(LaggedStart(*(FadeIn(part, shift=0.3 * RIGHT) for part in score), lag_ratio=0.2))

    def scores(self) -> list[VGroup]:
        """What both deepest networks read, in large type beside the chart, the better one above."""
        accuracies = self.comparison.test_accuracies[:, -1]
        better = int(np.argmax(accuracies))
        groups = []
        for kind, (name, colour, value) in enumerate(zip(NAMES, COLOURS, accuracies, strict=True)):
            number = Words(percent(value, 0), _SCORE_SIZE, colour)
            words = Words(name, theme.TITLE_SIZE, colour)
            y = STAGE_MIDDLE + (1.55 if kind == better else -1.55)
            number.move_to((_SCORES_X, y, 0))
            words.next_to(number, UP, buff=0.25).align_to(number, LEFT)
            groups.append(VGroup(words, number))
        return groups


def closed_below(places: NDArray[np.float64], foot: float) -> list[NDArray[np.float64]]:
    """The outline of the area between a line through places (n, 3) and a height."""
    left, right = np.array([places[0, 0], foot, 0]), np.array([places[-1, 0], foot, 0])
    return [left, *places, right, left]


class DrawLines(Animation):
    """The lines of a chart, its dots and the areas below them are drawn from a share of their places to another."""

    def __init__(
        self,
        chart: DepthChart,
        areas: VGroup,
        places: list[NDArray[np.float64]],
        foot: float,
        start: float = 0.0,
        stop: float = 1.0,
        **options: Any,
    ) -> None:
        self.chart, self.areas, self.places, self.foot = chart, areas, places, foot
        self.start, self.stop = start, stop
        super().__init__(Group(areas, chart.lines, chart.dots), **{"rate_func": linear, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        share = self.start + (self.stop - self.start) * self.rate_func(alpha)
        parts = zip(self.chart.lines, self.chart.dots, self.areas, self.places, strict=True)
        for line, dots, area, places in parts:
            known = np.arange(len(places))
            at = share * (len(places) - 1)
            x = np.union1d(known[known < at], [0.0, at])
            shown = np.stack([np.interp(x, known, places[:, axis]) for axis in range(3)], axis=1)
            line.set_points_as_corners(shown if len(shown) > 1 else shown[[0, 0]])
            area.set_points_as_corners(closed_below(shown, self.foot))
            dots.opacities = (known <= at + 1e-9).astype(np.float32)


def sentence_of_depths(comparison: DepthComparison, ours: int) -> str:
    """Up to which depth both functions do equally well, within two points; ours: the lesson's own hidden layers."""
    depths, (sigmoid, relu) = comparison.settings.depths, comparison.test_accuracies
    ahead = relu - sigmoid > 0.02
    if not ahead.any():
        return "On these pictures, the sigmoids keep up everywhere."
    if ahead[0]:
        return "ReLU is always ahead." if ahead.all() else "ReLU is often ahead, but not always."
    first = int(np.argmax(ahead))
    if not ahead[first:].all():
        return f"ReLU is ahead at {in_words(int(ahead.sum()))} of the {in_words(len(depths))} depths that were tried."
    layers = count_in_words(depths[first - 1], "hidden layer")
    own = f", and ours has {in_words(ours)}" if 0 < ours <= depths[first - 1] else ""
    return f"Up to {layers}, the sigmoids keep up{own}."


def sentence_of_scores(comparison: DepthComparison) -> str:
    """What both read at the greatest depth, with the bookmarks "deep", "sigmoid" and "relu"."""
    sigmoid, relu = comparison.test_accuracies[:, -1]
    nothing = sigmoid <= comparison.commonest + _NOTHING
    same = ", as if they always gave the same answer" if nothing else ""
    return (
        f"<bookmark mark='deep'/> At {in_words(comparison.deepest)}, <bookmark mark='sigmoid'/> the sigmoids read "
        f"{100 * sigmoid:.0f} percent{same}. <bookmark mark='relu'/> ReLU reads {100 * relu:.0f}."
    )
