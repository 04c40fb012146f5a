"""A column of neurons that is longer than the stage, and passes through it."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import Animation, Group, Square, linear, smooth
from numpy.typing import NDArray

from scenes.kit.contrast import text_colours
from scenes.kit.layout import STAGE_BOTTOM, STAGE_MIDDLE, STAGE_TOP
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.numbers import Numbers

# The step from neuron to neuron, and how wide each one is.
_STEP, _WIDTH = 1.0, 0.86
# At the ends of the stage neurons fade over this length.
_FADING = 0.5


class LongColumn:
    """Where the neurons of a column are as it passes; `at` is the number of the neuron in the middle, with a fraction.

    x: of the column. count: how many neurons it has.
    """

    def __init__(self, count: int, x: float) -> None:
        self.count, self.x = count, x

    @property
    def first(self) -> float:
        """The moment at which the first neuron is at the top."""
        return float((STAGE_TOP - _FADING - _WIDTH / 2 - STAGE_MIDDLE) / _STEP)

    def centres(self, at: float) -> NDArray[np.float64]:
        """(count, 3); what is beyond the ends of the stage is at its ends."""
        y = STAGE_MIDDLE + (at - np.arange(self.count)) * _STEP
        inside = np.clip(y, STAGE_BOTTOM + _WIDTH / 2, STAGE_TOP - _WIDTH / 2)
        return np.stack([np.full(self.count, self.x), inside, np.zeros(self.count)], axis=1)

    def opacities(self, at: float) -> NDArray[np.float32]:
        """(count,), 0 beyond the ends of the stage."""
        y = STAGE_MIDDLE + (at - np.arange(self.count)) * _STEP
        room = np.minimum(y - STAGE_BOTTOM, STAGE_TOP - y) - _WIDTH / 2
        return np.clip(room / _FADING, 0, 1).astype(np.float32)

    def show(self, discs: Cells, at: float) -> None:
        """Put neurons into their places at a moment."""
        discs.place(self.centres(at), _WIDTH)
        discs.opacities = discs.stroke_opacities = self.opacities(at)

    def numbers(self, values: NDArray[np.floating], at: float, size: float) -> Numbers:
        """The numbers in the neurons."""
        return Numbers(values, self.centres(at), 2, size, text_colours(values), self.opacities(at))


class LineUp(Animation):
    """The neurons of a picture go, row after row, into a long column, whose first neuron is then at the top.

    >>> LineUp(neurons, LongColumn(784, 2))
    """

    def __init__(self, discs: Cells, column: LongColumn, **options: Any) -> None:
        self.start, self.target = discs.copy(), discs.copy()
        column.show(self.target, column.first)
        # Each has its own time to set out, the first ones first.
        self.leave = np.linspace(0, 0.6, len(discs))
        super().__init__(discs, **{"rate_func": linear, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        gone = np.clip((self.rate_func(alpha) - self.leave) / 0.4, 0, 1)
        share = gone * gone * (3 - 2 * gone)
        ends = np.repeat(share, 2)[:, None]
        self.mobject.points = self.start.points + (self.target.points - self.start.points) * ends
        # What has no place on the stage fades on its way.
        kept = (1 + (self.target.opacities - 1) * share).astype(np.float32)
        self.mobject.opacities = self.mobject.stroke_opacities = kept


class PassThrough(Animation):
    """A long column passes through the stage, and a mark shows in the picture which neuron is in the middle.

    >>> PassThrough(column, discs, numbers, picture, mark, column.first, 244)
    """

    def __init__(
        self,
        column: LongColumn,
        discs: Cells,
        numbers: Numbers,
        picture: Cells,
        mark: Square,
        start: float,
        stop: float,
        **options: Any,
    ) -> None:
        self.column, self.discs, self.numbers, self.picture, self.mark = column, discs, numbers, picture, mark
        self.start, self.stop = start, stop
        super().__init__(Group(discs, numbers, mark), **{"rate_func": smooth, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        at = self.start + (self.stop - self.start) * self.rate_func(alpha)
        self.column.show(self.discs, at)
        self.numbers.place(self.column.centres(at)).set_opacities(self.column.opacities(at))
        nearest = int(np.clip(round(at), 0, self.column.count - 1))
        self.mark.move_to(self.picture.centres[nearest])
