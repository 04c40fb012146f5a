"""A forward pass beside my own text; the numbers in the text are the network's."""

from manim import DOWN, LEFT, FadeIn, Scene, VGroup

from scenes.kit import NetworkDiagram, PropagateActivations, Words, network_layout
from scenes.stage.inputs import lesson_checkpoint, lesson_digits


class BesideMyText(Scene):
    def construct(self):
        network, digits = lesson_checkpoint().network, lesson_digits("test")
        forward = network.forward(digits.images[3])
        diagram = NetworkDiagram(network, digits.class_names, network_layout(network.sizes, left=-1.2, right=5.8))
        diagram.columns[0].show(forward.input)
        answer, output = digits.class_names[forward.answer], forward.output.max()
        lines = (
            f"{network.sizes[0]} pixels go in.",
            f"{network.sizes[1]} neurons look at them.",
            f"The answer is {answer}:",
            f"its output is {output:.2f}.",
        )
        text = VGroup(*(Words(line) for line in lines)).arrange(DOWN, buff=0.5, aligned_edge=LEFT)
        text.to_edge(LEFT)
        self.add(diagram, text[0])
        for layer, connections in enumerate(diagram.connections):
            diagram.show_contributions(forward, layer)
            after = forward.activations[layer]
            self.play(
                PropagateActivations(connections, diagram.columns[layer + 1], after),
                *([FadeIn(text[1])] if layer == 0 else []),
            )
        self.play(FadeIn(text[2:], diagram.winner_mark(forward)))
        self.wait()
