"""LayersOfNeurons: The pixels as a square and as a column, the outputs, and hidden layers between: a choice."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from manim import RIGHT, FadeIn, FadeOut, Group, LaggedStart, RoundedRectangle, Transform, VGroup

from network.analysis.examples import hero
from network.network import Array
from scenes.kit import theme
from scenes.kit.animations.pixels import GridBecomesColumn
from scenes.kit.layout import STAGE_BOTTOM, STAGE_MIDDLE, ColumnLayout, network_layout, picture
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.network_diagram import NetworkDiagram, NeuronColumn
from scenes.kit.mobjects.text import Number, Words
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import count_in_words

# Where the input stands as a square, and how wide it is.
_SQUARE_X, _SQUARE_EXTENT = -5.25, 2.75
# Where the columns begin beside it, and how high they reach.
_COLUMNS_LEFT, _COLUMNS_TOP = -2.9, 2.4
# How much higher than the columns their counts stand.
_COUNT_ABOVE = 0.55
# The sizes of hidden layers that could be there as well.
_OTHER_CHOICES = ((24,), (12, 20, 8))


class LayersOfNeurons(LessonScene):
    """The input as a square and as a column, the outputs, and between them hidden layers, whose sizes are a choice."""

    def construct(self) -> None:
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

    @cached_property
    def image(self) -> Array:
        """The digit, (side, side)."""
        digits = self.digits()
        return digits.images[hero(self.network, digits)]

    @cached_property
    def layout(self) -> tuple[ColumnLayout, ...]:
        return self.columns_of(self.network.sizes)

    @cached_property
    def diagram(self) -> NetworkDiagram:
        """The network as empty circles, with all counts on one line."""
        diagram = NetworkDiagram(self.network, self.digits().class_names, self.layout)
        for neurons in diagram.columns:
            neurons.stand_out()
        for count in diagram.counts:
            count.become(self.count_of(int(count.value), count.get_x()))
        return diagram

    def columns_of(self, sizes: tuple[int, ...]) -> tuple[ColumnLayout, ...]:
        """Where the columns of a network of these sizes stand."""
        return network_layout(sizes, "column", left=_COLUMNS_LEFT, top=_COLUMNS_TOP, bottom=STAGE_BOTTOM)

    def count_of(self, neurons: int, x: float) -> Number:
        """How many neurons a column has, to stand above it."""
        highest = self.layout[0].centres[:, 1].max()
        return Number(neurons, size=theme.CAPTION_SIZE).move_to((x, highest + _COUNT_ABOVE, 0))

    def the_first_layer(self) -> None:
        self.next_section("The first layer")
        layout = self.layout[0]
        square = NeuronColumn(picture(len(self.image), (_SQUARE_X, layout.centres[:, 1].mean()), _SQUARE_EXTENT))
        # Until the other layers come, square and column stand in the middle.
        aside = -(_SQUARE_X + layout.centres[0, 0]) / 2
        self.square = square.show(self.image.ravel()).shift(aside * RIGHT)
        near = NeuronColumn(picture(len(self.image), (0, STAGE_MIDDLE - 0.1), 5.4)).show(self.image.ravel())
        ends = int(np.argmin(layout.shown)) if not layout.shown.all() else 0
        drawn = f"as a column, we draw the first and last {ends}" if ends else "here as a column, too"
        with self.voiceover(
            f"{self.image.size} pixels, the first layer; {drawn}.",
            moves="A picture of round neurons makes room; row after row, copies of them go into a column beside it.",
        ):
            self.play(FadeIn(near, run_time=theme.QUICK))
            self.play(Transform(near, self.square), run_time=theme.FLOW)
            self.remove(near)
            moving = self.square.copy()
            self.add(self.square, moving)
            becomes = GridBecomesColumn(moving, layout.shifted(aside), run_time=1.5 * theme.FLOW)
            becomes.target.stand_out()
            self.play(becomes)
            dots = Cells(layout.shifted(aside).dots, 0.07, 1, stroke_width=0) if len(layout.dots) else Group()
            brace = self.diagram.input_brace().shift(aside * RIGHT)
            self.play(FadeIn(dots), FadeIn(brace), run_time=theme.QUICK)
            self.input = Group(self.square, moving, dots, brace)

    def the_last_layer(self) -> None:
        self.next_section("The last layer")
        outputs = self.diagram.columns[-1]
        dots = self.layout[-1].dots
        neurons = [outputs.item(n) for n in range(len(outputs))]
        with self.voiceover(
            f"The last layer: {len(outputs)} neurons, one for each answer.",
            moves="Both go to the left. At the right a column of empty circles appears, each with its class.",
        ):
            self.play(self.input.animate(run_time=theme.STEP).shift((_SQUARE_X - self.square.get_x()) * RIGHT))
            each = (FadeIn(Group(*pair), shift=0.2 * RIGHT) for pair in zip(neurons, self.diagram.labels, strict=True))
            self.play(
                LaggedStart(*each, lag_ratio=0.3, run_time=2 * theme.FLOW),
                FadeIn(self.diagram.counts[-1], *([Cells(dots, 0.07, 1)] if len(dots) else [])),
            )
            self.remove(*neurons)
            self.add(outputs)

    def hidden_layers(self) -> None:
        self.next_section("Hidden layers")
        self.box = self.box_between()
        self.question = Words("?", 3 * theme.TITLE_SIZE, theme.UNKNOWN).move_to(self.box)
        small = Words("?", 1.3 * theme.TITLE_SIZE, theme.UNKNOWN)
        small.move_to((self.box.get_x(), self.diagram.counts[-1].get_y() + 0.5, 0))
        self.hidden = Group(*self.diagram.columns[1:-1])
        self.counts = VGroup(*self.diagram.counts[1:-1])
        with self.voiceover(
            self.which_are_hidden(),
            moves="Between the two a large box with a question mark appears. The mark goes to the top of the box, and "
            "columns of empty circles appear beneath it.",
        ):
            self.play(FadeIn(self.box, self.question, run_time=theme.QUICK))
            self.wait(1)
            self.play(Transform(self.question, small), self.box.animate.set_stroke(opacity=0.35))
            if len(self.hidden):
                columns = (FadeIn(cells, shift=0.3 * RIGHT) for cells in self.hidden)
                self.play(LaggedStart(*columns, lag_ratio=0.5), FadeIn(self.counts))

    def box_between(self) -> RoundedRectangle:
        """A box around all that is between the first and the last layer."""
        left, right = (self.diagram.columns[place].get_x() for place in (0, -1))
        top, bottom = self.layout[0].centres[:, 1].max(), self.layout[0].centres[:, 1].min()
        box = RoundedRectangle(
            0.25,
            width=right - left - 1.3,
            height=top - bottom + 0.45,
            color=theme.NEURON_OUTLINE,
            stroke_width=2,
        )
        return box.move_to(((left + right) / 2, (top + bottom) / 2, 0))

    def which_are_hidden(self) -> str:
        """How many hidden layers there are, and of how many neurons, as a sentence."""
        hidden = self.network.sizes[1:-1]
        if not hidden:
            return "This network has no hidden layer between them."
        same = len(set(hidden)) == 1
        many = " and ".join(str(size) for size in hidden[: 1 if same else None])
        each = " each" if same and len(hidden) > 1 else ""
        return f"Hidden between them: {count_in_words(len(hidden), 'layer')} of {many} neurons{each}."

    def a_choice(self) -> None:
        self.next_section("A choice")
        fit = all(place.shown.all() for place in self.layout[1:-1]) and len(self.layout) > 2
        first, *_, last = self.network.sizes
        with self.voiceover(
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
        """Hidden layers as they could be: columns of empty circles, with their number above each column."""
        columns = Group(*(NeuronColumn(place).stand_out() for place in self.columns_of(sizes)[1:-1]))
        counts = VGroup(*(self.count_of(len(neurons), neurons.get_x()) for neurons in columns))
        return Group(columns, counts)
