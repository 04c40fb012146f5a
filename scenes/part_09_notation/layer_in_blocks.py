"""A whole layer as blocks of small squares: all its weights, activations and biases."""

from __future__ import annotations

import numpy as np
from manim import DOWN, UP, Group, Mobject, VGroup
from numpy.typing import NDArray

from network import ForwardPass
from scenes.kit import theme
from scenes.kit.colour import rgb
from scenes.kit.layout import STAGE_BOTTOM
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.symbols import Symbol
from scenes.kit.mobjects.text import Words
from scenes.kit.mobjects.weight_heatmap import full_colour
from scenes.part_09_notation.short_formula import short_formula
from scenes.wording import function_name, number

# The heights of the columns and the widths of the blocks, in units; the sizes of signs and counts, in pixels an em.
_TALL, _LOW, _THIN, _WIDE = 4.1, 2.9, 0.42, 6.6
_SIGNS, _COUNTS = 90, 44
# The type of the short formula above the blocks, and where it stands.
_FORMULA, _FORMULA_Y = 104, 2.85


class LayerInBlocks(Group):
    """A layer's next activations, weights, activations and biases as blocks, a small square for every number.

    The weights have the colour of their sign, the activations are grey, the biases are in the colour of biases, as
    bright as they are large. function: the sign of the layer's function in Typst, or None. brightness: of the
    activations that go in, (n_in,), by default these themselves.

    >>> LayerInBlocks(forward, layer=0, function="sigma")
    """

    def __init__(
        self,
        forward: ForwardPass,
        layer: int,
        function: str | None,
        brightness: NDArray[np.floating] | None = None,
    ) -> None:
        knobs = forward.network.layers[layer]
        given = forward.inputs_of(layer) if brightness is None else brightness
        limit = full_colour(knobs.weights, 0.97)
        shares = np.clip(knobs.weights / limit, -1, 1)
        sign = np.where(shares[..., None] >= 0, rgb(theme.POSITIVE), rgb(theme.NEGATIVE))
        self.weights = block(sign * np.abs(shares)[..., None], _WIDE, _LOW)
        self.vector = block(grey(given), _THIN, _TALL)
        strength = np.abs(knobs.biases) / (np.abs(knobs.biases).max() or 1)
        self.biases = block((0.25 + 0.75 * strength)[:, None, None] * rgb(theme.BIASES_SYMBOL), _THIN, _LOW)
        self.result = block(grey(forward.activations[layer]), _THIN, _LOW)
        parts: list[tuple[str | Cells, str]] = [
            (self.result, number(knobs.n_out)),
            ("=", ""),
            *([(f"{function} \\(", "")] if function else []),
            (self.weights, f"{number(knobs.n_out)} × {number(knobs.n_in)}"),
            (self.vector, number(knobs.n_in)),
            ("+", ""),
            (self.biases, number(knobs.n_out)),
            *([("\\)", "")] if function else []),
        ]
        middle = STAGE_BOTTOM + 0.65 + _TALL / 2
        edge = 0.0
        super().__init__()
        self.counts = VGroup()
        for part, count in parts:
            shown: Mobject = Symbol(part, _SIGNS) if isinstance(part, str) else part
            shown.move_to((edge + shown.width / 2, middle, 0))
            edge = float(shown.get_right()[0]) + 0.38
            self.add(shown)
            if count:
                words = Words(count, _COUNTS)
                self.counts.add(words.next_to(shown, DOWN, buff=0.2))
        self.add(self.counts)
        self.set_x(0)


def formula_above_blocks(
    forward: ForwardPass, brightness: NDArray[np.floating] | None = None
) -> tuple[VGroup, dict[str, Symbol], LayerInBlocks]:
    """The first layer in one line, with the symbols of the line by name; and beneath it, as blocks.

    brightness: of the inputs, by default these themselves. One scene ends with this picture, and others begin with it.
    """
    function = function_name(forward.network.layers[0].activation).typst or None
    formula, parts = short_formula(function, "(1)", "(0)", "(1)", size=_FORMULA)
    return formula.shift(_FORMULA_Y * UP), parts, LayerInBlocks(forward, 0, function, brightness)


def grey(values: NDArray[np.floating]) -> NDArray[np.float64]:
    """A column of activations as colours, (n, 1, 3)."""
    return np.clip(values, 0, 1)[:, None, None] * rgb(theme.ACTIVATION)


def block(colours: NDArray[np.floating], width: float, height: float) -> Cells:
    """Cells (rows, columns, 3) that fill a box around the origin without gaps, row by row from the upper left."""
    rows, columns, _ = colours.shape
    x, y = np.linspace(-width / 2, width / 2, columns + 1), np.linspace(height / 2, -height / 2, rows + 1)
    cells = Cells(np.zeros((rows * columns, 3)), 1, stroke_width=0, colours=colours.reshape(-1, 3))
    cells.points[0::2, 0], cells.points[1::2, 0] = np.tile(x[:-1], rows), np.tile(x[1:], rows)
    cells.points[0::2, 1], cells.points[1::2, 1] = np.repeat(y[1:], columns), np.repeat(y[:-1], columns)
    return cells
