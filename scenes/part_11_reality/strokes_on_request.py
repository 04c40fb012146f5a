"""Patches on request: a second network, trained for smooth and local weights, and what that costs."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from manim import (
    DOWN,
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
from numpy.typing import NDArray

from network.analysis.detectors import likeness_to_an_edge
from network.analysis.locality import locality
from network.analysis.noise import surest_noise
from network.checkpoint import Checkpoint, load_checkpoint
from network.evaluation import evaluate
from scenes.kit import theme
from scenes.kit.animations.replay_training import ReplayTraining
from scenes.kit.animations.swell_in_turn import SwellInTurn
from scenes.kit.layout import STAGE_BOTTOM, STAGE_TOP
from scenes.kit.mobjects.text import Words, size_that_fits
from scenes.kit.mobjects.weight_heatmap import WeightHeatmap, full_colour
from scenes.kit.picture_frames import frame_of_weights
from scenes.kit.weight_rows import places_in_rows
from scenes.language import _, listed, together
from scenes.part_11_reality.first_layer import HALF
from scenes.part_11_reality.noise_among_pictures import NOISE_SEED, NoiseAmongPictures
from scenes.part_11_reality.scale_row import ScaleRow
from scenes.part_11_reality.window_frame import window_frame
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import number, percent, significant

# The middles of the two sides of the stage lie so far from its own.
_MIDDLE_OF_SIDE = 3.48
# The width and height of the room for a wall of pictures, and its middle; and the middle of the scale beneath it.
_WIDE, _HIGH, _MIDDLE, _SCALE_Y = 6.5, 3.9, 0.94, -1.36
# The height of the note on how much brighter one wall is drawn; from which factor on there is one.
_NOTE_Y, _NOTED = -1.92, 1.2
# While a wall stands alone: how much larger its pictures are, their middle, and that of the scale beneath them.
_ALONE, _MIDDLE_ALONE, _SCALE_Y_ALONE = 1.4, 0.72, -2.1
# The room that captions of two lines take above the foot of the stage.
_CAPTIONS = 0.25
# The room of a line of words in one half of the stage.
_ROOM = 6.6
# How long the longer one of the two scales is.
_SCALE = 2.7
# The type of the words above and beneath the walls.
_WORDS = 52


class StrokesOnRequest(LessonScene):
    """A second network, asked in training for smooth and local weights, and what it costs."""

    def construct(self) -> None:
        limits = [side.limit for side in self.sides]
        unit, places = _SCALE / max(limits), 2 if min(limits) >= 0.1 else 3
        for side, other in zip(self.sides, self.sides[::-1], strict=True):
            side.lay_scale(unit, places)
            side.compare_scales(other.limit)

        self.a_second_network()
        self.what_it_costs()
        self.end()

    def alternative_text(self) -> str:
        own, other = self.accuracies
        return together(
            _(
                "The first-layer weight pictures of two networks side by side: the network of the lesson, and one that "
                "was trained for smooth and local weights."
            ),
            _(
                "Each has a colour scale of its own; full colour is {one} in the first and {other} in the second.",
                one=number(self.sides[0].limit, 2),
                other=number(self.sides[1].limit, 2),
            ),
            _("Their test accuracies: not all measured.")
            if own is None or other is None
            else _("Their test accuracies: {one} and {other}.", one=percent(own, 2), other=percent(other, 2)),
        )

    @cached_property
    def sides(self) -> tuple[Side, Side]:
        """The lesson's network on the left, its companion on the right."""
        never_seen = self.digits("train").never_lit
        own, other = self.accuracies
        theirs = never_seen if self.same_data else None
        return (
            Side(self.checkpoint, never_seen, -_MIDDLE_OF_SIDE, _("as before"), own),
            Side(self.companion, theirs, _MIDDLE_OF_SIDE, _("asked to gather"), other),
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
        self.next_section(_("A second network"))
        one, other = self.sides
        noise = surest_noise(self.network, self.digits(), np.random.default_rng(NOISE_SEED))
        before = NoiseAmongPictures(noise, self.digits("train")).at_the_end()
        replayed = len(self.companion.snapshot_parameters) >= 2
        for side in self.sides:
            side.stand_alone()
        if replayed:
            for picture, row in zip(other.pictures, self.companion.snapshot(0).layers[0].weights, strict=True):
                picture.show(row, other.limit)
        alike = self.same_data and self.companion.network.sizes == self.network.sizes
        with self.voiceover(
            together(
                _("Was our story wrong, then?"),
                _(
                    "<bookmark mark='again'/> Let's train the same network again, but ask it to keep its weights "
                    "smooth and close together."
                )
                if alike
                else _(
                    "<bookmark mark='again'/> Let's train another network, but ask it to keep its weights smooth and "
                    "close together."
                ),
            ),
            moves=_(
                "In place of the noise come the weight pictures of the network, large; then those of a second network, "
                "random at first; patches form as it trains."
            )
            if replayed
            else _(
                "In place of the noise come the weight pictures of the network, large; then those of a second network."
            ),
        ) as tracker:
            self.add(before)
            self.play(FadeOut(before), FadeIn(one.heading, one.wall), run_time=theme.STEP)
            length = max(tracker.time_until_bookmark("again"), theme.FLOW)
            self.play(SwellInTurn(one.pictures, 1.12, run_time=length))
            self.play(
                FadeOut(one.heading, one.wall, rate_func=squish_rate_func(smooth, 0, 0.6)),
                FadeIn(other.heading, other.wall, rate_func=squish_rate_func(smooth, 0.4, 1)),
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
            told = _("It was trained on other pictures: {data}, not {own}.", data=data, own=own)
        elif not alike:
            sizes = listed(self.companion.network.sizes)
            told = _("It has other layers, of {sizes} neurons.", sizes=sizes)
        else:
            return
        with self.voiceover(told, moves=_("The pictures swell, one after another.")) as tracker:
            self.play(SwellInTurn(self.sides[1].pictures, 1.12, run_time=max(tracker.duration, theme.FLOW)))

    def what_it_costs(self) -> None:
        self.next_section(_("What it costs"))
        with self.voiceover(
            patches_verdict(self.sides[0], self.sides[1], self.same_data),
            moves=_(
                "A yellow frame comes into each picture, around the place with the most weight. The pictures go to the "
                "right; those of the first network stand on the left again, framed as well. The share of right answers "
                "appears beneath each wall, and, beneath that with the smaller weights, how many times as bright it is "
                "drawn. Then, on the right and on the left, the picture with the most weight in one place grows until "
                "it stands in place of all, and beneath it stands how much of its weight is in its frame."
            ),
        ) as tracker:
            one, other = self.sides
            self.play(LaggedStart(*(Create(frame) for frame in other.frames), lag_ratio=0.1, run_time=theme.FLOW))
            self.wait_until_bookmark("score")
            one.stand_aside()
            self.play(
                *other.going_aside(),
                FadeIn(
                    *(one.heading, one.wall, one.frames, one.note, other.note),
                    rate_func=squish_rate_func(smooth, 0.5, 1),
                ),
                run_time=theme.STEP,
            )
            for side in self.sides[::-1]:
                self.play(FadeIn(side.good, scale=1.3), run_time=theme.STEP)
            large = []
            for mark, side in zip(("small", "asked"), self.sides[::-1], strict=True):
                self.wait_until_bookmark(mark)
                large.append(self.show_the_best_of(side))
            length = max(tracker.get_remaining_duration(), theme.FLOW)
            self.play(SwellInTurn(large, 1.06, lag_ratio=0.5, run_time=length))

    def show_the_best_of(self, side: Side) -> Group:
        """The picture with the most weight in one place grows until it stands in place of all; returns it, framed."""
        near = side.pictures[side.most_local].copy()
        wall = Group(*side.pictures)
        large = near.copy().scale_to_fit_width(_HIGH).move_to((side.x, _MIDDLE, 0))
        frame = window_frame(large, side.measured, side.most_local, theme.MARK_WIDTH)
        self.play(
            FadeOut(wall, side.frames, side.scale, run_time=theme.QUICK),
            Transform(near, large),
            FadeIn(border := frame_of_weights(large)),
        )
        self.play(Create(frame), FadeIn(side.share))
        return Group(near, border, frame)


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
        seen = weights if never_seen is None else weights[:, ~never_seen]
        masked = weights if never_seen is None else np.where(never_seen, 0, weights)
        self.half_alike = sum(likeness_to_an_edge(row) >= HALF for row in masked)
        self.x, self.limit = x, full_colour(seen)
        places = places_in_rows(self.n, middle=(x, _MIDDLE), width=_WIDE, height=_HIGH)
        self.pictures = [
            WeightHeatmap(row, self.limit, never_seen, extent, (left, up))
            for row, (left, up, extent) in zip(weights, places, strict=True)
        ]
        if never_seen is not None:
            for picture in self.pictures:
                picture.opacities[never_seen] = 0  # it has learnt nothing there
        self.heading = Words(title, _WORDS).move_to((x, STAGE_TOP, 0), aligned_edge=UP)
        self.frames = VGroup(*(window_frame(p, self.measured, j) for j, p in enumerate(self.pictures)))
        right = "" if accuracy is None else _("{share} right", share=percent(accuracy, 1))
        self.good = Words(right, _WORDS, theme.ANSWER)
        self.good.move_to((x, STAGE_BOTTOM + _CAPTIONS, 0), aligned_edge=DOWN)
        share, size = percent(float(self.measured.shares.max()), 0), self.measured.window
        told = _("{share} of its weight in {size} × {size} pixels", share=share, size=size)
        self.share = Words(told, size_that_fits([told], _ROOM, theme.CAPTION_SIZE)).move_to((x, _SCALE_Y, 0))

    def lay_scale(self, unit: float, places: int) -> None:
        """Put its colour scale beneath its wall; unit: how long it is for a weight of 1. places: of its numbers."""
        self.scale = ScaleRow(self.limit, unit, places).move_to((self.x, _SCALE_Y, 0))
        self.wall = Group(*self.pictures, self.scale)

    def compare_scales(self, other: float) -> None:
        """Note how many times as bright as the other wall this one is drawn, whose full colour is `other`; if it is."""
        factor = other / self.limit
        told = _("drawn {factor} times as bright", factor=significant(factor, 1 if factor >= 3 else 2))
        self.note = VGroup()
        if factor >= _NOTED:
            self.note.add(Words(told, size_that_fits([told], _ROOM, theme.CAPTION_SIZE)).move_to((self.x, _NOTE_Y, 0)))

    def stand_alone(self) -> None:
        """Everything goes to the middle of the stage, its pictures larger."""
        self.heading.set_x(0)
        framed = Group(*self.pictures, *self.frames).scale(_ALONE, about_point=(self.x, _MIDDLE, 0))
        framed.shift((-self.x, _MIDDLE_ALONE - _MIDDLE, 0))
        self.scale.move_to((0, _SCALE_Y_ALONE, 0))

    def stand_aside(self) -> None:
        """Everything is back in its half of the stage."""
        self._aside(self.heading, Group(*self.pictures, *self.frames), self.scale)

    def going_aside(self) -> list[Any]:
        """The animations that bring everything back to its half of the stage."""
        framed = Group(*self.pictures, *self.frames)
        return self._aside(self.heading.animate, framed.animate, self.scale.animate)

    def _aside(self, heading: Any, framed: Any, scale: Any) -> list[Any]:
        return [
            heading.set_x(self.x),
            framed.shift((self.x, _MIDDLE - _MIDDLE_ALONE, 0)).scale(1 / _ALONE, about_point=(self.x, _MIDDLE, 0)),
            scale.move_to((self.x, _SCALE_Y, 0)),
        ]

    @property
    def most_local(self) -> int:
        """The neuron with the greatest share of its weight in one place."""
        return int(self.measured.shares.argmax())


def patches_verdict(one: Side, other: Side, same_data: bool) -> str:
    """Whether patches have come, by how many neurons of the second network are local; and both accuracies, if known."""
    come = other.measured.local > one.measured.local and other.measured.local > other.n / 2
    # Where the score is not known, its moment is between the others.
    score = _score_told(one.accuracy, other.accuracy, same_data) or "<bookmark mark='score'/>"
    if not come:
        return together(
            _("But they haven't gathered into patches, even though we asked."),
            score,
            _("<bookmark mark='small'/> So this is not <bookmark mark='asked'/> how to get them."),
        )
    return together(
        _("Now they gather into patches.")
        if other.half_alike > other.n / 2
        else _("Now they gather: into patches, if not into edges."),
        score,
        _(
            "<bookmark mark='small'/> One keeps {share} of its weight in one small place; <bookmark mark='asked'/> "
            "ours, {most} at most.",
            share=percent(float(other.measured.shares.max()), 0),
            most=percent(float(one.measured.shares.max()), 0),
        ),
        _("So neurons can look at one small place at a time, if you ask."),
    )


def _score_told(own: float | None, asked: float | None, same_data: bool) -> str:
    """What both networks read; nothing if it is not known."""
    if own is None or asked is None:
        return ""
    this, ours = percent(asked, 1), percent(own, 1)
    if not same_data:
        return _(
            "<bookmark mark='score'/> Each on its own pictures, this one reads {this}, and ours {ours}.",
            this=this,
            ours=ours,
        )
    if this == ours:
        return _("<bookmark mark='score'/> And it reads {this}, just like ours.", this=this)
    if asked > own:
        return _("<bookmark mark='score'/> And it reads {this}: even more than our {ours}.", this=this, ours=ours)
    if own - asked < 0.03:
        return _("<bookmark mark='score'/> And it still reads {this}, against {ours}.", this=this, ours=ours)
    return _("<bookmark mark='score'/> But it only reads {this}, against {ours}.", this=this, ours=ours)
