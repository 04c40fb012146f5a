"""Patches on request: a second network, trained for smooth and local weights, and what that costs."""

from __future__ import annotations

from functools import cached_property

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
    there_and_back,
)
from numpy.typing import NDArray

from network.analysis.locality import Locality, locality
from network.checkpoint import Checkpoint, load_checkpoint
from network.evaluation import evaluate
from scenes.kit import theme
from scenes.kit.animations.replay_training import ReplayTraining
from scenes.kit.layout import STAGE_BOTTOM, STAGE_MIDDLE, STAGE_TOP
from scenes.kit.mobjects.text import Words
from scenes.kit.mobjects.weight_heatmap import WeightScale, WeightWall, full_colour
from scenes.part_11_reality.window_frame import window_frame
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import percent

# The middles of the two sides of the stage lie so far from its own.
_MIDDLE_OF_SIDE = 3.4
# The width and height of a wall, and how far its middle lies left of the middle of its side.
_WALL_EXTENT, _WALL_ASIDE = 4.85, 0.93
# The share of the weights that is drawn in less than full colour.
_BRIGHT = 0.985
# The line of words beneath the walls, and where the second part of it begins, left of the middle of the side.
_FOOT, _ACCURACY_ASIDE = STAGE_BOTTOM + 0.1, 0.35


