"""The paths that points take in a transform."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from manim import UP, smooth


def along_a_lane(y: float) -> Callable[..., np.ndarray]:
    """A path function: points first go up or down to the height `y`, then along it, then to their places."""

    def path(start: np.ndarray, end: np.ndarray, alpha: float) -> np.ndarray:
        turn = 0.25
        heights = [points[:, 1].mean() if len(points) else y for points in (start, end)]
        straight = heights[0] + (heights[1] - heights[0]) * alpha
        wanted = y
        if alpha < turn:
            wanted = heights[0] + (y - heights[0]) * smooth(alpha / turn)
        elif alpha > 1 - turn:
            wanted = heights[1] + (y - heights[1]) * smooth((1 - alpha) / turn)
        return np.asarray(start + (end - start) * alpha + (wanted - straight) * UP)

    return path
