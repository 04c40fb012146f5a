"""The scene PartsAreMadeOfEdges."""

from __future__ import annotations

import numpy as np
from manim import (
    LEFT,
    FadeIn,
    FadeOut,
    Group,
    LaggedStart,
    Line,
    Transform,
    VGroup,
    VMobject,
)
from numpy.typing import NDArray

from network.analysis.parts import (
    DIRECTIONS,
    edge_directions,
    gradient,
    little_edges,
    square_around,
)
from scenes.kit import theme
from scenes.kit.layout import STAGE_MIDDLE
from scenes.kit.mobjects.pixel_grid import InkGrid, PixelGrid
from scenes.kit.mobjects.symbols import Symbol
from scenes.part_05_why_layers.shared import PART_COLOURS, _frame, examples, exploded, in_square
from scenes.stage.lesson_scene import LessonScene


class PartsAreMadeOfEdges(LessonScene):
    """The edges of a real digit, by its gradient; then its loop is cut into little edges, and put together again."""

    EXTENT, NEAR = 5.4, 4.9

    def construct(self) -> None:
        self.example = examples(self.digits())[0]
        self.parts = self.example.parts
        self.part = self.parts.pictures[0]
        self.kind = self.parts.kinds[0]
        edges, self.directions = little_edges(self.part)
        # All are shown in the same square around the part, so that they still add up, cell by cell.
        self.square = square_around(self.part)
        self.edges = edges[:, *self.square]
        self.whole = InkGrid(self.parts.image, self.EXTENT, (0, STAGE_MIDDLE))

        self.the_gradient()
        self.by_direction()
        self.apart()
        self.together()
        self.end()

    def alternative_text(self) -> str:
        example = examples(self.digits())[0]
        edges, _ = little_edges(example.parts.pictures[0])
        return (
            f"Little strokes mark how a handwritten {example.name} changes from dark to bright. Its "
            f"{example.parts.kinds[0]} is cut into {len(edges)} edges by direction, which add up to it again."
        )

    def the_gradient(self) -> None:
        self.next_section("The gradient")
        self.strokes = edge_strokes(self.parts.image, self.whole)
        dim = self.whole.copy().fade(0.72)
        with self.caption(
            "Parts are made of edges, where bright meets dark; the longer a stroke, the steeper.",
            FadeIn(self.whole),
            moves=f"The {self.example.name} appears, large, and dims. Short strokes come along its outlines, inside "
            "and outside: across the gradient, as long as it is steep.",
        ):
            self.wait(theme.STEP)
            self.play(Transform(self.whole, dim), FadeIn(self.strokes), run_time=theme.FLOW)

    def by_direction(self) -> None:
        self.next_section("By direction")
        self.loop = in_square(self.part, self.square, self.whole)
        tints = PART_COLOURS[edge_directions(self.part)[self.square].ravel()]
        tinted = InkGrid(self.part[self.square], self.NEAR, (0, STAGE_MIDDLE), tints)
        legend = VGroup()
        for direction in range(DIRECTIONS):
            angle = np.pi * direction / DIRECTIONS
            along = 0.42 * np.array([np.cos(angle), np.sin(angle), 0])
            legend.add(Line(-along, along, stroke_width=8, color=theme.PARTS[direction]))
        for stroke, place in zip(legend, np.linspace(1.8, -1.8, DIRECTIONS), strict=True):
            stroke.move_to((5.0, STAGE_MIDDLE + place, 0))
        self.legend = legend
        with self.caption(
            f"Sort the {self.kind}'s cells by the way its edge runs: {DIRECTIONS} directions.",
            FadeOut(self.strokes),
            FadeOut(self.whole),
            FadeIn(self.loop),
            moves=f"Strokes and digit go, the {self.kind} remains and comes nearer. Its cells take {DIRECTIONS} "
            "colours; strokes on the right say which direction each stands for.",
        ):
            self.play(Transform(self.loop, tinted), FadeIn(legend), run_time=theme.FLOW)

    def apart(self) -> None:
        self.next_section("Apart")
        places, extent = _rows_of_pictures(len(self.edges), 9.8, 6.0, 2.6)
        tints = PART_COLOURS[self.directions]
        self.row = [
            InkGrid(edge, extent, (x + 1.98, y + STAGE_MIDDLE), tint)
            for edge, tint, (x, y) in zip(self.edges, tints, places, strict=True)
        ]
        self.frames = Group(*(_frame(grid) for grid in self.row))
        signs = VGroup(Symbol("=", theme.TITLE_SIZE).put((-3.08, STAGE_MIDDLE, 0)))
        for one, other in zip(self.row, self.row[1:], strict=False):
            # Between two that stand side by side; at the beginning of a new row, in front of it.
            middle = (one.get_center() + other.get_center()) / 2
            if abs(one.get_y() - other.get_y()) > 0.1:
                middle = other.get_left() + 0.17 * LEFT
            signs.add(Symbol("+", theme.LABEL_SIZE).put(middle))
        pieces = [
            InkGrid(edge, self.NEAR, (0, STAGE_MIDDLE), tint) for edge, tint in zip(self.edges, tints, strict=True)
        ]
        spread = exploded(pieces, 0.1 * self.NEAR)
        self.place: tuple[float, tuple[float, float]] = 3.2, (-5.2, STAGE_MIDDLE)
        self.frame = _frame(InkGrid(self.part[self.square], *self.place))
        nearer = exploded(
            [InkGrid(edge, *self.place, tint) for edge, tint in zip(self.edges, tints, strict=True)], 0.15
        )
        with self.caption(
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
                *(Transform(one, other) for one, other in zip(pieces, nearer, strict=True)),
                run_time=theme.STEP,
            )
            leaving = [piece.copy() for piece in pieces]
            self.play(
                FadeIn(self.frames),
                *(Transform(one, other) for one, other in zip(leaving, self.row, strict=True)),
                run_time=theme.FLOW,
            )
            self.remove(*leaving)
            self.add(*self.row)
            self.play(FadeIn(signs), run_time=theme.QUICK)
        self.pieces = pieces

    def together(self) -> None:
        self.next_section("Together")
        copies = [piece.copy() for piece in self.row]
        targets = [
            InkGrid(edge, *self.place, PART_COLOURS[direction])
            for edge, direction in zip(self.edges, self.directions, strict=True)
        ]
        added = f"Added up, they are the {self.kind}" if len(self.edges) > 1 else f"It is the {self.kind} itself"
        with self.caption(
            f"{added}. And so with any picture: edges, parts, things.",
            FadeIn(self.frame),
            *(Transform(piece, piece.copy().fade(0.85)) for piece in self.pieces),
            moves=f"Copies of the edges fly back, one after another, and make up the {self.kind} again.",
        ):
            self.play(
                LaggedStart(
                    *(Transform(one, other) for one, other in zip(copies, targets, strict=True)), lag_ratio=0.25
                ),
                *(FadeOut(piece) for piece in self.pieces),
                run_time=2 * theme.FLOW,
            )
            self.play(FadeIn(InkGrid(self.part[self.square], *self.place)), run_time=theme.STEP)
            self.remove(*copies)


def edge_strokes(image: NDArray[np.float32], grid: PixelGrid) -> VGroup:
    """A stroke in every cell along the edge through it, as long as the gradient is steep; a colour a direction."""
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
    """Places (count, 2) around 0 and the extent of pictures in as many rows as make them largest, with room for +."""
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
