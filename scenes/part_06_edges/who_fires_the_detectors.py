"""WhoFiresTheDetectors: real digits at a gate, which lets those pass whose sum is above a threshold."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from manim import Create, FadeIn, FadeOut, Group, Indicate, LaggedStart, Transform
from numpy.typing import NDArray

from network.analysis.detectors import detector_examples
from scenes.kit import theme
from scenes.kit.animations.count_up import CountUp
from scenes.language import _, _c, listed, together
from scenes.part_06_edges.gate_stage import GateStage
from scenes.part_06_edges.sum_by_hand import SumByHand
from scenes.part_06_edges.thumbnails import MoveThumbnails
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import amount, number, percent, percentage, several_in_words

# A share below this is 0 % in round figures, as they stand over the columns.
_HARDLY_ANY = 0.005


class WhoFiresTheDetectors(LessonScene):
    """Test digits fly through a gate that a hand-set neuron keeps, without its surround and with it."""

    @cached_property
    def stage(self) -> GateStage:
        return GateStage(self.digits())

    def construct(self) -> None:
        self.names = self.digits().class_names

        self.the_rule()
        self.bar_alone()
        self.with_the_surround()
        self.what_it_says()
        self.end()

    def alternative_text(self) -> str:
        names = self.digits().class_names
        without, with_it = (one.shares for one in self.stage.gates)
        shares = listed(
            _c(
                "a class and two percentages",
                "{name} {without} and {with_it}",
                name=names[k],
                without=percentage(without[k], 0),
                with_it=percentage(with_it[k], 0),
            )
            for k in self.stage.present
        )
        return together(
            _(
                "Test digits fly through a gate; those whose weighted sum is above a threshold pile up by class, the "
                "others drop."
            ),
            _("The percentage of each class that passes, without and with the surround: {listed}.", listed=shares),
        )

    def the_rule(self) -> None:
        self.next_section(_("The rule"))
        stage = self.stage
        passes = stage.gates[0].passes[stage.shown]
        places = stage.piled(passes)
        places[~passes] = stage.GATE[0], stage.FOOT + 0.2
        chosen, second = detector_examples(self.digits()), stage.gates[1]
        before = SumByHand(chosen.bar_image, second.detector.weights[0])
        weights = before.weight_picture
        before.remove(weights, before.sum_name)
        before.add(before.sizes)
        self.add(before, weights)
        with self.voiceover(
            together(
                _("Is it any good?"),
                _(
                    "<bookmark mark='go'/> Put it at a gate, first without the red: a picture may pass if its sum is "
                    "above {threshold}.",
                    threshold=number(stage.gates[0].threshold),
                ),
            ),
            moves=_(
                "The picture of weights goes to the left as a gate and loses its red strips; a crowd of digits "
                "waits on the right. They fly through it, one after another, faster and faster, and the sum of each is "
                "shown. Those above the threshold pile up on the right, by class; the others drop."
            ),
        ) as tracker:
            self.play(
                FadeOut(before, run_time=theme.QUICK),
                Transform(weights, stage.picture),
                FadeIn(stage.frame, stage.by_hand, stage.rule, stage.base, stage.labels, stage.pictures),
            )
            self.remove(weights)
            self.add(stage.picture, stage.frame, stage.pictures)
            self.wait_until_bookmark("go")
            self.add(stage.total)
            flight = ThroughTheGate(stage, places, passes)
            self.play(flight, run_time=max(tracker.get_remaining_duration(0.2), 4.3))

    def bar_alone(self) -> None:
        self.next_section(_("The bar alone"))
        stage = self.stage
        first, lost = stage.gates[0], stage.most_lost
        shares = 100 * first.shares[stage.present]
        target = stage.percents.copy().set_values(shares).place(stage.over_piles(first.passes[stage.shown]))
        with self.voiceover(
            self.let_through(),
            moves=_("The percentage that passes is counted over each column, and how many of all under the gate."),
        ) as tracker:
            self.remove(stage.total)
            stage.percents.place(target.centres)
            self.add(stage.percents, stage.counter)
            run_time = max(tracker.time_until_bookmark("lost"), 2 * theme.STEP)
            self.play(
                FadeIn(stage.heading, run_time=theme.QUICK),
                Transform(stage.percents, target, run_time=run_time),
                CountUp(stage.counter, 0, first.passing, run_time=run_time),
            )
            self.wait_until_bookmark("lost")
            marked = stage.percents.copy().set_colours(stage.marked_colours)
            name = stage.labels[int(np.flatnonzero(stage.present == lost)[0])]
            self.play(Transform(stage.percents, marked), Indicate(name, 1.4, theme.ANSWER))

    def let_through(self) -> str:
        """How many get through with the bar alone, and how many of the class that loses most later."""
        first, lost = self.stage.gates[0], self.stage.most_lost
        places = {
            "passing": number(first.passing),
            "pictures": amount(len(first.sums)),
            "share": percent(first.shares[lost], 0),
            "digits": several_in_words(self.names[lost]),
        }
        few = first.shares[lost] < 0.5
        if first.passing > 0.85 * len(first.sums):
            return (
                _(
                    "With the blue bar alone, nearly all: {passing} of {pictures} get through, <bookmark mark='lost'/> "
                    "even {share} of the {digits}.",
                    **places,
                )
                if few
                else _(
                    "With the blue bar alone, nearly all: {passing} of {pictures} get through, <bookmark mark='lost'/> "
                    "among them {share} of the {digits}.",
                    **places,
                )
            )
        return (
            _(
                "With the blue bar alone, {passing} of {pictures} get through, <bookmark mark='lost'/> even {share} of "
                "the {digits}.",
                **places,
            )
            if few
            else _(
                "With the blue bar alone, {passing} of {pictures} get through, <bookmark mark='lost'/> among them "
                "{share} of the {digits}.",
                **places,
            )
        )

    def with_the_surround(self) -> None:
        self.next_section(_("With the surround"))
        stage = self.stage
        first, second = stage.gates
        lost = stage.most_lost
        left = still_passing(second.shares[lost], several_in_words(self.names[lost]))
        target = stage.picture.copy().show(second.detector.weights[0], 1.0)
        moved = np.where(stage.kept[:, None], stage.piled(stage.kept), stage.pictures.places - (0, 0.5))
        shares = 100 * second.shares[stage.present]
        counted = stage.percents.copy().set_values(shares)
        target_numbers = stage.percents.copy().set_values(shares).place(stage.over_piles(stage.kept))
        with self.voiceover(
            left,
            moves=_(
                "Red strips appear around the blue bar. In the columns the pictures below the threshold drop out; "
                "the percentages fall."
            ),
        ):
            self.play(Transform(stage.picture, target))
            self.wait_until_bookmark("drop")
            self.play(
                MoveThumbnails(stage.pictures, moved, stage.extent, stage.kept.astype(float), lag=0.5),
                Transform(stage.percents, counted),
                CountUp(stage.counter, first.passing, second.passing),
                run_time=1.5 * theme.STEP,
            )
            # Only now is there nothing in their way.
            self.play(Transform(stage.percents, target_numbers), run_time=theme.QUICK)

    def what_it_says(self) -> None:
        self.next_section(_("What it says"))
        marks = self.stage.marks()
        with self.voiceover(
            together(
                _("It doesn't know a single digit.") if self.stage.of_digits else _("It doesn't know a single class."),
                _("All it says is: there's an edge, right here."),
            ),
            moves=together(
                _("In every picture that passes, a frame marks where the bar and its surround lie."),
                _("Three of them grow, with their frames, and go back to their places."),
            ),
        ):
            lag = 0.8 / len(marks)
            self.play(LaggedStart(*(Create(mark) for mark in marks), lag_ratio=lag), run_time=theme.FLOW)
            grown = self.stage.some_enlarged(3)
            if grown:
                small = [thing.copy() for thing, _large in grown]
                self.play(LaggedStart(*(Transform(*pair) for pair in grown), lag_ratio=0.1))
                self.wait_for_voiceover()
                back = [Transform(thing, before) for (thing, _large), before in zip(grown, small, strict=True)]
                self.play(*back, run_time=theme.QUICK)
                self.remove(*(thing for thing, _large in grown))


class ThroughTheGate(MoveThumbnails):
    """The pictures fly through the gate; the sum of the one that is there is shown, yellow if it may pass."""

    # The width of the first picture at the gate, and of the later ones, which come closer together.
    FIRST, LATER = 2.7, 0.85

    def __init__(
        self, stage: GateStage, places: NDArray[np.float64], passes: NDArray[np.bool_], **options: Any
    ) -> None:
        self.stage, self.passes = stage, passes
        self.sums = stage.gates[0].sums[stage.shown]
        super().__init__(
            stage.pictures, places, stage.extent, passes.astype(float), stage.GATE, ~passes, lag=0.86, **options
        )
        self.at_gate = np.maximum(self.FIRST / (1 + 0.12 * np.arange(len(passes))), self.LATER)
        # Slowly at first.
        self.delay = self.lag * np.sqrt(np.arange(len(passes)) / max(len(passes) - 1, 1))
        self.mobject = Group(stage.pictures, stage.total)
        self.starting_mobject = self.mobject

    def interpolate_mobject(self, alpha: float) -> None:
        pictures, total = self.stage.pictures, self.stage.total
        group, self.mobject = self.mobject, pictures
        super().interpolate_mobject(alpha)
        self.mobject = group
        way = self.arrived(alpha)
        # The nearer to the gate, the larger.
        grown = pictures.extents + (self.at_gate - pictures.extents) * np.sin(np.pi * way) ** 2
        pictures.lay_out(pictures.places, grown, pictures.strengths)
        at_gate = int(np.flatnonzero(np.append(True, way >= 0.5))[-1]) - 1
        shown = max(at_gate, 0)
        total.set_value(float(self.sums[shown]))
        total.set_color(theme.ANSWER if self.passes[shown] else theme.QUIET_TEXT)
        total.set_x(self.stage.GATE[0]).set_opacity(float(at_gate >= 0))


def still_passing(share: float, digits: str) -> str:
    """How many of the class that loses most still pass with the surround, with the bookmark "drop"."""
    if share == 0:
        return _("With the red strips, <bookmark mark='drop'/> not one of the {digits} gets through.", digits=digits)
    if share < _HARDLY_ANY:
        return _("With the red strips, <bookmark mark='drop'/> hardly any of the {digits} get through.", digits=digits)
    return _(
        "With the red strips, <bookmark mark='drop'/> {share} of the {digits} still pass.",
        share=percent(share, 0),
        digits=digits,
    )
