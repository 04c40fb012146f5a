"""TrainingTurnsTheKnobs: the recorded run is replayed, and a digit's outputs go from undecided to right."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from manim import (
    LEFT,
    RIGHT,
    UP,
    Circle,
    Create,
    FadeIn,
    LaggedStart,
    Transform,
)
from numpy.typing import NDArray

from network import Network
from network.analysis.examples import digit_to_replay
from network.checkpoint import Checkpoint
from scenes.kit import theme
from scenes.kit.animations.forward_pass import GrowConnections, PropagateActivations
from scenes.kit.animations.replay_training import ReplayTraining
from scenes.kit.mobjects.network_diagram import NetworkDiagram
from scenes.kit.mobjects.numbers import Numbers
from scenes.kit.mobjects.text import Number, Words
from scenes.part_08_learning.outputs_beside import READINGS_RIGHT, diagram_with_values, values_beside
from scenes.part_08_learning.training_run_scene import NOT_RECORDED, TrainingRunScene
from scenes.wording import capitalised, percent

# The height of the epoch and the accuracy, above the network.
_READINGS_Y = 3.15


class TrainingTurnsTheKnobs(TrainingRunScene):
    """The recorded training run is replayed on one digit: from random weights and no opinion to the right answer."""

    @cached_property
    def index(self) -> int:
        """The picture that is read all through the run."""
        return digit_to_replay(self.start, self.network, self.digits())

    def construct(self) -> None:
        digits = self.digits()
        self.image, self.truth = digits.vectors[self.index], int(digits.labels[self.index])
        self.class_names = digits.class_names
        self.diagram = diagram_with_values(self.start, self.class_names)
        self.values = values_beside(self.diagram, self.start.forward(self.image).output)
        self.make_readings()

        self.before()
        self.no_opinion()
        self.the_run()
        self.after()
        self.end()

    def alternative_text(self) -> str:
        if not self.recorded:
            return f"A trained network reads a picture; {NOT_RECORDED}"
        digits, progress = self.digits(), self.progress
        before, after = (network.forward(digits.images[self.index]) for network in (self.start, self.network))
        names = digits.class_names
        return (
            f"A recorded training run of {self.checkpoint.snapshot_epochs[-1]:g} epochs again: the colours of all "
            f"connections change, the answer to a picture of the class {names[digits.labels[self.index]]} goes from "
            f"{names[before.answer]} ({before.output[before.answer]:.2f}) to {names[after.answer]} "
            f"({after.output[after.answer]:.2f}), and the test accuracy from {percent(progress.accuracy[0], 2)} to "
            f"{percent(progress.accuracy[-1], 2)}."
        )

    def make_readings(self) -> None:
        """The epoch above the picture, the accuracy above the outputs."""
        y, size = _READINGS_Y, theme.CAPTION_SIZE
        name = Words("epoch", size, theme.QUIET_TEXT).move_to((self.diagram.columns[0].get_left()[0], y, 0), LEFT)
        self.epoch = Number(0, 2, size).next_to(name, RIGHT, buff=0.3)
        self.epoch.shift((y + 0.03 - self.epoch.get_y()) * UP)
        self.accuracy = Number(100, 2, size)
        label = Words("% of the test set right", size, theme.QUIET_TEXT).move_to((READINGS_RIGHT, y, 0), RIGHT)
        self.accuracy.next_to(label, LEFT, buff=0.25).set_y(self.epoch.get_y())
        self.epoch_name, self.accuracy_label = name, label

    def before(self) -> None:
        self.next_section("Before training")
        diagram = self.diagram
        diagram.columns[0].show(self.image)
        with self.voiceover(
            "Before training, every weight is random." if self.recorded else capitalised(NOT_RECORDED),
            moves="A picture on the left; lines grow from column to column, blue and red without any order.",
        ):
            self.play(*(FadeIn(neurons) for neurons in diagram.columns), FadeIn(diagram.dots), FadeIn(diagram.labels))
            self.play(LaggedStart(*(GrowConnections(c) for c in diagram.connections), lag_ratio=0.4))

    def no_opinion(self) -> None:
        self.next_section("No opinion")
        forward = self.start.forward(self.image)
        answer, right = self.class_names[forward.answer], forward.answer == self.truth
        self.ring = self.diagram.winner_mark(forward).set_color(theme.ANSWER if right else theme.WRONG)
        sentence = f"The brightest output is {answer}: {'right, by luck' if right else 'wrong'}."
        if not self.recorded:
            sentence = f"It reads this {self.class_names[self.truth]} as {answer}."
        with self.voiceover(
            sentence, moves="A pulse runs through the network; all outputs glow alike, a ring marks one."
        ):
            for number, connections in enumerate(self.diagram.connections):
                neurons = self.diagram.columns[number + 1]
                self.play(PropagateActivations(connections, neurons, forward.activations[number]), run_time=theme.STEP)
            truth = self.diagram.labels[self.truth].animate.set_fill(theme.ANSWER)
            self.play(FadeIn(self.values), Create(self.ring), truth, run_time=theme.QUICK)

    def the_run(self) -> None:
        self.next_section("The run")
        if not self.recorded:
            return
        self.accuracy.set_value_from_right(100 * self.progress.accuracy[0])
        whole = [c.copy().set_pulse(0, 1, 1) for c in self.diagram.connections]
        with self.voiceover(
            "Training turns all the knobs, a little at a time, again and again.",
            moves="The epochs run, the lines change colour, the outputs waver, and one wins; the accuracy rises.",
        ):
            self.play(
                *(Transform(c, target) for c, target in zip(self.diagram.connections, whole, strict=True)),
                FadeIn(self.epoch_name),
                FadeIn(self.epoch),
                FadeIn(self.accuracy_label),
                FadeIn(self.accuracy),
            )
            self.play(
                ReplayReading(
                    self.checkpoint,
                    self.diagram,
                    self.image,
                    self.truth,
                    self.values,
                    self.ring,
                    self.progress.accuracy,
                    self.epoch,
                    self.accuracy,
                    run_time=10 * theme.STEP,
                )
            )

    def after(self) -> None:
        self.next_section("After")
        forward = self.network.forward(self.image)
        value, name = forward.output[forward.answer], self.class_names[forward.answer]
        if not self.recorded:
            return
        right = "right" if forward.answer == self.truth else "still wrong"
        with self.voiceover(
            f"Now it says {name}, with {value:.2f}: {right}.", moves="The network stands as training left it."
        ):
            pass


class ReplayReading(ReplayTraining):
    """A training run is replayed, with what the network makes of one picture at every moment.

    diagram: its connections take the colours of the weights, its neurons the activations. values: those of the outputs.
    ring: it goes to the brightest output, in the colour of a right or a wrong answer. accuracies: (snapshots,), shares.
    """

    def __init__(
        self,
        checkpoint: Checkpoint,
        diagram: NetworkDiagram,
        image: NDArray[Any],
        truth: int,
        values: Numbers,
        ring: Circle,
        accuracies: NDArray[np.float64],
        epoch: Number,
        accuracy: Number,
        **options: Any,
    ) -> None:
        self.diagram, self.image, self.truth = diagram, image, truth
        self.values, self.ring, self.accuracies, self.accuracy = values, ring, accuracies, accuracy
        super().__init__(checkpoint, diagram.connections, epoch=epoch, **options)
        self.mobject.add(*diagram.columns[1:], values, ring, accuracy)

    def show(self, moment: float, network: Network) -> None:
        super().show(moment, network)
        forward = network.forward(self.image)
        for neurons, activations in zip(self.diagram.columns[1:], forward.activations, strict=True):
            neurons.show(activations)
        self.values.set_values(forward.output)
        self.ring.move_to(self.diagram.layout[-1].centres[forward.answer])
        self.ring.set_stroke(theme.ANSWER if forward.answer == self.truth else theme.WRONG)
        share = np.interp(moment, np.arange(len(self.accuracies)), self.accuracies)
        self.accuracy.set_value_from_right(100 * float(share))
