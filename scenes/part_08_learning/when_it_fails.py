"""WhenItFails: a misread digit is followed back to the neuron that did most for the wrong answer, and to its pixels."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from manim import (
    DOWN,
    LEFT,
    Animation,
    Circle,
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

from network import ForwardPass
from network.analysis.explain import Decision, Lead, decision_to_explain, lead_over, way_back
from scenes.kit import theme
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.connections import Connections
from scenes.kit.mobjects.terms_chart import AddUpTerms, GrowTerms, TermsChart
from scenes.kit.mobjects.text import Number, Words
from scenes.kit.mobjects.weighted_sum import AddUpProducts, WeightedSum
from scenes.part_08_learning.outputs_beside import diagram_with_values, values_beside
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import number


class WhenItFails(LessonScene):
    """A misread picture is followed back: from two outputs to one neuron, and to its weights and pixels."""

    # So many rows of the chart can still be read.
    MOST_ROWS = 18

    @cached_property
    def decision(self) -> Decision:
        """The picture that is looked into, the network's answer and the output to compare it with."""
        return decision_to_explain(self.network, self.digits())

    @cached_property
    def forward(self) -> ForwardPass:
        return self.network.forward(self.digits().images[self.decision.index])

    @cached_property
    def lead(self) -> Lead:
        """What made the answer brighter than the other output."""
        return lead_over(self.forward, self.decision.answer, self.decision.other)

    @cached_property
    def way(self) -> tuple[int, ...]:
        """The neuron of each hidden layer that is followed back, the first layer's first."""
        return way_back(self.lead)

    def construct(self) -> None:
        names = self.digits().class_names
        self.answer_name, self.other_name = names[self.decision.answer], names[self.decision.other]
        self.diagram = diagram_with_values(self.network, names)
        self.values = values_beside(self.diagram, self.forward.output)

        self.a_mistake()
        if self.way:
            self.the_terms()
            self.added_up()
            self.the_way_back()
            self.the_pixels()
        else:
            self.without_hidden_layers()
        self.end()

    def alternative_text(self) -> str:
        digits, decision = self.digits(), self.decision
        names = digits.class_names
        text = (
            f"A picture of the class {names[digits.labels[decision.index]]} is read as {names[decision.answer]}. "
            f"Against {names[decision.other]}, its weighted sum leads by {number(self.lead.total, 2)}"
        )
        if self.way:
            strongest = number(self.lead.terms[self.lead.order[0]], 2, sign=True)
            text += f", of which a single neuron gives {strongest}; it is followed back to weights and pixels"
        return text + "."

    def a_mistake(self) -> None:
        self.next_section("A mistake")
        diagram, output = self.diagram, self.forward.output
        wrong, other = output[self.decision.answer], output[self.decision.other]
        self.answer_colour = theme.WRONG if self.decision.mistaken else theme.ANSWER
        self.other_colour = theme.ANSWER if self.decision.mistaken else theme.TEXT
        sentence = f"This {self.other_name} is read as {self.answer_name}. It is no black box: look at what flows in."
        if not self.decision.mistaken:
            sentence = (
                f"It reads every test picture right. The closest: {self.answer_name}, {wrong:.2f} against {other:.2f}."
            )
        diagram.show(self.forward)
        self.ring = diagram.winner_mark(self.forward).set_color(self.answer_colour)
        with self.voiceover(
            sentence,
            moves="The network with a digit and all that flows; the answer is ringed in red, the truth is yellow. Then "
            "all lines go but those into these two outputs.",
        ):
            self.play(
                *(FadeIn(c) for c in diagram.connections),
                *(FadeIn(neurons) for neurons in diagram.columns),
                FadeIn(diagram.dots),
                FadeIn(diagram.labels),
                FadeIn(self.values),
            )
            labels = diagram.labels
            self.play(
                Create(self.ring),
                labels[self.decision.answer].animate.set_fill(self.answer_colour),
                labels[self.decision.other].animate.set_fill(self.other_colour),
                run_time=theme.QUICK,
            )
            self.wait(1.5 * theme.STEP)
            self.only_two_outputs()

    def only_two_outputs(self) -> None:
        self.next_section("Two outputs")
        diagram = self.diagram
        rows = np.zeros(diagram.connections[-1].shape, np.float32)
        rows[[self.decision.answer, self.decision.other]] = 1
        flows = self.forward.contributions(len(diagram.connections) - 1)
        into = lit(diagram.connections[-1], rows)
        into.set_values(flows, 0.5 * np.abs(flows[rows[:, 0] > 0]).max())
        into.width_of_lines, into.contrast = 4.0, 0.5
        others = [n for n in range(len(diagram.labels)) if n not in (self.decision.answer, self.decision.other)]
        seen = self.values.copy()
        seen.opacities[others] = 0
        self.play(
            *(FadeOut(connections) for connections in diagram.connections),
            FadeIn(into),
            FadeOut(VGroup(*(diagram.labels[n] for n in others))),
            Transform(self.values, seen),
        )
        diagram.connections[-1] = into

    def the_terms(self) -> None:
        self.next_section("The terms")
        diagram = self.diagram
        self.chart = TermsChart(self.lead.terms, self.lead.bias, self.MOST_ROWS, self.answer_name, self.other_name)
        self.chart.colour(self.answer_colour, self.other_colour)
        column = diagram.columns[-2]
        self.discs = self.chart.discs(column)
        others = self.chart.without_a_row(column)
        leaving = Group(
            diagram.connections[-1], *diagram.columns[:-2], others, diagram.columns[-1], diagram.dots, self.ring
        )
        start = self.chart.discs(column, at_rows=False)
        self.remove(column)
        self.add(others, start)
        # The names of the two outputs move above their sides of the chart.
        labels = [diagram.labels[n] for n in (self.decision.other, self.decision.answer)]
        to_heads = zip(labels, self.chart.heads, strict=True)
        with self.voiceover(
            f"Each neuron speaks for the {self.answer_name}, or for the {self.other_name}.",
            moves="The neurons of the last hidden layer line up on the left, the names of the outputs at the top; a "
            "bar grows for each neuron, to the right for the answer, to the left for the other.",
        ):
            self.play(
                FadeOut(leaving, self.values, run_time=theme.STEP),
                Transform(start, self.discs, run_time=theme.FLOW),
                *(FadeOut(label, target_position=head, run_time=theme.FLOW) for label, head in to_heads),
                FadeIn(self.chart.heads, self.chart.axis, run_time=theme.FLOW),
                FadeIn(
                    *self.chart.names,
                    self.chart.numbers,
                    run_time=theme.FLOW,
                    rate_func=squish_rate_func(smooth, 0.5, 1),
                ),
            )
            self.remove(start)
            self.add(self.discs)
            self.play(GrowTerms(self.chart, run_time=theme.FLOW))

    def added_up(self) -> None:
        self.next_section("Added up")
        chart = self.chart
        outvoted = f"the {self.other_name} is outvoted" if self.decision.mistaken else f"the {self.answer_name} wins"
        with self.voiceover(
            f"Added up, with the biases: {number(self.lead.total, 2, sign=True)}, and {outvoted}.",
            moves="From top to bottom the bars are added to one at the foot; it grows to the right, then shrinks.",
        ):
            self.play(FadeIn(chart.rule, chart.total_name, chart.total))
            self.add(chart.total_bar)
            self.play(AddUpTerms(chart, run_time=4 * theme.STEP))

    def the_way_back(self) -> None:
        self.next_section("The way back")
        chart = self.chart
        self.mark = Circle(float(self.discs.radii[0]) + 0.07, color=theme.ANSWER, stroke_width=theme.MARK_WIDTH)
        self.mark.move_to(self.discs.centres[0])
        dimmed = chart.bars.copy()
        dimmed.opacities[1:] = 0.25
        self.diagram = diagram = diagram_with_values(self.network, self.digits().class_names).show(self.forward)
        flows = self.flows_on_the_way()
        rings = VGroup(*(diagram.ring(column, neuron) for column, neuron in enumerate(self.way, 1)))
        labels = VGroup(*(diagram.labels[n] for n in (self.decision.answer, self.decision.other)))
        labels[0].set_fill(self.answer_colour)
        labels[1].set_fill(self.other_colour)
        old = Group(chart.heads, chart.axis, *chart.names, chart.bars, chart.numbers, chart.rule)
        old.add(chart.total_name, chart.total, chart.total_bar)
        column = diagram.columns[-2]
        others = chart.without_a_row(column)
        network = [*diagram.columns[:-2], others, diagram.columns[-1], labels, diagram.dots]
        lit_by = "Its pixels." if len(self.way) == 1 else "Above all, this one in the first layer."
        if len(self.way) > 2:
            lit_by = "Follow the strongest, layer by layer."
        with self.voiceover(
            f"This neuron did most. What lit it? {lit_by}",
            moves="The first of the neurons is ringed; the other bars dim. The neurons go back to their column in the "
            "network, and a bright line goes from the outputs to the ringed one, and on to the left.",
        ):
            self.play(Create(self.mark), Transform(chart.bars, dimmed))
            self.wait(theme.STEP)
            self.play(
                FadeOut(old, rate_func=squish_rate_func(smooth, 0, 0.5)),
                Transform(self.discs, chart.discs(column, at_rows=False)),
                Transform(self.mark, rings[-1]),
                *(FadeIn(part, rate_func=squish_rate_func(smooth, 0.25, 1)) for part in network),
                run_time=1.25 * theme.STEP,
            )
            self.remove(self.discs, others)
            self.add(column, self.mark)
            for layer in range(len(flows) - 1, -1, -1):
                moves: list[Animation] = [FadeIn(flows[layer])]
                if 0 < layer < len(rings):
                    moves.append(Create(rings[layer - 1]))
                self.play(*moves, run_time=theme.QUICK)
        self.remaining = Group(*flows, *diagram.columns[1:], labels, diagram.dots, self.mark, *rings[:-1])
        self.first_ring = rings[0]

    def flows_on_the_way(self) -> list[Connections]:
        """Each layer's connections, with only those on the way back visible; in the first layer, a whole fan."""
        flows = []
        for layer, connections in enumerate(self.diagram.connections):
            rows = np.zeros(connections.shape, np.float32)
            last = layer == len(self.diagram.connections) - 1
            into = [self.decision.answer, self.decision.other] if last else [self.way[layer]]
            rows[into] = 1
            if layer:
                rows[:] = 0
                rows[into, self.way[layer - 1]] = 1
            flow = lit(connections, rows)
            flow.width_of_lines, flow.contrast = 1.6, 0.5
            if layer:
                flow.set_values(connections.values.reshape(connections.shape), 0.5)
                flow.width_of_lines = 4.0
            flows.append(flow)
        return flows

    def the_pixels(self) -> None:
        self.next_section("The pixels")
        layer, neuron = self.network.layers[0], self.way[0]
        never_seen = self.digits("train").never_lit
        stage = WeightedSum(self.forward.input, layer.weights[neuron], None, "its weights", never_seen, places=2)
        stage.clear_sum()
        row = self.bias_and_activation(stage, float(layer.biases[neuron]), self.forward.activations[0][neuron])
        pixels = self.diagram.columns[0]
        centre = self.first_ring.get_center()
        with self.voiceover(
            "Its weights answer to these pixels. What they mean is another question.",
            moves="The picture and the neuron's weights come side by side; their products appear and add up. Beneath, "
            "its bias and its activation, with the neuron as bright as it is.",
        ):
            self.play(
                FadeOut(self.remaining, run_time=theme.QUICK),
                Transform(pixels, stage.pixels, run_time=theme.STEP),
                FadeIn(stage.weight_picture, target_position=centre, scale=0.05, run_time=theme.STEP),
            )
            self.remove(pixels)
            self.add(stage.pixels)
            self.play(FadeIn(stage.frames, stage.names, stage.signs, stage.equation, stage.total))
            self.add(stage.product_picture)
            self.play(AddUpProducts(stage))
            self.play(FadeIn(row))
            self.wait(theme.QUICK)

    def bias_and_activation(self, stage: WeightedSum, bias: float, activation: float) -> Group:
        """A line beneath the sum: the neuron's bias and its activation, with a disc as bright as that."""
        size = theme.CAPTION_SIZE
        words = VGroup(
            Words("bias", size, theme.BIASES_SYMBOL),
            Number(bias, 2, size, theme.BIASES_SYMBOL, sign=True),
            Words("activation", size, theme.ACTIVATIONS_SYMBOL),
            Number(activation, 2, size, theme.ACTIVATIONS_SYMBOL),
        )
        y, pen = stage.total.get_y() - 0.85, 0.0
        for word, gap in zip(words, (0.25, 0.9, 0.25, 0.3), strict=True):
            word.move_to((pen, y, 0), LEFT)
            pen += word.width + gap
        disc = Cells([[pen + 0.25, y, 0]], 0.5, 1, (0, 0, 0), stroke_colour=theme.NEURON_OUTLINE, stroke_width=2)
        disc.set_brightness([activation])
        for word in words[::2]:
            word.align_to(words[1], DOWN)
        return Group(words, disc).set_x(0)

    def without_hidden_layers(self) -> None:
        """Where pixels lead straight to the outputs, the two outputs' weights are compared, pixel by pixel."""
        self.next_section("The pixels")
        never_seen = self.digits("train").never_lit
        last = self.network.layers[-1].weights
        difference = last[self.decision.answer] - last[self.decision.other]
        stage = WeightedSum(self.forward.input, difference, None, "difference", never_seen, places=2).clear_sum()
        diagram = self.diagram
        leaving = Group(diagram.connections[-1], *diagram.columns, diagram.dots, self.ring, self.values)
        leaving.add(diagram.labels[self.decision.answer], diagram.labels[self.decision.other])
        with self.voiceover(
            f"The weights of {self.answer_name} less those of {self.other_name}, on these pixels.",
            moves="The picture, the difference of the weights and their products; the products add up.",
        ):
            self.play(FadeOut(leaving))
            self.play(FadeIn(stage))
            self.play(AddUpProducts(stage))
        total, bias, lead = (number(value, 2, sign=True) for value in (stage.sum, self.lead.bias, self.lead.total))
        with self.voiceover(f"Sum {total}, biases {bias}: together {lead}."):
            pass


def lit(connections: Connections, emphasis: NDArray[Any]) -> Connections:
    """A copy with this emphasis on each connection, (n_out, n_in)."""
    copy = connections.copy()
    copy.emphasis = np.asarray(emphasis, np.float32).ravel()
    return copy
