"""Round numbers for an axis: its ticks and its limits. Pure NumPy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def _round_step(extent: float, about: float) -> float:
    """The smallest 1, 2 or 5 times a power of ten that cuts an extent into at most `about` parts."""
    least = extent / max(about, 1)
    power = 10.0 ** np.floor(np.log10(least))
    return float(next(factor for factor in (1, 2, 5, 10) if factor * power >= least * (1 - 1e-9)) * power)


def tick_values(limits: tuple[float, float], about: float) -> NDArray[np.float64]:
    """Round numbers within limits, both included; at most about this many."""
    step = _round_step(limits[1] - limits[0], about)
    first, last = np.ceil(limits[0] / step - 1e-9), np.floor(limits[1] / step + 1e-9)
    return np.asarray(np.clip(np.arange(first, last + 1) * step, *limits))


def round_limits(values: NDArray[np.float64]) -> tuple[float, float]:
    """Round limits with all values between them, also where they are all equal."""
    low, high = float(values.min()), float(values.max())
    if low == high:
        low, high = (0.0, 2 * high) if high > 0 else (2 * low, 0.0) if low < 0 else (0.0, 1.0)
    if 0 < low < 0.5 * high:
        low = 0.0
    step = _round_step(high - low, 6)
    return float(np.floor(low / step + 1e-9) * step), float(np.ceil(high / step - 1e-9) * step)
