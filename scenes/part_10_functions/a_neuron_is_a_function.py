"""ANeuronIsAFunction: a neuron's number follows from every activation of the layer before it."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from manim import (
    DOWN,
    RIGHT,
    FadeIn,
    FadeOut,
    Group,
    LaggedStart,
    MathTypst,
    Transform,
    TransformFromCopy,
    VGroup,
    smooth,
    squish_rate_func,
)

from network import ForwardPass
from network.analysis.examples import hero
from network.analysis.neurons import neuron_and_pictures
from network.digits import Digits
from scenes.kit import theme
from scenes.kit.animations.count_up import CountUp
from scenes.kit.animations.forward_pass import GrowConnections, PropagateActivations
from scenes.kit.layout import ColumnLayout, picture_or_column
from scenes.kit.mobjects.connections import Connections
from scenes.kit.mobjects.network_diagram import NeuronColumn
from scenes.kit.mobjects.symbols import Symbol
from scenes.kit.mobjects.text import Number, formula
from scenes.part_10_functions.formulas import FORMULA_Y, MIDDLE_BELOW, colour_listed, listed, shown_indices
from scenes.part_10_functions.whole_network import whole_network
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import function_name

# How many pictures are shown to the neuron before the one that the film follows.
_PICTURES = 3
# Where the picture stands, and how large it is; where the neuron stands, and its diameter.
_PICTURE_X, _PICTURE_EXTENT = -4.0, 4.7
_NEURON_X, _NEURON_DIAMETER = 2.6, 1.7
# The same while it stands alone; and the size of its number.
_ALONE_X, _ALONE_DIAMETER, _NUMBER_SIZE = -1.9, 3.6, 110
_FORMULA_SIZE, _WIDEST_FORMULA = 58, 13.2


class ANeuronIsAFunction(LessonScene):
    """A real neuron by itself: its number follows from all activations of the layer before it."""

    def construct(self) -> None:
        self.layer = self.network.layers[0]
        self.forward = self.network.forward(self.test.images[self.examples[0]])
        self.picture = NeuronColumn(
            picture_or_column(self.network.sizes[0], (_PICTURE_X, MIDDLE_BELOW), _PICTURE_EXTENT)
        )
        self.one = NeuronColumn(
            ColumnLayout(np.array([[_NEURON_X, MIDDLE_BELOW, 0]]), _NEURON_DIAMETER, np.ones(1, bool), np.zeros((0, 3)))
        )
        self.one.stroke_widths[:] = 3
        weights = self.layer.weights[[self.neuron]]
        self.fan = Connections(self.picture.centres, self.one.centres, weights, contrast=0.5, width=1.5)

        self.what_it_does()
        self.other_pictures()
        self.a_function()
        self.many_functions()
        self.end()

    def alternative_text(self) -> str:
        layer = self.network.layers[0]
        vectors = np.asarray(self.test.vectors[self.examples], self.network.dtype)
        values = layer.activate(layer.weighted_sums(vectors))[:, self.neuron]
        return (
            f"A single hidden neuron is joined to all {self.network.sizes[0]:,} activations before it. For several "
            f"pictures its number is {', '.join(f'{value:.2f}' for value in values)}; its formula is written above."
        )

    @cached_property
    def test(self) -> Digits:
        return self.digits()

    @cached_property
    def chosen(self) -> tuple[int, list[int]]:
        """The neuron of the first layer, and the test pictures that are shown to it, the film's own digit last."""
        neuron, pictures = neuron_and_pictures(self.network, self.test, _PICTURES)
        followed = hero(self.network, self.test)
        return neuron, [*(index for index in pictures if index != followed), followed]

    @property
    def neuron(self) -> int:
        return self.chosen[0]

    @property
    def examples(self) -> list[int]:
        return self.chosen[1]

    def value(self, forward: ForwardPass) -> float:
        """The neuron's activation."""
        return float(forward.activations[0][self.neuron])

    def what_it_does(self) -> None:
        self.next_section("Half the truth")
        value = self.value(self.forward)
        place = self.one.copy()
        self.one.place([[_ALONE_X, MIDDLE_BELOW, 0]], _ALONE_DIAMETER)
        self.one.show([value])
        self.number = Number(value, places=2, size=_NUMBER_SIZE).next_to(self.one, RIGHT, buff=0.6)
        beside = place.get_right() + 0.5 * RIGHT
        self.picture.show(self.forward.input)
        self.fan.set_values(self.forward.contributions(0)[[self.neuron]])
        self.add(self.one, self.number)
        with self.voiceover(
            "Remember what I said at the start? <bookmark mark='holds'/> A neuron holds a number. "
            "<bookmark mark='works'/> By now you know better: it works out a number, <bookmark mark='picture'/> from "
            "everything before it.",
            moves="A large neuron with its number, which falls and rises. It makes room and goes dark. A digit appears "
            "at the left; lines grow from its pixels to the neuron, which lights up again, and its number rises.",
        ):
            self.wait_until_bookmark("holds")
            # It holds what another picture gives it, and its own number again.
            other = self.value(self.network.forward(self.test.images[self.examples[1 % len(self.examples)]]))
            for start, stop in ((value, other), (other, value)):
                lit = self.one.copy().show([stop])
                self.play(Transform(self.one, lit), CountUp(self.number, start, stop), run_time=0.8)
            self.wait_until_bookmark("works")
            self.play(
                FadeIn(self.picture),
                Transform(self.one, place),
                CountAndMove(self.number, 0, float(beside[0] - self.number.points[0, 0]), run_time=theme.STEP),
            )
            self.wait_until_bookmark("picture")
            self.add(self.fan)
            self.play(GrowConnections(self.fan, run_time=theme.STEP))
            self.play(
                PropagateActivations(self.fan, self.one, [value]),
                CountUp(self.number, self.number.value, value, rate_func=squish_rate_func(smooth, 0.5, 1)),
                run_time=theme.STEP,
            )

    def other_pictures(self) -> None:
        self.next_section("Other pictures")
        with self.voiceover(
            "Another picture, another number. And another.",
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
                    CountUp(self.number, self.number.value, self.value(self.forward)),
                    run_time=theme.STEP,
                )
                self.wait(theme.QUICK)

    def a_function(self) -> None:
        self.next_section("A function")
        shown = neuron_formula(self.layer.n_in, self.layer.activation)
        equals = Symbol("=", _FORMULA_SIZE)
        result = Number(self.value(self.forward), places=2, size=_FORMULA_SIZE)
        equals.next_to(shown, RIGHT, buff=0.2)
        result.next_to(equals, RIGHT, buff=0.2)
        # The number and both equals signs stand on the line of the equals sign inside the formula.
        line = shown.select("equals").get_y()
        for part in (equals, result):
            part.set_y(line)
        whole = VGroup(shown, equals, result)
        whole.scale(min(1, _WIDEST_FORMULA / whole.width)).move_to((0, FORMULA_Y, 0))
        between = " between zero and one" if self.layer.activation == "sigmoid" else ""
        with self.voiceover(
            "So look at a neuron as a function: <bookmark mark='in'/> the whole previous layer goes in, "
            f"<bookmark mark='out'/> one number{between} comes out.",
            moves="The formula appears above: all activations times their weights, plus the bias, squashed. Light runs "
            "from the picture to the neuron, and its number flies to the end of the formula.",
        ):
            self.play(FadeIn(shown, shift=0.2 * DOWN))
            self.wait_until_bookmark("in")
            self.play(
                PropagateActivations(self.fan, self.one, [self.value(self.forward)]),
                FadeIn(equals),
                run_time=theme.FLOW,
            )
            self.wait_until_bookmark("out")
            self.play(TransformFromCopy(self.number, result), run_time=theme.STEP)
        self.formula = Group(shown, equals, result)

    def many_functions(self) -> None:
        self.next_section("Many functions")
        diagram = whole_network(self.network, self.test.class_names).show(self.forward)
        neuron = diagram.neuron(1, self.neuron)
        others = [*diagram.columns[1:], diagram.dots, diagram.labels]
        count = self.network.bias_count
        with self.voiceover(
            f"And the network is made of <bookmark mark='all'/> {count:,} such functions, "
            f"{'each fed by those before it' if len(self.network.layers) > 1 else 'side by side'}.",
            moves="The neuron shrinks to its place in the network, whose other neurons and lines appear around it.",
        ):
            self.play(
                FadeOut(self.formula, run_time=theme.QUICK),
                FadeOut(self.number, target_position=neuron, scale=0.1),
                FadeOut(self.fan, run_time=theme.QUICK),
                Transform(self.one, neuron),
                Transform(self.picture, diagram.columns[0]),
                run_time=theme.STEP,
            )
            self.play(LaggedStart(*(FadeIn(part) for part in others), lag_ratio=0.15), run_time=theme.STEP)
            self.remove(self.one)
            self.play(LaggedStart(*(GrowConnections(c) for c in diagram.connections), lag_ratio=0.4))


