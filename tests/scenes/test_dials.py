"""Dials are turned by their values, and stay so when they move and change."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from scenes.kit import theme
from scenes.kit.colour import rgb
from scenes.kit.mobjects.dials import Dials

ROW = np.array([[-3.0, 0, 0], [-1, 0, 0], [1, 0, 0], [3, 0, 0]])


def angles(dials: Dials) -> np.ndarray:
    """Clockwise from the top, in degrees."""
    starts, ends = dials.hands
    way = ends - starts
    return np.degrees(np.arctan2(way[:, 0], way[:, 1]))


def test_a_hand_points_by_its_value_and_stops_at_the_end() -> None:
    dials = Dials(ROW, 1.5, [-2, 0, 1, 5], limit=2)
    assert angles(dials) == pytest.approx([-135, 0, 67.5, 135])
    assert (dials.colours[0] > 0).any() and dials.colours[0].argmax() == rgb(theme.NEGATIVE).argmax()
    assert not dials.colours[1].any()
    assert dials.colours[3].argmax() == rgb(theme.POSITIVE).argmax()
    assert angles(dials.copy().scale(0.1).shift([1, 2, 0])) == pytest.approx(angles(dials))


def test_the_greatest_value_is_the_limit_if_none_is_given() -> None:
    assert angles(Dials(ROW, 1, [0, 0, 4, -4])) == pytest.approx([0, 0, 135, -135])
    assert angles(Dials(ROW, 1, [0, 0, 0, 0])) == pytest.approx([0, 0, 0, 0])


def test_on_the_way_to_another_value_the_colour_is_that_of_the_hand() -> None:
    start, target = Dials(ROW, 1, [1, 1, 1, -1], 1), Dials(ROW, 1, [-1, 1, 0, 1], 1)
    between = start.copy()
    between.interpolate(start, target, 0.5)
    expected = Dials(ROW, 1, [0, 1, 0.5, 0], 1)
    assert between.turns == pytest.approx(expected.turns)
    assert between.colours == pytest.approx(expected.colours)


def test_hands_are_drawn_where_they_point(frame_of: Any) -> None:
    for size in (3.0, 0.2):
        dials = Dials([[0, 0, 0]], size, [1], 2)
        frame = frame_of([dials], 1080)[..., :3].astype(int)
        (start,), (end,) = dials.hands
        x, y = ((start + end) / 2)[:2] * 135
        assert frame[round(540 - y), round(960 + x)].min() > 200
        assert frame[round(540 + y), round(960 - x)].min() < 100


def test_what_does_not_fit_is_told() -> None:
    with pytest.raises(ValueError, match="values"):
        Dials(ROW, 1, [1, 2])
    with pytest.raises(ValueError, match="limit must be 0 or more"):
        Dials(ROW, 1, [1, 2, 3, 4], limit=-1)
