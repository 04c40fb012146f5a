"""A digit as the sum of its parts."""

from __future__ import annotations

from network.analysis.examples import TakenApart
from network.analysis.parts import square_around
from scenes.kit import theme
from scenes.kit.mobjects.picture_pieces import PictureEquation
from scenes.part_05_why_layers.colours import OF_KIND
from scenes.part_05_why_layers.words_for_parts import kind_in_words


def sum_of_parts(example: TakenApart, extent: float, y: float, size: float = theme.NOTE_SIZE) -> PictureEquation:
    """The picture of a digit = the pictures of its parts, all cut to the square around it, so that they add up."""
    parts = example.parts
    square = square_around(parts.image)
    names = (example.name, *map(kind_in_words, parts.kinds))
    colours = [OF_KIND[kind] for kind in parts.kinds]
    return PictureEquation(parts.image[square], parts.pictures[:, *square], names, extent, y, size, colours)
