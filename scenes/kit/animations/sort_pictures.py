"""Pictures that fly through a gate and are sorted: the right ones stick, the others fall."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import Animation, Group, Mobject, linear
from numpy.typing import ArrayLike, NDArray

from scenes.kit import theme
from scenes.kit.mobjects.pictures import Pictures
from scenes.kit.mobjects.text import Number


class SortPictures(Animation):
    """One after another the pictures fly into a gate and out of it; the right ones stick, the others fall and fade.

    right: (n,), which of them stick. goals: (n, 3), where the right ones go; extent: how wide they are there.
    value: a number that grows from 0 to `stop` as pictures stick; its right edge stays in place.

    >>> flock = Pictures(digits.images[:20], np.zeros((20, 3)), 0.6)
    >>> goals = np.stack([np.linspace(2, 6, 20), np.zeros(20), np.zeros(20)], axis=1)
    >>> box = PixelGrid(np.zeros((2, 2)), 2, (-2, 0))
    >>> SortPictures(flock, box, np.arange(20) % 3 > 0, goals, 0.4, Number(0), 65.0)
    """

    # How wide a picture is on its way; where it comes from, left of the gate; and how far it falls, in units.
    ON_THE_WAY, COMES_FROM, SPREAD, FALLS = 0.62, 4.6, 1.1, 3.2
    # How long a picture is on its way, as a share of the whole time; and the share of its way before the gate.
    FLIGHT, BEFORE = 0.3, 0.4

    def __init__(
        self,
        pictures: Pictures,
        gate: Mobject,
        right: ArrayLike,
        goals: NDArray[np.float64],
        extent: float,
        value: Number,
        stop: float,
        **options: Any,
    ) -> None:
        self.pictures, self.right, self.goals, self.extent = pictures, np.asarray(right, bool), goals, extent
        self.value, self.stop = value, stop
        n = pictures.count
        self.leave = np.arange(n) / max(n - 1, 1) * (1 - self.FLIGHT)
        rng = np.random.default_rng(0)
        self.middle = gate.get_center()
        self.start = np.stack(
            [np.full(n, self.middle[0] - self.COMES_FROM), rng.uniform(-self.SPREAD, self.SPREAD, n), np.zeros(n)],
            axis=1,
        )
        self.start[:, 1] += self.middle[1]
        self.out = gate.get_right()
        self.sideways = rng.uniform(-1.0, 0.4, n)
        super().__init__(Group(pictures, value), **{"run_time": 2.75 * theme.STEP, "rate_func": linear, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        flown = np.clip((self.rate_func(alpha) - self.leave) / self.FLIGHT, 0, 1)
        before = np.clip(flown / self.BEFORE, 0, 1)[:, None]
        after = np.clip((flown - self.BEFORE) / (1 - self.BEFORE), 0, 1)[:, None]
        eased = after * after * (3 - 2 * after)
        coming = self.start + (self.middle - self.start) * before
        sticking = self.out + (self.goals - self.out) * eased
        falling = self.out + np.concatenate(
            [after * self.sideways[:, None], after * 0.5 - (self.FALLS + 0.5) * after**2, 0 * after], axis=1
        )
        there = np.where(self.right[:, None], sticking, falling)
        self.pictures.set_places(
            np.where(flown[:, None] < self.BEFORE, coming, there),
            np.where(self.right, self.ON_THE_WAY + (self.extent - self.ON_THE_WAY) * eased[:, 0], self.ON_THE_WAY),
        )
        # Inside the gate a picture cannot be seen.
        seen = np.where(flown < self.BEFORE, np.clip(6 * (1 - before[:, 0]), 0, 1), 1.0) * (flown > 0)
        self.pictures.show(np.where(self.right, seen, seen * (0.75 * (1 - after[:, 0]))))
        stuck = (flown >= 1) & self.right
        self.value.set_value_from_right(self.stop * stuck.sum() / max(self.right.sum(), 1))
