"""ARowTimesAColumn: a row of the network's own weights meets the activations; the sum swings, and NumPy agrees."""

from __future__ import annotations

from collections.abc import Sequence
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
    GrowArrow,
    Indicate,
    LaggedStart,
    RoundedRectangle,
    Transform,
    VGroup,
    smooth,
    squish_rate_func,
)

from network import ForwardPass
from network.analysis.examples import hero
from network.analysis.neurons import row_to_show
from network.analysis.rounding import places_that_add_up
from network.analysis.timing import sums_both_ways
from scenes.kit import theme
from scenes.kit.animations.matrix_sweep import AccumulateDotProduct, SweepRow
from scenes.kit.layout import STAGE_BOTTOM, STAGE_MIDDLE, STAGE_TOP
from scenes.kit.matrix_layout import first_and_last
from scenes.kit.mobjects.matrix import MatrixVectorProduct
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.running_sum import RunningSum
from scenes.kit.mobjects.text import Number, Words
from scenes.part_09_notation.grounds import put_on_grounds
from scenes.part_09_notation.one_picture_scene import OnePictureScene
from scenes.part_09_notation.short_formula import WIDEST
from scenes.wording import class_in_words, function_name, in_words, number, ordinal, round_bound

# The greatest height of a product with the sum beneath it.
HIGHEST_PRODUCT = 4.2
# Before that, so much is left above it for the picture that its column of activations comes from.
ROOM_ABOVE = 2.2
# The type of the running sum, in pixels an em.
_RUNNING_SIZE = 44


