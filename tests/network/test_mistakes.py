from __future__ import annotations

import numpy as np

from network import Layer, Network
from network.analysis.mistakes import most_frequent_mistakes, outputs_of_mistakes
from network.digits import Digits
from network.evaluation import evaluate


def network_and_digits() -> tuple[Network, Digits]:
    """A network that answers with the brightest of three pixels, and pictures that it mostly gets wrong."""
    network = Network((Layer(10 * np.eye(3, 4), np.full(3, -5.0)),))
    brightest = [(0, 1, 0.9), (0, 1, 0.7), (1, 0, 0.6), (1, 0, 0.8), (2, 2, 1.0), (2, 0, 0.5)]
    images = np.zeros((len(brightest), 4), np.float32)
    for image, (_, answer, value) in zip(images, brightest, strict=True):
        image[answer] = value
    return network, Digits(images.reshape(-1, 2, 2), np.array([label for label, _, _ in brightest]), ("a", "b", "c"))


def test_all_mistakes_of_the_greatest_count_are_given() -> None:
    network, digits = network_and_digits()
    assert most_frequent_mistakes(evaluate(network, digits)) == ([(0, 1), (1, 0)], 2)


def test_right_answers_are_no_mistakes() -> None:
    network, digits = network_and_digits()
    found = evaluate(network, digits.subset(np.array([4, 4, 4, 5])))
    assert most_frequent_mistakes(found) == ([(2, 0)], 1)


def test_the_outputs_of_mistakes_stand_in_their_order() -> None:
    network, digits = network_and_digits()
    found = evaluate(network, digits)
    outputs = outputs_of_mistakes(network, digits, found)
    assert found.mistakes.tolist() == [0, 3, 1, 2, 5]
    np.testing.assert_allclose(outputs, 1 / (1 + np.exp(5 - 10 * np.array([0.9, 0.8, 0.7, 0.6, 0.5]))), rtol=1e-5)