class StrokesOnRequest(LessonScene):
    """A second network, asked in training for smooth and local weights, and what it costs."""

    def construct(self) -> None:
        never_seen = self.digits("train").never_lit
        own, other = self.accuracies
        self.sides = [
            Side(self.checkpoint, never_seen, -_MIDDLE_OF_SIDE, "the lesson's network", own),
            Side(
                self.companion,
                never_seen if self.same_data else None,
                _MIDDLE_OF_SIDE,
                "asked for gathered weights",
                other,
            ),
        ]

        self.a_second_network()
        self.how_local()
        self.nearer()
        self.what_it_costs()
        self.end()

    def alternative_text(self) -> str:
        own, other = self.accuracies
        accuracies = "not all measured"
        if own is not None and other is not None:
            accuracies = f"{percent(own, 2)} and {percent(other, 2)}"
        return (
            "The first-layer weight pictures of two networks side by side: the network of the lesson, and one that was "
            f"trained for smooth and local weights. Their test accuracies: {accuracies}."
        )

    @cached_property
    def companion(self) -> Checkpoint:
        """The network that was trained for smooth and local weights."""
        return load_checkpoint(self.companion_file("local"))

    @cached_property
    def same_data(self) -> bool:
        """Whether both networks were trained on the same data."""
        return self.companion.metadata.data_md5 == self.checkpoint.metadata.data_md5

    @cached_property
    def accuracies(self) -> tuple[float | None, float | None]:
        """Of the lesson's network on its test set, and of the companion.

        The companion is measured on the lesson's test set if it was trained for that data; otherwise it is what was
        measured after its training, if it was measured.
        """
        test = self.digits()
        own = evaluate(self.network, test).accuracy
        if self.same_data:
            return own, evaluate(self.companion.network, test).accuracy
        return own, self.companion.metadata.test_accuracy

    def a_second_network(self) -> None:
        self.next_section("A second network")
        one, other = self.sides
        first = Group(one.heading, one.wall)
        first.shift(_MIDDLE_OF_SIDE * RIGHT)
        moves = "The weight pictures of the network go to the left; on the right appear those of a second network"
        replayed = len(self.companion.snapshot_parameters) >= 2
        if replayed:
            for picture, row in zip(other.pictures, self.companion.snapshot(0).layers[0].weights, strict=True):
                picture.show(row, other.limit)
        alike = self.same_data and self.companion.network.sizes == self.network.sizes
        whose = "We train the same network again" if alike else "We train another network"
        with self.voiceover(
            f"Was our story wrong, then? Let's ask for it. <bookmark mark='again'/> {whose}, but this time, rough and "
            "scattered weights are expensive.",
            moves=moves + (", random at first; patches form as it trains." if replayed else "."),
        ) as tracker:
            self.play(FadeIn(first))
            self.wait_until_bookmark("again")
            self.play(
                first.animate.shift(_MIDDLE_OF_SIDE * LEFT),
                FadeIn(Group(other.heading, other.wall), rate_func=squish_rate_func(smooth, 0.6, 1)),
                run_time=theme.STEP,
            )
            if replayed:
                length = max(tracker.get_remaining_duration(), 4 * theme.STEP)
                self.play(ReplayTraining(self.companion, pictures=other.pictures, run_time=length))
        self.what_differs(alike)

    def what_differs(self, alike: bool) -> None:
        """Say so if the companion was trained on other data or has other layers."""
        if not self.same_data:
            data, own = self.companion.metadata.data_name, self.checkpoint.metadata.data_name
            with self.voiceover(f"It was trained on other pictures: {data}, not {own}.", moves="The pictures stand."):
                pass
        elif not alike:
            sizes = ", ".join(str(size) for size in self.companion.network.sizes)
            with self.voiceover(f"It has other layers, of {sizes} neurons.", moves="The pictures stand."):
                pass

    def how_local(self) -> None:
        self.next_section("How local")
        with self.voiceover(
            gathered_told(self.sides[0], self.sides[1]),
            moves="A yellow frame comes into each picture, and the averages stand beneath.",
        ):
            frames = [Create(frame) for side in self.sides for frame in side.frames]
            self.play(LaggedStart(*frames, lag_ratio=0.03, run_time=theme.FLOW))
            self.wait_until_bookmark("shares")
            self.play(*(FadeIn(side.local) for side in self.sides))

    def nearer(self) -> None:
        self.next_section("Nearer")
        walls = [Group(*side.pictures) for side in self.sides]
        chosen = [side.most_local for side in self.sides]
        near = [side.pictures[neuron].copy() for side, neuron in zip(self.sides, chosen, strict=True)]
        large = [
            one.copy().scale_to_fit_width(wall.height).move_to(wall) for one, wall in zip(near, walls, strict=True)
        ]
        frames = VGroup(
            *(window_frame(one, side.measured, n) for one, side, n in zip(large, self.sides, chosen, strict=True))
        ).set_z_index(2)
        self.near_shares = VGroup(*(side.share_of(n) for side, n in zip(self.sides, chosen, strict=True)))
        # Above the wall, so that it covers what it grows over.
        Group(*near, *large).set_z_index(1)
        with self.voiceover(
            f"Here are the most gathered two, close up. {scales_told(self.sides[0].limit, self.sides[1].limit)}",
            moves="One weight picture on either side grows until it stands in place of all, with its frame.",
        ):
            self.play(
                *(FadeOut(side.frames, side.local) for side in self.sides),
                *(Transform(one, other, run_time=theme.FLOW) for one, other in zip(near, large, strict=True)),
                *(FadeOut(wall) for wall in walls),
            )
            self.play(*(Create(frame) for frame in frames), FadeIn(self.near_shares))
            self.wait_until_bookmark("scales")
            swell = (side.scale.animate(rate_func=there_and_back).scale(1.15) for side in self.sides)
            self.play(LaggedStart(*swell, lag_ratio=0.5, run_time=2 * theme.FLOW))
        self.near, self.near_frames = near, frames

    def what_it_costs(self) -> None:
        self.next_section("What it costs")
        small = [side.pictures[side.most_local].copy() for side in self.sides]
        with self.voiceover(
            patches_verdict(self.sides[0], self.sides[1], self.same_data),
            moves="The large pictures go back to their places. The share of right answers appears beneath each wall; "
            "then the pictures swell in turn.",
        ):
            self.play(
                FadeOut(self.near_frames, self.near_shares, rate_func=squish_rate_func(smooth, 0, 0.4)),
                *(Transform(one, other, run_time=theme.STEP) for one, other in zip(self.near, small, strict=True)),
                *(
                    FadeIn(Group(*side.pictures), run_time=theme.STEP, rate_func=squish_rate_func(smooth, 0.5, 1))
                    for side in self.sides
                ),
            )
            self.remove(*self.near)
            self.play(*(FadeIn(side.local, side.good) for side in self.sides))
            for mark, side in zip(("patches", "asked"), self.sides[::-1], strict=True):
                self.wait_until_bookmark(mark)
                swell = (picture.animate(rate_func=there_and_back).scale(1.12) for picture in side.pictures)
                self.play(LaggedStart(*swell, lag_ratio=0.15, run_time=1.5 * theme.FLOW))


