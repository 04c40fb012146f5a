"""Light that runs back along connections."""

from __future__ import annotations

from typing import Any

from manim import Animation, linear

from scenes.kit.mobjects.connections import Connections


class FlowBack(Animation):
    """Light runs back along connections, from the neurons that they go to, to those that they come from.

    >>> FlowBack(NetworkDiagram(network).connections[1])
    """

    def __init__(self, connections: Connections, **options: Any) -> None:
        super().__init__(connections, **{"introducer": True, "rate_func": linear, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        if alpha >= 1:
            self.mobject.show_until(1)
        else:
            self.mobject.set_pulse(1.3 - 1.6 * self.rate_func(alpha), 1, 0)
