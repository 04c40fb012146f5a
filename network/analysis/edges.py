"""Cuts pictures into little edges, connected cells whose edges run the same way. Nothing here is learned."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from network.network import Array

Whole = NDArray[np.intp]
Floats = NDArray[np.float64]

# Ink is connected across corners, too.
_WITH_CORNERS = np.ones((3, 3), bool)
# Edges are sorted into this many directions.
DIRECTIONS = 4
# Directions are smoothed over this many cells.
_SMOOTHED = 1.0
# The least brightness of an edge, in white cells, as a share of the picture's side.
_SMALLEST_EDGE = 1 / 10


def gradient(image: Array) -> tuple[Floats, Floats]:
    """How fast the brightness of a picture (side, side) grows to the right and downwards, per cell; each (side, side).

    Derivatives of the picture smoothed with a Gaussian of ¾ cell.
    """
    right = ndimage.gaussian_filter(np.asarray(image, np.float64), 0.75, order=(0, 1))
    down = ndimage.gaussian_filter(np.asarray(image, np.float64), 0.75, order=(1, 0))
    return right, down


def edge_directions(image: Array) -> Whole:
    """Which way an edge through each cell runs, (side, side): 0 for across, then in steps of 45° counter-clockwise.

    It is at right angles to the average gradient around the cell (the structure tensor).
    """
    right, down = gradient(image)
    across, along, mixed = (ndimage.gaussian_filter(x, _SMOOTHED) for x in (right * right, down * down, right * down))
    steepest = 0.5 * np.arctan2(2 * mixed, across - along)  # clockwise from the right, as rows count downwards
    directions: Whole = np.round((np.pi / 2 - steepest) / (np.pi / DIRECTIONS)).astype(np.intp) % DIRECTIONS
    return directions


def little_edges(image: Array) -> tuple[Array, Whole]:
    """Cut a picture (side, side) into edges: connected cells whose edges run the same way.

    Returns their pictures (n, side, side), which add up to the whole, in clockwise order around its middle; and the
    direction of each, (n,). Anything too small to be an edge goes to its nearest neighbour.
    """
    image = np.asarray(image, np.float32)
    directions = edge_directions(image)
    bright = image > 0
    places, number = np.zeros(image.shape, np.intp), 0
    for direction in range(DIRECTIONS):
        regions, n = ndimage.label(bright & (directions == direction), _WITH_CORNERS)
        places += np.where(regions > 0, regions + number, 0)
        number += n
    weights = np.bincount(places.ravel(), image.ravel(), minlength=number + 1)
    kept = weights >= min(_SMALLEST_EDGE * len(image), weights[1:].max(initial=0))
    kept[0] = False
    _, nearest = ndimage.distance_transform_edt(~kept[places], return_indices=True)
    places = np.where(bright, places[tuple(nearest)], 0)
    numbers = np.flatnonzero(kept & (np.bincount(places.ravel(), minlength=number + 1) > 0))
    middle = np.array(ndimage.center_of_mass(image)) if bright.any() else np.zeros(2)
    centres = np.array([ndimage.center_of_mass(places == k) for k in numbers]).reshape(-1, 2) - middle
    order = np.argsort(np.arctan2(centres[:, 1], -centres[:, 0]) % (2 * np.pi), kind="stable")
    numbers = numbers[order]
    pictures = np.where(places == numbers[:, None, None], image, 0).astype(np.float32)
    found = [np.bincount(directions[places == k], minlength=DIRECTIONS).argmax() for k in numbers]
    return pictures, np.array(found, np.intp)


def largest_of_each_direction(edges: Array, directions: Whole, most: int) -> list[int]:
    """The brightest edge of each direction, as indices, in order: the `most` brightest of them.

    edges: (n, side, side), and directions: (n,), as `little_edges` gives them. Of equal ones, the first counts.
    """
    order = np.argsort(-edges.sum(axis=(1, 2)), kind="stable")
    _, first = np.unique(directions[order], return_index=True)
    return sorted(int(n) for n in order[np.sort(first)][:most])
