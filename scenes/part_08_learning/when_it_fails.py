"""WhenItFails: the votes behind a misread digit have a first suspect; and a right answer hangs by a thread."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from manim import (
    Animation,
    Circle,
    Create,
    FadeIn,
    FadeOut,
    Group,
    Indicate,
    Transform,
    VGroup,
    smooth,
    squish_rate_func,
    there_and_back,
)
from numpy.typing import NDArray

from network import ForwardPass
from network.analysis.explain import Decision, Lead, decision_to_explain, lead_over
from network.analysis.pushed import Push, push_that_misleads
from scenes.kit import theme
from scenes.kit.animations.forward_pass import PropagateActivations
from scenes.kit.layout import FRAME_WIDTH, SAFE_MARGIN, STAGE_TOP, picture_or_column
from scenes.kit.mobjects.connections import Connections
from scenes.kit.mobjects.network_diagram import NetworkDiagram, NeuronColumn
from scenes.kit.mobjects.numbers import Numbers
from scenes.kit.mobjects.weighted_sum import AddUpProducts, WeightedSum
from scenes.language import NC_, _, _n, _w, together
from scenes.part_08_learning.outputs_beside import diagram_with_values, large_picture_with_values, values_beside
from scenes.part_08_learning.votes import CORNER_LEFT, CastVotes, Votes
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import class_in_words, in_words, number, one_in_words, this_one_in_words

# The corner that the votes leave free, where the picture stands beside the name of the answer.
_CORNER_WIDTH = 3.2
# How long the ringed neuron and its vote stand before the next picture comes, in seconds.
_HELD = 1.2
# The ways to push a picture, as `network.analysis.pushed` names them.
_WAYS = {
    "up": NC_("the way of a push", "up"),
    "down": NC_("the way of a push", "down"),
    "to the left": NC_("the way of a push", "to the left"),
    "to the right": NC_("the way of a push", "to the right"),
}


class WhenItFails(LessonScene):
    """The votes that made a picture misread, and the strongest of them; then a picture that is read right is pushed."""

    @cached_property
    def decision(self) -> Decision:
        """The picture that is looked into, the network's answer and the output to compare it with."""
        return decision_to_explain(self.network, self.digits())

    @cached_property
    def forward(self) -> ForwardPass:
        return self.network.forward(self.digits().images[self.decision.index])

    @cached_property
    def lead(self) -> Lead:
        """How far the answer's weighted sum is ahead of the other's, and what did that."""
        return lead_over(self.forward, self.decision.answer, self.decision.other)

    @property
    def colours(self) -> tuple[str, str]:
        """Those of the answer and of the output that it is compared with."""
        return (theme.WRONG, theme.ANSWER) if self.decision.mistaken else (theme.ANSWER, theme.NEUTRAL)

    @cached_property
    def push(self) -> Push | None:
        """A push that makes the network misread the film's own digit; None if there is none."""
        return push_that_misleads(self.network, self.digits(), self.hero)

    def construct(self) -> None:
        names = self.digits().class_names
        self.answer_name, self.other_name = names[self.decision.answer], names[self.decision.other]
        self.diagram = diagram_with_values(self.network, self.digits())
        self.values = values_beside(self.diagram, self.forward.output)

        self.a_mistake()
        if len(self.network.layers) > 1:
            self.the_votes()
        else:
            self.without_hidden_layers()
        if self.push is not None:
            self.right_for_the_wrong_reasons(self.push)
        self.end()

    def alternative_text(self) -> str:
        digits, decision = self.digits(), self.decision
        names = digits.class_names
        return together(
            _(
                "A picture of the class {class_name} is read as {answer}.",
                class_name=names[digits.labels[decision.index]],
                answer=names[decision.answer],
            ),
            self.told_of_the_lead(names[decision.other]),
            ""
            if self.push is None
            else _n(
                "A picture that is read right is read as {answer} once it is pushed {way} by {n} pixel.",
                "A picture that is read right is read as {answer} once it is pushed {way} by {n} pixels.",
                self.push.pixels,
                answer=names[self.push.answer],
                way=way_of(self.push),
            ),
        )

    def told_of_the_lead(self, other: str) -> str:
        """How far the answer's weighted sum is ahead, or behind, as it may be where outputs do not rise with it."""
        places = {"other": other, "lead": number(abs(self.lead.total), 2)}
        if len(self.network.layers) == 1:
            return (
                _("Against {other}, its weighted sum leads by {lead}.", **places)
                if self.lead.total > 0
                else _("Its weighted sum is {lead} behind that of {other}.", **places)
            )
        places["strongest"] = number(self.lead.terms[self.lead.order[0]], 2, sign=True)
        return (
            _(
                "Against {other}, its weighted sum leads by {lead}; of the votes of the last hidden layer, the "
                "strongest is {strongest}.",
                **places,
            )
            if self.lead.total > 0
            else _(
                "Its weighted sum is {lead} behind that of {other}; of the votes of the last hidden layer, the "
                "strongest is {strongest}.",
                **places,
            )
        )

    def a_mistake(self) -> None:
        self.next_section(_("A mistake"))
        diagram, output = self.diagram, self.forward.output
        wrong, other = output[self.decision.answer], output[self.decision.other]
        answer = class_in_words(self.answer_name)
        if self.decision.mistaken:
            sentence = together(
                _("Sometimes it fails."),
                _(
                    "This is {one_digit}, and it <bookmark mark='says'/> says {answer}.",
                    one_digit=one_in_words(self.other_name),
                    answer=answer,
                ),
                _("But this is no sealed box: <bookmark mark='look'/> we can look."),
            )
        else:
            sentence = together(
                _("This network reads every test picture right."),
                _("So let's look at its closest call."),
                _(
                    "It says <bookmark mark='says'/> {answer}, with {output}, against {other_output} for {other}.",
                    answer=answer,
                    output=number(wrong, 2),
                    other_output=number(other, 2),
                    other=class_in_words(self.other_name),
                ),
                _("<bookmark mark='look'/> Why?"),
            )
        diagram.show(self.forward)
        self.ring = diagram.winner_mark(self.forward).set_color(self.colours[0])
        self.seen = [*diagram.connections, *diagram.columns, diagram.dots, diagram.labels]
        with self.voiceover(
            sentence,
            moves=_(
                "The network with a digit and all that flows; a pulse runs through it, and the answer is ringed. "
                "Then all connections go but those into two outputs: the answer, and the one to compare it with."
            ),
        ):
            self.add(*self.seen)
            for place, connections in enumerate(diagram.connections):
                neurons = diagram.columns[place + 1]
                self.play(PropagateActivations(connections, neurons, self.forward.activations[place]))
            self.wait_until_bookmark("says")
            self.play(
                FadeIn(self.values),
                Create(self.ring),
                diagram.labels[self.decision.answer].animate.set_fill(self.colours[0]),
                run_time=theme.QUICK,
            )
            self.wait_until_bookmark("look")
            self.only_two_outputs()

    def only_two_outputs(self) -> None:
        self.next_section(_("Two outputs"))
        diagram = self.diagram
        rows = np.zeros(diagram.connections[-1].shape, np.float32)
        rows[[self.decision.answer, self.decision.other]] = 1
        flows = self.forward.contributions(len(diagram.connections) - 1)
        into = lit(diagram.connections[-1], rows)
        into.set_values(flows, 0.5 * np.abs(flows[rows[:, 0] > 0]).max())
        into.width_of_lines, into.contrast = 4.0, 0.5
        others = [n for n in range(len(diagram.labels)) if n not in (self.decision.answer, self.decision.other)]
        seen = self.values.copy()
        seen.opacities[others] = 0
        self.play(
            *(FadeOut(connections) for connections in diagram.connections),
            FadeIn(into),
            FadeOut(VGroup(*(diagram.labels[n] for n in others))),
            Transform(self.values, seen),
        )
        diagram.connections[-1] = into

    def the_votes(self) -> None:
        self.next_section(_("The votes"))
        diagram = self.diagram
        answer, other = (class_in_words(name) for name in (self.answer_name, self.other_name))
        votes = Votes(
            self.lead,
            _("for {answer}", answer=answer),
            _("for {answer}", answer=other),
            self.colours,
        )
        discs = votes.discs(diagram.columns[-2])
        row = votes.in_a_row(discs)
        picture, place = diagram.columns[0], self.picture_beside(votes)
        leaving = Group(*diagram.connections[-1:], *diagram.columns[1:], diagram.dots, self.ring, self.values)
        labels = [diagram.labels[n] for n in (self.decision.answer, self.decision.other)]
        suspect = Circle(votes.diameter / 2 + 0.09, color=theme.TEXT, stroke_width=2 * theme.MARK_WIDTH)
        suspect.move_to(votes.places[0])
        this = (
            _("<bookmark mark='most'/> This one did the most <bookmark mark='suspect'/> damage: start there.")
            if self.decision.mistaken
            else _("<bookmark mark='most'/> This one did the most <bookmark mark='suspect'/> for it.")
        )
        casts = (
            _(
                "Each neuron in the last hidden layer casts a vote: <bookmark mark='bright'/> how bright it is, "
                "<bookmark mark='times'/> times how much it favours {answer} over {other}.",
                answer=answer,
                other=other,
            )
            if len(self.network.layers) > 2
            else _(
                "Each neuron in the hidden layer casts a vote: <bookmark mark='bright'/> how bright it is, "
                "<bookmark mark='times'/> times how much it favours {answer} over {other}.",
                answer=answer,
                other=other,
            )
        )
        with self.voiceover(
            together(casts, this),
            moves=_(
                "The neurons of the last hidden layer leave their column and stand in a row, as bright as they are. "
                "Hollow bars grow from them, up for {answer} and down for {other}; each is filled as far as its neuron "
                "is bright. The picture stays beside them. The neuron with the strongest vote for the answer is "
                "ringed, and all others dim.",
                answer=answer,
                other=other,
            ),
        ):
            self.add(discs)
            # First all else goes, then the neurons move: nothing passes over anything.
            self.play(FadeOut(leaving, *labels), FadeOut(picture), run_time=0.4)
            self.play(
                Transform(discs, row),
                FadeIn(votes.heads, *([] if place is None else [place])),
                run_time=theme.STEP,
            )
            self.wait_until_bookmark("bright")
            larger = row.copy().place(votes.places, 1.25 * votes.diameter)
            self.play(Transform(discs, larger, rate_func=there_and_back))
            self.wait_until_bookmark("times")
            self.play(CastVotes(votes, filled=False), run_time=theme.FLOW)
            self.play(CastVotes(votes, filled=True), run_time=theme.FLOW)
            self.play(FadeIn(votes.totals), run_time=theme.QUICK)
            self.wait_until_bookmark("most")
            alone = votes.copy().only(0, 0.3)
            dim = discs.copy()
            dim.colours[1:] *= 0.4
            self.play(
                Create(suspect),
                Transform(votes.bars, alone.bars),
                Transform(votes.hollow, alone.hollow),
                Transform(discs, dim),
            )
            self.wait_until_bookmark("suspect")
            itself = Group(votes.hollow.item(0), votes.bars.item(0), suspect)
            self.play(Indicate(itself, 1.15, None))
            self.wait(_HELD)
        self.left_over = Group(votes, votes.totals, discs, itself, *([] if place is None else [place]))

    def picture_beside(self, votes: Votes) -> NeuronColumn | None:
        """The picture in the corner above the votes for the other output; None if bars for the answer stand there."""
        if votes.favours[votes.places[:, 0] > CORNER_LEFT].max(initial=-np.inf) >= 0:
            return None
        foot = votes.line + votes.diameter / 2 + 0.2
        extent = min(STAGE_TOP - foot, _CORNER_WIDTH)
        left = FRAME_WIDTH / 2 - SAFE_MARGIN - extent if votes.beside else CORNER_LEFT
        centre = (left + extent / 2, STAGE_TOP - extent / 2)
        return NeuronColumn(picture_or_column(self.network.sizes[0], centre, extent)).show(self.forward.input)

    def right_for_the_wrong_reasons(self, push: Push) -> None:
        self.next_section(_("Right for the wrong reasons"))
        digits = self.digits()
        name = digits.class_names[digits.labels[self.hero]]
        this_digit = this_one_in_words(name)
        diagram = large_picture_with_values(self.network, digits)
        forward = self.network.forward(digits.images[self.hero])
        diagram.show(forward)
        values = values_beside(diagram, forward.output)
        ring = diagram.winner_mark(forward)
        way = way_of(push)
        with self.voiceover(
            together(
                _("And when it's right?"),
                _n(
                    "<bookmark mark='push'/> Push {this_digit} {way} by {n} square, and it says "
                    "<bookmark mark='says'/> {answer}.",
                    "<bookmark mark='push'/> Push {this_digit} {way} by {n} squares, and it says "
                    "<bookmark mark='says'/> {answer}.",
                    push.pixels,
                    this_digit=this_digit,
                    n=in_words(push.pixels),
                    way=way,
                    answer=class_in_words(digits.class_names[push.answer]),
                ),
                _("<bookmark mark='reasons'/> So a right answer <bookmark mark='question'/> may have wrong reasons."),
            ),
            moves=_(
                "The network with the film's digit, very large, and the right answer. Then the digit moves {way}, "
                "square by square, and the ring jumps to a wrong answer; it goes back, and once more.",
                way=way,
            ),
        ):
            whole = Group(*diagram.connections, *diagram.columns, diagram.dots, diagram.labels, values, ring)
            self.play(
                FadeOut(self.left_over, rate_func=squish_rate_func(smooth, 0, 0.95)),
                *(FadeIn(part, rate_func=squish_rate_func(smooth, 0.05, 1)) for part in whole),
                run_time=theme.STEP,
            )
            self.wait_until_bookmark("push")
            pushed = [forward, *map(self.network.forward, push.steps(digits.images[self.hero]))]
            for moved in pushed[1:]:
                self.play(*self.change_to(diagram, values, ring, moved), run_time=0.8)
            self.wait_until_bookmark("says")
            self.play(Indicate(ring, 1.4, theme.WRONG))
            for mark, moved in (("reasons", pushed[0]), ("question", pushed[-1])):
                self.wait_until_bookmark(mark)
                self.play(*self.change_to(diagram, values, ring, moved), run_time=theme.STEP)

    def change_to(
        self, diagram: NetworkDiagram, values: Numbers, ring: Circle, forward: ForwardPass
    ) -> list[Animation]:
        """Show the film's own digit, pushed aside or not, in the whole network; a wrong answer has its own colour."""
        target, digits = diagram.copy().show(forward), self.digits()
        right = forward.answer == digits.labels[self.hero]
        mark = diagram.winner_mark(forward).set_color(theme.ANSWER if right else theme.WRONG)
        return [
            *(Transform(a, b) for a, b in zip(diagram.connections, target.connections, strict=True)),
            *(Transform(a, b) for a, b in zip(diagram.columns, target.columns, strict=True)),
            Transform(values, values_beside(diagram, forward.output)),
            Transform(ring, mark),
        ]

    def without_hidden_layers(self) -> None:
        """Where pixels lead straight to the outputs, the two outputs' weights are compared, pixel by pixel."""
        self.next_section(_("The pixels"))
        never_seen = self.digits("train").never_lit
        last = self.network.layers[-1].weights
        difference = last[self.decision.answer] - last[self.decision.other]
        stage = WeightedSum(self.forward.input, difference, None, _("difference"), never_seen, places=2).clear_sum()
        diagram = self.diagram
        leaving = Group(diagram.connections[-1], *diagram.columns, diagram.dots, self.ring, self.values)
        leaving.add(diagram.labels[self.decision.answer], diagram.labels[self.decision.other])
        answer, other = class_in_words(self.answer_name), class_in_words(self.other_name)
        total, bias, lead = (number(value, 2, sign=True) for value in (stage.sum, self.lead.bias, self.lead.total))
        with self.voiceover(
            together(
                _(
                    "Take the weights of {answer}, less those of {other}, and multiply them by these squares.",
                    answer=answer,
                    other=other,
                ),
                _("Added up, that makes {total}.", total=total),
                _("With the biases, {bias}, {answer} is ahead by {lead}.", bias=bias, answer=answer, lead=lead)
                if self.lead.total > 0
                else _("With the biases, {bias}, that leaves {answer} at {lead}.", bias=bias, answer=answer, lead=lead),
            ),
            moves=_("The picture, the difference of the weights and their products; the products add up."),
        ):
            self.play(FadeOut(leaving))
            self.play(FadeIn(stage))
            self.play(AddUpProducts(stage))
        self.left_over = Group(stage)


def way_of(push: Push) -> str:
    """The way of a push, in a sentence."""
    return _w("the way of a push", _WAYS[push.way])


def lit(connections: Connections, emphasis: NDArray[Any]) -> Connections:
    """A copy with this emphasis on each connection, (n_out, n_in)."""
    copy = connections.copy()
    copy.emphasis = np.asarray(emphasis, np.float32).ravel()
    return copy
