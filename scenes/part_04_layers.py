"""Part 4, Layers: activations of one layer bring about those of the next."""

from __future__ import annotations

from collections.abc import Sequence

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
    RoundedRectangle,
    Transform,
    VGroup,
)

from network import ForwardPass, Network
from network.digits import Digits
from scenes import theme
from scenes.animations import (
    GridBecomesColumn,
    GrowConnections,
    PixelsBecomeNeurons,
    PropagateActivations,
    ShowContributions,
)
from scenes.layout import (
    FRAME_WIDTH,
    SAFE_MARGIN,
    STAGE_BOTTOM,
    STAGE_TOP,
    ColumnLayout,
    network_layout,
    picture,
)
from scenes.lesson_scene import LessonScene
from scenes.mobjects.array_mobject import rgb
from scenes.mobjects.cells import Cells
from scenes.mobjects.network_diagram import NetworkDiagram, NeuronColumn
from scenes.mobjects.numbers import Numbers
from scenes.mobjects.pixel_grid import PixelGrid
from scenes.mobjects.typesetting import Number, Words

MIDDLE = (STAGE_TOP + STAGE_BOTTOM) / 2
# Where the input stands as a square, and where the columns begin beside it.
_SQUARE_X, _SQUARE_EXTENT, _COLUMNS_LEFT = -5.25, 2.75, -2.9
# From this on an output is called bright.
BRIGHT = 0.5
# Hidden layers that could be there as well.
_OTHER_CHOICES = ((24,), (12, 20, 8))


