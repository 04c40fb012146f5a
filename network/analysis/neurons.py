"""The rules by which neurons are chosen for the scenes."""

from __future__ import annotations

import numpy as np

from network import ForwardPass


def partly_lit_neuron(forward: ForwardPass) -> int:
    """The neuron of the first layer whose activation is nearest to 0.75, so that it is lit, but not fully."""
    return int(np.argmin(np.abs(forward.activations[0] - 0.75)))


def neuron_changed_most_by_its_bias(forward: ForwardPass) -> int:
    """The neuron of the first layer whose activation would change most without its bias."""
    layer = forward.network.layers[0]
    without = layer.activate(forward.weighted_sums[0] - layer.biases)
    return int(np.argmax(np.abs(forward.activations[0] - without)))


def row_to_show(forward: ForwardPass) -> tuple[int, int]:
    """A layer, and the neuron in it whose sum has most added and taken away, Σ|w·a|.

    The second layer, because nearly all of its inputs are lit; the only layer where there is no second.
    """
    layer = min(1, len(forward.network.layers) - 1)
    return layer, int(np.abs(forward.contributions(layer)).sum(axis=1).argmax())
