"""The same kind of diagram from the bottom to the top; all labels stay upright."""

from manim import Scene

from scenes.kit import LayerNames, NetworkDiagram
from scenes.stage.inputs import lesson_checkpoint, lesson_digits


class Upward(Scene):
    def construct(self):
        network, digits = lesson_checkpoint().network, lesson_digits("test")
        forward = network.forward(digits.images[1])
        diagram = NetworkDiagram(network, digits.class_names, upward=True).show(forward)
        hidden = ["hidden"] * (len(network.layers) - 1)
        self.add(diagram, LayerNames(diagram, ["pixels", *hidden, "output"]), diagram.winner_mark(forward))
        self.wait()
