"""Part 12, Sigmoid against ReLU: two activation functions, deep networks trained with each, and the end of the film."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Animation,
    Create,
    FadeIn,
    FadeOut,
    Group,
    LaggedStart,
    Transform,
    VGroup,
    VMobject,
    linear,
    smooth,
    squish_rate_func,
)
from numpy.typing import NDArray

from network import Network
from network.checkpoint import Checkpoint
from network.depth import COMPARED, DepthComparison, guessing_cost, load_comparison, steepest
from network.digits import Digits
from network.network import ACTIVATIONS, Activation
from scenes import theme
from scenes.animations import PropagateActivations, ReplayTraining, ShowContributions
from scenes.layout import FRAME_WIDTH, SAFE_MARGIN, STAGE_TOP, network_layout
from scenes.lesson_scene import LessonScene, lesson_companion
from scenes.mobjects.array_mobject import rgb
from scenes.mobjects.cells import Cells
from scenes.mobjects.connections import Connections
from scenes.mobjects.network_diagram import NetworkDiagram, NeuronColumn
from scenes.mobjects.plots import Axes, FunctionPlot, LearningCurve
from scenes.mobjects.typesetting import Number, Words, formula

_SIGMOID, _RELU = (ACTIVATIONS[name] for name in COMPARED)
_COLOURS = (theme.ANSWER, theme.POSITIVE)
_NAMES = ("sigmoid", "ReLU")
_REACH = 4.0
# One thing goes before the next one comes.
_FIRST, _THEN = squish_rate_func(smooth, 0, 0.5), squish_rate_func(smooth, 0.4, 1)
# Numbers beneath columns are as large as their column has room for, up to this, in pixels an em.
_LARGEST_SLOPE = 44


class SigmoidAndReLU(LessonScene):
    """Both functions on one stage, true to scale; what each does with z, and how steep each is."""

    def construct(self) -> None:
        self.plot = _stage(_SIGMOID.function, "sigma(z)", _COLOURS[0], (0, _REACH)).move_to((-2.0, 0.45, 0))
        self.column = (self.plot.axes.lines.get_right()[0] + 1.35 + FRAME_WIDTH / 2 - SAFE_MARGIN) / 2

        self.the_sigmoid()
        self.the_other()
        self.what_it_does()
        self.how_steep()
        self.the_slopes()
        self.end()

    def alternative_text(self) -> str:
        return (
            "The sigmoid and ReLU on one stage: ReLU is 0 below zero and z itself above. Then their slopes: that of "
            f"the sigmoid is at most {steepest(_SIGMOID)[1]:.2f}, that of ReLU is 0 or 1."
        )

    def the_sigmoid(self) -> None:
        self.next_section("The sigmoid")
        plot = self.plot
        self.sum = formula(
            "{{ z : sum }} = {{ W : weights }} {{ a : activations }} + {{ b : bias }}", 1.25 * theme.LABEL_SIZE
        )
        for part, colour in (
            ("sum", theme.SUMS_SYMBOL),
            ("weights", theme.WEIGHTS_SYMBOL),
            ("activations", theme.ACTIVATIONS_SYMBOL),
            ("bias", theme.BIASES_SYMBOL),
        ):
            self.sum.select(part).set_color(colour)
        self.sum.move_to((self.column, 2.75, 0))
        self.definitions = VGroup(
            formula("sigma(z) = 1 / (1 + e^(-z))", 1.1 * theme.LABEL_SIZE, _COLOURS[0]),
            formula('"ReLU"(z) = max(0, z)', 1.1 * theme.LABEL_SIZE, _COLOURS[1]),
        )
        for shown, y in zip(self.definitions, (1.35, 0.1), strict=True):
            shown.move_to((self.column, y, 0))
        with self.caption(
            "The sigmoid, σ, squishes a weighted sum z into 0 to 1.",
            FadeIn(plot.axes, plot.zero_lines),
            FadeIn(self.sum),
            moves="The S-shaped graph of the sigmoid is drawn, low and flat on a tall stage.",
        ):
            self.play(Create(plot.curves[0], run_time=theme.FLOW, rate_func=linear), FadeIn(self.definitions[0]))
            self.play(FadeIn(plot.labels[0]), run_time=theme.QUICK)

    def the_other(self) -> None:
        self.next_section("The other one")
        plot = self.plot
        plot.add_curve(_RELU.function, formula('"ReLU"(z)', colour=_COLOURS[1]), _COLOURS[1])
        with self.caption(
            "That is old school. More common today is ReLU: max(0, z).",
            moves="A second graph is drawn: flat along zero, then straight up at 45 degrees.",
        ):
            self.play(Create(plot.curves[1], run_time=theme.FLOW, rate_func=linear), FadeIn(self.definitions[1]))
            self.play(FadeIn(plot.labels[1]), run_time=theme.QUICK)

    def what_it_does(self) -> None:
        self.next_section("What ReLU does")
        plot = self.plot
        plot.set_point(-_REACH, 1)
        self.marks = VGroup(plot.guides, plot.dot, plot.readout)
        self.neuron = Cells(
            [[self.column, -1.45, 0]], 1.15, 1, (0, 0, 0), stroke_colour=theme.NEURON_OUTLINE, stroke_width=3
        )
        with self.caption(
            "Below zero it is inactive: always 0. Above, it is z itself.",
            FadeIn(self.marks),
            FadeIn(self.neuron),
            moves="A point runs along the flat part, and a neuron beside it stays dark; then the point climbs the "
            "straight part, and the neuron lights up.",
        ):
            self.play(RunWithNeuron(plot, self.neuron, -_REACH, 0, run_time=1.4 * theme.FLOW))
            self.play(RunWithNeuron(plot, self.neuron, 0, 2.3, run_time=1.4 * theme.FLOW))

    def how_steep(self) -> None:
        self.next_section("How steep")
        reach = 0.75 * _REACH
        self.tangents = Tangents(self.plot, (_SIGMOID, _RELU), -reach)
        with self.caption(
            "Learning follows slopes. How steep are these two?",
            FadeOut(self.marks),
            FadeOut(self.neuron),
            FadeIn(self.tangents),
            moves="A short straight line glides along each graph and tells its slope.",
        ):
            self.play(SlideTangents(self.tangents, -reach, reach))

    def the_slopes(self) -> None:
        self.next_section("The slopes")
        plot, most = self.plot, steepest(_SIGMOID)
        slopes = _stage(_SIGMOID.slope_at, "sigma'(z)", _COLOURS[0], (0, 1))
        slopes.add_curve(
            _RELU.slope_at, formula('"ReLU"\'(z)', colour=_COLOURS[1]), _COLOURS[1], kinks=(0, 1e-9)
        ).shift(plot.axes.lines.points[0] - slopes.axes.lines.points[0])
        Group(slopes.axes, slopes.zero_lines).set_z_index(-1)  # behind the curves, which are there already
        changes: list[Animation] = [
            Transform(a, b) for a, b in zip((*plot.curves, *plot.labels), (*slopes.curves, *slopes.labels), strict=True)
        ]
        with self.caption(
            f"The sigmoid's slope is at most {most[1]:.2f}. ReLU's is 0, then 1.",
            FadeOut(self.tangents),
            FadeOut(plot.axes, plot.zero_lines),
            FadeIn(slopes.axes, slopes.zero_lines),
            *changes,
            moves="Both graphs turn into the graphs of their slopes: a low hill, and a step from 0 to 1.",
        ):
            top = slopes.axes.point(most[0], most[1])
            dot = Cells([top], 0.2, 1, (255, 255, 255), stroke_width=0)
            value = Number(most[1], 2, theme.LABEL_SIZE, _COLOURS[0]).next_to(dot, UP, buff=0.18).shift(0.75 * LEFT)
            one = Number(float(_RELU.slope_at(1.0)), 0, theme.LABEL_SIZE, _COLOURS[1])
            one.next_to(slopes.axes.point(1.2, 1), DOWN, buff=0.2)
            self.play(FadeIn(dot, value, one))


def _stage(function: Any, label: str, colour: str, y_range: tuple[float, float]) -> FunctionPlot:
    """A stage for functions of z on which, with the range (0, _REACH), both axes have one scale."""
    unit = 1.03
    return FunctionPlot(
        function,
        (-_REACH, _REACH),
        y_range,
        formula(label, colour=colour),
        formula("z", colour=theme.SUMS_SYMBOL),
        colour,
        width=2 * _REACH * unit,
        height=_REACH * unit,
    )


class RunWithNeuron(Animation):
    """The point of a plot's second curve runs along it, and a neuron is as bright as the point is high, up to white."""

    def __init__(self, plot: FunctionPlot, neuron: Cells, start: float, stop: float, **options: Any) -> None:
        self.plot, self.neuron, self.start, self.stop = plot, neuron, start, stop
        super().__init__(Group(plot.guides, plot.dot, plot.readout, neuron), **options)

    def interpolate_mobject(self, alpha: float) -> None:
        z = self.start + (self.stop - self.start) * self.rate_func(alpha)
        self.plot.set_point(z, 1)
        self.neuron.set_brightness([float(self.plot.functions[1](z))])


