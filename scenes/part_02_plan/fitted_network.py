"""A network whose labels fit into the frame, however long they are."""

from __future__ import annotations

import numpy as np

from network import Network
from scenes.kit import theme
from scenes.kit.layout import STAGE_BOTTOM, ColumnLayout, column, network_layout, picture
from scenes.kit.mobjects.network_diagram import NetworkDiagram

# From nearer: the top and the bottom of the picture, with room for words below it, and of the outputs; how far the
# outputs are apart at most; how much larger their names are, and how bright what lies between is.
_NEAR_TOP, _NEAR_BOTTOM, _OUTPUTS_TOP, _OUTPUTS_BOTTOM, _OUTPUTS_STEP = 3.6, -2.05, 3.55, -2.75, 0.66
_NAMES_LARGER, _BETWEEN = 1.4, 0.7

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


def near_network(network: Network, class_names: tuple[str, ...]) -> NetworkDiagram:
    """The same from nearer, as one sees that it reads: a large picture and large outputs, and less light between them.

    Below the picture there is room for a line of words. Numbers of a table stay in a column.
    """
    side = round(network.sizes[0] ** 0.5)
    right = _OUTPUTS_RIGHT
    for _ in range(2):
        layout = _near_layout(network.sizes, side, right)
        diagram = NetworkDiagram(network, class_names, layout).stand_out()
        for label in diagram.labels:
            if label.width < label.em:  # there is no room for more of a long name
                label.scale(_NAMES_LARGER, about_point=label.get_left())
        right -= max(float(diagram.labels.get_right()[0]) - _LABELS_RIGHT, 0)
    for connections in diagram.connections:
        connections.set_opacity(_BETWEEN)
    return diagram


def _near_layout(sizes: tuple[int, ...], side: int, right: float) -> tuple[ColumnLayout, ...]:
    layout = network_layout(sizes, left=_LEFT, right=right, top=_NEAR_TOP, bottom=_NEAR_BOTTOM)
    if np.ptp(layout[0].centres[:, 0]) == 0:
        return layout
    extent = _NEAR_TOP - _NEAR_BOTTOM
    first = picture(side, (_LEFT + extent / 2, (_NEAR_TOP + _NEAR_BOTTOM) / 2), extent)
    inner = _LEFT + extent
    gap = (right - inner) / (len(sizes) - 1)
    between = [
        column(size, (inner + gap * n, (_NEAR_TOP + _NEAR_BOTTOM) / 2), extent) for n, size in enumerate(sizes[1:-1], 1)
    ]
    middle, height = (_OUTPUTS_TOP + _OUTPUTS_BOTTOM) / 2, _OUTPUTS_TOP - _OUTPUTS_BOTTOM
    outputs = column(sizes[-1], (right, middle), height, longest_step=_OUTPUTS_STEP)
    return first, *between, outputs
