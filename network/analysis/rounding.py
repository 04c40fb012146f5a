"""Whether rounded numbers still multiply and add up, and how many decimal places they need for that."""

from __future__ import annotations

import numpy as np

from network.network import Array, ForwardPass


def places_that_add_up(forward: ForwardPass, layer: int, row: int) -> int:
    """The fewest places, from 2 to 5, at which the rounded sum of the products and the bias make the rounded z."""
    terms = float(forward.contributions(layer)[row].sum(dtype=np.float64))
    bias, z = float(forward.network.layers[layer].biases[row]), float(forward.weighted_sums[layer][row])
    for places in range(2, 5):
        if round(round(terms, places) + round(bias, places), places) == round(z, places):
            return places
    return 5


def places_that_multiply(weights: Array, inputs: Array) -> int:
    """The fewest places, from 2 to 4, at which every product (n,) of rounded factors is the rounded product.

    4 if it is not so with any of them.
    """
    w, a = weights.astype(np.float64), inputs.astype(np.float64)
    for places in range(2, 4):
        shown = np.round(np.round(w, places) * np.round(a, places), places)
        if np.allclose(shown, np.round(w * a, places), rtol=0, atol=0.1 * 10.0**-places):
            return places
    return 4


def rounding_error(weights: Array, inputs: Array, places: int = 2) -> float:
    """How far the product of a weight (rows, n) and an input (n,) is at most from that of the rounded two."""
    w, a = weights.astype(np.float64), inputs.astype(np.float64)
    return float(np.abs(np.round(w, places) * np.round(a, places) - w * a).max())


def rounded_terms_add_up(weights: Array, inputs: Array, places: int = 2) -> bool:
    """Whether a row times a column is right as it is written, with every number rounded.

    weights: (rows, n). inputs: (n,). The rounded factors must make the rounded products, and these the rounded sums.
    """
    w, a = weights.astype(np.float64), inputs.astype(np.float64)
    products = np.round(w * a, places)
    half = 0.5 * 10.0**-places + 1e-9
    factors_fit = np.abs(np.round(w, places) * np.round(a, places) - products) <= half
    sums_fit = np.isclose(products.sum(axis=1), np.round((w * a).sum(axis=1), places), atol=1e-9)
    return bool(factors_fit.all() and sums_fit.all())
