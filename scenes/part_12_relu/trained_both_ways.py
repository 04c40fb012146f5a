"""Trained both ways: the two deep networks in training, and how well each reads at every depth."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import (
    LEFT,
    RIGHT,
    UP,
    Animation,
    FadeIn,
    FadeOut,
    Group,
    LaggedStart,
    VGroup,
    VMobject,
    linear,
)
from numpy.typing import NDArray

from network.analysis.depth import DepthComparison, guessing_cost
from scenes.kit import theme
from scenes.kit.layout import STAGE_MIDDLE, STAGE_TOP
from scenes.kit.mobjects.depth_chart import DepthChart
from scenes.kit.mobjects.learning_curve import LearningCurve
from scenes.kit.mobjects.text import Words
from scenes.part_12_relu.depth_scene import DepthScene
from scenes.part_12_relu.two_functions import COLOURS, NAMES
from scenes.wording import count_in_words, in_words, percent

# How wide and high the chart of the costs and that of the depths are, and the lower left corner of the latter.
_COSTS, _DEPTHS, _DEPTHS_X, _DEPTHS_Y = (9.2, 4.7), (7.6, 4.6), -5.7, -1.6
# The width of lines, and how bright the areas below them are.
_LINE, _AREA = 9, 0.22
# The middle of the last numbers, and their size.
_SCORES_X, _SCORE_SIZE = 4.9, 190
# A network that reads less than this more than one that always gives the same answer has learned nothing.
_NOTHING = 0.005


class TrainedBothWays(DepthScene):
    """The cost of two deep networks in training, with sigmoids and with ReLU; then what they read at every depth."""

    def construct(self) -> None:
        self.the_run()
        self.every_depth()
        self.end()

    def alternative_text(self) -> str:
        found = self.comparison
        sigmoid, relu = (percent(value) for value in found.test_accuracies[:, -1])
        return (
            f"Curves of the cost of two networks with {found.deepest} hidden layers over {found.settings.epochs} "
            f"epochs. Then a chart of what networks of other depths read; at {found.deepest} layers, sigmoids reach "
            f"{sigmoid} of the test pictures, ReLU {relu}."
        )

    def the_run(self) -> None:
        self.next_section("The run")
        costs = self.comparison.costs[:, -1]
        self.cost = LearningCurve(
            dict(zip(NAMES, costs, strict=True)),
            quantity="cost, measured another way: how wrong the answers are",
            y_range=(0, _rounded_up(costs.max())),
            colours=COLOURS,
            places=2,
            width=_COSTS[0],
            height=_COSTS[1],
        )
        self.cost.move_to((-0.3, STAGE_MIDDLE, 0))
        self.cost.reveal(0)
        note = Words(self.other_data, theme.NOTE_SIZE, theme.QUIET_TEXT)
        notes = [note.move_to((2.5, STAGE_TOP - 0.2, 0))] if len(note.points) else []
        with self.voiceover(
            "So let's train both: the same pictures, in the same order. "
            + sentence_of_costs(costs, self.comparison.sizes[-1]),
            moves="Two curves of the cost are drawn, from the first epoch to the last.",
        ) as tracker:
            areas = VGroup(*(VMobject(stroke_width=0).set_fill(colour, _AREA) for colour in COLOURS))
            self.add(areas, self.cost, *notes)
            self.play(FollowCosts(self.cost, areas, costs, run_time=max(tracker.get_remaining_duration() - 1.5, 3)))
        self.shown = Group(areas, self.cost, *notes)

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
        with self.voiceover(
            f"{sentence_of_depths(found, len(self.network.layers) - 1)} {sentence_of_scores(found)}",
            moves="The curves make room for a chart: how many test pictures networks of other depths read, a line for "
            "each function. At the end of the lines stand two large numbers.",
        ) as tracker:
            self.play(FadeOut(self.shown), FadeIn(chart.axes), run_time=theme.STEP)
            self.add(areas, chart.lines)
            self.play(
                DrawLines(chart.lines, areas, places, _DEPTHS_Y, 0, shallow),
                run_time=max(tracker.time_until_bookmark("deep"), 1.5),
            )
            self.wait_until_bookmark("deep")
            self.play(DrawLines(chart.lines, areas, places, _DEPTHS_Y, shallow), run_time=1.2)
            self.play(FadeIn(chart.dots), run_time=theme.QUICK)
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


class FollowCosts(Animation):
    """Cost curves are drawn from the first epoch to the last, and so are the areas below them."""

    def __init__(self, curve: LearningCurve, areas: VGroup, costs: NDArray[np.float64], **options: Any) -> None:
        self.curve, self.areas, self.costs = curve, areas, costs
        for line in curve.curves:
            line.set_stroke(width=_LINE)
        super().__init__(Group(curve, areas), **{"rate_func": linear, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        epoch = self.curve.last_epoch * self.rate_func(alpha)
        self.curve.reveal(epoch)
        known = np.arange(self.costs.shape[1])
        x = np.union1d(known[known < epoch], [0.0, epoch])
        foot = float(self.curve.axes.lines.points[0, 1])
        for area, costs in zip(self.areas, self.costs, strict=True):
            places = self.curve.axes.point(x, np.interp(x, known, costs))
            area.set_points_as_corners(closed_below(places, foot))


def closed_below(places: NDArray[np.float64], foot: float) -> list[NDArray[np.float64]]:
    """The outline of the area between a line through places (n, 3) and a height."""
    left, right = np.array([places[0, 0], foot, 0]), np.array([places[-1, 0], foot, 0])
    return [left, *places, right, left]


class DrawLines(Animation):
    """Lines through places, and the areas below them, are drawn from a share of the places to another."""

    def __init__(
        self,
        lines: VGroup,
        areas: VGroup,
        places: list[NDArray[np.float64]],
        foot: float,
        start: float = 0.0,
        stop: float = 1.0,
        **options: Any,
    ) -> None:
        self.lines, self.areas, self.places, self.foot = lines, areas, places, foot
        self.start, self.stop = start, stop
        super().__init__(Group(areas, lines), **{"rate_func": linear, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        share = self.start + (self.stop - self.start) * self.rate_func(alpha)
        for line, area, places in zip(self.lines, self.areas, self.places, strict=True):
            known = np.arange(len(places))
            at = share * (len(places) - 1)
            x = np.union1d(known[known < at], [0.0, at])
            shown = np.stack([np.interp(x, known, places[:, axis]) for axis in range(3)], axis=1)
            line.set_points_as_corners(shown if len(shown) > 1 else shown[[0, 0]])
            area.set_points_as_corners(closed_below(shown, self.foot))


def sentence_of_costs(costs: NDArray[np.float64], classes: int) -> str:
    """What the cost curves of sigmoids and of ReLU show; costs: (2, epochs + 1)."""
    stuck = costs[:, -1] > 0.95 * guessing_cost(classes)
    if stuck[0] and not stuck[1]:
        return "The sigmoids get stuck. ReLU is on its way at once."
    if stuck[1] and not stuck[0]:
        return "Here it's ReLU that gets stuck, while the sigmoids learn."
    if stuck.all():
        return "Here both get stuck: neither of the two learns."
    if costs[1, -1] < costs[0, -1]:
        return "Both of them learn, and ReLU ends up less wrong."
    return "Both of them learn, and here the sigmoids end up less wrong."


def sentence_of_depths(comparison: DepthComparison, ours: int) -> str:
    """Up to which depth both functions do equally well, within two points; ours: the lesson's own hidden layers."""
    depths, (sigmoid, relu) = comparison.settings.depths, comparison.test_accuracies
    ahead = relu - sigmoid > 0.02
    if not ahead.any():
        return "On these pictures, the sigmoids keep up at every depth that was tried."
    if ahead[0]:
        return "ReLU is ahead at every depth." if ahead.all() else "ReLU is ahead, though not at every depth."
    first = int(np.argmax(ahead))
    if not ahead[first:].all():
        return f"ReLU is ahead at {in_words(int(ahead.sum()))} of the {in_words(len(depths))} depths that were tried."
    layers = count_in_words(depths[first - 1], "hidden layer")
    own = f", and ours has {in_words(ours)}" if 0 < ours <= depths[first - 1] else ""
    return f"To be fair, it's a matter of depth. Up to {layers}, the sigmoids keep up{own}."


def sentence_of_scores(comparison: DepthComparison) -> str:
    """What both read at the greatest depth, with plain gradient descent, and whether Adam helps the sigmoids."""
    (sigmoid, relu), clever = comparison.test_accuracies[:, -1], comparison.adam_accuracies[0]
    nothing = sigmoid <= comparison.commonest + _NOTHING
    same = ", as if they always gave the same answer" if nothing else ""
    helped, plain = (
        ("A cleverer way of turning the knobs helps them, too. ", ", the plain way,")
        if clever > sigmoid + 0.02
        else ("", "")
    )
    return (
        f"{helped}<bookmark mark='deep'/> But at {in_words(comparison.deepest)}{plain} "
        f"<bookmark mark='sigmoid'/> the sigmoids read {100 * sigmoid:.0f} percent{same}. "
        f"<bookmark mark='relu'/> ReLU reads {100 * relu:.0f}."
    )


def _rounded_up(value: float) -> float:
    """The value rounded up to half a unit of its first digit: 3.27 becomes 3.5, and 12 becomes 15."""
    step = 10 ** np.floor(np.log10(value)) / 2
    return float(np.ceil(value / step) * step)
