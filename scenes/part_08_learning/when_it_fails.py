"""WhenItFails: A misread digit followed back: to the neuron that did most for the wrong one, and its pixels."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Animation,
    Circle,
    Create,
    FadeIn,
    FadeOut,
    Group,
    Line,
    Transform,
    VGroup,
    linear,
    smooth,
    squish_rate_func,
)
from numpy.typing import NDArray

from network import Network
from network.analysis.explain import Comparison, Decision, compare, decision_to_explain, way_back
from network.digits import Digits
from scenes.kit import theme
from scenes.kit.mobjects.array_mobject import rgb
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.connections import Connections
from scenes.kit.mobjects.numbers import Numbers
from scenes.kit.mobjects.text import Number, Words
from scenes.kit.mobjects.weighted_sum import AddUpProducts, WeightedSum
from scenes.part_08_learning.shared import diagram_with_values, set_right_aligned, values_beside
from scenes.stage.lesson_scene import LessonScene


class WhenItFails(LessonScene):
    """A picture that is read wrong, followed back: from two outputs to one neuron, to its weights and pixels."""

    MOST_ROWS = 18

    def construct(self) -> None:
        self.test = self.digits()
        self.decision = decision_of(self.network, self.test)
        self.forward = self.network.forward(self.test.images[self.decision.index])
        self.comparison = compare(self.forward, self.decision.answer, self.decision.other)
        self.way = way_back(self.comparison)
        names = self.test.class_names
        self.answer_name, self.other_name = names[self.decision.answer], names[self.decision.other]
        self.diagram = diagram_with_values(self.network, names)
        self.values = values_beside(self.diagram, self.forward.output)

        self.a_mistake()
        if self.way:
            self.the_terms()
            self.added_up()
            self.the_way_back()
        self.the_pixels()
        self.end()

    def alternative_text(self) -> str:
        test = self.digits()
        decision = decision_of(self.network, test)
        comparison = compare(self.network.forward(test.images[decision.index]), decision.answer, decision.other)
        names = test.class_names
        text = (
            f"A picture of the class {names[test.labels[decision.index]]} is read as {names[decision.answer]}. "
            f"Against {names[decision.other]}, its weighted sum leads by {comparison.lead:.2f}"
        )
        if way_back(comparison):
            strongest = comparison.terms[comparison.order[0]]
            text += f", of which a single neuron gives {strongest:+.2f}; it is followed back to weights and pixels"
        return text.replace("-", "−") + "."

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
        with self.caption(
            sentence,
            *(FadeIn(c) for c in diagram.connections),
            *(FadeIn(neurons) for neurons in diagram.columns),
            FadeIn(diagram.dots),
            FadeIn(diagram.labels),
            FadeIn(self.values),
            moves="The network with a digit and all that flows; the answer is ringed in red, the truth is yellow. Then "
            "all lines go but those into these two outputs.",
        ):
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
        diagram, comparison = self.diagram, self.comparison
        self.chart = TermsChart(comparison, self.MOST_ROWS, self.answer_name, self.other_name)
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
        # The names of the two outputs go to over the side of the chart that is theirs.
        labels = [diagram.labels[n] for n in (self.decision.other, self.decision.answer)]
        to_heads = zip(labels, self.chart.heads, strict=True)
        with self.caption(
            f"Each neuron speaks for the {self.answer_name}, or for the {self.other_name}.",
            FadeOut(leaving, self.values, run_time=theme.STEP),
            Transform(start, self.discs, run_time=theme.FLOW),
            *(FadeOut(label, target_position=head, run_time=theme.FLOW) for label, head in to_heads),
            FadeIn(self.chart.heads, self.chart.axis, run_time=theme.FLOW),
            FadeIn(
                *self.chart.names, self.chart.numbers, run_time=theme.FLOW, rate_func=squish_rate_func(smooth, 0.5, 1)
            ),
            moves="The neurons of the last hidden layer line up on the left, the names of the outputs at the top; a "
            "bar grows for each neuron, to the right for the answer, to the left for the other.",
        ):
            self.remove(start)
            self.add(self.discs)
            self.play(GrowBars(self.chart, run_time=theme.FLOW))

    def added_up(self) -> None:
        self.next_section("Added up")
        chart, lead = self.chart, self.comparison.lead
        outvoted = f"the {self.other_name} is outvoted" if self.decision.mistaken else f"the {self.answer_name} wins"
        with self.caption(
            f"Added up, with the biases: {signed(lead)}, and {outvoted}.",
            FadeIn(chart.rule, chart.total_name, chart.total),
            moves="From top to bottom the bars are added to one at the foot; it grows to the right, then shrinks.",
        ):
            self.add(chart.total_bar)
            self.play(AddUpTerms(chart, run_time=4 * theme.STEP))

    def the_way_back(self) -> None:
        self.next_section("The way back")
        chart = self.chart
        self.mark = Circle(float(self.discs.radii[0]) + 0.07, color=theme.ANSWER, stroke_width=theme.MARK_WIDTH)
        self.mark.move_to(self.discs.centres[0])
        dimmed = chart.bars.copy()
        dimmed.opacities[1:] = 0.25
        diagram = diagram_with_values(self.network, self.test.class_names).show(self.forward)
        self.diagram = diagram
        targets = []
        for number, connections in enumerate(diagram.connections):
            rows = np.zeros(connections.shape, np.float32)
            last = number == len(diagram.connections) - 1
            into = [self.decision.answer, self.decision.other] if last else [self.way[number]]
            rows[into] = 1
            if number:
                rows[:] = 0
                rows[into, self.way[number - 1]] = 1
            targets.append(lit(connections, rows))
            targets[-1].width_of_lines, targets[-1].contrast = 1.6, 0.5
            if number:
                targets[-1].set_values(connections.values.reshape(connections.shape), 0.5)
                targets[-1].width_of_lines = 4.0
        rings = VGroup()
        for column, neuron in enumerate(self.way, 1):
            place = diagram.layout[column]
            rings.add(
                Circle(place.diameter / 2 + 0.07, color=theme.ANSWER, stroke_width=theme.MARK_WIDTH).move_to(
                    place.centres[neuron]
                )
            )
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
        with self.caption(
            f"This neuron did most. What lit it? {lit_by}",
            Create(self.mark),
            Transform(chart.bars, dimmed),
            moves="The first of the neurons is ringed; the other bars dim. The neurons go back to their column in the "
            "network, and a bright line goes from the outputs to the ringed one, and on to the left.",
        ):
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
            for number in range(len(targets) - 1, -1, -1):
                moves: list[Animation] = [FadeIn(targets[number])]
                if 0 < number < len(rings):
                    moves.append(Create(rings[number - 1]))
                self.play(*moves, run_time=theme.QUICK)
        self.remaining = Group(*targets, *diagram.columns[1:], labels, diagram.dots, self.mark, *rings[:-1])
        self.first_ring = rings[0]

    def the_pixels(self) -> None:
        self.next_section("The pixels")
        layer = self.network.layers[0]
        never_seen = self.digits("train").never_lit
        if not self.way:
            self.without_hidden_layers(never_seen)
            return
        neuron = self.way[0]
        stage = WeightedSum(self.forward.input, layer.weights[neuron], None, "its weights", never_seen, places=2)
        stage.clear_sum()
        row = self.bias_and_activation(stage, float(layer.biases[neuron]), self.forward.activations[0][neuron])
        pixels = self.diagram.columns[0]
        centre = self.first_ring.get_center()
        with self.caption(
            "Its weights answer to these pixels. What they mean is another question.",
            FadeOut(self.remaining, run_time=theme.QUICK),
            Transform(pixels, stage.pixels, run_time=theme.STEP),
            FadeIn(stage.weight_picture, target_position=centre, scale=0.05, run_time=theme.STEP),
            moves="The picture and the neuron's weights come side by side; their products appear and add up. Beneath, "
            "its bias and its activation, with the neuron as bright as it is.",
        ):
            self.remove(pixels)
            self.add(stage.pixels)
            self.play(FadeIn(stage.frames, stage.names, stage.signs, stage.equation, stage.total))
            self.add(stage.product_picture)
            self.play(AddUpProducts(stage))
            self.play(FadeIn(row))
            self.wait(theme.QUICK)

    def bias_and_activation(self, stage: WeightedSum, bias: float, activation: float) -> Group:
        """A line beneath the sum: the neuron's bias, and its activation with a disc that shows it."""
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

    def without_hidden_layers(self, never_seen: NDArray[np.bool_]) -> None:
        """Where pixels lead straight to the outputs, the two outputs' weights are compared, pixel by pixel."""
        last = self.network.layers[-1].weights
        difference = last[self.decision.answer] - last[self.decision.other]
        stage = WeightedSum(self.forward.input, difference, None, "difference", never_seen, places=2).clear_sum()
        diagram = self.diagram
        leaving = Group(diagram.connections[-1], *diagram.columns, diagram.dots, self.ring, self.values)
        leaving.add(diagram.labels[self.decision.answer], diagram.labels[self.decision.other])
        with self.caption(
            f"The weights of {self.answer_name} less those of {self.other_name}, on these pixels.",
            FadeOut(leaving),
            moves="The picture, the difference of the weights and their products; the products add up.",
        ):
            self.play(FadeIn(stage))
            self.play(AddUpProducts(stage))
        with self.caption(
            f"Sum {signed(stage.sum)}, biases {signed(self.comparison.bias)}: together {signed(self.comparison.lead)}."
        ):
            pass


