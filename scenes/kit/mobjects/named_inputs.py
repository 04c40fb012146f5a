"""The numbers of a row of a table beside the neurons that take them, each with the name of its column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np
from manim import LEFT, UP, Group, VGroup
from numpy.typing import ArrayLike

from scenes.kit import theme
from scenes.kit.layout import PIXELS_A_UNIT, ColumnLayout
from scenes.kit.mobjects.numbers import RIGHT, Numbers, width_of
from scenes.kit.mobjects.text import Words, depth
from scenes.wording import number, shortened

# How many letters of a name are shown, at most.
MOST_LETTERS = 20
# The gaps between a name, its number and the neuron, in units.
TO_NUMBER, TO_NEURON = 0.25, 0.2


class NamedInputs(Group):
    """The names of a network's inputs and the numbers that go in, to the left of their neurons.

    layout: of the neurons. names, values: (n,). places: digits after the point, one or (n,). size: of the type, in
    pixels an em; by default as large as the neurons. rows: all rows (m, n) that there must be room for, by default only
    this one. names, numbers: what is shown, as mobjects.

    >>> places = column(3, (2, 0), height=4)
    >>> NamedInputs(places, ["length", "width", "age"], [5.1, 3.5, 12])
    """

    def __init__(
        self,
        layout: ColumnLayout,
        names: Sequence[str],
        values: ArrayLike,
        places: ArrayLike = 1,
        size: float | None = None,
        rows: ArrayLike | None = None,
    ) -> None:
        em = size or min(size_beside(layout), theme.LABEL_SIZE)
        room = widest_number(np.atleast_2d(values) if rows is None else rows, places) * em / PIXELS_A_UNIT
        shown = layout.shown.astype(float)
        centres = layout.centres.copy()
        centres[:, 0] -= layout.diameter / 2 + TO_NEURON + room / 2
        widths = np.full(len(centres), room)
        self.numbers = Numbers(values, centres, places, em, opacities=shown, widths=widths, alignment=RIGHT)
        self.names = VGroup()
        baselines = self.numbers.points[0::2, 1]
        for name, centre, baseline, opacity in zip(names, centres, baselines, shown, strict=True):
            text = shortened(name, MOST_LETTERS)
            label = Words(text, em, theme.QUIET_TEXT).next_to(centre, LEFT, buff=room / 2 + TO_NUMBER)
            label.shift((baseline - depth(text, em) - float(label.get_bottom()[1])) * UP)
            self.names.add(label.set_opacity(opacity))
        super().__init__(self.names, self.numbers)

    def show(self, values: ArrayLike) -> Self:
        """Show the numbers of another row, (n,)."""
        self.numbers.set_values(values)
        return self


def size_beside(layout: ColumnLayout) -> float:
    """The size of type beside neurons, in pixels an em: as high as they are, but readable and no more than a title."""
    return float(np.clip(0.95 * PIXELS_A_UNIT * layout.diameter, theme.SMALLEST_SIZE, theme.TITLE_SIZE))


def widest_number(rows: ArrayLike, places: ArrayLike) -> float:
    """The width of the longest number of some rows (m, n), in ems."""
    table = np.asarray(rows, np.float64)
    each = np.broadcast_to(np.asarray(places), table.shape[1:])
    extremes = zip((*table.min(axis=0), *table.max(axis=0)), (*each, *each), strict=True)
    return max(width_of(number(float(value), int(digits))) for value, digits in extremes)
