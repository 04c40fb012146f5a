"""PixelsDoNotDecide: Two 3s can be farther apart than a 3 and an 8. But how often does comparing squares fail?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Create,
    FadeIn,
    FadeOut,
    Group,
    LaggedStart,
    Transform,
    VMobject,
)
from numpy.typing import NDArray

from network.analysis.distances import distance
from network.analysis.examples import hero, others_like
from network.analysis.pairs import FarAndNear, farthest_and_nearest
from scenes import wording
from scenes.kit import theme
from scenes.kit.animations.count_up import CountUp
from scenes.kit.animations.measure_distance import MeasureDistance
from scenes.kit.animations.storm import Storm
from scenes.kit.colour import rgb
from scenes.kit.layout import PIXELS_A_UNIT, STAGE_MIDDLE, field
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.pictures import Pictures
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.text import Number, Words, size_that_fits
from scenes.part_01_puzzle.distance_histograms import KIND_Y, DistanceHistograms
from scenes.part_01_puzzle.overlay import overlay
from scenes.part_01_puzzle.race_lane import RaceLane
from scenes.stage.lesson_scene import LessonScene

# Two pictures and their difference: how wide each is, how far they are apart, and how high they stand.
_EXTENT, _APART, _HIGH = 4.0, 4.5, STAGE_MIDDLE + 0.95
# Where the two pairs stand, and how wide their pictures are.
_ASIDE, _PAIR_EXTENT = 3.55, 3.0
# The crowd that gathers for the race: how many pictures, the left edge of their field, and its size.
_CROWD, _FIELD_LEFT, _FIELD_WIDTH, _FIELD_HEIGHT = 72, (-6.8, STAGE_MIDDLE), 5.6, 6.2


class PixelsDoNotDecide(LessonScene):
    """The distance of two pictures; two of one digit that are farthest apart, and two digits that are nearest."""

    def construct(self) -> None:
        self.the_distance()
        self.farthest_apart()
        self.nearest_to_each_other()
        self.careful()
        self.end()

    @cached_property
    def found(self) -> FarAndNear:
        return farthest_and_nearest(self.digits())

    def alternative_text(self) -> str:
        found = self.found
        return (
            "Two pictures are compared square by square, and their distance grows. Of "
            f"{found.far.searched:,} pairs of {wording.several_in_words(found.name)} the farthest two have the "
            f"distance {found.far.distance:.1f}; the nearest pictures of the classes {found.name} and "
            f"{found.other_name} have {found.near.distance:.1f}. Histograms of all pairs show that both are rare. At "
            "the end a crowd of pictures waits for a race."
        )

    def the_distance(self) -> None:
        self.next_section("The distance")
        test = self.digits()
        pair = others_like(test, hero(self.network, test), most=2)
        images = [pair[0], pair[-1], np.zeros_like(pair[0])]
        one, other, difference = (
            PixelGrid(image, _EXTENT, (side * _APART, _HIGH)) for side, image in zip((-1, 0, 1), images, strict=True)
        )
        value = Number(distance(one.values, other.values), 1, 2.4 * theme.TITLE_SIZE)
        value.next_to(difference, DOWN, buff=0.35)
        name = Words("distance", 1.2 * theme.TITLE_SIZE).next_to(value, LEFT, buff=0.5)
        with self.voiceover(
            "Let's try to be exact. How different are two pictures? <bookmark mark='squares'/> Go square by square, "
            "take the differences, and put them together into one number: <bookmark mark='name'/> the distance.",
            moves="Two pictures of one digit; square by square their difference appears beside them, white where they "
            "differ, while a number grows.",
        ) as tracker:
            self.play(FadeIn(one, shift=0.3 * RIGHT), run_time=theme.QUICK)
            self.play(FadeIn(other, shift=0.3 * LEFT), run_time=theme.QUICK)
            self.wait_until_bookmark("squares")
            difference.opacities, difference.stroke_opacities = np.zeros((2, len(difference)), np.float32)
            until = max(tracker.time_until_bookmark("name"), theme.FLOW)
            self.play(MeasureDistance(one, other, difference, value, run_time=until))
            self.play(FadeIn(name, shift=0.2 * RIGHT), run_time=theme.QUICK)
        self.shown = Group(one, other, difference, value, name)

    def farthest_apart(self) -> None:
        self.next_section("Farthest apart")
        found = self.found
        with self.voiceover(
            f"Of {found.far.searched:,} pairs of {wording.several_in_words(found.name)}, these two are the farthest "
            "apart.",
            moves="One pair of pictures of this digit after another appears, the two also laid over each other, with "
            "their distance; the last pair is the farthest apart.",
        ):
            others = self.some_pairs(5)
            first = ComparedPair.at(-_ASIDE, others[0], (found.name, found.name))
            self.play(FadeOut(self.shown), FadeIn(first.everything), run_time=theme.QUICK)
            self.leaf_through(first, [*others[1:], found.far_images])
            self.far = first

    def nearest_to_each_other(self) -> None:
        self.next_section("Nearest to each other")
        found = self.found
        self.near = ComparedPair.at(_ASIDE, found.near_images, (found.name, found.other_name))
        one, other = wording.class_in_words(found.name), wording.class_in_words(found.other_name)
        rest = wording.several_in_words(found.other_name) if found.only_this_other else "all other pictures"
        share = wording.share_in_words(found.farther, found.far.searched)
        shock = (
            f"{share} of all pairs of {wording.several_in_words(found.name)} are less alike than this {one} and that "
            f"{other}!"
            if found.farther
            else f"Even they are farther apart than any two {wording.several_in_words(found.name)}."
        )
        with self.voiceover(
            f"And of all the {wording.several_in_words(found.name)} and {rest}, these two are the closest. "
            f"<bookmark mark='shock'/> {shock}",
            moves="Beside them a picture of this digit and one of another appear, slide over each other, and their "
            "distance is counted up; it is framed, while the pair beside it gives way to other pairs of this digit.",
        ):
            self.play(FadeIn(self.near.pictures))
            self.measure(self.near)
            self.wait_until_bookmark("shock")
            self.frame = self.near.framed()
            self.play(FadeIn(self.frame), run_time=theme.QUICK)
            self.leaf_through(self.far, self.some_pairs(4, seed=1))

    def some_pairs(self, count: int, seed: int = 0) -> list[NDArray[np.float32]]:
        """The pictures (2, side, side) of some pairs of the class, drawn at random, always the same ones."""
        digits = self.digits()
        own = np.flatnonzero([digits.class_names[label] == self.found.name for label in digits.labels])
        rng = np.random.default_rng(seed)
        return [digits.images[rng.choice(own, 2, replace=False)] for _ in range(count)]

    def leaf_through(self, pair: ComparedPair, others: list[NDArray[np.float32]]) -> None:
        """The pair gives way to others (2, side, side), one after another, each with its distance."""
        for images in others:
            other = ComparedPair.at(pair.x, images, (self.found.name, self.found.name))
            turned = [
                Transform(a, b) for a, b in zip([*pair.grids, pair.over], [*other.grids, other.over], strict=True)
            ]
            self.play(*turned, CountUp(pair.value, pair.value.value, other.value.value), run_time=0.75 * theme.STEP)
            self.wait(0.25)

    def measure(self, pair: ComparedPair) -> None:
        """Copies of the two pictures slide over each other, and their distance is counted up."""
        flying = [grid.copy().tint(colour) for grid, colour in zip(pair.grids, theme.OVERLAID, strict=True)]
        self.add(*flying)
        self.play(*(thing.animate.scale_to_fit_width(pair.over.width).move_to(pair.over) for thing in flying))
        self.play(FadeIn(pair.over, run_time=0.25), CountUp(pair.value, 0, pair.value.value, run_time=theme.STEP))
        self.remove(*flying)

    def careful(self) -> None:
        self.next_section("Careful")
        found = self.found
        other = wording.one_in_words(found.other_name) if found.only_this_other else "another picture"
        curves = (
            f"Grey counts two {wording.several_in_words(found.name)}, white {wording.one_in_words(found.name)} and "
            f"{other}."
        )
        doubt = "So does comparing squares get you nowhere?" if found.farther else "So is that all you need?"
        with self.voiceover(
            f"{doubt} <bookmark mark='careful'/> Careful. These are the worst cases we could find, picked to shock "
            f"you. {curves} <bookmark mark='often'/> What counts is how often it fails. <bookmark mark='race'/> So "
            f"let's hold a race: {len(self.digits('train')):,} pictures to learn from, {len(self.digits()):,} kept for "
            "the exam.",
            moves="The two pairs shrink and go to the ends of two histograms, of the distances of all such pairs. Then "
            "a crowd of pictures gathers at the left of four empty lanes.",
        ):
            self.leaf_through(self.far, [self.found.far_images])
            self.play(FadeOut(self.frame), run_time=theme.QUICK)
            self.wait_until_bookmark("careful")
            histograms = self.let_histograms_rise()
            self.wait_until_bookmark("often")
            self.play(Storm(histograms.own, theme.TEXT, run_time=theme.FLOW))
            self.wait_until_bookmark("race")
            self.gather_for_the_race()

    def let_histograms_rise(self) -> DistanceHistograms:
        """The pairs go above their distances, and the histograms of all pairs rise beneath them."""
        histograms = DistanceHistograms(self.found)
        pairs = sorted((self.far, self.near), key=lambda pair: pair.value.value)
        columns = histograms.room_for_pairs([pair.value.value for pair in pairs])
        moves = [
            Transform(thing, target)
            for pair, x in zip(pairs, columns, strict=True)
            for thing, target in pair.compact(float(x))
        ]
        self.play(*moves, FadeOut(self.far.over, self.near.over), FadeIn(histograms.axis), run_time=theme.STEP)
        risen = histograms.own.copy(), histograms.others.copy()
        for histogram in (histograms.own, histograms.others):
            histogram.stretch(0.001, 1, about_point=histograms.axis[0].get_center())
        self.play(
            FadeIn(*histograms.keys, run_time=theme.QUICK),
            Transform(histograms.own, risen[0]),
            Transform(histograms.others, risen[1]),
            run_time=theme.STEP,
        )
        leaders = []
        for pair, x in zip(pairs, columns, strict=True):
            place = histograms.point(pair.value.value)
            leader = VMobject(stroke_color=theme.ANSWER, stroke_width=3)
            bend = np.array([place[0], KIND_Y - 0.25, 0])
            leaders.append(leader.set_points_as_corners([(x, KIND_Y + 0.05, 0), bend, place]))
            self.add(Cells([place], 0.26, 1, rgb(theme.ANSWER), stroke_width=0))
        self.play(LaggedStart(*map(Create, leaders), lag_ratio=0.5), run_time=theme.STEP)
        return histograms

    def gather_for_the_race(self) -> None:
        """Everything goes; pictures of the test set gather beside four empty lanes."""
        images = self.digits().images[:_CROWD]
        places, step = field(len(images), _FIELD_LEFT, _FIELD_WIDTH, _FIELD_HEIGHT)
        crowd = Pictures(images, places, 0.9 * step)
        outside = crowd.copy().set_places(places - (9, 0, 0), 0.9 * step)
        tracks = [RaceLane(place, "", 0, "").track for place in range(4)]
        gone = FadeOut(*self.mobjects, run_time=theme.STEP)
        self.add(outside)
        self.play(
            gone,
            Transform(outside, crowd, run_time=1.2 * theme.STEP),
            LaggedStart(*map(FadeIn, tracks), lag_ratio=0.2, run_time=1.2 * theme.STEP),
        )


@dataclass
class ComparedPair:
    """Two pictures with their names, the two laid over each other, and where their distance stands.

    x: the middle of the pair.
    """

    x: float
    grids: list[PixelGrid]
    names: list[Words]
    over: PixelGrid
    value: Number

    # How far each picture is from the middle of the pair.
    ASIDE: ClassVar[float] = _PAIR_EXTENT / 2 + 0.05

    @property
    def pictures(self) -> Group:
        return Group(*self.grids, *self.names)

    @property
    def everything(self) -> Group:
        return Group(*self.grids, *self.names, self.over, self.value)

    def framed(self) -> Cells:
        """A frame around all of it."""
        all_ = self.everything
        frame = Cells([all_.get_center()], 1, 0.05, opacities=0, stroke_colour=theme.ANSWER, stroke_width=6)
        corner = np.array([all_.width / 2 + 0.08, all_.height / 2 + 0.08, 0])
        frame.points = np.stack([all_.get_center() - corner, all_.get_center() + corner])
        return frame

    @classmethod
    def at(cls, x: float, images: NDArray[np.float32], names: tuple[str, str]) -> ComparedPair:
        """Two pictures (2, side, side) side by side around x; beneath them they lie over each other."""
        aside, upper, lower = cls.ASIDE, 1.45, -1.45
        grids = [
            PixelGrid(image, _PAIR_EXTENT, (x + side * aside, upper)).without_outlines()
            for image, side in zip(images, (-1, 1), strict=True)
        ]
        size = size_that_fits(names, _PAIR_EXTENT, theme.TITLE_SIZE)
        labels = [
            Words(name, size, theme.QUIET_TEXT).next_to(grid, UP, buff=0.12)
            for grid, name in zip(grids, names, strict=True)
        ]
        over = overlay(images[0], images[1], 2.6, (x - aside, lower), theme.OVERLAID)
        value = Number(distance(*images), 1, 2 * theme.TITLE_SIZE).move_to((x + aside, lower, 0))
        return cls(x, grids, labels, over, value)

    def compact(self, x: float) -> list[tuple[Cells | Words | Number, Cells | Words | Number]]:
        """What stays of the pair above a histogram, each mobject with the one that it becomes in the column at x."""
        extent, aside, y = 1.42, 0.76, 2.45
        moves: list[tuple[Cells | Words | Number, Cells | Words | Number]] = []
        for side, grid, label in zip((-1, 1), self.grids, self.names, strict=True):
            small = grid.copy().scale(extent / grid.width).move_to((x + side * aside, y, 0))
            word = label.copy().scale(theme.LABEL_SIZE / (label.em * PIXELS_A_UNIT))
            if word.width > 2 * aside - 0.2:
                word.scale(max((2 * aside - 0.2) / word.width, theme.SMALLEST_SIZE / theme.LABEL_SIZE))
            moves += [(grid, small), (label, word.next_to(small, UP, buff=0.1))]
        value = self.value.copy().scale(theme.TITLE_SIZE * 1.2 / (self.value.em * PIXELS_A_UNIT))
        return [*moves, (self.value, value.move_to((x, KIND_Y + 0.62, 0)))]
