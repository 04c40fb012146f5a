"""The pairs of the puzzle, against all distances worked out by SciPy."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from network.analysis.pairs import farthest_and_nearest
from network.digits import Digits, load_digits
from scenes.settings import DEFAULT_DATA


def test_two_3s_differ_more_than_a_3_and_an_8() -> None:
    digits = load_digits(DEFAULT_DATA, "test")
    found = farthest_and_nearest(digits)
    assert (found.name, found.other_name, found.only_this_other) == ("3", "8", True)
    threes, eights = (digits.vectors[digits.labels == label] for label in (3, 8))
    assert found.far.distance == pytest.approx(cdist(threes, threes).max(), rel=1e-6)
    assert found.near.distance == pytest.approx(cdist(threes, eights).min(), rel=1e-6)
    assert found.far.searched == len(threes) * (len(threes) - 1) // 2
    apart = cdist(threes, threes)[np.triu_indices(len(threes), 1)]
    assert found.typical.distance == pytest.approx(np.median(apart), rel=1e-4)
    examples = (found.far_images, found.far), (found.near_images, found.near), (found.typical_images, found.typical)
    for images, pair in examples:
        assert np.linalg.norm(images[0] - images[1]) == pytest.approx(pair.distance, rel=1e-6)
    assert found.near.distance < found.typical.distance < found.far.distance
    assert found.own_counts.sum() == len(apart)
    assert found.other_counts.sum() == len(threes) * len(eights)
    assert found.farther == pytest.approx((apart > found.near.distance).sum(), abs=3)


def test_without_3s_the_largest_class_is_compared_with_all_others(make_digits: Callable[..., Digits]) -> None:
    made = make_digits(n=31, classes=3)
    digits = Digits(made.images, made.labels, tuple("abc"))
    found = farthest_and_nearest(digits)
    assert found.name == "a" and found.other_name in "bc" and not found.only_this_other
    own, rest = digits.vectors[digits.labels == 0], digits.vectors[digits.labels != 0]
    assert found.near.distance == pytest.approx(cdist(own, rest).min(), rel=1e-5)
    assert found.other_counts.sum() == len(own) * len(rest)
    assert len(found.edges) == len(found.own_counts) + 1 == len(found.other_counts) + 1
    # The histograms end where the farthest pairs are.
    assert found.edges[-2] <= max(found.far.distance, cdist(own, rest).max()) <= found.edges[-1]
