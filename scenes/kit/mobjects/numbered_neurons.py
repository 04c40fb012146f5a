"""Neurons with their activations written in them."""

from __future__ import annotations

from typing import Self

import numpy as np
from manim import Group
from numpy.typing import ArrayLike

from scenes.kit import theme
from scenes.kit.contrast import text_colours
from scenes.kit.layout import PIXELS_A_UNIT
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.numbers import Numbers


class NumberedNeurons(Group):
    """Neurons with their activations written in them, dark on bright and bright on dark.

    values: (n,), 0 black to 1 white. centres: (n, 3). diameter: one for all. room: the width of the longest number to
    expect, in ems. discs: the neurons. numbers: the numbers in them.

    >>> NumberedNeurons([0, 0.25, 0.98], [(-3, 0, 0), (0, 0, 0), (3, 0, 0)], diameter=2.4)
    """

    def __init__(self, values: ArrayLike, centres: ArrayLike, diameter: float, room: float = 1.8) -> None:
        values = np.asarray(values, float)
        self.discs = Cells(centres, diameter, 1, (0, 0, 0), 1, theme.NEURON_OUTLINE, theme.NEURON_OUTLINE_WIDTH)
        size = min(0.34, 0.8 / room) * diameter * PIXELS_A_UNIT
        widths = np.full(len(values), 0.9 * diameter)
        self.numbers = Numbers(values, self.discs.centres, 2, max(size, theme.SMALLEST_SIZE), widths=widths)
        super().__init__(self.discs, self.numbers)
        self.show(values)

    def show(self, values: ArrayLike) -> Self:
        """Show other activations, (n,)."""
        values = np.asarray(values, float)
        self.discs.set_brightness(values)
        self.numbers.set_values(values)
        self.numbers.set_colours(text_colours(values))
        return self
