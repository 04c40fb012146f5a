from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from network.analysis.detectors import bar_detector
from network.analysis.locality import locality


@pytest.mark.parametrize("side", [8, 14, 28, 32])
def test_the_detector_set_by_hand_lies_in_one_window(side: int) -> None:
    measured = locality(bar_detector(side, surround=True).weights)
    assert measured.shares == pytest.approx([1])
    assert measured.local == 1
    assert measured.even == pytest.approx(measured.window**2 / side**2)


@given(seed=st.integers(0, 2**32 - 1), side=st.integers(3, 9))
def test_the_window_is_the_heaviest_of_all(seed: int, side: int) -> None:
    weights = np.random.default_rng(seed).normal(size=(2, side * side))
    measured = locality(weights)
    k = measured.window
    for neuron, picture in enumerate(np.abs(weights).reshape(2, side, side)):
        sums = {
            (row, column): picture[row : row + k, column : column + k].sum()
            for row in range(side - k + 1)
            for column in range(side - k + 1)
        }
        row, column = measured.corners[neuron]
        assert sums[row, column] == pytest.approx(max(sums.values()))
        assert measured.shares[neuron] == pytest.approx(max(sums.values()) / picture.sum())


def test_pixels_never_seen_do_not_count() -> None:
    weights, never_seen = np.zeros((1, 64)), np.zeros(64, bool)
    weights[0, 0], weights[0, 63] = 1, 1000
    never_seen[63] = True
    measured = locality(weights, never_seen)
    assert measured.shares == pytest.approx([1])
    assert measured.corners.tolist() == [[0, 0]]
    assert measured.even == pytest.approx(measured.window**2 / 63)


def test_smoothness_tells_noise_from_blots() -> None:
    rng = np.random.default_rng(0)
    noise = rng.normal(size=(1, 784))
    ramp = np.add.outer(np.arange(28.0), np.arange(28.0)).reshape(1, 784)
    chequered = (-1.0) ** ramp
    assert abs(locality(noise).smoothness[0]) < 0.15
    assert locality(ramp).smoothness[0] > 0.95
    assert locality(chequered).smoothness == pytest.approx([-1])


def test_a_neuron_without_weights_is_not_local() -> None:
    measured = locality(np.zeros((3, 16)))
    assert measured.shares.tolist() == [0, 0, 0] == measured.smoothness.tolist()
    assert measured.local == 0
    with pytest.raises(ValueError, match="rows of square pictures"):
        locality(np.zeros((3, 15)))
