"""Where the gradient goes: one early weight is nudged, and how much of that reaches the end of two deep networks."""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    AnimationGroup,
    Create,
    FadeIn,
    Indicate,
    LaggedStart,
    Line,
    Rectangle,
    VGroup,
)
from numpy.typing import NDArray

from network.analysis.examples import hero
from network.analysis.ripple import Ripple, both_ripples, passed_on, picture_to_show, start_of
from network.network import Network
from scenes.kit import theme
from scenes.kit.animations.dials import TurnDial
from scenes.kit.animations.forward_pass import GrowConnections
from scenes.kit.layout import STAGE_MIDDLE, ColumnLayout, column, picture_or_column
from scenes.kit.mobjects.connections import Connections
from scenes.kit.mobjects.dials import Dials
from scenes.kit.mobjects.network_diagram import NeuronColumn
from scenes.kit.mobjects.text import Number, Words
from scenes.part_12_relu.depth_scene import DepthScene
from scenes.part_12_relu.two_functions import COLOURS, NAMES
from scenes.wording import in_words, significant

# The picture that both networks look at: its middle and how large it is; and the knob below it.
_INPUT, _EXTENT, _DIAL = (-5.5, STAGE_MIDDLE + 0.75), 2.6, 1.1
# The networks, one above the other: their middles, their height, and their first and last columns.
_MIDDLES, _HEIGHT, _FROM, _TO = (STAGE_MIDDLE + 1.68, STAGE_MIDDLE - 1.68), 2.9, -2.9, 3.2
# What stands to the right of each: its left edge, and the sizes of type.
_VERDICT_X, _FACTOR_SIZE = 3.95, 100
# The knob is turned all the way by a weight of this size.
_REACH = 0.5
# How long the change takes from one layer to the next, in the upper network and in the lower one.
_A_LAYER = 0.3, 0.18
# A change that becomes weaker by less than this factor counts as no weaker.
_LEAST_LOSS = 1.05
# Behind each layer light spreads: how bright it is where the change is as large as in the first layer.
_BEAM = 0.45
# Screens show the value v as v^2.2 of their light.
_GAMMA = 2.2