class TermsChart(Group):
    """What each neuron adds to the lead of one output over another, as bars to the right and to the left.

    Rows: the neurons, what did most for the answer first (of many, the strongest, and the others together), and the
    biases. `values` (rows,) add up to the lead; `neurons` are those that have a row of their own.
    """

    NAMES, NUMBERS = -6.0, -4.9
    LEFT_EDGE, RIGHT_EDGE, TOP, BOTTOM = -3.9, 6.6, 2.85, -2.75

    def __init__(self, comparison: Comparison, most: int, answer: str, other: str) -> None:
        order = comparison.order
        if len(order) > most:
            strongest = np.argsort(-np.abs(comparison.terms), kind="stable")[: most - 1]
            order = order[np.isin(order, strongest)]
        self.neurons = order
        rest = comparison.terms.sum() - comparison.terms[order].sum()
        left_out = len(comparison.terms) - len(order)
        extra = [(f"{left_out} others", rest, theme.QUIET_TEXT)] if left_out else []
        extra.append(("biases", comparison.bias, theme.BIASES_SYMBOL))
        self.values = np.array([*comparison.terms[order], *(value for _, value, _ in extra)])
        self.lead = comparison.lead
        rows = len(self.values)
        step = min((self.TOP - self.BOTTOM) / (rows + 1.8), 0.55)
        self.y = self.TOP - (np.arange(rows) + 0.5) * step
        self.thickness = 0.7 * step
        foot = self.y[-1] - 1.5 * step
        size = float(np.clip(0.75 * 135 * step, theme.SMALLEST_SIZE, theme.NOTE_SIZE))
        # All bars have room, and the one at the foot on its whole way.
        sums = np.cumsum(self.values)
        low, high = (float(limit(0.0, *self.values, *sums)) for limit in (min, max))
        self.unit = (self.RIGHT_EDGE - self.LEFT_EDGE) / max(high - low, 1e-9)
        self.zero = self.LEFT_EDGE - low * self.unit
        self.bars = Cells(np.zeros((rows, 3)), 1, 0, stroke_width=0)
        self.total_bar = Cells(np.zeros((1, 3)), 1, 0, stroke_width=0)
        self.foot = foot
        centres = np.stack([np.full(rows, self.NUMBERS), self.y, np.zeros(rows)], axis=1)
        self.numbers = Numbers(self.values, centres, 2, size, widths=np.full(rows, 1.0), alignment=1.0, sign=True)
        self.names = VGroup(
            *(
                Words(name, size, colour).move_to((self.NAMES, self.y[len(order) + n], 0))
                for n, (name, _, colour) in enumerate(extra)
            )
        )
        self.heads = VGroup(
            Words(f"for {other}", theme.LABEL_SIZE).move_to((self.zero - 0.35, 3.25, 0), RIGHT),
            Words(f"for {answer}", theme.LABEL_SIZE).move_to((self.zero + 0.35, 3.25, 0), LEFT),
        )
        self.heads[1].align_to(self.heads[0], UP)  # both begin with an f, as high as any letter
        self.axis = Line((self.zero, 3.5, 0), (self.zero, self.y[-1] - 0.5 * step, 0), stroke_width=2)
        self.axis.set_color(theme.NEURON_OUTLINE)
        self.rule = Line((-6.6, foot + 0.75 * step, 0), (6.6, foot + 0.75 * step, 0), stroke_width=2)
        self.rule.set_color(theme.QUIET_TEXT)
        self.total_name = Words("together", theme.NOTE_SIZE).move_to((self.NAMES, foot, 0))
        self.total = Number(0, 2, theme.LABEL_SIZE, sign=True)
        self.total.move_to((self.NUMBERS + 0.5, foot, 0), RIGHT)
        self.colours = (theme.WRONG, theme.ANSWER)
        super().__init__(self.bars, self.total_bar, self.numbers, self.names, self.heads, self.axis, self.rule)
        self.add(self.total_name, self.total)
        self.grow(1)
        self.add_up(0)

    def colour(self, answer: str, other: str) -> None:
        self.colours = (answer, other)
        self.heads[0].set_fill(other)
        self.heads[1].set_fill(answer)
        self.grow(1)

    def discs(self, column: Cells, at_rows: bool = True) -> Cells:
        """The neurons that have a row, with what they show in their column; in their rows, or still in the column."""
        places, size = column.centres[self.neurons], 2 * column.radii[self.neurons]
        discs = Cells(places, size, 1, column.colours[self.neurons], stroke_colour=theme.NEURON_OUTLINE)
        discs.stroke_widths[:] = theme.NEURON_OUTLINE_WIDTH
        if at_rows:
            rows = np.stack([np.full(len(places), self.NAMES), self.y[: len(places)], np.zeros(len(places))], axis=1)
            discs.place(rows, np.full(len(places), min(1.25 * self.thickness, 0.4)))
        return discs

    def without_a_row(self, column: Cells) -> Cells:
        """The column's other neurons alone, as they stand there."""
        others = column.copy()
        others.opacities[self.neurons] = others.stroke_opacities[self.neurons] = 0
        return others

    def grow(self, share: float) -> None:
        """Let the bars have this share of their length."""
        self._stretch(self.bars, self.values * share, self.y)

    def add_up(self, count: float) -> None:
        """Show the sum of the first `count` rows at the foot; of a fraction, the share of the next one."""
        sums = np.concatenate([[0.0], np.cumsum(self.values)])
        value = float(np.interp(count, np.arange(len(sums)), sums)) if count < len(self.values) else self.lead
        self._stretch(self.total_bar, np.array([value]), np.array([self.foot]))
        set_right_aligned(self.total, value)

    def _stretch(self, bars: Cells, values: NDArray[Any], y: NDArray[Any]) -> None:
        ends = self.zero + values * self.unit
        bars.points[0::2, 0], bars.points[1::2, 0] = np.minimum(ends, self.zero), np.maximum(ends, self.zero)
        bars.points[0::2, 1], bars.points[1::2, 1] = y - self.thickness / 2, y + self.thickness / 2
        bars.colours = np.where(values[:, None] >= 0, rgb(self.colours[0]), rgb(self.colours[1])).astype(np.float32)


