"""Knobs set on purpose: the edge detector made by hand is copied into a random network, and the score is measured."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from network.analysis.detectors import bar_detector
from network.analysis.knobs import scores
from network.digits import Digits
from network.network import Layer, Network


@dataclass(frozen=True, eq=False)
class SetByHand:
    """What it does to the score to copy the edge detector into one neuron of the first layer.

    before: the accuracy of the network as it was, 0 to 1. neuron: the one that is set; always the first. after: the
    accuracy then. network: with that neuron set. afters: (n_neurons,) the accuracy if each of the neurons were set
    instead, in turn, to see whether it matters which.
    """

    before: float
    neuron: int
    after: float
    network: Network
    lit: float
    answers_changed: int
    afters: NDArray[np.float64]


def with_detector(network: Network, detector: Layer, neuron: int) -> Network:
    """The network with the weights and the bias of a detector, a layer of one neuron, in a neuron of its first layer.

    All other knobs, and the activation function, stay. ValueError if the detector looks at other pictures.
    """
    first = network.layers[0]
    if detector.weights.shape != (1, first.n_in):
        raise ValueError(f"the detector must have weights of shape (1, {first.n_in}); got {detector.weights.shape}")
    weights, biases = first.weights.copy(), first.biases.copy()
    weights[neuron], biases[neuron] = detector.weights[0], detector.biases[0]
    return Network((replace(first, weights=weights, biases=biases), *network.layers[1:]))


def set_by_hand(start: Network, digits: Digits) -> SetByHand:
    """Copy the edge detector, with its surround and its bias, into the first neuron of `start`, and measure.

    start: usually the random network that training began from, `checkpoint.snapshot(0)`.
    """
    detector = bar_detector(digits.side, surround=True)
    changed = [with_detector(start, detector, neuron) for neuron in range(start.layers[0].n_out)]
    before, *afters = scores([start, *changed], digits).accuracy
    chosen = changed[0]
    lit = np.mean(chosen.layers[0].activate(chosen.layers[0].weighted_sums(digits.vectors))[:, 0] > 0.5)
    differ = int(np.count_nonzero(start.classify(digits.vectors) != chosen.classify(digits.vectors)))
    return SetByHand(float(before), 0, float(afters[0]), chosen, float(lit), differ, np.array(afters))
