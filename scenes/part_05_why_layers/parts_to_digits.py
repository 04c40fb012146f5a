"""Neurons that one could hope for, late in a network: each stands for a part, and lights up the digits that have it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from manim import LEFT, RIGHT, DashedVMobject, Group, Line, VGroup
from numpy.typing import NDArray

from network.analysis.examples import TakenApart
from network.analysis.parts import square_around
from scenes.kit import theme
from scenes.kit.colour import rgb
from scenes.kit.layout import STAGE_MIDDLE
from scenes.kit.mobjects.pixel_grid import InkGrid
from scenes.kit.mobjects.text import Words, size_that_fits
from scenes.language import NC_, _c
from scenes.part_05_why_layers.colours import OF_KIND
from scenes.part_05_why_layers.hoped_neuron import hoped_neuron

# The places across of the neurons for parts and of those for digits, and how large they are.
_FEATURES_X, _OUTPUTS_X, _SIZE = -2.2, 4.2, 2.0
_LONG, _SHORT = NC_("what a neuron stands for", "long line"), NC_("what a neuron stands for", "shorter line")
_UPPER, _LOWER = NC_("what a neuron stands for", "upper loop"), NC_("what a neuron stands for", "lower loop")
# The room for them, beside the neurons.
_ROOM = 3.4


@dataclass(frozen=True)
class Feature:
    """What a neuron could stand for: a loop in the upper or lower half, a long line, or shorter ones beside it.

    nth: which of its digit's shorter lines it is, from 0; there is no more than a third kind.
    """

    name: str
    colour: str
    nth: int = 0

    @property
    def label(self) -> str:
        """What is written beside it."""
        return _c("what a neuron stands for", self.name)

    @property
    def upper(self) -> bool:
        """Whether it is a loop in the upper half."""
        return self.name == _UPPER

    @property
    def short(self) -> bool:
        """Whether it is a line that is not the longest of its digit."""
        return self.name == _SHORT


class PartsToDigits(Group):
    """A hollow neuron for each feature of the examples, one for each example, and lines from its features to it.

    features: what the neurons of the first column stand for. rings, signs, labels: of each feature. outputs: the rings
    of the examples; wholes: the pictures in them. lines: to each example, from its features.
    """

    def __init__(self, examples: Sequence[TakenApart]) -> None:
        self.features = features_of_all(examples)
        self.rings: list[DashedVMobject] = []
        self.signs: list[InkGrid] = []
        self.labels: list[Words] = []
        heights = _heights(len(self.features))
        size = min(_SIZE, 0.92 * abs(heights[0] - heights[1])) if len(heights) > 1 else _SIZE
        type_size = size_that_fits([feature.label for feature in self.features], _ROOM, 1.2 * theme.TITLE_SIZE)
        for feature, y in zip(self.features, heights, strict=True):
            ring = hoped_neuron((_FEATURES_X, y, 0), size, feature.colour)
            self.rings.append(ring)
            self.signs.append(sign_of(feature, examples, ring))
            self.labels.append(Words(feature.label, type_size, feature.colour).next_to(ring, LEFT, buff=0.25))
        self.outputs: list[DashedVMobject] = []
        self.wholes: list[InkGrid] = []
        self.lines: list[VGroup] = []
        heights = _heights(len(examples))
        size = min(_SIZE, 0.92 * abs(heights[0] - heights[1])) if len(heights) > 1 else _SIZE
        for example, y in zip(examples, heights, strict=True):
            output = hoped_neuron((_OUTPUTS_X, y, 0), size, theme.TEXT)
            image = example.parts.image
            self.outputs.append(output)
            self.wholes.append(InkGrid(image[square_around(image)], 0.68 * size, (_OUTPUTS_X, y)))
            own = set(features_of(example))
            sources = [(ring, f) for ring, f in zip(self.rings, self.features, strict=True) if f in own]
            self.lines.append(
                VGroup(
                    *(
                        Line(
                            ring.get_right() + 0.06 * RIGHT,
                            output.get_left() + 0.06 * LEFT,
                            color=feature.colour,
                            stroke_width=5,
                        )
                        for ring, feature in sources
                    )
                )
            )
        super().__init__(*self.rings, *self.signs, *self.labels, *self.outputs, *self.wholes, *self.lines)


def features_of_all(examples: Sequence[TakenApart]) -> list[Feature]:
    """What neurons could stand for, so that the examples can be told by them; shorter lines last."""
    found = dict.fromkeys(feature for example in examples for feature in features_of(example))
    return sorted(found, key=lambda feature: feature.short)


def features_of(example: TakenApart) -> list[Feature]:
    """What a neuron could find in an example, for each of its parts."""
    parts = example.parts
    longest = max((share for share, kind in zip(parts.shares, parts.kinds, strict=True) if kind == "line"), default=0)
    found: list[Feature] = []
    for number, kind in enumerate(parts.kinds):
        if kind == "line":
            long = parts.shares[number] == longest
            before = 0 if long else min(sum(feature.short for feature in found), 2)
            found.append(Feature(_LONG if long else _SHORT, OF_KIND["line"], before))
        else:
            rows = np.flatnonzero((parts.holes == number + 1).any(axis=1))
            upper = rows.mean() < (len(parts.image) - 1) / 2
            found.append(Feature(_UPPER if upper else _LOWER, OF_KIND["loop"]))
    return found


def sign_of(feature: Feature, examples: Sequence[TakenApart], ring: DashedVMobject) -> InkGrid:
    """The part, from an example, that stands in a neuron for all of its kind."""
    for example in examples:
        for own, picture in zip(features_of(example), example.parts.pictures, strict=True):
            if own == feature:
                place = tuple(ring.get_center()[:2])
                extent = (0.4 if feature.short else 0.66) * ring.width
                return InkGrid(picture[square_around(picture)], extent, place, rgb(feature.colour))
    raise AssertionError("every feature is one of an example")


def _heights(count: int) -> NDArray[np.float64]:
    """The heights of some neurons, one above the other, from the top."""
    step = min(2.2, 5.9 / max(count, 1))
    return np.array([STAGE_MIDDLE + ((count - 1) / 2 - place) * step for place in range(count)])
