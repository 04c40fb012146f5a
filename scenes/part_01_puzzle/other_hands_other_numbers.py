"""OtherHandsOtherNumbers: Two pictures of one digit, laid over each other and subtracted, share few bright pixels."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from manim import DOWN, LEFT, RIGHT, FadeIn, FadeOut, LaggedStart, Transform, VGroup
from numpy.typing import NDArray

from network.analysis.distances import mean_difference, shared_ink
from network.analysis.examples import hero, others_like
from scenes.kit import theme
from scenes.kit.animations.count_up import CountUp
from scenes.kit.colour import rgb
from scenes.kit.layout import STAGE_MIDDLE
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.text import Number, Words
from scenes.stage.lesson_scene import LessonScene

# A pixel that is at least this bright counts as bright.
_BRIGHT = 0.5
# The wall of pictures: how wide it is, in units, and how many pictures stand in a row.
_WALL_WIDTH, _WALL_COLUMNS = 13.0, 9
# How wide each of the two pictures is when they lie over each other.
_EXTENT = 5.8
# The first picture is blue, the second red.
_COLOURS = (theme.POSITIVE, theme.NEGATIVE)
# Where the counts and averages stand, beside the two pictures.
_BESIDE = (3.6, STAGE_MIDDLE, 0)


class OtherHandsOtherNumbers(LessonScene):
    """Many pictures of the same digit; two of them, laid over each other and subtracted."""

    def construct(self) -> None:
        self.all_the_same_digit()
        self.laid_over_each_other()
        self.the_difference()
        self.end()

    def alternative_text(self) -> str:
        one, other = self.images[:2]
        return (
            "Many handwritten pictures of the same digit; a sloppy and a typical one are laid over each other. Of "
            f"{self.either} bright pixels {self.both} are bright in both, and a pixel differs by "
            f"{mean_difference(one, other):.2f} on average."
        )

    @cached_property
    def example(self) -> int:
        """The index of the sloppy digit in the test set."""
        return hero(self.network, self.digits())

    @cached_property
    def images(self) -> NDArray[np.float32]:
        """The sloppy digit, a typical one, and others of their class."""
        return others_like(self.digits(), self.example, row=_WALL_COLUMNS)

    @cached_property
    def shared(self) -> tuple[int, int]:
        """How many pixels are bright in both of the first two pictures, and how many in at least one of them."""
        one, other = self.images[:2]
        return shared_ink(one, other, _BRIGHT)

    @property
    def both(self) -> int:
        return self.shared[0]

    @property
    def either(self) -> int:
        return self.shared[1]

    def all_the_same_digit(self) -> None:
        self.next_section("All the same digit")
        digits = self.digits()
        self.wall = self.wall_of_pictures()
        in_order = sorted(self.wall, key=lambda pixels: (-pixels.get_y(), pixels.get_x()))
        with self.voiceover(
            f"Each of these is a {digits.class_names[digits.labels[self.example]]} to you.",
            moves="A wall of handwritten pictures of one digit fills the stage.",
        ):
            self.play(LaggedStart(*(FadeIn(pixels) for pixels in in_order), lag_ratio=0.06, run_time=theme.FLOW))

    def wall_of_pictures(self) -> list[PixelGrid]:
        """All pictures in rows, the first two side by side in the middle."""
        step = _WALL_WIDTH / _WALL_COLUMNS
        rows = -(-len(self.images) // _WALL_COLUMNS)
        wall = []
        for number, image in enumerate(self.images):
            place = (number + (rows // 2) * _WALL_COLUMNS + _WALL_COLUMNS // 2 - 1) % len(self.images)
            row, across = divmod(place, _WALL_COLUMNS)
            x, y = (across - (_WALL_COLUMNS - 1) / 2) * step, STAGE_MIDDLE + ((rows - 1) / 2 - row) * step
            wall.append(PixelGrid(image, 0.9 * step, (x, y)).tint(theme.TEXT))
        return wall

    def laid_over_each_other(self) -> None:
        self.next_section("Laid over each other")
        one, other = self.images[:2]
        centre = (0, STAGE_MIDDLE)
        self.overlay = overlay(one, other, _EXTENT, centre, _COLOURS)
        middles = [PixelGrid(image, _EXTENT, centre).tint(c) for image, c in zip((one, other), _COLOURS, strict=True)]
        self.legend = VGroup(
            self.line(theme.TEXT, self.both, "bright in both"),
            self.line(_COLOURS[0], int((one >= _BRIGHT).sum()) - self.both, "only in the first"),
            self.line(_COLOURS[1], int((other >= _BRIGHT).sum()) - self.both, "only in the second"),
        )
        self.legend.arrange(DOWN, buff=0.55, aligned_edge=LEFT).move_to(_BESIDE)
        two = self.wall[:2]
        aside = [
            PixelGrid(self.images[n], 4.2, (side * 3.3, STAGE_MIDDLE)).tint(_COLOURS[n])
            for n, side in enumerate((-1, 1))
        ]
        only = "only " if self.both < self.either / 2 else ""
        with self.voiceover(
            f"A sloppy and a typical one share {only}{self.both} of their {self.either} bright pixels.",
            moves="All but two fade away; these come forward, one blue, the other red, and slide over each other. "
            "Where both are bright it turns white, and the pixels are counted.",
        ):
            self.play(*(FadeOut(pixels, run_time=theme.QUICK) for pixels in self.wall[2:]))
            for places, seconds in (aside, theme.STEP), (middles, theme.FLOW):
                moves = (Transform(pixels, target) for pixels, target in zip(two, places, strict=True))
                self.play(*moves, run_time=seconds)
            self.play(FadeIn(self.overlay), run_time=theme.QUICK)
            self.remove(*two)
            lines = LaggedStart(*(FadeIn(line, shift=0.2 * RIGHT) for line in self.legend), lag_ratio=0.4)
            self.play(self.overlay.animate.shift(2.6 * LEFT), lines, run_time=1.5 * theme.STEP)
            self.wait(1.5)

    def the_difference(self) -> None:
        self.next_section("The difference")
        one, other = self.images[:2]
        difference = self.overlay.copy().set_signed((one - other).ravel(), 1)
        bright = np.maximum(one, other) >= _BRIGHT
        means = mean_difference(one, other), mean_difference(one[bright], other[bright])
        sentences = "average difference of a pixel", f"average over the {bright.sum()} bright ones"
        values = [Number(0, 2, 1.5 * theme.TITLE_SIZE) for _ in means]
        notes = [Words(sentence, theme.LABEL_SIZE, theme.QUIET_TEXT) for sentence in sentences]
        rows = (VGroup(*row).arrange(DOWN, buff=0.25) for row in zip(values, notes, strict=True))
        VGroup(*rows).arrange(DOWN, buff=0.9).move_to(_BESIDE)
        stays = "most of the stroke stays." if self.both < self.either / 2 else "what they share turns black."
        with self.voiceover(
            f"Subtract them: {stays}",
            moves="White turns black, so that only the differences stay in colour; their averages are counted up.",
        ):
            self.play(FadeOut(self.legend, run_time=theme.QUICK))
            for number, (value, note, mean) in enumerate(zip(values, notes, means, strict=True)):
                turning = [Transform(self.overlay, difference)] if number == 0 else []
                self.play(*turning, FadeIn(note), CountUp(value, 0, mean), run_time=0.75 * theme.FLOW)

    def line(self, colour: str, count: int, words: str) -> VGroup:
        """A count with what it counts to its right."""
        number = Number(count, size=theme.TITLE_SIZE, colour=colour)
        return VGroup(number, Words(words, theme.LABEL_SIZE)).arrange(RIGHT, buff=0.3)


def overlay(
    one: NDArray[np.float32],
    other: NDArray[np.float32],
    extent: float,
    centre: tuple[float, float],
    colours: tuple[str, str],
) -> PixelGrid:
    """Two pictures (side, side), each in its colour, added as light is: where both are bright, the sum is white."""
    pixels = PixelGrid(np.zeros_like(one), extent, centre)
    light = one.reshape(-1, 1) * rgb(colours[0]) + other.reshape(-1, 1) * rgb(colours[1])
    pixels.colours = np.minimum(light, 255).astype(np.float32)
    return pixels
