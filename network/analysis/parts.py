"""Pictures taken apart: loops are holes that were counted, lines are straight strokes, edges are bits of one direction.

None of it is learnt. It is what one may hope that layers of a network come to do, done by hand on real pictures.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from network.digits import Digits
from network.network import Array

Mask = NDArray[np.bool_]
Whole = NDArray[np.intp]
Floats = NDArray[np.float64]
Kind = Literal["loop", "line"]
_KINDS: tuple[Kind, ...] = ("loop", "line")

# A cell is ink from this share of the brightest one on.
INK = 0.4
# Ink holds together along corners, too; what is dark does so along sides only, or it would leak through a thin line.
_WITH_CORNERS = np.ones((3, 3), bool)
# Shares of a picture: of its cells, what is too small for a hole; of its side, what is too short for a line.
_SMALLEST_HOLE, _SHORTEST_LINE = 1 / 400, 1 / 8
# How far, in cells, the middle of a stroke may lie from the straight line that takes it up.
_ASTRAY = 1.5
# Directions that edges are sorted by.
DIRECTIONS = 4
# Over how many cells directions are evened out; and how many white cells' worth an edge is at least, as a share of the
# picture's side.
_EVENED, _SMALLEST_EDGE = 1.0, 1 / 10


@dataclass(frozen=True, eq=False)
class Parts:
    """A picture taken apart.

    image: (side, side), 0 black to 1 white. ink: the cells that count as ink. holes: the number of the hole that a cell
    belongs to, from 1, or 0. skeleton: the middle of the ink, one cell thin. places: the number of the part that a cell
    belongs to, from 1; 0 where it is black. kinds: what each part is, the loops first.
    """

    image: Array
    ink: Mask
    holes: Whole
    skeleton: Mask
    places: Whole
    kinds: tuple[Kind, ...]

    @property
    def pictures(self) -> Array:
        """The picture of each part, (n, side, side): they add up to the whole, cell by cell."""
        numbers = np.arange(1, len(self.kinds) + 1)[:, None, None]
        return np.where(self.places == numbers, self.image, 0)

    @property
    def shares(self) -> Floats:
        """What share of the whole brightness each part has, (n,)."""
        return self.pictures.sum(axis=(1, 2), dtype=np.float64) / max(float(self.image.sum(dtype=np.float64)), 1e-9)

    def count(self, kind: Kind) -> int:
        return self.kinds.count(kind)


def take_apart(image: Array) -> Parts:
    """Take a picture (side, side) apart into loops, one around each hole, and the straight lines of what is left.

    The ink is thinned to its skeleton. What of it lies around a hole is a loop. On the rest, the longest straight line
    that stays on the ink is taken away, and again, until what is left is short. Every cell that is not black goes with
    the part whose skeleton is nearest. A picture in which nothing is found is one line.
    """
    image = np.asarray(image, np.float32)
    if image.ndim != 2 or image.shape[0] != image.shape[1]:
        raise ValueError(f"image must have the shape (side, side); got {image.shape}")
    holes = holes_of(image)
    small = ndimage.binary_fill_holes(ink_of(image)) & ~ink_of(image) & (holes == 0)
    ink = ink_of(image) | small
    skeleton = thinned(ink)
    if not ink.any():
        return Parts(image, ink, holes, skeleton, np.zeros(image.shape, np.intp), ())
    insides = [_around(hole, skeleton) for hole in (holes == number for number in range(1, holes.max(initial=0) + 1))]
    rings = [ndimage.binary_dilation(inside, _WITH_CORNERS) & skeleton for inside in insides]
    rest = skeleton & ~np.any(rings, axis=0) if rings else skeleton
    lines = _straight_lines(rest, ink)
    middles = [*rings, *lines] or [skeleton]
    loops: list[Kind] = ["loop"] * len(rings)
    kinds = loops + ["line"] * (len(middles) - len(rings))
    # Where two loops share a stroke, its cells go with the nearer hole.
    away = [_distance(middle) for middle in middles]
    for number, inside in enumerate(insides):
        away[number] += 0.01 * _distance(inside)
    places = np.where(image > 0, 1 + np.argmin(away, axis=0), 0)
    return Parts(image, ink, holes, skeleton, places, tuple(kinds))


def ink_of(image: Array) -> Mask:
    """The cells of a picture, or of many (n, side, side), that count as ink."""
    brightest = image.max(axis=(-2, -1), keepdims=True)
    ink: Mask = (image >= INK * brightest) & (image > 0)
    return ink


def holes_of(image: Array) -> Whole:
    """The number of the hole that each cell belongs to, from 1 and from top to bottom, or 0; (side, side).

    A hole is dark and cut off from the border by ink, and has two cells or more in a picture of 28 × 28.
    """
    regions, n = ndimage.label(~ink_of(image))
    sizes = np.bincount(regions.ravel(), minlength=n + 1)
    edge = np.concatenate([regions[0], regions[-1], regions[:, 0], regions[:, -1]])
    kept = sizes >= smallest_hole(len(image))
    kept[[0, *edge]] = False
    numbers = np.where(kept, np.cumsum(kept), 0)
    found: Whole = numbers[regions]
    return found


def smallest_hole(side: int) -> int:
    """How many cells a hole has at least."""
    return max(round(_SMALLEST_HOLE * side * side), 1)


def count_holes(images: Array) -> Whole:
    """How many holes each of many pictures (n, side, side) has, (n,). ValueError for an array of another shape."""
    regions, kept = _holes_in(images)
    picture_of = np.zeros(len(kept), np.intp)
    picture_of[regions] = np.arange(len(regions))[:, None, None]
    return np.bincount(picture_of[kept], minlength=len(regions))


def hole_cells(images: Array) -> Mask:
    """Which cells of many pictures (n, side, side) lie in a hole, (n, side, side)."""
    regions, kept = _holes_in(images)
    inside: Mask = kept[regions]
    return inside


def _holes_in(images: Array) -> tuple[Whole, Mask]:
    """The number of the dark region that each cell is in, (n, side, side), and which of the numbers are holes."""
    images = np.asarray(images)
    if images.ndim != 3:
        raise ValueError(f"images must have the shape (n, side, side); got {images.shape}")
    flat = np.zeros((3, 3, 3), bool)
    flat[1] = ndimage.generate_binary_structure(2, 1)  # no way from one picture into the next
    regions, found = ndimage.label(~ink_of(images), flat)
    kept: Mask = np.bincount(regions.ravel(), minlength=found + 1) >= smallest_hole(images.shape[1])
    for edge in (regions[:, 0], regions[:, -1], regions[:, :, 0], regions[:, :, -1]):
        kept[edge.ravel()] = False
    kept[0] = False
    return regions, kept


def holes_by_class(digits: Digits, most: int = 2) -> Whole:
    """How many pictures of each class have 0, 1, … `most` or more holes, (classes, most + 1)."""
    counts = np.minimum(count_holes(digits.images), most)
    table = np.zeros((len(digits.class_names), most + 1), np.intp)
    np.add.at(table, (digits.labels, counts), 1)
    return table


def flood(image: Array) -> Whole:
    """How many steps from the border, from cell to cell along sides, lead to each dark cell; −1 where none do."""
    dark = ~ink_of(image)
    steps = np.full(image.shape, -1)
    wet = np.zeros(image.shape, bool)
    front = dark.copy()
    front[1:-1, 1:-1] = False
    step = 0
    while front.any():
        steps[front] = step
        wet |= front
        front = ndimage.binary_dilation(wet) & dark & ~wet
        step += 1
    return steps


def thinned(ink: Mask) -> Mask:
    """The skeleton of the ink: its cells peeled off from outside, until lines one cell thin are left."""
    skeleton: Mask = ink & (peelings(ink) == 0)
    return skeleton


def peelings(ink: Mask) -> Whole:
    """The round, from 1, in which each cell of the ink is peeled off, to thin it to its skeleton; 0 for all others.

    The algorithm of T. Y. Zhang and C. Y. Suen, "A fast parallel algorithm for thinning digital patterns",
    Communications of the ACM 27 (1984). It keeps holes, and what hangs together.
    """
    left = np.pad(ink, 1)
    rounds = np.zeros(left.shape, np.intp)
    for number in itertools.count(1):
        before = left
        for turn in (0, 1):
            # The eight neighbours, clockwise from the one above.
            around = np.stack([np.roll(left, (-dy, -dx), (0, 1)) for dy, dx in _CLOCKWISE])
            count = around.sum(axis=0)
            risings = (~around & np.roll(around, -1, axis=0)).sum(axis=0)
            up, right, down, side = around[0::2]
            free = ~(up & right & down) & ~(right & down & side)
            if turn:
                free = ~(up & right & side) & ~(up & down & side)
            left = left & ~((count >= 2) & (count <= 6) & (risings == 1) & free)
        if (left == before).all():
            break
        rounds[before & ~left] = number
    return rounds[1:-1, 1:-1]


_CLOCKWISE = ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))


def gradient(image: Array) -> tuple[Floats, Floats]:
    """How fast the brightness of a picture (side, side) grows to the right and downwards, per cell, where evened out.

    Derivatives of a Gaussian of ¾ cell.
    """
    right = ndimage.gaussian_filter(np.asarray(image, np.float64), 0.75, order=(0, 1))
    down = ndimage.gaussian_filter(np.asarray(image, np.float64), 0.75, order=(1, 0))
    return right, down


def edge_directions(image: Array) -> Whole:
    """Which way an edge through each cell runs: 0 across, then by 45° counter-clockwise, (side, side).

    It is at right angles to the gradient, as it points on average around the cell (the structure tensor).
    """
    right, down = gradient(image)
    across, along, mixed = (ndimage.gaussian_filter(x, _EVENED) for x in (right * right, down * down, right * down))
    steepest = 0.5 * np.arctan2(2 * mixed, across - along)  # clockwise from the right, as rows count downwards
    directions: Whole = np.round((np.pi / 2 - steepest) / (np.pi / DIRECTIONS)).astype(np.intp) % DIRECTIONS
    return directions


def little_edges(image: Array) -> tuple[Array, Whole]:
    """Cut a picture into edges: cells that hang together and run the same way.

    Returns their pictures (n, side, side), which add up to the whole, in clockwise order around its middle, and the
    direction of each, (n,). What is too small goes with its nearest neighbour.
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


