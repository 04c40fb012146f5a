"""The path along which most flows to the answer, found from the output back to the input."""

import numpy as np
from manim import DOWN, Create, Scene

from scenes.kit import NetworkDiagram, NetworkPath, Words
from scenes.stage.inputs import lesson_checkpoint, lesson_digits


def strongest_path(forward):
    """From the answer back, always along the connection in which the most flows, w·a."""
    path = [forward.answer]
    for layer in reversed(range(len(forward.network.layers))):
        path.insert(0, int(np.argmax(forward.contributions(layer)[path[0]])))
    return path


class APath(Scene):
    def construct(self):
        forward = lesson_checkpoint().network.forward(lesson_digits("test").images[0])
        diagram = NetworkDiagram(forward.network).show(forward)
        self.add(diagram)
        self.play(Create(NetworkPath(diagram, strongest_path(forward)), lag_ratio=1), run_time=2)
        self.add(Words("From the answer back: always where the most flows").to_edge(DOWN))
        self.wait()
