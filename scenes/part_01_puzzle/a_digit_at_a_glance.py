"""ADigitAtAGlance: A sloppy 3 is read at once; nearer and nearer, it is nothing but 784 numbers."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from manim import LEFT, UP, FadeIn, FadeOut, LaggedStart, VGroup

from network.analysis.examples import hero
from network.analysis.windows import liveliest_window
from scenes.kit import theme
from scenes.kit.animations.pixels_to_numbers import SweepIntoNumbers, ZoomPixels
from scenes.kit.contrast import readable_greys
from scenes.kit.layout import PIXELS_A_UNIT, STAGE_MIDDLE
from scenes.kit.mobjects.network_diagram import thin_brace
from scenes.kit.mobjects.numbers import Numbers
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.text import Number
from scenes.stage.lesson_scene import LessonScene

# How much of the stage the cells and their numbers fill, in units.
_WIDTH, _HEIGHT = 13.0, 6.3


class ADigitAtAGlance(LessonScene):
    """A sloppy digit, read at a glance; nearer and nearer, until it is nothing but numbers."""

    def construct(self) -> None:
        self.at_a_glance()
        self.numbers_in_the_cells()
        self.nothing_but_numbers()
        self.end()

    def alternative_text(self) -> str:
        side = self.digits().side
        return (
            f"A sloppily written digit of {side} by {side} grey cells is looked at from nearer, until a number can be "
            f"read in each cell; at the end its {side * side} numbers are all that is left."
        )

    @cached_property
    def example(self) -> int:
        """The index of the digit in the test set."""
        return hero(self.network, self.digits())

    @cached_property
    def pixels(self) -> PixelGrid:
        return PixelGrid(self.digits().images[self.example], 5.4, (0, STAGE_MIDDLE - 0.1))

    def at_a_glance(self) -> None:
        self.next_section("At a glance")
        digits = self.digits()
        braces = VGroup(thin_brace(self.pixels, LEFT), thin_brace(self.pixels, UP))
        sizes = VGroup(*(Number(self.pixels.side) for _ in braces))
        sizes[0].next_to(braces[0], LEFT, buff=0.2)
        sizes[1].next_to(braces[1], UP, buff=0.12)
        self.braces = VGroup(braces, sizes)
        with self.voiceover(
            f"Sloppy, but you read it at a glance: {digits.class_names[digits.labels[self.example]]}.",
            moves="A sloppily written digit of the test set appears; braces give its height and width in cells.",
        ):
            self.play(FadeIn(self.pixels, run_time=theme.QUICK))
            self.wait(1.5)
            self.play(FadeIn(self.braces))

    def numbers_in_the_cells(self) -> None:
        self.next_section("Numbers in the cells")
        block = liveliest_window(self.pixels.values.reshape(self.pixels.side, -1))
        window = self.pixels.window(*block)
        cell = min(_HEIGHT / block.rows, _WIDTH / block.columns)
        near = self.pixels.copy().scale(cell * self.pixels.side / self.pixels.width)
        near.opacities, near.stroke_opacities = np.zeros((2, len(near)), np.float32)
        near.opacities[window] = near.stroke_opacities[window] = 1
        near.shift((0, STAGE_MIDDLE, 0) - near.centres[window].mean(axis=0))
        self.written = near.numbers(window)
        with self.voiceover(
            f"{self.pixels.side} × {self.pixels.side} cells, a number in each: 0 is black, 1 is white.",
            moves="The picture comes nearer, until a few of its cells fill the stage, and their numbers appear.",
        ):
            self.play(FadeOut(self.braces), run_time=theme.QUICK)
            self.play(ZoomPixels(self.pixels, near))
            self.play(LaggedStart(*(FadeIn(number) for number in self.written), lag_ratio=0.02))

    def nothing_but_numbers(self) -> None:
        self.next_section("Nothing but numbers")
        side, values = self.pixels.side, self.pixels.values
        spread = PixelGrid(values, 1).without_outlines()
        spread.stretch_to_fit_width(_WIDTH).stretch_to_fit_height(_HEIGHT).move_to((0, STAGE_MIDDLE, 0))
        size = min(0.92 * _HEIGHT / side * PIXELS_A_UNIT, theme.LABEL_SIZE)
        numbers = Numbers(
            values,
            spread.centres,
            np.where(values == 0, 0, 2),
            max(size, theme.SMALLEST_SIZE),
            readable_greys(values),
        )
        with self.voiceover(
            f"This is all that a program is given: {side * side} numbers.",
            moves="The whole picture appears, spread over the stage; from left to right its cells turn into numbers.",
        ):
            self.play(FadeOut(self.written, run_time=theme.QUICK))
            # To zoom out over so many cells at once would flash.
            self.play(FadeOut(self.pixels), FadeIn(spread), run_time=theme.FLOW)
            self.play(SweepIntoNumbers(spread, numbers))
            self.remove(spread)
