"""Weights set by hand: their name, and the place of their bar in a picture."""

from __future__ import annotations

from manim import Rectangle

from network.analysis.detectors import bar_place
from scenes.kit import theme
from scenes.kit.mobjects.pixel_grid import PixelGrid

BY_HAND = "weights, set by hand"


def frame_of_bar(picture: PixelGrid, stroke_width: float = 3) -> Rectangle:
    """A frame around the place of the detectors' bar in a picture."""
    rows, columns = bar_place(picture.side)
    cells = picture.window(rows.start, columns.start, rows.stop - rows.start, columns.stop - columns.start)
    corners = picture.points.reshape(-1, 2, 3)[cells].reshape(-1, 3)
    low, high = corners.min(axis=0), corners.max(axis=0)
    frame = Rectangle(width=high[0] - low[0], height=high[1] - low[1], color=theme.POSITIVE, stroke_width=stroke_width)
    return frame.move_to((low + high) / 2)
