"""Two pictures laid over each other, each in its colour."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scenes.kit.colour import rgb
from scenes.kit.mobjects.pixel_grid import PixelGrid


def overlay(
    one: NDArray[np.float32],
    other: NDArray[np.float32],
    extent: float,
    centre: tuple[float, float],
    colours: tuple[str, str],
) -> PixelGrid:
    """Two pictures (side, side), each in its colour, added as light is: where both are bright, the sum is white."""
    pixels = PixelGrid(np.zeros_like(one), extent, centre).without_outlines()
    light = one.reshape(-1, 1) * rgb(colours[0]) + other.reshape(-1, 1) * rgb(colours[1])
    pixels.colours = np.minimum(light, 255).astype(np.float32)
    return pixels
