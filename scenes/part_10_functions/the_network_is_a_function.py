"""The whole network is one function, with as many parameters as it has weights and biases."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise

import numpy as np
from manim import (
    DOWN,
    RIGHT,
    UP,
    AnimationGroup,
    Arrow,
    FadeIn,
    FadeOut,
    Group,
    LaggedStart,
    MathTypst,
    RoundedRectangle,
    Transform,
    VGroup,
)
from numpy.typing import NDArray

from network import ForwardPass
from network.analysis.examples import one_of_each
from network.digits import Digits
from scenes.kit import theme
from scenes.kit.layout import PIXELS_A_UNIT, ColumnLayout, column, network_layout, picture_or_column
from scenes.kit.mobjects.connections import Connections
from scenes.kit.mobjects.network_diagram import NetworkDiagram, NeuronColumn
from scenes.kit.mobjects.numbers import Numbers
from scenes.kit.mobjects.text import Words, formula
from scenes.part_10_functions.formulas import FORMULA_Y, MIDDLE_BELOW, colour_listed, listed
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import count

# How many pictures are shown to the function.
_PICTURES = 4
# Where the picture stands, and how large it is; the box in the middle; and where the outputs stand.
_PICTURE_X, _PICTURE_EXTENT = -4.75, 3.5
_BOX_WIDTH, _BOX_HEIGHT = 3.7, 4.3
_OUTPUTS_X = 3.6
# The line of words beneath the picture, the box and the outputs, and the size of its type.
_FOOT, _FOOT_SIZE = -2.5, 44
# The most room for the name of an output, and the room from the names to the middle of their values.
_WIDEST_NAME, _TO_VALUES = 1.5, 0.75


class TheNetworkIsAFunction(LessonScene):
    """The whole network is put into a box: one function of all pixels, with as many parameters as it has knobs."""

    def construct(self) -> None:
        self.forward = self.network.forward(self.test.images[self.examples[0]])
        self.diagram = NetworkDiagram(self.network, self.test.class_names).show(self.forward)
        self.small = NetworkDiagram(self.network, layout=layout_in_the_box(self.network.sizes)).show(self.forward)

        self.into_a_box()
        self.one_function()
        self.complicated()
        self.end()

    def alternative_text(self) -> str:
        inputs, outputs = self.network.sizes[0], self.network.sizes[-1]
        return (
            f"The network shrinks into a box called f. A picture of {inputs:,} numbers goes in, {outputs} numbers come "
            f"out, shown for {_PICTURES} pictures; f has {self.network.parameter_count:,} parameters."
        )

    @cached_property
    def test(self) -> Digits:
        return self.digits()

    @cached_property
    def examples(self) -> list[int]:
        """The test pictures that are shown to the function."""
        return one_of_each(self.test, _PICTURES)

    def into_a_box(self) -> None:
        self.next_section("Into a box")
        diagram = self.diagram
        n_in, n_out = self.network.sizes[0], self.network.sizes[-1]
        inputs = NeuronColumn(picture_or_column(n_in, (_PICTURE_X, MIDDLE_BELOW), _PICTURE_EXTENT))
        inputs.show(self.forward.input)
        self.outputs = NeuronColumn(column(n_out, (_OUTPUTS_X, MIDDLE_BELOW), _BOX_HEIGHT + 0.3))
        self.outputs.show(self.forward.output)
        self.picture = diagram.columns[0]
        with self.voiceover(
            f"The whole network: {count(n_in, 'number')} in, {count(n_out, 'number')} out.",
            moves="The network, with a digit on its left. Connections and hidden neurons shrink into a box; the digit "
            "stays left, the outputs go right.",
        ):
            self.play(FadeIn(Group(*diagram.connections, *diagram.columns, diagram.dots)))
            self.wait(theme.STEP)
            self.shrink(inputs)
            self.close_the_box()

    def shrink(self, inputs: NeuronColumn) -> None:
        """The hidden neurons go to the middle, the input to `inputs` and the outputs to their place."""
        diagram, small = self.diagram, self.small
        # What is joined stays joined on the way; only then do the first and last lines end at the box.
        on_the_way = self.joined(inputs)
        lines = (Transform(a, b) for a, b in zip(diagram.connections, on_the_way, strict=True))
        hidden = (Transform(a, b) for a, b in zip(diagram.columns[1:-1], small.columns[1:-1], strict=True))
        self.play(
            *lines,
            *hidden,
            Transform(self.picture, inputs),
            Transform(diagram.columns[-1], self.outputs),
            FadeOut(diagram.dots),
            run_time=theme.FLOW,
        )
        self.remove(diagram.columns[-1])
        self.add(self.outputs)

    def close_the_box(self) -> None:
        """The box appears, with arrows into it and out of it, and what goes in and comes out is counted."""
        self.box = RoundedRectangle(
            corner_radius=0.25, width=_BOX_WIDTH, height=_BOX_HEIGHT, color=theme.NEUTRAL, stroke_width=3
        ).move_to((0, MIDDLE_BELOW, 0))
        arrows = VGroup(
            _arrow(_PICTURE_X + _PICTURE_EXTENT / 2 + 0.15, -_BOX_WIDTH / 2 - 0.1),
            _arrow(_BOX_WIDTH / 2 + 0.1, _OUTPUTS_X - self.outputs.layout.diameter / 2 - 0.2),
        )
        counted = VGroup(*(Words(count(self.network.sizes[end], "number"), _FOOT_SIZE) for end in (0, -1)))
        for words, x in zip(counted, (_PICTURE_X, _OUTPUTS_X + 0.6), strict=True):
            words.move_to((x, _FOOT, 0))
        self.labels = self.labels_of(self.test.class_names)
        self.values = self.values_of(self.forward)
        self.play(
            *(FadeOut(lines) for lines in self.diagram.connections),
            *(FadeIn(lines) for lines in self.small.connections),
            FadeIn(self.box),
            FadeIn(arrows),
            FadeIn(counted[0]),
        )
        self.play(FadeIn(self.labels), FadeIn(self.values), FadeIn(counted[1]))

    def one_function(self) -> None:
        self.next_section("One function")
        self.inside = Group(*self.small.connections, *self.diagram.columns[1:-1])
        self.name = formula("f", 190).move_to((0, MIDDLE_BELOW, 0))
        shown = network_formula(self.network.sizes[0], self.network.sizes[-1]).move_to((0, FORMULA_Y, 0))
        with self.voiceover(
            "It is one function; for every picture, the brightest output is its answer.",
            moves="What is in the box fades, and it bears the letter f; the formula appears above. Other digits "
            "follow, and with each the numbers on the right change; the greatest is coloured.",
        ):
            self.play(FadeOut(self.inside))
            self.play(FadeIn(self.name), run_time=theme.QUICK)
            self.play(FadeIn(shown, shift=0.2 * DOWN))
            for index in self.examples[1:]:
                self.forward = self.network.forward(self.test.images[index])
                self.play(
                    LaggedStart(
                        Transform(self.picture, self.picture.copy().show(self.forward.input)),
                        AnimationGroup(
                            Transform(self.outputs, self.outputs.copy().show(self.forward.output)),
                            Transform(self.values, self.values_of(self.forward)),
                        ),
                        lag_ratio=0.4,
                        run_time=1.2,
                    )
                )
                self.wait(0.6)

    def complicated(self) -> None:
        self.next_section("Complicated")
        total = self.network.parameter_count
        self.counted = Words(f"{total:,} parameters", _FOOT_SIZE).move_to((0, _FOOT, 0))
        handwriting = all(name.isdigit() for name in self.test.class_names)
        task = "handwriting is not simple" if handwriting else "its task is not simple"
        fresh = self.small.show(self.forward)
        self.inside = Group(*fresh.connections, *fresh.columns[1:-1])
        with self.voiceover(
            f"Absurdly complicated, and that is reassuring: {task}.",
            moves="The box opens again: all connections are in it, and their number stands beneath; then they take the "
            "colours of their weights.",
        ):
            self.play(FadeOut(self.name), FadeIn(self.counted, shift=0.2 * UP))
            self.play(FadeIn(self.inside), run_time=theme.FLOW)
            weighted = []
            for connections, layer in zip(self.small.connections, self.network.layers, strict=True):
                shown = connections.copy()
                shown.set_values(layer.weights, np.abs(layer.weights).max(axis=1, keepdims=True))
                weighted.append(Transform(connections, shown))
            self.play(*weighted, run_time=theme.FLOW)

    def joined(self, inputs: NeuronColumn) -> list[Connections]:
        """The connections from the picture left of the box, through the box, to the outputs right of it."""
        columns = [inputs, *self.small.columns[1:-1], self.outputs]
        joined = []
        for layer, (start, end) in enumerate(pairwise(columns)):
            flows = self.forward.contributions(layer)
            limits = np.abs(flows).max(axis=1, keepdims=True)
            joined.append(Connections(start.centres, end.centres, flows, limits))
        return joined

    def labels_of(self, names: Sequence[str]) -> VGroup:
        """The name of each output beside its neuron; long names are set smaller, down to the smallest size."""
        place = self.outputs.layout
        size = float(np.clip(PIXELS_A_UNIT * place.diameter, theme.SMALLEST_SIZE, theme.LABEL_SIZE))
        widest = max(Words(name, size).width for name in names)
        size = max(size * min(1, _WIDEST_NAME / widest), theme.SMALLEST_SIZE)
        labels = VGroup()
        for name, centre, shown in zip(names, place.centres, place.shown, strict=True):
            label = Words(name, size, theme.QUIET_TEXT).next_to(centre, RIGHT, buff=place.diameter / 2 + 0.15)
            labels.add(label.set_opacity(float(shown)))
        return labels

    def values_of(self, forward: ForwardPass) -> Numbers:
        """The outputs as numbers beside their neurons; the greatest has the colour of answers."""
        place = self.outputs.layout
        centres = place.centres.copy()
        centres[:, 0] = self.labels.get_right()[0] + _TO_VALUES
        size = float(np.clip(1.05 * PIXELS_A_UNIT * place.diameter, theme.SMALLEST_SIZE, 44))
        numbers = Numbers(
            forward.output, centres, 2, size, opacities=place.shown.astype(float), widths=1.1, alignment=1
        )
        colours = numbers.colours.copy()
        colours[forward.answer] = Numbers([0], colours=theme.ANSWER).colours[0]
        return numbers.set_colours(colours)


def network_formula(n_in: int, n_out: int) -> MathTypst:
    """The whole network as a function of its inputs, with indices from 0."""
    shown = formula(f"f({listed('a', n_in)}) = bracket.l {listed('y', n_out)} bracket.r", 72)
    return colour_listed(colour_listed(shown, "a", n_in), "y", n_out)


def layout_in_the_box(sizes: tuple[int, ...]) -> tuple[ColumnLayout, ...]:
    """The layout of a network inside the box, with its inputs spread evenly along the left side."""
    top, bottom = MIDDLE_BELOW + _BOX_HEIGHT / 2 - 0.25, MIDDLE_BELOW - _BOX_HEIGHT / 2 + 0.25
    _, *rest = network_layout(sizes, "column", -_BOX_WIDTH / 2, _BOX_WIDTH / 2 - 0.2, top, bottom)
    first = column(sizes[0], (-_BOX_WIDTH / 2 + 0.15, MIDDLE_BELOW), top - bottom, most=sizes[0])
    return first, *rest


def _arrow(start: float, stop: float) -> Arrow:
    ends: tuple[NDArray[np.float64], ...] = (np.array([start, MIDDLE_BELOW, 0]), np.array([stop, MIDDLE_BELOW, 0]))
    return Arrow(*ends, buff=0, color=theme.NEUTRAL, stroke_width=4, tip_length=0.22)
