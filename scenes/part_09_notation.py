"""Part 9, Notation and linear algebra: a whole layer in one short line, compact and fast."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Animation,
    AnimationGroup,
    Arrow,
    FadeIn,
    FadeOut,
    Group,
    GrowArrow,
    LaggedStart,
    Mobject,
    RoundedRectangle,
    Transform,
    TransformFromCopy,
    VGroup,
    linear,
    rush_from,
    smooth,
    squish_rate_func,
)

from network import ForwardPass, Layer, Network
from network.timing import Timing, kept_timing, sums_by_loop
from scenes import theme
from scenes.layout import FRAME_WIDTH, SAFE_MARGIN, STAGE_BOTTOM, STAGE_TOP
from scenes.lesson_scene import LessonScene
from scenes.matrix_animations import AccumulateDotProduct, SweepRow
from scenes.matrix_layout import first_and_last
from scenes.mobjects.array_mobject import rgb
from scenes.mobjects.cells import Cells
from scenes.mobjects.code_panel import CodePanel
from scenes.mobjects.matrix import MatrixVectorProduct
from scenes.mobjects.numbers import Numbers
from scenes.mobjects.pixel_grid import PixelGrid
from scenes.mobjects.running_sum import RunningSum
from scenes.mobjects.symbols import Symbol
from scenes.mobjects.typesetting import Number, Words
from scenes.mobjects.weight_heatmap import WeightHeatmap, WeightScale, full_colour
from scenes.part_04_layers import digit_to_show
from scenes.places import ROOT

MIDDLE = (STAGE_TOP + STAGE_BOTTOM) / 2
WIDEST = FRAME_WIDTH - 2 * SAFE_MARGIN
# A product leaves so much of the stage to the sum beneath it.
HIGHEST_PRODUCT = 4.1
# Before that it leaves so much to what its column of activations comes from.
ROOM_ABOVE = 2.0
# Where a formula stands above the product it is about.
FORMULA_Y = 2.75
# The names of what is laid out in lines, in pixels an em.
NAME_SIZE = 76


class OneLayerInOneLine(LessonScene):
    """The long sum of one neuron is sorted into a column, a matrix and a column, and becomes one short line."""

    def construct(self) -> None:
        self.product = MatrixVectorProduct(shown_pass(self), 0, symbols=True)
        self.product.scale(min(1.35, (WIDEST - 1) / self.product.width, 4.7 / self.product.height))
        self.product.move_to((0, -0.55, 0))
        self.layer = self.network.layers[0]
        self.one_neuron()
        self.a_column_and_a_row()
        self.all_rows()
        self.the_function()
        self.one_line()
        self.end()

    def alternative_text(self) -> str:
        layer = self.network.layers[0]
        return (
            f"The weighted sum of one neuron is sorted: its {layer.n_in} activations into a column, its weights into "
            f"the first of the {layer.n_out} rows of a matrix, the biases b 0 to b {layer.n_out - 1} into a column. "
            f"What is left is one line: the next activations are {_SPOKEN[layer.activation]}W times a plus b."
        )

    def one_neuron(self) -> None:
        self.next_section("One neuron")
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
        function = product.function_name
        if function is not None:
            line = [Symbol(function), Symbol("\\("), *line, Symbol("\\)")]
        line = [self.result_here, Symbol("="), *line]
        self.written_out = in_a_line(line, 72, WIDEST - 0.6).shift(FORMULA_Y * UP)
        self.written_out.shift((MIDDLE - FORMULA_Y) * UP)
        with self.caption(
            f"One neuron, written out: {self.layer.n_in} products, a bias, {self.squish}.",
            moves="The formula of the first neuron's activation appears, from left to right.",
        ):
            self.play(LaggedStart(*(FadeIn(part, shift=0.15 * UP) for part in self.written_out), lag_ratio=0.06))
            self.wait(0.8)
            self.play(self.written_out.animate.shift((FORMULA_Y - MIDDLE) * UP))

    @property
    def squish(self) -> str:
        return {"sigmoid": "and σ", "relu": "and ReLU"}.get(self.layer.activation, "no more")

    def a_column_and_a_row(self) -> None:
        self.next_section("A column and a row")
        vector, weights = self.product.vector, self.product.weights
        self.first = list(weights.entries)[: len(weights.columns)]
        with self.caption(
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
        with self.caption(
            f"{n} neurons: {n} rows and {n} biases, with indices 0 to {last}.",
            moves="The other rows of the matrix appear beneath, with dots for those left out; then b with index 0 "
            "flies into a second column, and the others appear beneath it.",
        ):
            rows = [VGroup(*rest[k : k + len(self.first)]) for k in range(0, len(rest), len(self.first))]
            note = [] if self.product.note is None else [FadeIn(self.product.note)]
            self.play(
                FadeIn(weights.dots),
                LaggedStart(*(FadeIn(row, shift=0.3 * DOWN) for row in rows), lag_ratio=0.5),
                *note,
                run_time=theme.FLOW,
            )
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
        name = {"sigmoid": "σ squishes every entry", "relu": "ReLU acts on every entry"}.get(
            self.layer.activation, "Added up"
        )
        with self.caption(
            f"{name}: the next {self.layer.n_out} activations.",
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
        with self.caption(
            "All in one short line, and the same for every layer." if deeper else "All of it, in one short line.",
            FadeOut(self.written_out, shift=0.3 * UP),
            moves="Each block of the product shrinks into its letter: W, a, b; above stands the short formula."
            + (" Then the product fades, and the formula's indices become those of any layer l." if deeper else ""),
        ):
            moves = [
                # What is gathered in a letter stays faintly where it was, so that nothing is seen double.
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
        """The product goes, and the line gets the indices of any layer l."""
        general, _ = short_formula(function_of_any(self.network), "(l)", "(l-1)", "(l)")
        general.move_to((0, MIDDLE, 0)).scale(1.15)
        if len(self.short) == len(general):
            moves = [Transform(one, other) for one, other in zip(self.short, general, strict=True)]
        else:
            moves = [FadeOut(self.short), FadeIn(general)]
        self.play(FadeOut(self.product), *moves, run_time=theme.FLOW)


class ARowTimesAColumn(LessonScene):
    """One row of the weights meets the activations, with the network's real numbers, and NumPy is asked as well."""

    def construct(self) -> None:
        self.forward = shown_pass(self)
        self.layer, self.row = row_to_show(self.forward)
        self.knobs = self.network.layers[self.layer]
        self.product = numeric_product(self.forward, self.layer, self.row)
        self.places = places_that_add_up(self.forward, self.layer, self.row)
        self.running = RunningSum(self.product, self.row, self.places)
        whole = Group(self.product.copy(), self.running.copy()).arrange(DOWN, buff=0.4).move_to((0, MIDDLE, 0))
        self.place_with_sum = whole[0].get_center()
        self.running.move_to(whole[1])
        # Before the sum comes, the product is as large as may be, with room above it for where its column comes from.
        widest = self.product.width + self.product.lane_in_ems * self.product.weights.em
        highest = STAGE_TOP - STAGE_BOTTOM - ROOM_ABOVE
        self.larger = float(np.clip(min(WIDEST / widest, highest / self.product.height), 1, 1.3))
        self.product.hide_result().scale(self.larger)
        self.product.move_to((0, STAGE_BOTTOM + 0.1, 0), aligned_edge=DOWN)
        self.the_numbers()
        self.the_row()
        self.the_sum()
        self.all_rows()
        self.end()

    def alternative_text(self) -> str:
        forward = shown_pass(self)
        layer, row = row_to_show(forward)
        return (
            f"A matrix of real weights times a column of real activations. Row {row} is laid beside the column, "
            f"{self.network.layers[layer].n_in} products add up, the bias is added: "
            f"{forward.weighted_sums[layer][row]:.2f}, which becomes the activation "
            f"{forward.activations[layer][row]:.2f}. NumPy's matrix product gives the same."
        )

    def the_numbers(self) -> None:
        self.next_section("The numbers")
        top = self.product.get_top()[1]
        extent = min(1.7, STAGE_TOP - top - 0.4)
        x, y = self.product.vector.get_x(), STAGE_TOP - extent / 2
        digit = PixelGrid(self.forward.input, extent, (x, y))
        sentence, above = f"Layer {self.layer + 1} with its real numbers, for this picture.", "the picture itself"
        ways, before = [], VGroup()
        if self.layer:
            # The picture does not stand in this column, but what the layer before makes of it.
            words = Words(f"layer {self.layer}", theme.LABEL_SIZE)
            box = RoundedRectangle(
                corner_radius=0.15, width=words.width + 0.6, height=1.0, color=theme.NEUTRAL, stroke_width=3
            )
            before = VGroup(box, words).move_to((x, y, 0))
            digit.move_to(box.get_left() + (1.5 + extent / 2) * LEFT)
            ways.append(arrow_to(digit.get_right() + 0.1 * RIGHT, box.get_left() + 0.1 * LEFT))
            sentence = f"Layer {self.layer + 1} in real numbers: it gets layer {self.layer}'s answer to this picture."
            above = f"a digit with an arrow to layer {self.layer}, and one from there down to the activations"
        ways.append(arrow_to((before if self.layer else digit).get_bottom() + 0.08 * DOWN, (x, top - 0.02, 0)))
        self.where_from = Group(digit, before, *ways)
        with self.caption(
            sentence,
            FadeIn(self.product),
            FadeIn(digit, before),
            moves=f"A matrix of blue and red numbers, a column of activations and a column of biases appear; above "
            f"them {above}.",
        ):
            for way in ways:
                self.play(GrowArrow(way))

    def the_row(self) -> None:
        self.next_section("A row")
        with self.caption(
            f"Neuron {self.row}: its row is laid beside the column.",
            FadeOut(self.where_from),
            self.product.animate.move_to((0, MIDDLE, 0)),
            moves=f"The digit goes. Row {self.row} turns upright and stops beside the activations; the pairs light up "
            "in turn.",
        ):
            self.play(SweepRow(self.product, self.row, run_time=2.4 * theme.FLOW))

    def the_sum(self) -> None:
        self.next_section("The sum")
        function = {"sigmoid": ", then σ", "relu": ", then ReLU"}.get(self.knobs.activation, "")
        with self.caption(
            f"Weight times activation, {self.knobs.n_in} times, added up; then the bias{function}.",
            FadeIn(self.running, rate_func=squish_rate_func(smooth, 0.5, 1)),
            self.product.animate.scale(1 / self.larger).move_to(self.place_with_sum),
            moves="Term by term the sum changes and its bar moves; then the bias is added, then comes the activation.",
        ):
            self.play(AccumulateDotProduct(self.product, self.row, self.running, run_time=4.5 * theme.FLOW))
            self.wait(theme.QUICK)

    def all_rows(self) -> None:
        self.next_section("All rows")
        self.bring_back = self.product.copy().focus(None)
        self.bring_back.result.set_opacities(1)
        ours, numpys = sums_both_ways(self.forward, self.layer)
        size = theme.LABEL_SIZE + 4
        rows = VGroup()
        for said, value in (("Term by term:", ours[self.row]), ("NumPy, W @ a + b:", numpys[self.row])):
            rows.add(VGroup(Words(said, size, theme.QUIET_TEXT), Number(float(value), 5, size)))
        difference = float(np.abs(ours - numpys).max())
        rows.move_to((self.running.get_x(), self.running.get_y(), 0))
        for number, (words, value) in enumerate(rows):
            y = self.running.get_y() + (0.33 - 0.66 * number)
            words.move_to((-0.2, y, 0), aligned_edge=RIGHT)
            value.move_to((0.2, y, 0), aligned_edge=LEFT)
        with self.caption(
            f"So for all {len(ours)} rows; NumPy agrees, to within {bound(difference)}.",
            FadeOut(self.running),
            moves="All rows are bright again, and the rest of the result appears. Beneath, two sums of the chosen row "
            "are set side by side: ours, and NumPy's.",
        ):
            self.play(
                *(
                    Transform(part, target)
                    for part, target in (
                        (self.product.weights, self.bring_back.weights),
                        (self.product.biases, self.bring_back.biases),
                        (self.product.result, self.bring_back.result),
                    )
                )
            )
            self.play(LaggedStart(*(FadeIn(row, shift=0.15 * UP) for row in rows), lag_ratio=0.6))


