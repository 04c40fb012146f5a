"""ANeuronIsAFunction: One real neuron by itself: its number follows from every activation of the layer before it."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    Animation,
    FadeIn,
    Group,
    MathTypst,
    Transform,
    TransformFromCopy,
    VGroup,
    smooth,
    squish_rate_func,
)

from network import ForwardPass, Network
from network.digits import Digits
from network.evaluation import responses
from scenes.kit import theme
from scenes.kit.animations.forward_pass import GrowConnections, PropagateActivations
from scenes.kit.layout import STAGE_MIDDLE, ColumnLayout
from scenes.kit.mobjects.connections import Connections
from scenes.kit.mobjects.network_diagram import NeuronColumn
from scenes.kit.mobjects.symbols import Symbol
from scenes.kit.mobjects.text import Number, formula
from scenes.part_10_functions.shared import _FORMULA_Y, _PICTURES, _coloured_list, _listed, _square, shown_indices
from scenes.stage.lesson_scene import LessonScene

_FUNCTIONS = {"sigmoid": "sigma", "relu": '"ReLU"', "identity": ""}


class ANeuronIsAFunction(LessonScene):
    """A real neuron by itself: its number follows from all activations of the layer before it."""

    def construct(self) -> None:
        self.test = self.digits()
        self.neuron, self.examples = neuron_and_pictures(self.network, self.test)
        self.layer = self.network.layers[0]
        self.forward = self.network.forward(self.test.images[self.examples[0]])
        self.picture = NeuronColumn(_square(self.network.sizes[0], (-4.0, STAGE_MIDDLE), 4.7))
        self.one = NeuronColumn(
            ColumnLayout(np.array([[2.6, STAGE_MIDDLE, 0]]), 1.7, np.ones(1, bool), np.zeros((0, 3)))
        )
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
