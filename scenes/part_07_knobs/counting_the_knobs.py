"""CountingTheKnobs: the connections appear one by one and are counted: all weights, all biases, all knobs."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    Animation,
    Create,
    FadeIn,
    FadeOut,
    LaggedStart,
    Line,
    Rectangle,
    Transform,
    VGroup,
    smooth,
    squish_rate_func,
)

from network import Layer, Network
from scenes.kit import theme
from scenes.kit.animations.counting import CountConnections, CountDots, SettleConnections, appeared
from scenes.kit.animations.forward_pass import RunPulse
from scenes.kit.colour import rgb
from scenes.kit.fonts import fonts_for
from scenes.kit.layout import (
    FRAME_HEIGHT,
    FRAME_WIDTH,
    LONGEST_STEP_ON_STAGE,
    PIXELS_A_UNIT,
    SAFE_MARGIN,
    STAGE_MIDDLE,
    STAGE_TOP,
    ColumnLayout,
    network_layout,
    picture_or_column,
)
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.connections import Connections
from scenes.kit.mobjects.network_diagram import NetworkDiagram
from scenes.kit.mobjects.text import Number, Words, depth, size_that_fits
from scenes.language import _, _c, _n, listed, together
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import number

# The network takes the stage between these edges; the tally stands to its right.
_NETWORK_LEFT, _NETWORK_RIGHT = -6.6, 2.5
_TALLY_LEFT, _TALLY_RIGHT = 3.35, FRAME_WIDTH / 2 - SAFE_MARGIN - 0.1
_TALLY_TOP = STAGE_TOP - 0.9
# One neuron close up: the picture and the neuron, their middles and sizes, and how wide the lines are.
_CLOSE_PICTURE, _CLOSE_EXTENT, _CLOSE_NEURON, _CLOSE_DIAMETER = (-2.7, STAGE_MIDDLE), 5.9, (3.5, STAGE_MIDDLE, 0), 1.8
_CLOSE_LINES = 3.0
# The greatest distance from one line of the tally to the next, and the height of all lines above the first sum.
_LINE, _LINES_ROOM = 0.66, 2.4
# Size of the sums' type, in pixels of a frame 1080 pixels high.
_SUM_SIZE, _TOTAL_SIZE = 48, 100
# The share of the frame's width that the number of all knobs takes once; of its height, if it has few figures.
_FILLING, _FILLING_HEIGHT = 0.66, 0.4
# The lines of the small network of a table, at most.
_WIDEST_LINE = 4.5
# How far letters and commas hang below the baseline, in ems.
_HANGING = 0.2


class CountingTheKnobs(LessonScene):
    """The network appears connection by connection and is counted: weights, then biases, then both."""

    def construct(self) -> None:
        input_as: Literal["picture", "column"] = "column" if self.takes_numbers else "picture"
        layout = network_layout(
            self.network.sizes,
            input_as,
            _NETWORK_LEFT,
            _NETWORK_RIGHT,
            roomy=self.takes_numbers,
            longest_step=LONGEST_STEP_ON_STAGE,
        )
        self.diagram = NetworkDiagram(self.network, layout=layout)
        self.diagram.columns[0].show(self.brightness(self.digits().vectors[self.hero]))
        self.diagram.counts.set_color(theme.TEXT)
        for neurons in self.diagram.columns[1:]:
            neurons.stand_out()
        for connections in self.diagram.connections:
            connections.contrast = 0.4
            # The fewer there are, the wider they may be.
            widest = _WIDEST_LINE if self.takes_numbers else 2.2
            connections.width_of_lines = float(np.clip(90 / len(connections) ** 0.5, 0.9, widest))
        self.tally = Tally([layer.weights.shape for layer in self.network.layers])

        self.one_neuron()
        self.the_first_layer()
        self.the_other_layers()
        self.the_biases()
        self.all_knobs()
        self.end()

    def alternative_text(self) -> str:
        products = " + ".join(
            f"{number(layer.n_in, thousands=False)} × {number(layer.n_out, thousands=False)}"
            for layer in self.network.layers
        )
        return together(
            _n(
                "The connections of a network appear one after another while a count runs: {products} makes {n} "
                "weight.",
                "The connections of a network appear one after another while a count runs: {products} makes {n} "
                "weights.",
                self.network.weight_count,
                products=products,
            ),
            _n(
                "With {n} bias that is {knobs} knobs.",
                "With {n} biases that is {knobs} knobs.",
                self.network.bias_count,
                n=number(self.network.bias_count, thousands=False),
                knobs=number(self.network.parameter_count),
            ),
        )

    def one_neuron(self) -> None:
        self.next_section(_("One neuron"))
        n_in = self.network.layers[0].n_in
        # A picture is seen close up, with one neuron alone; the few inputs of a table stand where they are.
        self.close = self.diagram if self.takes_numbers else self.close_up()
        self.ring = self.close.ring(1, 0)
        with self.voiceover(
            together(
                _("So how many knobs are there? Let's count."),
                _n(
                    "<bookmark mark='one'/> This one neuron takes {n} weight.",
                    "<bookmark mark='one'/> This one neuron takes {n} weights.",
                    n_in,
                ),
            ),
            moves=_(
                "A picture stands there, large, and a single neuron comes beside it, which is ringed. Connections come "
                "one by one, from every square to the neuron; the number beneath it counts them."
            )
            if not self.takes_numbers
            else _(
                "The columns of neurons appear. Connections come one by one, from every input to the ringed neuron; "
                "the number counts them."
            ),
        ):
            self.add(self.close.columns[0])
            self.play(*self.neurons_appear(self.close))
            label = [FadeIn(self.tally.label_of_one)] if self.close is self.diagram else []
            self.play(Create(self.ring), *label, run_time=theme.QUICK)
            self.wait_until_bookmark("one")
            # Close up, the count stands beneath the neuron; it goes to its line of the tally later.
            self.counted = counted = self.tally.numbers[0]
            if not label:
                self.counted = counted = Number(n_in, size=_TOTAL_SIZE).next_to(self.ring, DOWN, buff=0.4)
            self.play(CountConnections(self.close, 0, 0, n_in, counted, self.ring, run_time=2.5, rate_func=smooth))

    def close_up(self) -> NetworkDiagram:
        """The input and the first neuron alone, large."""
        first = self.network.layers[0]
        alone = Network((Layer(first.weights[:1], first.biases[:1], "identity"),))
        neuron = ColumnLayout(np.array([_CLOSE_NEURON]), _CLOSE_DIAMETER, np.ones(1, bool), np.zeros((0, 3)))
        place = picture_or_column(self.network.sizes[0], _CLOSE_PICTURE, _CLOSE_EXTENT)
        close = NetworkDiagram(alone, layout=(place, neuron))
        close.columns[0].show(self.brightness(self.digits().vectors[self.hero]))
        close.columns[1].stand_out()
        close.connections[0].contrast, close.connections[0].width_of_lines = 0.4, _CLOSE_LINES
        return close

    def neurons_appear(self, diagram: NetworkDiagram) -> list[Animation]:
        """All columns but the input come, one after another; in the whole network with their numbers of neurons."""
        columns = LaggedStart(*(FadeIn(one, shift=0.2 * RIGHT) for one in diagram.columns[1:]), lag_ratio=0.25)
        return [columns, *(FadeIn(part) for part in (diagram.counts, diagram.dots) if diagram is self.diagram)]

    def stand_back(self) -> None:
        """The picture and the neuron go to their places in the whole network, which comes around them."""
        close, diagram = self.close, self.diagram
        self.tally.total.set_value_from_right(self.network.layers[0].n_in)
        if close is diagram:
            return
        first, layout = diagram.connections[0], diagram.layout
        first.emphasis = appeared(first, first.shape[1])
        fan = close.connections[0].copy()
        there = Connections(layout[0].centres, layout[1].centres[:1], self.network.layers[0].weights[:1])
        there.contrast, there.width_of_lines = first.contrast, first.width_of_lines
        self.remove(close.connections[0])
        written = self.tally.numbers[0].set_value_from_right(first.shape[1])
        self.play(
            FadeOut(self.counted, target_position=self.tally.total),
            FadeIn(self.tally.labels[0], written, self.tally.total, self.tally.total_label),
            Transform(close.columns[0], diagram.columns[0]),
            Transform(close.columns[1], diagram.neuron(1, 0)),
            Transform(self.ring, diagram.ring(1, 0)),
            Transform(fan, there),
            *self.neurons_appear(diagram),
            run_time=theme.STEP,
        )
        self.remove(*close.columns, fan)
        self.add(first, diagram.columns[0])

    def the_first_layer(self) -> None:
        self.next_section(_("The first layer"))
        layer = self.network.layers[0]
        others = layer.n_out - 1
        if not others:
            self.stand_back()
            return
        with self.voiceover(
            _n(
                "The other one in its layer has its own: <bookmark mark='sum'/> {weights} so far.",
                "The other {n} in its layer have their own: <bookmark mark='sum'/> {weights} so far.",
                others,
                n=number(others, thousands=False),
                weights=number(layer.weights.size),
            ),
            moves=_(
                "The ring goes down the column; at each neuron another fan of connections appears, and the count runs "
                "on."
            )
            if self.takes_numbers
            else _(
                "The picture and the neuron shrink to their places, and the other columns of neurons appear. The ring "
                "goes down the first; at each neuron another fan of connections appears, and the count runs on."
            ),
        ):
            self.stand_back()
            if self.close is self.diagram:
                self.play(
                    FadeOut(self.tally.label_of_one),
                    FadeIn(self.tally.labels[0], self.tally.total, self.tally.total_label),
                    run_time=theme.QUICK,
                )
            self.play(
                self.count(0, layer.n_in, layer.weights.size, run_time=4.2 * theme.STEP, rate_func=slow_start),
                RunTotal(self.tally.total, layer.weights.size, run_time=4.2 * theme.STEP, rate_func=slow_start),
            )

    def the_other_layers(self) -> None:
        self.next_section(_("The other layers"))
        tally, rest = self.tally, list(enumerate(self.network.layers))[1:]
        with self.voiceover(
            self.all_weights(),
            moves=_(
                "The next columns are joined, neuron by neuron, and counted in a line of their own. A line is drawn "
                "beneath the counts, and their sum appears."
            ),
        ):
            for place, layer in rest:
                move = Transform(self.ring, self.diagram.ring(place + 1, 0))
                self.play(move, FadeIn(tally.labels[place]), run_time=theme.QUICK)
                so_far = sum(one.weights.size for one in self.network.layers[: place + 1])
                self.play(
                    self.count(place, 0, layer.weights.size, run_time=2 * theme.STEP, rate_func=smooth),
                    RunTotal(tally.total, so_far, run_time=2 * theme.STEP, rate_func=smooth),
                )
            self.wait_until_bookmark("weights")
            settle = (SettleConnections(connections) for connections in self.diagram.connections)
            self.play(Create(tally.rules[0]), FadeOut(self.ring), *settle, run_time=theme.QUICK)
            copies = VGroup(*(written.copy() for written in tally.numbers[: len(self.network.layers)]))
            into = [FadeOut(copy, target_position=tally.weights, run_time=theme.STEP) for copy in copies]
            self.play(*into, FadeIn(tally.weights_label), FadeIn(tally.weights))

    def the_biases(self) -> None:
        self.next_section(_("The biases"))
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
            _(
                "And each of these neurons has its bias: <bookmark mark='biases'/> {biases} more.",
                biases=number(sum(sizes)),
            ),
            moves=_(
                "A dot appears in every neuron but those of the input, one by one, and is counted above its column. "
                "The columns' numbers add up in the table."
            ),
        ):
            self.play(*(c.animate.set_opacity(0.45) for c in self.diagram.connections), FadeOut(above), FadeIn(own))
            self.play(CountDots(self.dots, shown, own, sizes, run_time=2 * theme.STEP))
            self.wait_until_bookmark("biases")
            into = [FadeOut(written.copy(), target_position=tally.biases, run_time=theme.STEP) for written in own]
            self.play(FadeIn(tally.biases_label, tally.biases), *into)

    def all_knobs(self) -> None:
        self.next_section(_("All knobs"))
        tally = self.tally
        with self.voiceover(
            _n(
                "Altogether, <bookmark mark='total'/> {n} knob to turn.",
                "Altogether, <bookmark mark='total'/> {n} knobs to turn.",
                self.network.parameter_count,
            ),
            moves=_(
                "The number of all knobs fills the stage, and goes beneath the others; a bright wave runs through the "
                "network."
            ),
        ):
            self.play(
                Create(tally.rules[1]),
                *(c.animate.set_opacity(1) for c in self.diagram.connections),
                run_time=theme.QUICK,
            )
            self.wait_until_bookmark("total")
            # The number fills the stage once, before it stands beneath the others.
            veil = Rectangle(width=FRAME_WIDTH, height=FRAME_HEIGHT, stroke_width=0)
            veil.set_fill(theme.BACKGROUND, 0.85)
            whole = Number(self.network.parameter_count, size=_TOTAL_SIZE)
            whole.scale(min(_FILLING * FRAME_WIDTH / whole.width, _FILLING_HEIGHT * FRAME_HEIGHT / whole.height))
            whole.move_to((0, STAGE_MIDDLE, 0))
            place = tally.total.set_value_from_right(self.network.parameter_count).copy()
            self.remove(tally.total)
            self.add(veil.set_opacity(0), start := place.copy())
            others = VGroup(*(part for part in tally if part is not tally.total), self.diagram.counts[0])
            self.play(FadeOut(others), run_time=0.3)
            self.play(veil.animate.set_fill(opacity=0.85), Transform(start, whole), run_time=0.6)
            self.wait(0.5)
            pulses = (RunPulse(connections) for connections in self.diagram.connections)
            self.play(
                FadeOut(veil),
                Transform(start, place, rate_func=squish_rate_func(smooth, 0, 0.6)),
                FadeIn(others, rate_func=squish_rate_func(smooth, 0.65, 1)),
                LaggedStart(*pulses, lag_ratio=0.5, run_time=1.6),
            )
            self.remove(start)
            self.add(tally.total)

    def all_weights(self) -> str:
        """What the layers after the first add, and how many weights that makes."""
        weights = self.network.weight_count
        products = [
            _(
                "{inputs} times {neurons}",
                inputs=number(layer.n_in, thousands=False),
                neurons=number(layer.n_out, thousands=False),
            )
            for layer in self.network.layers[1:]
        ]
        if not products:
            return _n(
                "So there are <bookmark mark='weights'/> {n} weight in all.",
                "So there are <bookmark mark='weights'/> {n} weights in all.",
                weights,
            )
        all_products = products[0]
        if len(products) > 1:
            all_products = _c(
                "products, and the last of them",
                "{others}, and {last}",
                others=listed(products[:-1]),
                last=products[-1],
            )
        return _n(
            "Then {products}: <bookmark mark='weights'/> {n} weight in all.",
            "Then {products}: <bookmark mark='weights'/> {n} weights in all.",
            weights,
            products=all_products,
        )

    def count(self, layer: int, start: int, stop: int, **options: Any) -> CountConnections:
        """Count the connections of a layer in its line of the tally."""
        written = self.tally.numbers[layer]
        return CountConnections(self.diagram, layer, start, stop, written, self.ring, **options)


class Tally(VGroup):
    """What the knobs add up to: a line for the weights of each layer, all weights, all biases, and both together.

    shapes: (n_out, n_in) of each layer. label_of_one: the first line while the weights of one neuron are counted.

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
            label, product = _line(f"{number(n_in)} × {number(n_out)}", n_out * n_in, y, size, theme.TEXT)
            self.labels.add(label)
            self.numbers.add(product)
            y -= step
        n_out, n_in = shapes[0]
        self.label_of_one, _number = _line(f"{number(n_in)} × 1", n_out * n_in, _TALLY_TOP, size, theme.TEXT)
        if n_out == 1:
            self.label_of_one = self.labels[0]
        y += step - 0.42
        self.rules = VGroup(_rule(y))
        y -= 0.46
        self.weights_label, self.weights = _line(_("weights"), weights, y, _SUM_SIZE, theme.WEIGHTS_SYMBOL)
        y -= _LINE
        self.biases_label, self.biases = _line(_("biases"), biases, y, _SUM_SIZE, theme.BIASES_SYMBOL)
        y -= 0.42
        self.rules.add(_rule(y))
        self.total = Number(weights + biases, size=_TOTAL_SIZE)
        self.total.move_to((_TALLY_RIGHT, y - 0.68, 0), aligned_edge=RIGHT)
        self.total_label = Words(_("knobs"), _SUM_SIZE).next_to(self.total, DOWN, buff=0.25).align_to(self.total, RIGHT)
        self.add(self.labels, self.numbers, self.rules, self.weights_label, self.weights)
        self.add(self.biases_label, self.biases, self.total, self.total_label)


