"""What several scenes of this part need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from manim import (
    DOWN,
    Group,
    Square,
    VGroup,
)
from numpy.typing import NDArray

from network.analysis.parts import (
    Parts,
    square_around,
    take_apart,
)
from network.digits import Digits
from scenes.kit import theme
from scenes.kit.mobjects.array_mobject import rgb
from scenes.kit.mobjects.pixel_grid import InkGrid, PixelGrid
from scenes.kit.mobjects.symbols import Symbol
from scenes.kit.mobjects.text import Words

PART_COLOURS = np.array([rgb(colour) for colour in theme.PARTS])
# What digits one would like to see taken apart into, and the least share of the ink that each part must have.
_MAKE_UPS = ((("loop", "line"), 0.25), (("loop", "loop"), 0.25), (("line", "line", "line"), 0.2))
# How many pictures of each class are looked at for examples.
_LOOKED_AT = 20


@dataclass(frozen=True, eq=False)
class Example:
    """A picture of the data taken apart, and what it is."""

    label: int
    name: str
    parts: Parts


@lru_cache(maxsize=2)
def examples(digits: Digits) -> tuple[Example, ...]:
    """Three pictures that fall into a loop and a line, into two loops, and into three lines.

    Each is of another class: of those left, the one that falls into these parts most often among its first twenty
    pictures. Of these, among those whose parts all have a fair share of the ink, it is the first with the largest hole,
    the smaller of two counting; where no shares are fair, the one whose least part has the largest share. What the
    data do not have is left out; if they have none of it, it is the first picture.
    """
    looked_at = [np.flatnonzero(digits.labels == k)[:_LOOKED_AT] for k in range(len(digits.class_names))]
    taken_apart = [[take_apart(digits.images[n]) for n in places] for places in looked_at]
    found: list[Example] = []
    for make_up, least in _MAKE_UPS:
        fitting = [[parts for parts in of_class if parts.kinds == make_up] for of_class in taken_apart]
        often = [len(parts) / max(len(all_), 1) for parts, all_ in zip(fitting, taken_apart, strict=True)]
        for example in found:
            often[example.label] = 0
        label = int(np.argmax(often))
        if often[label]:
            fair = [parts for parts in fitting[label] if parts.shares.min() >= least]
            if fair:
                chosen = max(fair, key=_smallest_hole)
            else:
                chosen = max(fitting[label], key=lambda parts: float(parts.shares.min()))
            found.append(Example(label, digits.class_names[label], chosen))
    if not found:
        label = int(digits.labels[0])
        found.append(Example(label, digits.class_names[label], take_apart(digits.images[0])))
    return tuple(found)


def _smallest_hole(parts: Parts) -> int:
    """How many cells the smallest hole has; 0 where there is none."""
    return int(np.bincount(parts.holes.ravel())[1:].min(initial=parts.holes.size) if parts.holes.any() else 0)


class PictureEquation:
    """The picture of a digit = the pictures of its parts, side by side, in frames, each with its name beneath."""

    ROOM, LONGEST = 0.7, 13.2

    def __init__(self, example: Example, extent: float, y: float, size: float = theme.NOTE_SIZE) -> None:
        self.example, parts = example, example.parts
        n = len(parts.kinds)
        self.extent = extent = min(extent, (self.LONGEST - n * self.ROOM) / (n + 1))
        pitch = extent + self.ROOM
        first = -n * pitch / 2
        # All show the same square around the digit, so that they add up, cell by cell.
        self.square = square_around(parts.image)
        self.whole = InkGrid(parts.image[self.square], extent, (first, y))
        colours = [theme.PARTS[k % len(theme.PARTS)] for k in range(n)]
        self.pieces = [
            InkGrid(picture[self.square], extent, (first + (k + 1) * pitch, y), rgb(colour))
            for k, (picture, colour) in enumerate(zip(parts.pictures, colours, strict=True))
        ]
        self.frames = Group(*(_frame(grid) for grid in (self.whole, *self.pieces)))
        self.signs = VGroup(
            *(Symbol("+" if k else "=", theme.TITLE_SIZE).put((first + (k + 0.5) * pitch, y, 0)) for k in range(n))
        )
        texts = zip((example.name, *parts.kinds), (theme.TEXT, *colours), strict=True)
        self.names = VGroup(*(Words(text, size, colour) for text, colour in texts))
        for text, frame in zip(self.names, self.frames, strict=True):
            text.next_to(frame, DOWN, buff=0.003 * size)

    @property
    def everything(self) -> list[Group]:
        return [self.whole, *self.pieces, self.frames, self.signs, self.names]


def in_square(image: NDArray[np.float32], square: tuple[slice, slice], whole: PixelGrid) -> InkGrid:
    """The cells of a square of a picture, where they stand in the whole of it."""
    rows, columns = square
    side = rows.stop - rows.start
    place = whole.centres[whole.window(rows.start, columns.start, side, side)].mean(axis=0)
    step = float(whole.centres[1, 0] - whole.centres[0, 0])
    return InkGrid(image[square], side * step, (place[0], place[1]))


def exploded(pieces: Sequence[InkGrid], by: float) -> list[InkGrid]:
    """Pieces of one picture, each `by` units away from its middle."""
    total = sum((grid.values for grid in pieces), np.zeros(len(pieces[0]), np.float32))
    middle = _centre_of_ink(pieces[0], total)
    moved = []
    for grid in pieces:
        out = _centre_of_ink(grid, grid.values) - middle
        away = float(np.linalg.norm(out))
        moved.append(grid.copy().shift(by * out / away if away > 1e-6 else 0 * out))
    return moved


def _centre_of_ink(grid: PixelGrid, values: NDArray[np.float32]) -> NDArray[np.float64]:
    centre: NDArray[np.float64] = values @ grid.centres / max(float(values.sum()), 1e-9)
    return centre


def _frame(grid: PixelGrid) -> Square:
    """A thin frame around a picture, however much of it is black."""
    return Square(grid.width + 0.08, color=theme.CELL_OUTLINE, stroke_width=2).move_to(grid)
