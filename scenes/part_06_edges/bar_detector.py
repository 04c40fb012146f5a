"""BarDetector: weights of 1 on a bar add up its pixels; a negative surround makes an edge detector of it."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from manim import LEFT, RIGHT, UP, Create, FadeIn, FadeOut, Group, Indicate, Line, Transform, VGroup

from network.analysis.detectors import (
    DetectorExamples,
    bar_detector,
    bar_place,
    bar_threshold,
    detector_examples,
    edge_place,
)
from scenes.kit import theme
from scenes.kit.layout import PIXELS_A_UNIT
from scenes.kit.mobjects.numbers import Numbers
from scenes.kit.mobjects.text import Number, Words, as_texture, size_that_fits
from scenes.kit.mobjects.weight_heatmap import WeightHeatmap
from scenes.kit.mobjects.weighted_sum import AddUpProducts, ChangeProducts
from scenes.kit.picture_frames import LARGE_CENTRE, LARGE_EXTENT, frame_of_weights
from scenes.language import _, together
from scenes.part_06_edges.sum_by_hand import SumByHand
from scenes.part_06_edges.weights_legend import WeightsLegend
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import number, one_in_words, the_one_in_words

# After the question what to change.
_TIME_TO_THINK = 1.5


class BarDetector(LessonScene):
    """A neuron set by hand adds up the pixels of a bar; with a negative surround it becomes an edge detector."""

    # Where the sizes of the weights are written beside the large picture.
    SIZES_X = 1.2

    @cached_property
    def chosen(self) -> DetectorExamples:
        return detector_examples(self.digits())

    @property
    def bar_name(self) -> str:
        """The class of the picture with the bar."""
        return self.digits().class_names[self.chosen.bar_label]

    @property
    def crossing_name(self) -> str:
        """The class of the picture without it."""
        return self.digits().class_names[self.chosen.crossing_label]

    @property
    def bar_sums(self) -> list[str]:
        """The sums of the picture with the bar in figures, without and with the surround."""
        return [number(value, 1) for value in self.chosen.bar_sums]

    @property
    def crossing_sums(self) -> list[str]:
        """The sums of the picture without it."""
        return [number(value, 1) for value in self.chosen.crossing_sums]

    def construct(self) -> None:
        self.side = self.digits().side
        self.bar = bar_detector(self.side).weights[0]
        self.edge = bar_detector(self.side, surround=True).weights[0]
        self.stage = SumByHand(self.chosen.bar_image, self.bar)
        self.stage.clear_sum()
        self.place = self.stage.place

        self.weights_by_hand()
        self.a_bar()
        self.no_bar()
        self.the_surround()
        self.a_bar_again()
        self.end()

    def alternative_text(self) -> str:
        bar, crossing = self.bar_sums, self.crossing_sums
        return together(
            _(
                "Weights set by hand, 1 on a bar and 0 elsewhere, are multiplied with the pixels of a {class_name}: "
                "the sum is {sum}.",
                class_name=self.bar_name,
                sum=bar[0],
            ),
            _("A {class_name} gives {sum}.", class_name=self.crossing_name, sum=crossing[0]),
            _(
                "With negative weights above and below the bar the sums are {one} and {other}.",
                one=bar[1],
                other=crossing[1],
            ),
        )

    def weights_by_hand(self) -> None:
        self.next_section(_("Weights set by hand"))
        self.large = WeightHeatmap(self.bar, 1.0, None, LARGE_EXTENT, LARGE_CENTRE)
        one, zero = self.sizes()
        zeros = self.all_zeros()
        frame = frame_of_weights(self.large)
        legend = WeightsLegend(turned=True).beside_the_weights()
        self.add(self.large, frame, legend)
        with self.voiceover(
            _(
                "Ours are set by hand: <bookmark mark='one'/> one on a little bar, <bookmark mark='zero'/> and zero "
                "everywhere else."
            ),
            moves=_(
                "A picture of weights with a blue bar across its upper half: there they are 1; and in all other "
                "cells there comes a 0."
            ),
        ):
            self.play(FadeOut(legend), run_time=theme.QUICK)
            self.wait_until_bookmark("one")
            self.play(FadeIn(one, shift=0.3 * RIGHT), run_time=theme.QUICK)
            self.wait_until_bookmark("zero")
            self.play(FadeIn(zero, shift=0.3 * RIGHT), FadeIn(zeros), run_time=theme.QUICK)
        self.marks = Group(one, zero, zeros, frame)

    def all_zeros(self) -> Numbers:
        """A 0 in every cell of the large picture but those of the bar: so many knobs, all turned off."""
        step = LARGE_EXTENT / self.side
        size = min(0.6 * step * PIXELS_A_UNIT, theme.TEXTURE_SIZE)
        zeros = Numbers(np.zeros(self.side**2), self.large.centres, 0, size, theme.NEUTRAL)
        zeros = as_texture(zeros)
        zeros.set_opacities(self.bar == 0)
        return zeros

    def sizes(self) -> tuple[VGroup, VGroup]:
        """The 1 of the bar and the 0 of all others, large, with lines to where they hold."""
        picture = self.large
        centres = picture.centres.reshape(self.side, self.side, 3)
        rows, columns = bar_place(self.side)
        bar = centres[rows, columns].reshape(-1, 3)
        places = (bar[:, 0].max(), bar[:, 1].mean()), (centres[0, -1, 0] - 0.6, centres[-1, 0, 1] + 1.6)
        shown = []
        for value, words, colour, (x, y) in zip(
            (1, 0), (_("on the bar"), _("everywhere else")), (theme.POSITIVE, theme.TEXT), places, strict=True
        ):
            figure = Number(value, 0, 3 * theme.TITLE_SIZE, colour)
            figure.move_to((self.SIZES_X + 0.3, y, 0))
            name = Words(words, size_that_fits([words], 4.0, 1.2 * theme.TITLE_SIZE), colour)
            name.next_to(figure, RIGHT, buff=0.4)
            line = Line((x + 0.1, y, 0), figure.get_left() + 0.25 * LEFT, color=colour, stroke_width=3)
            shown.append(VGroup(line, figure, name))
        return shown[0], shown[1]

    def a_bar(self) -> None:
        self.next_section(_("A bar"))
        stage = self.stage
        places = {"one_digit": one_in_words(self.bar_name), "sum": self.bar_sums[0]}
        with self.voiceover(
            together(
                _("Then the sum is simply what's bright on the bar."),
                _(
                    "Here's <bookmark mark='seen'/> {one_digit} with a bar in the right place: <bookmark mark='sum'/> "
                    "{sum}.",
                    **places,
                )
                if self.chosen.has_bar
                else _(
                    "No picture here really has such a bar. <bookmark mark='seen'/> {one_digit:^} comes closest: "
                    "<bookmark mark='sum'/> {sum}.",
                    **places,
                ),
            ),
            moves=_(
                "The picture of weights goes to the middle, with a digit at its left. A mark runs over both; to the "
                "right product after product appears, and the sum grows."
            ),
        ) as tracker:
            self.play(FadeOut(self.marks), Transform(self.large, stage.weight_picture.copy()), run_time=theme.STEP)
            self.remove(self.large)
            self.add(stage.weight_picture)
            self.play(
                FadeIn(VGroup(*stage.names, *stage.frames, stage.signs)),
                FadeIn(stage.pixels, shift=0.3 * RIGHT),
                FadeIn(VGroup(stage.sum_name, stage.total)),
                Create(self.place),
            )
            self.add(stage.product_picture)
            self.play(AddUpProducts(stage, run_time=max(tracker.time_until_bookmark("sum", 0.4), 2 * theme.STEP)))
            self.play(Indicate(stage.total, 1.2, theme.ANSWER))

    def no_bar(self) -> None:
        self.next_section(_("No bar"))
        high = self.chosen.crossing_sums[0] > bar_threshold(self.side)
        remark = (
            _("<bookmark mark='strokes'/> Its strokes cross our bar, and that counts.")
            if high
            else _("Not much, but whatever <bookmark mark='strokes'/> runs through our bar counts.")
        )
        places = {"one_digit": one_in_words(self.crossing_name), "sum": self.crossing_sums[0]}
        with self.voiceover(
            together(
                _("And {one_digit}, with none there? <bookmark mark='cross'/> {sum}.", **places)
                if self.chosen.has_crossing
                else _("And {one_digit}? <bookmark mark='cross'/> {sum}.", **places),
                remark,
            ),
            moves=_(
                "Another digit takes the place of the first, and its products add up. A frame marks where its "
                "strokes cross the bar."
            ),
        ) as tracker:
            self.show_other_picture(self.chosen.crossing_image)
            self.play(AddUpProducts(self.stage, run_time=max(tracker.time_until_bookmark("cross", 1.0), theme.STEP)))
            self.wait_until_bookmark("strokes")
            self.play(Indicate(self.place, 1.15, theme.ANSWER))
            self.play(Indicate(self.stage.product_picture, 1.05, color=None))

    def show_other_picture(self, image: np.ndarray) -> None:
        """Another picture takes the place of the one there is; there are no products yet."""
        stage = self.stage
        nothing = stage.product_picture.copy().show(np.zeros(self.side**2), 1.0)
        self.play(
            Transform(stage.pixels, stage.pixels.copy().set_brightness(image)),
            Transform(stage.product_picture, nothing),
            run_time=theme.QUICK,
        )
        stage.show(activations=image)
        stage.clear_sum()

    def the_surround(self) -> None:
        self.next_section(_("The surround"))
        stage = self.stage
        target = stage.weight_picture.copy().show(self.edge, 1.0)
        falls = self.chosen.crossing_sums[1] < self.chosen.crossing_sums[0]
        places = {"the_digit": the_one_in_words(self.crossing_name), "sum": self.crossing_sums[1]}
        now = (
            _("And {the_digit} falls to <bookmark mark='drop'/> {sum}.", **places)
            if falls
            else _("And {the_digit} is at <bookmark mark='drop'/> {sum}.", **places)
        )
        with self.voiceover(_("So what would you change?")):
            self.play(Indicate(stage.total, 1.2, color=None), run_time=theme.STEP)
        self.play(Indicate(self.place, 1.15, theme.ANSWER), run_time=_TIME_TO_THINK)
        with self.voiceover(
            together(
                _(
                    "<bookmark mark='red'/> Punish what is bright just above and just below: <bookmark mark='half'/> "
                    "minus a half for each of those squares."
                ),
                now,
            ),
            moves=_(
                "Red strips appear above and below the blue bar of weights; red products join the blue ones, and the "
                "sum falls."
            ),
        ) as tracker:
            self.wait_until_bookmark("red")
            self.play(Transform(stage.weight_picture, target, run_time=theme.FLOW))
            stage.show(weights=self.edge)
            self.play(FadeOut(stage.sum_name), FadeIn(stage.sizes), run_time=theme.QUICK)
            self.wait_until_bookmark("half")
            self.play(ChangeProducts(stage, run_time=max(tracker.time_until_bookmark("drop", 0.4), theme.STEP)))
            self.play(Indicate(stage.total, 1.2, theme.ANSWER))

    def a_bar_again(self) -> None:
        self.next_section(_("A bar, once more"))
        stage = self.stage
        with self.voiceover(
            together(
                _("And the clean bar? <bookmark mark='keeps'/> It keeps {sum}.", sum=self.bar_sums[1])
                if self.chosen.has_bar
                else _("And the first one? <bookmark mark='keeps'/> It's left with {sum}.", sum=self.bar_sums[1]),
                _(
                    "<bookmark mark='bright'/> Bright here, <bookmark mark='dark'/> dark above and below: "
                    "<bookmark mark='edge'/> now it looks for an edge."
                ),
            ),
            moves=_(
                "The first digit is back; its products are nearly all blue, and the sum counts up. The bar and the "
                "strips around it are marked in turn."
            )
            if self.chosen.has_bar
            else _(
                "The first picture is back; its products appear, and the sum changes. The bar and the strips around it "
                "are marked in turn."
            ),
        ) as tracker:
            self.show_other_picture(self.chosen.bar_image)
            self.wait_until_bookmark("keeps")
            self.play(ChangeProducts(stage, run_time=max(tracker.time_until_bookmark("bright"), theme.STEP)))
            self.wait_until_bookmark("bright")
            self.play(Indicate(self.place, 1.12, theme.POSITIVE), run_time=theme.STEP)
            self.wait_until_bookmark("dark")
            strips = self.strips()
            self.play(Indicate(strips, 1.15, theme.NEGATIVE), run_time=theme.STEP)
            self.remove(strips)
            self.wait_until_bookmark("edge")
            self.play(Indicate(stage.total, 1.25, theme.ANSWER))

    def strips(self) -> VGroup:
        """Frames around the strips above and below the bar, in the digit."""
        rows, columns = edge_place(self.side)
        inner, _ = bar_place(self.side)
        centres = self.stage.pixels.centres.reshape(self.side, self.side, 3)
        frames = VGroup()
        for strip in (slice(rows.start, inner.start), slice(inner.stop, rows.stop)):
            places = centres[strip, columns].reshape(-1, 3)
            low, high = places.min(axis=0), places.max(axis=0)
            half = float(self.stage.pixels.radii[0]) * (RIGHT + UP)
            frame = self.place.copy().set_color(theme.NEGATIVE)
            frame.stretch_to_fit_height((high - low + 2 * half)[1]).move_to((low + high) / 2)
            frames.add(frame)
        return frames
