"""Weights set by hand: their name, where their picture stands large, and the place of their bar in a picture."""

from __future__ import annotations

from manim import Rectangle, Square

from network.analysis.detectors import bar_place, edge_place
from scenes.kit import theme
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.weight_heatmap import WeightHeatmap

BY_HAND = "weights, set by hand"
SUM_LABEL = "weighted sum z"
# The large picture of weights with which one scene ends and the next begins.
LARGE_EXTENT, LARGE_CENTRE = 5.9, (-3.0, 0.4)


def frame_of_weights(picture: WeightHeatmap) -> Square:
    """The frame around a picture of weights."""
    return Square(picture.width + 0.06, color=theme.NEURON_OUTLINE, stroke_width=1.5).move_to(picture)


def frame_of_bar(picture: PixelGrid, stroke_width: float = 3) -> Rectangle:
    """A frame around the place of the detectors' bar in a picture."""
    return _frame(picture, *bar_place(picture.side), theme.POSITIVE, stroke_width)


def frame_of_edge(picture: PixelGrid, stroke_width: float = theme.MARK_WIDTH) -> Rectangle:
    """A frame around the bar's place and the strips above and below it: where the edge should be."""
    return _frame(picture, *edge_place(picture.side), theme.ANSWER, stroke_width)


def _frame(picture: PixelGrid, rows: slice, columns: slice, colour: str, stroke_width: float) -> Rectangle:
    cells = picture.window(rows.start, columns.start, rows.stop - rows.start, columns.stop - columns.start)
    corners = picture.points.reshape(-1, 2, 3)[cells].reshape(-1, 3)
    low, high = corners.min(axis=0), corners.max(axis=0)
    frame = Rectangle(width=high[0] - low[0], height=high[1] - low[1], color=colour, stroke_width=stroke_width)
    return frame.move_to((low + high) / 2)
