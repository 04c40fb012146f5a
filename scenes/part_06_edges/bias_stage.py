"""What stands around the graph of the bias: how many pictures light up, the bias as a knob, and the weights."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, Group, VGroup

from network.analysis.detectors import upright_edge_detector
from scenes.kit import theme
from scenes.kit.mobjects.counter import Counter
from scenes.kit.mobjects.dials import Dials
from scenes.kit.mobjects.text import Number, Words, as_read
from scenes.kit.mobjects.weight_heatmap import WeightHeatmap
from scenes.kit.picture_frames import frame_of_weights
from scenes.language import _
from scenes.part_06_edges.gate_stage import GateStage
from scenes.part_06_edges.sums_graph import graph_of, upright_sums
from scenes.wording import amount


class BiasStage:
    """The graph of the pictures at the gate; to its right a count, the bias with its knob, and the weights.

    graph: its bias is the one that `show` follows. sums: (n,), of all pictures, those that are counted.
    """

    X, COUNT_Y, SUM_Y, KNOB_Y = 5.2, 2.65, 1.05, 0.2
    # The room for the words beneath the count.
    ROOM = 3.1
    KNOB, WEIGHTS, WEIGHTS_EXTENT = 0.85, (5.2, -1.75), 2.1

    def __init__(self, gate_stage: GateStage) -> None:
        surround = gate_stage.gates[1]
        self.level_sums, self.upright_sums = surround.sums, upright_sums(gate_stage)
        self.sums = self.level_sums
        self.shown = gate_stage.shown
        self.bias = -surround.threshold
        self.graph = graph_of(gate_stage)
        self.graph.show(risen=np.ones(len(self.shown)))

        self.counter = Counter(
            self.lit(0.0), _("of {pictures} light up", pictures=amount(len(self.sums))), size=1.6 * theme.TITLE_SIZE
        )
        caption = self.counter.caption.set_color(theme.TEXT)
        caption.scale(min(1.3, self.ROOM / caption.width), about_edge=UP)
        self.counter.move_to((self.X, self.COUNT_Y, 0))
        self.number = Number(self.bias, 0, 1.3 * theme.TITLE_SIZE, theme.BIASES_SYMBOL, sign=True)
        self.sum = Words(_("sum"), 1.3 * theme.TITLE_SIZE)
        row = as_read(VGroup(self.sum, self.number).arrange(RIGHT, buff=0.3)).move_to((self.X, self.SUM_Y, 0))
        self.sum.align_to(row[1], DOWN)
        self.knob = Dials([[0, 0, 0]], self.KNOB, [0.0], 1.0)
        self.name = Words(_("bias"), 1.2 * theme.TITLE_SIZE, theme.BIASES_SYMBOL)
        as_read(Group(self.knob, self.name).arrange(RIGHT, buff=0.3)).move_to((self.X, self.KNOB_Y, 0))
        self.post = self.graph.post_at(0.0)
        self.post_number = Number(0, 0, theme.TITLE_SIZE, theme.BIASES_SYMBOL)
        self.weights = WeightHeatmap(surround.detector.weights[0], 1.0, None, self.WEIGHTS_EXTENT, self.WEIGHTS)
        self.upright = self.weights.copy().show(upright_edge_detector(gate_stage.digits.side).weights[0], 1.0)
        self.frame = frame_of_weights(self.weights)
        self.show()

    def lit(self, bias: float) -> int:
        """How many of all pictures light the neuron to more than ½."""
        return int(np.count_nonzero(self.sums + bias > 0))

    @property
    def mobjects(self) -> list[Any]:
        """What changes with the bias."""
        return [self.counter, self.number, self.knob, self.post, self.post_number]

    def show(self) -> Self:
        """Show what holds for the graph's bias now. The knob is turned all the way at twice the scene's bias."""
        bias = self.graph.bias
        self.counter.set_value(self.lit(bias))
        self.number.set_value(bias)
        self.knob.turn([bias / (2 * abs(self.bias))])
        top = self.graph.axes.point(-bias, 1)
        self.post.shift((top[0] - self.post.get_x()) * RIGHT)
        self.post_number.set_value(-bias)
        self.post_number.move_to(top + 0.45 * LEFT + 0.25 * DOWN)
        return self

    def turn_on_its_side(self) -> Self:
        """Count the pictures for the detector on its side."""
        self.sums = self.upright_sums
        return self

    def at_the_end(self) -> Group:
        """All of it as it stands at the end of `BiasIsAThreshold`."""
        graph = self.graph
        upright = self.upright_sums[self.shown]
        graph.show(bias=self.bias, sums=upright, levels=graph.piled(upright))
        self.turn_on_its_side().show()
        return Group(graph, *self.mobjects, self.sum, self.name, self.upright, self.frame)
