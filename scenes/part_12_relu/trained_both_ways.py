"""Trained both ways: how well networks with sigmoids and with ReLU read, at every depth."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import (
    DOWN,
    RIGHT,
    UP,
    Animation,
    Create,
    DashedLine,
    Group,
    Indicate,
    VGroup,
    VMobject,
    linear,
)
from numpy.typing import NDArray

from network.analysis.depth import DepthComparison
from scenes.kit import theme
from scenes.kit.layout import STAGE_MIDDLE
from scenes.kit.mobjects.depth_chart import DepthChart
from scenes.kit.mobjects.text import Number, Words
from scenes.part_12_relu.depth_scene import DepthScene
from scenes.part_12_relu.two_functions import COLOURS, NAMES
from scenes.wording import count_in_words, in_words, percent

# How wide and high the chart is, and its lower left corner.
_DEPTHS, _DEPTHS_X, _DEPTHS_Y = (7.6, 4.6), -5.7, -1.6
# The width of lines, and how bright the areas below them are.
_LINE, _AREA = 9, 0.14
# The right edge of the large numbers, and their size.
_SCORES_X, _SCORE_SIZE = 5.6, 190
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
        depths = found.settings.depths
        areas = VGroup(*(VMobject(stroke_width=0).set_fill(colour, _AREA) for colour in COLOURS))
        shallow = (len(depths) - 2) / (len(depths) - 1) if len(depths) > 2 else 0.0
        scores = self.scores()
        note = Words(self.other_data, theme.NOTE_SIZE, theme.QUIET_TEXT)
        notes = [note.move_to((4.9, _DEPTHS_Y - 0.6, 0))] if len(note.points) else []
        with self.voiceover(
            f"So train both, the same way, at every depth{self.more_briefly()}. "
            f"{sentence_of_depths(found, self.hidden_sigmoids())} {sentence_of_scores(found)}",
            moves="A chart of how many test pictures networks of each depth read: a line for each function is drawn, "
            "depth by depth, and two large numbers beside it follow.",
        ) as tracker:
            self.add(chart.axes, *notes, areas, chart.lines, chart.dots, *scores)
            numbers = [score[1] for score in scores]
            self.play(
                DrawLines(chart, areas, numbers, found, 0, shallow),
                run_time=max(tracker.time_until_bookmark("deep"), 1.5),
            )
            self.wait_until_bookmark("deep")
            self.play(DrawLines(chart, areas, numbers, found, shallow), run_time=1.2)
            for mark, score in zip(("sigmoid", "relu"), scores, strict=True):
                self.wait_until_bookmark(mark)
                gap = [Create(self.gap(chart), run_time=2)] if mark == "relu" else []
                self.play(Indicate(score, 1.12, None), *gap)

    def more_briefly(self) -> str:
        """For how many epochs they were trained, where the lesson's own network had more: it reads more for that."""
        if not len(self.checkpoint.snapshot_epochs):  # of a network from elsewhere nobody knows how long it was trained
            return ""
        epochs, ours = self.comparison.settings.epochs, int(self.checkpoint.snapshot_epochs[-1])
        return f", for {in_words(epochs)} epochs; ours had {ours}" if epochs < ours else ""

    def hidden_sigmoids(self) -> int:
        """How many hidden layers the lesson's own network has, if all are sigmoids; otherwise 0."""
        hidden = self.network.activations[:-1]
        return len(hidden) if set(hidden) == {"sigmoid"} else 0

    def gap(self, chart: DepthChart) -> DashedLine:
        """A line between what both read at the greatest depth."""
        low, high = (dots.centres[-1] for dots in chart.dots)
        return DashedLine(low, high, color=theme.ANSWER, stroke_width=6)

    def scores(self) -> list[VGroup]:
        """What both networks of the least depth read, in large type beside the chart, the better one above."""
        accuracies = self.comparison.test_accuracies
        better = int(np.argmax(accuracies[:, -1]))
        groups = []
        for kind, (name, colour, values) in enumerate(zip(NAMES, COLOURS, accuracies, strict=True)):
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

    numbers: one for each line, the percentage at the last depth that was reached.
    """

    def __init__(
        self,
        chart: DepthChart,
        areas: VGroup,
        numbers: list[Number],
        found: DepthComparison,
        start: float = 0.0,
        stop: float = 1.0,
        **options: Any,
    ) -> None:
        self.chart, self.areas, self.numbers = chart, areas, numbers
        self.percentages = 100 * found.test_accuracies
        self.depths = np.asarray(found.settings.depths, float)
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
