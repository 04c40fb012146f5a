"""The scene ADigitTakenApart."""

from __future__ import annotations

import numpy as np
from manim import (
    Animation,
    FadeIn,
    FadeOut,
    Group,
    LaggedStart,
    Transform,
    linear,
)
from numpy.typing import NDArray

from network.analysis.parts import (
    INK,
    Parts,
    flood,
    part_names,
    peelings,
)
from scenes.kit import theme
from scenes.kit.layout import STAGE_MIDDLE
from scenes.kit.mobjects.array_mobject import rgb
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.text import Words
from scenes.part_05_why_layers.shared import PART_COLOURS, PictureEquation, _centre_of_ink, examples, in_square
from scenes.stage.lesson_scene import LessonScene


class ADigitTakenApart(LessonScene):
    """A real digit falls into a loop and a line, step by step: ink, hole, skeleton, parts; and they add up again."""

    EXTENT = 5.4

    def construct(self) -> None:
        self.example = examples(self.digits())[0]
        self.parts = self.example.parts
        self.grid = PixelGrid(self.parts.image, self.EXTENT, (0, STAGE_MIDDLE))

        self.why_layers()
        self.holes()
        self.skeleton_and_parts()
        self.apart()
        self.end()

    def alternative_text(self) -> str:
        example = examples(self.digits())[0]
        return (
            f"A handwritten {example.name} is taken apart: its ink, {_holes(example.parts)}, its skeleton. It falls "
            f"into {part_names(example.parts.kinds)}, and added up cell by cell these are the picture again."
        )

    def why_layers(self) -> None:
        self.next_section("Why layers?")
        marks = [
            Words("?", 2 * theme.TITLE_SIZE, theme.QUIET_TEXT).move_to(
                (self.grid.get_right()[0] + 0.7, _centre_of_ink(self.grid, picture.ravel())[1], 0)
            )
            for picture in self.parts.pictures
        ]
        with self.caption(
            f"Why layers? There is a hope: this {self.example.name} is made of parts.",
            FadeIn(self.grid),
            moves=f"A handwritten {self.example.name} appears, large, cell by cell visible. One stretch of it after "
            "another stays bright while the rest dims, with a question mark beside it.",
        ):
            if len(marks) < 2:
                return
            whole, image, gone = self.grid.copy(), self.parts.image.ravel(), Group()
            self.wait(theme.QUICK)
            for picture, mark in zip(self.parts.pictures, marks, strict=True):
                alone = self.grid.copy().set_brightness(np.where(picture.ravel() > 0, image, 0.25 * image))
                self.play(Transform(self.grid, alone), FadeOut(gone, run_time=theme.QUICK), FadeIn(mark))
                self.wait(0.75 * theme.STEP)
                gone = mark
            self.play(Transform(self.grid, whole), FadeOut(gone), run_time=theme.QUICK)

    def holes(self) -> None:
        self.next_section("Holes")
        inked = self.grid.copy().set_brightness(self.parts.ink.ravel())
        found = inked.copy()
        inside = self.parts.holes.ravel()
        found.colours[flood(self.parts.image).ravel() >= 0] = rgb(theme.FLOODED)
        found.colours[inside > 0] = 0.55 * PART_COLOURS[(inside[inside > 0] - 1) % len(PART_COLOURS)]
        with self.caption(
            f"Bright cells are ink. Paint from the border {_unreached(int(self.parts.holes.max()))}.",
            moves=f"Cells at least {100 * INK:.0f} % as bright as the brightest turn white, all others black. "
            "Grey-blue paint floods the black ones from the border inwards; what it does not reach glows.",
        ):
            self.play(Transform(self.grid, inked))
            self.play(Spread(self.grid, flood(self.parts.image), rgb(theme.FLOODED), softness=3))
            self.play(Transform(self.grid, found))

    def skeleton_and_parts(self) -> None:
        self.next_section("Skeleton and parts")
        inked = self.grid.copy().set_brightness(self.parts.ink.ravel())
        bones = self.grid.copy()
        bone = self.parts.skeleton.ravel()
        bones.set_brightness(np.where(bone, 1, 0.25 * self.parts.ink.ravel()))
        bones.colours[bone] = _tints(self.parts)[bone]
        coloured = self.grid.copy()
        coloured.colours = self.grid.values[:, None] * _tints(self.parts)
        with self.caption(
            f"Peel it to one cell thin: {_how_it_falls(self.parts)}.",
            moves="Paint and colour go. The ink pales from outside inwards, except for a line in its middle, the "
            "skeleton. It takes a colour for each part; then all cells take that of the nearest.",
        ):
            self.play(Transform(self.grid, inked), run_time=theme.QUICK)
            # The cells that are peeled off, the outer ones first; the skeleton never.
            turns = np.where(self.parts.skeleton, -1, peelings(self.parts.ink))
            self.play(Spread(self.grid, np.where(self.parts.ink, turns, -1), 0.25 * rgb(theme.TEXT), softness=1))
            self.play(Transform(self.grid, bones))
            self.play(Transform(self.grid, coloured), run_time=theme.FLOW)

    def apart(self) -> None:
        self.next_section("Apart")
        self.row = row = PictureEquation(self.example, 4.4, STAGE_MIDDLE + 0.3, theme.TITLE_SIZE)
        pale = in_square(self.parts.image, row.square, self.grid)
        pale.set_tints(_tints(self.parts).reshape(*self.parts.image.shape, 3)[row.square].reshape(-1, 3))
        start = [grid.copy() for grid in row.pieces]
        for grid in start:
            grid.points = pale.points.copy()
        difference = float(np.abs(self.parts.pictures.sum(axis=0) - self.parts.image).max())
        copies = [grid.copy() for grid in self.row.pieces]
        with self.caption(
            f"{self.example.name} = {' + '.join(self.parts.kinds)}: added up, cell by cell, the difference is "
            f"{difference:g}.",
            FadeOut(self.grid),
            FadeIn(pale),
            moves="The digit goes to the left; its parts leave it and stand beside it as a sum of pictures. Copies of "
            "them fly onto the digit and make it up again.",
        ):
            self.play(
                FadeIn(self.row.frames),
                Transform(pale, self.row.whole),
                *(Transform(grid, target) for grid, target in zip(start, self.row.pieces, strict=True)),
                run_time=theme.FLOW,
            )
            self.remove(pale, *start)
            self.add(self.row.whole, *self.row.pieces)
            self.play(FadeIn(self.row.signs), FadeIn(self.row.names), self.row.whole.animate.fade(0.8))
            self.play(
                LaggedStart(*(copy.animate.move_to(self.row.whole) for copy in copies), lag_ratio=0.35),
                run_time=theme.FLOW,
            )


