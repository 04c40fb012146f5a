"""TheOutputs: How much the network thinks “this one”; the brightest is the answer, and they need not add up to 1."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from manim import LEFT, Animation, Create, FadeIn, FadeOut, LaggedStart, Line, Transform

from network import ForwardPass
from network.analysis.examples import clear_torn_and_unsure
from scenes.kit import theme
from scenes.kit.animations.forward_pass import PropagateActivations, ShowContributions
from scenes.kit.colour import rgb
from scenes.kit.layout import PIXELS_A_UNIT, STAGE_BOTTOM, network_layout
from scenes.kit.mobjects.network_diagram import NetworkDiagram
from scenes.kit.mobjects.numbers import Numbers
from scenes.kit.mobjects.text import Words
from scenes.kit.mobjects.verdict import Verdict
from scenes.part_04_layers.label_width import label_width
from scenes.stage.lesson_scene import LessonScene

# An output that is at least this high is called bright.
_BRIGHT = 0.5
# Where the numbers beside the outputs have their middle.
_NUMBERS_X = 6.0


class TheOutputs(LessonScene):
    """What the outputs say: how much the network thinks "this one". They are no probabilities."""

    def construct(self) -> None:
        self.how_much()
        self.no_probabilities()
        self.torn()
        self.at_a_loss()
        self.end()

    def alternative_text(self) -> str:
        sums = ", ".join(f"{forward.output.sum():.2f}" for forward in self.passes)
        clear, torn, _ = self.passes
        values = " and ".join(f"{torn.output[output]:.2f}" for output in self.two_brightest)
        two = "two outputs are bright" if self.two_are_bright else f"the two brightest have {values}"
        none = "none is" if self.none_is_bright else "they are least bright of all"
        return (
            f"Three pictures go through the network. For the first the output {self.names[clear.answer]} is "
            f"the brightest, with {clear.output[clear.answer]:.2f}; for the second {two}, for the "
            f"third {none}. The outputs of the three add up to {sums}."
        )

    @property
    def names(self) -> tuple[str, ...]:
        return self.digits().class_names

    @cached_property
    def examples(self) -> tuple[int, int, int]:
        """The indices of the three pictures in the test set."""
        return clear_torn_and_unsure(self.network, self.digits())

    @cached_property
    def passes(self) -> list[ForwardPass]:
        return [self.network.forward(self.digits().images[index]) for index in self.examples]

    @property
    def two_brightest(self) -> tuple[int, int]:
        """The two brightest outputs for the second picture, the brighter one first."""
        output = self.passes[1].output
        if len(output) == 1:
            return 0, 0
        one, other = np.argsort(-output, kind="stable")[:2]
        return int(one), int(other)

    @property
    def two_are_bright(self) -> bool:
        """Whether the second picture has two bright outputs."""
        return bool(self.passes[1].output[self.two_brightest[1]] >= _BRIGHT)

    @property
    def none_is_bright(self) -> bool:
        """Whether the third picture has no bright output."""
        return bool(self.passes[2].output.max() < _BRIGHT)

    @cached_property
    def diagram(self) -> NetworkDiagram:
        """The network, with room to the right of its labels for their numbers, and below for the sum."""
        right = 4.6 - label_width(self.names)
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
        self.values = self.numbers_beside_outputs()
        self.ring = self.diagram.winner_mark(forward)
        self.verdict = self.verdict_on(0)
        with self.voiceover(
            "Outputs say how much the network thinks “this one”; the brightest is the answer.",
            moves="The network reads a picture; its outputs light up, and a number counts up beside each of them. A "
            "ring marks the brightest.",
        ):
            self.play(*(FadeIn(thing) for thing in still))
            after = self.values.copy().set_values(forward.output)
            self.add(self.values)
            self.play(
                PropagateActivations(self.diagram.connections[-1], outputs, forward.output),
                Transform(self.values, after, run_time=theme.FLOW),
            )
            self.play(Create(self.ring), *self.mark_numbers(forward), FadeIn(self.verdict))

    def numbers_beside_outputs(self) -> Numbers:
        """A 0 beside each output that is shown, as large as the labels."""
        layout = self.diagram.layout[-1]
        centres = self.diagram.columns[-1].centres.copy()
        centres[:, 0] = _NUMBERS_X
        size = float(np.clip(0.95 * PIXELS_A_UNIT * layout.diameter, theme.SMALLEST_SIZE, theme.LABEL_SIZE))
        shown = layout.shown.astype(float)
        return Numbers(np.zeros(len(centres)), centres, 2, size, opacities=shown, widths=0.9, alignment=1)

    def no_probabilities(self) -> None:
        self.next_section("No probabilities")
        edge = float(self.values.centres[0, 0]) + 0.45
        bottom = float(self.diagram.layout[-1].centres[:, 1].min()) - self.diagram.layout[-1].diameter / 2
        self.rule = Line((edge - 1.6, bottom - 0.2, 0), (edge, bottom - 0.2, 0), color=theme.QUIET_TEXT, stroke_width=2)
        total = float(self.passes[0].output.sum())
        self.total = Numbers([total], [(edge - 0.6, bottom - 0.52, 0)], 2, theme.CAPTION_SIZE, widths=1.2, alignment=1)
        together = Words("together", theme.NOTE_SIZE, theme.QUIET_TEXT).next_to(self.total, LEFT, buff=0.15)
        with self.voiceover(
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
        one, other = self.two_brightest
        said = "two are bright" if self.two_are_bright else "the two brightest"
        with self.voiceover(
            f"Here {said}: {self.names[one]} has {output[one]:.2f}, and {self.names[other]} has {output[other]:.2f}.",
            moves="The picture changes, and with it all neurons, lines and numbers.",
        ):
            self.read(1)

    def at_a_loss(self) -> None:
        self.next_section("At a loss")
        said = "none is bright" if self.none_is_bright else "they are least bright of all"
        seen = "all outputs are dark, and " if self.none_is_bright else ""
        with self.voiceover(
            f"Here {said}, and still the brightest is the answer.",
            moves=f"The picture changes once more; {seen}the ring marks the brightest.",
        ):
            self.read(2)

    def read(self, example: int) -> None:
        """Show another picture and all that follows from it."""
        forward = self.passes[example]
        right = forward.answer == self.digits().labels[self.examples[example]]
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

    def verdict_on(self, example: int) -> Verdict:
        """What the picture is and what it was read as, to stand above it."""
        truth = self.names[self.digits().labels[self.examples[example]]]
        return Verdict(truth, self.names[self.passes[example].answer], above=self.diagram.columns[0])
