"""The votes of a layer for one output and against another, as bars above and below its neurons."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, Animation, Group, VGroup
from numpy.typing import NDArray

from network.analysis.explain import Lead
from scenes.kit import theme
from scenes.kit.colour import rgb
from scenes.kit.layout import FRAME_WIDTH, SAFE_MARGIN, STAGE_BOTTOM, STAGE_TOP
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.text import Number, Words, size_that_fits
from scenes.language import _

# Neurons that are shown at most: those with the strongest votes.
_MOST = 20
# The room of the bars, at its left edge; the longest step from one neuron to the next, and a disc's share of it.
_LEFT_EDGE, _RIGHT_EDGE = SAFE_MARGIN - FRAME_WIDTH / 2, FRAME_WIDTH / 2 - SAFE_MARGIN
_LONGEST_STEP, _DISC, _BAR = 0.85, 0.72, 0.62
# The room for a note beneath a sum.
_NOTE_ROOM = 2.9
# From the bars to the names beside them. Right of this, there is room for a picture above the row.
_BESIDE, CORNER_LEFT = 0.35, 0.6
# From a disc's edge to its bar, and the least share of one side's room that the other side has.
_GAP, _LEAST = 0.1, 0.36


class Votes(Group):
    """What each neuron says for one output against another: how bright it is, times how much it favours the one.

    lead: of the answer over the other output. answer, other: what stands above and below the bars. colours: of both.

    The neurons stand in a row, the strongest vote for the answer first. Above or below each, a hollow bar is as long as
    the difference of its two weights, and it is filled up to its vote, the difference times the activation.

    totals: the sums of all votes for both; they come when the bars have been filled. Only where the biases turn the
    lead round are they included, and then that is written below.

    beside: whether the names stand beside the bars that they are for, and not in the corners opposite.

    neurons: those shown, in their order. terms: their votes. favours: the differences of their weights.

    >>> Votes(lead, "for seven", "for three", (theme.WRONG, theme.ANSWER))
    """

    def __init__(self, lead: Lead, answer: str, other: str, colours: tuple[str, str]) -> None:
        last = lead.forward.network.layers[-1].weights.astype(float)
        self.neurons = lead.strongest(_MOST)
        self.terms = lead.terms[self.neurons]
        self.favours = (last[lead.answer] - last[lead.other])[self.neurons]
        number = len(self.neurons)
        step = min((_RIGHT_EDGE - _LEFT_EDGE) / number, _LONGEST_STEP)
        self.diameter = _DISC * step
        self.width_of_bars = _BAR * step
        x = (np.arange(number) - (number - 1) / 2) * step
        ends = np.concatenate([[0.0], self.terms, self.favours])
        high, low = float(ends.max()), float(-ends.min())
        # Even if nearly all votes are for one of the two, the name of the other has room.
        high, low = max(high, _LEAST * low), max(low, _LEAST * high)
        room = STAGE_TOP - STAGE_BOTTOM - self.diameter - 2 * _GAP
        self.unit = room / max(high + low, 1e-9)
        self.line = STAGE_TOP - high * self.unit - _GAP - self.diameter / 2
        self.places = np.stack([x, np.full(number, self.line), np.zeros(number)], axis=1)
        self.hollow, self.bars = (Cells(np.zeros((number, 3)), 1, stroke_width=0) for _ in range(2))
        tints = np.where(self.favours[:, None] >= 0, rgb(colours[0]), rgb(colours[1])).astype(np.float32)
        self.bars.colours = tints
        self.hollow.opacities[:] = 0
        self.hollow.stroke_colours, self.hollow.stroke_widths = tints.copy(), np.full(number, 2.5, np.float32)
        self.heads = VGroup(Words(answer, theme.TITLE_SIZE, colours[0]), Words(other, theme.TITLE_SIZE, colours[1]))
        # The votes alone say who wins, unless the biases turn it round.
        votes = lead.votes
        alone = (votes[0] - votes[1]) * lead.total > 0
        self.totals = VGroup(
            *(
                Number(total, 2, theme.TITLE_SIZE, c)
                for total, c in zip(votes if alone else lead.sides, colours, strict=True)
            )
        )
        if not alone:
            told = _("with the biases")
            size = size_that_fits([told], _NOTE_ROOM, theme.CAPTION_SIZE)
            self.totals.add(Words(told, size), Words(told, size))
        self.put_names()
        super().__init__(self.hollow, self.bars, self.heads)
        self.favour(1).grow(1)

    def put_names(self) -> None:
        """The names and the sums go beside the bars that they are for.

        Long bars stand on the left above the row and on the right below it. Where there is no room beside them, the
        names go to the corners opposite.
        """
        upper, lower = (VGroup(head, *self.totals[side::2]) for side, head in enumerate(self.heads))
        x, away = self.places[:, 0], self.width_of_bars / 2 + _BESIDE
        left = float(x[self.favours >= 0].max(initial=_LEFT_EDGE)) + away
        right = float(x[self.favours < 0].min(initial=_RIGHT_EDGE)) - away
        self.beside = left + upper.width < CORNER_LEFT and right - lower.width > _LEFT_EDGE
        edges = ((LEFT, left), (RIGHT, right)) if self.beside else ((RIGHT, _RIGHT_EDGE), (LEFT, _LEFT_EDGE))
        for lines, (edge, place), end, y in zip(
            (upper, lower), edges, (UP, DOWN), (STAGE_TOP, STAGE_BOTTOM), strict=True
        ):
            lines.arrange(DOWN, buff=0.25, aligned_edge=edge).move_to((place, y, 0), aligned_edge=edge + end)

    def favour(self, share: float) -> Self:
        """Draw the hollow bars with this share of their length."""
        return self._stretch(self.hollow, share * self.favours)

    def grow(self, share: float) -> Self:
        """Fill this share of every vote."""
        return self._stretch(self.bars, share * self.terms)

    def discs(self, column: Cells) -> Cells:
        """Copies of the neurons of a column that are shown, in their places there."""
        centres, sizes = column.centres[self.neurons], 2 * column.radii[self.neurons]
        discs = Cells(centres, sizes, 1, column.colours[self.neurons], stroke_colour=theme.NEUTRAL)
        discs.stroke_widths[:] = 2 * theme.NEURON_OUTLINE_WIDTH
        return discs

    def in_a_row(self, discs: Cells) -> Cells:
        """A copy of the discs in their places between the bars."""
        return discs.copy().place(self.places, np.full(len(self.places), self.diameter))

    def only(self, place: int, rest: float) -> Self:
        """Dim all votes but one to this share."""
        for cells in (self.bars, self.hollow):
            light = np.full(len(cells), rest, np.float32)
            light[place] = 1
            cells.stroke_opacities = light
        self.bars.opacities = light.copy()
        return self

    def _stretch(self, bars: Cells, values: NDArray[Any]) -> Self:
        side = np.where(self.favours >= 0, 1, -1)
        start = self.line + side * (self.diameter / 2 + _GAP)
        end = start + values * self.unit
        x = self.places[:, 0]
        bars.points[0::2, 0], bars.points[1::2, 0] = x - self.width_of_bars / 2, x + self.width_of_bars / 2
        bars.points[0::2, 1], bars.points[1::2, 1] = np.minimum(start, end), np.maximum(start, end)
        return self


class CastVotes(Animation):
    """The hollow bars of some votes grow, or with `filled` the bars in them.

    >>> CastVotes(Votes(lead, "for seven", "for three", (theme.WRONG, theme.ANSWER)), filled=True)
    """

    def __init__(self, votes: Votes, filled: bool, **options: Any) -> None:
        self.draw = votes.grow if filled else votes.favour
        super().__init__(votes.bars if filled else votes.hollow, **{"introducer": True, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        self.draw(self.rate_func(alpha))