class Spread(Animation):
    """A colour takes the cells of a picture one after another, as paint that runs in from the border does.

    turns: (side, side), when each cell has its turn, from 0; −1 for those that keep their colour. colour: (3,), 0 to
    255. softness: how many turns a cell takes.
    """

    def __init__(self, grid: PixelGrid, turns: NDArray[np.intp], colour: NDArray[np.float32], softness: float) -> None:
        self.turns, self.colour, self.softness = turns.ravel(), colour, softness
        self.before = grid.colours.copy()
        super().__init__(grid, run_time=1.5 * theme.FLOW, rate_func=linear)

    def interpolate_mobject(self, alpha: float) -> None:
        front = alpha * (self.turns.max() + self.softness)
        share = np.where(self.turns >= 0, np.clip((front - self.turns) / self.softness, 0, 1), 0)
        self.mobject.colours = self.before + (self.colour - self.before) * share[:, None].astype(np.float32)


def _tints(parts: Parts) -> NDArray[np.float32]:
    """The colour of each cell by the part it belongs to, (side², 3)."""
    tints: NDArray[np.float32] = PART_COLOURS[(parts.places.ravel() - 1) % len(PART_COLOURS)]
    return tints


_NUMBERS = ("no", "one", "two", "three", "four", "five")


def _holes(parts: Parts) -> str:
    count = int(parts.holes.max())
    return f"{count} hole{'' if count == 1 else 's'}"


def _unreached(holes: int) -> str:
    if not holes:
        return "gets everywhere: no hole, no loop"
    number = _NUMBERS[holes] if holes < len(_NUMBERS) else str(holes)
    return f"leaves {number} hole{'s'[: holes - 1]} dry: {number} loop{'s'[: holes - 1]}"


def _how_it_falls(parts: Parts) -> str:
    loops, lines = parts.count("loop"), parts.count("line")
    if not loops:
        return "the longest straight stretches are lines"
    around = f"around {'the' if loops == 1 else 'each'} hole runs a loop"
    return f"{around}, straight stretches are lines" if lines else f"{around}, nothing else is left"
