"""PixelsAreNeurons: One square of the digit turns out to be a neuron, and so are all 784: the input layer."""

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
    LaggedStart,
    Line,
    ReplacementTransform,
    Square,
    Transform,
    VGroup,
    there_and_back,
)

from network.analysis.examples import digits_of_two_classes
from network.analysis.windows import pixel_to_follow, window_around
from network.network import Array
from scenes import wording
from scenes.kit import theme
from scenes.kit.animations.pixels import PixelsBecomeNeurons
from scenes.kit.colour import rgb
from scenes.kit.contrast import text_colours
from scenes.kit.layout import PIXELS_A_UNIT, STAGE_MIDDLE, grid, picture
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.network_diagram import NetworkDiagram, NeuronColumn, thin_brace
from scenes.kit.mobjects.numbered_neurons import NumberedNeurons
from scenes.kit.mobjects.numbers import Numbers
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.text import Number, Words
from scenes.language import _, together
from scenes.part_03_neuron.beside_a_picture import MOST_NEURONS, neurons_beside, picture_beside, room_for
from scenes.part_03_neuron.light import LIT_WIDTH, halo
from scenes.stage.lesson_scene import LessonScene

# How wide the picture is as it is looked at, and where its middle is.
_EXTENT, _PICTURE_AT = 6.1, (-3.75, STAGE_MIDDLE)
# The pixels that come out of it: the x of their middle, and how wide each one is; and the followed one alone.
_NEAR_X, _NEAR_SIZE, _ALONE_WIDTH = 3.6, 1.24, 3.8
# How long one looks at them, with their numbers.
_A_LOOK = 1.4
# How high the scale from 0 to 1 stands below it.
_SCALE_Y = -2.35
# The picture as it is counted: its middle and width.
_COUNTED_AT, _COUNTED_EXTENT = (-2.6, STAGE_MIDDLE - 0.25), 5.6


