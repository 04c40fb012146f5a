"""Bars are as long as the numbers they stand for."""

from __future__ import annotations

import numpy as np
import pytest

from scenes.kit.animations.grow_bars import GrowPercentBars
from scenes.kit.mobjects.bars import DividedBars, PercentBars

TABLE = np.array([[30, 60, 10], [0, 0, 0], [5, 0, 995]])


def heights(bars: PercentBars) -> np.ndarray:
    return bars.boxes.points[1::2, 1] - bars.boxes.points[0::2, 1]


def test_a_bar_is_as_high_as_its_percentage() -> None:
    bars = PercentBars([-2, 0, 2], 1, foot=-3, height=5).show([100, 40, 20])
    assert heights(bars) == pytest.approx([5, 2, 1])
    assert bars.boxes.centres[:, 0] == pytest.approx([-2, 0, 2])
    assert bars.numbers.values.tolist() == [100, 40, 20]


def test_bars_grow_out_of_others() -> None:
    bars = PercentBars([-1, 1], 0.5, foot=0, height=4)
    growing = GrowPercentBars(bars, [50, 10], start=[100, 20], middles=[-1.5, 0.5], rate_func=lambda share: share)
    growing.interpolate_mobject(0)
    assert heights(bars) == pytest.approx([4, 0.8]) and bars.boxes.centres[:, 0] == pytest.approx([-1.5, 0.5])
    assert not bars.numbers.opacities.any(), "they would cover the other bars' numbers"
    growing.interpolate_mobject(0.5)
    assert heights(bars) == pytest.approx([4, 0.8]) and bars.boxes.centres[:, 0] == pytest.approx([-1, 1])
    growing.interpolate_mobject(1)
    assert heights(bars) == pytest.approx([2, 0.4]) and (bars.numbers.opacities == 1).all()


def test_a_divided_bar_shows_the_shares_of_its_row() -> None:
    chart = DividedBars(TABLE, ["a", "b", "c"], ["none", "one", "more"])
    assert chart.rows.tolist() == [0, 2], "a row of zeros has no bar"
    widths = (chart.bars.points[1::2, 0] - chart.bars.points[0::2, 0]).reshape(-1, 3)
    shares = widths / (chart.RIGHT_EDGE - chart.LEFT_EDGE)
    assert shares == pytest.approx(TABLE[[0, 2]] / TABLE[[0, 2]].sum(axis=1, keepdims=True))
    assert [name.shown for name in chart.names] == ["a", "c"]
    counts = TABLE[[0, 2]].ravel()
    assert [int(text) for text in chart.numbers.texts] == counts[chart.numbered].tolist() == [30, 60, 10, 995]


def test_the_rows_spoken_of_stay_bright() -> None:
    chart = DividedBars(TABLE, ["a", "b", "c"], ["none", "one", "more"])
    to_bars, to_numbers, *_ = chart.emphasise({2})
    assert to_bars.target_mobject.opacities.tolist() == [0.25] * 3 + [1] * 3
    assert to_numbers.target_mobject.opacities.tolist() == [0.25] * 3 + [1]
