"""WhereTheGradientGoes: The same deep network twice: with sigmoids the slopes of the cost vanish on the way back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

import numpy as np
from manim import (
    LEFT,
    RIGHT,
    Animation,
    FadeIn,
    FadeOut,
    Group,
    LaggedStart,
    VGroup,
    VMobject,
    linear,
)
from numpy.typing import NDArray

from network.analysis.depth import COMPARED, DepthComparison, steepest
from scenes.kit import theme
from scenes.kit.layout import STAGE_TOP, network_layout
from scenes.kit.mobjects.array_mobject import rgb
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.connections import Connections
from scenes.kit.mobjects.network_diagram import NeuronColumn
from scenes.kit.mobjects.text import Words
from scenes.part_12_relu.shared import _COLOURS, _FIRST, _NAMES, _RELU, _SIGMOID, _THEN, DepthScene

# Numbers beneath columns are as large as their column has room for, up to this, in pixels an em.
_LARGEST_SLOPE = 44


class WhereTheGradientGoes(DepthScene):
    """A deep network with sigmoids and one with ReLU: how much the cost feels each layer's weights, at the start."""

    def construct(self) -> None:
        comparison = self.comparison
        self.found = comparison
        self.rows = [TwinNetwork(comparison, kind) for kind in range(len(COMPARED))]

        self.quarters()
        self.two_networks()
        self.backwards()
        self.what_arrives()
        self.end()

    def alternative_text(self) -> str:
        sizes = self.comparison.gradient_sizes[:, 0]
        told = "; ".join(
            f"with {name}, {written_slope(row[-1])} in the last layer and {written_slope(row[0])} in the first"
            for name, row in zip(_NAMES, sizes, strict=True)
        )
        return (
            f"Two networks with {self.comparison.deepest} hidden layers and the same random weights. The typical slope "
            f"of the cost for a weight: {told}."
        )

    def quarters(self) -> None:
        self.next_section("A quarter each time")
        depth, most = self.found.deepest, (steepest(_SIGMOID)[1], steepest(_RELU)[1])
        self.stairs = VGroup(*(Staircase(most[kind], depth, kind) for kind in range(len(COMPARED))))
        self.heading = Words("the slopes alone, multiplied from the last layer back", 42, theme.QUIET_TEXT)
        self.heading.move_to((self.stairs.get_x(), STAGE_TOP - 0.1, 0))
        with self.caption(
            f"Learning goes back. Each layer multiplies by a slope: at most {most[0]:.2f}, or {most[1]:g}.",
            FadeIn(self.heading, self.stairs[0].title, self.stairs[0].columns[0]),
            moves=f"From the right a row of bars begins, each {most[0]:.2f} times as high as the one before; beneath "
            "it a second row, all of one height.",
        ):
            self.play(
                LaggedStart(*(FadeIn(part, shift=0.3 * LEFT) for part in self.stairs[0].columns[1:]), lag_ratio=0.5),
                run_time=2 * theme.FLOW,
            )
            self.play(
                FadeIn(self.stairs[1].title),
                LaggedStart(*(FadeIn(part, shift=0.3 * LEFT) for part in self.stairs[1].columns), lag_ratio=0.3),
                run_time=theme.FLOW,
            )
            self.wait(1.5 * theme.STEP)

    def two_networks(self) -> None:
        self.next_section("Two deep networks")
        comparison = self.found
        with self.caption(
            f"For real: {comparison.deepest} hidden layers, twice, with the same random weights.",
            FadeOut(self.stairs, self.heading, rate_func=_FIRST),
            *(FadeIn(row.neurons, row.dots, row.title, rate_func=_THEN) for row in self.rows),
            FadeIn(self.source_note(), rate_func=_THEN),
            moves="Two deep networks appear, one above the other; their connections grow from left to right.",
        ):
            for row in self.rows:
                row.show_plain()
            self.play(
                *(LaggedStart(*(Grow(lines) for lines in row.connections), lag_ratio=0.25) for row in self.rows),
                run_time=theme.FLOW,
            )

    def backwards(self) -> None:
        self.next_section("Backwards")
        # The lines of a layer stand, faint, until the light comes.
        plain = [[connections.copy() for connections in row.connections] for row in self.rows]
        for row, lines in zip(self.rows, plain, strict=True):
            self.remove(*row.connections)
            self.add(*lines)
            row.show_slopes()
        with self.caption(
            "How much would the cost change with a weight? Ask from the back.",
            *(connections.animate.set_opacity(0.3) for lines in plain for connections in lines),
            *(FadeIn(row.meaning) for row in self.rows),
            moves="The lines go faint. Light runs back from the outputs; each layer is as bright as the slopes there "
            "are large, and a number tells their typical size. With sigmoids it goes out on the way.",
        ):
            layers = len(self.rows[0].connections)
            steps = [
                LaggedStart(
                    *(FlowBack(row.connections[layer]) for row in self.rows),
                    *(FadeOut(lines[layer]) for lines in plain),
                    *(FadeIn(row.numbers[layer]) for row in self.rows),
                    lag_ratio=0.15,
                )
                for layer in reversed(range(layers))
            ]
            self.play(LaggedStart(*steps, lag_ratio=0.55), run_time=4 * theme.FLOW)

    def what_arrives(self) -> None:
        self.next_section("What arrives")
        with self.caption(
            sentence_of_slopes(self.found.gradient_sizes[:, 0]),
            moves="The first and the last number of either row light up.",
        ):
            for row, colour in zip(self.rows, _COLOURS, strict=True):
                self.play(*(row.numbers[place].animate.set_color(colour) for place in (0, -1)))


