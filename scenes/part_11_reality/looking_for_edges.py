"""Looking for edges: how like an edge are the weight pictures of the first layer?"""

from __future__ import annotations

from collections.abc import Sequence
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
    there_and_back,
)
from numpy.typing import NDArray

from network.analysis.detectors import EdgeMatch, detector_examples, edge_place, match_with_an_edge
from network.network import Array
from scenes.kit import theme
from scenes.kit.animations.appearing import OneByOne
from scenes.kit.animations.swell_in_turn import SwellInTurn
from scenes.kit.layout import STAGE_MIDDLE, STAGE_TOP
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.text import Number
from scenes.kit.mobjects.weight_heatmap import WeightHeatmap, WeightScale, full_colour
from scenes.kit.picture_frames import LARGE_CENTRE, LARGE_EXTENT, frame_of_weights, frame_of_window
from scenes.language import _, _n, together
from scenes.part_11_reality.edge_outline import EdgeOutline, SlideOutline
from scenes.part_11_reality.first_layer import ASIDE_X, FirstLayerBesideOurs
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import in_words, number

# The height of the middle of the scale, to the right of the pictures, and how long it is.
_SCALE_Y, _SCALE = -1.55, 1.9
# Two pictures close up: how large, how far to the left and right of the middle, and the size of the numbers beneath.
_CLOSE_EXTENT, _CLOSE_ASIDE, _CLOSE_NUMBERS = 5.3, 3.4, 88
# How long the outline of our edge goes over the first picture, at least, and over the next ones.
_SLIDE, _SHORT_SLIDE = 2.0, 1.2


