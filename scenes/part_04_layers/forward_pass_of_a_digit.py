"""ForwardPassOfADigit: A digit goes through the trained network, layer by layer, and the brightest output answers."""

from __future__ import annotations

from functools import cached_property

from manim import LEFT, RIGHT, AnimationGroup, Create, FadeIn, LaggedStart, VGroup

from network import ForwardPass
from network.analysis.examples import hero
from scenes.kit import theme
from scenes.kit.animations.forward_pass import GrowConnections, PropagateActivations, ShowContributions
from scenes.kit.animations.pixels import PixelsBecomeNeurons
from scenes.kit.layout import STAGE_MIDDLE, network_layout
from scenes.kit.mobjects.network_diagram import NetworkDiagram
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.text import Number
from scenes.part_04_layers.label_width import label_width
from scenes.stage.lesson_scene import LessonScene


class ForwardPassOfADigit(LessonScene):
    """A digit of the test set goes through the trained network, layer by layer, along every connection."""

    def construct(self) -> None:
        self.pixels_become_neurons()
        self.the_connections()
        self.the_forward_pass()
        self.the_answer()
        self.end()

    def alternative_text(self) -> str:
        forward = self.forward
        columns = ", ".join(str(size) for size in self.network.sizes)
        return (
            f"A picture of the class {self.truth} goes through a network of columns of "
            f"{columns} neurons along all {self.network.weight_count:,} connections; the brightest output, "
            f"{forward.output[forward.answer]:.2f}, says {self.said}."
        )

    @cached_property
    def example(self) -> int:
        """The index of the digit in the test set."""
        return hero(self.network, self.digits())

    @cached_property
    def forward(self) -> ForwardPass:
        return self.network.forward(self.digits().images[self.example])

    @property
    def truth(self) -> str:
        """What the digit is."""
        digits = self.digits()
        return digits.class_names[digits.labels[self.example]]

    @property
    def said(self) -> str:
        """What the network says it is."""
        return self.digits().class_names[self.forward.answer]

    @cached_property
    def diagram(self) -> NetworkDiagram:
        names = self.digits().class_names
        # Long names, and the numbers after them, need room at the right.
        right = min(4.9, 5.3 - label_width(names))
        return NetworkDiagram(self.network, names, network_layout(self.network.sizes, right=right))

    def pixels_become_neurons(self) -> None:
        self.next_section("Pixels become neurons")
        pixels = PixelGrid(self.forward.input, 5.2, (0, STAGE_MIDDLE))
        neurons, following = self.diagram.columns[0], self.diagram.columns[1:]
        neurons.set_brightness(self.forward.input)
        with self.voiceover(
            f"A picture from the test set: its {len(neurons)} pixels are the first neurons.",
            moves="The square pixels of a picture turn into discs and go to the left; columns of empty discs appear to "
            "the right, the number of neurons above each, and beside the last what each output stands for.",
        ):
            self.play(FadeIn(pixels, run_time=theme.QUICK))
            self.wait(1)
            columns = LaggedStart(*(FadeIn(cells, shift=0.3 * RIGHT) for cells in following), lag_ratio=0.4)
            appear = AnimationGroup(columns, FadeIn(self.diagram.dots), run_time=theme.FLOW)
            self.play(PixelsBecomeNeurons(pixels, neurons), appear)
            self.remove(pixels)
            self.add(neurons)
            labels = (FadeIn(label, shift=0.1 * RIGHT) for label in self.diagram.labels)
            self.play(FadeIn(self.diagram.counts), LaggedStart(*labels, lag_ratio=0.05))

    def the_connections(self) -> None:
        self.next_section("The connections")
        with self.voiceover(
            f"{self.network.weight_count:,} connections, each with a weight: blue is positive, red negative.",
            moves="Lines grow from every neuron to all of the next column, the brighter the stronger the weight.",
        ):
            self.play(LaggedStart(*(GrowConnections(c) for c in self.diagram.connections), lag_ratio=0.5))

    def the_forward_pass(self) -> None:
        self.next_section("The forward pass")
        deep = len(self.network.layers) > 1
        with self.voiceover(
            "Layer by layer, activations bring about the next, loosely as brain cells that fire do."
            if deep
            else "Activations of the pixels bring about those of the outputs.",
            moves="Layer after layer, the lines dim to what flows through them, weight times activation; a pulse runs "
            "along, and the neurons of the next column light up.",
        ):
            for layer, connections in enumerate(self.diagram.connections):
                self.play(ShowContributions(self.diagram, self.forward, layer), run_time=0.75 * theme.STEP)
                neurons, activations = self.diagram.columns[layer + 1], self.forward.activations[layer]
                self.play(PropagateActivations(connections, neurons, activations), run_time=1.2 * theme.FLOW)

    def the_answer(self) -> None:
        self.next_section("The answer")
        outputs = self.diagram.columns[-1]
        self.values = VGroup(*(Number(value, places=2, size=theme.NOTE_SIZE) for value in self.forward.output))
        edge = self.diagram.labels.get_right()[0] + 0.35
        for value, centre, shown in zip(self.values, outputs.centres, outputs.layout.shown, strict=True):
            value.move_to((edge, centre[1], 0), aligned_edge=LEFT).set_opacity(float(shown))
        answer = self.forward.answer
        verdict = f"The brightest output is the answer: {self.said}."
        if self.said != self.truth:
            verdict += f" It is wrong; this is a {self.truth}."
        with self.voiceover(
            verdict, moves="The value of each output appears beside it, and a ring marks the brightest."
        ):
            self.play(LaggedStart(*(FadeIn(value, shift=0.1 * RIGHT) for value in self.values), lag_ratio=0.05))
            marked = VGroup(self.diagram.labels[answer], self.values[answer])
            self.play(Create(self.diagram.winner_mark(self.forward)), marked.animate.set_color(theme.ANSWER))
