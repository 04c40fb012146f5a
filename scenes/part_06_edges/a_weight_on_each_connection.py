"""The scene AWeightOnEachConnection."""

from __future__ import annotations

import numpy as np
from manim import (
    DOWN,
    RIGHT,
    UP,
    Circle,
    Create,
    FadeIn,
    FadeOut,
    Group,
    Line,
    Transform,
    VGroup,
)

from network import ForwardPass
from scenes.kit import theme
from scenes.kit.animations.forward_pass import GrowConnections
from scenes.kit.layout import picture
from scenes.kit.mobjects.array_mobject import rgb
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.connections import Connections
from scenes.kit.mobjects.network_diagram import NeuronColumn
from scenes.kit.mobjects.symbols import Symbol
from scenes.kit.mobjects.text import Number, Words
from scenes.kit.mobjects.weight_heatmap import WeightHeatmap, WeightScale
from scenes.kit.mobjects.weighted_sum import sum_of_products
from scenes.part_06_edges.shared import _signed, detector_examples
from scenes.stage.lesson_scene import LessonScene


class AWeightOnEachConnection(LessonScene):
    """All the connections into one neuron of the network, their weights, the weighted sum, the weights as a picture."""

    def construct(self) -> None:
        digits = self.digits()
        image = detector_examples(digits).bar_image
        self.forward = self.network.forward(image)
        self.layer = self.network.layers[0]
        self.neuron = neuron_to_show(self.forward)
        self.row = self.layer.weights[self.neuron]
        self.never_seen = self.digits("train").never_lit
        self.middle = 0.75

        self.pixels_and_a_neuron(digits.side)
        self.weights()
        self.the_sum()
        self.a_picture_of_weights()
        self.end()

    def alternative_text(self) -> str:
        digits = self.digits()
        forward = self.network.forward(detector_examples(digits).bar_image)
        neuron = neuron_to_show(forward)
        return (
            f"{self.network.sizes[0]} pixels are joined to one neuron by a line each, blue or red by its weight. The "
            f"weighted sum is {_signed(forward.contributions(0)[neuron].sum(), 2)}. Then the weights form a "
            "picture, each where its pixel is."
        )

    def pixels_and_a_neuron(self, side: int) -> None:
        self.next_section("Pixels and a neuron")
        self.pixels = NeuronColumn(picture(side, (-4.5, self.middle), 4.4)).show(self.forward.input)
        self.disc = Cells([[3.4, self.middle, 0]], 0.9, 1, (0, 0, 0), stroke_colour=theme.NEURON_OUTLINE)
        self.disc.stroke_widths[:] = 2.5
        self.lines = self._lines_to(self.disc)
        self.play(FadeIn(self.pixels), FadeIn(self.disc), run_time=theme.QUICK)

    def _lines_to(self, neuron: Cells) -> Connections:
        """All connections into the neuron where it stands, by weight."""
        return Connections(self.pixels.centres, neuron.centres, self.row[None, :], contrast=0.6, width=1.6)

    def weights(self) -> None:
        self.next_section("Weights")
        with self.caption(
            "Each connection into a neuron has a weight: blue positive, red negative.",
            GrowConnections(self.lines),
            moves="From every disc of a digit a line grows to a neuron, the brighter the larger its weight. One line "
            "stands out, with its weight; the others dim.",
        ):
            self.one_connection()

    def one_connection(self) -> None:
        """The connection through which most flows is singled out, with its weight."""
        flows = self.forward.contributions(0)[self.neuron]
        source = int(np.argmax(np.abs(flows)))
        weight = float(self.row[source])
        pixel, neuron = self.pixels.centres[source], self.disc.centres[0]
        along = (neuron - pixel) / np.linalg.norm(neuron - pixel)
        rim = float(self.pixels.radii[source]) + 0.06
        ring = Circle(rim, color=theme.ACTIVATIONS_SYMBOL, stroke_width=3).move_to(pixel)
        colour = theme.POSITIVE if weight >= 0 else theme.NEGATIVE
        ends = pixel + rim * along, neuron - float(self.disc.radii[0]) * along
        strand = Line(*ends, color=colour, stroke_width=4)
        factors = (
            (self.forward.input[source], "activation", theme.ACTIVATIONS_SYMBOL),
            (weight, "weight", theme.WEIGHTS_SYMBOL),
            (flows[source], "product", theme.TEXT),
        )
        self.factors = VGroup()
        for value, name, tint in factors:
            number = Number(float(value), 2, theme.CAPTION_SIZE, tint)
            words = Words(name, theme.NOTE_SIZE, tint).next_to(number, DOWN, buff=0.15)
            self.factors.add(VGroup(number, words))
        self.factors.arrange(RIGHT, buff=0.75, aligned_edge=UP)
        self.factors.set_x((pixel[0] + neuron[0]) / 2 + 0.5)
        # Above the line, from end to end of them.
        sides = self.factors.get_left()[0], self.factors.get_right()[0]
        over = float(np.interp(sides, [pixel[0], neuron[0]], [pixel[1], neuron[1]]).max())
        self.factors.shift((over + 0.25 - self.factors.get_bottom()[1]) * UP)
        self.one = Group(ring, strand)
        dim = self.lines.copy()
        dim.emphasis = np.full_like(dim.emphasis, 0.12)
        self.play(Transform(self.lines, dim), Create(ring), FadeIn(strand))
        self.play(FadeIn(self.factors[1]), run_time=theme.QUICK)

    def the_sum(self) -> None:
        self.next_section("The sum")
        total = float(self.forward.contributions(0)[self.neuron].sum())
        equation = sum_of_products(len(self.pixels))
        number = Number(total, 2, theme.CAPTION_SIZE).next_to(equation, RIGHT, buff=0.2)
        number.set_y(equation[0].middle[1])
        self.equation = VGroup(equation, number).set_x(0)
        self.equation.shift((-2.35 - number.get_y()) * UP)
        flows = self.forward.contributions(0)[self.neuron][None, :]
        flowing = self._lines_to(self.disc).set_values(flows)
        signs = VGroup()
        for sign, one, other in zip(("times", "="), self.factors, self.factors[1:], strict=False):
            middle = (one.get_right()[0] + other.get_left()[0]) / 2
            signs.add(Symbol(sign, theme.CAPTION_SIZE).put((middle, one[0].get_y(), 0)))
        with self.caption(
            "Activation times weight, all added up: the weighted sum.",
            FadeIn(equation),
            moves="On the line that stands out, an activation times its weight makes a product. Then the lines from "
            "all bright pixels light up, and the sum appears beneath.",
        ):
            self.play(FadeIn(self.factors[0], self.factors[2], signs), run_time=theme.QUICK)
            self.wait(1.5 * theme.STEP)
            self.play(FadeOut(self.one, self.factors, signs, run_time=theme.QUICK), Transform(self.lines, flowing))
            self.play(FadeIn(number), run_time=theme.QUICK)

    def a_picture_of_weights(self) -> None:
        self.next_section("A picture of weights")
        target = WeightHeatmap(self.row, None, self.never_seen, 4.4, (3.05, self.middle))
        scale = Group(WeightScale(target.limit, 3.6).next_to(target, RIGHT, buff=0.35))
        if count := int(self.never_seen.sum()):
            swatch = Cells([[0, 0, 0]], 0.2, 0, rgb(theme.NEVER_SEEN), stroke_width=0)
            note = Words(f"{count} pixels, black in all training pictures", theme.SMALLEST_SIZE, theme.QUIET_TEXT)
            scale.add(Group(swatch, note.next_to(swatch, RIGHT, buff=0.15)).next_to(target, DOWN, buff=0.2))
        nearer = self.disc.copy().shift((-0.55 - self.disc.get_x()) * RIGHT)
        with self.caption(
            "Each weight put where its pixel is: a picture of weights.",
            Transform(self.disc, nearer, run_time=theme.STEP),
            Transform(self.lines, self._lines_to(nearer), run_time=theme.STEP),
            moves="The neuron makes room. A coloured cell appears on each line, and they fly to the right, where they "
            "form a picture.",
        ):
            # A share of the way along every line: the cells stand there as a smaller picture already.
            way = 0.5
            places = self.pixels.centres + way * (nearer.centres - self.pixels.centres)
            leaving = target.copy()
            leaving.place(places, 2 * (1 - way) * float(self.pixels.radii[0]))
            self.play(FadeIn(leaving), run_time=theme.QUICK)
            self.play(Transform(leaving, target, path_arc=-0.5, run_time=1.6 * theme.FLOW))
            self.play(FadeIn(scale), run_time=theme.QUICK)


def neuron_to_show(forward: ForwardPass) -> int:
    """The neuron of the first layer whose activation is nearest to 0.75: lit, and not all the way."""
    return int(np.argmin(np.abs(forward.activations[0] - 0.75)))
