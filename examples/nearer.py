"""manim's camera that moves: from the whole network to one of its neurons."""

from manim import MovingCameraScene

from scenes.kit import NetworkDiagram
from scenes.stage.inputs import lesson_checkpoint, lesson_digits


class Nearer(MovingCameraScene):
    def construct(self):
        network = lesson_checkpoint().network
        forward = network.forward(lesson_digits("test").images[4])
        diagram = NetworkDiagram(network).show(forward)
        self.add(diagram)
        self.wait(0.5)
        there = diagram.layout[-1].centres[forward.answer]
        diagram.connections[-1].focus_on(into=forward.answer)
        self.play(self.camera.frame.animate.scale(0.3).move_to(there), run_time=2)
        self.wait()
