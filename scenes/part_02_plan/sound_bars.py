"""A sound, drawn as upright bars."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scenes.kit import theme
from scenes.kit.colour import rgb
from scenes.kit.mobjects.cells import Cells


def sound_bars(levels: ArrayLike, width: float, height: float, centre: tuple[float, float]) -> Cells:
    """A sound as upright bars around a middle line, (n,) levels from 0 to 1."""
    share: NDArray[np.float64] = np.asarray(levels, float)
    step = width / len(share)
    x = centre[0] + (np.arange(len(share)) - (len(share) - 1) / 2) * step
    bars = Cells(np.stack([x, np.full(len(share), centre[1])], axis=1), 0.62 * step, 0.9, rgb(theme.NEUTRAL))
    bars.stroke_widths[:] = 0
    half = np.maximum(share * height / 2, 0.31 * step)
    bars.points[0::2] = np.stack([x - 0.31 * step, centre[1] - half, np.zeros(len(share))], axis=1)
    bars.points[1::2] = np.stack([x + 0.31 * step, centre[1] + half, np.zeros(len(share))], axis=1)
    return bars
