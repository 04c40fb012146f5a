"""The distances of all pairs as two histograms on one line, and where pairs of pictures stand above it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, Group, Line, VGroup, VMobject
from numpy.typing import ArrayLike, NDArray

from network.analysis.pairs import FarAndNear
from scenes import wording
from scenes.kit import theme
from scenes.kit.colour import rgb
from scenes.kit.layout import FRAME_WIDTH, SAFE_MARGIN
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.text import Number, Words
from scenes.kit.spacing import apart

# How high the words under the pairs of pictures stand.
KIND_Y = 0.63
# How far the pairs are from each other.
_PAIRS_APART = 3.15


class DistanceHistograms(Group):
    """A line of distances, with a histogram of the pairs of one class and, in outline, one of its pairs with others.

    found: what was counted. A bar is as high as the share of all pairs of its kind that have its distance.
    axis: the line with its numbers. own: the bars of the class. others: the outline of the other histogram. keys: what
    the two are, in words.
    """

    # Where the line begins and ends, how high it lies, and how high the highest bar is.
    START, END, FOOT, HEIGHT = -6.2, 5.55, -2.15, 2.25

    def __init__(self, found: FarAndNear) -> None:
        step = 5 if found.edges[-1] > 6 else 1
        self.most = step * int(np.ceil(found.edges[-1] / step - 1e-9))
        self.axis = self._line(step)
        shares = [counts / max(counts.sum(), 1) for counts in (found.own_counts, found.other_counts)]
        own, others = (self.HEIGHT * share / max(share.max() for share in shares) for share in shares)
        left, right = self.point(found.edges[:-1]), self.point(found.edges[1:])
        self.own = Cells((left + right) / 2, 1, 0, 0.5 * rgb(theme.NEUTRAL), stroke_width=0)
        self.own.points[0::2], self.own.points[1::2] = left + 0.02 * RIGHT, right + own[:, None] * UP
        some = np.flatnonzero(others)
        reach = slice(some[0], some[-1] + 1)
        corners = np.stack([left + others[:, None] * UP, right + others[:, None] * UP], axis=1)[reach].reshape(-1, 3)
        self.others = VMobject(stroke_color=theme.TEXT, stroke_width=theme.MARK_WIDTH)
        self.others.set_points_as_corners([left[reach][0], *corners, right[reach][-1]])
        others_named = found.other_name if found.only_this_other else "others"
        self.keys = [
            _key(f"{found.name} beside {found.name}", int(found.own_counts.sum()), theme.QUIET_TEXT),
            _key(f"{found.name} beside {others_named}", int(found.other_counts.sum()), theme.TEXT),
        ]
        self.key = VGroup(*self.keys).arrange(DOWN, buff=0.3, aligned_edge=LEFT)
        self.key.move_to((self.START, KIND_Y - 0.2, 0), aligned_edge=LEFT + DOWN)
        super().__init__(self.axis, self.own, self.others, *self.keys)

    def _line(self, step: int) -> VGroup:
        """The line itself, with a tick and a number at every `step`."""
        line = VGroup(Line(self.point(0), self.point(self.most), color=theme.NEURON_OUTLINE, stroke_width=3))
        for value in range(0, self.most + 1, step):
            at = self.point(value)
            line.add(Line(at, at + 0.1 * DOWN, color=theme.NEURON_OUTLINE, stroke_width=3))
            line.add(Number(value, size=theme.NOTE_SIZE, colour=theme.QUIET_TEXT).move_to(at + 0.36 * DOWN))
        name = Words("distance", theme.NOTE_SIZE, theme.QUIET_TEXT)
        return line.add(name.move_to(self.point(self.most - step / 2) + 0.36 * DOWN))

    def point(self, distances: ArrayLike) -> NDArray[np.float64]:
        """Where distances stand on the line, (…, 3)."""
        x = self.START + (self.END - self.START) * np.asarray(distances, float) / self.most
        return np.stack([x, np.full_like(x, self.FOOT), np.zeros_like(x)], axis=-1)

    def room_for_pairs(self, distances: Sequence[float]) -> NDArray[np.float64]:
        """Where pairs of pictures stand: above their distances, which rise, or as near to them as there is room.

        They stay to the right of the words that say what the two histograms are.
        """
        left, right = self.key.get_right()[0] + 0.2, FRAME_WIDTH / 2 - SAFE_MARGIN
        return apart(self.point(distances)[:, 0], _PAIRS_APART, (left + _PAIRS_APART / 2, right - _PAIRS_APART / 2))


def _key(kind: str, count: int, colour: str) -> VGroup:
    """What a histogram is of, and of how many pairs."""
    name = Words(kind, theme.LABEL_SIZE, colour)
    pairs = Words(wording.count(count, "pair"), theme.NOTE_SIZE, theme.QUIET_TEXT)
    return VGroup(name, pairs).arrange(DOWN, buff=0.12, aligned_edge=LEFT)
