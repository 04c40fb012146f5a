"""ANeuron: A circle lights up with its activation, from 0 to 1; then real neurons do, for two digits."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from manim import (
    LEFT,
    RIGHT,
    Animation,
    FadeIn,
    FadeOut,
    Group,
    LaggedStart,
    Line,
    Mobject,
    Transform,
    VGroup,
    smooth,
)
from numpy.typing import ArrayLike

from network import Network
from network.analysis.examples import digit_to_show
from network.digits import Digits
from scenes.kit import theme
from scenes.kit.layout import PIXELS_A_UNIT, STAGE_MIDDLE
from scenes.kit.mobjects.array_mobject import rgb
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.numbers import Numbers
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.text import Number
from scenes.part_03_neuron.shared import READ_IN_BLACK
from scenes.stage.lesson_scene import LessonScene

# The most neurons that are shown with their numbers.
MOST_NEURONS = 40
# How activation functions are written.
_SPOKEN = {"relu": "ReLU"}


class NumberedNeurons(Group):
    """Neurons with their activations written in them, dark on bright and bright on dark.

    centres: (n, 3); diameter: one for all; room: the longest number to be expected, in ems.
    """

    def __init__(self, values: ArrayLike, centres: ArrayLike, diameter: float, room: float = 1.8) -> None:
        values = np.asarray(values, float)
        self.discs = Cells(centres, diameter, 1, (0, 0, 0), 1, theme.NEURON_OUTLINE, theme.NEURON_OUTLINE_WIDTH)
        size = min(0.34, 0.8 / room) * diameter * PIXELS_A_UNIT
        widths = np.full(len(values), 0.9 * diameter)
        self.numbers = Numbers(values, self.discs.centres, 2, max(size, theme.SMALLEST_SIZE), widths=widths)
        super().__init__(self.discs, self.numbers)
        self.show(values)

    def show(self, values: ArrayLike) -> Self:
        """Hold other numbers, (n,)."""
        values = np.asarray(values, float)
        self.discs.set_brightness(values)
        self.numbers.set_values(values)
        dark, bright = rgb(theme.BACKGROUND), rgb(theme.TEXT)
        self.numbers.set_colours(np.where(values[:, None] > READ_IN_BLACK, dark, bright))
        return self


class ChangeActivations(Animation):
    """Neurons go to other numbers (n,); a pointer, if given, runs along a scale from 0 to 1 with the first one's."""

    def __init__(
        self,
        neurons: NumberedNeurons,
        values: ArrayLike,
        scale: Line | None = None,
        pointer: Cells | None = None,
        **options: Any,
    ) -> None:
        self.neurons, self.scale, self.pointer = neurons, scale, pointer
        self.before, self.after = neurons.numbers.values.copy(), np.asarray(values, float)
        moving: list[Mobject] = [neurons] if pointer is None else [neurons, pointer]
        super().__init__(Group(*moving), **{"run_time": theme.FLOW, "rate_func": smooth, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        values = self.before + (self.after - self.before) * self.rate_func(alpha)
        self.neurons.show(values)
        if self.scale is not None and self.pointer is not None:
            self.pointer.move_to(self.scale.point_from_proportion(float(np.clip(values[0], 0, 1))))


class ANeuron(LessonScene):
    """A circle glows with the number that it holds; then real neurons of the network, for two pictures."""

    def construct(self) -> None:
        self.test_set = self.digits()
        self.examples = two_examples(self.network, self.test_set)
        self.activations = [self.network.forward(self.test_set.images[index]).activations[0] for index in self.examples]

        self.a_thing_with_a_number()
        self.the_brighter()
        self.neurons_of_the_network()
        self.end()

    def alternative_text(self) -> str:
        return (
            "A circle with a number in it: as the number rises from 0 to 1, the circle turns from black to white. "
            f"Then {neurons_shown(self.network)} neurons of the network with their real activations, for one picture "
            "and then for another."
        )

    def a_thing_with_a_number(self) -> None:
        self.next_section("A thing with a number")
        self.neuron = NumberedNeurons([0], [(0, STAGE_MIDDLE, 0)], 3.8)
        self.scale = Line(
            (3.2, STAGE_MIDDLE - 2, 0), (3.2, STAGE_MIDDLE + 2, 0), color=theme.NEURON_OUTLINE, stroke_width=3
        )
        ends = VGroup()
        for share in (0, 1):
            at = self.scale.point_from_proportion(share)
            tick = Line(at - 0.12 * RIGHT, at + 0.12 * RIGHT, color=theme.NEURON_OUTLINE, stroke_width=3)
            ends.add(tick, Number(share, size=theme.TITLE_SIZE).next_to(tick, RIGHT, buff=0.3))
        self.pointer = Cells([self.scale.get_start()], 0.26, 1, rgb(theme.ANSWER), stroke_width=0)
        self.beside = Group(self.scale, ends, self.pointer)
        with self.caption(
            "A neuron holds a number between 0 and 1: its activation.",
            FadeIn(self.neuron, run_time=theme.QUICK),
            moves="A black circle appears, with the number 0.00 in it, and beside it a scale from 0 to 1. The number "
            "rises, a dot on the scale and the grey of the circle with it.",
        ):
            self.wait(0.5)
            self.play(self.neuron.animate.shift(2.4 * LEFT), FadeIn(self.beside))
            self.play(self.change(0.4, 1.6))

    def the_brighter(self) -> None:
        self.next_section("The brighter")
        with self.caption(
            "The higher the number, the brighter the neuron lights up.",
            moves="A pointer runs up and down the scale; the number follows, and the circle lights up and darkens.",
        ):
            for value, pace in ((1, 1.2), (0.2, 1), (0.75, 1)):
                self.play(self.change(value, pace))

    def change(self, value: float, pace: float) -> ChangeActivations:
        return ChangeActivations(self.neuron, [value], self.scale, self.pointer, run_time=pace * theme.FLOW)

    def neurons_of_the_network(self) -> None:
        self.next_section("Neurons of the network")
        shown, of_all = neurons_shown(self.network), self.network.sizes[1]
        columns = best_columns(shown, 7.6, 6.2)
        rows = -(-shown // columns)
        step = min(7.6 / columns, 6.2 / rows)
        row, across = np.divmod(np.arange(shown), columns)
        x, y = 2.15 + (across - (columns - 1) / 2) * step, STAGE_MIDDLE + ((rows - 1) / 2 - row) * step
        longest = max(len(f"{value:.2f}") for values in self.activations for value in values[:shown])
        centres = np.stack([x, y, np.zeros(shown)], axis=1)
        self.layer = NumberedNeurons(self.activations[0][:shown], centres, 0.86 * step, 0.5 * longest)
        self.pixels = PixelGrid(self.test_set.images[self.examples[0]], 3.6, (-4.6, STAGE_MIDDLE))
        which = f"{of_all}" if shown == of_all else f"{shown} of {of_all}"
        first = NumberedNeurons(self.activations[0][:1], centres[:1], 0.86 * step, 0.5 * longest)
        others = Group(*(self.layer.discs.item(n) for n in range(1, shown)))
        following = PixelGrid(self.test_set.images[self.examples[1]], 3.6, (-4.6, STAGE_MIDDLE))
        names = [self.test_set.class_names[self.test_set.labels[index]] for index in self.examples]
        above = max(values[:shown].max() for values in self.activations) > 1
        function = self.network.layers[0].activation
        with self.caption(
            f"Real ones: {which} neurons of our network, as it sees {names[0]}, then {names[1]}"
            + (f"; {_SPOKEN.get(function, function)} goes beyond 1." if above else "."),
            FadeOut(self.beside, run_time=theme.QUICK),
            moves="The circle shrinks into its place among others, each with its own number; their picture is beside. "
            "The picture changes into another one, and all numbers and circles change with it.",
        ):
            self.play(LaggedStart(Transform(self.neuron, first), FadeIn(self.pixels), lag_ratio=0.4))
            self.play(LaggedStart(*(FadeIn(disc, scale=0.5) for disc in others), lag_ratio=0.08))
            if shown > 1:
                self.play(FadeIn(their_numbers := self.layer.numbers.take(range(1, shown))), run_time=theme.QUICK)
                self.remove(their_numbers)
            self.remove(self.neuron, *others)
            self.add(self.layer)
            self.wait(1)
            self.play(Transform(self.pixels, following), ChangeActivations(self.layer, self.activations[1][:shown]))


def neurons_shown(network: Network) -> int:
    """How many neurons of the first layer after the pixels are shown."""
    return min(network.sizes[1], MOST_NEURONS)


def two_examples(network: Network, digits: Digits) -> tuple[int, int]:
    """The picture that part 4 shows, and the first of another class that the network reads right, clearly."""
    first = digit_to_show(network, digits)
    outputs = network.predict(digits.vectors)
    other = digits.labels != digits.labels[first]
    clear = other & (outputs.argmax(axis=1) == digits.labels) & (outputs.max(axis=1) >= 0.9)
    return first, int(np.argmax(clear if clear.any() else other))


def best_columns(count: int, width: float, height: float) -> int:
    """In how many columns to put neurons: wide apart, and few empty places in the last row."""

    def worth(columns: int) -> float:
        rows = -(-count // columns)
        return min(width / columns, height / rows) * (count / (rows * columns)) ** 2

    return max(range(1, count + 1), key=worth)
