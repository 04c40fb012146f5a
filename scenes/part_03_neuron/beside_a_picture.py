"""A picture with neurons of the network beside it: how one scene of this part ends and the next one begins."""

from __future__ import annotations

import numpy as np
from manim import RIGHT
from numpy.typing import ArrayLike, NDArray

from network.digits import Digits
from scenes.kit import theme
from scenes.kit.layout import PIXELS_A_UNIT, STAGE_MIDDLE, in_rows, picture_or_column
from scenes.kit.mobjects.named_inputs import NamedInputs
from scenes.kit.mobjects.numbered_neurons import NumberedNeurons
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.stage.table_rows import names_that_fit, size_of_rows

# The most neurons that are shown with their numbers.
MOST_NEURONS = 40
# Where the picture stands, and how wide it is.
_PICTURE_X, _PICTURE_EXTENT = -4.3, 4.6
# The room of the neurons: its middle, width and height.
NEURONS_X, NEURONS_WIDTH, NEURONS_HEIGHT = 2.6, 7.6, 6.3
_NEURON_SHARE = 0.9


def picture_beside(image: ArrayLike) -> PixelGrid:
    """A picture to the left of the neurons."""
    return PixelGrid(image, _PICTURE_EXTENT, (_PICTURE_X, STAGE_MIDDLE))


def inputs_beside(digits: Digits, index: int) -> PixelGrid | NamedInputs:
    """A picture to the left of the neurons, or the names and numbers of a row of a table."""
    if not digits.inputs:
        return picture_beside(digits.images[index])
    places = picture_or_column(digits.n_in, (_PICTURE_X, STAGE_MIDDLE), _PICTURE_EXTENT, is_picture=False)
    step = _PICTURE_EXTENT / digits.n_in * PIXELS_A_UNIT
    short = size_of_rows(digits) == theme.TITLE_SIZE
    size = float(np.clip(0.7 * step, theme.SMALLEST_SIZE, 1.5 * theme.TITLE_SIZE if short else theme.CAPTION_SIZE))
    named = NamedInputs(places, names_that_fit(digits), digits.vectors[index], digits.places, size, digits.vectors)
    # By the edges of the room, so that the next row stands in the same place.
    right = _PICTURE_X + _PICTURE_EXTENT / 2
    return named.shift((right - (_PICTURE_X - places.diameter / 2)) * RIGHT / 2)


def neurons_beside(activations: ArrayLike, room: float) -> NumberedNeurons:
    """Neurons with their numbers, to the right of the picture. room: of the longest number to expect, in ems."""
    values = np.asarray(activations)
    centres, step = in_rows(len(values), (NEURONS_X, STAGE_MIDDLE), NEURONS_WIDTH, NEURONS_HEIGHT)
    return NumberedNeurons(values, centres, _NEURON_SHARE * step, room)


def one_of(activations: NDArray[np.floating], which: int, room: float) -> NumberedNeurons:
    """One of these neurons alone, in its place and with its number."""
    centres, step = in_rows(len(activations), (NEURONS_X, STAGE_MIDDLE), NEURONS_WIDTH, NEURONS_HEIGHT)
    return NumberedNeurons(activations[[which]], centres[[which]], _NEURON_SHARE * step, room)


def room_for(*values: NDArray[np.floating]) -> float:
    """The width of the longest of these numbers, in ems."""
    return 0.5 * max(len(f"{value:.2f}") for some in values for value in some)
