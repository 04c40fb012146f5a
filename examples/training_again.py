"""The training of the network once more: its weights, from the random ones at the start, in the file's snapshots."""

from manim import LEFT, RIGHT, UP, Scene

from scenes.kit import NetworkDiagram, Number, ReplayTraining, Words
from scenes.stage.inputs import lesson_checkpoint


class TrainingAgain(Scene):
    def construct(self):
        checkpoint = lesson_checkpoint()
        diagram = NetworkDiagram(checkpoint.at_moment(0))
        epoch = Number(0)
        label = Words("epoch").to_corner(UP + LEFT)
        self.add(diagram, label, epoch.next_to(label, RIGHT))
        self.play(ReplayTraining(checkpoint, diagram.connections, epoch=epoch), run_time=4)
        self.wait()
