"""Motions of the lesson, each a function of how far it has gone, from 0 to 1."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import Animation, Group, linear, smooth
from numpy.typing import ArrayLike

from scenes import theme
from scenes.mobjects.array_mobject import checked
from scenes.mobjects.cells import Cells
from scenes.mobjects.connections import Connections


class GrowConnections(Animation):
    """Every connection grows from the neuron that it comes from to the one that it goes to."""

    def __init__(self, connections: Connections, **options: Any) -> None:
        super().__init__(connections, **{"run_time": theme.FLOW, "introducer": True, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        self.mobject.show_until(self.rate_func(alpha))


class PropagateActivations(Animation):
    """A pulse runs along the connections of a layer, and as it arrives its neurons light up.

    activations: (n_out,), what the neurons show when it is over. rest: how much of a connection's opacity shows where no
    pulse is, before and after.
    """

    ARRIVAL = 0.55  # the share of the time at which the first light is seen

    def __init__(
        self, connections: Connections, neurons: Cells, activations: ArrayLike, rest: float = 0.5, **options: Any
    ) -> None:
        self.connections, self.neurons, self.rest = connections, neurons, rest
        self.activations = checked(activations, (len(neurons),), "activations")
        self.before = neurons.colours.max(axis=1) / 255
        super().__init__(Group(connections, neurons), **{"run_time": theme.FLOW, "rate_func": linear, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        alpha = self.rate_func(alpha)
        self.connections.set_pulse(-0.3 + 1.6 * alpha, self.rest)
        lit = smooth(np.clip((alpha - self.ARRIVAL) / (1 - self.ARRIVAL), 0, 1))
        self.neurons.set_brightness(self.before + (self.activations - self.before) * lit)
