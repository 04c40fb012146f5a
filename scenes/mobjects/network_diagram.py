"""A whole network: its columns of neurons, all connections between them, and what its outputs stand for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np
from manim import RIGHT, UP, Group, VGroup

from network import ForwardPass, Network
from scenes import theme
from scenes.layout import NetworkLayout, network_layout
from scenes.mobjects.cells import Cells
from scenes.mobjects.connections import Connections
from scenes.mobjects.typesetting import Number, Words


class NetworkDiagram(Group):
    """A network as it is taught: input left, output right.

    columns[c]: `Cells`, the neurons of column c, the input first. connections[l]: `Connections` of `network.layers[l]`.
    counts[c]: how many neurons column c has, above it. labels[k]: what output k stands for.

    >>> NetworkDiagram(Network.random([2, 3, 1], np.random.default_rng(0)))
    """

    def __init__(
        self, network: Network, layout: NetworkLayout | None = None, class_names: Sequence[str] | None = None
    ) -> None:
        self.network = network
        self.layout = layout or network_layout(network.sizes)
        self.columns = [
            Cells(
                centres,
                diameter,
                roundness=1,
                colours=(0, 0, 0),
                stroke_colour=theme.NEURON_OUTLINE,
                stroke_width=theme.NEURON_OUTLINE_WIDTH * min(1, 0.25 + diameter / 0.4),
            )
            for centres, diameter in zip(self.layout.centres, self.layout.diameters, strict=True)
        ]
        self.connections = [
            Connections(start, end, layer.weights, limit=_own_limits(layer.weights))
            for start, end, layer in zip(self.layout.centres, self.layout.centres[1:], network.layers, strict=False)
        ]
        self.counts = VGroup(
            *(
                Number(len(cells), size=theme.NOTE_SIZE, colour=theme.QUIET_TEXT).next_to(cells, UP, buff=0.2)
                for cells in self.columns
            )
        )
        top = max(count.get_y() for count in self.counts)
        for count in self.counts:
            count.set_y(top)
        names = class_names if class_names is not None else [str(k) for k in range(network.sizes[-1])]
        if len(names) != network.sizes[-1]:
            raise ValueError(f"class_names must be {network.sizes[-1]} names; got {len(names)}")
        size = min(theme.LABEL_SIZE, 135 * 0.9 * self.layout.diameters[-1])
        self.labels = VGroup(*(Words(name, max(size, theme.SMALLEST_SIZE)) for name in names))
        for label, centre in zip(self.labels, self.layout.centres[-1], strict=True):
            label.next_to(centre, RIGHT, buff=self.layout.diameters[-1] / 2 + 0.24)
        super().__init__(*self.connections, *self.columns, self.counts, self.labels)

    def show_weights(self) -> Self:
        """Draw every connection by its weight, each neuron's as shares of its own greatest."""
        for connections, layer in zip(self.connections, self.network.layers, strict=True):
            connections.set_values(layer.weights, _own_limits(layer.weights))
        return self

    def show_contributions(self, forward: ForwardPass, layer: int) -> Self:
        """Draw the connections of one layer by what flows through them, each neuron's as shares of its own greatest."""
        flows = forward.contributions(layer)
        self.connections[layer].set_values(flows, _own_limits(flows))
        return self

    def show_activations(self, forward: ForwardPass) -> Self:
        """Fill every neuron with its activation."""
        for cells, activations in zip(self.columns, forward.columns, strict=True):
            cells.set_brightness(activations)
        return self


def _own_limits(values: np.ndarray) -> np.ndarray:
    """The greatest |value| of each row, (n_out, 1)."""
    return np.abs(values).max(axis=1, keepdims=True)