class CountAndMove(CountUp):
    """A number counts to another while its left edge moves `along` units to the right."""

    def __init__(self, number: Number, value: float, along: float, **options: Any) -> None:
        self.edge, self.along = float(number.points[0, 0]), along
        super().__init__(number, number.value, value, **options)

    def interpolate_mobject(self, alpha: float) -> None:
        super().interpolate_mobject(alpha)
        share = self.rate_func(alpha)
        self.mobject.shift((self.edge + self.along * share - self.mobject.points[0, 0]) * RIGHT)


def neuron_formula(n_in: int, activation: str) -> MathTypst:
    """The formula of a neuron with n_in inputs, with indices from 0."""
    indices = shown_indices(n_in)
    terms = ["dots.c" if k is None else f"{{{{ w_({k}) : w{k} }}}} {{{{ a_({k}) : s{k} }}}}" for k in indices]
    product = " + ".join(terms) + " + {{ b : bias }}"
    name = function_name(activation).typst
    shown = formula(
        f"f({listed('a', n_in)}) {{{{ = : equals }}}} " + (f"{name}({product})" if name else product), _FORMULA_SIZE
    )
    for k in indices:
        if k is not None:
            shown.select(f"w{k}").set_color(theme.WEIGHTS_SYMBOL)
            shown.select(f"s{k}").set_color(theme.ACTIVATIONS_SYMBOL)
    shown.select("bias").set_color(theme.BIASES_SYMBOL)
    return colour_listed(shown, "a", n_in)
