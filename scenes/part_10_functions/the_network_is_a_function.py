"""TheNetworkIsAFunction: the network is what stands in the box of the beginning, one absurdly complicated function."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from manim import (
    DOWN,
    RIGHT,
    UP,
    Arrow,
    FadeIn,
    FadeOut,
    Group,
    GrowArrow,
    LaggedStart,
    Transform,
    VGroup,
)
from numpy.typing import NDArray

from network import ForwardPass
from network.activations import activation_named
from network.analysis.examples import one_of_each
from network.analysis.neurons import neuron_and_pictures
from network.digits import Digits
from scenes.kit import theme
from scenes.kit.animations.forward_pass import GrowConnections, PropagateActivations, RunPulse
from scenes.kit.layout import (
    FRAME_WIDTH,
    PIXELS_A_UNIT,
    SAFE_MARGIN,
    STAGE_MIDDLE,
    ColumnLayout,
    column,
    network_layout,
)
from scenes.kit.mobjects.named_inputs import NamedInputs
from scenes.kit.mobjects.network_diagram import NetworkDiagram, NeuronColumn
from scenes.kit.mobjects.numbers import Numbers
from scenes.kit.mobjects.question_box import QuestionBox
from scenes.kit.mobjects.text import Words
from scenes.language import _, _n, together
from scenes.part_10_functions.one_neuron import OneNeuron, inputs_layout, network_formula, neuron_formula
from scenes.stage.lesson_scene import LessonScene
from scenes.stage.table_rows import inputs_beside
from scenes.wording import in_words, number

# How long each picture is shown at the end.
_A_LOOK = 0.75
# Where the picture stands, and how large it is, as where the box was first seen; and where the outputs stand.
_PICTURE_X, _PICTURE_EXTENT = -4.9, 3.6
_OUTPUTS_X, _NEAREST_OUTPUTS, _OUTPUTS_HEIGHT = 3.9, 2.3, 4.7
_BOX = QuestionBox.EXTENT
_MIDDLE = STAGE_MIDDLE
# How much the box grows at the end, at most, and the line of words beneath it then.
_LARGER, _KNOBS_Y = 1.5, -2.55
# The most room for the name of an output, and the room from the names to the middle of their values.
_WIDEST_NAME, _TO_VALUES = 1.5, 0.75


class TheNetworkIsAFunction(LessonScene):
    """The whole network is put into a box: one function of all pixels, with as many parameters as it has knobs."""

    def construct(self) -> None:
        self.forward = self.network.forward(self.test.images[self.hero])
        self.small = NetworkDiagram(self.network, layout=layout_in_the_box(self.network.sizes)).show(self.forward)
        if self.takes_numbers:
            self.small.wide_lines()
        self.box = QuestionBox()
        self.place_outputs()
        self.diagram = self.between_picture_and_outputs()

        self.into_a_box()
        self.complicated()
        self.end()

    def alternative_text(self) -> str:
        inputs, outputs = self.network.sizes[0], self.network.sizes[-1]
        if self.takes_numbers:
            return _(
                "A neuron becomes the whole network, and a box closes around that. A row of {inputs} numbers goes in, "
                "{outputs} numbers come out, shown for several rows; it has {parameters} parameters.",
                inputs=number(inputs),
                outputs=outputs,
                parameters=number(self.network.parameter_count),
            )
        return _(
            "A neuron takes its place in the whole network, over which the box with the question mark stands, and "
            "opens. A picture of {inputs} numbers goes in, {outputs} numbers come out, shown for several pictures; it "
            "has {parameters} parameters.",
            inputs=number(inputs),
            outputs=outputs,
            parameters=number(self.network.parameter_count),
        )

    @cached_property
    def test(self) -> Digits:
        return self.digits()

    def into_a_box(self) -> None:
        self.next_section(_("Into a box"))
        diagram = self.diagram
        n_in, n_out = self.network.sizes[0], self.network.sizes[-1]
        self.picture, self.outputs = diagram.columns[0], diagram.columns[-1]
        self.inputs_right = _PICTURE_X + _PICTURE_EXTENT / 2
        if self.takes_numbers:
            self.inputs_right = float(self.picture.get_right()[0])
        self.formula = network_formula(n_in, n_out)
        self.arrows = VGroup(
            _arrow(self.inputs_right + 0.15, -_BOX / 2 - 0.1),
            _arrow(_BOX / 2 + 0.1, self.outputs.get_left()[0] - 0.2),
        )
        with self.voiceover(
            together(
                _n(
                    "And so is the whole network: <bookmark mark='in'/> {n} number in, <bookmark mark='out'/> "
                    "{outputs} out, <bookmark mark='over'/> sums and squashes over and over.",
                    "And so is the whole network: <bookmark mark='in'/> {n} numbers in, <bookmark mark='out'/> "
                    "{outputs} out, <bookmark mark='over'/> sums and squashes over and over.",
                    n_in,
                    outputs=in_words(n_out),
                )
                if activation_named(self.network.layers[0].activation).squashes
                else _n(
                    "And so is the whole network: <bookmark mark='in'/> {n} number in, <bookmark mark='out'/> "
                    "{outputs} out, <bookmark mark='over'/> sums and bends over and over.",
                    "And so is the whole network: <bookmark mark='in'/> {n} numbers in, <bookmark mark='out'/> "
                    "{outputs} out, <bookmark mark='over'/> sums and bends over and over.",
                    n_in,
                    outputs=in_words(n_out),
                ),
                _("<bookmark mark='box'/> It's the program we were looking for.")
                if not self.takes_numbers
                else _("<bookmark mark='box'/> Seen from outside it's a box: a row goes in, an answer comes out."),
            ),
            moves=_(
                "The neuron shrinks to its place in the network, which appears around it, between the digit and "
                "the outputs, which get their numbers; the formula of the whole appears above. Light runs through all "
                "layers. Then the box with the question mark stands over the network, as in the beginning, and opens."
            )
            if not self.takes_numbers
            else _(
                "The neuron shrinks to its place in the network, which appears around it, between the row and "
                "the outputs, which get their numbers; the formula of the whole appears above. Light runs through all "
                "layers. Then a box with a question mark stands over the network, and opens."
            ),
        ):
            self.from_one_neuron()
            self.wait_until_bookmark("in")
            self.play(FadeIn(self.formula, shift=0.2 * DOWN))
            self.wait_until_bookmark("out")
            self.play(FadeIn(self.labels, self.values), run_time=theme.QUICK)
            self.wait_until_bookmark("over")
            columns = [*diagram.columns[1:-1], self.outputs]
            for layer, (connections, neurons) in enumerate(zip(diagram.connections, columns, strict=True)):
                activations = self.forward.activations[layer]
                self.play(PropagateActivations(connections, neurons, activations), run_time=1.8 / len(columns))
            self.wait_until_bookmark("box")
            self.play(
                FadeOut(*diagram.connections, *diagram.columns[1:-1]),
                FadeIn(self.box, scale=1.3),
                GrowArrow(self.arrows[0]),
                GrowArrow(self.arrows[1]),
            )
            self.inside = Group(*self.small.connections, *self.small.columns[1:-1])
            self.play(
                FadeOut(self.box.mark, scale=1.5), self.box.outline.animate.set_fill(opacity=0), FadeIn(self.inside)
            )

    def from_one_neuron(self) -> None:
        """The neuron of the scene before shrinks to its place in the network, and the others appear around it."""
        neuron = neuron_and_pictures(self.network, self.test, 1)[0]
        alone, diagram = OneNeuron(self.network, neuron, self.forward, self.test, self.brightness), self.diagram
        self.row = alone.named
        shown = neuron_formula(self.network.sizes[0], self.network.layers[0].activation)
        self.add(alone.fan, alone.picture, alone.named, alone.one, alone.number, shown)
        own = diagram.neuron(1, neuron)
        self.play(
            FadeOut(shown, alone.fan, run_time=theme.QUICK),
            FadeOut(alone.number, target_position=own, scale=0.1),
            Transform(alone.one, own),
            Transform(alone.picture, diagram.columns[0]),
            Transform(alone.named, inputs_beside(self.test, diagram.layout[0], self.forward.input)),
            LaggedStart(*(FadeIn(part) for part in diagram.columns[1:])),
            LaggedStart(*(GrowConnections(c) for c in diagram.connections), lag_ratio=0.4),
            run_time=1.5 * theme.STEP,
        )
        self.remove(alone.one, alone.picture)
        self.add(*diagram.columns)

    def place_outputs(self) -> None:
        """The outputs right of the box, with their names and values; the longer the names, the nearer to the box."""
        x = _OUTPUTS_X
        for _again in range(2):
            self.outputs = NeuronColumn(column(self.network.sizes[-1], (x, _MIDDLE), _OUTPUTS_HEIGHT))
            self.outputs.show(self.forward.output)
            self.labels = self.labels_of(self.test.class_names)
            self.values = self.values_of(self.forward)
            beyond = float(self.values.extents()[:, 2].max()) - (FRAME_WIDTH / 2 - SAFE_MARGIN)
            x = max(x - max(beyond, 0), _NEAREST_OUTPUTS)

    def show_picture(self, index: int) -> None:
        """Another picture goes in, and at once other numbers come out: always its own, never a blend."""
        self.forward = self.network.forward(self.test.images[index])
        self.picture.show(self.brightness(self.forward.input))
        if isinstance(self.row, NamedInputs):
            self.row.show(self.forward.input)
        self.small.show(self.forward)
        self.outputs.show(self.forward.output)
        self.remove(self.values)
        self.values = self.values_of(self.forward)
        self.add(self.values)

    def complicated(self) -> None:
        self.next_section(_("Complicated"))
        total = self.network.parameter_count
        knobs = Words(_n("{n} knob", "{n} knobs", total), theme.TITLE_SIZE).move_to((0, _KNOBS_Y, 0))
        larger = min(_LARGER, 2 * (float(self.outputs.get_left()[0]) - 0.2) / _BOX)
        if self.takes_numbers:
            larger = min(larger, 2 * (-self.inputs_right - 0.2) / _BOX)
        with self.voiceover(
            self.how_complicated(total),
            moves=_(
                "The box grows until it nearly fills the picture; the number of knobs stands beneath it, and all "
                "connections take the colours of their weights. Light runs through them. Then digit after digit goes "
                "in; each time the connections and the numbers on the right change, and the greatest is coloured."
            )
            if not self.takes_numbers
            else _(
                "The box grows until it nearly fills the frame; the number of knobs stands beneath it, and all "
                "connections take the colours of their weights. Light runs through them. Then row after row goes in; "
                "each time the connections and the numbers on the right change, and the greatest is coloured."
            ),
        ) as tracker:
            weighted = []
            for connections, layer in zip(self.small.connections, self.network.layers, strict=True):
                shown = connections.copy().scale(larger, about_point=self.box.get_center())
                shown.set_values(layer.weights, np.abs(layer.weights).max(axis=1, keepdims=True))
                weighted.append(Transform(connections, shown))
            grown = Group(self.box.outline, *self.small.columns[1:-1])
            self.play(
                FadeOut(self.formula, self.arrows, run_time=theme.QUICK),
                *weighted,
                grown.animate.scale(larger, about_point=self.box.get_center()),
                FadeIn(knobs, shift=0.2 * UP),
                run_time=theme.FLOW,
            )
            if (time := tracker.time_until_bookmark("reassure")) >= theme.STEP:
                pulses = (RunPulse(connections) for connections in self.small.connections)
                self.play(LaggedStart(*pulses, lag_ratio=0.5, run_time=time))
            self.wait_until_bookmark("reassure")
            looks = max(round((tracker.get_remaining_duration() - 0.5) / _A_LOOK), 1)
            for index in [*one_of_each(self.test, looks), self.hero]:
                self.show_picture(index)
                self.wait(_A_LOOK)

    def how_complicated(self, knobs: int) -> str:
        """What is said of a function with so many knobs."""
        if self.takes_numbers:
            return _n(
                "It has {n} knob, <bookmark mark='reassure'/> and every row that goes in goes through it.",
                "It has {n} knobs, <bookmark mark='reassure'/> and every row that goes in goes through all of them.",
                knobs,
            )
        written = all(name.isdigit() for name in self.test.class_names)
        return together(
            _n("With {n} knob, it's absurdly complicated.", "With {n} knobs, it's absurdly complicated.", knobs),
            _("<bookmark mark='reassure'/> I find that reassuring: handwriting isn't simple either.")
            if written
            else _("<bookmark mark='reassure'/> I find that reassuring: such pictures aren't simple either."),
        )

    def between_picture_and_outputs(self) -> NetworkDiagram:
        """The network, as high as its outputs, from the picture to them."""
        first = inputs_layout(self.test, _PICTURE_X, _MIDDLE, _PICTURE_EXTENT)
        left, right = float(first.centres[:, 0].max()), float(self.outputs.layout.centres[0, 0])
        top, bottom = (_MIDDLE + side * _OUTPUTS_HEIGHT / 2 for side in (1, -1))
        hidden = network_layout(self.network.sizes, "column", left, right, top, bottom)[1:-1]
        layout = (first, *hidden, self.outputs.layout)
        diagram = NetworkDiagram(self.network, layout=layout).show(self.forward)
        diagram.columns[0].show(self.brightness(self.forward.input))
        return diagram.wide_lines() if self.takes_numbers else diagram

    def labels_of(self, names: Sequence[str]) -> VGroup:
        """The name of each output beside its neuron; long names are set smaller, down to the smallest size."""
        place = self.outputs.layout
        size = float(np.clip(PIXELS_A_UNIT * place.diameter, theme.SMALLEST_SIZE, theme.LABEL_SIZE))
        widest = max(Words(name, size).width for name in names)
        size = max(size * min(1, _WIDEST_NAME / widest), theme.SMALLEST_SIZE)
        labels = VGroup()
        for name, centre, shown in zip(names, place.centres, place.shown, strict=True):
            label = Words(name, size).next_to(centre, RIGHT, buff=place.diameter / 2 + 0.15)
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


def layout_in_the_box(sizes: tuple[int, ...]) -> tuple[ColumnLayout, ...]:
    """The layout of a network inside the box, with its inputs spread evenly along the left side."""
    top, bottom = _MIDDLE + _BOX / 2 - 0.2, _MIDDLE - _BOX / 2 + 0.2
    _, *rest = network_layout(sizes, "column", -_BOX / 2, _BOX / 2 - 0.2, top, bottom)
    first = column(sizes[0], (-_BOX / 2 + 0.15, _MIDDLE), top - bottom, most=sizes[0])
    return first, *rest


def _arrow(start: float, stop: float) -> Arrow:
    ends: tuple[NDArray[np.float64], ...] = (np.array([start, _MIDDLE, 0]), np.array([stop, _MIDDLE, 0]))
    return Arrow(*ends, buff=0, color=theme.NEUTRAL, stroke_width=theme.MARK_WIDTH, tip_length=0.22)
