"""Lines, curves and dots for plots, with their widths and colours."""

from __future__ import annotations

import numpy as np
from manim import Circle, LineJointType, VMobject
from numpy.typing import ArrayLike, NDArray

from scenes.kit import theme

# The colours of curves that share a stage, in order.
CURVE_COLOURS = (
    theme.POSITIVE,
    theme.ANSWER,
    theme.WEIGHTS_SYMBOL,
    theme.BIASES_SYMBOL,
    theme.NEGATIVE,
    theme.NEUTRAL,
)
AXIS_WIDTH, _CURVE_WIDTH, GUIDE_WIDTH = 2.0, 5.0, 1.5
DOT_RADIUS = 0.1


def empty_curve(colour: str) -> VMobject:
    """A curve of this colour that has no points yet."""
    return VMobject(stroke_color=colour, stroke_width=_CURVE_WIDTH, joint_type=LineJointType.ROUND)


def line_segments(starts: ArrayLike, ends: ArrayLike) -> NDArray[np.float64]:
    """The points of straight lines from (n, 3) to (n, 3); those that meet end to start are one path."""
    starts, ends = np.asarray(starts, float).reshape(-1, 3), np.asarray(ends, float).reshape(-1, 3)
    points = np.empty((4 * len(starts), 3))
    for handle in range(4):
        points[handle::4] = starts + (ends - starts) * (handle / 3)
    points[3::4] = ends
    return points


def disc(centre: NDArray[np.float64], radius: float) -> NDArray[np.float64]:
    """The points of a circle around `centre` (3,)."""
    return np.asarray(Circle(radius).points) + centre
