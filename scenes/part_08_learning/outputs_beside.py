"""A network with the value of every output beside its label."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from network import Network
from network.digits import Digits
from scenes.kit import theme
from scenes.kit.layout import (
    LONGEST_STEP_ON_STAGE,
    PIXELS_A_UNIT,
    large_picture_layout,
    network_layout,
)
from scenes.kit.mobjects.diagram_marks import outputs_in_numbers
from scenes.kit.mobjects.network_diagram import NetworkDiagram
from scenes.kit.mobjects.numbers import Numbers
from scenes.kit.mobjects.text import Words
from scenes.stage.table_rows import room_beside

# The right edge of the values, and of whatever is written above them.
READINGS_RIGHT = 6.7
# Top of the network, and its left edge, and its right edge where the labels are short.
_TOP, _LEFT, _RIGHT = 2.55, -6.6, 4.9
# Room for an output's value, and for the space before it.
_VALUE_WIDTH, _VALUE_GAP = 0.62, 0.3
# The largest type of the values.
_VALUES = 44


def diagram_with_values(network: Network, digits: Digits) -> NetworkDiagram:
    """A network with its labels, and with room for a line above it and for values to the right of the labels.

    For the rows of a table, there is room for their names and numbers, too.
    """
    right, left, table = _RIGHT, _LEFT + room_beside(digits), bool(digits.inputs)
    input_as: Literal["picture", "column"] = "column" if table else "picture"
    for _ in range(2):  # longer labels leave the network less room
        layout = network_layout(
            network.sizes, input_as, left, right, _TOP, roomy=table, longest_step=LONGEST_STEP_ON_STAGE
        )
        diagram = NetworkDiagram(network, digits.class_names, layout)
        beyond = diagram.labels.get_right()[0] + _VALUE_GAP + _VALUE_WIDTH - READINGS_RIGHT
        right -= max(beyond, 0)
    return diagram.wide_lines() if table else diagram


def large_picture_with_values(network: Network, digits: Digits) -> NetworkDiagram:
    """A network that reads pictures, with a picture as large as the stage; its neurons are close together beside it."""
    widest = max(Words(name, theme.LABEL_SIZE).width for name in digits.class_names)
    outputs = READINGS_RIGHT - _VALUE_WIDTH - _VALUE_GAP - widest - 0.5
    return NetworkDiagram(network, digits.class_names, large_picture_layout(network.sizes, outputs, _LEFT))


def values_beside(diagram: NetworkDiagram, outputs: ArrayLike) -> Numbers:
    """The outputs (n_out,) as numbers to the right of their labels."""
    x = diagram.labels.get_right()[0] + _VALUE_GAP + _VALUE_WIDTH / 2
    size = float(np.clip(0.9 * PIXELS_A_UNIT * diagram.layout[-1].diameter, theme.SMALLEST_SIZE, _VALUES))
    return outputs_in_numbers(diagram, outputs, x, 2, size)
