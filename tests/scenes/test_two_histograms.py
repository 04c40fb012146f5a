"""Two histograms show how often each value occurs among the things of either kind."""

from __future__ import annotations

import numpy as np
import pytest
from manim import RIGHT

from scenes.kit.mobjects.two_histograms import TwoHistograms


def histograms(values: list[float], kind: list[bool]) -> TwoHistograms:
    return TwoHistograms(np.array(values), np.array(kind), ("with", "without"), "activation", "the pictures")


def test_histograms_are_shares_of_each_kind() -> None:
    plot = histograms([0.01, 0.02, 0.99, 0.99], [False, False, False, True])
    assert plot.shares.sum(axis=1) == pytest.approx([1, 1])
    assert plot.shares[0, -1] == 1 and plot.shares[1, 0] == pytest.approx(2 / 3)
    for bars, shares in zip(plot.bars, plot.shares, strict=True):
        tops = plot.axes.point(np.zeros(len(shares)), 100 * shares)
        np.testing.assert_allclose(bars.points[1::2, 1], tops[:, 1])
    assert [words.shown for words in plot.key] == ["with", "without"]


def test_the_histograms_are_split_where_it_is_said() -> None:
    plot = histograms([0.0, 0.2, 0.8, 1.0], [False, False, True, True]).shift(RIGHT)
    assert plot.split(0.25).get_x() == pytest.approx(plot.axes.point(0.25, 0)[0])


def test_there_must_be_both_kinds() -> None:
    for kind in ([True, True], [False, False], [True]):
        with pytest.raises(ValueError, match="at least one of each kind"):
            histograms([0.1, 0.2], kind)
