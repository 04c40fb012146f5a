"""ARowTimesAColumn: a row of the network's own weights meets the activations, and the sum swings up and down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Arrow,
    FadeIn,
    FadeOut,
    Group,
    Indicate,
    Mobject,
    RoundedRectangle,
    VGroup,
    smooth,
    squish_rate_func,
)

from network import ForwardPass
from network.analysis.neurons import row_to_show
from network.analysis.rounding import places_that_add_up
from scenes.kit import theme
from scenes.kit.animations.matrix_sweep import AccumulateDotProduct, SweepRow
from scenes.kit.layout import STAGE_BOTTOM, STAGE_MIDDLE, STAGE_TOP, ColumnLayout, column
from scenes.kit.matrix_layout import first_and_last
from scenes.kit.mobjects.matrix import MatrixVectorProduct
from scenes.kit.mobjects.named_inputs import NamedInputs
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.running_sum import RunningSum
from scenes.kit.mobjects.text import Words
from scenes.language import _, _w, together
from scenes.part_09_notation.first_terms import FirstTermsFirst, LargeTerm, shown_first
from scenes.part_09_notation.grounds import put_on_grounds
from scenes.part_09_notation.layer_in_blocks import formula_above_blocks
from scenes.part_09_notation.one_picture_scene import OnePictureScene
from scenes.part_09_notation.short_formula import WIDEST
from scenes.wording import class_in_words, function_name, in_words, is_digit, number, ordinal

# The greatest height of a product with the sum beneath it.
HIGHEST_PRODUCT = 4.2
# Before that, so much is left above it for the picture that its column of activations comes from.
ROOM_ABOVE = 2.2
# The type of the running sum, in pixels an em.
_RUNNING_SIZE = 54
# A table with more columns shows only the first ones of a row above the product.
_MOST_NAMED = 4
# How long a row takes to go to the column, at least; and how long its terms take to add up, at least.
_SWEEP, _ADDING = 2.0, 2.4
# How long each of the first terms stands alone, and the share of it in which the bar moves.
_A_TERM, _MOVING = 1.3, 0.6


class ARowTimesAColumn(OnePictureScene):
    """One row of the weights meets the activations, in the network's real numbers."""

    @cached_property
    def place(self) -> tuple[int, int]:
        """The layer that is shown, and the row of its weights."""
        return row_to_show(self.forward)

    def construct(self) -> None:
        self.layer, self.row = self.place
        self.knobs = self.network.layers[self.layer]
        self.arrange_the_product()
        self.the_row()
        self.the_sum()
        self.end()

    def alternative_text(self) -> str:
        forward, (layer, row) = self.forward, self.place
        return _(
            "A matrix of real weights times a column of real activations. Row {row} is laid beside the column, "
            "{products} products add up, the bias is added: {sum}, which becomes the activation {activation}.",
            row=row,
            products=number(self.network.layers[layer].n_in, thousands=False),
            sum=number(forward.weighted_sums[layer][row], 2),
            activation=number(forward.activations[layer][row], 2),
        )

    def arrange_the_product(self) -> None:
        """The product, as large as will fit, and its place when its running sum is beneath it."""
        self.product = put_on_grounds(numeric_product(self.forward, self.layer, self.row))
        vector = self.product.vector
        if not self.layer and vector.neurons is not None and self.takes_numbers:
            vector.neurons.set_brightness(self.brightness(self.forward.input)[vector.rows])
        self.product.labels.remove(self.product.labels[4])  # how many rows and columns: nobody speaks of it here
        self.places = places_that_add_up(self.forward, self.layer, self.row)
        self.running = RunningSum(self.product, self.row, self.places, _RUNNING_SIZE)
        whole = Group(self.product.copy(), self.running.copy()).arrange(DOWN, buff=0.35).move_to((0, STAGE_MIDDLE, 0))
        self.place_with_sum = whole[0].get_center()
        self.running.move_to(whole[1])
        # Before the sum comes, the product takes all the room beneath the picture that its column comes from.
        widest = self.product.width + self.product.lane_in_ems * self.product.weights.em
        highest = STAGE_TOP - STAGE_BOTTOM - ROOM_ABOVE
        self.larger = float(np.clip(min(WIDEST / widest, highest / self.product.height), 1, 1.3))
        self.product.hide_result().scale(self.larger)
        self.product.move_to((0, STAGE_BOTTOM + 0.1, 0), aligned_edge=DOWN)

    def which_row(self) -> str:
        """Which layer is computed now, for which picture: "our three", "our picture"."""
        digits = self.digits()
        name = digits.class_names[digits.labels[self.hero]]
        if self.takes_numbers:
            return _(
                "Let's do one for real, with numbers of our table, in the <bookmark mark='row'/> {first} layer.",
                first=ordinal(self.layer),
            )
        if is_digit(name):
            return _(
                "Take one neuron of the {first} layer, looking at our {digit}: <bookmark mark='row'/> add up its whole "
                "row.",
                digit=class_in_words(name),
                first=ordinal(self.layer),
            )
        return _(
            "Take one neuron of the {first} layer, looking at our picture: <bookmark mark='row'/> add up its whole "
            "row.",
            first=ordinal(self.layer),
        )

    def where_from(self) -> Group:
        """The picture above the column of activations; between them, the layer before, if there is one."""
        top = self.product.get_top()[1]
        extent = min(1.9, STAGE_TOP - top - 0.3)
        x, y = self.product.vector.get_x(), STAGE_TOP - extent / 2
        digit = self.row_of_a_table(extent, (x, y)) if self.takes_numbers else self.digit(extent, (x, y))
        below = (x, top - 0.02, 0)
        if not self.layer:
            return Group(digit, arrow_to(digit.get_bottom() + 0.08 * DOWN, below))
        words = Words(_("layer {number}", number=self.layer), 48)
        box = RoundedRectangle(
            corner_radius=0.15, width=words.width + 0.6, height=1.0, color=theme.NEUTRAL, stroke_width=3
        )
        before = VGroup(box, words).move_to((x, y, 0))
        digit.move_to(box.get_left() + (1.2 + extent / 2) * LEFT)
        across = arrow_to(digit.get_right() + 0.1 * RIGHT, box.get_left() + 0.1 * LEFT)
        return Group(digit, before, across, arrow_to(before.get_bottom() + 0.08 * DOWN, below))

    def digit(self, extent: float, centre: tuple[float, float]) -> Mobject:
        return PixelGrid(self.forward.input, extent, centre).without_outlines()

    def row_of_a_table(self, height: float, centre: tuple[float, float]) -> Mobject:
        """The row that goes in: its names and numbers, as many as there is room for."""
        digits = self.digits()
        count = len(digits.inputs) if len(digits.inputs) <= _MOST_NAMED else _MOST_NAMED - 1
        places = replace(column(min(len(digits.inputs), _MOST_NAMED), centre, height), diameter=0)
        first = ColumnLayout(places.centres[:count], 0, places.shown[:count], places.dots)
        named = NamedInputs(first, digits.inputs[:count], self.forward.input[:count], digits.places[:count])
        if count < len(digits.inputs):
            named.add(Words("…", theme.LABEL_SIZE, theme.QUIET_TEXT).move_to(places.centres[count] + LEFT))
        return named.move_to((*centre, 0))

    def the_row(self) -> None:
        self.next_section(_("A row"))
        formula, _parts, blocks = formula_above_blocks(self.forward, self.brightness(self.forward.input))
        where_from = self.where_from()
        with self.voiceover(
            self.which_row(),
            moves=_(
                "The formula and its blocks give way to a matrix of blue and red numbers, a column of activations and "
                "a column of biases; above them stands where the activations come from, our picture. Then row {row} "
                "turns upright and stops beside the activations; the pairs light up in turn.",
                row=self.row,
            )
            if not self.takes_numbers
            else _(
                "The formula and its blocks give way to a matrix of blue and red numbers, a column of activations and "
                "a column of biases; above them stands where the activations come from, a row of the table. Then row "
                "{row} of the matrix turns upright and stops beside the activations; the pairs light up in turn.",
                row=self.row,
            ),
        ):
            self.add(formula, blocks)
            self.play(
                FadeOut(formula, blocks, scale=0.7, rate_func=squish_rate_func(smooth, 0, 0.6)),
                FadeIn(self.product, where_from, rate_func=squish_rate_func(smooth, 0.3, 1)),
                run_time=1.4,
            )
            self.wait_until_bookmark("row")
            self.play(
                FadeOut(where_from, run_time=theme.QUICK),
                self.product.animate(run_time=0.8).move_to((0, STAGE_MIDDLE, 0)),
            )
            self.play(SweepRow(self.product, self.row, run_time=_SWEEP))

    def the_sum(self) -> None:
        self.next_section(_("The sum"))
        forward, layer, row = self.forward, self.layer, self.row
        terms = float(self.running.partial_sums[-1])
        z, a = float(forward.weighted_sums[layer][row]), float(forward.activations[layer][row])
        bent = self.bent(a)
        few = shown_first(self.product)
        with self.voiceover(
            together(
                _(
                    "Weight times activation: the first {few} slowly, <bookmark mark='rest'/> then the rest in a rush: "
                    "<bookmark mark='total'/> {sum}.",
                    few=in_words(few),
                    sum=number(terms, self.places),
                )
                if few
                else _(
                    "Weight times activation, one after another: <bookmark mark='total'/> {sum}.",
                    sum=number(terms, self.places),
                ),
                _("<bookmark mark='bias'/> With the bias, {sum}.", sum=number(z, self.places)),
                bent,
            ),
            moves=_(
                "The first terms come one at a time, in large type, and then all others, fast; with each the sum "
                "changes and its bar moves. Then the bias is added, then comes the activation."
            )
            if few
            else _(
                "Term by term the sum changes and its bar moves; then the bias is added, then comes the activation."
            ),
        ) as tracker:
            running: Group = self.running
            if few:
                large = LargeTerm(self.running, few).move_to(self.running.numbers).shift(0.4 * UP)
                running = Group(large, self.running.bar, self.running.zero)
            self.play(
                FadeIn(running, rate_func=squish_rate_func(smooth, 0.5, 1)),
                self.product.animate.scale(1 / self.larger).move_to(self.place_with_sum),
                run_time=0.8,
            )
            # The sum, the bias and the activation each come when they are spoken of.
            one_by_one = [(k + moved) * _A_TERM for k in range(few) for moved in (0, _MOVING)]
            slow = max(tracker.time_until_bookmark("rest"), few * _A_TERM) if few else 0.0
            summed = max(tracker.time_until_bookmark("total"), slow + _ADDING)
            added = max(tracker.time_until_bookmark("bias"), summed) + 0.2
            squashed = max(tracker.time_until_bookmark("bent") if bent else 0.0, added + 0.9) + 0.2
            moments = np.array([*one_by_one, slow, summed, added, added + 0.9, squashed, squashed + 0.9])
            a_term = AccumulateDotProduct.SUMMED / self.running.terms
            # Just below a whole number of terms, so that rounding does not begin the next one.
            whole = [max(a_term * terms - 1e-9, 0) for terms in range(few + 1)]
            shares = (
                *(whole[step // 2 + step % 2] for step in range(len(one_by_one))),
                *(whole[few], AccumulateDotProduct.SUMMED, AccumulateDotProduct.SUMMED),
                *(AccumulateDotProduct.BIASED, AccumulateDotProduct.BIASED, 1),
            )

            def in_time(alpha: float) -> float:
                return float(np.interp(alpha, moments / moments[-1], shares))

            how: dict[str, Any] = {"run_time": float(moments[-1]), "rate_func": in_time}
            self.play(
                FirstTermsFirst(self.product, self.row, self.running, large, **how)
                if few
                else AccumulateDotProduct(self.product, self.row, self.running, **how)
            )
            if bent:
                self.wait_until_bookmark("bright")
            self.play(Indicate(self.product.result, 1.15, None))

    def bent(self, activation: float) -> str:
        """What the layer's function makes of the sum; empty where there is none."""
        function = function_name(self.knobs.activation)
        if not function.sign:
            return ""
        value, bright = number(activation, 2), self.how_bright(activation)
        if self.knobs.activation == "sigmoid":
            return _(
                "<bookmark mark='bent'/> Squashed, {value}: <bookmark mark='bright'/> {bright}.",
                value=value,
                bright=bright,
            )
        return _(
            "<bookmark mark='bent'/> Through {function}, {value}: <bookmark mark='bright'/> {bright}.",
            function=function.with_article,
            value=value,
            bright=bright,
        )

    def how_bright(self, activation: float) -> str:
        """What an activation means for the neuron, to end a sentence."""
        if activation < 0.02:
            return _w("after a colon", "dark")
        if activation < 0.25:
            return _w("after a colon", "nearly dark")
        if activation > 0.75:
            return _w("after a colon", "bright")
        return _w("after a colon", "half bright")


def numeric_product(forward: ForwardPass, layer: int, row: int) -> MatrixVectorProduct:
    """The product with real numbers, as large as fits; the chosen row is among those that are shown.

    Most of a picture is black, so in the first layer the columns are those of the brightest pixels.
    """
    knobs = forward.network.layers[layer]
    rows = sorted({*first_and_last(knobs.n_out, 1, 1), row})
    inputs = forward.inputs_of(layer)
    bright = np.argsort(-inputs, kind="stable")
    for count in (4, 3):
        columns: Sequence[int] = first_and_last(knobs.n_in, count - 1, 1)
        if layer == 0 and knobs.n_in > 7:
            columns = sorted(bright[:count].tolist())
        for size in (56, 52, 48, 44, 40, 36):
            product = MatrixVectorProduct(forward, layer, rows=rows, columns=columns, size=size, indices=layer == 0)
            wide = product.width + product.lane_in_ems * product.weights.em
            if wide <= WIDEST and product.height <= HIGHEST_PRODUCT:
                return product
    return product


def arrow_to(start: np.ndarray, stop: np.ndarray | tuple[float, float, float]) -> Arrow:
    """A thin arrow from one mobject to the next."""
    return Arrow(start, stop, buff=0, color=theme.NEUTRAL, stroke_width=3, tip_length=0.16)
