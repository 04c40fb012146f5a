"""A whole network: its columns of neurons, all connections between them, and what its outputs stand for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, Self

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, Brace, Circle, Group, Line, Mobject, VGroup, VMobject
from manim.utils.paths import straight_path
from numpy.typing import ArrayLike, NDArray

from network import ForwardPass, Network
from scenes.kit import theme
from scenes.kit.colour import rgb
from scenes.kit.layout import (
    FRAME_WIDTH,
    MOST_IN_A_COLUMN,
    ColumnLayout,
    network_layout,
    upward_layout,
)
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.connections import Connections
from scenes.kit.mobjects.text import Number, Words, depth
from scenes.kit.validation import validate_array

_DOT_SIZE = 0.07
# The height of a capital letter, in ems.
_CAPITAL = 0.7
# Room for half an output, the gap between it and its label, and a little more.
_BESIDE_OUTPUTS = 0.75
# How much lower than the tallest column another may end and still have its number on the same line.
_ON_ONE_LINE = 0.4


class NeuronColumn(Cells):
    """The neurons of one column of a network, as discs filled by their activations, in the places that `layout` gives.

    >>> NeuronColumn(column(16, (0, 0), height=7)).show(forward.activations[0])
    """

    def __init__(self, layout: ColumnLayout) -> None:
        self.layout = layout
        self.tints = np.tile(rgb(theme.ACTIVATION), (len(layout.centres), 1))
        self.below = np.zeros(len(layout.centres), bool)
        width = theme.NEURON_OUTLINE_WIDTH * min(1, 0.25 + layout.diameter / 0.4)
        super().__init__(layout.centres, layout.diameter, 1, (0, 0, 0), layout.shown, theme.NEURON_OUTLINE, width)
        self.stroke_opacities = layout.shown.astype(np.float32)

    def show(self, activations: ArrayLike) -> Self:
        """Fill every neuron with its activation, (n,), −1 red, 0 black, 1 white; greater ones are white too."""
        return self.set_brightness(activations)

    def set_brightness(self, values: ArrayLike, colour: str | None = None) -> Self:
        """Fill every neuron with a share (n,) of its colour, white unless `set_color` gave another; below 0 of red."""
        super().set_brightness(values)
        share = validate_array(values, (len(self),), "values").clip(0, 1)
        self.below = np.asarray(values) < 0
        tints = self.tints if colour is None else rgb(colour)
        self.colours = np.where(self.below[:, None], self.colours, share[:, None] * tints)
        return self

    def set_color(self, color: Any = None, family: bool = True, *, item: int | None = None) -> Self:
        """Give all neurons, or one of them, a colour: that of the outline, and of the light by which it is filled."""
        if color is None:  # as where Indicate leaves the colour alone
            return self
        lit = self.colours.max(axis=1) / self.tints.max(axis=1).clip(1)
        lit[self.below] = -self.colours[self.below].max(axis=1) / rgb(theme.NEGATIVE).max()
        self.tints, self.stroke_colours = self.tints.copy(), self.stroke_colours.copy()
        chosen = slice(None) if item is None else item
        self.tints[chosen] = self.stroke_colours[chosen] = rgb(color)
        return self.set_brightness(lit)

    def interpolate(self, start: Mobject, target: Mobject, alpha: float, path_func: Any = straight_path()) -> Self:
        """Become a mixture of two; the colour in which it is filled from then on is that of the nearer one."""
        super().interpolate(start, target, alpha, path_func)
        nearer = start if alpha < 0.5 else target
        self.tints, self.below = (getattr(nearer, name, getattr(self, name)) for name in ("tints", "below"))
        return self

    def stand_out(self) -> Self:
        """Give every neuron a brighter and wider outline, to show a structure that holds no activations yet."""
        self.stroke_colours = np.tile(rgb(theme.NEUTRAL), (len(self), 1))
        self.stroke_widths = 2 * self.stroke_widths
        return self


class NetworkDiagram(Group):
    """A network as it is usually drawn: input on the left, output on the right; or, `upward`, from bottom to top.

    columns[c]: the neurons of column c, the input first. connections[l]: all connections of `network.layers[l]`.
    counts[c]: the number of neurons of column c, above it. labels[k]: the class of output k.
    dots: the dots for neurons left out of long columns. input_labels[i]: the name of input i, if there are any.

    >>> NetworkDiagram(network).show(forward)
    """

    def __init__(
        self,
        network: Network,
        class_names: Sequence[str] | None = None,
        layout: tuple[ColumnLayout, ...] | None = None,
        input_as: Literal["picture", "column"] = "picture",
        input_names: Sequence[str] = (),
        upward: bool = False,
    ) -> None:
        self.network, self.upward = network, upward
        if len(input_names) not in (0, network.sizes[0]):
            raise ValueError(f"input_names must be {network.sizes[0]} names; got {len(input_names)}")
        if input_names:
            input_as = "column"
        if upward:
            self.layout = layout or upward_layout(network.sizes, input_as)
        else:
            # A long input column has a brace with its number to its left.
            left = -5.6 if input_as == "column" and network.sizes[0] > MOST_IN_A_COLUMN else -6.6
            left += max((Words(name, theme.LABEL_SIZE).width for name in input_names), default=0)
            widest = max((Words(name, theme.LABEL_SIZE).width for name in class_names or ()), default=0)
            right = min(4.9, FRAME_WIDTH / 2 - widest - _BESIDE_OUTPUTS)  # no name is cut off
            self.layout = layout or network_layout(network.sizes, input_as, left, right, roomy=bool(input_names))
        if tuple(len(place.centres) for place in self.layout) != network.sizes:
            raise ValueError(f"layout must be for columns of {network.sizes} neurons")
        names = [str(k) for k in range(network.sizes[-1])] if class_names is None else list(class_names)
        if len(names) != network.sizes[-1]:
            raise ValueError(f"class_names must be {network.sizes[-1]} names; got {len(names)}")
        self.columns = [NeuronColumn(place) for place in self.layout]
        self.connections = [
            Connections(start.centres, end.centres, layer.weights, _own_limits(layer.weights))
            for start, end, layer in zip(self.layout, self.layout[1:], network.layers, strict=False)
        ]
        dots = np.concatenate([place.dots for place in self.layout])
        self.dots = Cells(dots, _DOT_SIZE, 1, stroke_width=0) if len(dots) else Group()
        self.counts = self._make_counts()
        self.labels = self._make_labels(names)
        self.input_labels = self.labels_of(0, input_names, DOWN if upward else LEFT)
        named = [self.input_labels] if input_names else []
        super().__init__(*self.connections, *self.columns, self.dots, self.counts, self.labels, *named)

    def labels_of(self, column: int, labels: Sequence[str | VMobject], direction: Any = RIGHT) -> VGroup:
        """Labels for the neurons of a column, beside them in a direction, or inside them for ORIGIN.

        labels: for each neuron words, or a formula; fewer for the first ones only. Those left out have none.
        """
        place, group = self.layout[column], VGroup()
        for label, centre, shown in zip(labels, place.centres, place.shown, strict=False):
            size = np.clip(0.95 * 135 * place.diameter, theme.SMALLEST_SIZE, theme.LABEL_SIZE)
            drawn = Words(label, size) if isinstance(label, str) else label
            drawn.next_to(centre, direction, buff=place.diameter / 2 + 0.24 if np.any(direction) else 0)
            if isinstance(label, str) and direction[1]:  # side by side, so on one baseline
                drawn.align_to(centre + direction * (place.diameter / 2 + 0.24), DOWN)
                drawn.shift((depth(label, size) + (drawn.em * _CAPITAL if direction[1] < 0 else 0)) * DOWN)
            group.add(drawn.set_opacity(float(shown)))
        return group

    def pointwise_become_partial(self, mobject: Mobject, a: float, b: float) -> Self:
        """For manim's Create and Uncreate, which ask for it: the parts are drawn one after the other."""
        return self

    def drop_out(self, column: int, neurons: Sequence[int], rest: float = 0.08) -> VGroup:
        """Dim neurons and all of their connections, and return a cross for each of them, to be added.

        This marks them; what the others hold is still what the whole network computes.
        """
        dropped, place = list(neurons), self.layout[column]
        column = range(len(self.columns))[column]
        cells = self.columns[column]
        cells.stroke_opacities, cells.opacities = cells.stroke_opacities.copy(), cells.opacities.copy()
        cells.stroke_opacities[dropped] *= 0.45
        cells.opacities[dropped] *= rest
        for layer in {column - 1, column} & set(range(len(self.connections))):
            connections = self.connections[layer]
            emphasis = connections.emphasis.reshape(connections.shape).copy()
            if layer < column:
                emphasis[dropped] *= rest
            else:
                emphasis[:, dropped] *= rest
            connections.emphasis = emphasis.ravel()
        arm = 0.32 * place.diameter
        crosses = VGroup()
        for centre in place.centres[dropped]:
            for way in (np.array([arm, arm, 0]), np.array([arm, -arm, 0])):
                crosses.add(Line(centre - way, centre + way, color=theme.NEGATIVE, stroke_width=theme.MARK_WIDTH))
        return crosses

    def stand_out(self) -> Self:
        """Draw its connections stronger, and the outlines of all neurons but the input: for a stage of its own."""
        for neurons in self.columns[1:]:
            neurons.stand_out()
        for connections in self.connections:
            connections.contrast = 0.75
            # The fewer there are, the wider they may be.
            connections.width_of_lines = float(np.clip(28 / len(connections) ** 0.5, theme.CONNECTION_WIDTH, 2))
        return self

    def wide_lines(self) -> Self:
        """Draw the connections of a small network wider: the fewer there are, the wider."""
        for connections in self.connections:
            connections.width_of_lines = float(np.clip(28 / len(connections) ** 0.5, theme.CONNECTION_WIDTH, 4.5))
        return self

    def neuron(self, column: int, index: int) -> Cells:
        """A copy of one neuron, to be lifted out or marked."""
        return self.columns[column].item(index)

    def show_weights(self) -> Self:
        """Draw every connection by its weight, as a share of the greatest weight of the neuron it leads to."""
        for connections, layer in zip(self.connections, self.network.layers, strict=True):
            connections.set_values(layer.weights, _own_limits(layer.weights))
        return self

    def show_contributions(self, forward: ForwardPass, layer: int) -> Self:
        """Draw the connections of one layer by what flows in them, w·a, as shares of the greatest into each neuron."""
        flows = forward.contributions(layer)
        self.connections[layer].set_values(flows, _own_limits(flows))
        return self

    def show_activations(self, forward: ForwardPass) -> Self:
        """Fill every neuron with its activation."""
        for neurons, activations in zip(self.columns, forward.columns, strict=True):
            neurons.show(activations)
        return self

    def show(self, forward: ForwardPass) -> Self:
        """Show everything of one forward pass: the activations, and what flows through every connection."""
        for layer in range(len(self.connections)):
            self.show_contributions(forward, layer)
        return self.show_activations(forward)

    def winner_mark(self, forward: ForwardPass, truth: int | None = None) -> Circle:
        """A ring around the brightest output; in the colour of a wrong answer if it is not the truth, where given."""
        outputs = self.layout[-1]
        colour = theme.ANSWER if truth is None or truth == forward.answer else theme.WRONG
        ring = Circle(outputs.diameter / 2 + 0.09, color=colour, stroke_width=theme.MARK_WIDTH)
        return ring.move_to(outputs.centres[forward.answer])

    def ring(self, column: int, index: int) -> Circle:
        """A ring around one neuron; columns count from the input, 0."""
        place = self.layout[column]
        ring = Circle(place.diameter / 2 + 0.07, color=theme.ANSWER, stroke_width=theme.MARK_WIDTH)
        return ring.move_to(place.centres[index])

    def input_brace(self) -> VGroup:
        """A brace to the left of the input, or below it, with its number of neurons."""
        side = DOWN if self.upward else LEFT
        brace = thin_brace(self.columns[0], side)
        count = Number(self.network.sizes[0], size=theme.LABEL_SIZE).next_to(brace, side, buff=0.15)
        return VGroup(brace, count)

    def _make_counts(self) -> VGroup:
        tops = [neurons.get_top()[1] for neurons in self.columns]
        numbers = VGroup()
        if self.upward:
            for neurons in self.columns:
                number = Number(len(neurons), size=theme.NOTE_SIZE, colour=theme.QUIET_TEXT)
                numbers.add(number.next_to(neurons, LEFT, buff=0.35))
            return numbers
        for neurons, top in zip(self.columns, tops, strict=True):
            # On one line, except for columns that end much lower, such as an input drawn as a picture.
            top = max(tops) if max(tops) - top < _ON_ONE_LINE else top
            number = Number(len(neurons), size=theme.NOTE_SIZE, colour=theme.QUIET_TEXT)
            numbers.add(number.move_to((neurons.get_x(), top + 0.35, 0)))
        return numbers

    def _make_labels(self, names: list[str]) -> VGroup:
        return self.labels_of(-1, names, UP if self.upward else RIGHT)


