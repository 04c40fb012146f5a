"""FromNoiseToWeights: the same run in the weight pictures of the first layer, with one answer and the cost beside."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    FadeIn,
    Group,
    Indicate,
    LaggedStart,
    TransformFromCopy,
)
from numpy.typing import NDArray

from network import Network
from network.analysis.examples import digit_to_replay
from network.checkpoint import Checkpoint
from scenes.kit import theme
from scenes.kit.animations.count_up import CountUp
from scenes.kit.animations.replay_training import ReplayTraining
from scenes.kit.layout import FRAME_WIDTH, SAFE_MARGIN, STAGE_MIDDLE, STAGE_TOP
from scenes.kit.mobjects.learning_curve import LearningCurve
from scenes.kit.mobjects.text import Words
from scenes.kit.mobjects.weight_heatmap import WeightHeatmap, WeightScale, WeightWall, full_colour
from scenes.part_08_learning.says_and_should import SaysAndShould
from scenes.part_08_learning.training_run_scene import NOT_RECORDED, TrainingRunScene
from scenes.wording import class_in_words, count, in_words, one_in_words

# The weight pictures, left; what stands to their right begins here. The cost's curve begins at this height.
_WALL, _LEFT_EDGE, _ASIDE_LEFT = 5.5, -6.7, 1.05
_CURVE_TOP, _CURVE_WIDTH, _CURVE_HEIGHT = 0.1, 4.3, 1.55
_RUN = 10.0


class FromNoiseToWeights(TrainingRunScene):
    """The weight pictures of the first layer during training; beside them one answer, and the cost."""

    def construct(self) -> None:
        self.never_seen = self.digits("train").never_lit
        self.limits = self.limits_of_snapshots()
        self.make_wall()

        self.noise()
        if self.recorded:
            self.how_wrong()
            self.the_run()
        self.end()

    def alternative_text(self) -> str:
        neurons = self.network.sizes[1]
        if not self.recorded:
            return f"The weights of the {neurons} neurons of the first layer as pictures; {NOT_RECORDED}"
        cost = self.progress.cost
        return (
            f"The weights of the first layer's {neurons} neurons as pictures, as training changes them. Beside them, "
            "what the network says to one picture and what it should say. The cost, the average of the squared "
            f"differences added up, goes from {cost[0]:.2f} to {cost[-1]:.3f} over the test pictures."
        )

    def limits_of_snapshots(self) -> NDArray[np.float64]:
        """The weight that has full colour at each snapshot, (n,): nearly the greatest |weight| that is seen."""
        parameters = self.checkpoint.snapshot_parameters if self.recorded else self.network.parameters()[None]
        first = self.network.layers[0].weights
        weights = parameters[:, : first.size].reshape(-1, *first.shape)[:, :, ~self.never_seen]
        return np.array([full_colour(of_a_moment) for of_a_moment in weights])

    def make_wall(self) -> None:
        """The weight pictures with their scale, and a note on the grey pixels if there are any."""
        wall = WeightWall(self.start.layers[0].weights, self.never_seen, width=_WALL, height=_WALL)
        self.pictures = wall.pictures
        self.wall = Group(*self.pictures)
        self.wall.shift((_LEFT_EDGE - self.wall.get_left()[0], STAGE_MIDDLE + 0.25 - self.wall.get_y(), 0))
        for picture in self.pictures:
            picture.show(picture.weights, self.limits[0])
        self.scale = WeightScale(self.limits[0], 3.6, beyond=True).next_to(self.wall, RIGHT, buff=0.35)
        self.note = Words("", theme.SMALLEST_SIZE)
        if grey := int(self.never_seen.sum()):
            self.note = Words(f"grey: {grey} pixels that are always black", theme.SMALLEST_SIZE, theme.QUIET_TEXT)
            self.note.next_to(self.wall, DOWN, buff=0.15).align_to(self.wall, LEFT)
        self.whole = Group(self.wall, self.scale, self.note)
        self.place = self.whole.get_center()

    def noise(self) -> None:
        self.next_section("Noise")
        self.whole.set_x(0)
        neurons = in_words(self.network.sizes[1])
        sentence = (
            f"You can see it in the weights, too. This is what the {neurons} neurons of the first layer look for at "
            "the start: nothing. It's noise."
        )
        if not self.recorded:
            sentence = (
                f"This is what the {neurons} neurons of the first layer look for. I can't show you how the network "
                f"came to it, because {NOT_RECORDED}"
            )
        pictures = LaggedStart(*(FadeIn(picture) for picture in self.pictures), lag_ratio=0.25, run_time=5.5)
        with self.voiceover(
            sentence, moves="One after another, square pictures of red and blue cells, without pattern."
        ):
            self.play(pictures, FadeIn(self.scale), FadeIn(self.note))

    def how_wrong(self) -> None:
        self.next_section("How wrong")
        digits = self.digits()
        index = digit_to_replay(self.start, self.network, digits)
        self.image, truth = digits.vectors[index], int(digits.labels[index])
        output = self.start.forward(self.image).output
        room = FRAME_WIDTH / 2 - SAFE_MARGIN - _ASIDE_LEFT
        self.judged = judged = SaysAndShould(output, truth, digits.class_names, room)
        judged.shift((_ASIDE_LEFT - judged.get_left()[0], STAGE_TOP - judged.get_top()[1], 0))
        off = judged.off.value
        self.curve = self.curve_of_the_cost()
        picture = one_in_words(digits.class_names[truth]).split(" ", 1)[1]
        with self.voiceover(
            f"And how wrong is it? To our {picture} it says <bookmark mark='says'/> a bit of everything. It should "
            f"say <bookmark mark='should'/> {class_in_words(digits.class_names[truth])}, and nothing else. Take the "
            f"differences, <bookmark mark='square'/> square them, and add them up: {off:.2f}. "
            "<bookmark mark='cost'/> Average that over many pictures, and you have the cost. Here we watch it on "
            "pictures the network never trains on.",
            moves="The weight pictures go to the left. On the right a row of outputs that all glow; beneath it a row "
            "in which only one is lit. A number counts up; then the axes of a curve appear, with its first point.",
        ):
            self.play(self.whole.animate.move_to(self.place), run_time=theme.STEP)
            self.wait_until_bookmark("says")
            self.play(FadeIn(judged.says, judged.says_name, judged.names))
            self.wait_until_bookmark("should")
            self.play(TransformFromCopy(judged.says, judged.should), FadeIn(judged.should_name))
            self.wait_until_bookmark("square")
            self.play(FadeIn(judged.off_name), CountUp(judged.off, 0, off, run_time=1.5 * theme.STEP))
            self.wait_until_bookmark("cost")
            self.play(FadeIn(self.curve, shift=0.2 * UP))
            self.wait(theme.QUICK)
            self.play(Indicate(self.curve.axes.y_label, 1.05, theme.TEXT))

    def the_run(self) -> None:
        self.next_section("The run")
        epochs = self.checkpoint.snapshot_epochs[-1]
        shown = count(int(epochs), "epoch") if epochs == int(epochs) else f"{epochs:.1f} epochs"
        grow = self.limits[-1] > self.limits[0]
        with self.voiceover(
            "And one trip through all the training pictures is called <bookmark mark='epoch'/> an epoch. "
            f"<bookmark mark='run'/> Here they come, {shown} in all. {self.what_comes_of_it()} Mind the scale beside "
            f"them: the weights themselves {'grow' if grow else 'change'}, too.",
            moves="In all pictures patterns grow at once, and the numbers of their scale change. On the right one "
            "output after another goes out until one is left, and the curve of the cost falls.",
        ):
            self.wait_until_bookmark("epoch")
            self.play(self.curve.axes.x_label.animate.set_opacity(1))
            self.wait_until_bookmark("run")
            self.play(
                ReplayWeights(
                    self.checkpoint,
                    self.pictures,
                    self.limits,
                    self.scale,
                    self.curve,
                    self.judged,
                    self.image,
                    run_time=_RUN,
                )
            )
            self.play(Indicate(self.scale.labels, 1.15, theme.TEXT))

    def what_comes_of_it(self) -> str:
        """What the run does to the cost and the pictures."""
        cost = self.progress.cost
        if cost[-1] > 0.9 * cost[0]:
            return "The cost hardly falls; there is little that this run has learned."
        if cost[-1] > 0.5 * cost[0]:
            return "The cost falls, and the pictures change with every step."
        return "The cost falls, and out of the noise come patterns that nobody drew."

    def curve_of_the_cost(self) -> LearningCurve:
        """The cost on the test set over the run, with only its first point drawn."""
        width = _CURVE_WIDTH
        for _ in range(2):  # the last value stands to the right of the curve
            curve = LearningCurve(
                {"": self.progress.cost},
                self.checkpoint.snapshot_epochs,
                quantity="cost: the average over the test pictures",
                log_epochs=True,
                places=2,
                colours=(theme.TEXT,),
                width=width,
                height=_CURVE_HEIGHT,
            )
            curve.shift((_ASIDE_LEFT - curve.axes.get_left()[0], _CURVE_TOP - curve.axes.get_top()[1], 0))
            width -= max(float(curve.get_right()[0]) - (FRAME_WIDTH / 2 - SAFE_MARGIN), 0)
        curve.axes.x_label.set_opacity(0)  # until the word has been said
        return curve.reveal(0)


class ReplayWeights(ReplayTraining):
    """A training run is replayed in weight pictures, with their scale, the cost, and the answer to one picture.

    limits: (snapshots,), the weight that has full colour; the numbers of the scale follow it. judged: what is said to
    `image`.
    """

    def __init__(
        self,
        checkpoint: Checkpoint,
        pictures: list[WeightHeatmap],
        limits: NDArray[np.float64],
        scale: WeightScale,
        curve: LearningCurve,
        judged: SaysAndShould,
        image: NDArray[Any],
        **options: Any,
    ) -> None:
        self.limits, self.scale, self.curve, self.judged, self.image = limits, scale, curve, judged, image
        super().__init__(checkpoint, pictures=pictures, **options)
        self.mobject.add(scale, curve, judged)

    def show(self, moment: float, network: Network) -> None:
        limit = float(np.interp(moment, np.arange(len(self.limits)), self.limits))
        for picture in self.pictures:
            picture.limit = limit
        super().show(moment, network)
        self.scale.show(limit)
        self.curve.reveal(self.checkpoint.epoch_at(moment))
        self.judged.show(network.forward(self.image).output)
