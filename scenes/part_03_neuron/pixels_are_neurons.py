"""PixelsAreNeurons: One square of the digit turns out to be a neuron, and so are all 784: the first layer."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Circle,
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
)

from network.analysis.examples import digits_of_two_classes, hero
from network.analysis.windows import pixel_to_follow, window_around
from network.network import Array
from scenes import wording
from scenes.kit import theme
from scenes.kit.animations.pixels import PixelsBecomeNeurons
from scenes.kit.contrast import text_colours
from scenes.kit.layout import PIXELS_A_UNIT, STAGE_BOTTOM, STAGE_MIDDLE, STAGE_TOP, column_around, grid, picture
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.network_diagram import NetworkDiagram, NeuronColumn, thin_brace
from scenes.kit.mobjects.numbered_neurons import NumberedNeurons
from scenes.kit.mobjects.numbers import Numbers
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.text import Number, Words
from scenes.part_03_neuron.beside_a_picture import MOST_NEURONS, neurons_beside, picture_beside, room_for
from scenes.part_03_neuron.light import halo
from scenes.part_03_neuron.long_column import LineUp, LongColumn, PassThrough
from scenes.stage.lesson_scene import LessonScene

# How wide the picture is as it is looked at, and where its middle is.
_EXTENT, _PICTURE_AT = 6.1, (-3.75, STAGE_MIDDLE)
# The pixels that come out of it: the x of their middle, and how wide each one is; and the followed one alone.
_NEAR_X, _NEAR_SIZE, _ALONE_WIDTH = 3.6, 1.1, 3.6
# The picture as it is counted: its middle and width.
_COUNTED_AT, _COUNTED_EXTENT = (-2.6, STAGE_MIDDLE - 0.25), 5.6
# Where the column stands, and the picture beside it.
_COLUMN_X, _BESIDE_AT, _BESIDE_EXTENT = 2.2, (-3.6, STAGE_MIDDLE), 5.9


class PixelsAreNeurons(LessonScene):
    """The pixels of a digit become neurons, the network's first layer; one of them is followed all the way."""

    def construct(self) -> None:
        self.one_pixel()
        self.all_pixels()
        self.in_a_column()
        self.nothing_is_lost()
        self.end()

    def alternative_text(self) -> str:
        row, column = self.place
        return (
            f"The {self.image.size} pixels of a picture turn into {self.image.size} round neurons and line "
            f"up in a column. The pixel in row {row}, column {column}, of brightness {self.value:.2f}, is marked all "
            f"the way, and ends as neuron {self.followed}."
        )

    @cached_property
    def index(self) -> int:
        """The picture in the test set."""
        return hero(self.network, self.digits())

    @property
    def image(self) -> Array:
        """The digit, (side, side)."""
        return self.digits().images[self.index]

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
        self.next_section("One pixel")
        digits = self.digits()
        first, second = (digits.images[index] for index in digits_of_two_classes(self.network, digits))
        before, after = (self.network.forward(image).activations[0][:MOST_NEURONS] for image in (first, second))
        neurons = neurons_beside(before, room_for(before, after))
        self.pixels = picture_beside(self.image)
        name = digits.class_names[digits.labels[self.index]]
        whose = f"our {wording.class_in_words(name)}" if len(name) == 1 else "our picture"
        kind = (
            "grey, somewhere between black and white"
            if 0.02 < self.value < 0.98
            else "white"
            if self.value >= 0.98
            else "black"
        )
        with self.voiceover(
            "Where do the first numbers come from? From the <bookmark mark='picture'/> picture itself. "
            f"<bookmark mark='one'/> Take one square of {whose}. It's {self.value:.2f}: "
            f"<bookmark mark='value'/> {kind}. <bookmark mark='between'/> A number between zero and one. So it already "
            "<bookmark mark='is'/> is a neuron!",
            moves="Beside a digit there are neurons with their numbers. They fade, and the digit becomes large. A "
            "frame marks one of its grey squares; the squares around it come out, larger, with their numbers. The "
            "marked one becomes larger still, then round: a neuron that glows.",
        ):
            # As the scene before leaves it.
            self.add(self.pixels, neurons)
            self.wait(0.8)
            large = PixelGrid(self.image, _EXTENT, _PICTURE_AT)
            self.play(FadeOut(neurons, shift=0.5 * RIGHT), run_time=theme.QUICK)
            self.play(Transform(self.pixels, large), run_time=theme.STEP)
            self.mark = self.marking(self.pixels)
            self.wait_until_bookmark("one")
            self.play(Create(self.mark), run_time=theme.QUICK)
            self.pixels_come_out()
            self.wait_until_bookmark("value")
            self.only_one_stays_bright()
            self.wait_until_bookmark("between")
            self.one_alone()
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
        self.play(*flying, ReplacementTransform(self.mark.copy(), self.near_mark), run_time=1.3)
        self.play(FadeIn(self.numbers), run_time=theme.QUICK)

    @property
    def own(self) -> int:
        """The place of the followed pixel among those that came out."""
        return int(np.flatnonzero(self.window == self.followed)[0])

    def only_one_stays_bright(self) -> None:
        """All that came out but the followed one get dark."""
        dark = [cell.animate.set_opacity(0.3) for n, cell in enumerate(self.near) if n != self.own]
        shares = np.where(np.arange(len(self.window)) == self.own, 1, 0.0)
        numbers = self.numbers.copy().set_opacities(shares)
        self.play(*dark, Transform(self.numbers, numbers), run_time=theme.STEP)

    def one_alone(self) -> None:
        """The others fade; the followed one becomes large."""
        others = Group(*(cell for n, cell in enumerate(self.near) if n != self.own))
        self.alone = self.near[self.own]
        number = self.numbers.take([self.own])
        self.remove(self.numbers)
        self.add(number)
        at = [(_NEAR_X, STAGE_MIDDLE, 0)]
        self.single = NumberedNeurons([self.value], at, _ALONE_WIDTH)
        frame = Square(_ALONE_WIDTH, color=theme.ANSWER, stroke_width=1.5 * theme.MARK_WIDTH).move_to(at[0])
        self.play(
            FadeOut(others),
            Transform(self.alone, self.alone.copy().place(at, _ALONE_WIDTH)),
            Transform(number, self.single.numbers),
            Transform(self.near_mark, frame),
            run_time=theme.STEP,
        )
        self.number = number

    def turn_round(self) -> None:
        """The square becomes a neuron that glows."""
        self.light = halo((_NEAR_X, STAGE_MIDDLE), self.value)
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
        self.next_section("All pixels")
        self.neurons = NeuronColumn(picture(self.side, _COUNTED_AT, _COUNTED_EXTENT)).show(self.image.ravel())
        self.count = self.counted()
        side = wording.in_words(self.side)
        with self.voiceover(
            f"And so are all the others. <bookmark mark='turn'/> {wording.capitalised(side)} times {side}: "
            f"<bookmark mark='product'/> {self.side**2:,} neurons, holding the picture. <bookmark mark='layer'/> "
            "They are the first layer of the network.",
            moves="Every square of the digit turns into a disc of the same brightness, and the large neuron goes back "
            "into its place among them. Braces count them. Then the other layers of the network appear at the right, "
            "empty.",
        ):
            moved = self.marking(self.neurons)
            self.play(
                PixelsBecomeNeurons(self.pixels, self.neurons),
                Transform(self.mark, moved),
                Transform(self.single.discs, self.neurons.item(self.followed)),
                FadeOut(self.single.numbers, self.light, run_time=theme.QUICK),
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
        name = Words("neurons", 1.5 * theme.TITLE_SIZE).next_to(product, DOWN, buff=0.4)
        return VGroup(VGroup(braces, sizes), VGroup(product, name))

    def in_the_network(self) -> None:
        """The picture goes to its place in the network; the other layers stand there as outlines."""
        self.diagram = NetworkDiagram(self.network)
        empty = [neurons.stand_out() for neurons in self.diagram.columns[1:]]
        place = self.diagram.columns[0].copy().show(self.image.ravel())
        self.first = Words("first layer", 1.15 * theme.TITLE_SIZE, theme.ANSWER).next_to(place, UP, buff=0.25)
        self.play(FadeOut(*self.count), run_time=0.3)
        self.play(
            Transform(self.neurons, place),
            Transform(self.mark, self.marking(place)),
            FadeIn(self.first),
            LaggedStart(*(FadeIn(neurons, shift=0.3 * RIGHT) for neurons in empty), lag_ratio=0.3),
            run_time=1.2,
        )

    # -------------------------------------------------------------------------------------------------- a column

    def in_a_column(self) -> None:
        self.next_section("In a column")
        self.column = LongColumn(self.side**2, _COLUMN_X)
        values = self.image.ravel()
        with self.voiceover(
            "We can also <bookmark mark='column'/> line them up in one long column: the second row below the first, "
            "the third below the second, and so on.",
            moves="Row after row the neurons leave the picture and go into a column at the right, which is longer than "
            "the stage. It passes by, with a number in each neuron, while a frame goes through the picture square by "
            "square; both stop at the marked one.",
        ):
            beside = self.neurons.copy()
            beside.place(grid(self.side, _BESIDE_AT, _BESIDE_EXTENT), 0.86 * _BESIDE_EXTENT / self.side)
            outside = Group(*self.diagram.columns[1:], self.first)
            self.play(
                FadeOut(outside),
                Transform(self.neurons, beside),
                Transform(self.mark, self.marking(beside)),
                run_time=0.7,
            )
            self.moving = self.neurons.copy().stand_out()
            self.add(self.moving)
            self.play(LineUp(self.moving, self.column), FadeOut(self.mark, run_time=0.3), run_time=2.4)
            self.shown = self.column.numbers(values, self.column.first, theme.LABEL_SIZE)
            self.play(FadeIn(self.shown), run_time=0.3)
            self.mark = self.marking(self.neurons).move_to(self.neurons.centres[min(4, self.side**2 - 1)])
            self.play(self.passing(self.column.first, self.followed), run_time=3)

    def passing(self, start: float, stop: float) -> PassThrough:
        """The long column goes from one neuron in the middle to another."""
        return PassThrough(self.column, self.moving, self.shown, self.neurons, self.mark, start, stop)

    def nothing_is_lost(self) -> None:
        self.next_section("Nothing is lost")
        values, last = self.image.ravel(), self.side**2 - 1
        at = np.array([_COLUMN_X, STAGE_MIDDLE, 0])
        ring = Circle(0.52, color=theme.ANSWER, stroke_width=1.5 * theme.MARK_WIDTH).move_to(at)
        link = Line(self.mark.get_right(), ring.get_left(), color=theme.ANSWER, stroke_width=3)
        label = Words(f"neuron {self.followed}", 1.3 * theme.TITLE_SIZE, theme.ANSWER).next_to(ring, RIGHT, buff=0.4)
        layout = column_around(last + 1, self.followed, (_COLUMN_X, STAGE_MIDDLE), STAGE_TOP - STAGE_BOTTOM)
        dots = Cells(layout.dots, 0.07, 1, stroke_width=0) if len(layout.dots) else Group()
        short = NeuronColumn(layout).show(values).stand_out()
        brace = thin_brace(short, LEFT)
        number = Number(last + 1, size=1.5 * theme.TITLE_SIZE).next_to(brace, LEFT, buff=0.2)
        ends = VGroup(*(Number(n).next_to(short.centres[n], RIGHT, buff=0.45) for n in (0, last)))
        with self.voiceover(
            "Nothing is lost: <bookmark mark='here'/> here's our square again. <bookmark mark='room'/> It only makes "
            "room for what comes next.",
            moves="A line joins the marked square of the picture with the neuron in the middle of the column, which is "
            "ringed. Then the long column becomes a short one: its first neurons, the marked one and its last ones, "
            "with dots between them.",
        ):
            self.wait_until_bookmark("here")
            self.play(Create(link), Create(ring), FadeIn(label, shift=0.2 * LEFT), run_time=0.8)
            self.wait_until_bookmark("room")
            place = short.centres[self.followed]
            small = Circle(0.75 * layout.diameter, color=theme.ANSWER, stroke_width=theme.MARK_WIDTH).move_to(place)
            self.play(
                FadeOut(self.shown, link),
                Transform(self.moving, short),
                Transform(ring, small),
                label.animate.set_y(place[1]),
                run_time=1.2,
            )
            self.play(FadeIn(dots, VGroup(brace, number), ends), run_time=theme.QUICK)

    def marking(self, cells: Cells) -> Square:
        """A frame around the pixel that is followed."""
        mark = Square(2.5 * float(cells.radii[self.followed]), color=theme.ANSWER, stroke_width=theme.MARK_WIDTH)
        return mark.move_to(cells.centres[self.followed])
