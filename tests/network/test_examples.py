"""The rules that choose pictures find what they promise, in MNIST and in any other data."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from network import Network
from network.analysis.examples import (
    clear_torn_and_unsure,
    digits_of_two_classes,
    first_of_each_class,
    heap_to_sort,
    hero,
    one_of_each,
    others_like,
    pictures_of_number,
    pictures_to_read,
    puzzling_class,
)
from network.checkpoint import load_checkpoint
from network.digits import Digits, load_digits
from scenes.settings import DEFAULT_CHECKPOINT, DEFAULT_DATA


@pytest.fixture(scope="module")
def mnist() -> Digits:
    return load_digits(DEFAULT_DATA, "test")


@pytest.fixture(scope="module")
def trained() -> Network:
    return load_checkpoint(DEFAULT_CHECKPOINT).network


@pytest.fixture
def other(make_digits: Callable[..., Digits]) -> Digits:
    """Pictures in five classes, none of which is called 3."""
    digits = make_digits(n=63, side=10, classes=5)
    return Digits(digits.images, digits.labels, tuple("abcde"))


@pytest.fixture
def untrained() -> Network:
    return Network.random([100, 6, 5], np.random.default_rng(0))


def test_the_two_digits_are_of_two_classes_and_read_right(trained: Network, mnist: Digits) -> None:
    first, second = digits_of_two_classes(trained, mnist)
    assert first == hero(trained, mnist)
    assert mnist.labels[first] != mnist.labels[second]
    output = trained.forward(mnist.images[second]).output
    assert output.argmax() == mnist.labels[second] and output.max() >= 0.9


def test_the_examples_are_clear_torn_and_unsure(untrained: Network, other: Digits) -> None:
    clear, torn, unsure = clear_torn_and_unsure(untrained, other)
    outputs = untrained.predict(other.vectors)
    assert clear == hero(untrained, other)
    assert np.sort(outputs[torn])[-2] == np.sort(outputs, axis=1)[:, -2].max()
    assert outputs[unsure].max() == outputs.max(axis=1).min()


def test_a_network_of_one_output_has_its_examples_too(make_digits: Callable[..., Digits]) -> None:
    digits = make_digits(n=5, classes=1)
    network = Network.random([64, 1], np.random.default_rng(0))
    outputs = network.predict(digits.vectors)[:, 0]
    assert clear_torn_and_unsure(network, digits) == (hero(network, digits), outputs.argmax(), outputs.argmin())


def test_the_first_pictures_are_read_and_the_next_mistake(untrained: Network, other: Digits) -> None:
    answers = untrained.classify(other.vectors)
    # Only pictures 1, 40 and 50 are read wrong.
    labels = answers.copy()
    labels[[1, 40, 50]] = (answers[[1, 40, 50]] + 1) % 5
    assert pictures_to_read(untrained, Digits(other.images, labels, other.class_names), 4) == ([0, 1, 2, 3], 40)


def test_a_network_without_mistakes_shows_none(untrained: Network, other: Digits) -> None:
    perfect = Digits(other.images, untrained.classify(other.vectors), other.class_names)
    assert pictures_to_read(untrained, perfect, 4) == ([0, 1, 2, 3], None)
    assert pictures_to_read(untrained, perfect.subset(slice(2)), 4) == ([0, 1], None)


def test_one_of_each_class_in_the_order_of_the_data(other: Digits) -> None:
    labels = np.array([2, 2, 0, 2, 1, 0])
    digits = Digits(other.images[:6], labels, ("a", "b", "c"))
    assert one_of_each(digits, 9) == [0, 2, 4]
    assert one_of_each(digits, 2) == [0, 2]


def test_the_puzzle_is_about_3s_or_else_the_largest_class(mnist: Digits, other: Digits) -> None:
    assert mnist.class_names[puzzling_class(mnist)] == "3"
    labels = np.array([0, 1, 1, 1, 2])
    assert puzzling_class(Digits(other.images[:5], labels, ("a", "b", "c"))) == 1
    # One 3 makes no pair.
    assert puzzling_class(Digits(other.images[:5], labels, ("a", "b", "3"))) == 1


def test_the_hero_is_unusual_and_yet_read(trained: Network, mnist: Digits) -> None:
    index = hero(trained, mnist)
    assert mnist.labels[index] == 3
    assert trained.forward(mnist.images[index]).output[3] >= 0.9
    images = others_like(mnist, index)
    threes = mnist.images[mnist.labels == 3]
    from_average = np.linalg.norm((images[:2] - threes.mean(axis=0)).reshape(2, -1), axis=1)
    everyone = np.linalg.norm((threes - threes.mean(axis=0)).reshape(len(threes), -1), axis=1)
    assert from_average[1] == pytest.approx(everyone.min(), rel=1e-4)
    assert from_average[0] > np.quantile(everyone, 0.9)


def test_where_nothing_is_read_clearly_the_hero_is_read_right_or_sloppy(untrained: Network, other: Digits) -> None:
    index = hero(untrained, other)
    right = untrained.classify(other.vectors) == other.labels
    own = other.labels == puzzling_class(other)
    candidates = own & right if (own & right).any() else right
    assert candidates[index]
    wrong = Digits(other.images, (untrained.classify(other.vectors) + 1) % 5, other.class_names)
    of_class = wrong.images[wrong.labels == puzzling_class(wrong)]
    far = np.linalg.norm((of_class - of_class.mean(axis=0)).reshape(len(of_class), -1), axis=1)
    assert np.array_equal(wrong.images[hero(untrained, wrong)], of_class[far.argmax()])


def test_others_are_of_the_same_class_each_once_and_in_whole_rows(other: Digits) -> None:
    example = 7
    images = others_like(other, example, row=4)
    of_class = other.images[other.labels == other.labels[example]]
    assert len(of_class) == 13 and len(images) == 12
    assert np.array_equal(images[0], other.images[example])
    assert all((image == of_class).all(axis=(1, 2)).any() for image in images)
    assert len(np.unique(images, axis=0)) == 12
    # All where there are fewer than a row, and never more than asked for.
    assert len(others_like(other, example, row=20)) == 13
    assert len(others_like(other, example, most=5)) == 5


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


def test_a_heap_holds_as_many_pictures_of_each_class_and_the_example_first(
    mnist: Digits, make_digits: Callable[..., Digits]
) -> None:
    heap = heap_to_sort(mnist, 7821)
    assert heap[0][0] == 7821 and [len(row) for row in heap] == [7] * 4
    assert [set(mnist.labels[row].tolist()) for row in heap] == [{3}, {0}, {1}, {2}]
    assert len({index for row in heap for index in row}) == 28
    few = make_digits(n=8)  # three pictures of two classes, and two of the third
    assert [len(row) for row in heap_to_sort(few, 1)] == [2, 2, 2]
    assert heap_to_sort(make_digits(n=4, classes=1), 2) == [[2, 0, 1, 3]]
