"""The rules by which neurons are chosen for the scenes."""

from __future__ import annotations

import numpy as np

from network import ForwardPass
from network.digits import Digits
from network.evaluation import responses
from network.network import Network


def held_down_neuron(forward: ForwardPass) -> int:
    """The neuron of the first layer whose activation is nearest to 0.25: some light is left in it, but not much."""
    return int(np.argmin(np.abs(forward.activations[0] - 0.25)))


def pushed_both_ways(forward: ForwardPass) -> int:
    """The neuron of the first layer that is most torn: the lesser of what lifts and what lowers it is greatest."""
    flows = forward.contributions(0)
    return int(np.argmax(np.minimum(flows.clip(min=0).sum(axis=1), -flows.clip(max=0).sum(axis=1))))


def pushed_up(forward: ForwardPass, neuron: int) -> float:
    """The activation that a neuron of the first layer would have if nothing held it down: without its negative w·a."""
    layer = forward.network.layers[0]
    sums = forward.weighted_sums[0].copy()  # of the whole layer: softmax needs all of them
    sums[neuron] = forward.contributions(0)[neuron].clip(min=0).sum() + layer.biases[neuron]
    return float(layer.activate(sums)[neuron])


def row_to_show(forward: ForwardPass) -> tuple[int, int]:
    """A layer, and the neuron in it with the most added and taken away in its sum, Σ|w·a|.

    It is the second layer, because nearly all of its inputs are lit, or the first if there is no second.
    """
    layer = min(1, len(forward.network.layers) - 1)
    return layer, int(np.abs(forward.contributions(layer)).sum(axis=1).argmax())


def neuron_and_pictures(network: Network, digits: Digits, count: int) -> tuple[int, list[int]]:
    """The neuron of the first layer that tells the classes apart best, and `count` pictures that show it.

    It is the neuron whose mean activations for the classes are farthest apart. The pictures are the first of the class
    with its highest mean activation, the first of the class with its lowest, and so on, alternating; each class is used
    once, so there may be fewer than `count`.
    """
    means = responses(network, digits)[0]
    present = np.flatnonzero(np.bincount(digits.labels, minlength=len(digits.class_names)))
    neuron = int(np.argmax(np.ptp(means[:, present], axis=1)))
    rising = list(present[np.argsort(means[neuron, present], kind="stable")])
    order = [rising.pop(-1 if turn % 2 == 0 else 0) for turn in range(min(count, len(rising)))]
    return neuron, [int(np.argmax(digits.labels == label)) for label in order]
