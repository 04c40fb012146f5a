"""Signed bars are as long as their values."""

from __future__ import annotations

import numpy as np
import pytest

from scenes.kit import theme
from scenes.kit.animations.grow_signed_bars import GrowSignedBars
from scenes.kit.colour import rgb
from scenes.kit.mobjects.signed_bars import SignedBars


def heights(bars: SignedBars) -> np.ndarray:
    """How far each bar reaches from the line at 0, as a share of the way to ±1."""
    foot, head = bars.bars.points[0::2, 1] - bars.y, bars.bars.points[1::2, 1] - bars.y
    assert (np.minimum(np.abs(foot), np.abs(head)) < 1e-9).all()
    return (foot + head) / bars.reach


def test_bars_are_as_long_as_their_values() -> None:
    values = np.array([-0.9, 0.25, 1.0])
    bars = SignedBars(3, y=1, height=4).show(values)
    np.testing.assert_allclose(heights(bars), values)
    np.testing.assert_array_equal(bars.numbers.values, values)
    assert (bars.numbers.opacities == 1).all()


def test_bars_without_room_tell_only_the_greatest() -> None:
    bars = SignedBars(64, 0, 2).show(np.linspace(-0.9, 0.5, 64))
    assert bars.numbers.opacities.nonzero()[0].tolist() == [0]


def test_bars_grow_from_0_to_their_values() -> None:
    values = np.array([-0.9, 0.25, 1.0])
    bars = SignedBars(3, y=0, height=4)
    growing = GrowSignedBars(bars, values, rate_func=lambda share: share)
    growing.begin()
    for share in (0, 0.4, 1):
        growing.interpolate(share)
        np.testing.assert_allclose(heights(bars), share * values)


def test_only_the_marked_bar_has_the_colour_of_answers() -> None:
    marked = SignedBars(5, 0, 2).marked(3)
    yellow = (marked.colours == rgb(theme.ANSWER)).all(axis=1)
    assert np.flatnonzero(yellow).tolist() == [3]


@pytest.mark.parametrize("n", [1, 8, 200])
def test_bars_stand_beside_each_other_between_the_ends_of_the_axis(n: int) -> None:
    bars = SignedBars(n, 0, 2)
    left, right = bars.bars.points[0::2, 0], bars.bars.points[1::2, 0]
    assert (right[:-1] < left[1:]).all()
    assert left[0] > bars.LEFT_EDGE and right[-1] < bars.RIGHT_EDGE
