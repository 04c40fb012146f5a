"""WhenItFails: a misread digit is followed back to its pixels; and a right answer turns out to hang by a thread."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from manim import (
    DOWN,
    RIGHT,
    UP,
    Animation,
    Circle,
    Create,
    FadeIn,
    FadeOut,
    Group,
    Indicate,
    Square,
    Transform,
    VGroup,
    smooth,
    squish_rate_func,
)
from numpy.typing import NDArray

from network import ForwardPass
from network.analysis.examples import hero
from network.analysis.explain import Decision, Lead, decision_to_explain, lead_over, led_by_its_bias, way_back
from network.analysis.pushed import Push, push_that_misleads
from scenes.kit import theme
from scenes.kit.animations.forward_pass import PropagateActivations
from scenes.kit.layout import STAGE_BOTTOM
from scenes.kit.mobjects.connections import Connections
from scenes.kit.mobjects.network_diagram import NetworkDiagram
from scenes.kit.mobjects.numbers import Numbers
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.terms_chart import AddUpTerms, GrowTerms, TermsChart
from scenes.kit.mobjects.text import Words
from scenes.kit.mobjects.weight_heatmap import WeightHeatmap, full_colour
from scenes.kit.mobjects.weighted_sum import AddUpProducts, WeightedSum
from scenes.part_08_learning.outputs_beside import diagram_with_values, values_beside
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import class_in_words, count, in_words, number, one_in_words

# The picture and what its pixels add to a neuron: how large, how far from the middle, and how high.
_EXTENT, _PICTURE_X, _PICTURE_Y = 5.0, 3.1, 0.9
# How long the neurons take to their rows in the chart.
_TO_ROWS = 1.25


class WhenItFails(LessonScene):
    """A misread picture is followed back, from two outputs to one neuron and its pixels; then a right one is pushed."""

    # So many rows of the chart can be read while it is spoken of.
    MOST_ROWS = 9

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

    @cached_property
    def push(self) -> Push | None:
        """A push that makes the network misread the film's own digit; None if there is none."""
        return push_that_misleads(self.network, self.digits(), hero(self.network, self.digits()))

    def construct(self) -> None:
        names = self.digits().class_names
        self.answer_name, self.other_name = names[self.decision.answer], names[self.decision.other]
        self.diagram = diagram_with_values(self.network, names)
        self.values = values_beside(self.diagram, self.forward.output)

        self.a_mistake()
        if self.way:
            self.the_votes()
            self.the_way_back()
        else:
            self.without_hidden_layers()
        if self.push is not None:
            self.right_for_the_wrong_reasons(self.push)
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
            text += f", of which a single neuron gives {strongest}; it is followed back to its pixels"
        if self.push is not None:
            text += (
                f". A picture that is read right is read as {names[self.push.answer]} once it is pushed "
                f"{self.push.way} by {count(self.push.pixels, 'pixel')}"
            )
        return text + "."

    def a_mistake(self) -> None:
        self.next_section("A mistake")
        diagram, output = self.diagram, self.forward.output
        wrong, other = output[self.decision.answer], output[self.decision.other]
        answer = class_in_words(self.answer_name)
        sentence = (
            "When something goes wrong, it pays to know what the numbers mean. This is "
            f"{one_in_words(self.other_name)}, and our network <bookmark mark='says'/> says {answer}. With a sealed "
            "box you could only shrug. <bookmark mark='look'/> Here we can look."
        )
        if not self.decision.mistaken:
            sentence = (
                "This network reads every test picture right. So let's look at its closest call. It says "
                f"<bookmark mark='says'/> {answer}, with {wrong:.2f}, against {other:.2f} for "
                f"{class_in_words(self.other_name)}. <bookmark mark='look'/> Why?"
            )
        diagram.show(self.forward)
        self.ring = diagram.winner_mark(self.forward)
        self.seen = [*diagram.connections, *diagram.columns, diagram.dots, diagram.labels]
        with self.voiceover(
            sentence,
            moves="The network with a digit and all that flows; a pulse runs through it, and the answer is ringed. "
            "Then all lines go but those into two outputs: the answer, and the one to compare it with.",
        ):
            self.add(*self.seen)
            for number, connections in enumerate(diagram.connections):
                neurons = diagram.columns[number + 1]
                self.play(PropagateActivations(connections, neurons, self.forward.activations[number]))
            self.wait_until_bookmark("says")
            self.play(
                FadeIn(self.values),
                Create(self.ring),
                diagram.labels[self.decision.answer].animate.set_fill(theme.ANSWER),
                run_time=theme.QUICK,
            )
            self.wait_until_bookmark("look")
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

    def the_votes(self) -> None:
        self.next_section("The votes")
        diagram = self.diagram
        self.chart = chart = TermsChart(
            self.lead.terms, self.lead.bias, self.MOST_ROWS, self.answer_name, self.other_name
        )
        chart.colour(theme.POSITIVE, theme.NEGATIVE)
        column = diagram.columns[-2]
        self.discs = chart.discs(column)
        others = chart.without_a_row(column)
        leaving = Group(
            diagram.connections[-1], *diagram.columns[:-2], others, diagram.columns[-1], diagram.dots, self.ring
        )
        start = chart.discs(column, at_rows=False)
        self.remove(column)
        self.add(others, start)
        # The names of the two outputs move above their sides of the chart.
        labels = [diagram.labels[n] for n in (self.decision.other, self.decision.answer)]
        to_heads = zip(labels, chart.heads, strict=True)
        head = Words("votes", theme.LABEL_SIZE).move_to((chart.NUMBERS, chart.HEADS_Y, 0))
        has_room = head.get_right()[0] + 0.2 < chart.heads.get_left()[0]
        self.head = VGroup(head) if has_room else VGroup()
        answer, other = (class_in_words(name) for name in (self.answer_name, self.other_name))
        self.mark = Circle(float(self.discs.radii[0]) + 0.07, color=theme.ANSWER, stroke_width=theme.MARK_WIDTH)
        self.mark.move_to(self.discs.centres[0])
        with self.voiceover(
            "Each neuron in the last hidden layer casts a vote: how bright it is, times how "
            f"much it favours {answer} over {other}. <bookmark mark='sum'/> Together they make it {answer}. "
            f"<bookmark mark='most'/> The top one did the most {'damage' if self.decision.mistaken else 'for it'}.",
            moves="The neurons of the last hidden layer line up on the left; a bar grows for each, blue to the right "
            "for the answer, red to the left for the other. The bars are added to one at the foot. The first of the "
            "neurons is ringed, and the other bars dim.",
        ):
            self.play(
                FadeOut(leaving, self.values, run_time=_TO_ROWS),
                Transform(start, self.discs, run_time=_TO_ROWS),
                *(FadeOut(label, target_position=head, run_time=_TO_ROWS) for label, head in to_heads),
                FadeIn(chart.heads, chart.axis, self.head, run_time=_TO_ROWS),
                FadeIn(
                    *chart.names,
                    chart.numbers,
                    run_time=_TO_ROWS,
                    rate_func=squish_rate_func(smooth, 0.5, 1),
                ),
            )
            self.remove(start)
            self.add(self.discs)
            self.play(GrowTerms(chart, run_time=2 * theme.FLOW))
            self.wait_until_bookmark("sum")
            self.play(FadeIn(chart.rule, chart.total_name, chart.total), run_time=theme.QUICK)
            self.add(chart.total_bar)
            self.play(AddUpTerms(chart, run_time=2 * theme.STEP))
            self.wait_until_bookmark("most")
            dimmed = chart.bars.copy()
            dimmed.opacities[1:] = 0.25
            self.play(Create(self.mark), Transform(chart.bars, dimmed))

    def the_way_back(self) -> None:
        self.next_section("The way back")
        chart = self.chart
        self.diagram = diagram = diagram_with_values(self.network, self.digits().class_names).show(self.forward)
        flows = self.flows_on_the_way()
        rings = VGroup(*(diagram.ring(column, neuron) for column, neuron in enumerate(self.way, 1)))
        labels = VGroup(*(diagram.labels[n] for n in (self.decision.answer, self.decision.other)))
        old = Group(chart.heads, chart.axis, *chart.names, chart.bars, chart.numbers, chart.rule, self.head)
        old.add(chart.total_name, chart.total, chart.total_bar)
        column = diagram.columns[-2]
        others = chart.without_a_row(column)
        network = [*diagram.columns[:-2], others, diagram.columns[-1], labels, diagram.dots]
        bias = float(self.network.layers[len(self.way) - 1].biases[self.way[-1]])
        noted = Words(f"bias {number(bias, 2, sign=True)}", theme.LABEL_SIZE, theme.BIASES_SYMBOL)
        noted.move_to((column.get_x(), column.get_top()[1] + 0.5, 0))
        with self.voiceover(
            f"{self.what_lit_it()} There's your {'suspect' if self.decision.mistaken else 'reason'}.",
            moves="The neurons go back to their column in the network; a bright line goes from the two outputs to the "
            "ringed one and on to a neuron of the first hidden layer, and from there a fan of lines to the picture. "
            "Then the picture stands beside what each of its pixels adds to that neuron.",
        ):
            self.play(
                FadeOut(old, rate_func=squish_rate_func(smooth, 0, 0.5)),
                Transform(self.discs, chart.discs(column, at_rows=False)),
                Transform(self.mark, rings[-1]),
                *(FadeIn(part, rate_func=squish_rate_func(smooth, 0.25, 1)) for part in network),
                FadeIn(flows[-1], rate_func=squish_rate_func(smooth, 0.5, 1)),
            )
            self.remove(self.discs, others)
            self.add(column, self.mark)
            if self.led_by_bias:
                self.play(FadeIn(noted, shift=0.2 * DOWN))
                self.play(Indicate(noted, 1.2, theme.BIASES_SYMBOL), run_time=1.5 * theme.STEP)
            if len(self.way) > 1:
                self.wait_until_bookmark("back")
            for layer in range(len(flows) - 2, 0, -1):
                self.play(FadeIn(flows[layer]), Create(rings[layer - 1]), run_time=theme.QUICK)
            self.wait_until_bookmark("pixels")
            self.play(FadeIn(flows[0]), run_time=theme.QUICK)
            remaining = Group(*flows, *diagram.columns[1:], labels, diagram.dots, self.mark, *rings[:-1], noted)
            self.the_pixels(remaining)

    @property
    def led_by_bias(self) -> bool:
        """Whether the neuron that is followed back was lit by its own bias more than by anything else."""
        return led_by_its_bias(self.forward, len(self.way) - 1, self.way[-1])

    def what_lit_it(self) -> str:
        """What lit the neuron that is followed back, in words, with the bookmarks "back" and "pixels"."""
        layer, neuron = len(self.way) - 1, self.way[-1]
        own = "Why was it so bright? " if self.forward.activations[layer][neuron] > 0.5 else "What lit it? "
        if self.led_by_bias:
            alone = self.network.layers[layer].activate(self.network.layers[layer].biases)[neuron]
            own += "Mostly because its bias starts it off bright. " if alone > 0.5 else "Most of all, its own bias. "
        if len(self.way) == 1:
            return f"{own}<bookmark mark='pixels'/> These squares pushed it up."
        links = "Then <bookmark mark='back'/> this neuron pushed it."
        if not self.led_by_bias:
            links = "Of its links, <bookmark mark='back'/> the one from this neuron pushed hardest."
        if len(self.way) > 2:
            links = (
                "Follow the strongest links <bookmark mark='back'/> from layer to layer, to this neuron in the first."
            )
        return f"{own}{links} And that one was lit <bookmark mark='pixels'/> by these squares."

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

    def the_pixels(self, remaining: Group) -> None:
        """The picture, and what each of its pixels adds to the neuron in the first layer that was followed back."""
        neuron = self.way[0]
        products = self.forward.contributions(0)[neuron]
        pixels = self.diagram.columns[0]
        shown = PixelGrid(self.forward.input, _EXTENT, (-_PICTURE_X, _PICTURE_Y))
        added = WeightHeatmap(
            products, full_colour(products[products != 0], 0.85), None, _EXTENT, (_PICTURE_X, _PICTURE_Y)
        )
        frames = VGroup(*(Square(_EXTENT + 0.06, color=theme.NEURON_OUTLINE, stroke_width=1.5) for _ in range(2)))
        for frame, side in zip(frames, (-1, 1), strict=True):
            frame.move_to((side * _PICTURE_X, _PICTURE_Y, 0))
        row = self.sum_of_a_neuron(products, float(self.network.layers[0].biases[neuron]))
        blank = added.copy().show(np.zeros(len(added)), added.limit)
        self.play(
            FadeOut(remaining, run_time=theme.QUICK),
            Transform(pixels, shown),
            FadeIn(blank, frames, run_time=theme.QUICK),
        )
        self.play(Transform(blank, added), FadeIn(row), run_time=theme.STEP)
        self.wait(theme.STEP)
        self.left_over = Group(pixels, blank, frames, row)

    def sum_of_a_neuron(self, products: NDArray[Any], bias: float) -> VGroup:
        """A line beneath the pictures: what the pixels add up to, the bias, and the activation."""
        activation = float(self.forward.activations[0][self.way[0]])
        size = theme.LABEL_SIZE
        row = VGroup(
            Words(f"its squares {number(float(products.sum()), 2, sign=True)}", size),
            Words(f"bias {number(bias, 2, sign=True)}", size, theme.BIASES_SYMBOL),
            Words(f"activation {number(activation, 2)}", size, theme.ACTIVATIONS_SYMBOL),
        )
        row.arrange(RIGHT, buff=0.8).move_to((0, STAGE_BOTTOM + 0.4, 0))
        for words in row[1:]:
            words.align_to(row[0], UP)
        return row

    def right_for_the_wrong_reasons(self, push: Push) -> None:
        self.next_section("Right for the wrong reasons")
        digits = self.digits()
        index = hero(self.network, digits)
        name = digits.class_names[digits.labels[index]]
        picture = one_in_words(name).split(" ", 1)[1]
        diagram = diagram_with_values(self.network, digits.class_names)
        forward = self.network.forward(digits.images[index])
        diagram.show(forward)
        values = values_beside(diagram, forward.output)
        ring = diagram.winner_mark(forward)
        squares = "one square" if push.pixels == 1 else f"{in_words(push.pixels)} squares"
        with self.voiceover(
            f"Look even when it's right. This {picture}, it reads well. Now push it {push.way} "
            f"<bookmark mark='push'/> by {squares}, and it says <bookmark mark='says'/> "
            f"{class_in_words(digits.class_names[push.answer])}, at {push.output:.2f}. <bookmark mark='reasons'/> So "
            "don't trust it <bookmark mark='question'/> only because the answer is right.",
            moves="The network with the film's digit and the right answer. Then the digit moves "
            f"{push.way}, square by square, and the ring jumps to a wrong answer; it goes back, and once more.",
        ):
            self.play(
                FadeOut(self.left_over),
                *(FadeIn(part) for part in (*diagram.connections, *diagram.columns, diagram.dots, diagram.labels)),
                FadeIn(values, ring),
                run_time=theme.STEP,
            )
            self.wait_until_bookmark("push")
            pushed = [forward, *self.pushed_step_by_step(push, digits.images[index])]
            for moved in pushed[1:]:
                self.play(*self.change_to(diagram, values, ring, moved), run_time=theme.STEP)
            self.wait_until_bookmark("says")
            self.play(Indicate(ring, 1.4, theme.ANSWER))
            for mark, moved in (("reasons", pushed[0]), ("question", pushed[-1])):
                self.wait_until_bookmark(mark)
                self.play(*self.change_to(diagram, values, ring, moved), run_time=theme.STEP)

    def pushed_step_by_step(self, push: Push, image: NDArray[Any]) -> list[ForwardPass]:
        """What the network makes of a picture that is pushed by one pixel after another."""
        steps = np.arange(1, push.pixels + 1)[:, None] * np.sign([push.rows, push.columns])
        return [self.network.forward(np.roll(image, tuple(step), (0, 1))) for step in steps]

    @staticmethod
    def change_to(diagram: NetworkDiagram, values: Numbers, ring: Circle, forward: ForwardPass) -> list[Animation]:
        """Show another forward pass in the whole network."""
        target = diagram.copy().show(forward)
        return [
            *(Transform(a, b) for a, b in zip(diagram.connections, target.connections, strict=True)),
            *(Transform(a, b) for a, b in zip(diagram.columns, target.columns, strict=True)),
            Transform(values, values_beside(diagram, forward.output)),
            Transform(ring, diagram.winner_mark(forward)),
        ]

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
        answer, other = class_in_words(self.answer_name), class_in_words(self.other_name)
        total, bias, lead = (number(value, 2, sign=True) for value in (stage.sum, self.lead.bias, self.lead.total))
        with self.voiceover(
            f"Take the weights of {answer}, less those of {other}, and multiply them by these squares. Added up, that "
            f"makes {total}. With the biases, {bias}, {answer} is ahead by {lead}.",
            moves="The picture, the difference of the weights and their products; the products add up.",
        ):
            self.play(FadeOut(leaving))
            self.play(FadeIn(stage))
            self.play(AddUpProducts(stage))
        self.left_over = Group(stage)


def lit(connections: Connections, emphasis: NDArray[Any]) -> Connections:
    """A copy with this emphasis on each connection, (n_out, n_in)."""
    copy = connections.copy()
    copy.emphasis = np.asarray(emphasis, np.float32).ravel()
    return copy
