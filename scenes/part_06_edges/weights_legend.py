"""What a weight asks of its square: three large knobs, for a positive weight, a negative one, and one near zero."""

from __future__ import annotations

from typing import Self

from manim import DOWN, RIGHT, Group

from scenes.kit import theme
from scenes.kit.mobjects.dials import Dials
from scenes.kit.mobjects.text import Words, as_read, line_start, size_that_fits
from scenes.kit.picture_frames import LARGE_CENTRE
from scenes.language import N_, _

# How many settings of the weights are tried at random before some of them are shown.
SETTINGS_TRIED = 40


class WeightsLegend(Group):
    """Three large knobs, each with what it asks of its square; not yet turned, or turned all the way."""

    MEANINGS = ((N_("should be bright"), 1.0), (N_("should be dark"), -1.0), (N_("don't care"), 0.0))
    # The room for the words beside a knob.
    ROOM = 3.0
    SIZE, LARGER, ROW_Y, BESIDE_X = 1.1, 1.2, -2.15, 3.6

    def __init__(self, turned: bool = False) -> None:
        super().__init__()
        size = size_that_fits([_(text) for text, value in self.MEANINGS], self.ROOM, theme.TITLE_SIZE)
        for text, value in self.MEANINGS:
            dial = Dials([[0, 0, 0]], self.SIZE, [value if turned else 0.0], 1.0)
            self.add(as_read(Group(dial, Words(_(text), size).next_to(dial, RIGHT, buff=0.25))))
        self.in_a_row()

    def in_a_row(self) -> Self:
        """Side by side, below the stage's middle."""
        return as_read(self.arrange(RIGHT, buff=0.6)).move_to((0, self.ROW_Y, 0))

    def beside_the_weights(self) -> Self:
        """One under the other and larger, to the right of a large picture of weights."""
        self.scale(self.LARGER)
        return self.arrange(DOWN, buff=0.7, aligned_edge=line_start()).move_to((self.BESIDE_X, LARGE_CENTRE[1], 0))
