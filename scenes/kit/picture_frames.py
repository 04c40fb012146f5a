"""Frames around pictures of weights and around windows of pictures."""

from __future__ import annotations

from manim import Rectangle, Square

from scenes.kit import theme
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.weight_heatmap import WeightHeatmap

# Where a picture of weights stands large: one scene ends with it there, and the next begins.
LARGE_EXTENT, LARGE_CENTRE = 5.9, (-3.0, 0.4)


def frame_of_weights(picture: WeightHeatmap) -> Square:
    """The frame around a picture of weights."""
    return Square(picture.width + 0.06, color=theme.NEURON_OUTLINE, stroke_width=1.5).move_to(picture)


def frame_of_window(
    picture: PixelGrid, rows: slice, columns: slice, colour: str, stroke_width: float = theme.MARK_WIDTH
) -> Rectangle:
    """A frame around some rows and columns of a picture."""
    cells = picture.window(rows.start, columns.start, rows.stop - rows.start, columns.stop - columns.start)
    corners = picture.points.reshape(-1, 2, 3)[cells].reshape(-1, 3)
    low, high = corners.min(axis=0), corners.max(axis=0)
    frame = Rectangle(width=high[0] - low[0], height=high[1] - low[1], color=colour, stroke_width=stroke_width)
    return frame.move_to((low + high) / 2)
