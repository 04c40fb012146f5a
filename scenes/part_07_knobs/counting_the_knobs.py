"""CountingTheKnobs: The connections appear one by one while the count runs: all weights, all biases, all knobs."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    Animation,
    Circle,
    Create,
    FadeIn,
    FadeOut,
    Group,
    LaggedStart,
    Line,
    Transform,
    VGroup,
    VMobject,
    linear,
    smooth,
)

from scenes.kit import theme
from scenes.kit.layout import FRAME_WIDTH, SAFE_MARGIN, STAGE_TOP, network_layout
from scenes.kit.mobjects.array_mobject import rgb
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.connections import Connections
from scenes.kit.mobjects.network_diagram import NetworkDiagram
from scenes.kit.mobjects.text import Number, Words
from scenes.stage.lesson_scene import LessonScene

_TALLY_LEFT, _TALLY_RIGHT = 3.35, FRAME_WIDTH / 2 - SAFE_MARGIN - 0.1
_TALLY_TOP = STAGE_TOP - 0.9
# The tally's lines, from one to the next: at most this far apart, and so many units for all that stand over its sum.
_LINE, _LINES_ROOM = 0.66, 2.4
# How far letters and commas hang below the baseline, in ems.
_HANGING = 0.2


class CountingTheKnobs(LessonScene):
    """Connection by connection the network appears, and is counted: weights, then biases, then both."""

    def construct(self) -> None:
        layout = network_layout(self.network.sizes, left=-6.6, right=2.5)
        self.diagram = NetworkDiagram(self.network, layout=layout)
        for connections in self.diagram.connections:
            connections.contrast = 0.6
        self.tally = Tally([layer.weights.shape for layer in self.network.layers])

        self.one_neuron()
        self.the_first_layer()
        self.the_other_layers()
        self.the_biases()
        self.all_knobs()
        self.end()

    def alternative_text(self) -> str:
        products = " + ".join(f"{layer.n_in} × {layer.n_out}" for layer in self.network.layers)
        return (
            f"The connections of a network appear one after another while a count runs: {products} makes "
            f"{self.network.weight_count:,} weights. With {self.network.bias_count} biases that is "
            f"{self.network.parameter_count:,} knobs."
        )

    def one_neuron(self) -> None:
        self.next_section("One neuron")
        n_in = self.network.layers[0].n_in
        self.ring = neuron_ring(self.diagram, 0)
        with self.caption(
            f"How many knobs? Each connection has a weight: {n_in:,} into one neuron.",
            LaggedStart(*(FadeIn(neurons, shift=0.2 * RIGHT) for neurons in self.diagram.columns), lag_ratio=0.25),
            FadeIn(self.diagram.counts),
            FadeIn(self.diagram.dots),
            moves="The columns of neurons appear. Lines come one by one, from every input to the ringed neuron; the "
            "number counts them.",
        ):
            self.play(Create(self.ring), FadeIn(self.tally.labels[0]), run_time=theme.QUICK)
            self.play(self.count(0, 0, n_in, run_time=3.5 * theme.STEP, rate_func=smooth))

    def the_first_layer(self) -> None:
        self.next_section("The first layer")
        layer = self.network.layers[0]
        if layer.n_out == 1:
            return
        with self.caption(
            f"As many into each of the {layer.n_out} neurons: {layer.weights.size:,}.",
            moves="The ring goes down the column; at each neuron another fan of lines appears, and the count runs on.",
        ):
            self.play(
                self.count(0, layer.n_in, layer.weights.size, run_time=5 * theme.STEP, rate_func=slow_start),
            )

    def the_other_layers(self) -> None:
        self.next_section("The other layers")
        tally, rest = self.tally, list(enumerate(self.network.layers))[1:]
        products = [f"{layer.n_in} × {layer.n_out}" for _, layer in rest]
        listed = " and ".join([", ".join(products[:-1]), products[-1]] if len(products) > 1 else products)
        with self.caption(
            f"{f'Then {listed}: ' if rest else ''}{self.network.weight_count:,} weights.",
            moves="The next columns are joined, neuron by neuron, and counted in a line of their own. A line is drawn "
            "beneath the counts, and their sum appears.",
        ):
            for number, layer in rest:
                move = Transform(self.ring, neuron_ring(self.diagram, number))
                self.play(move, FadeIn(tally.labels[number]), run_time=theme.QUICK)
                self.play(self.count(number, 0, layer.weights.size, run_time=2 * theme.STEP, rate_func=smooth))
            settle = (SettleConnections(connections) for connections in self.diagram.connections)
            self.play(Create(tally.rules[0]), FadeOut(self.ring), *settle, run_time=theme.QUICK)
            copies = VGroup(*(number.copy() for number in tally.numbers[: len(self.network.layers)]))
            into = [FadeOut(copy, target_position=tally.weights, run_time=theme.STEP) for copy in copies]
            self.play(*into, FadeIn(tally.weights_label), FadeIn(tally.weights))

    def the_biases(self) -> None:
        self.next_section("The biases")
        tally = self.tally
        sizes = [layer.n_out for layer in self.network.layers]
        places = np.concatenate([c.centres for c in self.diagram.columns[1:]])
        shown = np.concatenate([c.layout.shown for c in self.diagram.columns[1:]])
        widths = np.concatenate([np.full(len(c), c.layout.diameter) for c in self.diagram.columns[1:]])
        self.dots = Cells(places, 0.62 * widths, 1, rgb(theme.BIASES_SYMBOL), 0.0, stroke_width=0)
        total = f"{' + '.join(str(size) for size in sizes)} = {sum(sizes)}" if len(sizes) > 1 else str(sum(sizes))
        above = self.diagram.counts[1:]
        own = VGroup(
            *(Number(0, size=theme.CAPTION_SIZE, colour=theme.BIASES_SYMBOL).move_to(count) for count in above)
        )
        with self.caption(
            f"Each neuron after the inputs has a bias: {total}.",
            *(c.animate.set_opacity(0.45) for c in self.diagram.connections),
            FadeOut(above),
            FadeIn(own),
            moves="A dot appears in every neuron but those of the input, one by one, and is counted above its column. "
            "The columns' numbers add up in the table.",
        ):
            self.play(CountDots(self.dots, shown, own, sizes, run_time=2.5 * theme.STEP))
            into = [FadeOut(number.copy(), target_position=tally.biases, run_time=theme.STEP) for number in own]
            self.play(FadeIn(tally.biases_label, tally.biases), *into)

    def all_knobs(self) -> None:
        self.next_section("All knobs")
        tally = self.tally
        total = self.network.parameter_count
        with self.caption(
            f"{total:,} knobs in all.",
            *(c.animate.set_opacity(1) for c in self.diagram.connections),
            moves="Weights and biases add up to a large number.",
        ):
            into = [
                FadeOut(number.copy(), target_position=tally.total, run_time=theme.STEP)
                for number in (tally.weights, tally.biases)
            ]
            self.play(Create(tally.rules[1], run_time=theme.QUICK))
            self.play(*into, FadeIn(tally.total), FadeIn(tally.total_label, shift=0.1 * DOWN))

    def count(self, layer: int, start: int, stop: int, **options: Any) -> CountConnections:
        number = self.tally.numbers[layer]
        return CountConnections(self.diagram, layer, start, stop, number, self.ring, **options)


class Tally(VGroup):
    """What the knobs add up to: a line for each layer, (n_out, n_in), its weights; all weights; all biases; and both.

    >>> Tally([(16, 784), (16, 16), (10, 16)])
    """

    def __init__(self, shapes: list[tuple[int, int]]) -> None:
        super().__init__()
        step = min(_LINE, _LINES_ROOM / len(shapes))
        size = min(44.0, max(0.85 * 135 * step, theme.SMALLEST_SIZE))
        weights, biases = sum(n_out * n_in for n_out, n_in in shapes), sum(n_out for n_out, _ in shapes)
        y = _TALLY_TOP
        self.labels, self.numbers = VGroup(), VGroup()
        for n_out, n_in in shapes:
            label, number = _line(f"{n_in:,} × {n_out:,}", n_out * n_in, y, size, theme.TEXT)
            self.labels.add(label)
            self.numbers.add(number)
            y -= step
        y += step - 0.42
        self.rules = VGroup(_rule(y))
        y -= 0.46
        self.weights_label, self.weights = _line("weights", weights, y, 44, theme.WEIGHTS_SYMBOL)
        y -= _LINE
        self.biases_label, self.biases = _line("biases", biases, y, 44, theme.BIASES_SYMBOL)
        y -= 0.42
        self.rules.add(_rule(y))
        self.total = Number(weights + biases, size=92)
        self.total.move_to((_TALLY_RIGHT, y - 0.68, 0), aligned_edge=RIGHT)
        self.total_label = Words("knobs", 44).next_to(self.total, DOWN, buff=0.25).align_to(self.total, RIGHT)
        self.add(self.labels, self.numbers, self.rules, self.weights_label, self.weights)
        self.add(self.biases_label, self.biases, self.total, self.total_label)


class CountConnections(Animation):
    """The connections of a layer appear one after another, from number `start` to number `stop`, and are counted.

    They come neuron by neuron, in the order of the rows of the weights. The ring marks the neuron reached; its fan is
    brighter than the ones before it.
    """

    EARLIER = 0.5  # how much of its opacity a fan keeps when the next one has begun

    def __init__(
        self, diagram: NetworkDiagram, layer: int, start: int, stop: int, number: Number, ring: VMobject, **options: Any
    ) -> None:
        self.connections, self.neurons = diagram.connections[layer], diagram.columns[layer + 1]
        self.start, self.stop, self.number, self.ring = start, stop, number, ring
        super().__init__(Group(self.connections, number, ring), **options)

    def interpolate_mobject(self, alpha: float) -> None:
        count = self.start + round(self.rate_func(alpha) * (self.stop - self.start))
        n_out, n_in = self.connections.shape
        neuron = min(max(count - 1, 0) // n_in, n_out - 1)
        self.connections.emphasis = appeared(self.connections, count, self.EARLIER)
        set_value_right(self.number, count)
        self.ring.move_to(self.neurons.centres[neuron])


def appeared(connections: Connections, count: int, earlier: float = 1.0) -> np.ndarray:
    """The emphasis of each connection once the first `count` have appeared, (n_out · n_in,).

    The fans before the one that is appearing have the emphasis `earlier`.
    """
    n_out, n_in = connections.shape
    items = np.arange(n_out * n_in)
    fan = max(count - 1, 0) // n_in
    return np.where(items < count, np.where(items // n_in < fan, earlier, 1.0), 0.0).astype(np.float32)


class SettleConnections(Animation):
    """All connections come to the same emphasis."""

    def __init__(self, connections: Connections, emphasis: float = 0.75, **options: Any) -> None:
        self.before, self.emphasis = connections.emphasis.copy(), np.float32(emphasis)
        super().__init__(connections, **options)

    def interpolate_mobject(self, alpha: float) -> None:
        share = np.float32(self.rate_func(alpha))
        self.mobject.emphasis = self.before + (self.emphasis - self.before) * share


class CountDots(Animation):
    """Dots appear one after another, those that are `shown`, and all are counted, those of each column by themselves.

    numbers: one for each column. sizes: how many dots each column has.
    """

    def __init__(self, dots: Cells, shown: np.ndarray, numbers: VGroup, sizes: list[int], **options: Any) -> None:
        self.dots, self.shown, self.numbers, self.sizes = dots, shown, numbers, sizes
        self.middles = [number.get_center() for number in numbers]
        super().__init__(Group(dots, numbers), **{"rate_func": linear, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        count = round(self.rate_func(alpha) * len(self.dots))
        self.dots.opacities = ((np.arange(len(self.dots)) < count) & self.shown).astype(np.float32)
        for number, size, middle in zip(self.numbers, self.sizes, self.middles, strict=True):
            number.set_value(min(max(count, 0), size)).move_to(middle)
            count -= size


def set_value_right(number: Number, value: float) -> None:
    """Show another number with the same right edge."""
    right = number.get_right()
    number.set_value(value)
    number.shift((right - number.get_right()) * RIGHT)


def neuron_ring(diagram: NetworkDiagram, layer: int) -> Circle:
    """A ring around the first neuron that a layer leads to."""
    place = diagram.layout[layer + 1]
    ring = Circle(place.diameter / 2 + 0.07, color=theme.ANSWER, stroke_width=theme.MARK_WIDTH)
    return ring.move_to(place.centres[0])


def slow_start(alpha: float) -> float:
    """Slow at first, then quicker and quicker, and slow at the end."""
    return float(smooth(alpha) ** 1.6)


def _line(words: str, value: int, y: float, size: float, colour: str) -> tuple[Words, Number]:
    """A line of the tally, both parts on one baseline."""
    number = Number(value, size=size, colour=colour)
    number.shift((_TALLY_RIGHT - number.get_right()[0], y - 0.33 * size / 135 - number.points[0, 1], 0))
    label = Words(words, size, colour)
    hanging = _HANGING if set(words) & set("gjpqy,") else 0.0
    label.shift((_TALLY_LEFT, number.points[0, 1] - hanging * label.em, 0) - label.get_corner(DOWN + LEFT))
    return label, number


def _rule(y: float) -> Line:
    ends = (_TALLY_LEFT, y, 0), (_TALLY_RIGHT, y, 0)
    return Line(*ends, color=theme.QUIET_TEXT, stroke_width=2)
