from __future__ import annotations

from collections.abc import Callable

import numpy as np

from network import Network
from network.analysis.neurons import neuron_and_pictures
from network.digits import Digits
from network.evaluation import responses


def test_the_neuron_is_the_one_that_tells_classes_apart(make_digits: Callable[..., Digits]) -> None:
    digits = make_digits(classes=3)
    network = Network.random([64, 9, 3], np.random.default_rng(0))
    neuron, pictures = neuron_and_pictures(network, digits, 3)
    means = responses(network, digits)[0]
    spread = means.max(axis=1) - means.min(axis=1)
    assert spread[neuron] == spread.max()
    labels = digits.labels[pictures]
    assert labels[0] == means[neuron].argmax() and labels[1] == means[neuron].argmin()
    assert len(set(labels.tolist())) == len(pictures) == 3
    assert all((digits.labels[:index] != digits.labels[index]).all() for index in pictures)


def test_a_class_without_pictures_is_never_chosen(make_digits: Callable[..., Digits]) -> None:
    whole = make_digits(classes=3)
    digits = whole.subset(np.flatnonzero(whole.labels != 1))
    network = Network.random([64, 9, 3], np.random.default_rng(0))
    _, pictures = neuron_and_pictures(network, digits, 4)
    assert sorted(digits.labels[pictures].tolist()) == [0, 2]