class Staircase(VGroup):
    """1, then a factor times it, and again, from right to left: bars, each with its number beneath."""

    WIDTH, HEIGHT, STEP = 0.62, 1.75, 1.3

    def __init__(self, factor: float, times: int, kind: int) -> None:
        super().__init__()
        foot = (1.15, -1.75)[kind]
        right = times * self.STEP / 2 + 0.55
        self.columns = VGroup()
        values = [factor**number for number in range(times + 1)]
        size = size_that_fits(map(written_slope, values), self.STEP - 0.22)
        for number, value in enumerate(values):
            x = right - number * self.STEP
            bar = VMobject(fill_color=_COLOURS[kind], fill_opacity=1, stroke_width=0)
            height = max(self.HEIGHT * value, 0.012)
            half = self.WIDTH / 2
            corners = [
                (x - half, foot, 0),
                (x + half, foot, 0),
                (x + half, foot + height, 0),
                (x - half, foot + height, 0),
            ]
            bar.set_points_as_corners([*corners, corners[0]])
            label = Words(written_slope(value), size, theme.TEXT).move_to((x, foot - 0.38, 0))
            self.columns.add(VGroup(bar, label))
        self.title = Words(_NAMES[kind], theme.LABEL_SIZE, _COLOURS[kind])
        self.title.move_to((right - times * self.STEP - 0.75, foot + 0.6 * self.HEIGHT, 0), aligned_edge=RIGHT)
        self.add(self.columns, self.title)


