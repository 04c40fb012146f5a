"""StrokesOnRequest: A second network, trained for smooth and local weights, beside the first; the accuracy of both."""

from __future__ import annotations

import numpy as np
from manim import (
    LEFT,
    RIGHT,
    UP,
    Create,
    FadeIn,
    FadeOut,
    Group,
    LaggedStart,
    Transform,
    VGroup,
    smooth,
    squish_rate_func,
)

from network.analysis.locality import Locality, locality
from network.checkpoint import Checkpoint, load_checkpoint
from network.evaluation import evaluate
from scenes.kit import theme
from scenes.kit.animations.replay_training import ReplayTraining
from scenes.kit.layout import STAGE_BOTTOM, STAGE_MIDDLE, STAGE_TOP
from scenes.kit.mobjects.text import Words
from scenes.kit.mobjects.weight_heatmap import WeightScale, WeightWall, full_colour
from scenes.part_11_reality.shared import _percent, window_frame
from scenes.stage.lesson_scene import LessonScene


class StrokesOnRequest(LessonScene):
    """A second network, asked in training for smooth and local weights, and what it costs."""

    MIDDLE_OF_SIDE = 3.55

    def construct(self) -> None:
        self.companion = load_checkpoint(self.companion_file("local"))
        self.same_data = self.companion.metadata.data_md5 == self.checkpoint.metadata.data_md5
        never_seen = self.digits("train").never_lit
        self.sides = [
            Side(
                self.checkpoint,
                never_seen,
                -self.MIDDLE_OF_SIDE,
                "the lesson's network",
                self.accuracy_of(self.checkpoint),
            ),
            Side(
                self.companion,
                never_seen if self.same_data else None,
                self.MIDDLE_OF_SIDE,
                "trained for smooth, local weights",
                self.accuracy_of(self.companion),
            ),
        ]

        self.a_second_network()
        self.how_local()
        self.nearer()
        self.what_it_costs()
        self.end()

    def accuracy_of(self, checkpoint: Checkpoint) -> float | None:
        """On the lesson's test set where it was made for that data, else what was measured after its training."""
        if checkpoint.metadata.data_md5 == self.checkpoint.metadata.data_md5:
            return evaluate(checkpoint.network, self.digits()).accuracy
        return checkpoint.metadata.test_accuracy

    def alternative_text(self) -> str:
        companion = load_checkpoint(self.companion_file("local"))
        own, other = self.accuracy_of(self.checkpoint), self.accuracy_of(companion)
        accuracies = f"{_percent(own, 2)} and {_percent(other, 2)}" if own and other else "not all measured"
        return (
            "The first-layer weight pictures of two networks side by side: the network of the lesson, and one that was "
            f"trained for smooth and local weights. Their test accuracies: {accuracies}."
        )

    def a_second_network(self) -> None:
        self.next_section("A second network")
        one, other = self.sides
        first = Group(one.heading, one.wall)
        first.shift(self.MIDDLE_OF_SIDE * RIGHT)
        moves = "The weight pictures of the network go to the left; on the right appear those of a second network"
        replayed = len(self.companion.snapshot_parameters) >= 2
        if replayed:
            for picture, row in zip(other.pictures, self.companion.snapshot(0).layers[0].weights, strict=True):
                picture.show(row, other.limit)
        alike = self.same_data and self.companion.network.sizes == self.network.sizes
        whose = "The same training, but it also asks" if alike else "A second network was also asked"
        with self.caption(
            f"{whose} for smooth and gathered weights.",
            FadeIn(first),
            moves=moves + (", random at first; strokes form as it trains." if replayed else "."),
        ):
            self.play(
                first.animate.shift(self.MIDDLE_OF_SIDE * LEFT),
                FadeIn(Group(other.heading, other.wall), rate_func=squish_rate_func(smooth, 0.6, 1)),
                run_time=theme.STEP,
            )
            if replayed:
                self.play(ReplayTraining(self.companion, pictures=other.pictures, run_time=4 * theme.STEP))
        if not self.same_data:
            data, own = self.companion.metadata.data_name, self.checkpoint.metadata.data_name
            with self.caption(f"It was trained on other pictures: {data}, not {own}.", moves="The pictures stand."):
                pass
        elif not alike:
            sizes = ", ".join(str(size) for size in self.companion.network.sizes)
            with self.caption(f"It has other layers, of {sizes} neurons.", moves="The pictures stand."):
                pass

    def how_local(self) -> None:
        self.next_section("How local")
        one, other = (_mean(side.measured) for side in self.sides)
        with self.caption(
            f"On average, the frames hold {one} of the weight; on the right, {other}.",
            moves="A yellow frame comes into each picture, and the averages stand beneath.",
        ):
            frames = [Create(frame) for side in self.sides for frame in side.frames]
            self.play(LaggedStart(*frames, lag_ratio=0.03, run_time=theme.FLOW))
            self.play(*(FadeIn(side.local) for side in self.sides))

    def nearer(self) -> None:
        self.next_section("Nearer")
        walls = [Group(*side.pictures) for side in self.sides]
        chosen = [int(side.measured.shares.argmax()) for side in self.sides]
        near = [side.pictures[neuron].copy() for side, neuron in zip(self.sides, chosen, strict=True)]
        large = [
            one.copy().scale_to_fit_width(wall.height).move_to(wall) for one, wall in zip(near, walls, strict=True)
        ]
        shares = [f"{100 * side.measured.shares[n]:.0f} %" for side, n in zip(self.sides, chosen, strict=True)]
        frames = VGroup(
            *(window_frame(one, side.measured, n) for one, side, n in zip(large, self.sides, chosen, strict=True))
        ).set_z_index(2)
        # Above the wall, so that it covers what it grows over.
        Group(*near, *large).set_z_index(1)
        with self.caption(
            f"The most gathered of either: {shares[0]} in its frame, and {shares[1]}.",
            *(FadeOut(side.frames) for side in self.sides),
            *(Transform(one, other, run_time=theme.FLOW) for one, other in zip(near, large, strict=True)),
            *(FadeOut(wall) for wall in walls),
            moves="One weight picture on either side grows until it stands in place of all, with its frame.",
        ):
            self.play(*(Create(frame) for frame in frames))
        self.near, self.near_frames = near, frames

    def what_it_costs(self) -> None:
        self.next_section("What it costs")
        small = [side.pictures[int(side.measured.shares.argmax())].copy() for side in self.sides]
        with self.caption(
            strokes_verdict(self.sides[0], self.sides[1], self.same_data),
            FadeOut(self.near_frames, rate_func=squish_rate_func(smooth, 0, 0.4)),
            *(Transform(one, other, run_time=theme.STEP) for one, other in zip(self.near, small, strict=True)),
            *(
                FadeIn(Group(*side.pictures), run_time=theme.STEP, rate_func=squish_rate_func(smooth, 0.5, 1))
                for side in self.sides
            ),
            moves="The large pictures go back to their places. The share of right answers appears beneath each wall.",
        ):
            self.remove(*self.near)
            self.play(*(FadeIn(side.good) for side in self.sides))


