"""Two histograms on one axis, for two kinds of items."""

from __future__ import annotations

import numpy as np
from manim import DOWN, RIGHT, UP, DashedLine, Group, VGroup
from numpy.typing import ArrayLike

from scenes.kit import theme
from scenes.kit.colour import rgb
from scenes.kit.mobjects.axes import Axes
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.text import Words
from scenes.language import _


class TwoHistograms(Group):
    """How often each value occurs among the items of one kind and among the others, as shares of each kind.

    values: (n,). of_first_kind: (n,) booleans; there must be at least one of each kind. names: of the two kinds.
    quantity, whole: what the values are, and what the shares are shares of. The axis reaches at least from 0 to 1.
    bars: the `Cells` of the first kind and of the other. shares: (2, BINS), each row adds up to 1.

    >>> rng = np.random.default_rng(0)
    >>> values = rng.beta(2, 2, 500)
    >>> TwoHistograms(values, rng.random(500) < values, ("with a loop", "without"), "activation", "the pictures")
    """

    WIDTH, HEIGHT, BINS = 9.0, 4.0, 20
    COLOURS = theme.ANSWER, theme.NEUTRAL

    def __init__(
        self, values: ArrayLike, of_first_kind: ArrayLike, names: tuple[str, str], quantity: str, whole: str
    ) -> None:
        values, first = np.asarray(values), np.asarray(of_first_kind, bool)
        if values.shape != first.shape or not first.any() or first.all():
            raise ValueError("values and of_first_kind must have one shape (n,), with at least one of each kind")
        low, high = min(0.0, float(values.min())), max(1.0, float(values.max()))
        edges = np.linspace(low, high, self.BINS + 1)
        self.shares = np.stack([np.histogram(values[kind], edges)[0] / kind.sum() for kind in (first, ~first)])
        top = float(np.ceil(100 * self.shares.max() / 10) * 10)
        axes = Axes((low, high), (0, top), quantity, _("% of {whole}", whole=whole), self.WIDTH, self.HEIGHT)
        step = self.WIDTH / self.BINS
        self.axes, self.top = axes, top
        self.bars = []
        for shares, colour, side in zip(self.shares, self.COLOURS, (-1, 1), strict=True):
            middles = axes.point((edges[:-1] + edges[1:]) / 2, np.zeros(self.BINS)) + side * 0.2 * step * RIGHT
            bars = Cells(middles, 0.38 * step, 0, rgb(colour), stroke_width=0)
            bars.points[0::2, 1] = middles[:, 1]
            bars.points[1::2, 1] = axes.point(edges[:-1], 100 * shares)[:, 1]
            self.bars.append(bars)
        self.key = VGroup(
            *(Words(name, theme.NOTE_SIZE, colour) for name, colour in zip(names, self.COLOURS, strict=True))
        )
        self.key.arrange(DOWN, buff=0.15, aligned_edge=RIGHT)
        self.key.move_to(axes.point(high, top) + 0.1 * UP, aligned_edge=UP + RIGHT)
        super().__init__(axes, *self.bars, self.key)

    def split(self, value: float) -> DashedLine:
        """A dashed line across the plot at a value."""
        ends = self.axes.point(value, 0), self.axes.point(value, self.top)
        return DashedLine(*ends, color=theme.TEXT, stroke_width=theme.MARK_WIDTH, dash_length=0.14)
