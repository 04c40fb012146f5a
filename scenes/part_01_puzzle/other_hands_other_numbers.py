"""OtherHandsOtherNumbers: All are threes to you, yet two of them share few bright squares. What do you recognise?"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from manim import DOWN, RIGHT, Animation, FadeIn, FadeOut, LaggedStart, Transform, VGroup, there_and_back
from numpy.typing import NDArray

from network.analysis.distances import shared_ink
from network.analysis.examples import others_like
from scenes.kit import theme
from scenes.kit.animations.swell_in_turn import SwellInTurn
from scenes.kit.layout import STAGE_MIDDLE
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.text import Number, Words, as_read, line_start, size_that_fits
from scenes.language import _, together
from scenes.part_01_puzzle.handed_over import DIM, FoundAmongAll, MadeOfNumbers
from scenes.part_01_puzzle.overlay import BRIGHT, overlay
from scenes.part_01_puzzle.wall import COLUMNS, framed, wall
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import class_in_words, is_digit, number, several_in_words

# How wide each of the two pictures is when they lie over each other, and where.
_EXTENT, _OVER = 6.0, (-3.1, STAGE_MIDDLE)
# And where each of them stands when it is there alone.
_ALONE = (0.0, STAGE_MIDDLE)
# Where the counts stand, beside the two pictures, and how wide they may be with their words.
_BESIDE, _BESIDE_WIDTH = (3.7, STAGE_MIDDLE, 0), 6.1


class OtherHandsOtherNumbers(LessonScene):
    """Many pictures of the same digit; two of them, laid over each other and subtracted."""

    def construct(self) -> None:
        self.one_idea()
        self.laid_over_each_other()
        self.what_do_you_recognise()
        self.end()

    def alternative_text(self) -> str:
        return _(
            "A wall of {several}; a sloppy and a typical one are laid over each other, and of {either} bright squares "
            "{both} are bright in both. At the end all {several} among other pictures are framed.",
            several=self.several,
            either=number(self.either, thousands=False),
            both=number(self.both, thousands=False),
        )

    @cached_property
    def several(self) -> str:
        """Several pictures of its class, in words."""
        digits = self.digits()
        return several_in_words(digits.class_names[digits.labels[self.hero]])

    @cached_property
    def images(self) -> NDArray[np.float32]:
        """The sloppy digit, a typical one, and others of their class."""
        return others_like(self.digits(), self.hero, row=COLUMNS)

    @cached_property
    def shared(self) -> tuple[int, int]:
        """How many squares are bright in both of the first two pictures, and how many in at least one of them."""
        one, other = self.images[:2]
        return shared_ink(one, other, BRIGHT)

    @property
    def both(self) -> int:
        return self.shared[0]

    @property
    def either(self) -> int:
        return self.shared[1]

    def one_idea(self) -> None:
        self.next_section(_("One idea"))
        self.wall = wall(self.images)
        place, *rest = self.wall
        # As the scene before leaves it.
        before = MadeOfNumbers(self.images[0])
        first = self.wall[0] = before.picture
        in_order = sorted(rest, key=lambda pixels: (-pixels.get_y(), pixels.get_x()))
        written = all(is_digit(name) for name in self.digits().class_names)
        here = (
            _(
                "Here are more {several}: other people, other pens. <bookmark mark='same'/> To you, they're all the "
                "same idea.",
                several=self.several,
            )
            if written
            else _(
                "Here are more {several}: each of them different. <bookmark mark='same'/> To you, they're all the "
                "same idea.",
                several=self.several,
            )
        )
        with self.voiceover(
            here,
            moves=_(
                "The sloppy digit takes its place in a wall of handwritten pictures of one "
                "digit; then a wave runs through them all."
            ),
        ):
            self.add(before.count, before.words, first)
            self.play(
                FadeOut(before.count, before.words, run_time=theme.QUICK),
                Transform(first, place, run_time=theme.STEP),
                LaggedStart(*(FadeIn(pixels) for pixels in in_order), lag_ratio=0.06, run_time=2 * theme.STEP),
            )
            self.frame = framed(first)
            self.play(FadeIn(self.frame), run_time=theme.QUICK)
            self.wait_until_bookmark("same")
            across = sorted(self.wall, key=lambda pixels: pixels.get_x() - pixels.get_y())
            self.play(SwellInTurn(across, 1.25, lag_ratio=0.05, run_time=theme.FLOW))

    def laid_over_each_other(self) -> None:
        self.next_section(_("Laid over each other"))
        one, other = self.images[:2]
        self.overlay = overlay(one, other, _EXTENT, _OVER, theme.OVERLAID)
        over = [PixelGrid(image, _EXTENT, _OVER).tint(colour) for image, colour in self.two_in_colour()]
        aside = [
            PixelGrid(image, 5.0, (side * 3.4, STAGE_MIDDLE)).tint(colour)
            for side, (image, colour) in zip((-1, 1), self.two_in_colour(), strict=True)
        ]
        self.legend = VGroup(
            line(theme.ANSWER, self.either, _("bright squares")),
            line(theme.TEXT, self.both, _("bright in both")),
        )
        self.legend.arrange(DOWN, buff=0.9, aligned_edge=line_start()).move_to(_BESIDE)
        counts = {"either": number(self.either, thousands=False), "both": number(self.both, thousands=False)}
        of_them = (
            _(
                "<bookmark mark='of'/> Of {either} bright squares, only the <bookmark mark='both'/> {both} white ones "
                "are bright in both.",
                **counts,
            )
            if self.both < self.either / 2
            else _(
                "<bookmark mark='of'/> Of {either} bright squares, the <bookmark mark='both'/> {both} white ones are "
                "bright in both.",
                **counts,
            )
        )
        with self.voiceover(
            together(_("But lay two of them <bookmark mark='over'/> over each other."), of_them),
            moves=_(
                "The sloppy picture and a typical one come out of the wall, each in a colour, grow, and slide over "
                "each other; where both are bright, they are white. Bright squares are counted."
            ),
        ):
            two = self.wall[:2]
            self.play(
                *(Transform(pixels, target) for pixels, target in zip(two, aside, strict=True)),
                FadeOut(*self.wall[2:], self.frame),
            )
            self.wait_until_bookmark("over")
            self.play(*(Transform(pixels, target) for pixels, target in zip(two, over, strict=True)))
            self.wait_until_bookmark("of")
            self.play(FadeIn(self.overlay), run_time=0.25)
            self.remove(*two)
            either, both = self.legend
            self.play(FadeIn(either, shift=0.2 * RIGHT), run_time=theme.QUICK)
            self.wait_until_bookmark("both")
            self.play(FadeIn(both, shift=0.2 * RIGHT), self.glow_of_the_shared(), run_time=1.5 * theme.STEP)

    def glow_of_the_shared(self) -> Animation:
        """The squares that are bright in both pictures shine alone for a moment."""
        one, other = self.images[:2]
        shared = np.where((one >= BRIGHT) & (other >= BRIGHT), 1, 0)
        alone = overlay(shared, shared, _EXTENT, _OVER, theme.OVERLAID)
        return Transform(self.overlay, alone, rate_func=there_and_back)

    def what_do_you_recognise(self) -> None:
        self.next_section(_("What do you recognise?"))
        digits, (one, other) = self.digits(), self.images[:2]
        label = int(digits.labels[self.hero])
        found = FoundAmongAll.of(digits, label, self.images)
        none = np.zeros_like(one)
        alone = [overlay(*pair, _EXTENT, _ALONE, theme.OVERLAID) for pair in ((one, none), (none, other))]
        different = (
            _("So mostly different cells in your eye light up.")
            if self.both < self.either / 2
            else _("So other cells in your eye light up, too.")
        )
        with self.voiceover(
            together(
                different,
                _(
                    "<bookmark mark='still'/> And still something in you says {digit}, <bookmark mark='tell'/> and "
                    "tells it from all the rest. <bookmark mark='ask'/> What is it that you recognise?",
                    digit=class_in_words(digits.class_names[label]),
                ),
            ),
            moves=_(
                "Only the first picture is lit, then only the second. Both go into a wall of pictures of all classes. "
                "There the {several} are framed, while all others grow dim.",
                several=self.several,
            ),
        ):
            self.play(Transform(self.overlay, alone[0]), FadeOut(self.legend), run_time=theme.QUICK)
            self.wait(0.6)
            self.play(Transform(self.overlay, alone[1]), run_time=theme.QUICK)
            self.wait_until_bookmark("still")
            self.into_the_wall(found)
            self.wait_until_bookmark("tell")
            dimmer = [picture.animate.set_opacity(DIM) for picture in found.others]
            self.play(*dimmer, LaggedStart(*map(FadeIn, found.frames), lag_ratio=0.4), run_time=theme.FLOW)
            self.wait_until_bookmark("ask")
            self.play(SwellInTurn(found.own, 1.2, lag_ratio=0.25, run_time=theme.FLOW))

    def into_the_wall(self, found: FoundAmongAll) -> None:
        """The two pictures go to their places in a wall, and all other pictures appear around them."""
        two = [PixelGrid(image, _EXTENT, _ALONE).tint(colour) for image, colour in self.two_in_colour()]
        self.remove(self.overlay)
        self.add(*two)
        places = found.own[:2]
        rest = [*found.own[2:], *found.others]
        self.play(
            *(Transform(picture, place) for picture, place in zip(two, places, strict=False)),
            LaggedStart(*map(FadeIn, rest), lag_ratio=0.03, run_time=1.4 * theme.STEP),
        )
        self.remove(*two)
        self.add(*places)

    def two_in_colour(self) -> list[tuple[NDArray[np.float32], str]]:
        """The first two pictures, each with its colour."""
        return list(zip(self.images[:2], theme.OVERLAID, strict=True))


def line(colour: str, count: int, words: str) -> VGroup:
    """A count with what it counts to its right."""
    figures = Number(count, size=2.6 * theme.TITLE_SIZE, colour=colour)
    size = size_that_fits([words], _BESIDE_WIDTH - figures.width - 0.3, 1.2 * theme.TITLE_SIZE)
    return as_read(VGroup(figures, Words(words, size)).arrange(RIGHT, buff=0.3))
