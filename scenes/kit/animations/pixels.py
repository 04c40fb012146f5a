"""Pixels that turn into neurons, and a picture that becomes a column or a line."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import Animation, Transform, linear
from numpy.typing import NDArray

from scenes.kit import theme
from scenes.kit.layout import ColumnLayout
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.network_diagram import NeuronColumn
from scenes.kit.mobjects.pixel_grid import PixelGrid


class PixelsBecomeNeurons(Transform):
    """Every pixel of an image turns into the neuron that holds its brightness, and goes to that neuron's place.

    >>> PixelsBecomeNeurons(PixelGrid(digits.images[0]), NetworkDiagram(network).columns[0])
    """

    def __init__(self, pixels: PixelGrid, neurons: NeuronColumn, **options: Any) -> None:
        if len(pixels) != len(neurons):
            raise ValueError(f"there must be as many pixels as neurons; got {len(pixels)} and {len(neurons)}")
        target = neurons.copy().set_brightness(pixels.values)
        super().__init__(pixels, target, **{"run_time": theme.FLOW, **options})


class GridBecomesColumn(Animation):
    """A grid goes, row after row, into one column of neurons; those replaced by dots fade out on the way.

    >>> GridBecomesColumn(PixelGrid(digits.images[0]), column(784, (3, 0), height=7))
    """

    def __init__(self, grid: Cells, layout: ColumnLayout, **options: Any) -> None:
        self.start = grid.copy()
        self.target = NeuronColumn(layout)
        if len(self.target) != len(grid):
            raise ValueError(f"layout must be for {len(grid)} cells; it is for {len(self.target)}")
        self.target.colours = grid.colours.copy()
        # Each cell has its own time to set out, the first cells first.
        self.leave = np.linspace(0, 0.5, len(grid), dtype=np.float32)
        super().__init__(grid, **{"run_time": theme.FLOW, "rate_func": linear, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        gone = np.clip((self.rate_func(alpha) - self.leave) / 0.5, 0, 1)
        share = gone * gone * (3 - 2 * gone)
        self.mobject.points = _between(self.start.points, self.target.points, np.repeat(share, 2))
        for name in Cells.ITEM_ARRAYS:
            setattr(self.mobject, name, _between(getattr(self.start, name), getattr(self.target, name), share))


class Unroll(Transform):
    """Cells go to their places in a line, the first cells first, so that rows peel off one after another.

    >>> pixels = PixelGrid(digits.images[0])
    >>> Unroll(pixels, in_one_line(pixels, -6.5, 6.5, 3, 0.4))
    """

    def __init__(self, cells: Cells, line: Cells, **options: Any) -> None:
        super().__init__(cells, line, **{"rate_func": linear, **options})
        self.leave = np.linspace(0, 0.55, len(cells))

    def interpolate_mobject(self, alpha: float) -> None:
        gone = np.clip((self.rate_func(alpha) - self.leave) / 0.45, 0, 1)
        share = np.repeat(gone * gone * (3 - 2 * gone), 2)[:, None]
        super().interpolate_mobject(alpha)
        start, target = self.starting_mobject.points, self.target_copy.points
        self.mobject.points = start + (target - start) * share


def in_one_line(cells: Cells, left: float, right: float, y: float, height: float) -> Cells:
    """A copy whose cells are side by side in one line, from one edge to the other, around a height."""
    laid = cells.copy()
    edges = np.linspace(left, right, len(cells) + 1)
    laid.points[0::2] = np.stack([edges[:-1], np.full(len(cells), y - height / 2), np.zeros(len(cells))], axis=1)
    laid.points[1::2] = np.stack([edges[1:], np.full(len(cells), y + height / 2), np.zeros(len(cells))], axis=1)
    laid.stroke_widths = np.zeros(len(cells), np.float32)
    return laid


def _between(start: NDArray[Any], target: NDArray[Any], share: NDArray[np.float32]) -> NDArray[Any]:
    """Places between two others, with a share of the way for each item."""
    return start + (target - start) * share.reshape(-1, *([1] * (start.ndim - 1))).astype(start.dtype)
