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
from network.analysis.examples import hero
from network.analysis.sizes import TrainedSize, sizes_of
from scenes.kit import theme
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.connections import Connections
from scenes.kit.mobjects.glow import Glow
from scenes.kit.mobjects.network_diagram import NetworkDiagram, NeuronColumn
from scenes.kit.mobjects.text import Words
from scenes.part_04_layers.network_in_place import LINE_Y, enlarged, frame_around, network_in_place
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import capitalised, class_in_words, count_in_words, one_in_words, percent

# How large the question mark is at most, in pixels of a frame 1080 pixels high; and what is left of it behind neurons.
_MARK_SIZE, _MARK_BEHIND = 560, 0.4
# How far the box stands off the columns at either side, and how dim the connections of a network in it are.
_BOX_GAP, _LINES = 0.45, 0.8
# From one score to the next, and the size of their type.
_SCORES_STEP, _SCORE_SIZE = 4.3, 56


class LayersOfNeurons(LessonScene):
    """The lit picture, the outputs, and the hidden layers between: what they do is a question, their size a choice."""

    def construct(self) -> None:
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
        between = ", then ".join(str(size) for size in hidden) or "none"
        others = "; ".join(
            f"{_listed(other.hidden)}: {percent(other.metadata.test_accuracy or 0, 2)}" for other in self.others
        )
        compared = f" Networks with other sizes, trained in the same way, take their place: {others}." if others else ""
        return (
            f"The {first} pixels of a digit are the first layer, and {last} outputs light up at the other end. Between "
            f"them, with a large question mark, the hidden layers of neurons appear: {between}.{compared}"
        )

    @cached_property
    def forward(self) -> ForwardPass:
        digits = self.digits()
        return self.network.forward(digits.images[hero(self.network, digits)])

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
        diagram = network_in_place(network, self.digits().class_names)
        diagram.columns[0].show(self.forward.input)
        return diagram

    @property
    def output_is_a(self) -> str:
        """What there is an output for: a digit, or a class of another name."""
        return "digit" if all(name in "0123456789" for name in self.digits().class_names) else "class"

    def the_last_layer(self) -> None:
        self.next_section("The last layer")
        picture, outputs = self.diagram.columns[0], self.diagram.columns[-1]
        neurons = [outputs.item(n) for n in range(len(outputs))]
        with self.voiceover(
            "So the picture is the first layer. <bookmark mark='jump'/> Now jump to the other end. "
            "<bookmark mark='last'/> The last layer has "
            f"{count_in_words(len(outputs), 'neuron')}, one for every {self.output_is_a}. <bookmark mark='bright'/> "
            "How bright each one is says how much the network thinks: <bookmark mark='this'/> it's this one.",
            moves="A picture of lit discs stands at the left. An arrow leaps to the right, where a column of circles "
            "appears, each with its class; they light up, one of them more than all others, and a ring marks it.",
        ):
            self.play(FadeIn(picture, self.diagram.counts[0], run_time=theme.QUICK))
            self.wait_until_bookmark("jump")
            jump = self.jump_to_the_end()
            self.play(Create(jump), run_time=theme.FLOW)
            self.wait_until_bookmark("last")
            each = (FadeIn(Group(*pair), shift=0.3 * RIGHT) for pair in zip(neurons, self.diagram.labels, strict=True))
            self.play(
                LaggedStart(*each, lag_ratio=0.3, run_time=1.4 * theme.FLOW),
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
            self.play(Create(self.ring), Transform(label, enlarged(label)), run_time=theme.STEP)

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
        self.next_section("In between")
        self.hidden = self.hidden_of(self.diagram)
        box, mark = self.box_between(), self.question_mark()
        behind = mark.copy().set_opacity(_MARK_BEHIND)
        kind, unknown = {
            0: ("In this network, nothing: the picture is linked to the outputs directly.", "How that can work"),
            1: ("A hidden layer, people call it.", "What happens in there"),
        }.get(len(self.network.sizes) - 2, ("Hidden layers, people call them.", "What happens in there"))
        with self.voiceover(
            f"And in between? <bookmark mark='hidden'/> {kind} <bookmark mark='mark'/> {unknown} is, for now, one big "
            "question mark.",
            moves="Between the lit picture and the lit outputs a box opens. Columns of dark circles appear in it, and "
            "a large question mark grows over them.",
        ):
            self.play(Create(box))
            self.wait_until_bookmark("hidden")
            if len(self.hidden):
                self.play(FadeIn(self.hidden, shift=0.3 * RIGHT))
            self.wait_until_bookmark("mark")
            step_back = (thing.animate.set_opacity(0.35) for thing in self.hidden)
            self.play(*step_back, FadeIn(mark, scale=0.2), run_time=theme.FLOW)
            self.play(mark.animate(rate_func=there_and_back).scale(1.12), run_time=theme.FLOW)
            come_back = (thing.animate.set_opacity(1) for thing in self.hidden)
            self.play(Transform(mark, behind), *come_back, run_time=theme.QUICK)
        self.box, self.mark = box, mark
        self.lines: list[Connections] = []
        self.scores = VGroup()

    def hidden_of(self, diagram: NetworkDiagram) -> Group:
        """The hidden columns of a network, with their numbers of neurons above them and the dots in them."""
        dots = [Cells(place.dots, 0.07, 1, stroke_width=0) for place in diagram.layout[1:-1] if len(place.dots)]
        return Group(*diagram.columns[1:-1], *diagram.counts[1:-1], *dots)

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
        mark = Words("?", _MARK_SIZE, theme.UNKNOWN)
        middle = float(left.get_right()[0] + right.get_left()[0]) / 2
        return mark.scale(min(1, room / mark.width)).move_to((middle, left.get_y(), 0))

    def a_choice(self) -> None:
        self.next_section("A choice")
        columns, counts = self.diagram.columns[1:-1], self.diagram.counts[1:-1]
        frames = VGroup(*(frame_around(neurons) for neurons in columns))
        with self.voiceover(
            self.why_these_sizes(),
            moves="Frames are drawn around the hidden columns, and the numbers of neurons above them swell. Then the "
            "columns close and open again like accordions.",
        ):
            self.play(LaggedStart(*(Create(frame) for frame in frames), lag_ratio=0.5, run_time=theme.FLOW))
            self.wait_until_bookmark("many")
            self.play(*(Indicate(count, 1.35, theme.ANSWER) for count in counts), run_time=theme.STEP)
            self.wait_until_bookmark("layers")
            swell = (Indicate(frame, 1.06, theme.ANSWER) for frame in frames)
            self.play(LaggedStart(*swell, lag_ratio=0.6, run_time=theme.FLOW))
            self.wait_until_bookmark("neurons")
            self.play(*(Indicate(count, 1.35, theme.ANSWER) for count in counts), run_time=theme.FLOW)
            self.wait_until_bookmark("room")
            self.play(FadeOut(frames, run_time=theme.QUICK), *(self.accordion(neurons) for neurons in columns))

    def accordion(self, neurons: NeuronColumn) -> Transform:
        """A column closes up and opens again."""
        centres, middle = neurons.centres, neurons.get_center()
        closed = neurons.copy().place(middle + 0.75 * (centres - middle), neurons.layout.diameter)
        return Transform(neurons, closed, rate_func=there_and_back, run_time=theme.FLOW)

    def why_these_sizes(self) -> str:
        """Why there are as many hidden layers, and as many neurons in them."""
        hidden = self.network.sizes[1:-1]
        layers = capitalised(count_in_words(len(hidden), "layer").split()[0])
        same = len(set(hidden)) == 1
        many = f"{hidden[0]} neurons" if same else "just so many neurons"
        each = " in each" if len(hidden) > 1 else ""
        story = ", because that suits a story I'd like to tell you." if len(hidden) == 2 else ": that's a choice."
        fits = all(place.shown.all() for place in self.diagram.layout[1:-1])
        why = f"And {hidden[0] if same else 'the neurons'}? "
        why += (
            f"Honestly: {'it' if same else 'they'} {'fits' if same else 'fit'} the screen."
            if fits
            else "That's a choice, too."
        )
        return (
            f"Why {count_in_words(len(hidden), 'layer')} in there, <bookmark mark='many'/> and why {many}{each}? "
            f"<bookmark mark='layers'/> {layers}{story} <bookmark mark='neurons'/> {why} "
            f"<bookmark mark='room'/> There's a lot of room to play{'.' if self.others else ', so try it.'}"
        )

    def other_sizes(self) -> None:
        """Networks that were trained with fewer and with more hidden neurons take the place of this one, and go."""
        self.next_section("Other sizes")
        hidden = self.network.sizes[1:-1]
        gets = (
            f"{' in each' if len(hidden) > 1 else ''}, a network prepared in just the same way (how, comes later) gets"
        )
        right = " of new pictures right"
        for other in self.others:
            only = "only " if sum(other.hidden) < sum(hidden) else ""
            share = percent(other.metadata.test_accuracy or 0, 2)
            with_so_many = f"With {only}{_as_many(other.hidden, hidden)}{gets}"
            sentence = f"{with_so_many} <bookmark mark='score'/> {share}{right}{self.if_misread(other.network)}."
            gets, right = ",", ""
            self.swap(other.network, share, sentence)
        if self.checkpoint.metadata.test_accuracy is not None:
            share = percent(self.checkpoint.metadata.test_accuracy, 2)
            ours = f"our {hidden[0]}" if len(set(hidden)) == 1 else "ours"
            self.swap(self.network, share, f"And with {ours}, <bookmark mark='score'/> {share}.")

    def if_misread(self, network: Network) -> str:
        """What another network makes of the picture, if only this one reads it right; to end a sentence with."""
        digits = self.digits()
        names, truth = digits.class_names, digits.labels[hero(self.network, digits)]
        answer = network.forward(self.forward.input).answer
        if answer == truth or self.forward.answer != truth:
            return ""
        known = len(names[truth]) == 1
        return (
            f", but takes our {class_in_words(names[truth]) if known else 'picture'} "
            f"<bookmark mark='misread'/> for {one_in_words(names[answer])}"
        )

    def swap(self, network: Network, share: str, sentence: str) -> None:
        """Another network takes the place of the one that is shown, reads the same picture, and gets its score."""
        forward, diagram = network.forward(self.forward.input), self.diagram_of(network)
        with self.voiceover(
            sentence,
            moves="Other columns come into the box, with all their lines; the outputs change to what this network "
            "makes of the same picture, and its score appears below.",
        ):
            self.play(FadeOut(self.hidden, *self.lines), run_time=theme.QUICK)
            self.hidden, self.lines = self.hidden_of(diagram), diagram.connections
            self.play(FadeIn(self.hidden, *self.lines), *self.light_outputs(forward))
            self.wait_until_bookmark("score")
            self.scores.add(self.score_of(network, share))
            self.play(FadeIn(self.scores[-1], shift=0.2 * UP), run_time=theme.QUICK)
            if "mark='misread'" in sentence:
                self.wait_until_bookmark("misread")
                self.play(Indicate(self.diagram.neuron(-1, self.marked), 1.7, theme.ANSWER, remover=True))

    def light_outputs(self, forward: ForwardPass) -> list[Animation]:
        """The outputs light up as in a forward pass, and its answer is marked."""
        outputs, labels, before = self.diagram.columns[-1], self.diagram.labels, self.marked
        self.marked = forward.answer
        plain = [Transform(labels[before], self.plain_labels[before])] if before != self.marked else []
        return [
            Transform(outputs, outputs.copy().show(forward.output)),
            Transform(self.glow, self.glow.copy().show(forward.output)),
            Transform(self.ring, self.diagram.ring(-1, forward.answer)),
            *plain,
            Transform(labels[self.marked], enlarged(self.plain_labels[self.marked])),
        ]

    def score_of(self, network: Network, share: str) -> VGroup:
        """How many neurons a network has in each hidden layer, and what it scores: the smaller, the farther left."""
        sizes = [sum(self.network.sizes[1:-1]), *(sum(other.hidden) for other in self.others)]
        place = sorted(sizes).index(sum(network.sizes[1:-1]))
        neurons = Words(_listed(network.sizes[1:-1]) + ":", _SCORE_SIZE, theme.QUIET_TEXT)
        score = Words(share, _SCORE_SIZE, theme.ANSWER if network is self.network else theme.TEXT)
        line = VGroup(neurons, score).arrange(RIGHT, buff=0.25)
        score.align_to(neurons, DOWN)
        return line.move_to(((place - (len(sizes) - 1) / 2) * _SCORES_STEP, LINE_Y, 0))

    def look_inside(self) -> None:
        """All that was lit goes out but the picture: so the next scene begins."""
        self.next_section("Look inside")
        outputs = self.diagram.columns[-1]
        dark = outputs.copy().show(np.zeros(len(outputs)))
        with self.voiceover(
            "So let's look inside.",
            moves="The question mark swells and vanishes with the box and the lines, and the outputs go out. The lit "
            "picture stays, and the columns of dark circles.",
        ):
            self.play(Indicate(self.mark, 1.15, theme.ANSWER), FadeOut(self.scores, *self.lines), run_time=theme.FLOW)
            self.play(
                FadeOut(self.box, self.mark, scale=1.15),
                FadeOut(self.glow, self.ring),
                Transform(outputs, dark),
                Transform(self.diagram.labels[self.marked], self.plain_labels[self.marked]),
            )


def _listed(sizes: tuple[int, ...]) -> str:
    """The numbers of neurons in hidden layers: "16 + 16"."""
    return " + ".join(str(size) for size in sizes)


def _as_many(sizes: tuple[int, ...], ours: tuple[int, ...]) -> str:
    """How many neurons the hidden layers have, in a sentence: "8", or "half as many" where they are not all alike."""
    if len(set(sizes)) == 1:
        return str(sizes[0])
    return "half as many" if sum(sizes) < sum(ours) else "twice as many"
