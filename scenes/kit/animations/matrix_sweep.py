"""Animations of the matrix-vector product, each a function of its progress, from 0 to 1."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import Animation, Group, linear, smooth
from numpy.typing import ArrayLike, NDArray

from scenes.kit import theme
from scenes.kit.colour import rgb
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.matrix import DIMMED, Matrix, MatrixVectorProduct
from scenes.kit.mobjects.running_sum import RunningSum

# The opacity of the light behind an entry.
_GLOW = 0.26


class SweepRow(Animation):
    """A row of the weights turns into a column beside the vector, and entries that belong together light up in pairs.

    row: an index of the full matrix that is shown. At the end the row stays in focus; `product.focus(None)` brings the
    others back.

    >>> SweepRow(MatrixVectorProduct(forward, layer=1), row=2)
    """

    # The shares of the time when the row sets out, when it has arrived, when all pairs have been lit, and when the lane
    # has closed.
    OUT, ARRIVED, LIT = 0.12, 0.5, 0.86

    def __init__(self, product: MatrixVectorProduct, row: int, **options: Any) -> None:
        self.product, self.row = product, row
        weights = product.weights
        self.items = [weights.item(row, column) for column in weights.columns]
        self.travellers = weights.entries.take(self.items)
        self.travellers.set_opacities(0)
        self.lights = _lights(2 * len(self.items))
        super().__init__(
            Group(product, self.lights, self.travellers),
            **{"run_time": 2 * theme.FLOW, "rate_func": linear, **options},
        )

    def begin(self) -> None:
        weights, biases = self.product.weights, self.product.biases
        self.before = (weights.opacities.copy(), biases.opacities.copy())
        self.product.focus(self.row)
        self.after = (weights.opacities.copy(), biases.opacities.copy())
        super().begin()

    def interpolate_mobject(self, alpha: float) -> None:
        alpha = self.rate_func(alpha)
        product, weights, vector = self.product, self.product.weights, self.product.vector
        away = _part(alpha, 0, self.OUT) - _part(alpha, self.LIT, 1)
        product.open_lane(away)
        count = len(self.items)
        starts, ends = weights.entries.centres[self.items], vector.entries.centres
        ends[:, 0] = product.lane
        # Each entry goes to its line first and then along it. The last one, which has the shortest way, sets out first,
        # so that none runs into another.
        delays = 0.5 * np.arange(count)[::-1] / max(count - 1, 1)
        way = _share(alpha, self.OUT, self.ARRIVED) * 1.5 - delays
        across, down = _smooth(way * 1.6 - 0.6), _smooth(way * 1.6)
        at = starts + (ends - starts) * np.stack([across, down, down], axis=1)
        self.travellers.place(at)
        self.travellers.set_opacities(1 - _part(alpha, self.LIT, 1) if alpha >= self.OUT else 0)
        # What is out of focus nearly disappears while the row passes over it, and the row's own places wait for it.
        focused = _part(alpha, 0, self.OUT)
        opacities = self.before[0] + (self.after[0] * (1 - 0.8 * away) - self.before[0]) * focused
        if alpha >= self.OUT:
            opacities.ravel()[self.items] = DIMMED + (1 - DIMMED) * np.maximum(1 - 8 * down, 1 - away)
        weights.set_opacities(opacities)
        product.biases.set_opacities(self.before[1] + (self.after[1] - self.before[1]) * focused)
        turns = (np.arange(count) + 0.5) / count
        light = _bumps(_share(alpha, self.ARRIVED, self.LIT), turns, 0.8 / count)
        light *= _part(alpha, self.ARRIVED, self.ARRIVED + 0.02) * (1 - _part(alpha, self.LIT - 0.02, self.LIT))
        behind = np.concatenate([at, vector.entries.centres])
        _shine(self.lights, behind, _sizes(weights, vector, count), np.r_[light, light])

    def clean_up_from_scene(self, scene: Any) -> None:
        super().clean_up_from_scene(scene)
        scene.remove(self.lights, self.travellers)


class AccumulateDotProduct(Animation):
    """All terms of a row add up in the order of the columns, then come the bias and σ, and so the result.

    row: an index of the full matrix that is shown. running: the `RunningSum` that shows it, by default one below the
    product. The entry of the result appears once it is known; `product.hide_result()` hides it until then.

    >>> product = MatrixVectorProduct(forward, layer=1).shift([0, 1, 0]).hide_result().focus(2)
    >>> AccumulateDotProduct(product, row=2)
    """

    # The shares of the time when all terms have been summed, and when the bias has been added.
    SUMMED, BIASED = 0.72, 0.86

    def __init__(
        self, product: MatrixVectorProduct, row: int, running: RunningSum | None = None, **options: Any
    ) -> None:
        self.product, self.row = product, row
        self.item = product.result.item(row)
        if running is None:
            running = RunningSum(product, row)
            running.move_to((0, product.get_bottom()[1] - 0.35 - running.height / 2, 0))
        if running.row != row:
            raise ValueError(f"running must follow row {row}; it follows row {running.row}")
        self.running = running
        self.lights = _lights(4)
        super().__init__(
            Group(product, self.lights, running), **{"run_time": 4 * theme.FLOW, "rate_func": linear, **options}
        )

    def begin(self) -> None:
        self.before = self.product.result.opacities.copy()
        super().begin()

    def interpolate_mobject(self, alpha: float) -> None:
        alpha = self.rate_func(alpha)
        terms = self.running.terms * _share(alpha, 0, self.SUMMED)
        biased, squished = _part(alpha, self.SUMMED, self.BIASED), _part(alpha, self.BIASED, 1)
        self.running.show(terms, biased, squished)
        product, row = self.product, self.row
        opacities = self.before.copy()
        opacities[self.item] += (1 - opacities[self.item]) * squished
        product.result.set_opacities(opacities)
        column = max(int(np.ceil(terms)) - 1, 0)
        parts: list[tuple[Matrix, int, int]] = [
            (product.weights, row, column),
            (product.vector, column, 0),
            (product.biases, row, 0),
            (product.result, row, 0),
        ]
        places, sizes = zip(*(_spot(part, line, across) for part, line, across in parts), strict=True)
        summing = 1.0 - _part(alpha, self.SUMMED - 0.02, self.SUMMED)
        light = [summing, summing, *_bumps(alpha, [(self.SUMMED + self.BIASED) / 2, (self.BIASED + 1) / 2], 0.07)]
        _shine(self.lights, np.array(places), np.array(sizes), light)

    def clean_up_from_scene(self, scene: Any) -> None:
        super().clean_up_from_scene(scene)
        scene.remove(self.lights)


def _lights(count: int) -> Cells:
    """Soft backgrounds for entries, not visible yet."""
    return Cells(np.zeros((count, 3)), 0.1, 0.35, rgb(theme.TEXT), 0.0, stroke_width=0)


def _shine(lights: Cells, centres: NDArray[Any], sizes: NDArray[Any], shares: ArrayLike) -> None:
    """Put lights behind entries: centres (n, 3), sizes (n, 2) in units of length, shares (n,) of the full strength."""
    half = np.zeros((len(lights), 3))
    half[:, :2] = sizes / 2
    lights.points[0::2], lights.points[1::2] = centres - half, centres + half
    lights.opacities = (_GLOW * np.asarray(shares)).astype(np.float32)


def _spot(part: Matrix, row: int, column: int) -> tuple[NDArray[np.float64], tuple[float, float]]:
    """The place and size of the light behind an entry, or behind the dots that stand for it."""
    em = part.em
    if row not in part.rows or column not in part.columns:
        return part.place(row, column), (em, 1.1 * em)
    left, _, right, _ = part.entries.extents()[part.item(row, column)]
    _, y, z = part.place(row, column)
    return np.array([(left + right) / 2, y, z]), (float(right - left) + 0.5 * em, 1.45 * em)


def _sizes(weights: Matrix, vector: Matrix, count: int) -> NDArray[np.float64]:
    """How large the lights behind a column of weights and behind the vector are, (2 · count, 2)."""
    sizes = np.empty((2 * count, 2))
    for part, here in ((weights, sizes[:count]), (vector, sizes[count:])):
        extents = part.entries.extents()
        here[:] = (extents[:, 2] - extents[:, 0]).max() + 0.4 * part.em, 1.45 * part.em
    return sizes


def _share(alpha: float, start: float, stop: float) -> float:
    """The share of the way from start to stop, 0 to 1."""
    return float(np.clip((alpha - start) / (stop - start), 0, 1))


def _part(alpha: float, start: float, stop: float) -> float:
    """The same, slow at both ends."""
    return float(smooth(_share(alpha, start, stop)))


def _smooth(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Slow at both ends, for many at once; constant beyond 0 and 1."""
    return np.array([float(smooth(share)) for share in shares.clip(0, 1)])


def _bumps(alpha: float, middles: ArrayLike, width: float) -> NDArray[np.float64]:
    """The strengths of lights that come and go around their moments, 0 to 1."""
    away = np.abs(alpha - np.asarray(middles)) / width
    return np.clip(1 - away**2, 0, 1)
