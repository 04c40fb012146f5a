"""A few inputs and neurons cut out of a layer, with their own weights: small enough to be written out in numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from network.network import ForwardPass, Layer, Network


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
    these neurons. If too few are lit, the others count as well.
    """
    knobs, given = forward.network.layers[layer], forward.inputs_of(layer)
    flows = np.abs(forward.contributions(layer))
    rows = np.sort(np.argsort(-flows.sum(axis=1), kind="stable")[:neurons])
    by_brightness = np.argsort(given, kind="stable")
    lit = by_brightness[given[by_brightness] > 0]
    groups = np.array_split(lit if len(lit) >= inputs else by_brightness, min(inputs, knobs.n_in))
    columns = np.sort([group[np.argmax(np.abs(flows[np.ix_(rows, group)]).min(axis=0))] for group in groups])
    small = Layer(knobs.weights[np.ix_(rows, columns)], knobs.biases[rows], knobs.activation)
    return CutOut(tuple(columns.tolist()), tuple(rows.tolist()), Network((small,)).forward(given[columns]))
