"""A network whose labels fit into the frame, however long they are."""

from __future__ import annotations

import numpy as np

from network import Network
from scenes.kit import theme
from scenes.kit.layout import STAGE_BOTTOM, network_layout
from scenes.kit.mobjects.network_diagram import NetworkDiagram

# Across the whole stage: the left edge, how far the outputs and how far their labels may go, and the top.
_LEFT, _OUTPUTS_RIGHT, _LABELS_RIGHT, _TOP = -6.6, 4.9, 6.75, 3.2


def fitted_network(
    network: Network,
    class_names: tuple[str, ...],
    left: float = _LEFT,
    right: float = _OUTPUTS_RIGHT,
    labels_right: float = _LABELS_RIGHT,
    top: float = _TOP,
    bottom: float = STAGE_BOTTOM,
) -> NetworkDiagram:
    """A network from `left` to `right`, or less far, so that its labels end at `labels_right` at most."""
    for _ in range(2):  # longer labels leave the network less room
        layout = network_layout(network.sizes, left=left, right=right, top=top, bottom=bottom)
        diagram = NetworkDiagram(network, class_names, layout)
        for connections in diagram.connections:
            connections.contrast = 0.75
            # The fewer there are, the wider they may be.
            connections.width_of_lines = float(np.clip(28 / len(connections) ** 0.5, theme.CONNECTION_WIDTH, 2))
        right -= max(float(diagram.labels.get_right()[0]) - labels_right, 0)
    return diagram
