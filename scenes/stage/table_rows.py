"""The rows of a table on the stage: their names and numbers beside the inputs, and the room that these take."""

from __future__ import annotations

from manim import Group
from numpy.typing import ArrayLike

from network.digits import Digits
from scenes.kit import theme
from scenes.kit.layout import PIXELS_A_UNIT, ColumnLayout
from scenes.kit.mobjects.named_inputs import MOST_LETTERS, TO_NEURON, TO_NUMBER, NamedInputs, size_beside, widest_number
from scenes.kit.mobjects.text import Words
from scenes.wording import shortened

# The most room for names and numbers together, and how few letters of a name are shown at the least.
_MOST_ROOM, _FEWEST_LETTERS = 3.1, 6
# Names and numbers that together take no more than this are short.
_SHORT = 1.8
# How far a large neuron reaches out of the room that `network_layout` gives it at the left.
_BEYOND = 0.25


def inputs_beside(digits: Digits, layout: ColumnLayout, values: ArrayLike) -> Group:
    """The names and numbers of a row beside its neurons; an empty group for pictures, whose pixels have no names."""
    if not digits.inputs:
        return Group()
    size = min(size_beside(layout), size_of_rows(digits))
    return NamedInputs(layout, names_that_fit(digits), values, digits.places, size, digits.vectors)


def size_of_rows(digits: Digits) -> float:
    """The size of type for the names and numbers of a table: large where they are short."""
    names = max(Words(shortened(name, MOST_LETTERS), theme.TITLE_SIZE).width for name in digits.inputs)
    numbers = widest_number(digits.vectors, digits.places) * theme.TITLE_SIZE / PIXELS_A_UNIT
    return theme.TITLE_SIZE if names + numbers <= _SHORT else theme.LABEL_SIZE


def room_beside(digits: Digits) -> float:
    """The room that the names and numbers of any row take to the left of its neurons, in units; 0 for pictures."""
    if not digits.inputs:
        return 0.0
    size = size_of_rows(digits)
    widest = max(Words(name, size).width for name in names_that_fit(digits))
    numbers = widest_number(digits.vectors, digits.places) * size / PIXELS_A_UNIT
    return widest + TO_NUMBER + numbers + TO_NEURON + _BEYOND


def names_that_fit(digits: Digits) -> list[str]:
    """The names of the inputs, shortened until they leave enough of the stage to the network."""
    room = _MOST_ROOM - widest_number(digits.vectors, digits.places) * theme.LABEL_SIZE / PIXELS_A_UNIT
    for most in range(MOST_LETTERS, _FEWEST_LETTERS, -1):
        names = [shortened(name, most) for name in digits.inputs]
        if max(Words(name, theme.LABEL_SIZE).width for name in names) <= room:
            break
    return names
