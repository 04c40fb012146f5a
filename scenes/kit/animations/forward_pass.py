"""Connections that grow, and activations that flow along them."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import Animation, Group, Transform, linear, smooth
from numpy.typing import ArrayLike

from network import ForwardPass
from scenes.kit import theme
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.connections import Connections
from scenes.kit.mobjects.network_diagram import NetworkDiagram
from scenes.kit.mobjects.shine import Shine
from scenes.kit.validation import validate_array


class GrowConnections(Animation):
    """Every connection grows from the neuron that it comes from to the one that it goes to.

    >>> GrowConnections(NetworkDiagram(network).connections[0])
    """

    def __init__(self, connections: Connections, **options: Any) -> None:
        super().__init__(connections, **{"run_time": theme.FLOW, "introducer": True, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        self.mobject.show_until(self.rate_func(alpha))


class ShowContributions(Transform):
    """The connections of one layer change from what they show to what flows through them in a forward pass, w·a.

    >>> ShowContributions(NetworkDiagram(network), forward, layer=0)
    """

    def __init__(self, diagram: NetworkDiagram, forward: ForwardPass, layer: int, **options: Any) -> None:
        flowing = diagram.connections[layer].copy()
        flows = forward.contributions(layer)
        flowing.set_values(flows, np.abs(flows).max(axis=1, keepdims=True))
        super().__init__(diagram.connections[layer], flowing, **{"run_time": theme.STEP, **options})


class PropagateActivations(Animation):
    """A pulse runs along the connections of a layer, and as it arrives, the neurons light up.

    activations: (n_out,), what the neurons show at the end. The connections first dim, to a share `ahead`, and brighten
    again behind the pulse.

    >>> diagram = NetworkDiagram(network).show_contributions(forward, 1)
    >>> PropagateActivations(diagram.connections[1], diagram.columns[2], forward.activations[1])
    """

    # Shares of the time: when the connections have dimmed, and when the first light appears.
    DIMMED, ARRIVAL = 0.15, 0.55
    AHEAD, BEHIND = 0.35, 0.85

    def __init__(
        self,
        connections: Connections,
        neurons: Cells,
        activations: ArrayLike,
        ahead: float = AHEAD,
        **options: Any,
    ) -> None:
        self.connections, self.neurons, self.ahead = connections, neurons, ahead
        self.activations = validate_array(activations, (len(neurons),), "activations")
        self.before = neurons.colours.max(axis=1) / 255
        self.bright = float(connections.profile[-1])
        super().__init__(Group(connections, neurons), **{"run_time": theme.FLOW, "rate_func": linear, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        alpha = self.rate_func(alpha)
        ahead = self.bright + (self.ahead - self.bright) * smooth(min(alpha / self.DIMMED, 1))
        self.connections.set_pulse(-0.3 + 1.6 * alpha, ahead, self.BEHIND)
        lit = smooth(np.clip((alpha - self.ARRIVAL) / (1 - self.ARRIVAL), 0, 1))
        self.neurons.set_brightness(self.before + (self.activations - self.before) * lit)


class RunPulse(Animation):
    """A bright pulse runs along the connections of a layer, on top of what they show.

    contrast, width: of the pulse; less contrast makes weak connections bright as well. By default the fewer connections
    there are, the wider it is, so that layers of any size are equally bright. length: of the pulse, as a share of the
    connections. shining: whether light surrounds it.

    >>> diagram = NetworkDiagram(network).show_contributions(forward, 1)
    >>> RunPulse(diagram.connections[1])
    """

    def __init__(
        self,
        connections: Connections,
        contrast: float = 0.5,
        width: float | None = None,
        length: float = 0.32,
        shining: bool = False,
        **options: Any,
    ) -> None:
        pulse = connections.copy().set_opacity(1)
        pulse.contrast = contrast
        pulse.width_of_lines = width or float(np.clip(70 / len(pulse) ** 0.5, 1.6, 5))
        self.length = length
        self.lines: list[Connections] = [Shine(pulse), pulse] if shining else [pulse]
        super().__init__(
            Group(*self.lines) if shining else pulse,
            **{"run_time": theme.FLOW, "rate_func": linear, "introducer": True, "remover": True, **options},
        )

    def interpolate_mobject(self, alpha: float) -> None:
        for lines in self.lines:
            lines.set_pulse(-0.3 + 1.6 * self.rate_func(alpha), ahead=0, length=self.length)
