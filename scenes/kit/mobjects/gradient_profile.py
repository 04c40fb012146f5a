"""How large the gradient is in each layer of a network, at any epoch of its training."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np
from manim import LEFT, Group, VGroup, VMobject
from numpy.typing import ArrayLike

from scenes.kit import theme
from scenes.kit.colour import rgb
from scenes.kit.mobjects.axes import Axes
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.text import formula
from scenes.language import _, _c

# Sizes smaller than this are all drawn alike.
_LEAST = 1e-12
_MOST_MARKS, _MOST_LAYER_NUMBERS = 6, 8
_DOT, _MARK_SIZE = 0.17, 30


class GradientProfile(Group):
    """How large the slopes of the cost are in each layer of several networks, on a logarithmic scale.

    sizes: (networks, epochs + 1, layers), 0 or more, such as the root mean square of ∂C/∂w over each layer's weights;
    the first epoch is before training. Sizes that are 0 are at the foot. colours: one for each network.

    >>> GradientProfile(np.geomspace(1e-5, 1, 10).reshape(2, 1, 5), (theme.ANSWER, theme.POSITIVE))
    """

    def __init__(self, sizes: ArrayLike, colours: Sequence[str], width: float = 4.4, height: float = 3.9) -> None:
        super().__init__()
        sizes = np.asarray(sizes, float)
        least = float(sizes[sizes > 0].min()) if (sizes > 0).any() else 0.1
        self.lowest = float(np.floor(np.log10(max(least, _LEAST))))
        highest = float(max(np.ceil(np.log10(max(float(sizes.max()), 10 * _LEAST))), self.lowest + 1))
        self.heights = np.log10(np.maximum(sizes, 10**self.lowest))
        layers = sizes.shape[2]
        every = max(int(np.ceil((highest - self.lowest) / _MOST_MARKS)), 1)
        self.axes = Axes(
            (0.4, layers + 0.4),
            (self.lowest, highest),
            _c("the name of a scale", "layer"),
            _("slopes of the cost, typical size"),
            width,
            height,
            x_ticks=np.arange(1, layers + 1, max(layers // _MOST_LAYER_NUMBERS, 1)),
            y_ticks=[],
        )
        self.marks = VGroup(
            *(
                formula(f"10^({mark:.0f})".replace("-", "−") if mark else "1", _MARK_SIZE, theme.QUIET_TEXT).next_to(
                    self.axes.point(self.axes.x_range[0], mark), LEFT, buff=0.2
                )
                for mark in np.arange(highest, self.lowest - 0.5, -every)
            )
        )
        self.lines = VGroup(*(VMobject(stroke_color=colour, stroke_width=4) for colour in colours))
        self.dots = Group(*(Cells(np.zeros((layers, 3)), _DOT, 1, rgb(colour), stroke_width=0) for colour in colours))
        self.add(self.axes, self.marks, self.lines)
        for dots in self.dots:
            self.add(dots)
        self.show(0)

    def show(self, epoch: float) -> Self:
        """Show the sizes at an epoch; between two epochs they are interpolated."""
        before = min(int(epoch), self.heights.shape[1] - 1)
        after = min(before + 1, self.heights.shape[1] - 1)
        now = self.heights[:, before] + (self.heights[:, after] - self.heights[:, before]) * (epoch - before)
        for line, dots, heights in zip(self.lines, self.dots, now, strict=True):
            places = self.axes.point(np.arange(1, len(heights) + 1), heights)
            line.set_points_as_corners(places)
            dots.place(places, _DOT)
        return self
