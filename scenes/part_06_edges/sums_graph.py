"""The sums of many pictures as little neurons along a line, with the sigmoid over them."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from manim import Animation, DashedLine, Group, VMobject, linear
from numpy.typing import ArrayLike, NDArray

from network.network import ACTIVATIONS, Array
from scenes.kit import theme
from scenes.kit.mobjects.axes import Axes
from scenes.kit.mobjects.cells import Cells
from scenes.kit.ticks import tick_values
from scenes.part_06_edges.hand_set_weights import SUM_LABEL


class SumsGraph(Group):
    """Weighted sums along an axis: a heap of little neurons, one for each picture, each as bright as its activation.

    sums: (n,), W a of each picture. reach: the values of the axis's ends. The sigmoid runs over them, from 0 at the
    foot to 1 at the top. `show` sets the bias, and another stretch of the axis.

    axes, curve, dots: what is drawn.
    """

    # The brightness of the dots while they have no activation yet.
    UNSQUASHED = 0.45
    WIDTH, HEIGHT, CENTRE = 9.7, 4.3, (-1.55, 0.05, 0)

    def __init__(self, sums: Array, reach: tuple[float, float]) -> None:
        self.sums = np.asarray(sums, float)
        self.reach = self.now = reach
        self.bias = 0.0
        self.sigmoid = ACTIVATIONS["sigmoid"].function
        self.axes = self.axes_over(reach)
        self.x = np.linspace(0, 1, 401)
        self.curve = VMobject(stroke_color=theme.ANSWER, stroke_width=6)
        self.levels, self.bin = self.piled(self.sums)
        n = len(self.sums)
        size = self.dot_size()
        self.dots = Cells(np.zeros((n, 3)), size, 1, stroke_colour=theme.NEURON_OUTLINE, stroke_width=1.5)
        # How far above its place each of them still is, in units of length.
        self.above = np.zeros(n)
        super().__init__(self.axes, self.dots, self.curve)
        self.show()

    def axes_over(self, reach: tuple[float, float]) -> Axes:
        """The axes for a stretch of sums."""
        return Axes(
            reach,
            (0, 1),
            SUM_LABEL,
            width=self.WIDTH,
            height=self.HEIGHT,
            x_ticks=tick_values(reach, about=6),
            y_ticks=[0, 0.5, 1],
        ).move_to(self.CENTRE)

    def piled(self, sums: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
        """How many lie beneath each, (n,), where those within a bin lie on each other; and the bin's width."""
        width = (self.reach[1] - self.reach[0]) / 46
        bins = np.floor(sums / width).astype(int)
        return np.array([np.count_nonzero(bins[:n] == bins[n]) for n in range(len(bins))], float), width

    def dot_size(self) -> float:
        """The diameter of a dot: that of a bin, or less if the heap would be higher than the axis."""
        bin_width = self.bin / (self.reach[1] - self.reach[0]) * self.WIDTH
        return float(min(0.92 * bin_width, 0.9 * self.HEIGHT / (self.levels.max() + 1)))

    def show(
        self,
        bias: float | None = None,
        now: tuple[float, float] | None = None,
        sums: ArrayLike | None = None,
        levels: ArrayLike | None = None,
    ) -> Self:
        """Show another bias, another stretch of the axis, other sums (n,), or other heights in the heap (n,)."""
        self.bias = self.bias if bias is None else bias
        self.now = self.now if now is None else now
        self.sums = self.sums if sums is None else np.asarray(sums, float)
        self.levels = self.levels if levels is None else np.asarray(levels, float)
        low, high = self.now
        self.curve.set_points_as_corners(
            self.place(low + self.x * (high - low), self.sigmoid(low + self.x * (high - low) + self.bias))
        )
        size = self.dot_size()
        places = self.place(self.sums, 0)
        places[:, 1] += (self.levels + 0.5) * size + 0.03 + self.above
        self.dots.place(places, size)
        self.dots.set_brightness(self.sigmoid(self.sums + self.bias))
        inside = np.clip(60 * np.minimum(self.sums - low, high - self.sums) / (high - low) + 1, 0, 1)
        seen = np.clip(4 - 2 * self.above, 0, 1) * inside
        self.dots.opacities = self.dots.stroke_opacities = seen.astype(np.float32)
        return self

    def place(self, sums: ArrayLike, heights: ArrayLike) -> NDArray[np.float64]:
        """The places of sums, with heights from 0 to 1, on the present stretch of the axis, (…, 3)."""
        first, last = self.reach
        low, high = self.now
        share = (np.asarray(sums, float) - low) / (high - low)
        return self.axes.point(first + share * (last - first), heights)

    def lit(self, bias: float, sums: Array) -> int:
        """How many of some sums light the neuron to more than ½."""
        return int(np.count_nonzero(np.asarray(sums) + bias > 0))


