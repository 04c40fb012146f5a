"""Takes pictures apart into loops, each around a hole, and lines, which are straight. Nothing here is learned."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from network.network import Array

Mask = NDArray[np.bool_]
Whole = NDArray[np.intp]
Floats = NDArray[np.float64]
Kind = Literal["loop", "line"]
Side = Literal["top", "bottom", "left", "right", "middle"]

# A cell is ink if it has at least this share of the brightest cell's brightness.
INK = 0.4
# Cells of ink are connected across corners, too; dark cells only across sides, or they would leak through thin lines.
_WITH_CORNERS = np.ones((3, 3), bool)
# The fewest cells of a hole, as a share of the picture's cells.
_SMALLEST_HOLE = 1 / 400
# The shortest line, as a share of the picture's side.
_SHORTEST_LINE = 1 / 8
# A part is in the middle if its centre is no farther from that of the whole than this share of the whole's size.
_IN_THE_MIDDLE = 0.08
# How far the middle of a stroke may lie from its straight line, in cells.
_ASTRAY = 1.5


@dataclass(frozen=True, eq=False)
class Parts:
    """A picture taken apart.

    image: (side, side), 0 black to 1 white. ink: the cells that count as ink. holes: the number of the hole that each
    cell belongs to, from 1, or 0. skeleton: the middle of the ink, one cell thick. places: the number of the part that
    each cell belongs to, from 1; 0 for black cells. kinds: what each part is, the loops first.
    """

    image: Array
    ink: Mask
    holes: Whole
    skeleton: Mask
    places: Whole
    kinds: tuple[Kind, ...]

    @property
    def pictures(self) -> Array:
        """The picture of each part, (n, side, side). Cell by cell they add up to the whole."""
        numbers = np.arange(1, len(self.kinds) + 1)[:, None, None]
        return np.where(self.places == numbers, self.image, 0)

    @property
    def shares(self) -> Floats:
        """Each part's share of the brightness of the whole, (n,)."""
        return self.pictures.sum(axis=(1, 2), dtype=np.float64) / max(float(self.image.sum(dtype=np.float64)), 1e-9)

    @property
    def smallest_hole(self) -> int:
        """How many cells the smallest hole has; 0 if there is no hole."""
        sizes = np.bincount(self.holes.ravel())[1:]
        return int(sizes.min()) if len(sizes) else 0

    @property
    def greatest_line(self) -> int:
        """The line with the most brightness, the first of several, as an index of `kinds`. ValueError without one."""
        shares = self.shares
        return max((n for n, kind in enumerate(self.kinds) if kind == "line"), key=lambda n: float(shares[n]))

    def count(self, kind: Kind) -> int:
        """How many of the parts are of this kind."""
        return self.kinds.count(kind)


def take_apart(image: Array) -> Parts:
    """Take a picture (side, side) apart into loops, one around each hole, and straight lines.

    The ink is thinned to its skeleton. The skeleton around a hole is a loop. From the rest, the longest straight line
    that stays on the ink is taken away, again and again, until only short pieces are left. Every cell that is not black
    goes to the part whose skeleton is nearest. A picture with neither loops nor lines counts as one line; a black one
    has no parts. ValueError for an array of another shape.
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
    # Where two loops share a stroke, its cells go to the nearer hole.
    away = [_distance(middle) for middle in middles]
    for number, inside in enumerate(insides):
        away[number] += 0.01 * _distance(inside)
    places = np.where(image > 0, 1 + np.argmin(away, axis=0), 0)
    return Parts(image, ink, holes, skeleton, places, tuple(kinds))


def ink_of(image: Array) -> Mask:
    """The cells of a picture (side, side), or of many (n, side, side), that count as ink."""
    brightest = image.max(axis=(-2, -1), keepdims=True)
    ink: Mask = (image >= INK * brightest) & (image > 0)
    return ink


def holes_of(image: Array) -> Whole:
    """The number of the hole that each cell belongs to, (side, side): from 1, from top to bottom, or 0 for no hole.

    A hole is dark and cut off from the border by ink. In a picture of 28 × 28 it has at least two cells.
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
    """The fewest cells that a hole has in a picture of this side."""
    return max(round(_SMALLEST_HOLE * side * side), 1)


def count_holes(images: Array) -> Whole:
    """How many holes each picture (n, side, side) has, (n,). ValueError for an array of another shape."""
    regions, kept = _holes_in(images)
    picture_of = np.zeros(len(kept), np.intp)
    picture_of[regions] = np.arange(len(regions))[:, None, None]
    return np.bincount(picture_of[kept], minlength=len(regions))


def hole_cells(images: Array) -> Mask:
    """Which cells of the pictures (n, side, side) lie in a hole, (n, side, side)."""
    regions, kept = _holes_in(images)
    inside: Mask = kept[regions]
    return inside


def upper_hole_cells(images: Array) -> Mask:
    """Which cells of the pictures (n, side, side) lie in a hole whose centre is in the upper half, (n, side, side)."""
    cells = hole_cells(images)
    for mask, image in zip(cells, images, strict=True):
        holes = holes_of(image)
        for number in range(1, int(holes.max(initial=0)) + 1):
            if np.nonzero(holes == number)[0].mean() >= (len(image) - 1) / 2:
                mask[holes == number] = False
    return cells


