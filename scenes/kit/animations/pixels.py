"""Pixels that turn into neurons, and a picture into a column."""

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
            raise ValueError(f"pixels and neurons must be as many; got {len(pixels)} and {len(neurons)}")
        target = neurons.copy().set_brightness(pixels.values)
        super().__init__(pixels, target, **{"run_time": theme.FLOW, **options})


class GridBecomesColumn(Animation):
    """A grid goes, row after row, into one column of neurons; those that dots stand for fade out on their way.

    >>> GridBecomesColumn(PixelGrid(digits.images[0]), column(784, (3, 0), height=7))
    """

    def __init__(self, grid: Cells, layout: ColumnLayout, **options: Any) -> None:
        self.start = grid.copy()
        self.target = NeuronColumn(layout)
        if len(self.target) != len(grid):
            raise ValueError(f"layout must be for {len(grid)} cells; it is for {len(self.target)}")
        self.target.colours = grid.colours.copy()
        # Each cell has its own time to go, the first ones first.
        self.leave = np.linspace(0, 0.5, len(grid), dtype=np.float32)
        super().__init__(grid, **{"run_time": theme.FLOW, "rate_func": linear, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        gone = np.clip((self.rate_func(alpha) - self.leave) / 0.5, 0, 1)
        share = gone * gone * (3 - 2 * gone)
        self.mobject.points = _between(self.start.points, self.target.points, np.repeat(share, 2))
        for name in Cells.ITEM_ARRAYS:
            setattr(self.mobject, name, _between(getattr(self.start, name), getattr(self.target, name), share))


def _between(start: NDArray[Any], target: NDArray[Any], share: NDArray[np.float32]) -> NDArray[Any]:
    """Each item its own share of the way."""
    return start + (target - start) * share.reshape(-1, *([1] * (start.ndim - 1))).astype(start.dtype)
