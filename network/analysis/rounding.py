"""How many decimal places are needed for rounded numbers to add up."""

from __future__ import annotations

import numpy as np

from network import ForwardPass


def places_that_add_up(forward: ForwardPass, layer: int, row: int) -> int:
    """The fewest places, from 2 to 5, at which the rounded sum of the products and the bias make the rounded z."""
    terms = float(forward.contributions(layer)[row].sum(dtype=np.float64))
    bias, z = float(forward.network.layers[layer].biases[row]), float(forward.weighted_sums[layer][row])
    for places in range(2, 5):
        if round(round(terms, places) + round(bias, places), places) == round(z, places):
            return places
    return 5
