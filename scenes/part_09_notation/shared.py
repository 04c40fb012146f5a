"""What several scenes of this part need."""

from __future__ import annotations

from collections.abc import Sequence

from manim import (
    RIGHT,
    VGroup,
)

from network import ForwardPass, Network
from network.analysis.examples import digit_to_show
from scenes.kit import theme
from scenes.kit.layout import FRAME_WIDTH, SAFE_MARGIN
from scenes.kit.mobjects.symbols import Symbol
from scenes.stage.lesson_scene import LessonScene

WIDEST = FRAME_WIDTH - 2 * SAFE_MARGIN
_SYMBOLS = {"sigmoid": "sigma", "relu": '"ReLU"'}


def function_of_any(network: Network) -> str | None:
    """The function of every layer; where layers have different ones, f with the layer's index."""
    names = set(network.activations)
    return _SYMBOLS.get(names.pop()) if len(names) == 1 else "f^((l))"


def shown_pass(scene: LessonScene) -> ForwardPass:
    """The network's run on the same test picture as in part 4."""
    digits = scene.digits()
    return scene.network.forward(digits.images[digit_to_show(scene.network, digits)])


def signed(value: float, places: int = 2) -> str:
    """A number with so many places and a true minus sign."""
    return f"{value:z.{places}f}".replace("-", "−")


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
