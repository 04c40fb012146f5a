"""A chart of accuracy against the depth of networks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, Group, VGroup, VMobject
from numpy.typing import ArrayLike

from scenes.kit import theme
from scenes.kit.colour import rgb
from scenes.kit.mobjects.axes import Axes
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.text import Words
from scenes.language import _
from scenes.wording import percent

# The least distance between the names of two lines, in units.
_NAMES_APART = 0.5


class DepthChart(Group):
    """Test accuracy against the number of hidden layers, with a line for each of two kinds of networks.

    depths: (d,) numbers of hidden layers, rising. accuracies: (2, d), shares from 0 to 1. names, colours: of the two
    kinds. lines, dots, names: of each kind; a name is at the end of its line, with the last accuracy.

    >>> accuracies = [[0.94, 0.93, 0.2], [0.94, 0.95, 0.95]]
    >>> DepthChart([1, 2, 4], accuracies, ("sigmoid", "ReLU"), (theme.ANSWER, theme.POSITIVE))
    """

    def __init__(
        self,
        depths: ArrayLike,
        accuracies: ArrayLike,
        names: Sequence[str],
        colours: Sequence[str],
        width: float = 9.4,
        height: float = 4.3,
    ) -> None:
        super().__init__()
        depths, accuracies = np.asarray(depths, float), np.asarray(accuracies, float)
        if accuracies.shape != (2, len(depths)):
            raise ValueError(f"accuracies must have the shape (2, {len(depths)}); got {accuracies.shape}")
        reach = (depths[0] - 0.4, depths[-1] + 0.4)
        self.axes = Axes(
            reach, (0, 100), _("hidden layers"), _("test pictures read right, %"), width, height, x_ticks=depths
        )
        self.lines, self.dots, self.names = VGroup(), Group(), VGroup()
        for name, colour, shares in zip(names, colours, accuracies, strict=True):
            places = self.axes.point(depths, 100 * shares)
            line = VMobject(stroke_color=colour, stroke_width=5).set_points_as_corners(
                places if len(places) > 1 else [places[0], places[0]]
            )
            self.lines.add(line)
            self.dots.add(Cells(places, 0.24, 1, rgb(colour), stroke_width=0))
            words = Words(f"{name}  {percent(shares[-1])}", theme.LABEL_SIZE, colour)
            self.names.add(words.move_to(places[-1] + 0.35 * RIGHT, aligned_edge=LEFT))
        gap = self.names[1].get_y() - self.names[0].get_y()
        if abs(gap) < _NAMES_APART:
            apart = (_NAMES_APART - abs(gap)) / 2 * (UP if gap >= 0 else DOWN)
            self.names[1].shift(apart)
            self.names[0].shift(-apart)
        self.add(self.axes, self.lines, self.names)
        for dots in self.dots:
            self.add(dots)
