"""The whole network with the names of its outputs, as both scenes of this part show it."""

from __future__ import annotations

from typing import Literal

from network import Network
from network.digits import Digits
from scenes.kit.layout import FRAME_WIDTH, LONGEST_STEP_ON_STAGE, SAFE_MARGIN, network_layout
from scenes.kit.mobjects.network_diagram import NetworkDiagram
from scenes.stage.table_rows import room_beside

# The left edge of a network, and the right edge of one whose outputs have short names.
_LEFT, _RIGHT = -6.6, 4.9


def whole_network(network: Network, digits: Digits) -> NetworkDiagram:
    """A network over the whole stage; the longer the names of its outputs and inputs, the less room it has."""
    right, left, table = _RIGHT, _LEFT + room_beside(digits), bool(digits.inputs)
    input_as: Literal["picture", "column"] = "column" if table else "picture"
    for _ in range(2):
        layout = network_layout(network.sizes, input_as, left, right, roomy=table, longest_step=LONGEST_STEP_ON_STAGE)
        diagram = NetworkDiagram(network, digits.class_names, layout)
        right -= max(float(diagram.labels.get_right()[0]) - (FRAME_WIDTH / 2 - SAFE_MARGIN), 0)
    return diagram.wide_lines() if table else diagram
