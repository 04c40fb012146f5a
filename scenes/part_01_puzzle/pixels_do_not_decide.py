"""PixelsDoNotDecide: A 3 can be closer to an 8 than to another 3. But how often does comparing squares fail?"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Animation,
    Create,
    FadeIn,
    FadeOut,
    Group,
    Indicate,
    Line,
    Mobject,
    Transform,
    VGroup,
)
from numpy.typing import NDArray

from network.analysis.distances import distance
from network.analysis.examples import others_like
from network.analysis.pairs import NearAndFar, near_and_far
from scenes import wording
from scenes.kit import theme
from scenes.kit.animations.count_up import CountUp
from scenes.kit.animations.measure_distance import MeasureDistance
from scenes.kit.colour import rgb
from scenes.kit.layout import STAGE_MIDDLE
from scenes.kit.mobjects.pictures import Pictures
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.text import Number
from scenes.language import _, together
from scenes.part_01_puzzle.handed_over import FoundAmongAll, TwoCrowds
from scenes.part_01_puzzle.wall import COLUMNS
from scenes.stage.lesson_scene import LessonScene

# Two pictures and their difference: how wide each is, how far they are apart, and how high they stand.
_EXTENT, _APART, _HIGH = 4.2, 4.5, STAGE_MIDDLE + 0.85
# The picture at the left that others are compared with; and those others: how wide, how high, and the farthest right.
_OWN_X, _OWN_EXTENT = -4.6, 4.4
_OTHER_EXTENT, _OTHERS_Y, _RIGHT_EDGE = 3.0, (STAGE_MIDDLE + 1.65, STAGE_MIDDLE - 1.65), 6.75
# Where the lines between them begin, how far a picture is from its end, and how long the longest one is.
_GAP = 0.15
_LINES_LEFT = _OWN_X + _OWN_EXTENT / 2 + _GAP
_LONGEST = _RIGHT_EDGE - _OTHER_EXTENT - _GAP - _LINES_LEFT
# How wide their differences are, below the lines.
_DIFFERENCE_EXTENT = 1.4
# A gap narrower than this has no room for its number, which then stands to the right of the picture.
_ROOM_FOR_NUMBER = 1.5
# How long other pictures are looked at.
_A_LOOK = 1.25


class PixelsDoNotDecide(LessonScene):
    """The distance of two pictures; one that is nearer to a picture of another class than to one of its own."""

    def construct(self) -> None:
        self.the_distance()
        self.careful()
        self.end()

    @cached_property
    def found(self) -> NearAndFar:
        return near_and_far(self.digits())

    @property
    def shocks(self) -> bool:
        """Whether the picture is nearer to one of another class than to one of its own."""
        return self.found.near < self.found.far

    def alternative_text(self) -> str:
        found = self.found
        return _(
            "Among pictures of all classes those of {name} are framed. Then two pictures are compared square by "
            "square, and their distance grows. One of {name} has the distance {near} from one of {other_name}, and "
            "{far} from another of {name}; other pictures have other distances. At the end a crowd of pictures to "
            "learn from stands beside those kept for the exam.",
            name=found.name,
            other_name=found.other_name,
            near=wording.number(found.near, 1, thousands=False),
            far=wording.number(found.far, 1, thousands=False),
        )

    def the_distance(self) -> None:
        self.next_section(_("The distance"))
        found = self.found
        three, eight, _third = found.images
        one, other, difference = (
            PixelGrid(image, _EXTENT, (side * _APART, _HIGH))
            for side, image in zip((-1, 1, 0), (three, eight, np.zeros_like(three)), strict=True)
        )
        value = Number(found.near, 1, 3.4 * theme.TITLE_SIZE, theme.ANSWER).next_to(difference, DOWN, buff=0.3)
        with self.voiceover(
            together(
                _(
                    "How alike are two pictures? <bookmark mark='squares'/> Go square by square: the more they "
                    "differ, the larger this number."
                ),
                self.measured(),
            ),
            moves=_(
                "The wall fades. Two pictures are compared; square by square their difference appears between them, "
                "yellow where they differ, while a number grows. Then one of them stands at the left, the other to the "
                "right of it, as far away as the number says, and below that another picture of the same class, with "
                "its difference."
            ),
        ) as tracker:
            wall = self.wall()
            self.add(*wall)
            self.play(FadeOut(*wall, run_time=theme.QUICK), FadeIn(one, other, run_time=theme.STEP))
            self.wait_until_bookmark("squares")
            difference.opacities, difference.stroke_opacities = np.zeros((2, len(difference)), np.float32)
            until = max(tracker.time_until_bookmark("measured"), theme.FLOW)
            measuring = MeasureDistance(one, other, difference, value, run_time=until)
            difference.colours = difference.values[:, None] * rgb(theme.ANSWER)
            self.play(measuring)
            self.one_beside_the_other(one, other, difference, value)
            self.wait_until_bookmark("near")
            self.play(Indicate(self.near.picture, 1.15, color=None), Indicate(self.near.value, 1.2, color=None))
            self.wait_until_bookmark("far")
            self.play(FadeIn(self.far.picture, shift=0.5 * RIGHT), FadeIn(self.differences[1]), *self.far.grow())

    def measured(self) -> str:
        """Which of the two others is closer."""
        found = self.found
        if not wording.is_digit(found.name):
            return (
                _(
                    "<bookmark mark='measured'/> Measured that way, this picture is closer to "
                    "<bookmark mark='near'/> this picture than to <bookmark mark='far'/> that picture."
                )
                if self.shocks
                else _(
                    "<bookmark mark='measured'/> Measured that way, this picture is farther from "
                    "<bookmark mark='near'/> every picture than from <bookmark mark='far'/> any other picture."
                )
            )
        digits = {"digit": wording.class_in_words(found.name), "other": wording.class_in_words(found.other_name)}
        if self.shocks:
            return _(
                "<bookmark mark='measured'/> Measured that way, this {digit} is closer to <bookmark mark='near'/> this "
                "{other} than to <bookmark mark='far'/> that {digit}.",
                **digits,
            )
        return _(
            "<bookmark mark='measured'/> Measured that way, this {digit} is farther from <bookmark mark='near'/> every "
            "{other} than from <bookmark mark='far'/> any other {digit}.",
            **digits,
        )

    def wall(self) -> list[Mobject]:
        """As the scene before leaves it: a wall of pictures of all classes, those of one class framed."""
        digits = self.digits()
        images = others_like(digits, self.hero, row=COLUMNS)
        found = FoundAmongAll.of(digits, int(digits.labels[self.hero]), images).dimmed()
        return [*found.own, *found.others, *found.frames]

    def one_beside_the_other(self, one: PixelGrid, other: PixelGrid, difference: PixelGrid, value: Number) -> None:
        """The picture goes to the left, and the nearest of another class above and to the right, at its distance.

        The number that was measured becomes that of the line between them.
        """
        self.own = PixelGrid(self.found.images[0], _OWN_EXTENT, (_OWN_X, STAGE_MIDDLE)).without_outlines()
        self.near, self.far = (self.placed(image, row) for row, image in enumerate(self.found.images[1:]))
        self.differences = [placed.difference(self.own) for placed in (self.near, self.far)]
        below = self.differences[0]
        self.play(
            Transform(difference, below) if len(below) else FadeOut(difference, run_time=theme.QUICK),
            Transform(one, self.own),
            Transform(other, self.near.picture),
            Transform(value, self.near.value),
        )
        self.remove(one, other, value, difference)
        self.add(self.own, self.near.picture, self.near.value, below)
        self.play(Create(self.near.line))

    def placed(self, image: NDArray[np.float32], row: int) -> PlacedPicture:
        """A picture in the upper (0) or lower (1) row, as far from the picture at the left as they are apart."""
        apart = distance(self.own.values, image.ravel())
        return PlacedPicture(image, apart, _LINES_LEFT, _LONGEST * apart / self.found.farthest, _OTHERS_Y[row])

    def careful(self) -> None:
        self.next_section(_("Careful"))
        train, test = self.digits("train"), self.digits()
        with self.voiceover(
            together(
                self.picked(),
                _("What counts is how often it fails."),
                _(
                    "<bookmark mark='race'/> So let's hold a race: <bookmark mark='learn'/> {train} pictures to learn "
                    "from, <bookmark mark='exam'/> {test} kept for the exam.",
                    train=wording.amount(len(train)),
                    test=wording.amount(len(test)),
                ),
            ),
            moves=_(
                "At the right other pictures take their turns, each at its own distance. Then a "
                "crowd of pictures gathers at the left, to learn from, and a smaller one at the right, for the exam."
            ),
        ) as tracker:
            if self.shocks:
                self.more_pairs(tracker.time_until_bookmark("closest"), rows=[0])
                self.wait_until_bookmark("closest")
                closest = self.near.become(self.placed(self.found.images[1], 0))
                self.play(*closest, FadeIn(self.differences[0]), run_time=theme.QUICK)
                self.play(Indicate(self.near.value, 1.3), run_time=theme.QUICK)
            self.wait_until_bookmark("careful")
            self.play(Indicate(self.far.picture, 1.15, color=None), Indicate(self.far.value, 1.3))
            self.more_pairs(tracker.time_until_bookmark("race"), rows=[0, 1])
            self.wait_until_bookmark("race")
            crowds = TwoCrowds(train, test, self.hero)
            self.play(FadeOut(*self.mobjects, run_time=theme.QUICK), self.gathering(crowds.to_learn, LEFT))
            self.wait_until_bookmark("learn")
            self.play(FadeIn(crowds.said_to_learn, shift=0.3 * UP), run_time=theme.QUICK)
            self.play(Indicate(crowds.said_to_learn[0], 1.2, color=None))
            self.wait_until_bookmark("exam")
            self.play(self.gathering(crowds.exam, RIGHT), FadeIn(crowds.said_exam, shift=0.3 * UP))
            self.play(Indicate(crowds.said_exam[0], 1.2, color=None))

    def picked(self) -> str:
        """How the pictures were chosen: the nearest pair of the two classes, then the farthest of the first's own."""
        if not self.shocks:
            return _("But careful: <bookmark mark='careful'/> I picked one picture only.")
        pairs = wording.significant(self.found.searched)
        if not wording.is_digit(self.found.name) or len(np.unique(self.digits().labels[self.found.others])) > 1:
            return _(
                "But careful: of some {pairs} pairs, I picked <bookmark mark='closest'/> the closest, and then the "
                "<bookmark mark='careful'/> farthest picture of its class.",
                pairs=pairs,
            )
        return _(
            "But careful: of some {pairs} pairs, I picked <bookmark mark='closest'/> the closest, and then the "
            "<bookmark mark='careful'/> farthest {digit}.",
            pairs=pairs,
            digit=wording.class_in_words(self.found.name),
        )

    def more_pairs(self, seconds: float, rows: list[int]) -> None:
        """Pictures drawn at random, always the same ones, take the places of those at the right, in some rows."""
        images, rng = self.digits().images, np.random.default_rng(0)
        for _turn in range(int(seconds / _A_LOOK)):
            chosen = [images[rng.choice(of)] for of in (self.found.others, self.found.own)]
            turns: list[Animation] = []
            for row in rows:
                turns += (self.near, self.far)[row].become(self.placed(chosen[row], row))
                if self.differences[row] in self.mobjects:
                    turns.append(FadeOut(self.differences[row]))
            self.play(*turns, run_time=theme.QUICK)
            self.wait(_A_LOOK - theme.QUICK)

    def gathering(self, crowd: Pictures, side: NDArray[np.float64]) -> Transform:
        """A crowd of pictures lights up, while it comes a little from one side."""
        return Transform(crowd.copy().shift(side).show(0.0), crowd, run_time=theme.STEP, introducer=True)


