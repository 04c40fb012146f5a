"""Looking for edges: are the weights of the first layer in one place, and is there an edge in them?"""

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

from network.analysis.detectors import EdgeMatch, detector_examples, edge_place
from network.analysis.locality import Locality, locality
from network.network import Array
from scenes.kit import theme
from scenes.kit.animations.appearing import OneByOne
from scenes.kit.layout import STAGE_MIDDLE, STAGE_TOP
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.text import Number, Words
from scenes.kit.mobjects.weight_heatmap import WeightHeatmap, WeightScale
from scenes.kit.picture_frames import LARGE_CENTRE, LARGE_EXTENT, frame_of_weights, frame_of_window
from scenes.language import _, _n, together
from scenes.part_11_reality.edge_outline import EdgeOutline, SlideOutline
from scenes.part_11_reality.first_layer import (
    ASIDE_X,
    LARGER_NUMBERS,
    NUMBERS,
    FirstLayerBesideOurs,
    aside,
    beneath,
)
from scenes.part_11_reality.window_frame import window_frame
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import in_words, number, percent, percent_range

# The height of the middle of the scale, to the right of the pictures, and how long it is.
_SCALE_Y, _SCALE = -1.55, 1.9
# Two pictures close up: how large, how far to the left and right of the middle, and the size of the numbers beneath.
_CLOSE_EXTENT, _CLOSE_ASIDE, _CLOSE_NUMBERS = 5.3, 3.4, 88
# How long the outline of our edge goes over the picture, at least.
_SLIDE = 3.0


