"""Looking for edges: how much of each first-layer neuron's weight lies in one place."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Create,
    FadeIn,
    FadeOut,
    Group,
    LaggedStart,
    SurroundingRectangle,
    Transform,
    VGroup,
    smooth,
    squish_rate_func,
)
from numpy.typing import NDArray

from network.analysis.detectors import bar_detector
from network.analysis.locality import LOCAL, Locality, locality
from network.evaluation import evaluate
from network.network import Array
from scenes.kit import theme
from scenes.kit.layout import FRAME_WIDTH, SAFE_MARGIN, STAGE_MIDDLE
from scenes.kit.mobjects.numbers import Numbers
from scenes.kit.mobjects.text import Number, Words
from scenes.kit.mobjects.weight_heatmap import WeightHeatmap, WeightScale, WeightWall, full_colour
from scenes.part_11_reality.window_frame import window_frame
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import percent, percent_range

# How wide the detector set by hand may be beside the wall; it is as wide as there is room for.
_LARGEST_DETECTOR, _SMALLEST_DETECTOR = 3.2, 1.6
# The gaps between the wall and its scale, and between the scale and the detector.
_GAPS = 0.45, 0.7
# The wall: its left edge, how far its middle lies above that of the stage, and the line of room beneath each row.
_WALL_LEFT, _WALL_LIFT, _ROW_ROOM = -6.7, 0.12, 0.28
_WALL_WIDTH, _WALL_HEIGHT = 8.3, 5.4


class LookingForEdges(LessonScene):
    """The weight pictures of the whole first layer, and how much of each neuron's weight lies in one place."""

    def construct(self) -> None:
        self.the_hope()
        self.what_there_is()
        self.where_the_weight_is()
        self.what_it_means()
        self.end()

    def alternative_text(self) -> str:
        window, shares = self.measured.window, self.measured.shares
        return (
            f"The weight pictures of all {len(self.weights)} neurons of the first layer in blue and red. In each, the "
            f"{window} by {window} pixels with the most weight are framed; they hold "
            f"{percent_range(shares.min(), shares.max())} percent of it. An edge detector set by hand has 100 percent "
            "there."
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
    def measured(self) -> Locality:
        return locality(self.weights, self.never_seen)

    @cached_property
    def accuracy(self) -> float:
        """The share of the test pictures that the network reads right."""
        return evaluate(self.network, self.digits()).accuracy

    def the_hope(self) -> None:
        self.next_section("The hope")
        share = Words(percent(self.accuracy, 2), 150, theme.ANSWER).move_to((0, STAGE_MIDDLE, 0))
        note = Words("of the test pictures are read right", theme.LABEL_SIZE, theme.QUIET_TEXT)
        note.next_to(share, DOWN, buff=0.45)
        side = round(self.weights.shape[1] ** 0.5)
        detector = bar_detector(side, surround=True).weights
        self.hand_measured = locality(detector)
        self.by_hand = WeightHeatmap(detector[0], extent=4.8, centre=(0, STAGE_MIDDLE - 0.3))
        self.border = SurroundingRectangle(self.by_hand, color=theme.CELL_OUTLINE, stroke_width=2, buff=0)
        self.title = Words("the hope: an edge detector, set by hand", theme.LABEL_SIZE, theme.QUIET_TEXT)
        self.short_title = Words("the hope", theme.LABEL_SIZE, theme.QUIET_TEXT)
        self.title.next_to(self.by_hand, UP, buff=0.3)
        with self.voiceover(
            f"It reads {percent(self.accuracy, 2)} right. Does its {_first_layer(self.network.sizes)} look for edges?",
            moves="The share of right answers stands large in the middle. In its place comes a picture of weights: a "
            "blue bar between two red ones, on black.",
        ):
            self.play(FadeIn(share, note))
            self.wait(1.5 * theme.STEP)
            self.play(
                FadeOut(share, note, rate_func=squish_rate_func(smooth, 0, 0.5)),
                FadeIn(Group(self.by_hand, self.border), self.title, rate_func=squish_rate_func(smooth, 0.4, 1)),
            )

    def what_there_is(self) -> None:
        self.next_section("What there is")
        self.wall, self.places = wall_with_room(self.weights, self.never_seen)
        note = "black in all training pictures" if self.never_seen.any() else ""
        scale = WeightScale(self.wall.limit, 3.2, note, beyond=True)
        small = self.detector_beside(scale)
        border = self.border.copy().scale_to_fit_width(small.width).move_to(small)
        self.short_title.next_to(small, UP, buff=0.2)
        sentence = f"Here are the weights that its {len(self.weights)} neurons have learnt."
        if black := int(self.never_seen.sum()):
            sentence = f"The weights of its {len(self.weights)} neurons. Grey: {black} pixels always black in training."
        with self.voiceover(
            sentence, moves="It goes to the right and makes room for the weight pictures of all neurons of the layer."
        ):
            self.play(
                FadeOut(self.title),
                FadeIn(self.short_title, rate_func=squish_rate_func(smooth, 0.5, 1)),
                Transform(self.by_hand, small, run_time=theme.STEP),
                Transform(self.border, border, run_time=theme.STEP),
            )
            appear = (FadeIn(picture, scale=0.8) for picture in self.wall.pictures)
            self.play(LaggedStart(*appear, lag_ratio=0.15, run_time=theme.FLOW), FadeIn(scale))

    def detector_beside(self, scale: WeightScale) -> WeightHeatmap:
        """Place the wall, its scale and the detector side by side; give the detector as it stands there, to compare."""
        pictures = Group(*self.wall.pictures)
        extent = FRAME_WIDTH - 2 * SAFE_MARGIN - pictures.width - scale.width - sum(_GAPS)
        extent = float(np.clip(extent, _SMALLEST_DETECTOR, _LARGEST_DETECTOR))
        left = -(pictures.width + scale.width + sum(_GAPS) + extent) / 2
        self.places[:, 0] += left - pictures.get_left()[0]
        pictures.align_to((left, 0, 0), LEFT)
        scale.next_to(pictures, RIGHT, buff=_GAPS[0])
        small = self.by_hand.copy().scale_to_fit_width(extent).next_to(scale, RIGHT, buff=_GAPS[1])
        return small.set_y(pictures.get_y() + 0.3).show(small.weights, self.wall.limit)

    def where_the_weight_is(self) -> None:
        self.next_section("Where the weight is")
        measured = self.measured
        self.frames = VGroup(*(window_frame(p, measured, j) for j, p in enumerate(self.wall.pictures)))
        self.numbers = Numbers(100 * measured.shares, self.places, 0, theme.NOTE_SIZE)
        frame = window_frame(self.by_hand, self.hand_measured, 0)
        by_hand = VGroup(
            *(
                VGroup(
                    Words(words, theme.NOTE_SIZE, theme.QUIET_TEXT), Number(100 * share, size=theme.NOTE_SIZE)
                ).arrange(RIGHT, buff=0.15)
                for words, share in (
                    ("set by hand:", self.hand_measured.shares[0]),
                    ("spread evenly:", measured.even),
                )
            )
        ).arrange(DOWN, buff=0.2, aligned_edge=RIGHT)
        by_hand.next_to(self.by_hand, DOWN, buff=0.15)
        with self.voiceover(
            f"Framed: the {measured.window} × {measured.window} pixels with most weight, in percent of all.",
            moves="A yellow frame comes into each picture, and a number beneath it.",
        ):
            frames = (Create(frame) for frame in self.frames)
            self.play(LaggedStart(Create(frame), *frames, lag_ratio=0.1, run_time=theme.FLOW))
            self.play(FadeIn(self.numbers), FadeIn(by_hand))

    def what_it_means(self) -> None:
        self.next_section("What it means")
        local = self.measured.shares >= LOCAL
        dimmed = [
            frame.animate.set_stroke(opacity=0.25)
            for frame, is_local in zip(self.frames, local, strict=True)
            if not is_local
        ]
        with self.voiceover(
            edges_verdict(self.measured.shares), moves=f"Frames go pale where the number is below {100 * LOCAL:.0f}."
        ):
            if dimmed:
                self.play(*dimmed)


def wall_with_room(weights: Array, never_seen: NDArray[np.bool_]) -> tuple[WeightWall, NDArray[np.float64]]:
    """The weight pictures with a line of room beneath each row, and the places (n, 3) for numbers there."""
    wall = WeightWall(
        weights, never_seen, width=_WALL_WIDTH, height=_WALL_HEIGHT, limit=full_colour(weights[:, ~never_seen])
    )
    heights = np.array([picture.get_y() for picture in wall.pictures])
    rows = np.unique(-heights.round(6), return_inverse=True)[1]
    for picture, row in zip(wall.pictures, rows, strict=True):
        picture.shift((rows.max() / 2 - row) * _ROW_ROOM * UP)
    pictures = Group(*wall.pictures)
    pictures.move_to((_WALL_LEFT, STAGE_MIDDLE + _WALL_LIFT, 0), aligned_edge=LEFT)
    return wall, np.array([picture.get_bottom() + 0.17 * DOWN for picture in wall.pictures])


def edges_verdict(shares: NDArray[np.float64]) -> str:
    """What became of the hope for edges, by how many neurons have the share `LOCAL` of their weight in one place."""
    n, local, most = len(shares), int((shares >= LOCAL).sum()), f"{100 * LOCAL:.0f}"
    learnt = f"Learnt: {percent_range(shares.min(), shares.max())}"
    if local == 0:
        return f"{learnt}; set by hand: 100. Clean edge detectors they are not."
    if local == n:
        return f"{learnt}. Each looks at one small place, as was hoped."
    return f"{learnt}. Of {n}, {local} {'has' if local == 1 else 'have'} {most} or more, as was hoped."


def _first_layer(sizes: tuple[int, ...]) -> str:
    return "first hidden layer" if len(sizes) > 2 else "only layer"
