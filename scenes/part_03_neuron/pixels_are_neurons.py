"""PixelsAreNeurons: The 784 pixels of a digit become the first layer; one real pixel is followed all the way."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from manim import (
    LEFT,
    RIGHT,
    UP,
    AnimationGroup,
    Create,
    FadeIn,
    FadeOut,
    Group,
    LaggedStart,
    ReplacementTransform,
    Square,
    Transform,
    UpdateFromFunc,
    VGroup,
)

from network.analysis.examples import hero
from network.analysis.windows import pixel_to_follow, window_around
from network.network import Array
from scenes.kit import theme
from scenes.kit.animations.pixels import GridBecomesColumn, PixelsBecomeNeurons
from scenes.kit.colour import rgb
from scenes.kit.contrast import text_colours
from scenes.kit.layout import PIXELS_A_UNIT, STAGE_BOTTOM, STAGE_MIDDLE, STAGE_TOP, column_around, grid, picture
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.network_diagram import NeuronColumn, thin_brace
from scenes.kit.mobjects.numbers import Numbers
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.text import Number, Words
from scenes.stage.lesson_scene import LessonScene

# How wide the picture is, how high its middle lies, and how far it moves to the left.
_EXTENT, _PICTURE_Y, _ASIDE = 5.4, STAGE_MIDDLE - 0.1, 3.4
# The pixels that come out of it: the x of their middle, and how wide each one is.
_NEAR_X, _NEAR_SIZE = 3.45, 0.98
# Where the column stands.
_COLUMN_X = 2.6


class PixelsAreNeurons(LessonScene):
    """The pixels of a digit become neurons, the network's first layer; one of them is followed all the way."""

    def construct(self) -> None:
        self.one_pixel()
        self.pixels_become_neurons()
        self.in_a_column()
        self.end()

    def alternative_text(self) -> str:
        row, column = self.place
        return (
            f"The {self.image.size} pixels of a handwritten digit turn into {self.image.size} round neurons and line "
            f"up in a column. The pixel in row {row}, column {column}, of brightness {self.value:.2f}, is marked all "
            f"the way, and ends as neuron {self.followed}."
        )

    @cached_property
    def image(self) -> Array:
        """The digit, (side, side)."""
        digits = self.digits()
        return digits.images[hero(self.network, digits)]

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

    def one_pixel(self) -> None:
        self.next_section("One pixel")
        self.pixels = PixelGrid(self.image, _EXTENT, (0, _PICTURE_Y))
        self.mark = self.marking(self.pixels)
        with self.voiceover(
            f"Follow one pixel: it holds its brightness, {self.value:.2f}. Black is 0, white is 1.",
            moves="A digit appears, and a square frame marks one of its grey pixels. The pixels around it come out, "
            "larger, with their numbers; the frame goes with the marked one.",
        ):
            self.play(FadeIn(self.pixels, run_time=theme.QUICK))
            self.play(Create(self.mark))
            self.play(Group(self.pixels, self.mark).animate.shift(_ASIDE * LEFT))
            self.pixels_come_out()

    def pixels_come_out(self) -> None:
        """The pixels around the followed one come out of the picture, larger, and show their numbers."""
        block = window_around(self.side, *self.place)
        self.window = self.pixels.window(*block)
        self.near = Group(*(self.pixels.item(index) for index in self.window))
        centres = grid(block.columns, (_NEAR_X, STAGE_MIDDLE), block.columns * _NEAR_SIZE)
        values = self.image.ravel()[self.window]
        self.numbers = Numbers(values, centres, 2, 0.34 * _NEAR_SIZE * PIXELS_A_UNIT, text_colours(values))
        self.near_mark = Square(_NEAR_SIZE, color=theme.ANSWER, stroke_width=1.5 * theme.MARK_WIDTH)
        self.near_mark.move_to(centres[int(np.flatnonzero(self.window == self.followed)[0])])
        flying = [
            Transform(cell, cell.copy().place([at], 0.96 * _NEAR_SIZE))
            for cell, at in zip(self.near, centres, strict=True)
        ]
        self.play(*flying, ReplacementTransform(self.mark.copy(), self.near_mark), run_time=theme.FLOW)
        self.play(FadeIn(self.numbers), run_time=theme.QUICK)

    def pixels_become_neurons(self) -> None:
        self.next_section("Pixels become neurons")
        self.neurons = NeuronColumn(picture(self.side, (-_ASIDE, _PICTURE_Y), _EXTENT)).show(self.image.ravel())
        rounded = [as_neuron(cell) for cell in self.near]
        self.count = self.counted()
        with self.voiceover(
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

    def counted(self) -> VGroup:
        """Braces with the sides of the picture, and beside it how many neurons that makes."""
        braces = VGroup(thin_brace(self.neurons, RIGHT), thin_brace(self.neurons, UP))
        sizes = VGroup(*(Number(self.side) for _ in braces))
        sizes[0].next_to(braces[0], RIGHT, buff=0.2)
        sizes[1].next_to(braces[1], UP, buff=0.12)
        product = Words(f"{self.side} × {self.side} = {self.side**2}", 1.6 * theme.TITLE_SIZE)
        return VGroup(braces, sizes, product.move_to((3.6, STAGE_MIDDLE, 0)))

    def in_a_column(self) -> None:
        self.next_section("In a column")
        layout = column_around(self.side**2, self.followed, (_COLUMN_X, STAGE_MIDDLE), STAGE_TOP - STAGE_BOTTOM, ends=3)
        dots = Cells(layout.dots, 0.07, 1, stroke_width=0) if len(layout.dots) else Group()
        moving = self.neurons.copy()
        mark = self.mark.copy()
        labels = VGroup()
        for index in (0, self.followed, self.side**2 - 1):
            colour = theme.ANSWER if index == self.followed else theme.QUIET_TEXT
            label = Words(f"neuron {index}: {self.image.ravel()[index]:.2f}", theme.CAPTION_SIZE, colour)
            labels.add(label.next_to(layout.centres[index], RIGHT, buff=0.5))
        with self.voiceover(
            f"Row by row they make a column; ours is neuron {self.followed}, counted from 0.",
            moves="Row after row the neurons go into one column at the right; the marked one has its number there.",
        ):
            self.play(FadeOut(self.count, run_time=theme.QUICK))
            following = UpdateFromFunc(mark, lambda square: square.move_to(moving.centres[self.followed]))
            self.add(moving, mark)
            self.play(GridBecomesColumn(moving, layout, run_time=2 * theme.FLOW), following)
            ring = self.marking(moving)
            self.play(FadeIn(dots), FadeIn(labels), Transform(mark, ring), run_time=theme.QUICK)

    def marking(self, cells: Cells) -> Square:
        """A frame around the pixel that is followed."""
        mark = Square(2.3 * float(cells.radii[self.followed]), color=theme.ANSWER, stroke_width=theme.MARK_WIDTH)
        return mark.move_to(cells.centres[self.followed])


def as_neuron(cell: Cells) -> Cells:
    """A pixel as a disc with the outline of a neuron."""
    disc = cell.copy()
    disc.roundness = np.ones(1, np.float32)
    disc.stroke_colours, disc.stroke_widths = rgb(theme.NEURON_OUTLINE)[None], np.full(1, 1.5, np.float32)
    return disc
