"""Where the gradient goes: one early weight is nudged, and how much of that reaches the end of two deep networks."""

from __future__ import annotations

from manim import (
    RIGHT,
    AnimationGroup,
    Create,
    FadeIn,
    FadeOut,
    Indicate,
    LaggedStart,
    Transform,
)

from network.analysis.ripple import Ripple, both_ripples
from scenes.kit import theme
from scenes.kit.animations.dials import TurnDial
from scenes.kit.animations.forward_pass import GrowConnections
from scenes.language import _, together
from scenes.part_12_relu.depth_scene import DepthScene
from scenes.part_12_relu.ripple_stage import REACH, RippleStage, times_weaker, weaker
from scenes.part_12_relu.two_graphs import TwoGraphs
from scenes.wording import in_words

# How long the change takes from one layer to the next, at least.
_A_LAYER = 0.22


class WhereTheGradientGoes(DepthScene):
    """The same deep network with sigmoids and with ReLU: one weight is nudged, and the change runs through both."""

    def construct(self) -> None:
        self.stage = RippleStage(self.comparison, self.image)
        self.two_networks()
        self.the_ripple()
        self.end()

    def alternative_text(self) -> str:
        sigmoid, relu = self.ripples
        return _(
            "Two networks with {layers} hidden layers and the same random weights look at one picture. One weight of "
            "the first layer is nudged; neurons give light in proportion to their change: with sigmoids the change of "
            "the outputs is {sigmoid}; with ReLU the change of the outputs is {relu}.",
            layers=self.comparison.deepest,
            sigmoid=weaker(sigmoid),
            relu=weaker(relu),
        )

    @property
    def ripples(self) -> tuple[Ripple, Ripple]:
        """The nudge in the network with sigmoids and in the one with ReLU."""
        return both_ripples(self.comparison, self.image)

    def two_networks(self) -> None:
        self.next_section(_("Two deep networks"))
        stage, before = self.stage, TwoGraphs().at_the_end()
        with self.voiceover(
            _(
                "Take two deep networks, still untrained, with {layers} hidden layers each, <bookmark mark='nudge'/> "
                "and turn one knob at the beginning, just a little.",
                layers=in_words(self.comparison.deepest),
            ),
            moves=_(
                "The graphs fade. There are one picture and two deep networks of dark neurons, one above the other; "
                "connections grow from layer to layer. Below the picture a knob is turned a little, and the yellow "
                "connections of its weight are drawn."
            ),
        ) as tracker:
            neurons = [one for columns in stage.columns for one in columns]
            self.add(before)
            self.play(FadeOut(before), FadeIn(stage.picture, *neurons, stage.titles), run_time=theme.STEP)
            grow = (AnimationGroup(*map(GrowConnections, pair)) for pair in zip(*stage.plain, strict=True))
            time = max(tracker.time_until_bookmark("nudge"), theme.STEP)
            self.play(LaggedStart(*grow, lag_ratio=0.3, run_time=time))
            self.wait_until_bookmark("nudge")
            self.play(Create(stage.nudged), FadeIn(stage.dial, stage.number), run_time=theme.QUICK)
            self.play(TurnDial(stage.dial, stage.number, [stage.weight, stage.turned], REACH, run_time=1.5))

    def the_ripple(self) -> None:
        self.next_section(_("The ripple"))
        sigmoid, relu = self.ripples
        with self.voiceover(
            together(through_sigmoids(sigmoid), through_relu(relu, bool(times_weaker(sigmoid)))),
            moves=_(
                "The change runs through the upper network, then through the lower one: neurons, and the space behind "
                "their layer, give light by how much they change. Beneath some layers, and beside each network for "
                "the end, stands how much weaker the change is there."
            ),
        ) as tracker:
            layers = len(self.stage.columns[0])
            self.run(0, max(tracker.time_until_bookmark("weaker") / layers, _A_LAYER))
            self.wait_until_bookmark("weaker")
            self.judge(0)
            self.play(Indicate(self.stage.columns[0][0], 1.08, None))
            self.wait_until_bookmark("relu")
            self.run(1, _A_LAYER)
            self.judge(1)

    def run(self, kind: int, a_layer: float) -> None:
        """The change runs through a network, layer by layer, each neuron with as much light as it changes."""
        notes = self.stage.notes(kind)
        parts = zip(self.stage.columns[kind], self.stage.steps(kind), strict=True)
        for layer, (neurons, (changed, flow, beam)) in enumerate(parts):
            moves = [Transform(neurons, changed), FadeIn(beam)]
            if layer in notes:
                moves.append(FadeIn(notes[layer]))
            if flow is not None:
                moves.append(GrowConnections(flow))
            self.bring_to_back(beam)
            self.play(*moves, run_time=a_layer)

    def judge(self, kind: int) -> None:
        """How much weaker the change has become, in large type beside the network."""
        shown = self.stage.verdict(kind)
        self.play(FadeIn(shown, shift=0.3 * RIGHT), Indicate(self.stage.columns[kind][-1], 1.08, None))


def through_sigmoids(found: Ripple) -> str:
    """What becomes of the change in the network with sigmoids."""
    if not found.arriving:
        return _("In this pair, the change never comes <bookmark mark='weaker'/> through the sigmoids.")
    return _(
        "In this pair, the change comes out of the sigmoids <bookmark mark='weaker'/> {weaker} than it was in the "
        "first layer.",
        weaker=weaker(found),
    )


def through_relu(found: Ripple, compared: bool) -> str:
    """What becomes of it in the network with ReLU; compared: a factor by which it is weaker was told before."""
    factor = times_weaker(found)
    if factor and compared:
        return _("<bookmark mark='relu'/> Through ReLU, {factor} times.", factor=factor)
    if not found.arriving:
        return _("<bookmark mark='relu'/> Through ReLU, nothing arrives.")
    return _("<bookmark mark='relu'/> Through ReLU, it's {weaker}.", weaker=weaker(found))
