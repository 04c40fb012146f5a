"""BarDetector: Weights of 1 on a bar add up its pixels; a negative surround makes an edge detector of it."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import (
    RIGHT,
    Animation,
    Create,
    FadeIn,
    FadeOut,
    Group,
    Indicate,
    Rectangle,
    Transform,
    VGroup,
)

from network.analysis.detectors import bar_detector, bar_place, bar_threshold
from scenes.kit import theme
from scenes.kit.layout import grid
from scenes.kit.mobjects.text import Number
from scenes.kit.mobjects.weighted_sum import AddUpProducts, WeightedSum
from scenes.part_06_edges.shared import _BY_HAND, _signed, detector_examples
from scenes.stage.lesson_scene import LessonScene


class BarDetector(LessonScene):
    """A neuron set by hand adds up the pixels of a bar; with a negative surround it becomes an edge detector."""

    def construct(self) -> None:
        digits = self.digits()
        self.chosen = detector_examples(digits)
        self.class_names = digits.class_names
        self.side = digits.side
        self.bar = bar_detector(self.side).weights[0]
        self.edge = bar_detector(self.side, surround=True).weights[0]
        self.stage = WeightedSum(self.chosen.bar_image, self.bar, 1.0, _BY_HAND)
        self.stage.clear_sum()

        self.weights_by_hand()
        self.a_bar()
        self.no_bar()
        self.the_surround()
        self.a_bar_again()
        self.end()

    def alternative_text(self) -> str:
        digits = self.digits()
        chosen = detector_examples(digits)
        names = digits.class_names
        return (
            f"Weights set by hand, 1 on a bar and 0 elsewhere, are multiplied with the pixels of a "
            f"{names[chosen.bar_label]}: the sum is {_signed(chosen.bar_sums[0])}. A {names[chosen.crossing_label]} "
            f"gives {_signed(chosen.crossing_sums[0])}. With negative weights above and below the bar the sums are "
            f"{_signed(chosen.bar_sums[1])} and {_signed(chosen.crossing_sums[1])}."
        )

    def weights_by_hand(self) -> None:
        self.next_section("Weights set by hand")
        stage = self.stage
        rows, columns = bar_place(self.side)
        step = stage.EXTENT / self.side
        centres = grid(self.side, (0, stage.weight_picture.get_y()), stage.EXTENT).reshape(self.side, self.side, 3)
        bar = centres[rows, columns].reshape(-1, 3)
        size = min(theme.LABEL_SIZE, max(theme.SMALLEST_SIZE, 0.9 * 135 * step * (rows.stop - rows.start)))
        one = Number(1, size=size, colour=theme.BACKGROUND).move_to(bar.mean(axis=0))
        zero = Number(0, size=theme.LABEL_SIZE).move_to(
            (0, stage.weight_picture.get_bottom()[1] + 0.3 * stage.EXTENT, 0)
        )
        self.marks = VGroup(one, zero)
        with self.caption(
            "Weights set by hand: 1 on a bar, 0 elsewhere.",
            FadeIn(stage.frames[1]),
            FadeIn(stage.names[1]),
            moves="A dark picture of weights appears, with a blue bar across its upper half.",
        ):
            self.play(FadeIn(stage.weight_picture))
            self.play(FadeIn(self.marks))

    def a_bar(self) -> None:
        self.next_section("A bar")
        stage = self.stage
        rows, columns = bar_place(self.side)
        cells = stage.pixels.window(rows.start, columns.start, rows.stop - rows.start, columns.stop - columns.start)
        corners = stage.pixels.points.reshape(-1, 2, 3)[cells].reshape(-1, 3)
        low, high = corners.min(axis=0), corners.max(axis=0)
        place = Rectangle(width=high[0] - low[0], height=high[1] - low[1], color=theme.POSITIVE, stroke_width=3)
        place.move_to((low + high) / 2)
        pixels = int(np.count_nonzero(self.bar))
        with self.caption(
            f"On this {self.class_names[self.chosen.bar_label]} only the bar's {pixels} pixels count. "
            f"Their sum: {self.chosen.bar_sums[0]:.1f}.",
            FadeIn(stage.pixels, shift=0.3 * RIGHT),
            FadeIn(VGroup(stage.frames[0], stage.names[0])),
            FadeOut(self.marks),
            moves="A digit appears to the left of the weights. A mark runs over both; to the right product after "
            "product appears, and the sum grows.",
        ):
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
        with self.caption(
            f"This {self.class_names[self.chosen.crossing_label]} has no bar, and {reaches} "
            f"{_signed(self.chosen.crossing_sums[0])}.",
            Transform(stage.pixels, stage.pixels.copy().set_brightness(image)),
            Transform(stage.product_picture, nothing),
            moves="Another digit takes the place of the first, and its products add up.",
        ):
            stage.show(activations=image)
            stage.clear_sum()
            self.play(AddUpProducts(stage))

    def the_surround(self) -> None:
        self.next_section("The surround")
        stage = self.stage
        target = stage.weight_picture.copy().show(self.edge, 1.0)
        with self.caption(
            f"Weights of −1/2 above and below take off what is bright there: {_signed(self.chosen.crossing_sums[1])}.",
            Transform(stage.weight_picture, target, run_time=theme.FLOW),
            moves="Red strips appear above and below the blue bar of weights; red products join the blue ones, and the "
            "sum falls.",
        ):
            stage.show(weights=self.edge)
            self.play(ChangeProducts(stage, run_time=1.4 * theme.FLOW))

    def a_bar_again(self) -> None:
        self.next_section("A bar, once more")
        stage = self.stage
        bar = stage.pixels.copy().set_brightness(self.chosen.bar_image)
        with self.caption(
            f"A bar between dark strips keeps {_signed(self.chosen.bar_sums[1])}: an edge detector.",
            Transform(stage.pixels, bar, run_time=theme.STEP),
            moves="The first digit is back; its products are nearly all blue, and the sum jumps up.",
        ):
            stage.show(activations=self.chosen.bar_image)
            self.play(ChangeProducts(stage))
            self.play(Indicate(stage.total, 1.25, theme.ANSWER))


class ChangeProducts(Animation):
    """All products go at once from those that are shown to the present ones, and the sum counts along."""

    def __init__(self, stage: WeightedSum, **options: Any) -> None:
        self.stage = stage
        self.before, self.after = stage.product_picture.weights.astype(float), stage.products
        super().__init__(Group(stage.product_picture, stage.total), **options)

    def interpolate_mobject(self, alpha: float) -> None:
        share = self.rate_func(alpha)
        products = self.before + (self.after - self.before) * share
        self.stage.product_picture.show(products, self.stage.limit)
        self.stage.total.set_value(self.stage.sum if alpha >= 1 else float(products.sum()))