class Tangents(VGroup):
    """A short tangent of each curve of a plot, and their slopes in figures."""

    HALF_LENGTH = 0.95

    def __init__(self, plot: FunctionPlot, activations: tuple[Activation, ...], z: float = 0.0) -> None:
        super().__init__()
        self.plot, self.activations = plot, activations
        self.lines = VGroup(*(VMobject(stroke_color=theme.TEXT, stroke_width=7) for _ in activations))
        self.numbers = VGroup()
        self.words = VGroup()
        corner = plot.axes.point(plot.axes.x_range[0], plot.axes.y_range[1])
        for place, (name, colour) in enumerate(zip(_NAMES, _COLOURS, strict=True)):
            words = Words(f"slope of {'the ' if place == 0 else ''}{name}", theme.LABEL_SIZE, colour)
            words.move_to(corner + np.array([0.35, -0.45 - 0.6 * place, 0]), aligned_edge=LEFT)
            number = Number(0, 2, theme.LABEL_SIZE)
            self.words.add(words)
            self.numbers.add(number)
        edge = max(words.get_right()[0] for words in self.words) + 0.3
        for words, number in zip(self.words, self.numbers, strict=True):
            number.move_to((edge, words.get_top()[1] - 0.02, 0), aligned_edge=LEFT + UP)
        self.add(self.lines, self.words, self.numbers)
        self.set_z(z)

    def set_z(self, z: float) -> Self:
        """Touch the curves at another z."""
        unit = self.plot.axes.point(1, 0) - self.plot.axes.point(0, 0)
        up = self.plot.axes.point(0, 1) - self.plot.axes.point(0, 0)
        for activation, line, number in zip(self.activations, self.lines, self.numbers, strict=True):
            slope = float(activation.slope_at(z))
            middle = self.plot.axes.point(z, activation.function(np.float64(z)))
            along = unit + slope * up
            reach = self.HALF_LENGTH * along / np.linalg.norm(along)
            line.set_points_as_corners([middle - reach, middle + reach])
            number.set_value(slope)
        return self


