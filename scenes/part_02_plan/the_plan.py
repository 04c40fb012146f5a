"""ThePlan: Mathematics, not magic: first the structure, then the learning, of the plain multilayer perceptron."""

from __future__ import annotations

import numpy as np
from manim import DOWN, RIGHT, UP, FadeIn, FadeOut, Group, LaggedStart, MathTypst, Transform, VGroup

from scenes.kit import theme
from scenes.kit.animations.forward_pass import GrowConnections
from scenes.kit.animations.replay_training import ReplayTraining
from scenes.kit.layout import STAGE_MIDDLE, network_layout
from scenes.kit.mobjects.network_diagram import NetworkDiagram
from scenes.kit.mobjects.text import Words, formula
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import function_name

# Where a network begins and ends: in the left half of the stage, in the right half, and across the whole of it.
_LEFT_HALF, _RIGHT_HALF, _WHOLE = (-6.5, -0.75), (0.75, 6.5), (-5.6, 5.6)
# How high a network reaches, and how low; and how high its heading stands.
_NETWORK_TOP, _NETWORK_BOTTOM, _HEADING_Y = 2.0, -2.4, 3.15
# Where the formula stands above the picture of the structure, and how large.
_FORMULA_Y, _FORMULA_SIZE = 2.42, 48
# How large it is when it first comes.
_FORMULA_SIZE_AT_FIRST = 150
# The last one is ours.
_KINDS = ("convolutional network", "recurrent network", "transformer", "multilayer perceptron")


