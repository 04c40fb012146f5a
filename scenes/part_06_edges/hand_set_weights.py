"""Weights set by hand: their name, and the place of their bar in a picture."""

from __future__ import annotations

from manim import Rectangle

from network.analysis.detectors import bar_place, edge_place
from scenes.kit import theme
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.picture_frames import frame_of_window
from scenes.language import N_

BY_HAND = N_("weights, set by hand")


def frame_of_bar(picture: PixelGrid, stroke_width: float = 3) -> Rectangle:
    """A frame around the place of the detectors' bar in a picture."""
    return frame_of_window(picture, *bar_place(picture.side), theme.POSITIVE, stroke_width)


def frame_of_edge(picture: PixelGrid, stroke_width: float = theme.MARK_WIDTH) -> Rectangle:
    """A frame around the bar's place and the strips above and below it: where the edge should be."""
    return frame_of_window(picture, *edge_place(picture.side), theme.ANSWER, stroke_width)
