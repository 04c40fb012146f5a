"""A wall of handwritten pictures, and frames around some of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scenes.kit import theme
from scenes.kit.layout import STAGE_MIDDLE
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.pixel_grid import PixelGrid

# How wide the wall is, in units, and how many pictures stand in a row.
_WIDTH, COLUMNS = 13.4, 9


def wall(images: NDArray[np.float32], first: int | None = None) -> list[PixelGrid]:
    """Pictures in rows. first: the place of the first one; by default the first two are side by side in the middle."""
    step = _WIDTH / COLUMNS
    rows = -(-len(images) // COLUMNS)
    start = (rows // 2) * COLUMNS + COLUMNS // 2 - 1 if first is None else first
    pictures = []
    for number, image in enumerate(images):
        row, across = divmod((number + start) % len(images), COLUMNS)
        x, y = (across - (COLUMNS - 1) / 2) * step, STAGE_MIDDLE + ((rows - 1) / 2 - row) * step
        pictures.append(PixelGrid(image, 0.92 * step, (x, y)).tint(theme.TEXT))
    return pictures


def framed(pixels: PixelGrid) -> Cells:
    """A frame around a picture."""
    return Cells(
        [pixels.get_center()], 1.04 * pixels.width, 0.1, opacities=0, stroke_colour=theme.ANSWER, stroke_width=6
    )
