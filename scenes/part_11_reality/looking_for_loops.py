"""Looking for loops: whether the activation of any hidden neuron follows the holes that are counted in the pictures."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from manim import (
    DOWN,
    RIGHT,
    UP,
    Create,
    FadeIn,
    FadeOut,
    Group,
    LaggedStart,
    Transform,
    VGroup,
    smooth,
    squish_rate_func,
)
from numpy.typing import NDArray

from network.analysis.examples import first_of_each_class
from network.analysis.loops import (
    FOLLOWS_LOOPS,
    best_neuron,
    best_split,
    correlations,
    hidden_activations,
    pixel_correlations,
)
from network.analysis.parts import count_holes, hole_cells
from network.digits import Digits
from scenes.kit import theme
from scenes.kit.animations.grow_signed_bars import GrowSignedBars
from scenes.kit.colour import rgb
from scenes.kit.layout import STAGE_BOTTOM, STAGE_MIDDLE, STAGE_TOP
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.signed_bars import SignedBars
from scenes.kit.mobjects.text import Number, Words
from scenes.kit.mobjects.two_histograms import TwoHistograms, sliced
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import number, ordinal, percent

# How many classes are shown with their holes at most, and the distance of the two rows in which they stand.
_MOST_CLASSES, _ROW_STEP = 10, 3.2
# The longest step from picture to picture, the width of a row, and the width of the largest picture.
_WIDEST_STEP, _ROW_WIDTH, _LARGEST_PICTURE = 2.55, 13, 2.2


class LookingForLoops(LessonScene):
    """Holes are counted in every test picture; no, or which, hidden neuron's activation goes with having one."""

    def construct(self) -> None:
        self.what_a_loop_is()
        if self.can_be_told:
            self.every_neuron()
            self.the_best()
            self.with_and_without()
        else:
            self.nothing_to_find()
        self.end()

    def alternative_text(self) -> str:
        text = f"In {int(self.has_loop.sum()):,} of {len(self.has_loop):,} test pictures a loop is counted."
        if self.can_be_told:
            layer, neuron = self.best
            text += (
                f" A bar chart shows how the activation of each hidden neuron goes with it; the farthest from 0 is "
                f"{_name(layer, neuron)}, with {number(self.measured[layer][neuron], 2)}."
            )
        return text

    @cached_property
    def test(self) -> Digits:
        return self.digits()

    @cached_property
    def has_loop(self) -> NDArray[np.bool_]:
        """(n,) in which test pictures a hole is counted."""
        return np.asarray(count_holes(self.test.images) > 0)

    @cached_property
    def measured(self) -> tuple[NDArray[np.float64], ...]:
        """For each hidden layer, how every neuron's activation goes with having a loop."""
        return correlations(self.network, self.test.vectors, self.has_loop)

    @property
    def can_be_told(self) -> bool:
        """Whether there are hidden neurons, and pictures with a loop as well as pictures without."""
        return bool(self.measured) and 0 < self.has_loop.sum() < len(self.has_loop)

    @cached_property
    def best(self) -> tuple[int, int]:
        """The hidden layer and the neuron in it that follow loops most closely."""
        return best_neuron(self.measured)

    def what_a_loop_is(self) -> None:
        self.next_section("What a loop is")
        chosen = first_of_each_class(self.test, _MOST_CLASSES)
        counts = count_holes(self.test.images[chosen])
        inside = hole_cells(self.test.images[chosen])
        columns = -(-len(chosen) // 2)
        pitch = min(_WIDEST_STEP, _ROW_WIDTH / columns)
        self.pictures, self.counts = Group(), VGroup()
        for place, index in enumerate(chosen):
            row, column = divmod(place, columns)
            x, y = (column - (columns - 1) / 2) * pitch, STAGE_MIDDLE + 1.9 - row * _ROW_STEP
            self.pictures.add(PixelGrid(self.test.images[index], min(_LARGEST_PICTURE, 0.9 * pitch), (x, y)))
            label = Number(int(counts[place]), size=44, colour=theme.ANSWER if counts[place] else theme.QUIET_TEXT)
            self.counts.add(label.next_to(self.pictures[-1], DOWN, buff=0.16))
        filled = []
        for picture, pixels in zip(self.pictures, inside, strict=True):
            target = picture.copy()
            target.colours[pixels.ravel()] = rgb(theme.ANSWER)
            filled.append(Transform(picture, target))
        with self.voiceover(
            f"A loop: dark ground with ink all around. {int(self.has_loop.sum()):,} of {len(self.has_loop):,} test "
            "pictures have one.",
            moves="One test picture of each class; the holes in them fill with yellow, and their number appears.",
        ):
            self.play(FadeIn(self.pictures))
            self.play(LaggedStart(*filled, lag_ratio=0.15, run_time=theme.FLOW))
            self.play(FadeIn(self.counts))

    def nothing_to_find(self) -> None:
        self.next_section("Nothing to find")
        sentence = "There are no hidden neurons here that could look for them."
        if self.measured:
            sentence = "All pictures are alike in this: there is nothing that a neuron could tell apart."
        with self.voiceover(sentence, moves="The pictures stand."):
            pass

    def every_neuron(self) -> None:
        self.next_section("Every neuron")
        rows = len(self.measured)
        height = (STAGE_TOP - STAGE_BOTTOM) / rows
        self.charts = [
            SignedBars(len(values), STAGE_TOP - (row + 0.55) * height, 0.76 * height)
            for row, values in enumerate(self.measured)
        ]
        titles = VGroup()
        for row, chart in enumerate(self.charts):
            title = Words(f"{ordinal(row)} hidden layer", theme.NOTE_SIZE, theme.QUIET_TEXT)
            titles.add(title.move_to(chart.axis_end + 0.12 * UP, aligned_edge=DOWN + RIGHT))
        self.titles = titles
        with self.voiceover(
            "How closely does each hidden neuron follow loops? 1 or −1 would be perfect.",
            moves="Charts take the place of the pictures, one for each hidden layer, and a bar grows for each neuron.",
        ):
            self.play(
                FadeOut(self.pictures),
                FadeOut(self.counts),
                *(FadeIn(chart.axes) for chart in self.charts),
                FadeIn(titles),
            )
            for chart, values in zip(self.charts, self.measured, strict=True):
                self.play(GrowSignedBars(chart, values))

    def the_best(self) -> None:
        self.next_section("The best")
        layer, neuron = self.best
        chart = self.charts[layer]
        count = sum(len(values) for values in self.measured)
        pixels = pixel_correlations(self.test.vectors, self.has_loop)
        with self.voiceover(
            loops_verdict(float(self.measured[layer][neuron]), count, float(np.abs(pixels).max())),
            moves="The bar farthest from 0 turns yellow.",
        ):
            self.play(Transform(chart.bars, chart.marked(neuron)))

    def with_and_without(self) -> None:
        self.next_section("With a loop and without")
        layer, neuron = self.best
        values = hidden_activations(self.network, self.test.vectors)[layer][:, neuron]
        right, cut = best_split(values, self.has_loop)
        plot = TwoHistograms(values, self.has_loop, ("with a loop", "without"), "activation", "the pictures").move_to(
            (0, STAGE_MIDDLE - 0.3, 0)
        )
        title = Words(_name(layer, neuron), theme.LABEL_SIZE).move_to((0, STAGE_TOP - 0.15, 0))
        charts = Group(*(Group(chart.axes, chart.bars, chart.numbers) for chart in self.charts), self.titles)
        # The neuron's own bar is cut into slices, and these become the bars of its activations.
        with_loop, without = plot.bars
        slices = sliced(self.charts[layer].bars.item(neuron), with_loop)
        self.charts[layer].bars.opacities[neuron] = 0
        self.add(slices)
        flat = without.copy()
        flat.points[1::2, 1] = flat.points[0::2, 1]
        share = float(self.has_loop.mean())
        guess = "loop" if share > 0.5 else "no loop"
        with self.voiceover(
            f"Split at the best place, it tells {percent(right, 0)} right. Always “{guess}”: "
            f"{percent(max(share, 1 - share), 0)}.",
            moves="The charts go, and the yellow bar comes apart into a histogram: the activations of this neuron for "
            "pictures with a loop. Grey bars grow beside them, for those without; a dashed line splits both at the "
            "best place.",
        ):
            self.play(
                FadeOut(charts, rate_func=squish_rate_func(smooth, 0, 0.5), run_time=theme.FLOW),
                Transform(slices, with_loop, run_time=theme.FLOW),
                FadeIn(
                    Group(plot.axes, plot.key, title), rate_func=squish_rate_func(smooth, 0.4, 1), run_time=theme.FLOW
                ),
            )
            self.play(Transform(flat, without))
            if np.isfinite(cut):
                self.play(Create(plot.split(cut)))


def loops_verdict(value: float, count: int, pixel: float) -> str:
    """What became of the hope for loops: the correlation farthest from 0 of `count` neurons, and that of the pixels."""
    reached = f"The farthest of {count} reaches {number(value, 2)}"
    if abs(value) >= FOLLOWS_LOOPS:
        return f"{reached}: it follows loops, as was hoped."
    return f"{reached}; the best single pixel, {number(pixel, 2)}."


def _name(layer: int, neuron: int) -> str:
    return f"neuron {neuron} of the {ordinal(layer)} hidden layer"