class SlideTangents(Animation):
    """Tangents glide along their curves, from one z to another."""

    def __init__(self, tangents: Tangents, start: float, stop: float, **options: Any) -> None:
        self.start, self.stop = start, stop
        tangents.set_z(start)
        super().__init__(tangents, **{"run_time": 2.4 * theme.FLOW, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        self.mobject.set_z(self.start + (self.stop - self.start) * self.rate_func(alpha))


class DepthScene(LessonScene):
    """A scene on the deep networks that were trained with both functions; their results are in a file of their own."""

    @property
    def comparison(self) -> DepthComparison:
        return load_comparison(lesson_companion("depth"))

    def source_note(self) -> Words:
        """Which data the networks were trained on, where it is not the data of the lesson's network; else nothing."""
        words = Words(trained_elsewhere(self.comparison, self.checkpoint), theme.NOTE_SIZE, theme.QUIET_TEXT)
        return words.move_to((0, STAGE_TOP - 0.1, 0)) if len(words.points) else words


class WhereTheGradientGoes(DepthScene):
    """A deep network with sigmoids and one with ReLU: how much the cost feels each layer's weights, at the start."""

    def construct(self) -> None:
        comparison = self.comparison
        self.found = comparison
        self.rows = [TwinNetwork(comparison, kind) for kind in range(len(COMPARED))]

        self.quarters()
        self.two_networks()
        self.backwards()
        self.what_arrives()
        self.end()

    def alternative_text(self) -> str:
        sizes = self.comparison.gradient_sizes[:, 0]
        told = "; ".join(
            f"with {name}, {written_slope(row[-1])} in the last layer and {written_slope(row[0])} in the first"
            for name, row in zip(_NAMES, sizes, strict=True)
        )
        return (
            f"Two networks with {self.comparison.deepest} hidden layers and the same random weights. The typical slope "
            f"of the cost for a weight: {told}."
        )

    def quarters(self) -> None:
        self.next_section("A quarter each time")
        depth, most = self.found.deepest, (steepest(_SIGMOID)[1], steepest(_RELU)[1])
        self.stairs = VGroup(*(Staircase(most[kind], depth, kind) for kind in range(len(COMPARED))))
        self.heading = Words("the slopes alone, multiplied from the last layer back", 42, theme.QUIET_TEXT)
        self.heading.move_to((self.stairs.get_x(), STAGE_TOP - 0.1, 0))
        with self.caption(
            f"Learning goes back. Each layer multiplies by a slope: at most {most[0]:.2f}, or {most[1]:g}.",
            FadeIn(self.heading, self.stairs[0].title, self.stairs[0].columns[0]),
            moves=f"From the right a row of bars begins, each {most[0]:.2f} times as high as the one before; beneath "
            "it a second row, all of one height.",
        ):
            self.play(
                LaggedStart(*(FadeIn(part, shift=0.3 * LEFT) for part in self.stairs[0].columns[1:]), lag_ratio=0.5),
                run_time=2 * theme.FLOW,
            )
            self.play(
                FadeIn(self.stairs[1].title),
                LaggedStart(*(FadeIn(part, shift=0.3 * LEFT) for part in self.stairs[1].columns), lag_ratio=0.3),
                run_time=theme.FLOW,
            )
            self.wait(1.5 * theme.STEP)

    def two_networks(self) -> None:
        self.next_section("Two deep networks")
        comparison = self.found
        with self.caption(
            f"For real: {comparison.deepest} hidden layers, twice, with the same random weights.",
            FadeOut(self.stairs, self.heading, rate_func=_FIRST),
            *(FadeIn(row.neurons, row.dots, row.title, rate_func=_THEN) for row in self.rows),
            FadeIn(self.source_note(), rate_func=_THEN),
            moves="Two deep networks appear, one above the other; their connections grow from left to right.",
        ):
            for row in self.rows:
                row.show_plain()
            self.play(
                *(LaggedStart(*(Grow(lines) for lines in row.connections), lag_ratio=0.25) for row in self.rows),
                run_time=theme.FLOW,
            )

    def backwards(self) -> None:
        self.next_section("Backwards")
        # The lines of a layer stand, faint, until the light comes.
        plain = [[connections.copy() for connections in row.connections] for row in self.rows]
        for row, lines in zip(self.rows, plain, strict=True):
            self.remove(*row.connections)
            self.add(*lines)
            row.show_slopes()
        with self.caption(
            "How much would the cost change with a weight? Ask from the back.",
            *(connections.animate.set_opacity(0.3) for lines in plain for connections in lines),
            *(FadeIn(row.meaning) for row in self.rows),
            moves="The lines go faint. Light runs back from the outputs; each layer is as bright as the slopes there "
            "are large, and a number tells their typical size. With sigmoids it goes out on the way.",
        ):
            layers = len(self.rows[0].connections)
            steps = [
                LaggedStart(
                    *(FlowBack(row.connections[layer]) for row in self.rows),
                    *(FadeOut(lines[layer]) for lines in plain),
                    *(FadeIn(row.numbers[layer]) for row in self.rows),
                    lag_ratio=0.15,
                )
                for layer in reversed(range(layers))
            ]
            self.play(LaggedStart(*steps, lag_ratio=0.55), run_time=4 * theme.FLOW)

    def what_arrives(self) -> None:
        self.next_section("What arrives")
        with self.caption(
            sentence_of_slopes(self.found.gradient_sizes[:, 0]),
            moves="The first and the last number of either row light up.",
        ):
            for row, colour in zip(self.rows, _COLOURS, strict=True):
                self.play(*(row.numbers[place].animate.set_color(colour) for place in (0, -1)))


class Staircase(VGroup):
    """1, then a factor times it, and again, from right to left: bars, each with its number beneath."""

    WIDTH, HEIGHT, STEP = 0.62, 1.75, 1.3

    def __init__(self, factor: float, times: int, kind: int) -> None:
        super().__init__()
        foot = (1.15, -1.75)[kind]
        right = times * self.STEP / 2 + 0.55
        self.columns = VGroup()
        values = [factor**number for number in range(times + 1)]
        size = size_that_fits(map(written_slope, values), self.STEP - 0.22)
        for number, value in enumerate(values):
            x = right - number * self.STEP
            bar = VMobject(fill_color=_COLOURS[kind], fill_opacity=1, stroke_width=0)
            height = max(self.HEIGHT * value, 0.012)
            half = self.WIDTH / 2
            corners = [
                (x - half, foot, 0),
                (x + half, foot, 0),
                (x + half, foot + height, 0),
                (x - half, foot + height, 0),
            ]
            bar.set_points_as_corners([*corners, corners[0]])
            label = Words(written_slope(value), size, theme.TEXT).move_to((x, foot - 0.38, 0))
            self.columns.add(VGroup(bar, label))
        self.title = Words(_NAMES[kind], theme.LABEL_SIZE, _COLOURS[kind])
        self.title.move_to((right - times * self.STEP - 0.75, foot + 0.6 * self.HEIGHT, 0), aligned_edge=RIGHT)
        self.add(self.columns, self.title)


class TwinNetwork(Group):
    """One of the two deep networks, in its half of the stage.

    connections[l], numbers[l]: of layer l, and the root mean square of its slopes beneath, whose `meaning` stands
    before them. neurons, dots, title.
    """

    def __init__(self, comparison: DepthComparison, kind: int) -> None:
        top = (3.3, 0.05)[kind]
        self.layout = network_layout(
            comparison.sizes, "column", left=-5.3, right=6.3, top=top, bottom=top - 2.35, most=20
        )
        self.neurons = Group(*(NeuronColumn(place) for place in self.layout))
        for neurons in self.neurons:  # small as they are, they need a brighter outline to be seen
            neurons.stroke_colours[:] = rgb(theme.NEUTRAL)
            neurons.stroke_widths[:] = theme.NEURON_OUTLINE_WIDTH
        self.slopes = [np.abs(slopes[kind]) for slopes in comparison.start_gradients]
        self.limit = max(float(slopes.max()) for slopes in self.slopes)
        self.connections = [
            Connections(start.centres, end.centres, slopes, self.limit, contrast=0.4, width=1.5)
            for start, end, slopes in zip(self.layout, self.layout[1:], self.slopes, strict=False)
        ]
        dots = np.concatenate([place.dots for place in self.layout])
        self.dots = Cells(dots, 0.05, 1, stroke_width=0) if len(dots) else Group()
        self.title = Words(_NAMES[kind], theme.LABEL_SIZE, _COLOURS[kind])
        self.title.move_to((-5.62, top - 1.17, 0), aligned_edge=RIGHT)
        self.numbers = VGroup()
        step = self.layout[1].centres[0, 0] - self.layout[0].centres[0, 0]
        # Of one size in both networks.
        type_size = size_that_fits(map(written_slope, comparison.gradient_sizes[:, 0].ravel()), step - 0.12)
        for start, end, size in zip(self.layout, self.layout[1:], comparison.gradient_sizes[kind, 0], strict=False):
            x = (start.centres[0, 0] + end.centres[0, 0]) / 2
            self.numbers.add(Words(written_slope(size), type_size).move_to((x, top - 2.68, 0)))
        self.meaning = Words("typical slope", min(type_size, 30), theme.QUIET_TEXT)
        self.meaning.move_to((self.title.get_right()[0], top - 2.68, 0), aligned_edge=RIGHT)
        super().__init__(*self.connections, self.neurons, self.dots, self.title, self.meaning, self.numbers)

    def show_plain(self) -> Self:
        """All connections of a layer alike: that they are there. Where they are many, each is fainter."""
        for connections in self.connections:
            connections.set_equal(min(0.55, 0.55 * (500 / len(connections)) ** (1 / 3))).set_opacity(1)
        return self

    def show_slopes(self) -> Self:
        """Each connection as bright as the cost's slope for its weight: the root of its share of the steepest."""
        for connections, slopes in zip(self.connections, self.slopes, strict=True):
            connections.set_values(slopes, self.limit).set_opacity(1)
            connections.neutral = True
        return self


class Grow(Animation):
    """Connections grow from where they start."""

    def __init__(self, connections: Connections, **options: Any) -> None:
        super().__init__(connections, introducer=True, **options)

    def interpolate_mobject(self, alpha: float) -> None:
        self.mobject.show_until(self.rate_func(alpha))


class FlowBack(Animation):
    """Light runs back along connections, from where they end to where they start."""

    def __init__(self, connections: Connections, **options: Any) -> None:
        super().__init__(connections, **{"introducer": True, "rate_func": linear, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        if alpha >= 1:
            self.mobject.show_until(1)
        else:
            self.mobject.set_pulse(1.3 - 1.6 * self.rate_func(alpha), 1, 0)


def size_that_fits(texts: Iterable[str], room: float) -> float:
    """The size of type, in pixels an em, at which the widest of these texts is `room` wide, up to the largest."""
    widest = max(Words(text, _LARGEST_SLOPE).width for text in texts)
    return float(np.clip(_LARGEST_SLOPE * room / widest, theme.SMALLEST_SIZE, _LARGEST_SLOPE))


def written_slope(value: float) -> str:
    """A positive number with two figures that count, never as a power of ten: 0.29, 0.0000049, 1, 150."""
    if not value > 0:
        return "0"
    places = max(1 - int(np.floor(np.log10(value) + 1e-9)), 0)
    if places > 9:
        return "below 0.000000001"
    # A hair more, so that halves are rounded up, as people do.
    written = f"{value * (1 + 1e-9):.{places}f}"
    return written.removesuffix(".0")


def sentence_of_slopes(sizes: NDArray[np.float64]) -> str:
    """How the first layer's slopes compare with the last layer's, with sigmoids and with ReLU: (2, layers)."""
    told = [f"with {name} {_shrunk(row[-1], row[0])}" for name, row in zip(("sigmoids", "ReLU"), sizes, strict=True)]
    return f"On the way back the slopes shrink: {', '.join(told)}."


def _shrunk(start: float, end: float) -> str:
    if not end > 0:
        return "to nothing"
    ratio = start / end
    if ratio < 1.05:
        return "not at all"
    return (f"{ratio:.1f}" if ratio < 10 else f"{float(f'{ratio:.2g}'):,.0f}") + "-fold"


def trained_elsewhere(comparison: DepthComparison, checkpoint: Checkpoint) -> str:
    """Which data the comparison was made on, if it is not that of the lesson's network."""
    if comparison.provenance.data_md5 == checkpoint.metadata.data_md5:
        return ""
    return f"trained on {comparison.provenance.data_name}"


class TrainedBothWays(DepthScene):
    """The two deep networks in training: cost and slopes of every layer; then accuracy against depth."""

    def construct(self) -> None:
        comparison = self.comparison
        self.found = comparison
        self.cost = LearningCurve(
            {name: comparison.costs[kind, -1] for kind, name in enumerate(_NAMES)},
            quantity="cost on pictures set aside",
            y_range=(0, _above(comparison.costs[:, -1].max())),
            colours=_COLOURS,
            places=2,
            width=3.9,
            height=3.9,
        )
        self.cost.shift((-6.15, -1.75, 0) - self.cost.axes.lines.points[0])
        self.profile = GradientProfile(comparison)
        self.profile.shift((1.95, -1.75, 0) - self.profile.axes.lines.points[0])

        self.the_run()
        self.with_adam()
        self.other_depths()
        self.end()

    def alternative_text(self) -> str:
        found = self.comparison
        sigmoid, relu = (percent(value) for value in found.test_accuracies[:, -1])
        return (
            f"Curves of the cost of two networks with {found.deepest} hidden layers over {found.settings.epochs} "
            f"epochs. Sigmoids reach {sigmoid} of the test pictures, ReLU {relu}; then the same at other depths."
        )

    def written_above(self, conditions: str) -> Words:
        """Under which conditions was trained, and on which data if they are others."""
        note = trained_elsewhere(self.found, self.checkpoint)
        words = Words(
            " · ".join([conditions, note] if note else [conditions]), theme.NOTE_SIZE, theme.QUIET_TEXT, width=13
        )
        return words.move_to((0, STAGE_TOP - 0.15, 0))

    def the_run(self) -> None:
        self.next_section("The run")
        rates = self.found.learning_rates[:, -1]
        self.cost.reveal(0)
        self.profile.show(0)
        self.conditions = self.written_above(
            f"plain gradient descent · learning rates falling from {rates[0]:g} (sigmoid) and {rates[1]:g} (ReLU), "
            f"the best of {len(self.found.settings.learning_rates)}"
        )
        with self.caption(
            sentence_of_costs(self.found.costs[:, -1], self.found.sizes[-1]),
            FadeIn(self.cost, self.profile, self.conditions),
            moves="Two cost curves are drawn, epoch by epoch; on the right the slopes of each layer move along.",
        ):
            self.wait(theme.STEP)
            self.play(FollowTraining(self.cost, self.profile, run_time=5 * theme.STEP))

    def with_adam(self) -> None:
        self.next_section("With Adam")
        plain = scores(self.found.test_accuracies[:, -1], "plain gradient descent").move_to((-3.3, 0.4, 0))
        clever = scores(self.found.adam_accuracies, "Adam").move_to((3.3, 0.4, 0))
        clever.shift((plain[-1].get_y() - clever[-1].get_y()) * UP)
        clever[0].align_to(plain[0], UP)
        heading = self.written_above(f"test pictures read right · {self.found.deepest} hidden layers")
        with self.caption(
            sentence_of_adam(self.found),
            FadeOut(self.cost, self.profile, self.conditions, rate_func=_FIRST),
            FadeIn(heading, plain, rate_func=_THEN),
            moves="The curves fade. In their place stand the accuracies of both networks; beside them appear those "
            "with another optimiser, Adam.",
        ):
            self.wait(theme.STEP)
            self.play(FadeIn(clever, shift=0.3 * LEFT))
        self.before = Group(plain, clever, heading)

    def other_depths(self) -> None:
        self.next_section("Other depths")
        chart = DepthChart(self.found).move_to((-0.2, 0.05, 0))
        rates = len(self.found.settings.learning_rates)
        conditions = self.written_above(f"plain gradient descent · at every depth the best of {rates} learning rates")
        with self.caption(
            sentence_of_depths(self.found),
            FadeOut(self.before, rate_func=_FIRST),
            FadeIn(chart.axes, conditions, rate_func=_THEN),
            moves="A chart: accuracy against the number of hidden layers, a line for each function.",
        ):
            self.play(*(Create(line, rate_func=linear) for line in chart.lines), run_time=theme.FLOW)
            self.play(FadeIn(chart.dots, chart.names), run_time=theme.QUICK)


class GradientProfile(Group):
    """How large the slopes are at each layer of the two deep networks, on a logarithmic scale, at any epoch.

    It shows the root mean square of ∂C/∂w; sizes that are 0 stand at the foot.
    """

    def __init__(self, comparison: DepthComparison, width: float = 4.4, height: float = 3.9) -> None:
        super().__init__()
        sizes = comparison.gradient_sizes
        least = float(sizes[sizes > 0].min()) if (sizes > 0).any() else 0.1
        self.lowest = float(np.floor(np.log10(max(least, 1e-12))))
        highest = float(max(np.ceil(np.log10(max(float(sizes.max()), 1e-11))), self.lowest + 1))
        self.heights = np.log10(np.maximum(sizes, 10**self.lowest))
        layers = sizes.shape[2]
        every = max(int(np.ceil((highest - self.lowest) / 6)), 1)
        marks = np.arange(highest, self.lowest - 0.5, -every)
        shown = np.arange(1, layers + 1, max(layers // 8, 1))
        self.axes = Axes(
            (0.4, layers + 0.4),
            (self.lowest, highest),
            "layer",
            "slopes of the cost, typical size",
            width,
            height,
            x_ticks=shown,
            y_ticks=[],
        )
        self.marks = VGroup(
            *(
                formula(f"10^({mark:.0f})".replace("-", "−") if mark else "1", 30, theme.QUIET_TEXT).next_to(
                    self.axes.point(self.axes.x_range[0], mark), LEFT, buff=0.2
                )
                for mark in marks
            )
        )
        self.lines = VGroup(*(VMobject(stroke_color=colour, stroke_width=4) for colour in _COLOURS))
        self.dots = Group(*(Cells(np.zeros((layers, 3)), 0.17, 1, rgb(colour), stroke_width=0) for colour in _COLOURS))
        self.add(self.axes, self.marks, self.lines)
        for dots in self.dots:
            self.add(dots)
        self.show(0)

    def show(self, epoch: float) -> Self:
        """The slopes at an epoch; between two that were measured, on the straight line between."""
        before = min(int(epoch), self.heights.shape[1] - 1)
        after = min(before + 1, self.heights.shape[1] - 1)
        now = self.heights[:, before] + (self.heights[:, after] - self.heights[:, before]) * (epoch - before)
        for line, dots, heights in zip(self.lines, self.dots, now, strict=True):
            places = self.axes.point(np.arange(1, len(heights) + 1), heights)
            line.set_points_as_corners(places)
            dots.place(places, 0.17)
        return self


class FollowTraining(Animation):
    """Cost curves are drawn from the first epoch to the last, and a profile of slopes goes along."""

    def __init__(self, curve: LearningCurve, profile: GradientProfile, **options: Any) -> None:
        self.curve, self.profile = curve, profile
        super().__init__(Group(curve, profile), **{"rate_func": linear, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        epoch = self.curve.last_epoch * self.rate_func(alpha)
        self.curve.reveal(epoch)
        self.profile.show(epoch)


class DepthChart(Group):
    """Test accuracy against the number of hidden layers, a line for sigmoids and one for ReLU."""

    def __init__(self, comparison: DepthComparison, width: float = 9.4, height: float = 4.3) -> None:
        super().__init__()
        depths = np.array(comparison.settings.depths, float)
        reach = (depths[0] - 0.4, depths[-1] + 0.4)
        self.axes = Axes(reach, (0, 100), "hidden layers", "test pictures read right, %", width, height, x_ticks=depths)
        self.lines, self.dots, self.names = VGroup(), Group(), VGroup()
        ends = []
        for accuracies, colour in zip(100 * comparison.test_accuracies, _COLOURS, strict=True):
            places = self.axes.point(depths, accuracies)
            line = VMobject(stroke_color=colour, stroke_width=5).set_points_as_corners(
                places if len(places) > 1 else [places[0], places[0]]
            )
            self.lines.add(line)
            self.dots.add(Cells(places, 0.24, 1, rgb(colour), stroke_width=0))
            ends.append(places[-1])
        for name, colour, end, value in zip(_NAMES, _COLOURS, ends, comparison.test_accuracies[:, -1], strict=True):
            words = Words(f"{name}  {percent(value)}", theme.LABEL_SIZE, colour)
            self.names.add(words.move_to(end + 0.35 * RIGHT, aligned_edge=LEFT))
        gap = self.names[1].get_y() - self.names[0].get_y()
        if abs(gap) < 0.5:
            apart = (0.5 - abs(gap)) / 2 * (UP if gap >= 0 else DOWN)
            self.names[1].shift(apart)
            self.names[0].shift(-apart)
        self.add(self.axes, self.lines, self.names)
        for dots in self.dots:
            self.add(dots)


def scores(accuracies: NDArray[np.float64], heading: str) -> VGroup:
    """Two accuracies, one below the other, under a heading."""
    rows = VGroup(Words(heading, theme.LABEL_SIZE, theme.QUIET_TEXT))
    for name, colour, value in zip(_NAMES, _COLOURS, accuracies, strict=True):
        rows.add(
            VGroup(Words(name, theme.LABEL_SIZE, colour), Words(percent(value), 96, colour)).arrange(DOWN, buff=0.22)
        )
    return rows.arrange(DOWN, buff=0.6)


def percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def sentence_of_costs(costs: NDArray[np.float64], classes: int) -> str:
    """What the cost curves of sigmoids and of ReLU show; (2, epochs + 1)."""
    stuck = costs[:, -1] > 0.95 * guessing_cost(classes)
    if stuck[0] and not stuck[1]:
        return "With sigmoids the cost gets stuck. With ReLU it falls."
    if stuck[1] and not stuck[0]:
        return "Here it is ReLU whose cost gets stuck, while the sigmoids learn."
    if stuck.all():
        return "Here both costs get stuck: neither of the two learns."
    if costs[1, -1] < costs[0, -1]:
        return "Both costs fall; with ReLU it ends lower."
    return "Both costs fall; here the sigmoids end lower."


def sentence_of_adam(comparison: DepthComparison) -> str:
    """How Adam changes that."""
    (sigmoid, _), clever = comparison.test_accuracies[:, -1], comparison.adam_accuracies
    if clever[0] <= sigmoid + 0.005:
        return f"Adam, a cleverer optimiser, does not help the sigmoids: {percent(clever[0])}."
    helped = (
        "rescues the sigmoids" if sigmoid <= comparison.commonest + 0.005 and clever[0] > 0.5 else "helps the sigmoids"
    )
    return f"Adam, a cleverer optimiser, {helped}" + (
        "; ReLU stays ahead." if clever[1] > clever[0] else ": they overtake ReLU."
    )


def sentence_of_depths(comparison: DepthComparison) -> str:
    """Up to which depth both functions do about equally well, and what happens beyond."""
    depths, (sigmoid, relu) = comparison.settings.depths, comparison.test_accuracies
    ahead = relu - sigmoid > 0.02
    if not ahead.any():
        return "On these pictures the sigmoids keep up at every depth that was tried."
    if ahead[0]:
        return "ReLU is ahead at every depth." if ahead.all() else "ReLU is ahead, but not at every depth."
    first = int(np.argmax(ahead))
    if not ahead[first:].all():
        return f"ReLU is ahead at {int(ahead.sum())} of {len(depths)} depths."
    layers = "one hidden layer" if depths[first - 1] == 1 else f"{depths[first - 1]} hidden layers"
    return f"Up to {layers} they are nearly equal; deeper, the sigmoids fall behind."


def _above(value: float) -> float:
    """A round number that is not below."""
    step = 10 ** np.floor(np.log10(value)) / 2
    return float(np.ceil(value / step) * step)


class TheEndOfTheChapter(LessonScene):
    """The network reads one more picture; then its training runs backwards, to where it began."""

    def construct(self) -> None:
        self.test = self.digits()
        self.diagram = NetworkDiagram(self.network, self.test.class_names)
        self.forward = self.network.forward(self.test.images[picture_read_right(self.network, self.test)])

        self.one_more()
        self.numbers_only()
        self.back_to_the_start()
        self.what_comes_next()
        self.end()

    def alternative_text(self) -> str:
        forward = self.network.forward(self.test_picture())
        return (
            f"The network reads a last picture as {self.digits().class_names[forward.answer]}. Then the lines take the "
            "colours of the weights, and the training runs backwards to random weights, until only words are left: "
            "next, how it learns."
        )

    def test_picture(self) -> NDArray[np.floating[Any]]:
        return self.digits().images[picture_read_right(self.network, self.digits())]

    def one_more(self) -> None:
        self.next_section("One more picture")
        diagram, forward = self.diagram, self.forward
        diagram.columns[0].show(forward.input)
        for connections in diagram.connections:
            connections.set_values(np.zeros(connections.shape))
        with self.caption(
            f"That is a neural network: layer after layer of sums, each {self.treated()}.",
            *(FadeIn(neurons) for neurons in diagram.columns),
            FadeIn(diagram.dots),
            FadeIn(diagram.labels),
            moves="The lesson's network stands there once more; a picture runs through it to the answer.",
        ):
            for layer, connections in enumerate(diagram.connections):
                self.add(connections)
                self.play(ShowContributions(diagram, forward, layer), run_time=theme.QUICK)
                self.play(
                    PropagateActivations(connections, diagram.columns[layer + 1], forward.activations[layer]),
                    run_time=theme.STEP,
                )
            self.mark = diagram.winner_mark(forward)
            self.play(
                Create(self.mark),
                diagram.labels[forward.answer].animate.set_fill(theme.ANSWER),
                run_time=theme.QUICK,
            )

    def treated(self) -> str:
        """What becomes of the sums in this network."""
        squished = all(name == "sigmoid" for name in self.network.activations)
        return "squished" if squished else "sent through a function"

    def numbers_only(self) -> None:
        self.next_section("Numbers only")
        diagram, sizes = self.diagram, self.network.sizes
        weights = []
        for connections, layer in zip(diagram.connections, self.network.layers, strict=True):
            shown = connections.copy()
            shown.set_profile([1.0])
            shown.set_values(layer.weights, np.abs(layer.weights).max(axis=1, keepdims=True))
            weights.append(Transform(connections, shown))
        accuracy = self.checkpoint.metadata.test_accuracy
        knobs = f"{self.network.parameter_count:,} knobs"
        with self.caption(
            f"{sizes[0]:,} numbers in, {sizes[-1]} out; {knobs} between them."
            if accuracy is None
            else f"{sizes[0]:,} numbers in, {sizes[-1]} out; {knobs}, set to read {100 * accuracy:.2f} % right.",
            moves="All lines take the colours of their weights, blue for positive and red for negative.",
        ):
            self.play(*weights, run_time=theme.FLOW)

    def back_to_the_start(self) -> None:
        self.next_section("Back to the start")
        checkpoint, diagram = self.checkpoint, self.diagram
        if len(checkpoint.snapshot_parameters) < 2:
            with self.caption("Nobody set them by hand: they were learned.", moves="The network stands still."):
                pass
            return
        word = Words("epoch", theme.LABEL_SIZE, theme.QUIET_TEXT)
        number = Number(checkpoint.snapshot_epochs[-1], 0, theme.LABEL_SIZE)
        self.clock = VGroup(word, number).arrange(RIGHT, buff=0.2, aligned_edge=UP).move_to((0.2, STAGE_TOP - 0.1, 0))
        with self.caption(
            "Nobody set them by hand. They began as random numbers.",
            FadeOut(self.mark),
            diagram.labels[self.forward.answer].animate.set_fill(theme.TEXT),
            FadeIn(self.clock),
            moves="The training runs backwards: the epochs count down to 0, the pattern of the lines dissolves, and "
            "so does the answer to the picture.",
        ):
            self.play(
                ReplayWithPicture(
                    checkpoint, diagram, self.forward.input, number, rate_func=backwards, run_time=6 * theme.STEP
                )
            )

    def what_comes_next(self) -> None:
        self.next_section("What comes next")
        left = Group(*(thing for thing in self.mobjects if thing is not self._caption))
        last = Words("Next: how it learns", 1.5 * theme.TITLE_SIZE).move_to((0, 0.4, 0))
        with self.caption(
            "How did they get from there to here?",
            moves="The network fades, and four words are left: Next, how it learns.",
        ):
            come = squish_rate_func(smooth, 0.3, 0.9)
            self.play(FadeOut(left, rate_func=_FIRST), FadeIn(last, rate_func=come), run_time=1.5 * theme.FLOW)


class ReplayWithPicture(ReplayTraining):
    """A training run again, with what the network of every moment makes of one picture (side²,)."""

    def __init__(
        self, checkpoint: Checkpoint, diagram: NetworkDiagram, image: NDArray[Any], epoch: Number, **options: Any
    ) -> None:
        self.diagram, self.image = diagram, image
        super().__init__(checkpoint, diagram.connections, epoch=epoch, **options)
        self.mobject.add(*diagram.columns[1:])

    def show(self, moment: float, network: Network) -> None:
        super().show(moment, network)
        for neurons, activations in zip(self.diagram.columns[1:], network.forward(self.image).activations, strict=True):
            neurons.show(activations)


def backwards(share: float) -> float:
    """A rate function that runs from the end to the start, gently at both."""
    return 1 - smooth(share)


def picture_read_right(network: Network, digits: Digits) -> int:
    """The first picture of a set that the network reads right, or the first where there is none."""
    return int(np.argmax(network.classify(digits.vectors) == digits.labels))
