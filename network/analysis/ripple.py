"""One weight at the beginning of a deep network is nudged: how much of that arrives in each layer after it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from network.analysis.depth import DepthComparison, start_networks
from network.network import Array, Network

_Floats = NDArray[np.float64]
# By how much the weight is nudged.
NUDGE = 0.1


@dataclass(frozen=True, eq=False)
class Ripple:
    """What changes when one weight of the first layer does.

    neuron, source: the weight. nudge: what is added to it. changes[l]: (n_out,) by how much each activation of layer l
    changes, the first layer first, the outputs last.
    """

    neuron: int
    source: int
    nudge: float
    changes: tuple[_Floats, ...]

    @property
    def largest(self) -> _Floats:
        """The largest |change| in each layer, (layers,)."""
        return np.array([np.abs(change).max() for change in self.changes])

    @property
    def rms(self) -> _Floats:
        """The root mean square of the changes in each layer, (layers,)."""
        return np.array([np.sqrt(np.square(change).mean()) for change in self.changes])

    @property
    def arriving(self) -> float:
        """The largest change of an output as a share of the largest change in the first layer; 0 without a change."""
        largest = self.largest
        return float(largest[-1] / largest[0]) if largest[0] else 0.0


def start_of(comparison: DepthComparison) -> tuple[Network, Network]:
    """The deepest networks of a comparison before training, with sigmoids and with ReLU, from the same weights."""
    rng = np.random.default_rng([comparison.provenance.seed, comparison.deepest])
    sigmoid, relu = start_networks(comparison.sizes, rng)
    return sigmoid, relu


def ripple(network: Network, image: Array, neuron: int, source: int, nudge: float = NUDGE) -> Ripple:
    """Nudge the weight from pixel `source` to a neuron of the first layer, while the network looks at `image` (n_in,).

    It is computed in float64, since the ripple may be smaller than float32 can tell.
    """
    exact = _exact(network)
    first = exact.layers[0]
    weights = first.weights.copy()
    weights[neuron, source] += nudge
    changed = Network((replace(first, weights=weights), *exact.layers[1:]))
    before, after = exact.forward(image).activations, changed.forward(image).activations
    return Ripple(neuron, source, nudge, tuple(b - a for a, b in zip(before, after, strict=True)))


def weight_to_nudge(networks: tuple[Network, ...], image: Array) -> tuple[int, int]:
    """The weight, (neuron, source), to nudge in all of these networks, which have the same weights.

    The source is the brightest pixel, the first of several. The neuron is the one of the first layer with the greatest
    weighted sum: with ReLU it is awake, if any is.
    """
    sums = networks[0].forward(image).weighted_sums[0]
    return int(np.argmax(sums)), int(np.argmax(np.asarray(image).ravel()))


def both_ripples(comparison: DepthComparison, image: Array, nudge: float = NUDGE) -> tuple[Ripple, Ripple]:
    """The same weight nudged in both of the deepest networks, with sigmoids and with ReLU, before any training."""
    networks = start_of(comparison)
    neuron, source = weight_to_nudge(networks, image)
    sigmoid, relu = (ripple(network, image, neuron, source, nudge) for network in networks)
    return sigmoid, relu


def passed_on(network: Network, found: Ripple) -> tuple[_Floats, ...]:
    """What flows on of the changes through each connection after the first layer: w · change, (n_out, n_in) each."""
    later = zip(network.layers[1:], found.changes, strict=False)
    return tuple(layer.weights.astype(np.float64) * change for layer, change in later)


def picture_to_show(comparison: DepthComparison, image: Array) -> Array:
    """The image, (n_in,), if it fits the networks of the comparison; an even grey if they take another size."""
    flat = np.asarray(image).ravel()
    return flat if flat.size == comparison.sizes[0] else np.full(comparison.sizes[0], 0.5, flat.dtype)


def _exact(network: Network) -> Network:
    """The same network, which computes in float64."""
    layers = (
        replace(layer, weights=layer.weights.astype(np.float64), biases=layer.biases.astype(np.float64))
        for layer in network.layers
    )
    return Network(tuple(layers))
