"""How good a setting of all the knobs is: during training, and at random."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from network.checkpoint import Checkpoint
from network.digits import Digits
from network.gradients import one_hot
from network.network import Array, Layer, Network

# Images that go through all networks together: few enough to stay in the processor's cache.
_BATCH = 1000
_Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Scores:
    """How well n networks do on the same images.

    accuracy: (n,) the share of images read right, 0 to 1. cost: (n,) the mean of Σ (output − target)² over the images.
    """

    accuracy: _Floats
    cost: _Floats


def scores(networks: Sequence[Network], digits: Digits) -> Scores:
    """Run every network on all the images. ValueError without images, or if a network does not fit them."""
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


def progress(checkpoint: Checkpoint, digits: Digits) -> Scores:
    """How well the network did at each snapshot of its training run, in order."""
    return scores([checkpoint.snapshot(n) for n in range(len(checkpoint.snapshot_parameters))], digits)


def random_settings(network: Network, count: int, rng: np.random.Generator) -> list[Network]:
    """`count` networks of the same shape, with every knob drawn at random at about the scale it has in this one.

    The weights of a layer are drawn from a normal distribution around 0, with the standard deviation of this network's
    weights in that layer; so are the biases.
    """

    def like(array: Array) -> Array:
        values: Array = rng.normal(0, float(array.std()), array.shape).astype(array.dtype)
        return values

    return [
        Network(tuple(Layer(like(layer.weights), like(layer.biases), layer.activation) for layer in network.layers))
        for _ in range(count)
    ]


def spreads(network: Network) -> _Floats:
    """For each knob, the standard deviation of the weights or biases of its layer, (parameter_count,); 1 if it is 0."""
    kinds = [kind for layer in network.layers for kind in (layer.weights, layer.biases)]
    return np.concatenate([np.full(kind.size, float(kind.std()) or 1.0) for kind in kinds])


def _check(digits: Digits) -> None:
    if not len(digits):
        raise ValueError("there are no images to run the networks on")
