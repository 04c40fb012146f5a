"""Two networks' answers, counted."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from network import Network
from network.analysis.comparison import Comparison, compare, only_right
from network.digits import Digits


def test_the_counts_are_those_of_the_answers(make_digits: Callable[..., Digits]) -> None:
    digits = make_digits(60)
    one, other = (Network.random([64, 5, 3], np.random.default_rng(seed)) for seed in (1, 2))
    found = compare(one, other, digits)
    first, second = one.classify(digits.vectors), other.classify(digits.vectors)
    assert found.accuracies == (np.mean(first == digits.labels), np.mean(second == digits.labels))
    assert found.agreement == pytest.approx(np.mean(first == second))
    assert sorted(found.parted) == np.flatnonzero(first != second).tolist()
    sums = [one.predict(digits.vectors[[n]]).max() + other.predict(digits.vectors[[n]]).max() for n in found.parted]
    assert sums == sorted(sums, reverse=True)
    same = compare(one, one, digits)
    assert same.agreement == 1 and len(only_right(same, 0)) == 0 and same.only_right == (0, 0)


@given(st.lists(st.tuples(*[st.integers(0, 2)] * 3), min_size=1, max_size=40))
def test_every_picture_is_counted_once(rows: list[tuple[int, int, int]]) -> None:
    labels, first, second = np.array(rows).T
    answers = np.stack([first, second])
    found = Comparison(labels, answers, answers == labels, np.flatnonzero(first != second))
    both_right = int(found.right.all(axis=0).sum())
    assert both_right + sum(found.only_right) + found.both_wrong == len(rows)
    for which, count in enumerate(found.only_right):
        shown = only_right(found, which)
        assert len(shown) == count
        assert (answers[which, shown] == labels[shown]).all() and (answers[1 - which, shown] != labels[shown]).all()


def test_what_does_not_fit_is_told(make_digits: Callable[..., Digits]) -> None:
    network = Network.random([64, 3], np.random.default_rng(0))
    with pytest.raises(ValueError, match="no pictures"):
        compare(network, network, make_digits(3).subset(slice(0)))
    with pytest.raises(ValueError, match="has 3 outputs; the data has 4 classes"):
        compare(network, network, make_digits(8, classes=4))
