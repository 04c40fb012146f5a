"""The mistakes that the network is surest of. With these one scene ends, and the next begins."""

from __future__ import annotations

from manim import DOWN, LEFT, RIGHT, Group, VGroup

from network import Network
from network.analysis.mistakes import outputs_of_mistakes
from network.digits import Digits
from network.evaluation import Evaluation
from scenes.kit import theme
from scenes.kit.layout import STAGE_MIDDLE
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.text import Number, size_that_fits, words_that_fit
from scenes.language import _

# How many of the surest mistakes are shown, and how many in a row.
MOST, _IN_A_ROW = 6, 3
# The steps from mistake to mistake, across and down, and the size of a picture.
_STEP_ACROSS, _STEP_DOWN, _EXTENT = 4.5, 3.3, 2.5
# How much larger than the words the outputs are.
_LARGER = 1.3


def surest_in_rows(network: Network, test: Digits, found: Evaluation) -> Group:
    """The pictures of the surest mistakes; and beside each its class, the answer, and the output for the answer."""
    mistakes, outputs = found.mistakes[:MOST], outputs_of_mistakes(network, test, found)
    names = test.class_names
    columns = min(_IN_A_ROW, len(mistakes))
    rows = -(-len(mistakes) // columns)
    pictures, labels = Group(), VGroup()
    room = _STEP_ACROSS - _EXTENT - 0.65
    told = [
        (names[test.labels[index]], _("read as {answer}", answer=names[found.answers[index]])) for index in mistakes
    ]
    size = size_that_fits([text for pair in told for text in pair], room, 54)
    for number, index in enumerate(mistakes):
        row, column = divmod(number, columns)
        x = (column - (columns - 1) / 2) * _STEP_ACROSS - room / 2
        y = STAGE_MIDDLE - (row - (rows - 1) / 2) * _STEP_DOWN
        picture = PixelGrid(test.images[index], _EXTENT, (x, y))
        truth, answer = told[number]
        label = VGroup(
            words_that_fit(truth, room, size),
            words_that_fit(answer, room, size),
            Number(float(outputs[number]), 2, _LARGER * size, theme.WRONG),
        ).arrange(DOWN, buff=0.25, aligned_edge=LEFT)
        pictures.add(picture)
        labels.add(label.next_to(picture, RIGHT, buff=0.25))
    return Group(pictures, labels)
