"""Numbers become letters: a product in numbers turns into one in letters, and its blocks into those of the formula."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from manim import (
    Animation,
    FadeIn,
    FadeOut,
    LaggedStart,
    Mobject,
    Rectangle,
    ReplacementTransform,
    Transform,
    smooth,
    squish_rate_func,
)

from scenes.kit.layout import STAGE_MIDDLE
from scenes.kit.mobjects.matrix import MatrixVectorProduct
from scenes.kit.mobjects.symbols import Symbol
from scenes.part_09_notation.grounds import grounds_of
from scenes.part_09_notation.short_formula import WIDEST


def in_the_middle(symbols: MatrixVectorProduct) -> MatrixVectorProduct:
    """A product in letters, as large as the stage allows."""
    symbols.scale(min(1.35, (WIDEST - 0.6) / symbols.width, 4.9 / symbols.height))
    return symbols.move_to((0, STAGE_MIDDLE, 0))


def numbers_to_letters(
    numbers: MatrixVectorProduct, symbols: MatrixVectorProduct, grounds: Sequence[Rectangle]
) -> list[Animation]:
    """A product in numbers, whose blocks stand on grounds, becomes one in letters; its labels go."""
    pairs: list[tuple[Mobject, Mobject]] = [
        (numbers.weights, symbols.weights),
        (numbers.vector, symbols.vector),
        (numbers.biases, symbols.biases),
        (numbers.result, symbols.result),
        (numbers.parentheses, symbols.parentheses),
        (numbers.signs, symbols.signs),
    ]
    return [
        FadeOut(numbers.labels),
        *(Transform(one, other) for one, other in zip(grounds, grounds_of(symbols), strict=True)),
        *(FadeOut(one, rate_func=squish_rate_func(smooth, 0, 0.6)) for one, _ in pairs),
        *(FadeIn(other, rate_func=squish_rate_func(smooth, 0.3, 1)) for _, other in pairs),
    ]


def blocks_to_letters(product: MatrixVectorProduct, letters: Mapping[str, Symbol]) -> list[Animation]:
    """Each block of a product shrinks into its letter; letters: the symbols of the short formula, by name."""
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
    return [
        ReplacementTransform(own[name], symbol)
        if isinstance(own[name], Symbol)
        else LaggedStart(
            FadeOut(own[name], target_position=symbol.get_center(), scale=0.2),
            FadeIn(symbol, target_position=own[name].get_center(), scale=2.0),
            lag_ratio=0.2,
        )
        for name, symbol in letters.items()
    ]
