"""What can be laid beside and over the diagram of a network: names of layers, biases, a path, activation functions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from manim import DOWN, LEFT, RIGHT, Group, Line, Mobject, RoundedRectangle, VGroup, VMobject
from numpy.typing import ArrayLike, NDArray

from network.network import Layer
from scenes.kit import theme
from scenes.kit.layout import ColumnLayout
from scenes.kit.mobjects.connections import Connections
from scenes.kit.mobjects.network_diagram import NetworkDiagram, NeuronColumn
from scenes.kit.mobjects.numbers import Numbers
from scenes.kit.mobjects.text import Words, depth
from scenes.wording import function_name

# How far a mark is from the neurons, and a frame.
_GAP, FRAME_MARGIN = 0.5, 0.1
# The weighted sums over which an activation function is drawn, from minus this to this.
_REACH = 4.0


class LayerNames(VGroup):
    """The name of each layer: below its column, or, where the diagram goes upward, to the right of its row.

    clear_of: what they must not cover besides the neurons, such as bias nodes.

    >>> diagram = NetworkDiagram(network)
    >>> diagram.add(LayerNames(diagram, ["input", "hidden", "hidden", "output"]))
    """

    def __init__(self, diagram: NetworkDiagram, names: Sequence[str], clear_of: Mobject | None = None) -> None:
        if len(names) != len(diagram.columns):
            raise ValueError(f"names must be {len(diagram.columns)}, one for each layer; got {len(names)}")
        super().__init__(*(Words(name, theme.NOTE_SIZE, theme.QUIET_TEXT) for name in names))
        for name, text, place in zip(self, names, _beside(diagram, clear_of), strict=True):
            if diagram.upward:
                name.move_to(place, aligned_edge=LEFT)
            else:
                name.move_to(place, aligned_edge=DOWN).shift(depth(text, theme.NOTE_SIZE) * DOWN)


class ActivationSymbols(VGroup):
    """The activation function of each layer as a small curve, drawn from the function itself, beside its count.

    >>> diagram = NetworkDiagram(network, upward=True)
    >>> diagram.add(ActivationSymbols(diagram))
    """

    def __init__(self, diagram: NetworkDiagram, size: float = 0.56) -> None:
        super().__init__(*(activation_symbol(layer, size) for layer in diagram.network.layers))
        for symbol, count in zip(self, diagram.counts[1:], strict=True):
            symbol.next_to(count, LEFT if diagram.upward else RIGHT, buff=0.2)


class BiasNodes(Group):
    """A node that always holds 1 for every layer, whose connections are the biases of the next, drawn by their sign.

    nodes[l]: the node whose connections, connections[l], lead to the neurons of layer l.

    >>> diagram = NetworkDiagram(network).show(forward)
    >>> diagram.add(BiasNodes(diagram))
    """

    def __init__(self, diagram: NetworkDiagram) -> None:
        self.nodes: list[NeuronColumn] = []
        self.connections: list[Connections] = []
        ones = VGroup()
        for layer, (start, end) in zip(
            diagram.network.layers, zip(diagram.layout, diagram.layout[1:], strict=False), strict=True
        ):
            size = max(end.diameter, 0.42)
            away = RIGHT if diagram.upward else DOWN
            last = start.centres[np.argmax(start.centres @ away)]
            centre = np.where(away, last, start.centres.mean(axis=0)) + away * (start.diameter / 2 + 0.3 + size / 2)
            node = NeuronColumn(ColumnLayout(centre[None], size, np.ones(1, bool), np.zeros((0, 3))))
            self.nodes.append(node.set_color(theme.BIASES_SYMBOL))
            self.connections.append(Connections(centre[None], end.centres, layer.biases[:, None]))
            ones.add(Words("1", theme.SMALLEST_SIZE, theme.BIASES_SYMBOL).move_to(centre))
        super().__init__(*self.connections, *self.nodes, ones)


class NetworkPath(VGroup):
    """A path through the network, one neuron of every layer, as lines and rings that lie over the diagram.

    neurons: the index of the neuron in each column, the input first.

    >>> diagram = NetworkDiagram(network).show(forward)
    >>> diagram.add(NetworkPath(diagram, [406, 3, 7, forward.answer]))
    """

    def __init__(self, diagram: NetworkDiagram, neurons: Sequence[int], colour: str = theme.ANSWER) -> None:
        if len(neurons) != len(diagram.columns):
            raise ValueError(f"neurons must be {len(diagram.columns)}, one of each layer; got {len(neurons)}")
        super().__init__()
        rings = [diagram.ring(column, index) for column, index in enumerate(neurons)]
        for start, end in zip(rings, rings[1:], strict=False):
            way = end.get_center() - start.get_center()
            way /= np.linalg.norm(way)
            line = Line(
                start.get_center() + way * start.width / 2,
                end.get_center() - way * end.width / 2,
                color=colour,
                stroke_width=theme.MARK_WIDTH,
            )
            self.add(start, line)
        self.add(rings[-1])
        for ring in rings:
            ring.set_stroke(colour)


def frame_around(neurons: Mobject, margin: float = FRAME_MARGIN) -> RoundedRectangle:
    """A frame around a column of neurons, to say that it is spoken of; margin: how far it stands off them."""
    width, height = neurons.width + 2 * margin, neurons.height + 2 * margin
    frame = RoundedRectangle(0.15, width=width, height=height, color=theme.ANSWER, stroke_width=theme.MARK_WIDTH)
    return frame.move_to(neurons)


def outputs_in_numbers(
    diagram: NetworkDiagram, outputs: ArrayLike, x: float, places: int, size: float, **options: Any
) -> Numbers:
    """The outputs (n_out,) as numbers, with the middles of their boxes at x; only of the neurons that are shown.

    options: as `Numbers` takes them.
    """
    layout = diagram.layout[-1]
    centres = layout.centres.copy()
    centres[:, 0] = x
    return Numbers(outputs, centres, places, size, opacities=layout.shown.astype(float), **options)


def activation_symbol(layer: Layer, size: float = 0.7) -> VGroup:
    """The activation function of a layer as a curve in a box; as a word, where it is not a function of one number."""
    box = RoundedRectangle(0.12 * size, height=size, width=size, color=theme.NEURON_OUTLINE, stroke_width=2)
    z = np.linspace(-_REACH, _REACH, 81, dtype=np.float32)
    heights = np.array([layer.activate(np.full(layer.n_out, one, np.float32))[0] for one in z], np.float64)
    if layer.activation == "softmax":
        return VGroup(Words(function_name(layer.activation).name, theme.NOTE_SIZE, theme.QUIET_TEXT))
    heights -= (heights.min() + heights.max()) / 2
    scale = 0.36 * size
    curve = VMobject(color=theme.TEXT, stroke_width=theme.MARK_WIDTH)
    points = np.stack([z / _REACH * scale, heights / max(np.abs(heights).max(), 1e-9) * scale, 0 * z], axis=1)
    curve.set_points_as_corners(points)
    return VGroup(box, curve)


def _beside(diagram: NetworkDiagram, clear_of: Mobject | None) -> list[NDArray[np.float64]]:
    """A place for each column: on one line below all columns, or to the right of all rows."""
    taken = Group(*diagram.columns, *([] if clear_of is None else [clear_of]))
    middles = [layout.centres.mean(axis=0) for layout in diagram.layout]
    if diagram.upward:
        return [np.array([taken.get_right()[0] + _GAP, y, 0]) for _, y, _ in middles]
    return [np.array([x, taken.get_bottom()[1] - _GAP, 0]) for x, _, _ in middles]