class LookingForEdges(LessonScene):
    """The weight pictures of the whole first layer: how much weight lies in one place, and how like an edge it is."""

    def construct(self) -> None:
        self.the_hope()
        self.what_there_is()
        self.where_the_weight_is()
        self.an_edge_or_not()
        self.what_it_means()
        self.end()

    def alternative_text(self) -> str:
        window, shares = self.measured.window, self.measured.shares
        return _(
            "The weight pictures of all {neurons} neurons of the first layer in blue and red; what is always black in "
            "the training pictures is grey. In each, the {size} by {size} pixels with the most weight are framed; they "
            "hold {shares} percent of it. An edge detector set by hand has 100 percent there. Its outline slides over "
            "the picture that is most like it; beneath each picture stands how alike they are at best, {likeness} "
            "here, where 1 would be a perfect match.",
            neurons=number(len(self.weights), thousands=False),
            size=window,
            shares=percent_range(shares.min(), shares.max()),
            likeness=number(self.match.likeness, 2),
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
    def most_alike(self) -> int:
        """The neuron whose picture is most like an edge."""
        return int(np.argmax([match.likeness for match in self.stage.matches]))

    @property
    def match(self) -> EdgeMatch:
        """Where and how well the edge fits into that picture."""
        return self.stage.matches[self.most_alike]

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
                    "Here is the real one.",
                    "Here are the real ones.",
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
                Words(percent(share, 0), NUMBERS).move_to(beneath(picture))
                for share, picture in zip(measured.shares, self.pictures, strict=True)
            )
        )
        self.greatest = self.numbers[int(measured.shares.argmax())].set_fill(theme.ANSWER)
        self.hand_frame = window_frame(self.by_hand, self.hand_measured, 0)
        self.hand_share = Words(percent(hand, 0), LARGER_NUMBERS, theme.ANSWER).next_to(self.own_scale, DOWN, buff=0.2)
        self.yardstick = VGroup(*map(aside, yardstick_shown(measured, self.at_the_start))).arrange(DOWN, buff=0.15)
        self.yardstick.move_to(self.scale)
        with self.voiceover(
            together(
                _("An edge is small."),
                shares_told(measured),
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
            self.play(Indicate(self.greatest, 1.5, theme.ANSWER))
            self.wait_until_bookmark("hand")
            self.play(Create(self.hand_frame), FadeIn(self.hand_share))

    def an_edge_or_not(self) -> None:
        self.next_section(_("An edge or not"))
        chosen, match = self.most_alike, self.match
        self.near = self.pictures[chosen].copy()
        left, right = self.near.copy(), self.by_hand.copy()
        for picture, x in ((left, -_CLOSE_ASIDE), (right, _CLOSE_ASIDE)):
            picture.scale_to_fit_width(_CLOSE_EXTENT).move_to((x, STAGE_TOP - _CLOSE_EXTENT / 2, 0))
        border = frame_of_weights(left)
        likeness, perfect = (
            Number(value, 2, _CLOSE_NUMBERS, theme.ANSWER).next_to(picture, DOWN, buff=0.3)
            for value, picture in ((0, left), (1, right))
        )
        outline = EdgeOutline(right).move_to(middle_of_edge(right))
        turned = EdgeOutline(left, match.angle)
        beside = (self.own_scale, self.yardstick, self.hand_frame, self.hand_share)
        wall = Group(self.pictures, self.frames, self.numbers, *beside)
        with self.voiceover(
            together(
                _("But small doesn't make an edge."),
                _(
                    "Slide ours <bookmark mark='slide'/> across this one, turned to fit: <bookmark mark='match'/> "
                    "{likeness} at best, where 1 would be a perfect match.",
                    likeness=number(match.likeness, 2),
                ),
            ),
            moves=_(
                "One of the pictures grows until it stands large beside the one set by hand, which grows as well. The "
                "outline of the bar and its two strips leaves ours, turns, and goes over the other picture from side "
                "to side; a number beneath says how alike they are in each place. It stops where they are most alike."
            ),
        ) as tracker:
            self.play(
                FadeOut(wall, run_time=theme.QUICK),
                Transform(self.near, left),
                Transform(self.by_hand, right),
                Transform(self.border, frame_of_weights(right)),
            )
            self.play(FadeIn(border, perfect), Create(outline), run_time=theme.QUICK)
            self.wait_until_bookmark("slide")
            self.play(Transform(outline, turned), run_time=theme.STEP)
            self.remove(outline)
            self.add(turned)
            slide = max(tracker.time_until_bookmark("match"), _SLIDE)
            self.play(SlideOutline(turned, likeness, left, match, run_time=slide))
            self.play(Indicate(likeness, 1.3, theme.ANSWER))
        self.close_up = VGroup(turned, border, likeness, perfect)

    def what_it_means(self) -> None:
        self.next_section(_("What it means"))
        pictures, stage = self.pictures, self.stage
        likenesses, half = stage.likenesses, stage.half_alike
        with self.voiceover(
            edges_verdict(len(pictures), len(half)),
            moves=_(
                "Both go back to their places among the others. How alike each picture and an edge are stands beneath "
                "it, in yellow where it is at least a half; the other pictures dim, and these swell."
            ),
        ) as tracker:
            self.play(
                FadeOut(self.close_up, run_time=theme.QUICK),
                Transform(self.near, pictures[self.most_alike].copy()),
                Transform(self.by_hand, self.small),
                Transform(self.border, frame_of_weights(self.small)),
                FadeIn(self.own_scale),
                LaggedStart(*(FadeIn(picture) for picture in pictures), lag_ratio=0.05, run_time=1.2),
            )
            self.remove(self.near)
            self.play(LaggedStart(*(FadeIn(one) for one in likenesses), lag_ratio=0.1, run_time=theme.STEP))
            rest = [neuron for neuron in range(len(pictures)) if neuron not in half]
            self.play(*(Transform(pictures[neuron], stage.dimmed(neuron)) for neuron in rest), run_time=theme.QUICK)
            swell = [
                Group(pictures[neuron], likenesses[neuron]).animate(rate_func=there_and_back).scale(1.15)
                for neuron in half or range(len(pictures))
            ]
            length = max(tracker.get_remaining_duration(), theme.FLOW)
            self.play(LaggedStart(*swell, lag_ratio=0.3, run_time=length))


def middle_of_edge(picture: WeightHeatmap) -> NDArray[np.float64]:
    """The middle of the edge in a picture of the detector that was set by hand, (3,)."""
    rows, columns = edge_place(picture.side)
    centres = picture.centres.reshape(picture.side, picture.side, 3)[rows, columns].reshape(-1, 3)
    middle: NDArray[np.float64] = (centres.min(axis=0) + centres.max(axis=0)) / 2
    return middle


def yardstick_shown(measured: Locality, before: Locality | None) -> tuple[str, str]:
    """What to compare the shares with, in two lines: those before training, or, if unknown, that of even weights."""
    if before is None:
        return _("spread evenly:"), percent(measured.even, 0)
    return _("at the start:"), _("{share} at most", share=percent(before.shares.max(), 0))


def shares_told(measured: Locality) -> str:
    """The greatest share of weight in one place."""
    low, high = percent(measured.shares.min(), 0), percent(measured.shares.max(), 0)
    size = in_words(measured.window)
    if low == high:
        return _(
            "<bookmark mark='window'/> So in each, frame the {size} by {size} pixels with the most weight: "
            "<bookmark mark='shares'/> {share} of it.",
            size=size,
            share=high,
        )
    return _(
        "<bookmark mark='window'/> So in each, frame the {size} by {size} pixels with the most weight: "
        "<bookmark mark='shares'/> {share} of it at most.",
        size=size,
        share=high,
    )


def edges_verdict(neurons: int, half_alike: int) -> str:
    """What became of the hope for edges; half_alike: how many of the neurons are at least half like an edge."""
    if half_alike == 0:
        return _("Mostly I see spots and streaks.")
    if half_alike == neurons:
        return _("So, yes, more or less: they do look for edges.")
    return together(
        _n(
            "So, partly: {n} of the {all} reaches a half.",
            "So, partly: {n} of the {all} reach a half.",
            half_alike,
            n=in_words(half_alike),
            all=in_words(neurons),
        ),
        _("In the others, I see spots and streaks."),
    )
