"""A cloud of cells that stands for what happens in a head: a sketch, not anybody's brain."""

from __future__ import annotations

import numpy as np

from scenes.kit import theme
from scenes.kit.colour import rgb
from scenes.kit.mobjects.cells import Cells

# How many cells there are, how large the smallest and the largest is, and how bright they are at rest.
_CELLS, _SMALLEST, _LARGEST, _REST = 900, 0.05, 0.13, 0.32


def cloud(centre: tuple[float, float], width: float, height: float) -> Cells:
    """Cells scattered over an ellipse, always the same ones; those in the middle are denser."""
    rng = np.random.default_rng(3)
    angles, radii = rng.uniform(0, 2 * np.pi, _CELLS), rng.random(_CELLS) ** 0.6
    x = centre[0] + width / 2 * radii * np.cos(angles)
    y = centre[1] + height / 2 * radii * np.sin(angles)
    sizes = rng.uniform(_SMALLEST, _LARGEST, _CELLS)
    return Cells(np.stack([x, y], axis=1), sizes, 1, rgb(theme.NEUTRAL), _REST, stroke_width=0)
