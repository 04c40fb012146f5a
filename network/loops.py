"""Which pictures have a loop, and whether any hidden neuron answers to it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from network.network import Array, Network

# A pixel darker than this is ground. At this value the count agrees best with the digits that are written with a loop:
# 0, 6, 8 and 9, in nine of ten test pictures.
GROUND = 0.3
# A hole has at least so many pixels of 784; a single dark pixel in a stroke is no loop.
_LEAST_SHARE = 2 / 784


def holes(images: Array, threshold: float = GROUND) -> NDArray[np.intp]:
    """How many holes each picture has, (n,): stretches of ground that bright pixels shut in on all sides.

    images: (n, side, side). Ground is what is below `threshold`; it goes on to the left, right, above and below, not
    across corners, so that a stroke one pixel wide shuts in. Outside the picture all is ground.
    """
    return np.bincount(_holes_in(images, threshold)[1], minlength=len(images))


def hole_pixels(images: Array, threshold: float = GROUND) -> NDArray[np.bool_]:
    """Which pixels are those of a hole, (n, side, side)."""
    return _holes_in(images, threshold)[0]


def _holes_in(images: Array, threshold: float) -> tuple[NDArray[np.bool_], NDArray[np.intp]]:
    """The pixels of all holes, and the picture that each hole is in."""
    images = np.asarray(images)
    if images.ndim != 3:
        raise ValueError(f"images must have the shape (n, side, side); got {images.shape}")
    edge = ((0, 0), (1, 1), (1, 1))
    ground = np.pad(images < threshold, edge, constant_values=True)
    within_a_picture = np.zeros((3, 3, 3), bool)
    within_a_picture[1] = [[0, 1, 0], [1, 1, 1], [0, 1, 0]]
    stretches, count = ndimage.label(ground, within_a_picture)
    sizes = np.bincount(stretches.ravel(), minlength=count + 1)
    shut_in = sizes >= max(round(_LEAST_SHARE * images[0].size), 1) if len(images) else sizes > 0
    shut_in[0] = False  # what is not ground
    shut_in[stretches[:, 0, 0]] = False
    pixels = shut_in[stretches[:, 1:-1, 1:-1]]
    picture_of = np.zeros(count + 1, np.intp)
    picture_of[stretches] = np.arange(len(images))[:, None, None]
    return pixels, picture_of[shut_in]


def correlations(network: Network, vectors: Array, has_loop: NDArray[np.bool_]) -> tuple[NDArray[np.float64], ...]:
    """For each hidden layer, how every neuron's activation goes with having a loop: (n_neurons,), −1 to 1.

    Pearson's correlation over the pictures `vectors` (n, side²) with `has_loop` (n,) as 0 and 1. A neuron whose
    activation never changes tells nothing: 0. NaN where all pictures have a loop, or none: there is nothing to find.
    """
    return tuple(_correlation(activations, has_loop) for activations in hidden_activations(network, vectors))


def pixel_correlations(vectors: Array, has_loop: NDArray[np.bool_]) -> NDArray[np.float64]:
    """The same for every single pixel, (side²,): what can be told without any network."""
    return _correlation(vectors, has_loop)


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
        raise ValueError(f"has_loop must be {values.shape[0]} values, one a picture; got {len(has_loop)}")
    if not len(has_loop) or has_loop.all() or not has_loop.any():
        return np.full(values.shape[1], np.nan)
    wanted = has_loop - has_loop.mean()
    values = values - values.mean(axis=0, dtype=np.float64)
    spread = np.sqrt(np.square(values).sum(axis=0) * np.square(wanted).sum())
    # Rounding alone gives a constant column a spread.
    told = spread > 1e-9 * len(has_loop)
    result: NDArray[np.float64] = np.zeros(values.shape[1])
    return np.divide(wanted @ values, spread, out=result, where=told)


def best_split(values: Array, has_loop: NDArray[np.bool_]) -> float:
    """How often one number (n,) tells whether there is a loop, cut at the best place and in the better direction.

    The share of pictures told right; never less than always saying what is more frequent. ValueError without pictures.
    """
    if not len(values) or len(values) != len(has_loop):
        raise ValueError(f"values and has_loop must be as many, and one or more; got {len(values)} and {len(has_loop)}")
    order = np.argsort(values, kind="stable")
    # With the k smallest below the cut and taken for loopless: right are the loopless below and the loops above.
    loops = np.append(0, np.cumsum(has_loop[order]))
    below = np.arange(len(values) + 1)
    right = (below - loops) + (loops[-1] - loops)
    ordered = values[order]
    possible = np.concatenate([[True], ordered[1:] > ordered[:-1], [True]])
    best = np.maximum(right, len(values) - right)[possible].max()
    return float(best / len(values))