class PixelsAreNeurons(LessonScene):
    """The pixels of a digit become neurons, the network's input layer; one of them is followed."""

    def construct(self) -> None:
        self.one_pixel()
        self.all_pixels()
        self.end()

    def alternative_text(self) -> str:
        row, column = self.place
        return _(
            "A square of a picture, in row {row}, column {column}, of brightness {value}, comes out and turns into a "
            "round neuron that glows. Then all {squares} squares turn into neurons: the input layer of the network, "
            "whose other layers are still empty.",
            row=row,
            column=column,
            value=wording.number(self.value, 2),
            squares=wording.number(self.image.size, thousands=False),
        )

    @property
    def image(self) -> Array:
        """The digit, (side, side)."""
        return self.digits().images[self.hero]

    @cached_property
    def place(self) -> tuple[int, int]:
        """Row and column of the pixel that is followed."""
        return pixel_to_follow(self.image)

    @property
    def side(self) -> int:
        return len(self.image)

    @property
    def followed(self) -> int:
        """Which neuron the followed pixel is, counted from 0."""
        row, column = self.place
        return row * self.side + column

    @property
    def value(self) -> float:
        """How bright the followed pixel is."""
        return float(self.image[self.place])

    # ------------------------------------------------------------------------------------------------- one pixel

    def one_pixel(self) -> None:
        self.next_section(_("One pixel"))
        digits = self.digits()
        first, second = (digits.images[index] for index in digits_of_two_classes(self.network, digits))
        before, after = (self.network.forward(image).activations[0][:MOST_NEURONS] for image in (first, second))
        neurons = neurons_beside(before, room_for(before, after))
        self.pixels = picture_beside(self.image)
        name = digits.class_names[digits.labels[self.hero]]
        take_one = (
            _("<bookmark mark='one'/> Take one square of our {digit}.", digit=wording.class_in_words(name))
            if wording.is_digit(name)
            else _("<bookmark mark='one'/> Take one square of our picture.")
        )
        with self.voiceover(
            together(
                _("Where do the first numbers come from? From the <bookmark mark='picture'/> picture itself."),
                take_one,
                _(
                    "<bookmark mark='value'/> It's {value}: a number <bookmark mark='between'/> between zero and one. "
                    "<bookmark mark='is'/> So it already is a neuron!",
                    value=wording.number(self.value, 2),
                ),
            ),
            moves=_(
                "Beside a digit there are neurons with their numbers. They fade, and the digit becomes large. A frame "
                "marks one of its grey squares; the squares around it come out, larger, with their numbers. The "
                "marked one becomes larger still; on a scale from 0 to 1 a dot runs to its number. Then it becomes "
                "round: a neuron that glows."
            ),
        ) as tracker:
            # As the scene before leaves it.
            self.add(self.pixels, neurons)
            swell = neurons.animate(rate_func=there_and_back).scale(1.07)
            self.play(swell, run_time=max(tracker.time_until_bookmark("picture"), theme.STEP))
            large = PixelGrid(self.image, _EXTENT, _PICTURE_AT)
            self.play(FadeOut(neurons, shift=0.5 * RIGHT, run_time=theme.QUICK), Transform(self.pixels, large))
            self.mark = self.marking(self.pixels)
            self.wait_until_bookmark("one")
            self.play(Create(self.mark), run_time=0.3)
            self.pixels_come_out()
            self.wait_until(max(tracker.bookmark_time("value"), self.time + _A_LOOK))
            self.one_alone()
            self.wait_until_bookmark("between")
            self.on_the_scale()
            self.wait_until_bookmark("is")
            self.turn_round()

    def pixels_come_out(self) -> None:
        """The pixels around the followed one come out of the picture, larger, and show their numbers."""
        block = window_around(self.side, *self.place)
        self.window = self.pixels.window(*block)
        self.near = Group(*(self.pixels.item(index) for index in self.window))
        centres = grid(block.columns, (_NEAR_X, STAGE_MIDDLE), block.columns * _NEAR_SIZE)
        values = self.image.ravel()[self.window]
        self.numbers = Numbers(values, centres, 2, 0.36 * _NEAR_SIZE * PIXELS_A_UNIT, text_colours(values))
        self.near_mark = Square(_NEAR_SIZE, color=theme.ANSWER, stroke_width=1.5 * theme.MARK_WIDTH)
        self.near_mark.move_to(centres[self.own])
        flying = [
            Transform(cell, cell.copy().place([at], 0.96 * _NEAR_SIZE))
            for cell, at in zip(self.near, centres, strict=True)
        ]
        self.play(*flying, ReplacementTransform(self.mark.copy(), self.near_mark), run_time=theme.STEP)
        self.play(FadeIn(self.numbers), run_time=0.3)

    @property
    def own(self) -> int:
        """The place of the followed pixel among those that came out."""
        return int(np.flatnonzero(self.window == self.followed)[0])

    def one_alone(self) -> None:
        """The others fade; the followed one becomes large."""
        others = Group(*(cell for n, cell in enumerate(self.near) if n != self.own))
        self.alone = self.near[self.own]
        number = self.numbers.take([self.own])
        rest = self.numbers.take([n for n in range(len(self.window)) if n != self.own])
        self.remove(self.numbers)
        # The followed one above all others: nothing shines through it as it grows over them.
        self.add(rest, self.alone, number, self.near_mark)
        at = [(_NEAR_X, STAGE_MIDDLE, 0)]
        self.single = NumberedNeurons([self.value], at, _ALONE_WIDTH)
        frame = Square(_ALONE_WIDTH, color=theme.ANSWER, stroke_width=1.5 * theme.MARK_WIDTH).move_to(at[0])
        self.play(
            FadeOut(others, rest, run_time=0.4),
            Transform(self.alone, self.alone.copy().place(at, _ALONE_WIDTH)),
            Transform(number, self.single.numbers),
            Transform(self.near_mark, frame),
        )
        self.number = number

    def on_the_scale(self) -> None:
        """A scale from 0 to 1 appears below the square, and a dot runs along it to its number."""
        half = _ALONE_WIDTH / 2
        line = Line((_NEAR_X - half, _SCALE_Y, 0), (_NEAR_X + half, _SCALE_Y, 0), color=theme.NEUTRAL, stroke_width=5)
        ends = VGroup()
        for value, side, at in ((0, LEFT, line.get_start()), (1, RIGHT, line.get_end())):
            tick = Line(at + 0.16 * DOWN, at + 0.16 * UP, color=theme.NEUTRAL, stroke_width=5)
            ends.add(tick, Number(value, size=1.2 * theme.TITLE_SIZE).next_to(tick, side, buff=0.25))
        dot = Cells([line.get_start()], 0.3, 1, rgb(theme.ANSWER), stroke_width=0)
        self.scale = Group(line, ends, dot)
        self.play(FadeIn(self.scale, shift=0.2 * UP), run_time=theme.QUICK)
        self.play(dot.animate.move_to(line.point_from_proportion(self.value)), run_time=theme.STEP)

    def turn_round(self) -> None:
        """The square becomes a neuron that glows."""
        self.light = halo((_NEAR_X, STAGE_MIDDLE), self.value, _ALONE_WIDTH / LIT_WIDTH)
        self.play(
            Transform(self.alone, self.single.discs),
            FadeOut(self.near_mark),
            FadeIn(self.light),
            run_time=theme.STEP,
        )
        self.remove(self.alone, self.number)
        self.add(self.single)

    # ------------------------------------------------------------------------------------------------ all pixels

    def all_pixels(self) -> None:
        self.next_section(_("All pixels"))
        self.neurons = NeuronColumn(picture(self.side, _COUNTED_AT, _COUNTED_EXTENT)).show(self.image.ravel())
        self.count = self.counted()
        with self.voiceover(
            _(
                "And so are all the others. <bookmark mark='turn'/> {side:^} times {side}: "
                "<bookmark mark='product'/> {squares} neurons. <bookmark mark='layer'/> They are the input layer of "
                "the network.",
                side=wording.in_words(self.side),
                squares=wording.number(self.side**2),
            ),
            moves=_(
                "Every square of the digit turns into a disc of the same brightness, and the large neuron goes back "
                "into its place among them. Braces count them. Then the other layers of the network appear at the "
                "right, empty."
            ),
        ):
            moved = self.marking(self.neurons)
            self.play(
                PixelsBecomeNeurons(self.pixels, self.neurons),
                Transform(self.mark, moved),
                Transform(self.single.discs, self.neurons.item(self.followed)),
                FadeOut(self.single.numbers, self.light, self.scale, run_time=theme.QUICK),
                run_time=1.5,
            )
            self.remove(self.pixels, *self.single)
            self.add(self.neurons, self.mark)
            self.wait_until_bookmark("turn")
            sides, product = self.count
            self.play(FadeIn(sides), run_time=theme.QUICK)
            self.wait_until_bookmark("product")
            self.play(FadeIn(product, scale=0.8), run_time=theme.QUICK)
            self.wait_until_bookmark("layer")
            self.in_the_network()

    def counted(self) -> VGroup:
        """Braces with the sides of the picture, and beside it how many neurons that makes."""
        braces = VGroup(thin_brace(self.neurons, RIGHT), thin_brace(self.neurons, UP))
        sizes = VGroup(*(Number(self.side, size=theme.TITLE_SIZE) for _ in braces))
        sizes[0].next_to(braces[0], RIGHT, buff=0.2)
        sizes[1].next_to(braces[1], UP, buff=0.1)
        product = Number(self.side**2, size=4 * theme.TITLE_SIZE).move_to((4.3, STAGE_MIDDLE + 0.3, 0))
        name = Words(_("neurons"), 1.5 * theme.TITLE_SIZE).next_to(product, DOWN, buff=0.4)
        return VGroup(VGroup(braces, sizes), VGroup(product, name))

    def in_the_network(self) -> None:
        """The picture goes to its place in the network; the other layers stand there as outlines."""
        self.diagram = NetworkDiagram(self.network)
        empty = [neurons.stand_out() for neurons in self.diagram.columns[1:]]
        place = self.diagram.columns[0].copy().show(self.image.ravel())
        self.first = Words(_("input layer"), 1.15 * theme.TITLE_SIZE, theme.ANSWER).next_to(place, UP, buff=0.25)
        self.play(FadeOut(*self.count), run_time=0.3)
        self.play(
            Transform(self.neurons, place),
            Transform(self.mark, self.marking(place)),
            FadeIn(self.first, run_time=theme.QUICK),
            LaggedStart(*(FadeIn(neurons, shift=0.3 * RIGHT) for neurons in empty), lag_ratio=0.3),
            run_time=1.2,
        )
        self.wait(0.8)  # so that its name can be read

    def marking(self, cells: Cells) -> Square:
        """A frame around the pixel that is followed."""
        mark = Square(2.5 * float(cells.radii[self.followed]), color=theme.ANSWER, stroke_width=theme.MARK_WIDTH)
        return mark.move_to(cells.centres[self.followed])