class LayersOfNeurons(LessonScene):
    """The input as a square and as a column, the outputs, and between them hidden layers, whose sizes are a choice."""

    def construct(self) -> None:
        digits = self.digits()
        self.image = digits.images[digit_to_show(self.network, digits)]
        self.layout = self.columns_of(self.network.sizes)
        self.diagram = NetworkDiagram(self.network, digits.class_names, self.layout)
        for neurons in self.diagram.columns:
            neurons.stand_out()
        for count in self.diagram.counts:
            count.become(self.count_of(int(count.value), count.get_x()))

        self.the_first_layer()
        self.the_last_layer()
        self.hidden_layers()
        self.a_choice()
        self.end()

    def alternative_text(self) -> str:
        first, *hidden, last = self.network.sizes
        between = ", then ".join(str(size) for size in hidden) or "none"
        return (
            f"The {first} pixels of a digit are the first layer, drawn as a square and as a column with dots for most "
            f"of them. {last} outputs stand at the other end. Between them, under a question mark, the hidden layers "
            f"of neurons appear: {between}; others are shown that could be there instead."
        )

    def columns_of(self, sizes: tuple[int, ...]) -> tuple[ColumnLayout, ...]:
        return network_layout(sizes, "column", left=_COLUMNS_LEFT, top=2.4, bottom=STAGE_BOTTOM)

    def count_of(self, neurons: int, x: float) -> Number:
        """How many neurons a column has, to stand above it."""
        return Number(neurons, size=theme.CAPTION_SIZE).move_to((x, self.layout[0].centres[:, 1].max() + 0.55, 0))

    def the_first_layer(self) -> None:
        self.next_section("The first layer")
        layout = self.layout[0]
        square = NeuronColumn(picture(len(self.image), (_SQUARE_X, layout.centres[:, 1].mean()), _SQUARE_EXTENT))
        # Until the other layers come, square and column stand in the middle.
        aside = -(_SQUARE_X + layout.centres[0, 0]) / 2
        self.square = square.show(self.image.ravel()).shift(aside * RIGHT)
        near = NeuronColumn(picture(len(self.image), (0, MIDDLE - 0.1), 5.4)).show(self.image.ravel())
        ends = int(np.argmin(layout.shown)) if not layout.shown.all() else 0
        drawn = f"as a column, we draw the first and last {ends}" if ends else "here as a column, too"
        with self.caption(
            f"{self.image.size} pixels, the first layer; {drawn}.",
            FadeIn(near, run_time=theme.QUICK),
            moves="A picture of round neurons makes room; row after row, copies of them go into a column beside it.",
        ):
            self.play(Transform(near, self.square), run_time=theme.FLOW)
            self.remove(near)
            moving = self.square.copy()
            self.add(self.square, moving)
            becomes = GridBecomesColumn(moving, moved(layout, aside), run_time=1.5 * theme.FLOW)
            becomes.target.stand_out()
            self.play(becomes)
            dots = Cells(moved(layout, aside).dots, 0.07, 1, stroke_width=0) if len(layout.dots) else Group()
            brace = self.diagram.input_brace().shift(aside * RIGHT)
            self.play(FadeIn(dots), FadeIn(brace), run_time=theme.QUICK)
            self.input = Group(self.square, moving, dots, brace)

    def the_last_layer(self) -> None:
        self.next_section("The last layer")
        outputs = self.diagram.columns[-1]
        dots = self.layout[-1].dots
        neurons = [outputs.item(n) for n in range(len(outputs))]
        with self.caption(
            f"The last layer: {len(outputs)} neurons, one for each answer.",
            self.input.animate(run_time=theme.STEP).shift((_SQUARE_X - self.square.get_x()) * RIGHT),
            moves="Both go to the left. At the right a column of empty circles appears, each with its class.",
        ):
            each = (FadeIn(Group(*pair), shift=0.2 * RIGHT) for pair in zip(neurons, self.diagram.labels, strict=True))
            self.play(
                LaggedStart(*each, lag_ratio=0.3, run_time=2 * theme.FLOW),
                FadeIn(self.diagram.counts[-1], *([Cells(dots, 0.07, 1)] if len(dots) else [])),
            )
            self.remove(*neurons)
            self.add(outputs)

    def hidden_layers(self) -> None:
        self.next_section("Hidden layers")
        left, right = (self.diagram.columns[place].get_x() for place in (0, -1))
        top, bottom = self.layout[0].centres[:, 1].max(), self.layout[0].centres[:, 1].min()
        self.box = RoundedRectangle(
            0.25,
            width=right - left - 1.3,
            height=top - bottom + 0.45,
            color=theme.NEURON_OUTLINE,
            stroke_width=2,
        ).move_to(((left + right) / 2, (top + bottom) / 2, 0))
        self.question = Words("?", 3 * theme.TITLE_SIZE, theme.UNKNOWN).move_to(self.box)
        hidden = self.network.sizes[1:-1]
        self.hidden = Group(*self.diagram.columns[1:-1])
        self.counts = VGroup(*self.diagram.counts[1:-1])
        small = Words("?", 1.3 * theme.TITLE_SIZE, theme.UNKNOWN)
        small.move_to((self.box.get_x(), self.diagram.counts[-1].get_y() + 0.5, 0))
        same = len(set(hidden)) == 1
        many = " and ".join(str(size) for size in hidden[: 1 if same else None])
        each = " each" if same and len(hidden) > 1 else ""
        with self.caption(
            f"Hidden between them: {_count(len(hidden), 'layer').lower()} of {many} neurons{each}."
            if hidden
            else "This network has no hidden layer between them.",
            FadeIn(self.box, self.question, run_time=theme.QUICK),
            moves="Between the two a large box with a question mark appears. The mark goes to the top of the box, and "
            "columns of empty circles appear beneath it.",
        ):
            self.wait(1)
            self.play(Transform(self.question, small), self.box.animate.set_stroke(opacity=0.35))
            if hidden:
                columns = (FadeIn(cells, shift=0.3 * RIGHT) for cells in self.hidden)
                self.play(LaggedStart(*columns, lag_ratio=0.5), FadeIn(self.counts))

    def a_choice(self) -> None:
        self.next_section("A choice")
        fit = all(place.shown.all() for place in self.layout[1:-1]) and len(self.layout) > 2
        first, *_, last = self.network.sizes
        with self.caption(
            f"Why so many? An arbitrary choice: {'these fit the screen' if fit else 'others would do, too'}.",
            moves="The hidden columns give way to others, of other numbers and sizes, and come back.",
        ):
            shown = ours = Group(self.hidden, self.counts)
            others = [self.another_choice((first, *sizes, last)) for sizes in _OTHER_CHOICES]
            for following in (*others, ours):
                self.play(FadeOut(shown, run_time=0.6 * theme.QUICK))
                self.play(FadeIn(following, run_time=theme.QUICK))
                if following is not ours:
                    self.wait(0.8)
                shown = following

    def another_choice(self, sizes: tuple[int, ...]) -> Group:
        """Hidden layers as they could be: empty circles, and how many there are above each column."""
        columns = Group(*(NeuronColumn(place).stand_out() for place in self.columns_of(sizes)[1:-1]))
        counts = VGroup(*(self.count_of(len(neurons), neurons.get_x()) for neurons in columns))
        return Group(columns, counts)