class WhereTheGradientGoes(DepthScene):
    """The same deep network with sigmoids and with ReLU: one weight is nudged, and the change runs through both."""

    def construct(self) -> None:
        self.places = [self.layout(y) for y in _MIDDLES]
        self.picture = NeuronColumn(self.places[0][0]).show(self.image)
        self.columns = [[NeuronColumn(place).stand_out() for place in places[1:]] for places in self.places]

        self.two_networks()
        self.the_ripple()
        self.end()

    def alternative_text(self) -> str:
        told = "; ".join(
            f"with {name} the change of the outputs is {weaker(found)}"
            for name, found in zip(("sigmoids", "ReLU"), self.ripples, strict=True)
        )
        return (
            f"Two networks with {self.comparison.deepest} hidden layers and the same random weights look at one "
            f"picture. One weight of the first layer is nudged; neurons give light in proportion to their change: "
            f"{told}."
        )

    @cached_property
    def image(self) -> NDArray[np.floating]:
        """The picture that the networks look at."""
        digits = self.digits()
        return picture_to_show(self.comparison, digits.vectors[hero(self.network, digits)])

    @cached_property
    def ripples(self) -> tuple[Ripple, Ripple]:
        """The nudge in the network with sigmoids and in the one with ReLU."""
        return both_ripples(self.comparison, self.image)

    @cached_property
    def networks(self) -> tuple[Network, Network]:
        return start_of(self.comparison)

    def layout(self, middle: float) -> list[ColumnLayout]:
        """The input as a picture, and the other columns evenly spaced around this height."""
        sizes = self.comparison.sizes
        x = np.linspace(_FROM, _TO, len(sizes) - 1)
        rest = [column(size, (float(at), middle), _HEIGHT) for at, size in zip(x, sizes[1:], strict=True)]
        return [picture_or_column(sizes[0], _INPUT, _EXTENT), *rest]

    def two_networks(self) -> None:
        self.next_section("Two deep networks")
        found = self.ripples[0]
        plain = [
            [
                Connections(start.centres, end.centres, np.zeros((len(end.centres), len(start.centres)))).set_equal(
                    0.36
                )
                for start, end in pairwise(places[1:])
            ]
            for places in self.places
        ]
        self.titles = VGroup(
            *(
                Words(name, theme.TITLE_SIZE, colour).move_to((_VERDICT_X, y + 0.85, 0), aligned_edge=LEFT)
                for name, colour, y in zip(NAMES, COLOURS, _MIDDLES, strict=True)
            )
        )
        nudged = VGroup(
            *(
                Line(
                    self.places[0][0].centres[found.source],
                    places[1].centres[found.neuron] + places[1].diameter / 2 * LEFT,
                    color=theme.ANSWER,
                    stroke_width=6,
                )
                for places in self.places
            )
        )
        weight = float(self.networks[0].layers[0].weights[found.neuron, found.source])
        dial = Dials((_INPUT[0] - 0.75, _INPUT[1] - _EXTENT / 2 - 0.85, 0), _DIAL, [weight], _REACH)
        number = Number(weight, 2, theme.CAPTION_SIZE, theme.ANSWER, sign=True).next_to(dial, RIGHT, buff=0.25)
        with self.voiceover(
            f"Take two deep networks, {in_words(self.comparison.deepest)} hidden layers each, "
            "<bookmark mark='nudge'/> and turn one knob at the beginning, just a little.",
            moves="One picture and two deep networks of dark neurons, one above the other; lines grow from layer to "
            "layer. Below the picture a knob is turned a little, and the yellow lines of its weight are drawn.",
        ) as tracker:
            self.add(self.picture, *(neurons for columns in self.columns for neurons in columns), self.titles)
            grow = (AnimationGroup(*map(GrowConnections, pair)) for pair in zip(*plain, strict=True))
            time = max(tracker.time_until_bookmark("nudge"), theme.STEP)
            self.play(LaggedStart(*grow, lag_ratio=0.3, run_time=time))
            self.wait_until_bookmark("nudge")
            self.play(Create(nudged), FadeIn(dial, number), run_time=theme.QUICK)
            self.play(TurnDial(dial, number, [weight, weight + found.nudge], _REACH, run_time=1.5))

    def the_ripple(self) -> None:
        self.next_section("The ripple")
        sigmoid, relu = self.ripples
        after = what_arrives(relu)
        if all(weaker(found).endswith(" times weaker") for found in self.ripples):
            after = weaker(relu).removesuffix(" weaker")
        with self.voiceover(
            f"Through the sigmoids, {what_arrives(sigmoid)}. <bookmark mark='relu'/> Through ReLU, {after}.",
            moves="The change runs through the upper network, then through the lower one: neurons, and the space "
            "behind their layer, give light by how much they change. Beside each network stands how much weaker the "
            "change is at the end.",
        ):
            for kind in (0, 1):
                if kind:
                    self.wait_until_bookmark("relu")
                self.run(kind)
                self.judge(kind)

    def run(self, kind: int) -> None:
        """The change runs through a network, layer by layer, each neuron with as much light as it changes."""
        found, columns, places = self.ripples[kind], self.columns[kind], self.places[kind]
        whole = float(found.largest[0]) or 1.0
        flows = passed_on(self.networks[kind], found)
        limit = max(float(np.abs(flow).max()) for flow in flows) or 1.0
        step = (_TO - _FROM) / max(len(columns) - 1, 1)
        for layer, change in enumerate(found.changes):
            moves = [columns[layer].animate.set_brightness((np.abs(change) / whole) ** (1 / _GAMMA), COLOURS[kind])]
            if layer:
                start, end = places[layer], places[layer + 1]
                flow = Connections(start.centres, end.centres, np.abs(flows[layer - 1]), limit, 1 / _GAMMA, width=4)
                flow.neutral = True
                moves.append(GrowConnections(flow))
            light = float(np.abs(change).max() / whole) ** (1 / _GAMMA)
            beam = Rectangle(width=step, height=_HEIGHT, stroke_width=0)
            beam.move_to((columns[layer].get_x(), _MIDDLES[kind], 0)).set_fill(COLOURS[kind], _BEAM * min(light, 1))
            moves.append(FadeIn(beam))
            self.bring_to_back(beam)
            self.play(*moves, run_time=_A_LAYER[kind])

    def judge(self, kind: int) -> None:
        """How much weaker the change has become, in large type beside the network."""
        shown = verdict(self.ripples[kind], COLOURS[kind]).next_to(self.titles[kind], DOWN, buff=0.3, aligned_edge=LEFT)
        self.play(FadeIn(shown, shift=0.3 * RIGHT), Indicate(self.columns[kind][-1], 1.08, None))


def verdict(found: Ripple, colour: str) -> VGroup:
    """How much weaker the change is: the factor large, if there is one."""
    factor, times, _ = weaker(found).partition(" times ")
    if not times:
        return VGroup(Words(factor, theme.CAPTION_SIZE, colour))
    lines = VGroup(Words(factor, _FACTOR_SIZE, colour), Words("times weaker", theme.CAPTION_SIZE, colour))
    return lines.arrange(DOWN, buff=0.2, aligned_edge=LEFT)


def what_arrives(found: Ripple) -> str:
    """What becomes of the change on its way, as the end of a sentence."""
    return f"it's {weaker(found)} when it reaches the end" if found.arriving else "it never reaches the end"


def weaker(found: Ripple) -> str:
    """How much weaker the change of the outputs is than that of the first layer."""
    if not found.arriving:
        return "lost completely"
    ratio = 1 / found.arriving
    if ratio < _LEAST_LOSS:
        return "no weaker at all"
    return f"{significant(ratio, 1 if ratio >= 100 else 2)} times weaker"
