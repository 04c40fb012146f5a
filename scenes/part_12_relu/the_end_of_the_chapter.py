"""The end of the chapter: what was seen, in the network's own numbers, and the question that is left."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from manim import (
    RIGHT,
    UP,
    Create,
    FadeIn,
    FadeOut,
    Group,
    Transform,
    VGroup,
    smooth,
    squish_rate_func,
)
from numpy.typing import NDArray

from network import ForwardPass, Network
from network.analysis.examples import hero
from network.checkpoint import Checkpoint
from network.digits import Digits
from scenes.kit import theme
from scenes.kit.animations.forward_pass import PropagateActivations, ShowContributions
from scenes.kit.animations.replay_training import ReplayTraining
from scenes.kit.layout import STAGE_TOP
from scenes.kit.mobjects.network_diagram import NetworkDiagram
from scenes.kit.mobjects.text import Number, Words
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import percent


class TheEndOfTheChapter(LessonScene):
    """The network reads one more picture; then its training runs backwards, to where it began."""

    def construct(self) -> None:
        self.diagram = NetworkDiagram(self.network, self.test.class_names)

        self.one_more()
        self.numbers_only()
        self.back_to_the_start()
        self.what_comes_next()
        self.end()

    def alternative_text(self) -> str:
        return (
            f"The network reads a last picture as {self.test.class_names[self.forward.answer]}. Then the lines take "
            "the colours of the weights, and the training runs backwards to random weights, until only words are left: "
            "next, how it learns."
        )

    @cached_property
    def test(self) -> Digits:
        return self.digits()

    @cached_property
    def forward(self) -> ForwardPass:
        """The network on the last picture."""
        return self.network.forward(self.test.images[hero(self.network, self.test)])

    def one_more(self) -> None:
        self.next_section("One more picture")
        diagram, forward = self.diagram, self.forward
        diagram.columns[0].show(forward.input)
        for connections in diagram.connections:
            connections.set_values(np.zeros(connections.shape))
        with self.voiceover(
            f"That is a neural network: layer after layer of sums, each {self.treated()}.",
            moves="The lesson's network stands there once more; a picture runs through it to the answer.",
        ):
            self.play(*(FadeIn(neurons) for neurons in diagram.columns), FadeIn(diagram.dots), FadeIn(diagram.labels))
            for layer, connections in enumerate(diagram.connections):
                self.add(connections)
                self.play(ShowContributions(diagram, forward, layer), run_time=theme.QUICK)
                self.play(
                    PropagateActivations(connections, diagram.columns[layer + 1], forward.activations[layer]),
                    run_time=theme.STEP,
                )
            self.mark = diagram.winner_mark(forward)
            self.play(
                Create(self.mark),
                diagram.labels[forward.answer].animate.set_fill(theme.ANSWER),
                run_time=theme.QUICK,
            )

    def treated(self) -> str:
        """What is done with the sums in this network."""
        squished = all(name == "sigmoid" for name in self.network.activations)
        return "squished" if squished else "sent through a function"

    def numbers_only(self) -> None:
        self.next_section("Numbers only")
        diagram, sizes = self.diagram, self.network.sizes
        weights = []
        for connections, layer in zip(diagram.connections, self.network.layers, strict=True):
            shown = connections.copy()
            shown.set_profile([1.0])
            shown.set_values(layer.weights, np.abs(layer.weights).max(axis=1, keepdims=True))
            weights.append(Transform(connections, shown))
        accuracy = self.checkpoint.metadata.test_accuracy
        knobs = f"{self.network.parameter_count:,} knobs"
        with self.voiceover(
            f"{sizes[0]:,} numbers in, {sizes[-1]} out; {knobs} between them."
            if accuracy is None
            else f"{sizes[0]:,} numbers in, {sizes[-1]} out; {knobs}, set to read {percent(accuracy, 2)} right.",
            moves="All lines take the colours of their weights, blue for positive and red for negative.",
        ):
            self.play(*weights, run_time=theme.FLOW)

    def back_to_the_start(self) -> None:
        self.next_section("Back to the start")
        checkpoint, diagram = self.checkpoint, self.diagram
        if len(checkpoint.snapshot_parameters) < 2:
            with self.voiceover("Nobody set them by hand: they were learned.", moves="The network stands still."):
                pass
            return
        word = Words("epoch", theme.LABEL_SIZE, theme.QUIET_TEXT)
        number = Number(checkpoint.snapshot_epochs[-1], 0, theme.LABEL_SIZE)
        self.clock = VGroup(word, number).arrange(RIGHT, buff=0.2, aligned_edge=UP).move_to((0.2, STAGE_TOP - 0.1, 0))
        with self.voiceover(
            "Nobody set them by hand. They began as random numbers.",
            moves="The training runs backwards: the epochs count down to 0, the pattern of the lines dissolves, and "
            "so does the answer to the picture.",
        ):
            self.play(
                FadeOut(self.mark), diagram.labels[self.forward.answer].animate.set_fill(theme.TEXT), FadeIn(self.clock)
            )
            self.play(
                ReplayWithPicture(
                    checkpoint, diagram, self.forward.input, number, rate_func=backwards, run_time=6 * theme.STEP
                )
            )

    def what_comes_next(self) -> None:
        self.next_section("What comes next")
        left = Group(*self.mobjects)
        last = Words("Next: how it learns", 1.5 * theme.TITLE_SIZE).move_to((0, 0.4, 0))
        with self.voiceover(
            "How did they get from there to here?",
            moves="The network fades, and four words are left: Next, how it learns.",
        ):
            go, come = squish_rate_func(smooth, 0, 0.5), squish_rate_func(smooth, 0.3, 0.9)
            self.play(FadeOut(left, rate_func=go), FadeIn(last, rate_func=come), run_time=1.5 * theme.FLOW)


class ReplayWithPicture(ReplayTraining):
    """A training run is replayed, and the neurons show what the network of each moment makes of a picture, (side²,)."""

    def __init__(
        self, checkpoint: Checkpoint, diagram: NetworkDiagram, image: NDArray[Any], epoch: Number, **options: Any
    ) -> None:
        self.diagram, self.image = diagram, image
        super().__init__(checkpoint, diagram.connections, epoch=epoch, **options)
        self.mobject.add(*diagram.columns[1:])

    def show(self, moment: float, network: Network) -> None:
        super().show(moment, network)
        for neurons, activations in zip(self.diagram.columns[1:], network.forward(self.image).activations, strict=True):
            neurons.show(activations)


def backwards(share: float) -> float:
    """A rate function that runs from the end to the start, gently at both."""
    return 1 - smooth(share)
