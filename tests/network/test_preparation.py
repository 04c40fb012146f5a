"""A drawing is scaled and moved as MNIST's pictures were."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from network.checkpoint import load_checkpoint
from network.digits import Digits, load_digits
from network.preparation import prepare, shrink
from scenes.settings import DEFAULT_CHECKPOINT, DEFAULT_DATA


def centre(picture: np.ndarray) -> tuple[float, float]:
    y, x = np.mgrid[: picture.shape[0], : picture.shape[1]]
    return float((picture * y).sum() / picture.sum()), float((picture * x).sum() / picture.sum())


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 90), st.integers(1, 90), st.integers(0, 60), st.integers(0, 60), st.sampled_from([28, 8, 14]))
def test_a_box_of_any_size_anywhere_comes_to_the_middle(height: int, width: int, y: int, x: int, side: int) -> None:
    drawing = np.zeros((160, 170))
    drawing[y : y + height, x : x + width] = 1
    picture = prepare(drawing, side)
    assert picture.shape == (side, side) and picture.dtype == np.float32
    step = max(height, width) / (side * 20 / 28)
    # A few pixels made larger reach beyond the picture with their soft edges.
    assert centre(picture) == pytest.approx((side / 2, side / 2), abs=0.02 if step >= 1 else 0.5)
    ink = picture.sum(dtype=float)
    if step >= 1:  # it is made smaller, and no ink is lost or made
        assert ink == pytest.approx(height * width / step**2, rel=1e-3)
        assert np.ptp(np.flatnonzero(picture.max(axis=0 if width >= height else 1) > 0.01)) <= side * 20 / 28 + 1


@given(st.integers(2, 6))
def test_a_drawing_and_the_same_one_larger_are_one_picture(times: int) -> None:
    rng = np.random.default_rng(times)
    drawing = np.zeros((60, 60))
    drawing[10:45, 20:50] = rng.random((35, 30))
    larger = np.kron(drawing, np.ones((times, times)))
    np.testing.assert_allclose(prepare(larger), prepare(drawing), atol=1e-5)
    np.testing.assert_allclose(shrink(larger), shrink(drawing), atol=1e-5)


def test_without_ink_there_is_nothing(make_digits: Callable[..., Digits]) -> None:
    assert not prepare(np.zeros((30, 30))).any()
    assert not prepare(np.full((30, 30), 0.05)).any()
    picture = make_digits(1, side=28).images[0]
    np.testing.assert_allclose(shrink(picture), picture, atol=1e-6)


@pytest.mark.parametrize("drawing", [np.zeros(5), np.zeros((0, 3)), [[2.0]], [[np.nan]], [[-0.1]]])
def test_what_is_no_drawing_is_refused(drawing: object) -> None:
    with pytest.raises(ValueError, match="drawing must"):
        prepare(drawing)  # type: ignore[arg-type]


def test_preparing_mnists_own_pictures_costs_at_most_a_point() -> None:
    network, digits = load_checkpoint(DEFAULT_CHECKPOINT).network, load_digits(DEFAULT_DATA, "test")
    as_they_are = (network.classify(digits.vectors) == digits.labels).mean()
    prepared = np.stack([prepare(image) for image in digits.images])
    assert (network.classify(prepared) == digits.labels).mean() > as_they_are - 0.01
