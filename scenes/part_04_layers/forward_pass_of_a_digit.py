"""ForwardPassOfADigit: What lights up in one layer decides what lights up in the next, along every connection."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
from manim import (
    RIGHT,
    Animation,
    Arrow,
    Create,
    FadeIn,
    FadeOut,
    Group,
    GrowArrow,
    LaggedStart,
    Mobject,
    Transform,
    VGroup,
    smooth,
)
from numpy.typing import ArrayLike

from network import ForwardPass
from network.analysis.neurons import held_down_neuron, pushed_both_ways, pushed_up
from network.network import Array
from scenes.kit import theme
from scenes.kit.animations.count_up import CountUp
from scenes.kit.animations.forward_pass import GrowConnections, PropagateActivations, RunPulse
from scenes.kit.layout import FRAME_WIDTH, SAFE_MARGIN
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.connections import Connections
from scenes.kit.mobjects.diagram_marks import FRAME_MARGIN, frame_around
from scenes.kit.mobjects.glow import Glow
from scenes.kit.mobjects.network_diagram import NetworkDiagram
from scenes.kit.mobjects.text import Number, Words, as_read, size_that_fits
from scenes.language import _, _n, listed, together
from scenes.part_04_layers.network_in_place import (
    LINE_Y,
    enlarged,
    light_around,
    network_in_place,
    numbers_beside,
    with_marked,
)
from scenes.stage.lesson_scene import LessonScene
from scenes.stage.table_rows import inputs_beside
from scenes.wording import class_in_words, in_words, is_digit, number, one_in_words, ordinal

# How wide the neuron is that is looked at closely, and where it stands.
_CLOSE_UP, _CLOSE_UP_X = 1.9, 2.4
# How long an arrow between two columns is, as a share of the gap.
_ARROW = 0.6
# How bright the neurons are that are not looked at.
_ASIDE = 0.08
# How bright the lines are that no wave has run along yet.
_NOT_NOW = 0.25
# How much larger all is while the waves run, seen from nearer; the middle of the network's height stays in place.
_NEARER, _MIDDLE_Y = 1.24, 0.43
# A wave: how long it takes, how long it is as a share of the lines, and how bright they are ahead of it.
_WAVE, _LENGTH, _AHEAD = 2.8, 0.22, 0.12


class ForwardPassOfADigit(LessonScene):
    """A digit, or a row of a table, goes through the trained network: each layer decides what lights up in the next."""

    def construct(self) -> None:
        self.the_heart()
        self.one_neuron()
        self.every_neuron()
        self.layer_by_layer()
        self.the_answer()
        self.end()

    def alternative_text(self) -> str:
        forward = self.forward
        columns = listed(self.network.sizes)
        return together(
            _(
                "A picture of the class {name} lights up the first layer of a network of columns of {columns} neurons.",
                name=self.truth,
                columns=columns,
            )
            if not self.takes_numbers
            else _(
                "A row of the class {name} lights up the first layer of a network of columns of {columns} neurons.",
                name=self.truth,
                columns=columns,
            ),
            _(
                "Along {connections} connections, layer by layer, bright waves light up the next columns; the "
                "brightest output, {value}, says {said}.",
                connections=number(self.network.weight_count),
                value=number(forward.output[forward.answer], 2, thousands=False),
                said=self.said,
            ),
        )

    @cached_property
    def forward(self) -> ForwardPass:
        return self.network.forward(self.digits().images[self.hero])

    @property
    def truth(self) -> str:
        """What the digit is."""
        digits = self.digits()
        return digits.class_names[digits.labels[self.hero]]

    @property
    def said(self) -> str:
        """What the network says it is."""
        return self.digits().class_names[self.forward.answer]

    @cached_property
    def diagram(self) -> NetworkDiagram:
        diagram = network_in_place(self.network, self.digits())
        diagram.columns[0].show(self.lit)
        return diagram

    @cached_property
    def lit(self) -> Array:
        """How bright the neurons of the first layer are, (n_in,)."""
        return self.brightness(self.forward.input)

    @property
    def looked_at(self) -> int:
        """The neuron of the second column that is looked at closely."""
        return pushed_both_ways(self.forward) if self.takes_numbers else held_down_neuron(self.forward)

    @cached_property
    def light(self) -> Glow:
        """The light around the lit neurons of the first layer."""
        return light_around(self.diagram, self.lit)

    def the_heart(self) -> None:
        """The picture that the scene before ends with: the first layer is lit, all others wait."""
        self.next_section(_("The heart of it"))
        self.add(*self.diagram.columns, self.diagram.dots, self.diagram.counts, self.diagram.labels)
        self.add(inputs_beside(self.digits(), self.diagram.layout[0], self.forward.input))
        with self.voiceover(
            _(
                "This is the heart of it all: <bookmark mark='heart'/> what lights up in one layer "
                "<bookmark mark='next'/> decides what lights up in the next. <bookmark mark='brain'/> It's loosely "
                "like a brain, where cells that fire <bookmark mark='others'/> make others fire."
            ),
            moves=_(
                "A picture of lit discs stands at the left; columns of dark circles stand to its right. A frame is "
                "drawn around the picture, which shines, and goes with an arrow to the next column, and to the next, "
                "up to the outputs."
            )
            if not self.takes_numbers
            else _(
                "The numbers of a row and their lit neurons stand at the left; columns of dark circles stand to their "
                "right. A frame is drawn around the lit column, which shines, and goes with an arrow to the next "
                "column, and to the next, up to the outputs."
            ),
        ):
            frame = frame_around(self.diagram.columns[0])
            self.play(Create(frame))
            self.wait_until_bookmark("heart")
            self.play(FadeIn(self.light))
            self.wait_until_bookmark("next")
            arrows = [self.arrow_from(column) for column in range(len(self.diagram.columns) - 1)]
            self.play(GrowArrow(arrows[0]), Transform(frame, frame_around(self.diagram.columns[1])))
            for column, arrow in enumerate(arrows[1:], 2):
                self.wait_until_bookmark("brain" if column == 2 else "others")
                self.play(GrowArrow(arrow), Transform(frame, frame_around(self.diagram.columns[column])))
            self.wait_for_voiceover()
        self.play(FadeOut(frame, *arrows), run_time=theme.QUICK)

    def arrow_from(self, column: int) -> Arrow:
        """An arrow from one column to the next."""
        left, right = (self.diagram.columns[place] for place in (column, column + 1))
        ends = (left.get_right()[0] + 2 * FRAME_MARGIN, right.get_left()[0] - 2 * FRAME_MARGIN)
        middle, half = (ends[0] + ends[1]) / 2, _ARROW * (ends[1] - ends[0]) / 2
        y = left.get_y()
        return Arrow((middle - half, y, 0), (middle + half, y, 0), buff=0, color=theme.ANSWER, stroke_width=8)

    def one_neuron(self) -> None:
        """One neuron of the second column, large: what pushes it up, and what holds it down."""
        self.next_section(_("One neuron"))
        chosen = self.looked_at
        self.chosen = self.diagram.neuron(1, chosen)
        close = self.chosen.copy().place([(_CLOSE_UP_X, self.diagram.columns[0].get_y(), 0)], _CLOSE_UP)
        self.aside = (*self.diagram.columns[1:], self.diagram.labels, self.diagram.counts)
        self.as_before = [thing.copy() for thing in self.aside]
        fan = self.fan_to(close, chosen)
        flows = self.forward.contributions(0)[chosen]
        pushed = pushed_up(self.forward, chosen)
        up, down = (
            fan.copy().set_values(part[None], np.abs(flows).max()) for part in (flows.clip(0), flows.clip(max=0))
        )
        after = float(self.forward.activations[0][chosen])
        with self.voiceover(
            self.pushes(flows),
            moves=_(
                "One neuron of the second column comes out, large, and lines grow to it from all over the picture. "
                "First light runs along the blue ones, and it lights up; then along the red ones, and it grows dim."
            )
            if not self.takes_numbers
            else _(
                "One neuron of the second column comes out, large, and lines grow to it from all inputs. First light "
                "runs along those that push it up, in blue, then along those that hold it down, in red; as it "
                "arrives, the neuron shows what is left."
            ),
        ):
            self.play(*(thing.animate.set_opacity(_ASIDE) for thing in self.aside), Transform(self.chosen, close))
            self.wait_until_bookmark("fan")
            self.play(GrowConnections(fan))
            self.wait_until_bookmark("blue")
            self.play(Transform(fan, up), run_time=theme.QUICK)
            words = self.beside(close, _("pushed up"), theme.POSITIVE) if flows.max() > 0 else Group()
            glow = Glow(close, [0])
            lit = PropagateActivations(fan, self.chosen, [pushed])
            wave = RunPulse(up, width=4, length=_LENGTH, shining=True)
            self.play(wave, lit, self.lights_up(glow, [pushed]), FadeIn(words))
            self.wait_until_bookmark("red")
            both = fan.copy().set_values(flows[None])
            self.play(Transform(fan, both), run_time=theme.QUICK)
            held = self.beside(close, _("held down"), theme.NEGATIVE) if flows.min() < 0 else words
            lit = PropagateActivations(fan, self.chosen, [after])
            wave = RunPulse(down, width=4, length=_LENGTH, shining=True)
            change = [FadeOut(words), FadeIn(held)] if held is not words else []
            self.play(wave, lit, self.lights_up(glow, [after]), *change)
        self.close_up = Group(fan, held, glow)

    def pushes(self, flows: Array) -> str:
        """What is said of the neuron that is looked at closely; flows: w·a of its links, (n_in,)."""
        if not self.takes_numbers:
            return _(
                "Take one neuron. <bookmark mark='fan'/> It's linked to all {n} before it. <bookmark mark='blue'/> "
                "Along the blue links, bright ones push it up. <bookmark mark='red'/> Along the red ones, they hold "
                "it down.",
                n=number(self.network.sizes[0], thousands=False),
            )
        return together(
            _("Take one neuron. <bookmark mark='fan'/> It's connected to the one input there is.")
            if len(flows) == 1
            else _("Take one neuron. <bookmark mark='fan'/> It's connected to both inputs.")
            if len(flows) == 2
            else _("Take one neuron. <bookmark mark='fan'/> It's connected to all {n} inputs.", n=in_words(len(flows))),
            _("<bookmark mark='blue'/> Whatever is blue pushes it up.")
            if flows.max() > 0
            else _("<bookmark mark='blue'/> For this row, nothing pushes it up."),
            _("<bookmark mark='red'/> Whatever is red holds it down.")
            if flows.min() < 0
            else _("<bookmark mark='red'/> For this row, nothing holds it down."),
        )

    def lights_up(self, glow: Glow, activations: ArrayLike, **options: Any) -> Transform:
        """The light around neurons changes as the wave arrives."""
        lit = glow.copy().show(activations)
        return Transform(glow, lit, rate_func=_as_the_wave_arrives, **{"run_time": theme.FLOW, **options})

    def beside(self, neuron: Cells, words: str, colour: str) -> Words:
        """What happens to a neuron, to its right."""
        room = FRAME_WIDTH / 2 - SAFE_MARGIN - float(neuron.get_right()[0]) - 0.4
        size = size_that_fits([words], room, 1.2 * theme.TITLE_SIZE)
        return Words(words, size, colour).next_to(neuron, RIGHT, buff=0.4)

    def fan_to(self, neuron: Cells, index: int) -> Connections:
        """The connections from the picture to one neuron, by their weights."""
        weights = self.network.layers[0].weights[index][None]
        return Connections(self.diagram.columns[0].centres, neuron.centres, weights, contrast=0.45, width=2.2)

    def every_neuron(self) -> None:
        self.next_section(_("Every neuron"))
        total = self.network.weight_count
        count = Number(total, size=1.4 * theme.TITLE_SIZE)
        unit = Words(_("connections"), 1.2 * theme.TITLE_SIZE, theme.QUIET_TEXT)
        as_read(VGroup(count, unit).arrange(RIGHT, buff=0.3)).move_to((0, LINE_Y, 0))
        back = self.diagram.neuron(1, self.looked_at).set_opacity(1)
        with self.voiceover(
            _n(
                "And so it goes for every neuron: {n} connection.",
                "And so it goes for every neuron: {n} connections.",
                total,
            ),
            moves=_(
                "The neuron goes back, and lines grow from every neuron to all of the next column, while they are "
                "counted."
            ),
        ):
            self.play(
                FadeOut(self.close_up),
                Transform(self.chosen, back),
                *(Transform(*pair) for pair in zip(self.aside, self.as_before, strict=True)),
            )
            self.remove(self.chosen)
            growing = (GrowConnections(connections) for connections in self.diagram.connections)
            self.play(
                LaggedStart(*growing, lag_ratio=0.4),
                CountUp(count, 0, total, run_time=theme.FLOW),
                FadeIn(unit),
            )
        self.counted = Group(count, unit)

    def layer_by_layer(self) -> None:
        """One wave a layer; each is seen to its end before the next one is spoken of."""
        self.next_section(_("Layer by layer"))
        self.glows: list[Glow] = []
        self.view = (1.0, 0.0)
        moves = (
            _("All lines grow dim, and the view comes nearer; the picture shines brighter than before.")
            if not self.takes_numbers
            else _("All lines grow dim; the first layer shines brighter than before.")
        )
        with self.voiceover(_("Now watch."), moves=moves):
            changed: dict[Mobject, Mobject] = {
                connections: connections.copy().set_opacity(_NOT_NOW) for connections in self.diagram.connections
            }
            changed[self.light] = self.light.copy().show(1.6 * self.lit)
            self.play(*self.look_at(0, changed), FadeOut(self.counted), run_time=1.2 * theme.STEP)
        for layer, (sentence, connections) in enumerate(zip(self.waves(), self.diagram.connections, strict=True)):
            neurons, activations = self.diagram.columns[layer + 1], self.forward.activations[layer]
            with self.voiceover(
                sentence,
                moves=_(
                    "The view moves on to this layer. Its lines show what flows through them; a shining wave of blue "
                    "and red light runs along, and as it arrives, the neurons of the next column light up, each as "
                    "much as the network says."
                )
                if not self.takes_numbers
                else _(
                    "The lines show what flows through them; a shining wave of blue and red light runs along, and "
                    "as it arrives, the neurons of the next column light up, each as much as the network says."
                ),
            ):
                wave = {"run_time": _WAVE}
                self.play(*self.look_at(layer, {connections: self.flowing(layer)}), run_time=0.8)
                glow = Glow(neurons, activations).show(np.zeros(len(activations)))
                self.glows.append(glow)
                self.add(glow)
                self.play(
                    RunPulse(connections, length=_LENGTH, shining=True, **wave),
                    PropagateActivations(connections, neurons, activations, ahead=_AHEAD, **wave),
                    self.lights_up(glow, activations, **wave),
                )

    def look_at(self, layer: int | None, changed: Mapping[Mobject, Mobject] | None = None) -> list[Animation]:
        """From nearer, the connections of a layer in the middle of the frame; None for the whole network again.

        changed: what things become on the way. A table's numbers and names stay where they are, and so does all else.
        """
        columns, (scale, x) = self.diagram.columns, self.view
        if layer is None or self.takes_numbers:
            self.view = (1.0, 0.0)
        else:
            # In the places of the whole network.
            ends = self.diagram.layout[layer].centres[:, 0].min(), self.diagram.layout[layer + 1].centres[:, 0].max()
            self.view = (_NEARER, float(sum(ends)) / 2)
        larger, aside = self.view[0] / scale, (x - self.view[1]) * self.view[0]
        things = [*self.diagram.connections, *columns, self.diagram.dots, self.diagram.counts, self.diagram.labels]
        moves = []
        for thing in (*things, self.light, *self.glows):
            target = changed[thing] if changed and thing in changed else thing.copy()
            # Nothing that is read leaves the frame.
            if thing is self.diagram.counts:
                target.set_opacity(float(self.view[0] == 1.0))
            elif thing is self.diagram.labels:
                outputs_in_view = self.view[0] == 1.0 or layer == len(columns) - 2
                for label, shown in zip(target, self.diagram.layout[-1].shown, strict=True):
                    label.set_opacity(float(shown and outputs_in_view))
            target.scale(larger, about_point=(0, _MIDDLE_Y, 0)).shift(aside * RIGHT)
            moves.append(Transform(thing, target))
        return moves

    def flowing(self, layer: int) -> Connections:
        """The lines of a layer as they are while they wait for the wave: by what flows through them, w·a."""
        flows = self.forward.contributions(layer)
        flowing = self.diagram.connections[layer].copy().set_opacity(1).set_pulse(-0.3, _AHEAD)
        return flowing.set_values(flows, np.abs(flows).max(axis=1, keepdims=True))

    def waves(self) -> list[str]:
        """What is said while each layer is lit by the one before."""
        hidden = len(self.network.sizes) - 2
        if self.takes_numbers:
            return self.waves_of_a_row(hidden)
        if not hidden:
            return [_("The picture sets the outputs.")]
        if hidden == 1:
            return [_("The picture sets the hidden layer."), _("And that pattern sets the outputs.")]
        return [
            _("The picture sets the first hidden layer."),
            *(_("That pattern sets the {which}.", which=ordinal(layer)) for layer in range(1, hidden)),
            _("And that one sets the outputs."),
        ]

    def waves_of_a_row(self, hidden: int) -> list[str]:
        """The same for a row of a table; hidden: the number of hidden layers."""
        if not hidden:
            return [_("The row sets the outputs.")]
        if hidden == 1:
            return [_("The row sets the hidden layer."), _("And that pattern sets the outputs.")]
        return [
            _("The row sets the first hidden layer."),
            *(_("That pattern sets the {which}.", which=ordinal(layer)) for layer in range(1, hidden)),
            _("And that one sets the outputs."),
        ]

    def which_is_brightest(self) -> str:
        """What the network says, and whether that is wrong."""
        if self.takes_numbers:
            return together(
                _("The brightest output <bookmark mark='answer'/> stands for {name}.", name=class_in_words(self.said)),
                _("That's wrong, by the way: the table says {name}.", name=class_in_words(self.truth))
                if self.said != self.truth
                else _("And that's what the table says, too."),
            )
        return together(
            _("The brightest is <bookmark mark='answer'/> the {digit}.", digit=class_in_words(self.said))
            if is_digit(self.said)
            else _("The brightest is <bookmark mark='answer'/> the one for {name}.", name=self.said),
            _("It's wrong, by the way: this is {digit}.", digit=one_in_words(self.truth))
            if self.said != self.truth
            else "",
        )

    def the_answer(self) -> None:
        self.next_section(_("The answer"))
        forward = self.forward
        numbers = numbers_beside(self.diagram, forward.output)
        self.values = with_marked(self.diagram, forward.output, forward.answer)
        with self.voiceover(
            self.which_is_brightest(),
            moves=_(
                "The whole network is in view again. The value of each output appears beside it, and a ring marks the "
                "brightest."
            )
            if not self.takes_numbers
            else _("The value of each output appears beside it, and a ring marks the brightest."),
        ):
            self.play(*self.look_at(None), FadeIn(numbers, shift=0.2 * RIGHT))
            self.wait_until_bookmark("answer")
            self.ring = self.diagram.ring(-1, forward.answer)
            label = self.diagram.labels[forward.answer]
            rest = self.light.copy().show(self.lit)
            self.play(
                Create(self.ring),
                Transform(label, enlarged(label)),
                Transform(numbers, self.values),
                *(connections.animate.set_profile([1]) for connections in self.diagram.connections),
                Transform(self.light, rest),
                run_time=theme.STEP,
            )
            for connections in self.diagram.connections:
                connections.set_profile([1])


def _as_the_wave_arrives(alpha: float) -> float:
    """A rate function: as late as the neurons light up in `PropagateActivations`."""
    arrival = PropagateActivations.ARRIVAL
    return float(smooth(max(alpha - arrival, 0) / (1 - arrival)))
