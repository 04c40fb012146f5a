"""ANeuron: A circle lights up with its activation, from 0 to 1; then real neurons do, for two digits."""

from __future__ import annotations

from functools import cached_property

from manim import LEFT, RIGHT, FadeIn, FadeOut, Group, LaggedStart, Line, Transform, VGroup

from network.analysis.examples import digits_of_two_classes
from network.network import Array
from scenes.kit import theme
from scenes.kit.animations.activations import ChangeActivations
from scenes.kit.colour import rgb
from scenes.kit.layout import STAGE_MIDDLE, in_rows
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.numbered_neurons import NumberedNeurons
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.text import Number
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import count, function_name

# The most neurons that are shown with their numbers.
_MOST_NEURONS = 40
# Where the scale from 0 to 1 stands, and half its length.
_SCALE_X, _SCALE_REACH = 3.2, 2
# Where the picture stands beside the neurons of the network.
_PICTURE_X, _PICTURE_EXTENT = -4.6, 3.6
# The room of the neurons: its middle, width and height.
_NEURONS_X, _NEURONS_WIDTH, _NEURONS_HEIGHT = 2.15, 7.6, 6.2


class ANeuron(LessonScene):
    """A circle glows with the number that it holds; then real neurons of the network, for two pictures."""

    def construct(self) -> None:
        self.a_thing_with_a_number()
        self.the_brighter()
        self.neurons_of_the_network()
        self.end()

    def alternative_text(self) -> str:
        return (
            "A circle with a number in it: as the number rises from 0 to 1, the circle turns from black to white. "
            f"Then {count(self.shown, 'neuron')} of the network with their real activations, for one picture "
            "and then for another."
        )

    @cached_property
    def examples(self) -> tuple[int, int]:
        """The indices of the two pictures in the test set."""
        return digits_of_two_classes(self.network, self.digits())

    @property
    def shown(self) -> int:
        """How many neurons of the first layer after the pixels are shown."""
        return min(self.network.sizes[1], _MOST_NEURONS)

    @cached_property
    def activations(self) -> list[Array]:
        """What the neurons that are shown hold, (shown,), for each of the two pictures."""
        passes = [self.network.forward(self.digits().images[index]) for index in self.examples]
        return [forward.activations[0][: self.shown] for forward in passes]

    def a_thing_with_a_number(self) -> None:
        self.next_section("A thing with a number")
        self.neuron = NumberedNeurons([0], [(0, STAGE_MIDDLE, 0)], 3.8)
        foot, head = (_SCALE_X, STAGE_MIDDLE - _SCALE_REACH, 0), (_SCALE_X, STAGE_MIDDLE + _SCALE_REACH, 0)
        self.scale = Line(foot, head, color=theme.NEURON_OUTLINE, stroke_width=3)
        ends = VGroup()
        for share in (0, 1):
            at = self.scale.point_from_proportion(share)
            tick = Line(at - 0.12 * RIGHT, at + 0.12 * RIGHT, color=theme.NEURON_OUTLINE, stroke_width=3)
            ends.add(tick, Number(share, size=theme.TITLE_SIZE).next_to(tick, RIGHT, buff=0.3))
        self.pointer = Cells([self.scale.get_start()], 0.26, 1, rgb(theme.ANSWER), stroke_width=0)
        self.beside = Group(self.scale, ends, self.pointer)
        with self.voiceover(
            "A neuron holds a number between 0 and 1: its activation.",
            moves="A black circle appears, with the number 0.00 in it, and beside it a scale from 0 to 1. The number "
            "rises, a dot on the scale and the grey of the circle with it.",
        ):
            self.play(FadeIn(self.neuron, run_time=theme.QUICK))
            self.wait(0.5)
            self.play(self.neuron.animate.shift(2.4 * LEFT), FadeIn(self.beside))
            self.play(self.change(0.4, 1.6))

    def the_brighter(self) -> None:
        self.next_section("The brighter")
        with self.voiceover(
            "The higher the number, the brighter the neuron lights up.",
            moves="A pointer runs up and down the scale; the number follows, and the circle lights up and darkens.",
        ):
            for value, pace in ((1, 1.2), (0.2, 1), (0.75, 1)):
                self.play(self.change(value, pace))

    def change(self, value: float, pace: float) -> ChangeActivations:
        """The single neuron goes to another activation; with a pace of 2, twice as slowly as with 1."""
        return ChangeActivations(self.neuron, [value], self.scale, self.pointer, run_time=pace * theme.FLOW)

    def neurons_of_the_network(self) -> None:
        self.next_section("Neurons of the network")
        digits, shown, of_all = self.digits(), self.shown, self.network.sizes[1]
        centres, step = in_rows(shown, (_NEURONS_X, STAGE_MIDDLE), _NEURONS_WIDTH, _NEURONS_HEIGHT)
        before, after = self.activations
        longest = max(len(f"{value:.2f}") for values in self.activations for value in values)
        self.layer = NumberedNeurons(before, centres, 0.86 * step, 0.5 * longest)
        self.pixels, following = (self.picture_of(index) for index in self.examples)
        first = NumberedNeurons(before[:1], centres[:1], 0.86 * step, 0.5 * longest)
        others = Group(*(self.layer.discs.item(n) for n in range(1, shown)))
        names = [digits.class_names[digits.labels[index]] for index in self.examples]
        which = count(of_all, "neuron") if shown == of_all else f"{shown} of {of_all} neurons"
        function = function_name(self.network.layers[0].activation).name
        above = max(values.max() for values in self.activations) > 1
        with self.voiceover(
            f"Real ones: {which} of our network, as it sees {names[0]}, then {names[1]}"
            + (f"; {function} goes beyond 1." if above else "."),
            moves="The circle shrinks into its place among others, each with its own number; their picture is beside. "
            "The picture changes into another one, and all numbers and circles change with it.",
        ):
            self.play(FadeOut(self.beside, run_time=theme.QUICK))
            self.play(LaggedStart(Transform(self.neuron, first), FadeIn(self.pixels), lag_ratio=0.4))
            self.play(LaggedStart(*(FadeIn(disc, scale=0.5) for disc in others), lag_ratio=0.08))
            if shown > 1:
                self.play(FadeIn(their_numbers := self.layer.numbers.take(range(1, shown))), run_time=theme.QUICK)
                self.remove(their_numbers)
            self.remove(self.neuron, *others)
            self.add(self.layer)
            self.wait(1)
            self.play(Transform(self.pixels, following), ChangeActivations(self.layer, after))

    def picture_of(self, index: int) -> PixelGrid:
        """A picture of the test set, to the left of the neurons."""
        return PixelGrid(self.digits().images[index], _PICTURE_EXTENT, (_PICTURE_X, STAGE_MIDDLE))
