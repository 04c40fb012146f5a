"""TheOutputs: The lights at the end, looked at for longer: sure, torn between two, at a loss."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from manim import (
    UP,
    Animation,
    AnimationGroup,
    Create,
    FadeIn,
    FadeOut,
    Group,
    LaggedStart,
    Transform,
    there_and_back,
)

from network import ForwardPass
from network.analysis.examples import clear_torn_and_unsure, least_sure_row, outputs_make_one
from network.network import Array
from scenes.kit import theme
from scenes.kit.animations.forward_pass import RunPulse
from scenes.kit.colour import rgb
from scenes.kit.layout import FRAME_WIDTH, SAFE_MARGIN
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.glow import Glow
from scenes.kit.mobjects.network_diagram import NetworkDiagram
from scenes.kit.mobjects.text import Words, size_that_fits
from scenes.language import _, _n, left_to_right, together
from scenes.part_04_layers.network_in_place import (
    LINE_Y,
    enlarged,
    light_around,
    network_in_place,
    with_marked,
)
from scenes.stage.lesson_scene import LessonScene
from scenes.stage.table_rows import inputs_beside
from scenes.wording import class_in_words, in_words, number, one_in_words, places_that_tell

# An output that is at least this high is called bright; one that is at least this high is thought of.
_BRIGHT, _THOUGHT_OF = 0.5, 0.1
# Two outputs that are nearer to each other than this differ by a hair.
_A_HAIR = 0.005
# From this output on the network is fairly sure.
_SURE = 0.8
# How bright all but picture and outputs are while the outputs are looked at.
_ASIDE = 0.16
# The bars of the outputs: how far their feet are from the lights, and how thick they are in diameters of a light.
_FOOT, _THICK = 0.35, 0.7
# The height of what is added up.
_SUM_Y = 3.35
# The time to think about what a picture may be, in seconds.
_TIME_TO_THINK = 1.0


class TheOutputs(LessonScene):
    """What the outputs say: how much the network thinks "this one"; for a clear picture, and for two that are not."""

    def construct(self) -> None:
        self.sure()
        if self.takes_numbers:
            self.least_sure()
        else:
            self.torn()
            self.at_a_loss()
        self.end()

    def alternative_text(self) -> str:
        if self.takes_numbers:
            return _(
                "Two rows of a table go through the network. For the first the output {name} is the brightest, with "
                "{value}; for the second, of which it is least sure, {other} is, with {other_value}.",
                name=self.names[self.passes[0].answer],
                value=self.value(0, self.passes[0].answer),
                other=self.names[self.passes[1].answer],
                other_value=self.value(1, self.passes[1].answer),
            )
        return together(_("Three pictures go through the network."), self.how_bright())

    def how_bright(self) -> str:
        """How bright the outputs are for the three pictures, in one sentence."""
        answer = self.passes[0].answer
        first = {"name": self.names[answer], "value": self.value(0, answer)}
        if self.two_are_bright:
            return (
                _(
                    "For the first the output {name} is the brightest, with {value}; for the second two outputs are "
                    "bright, for the third none is.",
                    **first,
                )
                if self.none_is_bright
                else _(
                    "For the first the output {name} is the brightest, with {value}; for the second two outputs are "
                    "bright, for the third they are least bright of all.",
                    **first,
                )
            )
        one, other = (self.value(1, output) for output in self.two_brightest(1))
        return (
            _(
                "For the first the output {name} is the brightest, with {value}; for the second the two brightest have "
                "{one} and {other}, for the third none is.",
                one=one,
                other=other,
                **first,
            )
            if self.none_is_bright
            else _(
                "For the first the output {name} is the brightest, with {value}; for the second the two brightest have "
                "{one} and {other}, for the third they are least bright of all.",
                one=one,
                other=other,
                **first,
            )
        )

    @property
    def names(self) -> tuple[str, ...]:
        return self.digits().class_names

    @cached_property
    def examples(self) -> tuple[int, ...]:
        """The indices of the three pictures in the test set, or of two rows of a table."""
        if self.takes_numbers:
            return self.hero, least_sure_row(self.network, self.digits())
        return clear_torn_and_unsure(self.network, self.digits())

    @cached_property
    def passes(self) -> list[ForwardPass]:
        return [self.network.forward(self.digits().images[index]) for index in self.examples]

    def truth(self, example: int) -> str:
        """What one of the three pictures is."""
        return self.names[self.digits().labels[self.examples[example]]]

    def two_brightest(self, example: int) -> tuple[int, int]:
        """The two brightest outputs for one of the three pictures, the brighter one first."""
        output = self.passes[example].output
        if len(output) == 1:
            return 0, 0
        one, other = np.argsort(-output, kind="stable")[:2]
        return int(one), int(other)

    def value(self, example: int, output: int) -> str:
        """The value of an output for one of the three pictures, in figures."""
        outputs = self.passes[example].output
        return number(outputs[output], places_that_tell(outputs), thousands=False)

    def two_values(self, example: int) -> dict[str, str]:
        """The values of the two brightest outputs and what they stand for, as places of a sentence."""
        one, other = self.two_brightest(example)
        return {
            "one": self.value(example, one),
            "one_digit": class_in_words(self.names[one]),
            "other": self.value(example, other),
            "other_digit": class_in_words(self.names[other]),
        }

    @property
    def two_are_bright(self) -> bool:
        """Whether the second picture has two bright outputs."""
        return bool(self.passes[1].output[self.two_brightest(1)[1]] >= _BRIGHT)

    @property
    def none_is_bright(self) -> bool:
        """Whether the third picture has no bright output."""
        return bool(self.passes[2].output.max() < _BRIGHT)

    @cached_property
    def diagram(self) -> NetworkDiagram:
        """The network, as the scene before leaves it."""
        diagram = network_in_place(self.network, self.digits()).show(self.passes[0])
        diagram.columns[0].show(self.brightness(self.passes[0].input))
        return diagram

    def sure(self) -> None:
        """The picture that the scene before ends with; then the lines step back, and the outputs are looked at."""
        self.next_section(_("Sure"))
        forward, diagram = self.passes[0], self.diagram
        self.glows = [
            Glow(neurons, activations)
            for neurons, activations in zip(diagram.columns[1:], forward.activations, strict=True)
        ]
        self.values = with_marked(diagram, forward.output, forward.answer)
        self.plain_labels, self.marked = diagram.labels.copy(), [forward.answer]
        diagram.labels[forward.answer].become(enlarged(diagram.labels[forward.answer]))
        self.rings, self.shown = Group(diagram.ring(-1, forward.answer)), forward
        self.light = light_around(diagram, self.brightness(forward.input))
        self.named = inputs_beside(self.digits(), diagram.layout[0], forward.input)
        self.below = Group()
        self.add(
            *diagram.connections,
            *self.glows,
            self.light,
            *diagram.columns,
            diagram.dots,
            diagram.labels,
            diagram.counts,
        )
        self.add(self.values, self.rings, self.named)
        one, other = self.two_brightest(0)
        with self.voiceover(
            self.how_sure(),
            moves=_(
                "The lines of the network step back, and a bar grows to the left from each output, as long as its "
                "number is large. The two greatest numbers swell, one after the other."
            )
            if not self.takes_numbers
            else _(
                "The lines of the network step back. Beside the outputs the two greatest numbers swell, one "
                "after the other."
            ),
        ) as tracker:
            aside = (*diagram.connections, *diagram.columns[1:-1], *self.glows[:-1])
            self.bars = self.bars_of(np.zeros_like(forward.output))
            self.add(self.bars)
            self.play(
                *(thing.animate.set_opacity(_ASIDE) for thing in aside),
                Transform(self.bars, self.bars_of(forward.output)),
                FadeOut(diagram.counts),
            )
            self.wait_until_bookmark("one")
            self.play(self.swell(one))
            self.wait_until_bookmark("other")
            both = with_marked(diagram, forward.output, one, other)
            until = max(tracker.time_until_bookmark("else"), theme.STEP)
            self.play(
                Transform(self.values, both, run_time=theme.STEP),
                Transform(self.bars, self.bars_of(forward.output, one, other), run_time=theme.STEP),
                self.swell(other, until),
                *self.mark_labels([one, other]),
            )
            self.wait_until_bookmark("else")
            self.play(self.swell(other, theme.FLOW))

    def bars_of(self, outputs: Array, *marked: int) -> Cells:
        """A bar for each output, (n,), from its light to the left: full where it is 1, and at the greatest of all.

        The bars of the marked ones have the colour of the answer. A table's network has no room for them.
        """
        place, columns = self.diagram.layout[-1], self.diagram.columns
        foot = place.centres[:, 0] - _FOOT
        longest = float(foot[0] - columns[0].get_right()[0]) - _FOOT
        greatest = max(1.0, *(float(np.abs(one.output).max()) for one in self.passes))
        bars = Cells(place.centres, 1, 0, rgb(theme.NEUTRAL), place.shown & (not self.takes_numbers), stroke_width=0)
        half = _THICK * place.diameter / 2
        bars.points[0::2, 0], bars.points[1::2, 0] = foot - longest * np.clip(outputs, 0, None) / greatest, foot
        bars.points[0::2, 1], bars.points[1::2, 1] = place.centres[:, 1] - half, place.centres[:, 1] + half
        bars.colours = bars.colours.copy()
        bars.colours[list(marked)] = rgb(theme.ANSWER)
        return bars

    def how_sure(self) -> str:
        """What the two brightest outputs say of the first picture, and how sure the network is of it."""
        values = self.two_values(0)
        one, other = np.sort(self.passes[0].output)[::-1][:2] if len(self.names) > 1 else (self.passes[0].output[0], 0)
        if one < _SURE:
            return _(
                "Look: <bookmark mark='one'/> {one} for {one_digit}, <bookmark mark='other'/> {other} for "
                "{other_digit}: not sure, and <bookmark mark='else'/> you can see what else it thinks of.",
                **values,
            )
        if other < _THOUGHT_OF:
            return _(
                "Look: <bookmark mark='one'/> {one} for {one_digit}, <bookmark mark='other'/> {other} for "
                "{other_digit}: sure, and <bookmark mark='else'/> it hardly thinks of anything else.",
                **values,
            )
        return _(
            "Look: <bookmark mark='one'/> {one} for {one_digit}, <bookmark mark='other'/> {other} for {other_digit}: "
            "fairly sure, and <bookmark mark='else'/> you can see what else it thinks of.",
            **values,
        )

    def swell(self, output: int, run_time: float = theme.STEP) -> Animation:
        """A ring closes around a light for a moment; the light itself keeps its brightness, which is its number."""
        scale = 1.2 if self.takes_numbers else 1.7  # large neurons have no room around them
        ring = self.diagram.ring(-1, output)
        return FadeIn(ring, scale=scale, rate_func=there_and_back, remover=True, run_time=run_time)

    def least_sure(self) -> None:
        """The row of a table of which the network is least sure, which may be quite sure."""
        self.next_section(_("Least sure"))
        answer, truth = self.passes[1].answer, self.truth(1)
        right = (
            _("That's right.")
            if self.names[answer] == truth
            else _("That's wrong: the table says {name}.", name=class_in_words(truth))
        )
        with self.voiceover(
            together(
                _(
                    "Of all the other test rows, it's least sure of this one: <bookmark mark='answer'/> {value} for "
                    "{name}.",
                    value=self.value(1, answer),
                    name=class_in_words(self.names[answer]),
                ),
                right,
                self.how_they_add_up(),
            ),
            moves=_(
                "Another row comes in, and bright waves run through the network. A ring marks the brightest output; "
                "then rings are drawn around all outputs, one after the other."
            ),
        ):
            self.read(1)
            self.wait_until_bookmark("answer")
            self.play(*self.mark([answer]), self.swell(answer))
            self.wait_until_bookmark("sum")
            self.ring_all()

    def torn(self) -> None:
        self.next_section(_("Torn"))
        one, other = self.two_brightest(1)
        with self.voiceover(
            _("Now this one."),
            moves=_("The picture changes, and bright waves run through the network."),
        ):
            self.read(1)
        with self.voiceover(
            together(self.two_lights(), self.how_they_add_up(), _("What would you say?")),
            moves=_(
                "The two brightest outputs are marked, one after the other; their sum appears at the top, and a ring "
                "around each output in turn."
            )
            if self.sum_of_two()
            else _("The two brightest outputs are marked, one after the other; then a ring around each in turn."),
        ) as tracker:
            self.wait_until_bookmark("one")
            self.play(*self.mark([one]), self.swell(one))
            if other != one:
                self.wait_until_bookmark("other")
                self.play(*self.mark([one, other]), self.swell(other))
            if self.how_they_add_up():
                self.wait_until_bookmark("sum")
                if added := self.sum_of_two():
                    self.below.add(added)
                    self.play(FadeIn(added, shift=0.2 * UP), run_time=theme.QUICK)
                self.ring_all()
            # While it is asked, and in the time to think, the two lights swell by turns.
            self.by_turns([one, other], tracker.get_remaining_duration())
        self.by_turns([one, other], _TIME_TO_THINK)
        self.what_it_was()

    def by_turns(self, outputs: Sequence[int], seconds: float) -> None:
        """Lights swell one after another, in so many seconds; not at all if there is hardly any time."""
        different = list(dict.fromkeys(outputs))
        if seconds / len(different) >= theme.QUICK:
            for output in different:
                self.play(self.swell(output, seconds / len(different)))

    def ring_all(self) -> None:
        """Rings are drawn around all outputs, one after the other, and go again."""
        outputs = np.flatnonzero(self.diagram.layout[-1].shown)
        rings = (self.diagram.ring(-1, int(output)) for output in outputs)
        around = (Create(ring, rate_func=there_and_back, remover=True) for ring in rings)
        self.play(LaggedStart(*around, lag_ratio=0.15, run_time=theme.FLOW))

    def two_lights(self) -> str:
        """What the two brightest outputs say of the second picture; there may be only one."""
        one, other = self.two_brightest(1)
        values = self.two_values(1)
        if one == other:
            return (
                _("<bookmark mark='one'/> {one} for {one_digit}.", **values)
                if self.two_are_bright
                else _(
                    "No other picture has a second light so bright: <bookmark mark='one'/> {one} for {one_digit}.",
                    **values,
                )
            )
        return (
            _(
                "<bookmark mark='one'/> {one} for {one_digit}, <bookmark mark='other'/> and {other} for {other_digit}.",
                **values,
            )
            if self.two_are_bright
            else _(
                "No other picture has a second light so bright: <bookmark mark='one'/> {one} for {one_digit}, "
                "<bookmark mark='other'/> and {other} for {other_digit}.",
                **values,
            )
        )

    def how_they_add_up(self) -> str:
        """Whether the outputs share one whole; nothing where there is only one."""
        lights = len(self.passes[1].output)
        if lights == 1:
            return ""
        if outputs_make_one(self.network):
            return _("<bookmark mark='sum'/> Together they always add up to one.")
        return _n(
            "<bookmark mark='sum'/> These are {n} separate light: they needn't add up to one.",
            "<bookmark mark='sum'/> These are {n} separate lights: they needn't add up to one.",
            lights,
            n=in_words(lights),
        )

    def sum_of_two(self) -> Words | None:
        """The two brightest outputs for the second picture, added up in figures, if they are more than one together.

        None, too, if the figures that are shown would not add up.
        """
        outputs = self.passes[1].output
        places = places_that_tell(outputs)
        two = [round(float(outputs[n]), places) for n in self.two_brightest(1)]
        total = float(sum(outputs[n] for n in dict.fromkeys(self.two_brightest(1))))
        if total <= 1 or outputs_make_one(self.network) or round(sum(two), places) != round(total, places):
            return None
        one, other, both = (number(value, places, thousands=False) for value in (*two, total))
        added = Words(left_to_right(f"{one} + {other} = {both}"), 1.4 * theme.TITLE_SIZE, theme.ANSWER)
        return added.move_to((0, _SUM_Y, 0))

    def what_it_was(self) -> None:
        """What the picture was meant to be, and what the network says."""
        answer = self.passes[1].answer
        with self.voiceover(
            _("It was meant to be {digit}.", digit=one_in_words(self.truth(1))),
            moves=_("What the picture was meant to be appears below it, and only the answer keeps its mark."),
        ):
            self.play(FadeIn(self.meant(1), shift=0.2 * UP), *self.mark([answer]))

    def meant(self, example: int) -> Words:
        """What one of the three pictures was meant to be, below it."""
        words, x = _("meant: {name}", name=self.truth(example)), float(self.diagram.columns[0].get_x())
        room = 2 * (FRAME_WIDTH / 2 - SAFE_MARGIN - abs(x))
        meant = Words(words, size_that_fits([words], room, theme.TITLE_SIZE))
        self.below.add(meant.move_to((x, LINE_Y, 0)))
        return meant

    def at_a_loss(self) -> None:
        self.next_section(_("At a loss"))
        answer, truth = self.passes[2].answer, self.truth(2)
        first, second = self.two_brightest(2)
        outputs = self.passes[2].output
        by_a_hair = self.names[second] == truth and float(outputs[first] - outputs[second]) < _A_HAIR
        bet = (
            _("I wouldn't have bet on it, <bookmark mark='bet'/> but it's right.")
            if self.names[answer] == truth
            else _("But only just: <bookmark mark='bet'/> it was meant to be {digit}.", digit=one_in_words(truth))
            if by_a_hair
            else _(
                "But I wouldn't bet on it. <bookmark mark='bet'/> It was meant to be {digit}.",
                digit=one_in_words(truth),
            )
        )
        with self.voiceover(
            _("And here?"),
            moves=_("The picture changes, and bright waves run through the network."),
        ):
            self.read(2)
        with self.voiceover(
            together(
                self.how_dark_it_is(),
                _(
                    "<bookmark mark='still'/> There's still a brightest one: <bookmark mark='answer'/> {answer}.",
                    answer=class_in_words(self.names[answer]),
                ),
                bet,
            ),
            moves=_("A ring marks the brightest output, and what the picture was meant to be appears below it."),
        ):
            self.wait_until_bookmark("still")
            self.play(*self.mark([answer]), self.swell(answer))
            self.wait_until_bookmark("answer")
            self.play(self.swell(answer))
            self.wait_until_bookmark("bet")
            self.play(FadeIn(self.meant(2), shift=0.2 * UP), *([self.swell(second)] if by_a_hair else []))

    def how_dark_it_is(self) -> str:
        """What is said of the outputs for the third picture, by which is drawn: below zero they are red."""
        outputs = self.passes[2].output
        if outputs.max() < _THOUGHT_OF <= -outputs.min():
            return _("All of them say no.")
        if outputs.max() < _THOUGHT_OF:
            return _("Nothing lights up at all.")
        return _("For no other picture are they so dark.")

    def read(self, example: int, wave: float = 1.4 * theme.STEP) -> None:
        """Another picture goes through the network, layer by layer; the outputs are dark until it arrives."""
        forward = self.passes[example]
        first, *others = self.diagram.columns
        dark = np.zeros_like(forward.output)
        self.shown = forward
        self.play(
            Transform(first, first.copy().show(self.brightness(forward.input))),
            *([Transform(self.named, self.named.copy().show(forward.input))] if self.takes_numbers else []),
            *(Transform(lit, lit.copy().show(dark)) for lit in (others[-1], self.glows[-1])),
            FadeOut(self.values),
            Transform(self.bars, self.bars_of(dark)),
            Transform(self.light, self.light.copy().show(self.brightness(forward.input))),
            *([FadeOut(self.below)] if len(self.below) else []),
            *self.mark_rings([]),
            *self.mark_labels([]),
            run_time=theme.QUICK,
        )
        self.below = Group()
        waves: list[Animation] = []
        for layer, activations in enumerate(forward.activations):
            connections, neurons, glow = self.diagram.connections[layer], others[layer], self.glows[layer]
            flows = forward.contributions(layer)
            flowing = connections.copy().set_values(flows, np.abs(flows).max(axis=1, keepdims=True))
            bright = _ASIDE if layer < len(self.diagram.connections) - 1 else 1.0
            waves += [
                RunPulse(flowing, run_time=wave, length=0.25, shining=True),
                Transform(connections, flowing.copy().set_opacity(_ASIDE)),
                Transform(neurons, neurons.copy().show(activations).set_opacity(bright)),
                Transform(glow, glow.copy().show(activations).set_opacity(bright)),
            ]
        # New ones, for no number may run through values that the network never gave.
        self.values = with_marked(self.diagram, forward.output)
        growing = Transform(self.bars, self.bars_of(forward.output), run_time=theme.STEP)
        self.play(LaggedStart(*waves, AnimationGroup(FadeIn(self.values), growing), lag_ratio=0.12))

    def mark(self, outputs: Sequence[int]) -> list[Animation]:
        """Only these outputs are marked from now on: by a ring, and by a larger name and number."""
        return [
            *self.mark_rings(outputs),
            Transform(self.values, with_marked(self.diagram, self.shown.output, *outputs)),
            Transform(self.bars, self.bars_of(self.shown.output, *outputs)),
            *self.mark_labels(outputs),
        ]

    def mark_rings(self, outputs: Sequence[int]) -> list[Animation]:
        """Only these outputs have a ring from now on."""
        before, self.rings = self.rings, Group(*(self.diagram.ring(-1, output) for output in outputs))
        return [*(FadeOut(ring) for ring in before), *(Create(ring) for ring in self.rings)]

    def mark_labels(self, outputs: Sequence[int]) -> list[Animation]:
        """Only the names of these outputs are larger from now on, and in the colour of the answer."""
        before, self.marked = self.marked, list(outputs)
        labels, plain = self.diagram.labels, self.plain_labels
        return [
            *(Transform(labels[n], plain[n]) for n in before if n not in outputs),
            *(Transform(labels[n], enlarged(plain[n])) for n in outputs if n not in before),
        ]
