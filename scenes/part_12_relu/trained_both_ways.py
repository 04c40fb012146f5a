"""Trained both ways: the two deep networks in training, and accuracy against depth."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import (
    DOWN,
    LEFT,
    UP,
    Animation,
    Create,
    FadeIn,
    FadeOut,
    Group,
    VGroup,
    linear,
)
from numpy.typing import NDArray

from network.analysis.depth import DepthComparison, guessing_cost
from scenes.kit import theme
from scenes.kit.layout import STAGE_TOP
from scenes.kit.mobjects.depth_chart import DepthChart
from scenes.kit.mobjects.gradient_profile import GradientProfile
from scenes.kit.mobjects.learning_curve import LearningCurve
from scenes.kit.mobjects.text import Words
from scenes.part_12_relu.depth_scene import FIRST, THEN, DepthScene
from scenes.part_12_relu.two_functions import COLOURS, NAMES
from scenes.wording import percent

# The lower left corners of the stages of both charts, and the size of the first.
_COST_X, _PROFILE_X, _FOOT = -6.15, 1.95, -1.75
_COST_EXTENT = 3.9
# The middle of the accuracies with plain gradient descent and of those with Adam, on either side.
_SCORES_X, _SCORES_Y = 3.3, 0.4


class TrainedBothWays(DepthScene):
    """The two deep networks in training: cost and slopes of every layer; then accuracy against depth."""

    def construct(self) -> None:
        costs = self.comparison.costs[:, -1]
        self.cost = LearningCurve(
            dict(zip(NAMES, costs, strict=True)),
            quantity="cost on pictures set aside",
            y_range=(0, _rounded_up(costs.max())),
            colours=COLOURS,
            places=2,
            width=_COST_EXTENT,
            height=_COST_EXTENT,
        )
        self.cost.shift((_COST_X, _FOOT, 0) - self.cost.axes.lines.points[0])
        self.profile = GradientProfile(self.comparison.gradient_sizes, COLOURS)
        self.profile.shift((_PROFILE_X, _FOOT, 0) - self.profile.axes.lines.points[0])

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
        """A line at the top: how the networks were trained, and on which data if it is not the lesson's."""
        note = self.other_data
        words = Words(
            " · ".join([conditions, note] if note else [conditions]), theme.NOTE_SIZE, theme.QUIET_TEXT, width=13
        )
        return words.move_to((0, STAGE_TOP - 0.15, 0))

    def the_run(self) -> None:
        self.next_section("The run")
        rates = self.comparison.learning_rates[:, -1]
        self.cost.reveal(0)
        self.profile.show(0)
        self.conditions = self.written_above(
            f"plain gradient descent · learning rates falling from {rates[0]:g} (sigmoid) and {rates[1]:g} (ReLU), "
            f"the best of {len(self.comparison.settings.learning_rates)}"
        )
        with self.voiceover(
            sentence_of_costs(self.comparison.costs[:, -1], self.comparison.sizes[-1]),
            moves="Two cost curves are drawn, epoch by epoch; on the right the slopes of each layer move along.",
        ):
            self.play(FadeIn(self.cost, self.profile, self.conditions))
            self.wait(theme.STEP)
            self.play(FollowTraining(self.cost, self.profile, run_time=5 * theme.STEP))

    def with_adam(self) -> None:
        self.next_section("With Adam")
        plain = scores(self.comparison.test_accuracies[:, -1], "plain gradient descent").move_to(
            (-_SCORES_X, _SCORES_Y, 0)
        )
        clever = scores(self.comparison.adam_accuracies, "Adam").move_to((_SCORES_X, _SCORES_Y, 0))
        clever.shift((plain[-1].get_y() - clever[-1].get_y()) * UP)
        clever[0].align_to(plain[0], UP)
        heading = self.written_above(f"test pictures read right · {self.comparison.deepest} hidden layers")
        with self.voiceover(
            sentence_of_adam(self.comparison),
            moves="The curves fade. In their place stand the accuracies of both networks; beside them appear those "
            "with another optimiser, Adam.",
        ):
            self.play(
                FadeOut(self.cost, self.profile, self.conditions, rate_func=FIRST),
                FadeIn(heading, plain, rate_func=THEN),
            )
            self.wait(theme.STEP)
            self.play(FadeIn(clever, shift=0.3 * LEFT))
        self.before = Group(plain, clever, heading)

    def other_depths(self) -> None:
        self.next_section("Other depths")
        found = self.comparison
        chart = DepthChart(found.settings.depths, found.test_accuracies, NAMES, COLOURS).move_to((-0.2, 0.05, 0))
        rates = len(found.settings.learning_rates)
        conditions = self.written_above(f"plain gradient descent · at every depth the best of {rates} learning rates")
        with self.voiceover(
            sentence_of_depths(found),
            moves="A chart: accuracy against the number of hidden layers, a line for each function.",
        ):
            self.play(FadeOut(self.before, rate_func=FIRST), FadeIn(chart.axes, conditions, rate_func=THEN))
            self.play(*(Create(line, rate_func=linear) for line in chart.lines), run_time=theme.FLOW)
            self.play(FadeIn(chart.dots, chart.names), run_time=theme.QUICK)


class FollowTraining(Animation):
    """Cost curves are drawn from the first epoch to the last, and the profile of slopes shows the same epochs."""

    def __init__(self, curve: LearningCurve, profile: GradientProfile, **options: Any) -> None:
        self.curve, self.profile = curve, profile
        super().__init__(Group(curve, profile), **{"rate_func": linear, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        epoch = self.curve.last_epoch * self.rate_func(alpha)
        self.curve.reveal(epoch)
        self.profile.show(epoch)


def scores(accuracies: NDArray[np.float64], heading: str) -> VGroup:
    """Two accuracies, one below the other, under a heading."""
    rows = VGroup(Words(heading, theme.LABEL_SIZE, theme.QUIET_TEXT))
    for name, colour, value in zip(NAMES, COLOURS, accuracies, strict=True):
        rows.add(
            VGroup(Words(name, theme.LABEL_SIZE, colour), Words(percent(value), 96, colour)).arrange(DOWN, buff=0.22)
        )
    return rows.arrange(DOWN, buff=0.6)


def sentence_of_costs(costs: NDArray[np.float64], classes: int) -> str:
    """What the cost curves of sigmoids and of ReLU show; costs: (2, epochs + 1)."""
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
    """What Adam changes, compared with plain gradient descent."""
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
    """Up to which depth both functions do equally well, within two points, and what happens beyond."""
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


def _rounded_up(value: float) -> float:
    """The value rounded up to half a unit of its first digit: 3.27 becomes 3.5, and 12 becomes 15."""
    step = 10 ** np.floor(np.log10(value)) / 2
    return float(np.ceil(value / step) * step)
