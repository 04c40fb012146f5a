"""The weight pictures of the first layer as part 8 left them: its places, its scale and its colours."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from manim import DOWN, UP, Group, VGroup
from numpy.typing import NDArray

from network import Network
from network.analysis.detectors import bar_detector, match_with_an_edge
from network.network import Array
from scenes.kit import theme
from scenes.kit.layout import STAGE_TOP
from scenes.kit.mobjects.text import Number, Words, size_that_fits
from scenes.kit.mobjects.weight_heatmap import WeightHeatmap, full_colour
from scenes.kit.picture_frames import LARGE_CENTRE, LARGE_EXTENT, frame_of_weights
from scenes.kit.weight_rows import places_in_rows
from scenes.language import _

# The room beneath each row, for a line of text.
ROOM_BENEATH = 0.34
# The size of the numbers beneath the pictures, and of that beneath the one set by hand.
NUMBERS, LARGER_NUMBERS = 44, 64
# From this likeness on a picture counts as half like an edge; a picture that is not meant has this share of its light.
HALF, _REST = 0.5, 0.45
# To the right of the pictures: the middle, the detector set by hand, how wide words may be, and their size.
ASIDE_X, _DETECTOR, _ROOM_ASIDE, _ASIDE = 5.5, 2.3, 2.5, 48


class FirstLayerBesideOurs:
    """The weight pictures of a first layer, and to their right the edge detector that was set by hand.

    pictures: one for each neuron. large, small: the detector, first large and then beside them, where `own_scale` is
    written below it. matches: where each picture is most like the detector, and how much, which `likenesses` say
    beneath the pictures and beneath the detector.
    """

    def __init__(self, network: Network, never_seen: NDArray[np.bool_]) -> None:
        weights = network.layers[0].weights
        self.pictures = first_layer_pictures(weights, never_seen)
        self.matches = [match_with_an_edge(row) for row in np.where(never_seen, 0, weights)]
        detector = bar_detector(round(weights.shape[1] ** 0.5), surround=True).weights
        self.large = WeightHeatmap(detector[0], extent=LARGE_EXTENT, centre=LARGE_CENTRE)
        self.small = self.large.copy().scale_to_fit_width(_DETECTOR)
        self.small.move_to((ASIDE_X, STAGE_TOP - 0.05, 0), aligned_edge=UP)
        self.own_scale = aside(_("its own scale")).next_to(self.small, DOWN, buff=0.2)

    @property
    def half_alike(self) -> list[int]:
        """The neurons that are at least half like an edge."""
        return [neuron for neuron, match in enumerate(self.matches) if match.likeness >= HALF]

    @cached_property
    def likenesses(self) -> VGroup:
        """How alike each picture and an edge are, beneath the pictures; the last one is that of the edge itself."""
        numbers = VGroup()
        for picture, match in zip(self.pictures, self.matches, strict=True):
            colour = theme.ANSWER if match.likeness >= HALF else theme.TEXT
            numbers.add(Number(match.likeness, 2, NUMBERS, colour).move_to(beneath(picture)))
        return numbers.add(Number(1, 2, LARGER_NUMBERS, theme.ANSWER).next_to(self.own_scale, DOWN, buff=0.2))

    def dimmed(self, neuron: int) -> WeightHeatmap:
        """A copy of a picture with less light."""
        picture = self.pictures[neuron].copy()
        picture.opacities = _REST * picture.opacities
        return picture

    def at_the_end(self) -> Group:
        """All of it: with this one scene ends, and the next begins."""
        border = frame_of_weights(self.small)
        return Group(self.pictures, self.likenesses, self.small, border, self.own_scale)


def first_layer_pictures(weights: Array, never_seen: NDArray[np.bool_]) -> Group:
    """The weights (n, side²) of a first layer as pictures in rows, all on one scale, with room beneath each row."""
    limit = full_colour(weights[:, ~never_seen])
    return Group(
        *(
            WeightHeatmap(row, limit, never_seen, extent, (x, y))
            for row, (x, y, extent) in zip(weights, places_in_rows(len(weights), ROOM_BENEATH), strict=True)
        )
    )


def beneath(picture: WeightHeatmap) -> NDArray[np.float64]:
    """The middle of the line of text beneath a picture."""
    place: NDArray[np.float64] = picture.get_bottom() + ROOM_BENEATH / 2 * DOWN
    return place


def aside(text: str) -> Words:
    """Words that have room to the right of the pictures."""
    return Words(text, size_that_fits([text], _ROOM_ASIDE, _ASIDE))
