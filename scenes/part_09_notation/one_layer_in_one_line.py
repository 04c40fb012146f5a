"""OneLayerInOneLine: a piece of the first layer, in numbers, becomes a matrix and then one line: a = σ(Wa + b)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Animation,
    Create,
    FadeIn,
    FadeOut,
    Group,
    Indicate,
    LaggedStart,
    Line,
    Mobject,
    Rectangle,
    ReplacementTransform,
    Transform,
    TransformFromCopy,
    VGroup,
    smooth,
    squish_rate_func,
)

from network.analysis.cut_out import CutOut, cut_out
from scenes.kit import theme
from scenes.kit.animations.appearing import OneByOne
from scenes.kit.layout import FRAME_WIDTH, SAFE_MARGIN, ColumnLayout
from scenes.kit.mobjects.matrix import Matrix, MatrixVectorProduct
from scenes.kit.mobjects.named_inputs import NamedInputs
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.symbols import Symbol
from scenes.kit.mobjects.text import Number
from scenes.language import _, _n, together
from scenes.part_09_notation.grounds import ground
from scenes.part_09_notation.layer_in_blocks import formula_above_blocks
from scenes.part_09_notation.numbers_to_letters import blocks_to_letters, in_the_middle, numbers_to_letters
from scenes.part_09_notation.one_picture_scene import OnePictureScene
from scenes.part_09_notation.short_formula import WIDEST
from scenes.part_09_notation.sum_in_numbers import (
    all_terms,
    discs,
    lines_and_weights,
    sum_in_place,
    sum_told,
    sum_told_of_a_row,
    written_on,
)
from scenes.part_09_notation.written_sum import WrittenSum
from scenes.wording import function_name, in_words, number

# Where the sum that is written out stands above the product.
_ABOVE = 3.15
# The largest type of the product in numbers, and its middle.
_NUMBERS_SIZES, _PRODUCT_Y = (84, 76, 68, 60, 52, 44, 36), 0.35
# While only the row and the column are there, they are larger by so much.
_LARGER = 1.15
# Where the products of a row are added up, and in which type.
_ADDED_Y, _ADDED_SIZE = -2.3, 76


class OneLayerInOneLine(OnePictureScene):
    """A piece of the first layer, in numbers: a sum becomes a row times a column, all rows a matrix, and one line."""

    def construct(self) -> None:
        self.layer = self.network.layers[0]
        self.small = self.cut.forward.network.layers[0]
        self.sign = function_name(self.layer.activation)
        self.product = self.product_in_numbers()

        self.one_neuron()
        self.a_row_times_a_column()
        self.all_rows()
        self.biases_and_squish()
        self.one_line()
        self.end()

    def alternative_text(self) -> str:
        layer = self.network.layers[0]
        spoken = function_name(layer.activation).spoken
        return together(
            _(
                "Of {pixels} pixels, {few} are cut out with their weights: the sum of one neuron becomes a row times a "
                "column, the rows of all neurons a matrix, the biases a column.",
                pixels=number(layer.n_in, thousands=False),
                few=len(self.cut.inputs),
            )
            if not self.takes_numbers
            else _(
                "The sum of one neuron, written out for {few} of the inputs, {inputs} in all, becomes a row times a "
                "column, the rows of several neurons a matrix, the biases a column.",
                few=number(len(self.cut.inputs)),
                inputs=number(layer.n_in),
            ),
            _(
                "Then dots stand for the rest, up to {rows} rows with the biases b 0 to b {last}, and letters for the "
                "blocks.",
                rows=layer.n_out,
                last=layer.n_out - 1,
            )
            if self.dotted
            else _(
                "Then letters stand for the numbers of the whole layer, with the biases b 0 to b {last}, and for the "
                "blocks.",
                last=layer.n_out - 1,
            ),
            _("What is left is one line: the next activations are {function} of W times a plus b.", function=spoken)
            if spoken
            else _("What is left is one line: the next activations are W times a plus b."),
        )

    @cached_property
    def cut(self) -> CutOut:
        """The pixels and neurons that are written out in numbers."""
        return cut_out(self.forward)

    @cached_property
    def symbols(self) -> MatrixVectorProduct:
        """The product of the whole layer, in letters and dots."""
        return MatrixVectorProduct(self.forward, 0, symbols=True)

    @property
    def dotted(self) -> bool:
        """Whether dots stand for rows or columns of the layer; a small one has letters for all."""
        shown = self.symbols.weights
        return (len(shown.rows), len(shown.columns)) != (self.layer.n_out, self.layer.n_in)

    def product_in_numbers(self) -> MatrixVectorProduct:
        """The piece that was cut out, as a product, as large as fits."""
        for size in _NUMBERS_SIZES:
            product = MatrixVectorProduct(self.cut.forward, 0, size=size)
            if product.width <= WIDEST and product.height <= 4.3:
                break
        if product.vector.neurons is not None and self.takes_numbers:
            product.vector.neurons.set_brightness(self.brightness(self.forward.input)[[*self.cut.inputs]])
        return product.shift(_PRODUCT_Y * UP)

    def one_neuron(self) -> None:
        if self.takes_numbers:
            self.one_neuron_of_a_table()
            return
        self.next_section(_("One neuron"))
        forward, inputs = self.cut.forward, len(self.cut.inputs)
        picture = PixelGrid(self.forward.input, 4.7, (-4.4, 1.2)).without_outlines()
        marks = VGroup(
            *(
                Rectangle(width=0.3, height=0.3, color=theme.ANSWER, stroke_width=theme.MARK_WIDTH).move_to(at)
                for at in picture.centres[[*self.cut.inputs]]
            )
        )
        y = 1.35 + 1.35 * (np.arange(inputs)[::-1] - (inputs - 1) / 2)
        pixels = discs(np.stack([np.full(inputs, -0.7), y], axis=1), 1.05, forward.input)
        neuron = discs([[4.1, 1.35]], 1.5, forward.activations[0][:1])
        values = written_on(pixels, forward.input, 40)
        answer = written_on(neuron, forward.activations[0][:1], 48)
        lines, weights = lines_and_weights(self.small.weights[0], pixels, neuron)
        self.written_out = whole = sum_in_place(self.cut, forward.activations[0][0])
        self.dots_in_sum = VGroup()
        away = [
            Line(mark.get_center(), at, color=theme.ANSWER, stroke_width=2)
            for mark, at in zip(marks, pixels.centres, strict=True)
        ]
        for line in away:
            line.set_opacity(0.45)
        more = inputs < self.layer.n_in
        with self.voiceover(
            together(
                sum_told(self.layer.activation, inputs),
                _(
                    "<bookmark mark='all'/> The real one has {terms} of these terms: what a pain!",
                    terms=number(self.layer.n_in, thousands=False),
                )
                if more
                else _("What a pain!"),
            ),
            moves=_n(
                "On the picture {n} pixel is marked and drawn out as a disc with its value. A connection with its "
                "weight leads to one neuron. Below, its sum is written out in numbers. Then the products of all pixels "
                "fill the stage; in the sum, dots stand for them, and the result changes.",
                "On the picture {n} pixels are marked and drawn out as discs with their values. Connections with "
                "weights lead to one neuron. Below, its sum is written out in numbers. Then the products of all pixels "
                "fill the stage; in the sum, dots stand for them, and the result changes.",
                inputs,
            ),
        ):
            self.add(picture)
            self.play(Create(marks), run_time=theme.QUICK)
            self.play(*(Create(line) for line in away), FadeIn(pixels, values), run_time=theme.STEP)
            self.play(*(Create(line) for line in lines), FadeIn(weights), FadeIn(neuron), run_time=theme.STEP)
            self.write_out(whole, answer)
            self.diagram = Group(picture, marks, *away, *lines, weights, pixels, values, neuron, answer)
            if more:
                self.wait_until_bookmark("all")
                terms = all_terms(self.forward.contributions(0)[self.cut.neurons[0]])
                self.the_sum_of_all(FadeOut(self.diagram))
                self.play(OneByOne(terms, run_time=1.8))
                self.diagram = Group(terms)
                self.play(Indicate(self.written_out.result, 1.3, None), run_time=0.8)

    def one_neuron_of_a_table(self) -> None:
        """The same for the numbers of a row, which have names and are no part of a picture."""
        self.next_section(_("One neuron"))
        forward, chosen = self.cut.forward, [*self.cut.inputs]
        y = 1.35 + 1.6 * (np.arange(len(chosen))[::-1] - (len(chosen) - 1) / 2)
        places = ColumnLayout(
            np.stack([np.full(len(y), -2.6), y, 0 * y], axis=1), 1.2, np.ones(len(y), bool), np.zeros((0, 3))
        )
        table = self.digits()
        shown, digits = [table.inputs[n] for n in chosen], [table.places[n] for n in chosen]
        names = NamedInputs(places, shown, forward.input, digits, theme.CAPTION_SIZE)
        inputs = discs(places.centres[:, :2], 1.2, self.brightness(self.forward.input)[chosen])
        neuron = discs([[3.9, 1.35]], 1.6, forward.activations[0][:1])
        answer = written_on(neuron, forward.activations[0][:1], 48)
        lines, weights = lines_and_weights(self.small.weights[0], inputs, neuron)
        self.written_out = whole = sum_in_place(self.cut, forward.activations[0][0])
        self.dots_in_sum = VGroup()
        more = len(chosen) < self.layer.n_in
        with self.voiceover(
            together(
                sum_told_of_a_row(self.layer.activation, len(chosen)),
                _(
                    "<bookmark mark='all'/> The real one has {terms} of these terms: what a pain!",
                    terms=in_words(self.layer.n_in),
                )
                if more
                else _("Even for so few numbers, that's a lot to write down!"),
            ),
            moves=_(
                "Numbers of a row stand beside lit discs. Connections with weights lead from them to one neuron. "
                "Below, its sum is written out in numbers."
            )
            if not more
            else _(
                "Numbers of a row stand beside lit discs. Connections with weights lead from them to one neuron. "
                "Below, its sum is written out in numbers; then dots stand in it for the other terms, and the result "
                "changes."
            ),
        ):
            self.play(FadeIn(names, inputs), run_time=theme.STEP)
            self.play(*(Create(line) for line in lines), FadeIn(weights), FadeIn(neuron), run_time=theme.STEP)
            self.write_out(whole, answer)
            self.diagram = Group(names, *lines, weights, inputs, neuron, answer)
            if more:
                self.wait_until_bookmark("all")
                self.the_sum_of_all(FadeOut(answer))  # it is that of the few
                self.play(Indicate(self.written_out.result, 1.3, None), run_time=0.8)

    def write_out(self, whole: WrittenSum, answer: Mobject) -> None:
        """The terms come, the bias, and what is around them with the neuron's number, each as it is spoken of."""
        self.wait_until_bookmark("sum")
        self.play(LaggedStart(*(FadeIn(part, shift=0.2 * UP) for part in whole.terms), lag_ratio=0.5), run_time=2)
        self.wait_until_bookmark("bias")
        self.play(FadeIn(whole.bias, shift=0.2 * UP), run_time=theme.QUICK)
        self.wait_until_bookmark("bent")
        self.play(FadeIn(whole.ends), FadeIn(answer), run_time=theme.QUICK)

    def the_sum_of_all(self, *others: Animation) -> None:
        """In the sum, dots come for all other pixels, and the result becomes that of the real neuron."""
        real = sum_in_place(self.cut, self.forward.activations[0][self.cut.neurons[0]], more=True)
        self.dots_in_sum = real.dots
        self.play(
            FadeIn(real.dots, scale=0.5),
            *(Transform(part, goal) for part, goal in zip(self.written_out.parts, real.parts, strict=True)),
            *others,
            run_time=0.7,
        )

    def sum_of_the_few_above(self) -> list[Animation]:
        """The sum of the few pixels goes up, without the dots."""
        few = sum_in_place(self.cut, self.cut.forward.activations[0][0]).move_to((0, _ABOVE, 0))
        move = [Transform(part, goal) for part, goal in zip(self.written_out.parts, few.parts, strict=True)]
        return [*move, FadeOut(self.dots_in_sum, run_time=theme.QUICK)]

    def a_row_times_a_column(self) -> None:
        self.next_section(_("A row times a column"))
        product = self.product
        weights, vector = product.weights, product.vector
        # There is room until the biases come.
        row_and_column = Group(weights, vector)
        self.back = -row_and_column.get_x()
        product.scale(_LARGER, about_point=row_and_column.get_center()).shift(self.back * RIGHT)
        weights.set_opacities(0)
        vector.set_opacities(0)
        with self.voiceover(
            _(
                "So <bookmark mark='column'/> stack the activations into a column, and <bookmark mark='row'/> lay the "
                "weights into a row. <bookmark mark='pairs'/> Pair by pair, multiply and add: row times column."
            ),
            moves=_(
                "The sum moves up. Its activations fly into a column in brackets, its weights into a row beside it. "
                "Pair by pair their products appear beneath, and add up; the sum goes beside the row."
            ),
        ):
            self.wait_until_bookmark("column")
            column = ground(vector, theme.ACTIVATIONS_SYMBOL)
            self.grounds = [column]
            self.play(
                FadeOut(self.diagram, run_time=theme.QUICK),
                *self.sum_of_the_few_above(),
                FadeIn(column, vector.brackets),
            )
            self.play(
                *self.flights(self.written_out.activations, vector, [(i, 0) for i in vector.rows]),
            )
            self.arrived(vector, 1)
            self.wait_until_bookmark("row")
            row = weights.rows[0]
            whole = ground(weights, theme.WEIGHTS_SYMBOL)
            upper = whole.copy().stretch_to_fit_height(whole.height / len(weights.rows)).align_to(whole, UP)
            self.grounds.append(upper)
            self.play(
                FadeIn(upper),
                FadeIn(weights.brackets),
                *self.flights(self.written_out.weights, weights, [(row, i) for i in weights.columns]),
            )
            shown = np.zeros((len(weights.rows), len(weights.columns)))
            shown[0] = 1
            self.arrived(weights, shown)
            self.wait_until_bookmark("pairs")
            self.added = self.products_of(0)
            self.play(
                LaggedStart(*(self.pair(0, place) for place in range(len(self.small.weights[0]))), lag_ratio=0.8),
                run_time=2.4,
            )
            self.play(FadeIn(self.added[-1], shift=0.2 * RIGHT), run_time=theme.QUICK)
            self.sums = VGroup()
            self.play(self.sum_beside_row(0))

    def flights(self, here: Sequence[Number], there: Matrix, places: list[tuple[int, int]]) -> list[Animation]:
        """Copies of numbers fly to where these entries stand."""
        self.flying = []
        moves: list[Animation] = []
        for term, (row, column) in zip(here, places, strict=True):
            colour = term.get_fill_color()
            goal = Number(term.value, 2, 135 * there.em, colour)
            left, bottom, right, top = there.entries.extents()[there.item(row, column)]
            goal.move_to(((left + right) / 2, (bottom + top) / 2, 0))
            start = Number(term.value, 2, 135 * term.em, colour)
            start.move_to(term.get_right(), aligned_edge=RIGHT)
            self.flying.append(goal)
            moves.append(ReplacementTransform(start, goal, run_time=1.2))
        return moves

    def arrived(self, part: Matrix, opacities: float | np.ndarray) -> None:
        """What flew is now the matrix's own."""
        part.set_opacities(opacities)
        self.remove(*self.flying)
        self.add(part)

    def products_of(self, row: int) -> VGroup:
        """The products of a row of the piece, and their sum, in one line below."""
        products = self.cut.forward.contributions(0)[row]
        line = VGroup()
        for place, value in enumerate(products):
            colour = theme.POSITIVE if value >= 0 else theme.NEGATIVE
            line.add(Number(float(value), 2, _ADDED_SIZE, colour, sign=place > 0))
        total = VGroup(
            Symbol("=", _ADDED_SIZE), Number(float(products.sum(dtype=float)), 2, _ADDED_SIZE, theme.SUMS_SYMBOL)
        )
        line.add(total.arrange(RIGHT, buff=0.3))
        return line.arrange(RIGHT, buff=0.4).move_to((0, _ADDED_Y, 0))

    def sum_beside_row(self, row: int) -> Animation:
        """A copy of the sum of a row goes beside the column, where the sums stand in a column of their own."""
        product, whole = self.product, self.added[-1]
        _left, bottom, _right, top = product.weights.entries.extents()[
            product.weights.item(product.weights.rows[row], product.weights.columns[0])
        ]
        own = whole.copy()
        edge = float(self.grounds[0].get_right()[0])
        room = FRAME_WIDTH / 2 - SAFE_MARGIN - edge - 0.35
        own.scale(min(1, room / own.width)).move_to((edge + 0.35, (bottom + top) / 2, 0), aligned_edge=LEFT)
        self.sums.add(own)
        return TransformFromCopy(whole, own)

    def pair(self, row: int, place: int) -> Animation:
        """A weight and its activation, lit up, become their product."""
        product = self.product
        column = product.weights.columns[place]
        marks = [
            Rectangle(
                width=right - left + 0.25, height=top - bottom + 0.3, color=theme.ANSWER, stroke_width=theme.MARK_WIDTH
            ).move_to(((left + right) / 2, (bottom + top) / 2, 0))
            for left, bottom, right, top in (
                product.weights.entries.extents()[product.weights.item(product.weights.rows[row], column)],
                product.vector.entries.extents()[product.vector.item(column)],
            )
        ]
        goal = self.added[place]
        return LaggedStart(
            *(Create(mark) for mark in marks),
            FadeIn(goal, target_position=marks[0].get_center()),
            *(FadeOut(mark) for mark in marks),
            lag_ratio=0.25,
        )

    def all_rows(self) -> None:
        self.next_section(_("All rows"))
        product, weights = self.product, self.product.weights
        more = len(weights.rows) > 1
        with self.voiceover(
            _(
                "<bookmark mark='next'/> The next neuron is the next row. All rows together are called a "
                "<bookmark mark='matrix'/> matrix."
            )
            if more
            else _(
                "There's only one neuron here, so one row is all. Such a block is called a "
                "<bookmark mark='matrix'/> matrix."
            ),
            moves=_(
                "A second row of weights appears beneath the first, with its own products below; then the block of "
                "weights is lit up and named W, the column a."
            ),
        ):
            if more:
                self.wait_until_bookmark("next")
                below = weights.entries.take(range(len(weights.columns), 2 * len(weights.columns)))
                below.set_opacities(1)
                others = self.products_of(1)
                whole = ground(weights, theme.WEIGHTS_SYMBOL)
                self.play(
                    Transform(self.grounds[1], whole),
                    FadeIn(below, shift=0.4 * DOWN),
                    FadeOut(self.added),
                    run_time=0.8,
                )
                weights.set_opacities(1)
                self.remove(below)
                self.added = others
                self.play(LaggedStart(*(FadeIn(part) for part in others), lag_ratio=0.4), run_time=1.2)
                self.play(self.sum_beside_row(1), run_time=0.7)
            self.wait_until_bookmark("matrix")
            self.play(
                FadeIn(product.labels[0], shift=0.2 * DOWN),
                FadeIn(product.labels[1], shift=0.2 * DOWN),
                Indicate(weights.brackets, 1.05, theme.WEIGHTS_SYMBOL),
                FadeOut(self.written_out),
            )

    def biases_and_squish(self) -> None:
        self.next_section(_("The biases and the function"))
        product = self.product
        means = (
            _("<bookmark mark='squish'/> Then sigma, a Greek s: <bookmark mark='out'/> squash every entry.")
            if self.layer.activation == "sigmoid"
            else _(
                "<bookmark mark='squish'/> Then {function}: <bookmark mark='out'/> send every entry through it.",
                function=self.sign.spoken,
            )
            if self.sign.sign
            else _("<bookmark mark='squish'/> And that's <bookmark mark='out'/> all.")
        )
        with self.voiceover(
            together(_("Add a column <bookmark mark='bias'/> of biases."), means),
            moves=_(
                "A plus sign and a column of biases appear; large parentheses close around the sum, with the "
                "function's sign before them; to the right of an equals sign the result appears."
            ),
        ):
            self.wait_until_bookmark("bias")
            plus, equals, *function = product.signs
            self.make_room()
            self.grounds.append(ground(product.biases, theme.BIASES_SYMBOL))
            self.play(
                FadeIn(self.grounds[-1]),
                FadeIn(plus),
                FadeIn(product.biases, shift=0.3 * DOWN),
                FadeIn(product.labels[2]),
                run_time=0.7,
            )
            self.wait_until_bookmark("squish")
            self.play(FadeIn(product.parentheses), *(FadeIn(sign, shift=0.3 * RIGHT) for sign in function))
            self.wait_until_bookmark("out")
            self.grounds.append(ground(product.result, theme.ACTIVATIONS_SYMBOL))
            self.play(
                FadeIn(self.grounds[-1]),
                FadeIn(equals),
                FadeIn(product.result, shift=0.3 * RIGHT),
                FadeIn(product.labels[3]),
            )
            self.add(product.remove(product.labels))
            self.add(product.labels.remove(product.labels[4]))

    def make_room(self) -> None:
        """Row and column go to the left, and the whole product gets the size at which it fits on the stage."""
        product = self.product
        shown = [product.weights, product.vector, *product.labels[:2], *self.grounds]
        rest = [product.biases, product.result, product.parentheses, product.signs, *product.labels[2:]]
        middle = Group(product.weights, product.vector).get_center()
        for part in rest:
            part.scale(1 / _LARGER, about_point=middle).shift(self.back * LEFT)
        self.play(
            FadeOut(self.added, self.sums),
            *(part.animate.scale(1 / _LARGER, about_point=middle).shift(self.back * LEFT) for part in shown),
            run_time=0.7,
        )

    def one_line(self) -> None:
        self.next_section(_("One line"))
        line = (
            _(
                "<bookmark mark='blocks'/> One letter for each block, <bookmark mark='line'/> and the layer fits into "
                "one line: <bookmark mark='result'/> the next activations are <bookmark mark='weights'/> {function} of "
                "W times a, <bookmark mark='biases'/> plus b.",
                function=self.sign.spoken,
            )
            if self.sign.spoken
            else _(
                "<bookmark mark='blocks'/> One letter for each block, <bookmark mark='line'/> and the layer fits into "
                "one line: <bookmark mark='result'/> the next activations are <bookmark mark='weights'/> W times a, "
                "<bookmark mark='biases'/> plus b."
            )
        )
        with self.voiceover(
            together(
                _(
                    "<bookmark mark='letters'/> Letters for the numbers, <bookmark mark='dots'/> dots for the rest; "
                    "<bookmark mark='raised'/> the little number on top says which layer."
                )
                if self.dotted
                else _(
                    "<bookmark mark='letters'/> Letters for the numbers; <bookmark mark='raised'/> the little number "
                    "on top says which layer."
                ),
                line,
            ),
            moves=_(
                "Every number becomes a letter with its indices; the blocks grow, and dots stand for the rows and "
                "columns between. Then each block shrinks into its letter: W, a, b; above stands the short formula. "
                "Beneath it the real blocks appear, each number a small square: the weights blue and red, the "
                "activations grey."
            )
            if not self.takes_numbers
            else _(
                "Every number becomes a letter with its indices, and so do those of all other neurons. Then each block "
                "shrinks into its letter: W, a, b; above stands the short formula. Beneath it the real blocks appear, "
                "each number a rectangle: the weights blue and red, the activations grey."
            ),
        ):
            self.wait_until_bookmark("letters")
            self.numbers_become_letters()
            self.wait_until_bookmark("raised")
            self.play(*(Indicate(part, 1.06, None) for part in self.with_raised_numbers()), run_time=1.5)
            self.wait_until_bookmark("blocks")
            in_turn = (Indicate(part, 1.06, None) for part in self.with_raised_numbers())
            self.play(LaggedStart(*in_turn, lag_ratio=0.3, run_time=1.2))
            self.wait_until_bookmark("line")
            symbols = self.blocks_become_letters()
            formula, blocks = self.formula_and_blocks
            self.play(Indicate(formula, 1.1, None))
            for mark, names, block in (
                ("result", ("result",), blocks.result),
                ("weights", ("W", "a"), Group(blocks.weights, blocks.vector)),
                ("biases", ("b",), blocks.biases),
            ):
                self.wait_until_bookmark(mark)
                lit = [Indicate(symbols[name], 1.3, symbols[name].get_fill_color()) for name in names]
                self.play(*lit, Indicate(block, 1.08, None))

    def numbers_become_letters(self) -> None:
        """The product in numbers becomes that of the whole layer, in letters and dots."""
        symbols = in_the_middle(self.symbols)
        self.play(*numbers_to_letters(self.product, symbols, self.grounds), run_time=1.2)
        if self.dotted:
            self.wait_until_bookmark("dots")
            self.play(Indicate(symbols.weights, 1.08, None), run_time=0.8)

    def with_raised_numbers(self) -> list[Mobject]:
        """The blocks, whose letters all have the number of a layer."""
        symbols = self.symbols
        return [symbols.weights, symbols.vector, symbols.biases, symbols.result]

    def blocks_become_letters(self) -> dict[str, Symbol]:
        """Each block shrinks into its letter, and the real blocks appear; the symbols of the formula by name."""
        formula, letters, blocks = formula_above_blocks(self.forward, self.brightness(self.forward.input))
        self.formula_and_blocks = (formula, blocks)
        away = [FadeOut(one, run_time=theme.STEP) for one in self.grounds]
        come = FadeIn(blocks, shift=0.3 * UP, rate_func=squish_rate_func(smooth, 0.5, 1), run_time=2.2)
        moves = blocks_to_letters(self.symbols, letters)
        self.play(*away, LaggedStart(*moves, lag_ratio=0.15, run_time=1.8), come)
        return letters
