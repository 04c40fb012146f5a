from __future__ import annotations

import numpy as np

from network import Layer, Network
from network.analysis.mistakes import MixedUp, classes_mixed_up, mixed_up_most, outputs_of_mistakes
from network.digits import Digits
from network.evaluation import Evaluation, evaluate


def network_and_digits() -> tuple[Network, Digits]:
    """A network that answers with the brightest of three pixels, and pictures that it mostly gets wrong."""
    network = Network((Layer(10 * np.eye(3, 4), np.full(3, -5.0)),))
    brightest = [(0, 1, 0.9), (0, 1, 0.7), (1, 0, 0.6), (1, 0, 0.8), (2, 2, 1.0), (2, 0, 0.5)]
    images = np.zeros((len(brightest), 4), np.float32)
    for image, (_, answer, value) in zip(images, brightest, strict=True):
        image[answer] = value
    return network, Digits(images.reshape(-1, 2, 2), np.array([label for label, _, _ in brightest]), ("a", "b", "c"))


def test_both_ways_of_taking_one_class_for_another_are_counted() -> None:
    network, digits = network_and_digits()
    assert mixed_up_most(evaluate(network, digits)) == MixedUp((0, 1), 4, alone=True)


def test_two_pairs_that_are_mixed_up_as_often_are_not_alone() -> None:
    network, digits = network_and_digits()
    found = evaluate(network, digits.subset(np.array([0, 5])))
    assert mixed_up_most(found) == MixedUp((0, 1), 1, alone=False)


def test_right_answers_are_no_mistakes() -> None:
    network, digits = network_and_digits()
    found = evaluate(network, digits.subset(np.array([4, 4, 4, 5])))
    assert mixed_up_most(found) == MixedUp((0, 2), 1, alone=True)


def test_the_outputs_of_mistakes_stand_in_their_order() -> None:
    network, digits = network_and_digits()
    found = evaluate(network, digits)
    outputs = outputs_of_mistakes(network, digits, found)
    assert found.mistakes.tolist() == [0, 3, 1, 2, 5]
    np.testing.assert_allclose(outputs, 1 / (1 + np.exp(5 - 10 * np.array([0.9, 0.8, 0.7, 0.6, 0.5]))), rtol=1e-5)


def test_the_classes_with_the_most_mistakes_and_the_pair_that_is_mixed_up_most() -> None:
    counts = np.diag([9, 9, 9, 9, 9, 9])
    counts[0, 5] = 3  # the pair
    counts[1, [2, 3, 4]] = counts[2, [3, 4]] = 2  # more mistakes in all with 1 and 2, but with no other so many
    found = Evaluation(tuple("abcdef"), np.zeros(1, int), counts, np.zeros(1, int), 1.0, 1.0)
    assert classes_mixed_up(found, 6).tolist() == [0, 1, 2, 3, 4, 5]
    assert classes_mixed_up(found, 4).tolist() == [0, 1, 2, 5]
    assert classes_mixed_up(found, 2).tolist() == classes_mixed_up(found, 1).tolist() == [0, 5]
