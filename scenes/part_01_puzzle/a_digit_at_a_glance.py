"""ADigitAtAGlance: A sloppy 3 is read before its first row could be counted; nearer, it is nothing but 784 numbers."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Circle,
    Dot,
    FadeIn,
    FadeOut,
    Group,
    LaggedStart,
    Line,
    Transform,
    VGroup,
    linear,
)

from network.analysis.windows import liveliest_window
from scenes.kit import theme
from scenes.kit.animations.appearing import OneByOne
from scenes.kit.animations.count_up import CountUp
from scenes.kit.animations.pixels_to_numbers import ZoomPixels
from scenes.kit.animations.storm import Storm
from scenes.kit.colour import rgb
from scenes.kit.layout import STAGE_MIDDLE
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.network_diagram import thin_brace
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.text import Number, Words, size_that_fits
from scenes.language import _, together
from scenes.part_01_puzzle.cloud import cloud
from scenes.part_01_puzzle.gathering import Gather, light_around
from scenes.part_01_puzzle.handed_over import MadeOfNumbers
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import class_in_words, is_digit, number

# The room that the bright squares fill at first, and how much nearer they come before the whole picture is seen.
_FILLS, _NEARER, _MIDDLE = (11.0, 4.35), 1.08, np.array([0, STAGE_MIDDLE, 0])
# How much of the stage the cells and their numbers fill, in units.
_WIDTH, _HEIGHT = 13.0, 6.3
# Where the picture stands while light goes from it into an eye, and how wide it is.
_LEFT, _LEFT_EXTENT = -4.7, 4.4
# The eye: its middle and its radius; the picture on its back; and the cloud of cells behind it.
_EYE_X, _EYE, _ON_ITS_BACK = -0.9, 0.85, 0.62
_CLOUD_X, _CLOUD_WIDTH, _CLOUD_HEIGHT = 2.3, 3.9, 4.6
_IDEA_X, _IDEA_WIDTH = 5.6, 2.3


class ADigitAtAGlance(LessonScene):
    """A sloppy digit, read at a glance; nearer and nearer, until it is nothing but numbers."""

    def construct(self) -> None:
        self.at_a_glance()
        self.marvel()
        self.numbers_in_the_cells()
        self.end()

    def alternative_text(self) -> str:
        side = number(self.digits().side, thousands=False)
        gathers = (
            _(
                "A sloppily written {digit} of {side} by {side} grey squares gathers out of scattered spots of light.",
                digit=class_in_words(self.name),
                side=side,
            )
            if is_digit(self.name)
            else _(
                "A picture of {name} of {side} by {side} grey squares gathers out of scattered spots of light.",
                name=self.name,
                side=side,
            )
        )
        return together(
            gathers,
            _("A sketch: its light falls into an eye, runs through a cloud of cells, and one idea comes out."),
            _(
                "From nearer, a number can be read in each square. Without the greys nothing can be seen in the "
                "{squares} numbers; then each is as bright as its square, and they are the picture again.",
                squares=number(self.digits().side ** 2, thousands=False),
            ),
        )

    @cached_property
    def name(self) -> str:
        """The name of its class."""
        digits = self.digits()
        return digits.class_names[digits.labels[self.hero]]

    @cached_property
    def pixels(self) -> PixelGrid:
        return PixelGrid(self.digits().images[self.hero], 5.4, (0, STAGE_MIDDLE - 0.2))

    def at_a_glance(self) -> None:
        self.next_section(_("At a glance"))
        side = self.pixels.side
        across, down = thin_brace(self.pixels, UP), thin_brace(self.pixels, LEFT)
        columns, rows = (Number(side, size=theme.TITLE_SIZE) for _ in range(2))
        columns.next_to(across, UP, buff=0.1)
        rows.next_to(down, LEFT, buff=0.2)
        row = Cells(self.pixels.centres[:side], 2 * self.pixels.radii[:side], colours=rgb(theme.ANSWER), stroke_width=0)
        self.measures = Group(across, columns, down, rows, row)
        tiny = (
            _(
                "Whoever wrote it was in a hurry, and it's <bookmark mark='tiny'/> tiny: "
                "<bookmark mark='across'/> {side} squares across, <bookmark mark='down'/> {side} down.",
                side=number(side, thousands=False),
            )
            if is_digit(self.name)
            else _(
                "It belongs to the class {name}, though it's <bookmark mark='tiny'/> tiny: "
                "<bookmark mark='across'/> {side} squares across, <bookmark mark='down'/> {side} down.",
                name=self.name,
                side=number(side, thousands=False),
            )
        )
        light = self.all_over_the_stage()
        around = light_around(light)
        # Nothing is said before it can be recognised.
        self.play(Gather(light, run_time=1.6))
        with self.voiceover(
            together(
                _("Look at this."),
                tiny,
                _("And still you read it <bookmark mark='count'/> before you could have counted the first row."),
            ),
            moves=_(
                "Bright squares lie scattered like stars. They whirl together into a sloppily written digit, which "
                "glows. Braces give its width and height in squares; the squares of its first row are counted one by "
                "one."
            ),
        ) as tracker:
            self.play(FadeIn(around, rate_func=linear), run_time=0.6)
            # It comes nearer while nothing else happens.
            nearer = [thing.animate(rate_func=linear).scale(_NEARER, about_point=_MIDDLE) for thing in (light, around)]
            self.play(*nearer, run_time=max(tracker.time_until_bookmark("tiny") - 0.4, theme.QUICK))
            # Of the same kind as the light, or what is black would turn grey on the way.
            self.play(
                Transform(light, self.pixels.copy().tint(theme.TEXT)),
                FadeOut(around, run_time=theme.QUICK),
                run_time=0.9,
            )
            self.remove(light)
            self.add(self.pixels)
            self.wait_until_bookmark("across")
            self.play(FadeIn(across, columns), run_time=theme.QUICK)
            self.wait_until_bookmark("down")
            self.play(FadeIn(down, rows), run_time=theme.QUICK)
            self.wait_until_bookmark("count")
            self.play(columns.animate.set_color(theme.ANSWER), run_time=0.25)
            self.play(OneByOne(row), CountUp(columns, 0, side, rate_func=linear), run_time=2 * theme.STEP)

    def all_over_the_stage(self) -> PixelGrid:
        """The picture without its black squares, so large that what is bright in it fills the stage."""
        light = self.pixels.copy().tint(theme.TEXT)
        bright = light.values > 0.5
        lit = light.centres[bright if bright.any() else slice(None)]
        low, high = lit.min(axis=0), lit.max(axis=0)
        width, height, _ = high - low + 2 * float(light.radii[0])
        light.shift(-(low + high) / 2)
        light.scale(min(_FILLS[0] / width, _FILLS[1] / height), about_point=(0, 0, 0))
        return light.shift(_MIDDLE)

    def marvel(self) -> None:
        self.next_section(_("Marvel"))
        self.eye, on_its_back = self.eye_and_light()
        cells = cloud((_CLOUD_X, STAGE_MIDDLE), _CLOUD_WIDTH, _CLOUD_HEIGHT)
        size = size_that_fits([self.name], _IDEA_WIDTH, 6 * theme.TITLE_SIZE)
        idea = Words(self.name, size, theme.ANSWER).move_to((_IDEA_X, STAGE_MIDDLE, 0))
        with self.voiceover(
            _(
                "Marvel at that for a moment. <bookmark mark='light'/> Light fell into your eye, "
                "<bookmark mark='cells'/> millions of cells did something, and <bookmark mark='idea'/> out came one "
                "idea: {digit}.",
                digit=class_in_words(self.name),
            ),
            moves=_(
                "A sketch: light goes from the picture into an eye and stands on its back, upside down; sparks run "
                "through a cloud of cells; and the name of the digit lights up."
            ),
        ) as tracker:
            aside = self.pixels.copy().scale(_LEFT_EXTENT / self.pixels.width).move_to((_LEFT, STAGE_MIDDLE, 0))
            self.play(
                FadeOut(self.measures, run_time=theme.QUICK),
                ZoomPixels(self.pixels, aside, run_time=theme.STEP),
                FadeIn(self.eye, cells, run_time=theme.STEP),
            )
            self.wait_until_bookmark("light")
            light = self.pixels.copy().tint(theme.TEXT)
            self.play(Transform(light, on_its_back, run_time=max(tracker.time_until_bookmark("cells"), theme.STEP)))
            self.play(Storm(cells, run_time=max(tracker.time_until_bookmark("idea"), theme.STEP)))
            self.play(FadeIn(idea, scale=0.5), Storm(cells, theme.ANSWER, 2, run_time=theme.FLOW))
        self.sketch = Group(self.eye, light, cells, idea)

    def eye_and_light(self) -> tuple[VGroup, PixelGrid]:
        """An eye with two rays of light through its pupil, and the picture as it falls on its back: upside down."""
        ball = Circle(_EYE, color=theme.NEUTRAL, stroke_width=theme.MARK_WIDTH).move_to((_EYE_X, STAGE_MIDDLE, 0))
        pupil = ball.get_left()
        back = ball.get_right() + 0.5 * _ON_ITS_BACK * LEFT
        edge = np.array([_LEFT + _LEFT_EXTENT / 2, STAGE_MIDDLE, 0])
        rays = VGroup(
            *(
                Line(edge + side * _LEFT_EXTENT / 2, end, color=theme.NEUTRAL, stroke_width=2, stroke_opacity=0.7)
                for side, end in ((UP, back + 0.5 * _ON_ITS_BACK * DOWN), (DOWN, back + 0.5 * _ON_ITS_BACK * UP))
            )
        )
        # Lines through the pupil: each ray bends a little there, as light in an eye does.
        for ray in rays:
            ray.set_points_as_corners([ray.get_start(), pupil, ray.get_end()])
        upside_down = self.pixels.values.reshape(self.pixels.side, -1)[::-1, ::-1]
        image = PixelGrid(upside_down, _ON_ITS_BACK, (back[0], back[1])).tint(theme.TEXT)
        # The same cells as in the picture, so that each flies to its place: from the last to the first.
        for name in ("points", *image.ITEM_ARRAYS):
            array = getattr(image, name)
            setattr(image, name, array.reshape(len(image), -1, *array.shape[1:])[::-1].reshape(array.shape))
        return VGroup(rays, ball, Dot(pupil, 0.09, color=theme.TEXT)), image

    def numbers_in_the_cells(self) -> None:
        self.next_section(_("Numbers in the cells"))
        block = liveliest_window(self.pixels.values.reshape(self.pixels.side, -1))
        window = self.pixels.window(*block)
        cell = min(_HEIGHT / block.rows, _WIDTH / block.columns)
        near = self.pixels.copy().scale(cell * self.pixels.side / self.pixels.width)
        near.opacities, near.stroke_opacities = np.zeros((2, len(near)), np.float32)
        near.opacities[window] = near.stroke_opacities[window] = 1
        near.shift((0, STAGE_MIDDLE, 0) - near.centres[window].mean(axis=0))
        written = near.numbers(window)
        values = self.pixels.values[window]
        darkest, brightest = (
            Cells(near.centres[window[at]], cell, opacities=0, stroke_colour=theme.ANSWER, stroke_width=8)
            for at in (values.argmin(), values.argmax())
        )
        with self.voiceover(
            _(
                "Now come closer. Every square is just a number: <bookmark mark='zero'/> zero for black, "
                "<bookmark mark='one'/> one for white. <bookmark mark='grey'/> Take the greys away, and "
                "<bookmark mark='all'/> {squares} numbers are left, and no {digit} anywhere.",
                digit=class_in_words(self.name),
                squares=number(self.pixels.side**2, thousands=False),
            ),
            moves=_(
                "The picture comes nearer, until a few of its squares fill the stage, each with its number; the "
                "darkest and the brightest are marked; the greys go out. Then all numbers of the picture appear, "
                "each in its square, and are counted. They dim until each is as bright as its square, and the "
                "picture is there again."
            ),
        ):
            self.play(FadeOut(self.sketch, run_time=theme.QUICK), ZoomPixels(self.pixels, near, run_time=theme.FLOW))
            self.play(LaggedStart(*(FadeIn(number) for number in written), lag_ratio=0.02), run_time=0.75 * theme.STEP)
            self.wait_until_bookmark("zero")
            self.play(FadeIn(darkest), run_time=theme.QUICK)
            self.wait_until_bookmark("one")
            self.play(FadeOut(darkest), FadeIn(brightest), run_time=theme.QUICK)
            self.wait_until_bookmark("grey")
            self.take_the_greys_away(written, brightest)
            self.wait_until_bookmark("all")
            self.count_them_all(written)

    def take_the_greys_away(self, written: VGroup, marked: Cells) -> None:
        """The squares go black, and every number white."""
        black = self.pixels.copy()
        black.colours = np.zeros_like(black.colours)
        self.play(
            FadeOut(marked, run_time=theme.QUICK),
            Transform(self.pixels, black),
            written.animate.set_color(theme.TEXT),
        )

    def count_them_all(self, written: VGroup) -> None:
        """All numbers appear, each in its square, and are counted; as bright as their squares, they are the picture."""
        made = MadeOfNumbers(self.pixels.values)
        self.play(
            FadeOut(self.pixels, written, run_time=theme.QUICK),
            OneByOne(made.numbers, run_time=1.6 * theme.STEP),
            CountUp(made.count, 0, rate_func=linear, run_time=1.6 * theme.STEP),
            FadeIn(made.words, shift=0.2 * RIGHT, run_time=theme.STEP),
        )
        self.wait_for_voiceover()  # so that one can look for the picture in them
        self.play(Transform(made.numbers, made.lit()), run_time=0.8 * theme.STEP)
        self.play(FadeIn(made.picture), FadeOut(made.numbers), run_time=theme.QUICK)
