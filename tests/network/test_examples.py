from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from network import Network
from network.analysis.examples import (
    first_of_each_class,
    one_of_each,
    picture_read_right,
    pictures_of_number,
)
from network.digits import Digits


def labelled(*labels: int) -> Digits:
    """Pictures of which only the labels matter."""
    return Digits(np.zeros((len(labels), 2, 2), np.float32), np.array(labels), tuple("012345"))


def test_the_first_picture_of_each_class_comes_in_the_order_of_the_classes() -> None:
    some = labelled(3, 3, 5, 0, 5)
    assert first_of_each_class(some, 10).tolist() == [3, 0, 2]
    assert first_of_each_class(some, 2).tolist() == [3, 0]


def test_one_picture_of_each_class_comes_in_the_order_of_the_set() -> None:
    some = labelled(3, 3, 5, 0, 5)
    assert one_of_each(some, 10) == [0, 2, 3]
    assert one_of_each(some, 2) == [0, 2]


def test_the_first_picture_that_is_read_right(make_digits: Callable[..., Digits]) -> None:
    digits = make_digits()
    network = Network.random([64, 5, 3], np.random.default_rng(0))
    right = np.flatnonzero(network.classify(digits.vectors) == digits.labels)
    assert picture_read_right(network, digits) == right[0]
    wrong = Digits(digits.images, (network.classify(digits.vectors) + 1) % 3, digits.class_names)
    assert picture_read_right(network, wrong) == 0


def test_a_number_is_written_in_the_most_typical_pictures(make_digits: Callable[..., Digits]) -> None:
    digits = make_digits()
    ones = digits.vectors[digits.labels == 1]
    far = np.linalg.norm(digits.vectors - ones.mean(axis=0), axis=1)
    chosen = pictures_of_number("11", digits)
    assert len(set(chosen)) == 2 and (digits.labels[chosen] == 1).all()
    assert sorted(far[chosen]) == pytest.approx(np.sort(far[digits.labels == 1])[:2])


def test_a_number_cannot_be_written_without_pictures_of_its_digits() -> None:
    digits = Digits(np.zeros((2, 8, 8), np.float32), np.array([0, 1]), ("Coat", "1"))
    with pytest.raises(LookupError, match="no class 2"):
        pictures_of_number("12", digits)
    with pytest.raises(LookupError, match="too few pictures of class 1"):
        pictures_of_number("11", digits)
