"""The frame around the part of a weight picture that holds the most weight."""

from __future__ import annotations

from manim import Square

from network.analysis.locality import Locality
from scenes.kit import theme
from scenes.kit.mobjects.weight_heatmap import WeightHeatmap


def window_frame(picture: WeightHeatmap, measured: Locality, neuron: int, stroke_width: float = 3.5) -> Square:
    """A frame around a neuron's heaviest window in its weight picture."""
    row, column = measured.corners[neuron]
    centres = picture.centres.reshape(picture.side, picture.side, 3)
    reach = measured.window - 1
    middle = (centres[row, column] + centres[row + reach, column + reach]) / 2
    size = 2 * float(picture.radii[0]) * measured.window
    return Square(size, color=theme.ANSWER, stroke_width=stroke_width).move_to(middle)
