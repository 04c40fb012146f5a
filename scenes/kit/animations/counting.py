"""Connections and dots that appear one by one while they are counted."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import Animation, Group, VGroup, VMobject, linear
from numpy.typing import NDArray

from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.connections import Connections
from scenes.kit.mobjects.network_diagram import NetworkDiagram
from scenes.kit.mobjects.text import Number


class CountConnections(Animation):
    """The connections of a layer appear one after another, from number `start` to number `stop`, and are counted.

    They appear neuron by neuron, in the order of the rows of the weights. The ring marks the current neuron; its fan is
    brighter than the earlier ones.

    >>> diagram = NetworkDiagram(network)
    >>> CountConnections(diagram, 1, 0, diagram.connections[1].emphasis.size, Number(0), diagram.ring(2, 0))
    """

    EARLIER = 0.5  # how much of its opacity a fan keeps when the next one has begun

    def __init__(
        self, diagram: NetworkDiagram, layer: int, start: int, stop: int, number: Number, ring: VMobject, **options: Any
    ) -> None:
        self.connections, self.neurons = diagram.connections[layer], diagram.columns[layer + 1]
        self.start, self.stop, self.number, self.ring = start, stop, number, ring
        super().__init__(Group(self.connections, number, ring), **options)

    def interpolate_mobject(self, alpha: float) -> None:
        count = self.start + round(self.rate_func(alpha) * (self.stop - self.start))
        n_out, n_in = self.connections.shape
        neuron = min(max(count - 1, 0) // n_in, n_out - 1)
        self.connections.emphasis = appeared(self.connections, count, self.EARLIER)
        self.number.set_value_from_right(count)
        self.ring.move_to(self.neurons.centres[neuron])


def appeared(connections: Connections, count: int, earlier: float = 1.0) -> NDArray[np.float32]:
    """The emphasis of each connection once the first `count` have appeared, (n_out · n_in,).

    The fans before the one that is appearing have the emphasis `earlier`.
    """
    n_out, n_in = connections.shape
    items = np.arange(n_out * n_in)
    fan = max(count - 1, 0) // n_in
    return np.where(items < count, np.where(items // n_in < fan, earlier, 1.0), 0.0).astype(np.float32)


class SettleConnections(Animation):
    """All connections change to the same emphasis.

    >>> SettleConnections(NetworkDiagram(network).connections[1], 0.3)
    """

    def __init__(self, connections: Connections, emphasis: float = 0.75, **options: Any) -> None:
        self.before, self.emphasis = connections.emphasis.copy(), np.float32(emphasis)
        super().__init__(connections, **options)

    def interpolate_mobject(self, alpha: float) -> None:
        share = np.float32(self.rate_func(alpha))
        self.mobject.emphasis = self.before + (self.emphasis - self.before) * share


class CountDots(Animation):
    """Dots appear one after another and are counted, each column separately.

    shown: (n,), False for dots that are counted but not seen. numbers: one for each column. sizes: how many dots each
    column has.

    >>> from manim import RIGHT, VGroup
    >>> numbers = VGroup(Number(0), Number(0)).arrange(RIGHT, buff=2).set_y(3.5)
    >>> CountDots(Cells(grid(6, (0, 0), 6), 0.5, 1), np.ones(36, bool), numbers, [16, 20])
    """

    def __init__(
        self, dots: Cells, shown: NDArray[np.bool_], numbers: VGroup, sizes: list[int], **options: Any
    ) -> None:
        self.dots, self.shown, self.numbers, self.sizes = dots, shown, numbers, sizes
        self.middles = [number.get_center() for number in numbers]
        super().__init__(Group(dots, numbers), **{"rate_func": linear, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        count = round(self.rate_func(alpha) * len(self.dots))
        self.dots.opacities = ((np.arange(len(self.dots)) < count) & self.shown).astype(np.float32)
        for number, size, middle in zip(self.numbers, self.sizes, self.middles, strict=True):
            number.set_value(min(max(count, 0), size)).move_to(middle)
            count -= size
