"""Looking for edges: how much of each first-layer neuron's weight lies in one place."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from manim import (
    DOWN,
    RIGHT,
    Create,
    FadeIn,
    FadeOut,
    Group,
    Indicate,
    LaggedStart,
    Transform,
    VGroup,
    there_and_back,
)
from numpy.typing import NDArray

from network.analysis.detectors import detector_examples, edge_place, likeness_to_an_edge
from network.analysis.locality import LOCAL, Locality, locality
from network.network import Array
from scenes.kit import theme
from scenes.kit.animations.appearing import OneByOne
from scenes.kit.layout import STAGE_MIDDLE, STAGE_TOP
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.text import Words
from scenes.kit.mobjects.weight_heatmap import WeightScale
from scenes.kit.picture_frames import LARGE_CENTRE, LARGE_EXTENT, frame_of_weights, frame_of_window
from scenes.language import _, _n, together
from scenes.part_11_reality.first_layer import ASIDE_X, ROOM_BENEATH, FirstLayerBesideOurs, aside
from scenes.part_11_reality.window_frame import window_frame
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import in_words, number, percent, percent_range

# The height of the middle of the scale, to the right of the pictures, and how long it is.
_SCALE_Y, _SCALE = -1.55, 1.9
# The size of the shares beneath the pictures, and beneath large ones.
_SHARES, _LARGE_SHARES = 44, 80
# Two pictures close up: how large, and how far to the left and right of the middle.
_CLOSE_EXTENT, _CLOSE_ASIDE = 4.9, 3.4
# From what likeness on a picture of weights looks like the edge that was set by hand: a bit, and much.
_A_BIT, _MUCH = 0.5, 0.85


class LookingForEdges(LessonScene):
    """The weight pictures of the whole first layer, and how much of each neuron's weight lies in one place."""

    def construct(self) -> None:
        self.the_hope()
        self.what_there_is()
        self.where_the_weight_is()
        self.the_best_one()
        self.what_it_means()
        self.end()

    def alternative_text(self) -> str:
        window, shares = self.measured.window, self.measured.shares
        return _(
            "The weight pictures of all {neurons} neurons of the first layer in blue and red; what is always black in "
            "the training pictures is grey. In each, the {size} by {size} pixels with the most weight are framed; they "
            "hold {shares} percent of it. An edge detector set by hand has 100 percent there. The best of them stands "
            "large beside it.",
            neurons=number(len(self.weights), thousands=False),
            size=window,
            shares=percent_range(shares.min(), shares.max()),
        )

    @cached_property
    def weights(self) -> Array:
        """The weights of the first layer, (n, side²)."""
        return self.network.layers[0].weights

    @cached_property
    def never_seen(self) -> NDArray[np.bool_]:
        """(side²,) which pixels are black in all training pictures."""
        return self.digits("train").never_lit

    @cached_property
    def stage(self) -> FirstLayerBesideOurs:
        """The weight pictures, and the detector that was set by hand."""
        return FirstLayerBesideOurs(self.network, self.never_seen)

    @property
    def measured(self) -> Locality:
        return self.stage.measured

    @cached_property
    def at_the_start(self) -> Locality | None:
        """The same measurements before training; None if that was not recorded."""
        epochs = self.checkpoint.snapshot_epochs
        if not len(epochs) or epochs[0] > 0:
            return None
        return locality(self.checkpoint.snapshot(0).layers[0].weights, self.never_seen)

    @property
    def best(self) -> int:
        """The neuron with the most of its weight in one place."""
        return int(self.measured.shares.argmax())

    @cached_property
    def likenesses(self) -> NDArray[np.float64]:
        """How alike each picture and an edge are, (n,), −1 to 1."""
        return np.array([likeness_to_an_edge(row) for row in np.where(self.never_seen, 0, self.weights)])

    @property
    def likeness(self) -> float:
        """How alike the best one and an edge are."""
        return float(self.likenesses[self.best])

    @property
    def also_alike(self) -> list[int]:
        """The other neurons that look a bit like an edge."""
        return [int(neuron) for neuron in np.flatnonzero(self.likenesses >= _A_BIT) if neuron != self.best]

    def the_hope(self) -> None:
        self.next_section(_("The hope"))
        self.hand_measured = self.stage.measured_by_hand
        self.by_hand = self.stage.large
        self.border = frame_of_weights(self.by_hand)
        bar = PixelGrid(detector_examples(self.digits()).bar_image, LARGE_EXTENT, (0, STAGE_MIDDLE))
        frame = frame_of_window(bar, *edge_place(bar.side), theme.ANSWER)
        self.bar = Group(bar, frame)
        with self.voiceover(
            together(
                _("I owe you an answer."),
                _(
                    "Does the first hidden layer look for <bookmark mark='edges'/> edges, <bookmark mark='hand'/> like "
                    "the one that we made by hand?"
                )
                if len(self.network.sizes) > 2
                else _(
                    "Does the only layer look for <bookmark mark='edges'/> edges, <bookmark mark='hand'/> like the one "
                    "that we made by hand?"
                ),
            ),
            moves=_(
                "A test picture stands there; a yellow frame marks a bright bar in it, with dark above and below. It "
                "goes to the right, and beside it comes a large picture of weights: a blue bar between two red ones, "
                "on black."
            ),
        ) as tracker:
            self.add(bar)
            self.play(Create(frame, run_time=max(tracker.time_until_bookmark("edges"), theme.STEP)))
            self.play(frame.animate(rate_func=there_and_back).scale(1.15), run_time=1.2)
            self.wait_until_bookmark("hand")
            aside = (-LARGE_CENTRE[0] + 0.3) * RIGHT
            self.play(self.bar.animate.shift(aside), FadeIn(self.border), OneByOne(self.by_hand), run_time=1.5)

    def what_there_is(self) -> None:
        self.next_section(_("What there is"))
        self.pictures, self.own_scale = self.stage.pictures, self.stage.own_scale
        self.small = small = self.stage.small
        self.scale = WeightScale(self.pictures[0].limit, _SCALE, beyond=True).move_to((ASIDE_X, _SCALE_Y, 0))
        n = len(self.weights)
        with self.voiceover(
            together(
                _n(
                    "Here is the real one, as training left it.",
                    "Here are the real ones, as training left them.",
                    n,
                ),
                _("<bookmark mark='see'/> Do you see any edges?"),
            ),
            moves=_(
                "It goes to the right and makes room for the weight pictures of all neurons of the layer, on the scale "
                "of part 8; the one set by hand has its own."
            ),
        ):
            appear = (FadeIn(picture, scale=0.8) for picture in self.pictures)
            self.play(
                FadeOut(self.bar, run_time=theme.QUICK),
                Transform(self.by_hand, small, run_time=theme.STEP),
                Transform(self.border, frame_of_weights(small), run_time=theme.STEP),
                LaggedStart(*appear, lag_ratio=0.15, run_time=1.5 * theme.FLOW),
            )
            self.play(FadeIn(self.own_scale, self.scale), run_time=theme.QUICK)
            self.wait_until_bookmark("see")
            self.play(self.in_turn(1.1, 1.5 * theme.FLOW))

    def in_turn(self, scale: float, seconds: float) -> LaggedStart:
        """All pictures of the wall swell, one after another."""
        swell = (picture.animate(rate_func=there_and_back).scale(scale) for picture in self.pictures)
        return LaggedStart(*swell, lag_ratio=0.15, run_time=seconds)

    def where_the_weight_is(self) -> None:
        self.next_section(_("Where the weight is"))
        measured, hand = self.measured, float(self.hand_measured.shares[0])
        self.frames = self.stage.frames
        self.numbers = VGroup(
            *(
                Words(percent(share, 0), _SHARES).move_to(picture.get_bottom() + ROOM_BENEATH / 2 * DOWN)
                for share, picture in zip(measured.shares, self.pictures, strict=True)
            )
        )
        self.numbers[self.best].set_fill(theme.ANSWER)
        self.hand_frame = window_frame(self.by_hand, self.hand_measured, 0)
        self.hand_share = Words(percent(hand, 0), 64, theme.ANSWER).next_to(self.own_scale, DOWN, buff=0.2)
        self.yardstick = VGroup(*map(aside, yardstick_shown(measured, self.at_the_start))).arrange(DOWN, buff=0.15)
        self.yardstick.move_to(self.scale)
        with self.voiceover(
            together(
                _("An edge is small."),
                shares_told(measured, self.at_the_start),
                _("In ours, <bookmark mark='hand'/> all of it."),
            ),
            moves=_(
                "A yellow frame comes into each picture, and then the percentage beneath it; at the right stands what "
                "it would be evenly spread."
            )
            if self.at_the_start is None
            else _(
                "A yellow frame comes into each picture, and then the percentage beneath it; at the right stands what "
                "it would be at the start of the training."
            ),
        ):
            self.wait_until_bookmark("window")
            frames = (Create(frame) for frame in self.frames)
            self.play(LaggedStart(*frames, lag_ratio=0.15, run_time=2 * theme.FLOW))
            self.wait_until_bookmark("shares")
            self.play(
                FadeOut(self.scale, run_time=theme.QUICK),
                FadeIn(self.yardstick),
                LaggedStart(*(FadeIn(number) for number in self.numbers), lag_ratio=0.1, run_time=theme.STEP),
            )
            self.play(Indicate(self.numbers[self.best], 1.5, theme.ANSWER))
            self.wait_until_bookmark("hand")
            self.play(Create(self.hand_frame), FadeIn(self.hand_share))

    def the_best_one(self) -> None:
        self.next_section(_("The best one"))
        best = self.best
        self.near = self.pictures[best].copy()
        left, right = self.near.copy(), self.by_hand.copy()
        for picture, x in ((left, -_CLOSE_ASIDE), (right, _CLOSE_ASIDE)):
            picture.scale_to_fit_width(_CLOSE_EXTENT).move_to((x, STAGE_TOP - _CLOSE_EXTENT / 2, 0))
        share = percent(float(self.measured.shares[best]), 0)
        self.close_up = VGroup(
            window_frame(left, self.measured, best, theme.MARK_WIDTH),
            window_frame(right, self.hand_measured, 0, theme.MARK_WIDTH),
            frame_of_weights(left),
            *(
                Words(text, _LARGE_SHARES, theme.ANSWER).next_to(picture, DOWN, buff=0.3)
                for text, picture in ((share, left), (percent(float(self.hand_measured.shares[0]), 0), right))
            ),
        )
        beside = (self.own_scale, self.yardstick, self.hand_frame, self.hand_share)
        wall = Group(self.pictures, self.frames, self.numbers, *beside)
        with self.voiceover(
            best_told(self.likeness, len(self.weights)),
            moves=_(
                "The picture with the greatest share grows until it stands large beside the one set by hand, which "
                "grows as well; each with its frame and its share."
            ),
        ):
            self.play(
                FadeOut(wall, run_time=theme.QUICK),
                Transform(self.near, left),
                Transform(self.by_hand, right),
                Transform(self.border, frame_of_weights(right)),
            )
            self.play(FadeIn(self.close_up), run_time=theme.QUICK)
            self.wait_until_bookmark("verdict")
            swell = (frame.animate(rate_func=there_and_back).scale(1.1) for frame in self.close_up[:2])
            self.play(*swell, run_time=theme.STEP)

    def what_it_means(self) -> None:
        self.next_section(_("What it means"))
        pictures = self.pictures
        with self.voiceover(
            edges_verdict(self.measured.shares, self.likeness, len(self.also_alike)),
            moves=_("Both go back to their places among the others. The pictures swell, one after another."),
        ) as tracker:
            self.play(
                FadeOut(self.close_up, run_time=theme.QUICK),
                Transform(self.near, pictures[self.best].copy()),
                Transform(self.by_hand, self.small),
                Transform(self.border, frame_of_weights(self.small)),
                FadeIn(self.own_scale),
                LaggedStart(*(FadeIn(picture) for picture in pictures), lag_ratio=0.05, run_time=1.2),
            )
            self.remove(self.near)
            if frames := self.stage.local_frames:
                self.play(*(FadeIn(frame) for frame in frames), run_time=theme.QUICK)
            elif others := [pictures[neuron] for neuron in self.also_alike]:
                swell = (picture.animate(rate_func=there_and_back).scale(1.15) for picture in others)
                self.play(LaggedStart(*swell, lag_ratio=0.4, run_time=theme.FLOW))
            self.play(self.in_turn(1.12, max(tracker.get_remaining_duration(), theme.FLOW)))


