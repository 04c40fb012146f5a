"""TheProgramWanted: A box that takes 28 × 28 numbers and gives one digit; what is inside is the question."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import (
    LEFT,
    RIGHT,
    UP,
    Animation,
    Arrow,
    FadeIn,
    Group,
    GrowArrow,
    Indicate,
    LaggedStart,
    RoundedRectangle,
    VGroup,
    linear,
)

from network.digits import Digits
from scenes.kit import theme
from scenes.kit.layout import STAGE_MIDDLE, column
from scenes.kit.mobjects.array_mobject import rgb
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.numbers import Numbers
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.text import Words
from scenes.part_01_puzzle.shared import FAINTEST_NUMBER
from scenes.stage.lesson_scene import LessonScene


class TheProgramWanted(LessonScene):
    """A box between 28×28 numbers and one digit: nobody knows what to write inside."""

    def construct(self) -> None:
        self.test_set = self.digits()
        self.chosen = one_of_each(self.test_set, 3)

        self.numbers_in_one_digit_out()
        self.again_and_again()
        self.what_is_inside()
        self.end()

    def alternative_text(self) -> str:
        digits = self.digits()
        return (
            f"A box with a question mark takes {digits.side} by {digits.side} numbers and gives one of "
            f"{len(digits.class_names)} answers; one picture after another goes in, and its true answer lights up."
        )

    def numbers_in_one_digit_out(self) -> None:
        self.next_section("Numbers in, one digit out")
        side = self.test_set.side
        self.picture = self.picture_of(self.chosen[0])
        going_in = Words(f"{side} × {side} numbers in").next_to(self.picture, UP, buff=0.35)
        self.box = RoundedRectangle(0.25, width=3.2, height=3.2, color=theme.TEXT, stroke_width=theme.MARK_WIDTH)
        self.box.move_to((0.9, STAGE_MIDDLE, 0)).set_fill(theme.BACKGROUND, 1)
        self.question = Words("?", 3.6 * theme.TITLE_SIZE, theme.UNKNOWN).move_to(self.box)
        into = self.arrow(self.picture, self.box)
        names = self.test_set.class_names
        places = column(len(names), (4.9, STAGE_MIDDLE), 5.6, most=14)
        size = float(np.clip(0.95 * 135 * places.diameter, theme.SMALLEST_SIZE, theme.LABEL_SIZE + 8))
        self.names = VGroup()
        for name, centre, shown in zip(names, places.centres, places.shown, strict=True):
            word = Words(name, size, theme.QUIET_TEXT).move_to(centre)
            if len(name) > 1:
                word.align_to(centre - 0.3 * RIGHT, LEFT)
            self.names.add(word.set_opacity(float(shown)))
        dots = Cells(places.dots, 0.07, 1, stroke_width=0) if len(places.dots) else Group()
        out = self.arrow(self.box, self.names)
        are_digits = all(name.isdigit() and len(name) == 1 for name in names)
        heading = Words(f"one {'digit' if are_digits else 'name'} out").next_to(self.names, UP, buff=0.3)
        heading.set_y(max(heading.get_y(), self.picture.get_top()[1] + 0.6))
        comes_out = f"one digit out, {names[0]} to {names[-1]}" if are_digits else f"one of {len(names)} names out"
        with self.caption(
            f"So write a program: {side} × {side} numbers in, {comes_out}.",
            FadeIn(self.picture, going_in, run_time=theme.QUICK),
            moves="A picture stands at the left; an arrow leads from it into a box with a question mark, another one "
            "out of the box to the possible answers, one below another.",
        ):
            self.play(GrowArrow(into), FadeIn(self.box, self.question))
            self.wait(0.5)
            self.play(GrowArrow(out), LaggedStart(*(FadeIn(name) for name in self.names), lag_ratio=0.08))
            self.play(FadeIn(heading, dots), run_time=theme.QUICK)

    def again_and_again(self) -> None:
        self.next_section("Again and again")
        with self.caption(
            "The right answer for every picture, also for one never seen before.",
            moves="Row by row the bright pixels of one picture after another turn into numbers, which run in lanes "
            "into the box, and its true answer lights up on the other side.",
        ):
            for number, index in enumerate(self.chosen[:-1] if len(self.chosen) > 1 else self.chosen):
                name = self.names[self.test_set.labels[index]]
                # The first one slowly enough to see what it is that goes in.
                stream = StreamIn(self.picture, self.box, run_time=(2 if number == 0 else 1.2) * theme.FLOW)
                self.add(stream.numbers)
                self.play(stream)
                self.remove(self.picture, stream.numbers)
                lit = [name.animate(run_time=0.6 * theme.QUICK).set_color(theme.ANSWER).scale(1.5, about_edge=LEFT)]
                if number + 1 < len(self.chosen):
                    self.picture = self.picture_of(self.chosen[number + 1])
                    lit.append(FadeIn(self.picture, run_time=theme.QUICK))
                self.play(*lit)
                self.wait(0.3)
                quiet = name.animate(run_time=theme.QUICK).set_color(theme.QUIET_TEXT)
                self.play(quiet.scale(1 / 1.5, about_edge=LEFT))

    def what_is_inside(self) -> None:
        self.next_section("What is inside?")
        with self.caption(
            "But what do you write inside the box?",
            moves="The question mark in the box grows and lights up.",
        ):
            self.play(Indicate(self.question, 1.25, theme.ANSWER), run_time=theme.FLOW)

    def picture_of(self, index: int) -> PixelGrid:
        return PixelGrid(self.test_set.images[index], 3.6, (-4.85, STAGE_MIDDLE))

    def arrow(self, start: Cells | VGroup, end: Cells | VGroup) -> Arrow:
        ends = start.get_right()[0] + 0.2, end.get_left()[0] - 0.35
        return Arrow(
            (ends[0], STAGE_MIDDLE, 0),
            (ends[1], STAGE_MIDDLE, 0),
            buff=0,
            color=theme.NEUTRAL,
            stroke_width=theme.MARK_WIDTH,
            tip_length=0.28,
            max_tip_length_to_length_ratio=1,
        )


class StreamIn(Animation):
    """The pixels of a picture, row after row, turn into numbers, which run in lanes into a box."""

    # How many numbers go side by side, how far they are from each other, and how far from the arrow in their middle.
    LANES, LANE, BESIDE_ARROW = 10, 0.27, 0.3
    # How far a number is from the next one of its lane, in units; and the share of its way that a pixel is a pixel.
    BEHIND, AS_PIXEL = 0.5, 0.3

    def __init__(self, pixels: PixelGrid, box: RoundedRectangle, **options: Any) -> None:
        self.pixels, self.home = pixels, pixels.copy()
        self.lit = np.flatnonzero(pixels.values > 0) if pixels.values.any() else np.array([0])
        batch, lane = np.divmod(np.arange(len(self.lit)), self.LANES)
        sides = np.where(lane < self.LANES // 2, 1, -1)
        # From the top of the box to its bottom.
        beside = np.where(sides > 0, self.LANES // 2 - 1 - lane, lane - self.LANES // 2)
        y = box.get_y() + sides * (self.BESIDE_ARROW + self.LANE * beside)
        start, end = pixels.get_right()[0] + 0.3, box.get_left()[0] + 0.4
        self.entry, self.goal = (np.stack([np.full_like(y, x), y, np.zeros_like(y)], axis=1) for x in (start, end))
        # So many numbers of a lane are on their way at a time.
        together = (end - start) / self.BEHIND / (1 - self.AS_PIXEL)
        self.flight = together / (batch[-1] + together)
        self.leave = batch / max(batch[-1], 1) * (1 - self.flight)
        # A black pixel goes dark with the bright ones before it.
        before = np.searchsorted(self.lit, np.arange(len(pixels)), side="right") - 1
        self.darken = self.leave[np.maximum(before, 0)]
        values = pixels.values[self.lit]
        grey = FAINTEST_NUMBER + (1 - FAINTEST_NUMBER) * values
        self.numbers = Numbers(values, self.entry, 1, 28, grey[:, None] * rgb(theme.TEXT), 0.0)
        self.numbers.set_z_index(-1)  # behind the box
        super().__init__(Group(pixels, self.numbers), **{"run_time": theme.FLOW, "rate_func": linear, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        alpha = self.rate_func(alpha)
        share = np.clip((alpha - self.leave) / self.flight, 0, 1)[:, None]
        flown, run = np.clip(share / self.AS_PIXEL, 0, 1), np.clip((share - self.AS_PIXEL) / (1 - self.AS_PIXEL), 0, 1)
        centres = self.home.centres
        centres[self.lit] += (self.entry - centres[self.lit]) * flown**2 * (3 - 2 * flown)
        self.pixels.place(centres, 2 * self.home.radii)
        dark = np.clip((alpha - self.darken) / (self.AS_PIXEL * self.flight), 0, 1)
        dark[self.lit] = np.clip(4 * (flown[:, 0] - 0.75), 0, 1)
        self.pixels.opacities = (1 - dark).astype(np.float32)
        self.pixels.stroke_opacities = self.pixels.opacities.copy()
        self.numbers.place(self.entry + (self.goal - self.entry) * run)
        self.numbers.set_opacities(np.clip(10 * run[:, 0], 0, 1) * (run[:, 0] < 1))


def one_of_each(digits: Digits, most: int) -> list[int]:
    """The first picture of the data, and those after it that show a class not seen yet, up to `most`."""
    _, firsts = np.unique(digits.labels, return_index=True)
    return [int(index) for index in np.sort(firsts)[:most]]
