"""OtherHandsOtherNumbers: Two pictures of one digit, laid over each other and subtracted, share few bright pixels."""

from __future__ import annotations

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    FadeIn,
    FadeOut,
    LaggedStart,
    Transform,
    VGroup,
)
from numpy.typing import NDArray

from network.analysis.distances import (
    distances_from_average,
    mean_difference,
    shared_ink,
)
from network.digits import Digits
from scenes.kit import theme
from scenes.kit.animations.count_up import CountUp
from scenes.kit.layout import STAGE_MIDDLE
from scenes.kit.mobjects.array_mobject import rgb
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.text import Number, Words
from scenes.part_01_puzzle.shared import STAGE_WIDTH, sloppy_example, tinted
from scenes.stage.lesson_scene import LessonScene

# From this brightness on a pixel counts as bright.
BRIGHT = 0.5


class OtherHandsOtherNumbers(LessonScene):
    """Many pictures of the same digit; two of them, laid over each other and subtracted."""

    def construct(self) -> None:
        digits = self.digits()
        example = sloppy_example(self.network, digits)
        self.label = int(digits.labels[example])
        self.name = digits.class_names[self.label]
        self.images = others_like(digits, example)
        self.colours = (theme.POSITIVE, theme.NEGATIVE)

        self.all_the_same_digit()
        self.laid_over_each_other()
        self.the_difference()
        self.end()

    def alternative_text(self) -> str:
        digits = self.digits()
        one, other = others_like(digits, sloppy_example(self.network, digits))[:2]
        both, either = shared_ink(one, other, BRIGHT)
        return (
            "Many handwritten pictures of the same digit; a sloppy and a typical one are laid over each other. Of "
            f"{either} bright pixels {both} are bright in both, and a pixel differs by "
            f"{mean_difference(one, other):.2f} on average."
        )

    def all_the_same_digit(self) -> None:
        self.next_section("All the same digit")
        columns = 9
        step = STAGE_WIDTH / columns
        rows = -(-len(self.images) // columns)
        self.wall = []
        for place, image in enumerate(self.images):
            # The first two stand in the middle of the wall, side by side.
            number = (place + (rows // 2) * columns + columns // 2 - 1) % len(self.images)
            row, across = divmod(number, columns)
            x, y = (across - (columns - 1) / 2) * step, STAGE_MIDDLE + ((rows - 1) / 2 - row) * step
            self.wall.append(tinted(PixelGrid(image, 0.9 * step, (x, y)), theme.TEXT))
        in_order = sorted(self.wall, key=lambda pixels: (-pixels.get_y(), pixels.get_x()))
        with self.caption(
            f"Each of these is a {self.name} to you.",
            LaggedStart(*(FadeIn(pixels) for pixels in in_order), lag_ratio=0.06, run_time=theme.FLOW),
            moves="A wall of handwritten pictures of one digit fills the stage.",
        ):
            pass

    def laid_over_each_other(self) -> None:
        self.next_section("Laid over each other")
        one, other = self.images[:2]
        both, either = shared_ink(one, other, BRIGHT)
        centre = (0, STAGE_MIDDLE)
        self.overlay = overlay(one, other, 5.8, centre, self.colours)
        middles = [
            tinted(PixelGrid(image, 5.8, centre), c) for image, c in zip((one, other), self.colours, strict=True)
        ]
        self.legend = VGroup(
            self.line(theme.TEXT, both, "bright in both"),
            self.line(self.colours[0], int((one >= BRIGHT).sum()) - both, "only in the first"),
            self.line(self.colours[1], int((other >= BRIGHT).sum()) - both, "only in the second"),
        )
        self.legend.arrange(DOWN, buff=0.55, aligned_edge=LEFT).move_to((3.6, STAGE_MIDDLE, 0))
        two = self.wall[:2]
        aside = [
            tinted(PixelGrid(self.images[n], 4.2, (side * 3.3, STAGE_MIDDLE)), self.colours[n])
            for n, side in enumerate((-1, 1))
        ]
        only = "only " if both < either / 2 else ""
        with self.caption(
            f"A sloppy and a typical one share {only}{both} of their {either} bright pixels.",
            *(FadeOut(pixels, run_time=theme.QUICK) for pixels in self.wall[2:]),
            moves="All but two fade away; these come forward, one blue, the other red, and slide over each other. "
            "Where both are bright it turns white, and the pixels are counted.",
        ):
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
        bright = np.maximum(one, other) >= BRIGHT
        means = mean_difference(one, other), mean_difference(one[bright], other[bright])
        sentences = "average difference of a pixel", f"average over the {bright.sum()} bright ones"
        values = [Number(0, 2, 1.5 * theme.TITLE_SIZE) for _ in means]
        notes = [Words(sentence, theme.LABEL_SIZE, theme.QUIET_TEXT) for sentence in sentences]
        rows = (VGroup(*row).arrange(DOWN, buff=0.25) for row in zip(values, notes, strict=True))
        VGroup(*rows).arrange(DOWN, buff=0.9).move_to((3.6, STAGE_MIDDLE, 0))
        both, either = shared_ink(one, other, BRIGHT)
        with self.caption(
            "Subtract them: " + ("most of the stroke stays." if both < either / 2 else "what they share turns black."),
            FadeOut(self.legend, run_time=theme.QUICK),
            moves="White turns black, so that only the differences stay in colour; their averages are counted up.",
        ):
            for number, (value, note, mean) in enumerate(zip(values, notes, means, strict=True)):
                turning = [Transform(self.overlay, difference)] if number == 0 else []
                self.play(*turning, FadeIn(note), CountUp(value, 0, mean), run_time=0.75 * theme.FLOW)

    def line(self, colour: str, count: int, words: str) -> VGroup:
        return VGroup(Number(count, size=theme.TITLE_SIZE, colour=colour), Words(words, theme.LABEL_SIZE)).arrange(
            RIGHT, buff=0.3
        )


def others_like(digits: Digits, example: int, most: int = 36) -> NDArray[np.float32]:
    """The picture, the most typical of its class (nearest to their average), and the first others, (n, side, side).

    n is at most `most`, and whole rows of nine where there are enough.
    """
    own = np.flatnonzero(digits.labels == digits.labels[example])
    order = own[np.argsort(distances_from_average(digits.vectors[own]), kind="stable")]
    typical = next((index for index in order if index != example), example)
    others = own[(own != example) & (own != typical)]
    chosen = np.concatenate([[example, typical], others])[:most]
    if len(chosen) > 9:
        chosen = chosen[: len(chosen) // 9 * 9]
    return np.asarray(digits.images[chosen], np.float32)


def overlay(
    one: NDArray[np.float32],
    other: NDArray[np.float32],
    extent: float,
    centre: tuple[float, float],
    colours: tuple[str, str],
) -> PixelGrid:
    """Two pictures added, each in its colour, as light is: where both are bright, it is white."""
    pixels = PixelGrid(np.zeros_like(one), extent, centre)
    light = one.reshape(-1, 1) * rgb(colours[0]) + other.reshape(-1, 1) * rgb(colours[1])
    pixels.colours = np.minimum(light, 255).astype(np.float32)
    return pixels