class RunTotal(Animation):
    """A number counts up to `stop`, and its last figure stays in its place.

    >>> RunTotal(Number(784), 12_544)
    """

    def __init__(self, total: Number, stop: int, **options: Any) -> None:
        self.start, self.stop = round(total.value), stop
        super().__init__(total, **options)

    def interpolate_mobject(self, alpha: float) -> None:
        self.mobject.set_value_from_right(self.start + round(self.rate_func(alpha) * (self.stop - self.start)))


def slow_start(alpha: float) -> float:
    """A rate function: slow at first, then faster and faster, and slow again at the end."""
    return float(smooth(alpha) ** 1.6)


def _line(words: str, value: int, y: float, size: float, colour: str) -> tuple[Words, Number]:
    """The words and the number of a line of the tally, on one baseline."""
    written = Number(value, size=size, colour=colour)
    written.shift((_TALLY_RIGHT - written.get_right()[0], y - 0.33 * size / PIXELS_A_UNIT - written.points[0, 1], 0))
    label = Words(words, size_that_fits([words], written.get_left()[0] - 0.25 - _TALLY_LEFT, size), colour)
    hanging = label.em * _HANGING if set(words) & set("gjpqy,") else 0.0
    if fonts_for([words]):  # letters of other scripts hang by various lengths
        hanging = depth(words, label.em * PIXELS_A_UNIT)
    label.shift((_TALLY_LEFT, written.points[0, 1] - hanging, 0) - label.get_corner(DOWN + LEFT))
    return label, written


def _rule(y: float) -> Line:
    ends = (_TALLY_LEFT, y, 0), (_TALLY_RIGHT, y, 0)
    return Line(*ends, color=theme.QUIET_TEXT, stroke_width=2)