class PlacedPicture:
    """A picture at the end of a line that is as long as its distance, with the number at the line.

    apart: the distance. left, y: where the line begins. length: of the line, in units.
    """

    def __init__(self, image: NDArray[np.float32], apart: float, left: float, length: float, y: float) -> None:
        middle = left + length + _GAP + _OTHER_EXTENT / 2
        self.picture = PixelGrid(image, _OTHER_EXTENT, (middle, y)).without_outlines()
        ends = (left, y, 0), (left + length, y, 0)
        self.line = VGroup(Line(*ends), *(Line(0.18 * DOWN, 0.18 * UP).move_to(end) for end in ends))
        self.line.set_stroke(theme.ANSWER, theme.MARK_WIDTH)
        self.value = Number(apart, 1, 1.8 * theme.TITLE_SIZE, theme.ANSWER)
        if length > _ROOM_FOR_NUMBER:
            self.value.move_to((left + length / 2, y + 0.55, 0))
        else:
            self.value.next_to(self.picture, RIGHT, buff=0.3)

    def difference(self, own: PixelGrid) -> PixelGrid | Group:
        """Below the line, square by square, how much the picture differs from another; nothing where it is short."""
        if self.line.width < _DIFFERENCE_EXTENT:
            return Group()
        apart = np.abs(own.values - self.picture.values)
        x, y, _z = self.line.get_center()
        pixels = PixelGrid(apart, _DIFFERENCE_EXTENT, (x, y - 0.18 - _DIFFERENCE_EXTENT / 2)).without_outlines()
        pixels.colours = apart[:, None] * rgb(theme.ANSWER)
        return pixels

    def grow(self) -> list[Animation]:
        """The line grows, and the number counts up to the distance."""
        return [Create(self.line), CountUp(self.value)]

    def become(self, other: PlacedPicture) -> list[Animation]:
        """Another picture takes the place of this one, at its own distance."""
        gone, self.value = self.value, other.value
        self.picture.values = other.picture.values
        return [
            Transform(self.picture, other.picture),
            Transform(self.line, other.line),
            FadeOut(gone),
            FadeIn(other.value),
        ]
