"""Activations that change as you watch."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import Animation, Group, Line, Mobject, smooth
from numpy.typing import ArrayLike

from scenes.kit import theme
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.numbered_neurons import NumberedNeurons


class ChangeActivations(Animation):
    """Neurons change to other activations; a pointer, if given, follows the first one along a scale from 0 to 1.

    values: (n,), what the neurons show at the end.

    >>> ChangeActivations(NumberedNeurons([0, 1], [(-2, 0, 0), (2, 0, 0)], diameter=3), [1, 0.25])
    """

    def __init__(
        self,
        neurons: NumberedNeurons,
        values: ArrayLike,
        scale: Line | None = None,
        pointer: Cells | None = None,
        **options: Any,
    ) -> None:
        self.neurons, self.scale, self.pointer = neurons, scale, pointer
        self.before, self.after = neurons.numbers.values.copy(), np.asarray(values, float)
        moving: list[Mobject] = [neurons] if pointer is None else [neurons, pointer]
        super().__init__(Group(*moving), **{"run_time": theme.FLOW, "rate_func": smooth, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        values = self.before + (self.after - self.before) * self.rate_func(alpha)
        self.neurons.show(values)
        if self.scale is not None and self.pointer is not None:
            self.pointer.move_to(self.scale.point_from_proportion(float(np.clip(values[0], 0, 1))))
