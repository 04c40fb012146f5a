"""PartsAreMadeOfEdges: the loop of a real digit is cut into little edges, and put together again."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from manim import LEFT, FadeIn, FadeOut, Group, LaggedStart, Line, Transform, VGroup, VMobject
from numpy.typing import NDArray

from network.analysis.edges import DIRECTIONS, edge_directions, gradient, little_edges
from network.analysis.examples import TakenApart, digits_taken_apart
from network.analysis.parts import square_around
from scenes.kit import theme
from scenes.kit.layout import STAGE_MIDDLE
from scenes.kit.mobjects.picture_pieces import cells_in_place, drawn_apart, piece_colours, thin_frame
from scenes.kit.mobjects.pixel_grid import InkGrid, PixelGrid
from scenes.kit.mobjects.symbols import Symbol
from scenes.stage.lesson_scene import LessonScene


class PartsAreMadeOfEdges(LessonScene):
    """The edges of a real digit, by its gradient; then its loop is cut into little edges, and put together again."""

    # The width of the whole digit, and of its part when that comes nearer.
    EXTENT, NEAR = 5.4, 4.9
    LEGEND_X = 5.0
    # The width of the part, and its place, while its edges stand beside it as a sum.
    SMALL = 3.2
    LEFT_PLACE = -5.2, STAGE_MIDDLE
    # Where the sum begins, the middle of its pictures, their room, and the largest that one of them becomes.
    EQUALS_X, ROW_X, ROW_WIDTH, ROW_HEIGHT, LARGEST = -3.08, 1.98, 9.8, 6.0, 2.6

    @cached_property
    def example(self) -> TakenApart:
        return digits_taken_apart(self.digits())[0]

    @cached_property
    def part(self) -> NDArray[np.float32]:
        """The part of the digit that is cut into edges, (side, side)."""
        return self.example.parts.pictures[0]

    @cached_property
    def cut(self) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
        """Its edges, (n, side, side), and their directions, (n,)."""
        return little_edges(self.part)

    def construct(self) -> None:
        self.kind = self.example.parts.kinds[0]
        edges, self.directions = self.cut
        # All are shown in the same square around the part, so that they still add up, cell by cell.
        self.square = square_around(self.part)
        self.edges = edges[:, *self.square]
        self.whole = InkGrid(self.example.parts.image, self.EXTENT, (0, STAGE_MIDDLE))

        self.the_gradient()
        self.by_direction()
        self.apart()
        self.together()
        self.end()

    def alternative_text(self) -> str:
        edges, _ = self.cut
        return (
            f"Little strokes mark how a handwritten {self.example.name} changes from dark to bright. Its "
            f"{self.example.parts.kinds[0]} is cut into {len(edges)} edges by direction, which add up to it again."
        )

    def the_gradient(self) -> None:
        self.next_section("The gradient")
        self.strokes = edge_strokes(self.example.parts.image, self.whole)
        dim = self.whole.copy().fade(0.72)
        with self.voiceover(
            "Parts are made of edges, where bright meets dark; the longer a stroke, the steeper.",
            moves=f"The {self.example.name} appears, large, and dims. Short strokes come along its outlines, inside "
            "and outside: across the gradient, as long as it is steep.",
        ):
            self.play(FadeIn(self.whole))
            self.wait(theme.STEP)
            self.play(Transform(self.whole, dim), FadeIn(self.strokes), run_time=theme.FLOW)

    def by_direction(self) -> None:
        self.next_section("By direction")
        self.loop = cells_in_place(self.part, self.square, self.whole)
        tints = piece_colours(edge_directions(self.part)[self.square].ravel())
        tinted = InkGrid(self.part[self.square], self.NEAR, (0, STAGE_MIDDLE), tints)
        self.legend = self.directions_legend()
        with self.voiceover(
            f"Sort the {self.kind}'s cells by the way its edge runs: {DIRECTIONS} directions.",
            moves=f"Strokes and digit go, the {self.kind} remains and comes nearer. Its cells take {DIRECTIONS} "
            "colours; strokes on the right say which direction each stands for.",
        ):
            self.play(FadeOut(self.strokes), FadeOut(self.whole), FadeIn(self.loop))
            self.play(Transform(self.loop, tinted), FadeIn(self.legend), run_time=theme.FLOW)

    def directions_legend(self) -> VGroup:
        """A stroke in each direction, in its colour, one below the other."""
        legend = VGroup()
        for direction in range(DIRECTIONS):
            angle = np.pi * direction / DIRECTIONS
            along = 0.42 * np.array([np.cos(angle), np.sin(angle), 0])
            legend.add(Line(-along, along, stroke_width=8, color=theme.PARTS[direction]))
        for stroke, height in zip(legend, np.linspace(1.8, -1.8, DIRECTIONS), strict=True):
            stroke.move_to((self.LEGEND_X, STAGE_MIDDLE + height, 0))
        return legend

    def apart(self) -> None:
        self.next_section("Apart")
        self.row, signs = self.sum_of_edges()
        frames = Group(*(thin_frame(grid) for grid in self.row))
        self.pieces = pieces = self.edges_at(self.NEAR, (0, STAGE_MIDDLE))
        spread = drawn_apart(pieces, 0.1 * self.NEAR)
        farther = drawn_apart(self.edges_at(self.SMALL, self.LEFT_PLACE), 0.15)
        with self.voiceover(
            f"What hangs together and runs one way is a little edge: {len(self.edges)} in all."
            if len(self.edges) > 1
            else "It all runs one way: it is one edge.",
            moves=f"The {self.kind} comes apart into pieces; copies of them go into small frames on the right.",
        ):
            self.remove(self.loop)
            self.add(*pieces)
            self.play(*(Transform(one, other) for one, other in zip(pieces, spread, strict=True)), run_time=theme.FLOW)
            self.play(
                FadeOut(self.legend),
                *(Transform(one, other) for one, other in zip(pieces, farther, strict=True)),
                run_time=theme.STEP,
            )
            leaving = [piece.copy() for piece in pieces]
            self.play(
                FadeIn(frames),
                *(Transform(one, other) for one, other in zip(leaving, self.row, strict=True)),
                run_time=theme.FLOW,
            )
            self.remove(*leaving)
            self.add(*self.row)
            self.play(FadeIn(signs), run_time=theme.QUICK)

    def edges_at(self, extent: float, place: tuple[float, float]) -> list[InkGrid]:
        """The edges over each other, so that they make up the part, in the colours of their directions."""
        tints = piece_colours(self.directions)
        return [InkGrid(edge, extent, place, tint) for edge, tint in zip(self.edges, tints, strict=True)]

    def sum_of_edges(self) -> tuple[list[InkGrid], VGroup]:
        """The edges side by side, in as many rows as they need, and the signs = and + between them."""
        places, extent = _rows_of_pictures(len(self.edges), self.ROW_WIDTH, self.ROW_HEIGHT, self.LARGEST)
        row = [
            InkGrid(edge, extent, (x + self.ROW_X, y + STAGE_MIDDLE), tint)
            for edge, tint, (x, y) in zip(self.edges, piece_colours(self.directions), places, strict=True)
        ]
        signs = VGroup(Symbol("=", theme.TITLE_SIZE).put((self.EQUALS_X, STAGE_MIDDLE, 0)))
        for one, other in zip(row, row[1:], strict=False):
            # Between two that stand side by side; at the beginning of a new row, in front of it.
            middle = (one.get_center() + other.get_center()) / 2
            if abs(one.get_y() - other.get_y()) > 0.1:
                middle = other.get_left() + 0.17 * LEFT
            signs.add(Symbol("+", theme.LABEL_SIZE).put(middle))
        return row, signs

    def together(self) -> None:
        self.next_section("Together")
        copies = [piece.copy() for piece in self.row]
        targets = self.edges_at(self.SMALL, self.LEFT_PLACE)
        whole = InkGrid(self.part[self.square], self.SMALL, self.LEFT_PLACE)
        added = f"Added up, they are the {self.kind}" if len(self.edges) > 1 else f"It is the {self.kind} itself"
        with self.voiceover(
            f"{added}. And so with any picture: edges, parts, things.",
            moves=f"Copies of the edges fly back, one after another, and make up the {self.kind} again.",
        ):
            self.play(FadeIn(thin_frame(whole)), *(Transform(piece, piece.copy().fade(0.85)) for piece in self.pieces))
            self.play(
                LaggedStart(
                    *(Transform(one, other) for one, other in zip(copies, targets, strict=True)), lag_ratio=0.25
                ),
                *(FadeOut(piece) for piece in self.pieces),
                run_time=2 * theme.FLOW,
            )
            self.play(FadeIn(whole), run_time=theme.STEP)
            self.remove(*copies)


def edge_strokes(image: NDArray[np.float32], grid: PixelGrid) -> VGroup:
    """A stroke along the edge through each cell, as long as the gradient is steep, in the colour of its direction."""
    right, down = (part.ravel() for part in gradient(image))
    steepness = np.hypot(right, down)
    share = steepness / max(float(steepness.max()), 1e-9)
    # Across the gradient; rows count downwards, heights upwards.
    along = np.stack([down, right, np.zeros(len(right))], axis=1) / np.maximum(steepness, 1e-9)[:, None]
    half = 0.75 * (2 * float(grid.radii[0])) * share[:, None] * along
    directions = edge_directions(image).ravel()
    strokes = VGroup()
    for direction in range(DIRECTIONS):
        cells = np.flatnonzero((directions == direction) & (share > 0.12))
        if len(cells):
            starts, ends = grid.centres[cells] - half[cells], grid.centres[cells] + half[cells]
            stroke = VMobject(stroke_color=theme.PARTS[direction], stroke_width=4)
            shares = np.array([0, 1 / 3, 2 / 3, 1])[:, None, None]
            stroke.points = (starts + shares * (ends - starts)).swapaxes(0, 1).reshape(-1, 3)
            strokes.add(stroke)
    return strokes


def _rows_of_pictures(count: int, width: float, height: float, largest: float) -> tuple[NDArray[np.float64], float]:
    """Where `count` pictures stand, (count, 2), around 0, and their extent, with room for a + between them.

    There are as many rows as make the pictures largest.
    """
    sizes = []
    for rows in range(1, count + 1):
        across = -(-count // rows)
        sizes.append(min(width / across - 0.36, height / rows - 0.15, largest))
    rows = int(np.argmax(sizes)) + 1
    extent, across = sizes[rows - 1], -(-count // rows)
    places = []
    for n in range(count):
        row, column = divmod(n, across)
        in_row = min(across, count - row * across)
        x = (column - (in_row - 1) / 2) * (extent + 0.36)
        places.append((x, ((rows - 1) / 2 - row) * (extent + 0.15)))
    return np.array(places), extent
