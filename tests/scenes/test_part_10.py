"""Part 10 shows functions that are the network's own."""

from __future__ import annotations

import numpy as np
import pytest

from network import Network
from network.digits import Digits
from network.evaluation import responses
from scenes.kit import theme
from scenes.kit.mobjects.array_mobject import rgb
from scenes.kit.mobjects.network_diagram import NeuronColumn
from scenes.part_10_functions.a_neuron_is_a_function import neuron_and_pictures, neuron_formula
from scenes.part_10_functions.shared import shown_indices
from scenes.part_10_functions.the_network_is_a_function import (
    TheNetworkIsAFunction,
    layout_in_the_box,
    network_formula,
    pictures_of_different_classes,
)


def test_the_neuron_is_the_one_that_tells_classes_apart(network: Network, digits: Digits) -> None:
    neuron, pictures = neuron_and_pictures(network, digits)
    means = responses(network, digits)[0]
    spread = means.max(axis=1) - means.min(axis=1)
    assert spread[neuron] == spread.max()
    labels = digits.labels[pictures]
    assert labels[0] == means[neuron].argmax() and labels[1] == means[neuron].argmin()
    assert len(set(labels.tolist())) == len(pictures) == 4


def test_pictures_of_different_classes_are_the_first_ones(digits: Digits) -> None:
    pictures = pictures_of_different_classes(digits, 4)
    assert pictures == sorted(pictures) == [0, 1, 2, 3]
    assert len(set(digits.labels[pictures].tolist())) == 4


def test_indices_run_from_0_to_the_last() -> None:
    assert shown_indices(784) == [0, 1, None, 783]
    assert shown_indices(3) == [0, 1, 2] and shown_indices(1) == [0]


@pytest.mark.parametrize("activation", ["sigmoid", "relu", "identity"])
def test_formulas_are_set_and_fit_the_frame(activation: str) -> None:
    for shown in (neuron_formula(784, activation), neuron_formula(2, activation), network_formula(784, 10)):
        assert 0 < shown.width < 13.3
    last = neuron_formula(784, activation).select("w783")
    assert last.family_members_with_points()


def test_the_numbers_are_the_outputs(network: Network, digits: Digits) -> None:
    scene = TheNetworkIsAFunction.__new__(TheNetworkIsAFunction)
    forward = network.forward(digits.images[0])
    scene.outputs = NeuronColumn(layout_in_the_box(network.sizes)[-1])
    scene.labels = scene.labels_of(digits.class_names)
    numbers = scene.values_of(forward)
    np.testing.assert_array_equal(numbers.values, forward.output.astype(float))
    marked = (numbers.colours == rgb(theme.ANSWER)).all(axis=1)
    assert np.flatnonzero(marked).tolist() == [forward.answer]
