"""Where the gradient goes: with sigmoids the slopes of the cost vanish on the way back through a deep network."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from manim import (
    LEFT,
    RIGHT,
    FadeIn,
    FadeOut,
    LaggedStart,
    VGroup,
    VMobject,
)
from numpy.typing import NDArray

from network.analysis.depth import COMPARED, steepest
from scenes.kit import theme
from scenes.kit.animations.backward_pass import FlowBack
from scenes.kit.animations.forward_pass import GrowConnections
from scenes.kit.layout import STAGE_TOP
from scenes.kit.mobjects.gradient_diagram import GradientDiagram
from scenes.kit.mobjects.text import Words, size_that_fits
from scenes.part_12_relu.depth_scene import FIRST, THEN, DepthScene
from scenes.part_12_relu.two_functions import COLOURS, NAMES, RELU, SIGMOID
from scenes.wording import significant

# The feet of the two rows of bars, and the upper edges of the two networks.
_FEET, _TOPS = (1.15, -1.75), (3.3, 0.05)
# Numbers beneath bars are as large as their column has room for, up to this, in pixels an em.
_LARGEST_NUMBER = 44


class WhereTheGradientGoes(DepthScene):
    """A deep network with sigmoids and one with ReLU: how much the cost feels each layer's weights, at the start."""

    def construct(self) -> None:
        self.rows = self.both_networks()

        self.quarters()
        self.two_networks()
        self.backwards()
        self.what_arrives()
        self.end()

    def alternative_text(self) -> str:
        told = "; ".join(
            f"with {name}, {written_slope(row[-1])} in the last layer and {written_slope(row[0])} in the first"
            for name, row in zip(NAMES, self.typical_slopes, strict=True)
        )
        return (
            f"Two networks with {self.comparison.deepest} hidden layers and the same random weights. The typical slope "
            f"of the cost for a weight: {told}."
        )

    @cached_property
    def typical_slopes(self) -> NDArray[np.float64]:
        """The typical slope in each layer of both networks before training, (2, layers)."""
        sizes: NDArray[np.float64] = self.comparison.gradient_sizes[:, 0]
        return sizes

    def both_networks(self) -> list[GradientDiagram]:
        """The deep network with sigmoids, and beneath it the one with ReLU."""
        numbers = [[written_slope(size) for size in row] for row in self.typical_slopes]
        slopes = [[of_layer[kind] for of_layer in self.comparison.start_gradients] for kind in range(len(COMPARED))]
        return [
            GradientDiagram(slopes[kind], numbers[kind], NAMES[kind], COLOURS[kind], _TOPS[kind], numbers[1 - kind])
            for kind in range(len(COMPARED))
        ]

    def quarters(self) -> None:
        self.next_section("A quarter each time")
        depth, most = self.comparison.deepest, (steepest(SIGMOID)[1], steepest(RELU)[1])
        self.stairs = VGroup(
            *(Staircase(most[kind], depth, NAMES[kind], COLOURS[kind], _FEET[kind]) for kind in range(len(COMPARED)))
        )
        self.heading = Words("the slopes alone, multiplied from the last layer back", 42, theme.QUIET_TEXT)
        self.heading.move_to((self.stairs.get_x(), STAGE_TOP - 0.1, 0))
        with self.voiceover(
            f"Learning goes back. Each layer multiplies by a slope: at most {most[0]:.2f}, or {most[1]:g}.",
            moves=f"From the right a row of bars begins, each {most[0]:.2f} times as high as the one before; beneath "
            "it a second row, all of one height.",
        ):
            self.play(FadeIn(self.heading, self.stairs[0].title, self.stairs[0].columns[0]))
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

    def source_note(self) -> Words:
        """Which data the networks were trained on, if it is not that of the lesson's network; else nothing."""
        words = Words(self.other_data, theme.NOTE_SIZE, theme.QUIET_TEXT)
        return words.move_to((0, STAGE_TOP - 0.1, 0)) if len(words.points) else words

    def two_networks(self) -> None:
        self.next_section("Two deep networks")
        with self.voiceover(
            f"For real: {self.comparison.deepest} hidden layers, twice, with the same random weights.",
            moves="Two deep networks appear, one above the other; their connections grow from left to right.",
        ):
            self.play(
                FadeOut(self.stairs, self.heading, rate_func=FIRST),
                *(FadeIn(row.neurons, row.dots, row.title, rate_func=THEN) for row in self.rows),
                FadeIn(self.source_note(), rate_func=THEN),
            )
            for row in self.rows:
                row.show_plain()
            self.play(
                *(
                    LaggedStart(*(GrowConnections(lines) for lines in row.connections), lag_ratio=0.25)
                    for row in self.rows
                ),
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
        with self.voiceover(
            "How much would the cost change with a weight? Ask from the back.",
            moves="The lines go faint. Light runs back from the outputs; each layer is as bright as the slopes there "
            "are large, and a number tells their typical size. With sigmoids it goes out on the way.",
        ):
            self.play(
                *(connections.animate.set_opacity(0.3) for lines in plain for connections in lines),
                *(FadeIn(row.meaning) for row in self.rows),
            )
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
        with self.voiceover(
            sentence_of_slopes(self.typical_slopes), moves="The first and the last number of either row light up."
        ):
            for row, colour in zip(self.rows, COLOURS, strict=True):
                self.play(*(row.numbers[place].animate.set_color(colour) for place in (0, -1)))


class Staircase(VGroup):
    """Bars from right to left, the first 1 high and each next one `factor` times as high, with their numbers beneath.

    columns: each a bar and its number. title: stands to the left of the last bar, in `colour`. foot: the y of the bars.
    """

    WIDTH, HEIGHT, STEP = 0.62, 1.75, 1.3
    # The least height of a bar, so that it can be seen.
    LEAST = 0.012

    def __init__(self, factor: float, times: int, title: str, colour: str, foot: float) -> None:
        super().__init__()
        right = times * self.STEP / 2 + 0.55
        values = [factor**number for number in range(times + 1)]
        size = size_that_fits(map(written_slope, values), self.STEP - 0.22, _LARGEST_NUMBER)
        self.columns = VGroup()
        for number, value in enumerate(values):
            x = right - number * self.STEP
            bar = self.bar(x, foot, max(self.HEIGHT * value, self.LEAST), colour)
            label = Words(written_slope(value), size, theme.TEXT).move_to((x, foot - 0.38, 0))
            self.columns.add(VGroup(bar, label))
        self.title = Words(title, theme.LABEL_SIZE, colour)
        self.title.move_to((right - times * self.STEP - 0.75, foot + 0.6 * self.HEIGHT, 0), aligned_edge=RIGHT)
        self.add(self.columns, self.title)

    def bar(self, x: float, foot: float, height: float, colour: str) -> VMobject:
        half = self.WIDTH / 2
        corners = [
            (x - half, foot, 0),
            (x + half, foot, 0),
            (x + half, foot + height, 0),
            (x - half, foot + height, 0),
        ]
        bar = VMobject(fill_color=colour, fill_opacity=1, stroke_width=0)
        return bar.set_points_as_corners([*corners, corners[0]])


def written_slope(value: float) -> str:
    """A number of 0 or more with two significant digits, never as a power of ten: 0.29, 0.0000049, 1, 150."""
    if not value > 0:
        return "0"
    if value < 1e-8:
        return "below 0.00000001"
    # A hair more, so that halves are rounded up, as people do.
    return significant(value * (1 + 1e-9)).removesuffix(".0")


def sentence_of_slopes(sizes: NDArray[np.float64]) -> str:
    """How much smaller the first layer's slopes are than the last layer's, with sigmoids and with ReLU: (2, layers)."""
    told = [f"with {name} {_shrunk(row[-1], row[0])}" for name, row in zip(("sigmoids", "ReLU"), sizes, strict=True)]
    return f"On the way back the slopes shrink: {', '.join(told)}."


def _shrunk(start: float, end: float) -> str:
    if not end > 0:
        return "to nothing"
    ratio = start / end
    if ratio < 1.05:
        return "not at all"
    return f"{significant(ratio)}-fold"