def square_around(image: Array) -> tuple[slice, slice]:
    """The rows and columns of the smallest square of a picture that holds all that is not black, and a cell around it.

    Where there is no cell more, it ends with the picture.
    """
    side = len(image)
    lit = image > 0
    places = [np.flatnonzero(lit.any(axis=axis)) for axis in (1, 0)]
    if not lit.any():
        return slice(0, side), slice(0, side)
    extent = min(max(int(np.ptp(place)) for place in places) + 3, side)
    starts = [int(np.clip((place[0] + place[-1] + 1 - extent) // 2, 0, side - extent)) for place in places]
    rows, columns = (slice(start, start + extent) for start in starts)
    return rows, columns


def _around(hole: Mask, skeleton: Mask) -> Mask:
    """What the skeleton encloses of the hole and the ink about it."""
    regions, _ = ndimage.label(~skeleton)
    return np.isin(regions, regions[hole & ~skeleton])


def _distance(cells: Mask) -> Floats:
    """How far each cell is from the nearest of these."""
    away: Floats = ndimage.distance_transform_edt(~cells)
    return away


def _straight_lines(rest: Mask, ink: Mask) -> list[Mask]:
    """The cells of the skeleton that each straight line takes up, the longest first."""
    shortest = max(_SHORTEST_LINE * len(ink), 2)
    lines: list[Mask] = []
    while True:
        cells = np.argwhere(rest).astype(float)
        if len(cells) < shortest:
            return lines
        starts, ends = (cells[n] for n in np.triu_indices(len(cells), 1))
        along = ends - starts
        length = np.hypot(*along.T)
        steps = np.linspace(0, 1, 2 * len(ink))[:, None, None]
        way = np.round(starts + steps * along).astype(int)
        on_ink = ink[way[..., 0], way[..., 1]].all(axis=0) & (length >= shortest - 1)
        if not on_ink.any():
            return lines
        starts, along, length = starts[on_ink], along[on_ink], length[on_ink]
        relative = cells - starts[:, None]
        share = (relative @ along[:, :, None])[..., 0] / length[:, None] ** 2
        off = np.linalg.norm(relative - share[..., None] * along[:, None], axis=-1)
        taken = (off <= _ASTRAY) & (share >= -0.01) & (share <= 1.01)
        best = int(np.argmax(taken.sum(axis=1) + 0.001 * length))
        line = np.zeros(ink.shape, bool)
        line[tuple(cells[taken[best]].astype(int).T)] = True
        lines.append(line)
        rest = rest & ~line


def part_names(kinds: tuple[Kind, ...]) -> str:
    """What parts there are, in words: "2 loops", "1 loop and 1 line"."""
    counted = [(kinds.count(kind), kind) for kind in _KINDS]
    return " and ".join(f"{n} {kind}{'' if n == 1 else 's'}" for n, kind in counted if n)
