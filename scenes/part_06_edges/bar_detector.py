"""BarDetector: weights of 1 on a bar add up its pixels; a negative surround makes an edge detector of it."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from manim import RIGHT, Create, FadeIn, FadeOut, Indicate, Transform, VGroup

from network.analysis.detectors import DetectorExamples, bar_detector, bar_place, bar_threshold, detector_examples
from scenes.kit import theme
from scenes.kit.layout import PIXELS_A_UNIT, grid
from scenes.kit.mobjects.text import Number
from scenes.kit.mobjects.weighted_sum import AddUpProducts, ChangeProducts, WeightedSum
from scenes.part_06_edges.hand_set_weights import BY_HAND, frame_of_bar
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import number


class BarDetector(LessonScene):
    """A neuron set by hand adds up the pixels of a bar; with a negative surround it becomes an edge detector."""

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
        self.stage = WeightedSum(self.chosen.bar_image, self.bar, 1.0, BY_HAND)
        self.stage.clear_sum()

        self.weights_by_hand()
        self.a_bar()
        self.no_bar()
        self.the_surround()
        self.a_bar_again()
        self.end()

    def alternative_text(self) -> str:
        bar, crossing = self.bar_sums, self.crossing_sums
        return (
            f"Weights set by hand, 1 on a bar and 0 elsewhere, are multiplied with the pixels of a {self.bar_name}: "
            f"the sum is {bar[0]}. A {self.crossing_name} gives {crossing[0]}. With negative weights above and below "
            f"the bar the sums are {bar[1]} and {crossing[1]}."
        )

    def weights_by_hand(self) -> None:
        self.next_section("Weights set by hand")
        self.marks = self.one_and_zero()
        with self.voiceover(
            "Weights set by hand: 1 on a bar, 0 elsewhere.",
            moves="A dark picture of weights appears, with a blue bar across its upper half.",
        ):
            self.play(FadeIn(self.stage.frames[1]), FadeIn(self.stage.names[1]))
            self.play(FadeIn(self.stage.weight_picture))
            self.play(FadeIn(self.marks))

    def one_and_zero(self) -> VGroup:
        """A 1 on the bar of the weights, and a 0 beside it."""
        stage = self.stage
        rows, columns = bar_place(self.side)
        step = stage.EXTENT / self.side
        centres = grid(self.side, (0, stage.weight_picture.get_y()), stage.EXTENT).reshape(self.side, self.side, 3)
        bar = centres[rows, columns].reshape(-1, 3)
        size = min(theme.LABEL_SIZE, max(theme.SMALLEST_SIZE, 0.9 * PIXELS_A_UNIT * step * (rows.stop - rows.start)))
        one = Number(1, size=size, colour=theme.BACKGROUND).move_to(bar.mean(axis=0))
        zero = Number(0, size=theme.LABEL_SIZE).move_to(
            (0, stage.weight_picture.get_bottom()[1] + 0.3 * stage.EXTENT, 0)
        )
        return VGroup(one, zero)

    def a_bar(self) -> None:
        self.next_section("A bar")
        stage = self.stage
        place = frame_of_bar(stage.pixels)
        pixels = int(np.count_nonzero(self.bar))
        with self.voiceover(
            f"On this {self.bar_name} only the bar's {pixels} pixels count. Their sum: {self.bar_sums[0]}.",
            moves="A digit appears to the left of the weights. A mark runs over both; to the right product after "
            "product appears, and the sum grows.",
        ):
            self.play(
                FadeIn(stage.pixels, shift=0.3 * RIGHT),
                FadeIn(VGroup(stage.frames[0], stage.names[0])),
                FadeOut(self.marks),
            )
            self.play(
                Create(place),
                FadeIn(VGroup(stage.signs, stage.frames[2], stage.names[2], stage.equation, stage.total)),
            )
            self.add(stage.product_picture)
            self.play(AddUpProducts(stage))

    def no_bar(self) -> None:
        self.next_section("No bar")
        stage, image = self.stage, self.chosen.crossing_image
        reaches = "still reaches" if self.chosen.crossing_sums[0] > bar_threshold(self.side) else "gives"
        nothing = stage.product_picture.copy().show(np.zeros(self.side**2), 1.0)
        with self.voiceover(
            f"This {self.crossing_name} has no bar, and {reaches} {self.crossing_sums[0]}.",
            moves="Another digit takes the place of the first, and its products add up.",
        ):
            self.play(
                Transform(stage.pixels, stage.pixels.copy().set_brightness(image)),
                Transform(stage.product_picture, nothing),
            )
            stage.show(activations=image)
            stage.clear_sum()
            self.play(AddUpProducts(stage))

    def the_surround(self) -> None:
        self.next_section("The surround")
        stage = self.stage
        target = stage.weight_picture.copy().show(self.edge, 1.0)
        with self.voiceover(
            f"Weights of −1/2 above and below take off what is bright there: {self.crossing_sums[1]}.",
            moves="Red strips appear above and below the blue bar of weights; red products join the blue ones, and the "
            "sum falls.",
        ):
            self.play(Transform(stage.weight_picture, target, run_time=theme.FLOW))
            stage.show(weights=self.edge)
            self.play(ChangeProducts(stage, run_time=1.4 * theme.FLOW))

    def a_bar_again(self) -> None:
        self.next_section("A bar, once more")
        stage = self.stage
        bar = stage.pixels.copy().set_brightness(self.chosen.bar_image)
        with self.voiceover(
            f"A bar between dark strips keeps {self.bar_sums[1]}: an edge detector.",
            moves="The first digit is back; its products are nearly all blue, and the sum jumps up.",
        ):
            self.play(Transform(stage.pixels, bar, run_time=theme.STEP))
            stage.show(activations=self.chosen.bar_image)
            self.play(ChangeProducts(stage))
            self.play(Indicate(stage.total, 1.25, theme.ANSWER))
