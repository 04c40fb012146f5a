"""Part 4, Layers: activations of one layer bring about those of the next."""

from __future__ import annotations

import numpy as np
from manim import (
    LEFT,
    RIGHT,
    UP,
    AnimationGroup,
    Create,
    FadeIn,
    FadeOut,
    LaggedStart,
    VGroup,
)

from network import Network
from network.digits import Digits
from scenes import theme
from scenes.animations import GrowConnections, PixelsBecomeNeurons, PropagateActivations, ShowContributions
from scenes.layout import STAGE_BOTTOM, STAGE_TOP
from scenes.lesson_scene import LessonScene
from scenes.mobjects.network_diagram import NetworkDiagram, thin_brace
from scenes.mobjects.pixel_grid import PixelGrid
from scenes.mobjects.typesetting import Number


class ForwardPassOfADigit(LessonScene):
    """A digit of the test set goes through the trained network, layer by layer, along every connection."""

    def construct(self) -> None:
        digits = self.digits()
        index = digit_to_show(self.network, digits)
        self.truth = digits.class_names[digits.labels[index]]
        self.class_names = digits.class_names
        self.forward = self.network.forward(digits.images[index])
        self.diagram = NetworkDiagram(self.network, digits.class_names)

        self.a_digit(digits.side)
        self.pixels_become_neurons()
        self.the_layers()
        self.the_connections()
        self.the_forward_pass()
        self.the_answer()
        self.no_probabilities()
        self.end()

    def alternative_text(self) -> str:
        digits = self.digits()
        index = digit_to_show(self.network, digits)
        forward = self.network.forward(digits.images[index])
        columns = ", ".join(str(size) for size in self.network.sizes)
        return (
            f"A picture of the class {digits.class_names[digits.labels[index]]} goes through a network of columns of "
            f"{columns} neurons along all {self.network.weight_count:,} connections; the brightest output, "
            f"{forward.output[forward.answer]:.2f}, says {digits.class_names[forward.answer]}."
        )

    def a_digit(self, side: int) -> None:
        self.next_section("A digit")
        middle = (STAGE_TOP + STAGE_BOTTOM) / 2
        self.pixels = PixelGrid(self.forward.input, 5.2, (0, middle))
        braces = VGroup(thin_brace(self.pixels, LEFT), thin_brace(self.pixels, UP))
        sizes = VGroup(*(Number(side, size=theme.LABEL_SIZE) for _ in braces))
        sizes[0].next_to(braces[0], LEFT)
        sizes[1].next_to(braces[1], UP, buff=0.15)
        self.braces = VGroup(braces, sizes)
        with self.caption(
            f"A handwritten picture from the test set: {side} × {side} pixels.",
            FadeIn(self.pixels),
            moves="The picture appears, cell by cell visible, and braces give its height and width.",
        ):
            self.play(FadeIn(self.braces))

    def pixels_become_neurons(self) -> None:
        self.next_section("Pixels become neurons")
        neurons = self.diagram.columns[0]
        neurons.set_brightness(self.forward.input)
        with self.caption(
            "Each pixel is a neuron that holds its brightness.",
            FadeOut(self.braces),
            moves="The square pixels turn into discs and go to the left of the stage.",
        ):
            self.play(PixelsBecomeNeurons(self.pixels, neurons))
            self.remove(self.pixels)
            self.add(neurons)
            self.play(FadeIn(self.diagram.counts[0]))

    def the_layers(self) -> None:
        self.next_section("The layers")
        hidden = len(self.network.layers) - 1
        with self.caption(
            f"{_count(hidden, 'hidden layer')}, then an output for each class.",
            moves="Columns of empty discs appear to the right, the last one labelled.",
        ):
            self.play(
                LaggedStart(
                    *(
                        AnimationGroup(FadeIn(cells, shift=0.3 * RIGHT), FadeIn(count))
                        for cells, count in zip(self.diagram.columns[1:], self.diagram.counts[1:], strict=True)
                    ),
                    lag_ratio=0.4,
                )
            )
            labels = (FadeIn(label, shift=0.1 * RIGHT) for label in self.diagram.labels)
            self.play(LaggedStart(*labels, lag_ratio=0.05), FadeIn(self.diagram.dots))

    def the_connections(self) -> None:
        self.next_section("The connections")
        with self.caption(
            f"{self.network.weight_count:,} connections, each with its weight: blue is positive, red is negative.",
            moves="Lines grow from every neuron to all of the next column, the brighter the stronger the weight.",
        ):
            self.play(LaggedStart(*(GrowConnections(c) for c in self.diagram.connections), lag_ratio=0.5))

    def the_forward_pass(self) -> None:
        self.next_section("The forward pass")
        with self.caption(
            "Weight times activation flows, from layer to layer.",
            moves="Layer by layer, the lines dim to what flows through them, a pulse runs along, and neurons light up.",
        ):
            for number, connections in enumerate(self.diagram.connections):
                neurons = self.diagram.columns[number + 1]
                self.play(ShowContributions(self.diagram, self.forward, number), run_time=0.75 * theme.STEP)
                self.play(PropagateActivations(connections, neurons, self.forward.activations[number]))

    def the_answer(self) -> None:
        self.next_section("The answer")
        outputs = self.diagram.columns[-1]
        self.values = VGroup(*(Number(value, places=2, size=theme.NOTE_SIZE) for value in self.forward.output))
        edge = self.diagram.labels.get_right()[0] + 0.35
        for value, centre, shown in zip(self.values, outputs.centres, outputs.layout.shown, strict=True):
            value.move_to((edge, centre[1], 0), aligned_edge=LEFT).set_opacity(float(shown))
        answer = self.forward.answer
        said = self.class_names[answer]
        verdict = f"The brightest output is the answer: {said}."
        if said != self.truth:
            verdict += f" It is wrong; this is a {self.truth}."
        with self.caption(verdict, moves="The value of each output appears beside it, and a ring marks the brightest."):
            self.play(LaggedStart(*(FadeIn(value, shift=0.1 * RIGHT) for value in self.values), lag_ratio=0.05))
            marked = VGroup(self.diagram.labels[answer], self.values[answer])
            self.play(Create(self.diagram.winner_mark(self.forward)), marked.animate.set_color(theme.ANSWER))

    def no_probabilities(self) -> None:
        self.next_section("No probabilities")
        total = float(self.forward.output.sum())
        with self.caption(f"Each output stands for itself; together they make {total:.2f}."):
            pass


def digit_to_show(network: Network, digits: Digits) -> int:
    """The first test picture that is read right, clearly (0.9 or more), with a second output to be seen (0.03 or more).

    Where there is none, the first that is read right; where the network reads none right, the first.
    """
    outputs = network.predict(digits.vectors)
    right = np.argmax(outputs, axis=1) == digits.labels
    ordered = np.sort(outputs, axis=1)
    second = ordered[:, -2] if outputs.shape[1] > 1 else np.zeros(len(outputs))
    for wanted in (right & (ordered[:, -1] >= 0.9) & (second >= 0.03), right):
        if wanted.any():
            return int(np.argmax(wanted))
    return 0


def _count(number: int, thing: str) -> str:
    words = {0: "No", 1: "One", 2: "Two", 3: "Three", 4: "Four", 5: "Five"}
    return f"{words.get(number, str(number))} {thing}{'' if number == 1 else 's'}"
