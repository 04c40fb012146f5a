"""OtherHandsOtherNumbers: All are threes to you, yet two of them share few bright squares. What do you recognise?"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from manim import DOWN, LEFT, RIGHT, FadeIn, FadeOut, Group, LaggedStart, Transform, VGroup, there_and_back
from numpy.typing import NDArray

from network.analysis.distances import shared_ink
from network.analysis.examples import among_others, hero, others_like
from scenes.kit import theme
from scenes.kit.animations.count_up import CountUp
from scenes.kit.animations.storm import Storm
from scenes.kit.colour import rgb
from scenes.kit.layout import STAGE_MIDDLE
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.text import Number, Words
from scenes.part_01_puzzle.cloud import cloud
from scenes.part_01_puzzle.handed_over import SMALL_EXTENT, SMALL_PLACE
from scenes.part_01_puzzle.overlay import overlay
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import is_digit, several_in_words

# A square that is at least this bright counts as bright.
_BRIGHT = 0.5
# The wall of pictures: how wide it is, in units, and how many pictures stand in a row.
_WALL_WIDTH, _WALL_COLUMNS = 13.0, 9
# How wide each of the two pictures is when they lie over each other, and where.
_EXTENT, _OVER = 6.0, (-3.1, STAGE_MIDDLE)
# Where the counts and the cloud stand, beside the two pictures; and how large the cloud is.
_BESIDE = (3.7, STAGE_MIDDLE, 0)
_CLOUD_WIDTH, _CLOUD_HEIGHT = 4.8, 5.4


class OtherHandsOtherNumbers(LessonScene):
    """Many pictures of the same digit; two of them, laid over each other and subtracted."""

    def construct(self) -> None:
        self.one_idea()
        self.laid_over_each_other()
        self.different_storms()
        self.what_do_you_recognise()
        self.end()

    def alternative_text(self) -> str:
        return (
            f"A wall of {self.several}; a sloppy and a typical one are laid over each other, and of "
            f"{self.either} bright squares {self.both} are bright in both. A sketch of a head has other sparks for "
            f"each. At the end all {self.several} among other pictures are framed."
        )

    @cached_property
    def example(self) -> int:
        """The index of the sloppy digit in the test set."""
        return hero(self.network, self.digits())

    @cached_property
    def several(self) -> str:
        """Several pictures of its class, in words."""
        digits = self.digits()
        return several_in_words(digits.class_names[digits.labels[self.example]])

    @cached_property
    def images(self) -> NDArray[np.float32]:
        """The sloppy digit, a typical one, and others of their class."""
        return others_like(self.digits(), self.example, row=_WALL_COLUMNS)

    @cached_property
    def shared(self) -> tuple[int, int]:
        """How many squares are bright in both of the first two pictures, and how many in at least one of them."""
        one, other = self.images[:2]
        return shared_ink(one, other, _BRIGHT)

    @property
    def both(self) -> int:
        return self.shared[0]

    @property
    def either(self) -> int:
        return self.shared[1]

    def one_idea(self) -> None:
        self.next_section("One idea")
        self.wall = wall(self.images)
        place, *rest = self.wall
        first = self.wall[0] = PixelGrid(self.images[0], SMALL_EXTENT, SMALL_PLACE).tint(theme.TEXT)
        in_order = sorted(rest, key=lambda pixels: (-pixels.get_y(), pixels.get_x()))
        written = all(is_digit(name) for name in self.digits().class_names)
        others = "other people, other pens, other days" if written else "each of them is different"
        with self.voiceover(
            f"Here are some more {self.several}: {others}. <bookmark mark='same'/> To you, they are all the same idea.",
            moves="The sloppy digit takes its place in a wall of handwritten pictures of one digit, and is framed; "
            "then a wave runs through them all.",
        ):
            self.add(first)
            self.play(
                Transform(first, place, run_time=theme.STEP),
                LaggedStart(*(FadeIn(pixels) for pixels in in_order), lag_ratio=0.06, run_time=2.75 * theme.STEP),
            )
            self.frame = framed(first)
            self.play(FadeIn(self.frame), run_time=theme.QUICK)
            self.wait_until_bookmark("same")
            across = sorted(self.wall, key=lambda pixels: pixels.get_x() - pixels.get_y())
            swell = (pixels.animate(rate_func=there_and_back).scale(1.25) for pixels in across)
            self.play(LaggedStart(*swell, lag_ratio=0.05, run_time=theme.FLOW))

    def laid_over_each_other(self) -> None:
        self.next_section("Laid over each other")
        one, other = self.images[:2]
        self.overlay = overlay(one, other, _EXTENT, _OVER, theme.OVERLAID)
        over = [PixelGrid(image, _EXTENT, _OVER).tint(colour) for image, colour in self.two_in_colour()]
        aside = [
            PixelGrid(image, 5.0, (side * 3.4, STAGE_MIDDLE)).tint(colour)
            for side, (image, colour) in zip((-1, 1), self.two_in_colour(), strict=True)
        ]
        self.legend = VGroup(
            line(theme.TEXT, self.both, "bright in both"),
            line(theme.OVERLAID[0], int((one >= _BRIGHT).sum()) - self.both, "only in the first"),
            line(theme.OVERLAID[1], int((other >= _BRIGHT).sum()) - self.both, "only in the second"),
        )
        self.legend.arrange(DOWN, buff=0.6, aligned_edge=LEFT).move_to(_BESIDE)
        only = "only the" if self.both < self.either / 2 else "the"
        with self.voiceover(
            "But lay two of them <bookmark mark='over'/> over each other. <bookmark mark='of'/> Of "
            f"{self.either} bright squares, {only} {self.both} white ones are bright in both.",
            moves="The sloppy picture and a typical one come out of the wall, each in a colour, grow, and slide over "
            "each other; where both are bright, they are white. Bright squares are counted.",
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
            lines = LaggedStart(*(FadeIn(row, shift=0.2 * RIGHT) for row in self.legend[::-1]), lag_ratio=0.7)
            self.play(lines, run_time=2.5 * theme.STEP)

    def different_storms(self) -> None:
        self.next_section("Different storms")
        cells = cloud((_BESIDE[0], STAGE_MIDDLE), _CLOUD_WIDTH, _CLOUD_HEIGHT)
        first, second = (PixelGrid(image, _EXTENT, _OVER).tint(colour) for image, colour in self.two_in_colour())
        with self.voiceover(
            "So different cells in your eye light up each time, <bookmark mark='second'/> and a different storm runs "
            "through your head.",
            moves="A sketch: while only the first picture is lit, sparks in its colour run through a cloud of cells; "
            "while only the second is, other cells spark.",
        ):
            self.play(FadeOut(self.legend, self.overlay), FadeIn(first, cells), run_time=theme.QUICK)
            self.play(Storm(cells, theme.OVERLAID[0], 1, run_time=theme.FLOW))
            self.wait_until_bookmark("second")
            self.play(FadeOut(first), FadeIn(second), run_time=theme.QUICK)
            self.play(Storm(cells, theme.OVERLAID[1], 2, run_time=theme.FLOW))
            self.play(FadeOut(second, cells), FadeIn(self.overlay), run_time=theme.QUICK)

    def what_do_you_recognise(self) -> None:
        self.next_section("What do you recognise?")
        one, other = self.images[:2]
        difference = self.overlay.copy()
        difference.colours = np.where(one.reshape(-1, 1) > other.reshape(-1, 1), *map(rgb, theme.OVERLAID))
        difference.colours = (difference.colours * np.abs(one - other).reshape(-1, 1)).astype(np.float32)
        left = self.either - self.both
        stays = "most of the ink is still there." if left > self.either / 2 else "what they share goes dark."
        count = Number(left, size=2.5 * theme.TITLE_SIZE)
        counted = VGroup(count, Words(f"of {self.either} are left", theme.TITLE_SIZE)).arrange(DOWN, buff=0.4)
        counted.move_to(_BESIDE)
        with self.voiceover(
            f"Take one away from the other, and {stays} <bookmark mark='ask'/> So what is it that you recognise? "
            f"<bookmark mark='tell'/> Something in you tells {self.several} from all the rest, and it's very hard to "
            "say what.",
            moves="What is white turns black, and what is left is counted. Then a wall of pictures of all classes "
            f"appears; one after another, all {self.several} in it are framed.",
        ):
            self.play(Transform(self.overlay, difference), FadeIn(counted[1]), CountUp(count, self.either))
            self.wait_until_bookmark("ask")
            self.find_them(counted)

    def find_them(self, counted: VGroup) -> None:
        """A wall of pictures of all classes; those of the class of the example are framed, one after another."""
        digits = self.digits()
        label = int(digits.labels[self.example])
        chosen = among_others(digits, label)
        pictures = wall(digits.images[chosen], first=0)
        frames = [framed(pictures[at]) for at in np.flatnonzero(digits.labels[chosen] == label)]
        self.play(FadeOut(self.overlay, counted), FadeIn(Group(*pictures)))
        self.wait_until_bookmark("tell")
        self.play(LaggedStart(*map(FadeIn, frames), lag_ratio=0.7), run_time=2 * theme.FLOW)

    def two_in_colour(self) -> list[tuple[NDArray[np.float32], str]]:
        """The first two pictures, each with its colour."""
        return list(zip(self.images[:2], theme.OVERLAID, strict=True))


def wall(images: NDArray[np.float32], first: int | None = None) -> list[PixelGrid]:
    """Pictures in rows. first: the place of the first one; by default the first two are side by side in the middle."""
    step = _WALL_WIDTH / _WALL_COLUMNS
    rows = -(-len(images) // _WALL_COLUMNS)
    start = (rows // 2) * _WALL_COLUMNS + _WALL_COLUMNS // 2 - 1 if first is None else first
    pictures = []
    for number, image in enumerate(images):
        row, across = divmod((number + start) % len(images), _WALL_COLUMNS)
        x, y = (across - (_WALL_COLUMNS - 1) / 2) * step, STAGE_MIDDLE + ((rows - 1) / 2 - row) * step
        pictures.append(PixelGrid(image, 0.9 * step, (x, y)).tint(theme.TEXT))
    return pictures


def framed(pixels: PixelGrid) -> Cells:
    """A frame around a picture."""
    return Cells(
        [pixels.get_center()], 1.04 * pixels.width, 0.1, opacities=0, stroke_colour=theme.ANSWER, stroke_width=6
    )


def line(colour: str, count: int, words: str) -> VGroup:
    """A count with what it counts to its right."""
    number = Number(count, size=1.3 * theme.TITLE_SIZE, colour=colour)
    return VGroup(number, Words(words, theme.CAPTION_SIZE)).arrange(RIGHT, buff=0.3)
