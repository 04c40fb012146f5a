"""The pictures that the best loop neurons like most, with their loops in orange."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from manim import Group, SurroundingRectangle, VGroup
from numpy.typing import NDArray

from network.analysis.favourites import LoopFavourites
from network.analysis.loops import Ring, kinds_of_ring
from network.analysis.parts import gap_beside, hole_cells, upper_hole_cells, with_gaps_closed
from scenes.kit import theme
from scenes.kit.colour import rgb
from scenes.kit.layout import STAGE_BOTTOM, STAGE_MIDDLE, STAGE_TOP, in_rows
from scenes.kit.mobjects.pixel_grid import PixelGrid

# How many favourites of a neuron are shown.
FAVOURITES = 20
# The width of the rows in which pictures stand, and the width of the largest picture.
ROW_WIDTH, LARGEST_PICTURE = 13.2, 2.6
# Two groups of pictures side by side: how far their middles lie from that of the stage, and how wide they are.
HALF_ASIDE, _HALF_WIDTH = 3.55, 6.3
# How bright the inside of a ring is that does not quite close.
_NEARLY = 0.55


def favourites_at_the_end(
    images: NDArray[np.float32], any_loop: LoopFavourites | None, upper_loop: LoopFavourites | None
) -> Group:
    """The favourites of both neurons, of images (n, side, side): with them one scene ends, and the next begins.

    It is empty if there is nothing to find; if there is no second neuron, those of the first, with frames around those
    that have a loop.
    """
    if any_loop is None:
        return Group()
    liked = images[any_loop.pictures]
    left = Group(*filled(pictures_in_rows(liked), liked))
    if upper_loop is None:
        loops = any_loop.loops[any_loop.pictures]
        return Group(left, *(ring(picture) for picture, loop in zip(left, loops, strict=True) if loop))
    liked_above = images[upper_loop.pictures]
    right = in_half(Group(*filled_above(pictures_in_rows(liked_above), liked_above)), HALF_ASIDE)
    left = in_half(left, -HALF_ASIDE)
    return Group(left, right, rings_of(left, kinds_of_ring(liked, True)), rings_of(right, kinds_of_ring(liked_above)))


def pictures_in_rows(images: NDArray[np.float32]) -> Group:
    """Pictures (n, side, side) in rows that fill the stage."""
    places, step = in_rows(len(images), (0, STAGE_MIDDLE), ROW_WIDTH, STAGE_TOP - STAGE_BOTTOM)
    last = np.isclose(places[:, 1], places[-1, 1])
    places[last, 0] -= places[last, 0].mean()
    extent = min(LARGEST_PICTURE, 0.9 * step)
    return Group(
        *(PixelGrid(image, extent, (x, y)).without_outlines() for image, (x, y, _) in zip(images, places, strict=True))
    )


def in_half(pictures: Group, x: float) -> Group:
    """Copies of pictures, smaller, in the half of the stage around x."""
    places, step = in_rows(len(pictures), (x, STAGE_MIDDLE), _HALF_WIDTH, STAGE_TOP - STAGE_BOTTOM)
    return Group(
        *(
            picture.copy().scale_to_fit_width(min(LARGEST_PICTURE, 0.9 * step)).move_to(place)
            for picture, place in zip(pictures, places, strict=True)
        )
    )


def filled(pictures: Iterable[PixelGrid], images: NDArray[np.float32]) -> list[PixelGrid]:
    """Copies of pictures with orange holes."""
    copies = []
    for picture, pixels in zip(pictures, hole_cells(images), strict=True):
        copies.append(picture.copy())
        copies[-1].colours[pixels.ravel()] = rgb(theme.LOOP)
    return copies


def filled_above(pictures: Iterable[PixelGrid], images: NDArray[np.float32]) -> list[PixelGrid]:
    """Copies with orange holes in the upper half; where there is none, those that a small gap leaves open, darker.

    The gap is yellow.
    """
    copies = []
    closed, nearly = upper_hole_cells(images), upper_hole_cells(with_gaps_closed(images))
    for picture, image, inside, almost in zip(pictures, images, closed, nearly, strict=True):
        copies.append(copy := picture.copy())
        if inside.any():
            copy.colours[inside.ravel()] = rgb(theme.LOOP)
        else:
            dark = almost.ravel()
            copy.colours[dark] = np.maximum(copy.colours[dark], _NEARLY * rgb(theme.LOOP))
            copy.colours[gap_beside(image, almost).ravel()] = rgb(theme.ANSWER)
    return copies


def rings_of(pictures: Iterable[PixelGrid], kinds: Iterable[Ring]) -> VGroup:
    """Frames: yellow around the pictures that have a loop, grey around those that have nothing of the kind."""
    colours = {Ring.CLOSED: theme.ANSWER, Ring.NONE: theme.NEUTRAL}
    return VGroup(
        *(ring(picture, colours[kind]) for picture, kind in zip(pictures, kinds, strict=True) if kind in colours)
    )


def ring(picture: PixelGrid, colour: str = theme.ANSWER) -> SurroundingRectangle:
    """A frame around a picture, by default one that has a loop."""
    return SurroundingRectangle(picture, color=colour, stroke_width=theme.MARK_WIDTH, buff=0.02)