class ThePlan(LessonScene):
    """Mathematics, not magic: first the structure of a network, then how it learns; and of all kinds the plain one."""

    def construct(self) -> None:
        self.mathematics()
        self.structure()
        self.learning()
        self.the_plain_kind()
        self.end()

    def alternative_text(self) -> str:
        sizes = ", ".join(str(size) for size in self.network.sizes)
        weights = "its weights as they change in training" if self.is_replayed else "its weights"
        return (
            "Under the words neural network comes the formula of a layer. Two pictures of one network of "
            f"{sizes} neurons follow: on the left, under the formula, its structure, on the right {weights}. "
            "Of four kinds of network, the multilayer perceptron is chosen."
        )

    @property
    def is_replayed(self) -> bool:
        """Whether the network's file holds enough of its training to replay it."""
        return len(self.checkpoint.snapshot_parameters) >= 2

    def mathematics(self) -> None:
        self.next_section("Mathematics")
        self.title = Words("neural network", 120).move_to((0, STAGE_MIDDLE, 0))
        self.formula = self.formula_of_a_layer()
        self.formula.move_to((0, STAGE_MIDDLE - 0.6, 0))
        signs = self.formula.copy().family_members_with_points()
        small = Words("neural network", 64, theme.QUIET_TEXT).move_to((0, STAGE_MIDDLE + 1.6, 0))
        with self.voiceover(
            "Not magic but mathematics: one short formula for each layer.",
            moves="The words “neural network” stand large in the middle; they make room, and beneath them comes "
            "the formula of a layer, sign by sign.",
        ):
            self.play(FadeIn(self.title, run_time=theme.QUICK))
            self.wait(1.2)
            self.play(Transform(self.title, small))
            come = (FadeIn(sign, shift=0.7 * DOWN) for sign in signs)
            self.play(LaggedStart(*come, lag_ratio=0.25, run_time=theme.FLOW))
            self.remove(*signs)
            self.add(self.formula)

    def formula_of_a_layer(self) -> MathTypst:
        """The formula with its function, in the colours that its parts have in every scene."""
        activations = set(self.network.activations)
        function = function_name(activations.pop()).typst if len(activations) == 1 else "f"
        product = "{{ W : weights }} {{ a : inputs }} + {{ b : biases }}"
        right = f"{function}({product})" if function else product
        drawn = formula(f"{{{{ a' : outputs }}}} = {right}", _FORMULA_SIZE_AT_FIRST)
        colours = {
            "weights": theme.WEIGHTS_SYMBOL,
            "biases": theme.BIASES_SYMBOL,
            "inputs": theme.ACTIVATIONS_SYMBOL,
            "outputs": theme.ACTIVATIONS_SYMBOL,
        }
        for part, colour in colours.items():
            drawn.select(part).set_color(colour)
        return drawn

    def structure(self) -> None:
        self.next_section("Structure")
        self.left = self.diagram(_LEFT_HALF)
        self.structure_heading = heading("1. its structure", _LEFT_HALF)
        for connections in self.left.connections:
            connections.set_equal(0.36).show_until(0)
        above = self.formula.copy().scale(_FORMULA_SIZE / _FORMULA_SIZE_AT_FIRST)
        above.move_to((sum(_LEFT_HALF) / 2, _FORMULA_Y, 0))
        with self.voiceover(
            "First its structure: this chapter.",
            moves="The formula becomes small and goes to the left; beneath it columns of neurons appear, one for each "
            "time that it is used and one for the input, and lines grow between them.",
        ):
            self.play(
                FadeOut(self.title, run_time=theme.QUICK),
                Transform(self.formula, above, run_time=theme.FLOW),
                FadeIn(self.structure_heading, run_time=theme.FLOW),
            )
            columns = (FadeIn(neurons, shift=0.2 * RIGHT) for neurons in self.left.columns)
            self.play(LaggedStart(*columns, lag_ratio=0.5, run_time=theme.FLOW), FadeIn(self.left.dots))
            growing = (GrowConnections(connections) for connections in self.left.connections)
            self.play(LaggedStart(*growing, lag_ratio=0.4), run_time=2 * theme.STEP)

    def learning(self) -> None:
        self.next_section("Learning")
        self.right = self.diagram(_RIGHT_HALF)
        self.learning_heading = heading("2. how it learns", _RIGHT_HALF)
        checkpoint = self.checkpoint
        if self.is_replayed:
            first = checkpoint.snapshot(0)
            for connections, layer in zip(self.right.connections, first.layers, strict=True):
                connections.set_values(layer.weights, np.abs(layer.weights).max(axis=1, keepdims=True))
        moves = "On the right stands the same network, coloured by its weights"
        with self.voiceover(
            "Then how it learns: the next.",
            moves=moves + (", which change as they did in its training." if self.is_replayed else "."),
        ):
            self.play(
                FadeIn(Group(*self.right.connections, *self.right.columns, self.right.dots), run_time=theme.QUICK),
                FadeIn(self.learning_heading, run_time=theme.QUICK),
            )
            if self.is_replayed:
                self.play(ReplayTraining(checkpoint, self.right.connections, run_time=3 * theme.STEP))

    def the_plain_kind(self) -> None:
        self.next_section("The plain kind")
        kinds = VGroup(*(Words(kind, 52) for kind in _KINDS)).arrange(DOWN, buff=0.55)
        kinds.move_to((sum(_RIGHT_HALF) / 2, STAGE_MIDDLE - 0.2, 0))
        mark = Words(_KINDS[-1], theme.TITLE_SIZE, theme.ANSWER).move_to((0, _HEADING_Y, 0))
        whole = self.diagram(_WHOLE)
        gone = Group(*self.right.connections, *self.right.columns, self.right.dots, self.learning_heading)
        with self.voiceover(
            "Of many kinds, ours is the plain one: a multilayer perceptron.",
            moves="The network on the right gives way to the names of four kinds. The last one lights up and goes to "
            "the top while the others fade; the network on the left grows over the stage, and its lines take the "
            "colours of its weights.",
        ):
            self.play(FadeOut(gone, run_time=theme.QUICK))
            self.play(LaggedStart(*(FadeIn(kind, shift=0.2 * UP) for kind in kinds), lag_ratio=0.3))
            self.wait(0.5)
            gone = Group(self.structure_heading, self.formula, *kinds[:-1], *self.left.connections, self.left.dots)
            chosen = kinds[-1].animate(run_time=theme.STEP).set_color(theme.ANSWER).set_y(_HEADING_Y)
            self.play(FadeOut(gone, run_time=theme.QUICK), chosen)
            self.play(
                *(Transform(a, b) for a, b in zip(self.left.columns, whole.columns, strict=True)),
                Transform(kinds[-1], mark),
                run_time=theme.FLOW,
            )
            for connections in whole.connections:
                connections.show_until(0)
            growing = (GrowConnections(connections) for connections in whole.connections)
            self.play(LaggedStart(*growing, lag_ratio=0.4, run_time=2.4 * theme.STEP), FadeIn(whole.dots))

    def diagram(self, place: tuple[float, float]) -> NetworkDiagram:
        """The network, from one x to another, as empty circles."""
        left, right = place
        layout = network_layout(self.network.sizes, left=left, right=right, top=_NETWORK_TOP, bottom=_NETWORK_BOTTOM)
        diagram = NetworkDiagram(self.network, layout=layout)
        for neurons in diagram.columns[1:]:
            neurons.stand_out()
        return diagram


def heading(words: str, half: tuple[float, float]) -> Words:
    """The heading of a half of the stage."""
    return Words(words, theme.TITLE_SIZE).move_to((sum(half) / 2, _HEADING_Y, 0))
