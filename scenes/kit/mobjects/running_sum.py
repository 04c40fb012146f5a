"""A weighted sum as it is added up, term by term."""

from __future__ import annotations

from typing import Self

import numpy as np
from manim import Group, VGroup

from scenes.kit import theme
from scenes.kit.colour import rgb
from scenes.kit.layout import PIXELS_A_UNIT
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.matrix import MatrixVectorProduct
from scenes.kit.mobjects.numbers import Numbers, width_of
from scenes.kit.mobjects.symbols import SMALLEST_WITH_INDICES, Symbol, symbol_widths
from scenes.language import _c
from scenes.wording import written as format_number


class RunningSum(Group):
    """How one neuron's activation is computed: its terms w·a one after another, their sum so far, then + b, then σ.

    product: the product whose row it follows. row: an index of the full matrix. `partial_sums` (n_in + 1,) are the sums
    of the forward pass's contributions after 0, 1, … terms, in the order of the columns.

    >>> RunningSum(MatrixVectorProduct(forward, layer=1), row=2).show(terms=9)
    """

    WIDTH = 12.4

    def __init__(self, product: MatrixVectorProduct, row: int, places: int = 2, size: float = theme.LABEL_SIZE) -> None:
        n_out, self.terms = product.contributions.shape
        if not 0 <= row < n_out:
            raise ValueError(f"row must be from 0 to {n_out - 1}; got {row}")
        self.row = row
        self.partial_sums = np.concatenate([[0.0], np.cumsum(product.contributions[row])])
        self.row_weights = product.full_weights[row].astype(np.float64)
        self.input = product.full_input.astype(np.float64)
        self.bias, self.weighted_sum = float(product.full_biases[row]), float(product.weighted_sums[row])
        self.activation = float(product.activations[row])
        em = size / PIXELS_A_UNIT
        title_size = max(0.85 * size, SMALLEST_WITH_INDICES)
        function = product.function_name or ""
        titles = (
            _quoted(_c("the heading of a number", "term")),
            _quoted(_c("the heading of a number", "weight")),
            _quoted(_c("the heading of a number", "activation")),
            _quoted(_c("the heading of a number", "sum")),
            _quoted(_c("the heading of a number", "+ bias")),
            _quoted(_c("the heading of a number", "= total")),
            _quoted(_c("the heading of a number", "squashed"))
            if function == "sigma"
            else f"{function}(z)"
            if function
            else _quoted(_c("the heading of a number", "result")),
        )
        colours = (
            theme.QUIET_TEXT,
            theme.WEIGHTS_SYMBOL,
            theme.ACTIVATIONS_SYMBOL,
            theme.SUMS_SYMBOL,
            theme.BIASES_SYMBOL,
            theme.SUMS_SYMBOL,
            theme.ACTIVATIONS_SYMBOL,
        )
        every = (
            [self.terms],
            self.row_weights,
            self.input,
            self.partial_sums,
            [self.bias],
            [self.weighted_sum],
            [self.activation],
        )
        digits = np.array([0] + [places] * 6)
        # Every column is as wide as its title or its widest number; the remaining space is divided between them.
        widths = np.maximum(
            symbol_widths(titles) * title_size / size,
            [
                max(width_of(format_number(float(extreme), int(d))) for extreme in (np.min(values), np.max(values)))
                for values, d in zip(every, digits, strict=True)
            ],
        )
        gap = (self.WIDTH / em - widths.sum()) / (len(widths) - 1)
        x = (np.cumsum(widths + gap) - gap - widths / 2) * em - self.WIDTH / 2
        self.titles = VGroup(
            *(
                Symbol(title, title_size, colour).put((place, 1.6 * em, 0))
                for title, colour, place in zip(titles, colours, x, strict=True)
            )
        )
        centres = np.stack([x, np.zeros(7), np.zeros(7)], axis=1)
        self.numbers = Numbers(np.zeros(7), centres, digits, size, np.array([rgb(colour) for colour in colours]))
        low, high = min(self.partial_sums.min(), self.weighted_sum), max(self.partial_sums.max(), self.weighted_sum)
        margin = 0.04 * (high - low) or 1.0
        self.range = (float(low - margin), float(high + margin))
        # The parts of the bar: its axis, the mark at zero, the sum so far, and what the bias adds.
        self.bar = Cells(
            np.tile([0, -1.75 * em, 0], (4, 1)),
            [0.015, 0.02, 0.17, 0.17],
            colours=[rgb(theme.NEURON_OUTLINE), rgb(theme.TEXT), rgb(theme.POSITIVE), rgb(theme.BIASES_SYMBOL)],
            stroke_width=0,
        )
        self.bar.points[0:2, 0] = (-self.WIDTH / 2, self.WIDTH / 2)
        zero = self._x(0.0)
        self.bar.points[2:4, 0] = (zero - 0.01, zero + 0.01)
        self.bar.points[2:4, 1] = -1.75 * em + np.array([-0.19, 0.19])
        self.zero = Symbol("0", max(0.85 * size, theme.NOTE_SIZE), theme.QUIET_TEXT).put((zero, -2.75 * em, 0))
        super().__init__(self.titles, self.bar, self.zero, self.numbers)
        self.show(0)

    def _x(self, value: float) -> float:
        """The present position of a sum along the bar."""
        low, high = self.range
        left, right = self.bar.points[0, 0], self.bar.points[1, 0]
        return float(left + (value - low) / (high - low) * (right - left))

    def show(self, terms: float, bias: float = 0.0, squish: float = 0.0) -> Self:
        """Show the sum of this many terms, and how far + b and σ have got, 0 to 1.

        A fraction means that a term is being added: the term counts already, and the bar is moving there.
        """
        if not 0 <= terms <= self.terms:
            raise ValueError(f"terms must be from 0 to {self.terms}; got {terms}")
        done = int(np.ceil(terms))
        last = max(done - 1, 0)
        self.numbers.set_values(
            [
                done,
                self.row_weights[last],
                self.input[last],
                self.partial_sums[done],
                self.bias,
                self.weighted_sum,
                self.activation,
            ]
        )
        term_seen = float(done > 0)
        colours = self.numbers.colours.copy()
        colours[1] = rgb(theme.POSITIVE if self.row_weights[last] >= 0 else theme.NEGATIVE)
        self.numbers.set_colours(colours)
        self.numbers.set_opacities([1, term_seen, term_seen, 1, bias, bias, squish])
        total = self.partial_sums[done] - (self.partial_sums[done] - self.partial_sums[last]) * (done - terms)
        zero, end = self._x(0.0), self._x(total)
        self.bar.points[4:6, 0] = (zero, end)
        self.bar.points[6:8, 0] = (end, end + (self._x(self.weighted_sum) - end) * bias)
        bars = self.bar.colours.copy()
        bars[2] = rgb(theme.POSITIVE if total >= 0 else theme.NEGATIVE)
        self.bar.colours = bars
        return self


def _quoted(words: str) -> str:
    """Words in a formula."""
    return '"' + words.replace('"', "”") + '"'
