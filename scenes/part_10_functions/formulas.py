"""Formulas of functions of many activations: the lists of their arguments, and where they stand."""

from __future__ import annotations

from manim import MathTypst

from scenes.kit import theme

# The height of a formula, and the middle of everything beneath it.
FORMULA_Y, MIDDLE_BELOW = 3.15, 0.2


def shown_indices(count: int) -> list[int | None]:
    """Which of `count` indices a list shows: the first two, None for those left out, and the last; all if at most 3."""
    return list(range(count)) if count <= 3 else [0, 1, None, count - 1]


def listed(letter: str, count: int) -> str:
    """The list a₀, a₁, …, aₙ₋₁ in Typst's notation, with a named part for each."""
    return ", ".join("dots" if k is None else f"{{{{ {letter}_({k}) : {letter}{k} }}}}" for k in shown_indices(count))


def colour_listed(shown: MathTypst, letter: str, count: int) -> MathTypst:
    """Give every item of a list in a formula the colour of activations."""
    for k in shown_indices(count):
        if k is not None:
            shown.select(f"{letter}{k}").set_color(theme.ACTIVATIONS_SYMBOL)
    return shown
