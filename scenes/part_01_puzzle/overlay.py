"""Two pictures laid over each other, each in its colour."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scenes.kit.colour import rgb
from scenes.kit.mobjects.pixel_grid import PixelGrid

# A square that is at least this bright, of 1, counts as bright.
BRIGHT = 0.5


def overlay(
    one: NDArray[np.float32],
    other: NDArray[np.float32],
    extent: float,
    centre: tuple[float, float],
    colours: tuple[str, str],
) -> PixelGrid:
    """Two pictures (side, side), each in its colour; white only where both are `BRIGHT`, else as the brighter one."""
    pixels = PixelGrid(np.zeros_like(one), extent, centre).without_outlines()
    first, second = one.reshape(-1, 1), other.reshape(-1, 1)
    brighter = np.where(first >= second, first * rgb(colours[0]), second * rgb(colours[1]))
    pixels.colours = np.where(np.minimum(first, second) >= BRIGHT, 255, brighter).astype(np.float32)
    return pixels
