"""Part 10, Recap: a neuron is a function of the whole layer before it, and the whole network is one function."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Animation,
    AnimationGroup,
    Arrow,
    FadeIn,
    FadeOut,
    Group,
    LaggedStart,
    MathTypst,
    RoundedRectangle,
    Transform,
    TransformFromCopy,
    VGroup,
    smooth,
    squish_rate_func,
)
from numpy.typing import NDArray

from network import ForwardPass, Network
from network.digits import Digits
from network.evaluation import responses
from scenes import theme
from scenes.animations import GrowConnections, PropagateActivations
from scenes.layout import ColumnLayout, column, network_layout, picture
from scenes.lesson_scene import LessonScene
from scenes.mobjects.connections import Connections
from scenes.mobjects.network_diagram import NetworkDiagram, NeuronColumn
from scenes.mobjects.numbers import Numbers
from scenes.mobjects.symbols import Symbol
from scenes.mobjects.typesetting import Number, Words, formula

_FUNCTIONS = {"sigmoid": "sigma", "relu": '"ReLU"', "identity": ""}
# The formula's place, the middle of all that stands under it, and the line of words beneath that.
_FORMULA_Y, _MIDDLE, _FOOT = 3.15, 0.2, -2.5
_PICTURE_X, _PICTURE_EXTENT = -4.75, 3.5
_BOX_WIDTH, _BOX_HEIGHT, _OUTPUTS_X = 3.7, 4.3, 3.6
_PICTURES = 4
_WIDEST_NAME = 1.5


class ANeuronIsAFunction(LessonScene):
    """A real neuron by itself: its number follows from all activations of the layer before it."""

    def construct(self) -> None:
        self.test = self.digits()
        self.neuron, self.examples = neuron_and_pictures(self.network, self.test)
        self.layer = self.network.layers[0]
        self.forward = self.network.forward(self.test.images[self.examples[0]])
        self.picture = NeuronColumn(_square(self.network.sizes[0], (-4.0, _MIDDLE), 4.7))
        self.one = NeuronColumn(ColumnLayout(np.array([[2.6, _MIDDLE, 0]]), 1.7, np.ones(1, bool), np.zeros((0, 3))))
        self.one.stroke_widths[:] = 3
        weights = self.layer.weights[[self.neuron]]
        self.fan = Connections(self.picture.centres, self.one.centres, weights, contrast=0.5, width=1.5)

        self.all_before()
        self.other_pictures()
        self.the_formula()
        self.end()

    def alternative_text(self) -> str:
        neuron, examples = neuron_and_pictures(self.network, self.digits())
        values = self.network.layers[0].activate(
            self.network.layers[0].weighted_sums(np.asarray(self.digits().vectors[examples], self.network.dtype))
        )[:, neuron]
        return (
            f"A single hidden neuron is joined to all {self.network.sizes[0]:,} activations before it. For several "
            f"pictures its number is {', '.join(f'{value:.2f}' for value in values)}; its formula is written above."
        )

    def value(self, forward: ForwardPass) -> float:
        return float(forward.activations[0][self.neuron])

    def all_before(self) -> None:
        self.next_section("All before it")
        value, count = self.value(self.forward), self.network.sizes[0]
        self.one.show([value])
        self.number = Number(value, places=2, size=110).next_to(self.one, RIGHT, buff=0.5)
        aside = Group(self.one, self.number).get_x()
        Group(self.one, self.number).shift(aside * LEFT)
        self.picture.show(self.forward.input)
        self.fan.set_values(self.forward.contributions(0)[[self.neuron]])
        with self.caption(
            f"A neuron's number comes from all {count:,} activations before it.",
            FadeIn(self.one),
            FadeIn(self.number),
            moves="A large neuron stands there with its number, makes room and goes dark, and the number falls to 0. A "
            "digit appears at the left; lines grow from its pixels to the neuron, which lights up again, and its "
            "number rises.",
        ):
            self.wait(theme.STEP)
            self.play(
                FadeIn(self.picture),
                Transform(self.one, self.one.copy().show([0]).shift(aside * RIGHT)),
                CountTo(self.number, 0, aside),
            )
            self.add(self.fan)
            self.play(GrowConnections(self.fan, run_time=theme.STEP))
            self.play(
                PropagateActivations(self.fan, self.one, [value]),
                CountTo(self.number, value, rate_func=squish_rate_func(smooth, 0.5, 1)),
                run_time=theme.FLOW,
            )

    def other_pictures(self) -> None:
        self.next_section("Other pictures")
        with self.caption(
            "Other activations in, another number out: it is a function.",
            moves="Other digits follow; with each, the lines, the neuron's brightness and its number change.",
        ):
            for index in self.examples[1:]:
                self.forward = self.network.forward(self.test.images[index])
                fan = self.fan.copy()
                fan.set_pulse(9, 0.8)
                fan.set_values(self.forward.contributions(0)[[self.neuron]])
                self.play(
                    Transform(self.picture, self.picture.copy().show(self.forward.input)),
                    Transform(self.fan, fan),
                    Transform(self.one, self.one.copy().show([self.value(self.forward)])),
                    CountTo(self.number, self.value(self.forward)),
                    run_time=theme.STEP,
                )
                self.wait(0.5)

    def the_formula(self) -> None:
        self.next_section("The formula")
        shown = neuron_formula(self.layer.n_in, self.layer.activation)
        equals = Symbol("=", 58)
        result = Number(self.number.value, places=2, size=58)
        equals.put((shown.get_right()[0] + 0.16 + equals.width / 2, 0, 0))
        result.next_to(equals, RIGHT, buff=0.16)
        # All on the line of the equals sign that is in the formula.
        line = shown.select("equals").get_y()
        for part in (equals, result):
            part.set_y(line)
        whole = VGroup(shown, equals, result)
        whole.scale(min(1, 13.2 / whole.width)).move_to((0, _FORMULA_Y, 0))
        with self.caption(
            "A function of the whole previous layer.",
            moves="The formula appears above: all activations times their weights, plus the bias, squished; the number "
            "of the neuron flies to its end.",
        ):
            self.play(FadeIn(shown, shift=0.2 * DOWN))
            self.play(FadeIn(equals), TransformFromCopy(self.number, result), run_time=theme.STEP)


class TheNetworkIsAFunction(LessonScene):
    """The whole network is put into a box: one function of all pixels, with as many parameters as it has knobs."""

    def construct(self) -> None:
        self.test = self.digits()
        self.examples = pictures_of_different_classes(self.test, _PICTURES)
        self.forward = self.network.forward(self.test.images[self.examples[0]])
        self.diagram = NetworkDiagram(self.network, self.test.class_names).show(self.forward)
        self.small = NetworkDiagram(self.network, layout=layout_in_the_box(self.network.sizes)).show(self.forward)

        self.into_a_box()
        self.one_function()
        self.complicated()
        self.end()

    def alternative_text(self) -> str:
        inputs, outputs = self.network.sizes[0], self.network.sizes[-1]
        return (
            f"The network shrinks into a box called f. A picture of {inputs:,} numbers goes in, {outputs} numbers come "
            f"out, shown for {_PICTURES} pictures; f has {self.network.parameter_count:,} parameters."
        )

    def into_a_box(self) -> None:
        self.next_section("Into a box")
        diagram, small = self.diagram, self.small
        sizes = self.network.sizes
        inputs = NeuronColumn(_square(sizes[0], (_PICTURE_X, _MIDDLE), _PICTURE_EXTENT)).show(self.forward.input)
        self.outputs = NeuronColumn(column(sizes[-1], (_OUTPUTS_X, _MIDDLE), _BOX_HEIGHT + 0.3)).show(
            self.forward.output
        )
        self.box = RoundedRectangle(
            corner_radius=0.25, width=_BOX_WIDTH, height=_BOX_HEIGHT, color=theme.NEUTRAL, stroke_width=3
        ).move_to((0, _MIDDLE, 0))
        arrows = VGroup(
            _arrow(_PICTURE_X + _PICTURE_EXTENT / 2 + 0.15, -_BOX_WIDTH / 2 - 0.1),
            _arrow(_BOX_WIDTH / 2 + 0.1, _OUTPUTS_X - self.outputs.layout.diameter / 2 - 0.2),
        )
        self.picture = diagram.columns[0]
        words = VGroup(Words(_numbers(sizes[0]), 44), Words(_numbers(sizes[-1]), 44))
        for word, x in zip(words, (_PICTURE_X, _OUTPUTS_X + 0.6), strict=True):
            word.move_to((x, _FOOT, 0))
        with self.caption(
            f"The whole network: {_numbers(sizes[0])} in, {_numbers(sizes[-1])} out.",
            FadeIn(Group(*diagram.connections, *diagram.columns, diagram.dots)),
            moves="The network, with a digit on its left. Connections and hidden neurons shrink into a box; the digit "
            "stays left, the outputs go right.",
        ):
            self.wait(theme.STEP)
            # What is joined stays joined on the way; only then do the first and last lines end at the box.
            on_the_way = self.joined(inputs)
            lines = (Transform(a, b) for a, b in zip(diagram.connections, on_the_way, strict=True))
            hidden = (Transform(a, b) for a, b in zip(diagram.columns[1:-1], small.columns[1:-1], strict=True))
            self.play(
                *lines,
                *hidden,
                Transform(self.picture, inputs),
                Transform(diagram.columns[-1], self.outputs),
                FadeOut(diagram.dots),
                run_time=theme.FLOW,
            )
            self.remove(diagram.columns[-1])
            self.add(self.outputs)
            self.labels = self.labels_of(self.test.class_names)
            self.values = self.values_of(self.forward)
            self.play(
                *(FadeOut(lines) for lines in diagram.connections),
                *(FadeIn(lines) for lines in small.connections),
                FadeIn(self.box),
                FadeIn(arrows),
                FadeIn(words[0]),
            )
            self.play(FadeIn(self.labels), FadeIn(self.values), FadeIn(words[1]))

    def one_function(self) -> None:
        self.next_section("One function")
        self.inside = Group(*self.small.connections, *self.diagram.columns[1:-1])
        self.name = formula("f", 190).move_to((0, _MIDDLE, 0))
        shown = network_formula(self.network.sizes[0], self.network.sizes[-1]).move_to((0, _FORMULA_Y, 0))
        with self.caption(
            "It is one function; for every picture, the brightest output is its answer.",
            FadeOut(self.inside),
            moves="What is in the box fades, and it bears the letter f; the formula appears above. Other digits "
            "follow, and with each the numbers on the right change; the greatest is coloured.",
        ):
            self.play(FadeIn(self.name), run_time=theme.QUICK)
            self.play(FadeIn(shown, shift=0.2 * DOWN))
            for index in self.examples[1:]:
                self.forward = self.network.forward(self.test.images[index])
                self.play(
                    LaggedStart(
                        Transform(self.picture, self.picture.copy().show(self.forward.input)),
                        AnimationGroup(
                            Transform(self.outputs, self.outputs.copy().show(self.forward.output)),
                            Transform(self.values, self.values_of(self.forward)),
                        ),
                        lag_ratio=0.4,
                        run_time=1.2,
                    )
                )
                self.wait(0.6)

    def complicated(self) -> None:
        self.next_section("Complicated")
        total = self.network.parameter_count
        self.count = Words(f"{total:,} parameters", 44).move_to((0, _FOOT, 0))
        handwriting = all(name.isdigit() for name in self.test.class_names)
        task = "handwriting is not simple" if handwriting else "its task is not simple"
        fresh = self.small.show(self.forward)
        self.inside = Group(*fresh.connections, *fresh.columns[1:-1])
        with self.caption(
            f"Absurdly complicated, and that is reassuring: {task}.",
            FadeOut(self.name),
            FadeIn(self.count, shift=0.2 * UP),
            moves="The box opens again: all connections are in it, and their number stands beneath; then they take the "
            "colours of their weights.",
        ):
            self.play(FadeIn(self.inside), run_time=theme.FLOW)
            weighted = []
            for connections, layer in zip(self.small.connections, self.network.layers, strict=True):
                shown = connections.copy()
                shown.set_values(layer.weights, np.abs(layer.weights).max(axis=1, keepdims=True))
                weighted.append(Transform(connections, shown))
            self.play(*weighted, run_time=theme.FLOW)

    def joined(self, inputs: NeuronColumn) -> list[Connections]:
        """What flows through the network, from the picture outside the box and to the outputs outside of it."""
        columns = [inputs, *self.small.columns[1:-1], self.outputs]
        joined = []
        for layer, (start, end) in enumerate(pairwise(columns)):
            flows = self.forward.contributions(layer)
            limits = np.abs(flows).max(axis=1, keepdims=True)
            joined.append(Connections(start.centres, end.centres, flows, limits))
        return joined

    def labels_of(self, names: Sequence[str]) -> VGroup:
        """What each output stands for, beside its neuron; long names as small as may be."""
        place = self.outputs.layout
        size = float(np.clip(135 * place.diameter, theme.SMALLEST_SIZE, theme.LABEL_SIZE))
        widest = max(Words(name, size).width for name in names)
        size = max(size * min(1, _WIDEST_NAME / widest), theme.SMALLEST_SIZE)
        labels = VGroup()
        for name, centre, shown in zip(names, place.centres, place.shown, strict=True):
            label = Words(name, size, theme.QUIET_TEXT).next_to(centre, RIGHT, buff=place.diameter / 2 + 0.15)
            labels.add(label.set_opacity(float(shown)))
        return labels

    def values_of(self, forward: ForwardPass) -> Numbers:
        """The outputs as numbers beside their neurons; the greatest in the colour of answers."""
        place = self.outputs.layout
        centres = place.centres.copy()
        centres[:, 0] = self.labels.get_right()[0] + 0.75
        size = float(np.clip(1.05 * 135 * place.diameter, theme.SMALLEST_SIZE, 44))
        numbers = Numbers(
            forward.output, centres, 2, size, opacities=place.shown.astype(float), widths=1.1, alignment=1
        )
        colours = numbers.colours.copy()
        colours[forward.answer] = Numbers([0], colours=theme.ANSWER).colours[0]
        return numbers.set_colours(colours)


class CountTo(Animation):
    """A number counts from what it shows to another; its left edge stays, or goes so far along."""

    def __init__(self, number: Number, value: float, along: float = 0.0, **options: Any) -> None:
        self.before, self.value = number.value, value
        self.edge, self.along = float(number.points[0, 0]), along
        super().__init__(number, **options)

    def interpolate_mobject(self, alpha: float) -> None:
        share = self.rate_func(alpha)
        number = self.mobject
        number.set_value(self.value if alpha >= 1 else self.before + (self.value - self.before) * share)
        number.shift((self.edge + self.along * share - number.points[0, 0]) * RIGHT)


def neuron_and_pictures(network: Network, digits: Digits, count: int = _PICTURES) -> tuple[int, list[int]]:
    """The neuron of the first layer that tells the classes apart most, and pictures that show it.

    The neuron: the one whose mean activations for the classes lie farthest apart. The pictures: the first of the test
    set of the class that it answers most, then of the one that it answers least, and so on by turns, `count` in all.
    """
    means = responses(network, digits)[0]
    there = np.flatnonzero(np.bincount(digits.labels, minlength=len(digits.class_names)))
    neuron = int(np.argmax(np.ptp(means[:, there], axis=1)))
    rising = list(there[np.argsort(means[neuron, there], kind="stable")])
    order = [rising.pop(-1 if turn % 2 == 0 else 0) for turn in range(min(count, len(rising)))]
    return neuron, [int(np.argmax(digits.labels == label)) for label in order]


def pictures_of_different_classes(digits: Digits, count: int) -> list[int]:
    """The first pictures of the test set that show classes not seen before them, `count` of them."""
    _, first = np.unique(digits.labels, return_index=True)
    return [int(index) for index in np.sort(first)[:count]]


def neuron_formula(n_in: int, activation: str) -> MathTypst:
    """What a neuron computes of n_in activations, with indices from 0."""
    indices = shown_indices(n_in)
    terms = ["dots.c" if k is None else f"{{{{ w_({k}) : w{k} }}}} {{{{ a_({k}) : s{k} }}}}" for k in indices]
    product = " + ".join(terms) + " + {{ b : bias }}"
    name = _FUNCTIONS[activation]
    shown = formula(f"f({_listed('a', n_in)}) {{{{ = : equals }}}} " + (f"{name}({product})" if name else product), 58)
    for k in indices:
        if k is not None:
            shown.select(f"w{k}").set_color(theme.WEIGHTS_SYMBOL)
            shown.select(f"s{k}").set_color(theme.ACTIVATIONS_SYMBOL)
    shown.select("bias").set_color(theme.BIASES_SYMBOL)
    return _coloured_list(shown, "a", n_in)


def network_formula(n_in: int, n_out: int) -> MathTypst:
    """The whole network as a function of its inputs, with indices from 0."""
    shown = formula(f"f({_listed('a', n_in)}) = bracket.l {_listed('y', n_out)} bracket.r", 72)
    return _coloured_list(_coloured_list(shown, "a", n_in), "y", n_out)


def shown_indices(count: int) -> list[int | None]:
    """The first two indices, None for those left out, and the last one."""
    return list(range(count)) if count <= 3 else [0, 1, None, count - 1]


def _listed(letter: str, count: int) -> str:
    return ", ".join("dots" if k is None else f"{{{{ {letter}_({k}) : {letter}{k} }}}}" for k in shown_indices(count))


def _coloured_list(shown: MathTypst, letter: str, count: int) -> MathTypst:
    for k in shown_indices(count):
        if k is not None:
            shown.select(f"{letter}{k}").set_color(theme.ACTIVATIONS_SYMBOL)
    return shown


def layout_in_the_box(sizes: tuple[int, ...]) -> tuple[ColumnLayout, ...]:
    """Places of a network inside the box, its inputs evenly along the left side."""
    top, bottom = _MIDDLE + _BOX_HEIGHT / 2 - 0.25, _MIDDLE - _BOX_HEIGHT / 2 + 0.25
    _, *rest = network_layout(sizes, "column", -_BOX_WIDTH / 2, _BOX_WIDTH / 2 - 0.2, top, bottom)
    first = column(sizes[0], (-_BOX_WIDTH / 2 + 0.15, _MIDDLE), top - bottom, most=sizes[0])
    return first, *rest


def _square(count: int, centre: tuple[float, float], extent: float) -> ColumnLayout:
    """An input as its square picture, or, where it is none, as a column."""
    side = round(count**0.5)
    return picture(side, centre, extent) if side * side == count else column(count, centre, extent)


def _arrow(start: float, stop: float) -> Arrow:
    ends: tuple[NDArray[np.float64], ...] = (np.array([start, _MIDDLE, 0]), np.array([stop, _MIDDLE, 0]))
    return Arrow(*ends, buff=0, color=theme.NEUTRAL, stroke_width=4, tip_length=0.22)


def _numbers(count: int) -> str:
    return f"{count:,} number{'' if count == 1 else 's'}"