def yardstick_shown(measured: Locality, before: Locality | None) -> tuple[str, str]:
    """What to compare the shares with, in two lines: those before training, or, if unknown, that of even weights."""
    if before is None:
        return _("spread evenly:"), percent(measured.even, 0)
    return _("at the start:"), _("{share} at most", share=percent(before.shares.max(), 0))


def shares_told(measured: Locality, before: Locality | None = None) -> str:
    """The greatest share of weight in one place; before: the same before training, if it is known."""
    low, high = percent(measured.shares.min(), 0), percent(measured.shares.max(), 0)
    size = in_words(measured.window)
    if low == high:
        return _(
            "<bookmark mark='window'/> So in each, frame the {size} by {size} pixels with the most weight: "
            "<bookmark mark='shares'/> {share} of it.",
            size=size,
            share=high,
        )
    if before is not None and before.shares.max() < measured.shares.max():
        return _(
            "<bookmark mark='window'/> So in each, frame the {size} by {size} pixels with the most weight: "
            "<bookmark mark='shares'/> {share} of it at most, up from {before} before training.",
            size=size,
            share=high,
            before=percent(before.shares.max(), 0),
        )
    return _(
        "<bookmark mark='window'/> So in each, frame the {size} by {size} pixels with the most weight: "
        "<bookmark mark='shares'/> {share} of it at most.",
        size=size,
        share=high,
    )


