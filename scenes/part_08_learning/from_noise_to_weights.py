"""FromNoiseToWeights: the same run in the weight pictures of the first layer, beside their growing scale."""

from __future__ import annotations

from functools import cached_property
from math import ceil
from typing import Any

import numpy as np
from manim import UP, FadeIn, FadeOut, Group, LaggedStart
from numpy.typing import NDArray

from network import Network
from network.analysis.examples import digit_to_replay
from network.checkpoint import Checkpoint
from scenes.kit import theme
from scenes.kit.animations.replay_training import ReplayTraining
from scenes.kit.layout import STAGE_MIDDLE, STAGE_TOP
from scenes.kit.mobjects.text import Number, Words
from scenes.kit.mobjects.weight_heatmap import WeightHeatmap, full_colour
from scenes.kit.weight_rows import places_in_rows
from scenes.language import _, _c, _n, in_figures, together
from scenes.part_08_learning.growing_scale import GrowingScale
from scenes.part_08_learning.outputs_beside import diagram_with_values, values_beside
from scenes.part_08_learning.training_run_scene import TrainingRunScene, not_recorded
from scenes.wording import in_words, number

# To the right of the pictures: the middle, the heights of the epoch and of the scale, and the greatest length of it.
_ASIDE_X, _EPOCH_Y, _SCALE_Y, _SCALE = 5.45, STAGE_TOP - 0.75, STAGE_MIDDLE - 0.85, 3.0
# A scale that changes by less than this share does not grow or shrink.
_CHANGE = 0.1
# Little is seen of the first pictures that the network learns from, so the first epoch hurries at its beginning.
_HURRY = 0.5


class FromNoiseToWeights(TrainingRunScene):
    """The weight pictures of the first layer during training, and their scale."""

    def construct(self) -> None:
        never_seen = self.digits("train").never_lit
        self.pictures = [
            WeightHeatmap(weights, self.limits[0], never_seen, extent, (x, y))
            for weights, (x, y, extent) in zip(
                self.start.layers[0].weights, places_in_rows(self.network.sizes[1]), strict=True
            )
        ]
        self.scale = GrowingScale(self.limits[0], self.limits.max(), _SCALE).place((_ASIDE_X, _SCALE_Y))

        self.noise()
        if self.recorded:
            self.the_run()
        self.end()

    def alternative_text(self) -> str:
        neurons = self.network.sizes[1]
        if not self.recorded:
            return _n(
                "The weights of the {n} neuron of the first layer as pictures; {not_recorded}",
                "The weights of the {n} neurons of the first layer as pictures; {not_recorded}",
                neurons,
                n=number(neurons, thousands=False),
                not_recorded=not_recorded(),
            )
        limits = self.limits
        return together(
            _n(
                "The weights of the first layer's {n} neuron as pictures, as training changes them: patterns come out "
                "of noise.",
                "The weights of the first layer's {n} neurons as pictures, as training changes them: patterns come out "
                "of noise.",
                neurons,
                n=number(neurons, thousands=False),
            ),
            _(
                "The weight that is drawn in full colour goes from {first} to {most} at most, and is {last} at the "
                "end.",
                first=number(limits[0], 2),
                most=number(limits.max(), 2),
                last=number(limits[-1], 2),
            ),
        )

    @cached_property
    def limits(self) -> NDArray[np.float64]:
        """The weight that has full colour at each snapshot, (n,): nearly the greatest |weight| that is seen."""
        parameters = self.checkpoint.snapshot_parameters if self.recorded else self.network.parameters()[None]
        first = self.network.layers[0].weights
        weights = parameters[:, : first.size].reshape(-1, *first.shape)[:, :, ~self.digits("train").never_lit]
        return np.array([full_colour(of_a_moment) for of_a_moment in weights])

    def noise(self) -> None:
        self.next_section(_("Noise"))
        neurons = self.network.sizes[1]
        if self.recorded:
            sentence = together(
                _("You can see it in the weights, too."),
                _n(
                    "At the start, the {n} neuron of the first layer looks for <bookmark mark='noise'/> nothing in "
                    "particular.",
                    "At the start, the {n} neurons of the first layer look for <bookmark mark='noise'/> nothing in "
                    "particular.",
                    neurons,
                    n=in_words(neurons),
                ),
            )
        else:
            sentence = together(
                _n(
                    "This is what the {n} neuron of the first layer looks for.",
                    "This is what the {n} neurons of the first layer look for.",
                    neurons,
                    n=in_words(neurons),
                ),
                _(
                    "<bookmark mark='noise'/> I can't show you how the network came to it, because {not_recorded}",
                    not_recorded=not_recorded(),
                ),
            )
        network = self.as_it_was_trained()
        neurons_of_layer = self.trained.columns[1]
        self.add(network)
        with self.voiceover(
            sentence,
            moves=_(
                "The trained network. Each neuron of its first hidden layer opens into a large square of red and "
                "blue cells, without pattern."
            ),
        ) as tracker:
            opening = (
                FadeIn(picture, target_position=place, scale=0.1)
                for picture, place in zip(self.pictures, neurons_of_layer.centres, strict=True)
            )
            self.play(
                FadeOut(network, run_time=2 * theme.STEP),
                LaggedStart(*opening, lag_ratio=0.12),
                run_time=max(tracker.time_until_bookmark("noise"), 2 * theme.STEP),
            )
            self.play(FadeIn(self.scale), run_time=theme.QUICK)

    def as_it_was_trained(self) -> Group:
        """The network with the outputs for its picture, as the scene before leaves it."""
        digits = self.digits()
        index = digit_to_replay(self.start, self.network, digits)
        forward = self.network.forward(digits.images[index])
        self.trained = diagram = diagram_with_values(self.network, digits).show_weights()
        diagram.show_activations(forward)
        if self.recorded:
            diagram.labels[digits.labels[index]].set_fill(theme.ANSWER)
        parts = [*diagram.connections, *diagram.columns, diagram.dots, diagram.labels]
        mark = diagram.winner_mark(forward, int(digits.labels[index]))
        return Group(*parts, values_beside(diagram, forward.output), mark)

    def the_run(self) -> None:
        self.next_section(_("The run"))
        epochs = float(self.checkpoint.snapshot_epochs[-1])
        self.epoch = Number(epochs, 0 if epochs >= 10 else 1, 2 * theme.TITLE_SIZE)
        self.epoch.move_to((_ASIDE_X, _EPOCH_Y - 0.6, 0)).set_value_from_right(0)
        name = Words(_c("before its number", "epoch"), theme.CAPTION_SIZE).move_to((_ASIDE_X, _EPOCH_Y + 0.25, 0))
        with self.voiceover(
            together(
                _("One trip through the training pictures is called an epoch."),
                epochs_told(epochs),
                self.what_comes_of_it(),
                scale_told(self.limits),
            ),
            moves=_(
                "The epochs are counted. In all pictures patterns grow at once, and the bar of their scale grows and "
                "shrinks with the weights."
            ),
        ) as tracker:
            self.play(FadeIn(self.epoch, name, shift=0.2 * UP), run_time=0.3)
            # One epoch while the word is explained, then all the others.
            one = self.share_of_run(1)
            length = max(tracker.time_until_bookmark("run"), theme.STEP)
            self.play(self.replay(0, one, hurry=_HURRY, run_time=length))
            if one < 1:
                self.play(self.replay(one, 1, run_time=max(tracker.get_remaining_duration(), 6 * theme.STEP)))

    def share_of_run(self, epoch: float) -> float:
        """The share of the snapshots that come before an epoch."""
        epochs = self.checkpoint.snapshot_epochs
        return float(np.interp(epoch, epochs, np.linspace(0, 1, len(epochs))))

    def replay(self, start: float, stop: float, hurry: float = 1.0, **options: Any) -> ReplayWeights:
        """A stretch of the run, from one share of its snapshots to another; hurry: below 1, faster at its beginning."""
        return ReplayWeights(
            self.checkpoint,
            self.pictures,
            self.limits,
            self.scale,
            self.epoch,
            rate_func=lambda share: start + (stop - start) * share**hurry,
            **options,
        )

    def what_comes_of_it(self) -> str:
        """What the run makes of the pictures."""
        if self.progress.accuracy[-1] < 2 * self.progress.accuracy[0]:
            return _("There is little that this run has learned.")
        return _("Out of the noise come patterns that nobody drew.")


