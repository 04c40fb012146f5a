"""Tries settings of the knobs at random."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from network.analysis.knobs import random_settings, scores
from network.digits import Digits
from network.network import Network


@dataclass(frozen=True, eq=False)
class Trials:
    """The results of settings tried at random.

    settings, accuracies: the random ones, (n,). found: the accuracy of the trained network.
    """

    settings: list[Network]
    accuracies: NDArray[np.float64]
    found: float

    @property
    def best(self) -> int:
        """The random setting with the highest accuracy, the first of several."""
        return int(np.argmax(self.accuracies))


def try_settings(network: Network, digits: Digits, tries: int, rng: np.random.Generator) -> Trials:
    """Measure `tries` random settings of the network's knobs, and the network itself."""
    settings = random_settings(network, tries, rng)
    accuracies = scores([*settings, network], digits).accuracy
    return Trials(settings, accuracies[:-1], float(accuracies[-1]))
