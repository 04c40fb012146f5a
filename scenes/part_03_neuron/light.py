"""The light around a single neuron, as strong as its activation."""

from __future__ import annotations

import numpy as np

from scenes.kit import theme
from scenes.kit.colour import rgb
from scenes.kit.mobjects.cells import Cells

# How wide a neuron is whose light is not made larger.
LIT_WIDTH = 3.6
# The rings that the light is made of; from the smallest, inside the neuron, to the largest, in units.
_RINGS, _SMALLEST, _LARGEST = 40, 3.4, 6.3
# How strong the light is where all the rings lie over each other.
_STRONGEST = 0.5


def halo(centre: tuple[float, float], activation: float, size: float = 1.0) -> Cells:
    """Light around a neuron that is `LIT_WIDTH` units wide, times `size`; it lies behind the neuron.

    It is made of discs over each other. activation: 0 for no light to 1.
    """
    widths = size * np.linspace(_LARGEST, _SMALLEST, _RINGS)
    # Each disc adds a little; further in, more.
    share = np.linspace(0, 1, _RINGS) ** 2
    opacities = float(np.clip(activation, 0, 1)) ** 2 * _STRONGEST * 3 * share / _RINGS
    light = Cells(np.tile([*centre, 0.0], (_RINGS, 1)), widths, 1, rgb(theme.ACTIVATION), opacities, stroke_width=0)
    light.set_z_index(theme.CONNECTIONS_LEVEL)
    return light
