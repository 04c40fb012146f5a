"""The rules by which neurons are chosen for the scenes."""

from __future__ import annotations

import numpy as np

from network.network import ForwardPass


def row_to_show(forward: ForwardPass) -> tuple[int, int]:
    """A layer, and the neuron in it whose sum has most added and taken away, Σ|w·a|.

    The second layer, because nearly all of its inputs are lit; the only layer where there is no second.
    """
    layer = min(1, len(forward.network.layers) - 1)
    return layer, int(np.abs(forward.contributions(layer)).sum(axis=1).argmax())
