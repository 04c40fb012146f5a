"""The numbers of a row of a table beside the neurons that take them, each with the name of its column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np
from manim import LEFT, Group, VGroup
from numpy.typing import ArrayLike

from network.digits import Digits
from scenes.kit import theme
from scenes.kit.layout import PIXELS_A_UNIT, ColumnLayout
from scenes.kit.mobjects.numbers import RIGHT, Numbers, width_of
from scenes.kit.mobjects.text import Words
from scenes.wording import number, shortened

# The gaps between a name, its number and the neuron, in units.
_TO_NUMBER, _TO_NEURON = 0.25, 0.2
# The most room for names and numbers together, and how many letters of a name are shown, at most and at least.
_MOST_ROOM, _LETTERS, _FEWEST_LETTERS = 3.1, 20, 6
# How far a large neuron reaches out of the room that `network_layout` gives it at the left.
_BEYOND = 0.25


class NamedInputs(Group):
    """The names of a network's inputs and the numbers that go in, to the left of their neurons.

    layout: of the neurons. names, values: (n,). places: digits after the point, one or (n,). size: of the type, in
    pixels an em; by default as large as the neurons. names, numbers: what is shown, as mobjects.

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
    ) -> None:
        em = size or size_beside(layout)
        room = widest_number(np.atleast_2d(values), places) * em / PIXELS_A_UNIT
        shown = layout.shown.astype(float)
        centres = layout.centres.copy()
        centres[:, 0] -= layout.diameter / 2 + _TO_NEURON + room / 2
        widths = np.full(len(centres), room)
        self.numbers = Numbers(values, centres, places, em, opacities=shown, widths=widths, alignment=RIGHT)
        self.names = VGroup()
        for name, centre, opacity in zip(names, centres, shown, strict=True):
            label = Words(shortened(name), em, theme.QUIET_TEXT)
            label.next_to(centre, LEFT, buff=room / 2 + _TO_NUMBER)
            self.names.add(label.set_opacity(opacity))
        super().__init__(self.names, self.numbers)

    def show(self, values: ArrayLike) -> Self:
        """Show the numbers of another row, (n,)."""
        self.numbers.set_values(values)
        return self


def size_beside(layout: ColumnLayout) -> float:
    """The size of type beside neurons, in pixels an em: as high as they are, but readable and no title."""
    return float(np.clip(0.95 * PIXELS_A_UNIT * layout.diameter, theme.SMALLEST_SIZE, theme.LABEL_SIZE))


def inputs_beside(digits: Digits, layout: ColumnLayout, values: ArrayLike, size: float | None = None) -> Group:
    """The names and numbers of a row beside its neurons; an empty group for pictures, whose pixels have no names."""
    return NamedInputs(layout, names_that_fit(digits), values, digits.places, size) if digits.inputs else Group()


def room_beside(digits: Digits, size: float = theme.LABEL_SIZE) -> float:
    """The room that the names and numbers of any row take to the left of its neurons, in units; 0 for pictures."""
    if not digits.inputs:
        return 0.0
    widest = max(Words(name, size).width for name in names_that_fit(digits))
    numbers = widest_number(digits.vectors, digits.places) * size / PIXELS_A_UNIT
    return widest + _TO_NUMBER + numbers + _TO_NEURON + _BEYOND


def names_that_fit(digits: Digits) -> list[str]:
    """The names of the inputs, shortened until they leave enough of the stage to the network."""
    room = _MOST_ROOM - widest_number(digits.vectors, digits.places) * theme.LABEL_SIZE / PIXELS_A_UNIT
    for most in range(_LETTERS, _FEWEST_LETTERS, -1):
        names = [shortened(name, most) for name in digits.inputs]
        if max(Words(name, theme.LABEL_SIZE).width for name in names) <= room:
            break
    return names


def widest_number(rows: ArrayLike, places: ArrayLike) -> float:
    """The width of the longest number of some rows (m, n), in ems."""
    table = np.asarray(rows, np.float64)
    each = np.broadcast_to(np.asarray(places), table.shape[1:])
    extremes = zip((*table.min(axis=0), *table.max(axis=0)), (*each, *each), strict=True)
    return max(width_of(number(float(value), int(digits))) for value, digits in extremes)
