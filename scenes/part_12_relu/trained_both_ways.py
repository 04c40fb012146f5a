"""The scene TrainedBothWays."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Animation,
    Create,
    FadeIn,
    FadeOut,
    Group,
    VGroup,
    VMobject,
    linear,
)
from numpy.typing import NDArray

from network.analysis.depth import DepthComparison, guessing_cost
from scenes.kit import theme
from scenes.kit.layout import STAGE_TOP
from scenes.kit.mobjects.array_mobject import rgb
from scenes.kit.mobjects.axes import Axes
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.learning_curve import LearningCurve
from scenes.kit.mobjects.text import Words, formula
from scenes.part_12_relu.shared import _COLOURS, _FIRST, _NAMES, _THEN, DepthScene, trained_elsewhere


class TrainedBothWays(DepthScene):
    """The two deep networks in training: cost and slopes of every layer; then accuracy against depth."""

    def construct(self) -> None:
        comparison = self.comparison
        self.found = comparison
        self.cost = LearningCurve(
            {name: comparison.costs[kind, -1] for kind, name in enumerate(_NAMES)},
            quantity="cost on pictures set aside",
            y_range=(0, _above(comparison.costs[:, -1].max())),
            colours=_COLOURS,
            places=2,
            width=3.9,
            height=3.9,
        )
        self.cost.shift((-6.15, -1.75, 0) - self.cost.axes.lines.points[0])
        self.profile = GradientProfile(comparison)
        self.profile.shift((1.95, -1.75, 0) - self.profile.axes.lines.points[0])

        self.the_run()
        self.with_adam()
        self.other_depths()
        self.end()

    def alternative_text(self) -> str:
        found = self.comparison
        sigmoid, relu = (percent(value) for value in found.test_accuracies[:, -1])
        return (
            f"Curves of the cost of two networks with {found.deepest} hidden layers over {found.settings.epochs} "
            f"epochs. Sigmoids reach {sigmoid} of the test pictures, ReLU {relu}; then the same at other depths."
        )

    def written_above(self, conditions: str) -> Words:
        """Under which conditions was trained, and on which data if they are others."""
        note = trained_elsewhere(self.found, self.checkpoint)
        words = Words(
            " · ".join([conditions, note] if note else [conditions]), theme.NOTE_SIZE, theme.QUIET_TEXT, width=13
        )
        return words.move_to((0, STAGE_TOP - 0.15, 0))

    def the_run(self) -> None:
        self.next_section("The run")
        rates = self.found.learning_rates[:, -1]
        self.cost.reveal(0)
        self.profile.show(0)
        self.conditions = self.written_above(
            f"plain gradient descent · learning rates falling from {rates[0]:g} (sigmoid) and {rates[1]:g} (ReLU), "
            f"the best of {len(self.found.settings.learning_rates)}"
        )
        with self.caption(
            sentence_of_costs(self.found.costs[:, -1], self.found.sizes[-1]),
            FadeIn(self.cost, self.profile, self.conditions),
            moves="Two cost curves are drawn, epoch by epoch; on the right the slopes of each layer move along.",
        ):
            self.wait(theme.STEP)
            self.play(FollowTraining(self.cost, self.profile, run_time=5 * theme.STEP))

    def with_adam(self) -> None:
        self.next_section("With Adam")
        plain = scores(self.found.test_accuracies[:, -1], "plain gradient descent").move_to((-3.3, 0.4, 0))
        clever = scores(self.found.adam_accuracies, "Adam").move_to((3.3, 0.4, 0))
        clever.shift((plain[-1].get_y() - clever[-1].get_y()) * UP)
        clever[0].align_to(plain[0], UP)
        heading = self.written_above(f"test pictures read right · {self.found.deepest} hidden layers")
        with self.caption(
            sentence_of_adam(self.found),
            FadeOut(self.cost, self.profile, self.conditions, rate_func=_FIRST),
            FadeIn(heading, plain, rate_func=_THEN),
            moves="The curves fade. In their place stand the accuracies of both networks; beside them appear those "
            "with another optimiser, Adam.",
        ):
            self.wait(theme.STEP)
            self.play(FadeIn(clever, shift=0.3 * LEFT))
        self.before = Group(plain, clever, heading)

    def other_depths(self) -> None:
        self.next_section("Other depths")
        chart = DepthChart(self.found).move_to((-0.2, 0.05, 0))
        rates = len(self.found.settings.learning_rates)
        conditions = self.written_above(f"plain gradient descent · at every depth the best of {rates} learning rates")
        with self.caption(
            sentence_of_depths(self.found),
            FadeOut(self.before, rate_func=_FIRST),
            FadeIn(chart.axes, conditions, rate_func=_THEN),
            moves="A chart: accuracy against the number of hidden layers, a line for each function.",
        ):
            self.play(*(Create(line, rate_func=linear) for line in chart.lines), run_time=theme.FLOW)
            self.play(FadeIn(chart.dots, chart.names), run_time=theme.QUICK)


class GradientProfile(Group):
    """How large the slopes are at each layer of the two deep networks, on a logarithmic scale, at any epoch.

    It shows the root mean square of ∂C/∂w; sizes that are 0 stand at the foot.
    """

    def __init__(self, comparison: DepthComparison, width: float = 4.4, height: float = 3.9) -> None:
        super().__init__()
        sizes = comparison.gradient_sizes
        least = float(sizes[sizes > 0].min()) if (sizes > 0).any() else 0.1
        self.lowest = float(np.floor(np.log10(max(least, 1e-12))))
        highest = float(max(np.ceil(np.log10(max(float(sizes.max()), 1e-11))), self.lowest + 1))
        self.heights = np.log10(np.maximum(sizes, 10**self.lowest))
        layers = sizes.shape[2]
        every = max(int(np.ceil((highest - self.lowest) / 6)), 1)
        marks = np.arange(highest, self.lowest - 0.5, -every)
        shown = np.arange(1, layers + 1, max(layers // 8, 1))
        self.axes = Axes(
            (0.4, layers + 0.4),
            (self.lowest, highest),
            "layer",
            "slopes of the cost, typical size",
            width,
            height,
            x_ticks=shown,
            y_ticks=[],
        )
        self.marks = VGroup(
            *(
                formula(f"10^({mark:.0f})".replace("-", "−") if mark else "1", 30, theme.QUIET_TEXT).next_to(
                    self.axes.point(self.axes.x_range[0], mark), LEFT, buff=0.2
                )
                for mark in marks
            )
        )
        self.lines = VGroup(*(VMobject(stroke_color=colour, stroke_width=4) for colour in _COLOURS))
        self.dots = Group(*(Cells(np.zeros((layers, 3)), 0.17, 1, rgb(colour), stroke_width=0) for colour in _COLOURS))
        self.add(self.axes, self.marks, self.lines)
        for dots in self.dots:
            self.add(dots)
        self.show(0)

    def show(self, epoch: float) -> Self:
        """The slopes at an epoch; between two that were measured, on the straight line between."""
        before = min(int(epoch), self.heights.shape[1] - 1)
        after = min(before + 1, self.heights.shape[1] - 1)
        now = self.heights[:, before] + (self.heights[:, after] - self.heights[:, before]) * (epoch - before)
        for line, dots, heights in zip(self.lines, self.dots, now, strict=True):
            places = self.axes.point(np.arange(1, len(heights) + 1), heights)
            line.set_points_as_corners(places)
            dots.place(places, 0.17)
        return self


class FollowTraining(Animation):
    """Cost curves are drawn from the first epoch to the last, and a profile of slopes goes along."""

    def __init__(self, curve: LearningCurve, profile: GradientProfile, **options: Any) -> None:
        self.curve, self.profile = curve, profile
        super().__init__(Group(curve, profile), **{"rate_func": linear, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        epoch = self.curve.last_epoch * self.rate_func(alpha)
        self.curve.reveal(epoch)
        self.profile.show(epoch)


class DepthChart(Group):
    """Test accuracy against the number of hidden layers, a line for sigmoids and one for ReLU."""

    def __init__(self, comparison: DepthComparison, width: float = 9.4, height: float = 4.3) -> None:
        super().__init__()
        depths = np.array(comparison.settings.depths, float)
        reach = (depths[0] - 0.4, depths[-1] + 0.4)
        self.axes = Axes(reach, (0, 100), "hidden layers", "test pictures read right, %", width, height, x_ticks=depths)
        self.lines, self.dots, self.names = VGroup(), Group(), VGroup()
        ends = []
        for accuracies, colour in zip(100 * comparison.test_accuracies, _COLOURS, strict=True):
            places = self.axes.point(depths, accuracies)
            line = VMobject(stroke_color=colour, stroke_width=5).set_points_as_corners(
                places if len(places) > 1 else [places[0], places[0]]
            )
            self.lines.add(line)
            self.dots.add(Cells(places, 0.24, 1, rgb(colour), stroke_width=0))
            ends.append(places[-1])
        for name, colour, end, value in zip(_NAMES, _COLOURS, ends, comparison.test_accuracies[:, -1], strict=True):
            words = Words(f"{name}  {percent(value)}", theme.LABEL_SIZE, colour)
            self.names.add(words.move_to(end + 0.35 * RIGHT, aligned_edge=LEFT))
        gap = self.names[1].get_y() - self.names[0].get_y()
        if abs(gap) < 0.5:
            apart = (0.5 - abs(gap)) / 2 * (UP if gap >= 0 else DOWN)
            self.names[1].shift(apart)
            self.names[0].shift(-apart)
        self.add(self.axes, self.lines, self.names)
        for dots in self.dots:
            self.add(dots)


def scores(accuracies: NDArray[np.float64], heading: str) -> VGroup:
    """Two accuracies, one below the other, under a heading."""
    rows = VGroup(Words(heading, theme.LABEL_SIZE, theme.QUIET_TEXT))
    for name, colour, value in zip(_NAMES, _COLOURS, accuracies, strict=True):
        rows.add(
            VGroup(Words(name, theme.LABEL_SIZE, colour), Words(percent(value), 96, colour)).arrange(DOWN, buff=0.22)
        )
    return rows.arrange(DOWN, buff=0.6)


def percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def sentence_of_costs(costs: NDArray[np.float64], classes: int) -> str:
    """What the cost curves of sigmoids and of ReLU show; (2, epochs + 1)."""
    stuck = costs[:, -1] > 0.95 * guessing_cost(classes)
    if stuck[0] and not stuck[1]:
        return "With sigmoids the cost gets stuck. With ReLU it falls."
    if stuck[1] and not stuck[0]:
        return "Here it is ReLU whose cost gets stuck, while the sigmoids learn."
    if stuck.all():
        return "Here both costs get stuck: neither of the two learns."
    if costs[1, -1] < costs[0, -1]:
        return "Both costs fall; with ReLU it ends lower."
    return "Both costs fall; here the sigmoids end lower."


def sentence_of_adam(comparison: DepthComparison) -> str:
    """How Adam changes that."""
    (sigmoid, _), clever = comparison.test_accuracies[:, -1], comparison.adam_accuracies
    if clever[0] <= sigmoid + 0.005:
        return f"Adam, a cleverer optimiser, does not help the sigmoids: {percent(clever[0])}."
    helped = (
        "rescues the sigmoids" if sigmoid <= comparison.commonest + 0.005 and clever[0] > 0.5 else "helps the sigmoids"
    )
    return f"Adam, a cleverer optimiser, {helped}" + (
        "; ReLU stays ahead." if clever[1] > clever[0] else ": they overtake ReLU."
    )


def sentence_of_depths(comparison: DepthComparison) -> str:
    """Up to which depth both functions do about equally well, and what happens beyond."""
    depths, (sigmoid, relu) = comparison.settings.depths, comparison.test_accuracies
    ahead = relu - sigmoid > 0.02
    if not ahead.any():
        return "On these pictures the sigmoids keep up at every depth that was tried."
    if ahead[0]:
        return "ReLU is ahead at every depth." if ahead.all() else "ReLU is ahead, but not at every depth."
    first = int(np.argmax(ahead))
    if not ahead[first:].all():
        return f"ReLU is ahead at {int(ahead.sum())} of {len(depths)} depths."
    layers = "one hidden layer" if depths[first - 1] == 1 else f"{depths[first - 1]} hidden layers"
    return f"Up to {layers} they are nearly equal; deeper, the sigmoids fall behind."


def _above(value: float) -> float:
    """A round number that is not below."""
    step = 10 ** np.floor(np.log10(value)) / 2
    return float(np.ceil(value / step) * step)
