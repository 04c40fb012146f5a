"""Where the gradient goes: one early weight is nudged, and how much of that reaches the end of a deep network."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Create,
    FadeIn,
    FadeOut,
    Group,
    GrowFromEdge,
    Indicate,
    LaggedStart,
    Line,
    Rectangle,
    VGroup,
)
from numpy.typing import NDArray

from network.analysis.depth import steepest
from network.analysis.examples import hero
from network.analysis.ripple import Ripple, both_ripples, passed_on, picture_to_show, start_of
from network.network import Network
from scenes.kit import theme
from scenes.kit.animations.count_up import CountUp
from scenes.kit.animations.forward_pass import GrowConnections
from scenes.kit.layout import ColumnLayout, column, picture_or_column
from scenes.kit.mobjects.connections import Connections
from scenes.kit.mobjects.network_diagram import NeuronColumn
from scenes.kit.mobjects.text import Number, Words
from scenes.part_12_relu.depth_scene import DepthScene
from scenes.part_12_relu.two_functions import COLOURS, NAMES, RELU, SIGMOID
from scenes.wording import capitalised, in_words, significant

# The network: the middle of its input, how large that is, the first and the last of the other columns, its height.
_INPUT, _EXTENT, _FROM, _TO, _HEIGHT = (-5.55, 1.0), 2.6, -3.3, 6.3, 3.5
# The bars below it: their feet, the height of one for the whole change, their width, and the least height.
_FEET, _HIGH, _WIDE, _LEAST = -2.75, 1.6, 0.62, 0.03
# The line above it: its height, and the sizes of its words.
_TOP_Y, _VERDICT_SIZE = 3.3, 60
# The least time that the change takes from one layer to the next.
_A_LAYER = 0.4
# A change that becomes weaker by less than this factor counts as no weaker.
_LEAST_LOSS = 1.05


class WhereTheGradientGoes(DepthScene):
    """The same deep network with sigmoids and with ReLU: one weight is nudged, and the change runs through it."""

    def construct(self) -> None:
        self.image = self.picture
        self.places = self.layout()
        self.columns = [NeuronColumn(place) for place in self.places]
        for neurons in self.columns[1:]:
            neurons.stand_out()
        self.verdicts = VGroup()

        self.two_networks()
        self.with_sigmoids()
        self.with_relu()
        self.end()

    def alternative_text(self) -> str:
        told = "; ".join(
            f"with {name} the change of the outputs is {weaker(found)}"
            for name, found in zip(("sigmoids", "ReLU"), self.ripples, strict=True)
        )
        return (
            f"Two networks with {self.comparison.deepest} hidden layers and the same random weights. One weight of the "
            f"first layer is nudged; bars show how much each layer changes: {told}."
        )

    @cached_property
    def picture(self) -> NDArray[np.floating]:
        """The picture that the networks look at."""
        digits = self.digits()
        return picture_to_show(self.comparison, digits.vectors[hero(self.network, digits)])

    @cached_property
    def ripples(self) -> tuple[Ripple, Ripple]:
        """The nudge in the network with sigmoids and in the one with ReLU."""
        return both_ripples(self.comparison, self.picture)

    @cached_property
    def networks(self) -> tuple[Network, Network]:
        return start_of(self.comparison)

    def layout(self) -> list[ColumnLayout]:
        """The input as a picture, and the other columns evenly spaced."""
        sizes = self.comparison.sizes
        first = picture_or_column(sizes[0], _INPUT, _EXTENT)
        x = np.linspace(_FROM, _TO, len(sizes) - 1)
        rest = [column(size, (float(at), _INPUT[1]), _HEIGHT) for at, size in zip(x, sizes[1:], strict=True)]
        return [first, *rest]

    def two_networks(self) -> None:
        self.next_section("Two deep networks")
        depth, found = self.comparison.deepest, self.ripples[0]
        self.columns[0].show(self.image)
        self.plain = [
            Connections(start.centres, end.centres, np.zeros((len(end.centres), len(start.centres)))).set_equal(0.45)
            for start, end in zip(self.places[1:], self.places[2:], strict=False)
        ]
        self.title = Words(NAMES[0], _VERDICT_SIZE, COLOURS[0]).move_to((-6.7, _TOP_Y, 0), aligned_edge=LEFT)
        start = self.places[0].centres[found.source]
        end = self.places[1].centres[found.neuron]
        self.nudged = Line(start, end + 0.09 * LEFT, color=theme.ANSWER, stroke_width=6)
        weight = float(self.networks[0].layers[0].weights[found.neuron, found.source])
        self.weight = VGroup(
            Words("weight", theme.LABEL_SIZE, theme.ANSWER), Number(weight, 2, theme.LABEL_SIZE, theme.ANSWER)
        )
        self.weight.arrange(RIGHT, buff=0.2, aligned_edge=UP).move_to((_INPUT[0], _INPUT[1] - _EXTENT / 2 - 0.45, 0))
        with self.voiceover(
            f"Take two deep networks, {in_words(depth)} hidden layers each, with the same random weights. "
            "<bookmark mark='nudge'/> Turn one knob at the beginning, just a little. How much of that reaches the end?",
            moves="A picture and a deep network of dark neurons; lines grow from layer to layer. One weight of the "
            "first layer is drawn in yellow, and its number rises a little.",
        ):
            self.add(*self.columns, self.title)
            self.play(LaggedStart(*(GrowConnections(lines) for lines in self.plain), lag_ratio=0.35, run_time=4))
            self.wait_until_bookmark("nudge")
            self.play(Create(self.nudged), FadeIn(self.weight), run_time=theme.STEP)
            self.play(CountUp(self.weight[1], weight, weight + found.nudge), run_time=2)

    def with_sigmoids(self) -> None:
        self.next_section("With sigmoids")
        found, most = self.ripples[0], steepest(SIGMOID)[1]
        quarter = "a quarter" if abs(most - 0.25) < 0.005 else f"{most:.2f}"
        with self.voiceover(
            f"Each sigmoid passes on {quarter} of what it feels, at most. The next one, {quarter} of that. "
            f"<bookmark mark='gone'/> {capitalised(self.what_arrives(found))}.",
            moves="The change runs from layer to layer: neurons light up by how much they change, and a bar below "
            "each layer shows the largest change. After a few layers nothing is left to be seen.",
        ) as tracker:
            self.run(0, tracker.time_until_bookmark("gone"))
            self.wait_until_bookmark("gone")
            self.judge(0)

    def with_relu(self) -> None:
        self.next_section("With ReLU")
        sigmoid, relu = self.ripples
        better = relu.arriving > sigmoid.arriving
        slope = steepest(RELU)[1]
        ending = (
            f"{self.what_is_lost(relu)} That's still a trace to learn from."
            if better
            else f"And yet, here, {self.what_arrives(relu)}."
        )
        passes = "passes on everything it feels" if slope == 1 else f"passes on up to {slope:g} of what it feels"
        with self.voiceover(
            f"<bookmark mark='relu'/> Now the same with ReLU. A neuron that's awake {passes}. "
            f"<bookmark mark='out'/> {ending}",
            moves="The neurons go dark, and the title changes to ReLU. The change runs through again: bars stand "
            "below all layers, up to the outputs.",
        ) as tracker:
            title = Words(NAMES[1], _VERDICT_SIZE, COLOURS[1]).move_to(self.title, aligned_edge=LEFT)
            dark = [neurons.animate.set_brightness(np.zeros(len(neurons))) for neurons in self.columns[1:]]
            self.play(FadeOut(self.shown), *dark, self.verdicts[0].animate.move_to(self.beside(0)))
            self.title = title
            self.play(FadeIn(self.title), run_time=theme.QUICK)
            self.run(1, tracker.time_until_bookmark("out"))
            self.wait_until_bookmark("out")
            self.judge(1)

    def what_is_lost(self, found: Ripple) -> str:
        """Where the change goes in the network with ReLU, and how much weaker it comes out."""
        if found.arriving > 1 / _LEAST_LOSS:
            return f"What comes out is {weaker(found)}."
        squash = ", and the outputs still squash" if self.networks[1].activations[-1] == "sigmoid" else ""
        return f"Some neurons sleep{squash}: {weaker(found)} in the end."

    def run(self, kind: int, seconds: float) -> None:
        """The change runs through the network, layer by layer, each as bright and as high as it is there."""
        found, network = self.ripples[kind], self.networks[kind]
        whole = float(found.largest[0]) or 1.0
        flows = passed_on(network, found)
        limit = max(float(np.abs(flow).max()) for flow in flows) or 1.0
        bars, lines = VGroup(), Group()
        if not kind:
            meaning = Words("largest change\nin each layer", theme.NOTE_SIZE, theme.QUIET_TEXT)
            self.play(FadeIn(meaning.move_to((_INPUT[0], _FEET + 0.5, 0))), run_time=0.3)
            seconds -= 0.3
        for layer, (change, largest) in enumerate(zip(found.changes, found.largest, strict=True)):
            neurons = self.columns[layer + 1]
            bar = Rectangle(width=_WIDE, height=max(_HIGH * largest / whole, _LEAST), stroke_width=0)
            bar.set_fill(COLOURS[kind], 1).move_to((neurons.get_x(), _FEET, 0), aligned_edge=DOWN)
            bars.add(bar)
            moves = [neurons.animate.set_brightness(np.abs(change) / whole), GrowFromEdge(bar, DOWN)]
            if layer:
                start, end = self.places[layer], self.places[layer + 1]
                flow = Connections(start.centres, end.centres, np.abs(flows[layer - 1]), limit, 0.5, width=2.5)
                flow.neutral = True
                lines.add(flow)
                moves.append(GrowConnections(flow))
            self.play(*moves, run_time=max(seconds / len(found.changes), _A_LAYER))
        self.shown = Group(lines, bars)

    def judge(self, kind: int) -> None:
        """How much weaker the change has become, in large type above the network."""
        verdict = Words(f"{NAMES[kind]}: {weaker(self.ripples[kind])}", _VERDICT_SIZE, COLOURS[kind])
        verdict.move_to(self.title, aligned_edge=LEFT)
        self.play(FadeOut(self.title), FadeIn(verdict))
        self.verdicts.add(verdict)
        self.play(Indicate(self.columns[-1], 1.06, None), Indicate(verdict, 1.08, COLOURS[kind]))

    def beside(self, kind: int) -> NDArray[np.float64]:
        """Where the first verdict goes when the second one comes."""
        return np.array([6.7 - self.verdicts[kind].width / 2, _TOP_Y, 0])

    def what_arrives(self, found: Ripple) -> str:
        """What comes out at the end, as the end of a sentence."""
        return f"what comes out is {weaker(found)}" if found.arriving else "nothing at all comes out"


def weaker(found: Ripple) -> str:
    """How much weaker the change of the outputs is than that of the first layer."""
    if not found.arriving:
        return "lost completely"
    ratio = 1 / found.arriving
    if ratio < _LEAST_LOSS:
        return "no weaker at all"
    return f"{significant(ratio, 1 if ratio >= 100 else 2)} times weaker"
