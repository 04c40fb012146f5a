"""A network whose connections show how strongly each weight affects the cost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np
from manim import RIGHT, Group, VGroup
from numpy.typing import ArrayLike

from scenes.kit import theme
from scenes.kit.colour import rgb
from scenes.kit.layout import network_layout
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.connections import Connections
from scenes.kit.mobjects.network_diagram import NeuronColumn
from scenes.kit.mobjects.text import Words, size_that_fits
from scenes.language import _

_LEFT, _RIGHT, _HEIGHT = -5.3, 6.3, 2.35
# Columns of more neurons than this are shown in part.
_MOST_IN_A_COLUMN = 20
# Where the title ends and how far its middle lies below the top; how far below the top the numbers stand.
_TITLE_RIGHT, _TITLE_DOWN, _NUMBERS_DOWN = -5.62, 1.17, 2.68
# The gap between two numbers, and the largest sizes of the numbers and of what they mean, in pixels an em.
_NUMBERS_GAP, _LARGEST_NUMBER, _LARGEST_MEANING = 0.12, 44, 30


class GradientDiagram(Group):
    """A network across the stage, low enough for two to fit, with the slopes of the cost with respect to its weights.

    slopes: for each layer, (n_out, n_in), ∂C/∂w of its weights. numbers: for each layer, the typical size of its
    slopes, written below it. title: in front of it, in `colour`. top: its upper edge. as_large_as: the numbers of
    another diagram that must have the same size of type.

    connections, numbers: of each layer. neurons, dots, title, meaning: the other parts.

    >>> slopes = [np.sin(np.arange(n * m)).reshape(n, m) for n, m in ((6, 9), (6, 6), (3, 6))]
    >>> GradientDiagram(slopes, ["0.02", "0.3", "0.5"], "sigmoid", theme.ANSWER, top=1).show_slopes()
    """

    def __init__(
        self,
        slopes: Sequence[ArrayLike],
        numbers: Sequence[str],
        title: str,
        colour: str,
        top: float,
        as_large_as: Sequence[str] = (),
    ) -> None:
        self.slopes = [np.abs(np.asarray(of_layer)) for of_layer in slopes]
        sizes = (self.slopes[0].shape[1], *(len(of_layer) for of_layer in self.slopes))
        self.layout = network_layout(
            sizes, "column", left=_LEFT, right=_RIGHT, top=top, bottom=top - _HEIGHT, most=_MOST_IN_A_COLUMN
        )
        self.neurons = Group(*(NeuronColumn(place) for place in self.layout))
        for neurons in self.neurons:  # they are so small that they need a brighter outline
            neurons.stroke_colours[:] = rgb(theme.NEUTRAL)
            neurons.stroke_widths[:] = theme.NEURON_OUTLINE_WIDTH
        self.limit = max(float(of_layer.max()) for of_layer in self.slopes)
        self.connections = [
            Connections(start.centres, end.centres, of_layer, self.limit, contrast=0.4, width=1.5)
            for start, end, of_layer in zip(self.layout, self.layout[1:], self.slopes, strict=False)
        ]
        dots = np.concatenate([place.dots for place in self.layout])
        self.dots = Cells(dots, 0.05, 1, stroke_width=0) if len(dots) else Group()
        self.title = Words(title, theme.LABEL_SIZE, colour)
        self.title.move_to((_TITLE_RIGHT, top - _TITLE_DOWN, 0), aligned_edge=RIGHT)
        step = self.layout[1].centres[0, 0] - self.layout[0].centres[0, 0]
        type_size = size_that_fits([*numbers, *as_large_as], step - _NUMBERS_GAP, _LARGEST_NUMBER)
        self.numbers = VGroup()
        for start, end, number in zip(self.layout, self.layout[1:], numbers, strict=False):
            x = (start.centres[0, 0] + end.centres[0, 0]) / 2
            self.numbers.add(Words(number, type_size).move_to((x, top - _NUMBERS_DOWN, 0)))
        self.meaning = Words(_("typical slope"), min(type_size, _LARGEST_MEANING), theme.QUIET_TEXT)
        self.meaning.move_to((self.title.get_right()[0], top - _NUMBERS_DOWN, 0), aligned_edge=RIGHT)
        super().__init__(*self.connections, self.neurons, self.dots, self.title, self.meaning, self.numbers)

    def show_plain(self) -> Self:
        """Show all connections of a layer alike; the more of them, the fainter."""
        for connections in self.connections:
            connections.set_equal(min(0.55, 0.55 * (500 / len(connections)) ** (1 / 3))).set_opacity(1)
        return self

    def show_slopes(self) -> Self:
        """Show each connection as bright as the slope of the cost for its weight, as a share of the steepest slope."""
        for connections, slopes in zip(self.connections, self.slopes, strict=True):
            connections.set_values(slopes, self.limit).set_opacity(1)
            connections.neutral = True
        return self
