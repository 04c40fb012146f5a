"""TheProgramWanted: A box that takes 28 × 28 numbers and gives one digit; what is inside is the question."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from manim import (
    LEFT,
    RIGHT,
    UP,
    Arrow,
    FadeIn,
    Group,
    GrowArrow,
    Indicate,
    LaggedStart,
    RoundedRectangle,
    VGroup,
    VMobject,
)

from network.analysis.examples import one_of_each
from scenes.kit import theme
from scenes.kit.animations.pixels_to_numbers import StreamIn
from scenes.kit.layout import PIXELS_A_UNIT, STAGE_MIDDLE, column
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.text import Words
from scenes.stage.lesson_scene import LessonScene

# How many pictures are shown.
_PICTURES = 3
# Where the picture, the box and the possible answers stand, from left to right.
_PICTURE_X, _BOX_X, _ANSWERS_X = -4.85, 0.9, 4.9


class TheProgramWanted(LessonScene):
    """A box between 28×28 numbers and one digit: nobody knows what to write inside."""

    def construct(self) -> None:
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

    @cached_property
    def chosen(self) -> list[int]:
        """The indices of the pictures that are shown; the last one stays outside the box."""
        return one_of_each(self.digits(), _PICTURES)

    def numbers_in_one_digit_out(self) -> None:
        self.next_section("Numbers in, one digit out")
        side, names = self.digits().side, self.digits().class_names
        self.picture = self.picture_of(self.chosen[0])
        going_in = Words(f"{side} × {side} numbers in").next_to(self.picture, UP, buff=0.35)
        self.box = RoundedRectangle(0.25, width=3.2, height=3.2, color=theme.TEXT, stroke_width=theme.MARK_WIDTH)
        self.box.move_to((_BOX_X, STAGE_MIDDLE, 0)).set_fill(theme.BACKGROUND, 1)
        self.question = Words("?", 3.6 * theme.TITLE_SIZE, theme.UNKNOWN).move_to(self.box)
        into = self.arrow(self.picture, self.box)
        self.names, dots = self.possible_answers()
        out = self.arrow(self.box, self.names)
        are_digits = all(name.isdigit() and len(name) == 1 for name in names)
        heading = Words(f"one {'digit' if are_digits else 'name'} out").next_to(self.names, UP, buff=0.3)
        heading.set_y(max(heading.get_y(), self.picture.get_top()[1] + 0.6))
        comes_out = f"one digit out, {names[0]} to {names[-1]}" if are_digits else f"one of {len(names)} names out"
        with self.voiceover(
            f"So write a program: {side} × {side} numbers in, {comes_out}.",
            moves="A picture stands at the left; an arrow leads from it into a box with a question mark, another one "
            "out of the box to the possible answers, one below another.",
        ):
            self.play(FadeIn(self.picture, going_in, run_time=theme.QUICK))
            self.play(GrowArrow(into), FadeIn(self.box, self.question))
            self.wait(0.5)
            self.play(GrowArrow(out), LaggedStart(*(FadeIn(name) for name in self.names), lag_ratio=0.08))
            self.play(FadeIn(heading, dots), run_time=theme.QUICK)

    def possible_answers(self) -> tuple[VGroup, Cells | Group]:
        """The names of the classes in a column, and the dots for those there is no room for, if any."""
        names = self.digits().class_names
        places = column(len(names), (_ANSWERS_X, STAGE_MIDDLE), 5.6, most=14)
        size = float(np.clip(0.95 * PIXELS_A_UNIT * places.diameter, theme.SMALLEST_SIZE, theme.LABEL_SIZE + 8))
        answers = VGroup()
        for name, centre, shown in zip(names, places.centres, places.shown, strict=True):
            word = Words(name, size, theme.QUIET_TEXT).move_to(centre)
            if len(name) > 1:
                word.align_to(centre - 0.3 * RIGHT, LEFT)
            answers.add(word.set_opacity(float(shown)))
        return answers, Cells(places.dots, 0.07, 1, stroke_width=0) if len(places.dots) else Group()

    def again_and_again(self) -> None:
        self.next_section("Again and again")
        with self.voiceover(
            "The right answer for every picture, also for one never seen before.",
            moves="Row by row the bright pixels of one picture after another turn into numbers, which run in lanes "
            "into the box, and its true answer lights up on the other side.",
        ):
            for number, index in enumerate(self.chosen[:-1] if len(self.chosen) > 1 else self.chosen):
                name = self.names[self.digits().labels[index]]
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
        with self.voiceover(
            "But what do you write inside the box?", moves="The question mark in the box grows and lights up."
        ):
            self.play(Indicate(self.question, 1.25, theme.ANSWER), run_time=theme.FLOW)

    def picture_of(self, index: int) -> PixelGrid:
        """A picture of the test set, to the left of the box."""
        return PixelGrid(self.digits().images[index], 3.6, (_PICTURE_X, STAGE_MIDDLE))

    def arrow(self, start: Cells | VMobject, end: Cells | VMobject) -> Arrow:
        """An arrow from one mobject to the next one to its right."""
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