def hole_cells_in_half(image: Array, upper: bool) -> Mask:
    """Which cells of a picture (side, side) lie in holes that lie in its upper half, or else lower half, as a whole."""
    holes, middle = holes_of(image), (len(image) - 1) / 2
    cells = np.zeros(image.shape, bool)
    for number in range(1, int(holes.max(initial=0)) + 1):
        rows = np.flatnonzero((holes == number).any(axis=1))
        if rows.max() < middle if upper else rows.min() > middle:
            cells |= holes == number
    return cells


def with_gaps_closed(images: Array) -> Array:
    """Pictures (n, side, side) whose gaps of one or two cells between ink are filled with the ink around them.

    A ring that does not quite close becomes one that does. It is a grey closing with squares of 3 × 3 cells.
    """
    return np.stack([ndimage.grey_closing(image, size=(3, 3)) for image in images])


def gap_beside(image: Array, hole: Mask) -> Mask:
    """Which cells close a ring that is not quite closed, (side, side).

    image: (side, side). hole: (side, side), a hole of the picture with its gaps closed, which it lacks itself. They are
    the cells that become ink when the gaps are closed, lie in one piece, and touch both the hole and what is outside.
    Nothing, if there are none.
    """
    dark = ~ink_of(with_gaps_closed(image[None])[0])
    pieces, n = ndimage.label(~ink_of(image) & ~dark, _WITH_CORNERS)
    gap = np.zeros(image.shape, bool)
    for piece in range(1, n + 1):
        around = ndimage.binary_dilation(pieces == piece)
        if (around & hole).any() and (around & dark & ~hole).any():
            gap |= pieces == piece
    return gap


def has_upper_hole(images: Array) -> Mask:
    """Which pictures (n, side, side) have a hole whose centre, the mean of its cells, is in the upper half, (n,)."""
    regions, kept = _holes_in(images)
    picture, row, _ = np.nonzero(kept[regions])
    numbers = regions[kept[regions]]
    sizes = np.bincount(numbers, minlength=len(kept))
    rows = np.bincount(numbers, row, minlength=len(kept)) / np.maximum(sizes, 1)
    # Rows count from 0, so the middle of the picture is at (side − 1) / 2.
    upper = rows[numbers] < (regions.shape[1] - 1) / 2
    found: Mask = np.bincount(picture[upper], minlength=len(regions)) > 0
    return found


def _holes_in(images: Array) -> tuple[Whole, Mask]:
    """The number of the dark region that each cell is in, (n, side, side), and which numbers are holes, (numbers,)."""
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


def flood(image: Array) -> Whole:
    """How many steps it takes from the border to each dark cell, over dark cells and across sides, (side, side).

    −1 for ink, and for dark cells that cannot be reached.
    """
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
    """The skeleton of the ink: its outer cells are peeled off until only lines one cell thick are left."""
    skeleton: Mask = ink & (peelings(ink) == 0)
    return skeleton


def peelings(ink: Mask) -> Whole:
    """The round, from 1, in which each cell of the ink is peeled off to get its skeleton; 0 for all other cells.

    This is the algorithm of T. Y. Zhang and C. Y. Suen, "A fast parallel algorithm for thinning digital patterns",
    Communications of the ACM 27 (1984). It keeps holes, and connected ink stays connected.
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


def square_around(image: Array) -> tuple[slice, slice]:
    """The rows and columns of the smallest square that holds everything that is not black, with a margin of one cell.

    At the border of the picture there is no margin. A black picture is its own square.
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


def side_of(part: Array, whole: Array) -> Side:
    """On which side of a whole picture (side, side) a part of it lies.

    It is the direction in which the middle of the part's box is farthest from that of the whole's, as a share of the
    whole's height or width.
    """
    boxes = []
    for picture in (part, whole):
        lit = [np.flatnonzero((picture > 0).any(axis=axis)) for axis in (1, 0)]
        if not len(lit[0]):
            return "middle"
        boxes.append(np.array([(places[0], places[-1] + 1) for places in lit], float))
    down, right = (boxes[0].mean(axis=1) - boxes[1].mean(axis=1)) / np.ptp(boxes[1], axis=1)
    if max(abs(down), abs(right)) <= _IN_THE_MIDDLE:
        return "middle"
    if abs(down) >= abs(right):
        return "top" if down < 0 else "bottom"
    return "left" if right < 0 else "right"


def _around(hole: Mask, skeleton: Mask) -> Mask:
    """The hole and the ink around it, as far as the skeleton encloses them."""
    regions, _ = ndimage.label(~skeleton)
    return np.isin(regions, regions[hole & ~skeleton])


def _distance(cells: Mask) -> Floats:
    """The distance of each cell from the nearest of these cells."""
    away: Floats = ndimage.distance_transform_edt(~cells)
    return away


def _straight_lines(rest: Mask, ink: Mask) -> list[Mask]:
    """The cells of the skeleton that each straight line covers, the longest line first."""
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
