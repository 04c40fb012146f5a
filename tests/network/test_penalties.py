from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from network.network import Array
from network.penalties import gathered, roughness, smoothed, spread


@given(side=st.integers(1, 5), amount=st.floats(0, 50), seed=st.integers(0, 2**32 - 1))
def test_a_smoothing_step_is_the_least_of_its_sum(side: int, amount: float, seed: int) -> None:
    weights = np.random.default_rng(seed).normal(size=(2, side * side))

    def total(other: Array) -> float:
        return amount * roughness(other) + 0.5 * float(np.square(other - weights).sum())

    assert_least(total, smoothed(weights, amount))


@given(side=st.integers(1, 5), amount=st.floats(0, 50), seed=st.integers(0, 2**32 - 1))
def test_a_gathering_step_is_the_least_of_its_sum(side: int, amount: float, seed: int) -> None:
    weights = np.random.default_rng(seed).normal(size=(1, side * side))
    shares = np.square(weights[0]) / np.square(weights).sum()
    places = (np.indices((side, side)).reshape(2, -1) + 0.5) / side
    distances = np.square(places - (places @ shares)[:, None]).sum(axis=0)
    assert spread(weights) == pytest.approx(0.5 * float(np.square(weights[0]) @ distances))

    def total(other: Array) -> float:
        return amount * 0.5 * float(np.square(other[0]) @ distances) + 0.5 * float(np.square(other - weights).sum())

    assert_least(total, gathered(weights, amount))


def assert_least(total: Callable[[Array], float], found: Array) -> None:
    """No slope in any direction, by central differences; the sums are convex, so that it is the least."""
    for place in np.ndindex(*found.shape):
        step = np.zeros_like(found)
        step[place] = 1e-4
        assert total(found + step) - total(found - step) == pytest.approx(0, abs=1e-8)


def test_what_is_even_is_not_rough_and_what_is_in_one_place_has_no_spread() -> None:
    even = np.full((3, 16), 0.7)
    assert roughness(even) == 0
    np.testing.assert_allclose(smoothed(even, 9), even)
    point = np.zeros((2, 25))
    point[0, 7], point[1, 24] = 2, -3
    assert spread(point) == pytest.approx(0, abs=1e-12)
    np.testing.assert_allclose(gathered(point, 9), point)
    assert roughness(point) == 0.5 * (4 * 2**2 + 2 * 3**2)  # four neighbours, and two in a corner


def test_spread_is_by_the_neurons_own_centre_and_by_the_pictures_side() -> None:
    # Two equal weights at the ends of a row: the centre is half way, ¾ · ½ of the side from both.
    weights = np.zeros((1, 16))
    weights[0, [0, 3]] = 1, -1
    assert spread(weights) == pytest.approx(0.5 * 2 * (3 / 8) ** 2)
    assert spread(np.roll(weights, 4)) == pytest.approx(spread(weights))  # a row further down


def test_neurons_without_weights_stay_so() -> None:
    nothing = np.zeros((2, 9), np.float32)
    for step in (smoothed, gathered):
        assert not step(nothing, 3).any()
        assert step(nothing, 3).dtype == np.float32


@pytest.mark.parametrize("step", [smoothed, gathered])
def test_no_strength_is_too_great(step: Callable[[Array, float], Array]) -> None:
    weights = np.random.default_rng(0).normal(size=(3, 49)).astype(np.float32)
    assert np.abs(step(weights, 1e6)).max() <= np.abs(weights).max()
    np.testing.assert_allclose(step(weights, 0), weights, atol=1e-6)


@pytest.mark.parametrize("shape", [(9,), (2, 8), (1, 3, 3)])
def test_only_square_pictures_can_be_judged(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="rows of square pictures"):
        roughness(np.zeros(shape))
