"""ANeuronOfTheNetwork: its real weights, weighted sum, bias and activation on one digit."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, FadeIn, FadeOut, Group, Indicate, Transform, VGroup

from network import ForwardPass
from network.analysis.detectors import DetectorExamples, detector_examples
from network.analysis.neurons import neuron_changed_most_by_its_bias
from network.analysis.rounding import places_that_add_up
from scenes.kit import theme
from scenes.kit.layout import STAGE_MIDDLE
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.symbols import Symbol
from scenes.kit.mobjects.text import Number, Words
from scenes.kit.mobjects.weight_heatmap import WeightHeatmap, WeightScale
from scenes.kit.mobjects.weighted_sum import AddUpProducts, WeightedSum
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import function_name, number


class ANeuronOfTheNetwork(LessonScene):
    """A neuron of the trained network: its real weights, weighted sum, bias and activation on one digit."""

    @cached_property
    def examples(self) -> DetectorExamples:
        return detector_examples(self.digits())

    @cached_property
    def forward(self) -> ForwardPass:
        return self.network.forward(self.examples.bar_image)

    @cached_property
    def neuron(self) -> int:
        return neuron_changed_most_by_its_bias(self.forward)

    @cached_property
    def places(self) -> int:
        """The digits after the point with which the numbers that are shown add up."""
        return places_that_add_up(self.forward, 0, self.neuron)

    @property
    def total(self) -> float:
        """The sum of the products, before the bias is added."""
        return float(self.forward.contributions(0)[self.neuron].sum())

    @property
    def bias(self) -> float:
        return float(self.network.layers[0].biases[self.neuron])

    @property
    def z(self) -> float:
        return float(self.forward.weighted_sums[0][self.neuron])

    @property
    def activation(self) -> float:
        return float(self.forward.activations[0][self.neuron])

    def construct(self) -> None:
        self.layer = self.network.layers[0]
        self.class_name = self.digits().class_names[self.examples.bar_label]
        self.never_seen = self.digits("train").never_lit
        self.stage = WeightedSum(
            self.forward.input,
            self.layer.weights[self.neuron],
            None,
            "weights",
            self.never_seen,
            places=self.places,
        ).clear_sum()

        self.real_weights()
        self.real_sum()
        self.real_bias_and_activation()
        self.not_by_hand()
        self.end()

    def alternative_text(self) -> str:
        return (
            f"The {self.network.sizes[0]} real weights of neuron {self.neuron} of the first hidden layer as a picture, "
            f"and products with a digit. They sum to {number(self.total, self.places)}; with the bias "
            f"{number(self.bias, self.places)} that is {number(self.z, self.places)}, and the activation is "
            f"{number(self.activation, 2)}."
        )

    def real_weights(self) -> None:
        self.next_section("Real weights")
        middle = self.stage.weight_picture
        large = WeightHeatmap(
            self.layer.weights[self.neuron],
            self.stage.limit,
            self.never_seen,
            5.6,
            (-0.6, STAGE_MIDDLE),
        )
        masked = "black in all training pictures" if self.never_seen.any() else ""
        scale = WeightScale(self.stage.limit, 3.6, masked).next_to(large, RIGHT, buff=0.5)
        scale.align_to(large, UP)
        with self.voiceover(
            f"Neuron {self.neuron} of the trained network: {self.layer.n_in} real weights.",
            moves="A picture of blue and red weights appears, with a scale, and makes room.",
        ):
            self.play(FadeIn(large), FadeIn(scale))
            self.wait(2.5 * theme.STEP)
            stage = self.stage
            self.play(
                Transform(large, middle.copy()),
                FadeOut(scale),
                FadeIn(stage.frames[1], stage.names[1]),
                run_time=theme.STEP,
            )
            self.remove(large)
            self.add(middle)

    def real_sum(self) -> None:
        self.next_section("The real sum")
        stage = self.stage
        with self.voiceover(
            f"Its weighted sum on this {self.class_name}: {number(self.total, self.places)}.",
            moves="The digit appears, a mark runs over the pictures, and blue and red products add up.",
        ):
            self.play(
                FadeIn(stage.pixels, stage.frames[0], stage.names[0], shift=0.3 * RIGHT),
                FadeIn(stage.signs, stage.frames[2], stage.names[2], stage.equation, stage.total),
            )
            self.add(stage.product_picture)
            self.play(AddUpProducts(stage))

    def real_bias_and_activation(self) -> None:
        self.next_section("The real bias and activation")
        stage = self.stage
        row, self.disc = self.row_to_the_activation()
        labels = ("sum", theme.QUIET_TEXT), ("bias", theme.BIASES_SYMBOL), ("z", theme.QUIET_TEXT)
        under = VGroup(*(Words(label, theme.NOTE_SIZE, colour) for label, colour in labels))
        for label, part in zip(under, (row[0], row[1], row[3]), strict=True):
            label.next_to(part, DOWN, buff=0.2).set_y(stage.total.get_y() - 0.58)
        without = float(self.layer.activate(np.array(stage.sum)))
        name = function_name(self.layer.activation).with_article
        squish = "that is the activation:" if self.layer.activation == "identity" else f"{name} makes it"
        note = Words(f"without its bias: {number(without, 2)}", theme.NOTE_SIZE, theme.QUIET_TEXT)
        note.move_to((row[4:].get_x(), under.get_y(), 0))
        with self.voiceover(
            f"With its bias, z is {number(self.z, self.places)}; {squish} {number(self.activation, 2)}.",
            moves="The sum goes to the left, the bias is added to it; a neuron lights up as much as its activation.",
        ):
            self.play(FadeOut(stage.equation), Transform(stage.total, row[0]), FadeIn(under[0]))
            self.play(FadeIn(row[1], under[1], shift=0.2 * LEFT))
            self.play(FadeIn(VGroup(row[2], row[3], under[2]), shift=0.2 * LEFT), FadeIn(self.disc))
            lit = self.disc.copy().set_brightness([self.activation])
            self.play(FadeIn(row[4:], shift=0.2 * LEFT), Transform(self.disc, lit))
            self.play(FadeIn(note))

    def row_to_the_activation(self) -> tuple[VGroup, Cells]:
        """sum + bias = z and the activation that follows, on one line, with the neuron at its end, still dark."""
        size = theme.TITLE_SIZE
        function = function_name(self.layer.activation).typst
        applied = f"{function}(z)" if function else "z"
        row = VGroup(
            Number(self.stage.sum, self.places, size),
            Number(self.bias, self.places, size, theme.BIASES_SYMBOL, sign=True),
            Symbol("=", size),
            Number(self.z, self.places, size),
            Symbol(f"{applied} =", size, theme.TEXT),
            Number(self.activation, 2, size, theme.ACTIVATIONS_SYMBOL),
        )
        pen = 0.0
        for gap, part in zip((0, 0.3, 0.3, 0.3, 1.4, 0.3), row, strict=True):
            pen += gap
            centre = (pen + part.width / 2, 0, 0)
            part.put(centre) if isinstance(part, Symbol) else part.move_to(centre)
            pen += part.width
        disc = Cells([[pen + 0.85, 0, 0]], 0.85, 1, stroke_colour=theme.NEURON_OUTLINE, stroke_width=2.5)
        disc.set_brightness([0.0])
        Group(row, disc).set_x(0).shift((self.stage.total.get_y() - row[0].get_y()) * UP)
        return row, disc

    def not_by_hand(self) -> None:
        self.next_section("Not by hand")
        with self.voiceover("Nobody set these weights by hand.", moves="The frame around the weights lights up."):
            self.play(Indicate(self.stage.frames[1], 1.05, theme.WEIGHTS_SYMBOL), run_time=theme.FLOW)
