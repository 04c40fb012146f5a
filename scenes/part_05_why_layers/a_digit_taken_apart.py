"""ADigitTakenApart: a real digit falls into a loop and a line."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from manim import FadeIn, FadeOut, Group, LaggedStart, Transform
from numpy.typing import NDArray

from network.analysis.examples import TakenApart, digits_taken_apart
from network.analysis.parts import INK, Parts, flood, peelings, square_around
from scenes.kit import theme
from scenes.kit.animations.spread_colour import SpreadColour
from scenes.kit.colour import rgb
from scenes.kit.layout import STAGE_MIDDLE
from scenes.kit.mobjects.picture_pieces import cells_in_place, centre_of_brightness, piece_colours
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.text import Words
from scenes.part_05_why_layers.sum_of_parts import sum_of_parts
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import count, count_in_words


class ADigitTakenApart(LessonScene):
    """A real digit falls into a loop and a line, step by step: ink, hole, skeleton, parts; and they add up again."""

    EXTENT = 5.4

    @cached_property
    def example(self) -> TakenApart:
        return digits_taken_apart(self.digits())[0]

    @cached_property
    def parts(self) -> Parts:
        return self.example.parts

    @cached_property
    def holes(self) -> int:
        """How many holes there are."""
        return int(self.parts.holes.max())

    def construct(self) -> None:
        self.grid = PixelGrid(self.parts.image, self.EXTENT, (0, STAGE_MIDDLE))

        self.why_layers()
        self.ink_and_holes()
        self.skeleton_and_parts()
        self.apart()
        self.end()

    def alternative_text(self) -> str:
        return (
            f"A handwritten {self.example.name} is taken apart: its ink, {count(self.holes, 'hole')}, its skeleton. It "
            f"falls into {_part_names(self.parts)}, and added up cell by cell these are the picture again."
        )

    def why_layers(self) -> None:
        self.next_section("Why layers?")
        marks = [
            Words("?", 2 * theme.TITLE_SIZE, theme.QUIET_TEXT).move_to(
                (self.grid.get_right()[0] + 0.7, centre_of_brightness(self.grid, picture.ravel())[1], 0)
            )
            for picture in self.parts.pictures
        ]
        with self.voiceover(
            f"Why layers? There is a hope: this {self.example.name} is made of parts.",
            moves=f"A handwritten {self.example.name} appears, large, cell by cell visible. One stretch of it after "
            "another stays bright while the rest dims, with a question mark beside it.",
        ):
            self.play(FadeIn(self.grid))
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

    def ink_and_holes(self) -> None:
        self.next_section("Holes")
        inked = self.grid.copy().set_brightness(self.parts.ink.ravel())
        found = inked.copy()
        inside = self.parts.holes.ravel()
        found.colours[flood(self.parts.image).ravel() >= 0] = rgb(theme.FLOODED)
        found.colours[inside > 0] = 0.55 * piece_colours(inside[inside > 0] - 1)
        with self.voiceover(
            f"Bright cells are ink. Paint from the border {_unreached(self.holes)}.",
            moves=f"Cells at least {100 * INK:.0f} % as bright as the brightest turn white, all others black. "
            "Grey-blue paint floods the black ones from the border inwards; what it does not reach glows.",
        ):
            self.play(Transform(self.grid, inked))
            self.play(SpreadColour(self.grid, flood(self.parts.image), rgb(theme.FLOODED), softness=3))
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
        with self.voiceover(
            f"Peel it to one cell thin: {_how_it_falls(self.parts)}.",
            moves="Paint and colour go. The ink pales from outside inwards, except for a line in its middle, the "
            "skeleton. It takes a colour for each part; then all cells take that of the nearest.",
        ):
            self.play(Transform(self.grid, inked), run_time=theme.QUICK)
            # The cells that are peeled off, the outer ones first; the skeleton never.
            turns = np.where(self.parts.skeleton, -1, peelings(self.parts.ink))
            self.play(SpreadColour(self.grid, np.where(self.parts.ink, turns, -1), 0.25 * rgb(theme.TEXT), softness=1))
            self.play(Transform(self.grid, bones))
            self.play(Transform(self.grid, coloured), run_time=theme.FLOW)

    def apart(self) -> None:
        self.next_section("Apart")
        image, square = self.parts.image, square_around(self.parts.image)
        row = sum_of_parts(self.example, 4.4, STAGE_MIDDLE + 0.3, theme.TITLE_SIZE)
        pale = cells_in_place(image, square, self.grid)
        pale.set_tints(_tints(self.parts).reshape(*image.shape, 3)[square].reshape(-1, 3))
        start = [grid.copy() for grid in row.pieces]
        for grid in start:
            grid.points = pale.points.copy()
        difference = float(np.abs(self.parts.pictures.sum(axis=0) - image).max())
        copies = [grid.copy() for grid in row.pieces]
        with self.voiceover(
            f"{self.example.name} = {' + '.join(self.parts.kinds)}: added up, cell by cell, the difference is "
            f"{difference:g}.",
            moves="The digit goes to the left; its parts leave it and stand beside it as a sum of pictures. Copies of "
            "them fly onto the digit and make it up again.",
        ):
            self.play(FadeOut(self.grid), FadeIn(pale))
            self.play(
                FadeIn(row.frames),
                Transform(pale, row.whole),
                *(Transform(grid, target) for grid, target in zip(start, row.pieces, strict=True)),
                run_time=theme.FLOW,
            )
            self.remove(pale, *start)
            self.add(row.whole, *row.pieces)
            self.play(FadeIn(row.signs), FadeIn(row.names), row.whole.animate.fade(0.8))
            self.play(
                LaggedStart(*(copy.animate.move_to(row.whole) for copy in copies), lag_ratio=0.35),
                run_time=theme.FLOW,
            )


def _tints(parts: Parts) -> NDArray[np.float32]:
    """The colour of each cell by the part it belongs to, (side², 3)."""
    return piece_colours(parts.places.ravel() - 1)


def _part_names(parts: Parts) -> str:
    """The parts in words: "2 loops", "1 loop and 1 line"."""
    counted = [(parts.count("loop"), "loop"), (parts.count("line"), "line")]
    return " and ".join(count(n, kind) for n, kind in counted if n)


def _unreached(holes: int) -> str:
    """How the paint from the border leaves the holes."""
    if not holes:
        return "gets everywhere: no hole, no loop"
    return f"leaves {count_in_words(holes, 'hole')} dry: {count_in_words(holes, 'loop')}"


def _how_it_falls(parts: Parts) -> str:
    """Which of the skeleton is a loop, and which a line."""
    loops, lines = parts.count("loop"), parts.count("line")
    if not loops:
        return "the longest straight stretches are lines"
    around = f"around {'the' if loops == 1 else 'each'} hole runs a loop"
    return f"{around}, straight stretches are lines" if lines else f"{around}, nothing else is left"
