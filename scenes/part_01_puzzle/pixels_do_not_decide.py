"""PixelsDoNotDecide: Two 3s can be farther apart than a 3 and an 8: the distances of all pairs, as histograms."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

import numpy as np
from manim import (
    DOWN,
    RIGHT,
    UP,
    Animation,
    Create,
    FadeIn,
    FadeOut,
    Group,
    LaggedStart,
    Transform,
    VGroup,
    VMobject,
)
from numpy.typing import NDArray

from network.analysis.distances import distance
from network.analysis.pairs import FarAndNear, farthest_and_nearest
from scenes import wording
from scenes.kit import theme
from scenes.kit.animations.count_up import CountUp
from scenes.kit.colour import rgb
from scenes.kit.layout import PIXELS_A_UNIT, STAGE_MIDDLE
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.text import Number, Words
from scenes.part_01_puzzle.distance_histograms import KIND_Y, DistanceHistograms
from scenes.stage.lesson_scene import LessonScene

# How far a pair of pictures stands from the middle of the stage while there are two pairs.
_ASIDE = 3.5


class PixelsDoNotDecide(LessonScene):
    """Two pictures of one digit that differ most, two different digits that differ least, and a typical pair."""

    def construct(self) -> None:
        self.farthest_apart()
        self.nearest_to_each_other()
        self.the_comparison()
        self.end()

    @cached_property
    def found(self) -> FarAndNear:
        return farthest_and_nearest(self.digits())

    def alternative_text(self) -> str:
        found = self.found
        return (
            f"The two pictures of a {found.name} that differ most of all {found.far.searched:,} pairs have the "
            f"distance {found.far.distance:.1f}, a typical pair has {found.typical.distance:.1f}; a picture of a "
            f"{found.name} and one of the class {found.other_name} have one of {found.near.distance:.1f}, and "
            f"{found.farther:,} of all pairs of a {found.name} differ more. The three are marked on a histogram of the "
            "distances of all pairs."
        )

    def farthest_apart(self) -> None:
        self.next_section("Farthest apart")
        self.far = self.compared(0, self.found.far_images, (self.found.name, self.found.name))
        pictures = Group(*self.far.pictures)
        lowered = pictures.get_y() - STAGE_MIDDLE
        pictures.shift(lowered * DOWN)
        with self.voiceover(
            f"Of all {self.found.far.searched:,} pairs of {wording.several(self.found.name)}, these differ most.",
            moves="Two pictures of one digit appear side by side; copies of them slide together and become their "
            "difference, and a number counts up to its root sum of squares, the distance.",
        ):
            self.play(LaggedStart(*(FadeIn(thing) for thing in self.far.pictures), lag_ratio=0.15))
            self.play(pictures.animate.shift(lowered * UP))
            self.subtract(self.far)

    def nearest_to_each_other(self) -> None:
        self.next_section("Nearest to each other")
        self.near = self.compared(-_ASIDE, self.found.near_images, (self.found.name, self.found.other_name))
        there = Group(*self.far.pictures, self.far.difference, self.far.value, self.far.note)
        others = wording.several(self.found.other_name) if self.found.only_this_other else "all other pictures"
        with self.voiceover(
            f"Of all {wording.several(self.found.name)} and {others}, these differ least.",
            moves="The pair goes to the right. At the left two pictures of different digits appear, slide together, "
            "and their distance is counted up.",
        ):
            self.play(there.animate.shift(_ASIDE * RIGHT))
            self.play(LaggedStart(*(FadeIn(thing) for thing in self.near.pictures), lag_ratio=0.15))
            self.subtract(self.near)

    def the_comparison(self) -> None:
        self.next_section("The comparison")
        found = self.found
        typical = self.compared(0, found.typical_images, (found.name, found.name))
        in_order = sorted((self.far, self.near, typical), key=lambda pair: pair.value.value)
        self.histograms = DistanceHistograms(found)
        columns = self.histograms.room_for_pairs([pair.value.value for pair in in_order])
        places = {id(pair): x for pair, x in zip(in_order, columns, strict=True)}
        moves = [
            Transform(thing, target)
            for pair in (self.far, self.near)
            for thing, target in self.compact(pair, places[id(pair)])
        ]
        new = Group(*(target for _, target in self.compact(typical, places[id(typical)])))
        self.values = [new[-1] if pair is typical else pair.value for pair in in_order]
        kinds = {id(self.far): "most different", id(self.near): "least different", id(typical): "a typical pair"}
        self.kinds = VGroup(*(Words(kinds[id(pair)], theme.NOTE_SIZE, theme.QUIET_TEXT) for pair in in_order))
        for words, x in zip(self.kinds, columns, strict=True):
            words.move_to((x, KIND_Y + 0.12, 0), aligned_edge=UP)
        gone = [thing for pair in (self.far, self.near) for thing in (pair.difference, pair.note)]
        other_class = f"the class {found.other_name}" if found.only_this_other else "another class"
        with self.voiceover(
            self.conclusion(),
            moves="The two pairs shrink and go above their places on a line of distances, a typical pair of the same "
            "digit joins them. A histogram of all pairs of the digit rises from the line, and the three are "
            f"marked on it; then a yellow one, of all pairs of it and {other_class}, rises over the same distances.",
        ):
            self.play(*(FadeOut(thing, run_time=theme.QUICK) for thing in gone))
            self.play(*moves, run_time=theme.STEP)
            self.let_histograms_rise(new, columns)

    def conclusion(self) -> str:
        """What the comparison shows, as a sentence."""
        found = self.found
        if found.near.distance < found.typical.distance:
            share = wording.share_in_words(found.farther, found.far.searched)
            pairs = f"pairs of {wording.several(found.name)}"
            return f"{share} of all {pairs} differ more: pixels alone do not decide."
        if found.near.distance < found.far.distance:
            what = "digits" if found.name.isdigit() else "classes"
            return f"Different {what}, nearer than the same can be: pixels alone do not decide."
        return "Here different classes lie farther apart; it is not so everywhere."

    def let_histograms_rise(self, new: Group, columns: NDArray[np.float64]) -> None:
        """The histogram of the class rises, the three pairs are marked on it, and the other histogram rises.

        new: what of the typical pair comes. columns: where the three pairs stand, in the order of their distances.
        """
        own, others = self.histograms.own, self.histograms.others
        risen = own.copy(), others.copy()
        for histogram in (own, others):
            histogram.stretch(0, 1, about_point=self.histograms.axis[0].get_center())
        others.set_opacity(0)
        appear = FadeIn(new, self.histograms.axis, self.histograms.keys[0], self.kinds)
        self.play(appear, Transform(own, risen[0], run_time=theme.FLOW))
        self.leaders, self.marks = self.marked(columns)
        self.add(others)  # beneath the marks
        pairs = zip(self.leaders, self.marks, strict=True)
        steps: list[Animation] = [step for leader, mark in pairs for step in (Create(leader), FadeIn(mark))]
        self.play(
            LaggedStart(*steps, lag_ratio=0.15),
            self.near.value.animate.set_color(theme.ANSWER),
            *(label.animate.set_color(theme.ANSWER) for label in self.near.pictures[2:]),
            Transform(own, self.histograms.farther_than(self.found.near.distance)),
        )
        self.play(Transform(others, risen[1], run_time=theme.FLOW), FadeIn(self.histograms.keys[1]))

    def marked(self, columns: NDArray[np.float64]) -> tuple[list[VMobject], list[Cells]]:
        """For each of the three pairs a line that leads from it down to its distance, and a mark there."""
        leaders, marks = [], []
        for number, x in zip(self.values, columns, strict=True):
            place = self.histograms.point(number.value)
            bend = np.array([place[0], KIND_Y - 0.45, 0])
            colour = theme.ANSWER if number is self.near.value else theme.TEXT
            leader = VMobject(stroke_color=colour, stroke_width=2)
            leaders.append(leader.set_points_as_corners([(x, KIND_Y - 0.25, 0), bend, place]))
            marks.append(Cells([place], 0.24, 1, rgb(colour), stroke_width=0))
        return leaders, marks

    def compact(self, pair: ComparedPair, x: float) -> list[tuple[Cells | Words | Number, Cells | Words | Number]]:
        """What stays of a pair for the comparison, each mobject with the one it becomes in the column at x."""
        extent, aside, y = 1.42, 0.76, 2.3
        moves: list[tuple[Cells | Words | Number, Cells | Words | Number]] = []
        for side, pixels, label in zip((-1, 1), pair.pixels, pair.pictures[2:], strict=True):
            small = pixels.copy().scale(extent / pixels.width).move_to((x + side * aside, y, 0))
            word = label.copy()
            if word.width > 2 * aside - 0.2:
                word.scale(max((2 * aside - 0.2) / word.width, theme.SMALLEST_SIZE / theme.CAPTION_SIZE))
            moves += [(pixels, small), (label, word.next_to(small, UP, buff=0.1))]
        value = pair.value.copy().scale(theme.TITLE_SIZE * 1.2 / (pair.value.em * PIXELS_A_UNIT))
        return [*moves, (pair.value, value.move_to((x, KIND_Y + 0.52, 0)))]

    def compared(self, x: float, images: NDArray[np.float32], names: tuple[str, str]) -> ComparedPair:
        """Two pictures (2, side, side) side by side, their difference and their distance beneath them."""
        extent, aside = 2.7, 1.48
        upper, lower = 1.72, -1.3
        places = [(x - aside, upper), (x + aside, upper)]
        pixels = [PixelGrid(image, extent, at).without_outlines() for image, at in zip(images, places, strict=True)]
        labels = [
            Words(name, theme.CAPTION_SIZE, theme.QUIET_TEXT).next_to(picture, UP, buff=0.12)
            for picture, name in zip(pixels, names, strict=True)
        ]
        difference = PixelGrid(images[0], extent, (x - aside, lower))
        difference.set_signed((images[0] - images[1]).ravel(), 1)
        value = Number(distance(*images), 1, 1.6 * theme.TITLE_SIZE).move_to((x + aside - 0.1, lower + 0.15, 0))
        note = VGroup(
            Words("distance", theme.LABEL_SIZE, theme.QUIET_TEXT),
            Words("root of the sum of squares", theme.SMALLEST_SIZE, theme.QUIET_TEXT),
        )
        note.arrange(DOWN, buff=0.18).next_to(value, DOWN, buff=0.25)
        return ComparedPair([*pixels, *labels], pixels, difference.without_outlines(), value, note, images)

    def subtract(self, pair: ComparedPair) -> None:
        """Copies of the two pictures slide together and become their difference; the distance is counted up."""
        colours = (theme.POSITIVE, theme.NEGATIVE)
        flying = [pixels.copy().tint(colour) for pixels, colour in zip(pair.pixels, colours, strict=True)]
        self.add(*flying)
        self.play(*(thing.animate.move_to(pair.difference) for thing in flying), run_time=theme.STEP)
        self.play(FadeIn(pair.difference), FadeIn(pair.note), run_time=theme.QUICK)
        self.remove(*flying)
        self.play(CountUp(pair.value, 0, pair.value.value), run_time=theme.STEP)


class ComparedPair(NamedTuple):
    """Two pictures with their names, their difference, and where their distance stands."""

    pictures: list[Cells | Words]
    pixels: list[PixelGrid]
    difference: PixelGrid
    value: Number
    note: VGroup
    images: NDArray[np.float32]
