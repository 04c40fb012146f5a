"""ANeuronIsAFunction: a neuron's number follows from every activation of the layer before it."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from manim import DOWN, RIGHT, FadeIn, FadeOut, Indicate, Transform, smooth, squish_rate_func

from network.activations import activation_named
from network.analysis.neurons import neuron_and_pictures
from network.digits import Digits
from scenes.kit import theme
from scenes.kit.animations.count_up import CountUp
from scenes.kit.animations.forward_pass import GrowConnections, PropagateActivations
from scenes.kit.mobjects.named_inputs import NamedInputs
from scenes.language import _, listed
from scenes.part_10_functions.formulas import MIDDLE_BELOW
from scenes.part_10_functions.one_neuron import OneNeuron, neuron_formula
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import number

# How many pictures are shown to the neuron before the one that the film follows.
_PICTURES = 3
# How long each of them is held.
_A_LOOK = 1.0
# Where the neuron stands while it is alone, and how large it is.
_ALONE_X, _ALONE_DIAMETER = -1.7, 4.2


class ANeuronIsAFunction(LessonScene):
    """A real neuron by itself: its number follows from all activations of the layer before it."""

    def construct(self) -> None:
        self.forward = self.network.forward(self.test.images[self.hero])
        self.stage = OneNeuron(self.network, self.chosen[0], self.forward, self.test, self.brightness)

        self.what_it_does()
        self.a_function()
        self.end()

    def alternative_text(self) -> str:
        layer = self.network.layers[0]
        neuron, others = self.chosen
        vectors = np.asarray(self.test.vectors[[*others, self.hero]], self.network.dtype)
        values = layer.activate(layer.weighted_sums(vectors))[:, neuron]
        places = {
            "inputs": number(self.network.sizes[0]),
            "values": listed(number(value, 2) for value in values),
        }
        return (
            _(
                "A single hidden neuron is joined to all {inputs} activations before it. For several pictures its "
                "number is {values}; its formula is written above.",
                **places,
            )
            if not self.takes_numbers
            else _(
                "A single hidden neuron is joined to all {inputs} inputs. For several rows of the table its number is "
                "{values}; its formula is written above.",
                **places,
            )
        )

    @cached_property
    def test(self) -> Digits:
        return self.digits()

    @cached_property
    def chosen(self) -> tuple[int, list[int]]:
        """The neuron of the first layer, and the test pictures that are shown to it besides the film's own."""
        neuron, pictures = neuron_and_pictures(self.network, self.test, _PICTURES)
        return neuron, [index for index in pictures if index != self.hero]

    def what_it_does(self) -> None:
        self.next_section(_("Half the truth"))
        stage, value = self.stage, self.stage.value(self.forward)
        self.place, self.beside = stage.one.copy().show([0]), stage.number.get_center()
        stage.one.place([[_ALONE_X, MIDDLE_BELOW, 0]], _ALONE_DIAMETER)
        stage.number.next_to(stage.one, RIGHT, buff=0.6)
        self.add(stage.one, stage.number)
        with self.voiceover(
            _("At the start I said: <bookmark mark='holds'/> a neuron holds a number. By now you know better."),
            moves=_("A large neuron with its number. Another number takes its place, and then the first one is back."),
        ):
            # It holds what another picture gives it, and its own number again.
            other = stage.value(self.network.forward(self.test.images[(self.chosen[1] or [self.hero])[0]]))
            self.wait_until_bookmark("holds")
            for start, stop in ((value, other), (other, value)):
                lit = stage.one.copy().show([stop])
                self.play(Transform(stage.one, lit), CountUp(stage.number, start, stop), run_time=0.9)

    def a_function(self) -> None:
        self.next_section(_("A function"))
        stage = self.stage
        shown = neuron_formula(self.network.sizes[0], self.network.layers[0].activation)
        with self.voiceover(
            _(
                "It works one out: <bookmark mark='in'/> the whole previous layer goes in, <bookmark mark='out'/> one "
                "number between zero and one comes out. <bookmark mark='function'/> It's a function."
            )
            if activation_named(self.network.layers[0].activation).is_brightness
            else _(
                "It works one out: <bookmark mark='in'/> the whole previous layer goes in, <bookmark mark='out'/> one "
                "number comes out. <bookmark mark='function'/> It's a function."
            ),
            moves=_(
                "The neuron makes room and goes dark. A digit appears at the left; connections grow from its pixels to "
                "the neuron, which lights up again, and its number appears. The formula comes above: all activations "
                "times their weights, plus the bias. Other digits follow, and with each the neuron's brightness and "
                "its number change."
            )
            if not self.takes_numbers
            else _(
                "The neuron makes room and goes dark. The numbers of a row appear at the left; lines grow from them to "
                "the neuron, which shows its number again. The formula comes above: all inputs times their weights, "
                "plus the bias. Other rows follow, and with each the neuron's brightness and its number change."
            ),
        ) as tracker:
            self.play(
                FadeIn(stage.picture, stage.named),
                Transform(stage.one, self.place, rate_func=squish_rate_func(smooth, 0.3, 1)),
                FadeOut(stage.number, run_time=0.4),
                run_time=theme.STEP,
            )
            # Its number comes back when something has come out.
            stage.number.set_value(stage.value(self.forward)).move_to(self.beside)
            self.wait_until_bookmark("in")
            self.add(stage.fan)
            self.play(GrowConnections(stage.fan, run_time=max(tracker.time_until_bookmark("out"), theme.QUICK)))
            self.play(
                PropagateActivations(stage.fan, stage.one, [stage.value(self.forward)]),
                FadeIn(stage.number, shift=0.3 * RIGHT, rate_func=squish_rate_func(smooth, 0.6, 1)),
                run_time=theme.STEP,
            )
            self.play(FadeIn(shown, shift=0.2 * DOWN), run_time=theme.QUICK)
            for index in self.chosen[1][:2]:
                self.show_picture(index)
            self.wait_until_bookmark("function")
            self.play(Indicate(shown, 1.08, None), run_time=theme.STEP)
            self.show_picture(self.hero)

    def show_picture(self, index: int) -> None:
        """Another picture goes in, and another number comes out, at once: no blend of two pictures is ever seen."""
        stage, forward = self.stage, self.network.forward(self.test.images[index])
        stage.picture.show(self.brightness(forward.input))
        stage.fan.set_values(forward.contributions(0)[[stage.neuron]])
        stage.one.show([stage.value(forward)])
        stage.number.set_value(stage.value(forward)).move_to(self.beside)
        if isinstance(stage.named, NamedInputs):
            stage.named.show(forward.input)
        self.wait(_A_LOOK)
