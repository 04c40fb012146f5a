"""What training can ask of the first layer besides a low cost: weights that are smooth and local, seen as pictures.

For the weights w of one neuron, a picture of side × side pixels at places x:

    roughness  ½ Σ (w_i − w_j)²        over all pairs of neighbouring pixels, side by side or one above the other
    spread     ½ Σ w_i² |x_i − c|²     c = Σ w_i² x_i / Σ w_i², the neuron's own centre of weight

Both are sums over the neurons of the layer. Lengths are shares of the picture's side, so that a strength means the
same in pictures of any size. Like weight decay, they act beside the optimiser and not through it (Loshchilov and
Hutter 2019): after a step of learning rate r the weights w become those w' that minimise

    r × strength × penalty(w') + ½ Σ (w'_i − w_i)²

which is stable however great the strength is (a proximal step: Parikh and Boyd 2014).
"""

from __future__ import annotations

import numpy as np
from scipy.fft import dctn, idctn

from network.network import Array


def roughness(weights: Array) -> float:
    """Half of the squared differences of neighbouring weights, (n_out, side²), added up."""
    pictures = as_pictures(weights)
    return 0.5 * sum(float(np.square(np.diff(pictures, axis=axis)).sum()) for axis in (1, 2))


def smoothed(weights: Array, amount: float) -> Array:
    """The weights w', (n_out, side²), that minimise amount × roughness(w') + ½ Σ (w'_i − w_i)².

    The cosine transform takes differences of neighbours apart, frequency by frequency: each is divided by
    1 + amount × its roughness, 4 sin² (πk / 2 side) along either axis (Strang 1999).
    """
    pictures = as_pictures(weights)
    side = pictures.shape[1]
    rough = (4 * np.sin(np.pi * np.arange(side) / (2 * side)) ** 2).astype(weights.dtype)
    waves = dctn(pictures, axes=(1, 2), norm="ortho")
    waves /= 1 + weights.dtype.type(amount) * np.add.outer(rough, rough)
    result: Array = idctn(waves, axes=(1, 2), norm="ortho").reshape(weights.shape)
    return result


def spread(weights: Array) -> float:
    """Half of the squared weights times their squared distances from their neuron's centre, added up."""
    return 0.5 * float(np.sum(np.square(weights) * _squared_distances(weights)))


def gathered(weights: Array, amount: float) -> Array:
    """The weights w', (n_out, side²), that minimise amount × spread(w') + ½ Σ (w'_i − w_i)², about the centres of w."""
    result: Array = weights / (1 + weights.dtype.type(amount) * _squared_distances(weights))
    return result


def _squared_distances(weights: Array) -> Array:
    """|x − c|² of every pixel from every neuron's centre of weight, (n_out, side²)."""
    squares = np.square(as_pictures(weights))
    side = squares.shape[1]
    places = ((np.arange(side) + 0.5) / side).astype(weights.dtype)
    # A neuron without any weight has no centre, and nothing that could be pulled there.
    total = np.maximum(squares.sum(axis=(1, 2)), np.finfo(weights.dtype).tiny)
    rows, columns = (np.square(places - (squares.sum(axis=a) @ places / total)[:, None]) for a in (2, 1))
    distances: Array = (rows[:, :, None] + columns[:, None, :]).reshape(weights.shape)
    return distances


def as_pictures(weights: Array) -> Array:
    """(n_out, side²) as (n_out, side, side); ValueError where rows are no square pictures."""
    side = round(weights.shape[1] ** 0.5) if weights.ndim == 2 else 0
    if weights.ndim != 2 or side * side != weights.shape[1]:
        raise ValueError(f"weights must be rows of square pictures, (n_out, side²); got {weights.shape}")
    return weights.reshape(len(weights), side, side)
