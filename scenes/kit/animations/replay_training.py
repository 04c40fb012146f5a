"""A recorded training run, replayed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
from manim import Animation, Group, linear
from numpy.typing import NDArray

from network import Network
from scenes.kit import theme
from scenes.kit.mobjects.connections import Connections
from scenes.kit.mobjects.text import Number
from scenes.kit.mobjects.weight_heatmap import WeightHeatmap


class RecordedRun(Protocol):
    """Snapshots of a network during its training, as a checkpoint keeps them."""

    @property
    def snapshot_parameters(self) -> NDArray[np.float32]:
        """All parameters at each snapshot, (n, parameters)."""

    def at_moment(self, moment: float) -> Network:
        """The network at a snapshot, or interpolated between two if the moment has a fraction."""

    def epoch_at(self, moment: float) -> float:
        """The epoch of a moment."""


class ReplayTraining(Animation):
    """A recorded training run, replayed: connections and weight pictures go through its snapshots at an even pace.

    connections: of each layer, or none. pictures: of the first layer's neurons, in order, or none. epoch: a number that
    shows the epoch. on_moment: called with the present moment, a snapshot's number with a fraction, to move a curve.
    Between two snapshots, which are closer together where more happens, the weights are interpolated.

    >>> ReplayTraining(checkpoint, NetworkDiagram(network).connections)
    """

    def __init__(
        self,
        checkpoint: RecordedRun,
        connections: list[Connections] | None = None,
        pictures: list[WeightHeatmap] | None = None,
        epoch: Number | None = None,
        on_moment: Callable[[float], object] | None = None,
        **options: Any,
    ) -> None:
        if len(checkpoint.snapshot_parameters) < 2:
            raise ValueError("checkpoint must hold two or more snapshots of its run; train with --snapshots 48")
        self.checkpoint = checkpoint
        self.connections, self.pictures = connections or [], pictures or []
        self.epoch, self.on_moment = epoch, on_moment
        moving = [*self.connections, *self.pictures] + ([epoch] if epoch is not None else [])
        super().__init__(Group(*moving), **{"run_time": 8 * theme.STEP, "rate_func": linear, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        moment = self.rate_func(alpha) * (len(self.checkpoint.snapshot_parameters) - 1)
        self.show(moment, self.checkpoint.at_moment(moment))

    def show(self, moment: float, network: Network) -> None:
        """Show a moment of the run, with the network as it was then."""
        weights = [layer.weights for layer in network.layers]
        for connections, array in zip(self.connections, weights, strict=False):
            connections.set_values(array, np.abs(array).max(axis=1, keepdims=True))
        for picture, row in zip(self.pictures, weights[0], strict=False):
            picture.show(row, picture.limit)
        if self.epoch is not None:
            self.epoch.set_value(self.checkpoint.epoch_at(moment))
        if self.on_moment is not None:
            self.on_moment(moment)
