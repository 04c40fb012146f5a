"""Colours of one's own: for a neuron, for all connections into it, and for a single connection."""

import numpy as np
from manim import Scene

from scenes.kit import NetworkDiagram
from scenes.stage.inputs import lesson_checkpoint, lesson_digits


class OwnColours(Scene):
    def construct(self):
        network = lesson_checkpoint().network
        forward = network.forward(lesson_digits("test").images[2])
        diagram = NetworkDiagram(network).stand_out().show(forward)
        last, outputs = diagram.connections[-1], diagram.columns[-1]
        source = int(np.argmax(forward.contributions(len(network.layers) - 1)[forward.answer]))
        self.add(diagram)
        self.wait(0.5)
        self.play(
            outputs.animate.set_color("#5FD7C5", item=forward.answer),
            last.animate.set_color("#5FD7C5", into=forward.answer),
        )
        self.play(last.animate.set_color("#FFD34D", into=forward.answer, out_of=source))
        self.wait()