class ForwardPassOfADigit(LessonScene):
    """A digit of the test set goes through the trained network, layer by layer, along every connection."""

    def construct(self) -> None:
        digits = self.digits()
        index = digit_to_show(self.network, digits)
        self.truth = digits.class_names[digits.labels[index]]
        self.class_names = digits.class_names
        self.forward = self.network.forward(digits.images[index])
        # Long names, and the numbers after them, need room at the right.
        right = min(4.9, 5.3 - widest(digits.class_names))
        self.diagram = NetworkDiagram(self.network, digits.class_names, network_layout(self.network.sizes, right=right))

        self.pixels_become_neurons()
        self.the_connections()
        self.the_forward_pass()
        self.the_answer()
        self.end()

    def alternative_text(self) -> str:
        digits = self.digits()
        index = digit_to_show(self.network, digits)
        forward = self.network.forward(digits.images[index])
        columns = ", ".join(str(size) for size in self.network.sizes)
        return (
            f"A picture of the class {digits.class_names[digits.labels[index]]} goes through a network of columns of "
            f"{columns} neurons along all {self.network.weight_count:,} connections; the brightest output, "
            f"{forward.output[forward.answer]:.2f}, says {digits.class_names[forward.answer]}."
        )

    def pixels_become_neurons(self) -> None:
        self.next_section("Pixels become neurons")
        pixels = PixelGrid(self.forward.input, 5.2, (0, MIDDLE))
        neurons, following = self.diagram.columns[0], self.diagram.columns[1:]
        neurons.set_brightness(self.forward.input)
        with self.caption(
            f"A picture from the test set: its {len(neurons)} pixels are the first neurons.",
            FadeIn(pixels, run_time=theme.QUICK),
            moves="The square pixels of a picture turn into discs and go to the left; columns of empty discs appear to "
            "the right, the number of neurons above each, and beside the last what each output stands for.",
        ):
            self.wait(1)
            columns = LaggedStart(*(FadeIn(cells, shift=0.3 * RIGHT) for cells in following), lag_ratio=0.4)
            appear = AnimationGroup(columns, FadeIn(self.diagram.dots), run_time=theme.FLOW)
            self.play(PixelsBecomeNeurons(pixels, neurons), appear)
            self.remove(pixels)
            self.add(neurons)
            labels = (FadeIn(label, shift=0.1 * RIGHT) for label in self.diagram.labels)
            self.play(FadeIn(self.diagram.counts), LaggedStart(*labels, lag_ratio=0.05))

    def the_connections(self) -> None:
        self.next_section("The connections")
        with self.caption(
            f"{self.network.weight_count:,} connections, each with a weight: blue is positive, red negative.",
            moves="Lines grow from every neuron to all of the next column, the brighter the stronger the weight.",
        ):
            self.play(LaggedStart(*(GrowConnections(c) for c in self.diagram.connections), lag_ratio=0.5))

    def the_forward_pass(self) -> None:
        self.next_section("The forward pass")
        deep = len(self.network.layers) > 1
        with self.caption(
            "Layer by layer, activations bring about the next, loosely as brain cells that fire do."
            if deep
            else "Activations of the pixels bring about those of the outputs.",
            moves="Layer after layer, the lines dim to what flows through them, weight times activation; a pulse runs "
            "along, and the neurons of the next column light up.",
        ):
            for layer, connections in enumerate(self.diagram.connections):
                self.play(ShowContributions(self.diagram, self.forward, layer), run_time=0.75 * theme.STEP)
                neurons, activations = self.diagram.columns[layer + 1], self.forward.activations[layer]
                self.play(PropagateActivations(connections, neurons, activations), run_time=1.2 * theme.FLOW)

    def the_answer(self) -> None:
        self.next_section("The answer")
        outputs = self.diagram.columns[-1]
        self.values = VGroup(*(Number(value, places=2, size=theme.NOTE_SIZE) for value in self.forward.output))
        edge = self.diagram.labels.get_right()[0] + 0.35
        for value, centre, shown in zip(self.values, outputs.centres, outputs.layout.shown, strict=True):
            value.move_to((edge, centre[1], 0), aligned_edge=LEFT).set_opacity(float(shown))
        answer = self.forward.answer
        said = self.class_names[answer]
        verdict = f"The brightest output is the answer: {said}."
        if said != self.truth:
            verdict += f" It is wrong; this is a {self.truth}."
        with self.caption(verdict, moves="The value of each output appears beside it, and a ring marks the brightest."):
            self.play(LaggedStart(*(FadeIn(value, shift=0.1 * RIGHT) for value in self.values), lag_ratio=0.05))
            marked = VGroup(self.diagram.labels[answer], self.values[answer])
            self.play(Create(self.diagram.winner_mark(self.forward)), marked.animate.set_color(theme.ANSWER))


