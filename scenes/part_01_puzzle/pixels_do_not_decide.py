"""PixelsDoNotDecide: Two 3s can be farther apart than a 3 and an 8: the distances of all pairs, as histograms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

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
    Line,
    Transform,
    VGroup,
    VMobject,
)
from numpy.typing import ArrayLike, NDArray

from network.analysis.distances import (
    Pair,
    count_distances,
    distance,
    farthest_pair,
    nearest_pair,
    typical_pair,
)
from network.digits import Digits
from scenes.kit import theme
from scenes.kit.animations.count_up import CountUp
from scenes.kit.layout import FRAME_WIDTH, SAFE_MARGIN, STAGE_MIDDLE
from scenes.kit.mobjects.array_mobject import rgb
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.text import Number, Words
from scenes.kit.spacing import apart
from scenes.part_01_puzzle.shared import puzzling_class, tinted, without_outlines
from scenes.stage.lesson_scene import LessonScene

# How high the words stand under the three pairs that are compared, and how far the pairs are from each other.
_KIND_Y, _PAIRS_APART = 0.63, 3.15


class PixelsDoNotDecide(LessonScene):
    """Two pictures of one digit that differ most, two different digits that differ least, and a typical pair."""

    def construct(self) -> None:
        self.found = farthest_and_nearest(self.digits())

        self.farthest_apart()
        self.nearest_to_each_other()
        self.the_comparison()
        self.end()

    def alternative_text(self) -> str:
        found = farthest_and_nearest(self.digits())
        return (
            f"The two pictures of a {found.name} that differ most of all {found.far.searched:,} pairs have the "
            f"distance {found.far.distance:.1f}, a typical pair has {found.typical.distance:.1f}; a picture of a "
            f"{found.name} and one of the class {found.other_name} have one of {found.near.distance:.1f}, and "
            f"{found.farther:,} of all pairs of a {found.name} differ more. The three are marked on a histogram of the "
            "distances of all pairs."
        )

    def farthest_apart(self) -> None:
        self.next_section("Farthest apart")
        self.far = self.panel(0, self.found.far_images, (self.found.name, self.found.name))
        pictures = Group(*self.far.pictures)
        lowered = pictures.get_y() - STAGE_MIDDLE
        pictures.shift(lowered * DOWN)
        with self.caption(
            f"Of all {self.found.far.searched:,} pairs of {plural(self.found.name)}, these differ most.",
            LaggedStart(*(FadeIn(thing) for thing in self.far.pictures), lag_ratio=0.15),
            moves="Two pictures of one digit appear side by side; copies of them slide together and become their "
            "difference, and a number counts up to its root sum of squares, the distance.",
        ):
            self.play(pictures.animate.shift(lowered * UP))
            self.subtract(self.far)

    def nearest_to_each_other(self) -> None:
        self.next_section("Nearest to each other")
        self.near = self.panel(-3.5, self.found.near_images, (self.found.name, self.found.other_name))
        there = Group(*self.far.pictures, self.far.difference, self.far.value, self.far.note)
        others = plural(self.found.other_name) if self.found.only_this_other else "all other pictures"
        with self.caption(
            f"Of all {plural(self.found.name)} and {others}, these differ least.",
            there.animate.shift(3.5 * RIGHT),
            moves="The pair goes to the right. At the left two pictures of different digits appear, slide together, "
            "and their distance is counted up.",
        ):
            self.play(LaggedStart(*(FadeIn(thing) for thing in self.near.pictures), lag_ratio=0.15))
            self.subtract(self.near)

    def the_comparison(self) -> None:
        self.next_section("The comparison")
        found = self.found
        typical = self.panel(0, found.typical_images, (found.name, found.name))
        in_order = sorted((self.far, self.near, typical), key=lambda panel: panel.value.value)
        self.histograms = DistanceHistograms(found)
        columns = self.histograms.room_for_pairs([panel.value.value for panel in in_order])
        places = {id(panel): x for panel, x in zip(in_order, columns, strict=True)}
        moves = [
            Transform(thing, target)
            for panel in (self.far, self.near)
            for thing, target in self.compact(panel, places[id(panel)])
        ]
        new = Group(*(target for _, target in self.compact(typical, places[id(typical)])))
        self.values = [new[-1] if panel is typical else panel.value for panel in in_order]
        kinds = {id(self.far): "most different", id(self.near): "least different", id(typical): "a typical pair"}
        self.kinds = VGroup(*(Words(kinds[id(panel)], theme.NOTE_SIZE, theme.QUIET_TEXT) for panel in in_order))
        for words, x in zip(self.kinds, columns, strict=True):
            words.move_to((x, _KIND_Y + 0.12, 0), aligned_edge=UP)
        gone = [thing for panel in (self.far, self.near) for thing in (panel.difference, panel.note)]
        what = "digits" if found.name.isdigit() else "classes"
        other_class = f"the class {found.other_name}" if found.only_this_other else "another class"
        said = (
            f"{share_in_words(found.farther, found.far.searched)} of all pairs of {plural(found.name)} differ more: "
            "pixels alone do not decide."
            if found.near.distance < found.typical.distance
            else f"Different {what}, nearer than the same can be: pixels alone do not decide."
            if found.near.distance < found.far.distance
            else "Here different classes lie farther apart; it is not so everywhere."
        )
        with self.caption(
            said,
            *(FadeOut(thing, run_time=theme.QUICK) for thing in gone),
            moves="The two pairs shrink and go above their places on a line of distances, a typical pair of the same "
            "digit joins them. A histogram of all pairs of the digit rises from the line, and the three are "
            f"marked on it; then a yellow one, of all pairs of it and {other_class}, rises over the same distances.",
        ):
            self.play(*moves, run_time=theme.STEP)
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
            steps = (step for leader, mark in pairs for step in (Create(leader), FadeIn(mark)))
            self.play(
                LaggedStart(*steps, lag_ratio=0.15),
                self.near.value.animate.set_color(theme.ANSWER),
                *(label.animate.set_color(theme.ANSWER) for label in self.near.pictures[2:]),
                Transform(own, self.histograms.farther_than(found.near.distance)),
            )
            self.play(Transform(others, risen[1], run_time=theme.FLOW), FadeIn(self.histograms.keys[1]))

    def marked(self, columns: NDArray[np.float64]) -> tuple[list[VMobject], list[Cells]]:
        """For each of the three pairs a line that leads from it down to the line of distances, and a mark there."""
        leaders, marks = [], []
        for number, x in zip(self.values, columns, strict=True):
            place = self.histograms.point(number.value)
            bend = np.array([place[0], _KIND_Y - 0.45, 0])
            colour = theme.ANSWER if number is self.near.value else theme.TEXT
            leader = VMobject(stroke_color=colour, stroke_width=2)
            leaders.append(leader.set_points_as_corners([(x, _KIND_Y - 0.25, 0), bend, place]))
            marks.append(Cells([place], 0.24, 1, rgb(colour), stroke_width=0))
        return leaders, marks

    def compact(self, panel: Panel, x: float) -> list[tuple[Cells | Words | Number, Cells | Words | Number]]:
        """What of a panel stays, and how it stands in a column of the comparison."""
        extent, aside, y = 1.42, 0.76, 2.3
        moves: list[tuple[Cells | Words | Number, Cells | Words | Number]] = []
        for side, pixels, label in zip((-1, 1), panel.pixels, panel.pictures[2:], strict=True):
            small = pixels.copy().scale(extent / pixels.width).move_to((x + side * aside, y, 0))
            word = label.copy()
            if word.width > 2 * aside - 0.2:
                word.scale(max((2 * aside - 0.2) / word.width, theme.SMALLEST_SIZE / theme.CAPTION_SIZE))
            moves += [(pixels, small), (label, word.next_to(small, UP, buff=0.1))]
        value = panel.value.copy().scale(theme.TITLE_SIZE * 1.2 / (panel.value.em * 135))
        return [*moves, (panel.value, value.move_to((x, _KIND_Y + 0.52, 0)))]

    def panel(self, x: float, images: NDArray[np.float32], names: tuple[str, str]) -> Panel:
        extent, aside = 2.7, 1.48
        upper, lower = 1.72, -1.3
        places = [(x - aside, upper), (x + aside, upper)]
        pixels = [without_outlines(PixelGrid(image, extent, at)) for image, at in zip(images, places, strict=True)]
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
        return Panel([*pixels, *labels], pixels, without_outlines(difference), value, note, images)

    def subtract(self, panel: Panel) -> None:
        colours = (theme.POSITIVE, theme.NEGATIVE)
        flying = [tinted(pixels.copy(), colour) for pixels, colour in zip(panel.pixels, colours, strict=True)]
        self.add(*flying)
        self.play(*(thing.animate.move_to(panel.difference) for thing in flying), run_time=theme.STEP)
        self.play(FadeIn(panel.difference), FadeIn(panel.note), run_time=theme.QUICK)
        self.remove(*flying)
        self.play(CountUp(panel.value, 0, panel.value.value), run_time=theme.STEP)


class Panel(NamedTuple):
    """Two pictures with their names, their difference, and where their distance stands."""

    pictures: list[Cells | Words]
    pixels: list[PixelGrid]
    difference: PixelGrid
    value: Number
    note: VGroup
    images: NDArray[np.float32]


class DistanceHistograms(Group):
    """A line of distances from 0 on; on it the pairs of one class, and in yellow those of it and others, as shares.

    found: what was counted. A bar is as high as the share of its kind's pairs that have its distance.
    """

    LEFT, RIGHT, FOOT, HEIGHT = -6.2, 5.55, -2.15, 2.25

    def __init__(self, found: FarAndNear) -> None:
        step = 5 if found.edges[-1] > 6 else 1
        self.most = step * int(np.ceil(found.edges[-1] / step - 1e-9))
        ends = self.point(0), self.point(self.most)
        self.axis = VGroup(Line(*ends, color=theme.NEURON_OUTLINE, stroke_width=3))
        for value in range(0, self.most + 1, step):
            at = self.point(value)
            self.axis.add(Line(at, at + 0.1 * DOWN, color=theme.NEURON_OUTLINE, stroke_width=3))
            self.axis.add(Number(value, size=theme.NOTE_SIZE, colour=theme.QUIET_TEXT).move_to(at + 0.36 * DOWN))
        name = Words("distance", theme.NOTE_SIZE, theme.QUIET_TEXT)
        self.axis.add(name.move_to(self.point(self.most - step / 2) + 0.36 * DOWN))

        shares = [counts / max(counts.sum(), 1) for counts in (found.own_counts, found.other_counts)]
        own, others = (self.HEIGHT * share / max(share.max() for share in shares) for share in shares)
        left, right = self.point(found.edges[:-1]), self.point(found.edges[1:])
        self.starts = found.edges[:-1]
        self.own = Cells((left + right) / 2, 1, 0, 0.5 * rgb(theme.NEUTRAL), stroke_width=0)
        self.own.points[0::2], self.own.points[1::2] = left + 0.02 * RIGHT, right + own[:, None] * UP
        some = np.flatnonzero(others)
        reach = slice(some[0], some[-1] + 1)
        corners = np.stack([left + others[:, None] * UP, right + others[:, None] * UP], axis=1)[reach].reshape(-1, 3)
        self.others = VMobject(stroke_color=theme.ANSWER, stroke_width=theme.MARK_WIDTH)
        self.others.set_points_as_corners([left[reach][0], *corners, right[reach][-1]])
        others_named = found.other_name if found.only_this_other else "others"
        self.keys = [
            VGroup(
                Words(f"{found.name} and {name}", theme.LABEL_SIZE, colour),
                Words(f"{counts.sum():,} pairs", theme.NOTE_SIZE, theme.QUIET_TEXT),
            ).arrange(DOWN, buff=0.12, aligned_edge=LEFT)
            for name, counts, colour in (
                (found.name, found.own_counts, theme.TEXT),
                (others_named, found.other_counts, theme.ANSWER),
            )
        ]
        self.key = VGroup(*self.keys).arrange(DOWN, buff=0.3, aligned_edge=LEFT)
        self.key.move_to((self.LEFT, _KIND_Y - 0.2, 0), aligned_edge=LEFT + DOWN)
        super().__init__(self.axis, self.own, self.others, *self.keys)

    def point(self, distances: ArrayLike) -> NDArray[np.float64]:
        """Where distances stand on the line, (…, 3)."""
        x = self.LEFT + (self.RIGHT - self.LEFT) * np.asarray(distances, float) / self.most
        return np.stack([x, np.full_like(x, self.FOOT), np.zeros_like(x)], axis=-1)

    def farther_than(self, least: float) -> Cells:
        """The bars of the class with those brighter that begin at a distance or beyond."""
        brighter = self.own.copy()
        brighter.colours[self.starts >= least] = 0.72 * rgb(theme.NEUTRAL)
        return brighter

    def room_for_pairs(self, distances: Sequence[float]) -> NDArray[np.float64]:
        """Where pairs of pictures stand above the line: over their rising distances, or as near to that as fits.

        They stay to the right of the words that tell the two histograms apart.
        """
        left, right = self.key.get_right()[0] + 0.2, FRAME_WIDTH / 2 - SAFE_MARGIN
        return apart(self.point(distances)[:, 0], _PAIRS_APART, (left + _PAIRS_APART / 2, right - _PAIRS_APART / 2))


class FarAndNear(NamedTuple):
    """Pictures of one class that differ most and that are a typical pair; and of two classes that differ least."""

    name: str
    other_name: str
    only_this_other: bool
    far: Pair
    near: Pair
    typical: Pair
    far_images: NDArray[np.float32]
    near_images: NDArray[np.float32]
    typical_images: NDArray[np.float32]
    # How many pairs of the class, and of it and the others, have a distance between two edges; and of the first ones,
    # how many are farther apart than the nearest of the second ones.
    edges: NDArray[np.float64]
    own_counts: NDArray[np.int64]
    other_counts: NDArray[np.int64]
    farther: int


def farthest_and_nearest(digits: Digits) -> FarAndNear:
    """The pair of the puzzling class that differs most; and, beside it, the pair of it and an 8 that differs least.

    All pairs of the data set are compared. Where it has no class 8, the pictures of all other classes are.
    """
    label = puzzling_class(digits)
    own = np.flatnonzero(digits.labels == label)
    eights = digits.labels == (digits.class_names.index("8") if "8" in digits.class_names else -1)
    rest = np.flatnonzero(eights if eights.any() and digits.class_names[label] == "3" else digits.labels != label)
    far = farthest_pair(digits.vectors[own])
    near = nearest_pair(digits.vectors[own], digits.vectors[rest])
    typical = typical_pair(digits.vectors[own])
    # No two pictures are farther apart than black and white: the root of the number of pixels.
    width = 0.25 if far.distance > 6 else 0.1
    edges = np.arange(0, digits.vectors.shape[1] ** 0.5 + width, width)
    counts = [count_distances(digits.vectors[own], edges, others) for others in (None, digits.vectors[rest])]
    reached = int(np.flatnonzero(np.sum(counts, axis=0))[-1]) + 1
    return FarAndNear(
        digits.class_names[label],
        digits.class_names[digits.labels[rest[near.second]]],
        len(np.unique(digits.labels[rest])) == 1,
        far,
        near,
        typical,
        digits.images[own[[far.first, far.second]]],
        digits.images[[own[near.first], rest[near.second]]],
        digits.images[own[[typical.first, typical.second]]],
        edges[: reached + 1],
        counts[0][:reached],
        counts[1][:reached],
        int(count_distances(digits.vectors[own], [near.distance, edges[-1]])[0]),
    )


def share_in_words(count: int, of: int) -> str:
    """A share to begin a sentence with, to a tenth of a per cent; never rounded to all where it is not all."""
    share = f"{100 * count / of:.1f}"
    return "All" if count == of else "Nearly all" if share == "100.0" else f"{share} %"


def plural(name: str) -> str:
    """How several pictures of a class are called."""
    return f"{name}s" if len(name) == 1 else f"pictures of {name}"
