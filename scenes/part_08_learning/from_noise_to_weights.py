"""FromNoiseToWeights: the first layer's weight pictures through the run, with test accuracy and cost beside them."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    FadeIn,
    Group,
    LaggedStart,
)
from numpy.typing import NDArray

from network import Network
from network.checkpoint import Checkpoint
from scenes.kit import theme
from scenes.kit.animations.replay_training import ReplayTraining
from scenes.kit.layout import STAGE_MIDDLE, STAGE_TOP
from scenes.kit.mobjects.learning_curve import LearningCurve
from scenes.kit.mobjects.text import Words
from scenes.kit.mobjects.weight_heatmap import WeightHeatmap, WeightScale, WeightWall, full_colour
from scenes.part_08_learning.training_run_scene import NOT_RECORDED, TrainingRunScene
from scenes.wording import capitalised, percent


class FromNoiseToWeights(TrainingRunScene):
    """The weight pictures of the first layer during training, with the accuracy and the cost beside them."""

    WALL, LEFT_EDGE = 5.5, -6.7

    def construct(self) -> None:
        self.never_seen = self.digits("train").never_lit
        self.limits = self.limits_of_snapshots()
        self.make_wall()

        self.noise()
        self.the_run()
        self.end()

    def alternative_text(self) -> str:
        count = self.network.sizes[1]
        if not self.recorded:
            return f"The weights of the {count} neurons of the first layer as pictures; {NOT_RECORDED}"
        accuracy, cost = self.progress.accuracy, self.progress.cost
        return (
            f"The weights of the first layer's {count} neurons as pictures, from noise to patterns. Beside them the "
            f"test accuracy rises from {percent(accuracy[0], 2)} to {percent(accuracy[-1], 2)}, and the mean cost "
            f"falls from {cost[0]:.2f} to {cost[-1]:.3f}."
        )

    def limits_of_snapshots(self) -> NDArray[np.float64]:
        """The weight that has full colour at each snapshot, (n,): nearly the greatest |weight| that is seen."""
        parameters = self.checkpoint.snapshot_parameters if self.recorded else self.network.parameters()[None]
        first = self.network.layers[0].weights
        weights = parameters[:, : first.size].reshape(-1, *first.shape)[:, :, ~self.never_seen]
        return np.array([full_colour(of_a_moment) for of_a_moment in weights])

    def make_wall(self) -> None:
        """The weight pictures with their scale, and a note on the grey pixels if there are any."""
        wall = WeightWall(self.start.layers[0].weights, self.never_seen, width=self.WALL, height=self.WALL)
        self.pictures = wall.pictures
        self.wall = Group(*self.pictures)
        self.wall.shift((self.LEFT_EDGE - self.wall.get_left()[0], STAGE_MIDDLE + 0.1 - self.wall.get_y(), 0))
        for picture in self.pictures:
            picture.show(picture.weights, self.limits[0])
        self.scale = WeightScale(self.limits[0], 3.6, beyond=True).next_to(self.wall, RIGHT, buff=0.4)
        self.note = Words("", theme.SMALLEST_SIZE)
        if count := int(self.never_seen.sum()):
            words = f"grey: {count} pixels, black in all training pictures"
            self.note = Words(words, theme.SMALLEST_SIZE + 4, theme.QUIET_TEXT)
            self.note.next_to(self.wall, DOWN, buff=0.2).align_to(self.wall, LEFT)

        self.whole = Group(self.wall, self.scale, self.note)
        self.place = self.whole.get_center()

    def noise(self) -> None:
        self.next_section("Noise")
        self.whole.set_x(0)
        sentence = "The weights of the first layer, before training: noise."
        if not self.recorded:
            sentence = "The weights of the first layer."
        pictures = LaggedStart(*(FadeIn(picture) for picture in self.pictures), lag_ratio=0.06, run_time=theme.FLOW)
        with self.voiceover(sentence, moves="Square pictures of red and blue cells, without any pattern."):
            self.play(pictures, FadeIn(self.scale), FadeIn(self.note))

    def the_run(self) -> None:
        self.next_section("The run")
        if not self.recorded:
            with self.voiceover(capitalised(NOT_RECORDED)):
                pass
            return
        progress = self.progress
        size: dict[str, Any] = {"epochs": self.checkpoint.snapshot_epochs, "log_epochs": True, "width": 3.8}
        accuracy = LearningCurve(
            {"": 100 * progress.accuracy}, quantity="right in the test set, %", y_range=(0, 100), height=1.75, **size
        )
        cost = LearningCurve(
            {"": progress.cost},
            quantity="cost in the test set: squared error",
            height=1.75,
            places=2,
            colours=(theme.ANSWER,),
            **size,
        )
        left = self.scale.get_right()[0] + self.place[0] - self.whole.get_x() + 1.2
        for curve, top in ((accuracy, STAGE_TOP - 0.05), (cost, 0.35)):
            curve.reveal(0)
            curve.axes.x_label.set_opacity(float(curve is cost))
            curve.shift((left - curve.axes.lines.points[0, 0], top - curve.axes.get_top()[1], 0))
        self.curves = [accuracy, cost]
        with self.voiceover(
            "Step by step the cost falls, and patterns that nobody drew come out of the noise.",
            moves="In all pictures patterns grow at once. Beside them one line climbs, and one falls.",
        ):
            self.play(*(FadeIn(curve) for curve in self.curves), self.whole.animate.move_to(self.place))
            self.play(
                ReplayWeights(
                    self.checkpoint, self.pictures, self.limits, self.scale, self.curves, run_time=10 * theme.STEP
                )
            )


class ReplayWeights(ReplayTraining):
    """A training run is replayed in weight pictures, with the scale of their colours and curves beside them.

    limits: (snapshots,), the weight that has full colour; the numbers of the scale follow it.
    """

    def __init__(
        self,
        checkpoint: Checkpoint,
        pictures: list[WeightHeatmap],
        limits: NDArray[np.float64],
        scale: WeightScale,
        curves: list[LearningCurve],
        **options: Any,
    ) -> None:
        self.limits, self.scale, self.curves = limits, scale, curves
        super().__init__(checkpoint, pictures=pictures, **options)
        self.mobject.add(scale, *curves)

    def show(self, moment: float, network: Network) -> None:
        limit = float(np.interp(moment, np.arange(len(self.limits)), self.limits))
        for picture in self.pictures:
            picture.limit = limit
        super().show(moment, network)
        self.scale.show(limit)
        for curve in self.curves:
            curve.reveal(self.checkpoint.epoch_at(moment))
