"""Loops, which are holes counted in the picture (see `network.analysis.parts`): which pictures have one, in whole or
nearly, and whether any hidden neuron follows them.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum, auto

import numpy as np
from numpy.typing import NDArray

from network.analysis.parts import count_holes, has_upper_hole, with_gaps_closed
from network.network import Array, Network

# A neuron whose correlation with having a loop is at least this, or at most minus this, is said to follow loops.
FOLLOWS_LOOPS = 0.8


class Ring(Enum):
    """Whether a picture has a ring: closed, with a small gap, or none."""

    CLOSED = auto()
    NEARLY = auto()
    NONE = auto()


def kinds_of_ring(images: Array, anywhere: bool = False) -> list[Ring]:
    """Which kind of ring each picture (n, side, side) has in its upper half.

    anywhere: not only in the upper half, and then none nearly has one.
    """
    if anywhere:
        return [Ring.CLOSED if holes else Ring.NONE for holes in count_holes(images)]
    closed, nearly = has_upper_hole(images), has_upper_hole(with_gaps_closed(images))
    return [
        Ring.CLOSED if one else Ring.NEARLY if other else Ring.NONE for one, other in zip(closed, nearly, strict=True)
    ]


def correlations(network: Network, vectors: Array, has_loop: NDArray[np.bool_]) -> tuple[NDArray[np.float64], ...]:
    """For each hidden layer, the correlation of every neuron's activation with having a loop: (n_neurons,), −1 to 1.

    It is Pearson's correlation over the pictures `vectors` (n, side²), with `has_loop` (n,) as 0 and 1. It is 0 for a
    neuron whose activation never changes, and NaN if all pictures have a loop or none do.
    """
    return tuple(_correlation(activations, has_loop) for activations in hidden_activations(network, vectors))


def hidden_activations(network: Network, vectors: Array) -> tuple[Array, ...]:
    """The activations of each hidden layer for all pictures (n, side²): (n, n_neurons)."""
    columns = []
    activations: Array = np.asarray(vectors, network.dtype)
    for layer in network.layers[:-1]:
        activations = layer.activate(layer.weighted_sums(activations))
        columns.append(activations)
    return tuple(columns)


def _correlation(values: Array, has_loop: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Pearson's r of each column of values (n, m) with has_loop (n,)."""
    if values.shape[0] != len(has_loop):
        raise ValueError(f"has_loop must be {values.shape[0]} values, one for each picture; got {len(has_loop)}")
    if not len(has_loop) or has_loop.all() or not has_loop.any():
        return np.full(values.shape[1], np.nan)
    wanted = has_loop - has_loop.mean()
    values = values - values.mean(axis=0, dtype=np.float64)
    spread = np.sqrt(np.square(values).sum(axis=0) * np.square(wanted).sum())
    # Rounding alone can give a constant column a spread.
    told = spread > 1e-9 * len(has_loop)
    result: NDArray[np.float64] = np.zeros(values.shape[1])
    return np.divide(wanted @ values, spread, out=result, where=told)


def best_neuron(measured: Iterable[NDArray[np.float64]]) -> tuple[int, int]:
    """The neuron whose correlation is farthest from 0, as (hidden layer, neuron), both from 0.

    measured: for each hidden layer, (n_neurons,), as `correlations` gives them. ValueError if there is no hidden layer.
    """
    farthest = [
        (float(np.abs(values).max()), layer, int(np.abs(values).argmax())) for layer, values in enumerate(measured)
    ]
    _, layer, neuron = max(farthest, key=lambda found: found[0])
    return layer, neuron
