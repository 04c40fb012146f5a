"""CountingTheKnobs: The links appear one by one and are counted: all weights, all biases, all knobs."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    Create,
    FadeIn,
    FadeOut,
    LaggedStart,
    Line,
    Transform,
    VGroup,
    smooth,
)

from network.analysis.examples import hero
from scenes.kit import theme
from scenes.kit.animations.counting import CountConnections, CountDots, SettleConnections
from scenes.kit.animations.forward_pass import RunPulse
from scenes.kit.colour import rgb
from scenes.kit.layout import FRAME_WIDTH, PIXELS_A_UNIT, SAFE_MARGIN, STAGE_TOP, network_layout
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.network_diagram import NetworkDiagram
from scenes.kit.mobjects.text import Number, Words
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import count

# The network takes the stage between these edges; the tally stands to its right.
_NETWORK_LEFT, _NETWORK_RIGHT = -6.6, 2.5
_TALLY_LEFT, _TALLY_RIGHT = 3.35, FRAME_WIDTH / 2 - SAFE_MARGIN - 0.1
_TALLY_TOP = STAGE_TOP - 0.9
# The greatest distance from one line of the tally to the next, and the height of all lines above the first sum.
_LINE, _LINES_ROOM = 0.66, 2.4
# Size of the sums' type, in pixels of a frame 1080 pixels high.
_SUM_SIZE, _TOTAL_SIZE = 48, 100
# How far letters and commas hang below the baseline, in ems.
_HANGING = 0.2


class CountingTheKnobs(LessonScene):
    """The network appears connection by connection and is counted: weights, then biases, then both."""

    def construct(self) -> None:
        layout = network_layout(self.network.sizes, left=_NETWORK_LEFT, right=_NETWORK_RIGHT)
        self.diagram = NetworkDiagram(self.network, layout=layout)
        self.diagram.columns[0].show(self.digits().vectors[hero(self.network, self.digits())])
        self.diagram.counts.set_color(theme.TEXT)
        for neurons in self.diagram.columns[1:]:
            neurons.stand_out()
        for connections in self.diagram.connections:
            connections.contrast = 0.4
            # The fewer there are, the wider they may be.
            connections.width_of_lines = float(np.clip(90 / len(connections) ** 0.5, 0.9, 2.2))
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
        self.ring = self.diagram.ring(1, 0)
        with self.voiceover(
            "So how many knobs are there? Let's count. <bookmark mark='one'/> This one neuron takes "
            f"{count(n_in, 'weight')}.",
            moves="The columns of neurons appear. Lines come one by one, from every input to the ringed neuron; the "
            "number counts them.",
        ):
            self.add(self.diagram.columns[0])
            others = self.diagram.columns[1:]
            self.play(
                LaggedStart(*(FadeIn(neurons, shift=0.2 * RIGHT) for neurons in others), lag_ratio=0.25),
                FadeIn(self.diagram.counts),
                FadeIn(self.diagram.dots),
            )
            self.play(Create(self.ring), FadeIn(self.tally.labels[0]), run_time=theme.QUICK)
            self.wait_until_bookmark("one")
            self.play(self.count(0, 0, n_in, run_time=2.5 * theme.STEP, rate_func=smooth))

    def the_first_layer(self) -> None:
        self.next_section("The first layer")
        layer = self.network.layers[0]
        if layer.n_out == 1:
            return
        with self.voiceover(
            f"{self.the_others()} in its layer {'has its' if layer.n_out == 2 else 'have their'} own: "
            f"<bookmark mark='sum'/> {layer.weights.size:,} so far.",
            moves="The ring goes down the column; at each neuron another fan of lines appears, and the count runs on.",
        ):
            self.play(
                self.count(0, layer.n_in, layer.weights.size, run_time=5 * theme.STEP, rate_func=slow_start),
            )

    def the_other_layers(self) -> None:
        self.next_section("The other layers")
        tally, rest = self.tally, list(enumerate(self.network.layers))[1:]
        products = [f"{layer.n_in} times {layer.n_out}" for _, layer in rest]
        listed = ", and ".join([", ".join(products[:-1]), products[-1]] if len(products) > 1 else products)
        with self.voiceover(
            f"{f'Then {listed}: ' if rest else 'So there are '}<bookmark mark='weights'/> "
            f"{self.network.weight_count:,} weights in all.",
            moves="The next columns are joined, neuron by neuron, and counted in a line of their own. A line is drawn "
            "beneath the counts, and their sum appears.",
        ):
            for number, layer in rest:
                move = Transform(self.ring, self.diagram.ring(number + 1, 0))
                self.play(move, FadeIn(tally.labels[number]), run_time=theme.QUICK)
                self.play(self.count(number, 0, layer.weights.size, run_time=2 * theme.STEP, rate_func=smooth))
            self.wait_until_bookmark("weights")
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
        above = self.diagram.counts[1:]
        own = VGroup(
            *(Number(0, size=theme.CAPTION_SIZE, colour=theme.BIASES_SYMBOL).move_to(count) for count in above)
        )
        with self.voiceover(
            f"And each of these neurons has its bias: <bookmark mark='biases'/> {sum(sizes):,} more.",
            moves="A dot appears in every neuron but those of the input, one by one, and is counted above its column. "
            "The columns' numbers add up in the table.",
        ):
            self.play(*(c.animate.set_opacity(0.45) for c in self.diagram.connections), FadeOut(above), FadeIn(own))
            self.play(CountDots(self.dots, shown, own, sizes, run_time=2 * theme.STEP))
            self.wait_until_bookmark("biases")
            into = [FadeOut(number.copy(), target_position=tally.biases, run_time=theme.STEP) for number in own]
            self.play(FadeIn(tally.biases_label, tally.biases), *into)

    def all_knobs(self) -> None:
        self.next_section("All knobs")
        tally = self.tally
        total = self.network.parameter_count
        with self.voiceover(
            f"Altogether, <bookmark mark='total'/> {total:,} knobs to turn.",
            moves="Weights and biases add up to a large number; a bright wave runs through the network.",
        ):
            self.play(*(c.animate.set_opacity(1) for c in self.diagram.connections))
            into = [
                FadeOut(number.copy(), target_position=tally.total, run_time=theme.STEP)
                for number in (tally.weights, tally.biases)
            ]
            self.play(Create(tally.rules[1], run_time=theme.QUICK))
            self.wait_until_bookmark("total")
            self.play(*into, FadeIn(tally.total), FadeIn(tally.total_label, shift=0.1 * DOWN))
            pulses = (RunPulse(connections) for connections in self.diagram.connections)
            self.play(LaggedStart(*pulses, lag_ratio=0.5))

    def the_others(self) -> str:
        """The other neurons of the first layer, at the start of a sentence."""
        others = self.network.layers[0].n_out - 1
        return "The other one" if others == 1 else f"The other {others}"

    def count(self, layer: int, start: int, stop: int, **options: Any) -> CountConnections:
        """Count the connections of a layer in its line of the tally."""
        number = self.tally.numbers[layer]
        return CountConnections(self.diagram, layer, start, stop, number, self.ring, **options)


class Tally(VGroup):
    """What the knobs add up to: a line for the weights of each layer, all weights, all biases, and both together.

    shapes: (n_out, n_in) of each layer.

    >>> Tally([(16, 784), (16, 16), (10, 16)])
    """

    def __init__(self, shapes: list[tuple[int, int]]) -> None:
        super().__init__()
        step = min(_LINE, _LINES_ROOM / len(shapes))
        size = min(float(_SUM_SIZE), max(0.85 * PIXELS_A_UNIT * step, theme.SMALLEST_SIZE))
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
        self.weights_label, self.weights = _line("weights", weights, y, _SUM_SIZE, theme.WEIGHTS_SYMBOL)
        y -= _LINE
        self.biases_label, self.biases = _line("biases", biases, y, _SUM_SIZE, theme.BIASES_SYMBOL)
        y -= 0.42
        self.rules.add(_rule(y))
        self.total = Number(weights + biases, size=_TOTAL_SIZE)
        self.total.move_to((_TALLY_RIGHT, y - 0.68, 0), aligned_edge=RIGHT)
        self.total_label = Words("knobs", _SUM_SIZE).next_to(self.total, DOWN, buff=0.25).align_to(self.total, RIGHT)
        self.add(self.labels, self.numbers, self.rules, self.weights_label, self.weights)
        self.add(self.biases_label, self.biases, self.total, self.total_label)


def slow_start(alpha: float) -> float:
    """A rate function: slow at first, then faster and faster, and slow again at the end."""
    return float(smooth(alpha) ** 1.6)


def _line(words: str, value: int, y: float, size: float, colour: str) -> tuple[Words, Number]:
    """The words and the number of a line of the tally, on one baseline."""
    number = Number(value, size=size, colour=colour)
    number.shift((_TALLY_RIGHT - number.get_right()[0], y - 0.33 * size / PIXELS_A_UNIT - number.points[0, 1], 0))
    label = Words(words, size, colour)
    hanging = _HANGING if set(words) & set("gjpqy,") else 0.0
    label.shift((_TALLY_LEFT, number.points[0, 1] - hanging * label.em, 0) - label.get_corner(DOWN + LEFT))
    return label, number


def _rule(y: float) -> Line:
    ends = (_TALLY_LEFT, y, 0), (_TALLY_RIGHT, y, 0)
    return Line(*ends, color=theme.QUIET_TEXT, stroke_width=2)
