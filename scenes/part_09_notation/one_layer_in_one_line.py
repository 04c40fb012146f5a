"""OneLayerInOneLine: the long sum of one neuron is sorted into a column, a matrix and a bias vector: a = σ(Wa + b)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from manim import (
    DOWN,
    UP,
    Animation,
    AnimationGroup,
    FadeIn,
    FadeOut,
    LaggedStart,
    Mobject,
    Transform,
    TransformFromCopy,
    VGroup,
    rush_from,
)

from scenes.kit import theme
from scenes.kit.animations.paths import along_a_lane
from scenes.kit.layout import STAGE_MIDDLE
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.matrix import MatrixVectorProduct
from scenes.kit.mobjects.symbols import Symbol, in_a_line
from scenes.part_09_notation.one_picture_scene import OnePictureScene
from scenes.part_09_notation.short_formula import WIDEST, function_of_any, short_formula
from scenes.wording import function_name

# Where a formula stands above the product it is about.
FORMULA_Y = 2.75
# The size of the formula written out, in pixels an em, and the middle of the product.
FORMULA_SIZE, PRODUCT_Y = 72, -0.55


class OneLayerInOneLine(OnePictureScene):
    """The long sum of one neuron is sorted into a column, a matrix and a bias vector, and becomes one short line."""

    def construct(self) -> None:
        self.product = MatrixVectorProduct(self.forward, 0, symbols=True)
        self.product.scale(min(1.35, (WIDEST - 1) / self.product.width, 4.7 / self.product.height))
        self.product.move_to((0, PRODUCT_Y, 0))
        self.layer = self.network.layers[0]
        self.one_neuron()
        self.a_column_and_a_row()
        self.all_rows()
        self.the_function()
        self.one_line()
        self.end()

    def alternative_text(self) -> str:
        layer = self.network.layers[0]
        spoken = function_name(layer.activation).spoken
        of = f"{spoken} of " if spoken else ""
        return (
            f"The weighted sum of one neuron is sorted: its {layer.n_in} activations into a column, its weights into "
            f"the first of the {layer.n_out} rows of a matrix, the biases b 0 to b {layer.n_out - 1} into a column. "
            f"What is left is one line: the next activations are {of}W times a plus b."
        )

    def one_neuron(self) -> None:
        self.next_section("One neuron")
        self.written_out = in_a_line(self.long_sum(), FORMULA_SIZE, WIDEST - 0.6).shift(STAGE_MIDDLE * UP)
        sign = function_name(self.layer.activation).sign
        with self.voiceover(
            f"One neuron, written out: {self.layer.n_in} products, a bias, {f'and {sign}' if sign else 'no more'}.",
            moves="The formula of the first neuron's activation appears, from left to right.",
        ):
            self.play(LaggedStart(*(FadeIn(part, shift=0.15 * UP) for part in self.written_out), lag_ratio=0.06))
            self.wait(0.8)
            self.play(self.written_out.animate.shift((FORMULA_Y - STAGE_MIDDLE) * UP))

    def long_sum(self) -> list[Symbol]:
        """The first neuron's activation written out; those of its symbols that fly later are kept by name."""
        product = self.product
        weights = [product.weights.entries[k].source for k in range(len(product.weights.columns))]
        inputs = product.vector.entries.texts
        self.result_here = Symbol(product.result.entries.texts[0], colour=theme.ACTIVATIONS_SYMBOL)
        self.weights_here = [Symbol(source, colour=theme.WEIGHTS_SYMBOL) for source in weights]
        self.inputs_here = [Symbol(source, colour=theme.ACTIVATIONS_SYMBOL) for source in inputs]
        self.bias_here = Symbol(product.biases.entries.texts[0], colour=theme.BIASES_SYMBOL)
        dotted = len(inputs) < self.network.sizes[0]
        line: list[Symbol] = []
        for number, (weight, value) in enumerate(zip(self.weights_here, self.inputs_here, strict=True)):
            if number:
                line.append(Symbol("+"))
            if number and number == len(inputs) - 1 and dotted:
                line += [Symbol("dots.c", colour=theme.NEUTRAL), Symbol("+")]
            line += [weight, value]
        line += [Symbol("+"), self.bias_here]
        if product.function_name is not None:
            line = [Symbol(product.function_name), Symbol("\\("), *line, Symbol("\\)")]
        return [self.result_here, Symbol("="), *line]

    def a_column_and_a_row(self) -> None:
        self.next_section("A column and a row")
        vector, weights = self.product.vector, self.product.weights
        self.first = list(weights.entries)[: len(weights.columns)]
        with self.voiceover(
            "Its activations make a column, its weights a row.",
            moves="The letters a fly out of the formula and form a column in brackets; then the letters w fly into the "
            "first row of a matrix.",
        ):
            self.play(FadeIn(vector.brackets), FadeIn(vector.dots), *flights(self.inputs_here, vector.entries))
            self.first_dots = weights.dots.copy()
            if isinstance(self.first_dots, Cells):
                of_first_row = 3 * (len(weights.column_slots) - len(weights.columns))
                self.first_dots.opacities = (np.arange(len(self.first_dots)) < of_first_row).astype(np.float32)
            self.play(FadeIn(weights.brackets, self.first_dots), *flights(self.weights_here, self.first))

    def all_rows(self) -> None:
        self.next_section("A row and a bias for each neuron")
        weights, biases = self.product.weights, self.product.biases
        n = self.layer.n_out
        rest = list(weights.entries)[len(weights.columns) :]
        last = f"k = {n - 1}" if len(biases.rows) < n else str(n - 1)
        with self.voiceover(
            f"{n} neurons: {n} rows and {n} biases, with indices 0 to {last}.",
            moves="The other rows of the matrix appear beneath, with dots for those left out; then b with index 0 "
            "flies into a second column, and the others appear beneath it.",
        ):
            rows = [VGroup(*rest[k : k + len(self.first)]) for k in range(0, len(rest), len(self.first))]
            moves: list[Animation] = [FadeIn(weights.dots)]
            if rows:
                moves.append(LaggedStart(*(FadeIn(row, shift=0.3 * DOWN) for row in rows), lag_ratio=0.5))
            if self.product.note is not None:
                moves.append(FadeIn(self.product.note))
            self.play(*moves, run_time=theme.FLOW)
            self.remove(self.first_dots)
            first, *others = biases.entries
            plus = self.product.signs[0]
            self.play(FadeIn(plus), FadeIn(biases.brackets), *flights([self.bias_here], [first]))
            if others:
                entries = [FadeIn(entry, shift=0.2 * DOWN) for entry in others]
                self.play(FadeIn(biases.dots), LaggedStart(*entries, lag_ratio=0.3))

    def the_function(self) -> None:
        self.next_section("The function")
        product, result = self.product, self.product.result
        signs = product.signs[1:]
        sign = function_name(self.layer.activation).sign
        acts = "squishes" if self.layer.activation == "sigmoid" else "acts on"
        with self.voiceover(
            f"{f'{sign} {acts} every entry' if sign else 'Added up'}: the next {self.layer.n_out} activations.",
            moves="Large parentheses close around the sum; to the right of an equals sign the result appears.",
        ):
            self.play(FadeIn(product.parentheses), FadeIn(signs))
            first, *rest = result.entries
            # Between the formula and the product, and not across them.
            lane = (self.written_out.get_bottom()[1] + product.get_top()[1]) / 2
            flight = TransformFromCopy(self.result_here, first, path_func=along_a_lane(lane), run_time=1.3 * theme.FLOW)
            self.play(FadeIn(result.brackets), flight)
            if rest:
                self.play(FadeIn(result.dots), LaggedStart(*(FadeIn(r, shift=0.2 * DOWN) for r in rest), lag_ratio=0.3))
            self.add(product)

    def one_line(self) -> None:
        self.next_section("One line")
        product = self.product
        self.short, parts = short_formula(product.function_name, "(1)", "(0)", "")
        self.short.shift(FORMULA_Y * UP)
        own: dict[str, Mobject] = {
            "W": product.weights,
            "a": product.vector,
            "b": product.biases,
            "plus": product.signs[0],
            "equals": product.signs[1],
            "result": product.result,
        }
        if product.function_name is not None:
            own |= {"function": product.signs[2], "opening": product.parentheses[0], "closing": product.parentheses[1]}
        self.remove(self.written_out)
        deeper = len(self.network.layers) > 1
        with self.voiceover(
            "All in one short line, and the same for every layer." if deeper else "All of it, in one short line.",
            moves="Each block of the product shrinks into its letter: W, a, b; above stands the short formula."
            + (" Then the product fades, and the formula's indices become those of any layer l." if deeper else ""),
        ):
            self.play(FadeOut(self.written_out, shift=0.3 * UP))
            moves = [
                # Numbers that shrink into their letter stay faintly in place, so that nothing is seen double.
                AnimationGroup(
                    own[name].animate(rate_func=rush_from).fade(0.75),
                    FadeOut(own[name].copy(), target_position=symbol.get_center(), scale=0.25),
                    FadeIn(symbol, target_position=own[name].get_center(), scale=2.0),
                )
                for name, symbol in parts.items()
            ]
            self.play(LaggedStart(*moves, lag_ratio=0.3), run_time=1.7 * theme.FLOW)
            if deeper:
                self.wait(theme.QUICK)
                self.every_layer()

    def every_layer(self) -> None:
        """The product fades, and the indices in the line become those of any layer l."""
        general, _ = short_formula(function_of_any(self.network), "(l)", "(l-1)", "(l)")
        general.move_to((0, STAGE_MIDDLE, 0)).scale(1.15)
        if len(self.short) == len(general):
            moves = [Transform(one, other) for one, other in zip(self.short, general, strict=True)]
        else:
            moves = [FadeOut(self.short), FadeIn(general)]
        self.play(FadeOut(self.product), *moves, run_time=theme.FLOW)


def flights(here: Sequence[Symbol], there: Any) -> list[Animation]:
    """Copies of symbols fly to their places."""
    return [TransformFromCopy(one, other, run_time=theme.FLOW) for one, other in zip(here, there, strict=True)]
