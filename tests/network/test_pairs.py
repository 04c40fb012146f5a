"""The pictures of the puzzle, against all distances worked out by SciPy."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from network.analysis.pairs import near_and_far
from network.digits import Digits, load_digits
from scenes.settings import DEFAULT_DATA


def test_a_3_is_nearer_to_an_8_than_to_another_3() -> None:
    digits = load_digits(DEFAULT_DATA, "test")
    found = near_and_far(digits)
    assert (found.name, found.other_name) == ("3", "8")
    threes, eights = (digits.vectors[digits.labels == label] for label in (3, 8))
    assert found.near == pytest.approx(cdist(threes, eights).min(), rel=1e-6)
    assert found.searched == len(threes) * len(eights)
    three, eight, other = found.images
    assert np.linalg.norm(three - eight) == pytest.approx(found.near, rel=1e-6)
    assert np.linalg.norm(three - other) == pytest.approx(found.far, rel=1e-6)
    assert found.far == pytest.approx(cdist([three.ravel()], threes).max(), rel=1e-6)
    assert found.farthest == pytest.approx(cdist([three.ravel()], np.concatenate([threes, eights])).max(), rel=1e-6)
    assert found.near < found.far


def test_without_3s_the_largest_class_is_compared_with_all_others(make_digits: Callable[..., Digits]) -> None:
    made = make_digits(n=31, classes=3)
    digits = Digits(made.images, made.labels, tuple("abc"))
    found = near_and_far(digits)
    assert found.name == "a" and found.other_name in "bc"
    own, rest = digits.vectors[digits.labels == 0], digits.vectors[digits.labels != 0]
    assert found.near == pytest.approx(cdist(own, rest).min(), rel=1e-5)
    assert found.searched == len(own) * len(rest)
    assert found.own.tolist() == np.flatnonzero(digits.labels == 0).tolist()
    assert found.others.tolist() == np.flatnonzero(digits.labels != 0).tolist()
