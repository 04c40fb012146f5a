"""BiasIsAThreshold: a bias moves the sigmoid along, and so decides how large a weighted sum must be."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Animation,
    Create,
    DashedLine,
    FadeIn,
    FadeOut,
    Group,
    Indicate,
    LaggedStart,
    Square,
    SurroundingRectangle,
    Transform,
    VGroup,
    VMobject,
)

from network.analysis.detectors import bar_detector, sums_without_bias, threshold_examples
from network.network import Layer
from scenes.kit import theme
from scenes.kit.colour import rgb
from scenes.kit.mobjects.axes import Axes
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.symbols import Symbol
from scenes.kit.mobjects.text import Number, Words
from scenes.kit.mobjects.weight_heatmap import WeightHeatmap
from scenes.kit.mobjects.weighted_sum import sum_of_products
from scenes.part_06_edges.hand_set_weights import BY_HAND
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import number

# Of the three pictures and their dots.
_COLOURS = (theme.ANSWER, theme.WEIGHTS_SYMBOL, theme.BIASES_SYMBOL)


class BiasIsAThreshold(LessonScene):
    """The bias moves the sigmoid along, and so decides how large a sum must be: the threshold is −bias."""

    # How far both sides stand nearer to the middle, until the graph comes between them.
    NEARER = 2.4
    WEIGHTS_PLACE, GRAPH_PLACE = (-5.4, 0.55), (-0.1, 0.35, 0)
    # The rows on the right: where their pictures, sums, neurons and activations stand; the first, and the step to the
    # next; and their headings.
    PICTURES_X, SUMS_X, NEURONS_X, ACTIVATIONS_X = 3.85, 5.05, 5.95, 6.62
    FIRST_ROW, ROW_STEP, HEADINGS_Y = 1.75, 1.75, 2.85
    DOT = 0.26

    @cached_property
    def layer(self) -> Layer:
        return bar_detector(self.digits().side, surround=True)

    @cached_property
    def images(self) -> np.ndarray:
        """The three pictures, (3, side²)."""
        digits = self.digits()
        return digits.vectors[threshold_examples(digits)]

    @cached_property
    def sums(self) -> np.ndarray:
        """Their weighted sums, without the bias, (3,)."""
        return sums_without_bias(self.layer, self.images)[:, 0]

    @property
    def bias(self) -> float:
        return float(self.layer.biases[0])

    def construct(self) -> None:
        self.three_sums()
        self.without_a_bias()
        self.with_the_bias()
        self.threshold()
        self.pattern_and_height()
        self.end()

    def alternative_text(self) -> str:
        listed = ", ".join(number(value, 1) for value in self.sums)
        return (
            f"Three digits give a hand-set edge detector the sums {listed}. A bias of {number(self.bias, 1)} moves "
            f"the sigmoid to the right, so that only sums above {number(-self.bias, 1)} light the neuron."
        )

    def three_sums(self) -> None:
        self.next_section("Three sums")
        self.weights_shown = self.named_weights()
        self.lay_out_rows()
        # Until the graph comes between them, both stand nearer to the middle.
        self.right = Group(self.headings[0], self.rows, self.sum_numbers)
        self.weights_shown.shift(self.NEARER * RIGHT)
        self.right.shift(self.NEARER * LEFT)
        with self.voiceover(
            "The edge detector's sums on three pictures.",
            moves="The hand-set weights appear, and to their right three digits with their sums. Then they make room.",
        ):
            self.play(FadeIn(self.weights_shown))
            self.play(
                FadeIn(self.headings[0]),
                LaggedStart(
                    *(FadeIn(Group(*pair)) for pair in zip(self.rows, self.sum_numbers, strict=True)), lag_ratio=0.3
                ),
            )
            self.wait(theme.STEP)
            self.play(
                self.weights_shown.animate.shift(self.NEARER * LEFT), self.right.animate.shift(self.NEARER * RIGHT)
            )

    def named_weights(self) -> Group:
        """The picture of the weights, its frame, its name above, and their sizes beneath."""
        picture = WeightHeatmap(self.layer.weights[0], 1.0, extent=2.7, centre=self.WEIGHTS_PLACE)
        frame = Square(2.76, color=theme.NEURON_OUTLINE, stroke_width=1.5).move_to(picture)
        name = Words(BY_HAND, theme.NOTE_SIZE, theme.WEIGHTS_SYMBOL).next_to(frame, UP, buff=0.2)
        sizes = Words("1 on the bar, −1/2 around it, 0 elsewhere", theme.NOTE_SIZE, theme.QUIET_TEXT, width=2.9)
        sizes.next_to(frame, DOWN, buff=0.2)
        return Group(picture, frame, name, sizes)

    def lay_out_rows(self) -> None:
        """A row for each picture: the picture, its sum, the neuron, still dark, and its activation."""
        self.rows = Group()
        self.sum_numbers, self.discs, self.values = VGroup(), [], VGroup()
        for place, (image, value, colour) in enumerate(zip(self.images, self.sums, _COLOURS, strict=True)):
            y = self.FIRST_ROW - self.ROW_STEP * place
            thumbnail = PixelGrid(image, 1.3, (self.PICTURES_X, y))
            border = Square(1.4, color=colour, stroke_width=3).move_to(thumbnail)
            self.rows.add(Group(thumbnail, border))
            self.sum_numbers.add(Number(value, 1, theme.LABEL_SIZE, colour).move_to((self.SUMS_X, y, 0)))
            disc = Cells([[self.NEURONS_X, y, 0]], 0.62, 1, stroke_colour=theme.NEURON_OUTLINE, stroke_width=2)
            self.discs.append(disc.set_brightness([0.0]))
            self.values.add(Number(0, 2, theme.LABEL_SIZE).move_to((self.ACTIVATIONS_X, y, 0)))
        headings = ("sum", self.SUMS_X), ("neuron", self.NEURONS_X + 0.3)
        self.headings = VGroup(
            *(
                Words(heading, theme.NOTE_SIZE, theme.QUIET_TEXT).move_to((x, self.HEADINGS_Y, 0))
                for heading, x in headings
            )
        )

    def without_a_bias(self) -> None:
        self.next_section("Without a bias")
        self.lay_out_graph()
        reach = max(-self.bias, 1.0)
        weak = int(np.argmin(np.abs(self.sums - reach / 2)))
        lit = float(self.layer.activate(self.sums[weak]))
        neurons = Group(*self.discs, self.values, self.headings[1])
        # Each dot leaves the number of its sum, for its place on the axis.
        dots = self.dots.copy().place([figure.get_center() for figure in self.sum_numbers], self.DOT)
        dots.opacities[:] = dots.stroke_opacities[:] = 0
        on_axis = self.dots.copy().place(self.axes.point(self.sums, 0), self.DOT)
        with self.voiceover(
            f"Squished as it is, even {number(self.sums[weak], 1)} gives {number(lit, 2)}.",
            moves="Axes appear, and the sigmoid is drawn. The sums go to the axis as dots and rise to the curve; then "
            "a neuron lights up beside each.",
        ):
            self.play(FadeIn(self.axes))
            self.play(Create(self.curve))
            self.play(Transform(dots, on_axis))
            self.play(Transform(dots, self.dots), run_time=0.75 * theme.STEP)
            self.remove(dots)
            self.add(self.dots)
            self.play(FadeIn(neurons))

    def lay_out_graph(self) -> None:
        """Axes, the sigmoid, and a dot on it for each sum; as they are without a bias."""
        reach = max(-self.bias, 1.0)
        low, high = min(-reach, 1.05 * self.sums.min()), max(3 * reach, 1.05 * self.sums.max())
        self.axes = Axes(
            (float(low), float(high)),
            (0, 1),
            Words("weighted sum", theme.NOTE_SIZE, theme.QUIET_TEXT),
            width=5.6,
            height=3.4,
            x_ticks=np.arange(np.ceil(low / reach), high / reach + 1e-9) * reach,
            y_ticks=[0, 0.5, 1],
        ).move_to(self.GRAPH_PLACE)
        self.x = np.linspace(self.axes.x_range[0], self.axes.x_range[1], 241)
        self.curve = VMobject(stroke_color=theme.TEXT, stroke_width=5)
        places = np.zeros((len(self.sums), 3))
        colours = np.array([rgb(colour) for colour in _COLOURS])
        self.dots = Cells(places, self.DOT, 1, colours, stroke_colour=theme.BACKGROUND, stroke_width=2)
        self.bias_number = Number(0, 0, theme.CAPTION_SIZE, theme.BIASES_SYMBOL, sign=True)
        self.set_bias(0.0)

    def set_bias(self, bias: float) -> None:
        """Move the curve, the dots on it, and all neurons to another bias."""
        heights = self.layer.activate(self.x + bias)
        self.curve.set_points_as_corners(self.axes.point(self.x, heights))
        activations = self.layer.activate(self.sums + bias)
        self.dots.place(self.axes.point(self.sums, activations), self.DOT)
        for disc, value, activation in zip(self.discs, self.values, activations, strict=True):
            disc.set_brightness([activation])
            value.set_value(activation)
        self.bias_number.set_value(bias)

    def with_the_bias(self) -> None:
        self.next_section("With the bias")
        line = self.formula_with_the_bias()
        self.threshold_text = number(-self.bias)
        with self.voiceover(
            f"Only above {self.threshold_text}? Add {number(self.bias)} before the squish: that is the bias.",
            moves="The curve slides to the right; neurons whose sums are below the threshold grow dark.",
        ):
            self.play(FadeIn(line))
            self.play(TurnBias(self, self.bias), run_time=2 * theme.FLOW)

    def formula_with_the_bias(self) -> VGroup:
        """σ(w₀a₀ + … + b) above the graph, with room for the whole bias; its number is still 0."""
        line = VGroup(
            Symbol(r"sigma \(", theme.CAPTION_SIZE),
            *sum_of_products(self.layer.n_in, end=""),
            self.bias_number,
            Symbol(r"\)", theme.CAPTION_SIZE),
        )
        self.bias_number.set_value(self.bias)
        row = line[1:-2]
        row.move_to((0, 0, 0)).shift(-row[0].middle[1] * UP)
        line[0].put((row.get_left()[0] - 0.08 - line[0].width / 2, 0, 0))
        self.bias_number.next_to(row, RIGHT, buff=0.14).set_y(0)
        line[-1].put((self.bias_number.get_right()[0] + 0.06 + line[-1].width / 2, 0, 0))
        line.set_x(-1.9).shift(3.25 * UP)
        self.bias_number.set_value(0)
        return line

    def threshold(self) -> None:
        self.next_section("The threshold")
        foot, top = self.axes.point(-self.bias, 0), self.axes.point(-self.bias, 1)
        self.post = DashedLine(foot, top, color=theme.BIASES_SYMBOL, stroke_width=3)
        self.sizes_frame = SurroundingRectangle(self.weights_shown[3], color=theme.ANSWER, buff=0.12, stroke_width=3)
        with self.voiceover(
            f"The threshold is −bias: {self.threshold_text}, beside weights of this size.",
            moves=f"A dashed line marks the sum {self.threshold_text}, where the curve is half way up; then a frame is "
            "drawn around the sizes of the weights.",
        ):
            self.play(Create(self.post))
            self.play(Create(self.sizes_frame))

    def pattern_and_height(self) -> None:
        self.next_section("Pattern and height")
        with self.voiceover(
            "Weights say which pattern; the bias, how much of it.", moves="Weights and threshold flash in turn."
        ):
            self.play(FadeOut(self.sizes_frame))
            self.play(Indicate(self.weights_shown[1], color=theme.WEIGHTS_SYMBOL, scale_factor=1.06))
            self.play(Indicate(VGroup(self.post, self.bias_number), color=theme.TEXT, scale_factor=1))


class TurnBias(Animation):
    """The bias of `BiasIsAThreshold` goes from 0 to another value."""

    def __init__(self, scene: BiasIsAThreshold, bias: float, **options: Any) -> None:
        self.scene, self.bias = scene, bias
        moving = Group(scene.curve, scene.dots, *scene.discs, scene.values, scene.bias_number)
        super().__init__(moving, **options)

    def interpolate_mobject(self, alpha: float) -> None:
        self.scene.set_bias(self.bias * self.rate_func(alpha))
