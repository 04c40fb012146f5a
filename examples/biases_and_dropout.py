"""Bias nodes with the biases as their connections, and neurons left out as in a step of training with dropout."""

import numpy as np
from manim import Create, FadeIn, Scene

from network import Layer, Network
from scenes.kit import BiasNodes, NetworkDiagram

RNG = np.random.default_rng(3)
SIZES = (4, 5, 5, 2)
# Random, not trained: this is about the parts of a diagram.
NETWORK = Network(
    tuple(
        Layer(RNG.normal(size=(n_out, n_in)), RNG.normal(size=n_out), "relu")
        for n_in, n_out in zip(SIZES, SIZES[1:], strict=False)
    )
)


class BiasesAndDropout(Scene):
    def construct(self):
        diagram = NetworkDiagram(NETWORK, ["no", "yes"], input_names=list("abcd")).stand_out()
        biases = BiasNodes(diagram)
        self.add(diagram)
        self.play(FadeIn(biases))
        self.wait(0.5)
        dropped = diagram.drop_out(1, [1, 4])
        dropped += diagram.drop_out(2, [0])
        self.play(Create(dropped))
        self.wait()