def reach_of(sums: Array) -> tuple[float, float]:
    """The stretch of the axis for some sums: they all lie within, and so does a stretch to both sides of 0."""
    low, high = float(np.min(sums)), float(np.max(sums))
    room = 0.04 * max(high - low, 1.0)
    return min(low - room, -1.0), max(high + room, 1.0)


class DropDots(Animation):
    """The dots of a heap fall from above, one after another, faster and faster; lit: as bright as their activations."""

    def __init__(self, graph: SumsGraph, lit: bool = True, **options: Any) -> None:
        self.graph, self.lit = graph, lit
        super().__init__(graph.dots, **{"rate_func": linear, "introducer": True, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        graph = self.graph
        n = len(graph.sums)
        delay = 0.8 * np.sqrt(np.arange(n) / max(n - 1, 1))
        way = np.clip((self.rate_func(alpha) - delay) / 0.2, 0, 1)
        graph.above = np.where(way > 0, 4.5 * (1 - way) ** 2, 9.0)
        graph.show()
        if not self.lit:
            graph.dots.set_brightness(np.full(n, graph.UNSQUASHED))


class SlideBias(Animation):
    """The bias goes through some values, and `follow` is told each of them."""

    def __init__(self, graph: SumsGraph, biases: ArrayLike, follow: Any = None, **options: Any) -> None:
        self.graph, self.follow = graph, follow
        self.biases = np.asarray(biases, float)
        moving = [graph.dots, graph.curve, *(follow.mobjects if follow else ())]
        super().__init__(Group(*moving), **options)

    def interpolate_mobject(self, alpha: float) -> None:
        place = self.rate_func(alpha) * (len(self.biases) - 1)
        before = min(int(place), len(self.biases) - 2)
        one, other = self.biases[before : before + 2]
        share = place - before
        self.graph.show(bias=float(other if share >= 1 else one + (other - one) * share))
        if self.follow:
            self.follow.show()


class ZoomSums(Animation):
    """Another stretch of the axis is shown; the curve and the dots keep to their sums."""

    def __init__(self, graph: SumsGraph, now: tuple[float, float], **options: Any) -> None:
        self.graph, self.start, self.stop = graph, np.array(graph.now), np.array(now)
        super().__init__(Group(graph.dots, graph.curve), **options)

    def interpolate_mobject(self, alpha: float) -> None:
        low, high = self.start + (self.stop - self.start) * self.rate_func(alpha)
        self.graph.show(now=(float(low), float(high)))


class ChangeSums(Animation):
    """All sums change at once to those of other weights, and the dots go to their new places in the heap."""

    def __init__(self, graph: SumsGraph, sums: ArrayLike, follow: Any = None, **options: Any) -> None:
        self.graph, self.follow = graph, follow
        self.start = graph.sums.copy(), graph.levels.copy()
        sums = np.asarray(sums, float)
        self.stop = sums, graph.piled(sums)[0]
        super().__init__(Group(graph.dots, graph.curve, *(follow.mobjects if follow else ())), **options)

    def interpolate_mobject(self, alpha: float) -> None:
        share = self.rate_func(alpha)
        sums, levels = (one + (other - one) * share for one, other in zip(self.start, self.stop, strict=True))
        self.graph.show(sums=self.stop[0] if alpha >= 1 else sums, levels=levels)
        if self.follow:
            self.follow.show()


def post_at(graph: SumsGraph, value: float) -> DashedLine:
    """A dashed line at a sum, from the axis to the top."""
    return DashedLine(*graph.place([value, value], [0, 1.03]), color=theme.BIASES_SYMBOL, stroke_width=4)
