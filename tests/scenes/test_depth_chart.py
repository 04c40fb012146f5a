"""The chart shows the accuracies at each depth, and both names can be read."""

from __future__ import annotations

import numpy as np
import pytest

from scenes.kit import theme
from scenes.kit.mobjects.depth_chart import DepthChart
from scenes.wording import percent

DEPTHS, NAMES, COLOURS = (1, 2, 4), ("sigmoid", "ReLU"), (theme.ANSWER, theme.POSITIVE)


def test_the_chart_shows_the_measured_accuracies() -> None:
    accuracies = np.array([[0.94, 0.9, 0.2], [0.95, 0.95, 0.94]])
    chart = DepthChart(DEPTHS, accuracies, NAMES, COLOURS)
    for kind in range(2):
        expected = chart.axes.point(DEPTHS, 100 * accuracies[kind])
        np.testing.assert_allclose(chart.dots[kind].centres, expected, atol=1e-6)
        assert chart.names[kind].shown == f"{NAMES[kind]}  {percent(accuracies[kind, -1])}"


def test_the_names_of_equal_lines_stand_apart() -> None:
    chart = DepthChart(DEPTHS, np.full((2, 3), 0.9), NAMES, COLOURS)
    assert chart.names[1].get_bottom()[1] > chart.names[0].get_top()[1]


def test_there_must_be_an_accuracy_for_each_depth_of_both_kinds() -> None:
    with pytest.raises(ValueError, match=r"shape \(2, 3\); got \(2, 2\)"):
        DepthChart(DEPTHS, np.full((2, 2), 0.9), NAMES, COLOURS)
