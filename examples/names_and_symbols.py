"""A small network with weights set by hand: names for its inputs, layers and output, and its activation functions."""

import numpy as np
from manim import ORIGIN, Create, FadeIn, Scene

from network import Layer, Network
from scenes.kit import ActivationSymbols, LayerNames, NetworkDiagram

# One hidden neuron answers "first or second", the other "first and second"; the output is on for or without and.
EXACTLY_ONE = Network(
    (
        Layer(np.array([[10, 10], [10, 10]]), np.array([-5, -15]), "sigmoid"),
        Layer(np.array([[10, -20]]), np.array([-5]), "sigmoid"),
    )
)


class NamesAndSymbols(Scene):
    def construct(self):
        diagram = NetworkDiagram(EXACTLY_ONE, ["exactly one"], input_names=["first", "second"]).stand_out()
        meanings = diagram.labels_of(1, ["or", "and"], ORIGIN)
        self.play(Create(diagram), run_time=2)
        names = LayerNames(diagram, ["input", "set by hand", "output"])
        self.play(FadeIn(names, meanings, ActivationSymbols(diagram)))
        self.wait()
