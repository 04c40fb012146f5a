"""What a network says to one picture, above what it should say, and how far apart the two are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, Group, VGroup
from numpy.typing import ArrayLike

from scenes.kit import theme
from scenes.kit.layout import ColumnLayout
from scenes.kit.mobjects.network_diagram import NeuronColumn
from scenes.kit.mobjects.text import Number, Words

# The longest step from one output to the next, and a disc's share of it.
_LONGEST_STEP, _SHARE = 0.55, 0.74
# From a row of discs to the names of the outputs between the rows, and to the words outside them.
_TO_NAMES, _TO_WORDS = 0.5, 0.55


class SaysAndShould(Group):
    """Two rows of outputs: what the network says, and what it should say, which is 1 for the truth and 0 elsewhere.

    outputs: (n,). truth: the right one. names: those of the outputs; between the rows, as far as there is room.
    width: of the rows. says, should: the discs. off: the squared differences, added up, with `off_name` before it.

    >>> SaysAndShould(forward.output, 3, tuple("0123456789"), 5.5)
    """

    def __init__(self, outputs: ArrayLike, truth: int, names: Sequence[str], width: float) -> None:
        values = np.asarray(outputs, float)
        count = len(values)
        self.wanted = np.zeros(count)
        self.wanted[truth] = 1
        step = min(_LONGEST_STEP, width / count)
        x = (np.arange(count) - (count - 1) / 2) * step
        self.says, self.should = (self._row(x, y, step) for y in (_TO_NAMES, -_TO_NAMES))
        self.should.show(self.wanted)
        texts = [Words(name, theme.NOTE_SIZE, theme.QUIET_TEXT) for name in names]
        room = max(text.width for text in texts) < 0.8 * step
        self.names = VGroup(
            *(
                text.move_to((place, 0, 0))
                for n, (text, place) in enumerate(zip(texts, x, strict=True))
                if room or n == truth
            )
        )
        left = x[0] - step / 2
        edge = _TO_NAMES + _TO_WORDS
        self.says_name = Words("it says", theme.NOTE_SIZE).move_to((left, edge, 0), LEFT)
        self.should_name = Words("it should say", theme.NOTE_SIZE).move_to((left, -edge, 0), LEFT)
        self.off_name = Words("squared differences, added up", theme.NOTE_SIZE, theme.QUIET_TEXT)
        self.off_name.next_to(self.should_name, DOWN, buff=0.3).align_to(self.should_name, LEFT)
        self.off = Number(0, 2, theme.LABEL_SIZE).next_to(self.off_name, RIGHT, buff=0.25)
        self.off.shift((self.off_name.get_y() - self.off.get_y()) * UP)
        super().__init__(self.says, self.should, self.names, self.says_name, self.should_name, self.off_name, self.off)
        self.show(values)

    def show(self, outputs: ArrayLike) -> Self:
        """Show other outputs (n,), and how far they are from what they should be."""
        values = np.asarray(outputs, float)
        self.says.show(values)
        self.off.set_value(float(((values - self.wanted) ** 2).sum()))
        return self

    @staticmethod
    def _row(x: ArrayLike, y: float, step: float) -> NeuronColumn:
        places = np.asarray(x, float)
        centres = np.stack([places, np.full(len(places), y), np.zeros(len(places))], axis=1)
        layout = ColumnLayout(centres, _SHARE * step, np.ones(len(places), bool), np.zeros((0, 3)))
        return NeuronColumn(layout).stand_out()