class ARowTimesAColumn(OnePictureScene):
    """One row of the weights meets the activations, in the network's real numbers; NumPy is asked as well."""

    @cached_property
    def place(self) -> tuple[int, int]:
        """The layer that is shown, and the row of its weights."""
        return row_to_show(self.forward)

    def construct(self) -> None:
        self.layer, self.row = self.place
        self.knobs = self.network.layers[self.layer]
        self.arrange_the_product()
        self.the_numbers()
        self.the_row()
        self.the_sum()
        self.all_rows()
        self.end()

    def alternative_text(self) -> str:
        forward, (layer, row) = self.forward, self.place
        return (
            f"A matrix of real weights times a column of real activations. Row {row} is laid beside the column, "
            f"{self.network.layers[layer].n_in} products add up, the bias is added: "
            f"{number(forward.weighted_sums[layer][row], 2)}, which becomes the activation "
            f"{number(forward.activations[layer][row], 2)}. NumPy's matrix product gives the same."
        )

    def arrange_the_product(self) -> None:
        """The product, as large as will fit, and its place when its running sum is beneath it."""
        self.product = put_on_grounds(numeric_product(self.forward, self.layer, self.row))
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

    @property
    def called(self) -> str:
        """What the picture is called in a sentence: "our three", "our picture"."""
        digits = self.digits()
        name = digits.class_names[digits.labels[hero(self.network, digits)]]
        return f"our {class_in_words(name) if len(name) == 1 else 'picture'}"

    def the_numbers(self) -> None:
        self.next_section("The numbers")
        top = self.product.get_top()[1]
        extent = min(1.9, STAGE_TOP - top - 0.3)
        x, y = self.product.vector.get_x(), STAGE_TOP - extent / 2
        digit = PixelGrid(self.forward.input, extent, (x, y)).without_outlines()
        column = "the picture itself, pixel by pixel"
        above, ways, before = "the picture itself", [], VGroup()
        if self.layer:
            # This column does not hold the picture, but what the layer before makes of it.
            words = Words(f"layer {self.layer}", theme.LABEL_SIZE)
            box = RoundedRectangle(
                corner_radius=0.15, width=words.width + 0.6, height=1.0, color=theme.NEUTRAL, stroke_width=3
            )
            before = VGroup(box, words).move_to((x, y, 0))
            digit.move_to(box.get_left() + (1.2 + extent / 2) * LEFT)
            ways.append(arrow_to(digit.get_right() + 0.1 * RIGHT, box.get_left() + 0.1 * LEFT))
            column = f"what the {ordinal(self.layer - 1)} layer has made of it"
            above = f"a digit with an arrow to layer {self.layer}, and one from there down to the activations"
        ways.append(arrow_to((before if self.layer else digit).get_bottom() + 0.08 * DOWN, (x, top - 0.02, 0)))
        self.where_from = Group(digit, before, *ways)
        with self.voiceover(
            f"Let's do one for real: the {ordinal(self.layer)} layer, and {self.called}. "
            f"<bookmark mark='column'/> The column holds {column}.",
            moves=f"A matrix of blue and red numbers, a column of activations and a column of biases appear; above "
            f"them {above}.",
        ):
            self.add(digit)
            self.play(FadeIn(self.product), FadeIn(before))
            self.wait_until_bookmark("column")
            for way in ways:
                self.play(GrowArrow(way), run_time=theme.QUICK)
            self.play(Indicate(self.product.vector.brackets, 1.08, theme.ACTIVATIONS_SYMBOL))

    def the_row(self) -> None:
        self.next_section("A row")
        with self.voiceover(
            "Take this row, <bookmark mark='row'/> and lay it next to the column.",
            moves=f"The digit goes. Row {self.row} turns upright and stops beside the activations; the pairs light up "
            "in turn.",
        ):
            self.play(FadeOut(self.where_from), self.product.animate.move_to((0, STAGE_MIDDLE, 0)), run_time=0.8)
            self.play(SweepRow(self.product, self.row, run_time=3.2))

    def the_sum(self) -> None:
        self.next_section("The sum")
        forward, layer, row = self.forward, self.layer, self.row
        terms = float(self.running.partial_sums[-1])
        z, a = float(forward.weighted_sums[layer][row]), float(forward.activations[layer][row])
        function = function_name(self.knobs.activation)
        bent = "Squashed" if function.name == "sigmoid" else f"Through {function.with_article}" if function.sign else ""
        ending = f" <bookmark mark='bent'/> {bent}, that's {number(a, 2)}{self.how_bright(a)}." if bent else ""
        with self.voiceover(
            "Weight times activation, one after another; and the sum swings up and down. "
            f"<bookmark mark='total'/> After all {in_words(self.knobs.n_in)}, it stands at "
            f"{number(terms, self.places)}. "
            f"<bookmark mark='bias'/> With the bias, {number(z, self.places)}.{ending}",
            moves="Term by term the sum changes and its bar moves; then the bias is added, then comes the activation.",
        ) as tracker:
            self.play(
                FadeIn(self.running, rate_func=squish_rate_func(smooth, 0.5, 1)),
                self.product.animate.scale(1 / self.larger).move_to(self.place_with_sum),
                run_time=0.8,
            )
            # The bias is added when it is spoken of.
            until_bias = max(tracker.time_until_bookmark("bias"), 5.0)
            self.play(
                AccumulateDotProduct(
                    self.product, self.row, self.running, run_time=until_bias / AccumulateDotProduct.SUMMED
                )
            )
            if bent:
                self.wait_until_bookmark("bent")
            self.play(Indicate(self.product.result.brackets, 1.12, theme.ACTIVATIONS_SYMBOL))

    def how_bright(self, activation: float) -> str:
        """What an activation means for the neuron, to end a sentence."""
        if activation < 0.25:
            return ": this neuron stays dark" if activation < 0.02 else ": this neuron stays nearly dark"
        return ": this neuron lights up" if activation > 0.75 else ": this neuron glows a little"

    def all_rows(self) -> None:
        self.next_section("All rows")
        bright = self.product.copy().focus(None)
        bright.result.set_opacities(1)
        ours, numpys = sums_both_ways(self.forward, self.layer)
        difference = float(np.abs(ours - numpys).max())
        rows = self.both_sums(ours[self.row], numpys[self.row])
        with self.voiceover(
            f"And the same for all {in_words(len(ours))} rows. <bookmark mark='numpy'/> A program made for such "
            f"sums gets the same{agreement(difference)}.",
            moves="All rows are bright again, and the rest of the result appears. Beneath, two sums of the chosen row "
            "are set side by side: ours, and NumPy's.",
        ):
            self.play(
                FadeOut(self.running),
                Transform(self.product.weights, bright.weights),
                Transform(self.product.biases, bright.biases),
                Transform(self.product.result, bright.result),
            )
            self.wait_until_bookmark("numpy")
            self.play(LaggedStart(*(FadeIn(row, shift=0.15 * UP) for row in rows), lag_ratio=1.2, run_time=2))
            self.play(*(Indicate(row[1], 1.15, theme.TEXT) for row in rows))

    def both_sums(self, ours: float, numpys: float) -> VGroup:
        """The sum of the chosen row in two lines, where the running sum stands: ours, and NumPy's."""
        size = theme.TITLE_SIZE
        rows = VGroup()
        for line, (said, total) in enumerate((("Term by term:", ours), ("NumPy, W @ a + b:", numpys))):
            words, value = Words(said, size, theme.QUIET_TEXT), Number(float(total), 5, size)
            y = self.running.get_y() + (0.42 - 0.84 * line)
            rows.add(VGroup(words.move_to((0.9, y, 0), RIGHT), value.move_to((1.3, y, 0), LEFT)))
        return rows


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


def agreement(difference: float) -> str:
    """How closely two sums agree, to end a sentence, in words as far as they are easily said."""
    bound = round_bound(difference)
    places = len(bound.partition(".")[2])
    words = ((9, "a billionth"), (6, "a millionth"), (3, "a thousandth"), (2, "a hundredth"), (1, "a tenth"))
    return ", to within " + next((word for least, word in words if places >= least), bound) if difference else ""


def arrow_to(start: np.ndarray, stop: Any) -> Arrow:
    """A thin arrow from one mobject to the next."""
    return Arrow(start, stop, buff=0, color=theme.NEUTRAL, stroke_width=3, tip_length=0.16)
