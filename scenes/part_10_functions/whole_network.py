"""The whole network with the names of its outputs, as both scenes of this part show it."""

from __future__ import annotations

from collections.abc import Sequence

from network import Network
from scenes.kit.layout import FRAME_WIDTH, SAFE_MARGIN, network_layout
from scenes.kit.mobjects.network_diagram import NetworkDiagram

# The right edge of a network whose outputs have short names.
_RIGHT = 4.9


def whole_network(network: Network, class_names: Sequence[str]) -> NetworkDiagram:
    """A network over the whole stage; the longer the names of its outputs, the less room it has."""
    right = _RIGHT
    for _ in range(2):
        diagram = NetworkDiagram(network, class_names, network_layout(network.sizes, right=right))
        right -= max(float(diagram.labels.get_right()[0]) - (FRAME_WIDTH / 2 - SAFE_MARGIN), 0)
    return diagram
