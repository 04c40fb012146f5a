"""Tries settings of the knobs at random, and turns one knob."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from network.analysis.knobs import LastLayer, random_settings, scores
from network.digits import Digits
from network.network import Network


@dataclass(frozen=True, eq=False)
class Trials:
    """The results of settings tried at random, and of turning one knob.

    settings, accuracies: the random ones, (n,). found: the accuracy of the trained network. knob: (neuron, source) of a
    weight of the last layer. turned_at_random: (m,), the accuracies as it is turned from −reach to +reach in the best
    of the random settings.
    """

    settings: list[Network]
    accuracies: NDArray[np.float64]
    found: float
    knob: tuple[int, int]
    reach: float
    turned_at_random: NDArray[np.float64]

    @property
    def best(self) -> int:
        """The random setting with the highest accuracy, the first of several."""
        return int(np.argmax(self.accuracies))


def try_settings(network: Network, digits: Digits, tries: int, turns: int, rng: np.random.Generator) -> Trials:
    """Try `tries` random settings, then turn one knob of the best of them to `turns` positions from end to end.

    The knob is the weight of the last layer that harms the trained network most when it is turned all the way: to ± the
    greatest |weight| of that layer.
    """
    settings = random_settings(network, tries, rng)
    accuracies = scores([*settings, network], digits).accuracy
    reach = float(np.abs(network.layers[-1].weights).max()) or 1.0
    best = settings[int(np.argmax(accuracies[:-1]))]
    knob = LastLayer(network, digits).most_telling_weight(reach)
    turned = LastLayer(best, digits).accuracies(*knob, np.linspace(-reach, reach, turns))
    return Trials(settings, accuracies[:-1], float(accuracies[-1]), knob, reach, turned)