class Side:
    """One of the two networks of `StrokesOnRequest`: its wall of weight pictures at x, and what was measured."""

    def __init__(
        self, checkpoint: Checkpoint, never_seen: np.ndarray | None, x: float, title: str, accuracy: float | None
    ) -> None:
        weights = checkpoint.network.layers[0].weights
        self.n, self.accuracy = len(weights), accuracy
        self.measured = locality(weights, never_seen)
        columns = max(int(np.ceil(self.n**0.5)), 1)
        seen = weights if never_seen is None else weights[:, ~never_seen]
        wall = WeightWall(weights, never_seen, columns, 4.9, 4.9, full_colour(seen))
        self.limit, self.pictures = wall.limit, wall.pictures
        Group(*wall.pictures).move_to((x - 0.8, STAGE_MIDDLE + 0.12, 0))
        masked = never_seen is not None and bool(never_seen.any())
        high = Group(*wall.pictures).height
        self.scale = WeightScale(self.limit, 0.78 * high, "never lit" if masked else "", beyond=True)
        self.scale.next_to(Group(*wall.pictures), RIGHT, buff=0.3).align_to(wall.pictures[0], UP)
        self.wall = Group(*wall.pictures, self.scale)
        self.heading = Words(title, theme.LABEL_SIZE).move_to((x - 0.8, STAGE_TOP, 0), aligned_edge=UP)
        self.frames = VGroup(*(window_frame(p, self.measured, j) for j, p in enumerate(self.pictures)))
        y = STAGE_BOTTOM + 0.1
        self.local = Words(f"{_mean(self.measured)} in one place", theme.LABEL_SIZE, theme.QUIET_TEXT)
        self.local.move_to((x - 0.8, y, 0), aligned_edge=RIGHT)
        self.good = Words("" if accuracy is None else f"{_percent(accuracy, 2)} right", theme.LABEL_SIZE, theme.ANSWER)
        self.good.move_to((x - 0.35, y, 0), aligned_edge=LEFT)


def strokes_verdict(one: Side, other: Side, same_data: bool) -> str:
    """What the second network shows, by how many of its neurons are local, and what both read right where known."""
    come = other.measured.local > one.measured.local and other.measured.local > other.n / 2
    verdict = "Strokes come if asked for" if come else "Here strokes have not come"
    if one.accuracy is None or other.accuracy is None:
        return f"{verdict}."
    own, asked = _percent(one.accuracy, 2), _percent(other.accuracy, 2)
    if not same_data:
        return f"{verdict}. Each on its own pictures: {own} right, and {asked}."
    return f"{verdict}: {asked} right, {'instead of' if come else 'not'} {own}."


def _mean(measured: Locality) -> str:
    return _percent(float(measured.shares.mean()), 0)
