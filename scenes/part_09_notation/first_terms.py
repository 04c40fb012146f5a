"""The first terms of a running sum, one at a time and large, before the others rush by."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from manim import Group, VGroup

from network.analysis.rounding import places_that_multiply
from scenes.kit import theme
from scenes.kit.animations.matrix_sweep import AccumulateDotProduct
from scenes.kit.colour import rgb
from scenes.kit.layout import PIXELS_A_UNIT
from scenes.kit.mobjects.matrix import MatrixVectorProduct
from scenes.kit.mobjects.numbers import RIGHT, Numbers, width_of
from scenes.kit.mobjects.running_sum import RunningSum
from scenes.kit.mobjects.symbols import Symbol
from scenes.kit.mobjects.text import Words, size_that_fits
from scenes.language import _c
from scenes.wording import written as format_number

# The type of a term, in pixels an em; the room of a weight, an activation, the signs after them and the word, in ems.
_SIZE, _NUMBER, _ACTIVATION, _DOT, _EQUALS, _WORD = 92, 2.4, 1.9, 0.8, 1.3, 3.4
# At most so many terms are shown one at a time.
MOST = 3


class LargeTerm(Group):
    """A term of a running sum in large type: weight · activation = product, and the sum up to it.

    terms: how many of the first terms it can show. The factors have as many decimals as it takes to make the products
    that are shown; the sum has `places`. The sign is ≈ unless all products are exactly what the shown factors make.

    >>> LargeTerm(running, terms=3).show(2)
    """

    def __init__(self, running: RunningSum, terms: int, places: int = 2) -> None:
        self.weights, self.inputs = running.row_weights[:terms], running.input[:terms]
        self.products, self.sums = self.weights * self.inputs, running.partial_sums[1 : terms + 1]
        fine = max(places, places_that_multiply(self.weights, self.inputs))
        em = _SIZE / PIXELS_A_UNIT
        weight, value, product, total = (
            max(least, *(width_of(format_number(float(number), decimals)) for number in numbers))
            for least, numbers, decimals in (
                (_NUMBER, self.weights, fine),
                (_ACTIVATION, self.inputs, fine),
                (_NUMBER, self.products, fine),
                (_NUMBER, self.sums, places),
            )
        )
        rooms = np.array([weight, _DOT, value, _EQUALS, product, _WORD, total + 0.4]) * em
        x = np.cumsum(rooms) - rooms / 2 - rooms.sum() / 2
        written = np.round(self.weights, fine) * np.round(self.inputs, fine)
        exact = np.allclose(written, np.round(self.products, fine), rtol=0, atol=1e-9)
        self.signs = VGroup(
            Symbol("dot.c", _SIZE).put((x[1], 0, 0)), Symbol("=" if exact else "approx", _SIZE).put((x[3], 0, 0))
        )
        called = _c("before a number", "sum so far:")
        word = Words(called, size_that_fits([called], rooms[5] - em, theme.TITLE_SIZE)).move_to((x[5] + em / 4, 0, 0))
        centres = np.stack([x[[0, 2, 4, 6]], np.zeros(4), np.zeros(4)], axis=1)
        colours = np.array([rgb(c) for c in (theme.TEXT, theme.ACTIVATIONS_SYMBOL, theme.TEXT, theme.TEXT)])
        widths = rooms[[0, 2, 4, 6]]
        digits = np.array([fine, fine, fine, places])
        self.numbers = Numbers(np.zeros(4), centres, digits, _SIZE, colours, widths=widths, alignment=RIGHT)
        self.words = VGroup(*self.signs, word)
        super().__init__(self.words, self.numbers)
        self.show(1).scale(min(1, RunningSum.WIDTH / rooms.sum()))

    def show(self, term: int) -> Self:
        """Show this term, counted from 1."""
        at = min(max(term, 1), len(self.weights)) - 1
        self.numbers.set_values([self.weights[at], self.inputs[at], self.products[at], self.sums[at]])
        colours = self.numbers.colours.copy()
        for place, value in ((0, self.weights[at]), (2, self.products[at])):
            colours[place] = rgb(theme.POSITIVE if value >= 0 else theme.NEGATIVE)
        self.numbers.set_colours(colours)
        return self

    def lit(self, share: float) -> Self:
        """Give it this share of its light."""
        self.words.set_opacity(share)
        self.numbers.set_opacities(np.full(4, share))
        return self


class FirstTermsFirst(AccumulateDotProduct):
    """The terms of a row add up; while the first ones do, each stands in large type in place of the running numbers.

    >>> FirstTermsFirst(product, row=2, running=running, large=LargeTerm(running, terms=3))
    """

    def __init__(
        self, product: MatrixVectorProduct, row: int, running: RunningSum, large: LargeTerm, **options: Any
    ) -> None:
        self.large, self.few = large, len(large.weights)
        super().__init__(product, row, running, **options)
        self.mobject.add(large)

    def interpolate_mobject(self, alpha: float) -> None:
        super().interpolate_mobject(alpha)
        terms = self.running.terms * min(self.rate_func(alpha) / self.SUMMED, 1)
        gone = float(np.clip((terms - self.few) / 0.5, 0, 1))
        self.large.show(int(np.ceil(terms - 1e-9))).lit(1 - gone)
        self.running.titles.set_opacity(gone)
        self.running.numbers.set_opacities(gone * self.running.numbers.opacities)

    def clean_up_from_scene(self, scene: Any) -> None:
        super().clean_up_from_scene(scene)
        scene.remove(self.large)


def shown_first(product: MatrixVectorProduct) -> int:
    """How many of the first terms can be followed one by one: those whose columns are seen, if others come after.

    It is 0 if that would be a single one.
    """
    columns, count = list(product.weights.columns), 0
    while count < min(len(columns), MOST) and columns[count] == count:
        count += 1
    return count if 1 < count < product.contributions.shape[1] else 0
