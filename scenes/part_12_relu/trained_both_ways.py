"""Trained both ways: how well networks with sigmoids and with ReLU read, at several depths."""

from __future__ import annotations

import numpy as np
from manim import (
    Create,
    FadeIn,
    FadeOut,
    Indicate,
)

from network.analysis.depth import DepthComparison
from scenes.kit import theme
from scenes.language import _, _n, together
from scenes.part_12_relu.depth_scene import DepthScene
from scenes.part_12_relu.depth_stage import DepthStage, DrawLines
from scenes.part_12_relu.ripple_stage import RippleStage
from scenes.wording import in_words, number, percent

# A network that reads less than this more than one that always gives the same answer has learned nothing.
_NOTHING = 0.005
# A training of so many epochs at most is a brief one: that of the lesson's network takes hundreds.
_BRIEF = 30


class TrainedBothWays(DepthScene):
    """What networks of several depths read after training, with sigmoids and with ReLU."""

    def construct(self) -> None:
        self.stage = DepthStage(self.comparison, self.other_data)
        self.every_depth()
        self.end()

    def alternative_text(self) -> str:
        found = self.comparison
        sigmoid, relu = (percent(value) for value in found.test_accuracies[:, -1])
        return together(
            _n(
                "A chart of what networks of {fewest} to {most} hidden layers read after {n} epoch of training.",
                "A chart of what networks of {fewest} to {most} hidden layers read after {n} epochs of training.",
                found.settings.epochs,
                fewest=found.settings.depths[0],
                most=found.deepest,
            ),
            _(
                "At {layers} layers, sigmoids reach {sigmoid} of the test pictures, ReLU {relu}.",
                layers=found.deepest,
                sigmoid=sigmoid,
                relu=relu,
            ),
        )

    def every_depth(self) -> None:
        self.next_section(_("Every depth"))
        found = self.comparison
        stage = self.stage
        before = RippleStage(found, self.image).at_the_end()
        depths = found.settings.depths
        shallow = (len(depths) - 2) / (len(depths) - 1) if len(depths) > 2 else 0.0
        with self.voiceover(
            together(
                _("So train both, the same way, at each of these depths.")
                if found.settings.epochs > _BRIEF
                else _("So train both briefly, at each of these depths."),
                sentence_of_depths(found, self.hidden_sigmoids()),
                sentence_of_scores(found),
            ),
            moves=_(
                "In place of the two networks comes a chart of how many test pictures networks of each depth read: a "
                "line for each function is drawn, depth by depth, and two large numbers beside it follow."
            ),
        ) as tracker:
            self.add(before)
            self.play(FadeOut(before), FadeIn(*stage.parts), run_time=theme.STEP)
            self.play(DrawLines(stage, 0, shallow), run_time=max(tracker.time_until_bookmark("deep"), 1.5))
            self.wait_until_bookmark("deep")
            self.play(DrawLines(stage, shallow), run_time=1.2)
            for mark, score in zip(("sigmoid", "relu"), stage.scores, strict=True):
                self.wait_until_bookmark(mark)
                gap = [Create(stage.gap(), run_time=2)] if mark == "relu" else []
                self.play(Indicate(score, 1.12, None), *gap)

    def hidden_sigmoids(self) -> int:
        """How many hidden layers the lesson's own network has, if all are sigmoids; otherwise 0."""
        hidden = self.network.activations[:-1]
        return len(hidden) if set(hidden) == {"sigmoid"} else 0


def sentence_of_depths(comparison: DepthComparison, ours: int) -> str:
    """Up to which depth both functions do equally well, within two points; ours: the lesson's own hidden layers."""
    depths, (sigmoid, relu) = comparison.settings.depths, comparison.test_accuracies
    ahead = relu - sigmoid > 0.02
    if not ahead.any():
        return _("On these pictures, the sigmoids keep up everywhere.")
    if ahead[0]:
        return _("ReLU is always ahead.") if ahead.all() else _("ReLU is often ahead, but not always.")
    first = int(np.argmax(ahead))
    if not ahead[first:].all():
        return _(
            "ReLU is ahead at {some} of the {all} depths that were tried.",
            some=in_words(int(ahead.sum())),
            all=in_words(len(depths)),
        )
    layers = depths[first - 1]
    if 0 < ours <= layers:
        return _n(
            "Up to {n} hidden layer, the sigmoids keep up, and ours has {ours}.",
            "Up to {n} hidden layers, the sigmoids keep up, and ours has {ours}.",
            layers,
            n=in_words(layers),
            ours=in_words(ours),
        )
    return _n(
        "Up to {n} hidden layer, the sigmoids keep up.",
        "Up to {n} hidden layers, the sigmoids keep up.",
        layers,
        n=in_words(layers),
    )


def sentence_of_scores(comparison: DepthComparison) -> str:
    """What both read at the greatest depth, with the bookmarks "deep", "sigmoid" and "relu"."""
    sigmoid, relu = comparison.test_accuracies[:, -1]
    nothing = sigmoid <= comparison.commonest + _NOTHING
    deepest, read = in_words(comparison.deepest), number(100 * sigmoid)
    return together(
        _(
            "<bookmark mark='deep'/> At {layers}, <bookmark mark='sigmoid'/> the sigmoids are only guessing: "
            "{percentage} percent.",
            layers=deepest,
            percentage=read,
        )
        if nothing
        else _(
            "<bookmark mark='deep'/> At {layers}, <bookmark mark='sigmoid'/> the sigmoids read {percentage} percent.",
            layers=deepest,
            percentage=read,
        ),
        _("<bookmark mark='relu'/> ReLU reads {percentage}.", percentage=number(100 * relu)),
    )
