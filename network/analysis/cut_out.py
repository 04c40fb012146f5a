"""A few inputs and neurons cut out of a layer, with their own weights: small enough to be written out in numbers."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from network.analysis.rounding import rounded_terms_add_up, rounding_error
from network.network import ForwardPass, Layer, Network

# How many inputs of each group are tried, the one that does most first.
_TRIED = 8


@dataclass(frozen=True, eq=False)
class CutOut:
    """A part of a layer as a network of its own.

    inputs, neurons: which of the layer's inputs and neurons it has. forward: its run on what the inputs hold. Its sums
    are those of the inputs that were cut out, not of the whole layer.
    """

    inputs: tuple[int, ...]
    neurons: tuple[int, ...]
    forward: ForwardPass


def cut_out(forward: ForwardPass, layer: int = 0, inputs: int = 3, neurons: int = 2) -> CutOut:
    """Cut out as many inputs and neurons of a layer, or all if it has fewer.

    The neurons are those with the most added and taken away, Σ|w·a|. The inputs that are lit, from the darkest to the
    brightest, fall into as many groups as inputs are wanted; of each group it is the input that does most in each of
    these neurons, among those whose products add up even when all is rounded to two places. If too few are lit, the
    others count as well; if nothing adds up, those whose rounded factors come nearest to their products are taken.
    """
    knobs, given = forward.network.layers[layer], forward.inputs_of(layer)
    flows = np.abs(forward.contributions(layer))
    rows = np.sort(np.argsort(-flows.sum(axis=1), kind="stable")[:neurons])
    by_brightness = np.argsort(given, kind="stable")
    lit = by_brightness[given[by_brightness] > 0]
    groups = np.array_split(lit if len(lit) >= inputs else by_brightness, min(inputs, knobs.n_in))
    does = flows[rows].min(axis=0)
    candidates = [group[np.argsort(-does[group], kind="stable")][:_TRIED] for group in groups]
    choices = sorted(product(*candidates), key=lambda choice: -does[[*choice]].sum())
    fitting = (c for c in choices if rounded_terms_add_up(knobs.weights[np.ix_(rows, c)], given[[*c]]))
    columns = np.sort(
        next(fitting, None) or min(choices, key=lambda c: rounding_error(knobs.weights[np.ix_(rows, c)], given[[*c]]))
    )
    small = Layer(knobs.weights[np.ix_(rows, columns)], knobs.biases[rows], knobs.activation)
    return CutOut(tuple(columns.tolist()), tuple(rows.tolist()), Network((small,)).forward(given[columns]))
