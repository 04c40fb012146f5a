"""AWeightOnEachConnection: all connections into one neuron, the weighted sum, and the weights as a picture."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from manim import DOWN, RIGHT, UP, Circle, Create, FadeIn, FadeOut, Group, Line, Transform, VGroup

from network import ForwardPass
from network.analysis.detectors import detector_examples
from network.analysis.neurons import partly_lit_neuron
from scenes.kit import theme
from scenes.kit.animations.forward_pass import GrowConnections
from scenes.kit.colour import rgb
from scenes.kit.layout import picture
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.connections import Connections
from scenes.kit.mobjects.network_diagram import NeuronColumn
from scenes.kit.mobjects.symbols import Symbol
from scenes.kit.mobjects.text import Number, Words
from scenes.kit.mobjects.weight_heatmap import WeightHeatmap, WeightScale
from scenes.kit.mobjects.weighted_sum import sum_of_products
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import number


class AWeightOnEachConnection(LessonScene):
    """All the connections into one neuron of the network, their weights, the weighted sum, the weights as a picture."""

    # The height of the pixels, the neuron and the picture of weights.
    MIDDLE = 0.75
    PIXELS_X, NEURON_X, PICTURE_X = -4.5, 3.4, 3.05
    # Where the neuron goes to make room for the picture of weights.
    NEARER_X = -0.55
    SUM_Y = -2.35

    @cached_property
    def forward(self) -> ForwardPass:
        return self.network.forward(detector_examples(self.digits()).bar_image)

    @cached_property
    def neuron(self) -> int:
        return partly_lit_neuron(self.forward)

    @cached_property
    def flows(self) -> np.ndarray:
        """Weight times activation on each connection into the neuron, (side²,)."""
        return self.forward.contributions(0)[self.neuron]

    def construct(self) -> None:
        self.layer = self.network.layers[0]
        self.row = self.layer.weights[self.neuron]
        self.never_seen = self.digits("train").never_lit

        self.pixels_and_a_neuron(self.digits().side)
        self.weights()
        self.the_sum()
        self.a_picture_of_weights()
        self.end()

    def alternative_text(self) -> str:
        return (
            f"{self.network.sizes[0]} pixels are joined to one neuron by a line each, blue or red by its weight. The "
            f"weighted sum is {number(self.flows.sum(), 2)}. Then the weights form a picture, each where its pixel is."
        )

    def pixels_and_a_neuron(self, side: int) -> None:
        self.next_section("Pixels and a neuron")
        self.pixels = NeuronColumn(picture(side, (self.PIXELS_X, self.MIDDLE), 4.4)).show(self.forward.input)
        self.disc = Cells([[self.NEURON_X, self.MIDDLE, 0]], 0.9, 1, (0, 0, 0), stroke_colour=theme.NEURON_OUTLINE)
        self.disc.stroke_widths[:] = 2.5
        self.lines = self._lines_to(self.disc)
        self.play(FadeIn(self.pixels), FadeIn(self.disc), run_time=theme.QUICK)

    def _lines_to(self, neuron: Cells) -> Connections:
        """All connections into the neuron where it stands, by weight."""
        return Connections(self.pixels.centres, neuron.centres, self.row[None, :], contrast=0.6, width=1.6)

    def weights(self) -> None:
        self.next_section("Weights")
        with self.voiceover(
            "Each connection into a neuron has a weight: blue positive, red negative.",
            moves="From every disc of a digit a line grows to a neuron, the brighter the larger its weight. One line "
            "stands out, with its weight; the others dim.",
        ):
            self.play(GrowConnections(self.lines))
            self.one_connection()

    def one_connection(self) -> None:
        """The connection through which most flows is singled out, with its weight."""
        source = int(np.argmax(np.abs(self.flows)))
        weight = float(self.row[source])
        pixel, neuron = self.pixels.centres[source], self.disc.centres[0]
        along = (neuron - pixel) / np.linalg.norm(neuron - pixel)
        rim = float(self.pixels.radii[source]) + 0.06
        ring = Circle(rim, color=theme.ACTIVATIONS_SYMBOL, stroke_width=3).move_to(pixel)
        colour = theme.POSITIVE if weight >= 0 else theme.NEGATIVE
        ends = pixel + rim * along, neuron - float(self.disc.radii[0]) * along
        strand = Line(*ends, color=colour, stroke_width=4)
        self.factors = self.factors_of(source)
        self.one = Group(ring, strand)
        dim = self.lines.copy()
        dim.emphasis = np.full_like(dim.emphasis, 0.12)
        self.play(Transform(self.lines, dim), Create(ring), FadeIn(strand))
        self.play(FadeIn(self.factors[1]), run_time=theme.QUICK)

    def factors_of(self, source: int) -> VGroup:
        """Activation, weight and product of a connection, each with its name, above the middle of its line."""
        pixel, neuron = self.pixels.centres[source], self.disc.centres[0]
        factors = (
            (self.forward.input[source], "activation", theme.ACTIVATIONS_SYMBOL),
            (self.row[source], "weight", theme.WEIGHTS_SYMBOL),
            (self.flows[source], "product", theme.TEXT),
        )
        shown = VGroup()
        for value, name, tint in factors:
            figure = Number(float(value), 2, theme.CAPTION_SIZE, tint)
            words = Words(name, theme.NOTE_SIZE, tint).next_to(figure, DOWN, buff=0.15)
            shown.add(VGroup(figure, words))
        shown.arrange(RIGHT, buff=0.75, aligned_edge=UP)
        shown.set_x((pixel[0] + neuron[0]) / 2 + 0.5)
        # Above the line, along their whole width.
        sides = shown.get_left()[0], shown.get_right()[0]
        over = float(np.interp(sides, [pixel[0], neuron[0]], [pixel[1], neuron[1]]).max())
        shown.shift((over + 0.25 - shown.get_bottom()[1]) * UP)
        return shown

    def the_sum(self) -> None:
        self.next_section("The sum")
        equation = sum_of_products(len(self.pixels))
        total = Number(float(self.flows.sum()), 2, theme.CAPTION_SIZE).next_to(equation, RIGHT, buff=0.2)
        total.set_y(equation[0].middle[1])
        VGroup(equation, total).set_x(0).shift((self.SUM_Y - total.get_y()) * UP)
        flowing = self._lines_to(self.disc).set_values(self.flows[None, :])
        signs = VGroup()
        for sign, one, other in zip(("times", "="), self.factors, self.factors[1:], strict=False):
            middle = (one.get_right()[0] + other.get_left()[0]) / 2
            signs.add(Symbol(sign, theme.CAPTION_SIZE).put((middle, one[0].get_y(), 0)))
        with self.voiceover(
            "Activation times weight, all added up: the weighted sum.",
            moves="On the line that stands out, an activation times its weight makes a product. Then the lines from "
            "all bright pixels light up, and the sum appears beneath.",
        ):
            self.play(FadeIn(equation))
            self.play(FadeIn(self.factors[0], self.factors[2], signs), run_time=theme.QUICK)
            self.wait(1.5 * theme.STEP)
            self.play(FadeOut(self.one, self.factors, signs, run_time=theme.QUICK), Transform(self.lines, flowing))
            self.play(FadeIn(total), run_time=theme.QUICK)

    def a_picture_of_weights(self) -> None:
        self.next_section("A picture of weights")
        target = WeightHeatmap(self.row, None, self.never_seen, 4.4, (self.PICTURE_X, self.MIDDLE))
        scale = Group(WeightScale(target.limit, 3.6).next_to(target, RIGHT, buff=0.35))
        if count := int(self.never_seen.sum()):
            swatch = Cells([[0, 0, 0]], 0.2, 0, rgb(theme.NEVER_SEEN), stroke_width=0)
            note = Words(f"{count} pixels, black in all training pictures", theme.SMALLEST_SIZE, theme.QUIET_TEXT)
            scale.add(Group(swatch, note.next_to(swatch, RIGHT, buff=0.15)).next_to(target, DOWN, buff=0.2))
        nearer = self.disc.copy().shift((self.NEARER_X - self.disc.get_x()) * RIGHT)
        with self.voiceover(
            "Each weight put where its pixel is: a picture of weights.",
            moves="The neuron makes room. A coloured cell appears on each line, and they fly to the right, where they "
            "form a picture.",
        ):
            self.play(
                Transform(self.disc, nearer, run_time=theme.STEP),
                Transform(self.lines, self._lines_to(nearer), run_time=theme.STEP),
            )
            # Part of the way along every line; there the cells already form a smaller picture.
            way = 0.5
            places = self.pixels.centres + way * (nearer.centres - self.pixels.centres)
            leaving = target.copy()
            leaving.place(places, 2 * (1 - way) * float(self.pixels.radii[0]))
            self.play(FadeIn(leaving), run_time=theme.QUICK)
            self.play(Transform(leaving, target, path_arc=-0.5, run_time=1.6 * theme.FLOW))
            self.play(FadeIn(scale), run_time=theme.QUICK)
