"""The network as it stands in every scene of this part: in the same place, with room for numbers and for a line below.

Because it never moves, the last picture of one scene is the first of the next.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from network import Network
from network.digits import Digits
from network.network import Array
from scenes.kit import theme
from scenes.kit.colour import rgb
from scenes.kit.layout import LONGEST_STEP_ON_STAGE, ColumnLayout, network_layout
from scenes.kit.mobjects.diagram_marks import outputs_in_numbers
from scenes.kit.mobjects.glow import Glow
from scenes.kit.mobjects.network_diagram import NetworkDiagram
from scenes.kit.mobjects.numbers import Numbers
from scenes.kit.mobjects.text import Number, Words
from scenes.stage.table_rows import room_beside
from scenes.wording import places_that_tell

# How much larger the number and the name of the answer are than the others.
_ANSWER_SCALE = 1.35
# How much higher the counts stand than in any diagram: there may be a frame below them.
_COUNT_RISES = 0.07
# The edges of the network, and the middle of the line of words or numbers below it.
_LEFT, _RIGHT, _TOP, _BOTTOM = -6.7, 4.85, 2.95, -2.1
LINE_Y = -2.58
# The neurons of a small network are larger, so that their names begin farther right.
_LARGER_OUTPUTS = 0.6
# The middle of the numbers beside the outputs, and how much room they take with the gaps around them.
_NUMBERS_X, _NUMBERS_ROOM = 6.15, 1.1


def columns_in_place(sizes: Sequence[int], digits: Digits) -> tuple[ColumnLayout, ...]:
    """Where the columns of a network of these sizes stand; long names of classes or inputs take room from them."""
    names = max(Words(name, theme.LABEL_SIZE).width for name in digits.class_names)
    right = min(_RIGHT, _NUMBERS_X - _NUMBERS_ROOM / 2 - names - 0.5)
    if digits.inputs:
        right -= _LARGER_OUTPUTS
        left = _LEFT + room_beside(digits)
        return network_layout(
            sizes, "column", left, right, _TOP, _BOTTOM, roomy=True, longest_step=LONGEST_STEP_ON_STAGE
        )
    return network_layout(sizes, left=_LEFT, right=right, top=_TOP, bottom=_BOTTOM)


def network_in_place(network: Network, digits: Digits) -> NetworkDiagram:
    """The network with dark neurons, and with the numbers of neurons above its columns in large type."""
    diagram = NetworkDiagram(network, digits.class_names, columns_in_place(network.sizes, digits))
    for count in diagram.counts:
        count.become(count_above(int(count.value), count.get_x(), count.get_y() + _COUNT_RISES))
    diagram.stand_out()
    if digits.inputs:
        for count in diagram.counts[1:-1]:  # on one line, or a box around the hidden layers would cut through them
            count.set_y(max(one.get_y() for one in diagram.counts[1:-1]))
        diagram.wide_lines()
    return diagram


def count_above(neurons: int, x: float, y: float) -> Number:
    """The number of neurons of a column, to stand above it."""
    return Number(neurons, size=theme.TITLE_SIZE).move_to((x, y, 0))


def light_around(diagram: NetworkDiagram, brightness: ArrayLike) -> Glow:
    """The light around the lit neurons of the first column, (n_in,)."""
    return Glow(diagram.columns[0], brightness)


def numbers_beside(diagram: NetworkDiagram, values: Array) -> Numbers:
    """The values of the outputs, (n,), beside those that are shown."""
    places = places_that_tell(values)
    return outputs_in_numbers(diagram, values, _NUMBERS_X, places, theme.CAPTION_SIZE, widths=0.9, alignment=1)


def with_marked(diagram: NetworkDiagram, values: Array, *marked: int) -> Numbers:
    """The values of the outputs, those of the marked ones larger than the others and in a colour of their own.

    With more than two decimals there is no room for larger ones beside the names.
    """
    numbers = numbers_beside(diagram, values)
    larger = _ANSWER_SCALE if numbers.places.max() <= 2 else 1
    colours = np.tile(rgb(theme.TEXT), (len(numbers), 1))
    middles = numbers.centres
    for output in marked:
        colours[output] = rgb(theme.ANSWER)
        box = slice(2 * output, 2 * output + 2)
        numbers.points[box] += (larger - 1) * (numbers.points[box] - middles[output])
    return numbers.set_colours(colours)


def enlarged(label: Words) -> Words:
    """A copy of an output's name, larger and in a colour of its own, to mark the answer; a long name has no room."""
    scale = _ANSWER_SCALE if label.width < label.em else 1
    marked: Words = label.copy()
    return marked.scale(scale, about_point=label.get_left()).set_color(theme.ANSWER)