class TwinNetwork(Group):
    """One of the two deep networks, in its half of the stage.

    connections[l], numbers[l]: of layer l, and the root mean square of its slopes beneath, whose `meaning` stands
    before them. neurons, dots, title.
    """

    def __init__(self, comparison: DepthComparison, kind: int) -> None:
        top = (3.3, 0.05)[kind]
        self.layout = network_layout(
            comparison.sizes, "column", left=-5.3, right=6.3, top=top, bottom=top - 2.35, most=20
        )
        self.neurons = Group(*(NeuronColumn(place) for place in self.layout))
        for neurons in self.neurons:  # small as they are, they need a brighter outline to be seen
            neurons.stroke_colours[:] = rgb(theme.NEUTRAL)
            neurons.stroke_widths[:] = theme.NEURON_OUTLINE_WIDTH
        self.slopes = [np.abs(slopes[kind]) for slopes in comparison.start_gradients]
        self.limit = max(float(slopes.max()) for slopes in self.slopes)
        self.connections = [
            Connections(start.centres, end.centres, slopes, self.limit, contrast=0.4, width=1.5)
            for start, end, slopes in zip(self.layout, self.layout[1:], self.slopes, strict=False)
        ]
        dots = np.concatenate([place.dots for place in self.layout])
        self.dots = Cells(dots, 0.05, 1, stroke_width=0) if len(dots) else Group()
        self.title = Words(_NAMES[kind], theme.LABEL_SIZE, _COLOURS[kind])
        self.title.move_to((-5.62, top - 1.17, 0), aligned_edge=RIGHT)
        self.numbers = VGroup()
        step = self.layout[1].centres[0, 0] - self.layout[0].centres[0, 0]
        # Of one size in both networks.
        type_size = size_that_fits(map(written_slope, comparison.gradient_sizes[:, 0].ravel()), step - 0.12)
        for start, end, size in zip(self.layout, self.layout[1:], comparison.gradient_sizes[kind, 0], strict=False):
            x = (start.centres[0, 0] + end.centres[0, 0]) / 2
            self.numbers.add(Words(written_slope(size), type_size).move_to((x, top - 2.68, 0)))
        self.meaning = Words("typical slope", min(type_size, 30), theme.QUIET_TEXT)
        self.meaning.move_to((self.title.get_right()[0], top - 2.68, 0), aligned_edge=RIGHT)
        super().__init__(*self.connections, self.neurons, self.dots, self.title, self.meaning, self.numbers)

    def show_plain(self) -> Self:
        """All connections of a layer alike: that they are there. Where they are many, each is fainter."""
        for connections in self.connections:
            connections.set_equal(min(0.55, 0.55 * (500 / len(connections)) ** (1 / 3))).set_opacity(1)
        return self

    def show_slopes(self) -> Self:
        """Each connection as bright as the cost's slope for its weight: the root of its share of the steepest."""
        for connections, slopes in zip(self.connections, self.slopes, strict=True):
            connections.set_values(slopes, self.limit).set_opacity(1)
            connections.neutral = True
        return self


class Grow(Animation):
    """Connections grow from where they start."""

    def __init__(self, connections: Connections, **options: Any) -> None:
        super().__init__(connections, introducer=True, **options)

    def interpolate_mobject(self, alpha: float) -> None:
        self.mobject.show_until(self.rate_func(alpha))


class FlowBack(Animation):
    """Light runs back along connections, from where they end to where they start."""

    def __init__(self, connections: Connections, **options: Any) -> None:
        super().__init__(connections, **{"introducer": True, "rate_func": linear, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        if alpha >= 1:
            self.mobject.show_until(1)
        else:
            self.mobject.set_pulse(1.3 - 1.6 * self.rate_func(alpha), 1, 0)


def size_that_fits(texts: Iterable[str], room: float) -> float:
    """The size of type, in pixels an em, at which the widest of these texts is `room` wide, up to the largest."""
    widest = max(Words(text, _LARGEST_SLOPE).width for text in texts)
    return float(np.clip(_LARGEST_SLOPE * room / widest, theme.SMALLEST_SIZE, _LARGEST_SLOPE))


def written_slope(value: float) -> str:
    """A positive number with two figures that count, never as a power of ten: 0.29, 0.0000049, 1, 150."""
    if not value > 0:
        return "0"
    places = max(1 - int(np.floor(np.log10(value) + 1e-9)), 0)
    if places > 9:
        return "below 0.000000001"
    # A hair more, so that halves are rounded up, as people do.
    written = f"{value * (1 + 1e-9):.{places}f}"
    return written.removesuffix(".0")


def sentence_of_slopes(sizes: NDArray[np.float64]) -> str:
    """How the first layer's slopes compare with the last layer's, with sigmoids and with ReLU: (2, layers)."""
    told = [f"with {name} {_shrunk(row[-1], row[0])}" for name, row in zip(("sigmoids", "ReLU"), sizes, strict=True)]
    return f"On the way back the slopes shrink: {', '.join(told)}."


def _shrunk(start: float, end: float) -> str:
    if not end > 0:
        return "to nothing"
    ratio = start / end
    if ratio < 1.05:
        return "not at all"
    return (f"{ratio:.1f}" if ratio < 10 else f"{float(f'{ratio:.2g}'):,.0f}") + "-fold"
