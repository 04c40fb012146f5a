from __future__ import annotations

import numpy as np
import pytest

from network import Layer, Network
from network.analysis.neurons import neuron_changed_most_by_its_bias, partly_lit_neuron


def test_a_neuron_that_is_lit_but_not_fully() -> None:
    odds = np.log(np.array([0.1, 0.7, 0.99, 0.85]) / (1 - np.array([0.1, 0.7, 0.99, 0.85])))
    network = Network([Layer(np.zeros((4, 1)), odds), Layer(np.zeros((2, 4)), np.zeros(2))])
    forward = network.forward(np.ones(1))
    assert forward.activations[0] == pytest.approx([0.1, 0.7, 0.99, 0.85])
    assert partly_lit_neuron(forward) == 1


def test_the_neuron_whose_bias_matters_most() -> None:
    # The largest bias changes least: its neuron is fully lit without it.
    network = Network([Layer(np.array([[0.0], [20.0], [1.0]]), np.array([1.0, 50.0, -4.0]))])
    assert neuron_changed_most_by_its_bias(network.forward(np.ones(1))) == 2
