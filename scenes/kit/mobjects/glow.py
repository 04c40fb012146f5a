"""The light around neurons that are lit."""

from __future__ import annotations

from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from scenes.kit import theme
from scenes.kit.mobjects.cells import Cells
from scenes.kit.validation import validate_array


class Glow(Cells):
    """A soft light around each of n neurons, the brighter the greater its activation.

    neurons: the cells that it surrounds. activations: (n,); less than 0 counts as 0, and more than 1 as 1.

    >>> neurons = NeuronColumn(column(16, (0, 0), height=7)).show(forward.activations[0])
    >>> Glow(neurons, forward.activations[0])
    """

    # The light is made of several faint discs, one on the other: how wide each is, in diameters of the neuron.
    WIDTHS = (1.3, 1.6, 1.9, 2.25, 2.6)
    BRIGHTEST = 0.075  # the opacity of one of these discs around a neuron of activation 1
    # Around a neuron wider than this, in units, one would see the discs; there are so many times more of them.
    LARGE, FINER = 0.8, 8

    def __init__(self, neurons: Cells, activations: ArrayLike) -> None:
        self.finer = self.FINER if 2 * float(neurons.radii.max()) > self.LARGE else 1
        discs = self.finer * len(self.WIDTHS)
        widths = np.interp(np.linspace(0, len(self.WIDTHS) - 1, discs), np.arange(len(self.WIDTHS)), self.WIDTHS)
        sizes = 2 * np.repeat(neurons.radii, discs) * np.tile(widths, len(neurons))
        super().__init__(np.repeat(neurons.centres, discs, axis=0), sizes, 1, stroke_width=0)
        self.stroke_opacities = np.zeros(len(self), np.float32)
        self.shown = (neurons.stroke_opacities > 0) & (neurons.opacities > 0)
        self.z_index = theme.CONNECTIONS_LEVEL + 1  # behind the neurons, before the connections
        self.show(activations)

    def show(self, activations: ArrayLike) -> Self:
        """Surround neurons of other activations, (n,)."""
        lit = validate_array(activations, (len(self.shown),), "activations").clip(0, 1) * self.shown
        discs = self.finer * len(self.WIDTHS)
        self.opacities = np.repeat(self.BRIGHTEST / self.finer * lit, discs).astype(np.float32)
        return self
