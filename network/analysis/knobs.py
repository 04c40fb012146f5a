"""What a setting of all the knobs is worth: in the course of training, at random, and as one of them is turned."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from network.digits import Digits
from network.gradients import one_hot
from network.network import Array, Layer, Network

# Images that go through all networks before the next ones do: so few stay in the processor's cache.
_BATCH = 1000
_Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Scores:
    """How well several networks do on the same images.

    accuracy: (n,) share of the images read right, 0 to 1. cost: (n,) mean of Σ (output − target)² over the images.
    """

    accuracy: _Floats
    cost: _Floats


def scores(networks: Sequence[Network], digits: Digits) -> Scores:
    """Run every network on all the images. ValueError where there are none, or where they do not fit."""
    classes = len(digits.class_names)
    _check(digits)
    for network in networks:
        if network.sizes[-1] != classes:
            raise ValueError(f"a network has {network.sizes[-1]} outputs; the data has {classes} classes")
    right, errors = np.zeros(len(networks)), np.zeros(len(networks))
    for start in range(0, len(digits), _BATCH):
        images, labels = digits.vectors[start : start + _BATCH], digits.labels[start : start + _BATCH]
        targets = one_hot(labels, classes)
        for number, network in enumerate(networks):
            outputs = network.predict(images)
            right[number] += np.count_nonzero(outputs.argmax(axis=1) == labels)
            errors[number] += np.sum((outputs - targets) ** 2, dtype=np.float64)
    return Scores(right / len(digits), errors / len(digits))


def random_settings(network: Network, count: int, rng: np.random.Generator) -> list[Network]:
    """`count` networks of the same shape with every knob at random, of about the size that it has in this one.

    The weights of a layer are normal around 0, with the standard deviation that this network's have; so are its biases.
    """

    def like(array: Array) -> Array:
        values: Array = rng.normal(0, float(array.std()), array.shape).astype(array.dtype)
        return values

    return [
        Network(tuple(Layer(like(layer.weights), like(layer.biases), layer.activation) for layer in network.layers))
        for _ in range(count)
    ]


class LastLayer:
    """The last layer of a network on some images, to turn single weights of it and see what the accuracy becomes.

    All that comes before it is computed once. ValueError where there are no images.
    """

    def __init__(self, network: Network, digits: Digits) -> None:
        _check(digits)
        self.layer, self.labels = network.layers[-1], digits.labels
        self.inputs = np.asarray(digits.vectors, network.dtype)
        if len(network.layers) > 1:
            before = Network(network.layers[:-1])
            batches = range(0, len(digits), _BATCH)
            self.inputs = np.concatenate([before.predict(digits.vectors[n : n + _BATCH]) for n in batches])
        self.sums = self.layer.weighted_sums(self.inputs)

    def accuracies(self, neuron: int, source: int, values: ArrayLike) -> _Floats:
        """The accuracy with weight (neuron, source) at each of `values` (n,), all other knobs as they are: (n,)."""
        own, sums = self.layer.weights[neuron, source], self.sums.copy()
        found = []
        for value in np.asarray(values, sums.dtype):
            sums[:, neuron] = self.sums[:, neuron] + (value - own) * self.inputs[:, source]
            found.append(np.mean(self.layer.activate(sums).argmax(axis=1) == self.labels))
        return np.array(found, np.float64)

    def most_telling_weight(self, reach: float) -> tuple[int, int]:
        """Which weight, (neuron, source), does most harm when it is turned to −reach or to +reach."""
        places = list(np.ndindex(self.layer.weights.shape))
        least = [self.accuracies(neuron, source, [-reach, reach]).min() for neuron, source in places]
        return places[int(np.argmin(least))]


def figures_of_power(base: int, exponent: int, most: int = 4000) -> tuple[int, str]:
    """How many figures base**exponent has, base 2 or more, and the first of them, at most `most`.

    4 and "1024" for 2**10. Python itself writes out no number of more than 4300 figures.
    """
    if base < 2 or exponent < 0:
        raise ValueError(f"base must be 2 or more and exponent 0 or more; got {base} and {exponent}")
    power, figures = base**exponent, math.floor(exponent * math.log10(base)) + 1
    # The logarithm is rounded: where the power is close to one of ten, whole numbers decide.
    figures += (power >= 10**figures) - (power < 10 ** (figures - 1))
    return figures, str(power // 10 ** max(figures - most, 0))


def _check(digits: Digits) -> None:
    if not len(digits):
        raise ValueError("there are no images to run the networks on")