class LookingForEdges(LessonScene):
    """The weight pictures of the whole first layer, and how like an edge each of them is."""

    def construct(self) -> None:
        self.the_hope()
        self.what_there_is()
        self.an_edge_or_not()
        self.what_it_means()
        self.end()

    def alternative_text(self) -> str:
        before = self.before_training
        return together(
            _(
                "The weight pictures of all {neurons} neurons of the first layer in blue and red; what is always black "
                "in the training pictures is grey. The outline of an edge detector set by hand slides over the picture "
                "that is most like it, and over the one that is least; beneath each picture stands how alike they are "
                "at best, {most} and {least} here, where 1 would be a perfect match.",
                neurons=number(len(self.weights), thousands=False),
                most=number(self.match.likeness, 2),
                least=number(self.stage.matches[self.least_alike].likeness, 2),
            ),
            ""
            if before is None
            else _("Before the training, the best was {likeness}.", likeness=number(before[1].likeness, 2)),
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

    @cached_property
    def before_training(self) -> tuple[Array, EdgeMatch] | None:
        """Of all neurons before the training, the weights (side²,) that were most like an edge, and how much.

        None if that was not recorded.
        """
        epochs = self.checkpoint.snapshot_epochs
        if not len(epochs) or epochs[0] > 0:
            return None
        weights = np.where(self.never_seen, 0, self.checkpoint.snapshot(0).layers[0].weights)
        return max(((row, match_with_an_edge(row)) for row in weights), key=lambda found: found[1].likeness)

    @property
    def most_alike(self) -> int:
        """The neuron whose picture is most like an edge."""
        return int(np.argmax([match.likeness for match in self.stage.matches]))

    @property
    def least_alike(self) -> int:
        """The neuron whose picture is least like an edge."""
        return int(np.argmin([match.likeness for match in self.stage.matches]))

    @property
    def match(self) -> EdgeMatch:
        """Where and how well the edge fits into that picture."""
        return self.stage.matches[self.most_alike]

    def the_hope(self) -> None:
        self.next_section(_("The hope"))
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
            self.play(SwellInTurn(self.pictures, 1.1, run_time=1.5 * theme.FLOW))

    def an_edge_or_not(self) -> None:
        self.next_section(_("An edge or not"))
        chosen, match, before = self.most_alike, self.match, self.before_training
        self.near = self.pictures[chosen].copy()
        left, right = self.near.copy(), self.by_hand.copy()
        for picture, x in ((left, -_CLOSE_ASIDE), (right, _CLOSE_ASIDE)):
            picture.scale_to_fit_width(_CLOSE_EXTENT).move_to((x, STAGE_TOP - _CLOSE_EXTENT / 2, 0))
        border = frame_of_weights(left)
        self.likeness, perfect = (
            Number(value, 2, _CLOSE_NUMBERS, theme.ANSWER).next_to(picture, DOWN, buff=0.3)
            for value, picture in ((0, left), (1, right))
        )
        outline = EdgeOutline(right).move_to(middle_of_edge(right))
        self.turned = EdgeOutline(left, match.angle)
        with self.voiceover(
            likeness_told(
                match.likeness,
                self.stage.matches[self.least_alike].likeness if len(self.weights) > 1 else None,
                None if before is None else before[1].likeness,
            ),
            moves=_(
                "One of the pictures grows until it stands large beside the one set by hand, which grows as well. The "
                "outline of the bar and its two strips leaves ours, turns, and goes over the other picture from side "
                "to side; a number beneath says how alike they are in each place. It stops where they are most alike. "
                "Then it goes over other pictures in the same place."
            ),
        ) as tracker:
            self.play(
                FadeOut(Group(self.pictures, self.own_scale, self.scale), run_time=theme.QUICK),
                Transform(self.near, left),
                Transform(self.by_hand, right),
                Transform(self.border, frame_of_weights(right)),
            )
            self.play(FadeIn(border, perfect), Create(outline), run_time=theme.QUICK)
            self.wait_until_bookmark("slide")
            self.play(Transform(outline, self.turned), run_time=theme.QUICK)
            self.remove(outline)
            self.add(self.turned)
            slide = max(tracker.time_until_bookmark("match"), _SLIDE)
            self.play(SlideOutline(self.turned, self.likeness, left, match, run_time=slide))
            self.play(Indicate(self.likeness, 1.3, theme.ANSWER))
            if len(self.weights) > 1:
                self.wait_until_bookmark("least")
                least = self.pictures[self.least_alike].copy().scale_to_fit_width(_CLOSE_EXTENT).move_to(left)
                self.measure_instead(least, self.stage.matches[self.least_alike])
            if before is not None:
                self.wait_until_bookmark("start")
                weights, found = before
                seen = weights[~self.never_seen]
                start = WeightHeatmap(weights, full_colour(seen), self.never_seen, _CLOSE_EXTENT).move_to(left)
                self.measure_instead(start, found)
        self.close_up = Group(self.turned, border, self.likeness, perfect)

    def measure_instead(self, picture: WeightHeatmap, match: EdgeMatch) -> None:
        """Another picture takes the place of the one that is measured; the outline goes to where it is most alike."""
        turned = EdgeOutline(picture, match.angle)
        before = (self.near, self.turned, self.likeness)
        self.near, self.turned, self.likeness = picture, turned, self.likeness.copy()
        self.play(FadeOut(*before), FadeIn(picture, turned), run_time=theme.QUICK)
        self.play(SlideOutline(turned, self.likeness, picture, match, lines=2, run_time=_SHORT_SLIDE))

    def what_it_means(self) -> None:
        self.next_section(_("What it means"))
        pictures, stage = self.pictures, self.stage
        likenesses, half = stage.likenesses, stage.half_alike
        rest = [neuron for neuron in range(len(pictures)) if neuron not in half]
        whole = [picture.copy() for picture in pictures]
        with self.voiceover(
            edges_verdict(len(pictures), len(half)),
            moves=_(
                "The pictures stand in their places again. How alike each and an edge are stands beneath it, in yellow "
                "where it is at least a half; these swell, while the others dim, and then the others."
            ),
        ) as tracker:
            self.play(
                FadeOut(self.near, self.close_up, run_time=theme.QUICK),
                Transform(self.by_hand, self.small),
                Transform(self.border, frame_of_weights(self.small)),
                FadeIn(self.own_scale, likenesses),
                LaggedStart(*(FadeIn(picture) for picture in pictures), lag_ratio=0.05, run_time=1.2),
            )
            if half and rest:
                self.name(half, rest, max(tracker.time_until_bookmark("others"), theme.FLOW))
                self.wait_until_bookmark("others")
                self.play(*(Transform(pictures[neuron], whole[neuron]) for neuron in rest), run_time=0.3)
                self.name(rest, half, max(tracker.get_remaining_duration() - 0.3, theme.FLOW))
                self.play(*(Transform(pictures[neuron], whole[neuron]) for neuron in half), run_time=0.3)
            else:
                self.name(range(len(pictures)), [], max(tracker.get_remaining_duration(), theme.FLOW))

    def name(self, named: Sequence[int], others: Sequence[int], seconds: float) -> None:
        """The pictures of some neurons swell, one after another, and those of the others are dimmed."""
        swell = (
            Group(self.pictures[neuron], self.stage.likenesses[neuron]).animate(rate_func=there_and_back).scale(1.15)
            for neuron in named
        )
        if others:
            self.play(*(Transform(self.pictures[j], self.stage.dimmed(j)) for j in others), run_time=theme.QUICK)
            seconds = max(seconds - theme.QUICK, theme.STEP)
        self.play(LaggedStart(*swell, lag_ratio=0.3, run_time=seconds))


def middle_of_edge(picture: WeightHeatmap) -> NDArray[np.float64]:
    """The middle of the edge in a picture of the detector that was set by hand, (3,)."""
    rows, columns = edge_place(picture.side)
    centres = picture.centres.reshape(picture.side, picture.side, 3)[rows, columns].reshape(-1, 3)
    middle: NDArray[np.float64] = (centres.min(axis=0) + centres.max(axis=0)) / 2
    return middle


def likeness_told(most: float, least: float | None, start: float | None) -> str:
    """How like an edge the picture is that is most like one, the one that is least, and the best before training.

    least: None if there is only one picture. start: None if that was not recorded. The bookmarks "slide", "match",
    "least" and "start" stand where these are measured.
    """
    return together(
        _("Let's measure."),
        _(
            "Slide ours <bookmark mark='slide'/> across this one, turned to fit: <bookmark mark='match'/> "
            "{likeness} at best, where 1 would be a perfect match.",
            likeness=number(most, 2),
        ),
        ""
        if least is None
        else _("<bookmark mark='least'/> But across this one, only {likeness}.", likeness=number(least, 2)),
        ""
        if start is None
        else together(
            "<bookmark mark='start'/>",
            _("Before the training, the best was {likeness}.", likeness=number(start, 2)),
        ),
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
        together("<bookmark mark='others'/>", _("In the others, I see spots and streaks.")),
    )
