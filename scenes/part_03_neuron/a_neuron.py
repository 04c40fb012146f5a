"""ANeuron: A neuron is something that holds a number and lights up with it; and sixteen real ones do."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from manim import LEFT, RIGHT, FadeIn, FadeOut, Group, LaggedStart, Line, Transform, VGroup

from network.activations import activation_named
from network.analysis.examples import digits_of_two_classes
from network.network import Array
from scenes import wording
from scenes.kit import theme
from scenes.kit.animations.activations import ChangeActivations
from scenes.kit.colour import rgb
from scenes.kit.layout import FRAME_WIDTH, SAFE_MARGIN, STAGE_MIDDLE, in_rows
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.named_inputs import NamedInputs
from scenes.kit.mobjects.numbered_neurons import NumberedNeurons
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.text import Number, Words, size_that_fits
from scenes.language import _, _n, together
from scenes.part_03_neuron.beside_a_picture import (
    MOST_NEURONS,
    NEURONS_HEIGHT,
    NEURONS_WIDTH,
    inputs_beside,
    neurons_beside,
    one_of,
    room_for,
)
from scenes.part_03_neuron.light import LIT_WIDTH, halo
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import function_name

# The single neuron: where it stands beside its scale, and how wide it is.
_ALONE_X, _ALONE_WIDTH = -3.1, 4.6
# Where the scale from 0 to 1 stands, and half its length.
_SCALE_X, _SCALE_REACH = 1.5, 2.75
# The room for the name of the number, to the right of the scale.
_NAME_ROOM = FRAME_WIDTH / 2 - SAFE_MARGIN - (_SCALE_X + 1.2)
# How many pictures the neurons see before one of them is looked at, and how long each.
_PICTURES, _GLANCE = 3, 0.55


class ANeuron(LessonScene):
    """Real neurons light up and go dark; one of them is looked at; then all of them again, for two pictures."""

    def construct(self) -> None:
        self.think_of_one_thing()
        self.the_brighter()
        self.neurons_of_the_network()
        self.end()

    def alternative_text(self) -> str:
        return together(
            _(
                "Neurons of the network light up and go dark as it sees one picture after another. One of them, large "
                "and with its number in it: as the number rises from 0 to 1, the circle turns from black to white and "
                "shines."
            )
            if not self.takes_numbers
            else _(
                "Neurons of the network light up and go dark as one row of the table after another goes in. One of "
                "them, large and with its number in it: as the number rises from 0 to 1, the circle turns from black "
                "to white and shines."
            ),
            _n(
                "Then {n} neuron of the network with its real activation, for one picture, for another, and for the "
                "first again.",
                "Then {n} neurons of the network with their real activations, for one picture, for another, and for "
                "the first again.",
                self.shown,
            )
            if not self.takes_numbers
            else _n(
                "Then {n} neuron of the network with its real activation, for one row, for another, and for the first "
                "again.",
                "Then {n} neurons of the network with their real activations, for one row, for another, and for the "
                "first again.",
                self.shown,
            ),
        )

    @cached_property
    def examples(self) -> tuple[int, int]:
        """The indices of the two pictures in the test set."""
        return digits_of_two_classes(self.network, self.digits())

    @property
    def shown(self) -> int:
        """How many neurons of the first layer after the pixels are shown."""
        return min(self.network.sizes[1], MOST_NEURONS)

    def activations_for(self, index: int) -> Array:
        """What the neurons that are shown hold for a picture, (shown,)."""
        forward = self.network.forward(self.digits().images[index])
        return np.asarray(forward.activations[0][: self.shown])

    @cached_property
    def activations(self) -> list[Array]:
        """What the neurons that are shown hold, (shown,), for each of the two pictures."""
        return [self.activations_for(index) for index in self.examples]

    @property
    def goes_beyond_one(self) -> bool:
        """Whether the neurons that are shown may hold more than 1, or less than 0."""
        return not activation_named(self.network.layers[0].activation).is_brightness

    def think_of_one_thing(self) -> None:
        self.next_section(_("Think of one thing"))
        pictures = [index for index in range(len(self.digits())) if index not in self.examples][:_PICTURES]
        seen = [self.activations_for(index) for index in (*pictures, self.examples[0])]
        centres, step = in_rows(self.shown, (0, STAGE_MIDDLE), NEURONS_WIDTH, NEURONS_HEIGHT)
        many = Cells(centres, 0.86 * step, 1, (0, 0, 0), 1, theme.NEURON_OUTLINE, theme.NEURON_OUTLINE_WIDTH)
        many.set_brightness(seen[0])
        # One that is neither dark nor quite bright.
        self.chosen = int(np.abs(self.activations[0] - 0.6).argmin())
        value = float(self.activations[0][self.chosen])
        one, others = many.item(self.chosen), [n for n in range(self.shown) if n != self.chosen]
        self.halo = light_at(value)
        self.neuron = NumberedNeurons([value], [(_ALONE_X, STAGE_MIDDLE, 0)], _ALONE_WIDTH)
        self.neuron.discs.stroke_widths = np.full(1, 4, np.float32)  # it is seen in the dark, too
        self.scale_beside(value)
        holds_a_number = (
            _(
                "When I say neuron, <bookmark mark='one'/> think of one thing: something that holds a "
                "<bookmark mark='number'/> number. In the classic kind, that's a number "
                "<bookmark mark='between'/> between zero and one."
            )
            if self.goes_beyond_one
            else _(
                "When I say neuron, <bookmark mark='one'/> think of one thing: something that holds a "
                "<bookmark mark='number'/> number, <bookmark mark='between'/> between zero and one."
            )
        )
        with self.voiceover(
            holds_a_number,
            moves=_(
                "Many circles light up and go dark as the network sees one picture after another. One of them "
                "becomes large while the others fade. A number appears in it, and beside it a scale from 0 to 1, with "
                "a dot at the same number."
            )
            if not self.takes_numbers
            else _(
                "Circles light up and go dark as one row after another goes into the network. One of them becomes "
                "large while the others fade. A number appears in it, and beside it a scale from 0 to 1, with a dot "
                "at the same number."
            ),
        ):
            self.add(many)
            for values in seen[1:]:
                self.play(Transform(many, many.copy().set_brightness(values)), run_time=_GLANCE)
            self.wait_until_bookmark("one")
            self.remove(many)
            rest = Group(*(many.item(n) for n in others))
            one = many.item(self.chosen)
            self.add(rest, one)
            large = self.neuron.discs.copy()
            self.play(FadeOut(rest), Transform(one, large), FadeIn(self.halo), run_time=theme.STEP)
            self.wait_until_bookmark("number")
            self.play(FadeIn(self.neuron.numbers, scale=0.6), run_time=theme.QUICK)
            self.remove(one, self.neuron.numbers)
            self.add(self.neuron)
            self.wait_until_bookmark("between")
            self.play(FadeIn(self.beside, shift=0.3 * LEFT), run_time=theme.STEP)

    def scale_beside(self, value: float) -> None:
        """The scale from 0 to 1, with a pointer at a number."""
        foot, head = (_SCALE_X, STAGE_MIDDLE - _SCALE_REACH, 0), (_SCALE_X, STAGE_MIDDLE + _SCALE_REACH, 0)
        self.scale = Line(foot, head, color=theme.NEUTRAL, stroke_width=5)
        ends = VGroup()
        for share in (0, 1):
            at = self.scale.point_from_proportion(share)
            tick = Line(at - 0.2 * RIGHT, at + 0.2 * RIGHT, color=theme.NEUTRAL, stroke_width=5)
            ends.add(tick, Number(share, size=1.5 * theme.TITLE_SIZE).next_to(tick, RIGHT, buff=0.3))
        at = self.scale.point_from_proportion(float(np.clip(value, 0, 1)))
        self.pointer = Cells([at], 0.36, 1, rgb(theme.ANSWER), stroke_width=0)
        self.beside = Group(self.scale, ends, self.pointer)

    def the_brighter(self) -> None:
        self.next_section(_("The brighter"))
        name = Words(word := _("activation"), size_that_fits([word], _NAME_ROOM, 1.9 * theme.TITLE_SIZE), theme.ANSWER)
        with self.voiceover(
            _(
                "At zero it's dark. <bookmark mark='up'/> The higher the number, the brighter it "
                "<bookmark mark='shines'/> shines. That number is called the neuron's <bookmark mark='name'/> "
                "activation."
            ),
            moves=_(
                "The number falls to 0 and the circle goes dark; then the number rises, a dot on the scale with it, "
                "and the circle lights up, until at 1 it shines. The word activation appears beside the dot, and "
                "follows it as the number falls and rises."
            ),
        ) as tracker:
            self.change(0, 0.9)
            self.wait_until_bookmark("up")
            self.change(1, max(tracker.time_until_bookmark("shines", 0.4), 1.0))
            for size in (1.1, 1):
                self.play(Transform(self.halo, light_at(1, size)), run_time=0.6)
            # It comes a moment before it is said, so that it stays longer.
            self.wait_until(tracker.bookmark_time("name") - 0.8)
            name.next_to(self.pointer, RIGHT, buff=1.1).set_x(_SCALE_X + 1.2 + name.width / 2)
            self.play(FadeIn(name, shift=0.3 * LEFT), run_time=theme.QUICK)
            for value in (0.35, 0.8):
                moved = name.animate(run_time=0.9).set_y(self.height_of(value))
                self.change(value, 0.9, moved)
        self.name = name

    def height_of(self, value: float) -> float:
        """How high a number stands on the scale."""
        return float(self.scale.point_from_proportion(value)[1])

    def change(self, value: float, run_time: float, *others: Any) -> None:
        """The single neuron goes to another activation, and its light with it."""
        self.play(
            ChangeActivations(self.neuron, [value], self.scale, self.pointer, run_time=run_time),
            Transform(self.halo, light_at(value), run_time=run_time),
            *others,
        )

    def neurons_of_the_network(self) -> None:
        self.next_section(_("Neurons of the network"))
        digits, shown = self.digits(), self.shown
        before, after = self.activations
        room = room_for(before, after)
        self.layer = neurons_beside(before, room)
        self.pixels, following = (inputs_beside(digits, index) for index in self.examples)
        own = self.chosen
        place = one_of(before, own, room)
        others = [self.layer.discs.item(n) for n in range(shown) if n != own]
        dark = [disc.copy().set_brightness([0]) for disc in others]
        names = [wording.one_in_words(digits.class_names[digits.labels[index]]) for index in self.examples]
        with self.voiceover(
            together(
                self.these_are_real(*names),
                self.what_changes(after - before),
                self.beyond_one(),
                _("<bookmark mark='who'/> Who tells them to?"),
            ),
            moves=_(
                "The circle shrinks into its place among others, which are dark. The picture that the network sees "
                "appears beside them, and they light up, each with its own number. The picture changes into another "
                "one, and all numbers and circles change with it; then the first comes back."
            )
            if not self.takes_numbers
            else _(
                "The circle shrinks into its place among others, which are dark. The row that goes in appears beside "
                "them, and they light up, each with its own number. It changes into another row, and all numbers and "
                "circles change with it; then the first comes back."
            ),
        ):
            # First the picture, then what the neurons make of it.
            self.play(
                FadeOut(self.beside, self.name, self.halo, run_time=theme.QUICK),
                Transform(self.neuron, place, run_time=0.8),
                FadeIn(self.pixels, run_time=0.8),
                LaggedStart(*(FadeIn(disc, scale=0.5) for disc in dark), lag_ratio=0.06, run_time=1.2),
            )
            self.wait_until_bookmark("a")
            if shown > 1:
                their_numbers = self.layer.numbers.take([n for n in range(shown) if n != own])
                lighting = (Transform(disc, lit) for disc, lit in zip(dark, others, strict=True))
                self.play(*lighting, FadeIn(their_numbers), run_time=theme.QUICK)
                self.remove(their_numbers)
            self.remove(self.neuron, *dark)
            self.add(self.layer)
            self.wait_until_bookmark("b")
            self.look_at(following, after)
            self.wait_until_bookmark("who")
            self.look_at(inputs_beside(digits, self.examples[0]), before)

    def these_are_real(self, one: str, other: str) -> str:
        """What is said of the neurons that are shown, and of the two pictures that the network looks at."""
        shown, of_all = self.shown, self.network.sizes[1]
        if self.takes_numbers:
            return self.these_are_real_for_rows()
        places = {"n": wording.in_words(shown), "one_digit": one, "other_digit": other}
        if shown == of_all:
            return _n(
                "And these are real: {n} neuron of our network, looking at <bookmark mark='a'/> {one_digit}, and now "
                "at <bookmark mark='b'/> {other_digit}.",
                "And these are real: {n} neurons of our network, looking at <bookmark mark='a'/> {one_digit}, and now "
                "at <bookmark mark='b'/> {other_digit}.",
                shown,
                **places,
            )
        return _(
            "And these are real: {n} neurons of the {all} in one layer of our network, looking at "
            "<bookmark mark='a'/> {one_digit}, and now at <bookmark mark='b'/> {other_digit}.",
            all=wording.number(of_all, thousands=False),
            **places,
        )

    def these_are_real_for_rows(self) -> str:
        """The same for two rows of a table."""
        shown, of_all = self.shown, self.network.sizes[1]
        if shown == of_all:
            return _n(
                "And this is real: {n} neuron of our network, <bookmark mark='a'/> for one row of the table, and now "
                "for <bookmark mark='b'/> another.",
                "And these are real: {n} neurons of our network, <bookmark mark='a'/> for one row of the table, and "
                "now for <bookmark mark='b'/> another.",
                shown,
                n=wording.in_words(shown),
            )
        return _(
            "And these are real: {n} neurons of the {all} in one layer of our network, <bookmark mark='a'/> for one "
            "row of the table, and now for <bookmark mark='b'/> another.",
            n=wording.in_words(shown),
            all=wording.number(of_all, thousands=False),
        )

    def what_changes(self, change: Array) -> str:
        """What is said of the neurons as another picture comes; change: of their activations, (shown,)."""
        awake, asleep = change.max() > 0.05, change.min() < -0.05
        if awake and asleep:
            return _("Some wake up, others fall asleep.")
        return _("Some wake up.") if awake else _("Some fall asleep.") if asleep else _("Not much changes.")

    def beyond_one(self) -> str:
        """What is said where numbers are shown that are no brightness; else nothing."""
        above = max(values.max() for values in self.activations) > 1
        below = min(values.min() for values in self.activations) < 0
        kind = function_name(self.network.layers[0].activation).name
        if above and below:
            return _(
                "This network's neurons are of another kind, called {kind}: their numbers may go beyond one, "
                "and below zero, which is drawn in red.",
                kind=kind,
            )
        if above:
            return _(
                "This network's neurons are of another kind, called {kind}: their numbers may go beyond one.", kind=kind
            )
        if below:
            return _(
                "This network's neurons are of another kind, called {kind}: their numbers may go below zero, which is "
                "drawn in red.",
                kind=kind,
            )
        return ""

    def look_at(self, picture: PixelGrid | NamedInputs, activations: Array) -> None:
        """The network looks at another picture, and the neurons change."""
        self.play(Transform(self.pixels, picture), ChangeActivations(self.layer, activations), run_time=theme.FLOW)


def light_at(activation: float, size: float = 1.0) -> Cells:
    """The light around the single neuron."""
    return halo((_ALONE_X, STAGE_MIDDLE), activation, size * _ALONE_WIDTH / LIT_WIDTH)
