from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from network.distortion import Distortion

NOTHING = Distortion(rotation=0, scale=0, shear=0, shift=0, elastic=0)


def spots(n: int, side: int = 28) -> np.ndarray:
    """Pictures with a soft bright spot in the middle, (n, side²)."""
    y, x = np.mgrid[:side, :side] - (side - 1) / 2
    return np.tile(np.exp(-(x**2 + y**2) / 8).astype(np.float32).ravel(), (n, 1))


def centres(images: np.ndarray, side: int = 28) -> np.ndarray:
    """The centre of mass of each picture, (n, 2) rows and columns from the middle."""
    squares = images.reshape(-1, side, side)
    places = np.arange(side) - (side - 1) / 2
    mass = squares.sum(axis=(1, 2))
    return np.stack([squares.sum(axis=2) @ places / mass, squares.sum(axis=1) @ places / mass], axis=1)


@settings(deadline=None, max_examples=40)
@given(n=st.integers(0, 70), side=st.integers(2, 30), seed=st.integers(0, 2**32 - 1), strength=st.floats(0, 4))
def test_distorted_images_keep_their_shape_type_and_range(n: int, side: int, seed: int, strength: float) -> None:
    rng = np.random.default_rng(seed)
    images = rng.uniform(0, 1, (n, side * side)).astype(np.float32)
    kept = images.copy()
    strong = Distortion(*(strength * value for value in (5, 0.06, 0.06, 0.5, 0.5)), smoothing=4)
    distorted = strong.apply(images, rng)
    assert (distorted.shape, distorted.dtype) == (images.shape, images.dtype)
    assert ((distorted >= 0) & (distorted <= 1 + 1e-6)).all()
    assert np.array_equal(images, kept)
    assert not np.shares_memory(distorted, images)


@settings(deadline=None, max_examples=20)
@given(n=st.integers(1, 70), side=st.integers(2, 30), seed=st.integers(0, 2**32 - 1))
def test_without_strength_nothing_changes(n: int, side: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    images = rng.uniform(0, 1, (n, side * side)).astype(np.float32)
    np.testing.assert_allclose(NOTHING.apply(images, rng), images, atol=1e-5)


def test_a_shift_moves_the_mass_at_most_so_far() -> None:
    moved = centres(replace(NOTHING, shift=2).apply(spots(2000), np.random.default_rng(0)))
    assert 1.8 < np.abs(moved).max() < 2.02
    assert np.abs(moved.mean(axis=0)).max() < 0.5  # to all sides


def test_rotation_scale_and_shear_leave_the_middle_where_it_is() -> None:
    turned = replace(NOTHING, rotation=20, scale=0.2, shear=0.2).apply(spots(500), np.random.default_rng(0))
    assert np.abs(centres(turned)).max() < 0.05
    assert np.abs(turned - spots(500)).max() > 0.05


def test_rotation_turns_by_at_most_so_many_degrees() -> None:
    # A bar that points right, and the angle of its mass afterwards.
    bar = np.zeros((28, 28), np.float32)
    bar[13:15, 14:26] = 1
    turned = replace(NOTHING, rotation=10).apply(np.tile(bar.ravel(), (2000, 1)), np.random.default_rng(0))
    y, x = centres(turned).T
    angles = np.degrees(np.arctan2(y, x))
    assert 9 < np.abs(angles).max() < 10.5
    assert angles.min() < 0 < angles.max()


def test_elastic_arrows_are_as_long_as_they_say() -> None:
    arrows = replace(NOTHING, elastic=0.7)._elastic_field(300, 28, np.random.default_rng(0))
    assert np.sqrt((arrows**2).sum(axis=1).mean()) == pytest.approx(0.7, rel=0.05)


def test_distortions_are_fresh_every_time_and_repeat_with_the_seed() -> None:
    images, rng = spots(40), np.random.default_rng(3)
    first, second = Distortion().apply(images, rng), Distortion().apply(images, rng)
    assert not np.array_equal(first, second)
    assert np.array_equal(first, Distortion().apply(images, np.random.default_rng(3)))
    assert not np.array_equal(first[0], first[1])  # neighbours are given different warps


@pytest.mark.parametrize(
    "values", [{"shift": -1}, {"rotation": float("nan")}, {"scale": float("inf")}, {"smoothing": 0}]
)
def test_strengths_that_mean_nothing_are_refused(values: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=f"the distortion's {next(iter(values))} must be"):
        Distortion(**values)
    assert Distortion(elastic=0, smoothing=0).apply(spots(3), np.random.default_rng(0)).shape == (3, 784)


def test_pictures_that_are_not_square_are_refused() -> None:
    with pytest.raises(ValueError, match="12 pixels do not make a square"):
        Distortion().apply(np.zeros((3, 12), np.float32), np.random.default_rng(0))
