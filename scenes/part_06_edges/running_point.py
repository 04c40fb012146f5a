"""A point that runs along the sigmoid, and a neuron that lights up with it."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import DOWN, RIGHT, UP, Animation, Group, VMobject
from manim.utils.rate_functions import ease_in_out_sine

from scenes.kit import theme
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.plot_lines import line_segments
from scenes.kit.mobjects.text import Number, Words, as_read
from scenes.language import _
from scenes.part_06_edges.sums_graph import SumsGraph


class RunningPoint(Group):
    """A point on the sigmoid of a graph, lines to its sum and to its activation, and a neuron that is as bright.

    sum, activation: the two as numbers, above and below the neuron. reading: all but the neuron.
    """

    NEURON, SIZE = (5.3, 0.4), 2.5
    # Where it runs from and to, if the graph reaches that far.
    FROM, TO = -5.0, 4.0

    def __init__(self, graph: SumsGraph) -> None:
        self.graph = graph
        self.dot = Cells([[0, 0, 0]], 0.34, 1, stroke_colour=theme.BACKGROUND, stroke_width=3)
        self.guides = VMobject(stroke_color=theme.TEXT, stroke_width=2.5)
        self.neuron = Cells([[*self.NEURON, 0]], self.SIZE, 1, stroke_colour=theme.NEURON_OUTLINE, stroke_width=4)
        self.label = Words(_("sum"), theme.TITLE_SIZE)
        # Room for a minus sign.
        self.sum = Number(-8.8, 1, theme.TITLE_SIZE)
        self.label.next_to(self.neuron, UP, buff=0.35).shift((self.sum.width / 2 + 0.15) * np.array([-1.0, 0, 0]))
        self.sum.next_to(self.label, RIGHT, buff=0.3).align_to(self.label, DOWN)
        as_read(Group(self.label, self.sum))
        self.activation = Number(0, 2, 2 * theme.TITLE_SIZE).next_to(self.neuron, DOWN, buff=0.35)
        self.reading = Group(self.guides, self.dot, self.label, self.sum, self.activation)
        super().__init__(self.neuron, self.reading)
        self.first, self.last = max(self.FROM, graph.reach[0]), min(self.TO, graph.reach[1])
        self.show(self.first)

    def show(self, z: float) -> None:
        """Put the point over a sum."""
        graph = self.graph
        height = float(graph.sigmoid(np.array(z + graph.bias)))
        place = graph.on_curve(z)
        self.dot.place(place[None], 0.34)
        ends = np.array([graph.on_line(z), place]), np.array([place, graph.axes.point(graph.reach[0], height)])
        self.guides.points = line_segments(*ends)
        self.neuron.set_brightness([height])
        self.activation.set_value(height)
        self.sum.set_value_from_right(z)


class RunPoint(Animation):
    """A point runs along the sigmoid from one sum to another."""

    def __init__(self, point: RunningPoint, start: float, stop: float, **options: Any) -> None:
        self.point, self.ends = point, (start, stop)
        super().__init__(point, **{"rate_func": ease_in_out_sine, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        start, stop = self.ends
        share = self.rate_func(alpha)
        self.point.show(stop if share >= 1 else start + (stop - start) * share)
