"""ADigitAtAGlance: A sloppy 3 is read at once; nearer and nearer, it is nothing but 784 numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import (
    LEFT,
    UP,
    Animation,
    FadeIn,
    FadeOut,
    Group,
    LaggedStart,
    Transform,
    VGroup,
    linear,
)
from numpy.typing import NDArray

from scenes.kit import theme
from scenes.kit.layout import FRAME_HEIGHT, STAGE_BOTTOM, STAGE_MIDDLE
from scenes.kit.mobjects.array_mobject import rgb
from scenes.kit.mobjects.network_diagram import thin_brace
from scenes.kit.mobjects.numbers import Numbers
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.text import Number
from scenes.part_01_puzzle.shared import FAINTEST_NUMBER, STAGE_HEIGHT, STAGE_WIDTH, sloppy_example
from scenes.stage.lesson_scene import LessonScene


class ADigitAtAGlance(LessonScene):
    """A sloppy digit, read at a glance; nearer and nearer, until it is nothing but numbers."""

    def construct(self) -> None:
        digits = self.digits()
        index = sloppy_example(self.network, digits)
        self.name = digits.class_names[digits.labels[index]]
        self.pixels = PixelGrid(digits.images[index], 5.4, (0, STAGE_MIDDLE - 0.1))

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

    def at_a_glance(self) -> None:
        self.next_section("At a glance")
        braces = VGroup(thin_brace(self.pixels, LEFT), thin_brace(self.pixels, UP))
        sizes = VGroup(*(Number(self.pixels.side) for _ in braces))
        sizes[0].next_to(braces[0], LEFT, buff=0.2)
        sizes[1].next_to(braces[1], UP, buff=0.12)
        self.braces = VGroup(braces, sizes)
        with self.caption(
            f"Sloppy, but you read it at a glance: {self.name}.",
            FadeIn(self.pixels, run_time=theme.QUICK),
            moves="A sloppily written digit of the test set appears; braces give its height and width in cells.",
        ):
            self.wait(1.5)
            self.play(FadeIn(self.braces))

    def numbers_in_the_cells(self) -> None:
        self.next_section("Numbers in the cells")
        window, rows, columns = liveliest_window(self.pixels)
        cell = min(STAGE_HEIGHT / rows, STAGE_WIDTH / columns)
        near = self.pixels.copy().scale(cell * self.pixels.side / self.pixels.width)
        near.opacities, near.stroke_opacities = np.zeros((2, len(near)), np.float32)
        near.opacities[window] = near.stroke_opacities[window] = 1
        near.shift((0, STAGE_MIDDLE, 0) - near.centres[window].mean(axis=0))
        self.written = near.numbers(window)
        with self.caption(
            f"{self.pixels.side} × {self.pixels.side} cells, a number in each: 0 is black, 1 is white.",
            moves="The picture comes nearer, until a few of its cells fill the stage, and their numbers appear.",
        ):
            self.play(FadeOut(self.braces), run_time=theme.QUICK)
            self.play(Zoom(self.pixels, near))
            self.play(LaggedStart(*(FadeIn(number) for number in self.written), lag_ratio=0.02))

    def nothing_but_numbers(self) -> None:
        self.next_section("Nothing but numbers")
        side = self.pixels.side
        spread = PixelGrid(self.pixels.values, 1)
        spread.stretch_to_fit_width(STAGE_WIDTH).stretch_to_fit_height(STAGE_HEIGHT).move_to((0, STAGE_MIDDLE, 0))
        spread.stroke_opacities = np.zeros(len(spread), np.float32)
        size = min(0.92 * STAGE_HEIGHT / side * 1080 / FRAME_HEIGHT, theme.LABEL_SIZE)
        values = self.pixels.values
        grey = FAINTEST_NUMBER + (1 - FAINTEST_NUMBER) * values
        numbers = Numbers(
            values,
            spread.centres,
            np.where(values == 0, 0, 2),
            max(size, theme.SMALLEST_SIZE),
            grey[:, None] * rgb(theme.TEXT),
        )
        with self.caption(
            f"This is all that a program is given: {side * side} numbers.",
            FadeOut(self.written, run_time=theme.QUICK),
            moves="The whole picture spreads over the stage; from left to right its cells turn into numbers.",
        ):
            self.play(Zoom(self.pixels, spread, run_time=theme.FLOW))
            self.play(SweepIntoNumbers(self.pixels, numbers))
            self.remove(self.pixels)


class Zoom(Transform):
    """A picture grows or shrinks into another size of itself, seen only where the stage is, above the caption."""

    # In units: so far above the lower edge of the stage a cell is seen wholly.
    EDGE = 0.4

    def __init__(self, pixels: PixelGrid, target: PixelGrid, **options: Any) -> None:
        super().__init__(pixels, target, **{"run_time": 1.4 * theme.FLOW, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        super().interpolate_mobject(alpha)
        pixels = self.mobject
        seen = np.clip((pixels.points[0::2, 1] - STAGE_BOTTOM) / self.EDGE + 1, 0, 1).astype(np.float32)
        pixels.opacities, pixels.stroke_opacities = pixels.opacities * seen, pixels.stroke_opacities * seen


class SweepIntoNumbers(Animation):
    """Column after column, from the left, the cells of a picture give way to their numbers."""

    # The share of the way that the front is wide.
    FRONT = 0.2

    def __init__(self, pixels: PixelGrid, numbers: Numbers, **options: Any) -> None:
        self.pixels, self.numbers = pixels, numbers
        self.arrival = np.arange(len(pixels)) % pixels.side / max(pixels.side - 1, 1) * (1 - self.FRONT)
        super().__init__(Group(pixels, numbers), **{"run_time": 2 * theme.FLOW, "rate_func": linear, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        turned = np.clip((self.rate_func(alpha) - self.arrival) / self.FRONT, 0, 1).astype(np.float32)
        self.pixels.opacities = np.clip(1 - 2 * turned, 0, 1)
        self.numbers.set_opacities(np.clip(2 * turned - 1, 0, 1))


def liveliest_window(pixels: PixelGrid) -> tuple[NDArray[np.intp], int, int]:
    """The cells of the block, twice as wide as high, with the most greys between black and white; its rows, columns."""
    rows, columns = min(6, pixels.side), min(12, pixels.side)
    grey = ((pixels.values > 0.02) & (pixels.values < 0.98)).astype(int)
    corners = [(r, c) for r in range(pixels.side - rows + 1) for c in range(pixels.side - columns + 1)]
    windows = [pixels.window(*corner, rows, columns) for corner in corners]
    return max(windows, key=lambda window: grey[window].sum()), rows, columns
