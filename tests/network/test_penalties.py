from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from network.network import Array
from network.penalties import roughness, roughness_slope, spread, spread_slope


@pytest.mark.parametrize(("penalty", "slope"), [(roughness, roughness_slope), (spread, spread_slope)])
@given(side=st.integers(1, 5), seed=st.integers(0, 2**32 - 1))
def test_slopes_agree_with_central_differences(
    penalty: Callable[[Array], float], slope: Callable[[Array], Array], side: int, seed: int
) -> None:
    weights = np.random.default_rng(seed).normal(size=(2, side * side))
    expected = np.empty_like(weights)
    for place in np.ndindex(*weights.shape):
        step = np.zeros_like(weights)
        step[place] = 1e-5
        expected[place] = (penalty(weights + step) - penalty(weights - step)) / 2e-5
    np.testing.assert_allclose(slope(weights), expected, atol=1e-7)


def test_what_is_even_is_not_rough_and_what_is_in_one_place_has_no_spread() -> None:
    even = np.full((3, 16), 0.7)
    assert roughness(even) == 0 and not roughness_slope(even).any()
    point = np.zeros((2, 25))
    point[0, 7], point[1, 24] = 2, -3
    assert spread(point) == pytest.approx(0, abs=1e-12)
    assert roughness(point) == 0.5 * (4 * 2**2 + 2 * 3**2)  # four neighbours, and two in a corner


def test_spread_is_by_the_neurons_own_centre_and_by_the_pictures_side() -> None:
    # Two equal weights at the ends of a row: the centre is half way, ¾ · ½ of the side from both.
    weights = np.zeros((1, 16))
    weights[0, [0, 3]] = 1, -1
    assert spread(weights) == pytest.approx(0.5 * 2 * (3 / 8) ** 2)
    assert spread(np.roll(weights, 4)) == pytest.approx(spread(weights))  # a row further down


def test_neurons_without_weights_have_no_slope() -> None:
    nothing = np.zeros((2, 9), np.float32)
    assert not spread_slope(nothing).any() and not roughness_slope(nothing).any()
    assert spread_slope(nothing).dtype == np.float32


@pytest.mark.parametrize("shape", [(9,), (2, 8), (1, 3, 3)])
def test_only_square_pictures_can_be_judged(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="rows of square pictures"):
        roughness(np.zeros(shape))
