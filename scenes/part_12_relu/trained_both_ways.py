"""Trained both ways: how well networks with sigmoids and with ReLU read, at every depth."""

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
from scenes.part_12_relu.depth_scene import DepthScene
from scenes.part_12_relu.depth_stage import DepthStage, DrawLines
from scenes.part_12_relu.ripple_stage import RippleStage
from scenes.wording import count, count_in_words, in_words, percent

# A network that reads less than this more than one that always gives the same answer has learned nothing.
_NOTHING = 0.005


class TrainedBothWays(DepthScene):
    """What networks of every depth read after training, with sigmoids and with ReLU."""

    def construct(self) -> None:
        self.stage = DepthStage(self.comparison, self.other_data)
        self.every_depth()
        self.end()

    def alternative_text(self) -> str:
        found = self.comparison
        sigmoid, relu = (percent(value) for value in found.test_accuracies[:, -1])
        return (
            f"A chart of what networks of {found.settings.depths[0]} to {found.deepest} hidden layers read after "
            f"{count(found.settings.epochs, 'epoch')} of training. At {found.deepest} layers, sigmoids reach {sigmoid} "
            f"of the test pictures, ReLU {relu}."
        )

    def every_depth(self) -> None:
        self.next_section("Every depth")
        found = self.comparison
        stage = self.stage
        before = RippleStage(found, self.image).at_the_end()
        depths = found.settings.depths
        shallow = (len(depths) - 2) / (len(depths) - 1) if len(depths) > 2 else 0.0
        with self.voiceover(
            "So train both, the same way, at every depth. "
            f"{sentence_of_depths(found, self.hidden_sigmoids())} {sentence_of_scores(found)}",
            moves="In place of the two networks comes a chart of how many test pictures networks of each depth read: a "
            "line for each function is drawn, depth by depth, and two large numbers beside it follow.",
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
        return "On these pictures, the sigmoids keep up everywhere."
    if ahead[0]:
        return "ReLU is always ahead." if ahead.all() else "ReLU is often ahead, but not always."
    first = int(np.argmax(ahead))
    if not ahead[first:].all():
        return f"ReLU is ahead at {in_words(int(ahead.sum()))} of the {in_words(len(depths))} depths that were tried."
    layers = count_in_words(depths[first - 1], "hidden layer")
    own = f", and ours has {in_words(ours)}" if 0 < ours <= depths[first - 1] else ""
    return f"Up to {layers}, the sigmoids keep up{own}."


def sentence_of_scores(comparison: DepthComparison) -> str:
    """What both read at the greatest depth, with the bookmarks "deep", "sigmoid" and "relu"."""
    sigmoid, relu = comparison.test_accuracies[:, -1]
    nothing = sigmoid <= comparison.commonest + _NOTHING
    same = ", no better than guessing" if nothing else ""
    return (
        f"<bookmark mark='deep'/> At {in_words(comparison.deepest)}, <bookmark mark='sigmoid'/> the sigmoids read "
        f"{100 * sigmoid:.0f} percent{same}. <bookmark mark='relu'/> ReLU reads {100 * relu:.0f}."
    )
