"""The sums of many pictures as little neurons on a line, and above it the sigmoid, onto which they rise."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, Animation, DashedLine, Group, VGroup, VMobject
from numpy.typing import ArrayLike, NDArray

from network.analysis.detectors import sums_without_bias, upright_edge_detector
from network.network import ACTIVATIONS, Array
from scenes.kit import theme
from scenes.kit.layout import CAPTION_HEIGHT, CAPTION_Y
from scenes.kit.mobjects.axes import Axes
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.plot_lines import AXIS_WIDTH, line_segments
from scenes.kit.mobjects.text import Number, Words
from scenes.kit.ticks import tick_values
from scenes.language import _
from scenes.part_06_edges.gate_stage import GateStage


class SumsGraph(Group):
    """Weighted sums on a number line: a heap of little neurons, one for each picture, each as bright as its activation.

    sums: (n,), W a of each picture. reach: the values at the line's ends. Above the heap the sigmoid runs, from 0 to 1
    on axes of its own. The beads on it are the same pictures: each rises from its place in the heap to its activation.
    `show` sets the bias, the sums, and how far the beads have risen.

    line, axes, curve, dots, beads, title: what is drawn. ends: the 0 and the 1 beside the axes, large.
    """

    # The brightness of the dots while they have no activation yet.
    UNSQUASHED = 0.45
    # The line, the heap's greatest height, and the axes above it.
    LEFT, WIDTH, LINE_Y, HEAP = -6.15, 9.7, -1.93, 2.0
    AXES_Y, AXES_HEIGHT = 0.35, 2.5
    BEAD = 0.2

    def __init__(self, sums: Array, reach: tuple[float, float]) -> None:
        self.sums = np.asarray(sums, float)
        self.reach = reach
        self.bias = 0.0
        self.sigmoid = ACTIVATIONS["sigmoid"].function
        self.axes = Axes(reach, (0, 1), width=self.WIDTH, height=self.AXES_HEIGHT, x_ticks=[], y_ticks=[0, 1])
        self.axes.shift(np.array([self.LEFT, self.AXES_Y, 0]) - self.axes.point(reach[0], 0))
        self.axes.remove(self.axes.y_numbers)
        self.ends = VGroup(
            *(
                Number(end, size=theme.TITLE_SIZE).next_to(self.axes.point(reach[0], end), LEFT, buff=0.2)
                for end in (0, 1)
            )
        )
        self.axes.add(self.ends)
        self.line = self.number_line()
        self.title = Words(_("sigmoid"), 1.2 * theme.TITLE_SIZE, theme.SIGMOID)
        self.title.move_to(self.axes.point(reach[1], 1), aligned_edge=RIGHT).shift(0.5 * UP)
        self.values = np.linspace(*reach, 401)
        self.curve = VMobject(stroke_color=theme.SIGMOID, stroke_width=6)
        self.bin = (reach[1] - reach[0]) / 56
        self.levels = self.piled(self.sums)
        n = len(self.sums)
        self.dots, self.beads = (
            Cells(np.zeros((n, 3)), 0.1, 1, stroke_colour=theme.NEURON_OUTLINE, stroke_width=1.5) for _ in range(2)
        )
        # How far each bead has risen from the heap to the curve, 0 to 1; those that have not are not seen.
        self.risen = np.zeros(n)
        super().__init__(self.axes, self.line, self.dots, self.curve, self.beads, self.title)
        self.show()

    def number_line(self) -> VGroup:
        """The line of all sums, with numbers and its name below."""
        ends = np.array([[self.LEFT, self.LINE_Y, 0], [self.LEFT + self.WIDTH, self.LINE_Y, 0]])
        ticks = tick_values(self.reach, about=7)
        feet = self.on_line(ticks)
        drawn = VMobject(stroke_color=theme.NEURON_OUTLINE, stroke_width=AXIS_WIDTH)
        drawn.points = np.concatenate([line_segments(ends[:1], ends[1:]), line_segments(feet, feet + 0.1 * DOWN)])
        places = 0 if np.allclose(ticks, ticks.round()) else 1
        numbers = [
            Number(value, places, theme.CAPTION_SIZE).next_to(foot, DOWN, buff=0.2)
            for value, foot in zip(ticks, feet, strict=True)
        ]
        name = Words(_("weighted sum"), theme.CAPTION_SIZE).next_to((ends[0] + ends[1]) / 2 + 0.72 * DOWN, DOWN, buff=0)
        # Letters of other scripts are taller.
        name.shift(max(CAPTION_Y + CAPTION_HEIGHT / 2 - name.get_bottom()[1], 0.0) * UP)
        return VGroup(drawn, *numbers, name)

    def piled(self, sums: Array) -> NDArray[np.float64]:
        """How many lie beneath each, (n,), where those within a bin lie on each other."""
        bins = np.floor(sums / self.bin).astype(int)
        return np.array([np.count_nonzero(bins[:n] == bins[n]) for n in range(len(bins))], float)

    def dot_size(self) -> float:
        """The diameter of a dot: that of a bin, or less if the heap would be too high."""
        bin_width = self.bin / (self.reach[1] - self.reach[0]) * self.WIDTH
        return float(min(0.94 * bin_width, self.HEAP / (self.levels.max() + 1)))

    def show(
        self,
        bias: float | None = None,
        sums: ArrayLike | None = None,
        levels: ArrayLike | None = None,
        risen: ArrayLike | None = None,
    ) -> Self:
        """Show another bias, other sums (n,), other heights in the heap (n,), or other beads risen (n,)."""
        self.bias = self.bias if bias is None else bias
        self.sums = self.sums if sums is None else np.asarray(sums, float)
        self.levels = self.levels if levels is None else np.asarray(levels, float)
        self.risen = self.risen if risen is None else np.asarray(risen, float)
        self.curve.set_points_as_corners(self.on_curve(self.values))
        activations = self.sigmoid(self.sums + self.bias)
        self.dots.place(self.in_heap(), self.dot_size())
        self.dots.set_brightness(activations)
        heap, curve = self.in_heap(), self.on_curve(self.sums)
        size = self.dot_size() + (self.BEAD - self.dot_size()) * self.risen
        self.beads.place(heap + (curve - heap) * self.risen[:, None], size)
        self.beads.set_brightness(activations)
        self.beads.opacities = self.beads.stroke_opacities = (self.risen > 0).astype(np.float32)
        return self

    def on_line(self, sums: ArrayLike) -> NDArray[np.float64]:
        """The places of sums on the number line, (…, 3)."""
        share = (np.asarray(sums, float) - self.reach[0]) / (self.reach[1] - self.reach[0])
        x = self.LEFT + self.WIDTH * share
        return np.stack([x, np.full_like(x, self.LINE_Y), np.zeros_like(x)], axis=-1)

    def on_curve(self, sums: ArrayLike) -> NDArray[np.float64]:
        """The places of sums on the sigmoid, with the present bias, (…, 3)."""
        return self.axes.point(sums, self.sigmoid(np.asarray(sums, float) + self.bias))

    def in_heap(self) -> NDArray[np.float64]:
        """The places of the dots, (n, 3)."""
        return self.on_line(self.sums) + ((self.levels + 0.5) * self.dot_size() + 0.03)[:, None] * UP

    def post_at(self, value: float, colour: str = theme.BIASES_SYMBOL) -> DashedLine:
        """A dashed line at a sum, from the number line to the top of the axes."""
        return DashedLine(self.on_line(value), self.axes.point(value, 1), color=colour, stroke_width=4)


def graph_of(stage: GateStage) -> SumsGraph:
    """The graph for the pictures at the gate; there is room for the detector on its side, too."""
    own = stage.gates[1].sums[stage.shown]
    both = np.concatenate([own, upright_sums(stage)[stage.shown]])
    room = 0.03 * max(float(np.ptp(both)), 1.0)
    return SumsGraph(own, (min(float(both.min()) - room, -1.0), max(float(both.max()) + room, 1.0)))


def upright_sums(stage: GateStage) -> Array:
    """The sums of all pictures for the same detector on its side, (n,)."""
    return sums_without_bias(upright_edge_detector(stage.digits.side), stage.digits.vectors)[:, 0]


class RiseOntoCurve(Animation):
    """Beads rise from the heap onto the sigmoid, one after another from left to right, and the dots light up with them.

    chosen: (n,), which of them. They have the brightness of their activations from the start of their way.
    """

    def __init__(self, graph: SumsGraph, chosen: NDArray[np.bool_], lag: float = 0.5, **options: Any) -> None:
        self.graph, self.lag = graph, lag
        self.start, self.stop = graph.risen.copy(), np.where(chosen, 1.0, graph.risen)
        self.lit = graph.dots.colours.copy()
        order = np.argsort(np.argsort(graph.sums))
        first = int(order[chosen].min()) if chosen.any() else 0
        self.delay = lag * (order - first) / max(int(np.count_nonzero(chosen)), 1)
        super().__init__(Group(graph.dots, graph.beads), **options)

    def interpolate_mobject(self, alpha: float) -> None:
        way = np.clip((self.rate_func(alpha) - self.delay) / (1 - self.lag), 0, 1)
        graph = self.graph.show(risen=self.start + (self.stop - self.start) * way)
        # Those that have not risen keep the colour that they had.
        graph.dots.colours = np.where(graph.risen[:, None] > 0, graph.dots.colours, self.lit)


class SlideBias(Animation):
    """The bias goes through some values, and `follow` is told each of them."""

    def __init__(self, graph: SumsGraph, biases: ArrayLike, follow: Any = None, **options: Any) -> None:
        self.graph, self.follow = graph, follow
        self.biases = np.asarray(biases, float)
        moving = [graph.dots, graph.curve, graph.beads, *(follow.mobjects if follow else ())]
        super().__init__(Group(*moving), **options)

    def interpolate_mobject(self, alpha: float) -> None:
        place = self.rate_func(alpha) * (len(self.biases) - 1)
        before = min(int(place), len(self.biases) - 2)
        one, other = self.biases[before : before + 2]
        share = place - before
        self.graph.show(bias=float(other if share >= 1 else one + (other - one) * share))
        if self.follow:
            self.follow.show()


class ChangeSums(Animation):
    """All sums change at once to those of other weights, and the dots go to their new places in the heap."""

    def __init__(self, graph: SumsGraph, sums: ArrayLike, **options: Any) -> None:
        self.graph = graph
        self.start = graph.sums.copy(), graph.levels.copy()
        sums = np.asarray(sums, float)
        self.stop = sums, graph.piled(sums)
        super().__init__(Group(graph.dots, graph.beads), **options)

    def interpolate_mobject(self, alpha: float) -> None:
        share = self.rate_func(alpha)
        sums, levels = (one + (other - one) * share for one, other in zip(self.start, self.stop, strict=True))
        self.graph.show(sums=self.stop[0] if alpha >= 1 else sums, levels=levels)
