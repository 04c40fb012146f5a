"""Knobs set on purpose: the edge detector made by hand is copied into a random network, and the score is measured."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from network.analysis.detectors import bar_detector
from network.analysis.knobs import scores
from network.digits import Digits
from network.network import Layer, Network


@dataclass(frozen=True, eq=False)
class SetByHand:
    """What it does to the score to copy the edge detector into one neuron of the first layer.

    before: the accuracy of the network as it was, 0 to 1. neuron: the one that is set. after: the accuracy then.
    network: with that neuron set. lit: the share of the pictures that now light the neuron to more than ½.
    answers_changed: for how many pictures the network answers differently. only_answer: the class that both networks
    answer for every picture; None if there is no such class.
    """

    before: float
    neuron: int
    after: float
    network: Network
    lit: float
    answers_changed: int
    only_answer: int | None


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


def set_by_hand(start: Network, digits: Digits, neuron: int = 0) -> SetByHand:
    """Copy the edge detector, with its surround and its bias, into a neuron of the first layer, and measure.

    start: usually the random network that training began from, `checkpoint.snapshot(0)`.
    """
    changed = with_detector(start, bar_detector(digits.side, surround=True), neuron)
    before, after = scores([start, changed], digits).accuracy
    first = changed.layers[0]
    lit = np.mean(first.activate(first.weighted_sums(digits.vectors))[:, neuron] > 0.5)
    answers, answers_then = start.classify(digits.vectors), changed.classify(digits.vectors)
    differ = np.count_nonzero(answers != answers_then)
    only = int(answers[0]) if (answers == answers[0]).all() and not differ else None
    return SetByHand(float(before), neuron, float(after), changed, float(lit), int(differ), only)
