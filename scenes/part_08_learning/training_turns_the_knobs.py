"""TrainingTurnsTheKnobs: the recorded run is replayed on one digit, which it misreads for a long time."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from manim import (
    LEFT,
    RIGHT,
    Circle,
    Create,
    FadeIn,
    FadeOut,
    Indicate,
    LaggedStart,
    Transform,
)
from numpy.typing import NDArray

from network import ForwardPass, Network
from network.analysis.examples import digit_to_replay
from network.analysis.opinions import Opinions, opinions
from network.checkpoint import Checkpoint
from scenes.kit import theme
from scenes.kit.animations.forward_pass import GrowConnections, PropagateActivations, RunPulse
from scenes.kit.animations.replay_training import ReplayTraining
from scenes.kit.mobjects.network_diagram import NetworkDiagram
from scenes.kit.mobjects.numbers import Numbers
from scenes.kit.mobjects.text import Number, Words
from scenes.language import _, in_figures, together
from scenes.part_08_learning.outputs_beside import READINGS_RIGHT, diagram_with_values, values_beside
from scenes.part_08_learning.training_run_scene import TrainingRunScene, not_recorded
from scenes.stage.table_rows import inputs_beside
from scenes.wording import (
    class_in_words,
    is_digit,
    number,
    one_in_words,
    our_one_in_words,
    percent,
    the_one_in_words,
    this_one_in_words,
)

# The height of the readings above the network.
_READINGS_Y = 3.15
# The type of the readings, and the room between the two.
_READINGS, _BETWEEN = 54, 0.8
# An output of at least this much is a sure answer.
_SURE = 0.8
# An output stands out if it is brighter than any other by at least this.
_STANDS_OUT = 0.05
# How long the last stretch of the run takes; a backward sweep through one layer, and the share of it after which the
# next one begins.
_LAST_STRETCH, _SWEEP, _LAG = 3.0, 0.9, 0.6


class TrainingTurnsTheKnobs(TrainingRunScene):
    """The recorded training run is replayed on one digit: from random weights and no opinion to the right answer."""

    @cached_property
    def index(self) -> int:
        """The picture that is read all through the run."""
        return digit_to_replay(self.start, self.network, self.digits())

    @cached_property
    def first_pass(self) -> ForwardPass:
        """What the network made of the picture before its training."""
        return self.start.forward(self.digits().images[self.index])

    @cached_property
    def last_pass(self) -> ForwardPass:
        """What it makes of it after its training."""
        return self.network.forward(self.digits().images[self.index])

    @cached_property
    def opinions(self) -> Opinions:
        """What the network made of the picture during the run."""
        digits = self.digits()
        return opinions(self.checkpoint, digits.vectors[self.index], int(digits.labels[self.index]))

    def construct(self) -> None:
        digits = self.digits()
        self.image, self.truth = digits.vectors[self.index], int(digits.labels[self.index])
        self.class_names = digits.class_names
        name = self.class_names[self.truth]
        self.truth_name = the_one_in_words(name) if is_digit(name) else class_in_words(name)
        self.diagram = diagram_with_values(self.start, digits)
        self.values = values_beside(self.diagram, self.first_pass.output)

        self.before()
        if self.recorded:
            self.make_readings()
            self.the_run()
            self.after()
        self.end()

    def alternative_text(self) -> str:
        if not self.recorded:
            return (
                _("A trained network reads a picture; {not_recorded}", not_recorded=not_recorded())
                if not self.takes_numbers
                else _("A trained network reads a row of numbers; {not_recorded}", not_recorded=not_recorded())
            )
        digits, progress = self.digits(), self.progress
        if self.takes_numbers:
            return self.told_of_a_row()
        before, after = self.first_pass, self.last_pass
        names = digits.class_names
        return _(
            "A recorded training run of {epochs} epochs again: the colours of all connections change, the answer to a "
            "picture of the class {class_name} goes from {first} ({first_output}) to {last} ({last_output}), and the "
            "test accuracy from {accuracy_before} to {accuracy_after}.",
            epochs=in_figures(f"{self.checkpoint.snapshot_epochs[-1]:g}"),
            class_name=names[digits.labels[self.index]],
            first=names[before.answer],
            first_output=number(before.output[before.answer], 2),
            last=names[after.answer],
            last_output=number(after.output[after.answer], 2),
            accuracy_before=percent(progress.accuracy[0], 2),
            accuracy_after=percent(progress.accuracy[-1], 2),
        )

    def told_of_a_row(self) -> str:
        """The alternative text for a row of a table."""
        forward = self.last_pass
        return _(
            "A recorded training run of {epochs} epochs again: the colours of all connections change, the answer to a "
            "row of the class {class_name} becomes {last} ({last_output}), and the cost goes from {first} to {cost}.",
            epochs=in_figures(f"{self.checkpoint.snapshot_epochs[-1]:g}"),
            class_name=self.digits().class_names[self.digits().labels[self.index]],
            last=self.digits().class_names[forward.answer],
            last_output=number(forward.output[forward.answer], 2),
            first=number(self.progress.cost[0], 2),
            cost=number(self.progress.cost[-1], 2),
        )

    @property
    def score(self) -> NDArray[np.float64]:
        """What is read off at each snapshot, (snapshots,): the accuracy in per cent, or the cost for a table.

        A small table has too few rows for an accuracy that changes little by little.
        """
        return self.progress.cost if self.takes_numbers else 100 * self.progress.accuracy

    def make_readings(self) -> None:
        """How many pictures the network has been shown, and the score: in large type above the outputs."""
        size = _READINGS
        unit = _("% right") if not self.takes_numbers else _("cost")
        label = Words(unit, size).move_to((READINGS_RIGHT, _READINGS_Y, 0), RIGHT)
        self.reading = Number(float(self.score.max()), 2, size, theme.ANSWER)
        self.reading.next_to(label, LEFT, buff=0.2).set_y(_READINGS_Y)
        name = Words(_("pictures shown") if not self.takes_numbers else _("rows shown"), size)
        name.move_to((self.reading.get_left()[0] - _BETWEEN, _READINGS_Y, 0), RIGHT)
        self.shown = Number(self.pictures_an_epoch * self.checkpoint.snapshot_epochs[-1], 0, size)
        self.shown.next_to(name, LEFT, buff=0.25).set_y(_READINGS_Y)
        self.shown.set_value_from_right(0)
        self.reading.set_value_from_right(float(self.score[0]))
        self.readings = (self.shown, name, self.reading, label)

    def before(self) -> None:
        self.next_section(_("Before training"))
        diagram = self.diagram
        diagram.columns[0].show(self.brightness(self.image))
        forward = self.first_pass
        self.ring = diagram.winner_mark(forward, self.truth)
        said = class_in_words(self.class_names[forward.answer])
        name = self.class_names[self.truth]
        if self.takes_numbers:
            sentence = self.before_for_a_row(said)
        elif self.recorded:
            sentence = _(
                "At first every weight is <bookmark mark='random'/> random, and so is what it says about {our_digit}: "
                "<bookmark mark='answer'/> {said}.",
                our_digit=our_one_in_words(name),
                said=said,
            )
        else:
            sentence = together(
                _("I'd like to show you how it got there, but {not_recorded}", not_recorded=not_recorded()),
                _("<bookmark mark='random'/> This is how it ended."),
                _(
                    "It reads {this_digit} as <bookmark mark='answer'/> {said}.",
                    this_digit=this_one_in_words(name),
                    said=said,
                ),
            )
        with self.voiceover(
            sentence,
            moves=_(
                "A picture on the left; connections grow from column to column, blue and red without any order. A "
                "pulse runs through the network; the outputs glow, and a ring marks the brightest."
            )
            if not self.takes_numbers
            else _(
                "The numbers of a row on the left; connections grow from column to column, blue and red. A pulse runs "
                "through the network; the outputs light up, and a ring marks the brightest."
            ),
        ) as tracker:
            self.add(*diagram.columns, diagram.dots, diagram.labels)
            self.add(inputs_beside(self.digits(), diagram.layout[0], self.image))
            growing = min(max(tracker.time_until_bookmark("random"), theme.QUICK), 2 * theme.STEP)
            self.play(LaggedStart(*(GrowConnections(c) for c in diagram.connections), lag_ratio=0.4, run_time=growing))
            self.wait_until_bookmark("random")
            # The outputs glow when the answer is said.
            each = (tracker.time_until_bookmark("answer") - theme.QUICK) / len(diagram.connections)
            each = min(max(each, theme.QUICK), theme.STEP)
            for place, connections in enumerate(diagram.connections):
                neurons = diagram.columns[place + 1]
                self.play(PropagateActivations(connections, neurons, forward.activations[place]), run_time=each)
            self.wait_until_bookmark("answer")
            self.play(FadeIn(self.values), Create(self.ring), run_time=theme.QUICK)

    def before_for_a_row(self, said: str) -> str:
        """What is said of a row of a table before the training, or where it was not recorded; said: the answer."""
        if self.recorded:
            return together(
                _("How did all the knobs get their values? By training."),
                _(
                    "At first every weight is <bookmark mark='random'/> random, and so is the answer to this row: "
                    "<bookmark mark='answer'/> {said}.",
                    said=said,
                ),
            )
        return together(
            _("I'd like to show you how it got there, but {not_recorded}", not_recorded=not_recorded()),
            _(
                "<bookmark mark='random'/> This is how it ended. Its answer to this row is <bookmark mark='answer'/> "
                "{said}.",
                said=said,
            ),
        )

    def the_run(self) -> None:
        self.next_section(_("The run"))
        last = len(self.checkpoint.snapshot_parameters) - 1
        turn = self.opinions.settled
        turn = last - 1 if turn is None else min(max(turn - 1, 1), last - 1)
        whole = [c.copy().set_pulse(0, 1, 1) for c in self.diagram.connections]
        truth = self.diagram.labels[self.truth].animate.set_fill(theme.ANSWER)
        with self.voiceover(
            together(
                _("Then training turns all the knobs at once, a tiny bit each, again and again."),
                self.what_to_watch(),
                self.what_happens(),
            ),
            moves=_(
                "The count of pictures shown in training runs, the connections change colour, the outputs waver, and "
                "the ring jumps from one to another; the share of test pictures read right rises."
            )
            if not self.takes_numbers
            else _(
                "The count of rows shown in training runs, the connections change colour, the outputs waver, the ring "
                "goes to the brightest, and the cost changes."
            ),
        ) as tracker:
            self.play(
                *(Transform(c, target) for c, target in zip(self.diagram.connections, whole, strict=True)),
                *(FadeIn(reading) for reading in self.readings),
                truth,
                run_time=theme.QUICK,
            )
            time = max(tracker.time_until_bookmark("wins"), 2 * theme.STEP)
            self.play(self.replay(0, turn / last, run_time=time))
            self.play(self.replay(turn / last, 1, run_time=_LAST_STRETCH))

    def what_to_watch(self) -> str:
        """Where to look during the run: at the outputs, and for a table at the cost, too."""
        if not self.takes_numbers:
            return _("Watch the outputs.")
        first, last = (number(self.progress.cost[at], 2) for at in (0, -1))
        return together(
            _("Watch the outputs, and the cost: it says how far off the answers are, over all rows."),
            _("It falls from {first} to nearly nothing.", first=first)
            if self.progress.cost[-1] < 0.005 < self.progress.cost[0]
            else _("It falls from {first} to {last}.", first=first, last=last)
            if self.progress.cost[-1] < self.progress.cost[0]
            else _("It goes from {first} to {last}.", first=first, last=last),
        )

    def what_happens(self) -> str:
        """What the outputs do in the run, with the bookmark "wins" where the right one pulls ahead."""
        seen, names = self.opinions, self.class_names
        if self.takes_numbers:
            return self.what_happens_to_a_row()
        picture, rival = self.truth_name, seen.rival
        leaning = (
            _("At first none of them stands out.")
            if seen.first_lead < _STANDS_OUT
            else _("At first its answer is a matter of chance.")
        )
        if rival is not None and seen.surest is not None:
            other = class_in_words(names[rival])
            leaning = (
                _("For a while it's quite sure that this is {one_digit}.", one_digit=one_in_words(names[rival]))
                if seen.outputs[seen.surest, rival] >= _SURE
                else _("For a while it leans towards {other}.", other=other)
            )
        if seen.settled is None:
            end = _(
                "<bookmark mark='wins'/> And in the end it says {said}, which is still wrong.",
                said=class_in_words(names[seen.answers[-1]]),
            )
        elif not seen.settled:
            leaning = _("It happened to begin with the right one.")
            end = _("<bookmark mark='wins'/> Now {the_digit} pulls ahead.", the_digit=picture)
        else:
            end = _("<bookmark mark='wins'/> Then {the_digit} pulls ahead, and stays there.", the_digit=picture)
        return together(leaning, end)

    def what_happens_to_a_row(self) -> str:
        """The same for a row of a table."""
        seen = self.opinions
        if seen.settled is None:
            said = class_in_words(self.class_names[seen.answers[-1]])
            return _("<bookmark mark='wins'/> And in the end it says {said}, which is still wrong.", said=said)
        if not seen.settled:
            return together(
                _("For this row, the right output happened to be ahead from the start."),
                _("<bookmark mark='wins'/> Now it pulls further ahead."),
            )
        return _("<bookmark mark='wins'/> For this row, the right output pulls ahead, and stays there.")

    def replay(self, start: float, stop: float, **options: Any) -> ReplayReading:
        """A stretch of the run, from one share of it to another."""
        return ReplayReading(
            self.checkpoint,
            self.diagram,
            self.image,
            self.values,
            self.ring,
            self.truth,
            self.score,
            self.shown,
            self.pictures_an_epoch,
            self.reading,
            rate_func=lambda share: start + (stop - start) * share,
            **options,
        )

    def after(self) -> None:
        self.next_section(_("After"))
        with self.voiceover(
            _("But which way to turn each knob? That's the next chapter."),
            moves=_(
                "The brightest output is marked, and the readings fade. Then light runs back through the connections, "
                "from the outputs to the picture."
            )
            if not self.takes_numbers
            else _(
                "The brightest output is marked, and the readings fade. Then light runs back through the connections, "
                "from the outputs to the inputs."
            ),
        ) as tracker:
            self.play(Indicate(self.ring, 1.4, None), FadeOut(*self.readings), run_time=theme.STEP)
            whole, left = _SWEEP * (1 + _LAG * (len(self.diagram.connections) - 1)), tracker.get_remaining_duration()
            times = max(round(left / whole), 1)
            for _sweep in range(times):
                sweeps = [RunPulseBack(c) for c in reversed(self.diagram.connections)]
                self.play(LaggedStart(*sweeps, lag_ratio=_LAG, run_time=max(left / times, whole)))


class RunPulseBack(RunPulse):
    """A bright pulse runs along the connections of a layer from their ends to their starts."""

    def interpolate_mobject(self, alpha: float) -> None:
        super().interpolate_mobject(1 - alpha)


class ReplayReading(ReplayTraining):
    """A training run is replayed, with what the network makes of one picture at every moment.

    diagram: its connections take the colours of the weights, its neurons the activations. values: those of the outputs.
    ring: it goes to the brightest output, and has the colour of a wrong answer where that is not the truth, a class.
    scores: (snapshots,), as `reading` shows them. shown: how many pictures the network has been shown, of which an
    epoch has pictures_an_epoch.
    """

    def __init__(
        self,
        checkpoint: Checkpoint,
        diagram: NetworkDiagram,
        image: NDArray[Any],
        values: Numbers,
        ring: Circle,
        truth: int,
        scores: NDArray[np.float64],
        shown: Number,
        pictures_an_epoch: int,
        reading: Number,
        **options: Any,
    ) -> None:
        self.diagram, self.image, self.values, self.ring, self.truth = diagram, image, values, ring, truth
        self.scores, self.reading = scores, reading
        self.shown, self.pictures_an_epoch = shown, pictures_an_epoch
        super().__init__(checkpoint, diagram.connections, **options)
        self.mobject.add(*diagram.columns[1:], values, ring, shown, reading)

    def show(self, moment: float, network: Network) -> None:
        super().show(moment, network)
        self.shown.set_value_from_right(round(self.pictures_an_epoch * self.checkpoint.epoch_at(moment)))
        forward = network.forward(self.image)
        for neurons, activations in zip(self.diagram.columns[1:], forward.activations, strict=True):
            neurons.show(activations)
        self.values.set_values(forward.output)
        self.ring.move_to(self.diagram.layout[-1].centres[forward.answer])
        self.ring.set_color(theme.ANSWER if forward.answer == self.truth else theme.WRONG)
        self.reading.set_value_from_right(float(np.interp(moment, np.arange(len(self.scores)), self.scores)))
