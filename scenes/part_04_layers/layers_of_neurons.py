"""LayersOfNeurons: The picture at one end, the outputs at the other; between them hidden layers, a question mark."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from manim import (
    DOWN,
    RIGHT,
    UP,
    Animation,
    Create,
    CurvedArrow,
    FadeIn,
    FadeOut,
    Group,
    Indicate,
    LaggedStart,
    RoundedRectangle,
    Transform,
    VGroup,
    there_and_back,
)

from network import ForwardPass, Network
from network.analysis.sizes import TrainedSize, sizes_of
from scenes.kit import theme
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.connections import Connections
from scenes.kit.mobjects.diagram_marks import frame_around
from scenes.kit.mobjects.glow import Glow
from scenes.kit.mobjects.network_diagram import NetworkDiagram, NeuronColumn
from scenes.kit.mobjects.text import Words, as_read, size_that_fits
from scenes.language import Word, _, _c, _n, _w, clauses, left_to_right, question_mark, together
from scenes.part_04_layers.network_in_place import LINE_Y, enlarged, network_in_place
from scenes.stage.lesson_scene import LessonScene
from scenes.stage.table_rows import inputs_beside
from scenes.wording import class_in_words, in_words, number, percent

# How large the question mark is at most, in pixels of a frame 1080 pixels high; and what is left of it behind neurons.
_MARK_SIZE, _MARK_BEHIND = 560, 0.4
# How far the box stands off the columns at either side.
_BOX_GAP = 0.45
# From one score to the next, and the size of their type.
_SCORES_STEP, _SCORE_SIZE = 4.5, 64


class LayersOfNeurons(LessonScene):
    """The lit picture, the outputs, and the hidden layers between: what they do is a question, their size a choice."""

    # The room for what they are called.
    NAME_ROOM = 5.0

    def construct(self) -> None:
        if self.takes_numbers:
            self.the_first_layer()
        self.the_last_layer()
        self.in_between()
        if len(self.network.sizes) > 2:
            self.a_choice()
        if self.others:
            self.other_sizes()
        self.look_inside()
        self.end()

    def alternative_text(self) -> str:
        first, *hidden, last = self.network.sizes
        sizes = ""
        for size in map(str, hidden):
            sizes = _c("sizes of layers", "{one}, then {other}", one=sizes, other=size) if sizes else size
        others = clauses(
            _c(
                "the sizes of layers, and a share",
                "{sizes}: {share}",
                sizes=_listed(other.hidden),
                share=percent(other.metadata.test_accuracy or 0, 2),
            )
            for other in self.others
        )
        return together(
            _(
                "The {first} pixels of a digit are the first layer, and {last} outputs light up at the other end.",
                first=str(first),
                last=str(last),
            )
            if not self.takes_numbers
            else _(
                "The {first} numbers of a row are the first layer, and {last} outputs light up at the other end.",
                first=str(first),
                last=str(last),
            ),
            _(
                "Between them, with a large question mark, the hidden layers of neurons appear: {sizes}.",
                sizes=sizes,
            )
            if sizes
            else _("Between them, with a large question mark, the hidden layers of neurons appear: none."),
            _("Networks with other sizes, trained in the same way, take their place: {others}.", others=others)
            if others
            else "",
        )

    @cached_property
    def forward(self) -> ForwardPass:
        return self.network.forward(self.digits().images[self.hero])

    @cached_property
    def diagram(self) -> NetworkDiagram:
        """The network with the lit picture; all other neurons are dark."""
        return self.diagram_of(self.network)

    @cached_property
    def others(self) -> tuple[TrainedSize, ...]:
        """Networks of other sizes, really trained as this one was; none if there is no file of them."""
        trained = sizes_of(self.companion_file("sizes"), self.checkpoint)
        return tuple(other for other in trained if other.metadata.test_accuracy is not None)

    def diagram_of(self, network: Network) -> NetworkDiagram:
        """A network in the place of this one, with the same lit picture."""
        diagram = network_in_place(network, self.digits())
        diagram.columns[0].show(self.brightness(self.forward.input))
        return diagram

    @property
    def outputs_are_digits(self) -> bool:
        """Whether there is an output for every digit, not for classes of another name."""
        return not self.takes_numbers and all(name in "0123456789" for name in self.digits().class_names)

    def the_first_layer(self) -> None:
        """The numbers of a row, and their neurons: what a table has in the place of a picture."""
        self.next_section(_("The first layer"))
        layout = self.diagram.layout[0]
        inputs = inputs_beside(self.digits(), layout, self.forward.input)
        neurons, lit = self.diagram.columns[0], self.diagram.columns[0].copy()
        neurons.show(np.zeros(len(neurons)))
        with self.voiceover(
            together(
                _n(
                    "What goes into this network is a row of a table: <bookmark mark='row'/> {n} number.",
                    "What goes into this network is a row of a table: <bookmark mark='row'/> {n} numbers.",
                    len(neurons),
                    n=in_words(len(neurons)),
                ),
                _(
                    "Each has a neuron of its own. <bookmark mark='lit'/> The higher the number is in its column, the "
                    "brighter the neuron. <bookmark mark='first'/> Together they are the first layer."
                ),
            ),
            moves=_(
                "At the left appear the names of the columns and the numbers of one row, and beside each number a "
                "circle, which lights up. A frame is drawn around all of these circles."
            ),
        ):
            self.play(FadeIn(inputs, shift=0.3 * RIGHT))
            self.wait_until_bookmark("row")
            self.play(FadeIn(neurons), FadeIn(self.dots_of(0)), run_time=theme.STEP)
            self.wait_until_bookmark("lit")
            self.play(Transform(neurons, lit), run_time=theme.FLOW)
            self.wait_until_bookmark("first")
            frame = frame_around(neurons)
            self.play(Create(frame), FadeIn(self.diagram.counts[0]), run_time=theme.STEP)
        self.play(FadeOut(frame), run_time=theme.QUICK)

    def the_last_layer(self) -> None:
        self.next_section(_("The last layer"))
        picture, outputs = self.diagram.columns[0], self.diagram.columns[-1]
        neurons = [outputs.item(n) for n in range(len(outputs))]
        self.add(picture, self.diagram.counts[0])
        places = {"n": in_words(len(outputs))}
        jump_to = (
            _n(
                "Now <bookmark mark='jump'/> jump to the other end: <bookmark mark='last'/> {n} neuron, one for every "
                "digit.",
                "Now <bookmark mark='jump'/> jump to the other end: <bookmark mark='last'/> {n} neurons, one for every "
                "digit.",
                len(outputs),
                **places,
            )
            if self.outputs_are_digits
            else _n(
                "Now <bookmark mark='jump'/> jump to the other end: <bookmark mark='last'/> {n} neuron, one for every "
                "class.",
                "Now <bookmark mark='jump'/> jump to the other end: <bookmark mark='last'/> {n} neurons, one for every "
                "class.",
                len(outputs),
                **places,
            )
        )
        with self.voiceover(
            together(
                jump_to,
                _(
                    "<bookmark mark='bright'/> The brighter one is, the more the network thinks "
                    "<bookmark mark='this'/> it's that one."
                ),
            ),
            moves=_(
                "A picture of lit discs stands at the left. An arrow leaps to the right, where a column of circles "
                "appears, each with its class; they light up, one of them more than all others, and a ring marks it."
            )
            if not self.takes_numbers
            else _(
                "The first layer stands at the left. An arrow leaps to the right, where a column of circles appears, "
                "each with its class; they light up, one of them more than all others, and a ring marks it."
            ),
        ):
            self.wait_until_bookmark("jump")
            jump = self.jump_to_the_end()
            self.play(Create(jump))
            self.wait_until_bookmark("last")
            each = (FadeIn(Group(*pair), shift=0.3 * RIGHT) for pair in zip(neurons, self.diagram.labels, strict=True))
            self.play(
                LaggedStart(*each, lag_ratio=0.3, run_time=theme.FLOW),
                FadeIn(self.diagram.counts[-1], self.dots_of(-1)),
                FadeOut(jump),
            )
            self.remove(*neurons)
            self.add(outputs)
            self.wait_until_bookmark("bright")
            self.glow = Glow(outputs, self.forward.output)
            lit = outputs.copy().show(self.forward.output)
            self.play(Transform(outputs, lit), FadeIn(self.glow), run_time=theme.FLOW)
            self.wait_until_bookmark("this")
            self.ring = self.diagram.ring(-1, self.forward.answer)
            self.plain_labels = self.diagram.labels.copy()
            self.marked = self.forward.answer
            label = self.diagram.labels[self.marked]
            self.play(Create(self.ring), Transform(label, enlarged(label)), run_time=theme.QUICK)

    def jump_to_the_end(self) -> CurvedArrow:
        """An arrow that leaps from the picture to where the outputs will be."""
        picture, outputs = self.diagram.columns[0], self.diagram.columns[-1]
        ends = picture.get_right() + _BOX_GAP * RIGHT, outputs.get_left() - _BOX_GAP * RIGHT
        return CurvedArrow(*ends, angle=-1.2, color=theme.ANSWER, stroke_width=10)

    def dots_of(self, column: int) -> Cells | Group:
        """The dots for the neurons that a long column leaves out."""
        dots = self.diagram.layout[column].dots
        return Cells(dots, 0.07, 1, stroke_width=0) if len(dots) else Group()

    def in_between(self) -> None:
        self.next_section(_("In between"))
        self.hidden = self.hidden_of(self.diagram)
        box, mark, name = self.box_between(), self.question_mark(), self.name_of_hidden()
        behind = mark.copy().set_opacity(_MARK_BEHIND)
        if len(self.network.sizes) == 2 and self.takes_numbers:
            kind = _(
                "<bookmark mark='hidden'/> In this network, nothing: the numbers are connected to the outputs "
                "directly. <bookmark mark='mark'/> How that works is, for now, one big question mark."
            )
        elif len(self.network.sizes) == 2:
            kind = _(
                "<bookmark mark='hidden'/> In this network, nothing: the picture is connected to the outputs directly. "
                "<bookmark mark='mark'/> How that works is, for now, one big question mark."
            )
        elif len(self.network.sizes) == 3:
            kind = _(
                "<bookmark mark='hidden'/> A hidden layer, people call it. <bookmark mark='mark'/> For now, one big "
                "question mark."
            )
        else:
            kind = _(
                "<bookmark mark='hidden'/> Hidden layers, people call them. <bookmark mark='mark'/> For now, one big "
                "question mark."
            )
        with self.voiceover(
            together(_("And in between?"), kind),
            moves=_(
                "Between the lit picture and the lit outputs a box opens. Columns of dark circles appear in it, and "
                "a large question mark grows over them."
            )
            if not self.takes_numbers
            else _(
                "Between the first layer and the lit outputs a box opens. Columns of dark circles appear in it, and "
                "a large question mark grows over them."
            ),
        ):
            self.play(Create(box))
            self.wait_until_bookmark("hidden")
            if len(self.hidden):
                self.play(FadeIn(self.hidden, name, shift=0.3 * RIGHT))
            self.wait_until_bookmark("mark")
            step_back = (thing.animate.set_opacity(0.35) for thing in self.hidden)
            self.play(*step_back, FadeIn(mark, scale=0.2), run_time=theme.STEP)
            self.play(mark.animate(rate_func=there_and_back).scale(1.12), run_time=theme.STEP)
            come_back = (thing.animate.set_opacity(1) for thing in self.hidden)
            self.play(Transform(mark, behind), *come_back, run_time=theme.QUICK)
        self.box, self.mark, self.name = box, mark, name
        self.lines: list[Connections] = []
        self.scores = VGroup()

    def hidden_of(self, diagram: NetworkDiagram) -> Group:
        """The hidden columns of a network, with their numbers of neurons above them and the dots in them."""
        dots = [Cells(place.dots, 0.07, 1, stroke_width=0) for place in diagram.layout[1:-1] if len(place.dots)]
        return Group(*diagram.columns[1:-1], *diagram.counts[1:-1], *dots)

    def name_of_hidden(self) -> VGroup:
        """What the hidden layers are called, below the box; nothing if there are not several."""
        columns = self.diagram.columns[1:-1]
        if len(columns) < 2:
            return VGroup()
        name = Words(_("hidden layers"), size_that_fits([_("hidden layers")], self.NAME_ROOM, 1.4 * theme.TITLE_SIZE))
        x = float(columns[0].get_x() + columns[-1].get_x()) / 2
        return VGroup(name.move_to((x, LINE_Y, 0)))

    def box_between(self) -> RoundedRectangle:
        """A box around all that is between the first and the last layer."""
        picture, outputs = self.diagram.columns[0], self.diagram.columns[-1]
        left, right = picture.get_right()[0] + _BOX_GAP, outputs.get_left()[0] - _BOX_GAP
        height = max(neurons.height for neurons in self.diagram.columns) + 0.3
        box = RoundedRectangle(0.25, width=right - left, height=height, color=theme.UNKNOWN, stroke_width=4)
        return box.move_to(((left + right) / 2, outputs.get_y(), 0))

    def question_mark(self) -> Words:
        """A question mark in the middle of what is between the ends, beside the columns that stand there."""
        before = (len(self.diagram.columns) - 1) // 2
        left, right = (self.diagram.columns[place] for place in (before, before + 1))
        room = float(right.get_left()[0] - left.get_right()[0]) - 0.3
        mark = Words(question_mark(), _MARK_SIZE, theme.UNKNOWN)
        middle = float(left.get_right()[0] + right.get_left()[0]) / 2
        return mark.scale(min(1, room / mark.width)).move_to((middle, left.get_y(), 0))

    def a_choice(self) -> None:
        self.next_section(_("A choice"))
        columns, counts = self.diagram.columns[1:-1], self.diagram.counts[1:-1]
        frames = VGroup(*(frame_around(neurons) for neurons in columns))
        with self.voiceover(
            self.why_these_sizes(),
            moves=_(
                "Frames are drawn around the hidden columns, and the numbers of neurons above them swell. Then the "
                "columns close and open again like accordions."
            ),
        ) as tracker:
            drawn = LaggedStart(*(Create(frame) for frame in frames), lag_ratio=0.5, run_time=1.2 * theme.STEP)
            self.play(drawn, FadeOut(self.name, run_time=theme.QUICK))
            self.wait_until_bookmark("many")
            self.play(*(Indicate(count, 1.35, theme.ANSWER) for count in counts), run_time=theme.STEP)
            self.wait_until_bookmark("layers")
            swell = [
                Indicate(Group(frame, neurons), 1.06, None) for frame, neurons in zip(frames, columns, strict=True)
            ]
            until = max(tracker.time_until_bookmark("neurons"), theme.FLOW)
            self.play(LaggedStart(*swell, lag_ratio=0.6, run_time=until))
            self.wait_until_bookmark("neurons")
            seconds = max(tracker.get_remaining_duration(), theme.FLOW)
            self.play(FadeOut(frames, run_time=theme.QUICK), *(self.accordion(neurons, seconds) for neurons in columns))

    def accordion(self, neurons: NeuronColumn, run_time: float) -> Transform:
        """A column closes up and opens again."""
        centres, middle = neurons.centres, neurons.get_center()
        closed = neurons.copy().place(middle + 0.6 * (centres - middle), neurons.layout.diameter)
        return Transform(neurons, closed, rate_func=there_and_back, run_time=run_time)

    def why_these_sizes(self) -> str:
        """Why there are as many hidden layers, and as many neurons in them."""
        hidden = self.network.sizes[1:-1]
        layers, neurons = in_words(len(hidden)), number(hidden[0], thousands=False)
        return together(
            self.why_so_many(hidden, layers, neurons),
            _("<bookmark mark='layers'/> {layers:^}, because it suits a story I'd like to tell you.", layers=layers)
            if len(hidden) == 2 and not self.takes_numbers  # the story of the edges
            else _("<bookmark mark='layers'/> {layers:^}: that's a choice.", layers=layers),
            self.and_the_neurons(hidden, neurons),
            "" if self.others else _("There is room to play, so try it."),
        )

    def why_so_many(self, hidden: tuple[int, ...], layers: str, neurons: str) -> str:
        """The question, for hidden layers of these sizes; layers and neurons: how many there are, as it is said."""
        if len(hidden) == 1:
            return _n(
                "Why just one, <bookmark mark='many'/> with {n} neuron?",
                "Why just one, <bookmark mark='many'/> with {n} neurons?",
                hidden[0],
                n=neurons,
            )
        if len(set(hidden)) > 1:
            return _("Why {layers} of them, <bookmark mark='many'/> with just so many neurons in each?", layers=layers)
        return _n(
            "Why {layers} of them, <bookmark mark='many'/> with {n} neuron in each?",
            "Why {layers} of them, <bookmark mark='many'/> with {n} neurons in each?",
            hidden[0],
            n=neurons,
            layers=layers,
        )

    def and_the_neurons(self, hidden: tuple[int, ...], neurons: str) -> str:
        """Why there are so many neurons in these hidden layers; neurons: how many in the first, as it is said."""
        fits = not self.takes_numbers and all(place.shown.all() for place in self.diagram.layout[1:-1])
        if len(set(hidden)) == 1:
            return (
                _("<bookmark mark='neurons'/> And {n}? Honestly, it fits the screen.", n=neurons)
                if fits
                else _("<bookmark mark='neurons'/> And {n}? That's a choice, too.", n=neurons)
            )
        return (
            _("<bookmark mark='neurons'/> And the neurons? Honestly, they fit the screen.")
            if fits
            else _("<bookmark mark='neurons'/> And the neurons? That's a choice, too.")
        )

    def other_sizes(self) -> None:
        """Networks that were trained with fewer and with more hidden neurons take the place of this one, and go.

        Each is seen, with its score, before the next one is spoken of.
        """
        self.next_section(_("Other sizes"))
        own = self.checkpoint.metadata.test_accuracy
        if own is not None:
            self.add_score(self.network, own)
        for place, other in enumerate(self.others):
            with self.voiceover(
                self.try_it(place, other),
                moves=_(
                    "Other columns come into the box, lit, with all their lines; the outputs change to what such a "
                    "network makes of the same picture, and its score appears, too."
                ),
            ):
                self.swap(other.network)
                self.add_score(other.network, other.metadata.test_accuracy or 0)
                if self.marked != self.truth:
                    self.wait_until_bookmark("wrong")
                    self.play(Indicate(self.ring, 1.6, theme.WRONG), run_time=theme.STEP)
                else:
                    self.wait(theme.QUICK)

    def try_it(self, place: int, other: TrainedSize) -> str:
        """How many neurons each hidden layer of another network has, as something to try; and how it reads.

        What it says, if that is wrong; or why we don't have it, if it has more neurons and reads more.

        place: from 0.
        """
        hidden = self.network.sizes[1:-1]
        many = _as_many(other.hidden, hidden)
        if place:
            said = _("Or {many}.", many=many)
        else:
            said = _("Try {many} in each.", many=many) if len(hidden) > 1 else _("Try {many}.", many=many)
        answer = other.network.forward(self.forward.input).answer
        if answer == self.truth:
            own, its = self.checkpoint.metadata.test_accuracy, other.metadata.test_accuracy
            better = own is not None and its is not None and its > own and sum(other.hidden) > sum(hidden)
            return together(said, _("Better, but crowded.") if better else "")
        name = class_in_words(self.digits().class_names[answer])
        return together(said, _("<bookmark mark='wrong'/> That one says {answer}.", answer=name))

    @property
    def truth(self) -> int:
        """The class of the picture."""
        return int(self.digits().labels[self.hero])

    def swap(self, network: Network) -> None:
        """Another network takes the place of the one that is shown, and reads the same picture.

        What lights up in its hidden layers is seen; in ours it is still the question.
        """
        diagram, forward = self.diagram_of(network), network.forward(self.forward.input)
        if network is not self.network:
            for neurons, activations in zip(diagram.columns[1:-1], forward.activations[:-1], strict=True):
                neurons.show(activations)
        gone = (self.hidden, *self.lines)
        self.hidden, self.lines = self.hidden_of(diagram), diagram.connections
        self.play(
            FadeOut(*gone),
            FadeIn(self.hidden, *self.lines),
            *self.light_outputs(forward),
        )

    def light_outputs(self, forward: ForwardPass) -> list[Animation]:
        """The outputs light up as in a forward pass, and its answer is marked."""
        outputs, labels, before = self.diagram.columns[-1], self.diagram.labels, self.marked
        self.marked = forward.answer
        ring = self.diagram.ring(-1, forward.answer)
        plain = [Transform(labels[before], self.plain_labels[before])] if before != self.marked else []
        return [
            Transform(outputs, outputs.copy().show(forward.output)),
            Transform(self.glow, self.glow.copy().show(forward.output)),
            Transform(self.ring, ring if forward.answer == self.truth else ring.set_color(theme.WRONG)),
            *plain,
            Transform(labels[self.marked], enlarged(self.plain_labels[self.marked])),
        ]

    def add_score(self, network: Network, accuracy: float) -> None:
        """What a network scores appears below the box."""
        self.scores.add(self.score_of(network, percent(accuracy, 2)))
        self.play(FadeIn(self.scores[-1], shift=0.2 * UP), run_time=theme.QUICK)

    def score_of(self, network: Network, share: str) -> VGroup:
        """How many neurons a network has in each hidden layer, and what it scores: the smaller, the farther left."""
        sizes = [sum(self.network.sizes[1:-1]), *(sum(other.hidden) for other in self.others)]
        place = sorted(sizes).index(sum(network.sizes[1:-1]))
        neurons = Words(_listed(network.sizes[1:-1]) + ":", _SCORE_SIZE, theme.QUIET_TEXT)
        score = Words(share, _SCORE_SIZE, theme.ANSWER if network is self.network else theme.TEXT)
        line = as_read(VGroup(neurons, score).arrange(RIGHT, buff=0.25))
        score.align_to(neurons, DOWN)
        return line.move_to(((place - (len(sizes) - 1) / 2) * _SCORES_STEP, LINE_Y, 0))

    def look_inside(self) -> None:
        """We go through the question mark; only the picture stays lit: so the next scene begins."""
        self.next_section(_("Look inside"))
        outputs = self.diagram.columns[-1]
        dark = outputs.copy().show(np.zeros(len(outputs)))
        with self.voiceover(
            _("But let's look inside ours.") if self.lines else _("So let's look inside."),
            moves=_(
                "This network is back. The question mark comes nearer and vanishes with the box and the lines, and "
                "the outputs go out. The lit picture stays, and the columns of dark circles."
            )
            if not self.takes_numbers
            else _(
                "The question mark comes nearer and vanishes with the box, and the outputs go out. The lit first layer "
                "stays, and the columns of dark circles."
            ),
        ):
            if self.lines:
                self.swap(self.network)
            self.play(
                FadeOut(self.mark, scale=2.2),
                FadeOut(self.box, scale=1.1),
                FadeOut(self.scores, *self.lines, self.glow, self.ring),
                Transform(outputs, dark),
                Transform(self.diagram.labels[self.marked], self.plain_labels[self.marked]),
                run_time=theme.FLOW,
            )


def _listed(sizes: tuple[int, ...]) -> str:
    """The numbers of neurons in hidden layers: "16 + 16"."""
    return left_to_right(" + ".join(str(size) for size in sizes))


def _as_many(sizes: tuple[int, ...], ours: tuple[int, ...]) -> str:
    """How many neurons the hidden layers have, in a sentence: "8", or "half as many" where they are not all alike."""
    if len(set(sizes)) == 1:
        return Word(number(sizes[0], thousands=False))
    if sum(sizes) < sum(ours):
        return _w("so many neurons in each layer", "half as many")
    return _w("so many neurons in each layer", "twice as many")
