"""What several scenes of this part need."""

from __future__ import annotations

import numpy as np

from network import Network
from network.analysis.distances import (
    distances_from_average,
)
from network.digits import Digits
from scenes.kit.mobjects.array_mobject import rgb
from scenes.kit.mobjects.pixel_grid import PixelGrid

STAGE_WIDTH, STAGE_HEIGHT = 13.0, 6.3
# The darkest grey of a number that can be read on black.
FAINTEST_NUMBER = 0.65


def puzzling_class(digits: Digits) -> int:
    """The class that the puzzle is about: 3, or where the data has none of that name, the one with most pictures."""
    if "3" in digits.class_names and (digits.labels == (label := digits.class_names.index("3"))).sum() > 1:
        return label
    return int(np.bincount(digits.labels).argmax())


def sloppy_example(network: Network, digits: Digits) -> int:
    """The picture of the puzzling class that is farthest from their average, of those the network reads clearly.

    Clearly: right, with an output of 0.9 or more. Where there is none, of all.
    """
    label = puzzling_class(digits)
    own = np.flatnonzero(digits.labels == label)
    outputs = network.predict(digits.vectors[own])
    far = distances_from_average(digits.vectors[own])
    clear = (outputs.argmax(axis=1) == label) & (outputs[:, label] >= 0.9)
    return int(own[np.argmax(np.where(clear, far, -1) if clear.any() else far)])


def without_outlines(pixels: PixelGrid) -> PixelGrid:
    """The same picture, whose cells touch: for small ones."""
    pixels.stroke_opacities = np.zeros(len(pixels), np.float32)
    return pixels


def tinted(pixels: PixelGrid, colour: str) -> PixelGrid:
    """The same picture in a colour, and the darker a cell, the more it lets through."""
    pixels.colours = np.tile(rgb(colour), (len(pixels), 1))
    pixels.opacities = pixels.values.copy()
    return without_outlines(pixels)