class Side:
    """One of the two networks: its wall of weight pictures around x, and what was measured.

    never_seen: (side²,) which pixels were black in all its training pictures, if that is known. accuracy: a share, or
    None if it was not measured.
    """

    def __init__(
        self,
        checkpoint: Checkpoint,
        never_seen: NDArray[np.bool_] | None,
        x: float,
        title: str,
        accuracy: float | None,
    ) -> None:
        weights = checkpoint.network.layers[0].weights
        self.n, self.accuracy = len(weights), accuracy
        self.measured = locality(weights, never_seen)
        columns = max(int(np.ceil(self.n**0.5)), 1)
        seen = weights if never_seen is None else weights[:, ~never_seen]
        wall = WeightWall(weights, never_seen, columns, _WALL_EXTENT, _WALL_EXTENT, full_colour(seen, _BRIGHT))
        self.limit, self.pictures = wall.limit, wall.pictures
        pictures = Group(*wall.pictures).move_to((x - _WALL_ASIDE, STAGE_MIDDLE - 0.05, 0))
        masked = never_seen is not None and bool(never_seen.any())
        self.scale = WeightScale(self.limit, 0.78 * pictures.height, "never lit" if masked else "", beyond=True)
        self.scale.next_to(pictures, RIGHT, buff=0.2).align_to(wall.pictures[0], UP)
        self.wall = Group(*wall.pictures, self.scale)
        self.heading = Words(title, theme.LABEL_SIZE).move_to((x - _WALL_ASIDE, STAGE_TOP, 0), aligned_edge=UP)
        self.frames = VGroup(*(window_frame(p, self.measured, j) for j, p in enumerate(self.pictures)))
        self.local = Words(f"{_mean(self.measured)} in one place", theme.LABEL_SIZE, theme.QUIET_TEXT)
        self.local.move_to((x - _WALL_ASIDE, _FOOT, 0), aligned_edge=RIGHT)
        self.good = Words("" if accuracy is None else f"{percent(accuracy, 2)} right", theme.LABEL_SIZE, theme.ANSWER)
        self.good.move_to((x - _ACCURACY_ASIDE, _FOOT, 0), aligned_edge=LEFT)

    def share_of(self, neuron: int) -> Words:
        """The share of one neuron's weight in its frame, in the place of the average."""
        words = Words(f"{percent(self.measured.shares[neuron], 0)} in its frame", theme.LABEL_SIZE, theme.ANSWER)
        return words.move_to(self.local.get_left(), aligned_edge=LEFT)

    @property
    def most_local(self) -> int:
        """The neuron with the greatest share of its weight in one place."""
        return int(self.measured.shares.argmax())


def gathered_told(one: Side, other: Side) -> str:
    """What share of their weight the two networks have in one place, on average."""
    own, asked = float(one.measured.shares.mean()), float(other.measured.shares.mean())
    if percent(own, 0) == percent(asked, 0):
        return "It hasn't changed much: <bookmark mark='shares'/> both have as much of their weight in one place."
    told = "Now they gather" if asked > own else "They do not gather"
    how = f"{'far ' if abs(asked - own) > 0.2 else ''}{'more' if asked > own else 'less'}"
    return f"{told}: <bookmark mark='shares'/> on average, {how} of the weight is in one place."


def scales_told(one: float, other: float) -> str:
    """That the two sides have scales of their own; limits are the sizes of weights in full colour."""
    if round(one, 2) == round(other, 2):
        return "<bookmark mark='scales'/> Both sides are drawn on the same scale."
    side, much = "right" if other < one else "left", "much " if max(one, other) > 2 * min(one, other) else ""
    return (
        "Mind <bookmark mark='scales'/> the scales: each side has its own. The weights on the "
        f"{side} are {much}smaller than they look."
    )


def patches_verdict(one: Side, other: Side, same_data: bool) -> str:
    """Whether patches have come, by how many neurons of the second network are local; and both accuracies, if known."""
    come = other.measured.local > one.measured.local and other.measured.local > other.n / 2
    score = _score_told(one.accuracy, other.accuracy, same_data)
    if come:
        return (
            f"{score}So a network <bookmark mark='patches'/> can look at one small place at a time. They're patches, I "
            "admit, and not edges. <bookmark mark='asked'/> And it doesn't do even that unless you ask."
        )
    return (
        f"{score}And the weights <bookmark mark='patches'/> haven't gathered into patches, "
        "<bookmark mark='asked'/> even though we asked."
    )


def _score_told(own: float | None, asked: float | None, same_data: bool) -> str:
    """What both networks read, in a sentence with a space after it; nothing if it is not known."""
    if own is None or asked is None:
        return ""
    if not same_data:
        return f"Each on its own pictures, this one reads {percent(asked, 1)}, and ours {percent(own, 1)}. "
    if percent(own, 1) == percent(asked, 1):
        return f"And it reads {percent(asked, 1)}, just like ours. "
    if asked > own:
        return f"And it reads {percent(asked, 1)}: even more than our {percent(own, 1)}. "
    still = "And it still reads" if own - asked < 0.03 else "But it only reads"
    return f"{still} {percent(asked, 1)}, against {percent(own, 1)}. "


def _mean(measured: Locality) -> str:
    return percent(float(measured.shares.mean()), 0)
