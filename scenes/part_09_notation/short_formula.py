"""A whole layer in one short line, as a formula: a = σ(W a + b)."""

from __future__ import annotations

from manim import VGroup

from scenes.kit import theme
from scenes.kit.layout import FRAME_WIDTH, SAFE_MARGIN
from scenes.kit.mobjects.symbols import Symbol, in_a_line

# No formula and no product of this part is wider.
WIDEST = FRAME_WIDTH - 2 * SAFE_MARGIN


def short_formula(
    function: str | None, after: str, before: str, knobs: str, size: float = 84
) -> tuple[VGroup, dict[str, Symbol]]:
    """a = σ(W a + b), and its parts by name.

    function: in Typst; None where nothing is applied. after, before, knobs: the layer's index on the result, on the
    activations that flow in, and on W and b; empty for none.
    """

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