def thin_brace(mobject: Cells, direction: NDArray[np.float64]) -> Brace:
    """A brace beside something, lighter than manim's own."""
    across = 0 if direction[0] else 1
    return Brace(mobject, direction, color=theme.QUIET_TEXT).stretch(0.6, across)


def _own_limits(values: NDArray[np.floating]) -> NDArray[np.float32]:
    """The greatest |value| of each row, (n_out, 1)."""
    return validate_array(np.abs(values).max(axis=1, keepdims=True), (len(values), 1), "values")


class ThreeDensities(Group):
    """The same network three times: all connections alike, by weight, and by what flows in a forward pass.

    >>> ThreeDensities(forward)
    """

    WIDTH, GAP = 4.0, 0.6

    def __init__(self, forward: ForwardPass) -> None:
        super().__init__()
        for number, title in enumerate(("all alike", "by weight", "by what flows")):
            left = (number - 1.5) * self.WIDTH + (number - 1) * self.GAP
            layout = network_layout(forward.network.sizes, left=left, right=left + self.WIDTH, top=2.2, bottom=-2.4)
            diagram = NetworkDiagram(forward.network, layout=layout)
            if title == "all alike":
                for connections in diagram.connections:
                    connections.set_equal(0.5)
            elif title == "by what flows":
                for layer in range(len(diagram.connections)):
                    diagram.show_contributions(forward, layer)
            diagram.show_activations(forward)
            heading = Words(title, theme.LABEL_SIZE).move_to((left + self.WIDTH / 2, 3, 0), aligned_edge=UP)
            self.add(*diagram.connections, *diagram.columns, diagram.dots, heading)
