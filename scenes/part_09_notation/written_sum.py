"""A neuron's activation, written out in numbers: every weight times its activation, the bias, and the function."""

from __future__ import annotations

from collections.abc import Sequence

from manim import RIGHT, VGroup

from scenes.kit import theme
from scenes.kit.mobjects.symbols import Symbol
from scenes.kit.mobjects.text import Number
from scenes.part_09_notation.short_formula import WIDEST

# Between the parts of the line, and between the signs of a product, in units.
_BUFF, _CLOSE = 0.24, 0.12


class WrittenSum(VGroup):
    """One line: squash(0.46 · 0.99 + 0.15 · 0.99 + 2.29) = 0.94, no wider than the stage.

    function: in Typst, or "". more: dots before the bias stand for other terms, which the result counts as well.
    terms: the products, with their `weights` and `activations`. dots: empty without them. bias. ends: all the rest, the
    result last. parts: all but the dots, so that lines with dots and without can become each other.

    >>> WrittenSum([0.46, 0.15], [0.99, 0.99], 2.29, 0.94, "sigma")
    """

    def __init__(
        self,
        weights: Sequence[float],
        activations: Sequence[float],
        bias: float,
        result: float,
        function: str,
        more: bool = False,
        size: float = 64,
    ) -> None:
        self.weights: list[Number] = []
        self.activations: list[Number] = []
        self.terms = VGroup()
        for place, (weight, value) in enumerate(zip(weights, activations, strict=True)):
            colour = theme.POSITIVE if weight >= 0 else theme.NEGATIVE
            w = Number(float(weight), 2, size, colour, sign=place > 0)
            a = Number(float(value), 2, size, theme.ACTIVATIONS_SYMBOL)
            self.terms.add(VGroup(w, Symbol("dot.c", size), a).arrange(RIGHT, buff=_CLOSE))
            self.weights.append(w)
            self.activations.append(a)
        self.dots = VGroup(Symbol("+ dots.c", size)) if more else VGroup()
        self.bias = Number(float(bias), 2, size, theme.BIASES_SYMBOL, sign=True)
        before = [Symbol(f"{function} \\(", 1.15 * size)] if function else []
        after = [Symbol("\\)", 1.15 * size)] if function else []
        equals, self.result = Symbol("=", size), Number(float(result), 2, size, theme.ACTIVATIONS_SYMBOL)
        self.ends = VGroup(*before, *after, equals, self.result)
        self.parts = [*before, *self.terms, self.bias, *after, equals, self.result]
        super().__init__(*before, *self.terms, *self.dots, self.bias, *after, equals, self.result)
        self.arrange(RIGHT, buff=_BUFF)
        self.scale(min(1, WIDEST / self.width))
