"""One neuron of a piece of a layer, in numbers: its inputs and weights, its sum, and what is said of it."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import LEFT, RIGHT, UP, Line, VGroup
from numpy.typing import NDArray

from network.analysis.cut_out import CutOut
from scenes.kit import theme
from scenes.kit.contrast import reads_in_black
from scenes.kit.layout import STAGE_TOP
from scenes.kit.mobjects.cells import Cells, sign_colours
from scenes.kit.mobjects.numbers import Numbers
from scenes.kit.mobjects.text import Number, as_texture
from scenes.language import _c, _n
from scenes.part_09_notation.short_formula import WIDEST
from scenes.part_09_notation.written_sum import WrittenSum
from scenes.wording import function_name, in_words

# The type of the sum that is written out, in pixels an em, and where it stands.
_SUM_SIZE, _SUM_Y = 64, -2.2


def sum_told(activation: str, pixels: int) -> str:
    """What one neuron makes of so many pixels."""
    few, function = in_words(pixels), function_name(activation)
    if activation == "sigmoid":
        return _n(
            "Take just {n} pixel and one neuron: <bookmark mark='sum'/> every activation times its weight, all "
            "added up, <bookmark mark='bias'/> plus a bias, <bookmark mark='bent'/> squashed.",
            "Take just {n} pixels and one neuron: <bookmark mark='sum'/> every activation times its weight, all "
            "added up, <bookmark mark='bias'/> plus a bias, <bookmark mark='bent'/> squashed.",
            pixels,
            n=few,
        )
    if function.sign:
        return _n(
            "Take just {n} pixel and one neuron: <bookmark mark='sum'/> every activation times its weight, all "
            "added up, <bookmark mark='bias'/> plus a bias, <bookmark mark='bent'/> sent through {function}.",
            "Take just {n} pixels and one neuron: <bookmark mark='sum'/> every activation times its weight, all "
            "added up, <bookmark mark='bias'/> plus a bias, <bookmark mark='bent'/> sent through {function}.",
            pixels,
            n=few,
            function=function.spoken,
        )
    return _n(
        "Take just {n} pixel and one neuron: <bookmark mark='sum'/> every activation times its weight, all added "
        "up, <bookmark mark='bias'/> plus a bias<bookmark mark='bent'/>.",
        "Take just {n} pixels and one neuron: <bookmark mark='sum'/> every activation times its weight, all added "
        "up, <bookmark mark='bias'/> plus a bias<bookmark mark='bent'/>.",
        pixels,
        n=few,
    )


def sum_told_of_a_row(activation: str, inputs: int) -> str:
    """What one neuron makes of so many numbers of a row."""
    few, function = in_words(inputs), function_name(activation)
    if activation == "sigmoid":
        return _n(
            "Take {n} number and one neuron: <bookmark mark='sum'/> every number times its weight, all added up, "
            "<bookmark mark='bias'/> plus a bias, <bookmark mark='bent'/> squashed.",
            "Take {n} numbers and one neuron: <bookmark mark='sum'/> every number times its weight, all added up, "
            "<bookmark mark='bias'/> plus a bias, <bookmark mark='bent'/> squashed.",
            inputs,
            n=few,
        )
    if function.sign:
        return _n(
            "Take {n} number and one neuron: <bookmark mark='sum'/> every number times its weight, all added up, "
            "<bookmark mark='bias'/> plus a bias, <bookmark mark='bent'/> sent through {function}.",
            "Take {n} numbers and one neuron: <bookmark mark='sum'/> every number times its weight, all added up, "
            "<bookmark mark='bias'/> plus a bias, <bookmark mark='bent'/> sent through {function}.",
            inputs,
            n=few,
            function=function.spoken,
        )
    return _n(
        "Take {n} number and one neuron: <bookmark mark='sum'/> every number times its weight, all added up, "
        "<bookmark mark='bias'/> plus a bias<bookmark mark='bent'/>.",
        "Take {n} numbers and one neuron: <bookmark mark='sum'/> every number times its weight, all added up, "
        "<bookmark mark='bias'/> plus a bias<bookmark mark='bent'/>.",
        inputs,
        n=few,
    )


def discs(centres: object, diameter: float, values: np.ndarray) -> Cells:
    """Neurons with these activations."""
    made = Cells(centres, diameter, 1, stroke_colour=theme.NEURON_OUTLINE, stroke_width=3)  # type: ignore[arg-type]
    return made.set_brightness(values)


def written_on(neurons: Cells, values: np.ndarray, size: float) -> VGroup:
    """The activations of neurons, each written on its disc."""
    written = VGroup()
    for at, value in zip(neurons.centres, values, strict=True):
        colour = theme.BACKGROUND if reads_in_black(float(np.clip(value, 0, 1))) else theme.TEXT
        written.add(Number(float(value), 2, size, colour).move_to(at))
    return written


def lines_and_weights(row: NDArray[np.floating[Any]], pixels: Cells, neuron: Cells) -> tuple[VGroup, VGroup]:
    """The connections into a neuron, as wide as its row of weights, (n_in,), is large, with these in numbers."""
    lines, numbers = VGroup(), VGroup()
    end = neuron.centres[0] + neuron.radii[0] * LEFT
    for at, weight in zip(pixels.centres + pixels.radii[0] * RIGHT, row, strict=True):
        colour = theme.POSITIVE if weight >= 0 else theme.NEGATIVE
        wide = 3 + 9 * abs(float(weight)) / float(np.abs(row).max() or 1)
        lines.add(Line(at, end, color=colour, stroke_width=wide))
        label = Number(float(weight), 2, 44, colour)
        numbers.add(label.move_to(at + 0.42 * (end - at) + 0.34 * UP))
    return lines, numbers


def all_terms(products: NDArray[np.floating[Any]]) -> Numbers:
    """All products of a neuron of the real layer, w·a, (n_in,), in rows like its pixels; those of 0 are dim."""
    across = round(len(products) ** 0.5)
    room, high = WIDEST, STAGE_TOP - _SUM_Y - 0.6
    row, column = np.divmod(np.arange(len(products)), across)
    rows = int(row.max()) + 1
    x = (column + 0.5) * room / across - room / 2
    y = STAGE_TOP - (row + 0.5) * high / rows
    places = np.stack([x, y, 0 * x], axis=1)
    dim = np.where(products == 0, 0.25, 1.0)
    wall = Numbers(products, places, 2, theme.TEXTURE_SIZE, sign_colours(products), opacities=dim)
    return as_texture(wall)


def sum_in_place(cut: CutOut, result: float, more: bool = False) -> WrittenSum:
    """The first neuron's activation written out in numbers, in its place; more: with dots for all other pixels."""
    layer = cut.forward.network.layers[0]
    # The function's sign comes when it is spoken of.
    function = function_name(layer.activation).typst
    if layer.activation == "sigmoid":
        squash = _c("a function, by what it does", "squash")
        function = f'"{squash}"'
    weights, given = layer.weights[0].tolist(), cut.forward.input.tolist()
    line = WrittenSum(weights, given, float(layer.biases[0]), result, function, more, _SUM_SIZE)
    return line.move_to((0, _SUM_Y, 0))
