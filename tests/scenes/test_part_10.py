"""Part 10 shows the network's own functions."""

from __future__ import annotations

import numpy as np
import pytest

from network import Network
from network.digits import Digits
from scenes.kit import theme
from scenes.kit.colour import rgb
from scenes.kit.mobjects.network_diagram import NeuronColumn
from scenes.part_10_functions.formulas import shown_indices
from scenes.part_10_functions.one_neuron import OneNeuron, network_formula, neuron_formula
from scenes.part_10_functions.the_network_is_a_function import TheNetworkIsAFunction, layout_in_the_box


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


def test_a_neuron_shows_what_it_makes_of_the_picture(network: Network, digits: Digits) -> None:
    alone = OneNeuron(network, 3, network.forward(digits.images[0]), digits, digits.brightness)
    forward = network.forward(digits.images[1])
    alone.show(forward)
    value = float(forward.activations[0][3])
    assert alone.number.value == alone.value(forward) == value
    assert alone.one.colours[0] == pytest.approx(255 * value, abs=0.01)
    flows = forward.contributions(0)[3]
    np.testing.assert_allclose(alone.fan.values, flows / np.abs(flows).max(), atol=1e-5)