class TheOutputs(LessonScene):
    """What the outputs say: how much the network thinks "this one". They are no probabilities."""

    def construct(self) -> None:
        self.test_set = self.digits()
        self.names = self.test_set.class_names
        self.examples = three_examples(self.network, self.test_set)
        self.passes = [self.network.forward(self.test_set.images[index]) for index in self.examples]
        self.diagram = self.a_diagram()

        self.how_much()
        self.no_probabilities()
        self.torn()
        self.at_a_loss()
        self.end()

    def alternative_text(self) -> str:
        digits = self.digits()
        passes = [self.network.forward(digits.images[index]) for index in three_examples(self.network, digits)]
        sums = ", ".join(f"{forward.output.sum():.2f}" for forward in passes)
        clear = passes[0]
        return (
            f"Three pictures go through the network. For the first the output {digits.class_names[clear.answer]} is "
            f"the brightest, with {clear.output[clear.answer]:.2f}; for the second two outputs are bright, for the "
            f"third none is. The outputs of the three add up to {sums}."
        )

    def a_diagram(self) -> NetworkDiagram:
        """The network, with room to the right of its labels for their numbers, and below for the sum."""
        right = 4.6 - widest(self.names)
        layout = network_layout(self.network.sizes, right=right, top=3.0, bottom=STAGE_BOTTOM + 0.75)
        return NetworkDiagram(self.network, self.names, layout)

    def how_much(self) -> None:
        self.next_section("How much")
        forward, outputs = self.passes[0], self.diagram.columns[-1]
        self.diagram.columns[0].show(forward.input)
        for layer in range(len(self.diagram.connections)):
            self.diagram.show_contributions(forward, layer)
            self.diagram.columns[layer + 1].show(forward.activations[layer])
        outputs.show(np.zeros(len(outputs)))
        still = [*self.diagram.connections, *self.diagram.columns, self.diagram.dots, self.diagram.labels]
        centres = outputs.centres.copy()
        centres[:, 0] = 6.0
        shown = outputs.layout.shown.astype(float)
        self.values = Numbers(np.zeros(len(outputs)), centres, 2, self.number_size(), opacities=shown, widths=0.9)
        self.values.alignment = 1.0
        self.ring = self.diagram.winner_mark(forward)
        self.verdict = self.verdict_on(0)
        with self.caption(
            "Outputs say how much the network thinks “this one”; the brightest is the answer.",
            *(FadeIn(thing) for thing in still),
            moves="The network reads a picture; its outputs light up, and a number counts up beside each of them. A "
            "ring marks the brightest.",
        ):
            after = self.values.copy().set_values(forward.output)
            self.add(self.values)
            self.play(
                PropagateActivations(self.diagram.connections[-1], outputs, forward.output),
                Transform(self.values, after, run_time=theme.FLOW),
            )
            self.play(Create(self.ring), *self.mark_numbers(forward), FadeIn(self.verdict))

    def number_size(self) -> float:
        """As large as the labels beside which they stand."""
        return float(np.clip(0.95 * 135 * self.diagram.layout[-1].diameter, theme.SMALLEST_SIZE, theme.LABEL_SIZE))

    def no_probabilities(self) -> None:
        self.next_section("No probabilities")
        edge = float(self.values.centres[0, 0]) + 0.45
        bottom = float(self.diagram.layout[-1].centres[:, 1].min()) - self.diagram.layout[-1].diameter / 2
        self.rule = Line((edge - 1.6, bottom - 0.2, 0), (edge, bottom - 0.2, 0), color=theme.QUIET_TEXT, stroke_width=2)
        total = float(self.passes[0].output.sum())
        self.total = Numbers([total], [(edge - 0.6, bottom - 0.52, 0)], 2, theme.CAPTION_SIZE, widths=1.2, alignment=1)
        together = Words("together", theme.NOTE_SIZE, theme.QUIET_TEXT).next_to(self.total, LEFT, buff=0.15)
        with self.caption(
            f"They are not probabilities: they need not make 1. These make {total:.2f}.",
            moves="A line is drawn under the numbers, and their sum appears beneath it.",
        ):
            self.play(Create(self.rule), run_time=theme.QUICK)
            falling = self.values.copy()
            self.add(falling)
            meet = falling.copy().place(np.tile(self.total.centres, (len(falling), 1))).set_opacities(0)
            self.play(Transform(falling, meet), FadeIn(self.total), FadeIn(together), run_time=theme.STEP)
            self.remove(falling)

    def torn(self) -> None:
        self.next_section("Torn")
        output = self.passes[1].output
        one, other = np.argsort(-output, kind="stable")[:2] if len(output) > 1 else (0, 0)
        said = "two are bright" if output[other] >= BRIGHT else "the two brightest"
        with self.caption(
            f"Here {said}: {self.names[one]} has {output[one]:.2f}, and {self.names[other]} has {output[other]:.2f}.",
            moves="The picture changes, and with it all neurons, lines and numbers.",
        ):
            self.read(1)

    def at_a_loss(self) -> None:
        self.next_section("At a loss")
        output = self.passes[2].output
        said = "none is bright" if output.max() < BRIGHT else "they are least bright of all"
        with self.caption(
            f"Here {said}, and still the brightest is the answer.",
            moves="The picture changes once more; all outputs are dark, and the ring marks the brightest.",
        ):
            self.read(2)

    def read(self, example: int) -> None:
        """Show another picture and all that follows from it."""
        forward = self.passes[example]
        right = forward.answer == self.test_set.labels[self.examples[example]]
        ring = self.diagram.winner_mark(forward).set_color(theme.ANSWER if right else theme.WRONG)
        steps: list[Animation] = []
        for number, (neurons, activations) in enumerate(zip(self.diagram.columns, forward.columns, strict=True)):
            steps.append(Transform(neurons, neurons.copy().show(activations), run_time=theme.QUICK))
            if number:
                steps.append(ShowContributions(self.diagram, forward, number - 1, run_time=theme.QUICK))
        self.play(LaggedStart(*steps, lag_ratio=0.35), FadeOut(self.verdict), FadeOut(self.ring))
        sums = self.total.copy().set_values([forward.output.sum()])
        verdict = self.verdict_on(example)
        self.play(*self.mark_numbers(forward, right), Transform(self.total, sums), FadeIn(verdict), run_time=theme.STEP)
        self.play(Create(ring), run_time=theme.QUICK)
        self.ring, self.verdict = ring, verdict

    def mark_numbers(self, forward: ForwardPass, right: bool = True) -> list[Animation]:
        """The numbers go to the outputs of a forward pass, that of the answer in the colour of the ring."""
        colours = np.tile(rgb(theme.TEXT), (len(forward.output), 1))
        colours[forward.answer] = rgb(theme.ANSWER if right else theme.WRONG)
        return [Transform(self.values, self.values.copy().set_values(forward.output).set_colours(colours))]

    def verdict_on(self, example: int) -> Words:
        """What the picture is and what it was read as, to stand above it."""
        truth = self.names[self.test_set.labels[self.examples[example]]]
        answer = self.names[self.passes[example].answer]
        right = truth == answer
        said = Words(
            f"{truth}, read as {answer}" + ("" if right else ": wrong"), 44, theme.TEXT if right else theme.WRONG
        )
        said.next_to(self.diagram.columns[0], UP, buff=0.3)
        # Long names begin at the edge of the stage.
        return said.shift(max(SAFE_MARGIN - FRAME_WIDTH / 2 - float(said.get_left()[0]), 0) * RIGHT)


