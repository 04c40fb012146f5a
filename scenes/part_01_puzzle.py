"""Part 1, The puzzle: a digit is read at a glance, but no rule on its pixels comes to mind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Animation,
    Arrow,
    Create,
    FadeIn,
    FadeOut,
    Group,
    GrowArrow,
    Indicate,
    LaggedStart,
    Line,
    RoundedRectangle,
    Transform,
    VGroup,
    VMobject,
    linear,
)
from numpy.typing import ArrayLike, NDArray

from network import Network
from network.digits import Digits
from network.distances import (
    Pair,
    count_distances,
    distance,
    distances_from_average,
    farthest_pair,
    mean_difference,
    nearest_pair,
    shared_ink,
    typical_pair,
)
from scenes import theme
from scenes.layout import FRAME_HEIGHT, FRAME_WIDTH, SAFE_MARGIN, STAGE_BOTTOM, STAGE_TOP, column
from scenes.lesson_scene import LessonScene
from scenes.mobjects.array_mobject import rgb
from scenes.mobjects.cells import Cells
from scenes.mobjects.network_diagram import thin_brace
from scenes.mobjects.numbers import Numbers
from scenes.mobjects.pixel_grid import PixelGrid
from scenes.mobjects.plots import CountUp, apart
from scenes.mobjects.typesetting import Number, Words

MIDDLE = (STAGE_TOP + STAGE_BOTTOM) / 2
STAGE_WIDTH, STAGE_HEIGHT = 13.0, 6.3
# From this brightness on a pixel counts as bright.
BRIGHT = 0.5
# The darkest grey of a number that can be read on black.
FAINTEST_NUMBER = 0.65
# How high the words stand under the three pairs that are compared, and how far the pairs are from each other.
_KIND_Y, _PAIRS_APART = 0.63, 3.15


class ADigitAtAGlance(LessonScene):
    """A sloppy digit, read at a glance; nearer and nearer, until it is nothing but numbers."""

    def construct(self) -> None:
        digits = self.digits()
        index = sloppy_example(self.network, digits)
        self.name = digits.class_names[digits.labels[index]]
        self.pixels = PixelGrid(digits.images[index], 5.4, (0, MIDDLE - 0.1))

        self.at_a_glance()
        self.numbers_in_the_cells()
        self.nothing_but_numbers()
        self.end()

    def alternative_text(self) -> str:
        side = self.digits().side
        return (
            f"A sloppily written digit of {side} by {side} grey cells is looked at from nearer, until a number can be "
            f"read in each cell; at the end its {side * side} numbers are all that is left."
        )

    def at_a_glance(self) -> None:
        self.next_section("At a glance")
        braces = VGroup(thin_brace(self.pixels, LEFT), thin_brace(self.pixels, UP))
        sizes = VGroup(*(Number(self.pixels.side) for _ in braces))
        sizes[0].next_to(braces[0], LEFT, buff=0.2)
        sizes[1].next_to(braces[1], UP, buff=0.12)
        self.braces = VGroup(braces, sizes)
        with self.caption(
            f"Sloppy, but you read it at a glance: {self.name}.",
            FadeIn(self.pixels, run_time=theme.QUICK),
            moves="A sloppily written digit of the test set appears; braces give its height and width in cells.",
        ):
            self.wait(1.5)
            self.play(FadeIn(self.braces))

    def numbers_in_the_cells(self) -> None:
        self.next_section("Numbers in the cells")
        window, rows, columns = liveliest_window(self.pixels)
        cell = min(STAGE_HEIGHT / rows, STAGE_WIDTH / columns)
        near = self.pixels.copy().scale(cell * self.pixels.side / self.pixels.width)
        near.opacities, near.stroke_opacities = np.zeros((2, len(near)), np.float32)
        near.opacities[window] = near.stroke_opacities[window] = 1
        near.shift((0, MIDDLE, 0) - near.centres[window].mean(axis=0))
        self.written = near.numbers(window)
        with self.caption(
            f"{self.pixels.side} × {self.pixels.side} cells, a number in each: 0 is black, 1 is white.",
            moves="The picture comes nearer, until a few of its cells fill the stage, and their numbers appear.",
        ):
            self.play(FadeOut(self.braces), run_time=theme.QUICK)
            self.play(Zoom(self.pixels, near))
            self.play(LaggedStart(*(FadeIn(number) for number in self.written), lag_ratio=0.02))

    def nothing_but_numbers(self) -> None:
        self.next_section("Nothing but numbers")
        side = self.pixels.side
        spread = PixelGrid(self.pixels.values, 1)
        spread.stretch_to_fit_width(STAGE_WIDTH).stretch_to_fit_height(STAGE_HEIGHT).move_to((0, MIDDLE, 0))
        spread.stroke_opacities = np.zeros(len(spread), np.float32)
        size = min(0.92 * STAGE_HEIGHT / side * 1080 / FRAME_HEIGHT, theme.LABEL_SIZE)
        values = self.pixels.values
        grey = FAINTEST_NUMBER + (1 - FAINTEST_NUMBER) * values
        numbers = Numbers(
            values,
            spread.centres,
            np.where(values == 0, 0, 2),
            max(size, theme.SMALLEST_SIZE),
            grey[:, None] * rgb(theme.TEXT),
        )
        with self.caption(
            f"This is all that a program is given: {side * side} numbers.",
            FadeOut(self.written, run_time=theme.QUICK),
            moves="The whole picture spreads over the stage; from left to right its cells turn into numbers.",
        ):
            self.play(Zoom(self.pixels, spread, run_time=theme.FLOW))
            self.play(SweepIntoNumbers(self.pixels, numbers))
            self.remove(self.pixels)


class Zoom(Transform):
    """A picture grows or shrinks into another size of itself, seen only where the stage is, above the caption."""

    # In units: so far above the lower edge of the stage a cell is seen wholly.
    EDGE = 0.4

    def __init__(self, pixels: PixelGrid, target: PixelGrid, **options: Any) -> None:
        super().__init__(pixels, target, **{"run_time": 1.4 * theme.FLOW, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        super().interpolate_mobject(alpha)
        pixels = self.mobject
        seen = np.clip((pixels.points[0::2, 1] - STAGE_BOTTOM) / self.EDGE + 1, 0, 1).astype(np.float32)
        pixels.opacities, pixels.stroke_opacities = pixels.opacities * seen, pixels.stroke_opacities * seen


class SweepIntoNumbers(Animation):
    """Column after column, from the left, the cells of a picture give way to their numbers."""

    # The share of the way that the front is wide.
    FRONT = 0.2

    def __init__(self, pixels: PixelGrid, numbers: Numbers, **options: Any) -> None:
        self.pixels, self.numbers = pixels, numbers
        self.arrival = np.arange(len(pixels)) % pixels.side / max(pixels.side - 1, 1) * (1 - self.FRONT)
        super().__init__(Group(pixels, numbers), **{"run_time": 2 * theme.FLOW, "rate_func": linear, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        turned = np.clip((self.rate_func(alpha) - self.arrival) / self.FRONT, 0, 1).astype(np.float32)
        self.pixels.opacities = np.clip(1 - 2 * turned, 0, 1)
        self.numbers.set_opacities(np.clip(2 * turned - 1, 0, 1))


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
            x, y = (across - (columns - 1) / 2) * step, MIDDLE + ((rows - 1) / 2 - row) * step
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
        centre = (0, MIDDLE)
        self.overlay = overlay(one, other, 5.8, centre, self.colours)
        middles = [
            tinted(PixelGrid(image, 5.8, centre), c) for image, c in zip((one, other), self.colours, strict=True)
        ]
        self.legend = VGroup(
            self.line(theme.TEXT, both, "bright in both"),
            self.line(self.colours[0], int((one >= BRIGHT).sum()) - both, "only in the first"),
            self.line(self.colours[1], int((other >= BRIGHT).sum()) - both, "only in the second"),
        )
        self.legend.arrange(DOWN, buff=0.55, aligned_edge=LEFT).move_to((3.6, MIDDLE, 0))
        two = self.wall[:2]
        aside = [
            tinted(PixelGrid(self.images[n], 4.2, (side * 3.3, MIDDLE)), self.colours[n])
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
        VGroup(*rows).arrange(DOWN, buff=0.9).move_to((3.6, MIDDLE, 0))
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
        lowered = pictures.get_y() - MIDDLE
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


class TheProgramWanted(LessonScene):
    """A box between 28×28 numbers and one digit: nobody knows what to write inside."""

    def construct(self) -> None:
        self.test_set = self.digits()
        self.chosen = one_of_each(self.test_set, 3)

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

    def numbers_in_one_digit_out(self) -> None:
        self.next_section("Numbers in, one digit out")
        side = self.test_set.side
        self.picture = self.picture_of(self.chosen[0])
        going_in = Words(f"{side} × {side} numbers in").next_to(self.picture, UP, buff=0.35)
        self.box = RoundedRectangle(0.25, width=3.2, height=3.2, color=theme.TEXT, stroke_width=theme.MARK_WIDTH)
        self.box.move_to((0.9, MIDDLE, 0)).set_fill(theme.BACKGROUND, 1)
        self.question = Words("?", 3.6 * theme.TITLE_SIZE, theme.UNKNOWN).move_to(self.box)
        into = self.arrow(self.picture, self.box)
        names = self.test_set.class_names
        places = column(len(names), (4.9, MIDDLE), 5.6, most=14)
        size = float(np.clip(0.95 * 135 * places.diameter, theme.SMALLEST_SIZE, theme.LABEL_SIZE + 8))
        self.names = VGroup()
        for name, centre, shown in zip(names, places.centres, places.shown, strict=True):
            word = Words(name, size, theme.QUIET_TEXT).move_to(centre)
            if len(name) > 1:
                word.align_to(centre - 0.3 * RIGHT, LEFT)
            self.names.add(word.set_opacity(float(shown)))
        dots = Cells(places.dots, 0.07, 1, stroke_width=0) if len(places.dots) else Group()
        out = self.arrow(self.box, self.names)
        are_digits = all(name.isdigit() and len(name) == 1 for name in names)
        heading = Words(f"one {'digit' if are_digits else 'name'} out").next_to(self.names, UP, buff=0.3)
        heading.set_y(max(heading.get_y(), self.picture.get_top()[1] + 0.6))
        comes_out = f"one digit out, {names[0]} to {names[-1]}" if are_digits else f"one of {len(names)} names out"
        with self.caption(
            f"So write a program: {side} × {side} numbers in, {comes_out}.",
            FadeIn(self.picture, going_in, run_time=theme.QUICK),
            moves="A picture stands at the left; an arrow leads from it into a box with a question mark, another one "
            "out of the box to the possible answers, one below another.",
        ):
            self.play(GrowArrow(into), FadeIn(self.box, self.question))
            self.wait(0.5)
            self.play(GrowArrow(out), LaggedStart(*(FadeIn(name) for name in self.names), lag_ratio=0.08))
            self.play(FadeIn(heading, dots), run_time=theme.QUICK)

    def again_and_again(self) -> None:
        self.next_section("Again and again")
        with self.caption(
            "The right answer for every picture, also for one never seen before.",
            moves="Row by row the bright pixels of one picture after another turn into numbers, which run in lanes "
            "into the box, and its true answer lights up on the other side.",
        ):
            for number, index in enumerate(self.chosen[:-1] if len(self.chosen) > 1 else self.chosen):
                name = self.names[self.test_set.labels[index]]
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
        with self.caption(
            "But what do you write inside the box?",
            moves="The question mark in the box grows and lights up.",
        ):
            self.play(Indicate(self.question, 1.25, theme.ANSWER), run_time=theme.FLOW)

    def picture_of(self, index: int) -> PixelGrid:
        return PixelGrid(self.test_set.images[index], 3.6, (-4.85, MIDDLE))

    def arrow(self, start: Cells | VGroup, end: Cells | VGroup) -> Arrow:
        ends = start.get_right()[0] + 0.2, end.get_left()[0] - 0.35
        return Arrow(
            (ends[0], MIDDLE, 0),
            (ends[1], MIDDLE, 0),
            buff=0,
            color=theme.NEUTRAL,
            stroke_width=theme.MARK_WIDTH,
            tip_length=0.28,
            max_tip_length_to_length_ratio=1,
        )


class StreamIn(Animation):
    """The pixels of a picture, row after row, turn into numbers, which run in lanes into a box."""

    # How many numbers go side by side, how far they are from each other, and how far from the arrow in their middle.
    LANES, LANE, BESIDE_ARROW = 10, 0.27, 0.3
    # How far a number is from the next one of its lane, in units; and the share of its way that a pixel is a pixel.
    BEHIND, AS_PIXEL = 0.5, 0.3

    def __init__(self, pixels: PixelGrid, box: RoundedRectangle, **options: Any) -> None:
        self.pixels, self.home = pixels, pixels.copy()
        self.lit = np.flatnonzero(pixels.values > 0) if pixels.values.any() else np.array([0])
        batch, lane = np.divmod(np.arange(len(self.lit)), self.LANES)
        sides = np.where(lane < self.LANES // 2, 1, -1)
        # From the top of the box to its bottom.
        beside = np.where(sides > 0, self.LANES // 2 - 1 - lane, lane - self.LANES // 2)
        y = box.get_y() + sides * (self.BESIDE_ARROW + self.LANE * beside)
        start, end = pixels.get_right()[0] + 0.3, box.get_left()[0] + 0.4
        self.entry, self.goal = (np.stack([np.full_like(y, x), y, np.zeros_like(y)], axis=1) for x in (start, end))
        # So many numbers of a lane are on their way at a time.
        together = (end - start) / self.BEHIND / (1 - self.AS_PIXEL)
        self.flight = together / (batch[-1] + together)
        self.leave = batch / max(batch[-1], 1) * (1 - self.flight)
        # A black pixel goes dark with the bright ones before it.
        before = np.searchsorted(self.lit, np.arange(len(pixels)), side="right") - 1
        self.darken = self.leave[np.maximum(before, 0)]
        values = pixels.values[self.lit]
        grey = FAINTEST_NUMBER + (1 - FAINTEST_NUMBER) * values
        self.numbers = Numbers(values, self.entry, 1, 28, grey[:, None] * rgb(theme.TEXT), 0.0)
        self.numbers.set_z_index(-1)  # behind the box
        super().__init__(Group(pixels, self.numbers), **{"run_time": theme.FLOW, "rate_func": linear, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        alpha = self.rate_func(alpha)
        share = np.clip((alpha - self.leave) / self.flight, 0, 1)[:, None]
        flown, run = np.clip(share / self.AS_PIXEL, 0, 1), np.clip((share - self.AS_PIXEL) / (1 - self.AS_PIXEL), 0, 1)
        centres = self.home.centres
        centres[self.lit] += (self.entry - centres[self.lit]) * flown**2 * (3 - 2 * flown)
        self.pixels.place(centres, 2 * self.home.radii)
        dark = np.clip((alpha - self.darken) / (self.AS_PIXEL * self.flight), 0, 1)
        dark[self.lit] = np.clip(4 * (flown[:, 0] - 0.75), 0, 1)
        self.pixels.opacities = (1 - dark).astype(np.float32)
        self.pixels.stroke_opacities = self.pixels.opacities.copy()
        self.numbers.place(self.entry + (self.goal - self.entry) * run)
        self.numbers.set_opacities(np.clip(10 * run[:, 0], 0, 1) * (run[:, 0] < 1))


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


def puzzling_class(digits: Digits) -> int:
    """The class that the puzzle is about: 3, or where the data has none of that name, the one with most pictures."""
    if "3" in digits.class_names and (digits.labels == (label := digits.class_names.index("3"))).sum() > 1:
        return label
    return int(np.bincount(digits.labels).argmax())


def sloppy_example(network: Network, digits: Digits) -> int:
    """The picture of the puzzling class that is farthest from their average, of those the network reads clearly.

    Clearly: right, with an output of 0.9 or more. Where there is none, of all.
    """
    label = puzzling_class(digits)
    own = np.flatnonzero(digits.labels == label)
    outputs = network.predict(digits.vectors[own])
    far = distances_from_average(digits.vectors[own])
    clear = (outputs.argmax(axis=1) == label) & (outputs[:, label] >= 0.9)
    return int(own[np.argmax(np.where(clear, far, -1) if clear.any() else far)])


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


def one_of_each(digits: Digits, most: int) -> list[int]:
    """The first picture of the data, and those after it that show a class not seen yet, up to `most`."""
    _, firsts = np.unique(digits.labels, return_index=True)
    return [int(index) for index in np.sort(firsts)[:most]]


def liveliest_window(pixels: PixelGrid) -> tuple[NDArray[np.intp], int, int]:
    """The cells of the block, twice as wide as high, with the most greys between black and white; its rows, columns."""
    rows, columns = min(6, pixels.side), min(12, pixels.side)
    grey = ((pixels.values > 0.02) & (pixels.values < 0.98)).astype(int)
    corners = [(r, c) for r in range(pixels.side - rows + 1) for c in range(pixels.side - columns + 1)]
    windows = [pixels.window(*corner, rows, columns) for corner in corners]
    return max(windows, key=lambda window: grey[window].sum()), rows, columns


def without_outlines(pixels: PixelGrid) -> PixelGrid:
    """The same picture, whose cells touch: for small ones."""
    pixels.stroke_opacities = np.zeros(len(pixels), np.float32)
    return pixels


def tinted(pixels: PixelGrid, colour: str) -> PixelGrid:
    """The same picture in a colour, and the darker a cell, the more it lets through."""
    pixels.colours = np.tile(rgb(colour), (len(pixels), 1))
    pixels.opacities = pixels.values.copy()
    return without_outlines(pixels)


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
