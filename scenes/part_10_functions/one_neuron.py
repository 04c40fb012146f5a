"""A single neuron behind a whole picture, as one scene of this part leaves it and the next one finds it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from manim import RIGHT, Group, MathTypst

from network import ForwardPass, Network
from network.digits import Digits
from network.network import Array
from scenes.kit import theme
from scenes.kit.layout import FRAME_WIDTH, SAFE_MARGIN, ColumnLayout, picture_or_column
from scenes.kit.mobjects.connections import Connections
from scenes.kit.mobjects.named_inputs import NamedInputs
from scenes.kit.mobjects.network_diagram import NeuronColumn
from scenes.kit.mobjects.text import Number, formula
from scenes.part_10_functions.formulas import FORMULA_Y, MIDDLE_BELOW, colour_listed, listed, shown_indices
from scenes.stage.table_rows import inputs_beside, room_beside
from scenes.wording import function_name

# Where the picture stands, and how large it is; where the neuron stands, and its diameter.
_PICTURE_X, _PICTURE_EXTENT = -4.0, 4.9
_NEURON_X, _NEURON_DIAMETER = 2.6, 1.9
_NUMBER_SIZE = 120
_FORMULA_SIZE, _WIDEST_FORMULA = 58, 13.2


class OneNeuron(Group):
    """A neuron of the first layer, joined to every input, with its number beside it.

    picture: the inputs. named: the names and numbers of a row of a table, beside them. one: the neuron. fan: its
    connections, by what flows in them. number: its activation. digits: the data. brightness: of inputs.

    >>> OneNeuron(network, 3, forward, digits, digits.brightness)
    """

    def __init__(
        self,
        network: Network,
        neuron: int,
        forward: ForwardPass,
        digits: Digits,
        brightness: Callable[[Array], Array],
    ) -> None:
        self.neuron, self.brightness = neuron, brightness
        place = inputs_layout(digits, _PICTURE_X, MIDDLE_BELOW, _PICTURE_EXTENT)
        self.picture = NeuronColumn(place)
        self.named = inputs_beside(digits, place, forward.input)
        self.one = NeuronColumn(
            ColumnLayout(np.array([[_NEURON_X, MIDDLE_BELOW, 0]]), _NEURON_DIAMETER, np.ones(1, bool), np.zeros((0, 3)))
        )
        self.one.stroke_widths[:] = 3
        weights = network.layers[0].weights[[neuron]]
        width = 4.5 if digits.inputs else 1.5
        self.fan = Connections(self.picture.centres, self.one.centres, weights, contrast=0.5, width=width)
        self.number = Number(0, places=2, size=_NUMBER_SIZE).next_to(self.one, RIGHT, buff=0.5)
        super().__init__(self.fan, self.picture, self.named, self.one, self.number)
        self.show(forward)

    def show(self, forward: ForwardPass) -> OneNeuron:
        """Show another picture, and what the neuron makes of it."""
        value = self.value(forward)
        self.picture.show(self.brightness(forward.input))
        if isinstance(self.named, NamedInputs):
            self.named.show(forward.input)
        self.fan.set_values(forward.contributions(0)[[self.neuron]])
        self.one.show([value])
        self.number.set_value(value)
        return self

    def value(self, forward: ForwardPass) -> float:
        """The neuron's activation."""
        return float(forward.activations[0][self.neuron])


def inputs_layout(digits: Digits, x: float, y: float, extent: float) -> ColumnLayout:
    """Where the inputs stand: those of a picture as a picture around (x, y), those of a table in a column."""
    if not digits.inputs:
        return picture_or_column(digits.n_in, (x, y), extent)
    # The names and numbers to the left of the column take as much room as a picture.
    beside = max(x, -FRAME_WIDTH / 2 + SAFE_MARGIN + room_beside(digits) + 0.5)
    return picture_or_column(digits.n_in, (beside, y), extent, is_picture=False)


def neuron_formula(n_in: int, activation: str) -> MathTypst:
    """The formula of a neuron with n_in inputs, with indices from 0, in its place above the neuron."""
    indices = shown_indices(n_in)
    terms = ["dots.c" if k is None else f"{{{{ w_({k}) : w{k} }}}} {{{{ a_({k}) : s{k} }}}}" for k in indices]
    product = " + ".join(terms) + " + {{ b : bias }}"
    name = function_name(activation).typst
    shown = formula(f"f({listed('a', n_in)}) = " + (f"{name}({product})" if name else product), _FORMULA_SIZE)
    for k in indices:
        if k is not None:
            shown.select(f"w{k}").set_color(theme.WEIGHTS_SYMBOL)
            shown.select(f"s{k}").set_color(theme.ACTIVATIONS_SYMBOL)
    shown.select("bias").set_color(theme.BIASES_SYMBOL)
    shown.scale(min(1, _WIDEST_FORMULA / shown.width)).move_to((0, FORMULA_Y, 0))
    return colour_listed(shown, "a", n_in)


def network_formula(n_in: int, n_out: int) -> MathTypst:
    """The whole network as a function of its inputs, with indices from 0, in the place of the neuron's formula."""
    shown = formula(f"f({listed('a', n_in)}) = bracket.l {listed('y', n_out)} bracket.r", 72)
    shown.move_to((0, FORMULA_Y, 0))
    return colour_listed(colour_listed(shown, "a", n_in), "y", n_out)