def widest(names: Sequence[str]) -> float:
    """How much room the longest name needs as a label, in units."""
    return max(Words(name, theme.LABEL_SIZE).width for name in names)


def moved(layout: ColumnLayout, along: float) -> ColumnLayout:
    """The same column, so far to the right."""
    return ColumnLayout(layout.centres + along * RIGHT, layout.diameter, layout.shown, layout.dots + along * RIGHT)


def digit_to_show(network: Network, digits: Digits) -> int:
    """The first test picture that is read right, clearly (0.9 or more), with a second output to be seen (0.03 or more).

    Where there is none, the first that is read right; where the network reads none right, the first.
    """
    outputs = network.predict(digits.vectors)
    right = np.argmax(outputs, axis=1) == digits.labels
    ordered = np.sort(outputs, axis=1)
    second = ordered[:, -2] if outputs.shape[1] > 1 else np.zeros(len(outputs))
    for wanted in (right & (ordered[:, -1] >= 0.9) & (second >= 0.03), right):
        if wanted.any():
            return int(np.argmax(wanted))
    return 0


def three_examples(network: Network, digits: Digits) -> tuple[int, int, int]:
    """The picture of this part, the one whose second brightest output is the greatest, and the one with least light.

    Least light: its brightest output is the smallest of all.
    """
    ordered = np.sort(network.predict(digits.vectors), axis=1)
    second = ordered[:, -2] if ordered.shape[1] > 1 else ordered[:, -1]
    return digit_to_show(network, digits), int(second.argmax()), int(ordered[:, -1].argmin())


def _count(number: int, thing: str) -> str:
    words = {0: "No", 1: "One", 2: "Two", 3: "Three", 4: "Four", 5: "Five"}
    return f"{words.get(number, str(number))} {thing}{'' if number == 1 else 's'}"