class ReplayWeights(ReplayTraining):
    """A training run is replayed in weight pictures, with their scale and the epoch.

    limits: (snapshots,), the weight that has full colour; the scale follows it.
    """

    def __init__(
        self,
        checkpoint: Checkpoint,
        pictures: list[WeightHeatmap],
        limits: NDArray[np.float64],
        scale: GrowingScale,
        epoch: Number,
        **options: Any,
    ) -> None:
        self.limits, self.scale, self.counter = limits, scale, epoch
        super().__init__(checkpoint, pictures=pictures, **options)
        self.mobject.add(scale, epoch)

    def show(self, moment: float, network: Network) -> None:
        limit = float(np.interp(moment, np.arange(len(self.limits)), self.limits))
        for picture in self.pictures:
            picture.limit = limit
        super().show(moment, network)
        self.scale.show(limit)
        self.counter.set_value_from_right(self.checkpoint.epoch_at(moment))


def scale_told(limits: NDArray[np.float64]) -> str:
    """What the weights do in the run, in a sentence; limits: (snapshots,), the weight with full colour."""
    first, most, last = float(limits[0]), float(limits.max()), float(limits[-1])
    if most < (1 + _CHANGE) * first:
        return _("The weights shrink.") if last < (1 - _CHANGE) * first else _("The weights hardly grow.")
    below, times = last < (1 - _CHANGE) * first, round(most / first)
    if most < 1.5 * first:
        return _("The weights grow, and then shrink below where they began.") if below else _("The weights grow.")
    if below and times == 2:
        return _("The weights grow up to twice as large, and then shrink below where they began.")
    if below:
        return _(
            "The weights grow up to {n} times as large, and then shrink below where they began.", n=in_words(times)
        )
    if last < (1 - _CHANGE) * most:
        if times == 2:
            return _("The weights grow up to twice as large.")
        if (more_than := ceil(most / first) - 1) == 2:
            return _("The weights grow more than twice as large, and then shrink again.")
        return _("The weights grow more than {n} times as large, and then shrink again.", n=in_words(more_than))
    if times == 2:
        return _("The weights grow twice as large.")
    return _("The weights grow {n} times as large.", n=in_words(times))


def epochs_told(epochs: float) -> str:
    """How many epochs are shown, in a sentence."""
    if epochs >= 2:
        return _("<bookmark mark='run'/> Here come {epochs} epochs.", epochs=in_figures(f"{epochs:g}"))
    if epochs == 1:
        return _("<bookmark mark='run'/> Here comes 1 epoch.")
    return _("<bookmark mark='run'/> Here comes part of one.")
