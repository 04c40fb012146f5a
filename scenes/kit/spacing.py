"""Moves labels apart that would cover each other."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression


def apart(
    places: NDArray[np.float64], gaps: float | NDArray[np.float64], limits: tuple[float, float] = (-np.inf, np.inf)
) -> NDArray[np.float64]:
    """Rising places (n,), moved as little as possible (least squares) to be `gaps` apart, within limits."""
    offsets = np.append(0, np.cumsum(np.broadcast_to(gaps, len(places) - 1)))
    best = isotonic_regression(np.asarray(places, float) - offsets).x
    return np.asarray(best.clip(limits[0], limits[1] - offsets[-1]) + offsets)
