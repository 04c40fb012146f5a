"""Part 3, A neuron: a thing that holds a number, and glows with it; 784 pixels are the first of them."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from manim import (
    LEFT,
    RIGHT,
    UP,
    Animation,
    AnimationGroup,
    Create,
    FadeIn,
    FadeOut,
    Group,
    LaggedStart,
    Line,
    Mobject,
    ReplacementTransform,
    Square,
    Transform,
    UpdateFromFunc,
    VGroup,
    smooth,
)
from numpy.typing import ArrayLike, NDArray

from network import Network
from network.digits import Digits
from scenes import theme
from scenes.animations import GridBecomesColumn, PixelsBecomeNeurons
from scenes.layout import FRAME_HEIGHT, STAGE_BOTTOM, STAGE_TOP, column_around, grid, picture
from scenes.lesson_scene import LessonScene
from scenes.mobjects.array_mobject import rgb
from scenes.mobjects.cells import Cells
from scenes.mobjects.network_diagram import NeuronColumn, thin_brace
from scenes.mobjects.numbers import Numbers
from scenes.mobjects.pixel_grid import PixelGrid
from scenes.mobjects.typesetting import Number, Words
from scenes.part_04_layers import digit_to_show

MIDDLE = (STAGE_TOP + STAGE_BOTTOM) / 2
PIXELS_A_UNIT = 1080 / FRAME_HEIGHT
# Brighter than this, black can be read better than white.
READ_IN_BLACK = 0.457
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
        self.neuron = NumberedNeurons([0], [(0, MIDDLE, 0)], 3.8)
        self.scale = Line((3.2, MIDDLE - 2, 0), (3.2, MIDDLE + 2, 0), color=theme.NEURON_OUTLINE, stroke_width=3)
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
        x, y = 2.15 + (across - (columns - 1) / 2) * step, MIDDLE + ((rows - 1) / 2 - row) * step
        longest = max(len(f"{value:.2f}") for values in self.activations for value in values[:shown])
        centres = np.stack([x, y, np.zeros(shown)], axis=1)
        self.layer = NumberedNeurons(self.activations[0][:shown], centres, 0.86 * step, 0.5 * longest)
        self.pixels = PixelGrid(self.test_set.images[self.examples[0]], 3.6, (-4.6, MIDDLE))
        which = f"{of_all}" if shown == of_all else f"{shown} of {of_all}"
        first = NumberedNeurons(self.activations[0][:1], centres[:1], 0.86 * step, 0.5 * longest)
        others = Group(*(self.layer.discs.item(n) for n in range(1, shown)))
        following = PixelGrid(self.test_set.images[self.examples[1]], 3.6, (-4.6, MIDDLE))
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


class PixelsAreNeurons(LessonScene):
    """The pixels of a digit become neurons, the network's first layer; one of them is followed all the way."""

    def construct(self) -> None:
        digits = self.digits()
        self.image = digits.images[digit_to_show(self.network, digits)]
        self.row, self.column = pixel_to_follow(self.image)
        self.side = digits.side
        self.followed = self.row * self.side + self.column
        self.value = float(self.image[self.row, self.column])

        self.one_pixel()
        self.pixels_become_neurons()
        self.in_a_column()
        self.end()

    def alternative_text(self) -> str:
        digits = self.digits()
        image = digits.images[digit_to_show(self.network, digits)]
        row, column = pixel_to_follow(image)
        return (
            f"The {image.size} pixels of a handwritten digit turn into {image.size} round neurons and line up in a "
            f"column. The pixel in row {row}, column {column}, of brightness {image[row, column]:.2f}, is marked all "
            f"the way, and ends as neuron {row * digits.side + column}."
        )

    def one_pixel(self) -> None:
        self.next_section("One pixel")
        self.pixels = PixelGrid(self.image, 5.4, (0, MIDDLE - 0.1))
        self.mark = self.marking(self.pixels)
        with self.caption(
            f"Follow one pixel: it holds its brightness, {self.value:.2f}. Black is 0, white is 1.",
            FadeIn(self.pixels, run_time=theme.QUICK),
            moves="A digit appears, and a square frame marks one of its grey pixels. The pixels around it come out, "
            "larger, with their numbers; the frame goes with the marked one.",
        ):
            self.play(Create(self.mark))
            self.play(Group(self.pixels, self.mark).animate.shift(3.4 * LEFT))
            rows, columns = window_around(self.side)
            self.window = self.pixels.window(*window_corner(self.side, self.row, self.column), rows, columns)
            self.near = Group(*(self.pixels.item(index) for index in self.window))
            size = 0.98
            centres = grid(columns, (3.45, MIDDLE), columns * size)
            values = self.image.ravel()[self.window]
            dark, bright = rgb(theme.BACKGROUND), rgb(theme.TEXT)
            colours = np.where(values[:, None] > READ_IN_BLACK, dark, bright)
            self.numbers = Numbers(values, centres, 2, 0.34 * size * PIXELS_A_UNIT, colours)
            self.near_mark = Square(size, color=theme.ANSWER, stroke_width=1.5 * theme.MARK_WIDTH)
            self.near_mark.move_to(centres[int(np.flatnonzero(self.window == self.followed)[0])])
            flying = [
                Transform(cell, cell.copy().place([at], 0.96 * size))
                for cell, at in zip(self.near, centres, strict=True)
            ]
            self.play(*flying, ReplacementTransform(self.mark.copy(), self.near_mark), run_time=theme.FLOW)
            self.play(FadeIn(self.numbers), run_time=theme.QUICK)

    def pixels_become_neurons(self) -> None:
        self.next_section("Pixels become neurons")
        self.neurons = NeuronColumn(picture(self.side, (-3.4, MIDDLE - 0.1), 5.4)).show(self.image.ravel())
        rounded = []
        for cell in self.near:
            disc = cell.copy()
            disc.roundness = np.ones(1, np.float32)
            disc.stroke_colours, disc.stroke_widths = rgb(theme.NEURON_OUTLINE)[None], np.full(1, 1.5, np.float32)
            rounded.append(disc)
        braces = VGroup(thin_brace(self.neurons, RIGHT), thin_brace(self.neurons, UP))
        sizes = VGroup(*(Number(self.side) for _ in braces))
        sizes[0].next_to(braces[0], RIGHT, buff=0.2)
        sizes[1].next_to(braces[1], UP, buff=0.12)
        product = Words(f"{self.side} × {self.side} = {self.side**2}", 1.6 * theme.TITLE_SIZE).move_to((3.6, MIDDLE, 0))
        self.count = VGroup(braces, sizes, product)
        with self.caption(
            f"So it is a neuron, as all {self.side**2} pixels are: the network's first layer.",
            moves="Every square, large and small, turns into a disc of the same brightness. The large discs go back "
            "into the picture, and braces count its neurons.",
        ):
            rounding = [Transform(cell, disc) for cell, disc in zip(self.near, rounded, strict=True)]
            self.play(PixelsBecomeNeurons(self.pixels, self.neurons), *rounding)
            self.remove(self.pixels)
            self.add(self.neurons, self.mark)
            self.play(FadeOut(self.numbers, self.near_mark), run_time=theme.QUICK)
            back = (Transform(disc, self.neurons.item(at)) for disc, at in zip(self.near, self.window, strict=True))
            # They are counted as the last ones arrive.
            self.play(LaggedStart(AnimationGroup(*back, run_time=theme.STEP), FadeIn(self.count), lag_ratio=0.6))
            self.remove(*self.near)

    def in_a_column(self) -> None:
        self.next_section("In a column")
        layout = column_around(self.side**2, self.followed, (2.6, MIDDLE), STAGE_TOP - STAGE_BOTTOM, ends=3)
        dots = Cells(layout.dots, 0.07, 1, stroke_width=0) if len(layout.dots) else Group()
        moving = self.neurons.copy()
        mark = self.mark.copy()
        labels = VGroup()
        for index in (0, self.followed, self.side**2 - 1):
            colour = theme.ANSWER if index == self.followed else theme.QUIET_TEXT
            label = Words(f"neuron {index}: {self.image.ravel()[index]:.2f}", theme.CAPTION_SIZE, colour)
            labels.add(label.next_to(layout.centres[index], RIGHT, buff=0.5))
        with self.caption(
            f"Row by row they make a column; ours is neuron {self.followed}, counted from 0.",
            FadeOut(self.count, run_time=theme.QUICK),
            moves="Row after row the neurons go into one column at the right; the marked one has its number there.",
        ):
            following = UpdateFromFunc(mark, lambda square: square.move_to(moving.centres[self.followed]))
            self.add(moving, mark)
            self.play(GridBecomesColumn(moving, layout, run_time=2 * theme.FLOW), following)
            ring = self.marking(moving)
            self.play(FadeIn(dots), FadeIn(labels), Transform(mark, ring), run_time=theme.QUICK)

    def marking(self, cells: Cells) -> Square:
        """A frame around the pixel that is followed."""
        mark = Square(2.3 * float(cells.radii[self.followed]), color=theme.ANSWER, stroke_width=theme.MARK_WIDTH)
        return mark.move_to(cells.centres[self.followed])


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