def best_told(likeness: float, neurons: int) -> str:
    """Whether the neuron with the most weight in one place looks like the edge detector, −1 to 1; see `_A_BIT`."""
    if neurons == 1:
        if likeness >= _MUCH:
            return _("It looks <bookmark mark='verdict'/> very much like ours.")
        if likeness >= _A_BIT:
            return _("It does look <bookmark mark='verdict'/> a bit like ours.")
        return _("It doesn't look <bookmark mark='verdict'/> much like ours.")
    if likeness >= _MUCH:
        return _("The best one looks <bookmark mark='verdict'/> very much like ours.")
    if likeness >= _A_BIT:
        return _("The best one does look <bookmark mark='verdict'/> a bit like ours.")
    return _("Even the best one doesn't look <bookmark mark='verdict'/> much like ours.")


def edges_verdict(shares: NDArray[np.float64], likeness: float, also_alike: int = 0) -> str:
    """What became of the hope for edges, by how many neurons have the share `LOCAL` of their weight in one place.

    likeness: of the best of them to an edge, −1 to 1, which was spoken of just before. also_alike: how many others
    look a bit like an edge.
    """
    n, local = len(shares), int((shares >= LOCAL).sum())
    if local == 0:
        if likeness >= _A_BIT:
            others = _n(
                "So does {n} other, though not as clean as ours.",
                "So do {n} others, though none is as clean as ours.",
                also_alike,
                n=in_words(also_alike),
            )
            few = 0 < also_alike < n / 2 and likeness < _MUCH
            return together(others if few else "", _("Mostly, though, I see spots and streaks."))
        return _("Mostly I see spots and streaks.")
    if local == n:
        return _("So, partly: each of them does look at one small place, as we had hoped.")
    return together(
        _n(
            "So, partly: {n} of them does look at one small place, as we had hoped.",
            "So, partly: {n} of them do look at one small place, as we had hoped.",
            local,
            n=in_words(local),
        ),
        _("The others look all over the picture."),
    )
