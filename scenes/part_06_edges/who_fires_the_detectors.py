"""WhoFiresTheDetectors: the share of each class whose sum passes the threshold, without and with the surround."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from manim import DOWN, Create, FadeIn, FadeOut, Group, LaggedStart, Rectangle, Square, Transform, VGroup, VMobject

from network import Layer
from network.analysis.detectors import bar_detector, bar_threshold, firing_shares, shares_kept, strongest_firing
from scenes.kit import theme
from scenes.kit.animations.grow_bars import GrowPercentBars
from scenes.kit.mobjects.bars import PercentBars
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.text import Words
from scenes.kit.mobjects.weight_heatmap import WeightHeatmap
from scenes.part_06_edges.hand_set_weights import BY_HAND, frame_of_bar
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import number, percent, several

# Without and with the surround.
_COLOURS = (theme.NEUTRAL, theme.ANSWER)
# The size of the numbers above the bars.
_NUMBER_SIZE = 27


class WhoFiresTheDetectors(LessonScene):
    """How often each class passes the threshold of the detectors set by hand, without and with the surround."""

    # The edges of the chart; of a bar of 100 %, its foot and its top.
    LEFT_EDGE, RIGHT_EDGE, FOOT, TOP = -6.3, 3.5, -2.0, 2.6
    # The pictures of the weights on the right: where they stand, the height of the first, and the step to the next.
    LEGEND_X, LEGEND_TOP, LEGEND_STEP = 5.25, 1.8, 2.8
    # Smaller pictures of digits would show nothing.
    SMALLEST = 0.4

    @cached_property
    def detectors(self) -> tuple[Layer, Layer]:
        """Without and with the surround."""
        side = self.digits().side
        return bar_detector(side), bar_detector(side, surround=True)

    @cached_property
    def shares_of_classes(self) -> np.ndarray:
        """The share of each class that fires the detectors, (2, classes); NaN for a class without pictures."""
        return np.concatenate([firing_shares(layer, self.digits()) for layer in self.detectors])

    @property
    def present(self) -> np.ndarray:
        """The classes that have pictures."""
        return np.flatnonzero(~np.isnan(self.shares_of_classes[0]))

    def construct(self) -> None:
        self.test_set = self.digits()
        self.names = self.test_set.class_names
        self.threshold_text = number(bar_threshold(self.test_set.side))
        self.shares = self.shares_of_classes[:, self.present]

        self.lay_out_the_chart()
        self.without_the_surround()
        self.with_the_surround()
        self.what_it_says()
        self.end()

    def alternative_text(self) -> str:
        names = self.digits().class_names
        listed = ", ".join(
            f"{names[k]} {number(100 * without)} and {number(100 * with_it)}"
            for k, (without, with_it) in zip(self.present, self.shares_of_classes[:, self.present].T, strict=True)
        )
        return f"A bar chart: the percentage of each class that fires without and with the surround: {listed}."

    def lay_out_the_chart(self) -> None:
        """Two bars for each class, which do not grow yet, its name beneath them, and what they stand for."""
        step = (self.RIGHT_EDGE - self.LEFT_EDGE) / len(self.present)
        middles = self.LEFT_EDGE + (np.arange(len(self.present)) + 0.5) * step
        self.charts = [
            PercentBars(
                middles + side * 0.21 * step, 0.36 * step, self.FOOT, self.TOP - self.FOOT, colour, _NUMBER_SIZE
            )
            for side, colour in zip((-1, 1), _COLOURS, strict=True)
        ]
        base = VMobject(stroke_color=theme.NEURON_OUTLINE, stroke_width=2)
        base.set_points_as_corners([(self.LEFT_EDGE, self.FOOT, 0), (self.RIGHT_EDGE, self.FOOT, 0)])
        labels = VGroup()
        for k, x in zip(self.present, middles, strict=True):
            name = self.names[k]
            short = len(name) <= 2
            label = Words(name, theme.LABEL_SIZE if short else theme.SMALLEST_SIZE, width=None if short else step)
            labels.add(label.next_to((x, self.FOOT, 0), DOWN, buff=0.18))
        title = Words(f"% of each class with a sum above {self.threshold_text}", theme.CAPTION_SIZE)
        title.move_to(((self.LEFT_EDGE + self.RIGHT_EDGE) / 2, self.TOP + 0.75, 0))
        by_hand = Words(BY_HAND, theme.NOTE_SIZE, theme.WEIGHTS_SYMBOL).move_to((self.LEGEND_X, title.get_y(), 0))
        self.chart = Group(base, labels, title, by_hand)
        self.legends = [
            self.legend(place, text, colour)
            for place, (text, colour) in enumerate(zip(("the bar alone", "with the surround"), _COLOURS, strict=True))
        ]

    def legend(self, place: int, text: str, colour: str) -> Group:
        """The weights of a detector, with what they are called, in the colour of its bars."""
        centre = (self.LEGEND_X, self.LEGEND_TOP - self.LEGEND_STEP * place)
        picture = WeightHeatmap(self.detectors[place].weights[0], 1.0, None, 1.9, centre)
        frame = Square(1.98, color=colour, stroke_width=3).move_to(picture)
        name = Words(text, theme.NOTE_SIZE, colour).next_to(frame, DOWN, buff=0.15)
        return Group(picture, frame, name)

    def without_the_surround(self) -> None:
        self.next_section("Without the surround")
        self.most_lost = int(np.argmin(shares_kept(*self.shares)))
        share = self._share_in_words(0, self.most_lost)
        with self.voiceover(
            f"Bar alone, {len(self.test_set):,} test pictures: {share} pass {self.threshold_text}.",
            moves="The hand-set weights stand on the right; on the left a bar grows for each class.",
        ):
            self.play(
                FadeIn(self.legends[0]),
                FadeIn(self.chart),
                GrowPercentBars(self.charts[0], 100 * self.shares[0], run_time=2 * theme.FLOW),
            )

    def with_the_surround(self) -> None:
        self.next_section("With the surround")
        most = int(np.argmax(self.shares[1]))
        parts = [self._share_in_words(1, place) for place in dict.fromkeys((self.most_lost, most))]
        with self.voiceover(
            f"With the surround, {', but '.join(parts)}.",
            moves="A second bar steps out of each one, and sinks to its own height.",
        ):
            self.play(FadeIn(self.legends[1]))
            dimmed = self.charts[0].boxes.copy().set_opacity(0.45)
            out_of_first = GrowPercentBars(
                self.charts[1],
                100 * self.shares[1],
                100 * self.shares[0],
                self.charts[0].middles,
                run_time=2 * theme.FLOW,
            )
            self.play(out_of_first, Transform(self.charts[0].boxes, dimmed))

    def what_it_says(self) -> None:
        self.next_section("What it says")
        thing = "digit" if all(name.isdigit() for name in self.names) else "class"
        pictures, places = self.pictures_that_fire()
        with self.voiceover(
            f"It names no {thing}; it says: here is an edge.",
            moves="The bars without the surround go. Over those with it stand pictures that fire the neuron, one of "
            "each class; a frame marks the bar's place in all of them.",
        ):
            self.play(FadeOut(self.charts[0]))
            if pictures:
                self.play(LaggedStart(*(FadeIn(picture, shift=0.2 * DOWN) for picture in pictures), lag_ratio=0.15))
                self.play(LaggedStart(*(Create(place) for place in places), lag_ratio=0.15))

    def pictures_that_fire(self) -> tuple[list[PixelGrid], list[Rectangle]]:
        """Of each class, the picture that fires the edge detector most, if any does; and a frame where the bar lies.

        They stand in a row above the bars and their numbers, as large as there is room for.
        """
        top = self.TOP + 0.3
        room = top - 0.45 - (self.FOOT + (self.TOP - self.FOOT) * float(self.shares[1].max()))
        extent = min(0.96 * float(np.diff(self.charts[1].middles).min(initial=2.0)), 1.4, room)
        if extent < self.SMALLEST:
            return [], []
        strongest = strongest_firing(self.detectors[1], self.test_set)
        pictures, places = [], []
        for k, x in zip(self.present, self.charts[1].middles, strict=True):
            if (best := strongest.get(int(k))) is not None:
                picture = PixelGrid(self.test_set.vectors[best], extent, (float(x), top - extent / 2))
                picture.stroke_opacities[:] = 0
                pictures.append(picture)
                places.append(frame_of_bar(picture, stroke_width=2))
        return pictures, places

    def _share_in_words(self, detector: int, place: int) -> str:
        """The share of a class that fires a detector: "37 % of the 7s"."""
        return f"{percent(self.shares[detector, place], 0)} of the {several(self.names[self.present[place]])}"
