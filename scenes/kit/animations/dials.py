"""One or many dials that are turned."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import Animation, Group, VMobject, linear, smooth
from numpy.typing import ArrayLike, NDArray

from scenes.kit.mobjects.axes import Axes
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.dials import Dials
from scenes.kit.mobjects.text import Number


class TurnDial(Animation):
    """A dial is turned through some values, and a number follows.

    values: (n,), the stops. reach: the value at which the hand is turned all the way.

    >>> TurnDial(Dials((0, 0, 0), 3, [0], 2), Number(0, 2).move_to((0, -2.2, 0)), [0, -1.5, 1], 2)
    """

    def __init__(self, dial: Dials, number: Number, values: ArrayLike, reach: float, **options: Any) -> None:
        self.dial, self.number, self.reach = dial, number, reach
        self.values = np.asarray(values, float)
        super().__init__(Group(dial, number), **{"rate_func": linear, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        value = float(eased(self.values, self.rate_func(alpha)))
        self.dial.turn([value / self.reach])
        self.number.set_value(value)


class TrySettings(Animation):
    """Setting after setting is tried: a dot appears for each, and the dials turn to some of them, one after another.

    dots: n. settings: (n, knobs), how far each knob is turned, −1 to 1. The dots come slowly at first, then faster and
    faster.

    >>> settings = np.random.default_rng(0).uniform(-1, 1, (40, 16))
    >>> dots = Cells([[3, y, 0] for y in np.linspace(-3, 3, 40)], 0.1, 1)
    >>> TrySettings(Dials(grid(4, (-2, 0), 5), 1, settings[0], 1), dots, settings)
    """

    SHOWN = 22  # how many settings the dials turn to

    def __init__(self, dials: Dials, dots: Cells, settings: NDArray[np.floating[Any]], **options: Any) -> None:
        self.dials, self.dots = dials, dots
        last = len(settings) - 1
        self.shown = settings[[round(last * self.tried(m / self.SHOWN)) for m in range(self.SHOWN + 1)]]
        super().__init__(Group(dials, dots), **{"rate_func": linear, **options})

    @staticmethod
    def tried(alpha: float) -> float:
        """The share of the settings that has been tried at this share of the time."""
        return alpha**2

    def interpolate_mobject(self, alpha: float) -> None:
        alpha = self.rate_func(alpha)
        self.dials.turn(eased(self.shown, alpha))
        reached = self.tried(alpha) * (len(self.dots) - 1)
        self.dots.opacities = (np.arange(len(self.dots)) <= reached + 1e-9).astype(np.float32)


class MeasureWhileTurning(Animation):
    """A dial is turned from end to end, and a curve follows what was measured on the way.

    axes: its x runs from −1 to 1, the turn of the dial. measured: (n,), from one end to the other, in the axes' y.

    >>> from manim import VMobject
    >>> axes, curve = Axes((-1, 1), (0, 1), width=4, height=4), VMobject(stroke_width=5)
    >>> MeasureWhileTurning(Dials((-4, 0, 0), 2, [-1], 1), curve, axes, np.linspace(0, 1, 61) ** 2)
    """

    def __init__(self, dial: Dials, curve: VMobject, axes: Axes, measured: NDArray[np.float64], **options: Any) -> None:
        self.dial, self.curve = dial, curve
        turns = np.linspace(-1, 1, len(measured))
        self.turns, self.places = turns, axes.point(turns, measured)
        super().__init__(Group(dial, curve), **options)

    def interpolate_mobject(self, alpha: float) -> None:
        turn = float(2 * self.rate_func(alpha) - 1)
        self.dial.turn([turn])
        here = np.array([np.interp(turn, self.turns, self.places[:, axis]) for axis in range(3)])
        self.curve.set_points_as_corners(np.concatenate([self.places[self.turns < turn], [here, here]]))


def eased(stops: NDArray[Any], alpha: float) -> NDArray[Any]:
    """The place at a share of the way through stops (n, …): all stretches take equally long, slow at both ends."""
    place = alpha * (len(stops) - 1)
    before = min(int(place), len(stops) - 2)
    blend: NDArray[Any] = stops[before] + (stops[before + 1] - stops[before]) * smooth(place - before)
    return blend
