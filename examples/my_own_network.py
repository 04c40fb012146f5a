"""A diagram of my own network in eight lines. (Take the file of yours: network = load_checkpoint("my.npz").network)"""

from manim import Scene

from scenes.kit import NetworkDiagram
from scenes.stage.inputs import lesson_checkpoint


class MyOwnNetwork(Scene):
    def construct(self):
        network = lesson_checkpoint().network
        self.add(NetworkDiagram(network))
        self.wait()