def window_around(side: int) -> tuple[int, int]:
    """How many rows and columns are shown around the followed pixel."""
    return min(5, side), min(5, side)


def window_corner(side: int, row: int, column: int) -> tuple[int, int]:
    """The upper left pixel of the window around a pixel, wholly in the picture."""
    rows, columns = window_around(side)
    top, left = np.clip((row - rows // 2, column - columns // 2), 0, (side - rows, side - columns))
    return int(top), int(left)


def pixel_to_follow(image: NDArray[np.float32]) -> tuple[int, int]:
    """Row and column of the grey pixel (0.3 to 0.7) with the most different greys around it; else of the brightest."""
    side = len(image)
    rows, columns = window_around(side)
    most, found = 0, divmod(int(image.argmax()), side)
    for row, column in np.argwhere((image > 0.3) & (image < 0.7)):
        top, left = window_corner(side, row, column)
        different = len(np.unique(image[top : top + rows, left : left + columns].round(2)))
        if different > most:
            most, found = different, (int(row), int(column))
    return found


def best_columns(count: int, width: float, height: float) -> int:
    """In how many columns to put neurons: wide apart, and few empty places in the last row."""

    def worth(columns: int) -> float:
        rows = -(-count // columns)
        return min(width / columns, height / rows) * (count / (rows * columns)) ** 2

    return max(range(1, count + 1), key=worth)
