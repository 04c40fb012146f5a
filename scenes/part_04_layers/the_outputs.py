"""TheOutputs: How much the network thinks “this one”; the brightest is the answer, and they need not add up to 1."""

from __future__ import annotations

import numpy as np
from manim import (
    LEFT,
    RIGHT,
    UP,
    Animation,
    Create,
    FadeIn,
    FadeOut,
    LaggedStart,
    Line,
    Transform,
)

from network import ForwardPass, Network
from network.analysis.examples import digit_to_show
from network.digits import Digits
from scenes.kit import theme
from scenes.kit.animations.forward_pass import PropagateActivations, ShowContributions
from scenes.kit.layout import FRAME_WIDTH, SAFE_MARGIN, STAGE_BOTTOM, network_layout
from scenes.kit.mobjects.array_mobject import rgb
from scenes.kit.mobjects.network_diagram import NetworkDiagram
from scenes.kit.mobjects.numbers import Numbers
from scenes.kit.mobjects.text import Words
from scenes.part_04_layers.shared import widest
from scenes.stage.lesson_scene import LessonScene

# From this on an output is called bright.
BRIGHT = 0.5


class TheOutputs(LessonScene):
    """What the outputs say: how much the network thinks "this one". They are no probabilities."""

    def construct(self) -> None:
        self.test_set = self.digits()
        self.names = self.test_set.class_names
        self.examples = three_examples(self.network, self.test_set)
        self.passes = [self.network.forward(self.test_set.images[index]) for index in self.examples]
        self.diagram = self.a_diagram()

        self.how_much()
        self.no_probabilities()
        self.torn()
        self.at_a_loss()
        self.end()

    def alternative_text(self) -> str:
        digits = self.digits()
        passes = [self.network.forward(digits.images[index]) for index in three_examples(self.network, digits)]
        sums = ", ".join(f"{forward.output.sum():.2f}" for forward in passes)
        clear = passes[0]
        return (
            f"Three pictures go through the network. For the first the output {digits.class_names[clear.answer]} is "
            f"the brightest, with {clear.output[clear.answer]:.2f}; for the second two outputs are bright, for the "
            f"third none is. The outputs of the three add up to {sums}."
        )

    def a_diagram(self) -> NetworkDiagram:
        """The network, with room to the right of its labels for their numbers, and below for the sum."""
        right = 4.6 - widest(self.names)
        layout = network_layout(self.network.sizes, right=right, top=3.0, bottom=STAGE_BOTTOM + 0.75)
        return NetworkDiagram(self.network, self.names, layout)

    def how_much(self) -> None:
        self.next_section("How much")
        forward, outputs = self.passes[0], self.diagram.columns[-1]
        self.diagram.columns[0].show(forward.input)
        for layer in range(len(self.diagram.connections)):
            self.diagram.show_contributions(forward, layer)
            self.diagram.columns[layer + 1].show(forward.activations[layer])
        outputs.show(np.zeros(len(outputs)))
        still = [*self.diagram.connections, *self.diagram.columns, self.diagram.dots, self.diagram.labels]
        centres = outputs.centres.copy()
        centres[:, 0] = 6.0
        shown = outputs.layout.shown.astype(float)
        self.values = Numbers(np.zeros(len(outputs)), centres, 2, self.number_size(), opacities=shown, widths=0.9)
        self.values.alignment = 1.0
        self.ring = self.diagram.winner_mark(forward)
        self.verdict = self.verdict_on(0)
        with self.caption(
            "Outputs say how much the network thinks “this one”; the brightest is the answer.",
            *(FadeIn(thing) for thing in still),
            moves="The network reads a picture; its outputs light up, and a number counts up beside each of them. A "
            "ring marks the brightest.",
        ):
            after = self.values.copy().set_values(forward.output)
            self.add(self.values)
            self.play(
                PropagateActivations(self.diagram.connections[-1], outputs, forward.output),
                Transform(self.values, after, run_time=theme.FLOW),
            )
            self.play(Create(self.ring), *self.mark_numbers(forward), FadeIn(self.verdict))

    def number_size(self) -> float:
        """As large as the labels beside which they stand."""
        return float(np.clip(0.95 * 135 * self.diagram.layout[-1].diameter, theme.SMALLEST_SIZE, theme.LABEL_SIZE))

    def no_probabilities(self) -> None:
        self.next_section("No probabilities")
        edge = float(self.values.centres[0, 0]) + 0.45
        bottom = float(self.diagram.layout[-1].centres[:, 1].min()) - self.diagram.layout[-1].diameter / 2
        self.rule = Line((edge - 1.6, bottom - 0.2, 0), (edge, bottom - 0.2, 0), color=theme.QUIET_TEXT, stroke_width=2)
        total = float(self.passes[0].output.sum())
        self.total = Numbers([total], [(edge - 0.6, bottom - 0.52, 0)], 2, theme.CAPTION_SIZE, widths=1.2, alignment=1)
        together = Words("together", theme.NOTE_SIZE, theme.QUIET_TEXT).next_to(self.total, LEFT, buff=0.15)
        with self.caption(
            f"They are not probabilities: they need not make 1. These make {total:.2f}.",
            moves="A line is drawn under the numbers, and their sum appears beneath it.",
        ):
            self.play(Create(self.rule), run_time=theme.QUICK)
            falling = self.values.copy()
            self.add(falling)
            meet = falling.copy().place(np.tile(self.total.centres, (len(falling), 1))).set_opacities(0)
            self.play(Transform(falling, meet), FadeIn(self.total), FadeIn(together), run_time=theme.STEP)
            self.remove(falling)

    def torn(self) -> None:
        self.next_section("Torn")
        output = self.passes[1].output
        one, other = np.argsort(-output, kind="stable")[:2] if len(output) > 1 else (0, 0)
        said = "two are bright" if output[other] >= BRIGHT else "the two brightest"
        with self.caption(
            f"Here {said}: {self.names[one]} has {output[one]:.2f}, and {self.names[other]} has {output[other]:.2f}.",
            moves="The picture changes, and with it all neurons, lines and numbers.",
        ):
            self.read(1)

    def at_a_loss(self) -> None:
        self.next_section("At a loss")
        output = self.passes[2].output
        said = "none is bright" if output.max() < BRIGHT else "they are least bright of all"
        with self.caption(
            f"Here {said}, and still the brightest is the answer.",
            moves="The picture changes once more; all outputs are dark, and the ring marks the brightest.",
        ):
            self.read(2)

    def read(self, example: int) -> None:
        """Show another picture and all that follows from it."""
        forward = self.passes[example]
        right = forward.answer == self.test_set.labels[self.examples[example]]
        ring = self.diagram.winner_mark(forward).set_color(theme.ANSWER if right else theme.WRONG)
        steps: list[Animation] = []
        for number, (neurons, activations) in enumerate(zip(self.diagram.columns, forward.columns, strict=True)):
            steps.append(Transform(neurons, neurons.copy().show(activations), run_time=theme.QUICK))
            if number:
                steps.append(ShowContributions(self.diagram, forward, number - 1, run_time=theme.QUICK))
        self.play(LaggedStart(*steps, lag_ratio=0.35), FadeOut(self.verdict), FadeOut(self.ring))
        sums = self.total.copy().set_values([forward.output.sum()])
        verdict = self.verdict_on(example)
        self.play(*self.mark_numbers(forward, right), Transform(self.total, sums), FadeIn(verdict), run_time=theme.STEP)
        self.play(Create(ring), run_time=theme.QUICK)
        self.ring, self.verdict = ring, verdict

    def mark_numbers(self, forward: ForwardPass, right: bool = True) -> list[Animation]:
        """The numbers go to the outputs of a forward pass, that of the answer in the colour of the ring."""
        colours = np.tile(rgb(theme.TEXT), (len(forward.output), 1))
        colours[forward.answer] = rgb(theme.ANSWER if right else theme.WRONG)
        return [Transform(self.values, self.values.copy().set_values(forward.output).set_colours(colours))]

    def verdict_on(self, example: int) -> Words:
        """What the picture is and what it was read as, to stand above it."""
        truth = self.names[self.test_set.labels[self.examples[example]]]
        answer = self.names[self.passes[example].answer]
        right = truth == answer
        said = Words(
            f"{truth}, read as {answer}" + ("" if right else ": wrong"), 44, theme.TEXT if right else theme.WRONG
        )
        said.next_to(self.diagram.columns[0], UP, buff=0.3)
        # Long names begin at the edge of the stage.
        return said.shift(max(SAFE_MARGIN - FRAME_WIDTH / 2 - float(said.get_left()[0]), 0) * RIGHT)


def three_examples(network: Network, digits: Digits) -> tuple[int, int, int]:
    """The picture of this part, the one whose second brightest output is the greatest, and the one with least light.

    Least light: its brightest output is the smallest of all.
    """
    ordered = np.sort(network.predict(digits.vectors), axis=1)
    second = ordered[:, -2] if ordered.shape[1] > 1 else ordered[:, -1]
    return digit_to_show(network, digits), int(second.argmax()), int(ordered[:, -1].argmin())