class AllRowsAtOnce(LessonScene):
    """The picture and every neuron's weights as lines of all their numbers: products, sums, activations."""

    LEFT_EDGE, RIGHT_EDGE = -6.65, 2.3
    # The middles of what stands to the right of the lines: W a, + b, = z, σ(z).
    RESULTS = (3.05, 4.1, 5.15, 6.25)
    TOP, BOTTOM = 2.1, -2.65

    def construct(self) -> None:
        self.forward = shown_pass(self)
        self.knobs = self.network.layers[0]
        n = self.knobs.n_out
        self.step = min((self.TOP - self.BOTTOM) / n, 0.4)
        middle = (self.TOP + self.BOTTOM) / 2
        self.lines = middle + ((n - 1) / 2 - np.arange(n)) * self.step
        self.line_of_pixels = self.lines[0] + self.step / 2 + 0.45
        self.the_picture()
        self.the_weights()
        self.the_products()
        self.the_results()
        self.end()

    def alternative_text(self) -> str:
        layer = self.network.layers[0]
        return (
            f"A picture is unrolled into one line of {layer.n_in} pixels, and the weight pictures of {layer.n_out} "
            f"neurons into as many coloured lines beneath it. Multiplied by the pixels only some stretches stay lit; "
            f"every line then shrinks into its sum, and each sum becomes an activation."
        )

    def laid_out(self, cells: Cells, y: float, height: float) -> Cells:
        """A copy whose cells stand side by side in one line from edge to edge."""
        laid = cells.copy()
        edges = np.linspace(self.LEFT_EDGE, self.RIGHT_EDGE, len(cells) + 1)
        laid.points[0::2] = np.stack([edges[:-1], np.full(len(cells), y - height / 2), np.zeros(len(cells))], axis=1)
        laid.points[1::2] = np.stack([edges[1:], np.full(len(cells), y + height / 2), np.zeros(len(cells))], axis=1)
        laid.stroke_widths = np.zeros(len(cells), np.float32)
        return laid

    def the_picture(self) -> None:
        self.next_section("The picture")
        self.pixels = PixelGrid(self.forward.input, 4.6, (0, MIDDLE))
        name = Symbol("a^((0))", NAME_SIZE, theme.ACTIVATIONS_SYMBOL)
        name.put((self.LEFT_EDGE + name.width / 2, self.line_of_pixels + 0.65, 0))
        self.name_of_pixels = name
        with self.caption(
            f"All {self.knobs.n_in} pixels in one line.",
            FadeIn(self.pixels),
            moves="The picture's rows of pixels are laid end to end in one long line at the top.",
        ):
            self.wait(0.4)
            line = self.laid_out(self.pixels, self.line_of_pixels, 0.42)
            self.play(Unroll(self.pixels, line), run_time=1.3 * theme.FLOW)
            self.play(FadeIn(name), run_time=theme.QUICK)

    def the_weights(self) -> None:
        self.next_section("The weights")
        n = self.knobs.n_out
        columns = min(n, 8 if n <= 16 else 12 if n <= 36 else 20)
        rows = -(-n // columns)
        room = min((self.RIGHT_EDGE - self.LEFT_EDGE) / columns, (self.lines[0] - self.lines[-1] + self.step) / rows)
        left = (self.LEFT_EDGE + self.RIGHT_EDGE) / 2 - (columns - 1) / 2 * room
        middle = float(self.lines.mean())
        black = never_lit(self)
        limit = full_colour(self.knobs.weights[:, ~black], 0.99)
        self.strips = [
            WeightHeatmap(
                row,
                limit,
                black,
                0.9 * room,
                (left + j % columns * room, middle + ((rows - 1) / 2 - j // columns) * room),
            )
            for j, row in enumerate(self.knobs.weights)
        ]
        for strip in self.strips:
            strip.opacities[black] = 0.45  # they say nothing, and should not be the first to be seen
        height = 0.86 * self.step
        unseen = "always black in training" if black.any() else ""
        self.name_of_weights = Symbol("W^((1))", NAME_SIZE, theme.WEIGHTS_SYMBOL)
        self.name_of_weights.put((self.RIGHT_EDGE + 0.85, middle, 0))
        with self.caption(
            f"And so the weights of each neuron: {n} rows.",
            LaggedStart(*(FadeIn(strip) for strip in self.strips), lag_ratio=0.05),
            moves="The weight pictures of all neurons appear, and each is laid out as one line, one beneath another.",
        ):
            targets = [self.laid_out(s, y, height) for s, y in zip(self.strips, self.lines, strict=True)]
            moves = [Unroll(strip, target) for strip, target in zip(self.strips, targets, strict=True)]
            self.play(LaggedStart(*moves, lag_ratio=0.04), run_time=1.6 * theme.FLOW)
            self.scale = WeightScale(limit, 2.6, unseen, beyond=True).move_to(
                (self.name_of_weights.get_x() + 1.9, middle, 0)
            )
            self.play(FadeIn(self.name_of_weights, self.scale), run_time=theme.QUICK)

    def the_products(self) -> None:
        self.next_section("The products")
        flows = self.forward.contributions(0)
        limit = full_colour(flows[:, self.forward.input > 0], 0.96)
        products = [strip.copy().set_signed(flow, limit) for strip, flow in zip(self.strips, flows, strict=True)]
        for product in products:
            product.opacities = np.ones(len(product), np.float32)
        lit = int(np.count_nonzero(self.forward.input))
        with self.caption(
            f"Times the pixels: only the {lit} lit ones count.",
            FadeOut(self.name_of_weights, self.scale),
            moves="From top to bottom, the lines go dark wherever the pixel above is black; a new scale is beside.",
        ):
            name = Symbol("w a", NAME_SIZE).put(self.name_of_weights.middle)
            scale = WeightScale(limit, 2.6, beyond=True).move_to(self.scale)
            self.scale = Group(name, scale)
            moves = [Transform(strip, product) for strip, product in zip(self.strips, products, strict=True)]
            self.play(LaggedStart(*moves, lag_ratio=0.1), FadeIn(self.scale), run_time=1.6 * theme.FLOW)

    def the_results(self) -> None:
        self.next_section("The results")
        z, a, biases = self.forward.weighted_sums[0], self.forward.activations[0], self.knobs.biases
        sums = self.forward.contributions(0).sum(axis=1, dtype=np.float64)
        x = self.RESULTS[0]
        targets = []
        for strip, y in zip(self.strips, self.lines, strict=True):
            target = strip.copy()
            target.points[:, 0] = x + 0.1 * (target.points[:, 0] - self.LEFT_EDGE) / (self.RIGHT_EDGE - self.LEFT_EDGE)
            target.points[:, 1] = y + 0.7 * (target.points[:, 1] - y)
            targets.append(target)
        neurons = Cells(
            np.stack([np.full(len(a), self.RESULTS[3]), self.lines, np.zeros(len(a))], axis=1),
            0.8 * self.step,
            1,
            stroke_colour=theme.NEURON_OUTLINE,
            stroke_width=theme.NEURON_OUTLINE_WIDTH,
        ).set_brightness(np.zeros(len(a)))
        function = _SYMBOLS.get(self.knobs.activation)
        columns = [
            Group(self.numbers(sums, x, signs_of(sums)), self.title("W a", 0)),
            Group(self.numbers(biases, self.RESULTS[1], rgb(theme.BIASES_SYMBOL)), self.title("+ b", 1)),
            Group(self.numbers(z, self.RESULTS[2], signs_of(z)), self.title("= z", 2)),
            Group(neurons, self.title(f"{function}(z)" if function else "a", 3)),
        ]
        apart = round(len(z) / len(columns[0][0]))
        written = "" if len(columns[0][0]) == len(z) else f" (one in {apart} written)"
        then = {"sigmoid": ", then σ", "relu": ", then ReLU"}.get(self.knobs.activation, "")
        with self.caption(
            f"Each row added up, plus its bias{then}: {len(a)} activations{written}.",
            FadeOut(self.scale),
            moves="A copy of every line shrinks to the right into one number, its sum; the biases appear, and the "
            "weighted sums z. Beside each of them a neuron lights up as brightly as its activation.",
        ):
            gathered = [strip.copy() for strip in self.strips]
            moves = [Transform(strip, target) for strip, target in zip(gathered, targets, strict=True)]
            dimmed = [strip.animate.set_opacity(0.6) for strip in self.strips]
            self.play(LaggedStart(*moves, lag_ratio=0.03), *dimmed, run_time=1.2 * theme.FLOW)
            self.play(FadeIn(columns[0]), *(FadeOut(strip) for strip in gathered), run_time=theme.QUICK)
            self.play(LaggedStart(*(FadeIn(column, shift=0.2 * LEFT) for column in columns[1:]), lag_ratio=0.4))
            self.play(neurons.animate.set_brightness(a), run_time=theme.FLOW)

    def numbers(self, values: np.ndarray, x: float, colours: np.ndarray) -> Numbers:
        """One number for each line, right-aligned around x; where lines are too close, for every second, third, …"""
        shown = every_nth(len(values), self.step, 26 / 135)
        size = float(np.clip(0.8 * 135 * self.step, theme.SMALLEST_SIZE, theme.NOTE_SIZE))
        places = np.stack([np.full(len(shown), x), self.lines[shown], np.zeros(len(shown))], axis=1)
        hues = np.broadcast_to(colours, (len(values), 3))[shown]
        return Numbers(values[shown], places, 2, size, hues, widths=np.full(len(shown), 0.8), alignment=1.0)

    def title(self, source: str, place: int) -> Symbol:
        """What stands over a column of results."""
        colour = (theme.TEXT, theme.BIASES_SYMBOL, theme.SUMS_SYMBOL, theme.ACTIVATIONS_SYMBOL)[place]
        return Symbol(source, 38, colour).put((self.RESULTS[place] + (0.1 if place < 3 else 0), self.line_of_pixels, 0))


class Unroll(Transform):
    """Cells go to their places in a line, the first ones first, so that rows peel off one after another.

    >>> Unroll(PixelGrid(digits.images[0]), line)
    """

    def __init__(self, cells: Cells, line: Cells, **options: Any) -> None:
        super().__init__(cells, line, **{"rate_func": linear, **options})
        self.leave = np.linspace(0, 0.55, len(cells))

    def interpolate_mobject(self, alpha: float) -> None:
        gone = np.clip((self.rate_func(alpha) - self.leave) / 0.45, 0, 1)
        share = np.repeat(gone * gone * (3 - 2 * gone), 2)[:, None]
        super().interpolate_mobject(alpha)
        start, target = self.starting_mobject.points, self.target_copy.points
        self.mobject.points = start + (target - start) * share


class ShortAndFast(LessonScene):
    """The project's own forward pass is as short as the formula, and a matrix product beats a loop."""

    IN_PIECES = False  # the times are measured anew

    def construct(self) -> None:
        self.knobs = self.network.layers[0]
        self.timing = timing_of(shown_pass(self))
        self.the_program()
        self.the_loop()
        self.the_race()
        self.end()

    def alternative_text(self) -> str:
        return (
            f"The program of the forward pass takes a few lines. A loop over {self.network.layers[0].weights.size:,} "
            "products is timed against the matrix product: while the loop computes one layer, square after square "
            "lights up for each layer that the matrix product has done."
        )

    def the_program(self) -> None:
        self.next_section("The program")
        self.formula, _ = short_formula(function_of_any(self.network), "(l)", "(l-1)", "(l)", size=60)
        self.formula.move_to((0, STAGE_TOP - 0.55, 0))
        self.code = CodePanel(Layer.weighted_sums, size=38, width=13, height=3)
        self.code.move_to((0, 0.85, 0))
        start = "for layer in self.layers"
        first, last = lines_of(Network.predict, start, "return activations")
        self.whole = CodePanel(Network.predict, lines=(first, last), size=38, width=13, height=3.2)
        self.whole.move_to((0, -1.55, 0))
        with self.caption(
            "As a program: one line for a layer's sums, one loop for all layers.",
            FadeIn(self.formula),
            moves="Beneath the formula stands this project's own source; a band marks the line that computes z. Then "
            "the lines that run the whole network appear beneath.",
        ):
            self.play(FadeIn(self.code, shift=0.2 * UP))
            self.play(self.code.animate.highlight("@"))
            self.wait(theme.STEP)
            self.play(FadeIn(self.whole, shift=0.2 * UP))
            self.play(self.whole.animate.highlight(start, "layer.activate"))

    def the_loop(self) -> None:
        self.next_section("The loop")
        first, last = lines_of(sums_by_loop, "sums = []", "return sums")
        self.loop = CodePanel(sums_by_loop, lines=(first, last), size=36, width=13, height=4)
        self.loop.move_to((0, -1.0, 0))
        target = self.code.copy().unhighlight()
        target.move_to((0, STAGE_TOP - target.height / 2, 0))
        with self.caption(
            f"Number by number it is {self.knobs.weights.size:,} times round this loop.",
            FadeOut(self.formula),
            FadeOut(self.whole),
            moves="The short line moves up; beneath it appears a loop that adds one product at a time.",
        ):
            self.play(Transform(self.code, target))
            self.play(FadeIn(self.loop, shift=0.2 * UP))
            self.play(self.loop.animate.highlight("total += "))

    def the_race(self) -> None:
        self.next_section("The race")
        race = Race(self.timing, self.knobs.weights.size)
        race.move_to((0, MIDDLE, 0))
        times = self.timing.ratio
        verdict = f"about {two_digits(times)} times as fast" if times >= 2 else "no great gain in so small a layer"
        with self.caption(
            f"Both timed on this film's machine, in slow motion: {verdict}.",
            FadeOut(self.code, self.loop, rate_func=squish_rate_func(smooth, 0, 0.5)),
            FadeIn(race, rate_func=squish_rate_func(smooth, 0.4, 1)),
            moves="A bar fills while the loop computes one layer; below it squares light up, one for each layer that "
            "the matrix product has done.",
        ):
            self.wait(theme.QUICK)
            self.play(RunRace(race), run_time=6 * theme.STEP)


class Race(Group):
    """How far a loop has come through one layer, above how many layers the matrix product has done by then."""

    WIDTH, MOST = 11.6, 1500

    def __init__(self, timing: Timing, products: int) -> None:
        self.products, self.layers = products, int(timing.ratio)
        left = -self.WIDTH / 2
        size = theme.LABEL_SIZE + 2
        self.titles = VGroup(
            Words(f"Loop ({micro(timing.loop)} µs): products done, of a single layer", size),
            Words(
                f"NumPy's matrix product ({micro(timing.product)} µs): layers done, each of {products:,} products", size
            ),
        )
        self.track = Cells([[0, 1.45, 0]], 0.5, 0.25, (0, 0, 0), stroke_width=1.5)
        self.bar = Cells([[0, 1.45, 0]], 0.5, 0.25, rgb(theme.NEUTRAL), stroke_width=0)
        self.track.points[:, 0] = (left, -left)
        self.bar.points[:, 0] = (left, left + 0.01)
        self.count = Number(0, size=size, colour=theme.NEUTRAL)
        self.done = Number(0, size=size, colour=theme.ANSWER)
        # One square for each layer; for several, where there would be too many.
        self.worth = max(-(-self.layers // self.MOST), 1)
        squares = max(self.layers // self.worth, 1)
        columns = next(c for c in range(1, squares + 1) if c * c * 2.4 >= squares * self.WIDTH)
        columns = max(columns, 24)
        step = self.WIDTH / columns
        places = np.arange(squares)
        x, y = left + (places % columns + 0.5) * step, -0.75 - (places // columns + 0.5) * step
        self.squares = Cells(np.stack([x, y, 0 * x], axis=1), 0.78 * step, 0.2, rgb(theme.ANSWER), 0.12, stroke_width=0)
        for title, number, height in ((self.titles[0], self.count, 2.05), (self.titles[1], self.done, -0.35)):
            title.move_to((left, height, 0), aligned_edge=LEFT)
            final = products if number is self.count else self.layers
            number.set_value(final).move_to((-left, height, 0), aligned_edge=RIGHT)
        super().__init__(self.titles, self.track, self.bar, self.squares, self.count, self.done)
        self.show(0)

    def show(self, share: float) -> None:
        """Show the moment at which the loop has done this share of its products, 0 to 1."""
        left, right = self.track.points[0, 0], self.track.points[1, 0]
        self.bar.points[1, 0] = max(left + (right - left) * share, left + 0.01)
        self.count.set_value(round(self.products * share))
        done = int(self.layers * share + 1e-9)
        self.done.set_value(done)
        lit = np.arange(len(self.squares)) < done // self.worth
        self.squares.opacities = np.where(lit, 1, 0.12).astype(np.float32)


class RunRace(Animation):
    """Time runs on, as evenly as in truth but slower, until the loop has done its layer.

    >>> RunRace(Race(timing, 12544))
    """

    def __init__(self, race: Race, **options: Any) -> None:
        super().__init__(race, **{"rate_func": linear, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        self.mobject.show(self.rate_func(alpha))


_SPOKEN = {"sigmoid": "sigma of ", "relu": "ReLU of ", "identity": ""}
_SYMBOLS = {"sigmoid": "sigma", "relu": '"ReLU"'}


def function_of_any(network: Network) -> str | None:
    """The function of every layer; where layers have different ones, f with the layer's index."""
    names = set(network.activations)
    return _SYMBOLS.get(names.pop()) if len(names) == 1 else "f^((l))"


def shown_pass(scene: LessonScene) -> ForwardPass:
    """The network's run on the same test picture as in part 4."""
    digits = scene.digits()
    return scene.network.forward(digits.images[digit_to_show(scene.network, digits)])


def row_to_show(forward: ForwardPass) -> tuple[int, int]:
    """A layer, and its neuron to whose sum the most is added and taken away, Σ|w·a|.

    The second layer, whose inputs are nearly all lit; the only one, where there is no second.
    """
    layer = min(1, len(forward.network.layers) - 1)
    return layer, int(np.abs(forward.contributions(layer)).sum(axis=1).argmax())


def numeric_product(forward: ForwardPass, layer: int, row: int) -> MatrixVectorProduct:
    """The product with real numbers, the chosen row among those that are shown, and columns of lit activations.

    Of a first layer, where most of a picture is black, the columns are those of the brightest pixels.
    """
    knobs = forward.network.layers[layer]
    rows = sorted({*first_and_last(knobs.n_out, 2, 1), row})
    inputs = forward.inputs_of(layer)
    bright = np.argsort(-inputs, kind="stable")
    for count in (6, 5, 4, 3):
        columns: Sequence[int] = first_and_last(knobs.n_in, count - 2, 2)
        if layer == 0 and knobs.n_in > 7:
            columns = sorted(bright[:count].tolist())
        for size in (36, 34, 32, 30, 28, 26, 24):
            product = MatrixVectorProduct(forward, layer, rows=rows, columns=columns, size=size, indices=layer == 0)
            wide = product.width + product.lane_in_ems * product.weights.em
            if wide <= WIDEST and product.height <= HIGHEST_PRODUCT:
                return product
    return product


def sums_both_ways(forward: ForwardPass, layer: int) -> tuple[np.ndarray, np.ndarray]:
    """The weighted sums of a layer, (n_out,) each: term by term in plain Python, and by NumPy's matrix product."""
    knobs, inputs = forward.network.layers[layer], forward.inputs_of(layer)
    one_by_one = sums_by_loop(knobs.weights.tolist(), knobs.biases.tolist(), inputs.tolist())
    return np.array(one_by_one), knobs.weights @ inputs + knobs.biases


def arrow_to(start: np.ndarray, stop: Any) -> Arrow:
    """A thin arrow from one thing to the next."""
    return Arrow(start, stop, buff=0, color=theme.NEUTRAL, stroke_width=3, tip_length=0.16)


def bound(difference: float) -> str:
    """A round number that a small difference stays below: 0.00001."""
    places = int(np.clip(np.floor(-np.log10(max(difference, 1e-12))), 0, 9))
    return f"{10.0**-places:.{places}f}"


def signed(value: float, places: int = 2) -> str:
    """A number with so many places and a true minus sign."""
    return f"{value:z.{places}f}".replace("-", "−")


def places_that_add_up(forward: ForwardPass, layer: int, row: int) -> int:
    """The fewest places, from 2 to 5, at which the rounded sum of the products and the bias make the rounded z."""
    terms = float(forward.contributions(layer)[row].sum(dtype=np.float64))
    bias, z = float(forward.network.layers[layer].biases[row]), float(forward.weighted_sums[layer][row])
    for places in range(2, 5):
        if round(round(terms, places) + round(bias, places), places) == round(z, places):
            return places
    return 5


def micro(seconds: float) -> str:
    """Millionths of a second, with two digits that count."""
    value = seconds * 1e6
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"


def two_digits(value: float) -> str:
    """A measured number, rounded to two digits that count."""
    places = 1 - int(np.floor(np.log10(value)))
    return f"{round(value, places):,.{max(places, 0)}f}"


def signs_of(values: np.ndarray) -> np.ndarray:
    """The colour of each number's sign, (n, 3)."""
    return np.where(np.asarray(values)[:, None] >= 0, rgb(theme.POSITIVE), rgb(theme.NEGATIVE))


def every_nth(count: int, step: float, least: float) -> np.ndarray:
    """Indices of the lines that can bear a number: all, or every second, third, …, where they stand too close."""
    return np.arange(0, count, max(int(np.ceil(least / step)), 1))


def never_lit(scene: LessonScene) -> np.ndarray:
    """(n_in,) True for pixels that are black in every training picture."""
    return np.asarray(scene.digits("train").vectors.max(axis=0) == 0)


def lines_of(source: Any, first: str, last: str) -> tuple[int, int]:
    """The numbers of the first lines of a function that hold these texts."""
    panel = CodePanel(source, fold=True, size=theme.SMALLEST_SIZE, width=40, height=40)
    return panel.line_of(first), panel.line_of(last)


def timing_of(forward: ForwardPass) -> Timing:
    """Loop against matrix product in the first layer, measured once on this machine, so that a clip comes out twice."""
    return kept_timing(forward.network.layers[0], forward.input, ROOT / "media" / "timings")


def in_a_line(symbols: Sequence[Symbol], size: float, widest: float) -> VGroup:
    """Symbols one after another on one baseline, with room around signs, no wider than `widest`."""
    em = size / 135
    edge = 0.0
    before = ""
    for symbol in symbols:
        symbol.scale(size / 135 / symbol.em)
        sign = symbol.source in _SIGNS or before in _SIGNS
        close = before in ("\\(", "sigma", '"ReLU"') or symbol.source == "\\)"
        gap = 0.0 if not before else 0.32 if sign else 0.08 if close else 0.16
        symbol.put((edge + gap * em + symbol.width / 2, 0, 0))
        edge = float(symbol.get_right()[0])
        before = symbol.source
    line = VGroup(*symbols)
    if line.width > widest:
        line.scale(widest / line.width)
    return line.shift(-(symbols[0].get_left()[0] + symbols[-1].get_right()[0]) / 2 * RIGHT)


_SIGNS = ("+", "=", "dots.c")


def short_formula(
    function: str | None, after: str, before: str, knobs: str, size: float = 84
) -> tuple[VGroup, dict[str, Symbol]]:
    """a = σ(W a + b) with these indices of layers, and its parts by name."""

    def raised(letter: str, index: str) -> str:
        return f"{letter}^({index})" if index else letter

    parts = {
        "result": Symbol(raised("a", after), colour=theme.ACTIVATIONS_SYMBOL),
        "equals": Symbol("="),
        "function": Symbol(function or "sigma"),
        "opening": Symbol("\\("),
        "W": Symbol(raised("W", knobs), colour=theme.WEIGHTS_SYMBOL),
        "a": Symbol(raised("a", before), colour=theme.ACTIVATIONS_SYMBOL),
        "plus": Symbol("+"),
        "b": Symbol(raised("b", knobs), colour=theme.BIASES_SYMBOL),
        "closing": Symbol("\\)"),
    }
    if function is None:
        for name in ("function", "opening", "closing"):
            del parts[name]
    return in_a_line(list(parts.values()), size, WIDEST), parts


def along_a_lane(y: float) -> Callable[..., np.ndarray]:
    """A path of points that go up or down to a height first, then along it, then to their places."""

    def path(start: np.ndarray, end: np.ndarray, alpha: float) -> np.ndarray:
        turn = 0.25
        heights = [points[:, 1].mean() if len(points) else y for points in (start, end)]
        straight = heights[0] + (heights[1] - heights[0]) * alpha
        wanted = y
        if alpha < turn:
            wanted = heights[0] + (y - heights[0]) * smooth(alpha / turn)
        elif alpha > 1 - turn:
            wanted = heights[1] + (y - heights[1]) * smooth((1 - alpha) / turn)
        return np.asarray(start + (end - start) * alpha + (wanted - straight) * UP)

    return path


def flights(here: Sequence[Symbol], there: Any) -> list[Animation]:
    """Copies of symbols fly to their places."""
    return [TransformFromCopy(one, other, run_time=theme.FLOW) for one, other in zip(here, there, strict=True)]