class GrowBars(Animation):
    """The bars of a chart of terms grow from nothing."""

    def __init__(self, chart: TermsChart, **options: Any) -> None:
        self.chart = chart
        super().__init__(chart.bars, **{"introducer": True, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        self.chart.grow(self.rate_func(alpha))


class AddUpTerms(Animation):
    """Row after row is added to the bar at the foot of a chart of terms; what is not yet added is dimmed."""

    def __init__(self, chart: TermsChart, **options: Any) -> None:
        self.chart = chart
        super().__init__(Group(chart.bars, chart.total_bar, chart.total), **{"rate_func": linear, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        count = self.rate_func(alpha) * len(self.chart.values)
        self.chart.add_up(count)
        done = np.clip(count - np.arange(len(self.chart.values)), 0, 1)
        self.chart.bars.opacities = (
            (0.3 + 0.7 * done).astype(np.float32) if alpha > 0 else np.ones_like(done, np.float32)
        )


@lru_cache(maxsize=2)
def decision_of(network: Network, digits: Digits) -> Decision:
    return decision_to_explain(network, digits)


def lit(connections: Connections, emphasis: NDArray[Any]) -> Connections:
    """A copy of which each connection is seen as much as it is emphasised, (n_out, n_in)."""
    copy = connections.copy()
    copy.emphasis = np.asarray(emphasis, np.float32).ravel()
    return copy


def signed(value: float, places: int = 2) -> str:
    return f"{value:+.{places}f}".replace("-", "−")
