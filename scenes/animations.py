"""Motions of the lesson, each a function of how far it has gone, from 0 to 1."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from manim import Animation, Group, Transform, linear, smooth
from numpy.typing import ArrayLike, NDArray

from network import ForwardPass, Network
from network.checkpoint import Checkpoint
from scenes import theme
from scenes.layout import ColumnLayout
from scenes.mobjects.array_mobject import checked
from scenes.mobjects.cells import Cells
from scenes.mobjects.connections import Connections
from scenes.mobjects.network_diagram import NetworkDiagram, NeuronColumn
from scenes.mobjects.pixel_grid import PixelGrid
from scenes.mobjects.typesetting import Number
from scenes.mobjects.weight_heatmap import WeightHeatmap


class GrowConnections(Animation):
    """Every connection grows from the neuron that it comes from to the one that it goes to.

    >>> GrowConnections(NetworkDiagram(network).connections[0])
    """

    def __init__(self, connections: Connections, **options: Any) -> None:
        super().__init__(connections, **{"run_time": theme.FLOW, "introducer": True, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        self.mobject.show_until(self.rate_func(alpha))


class ShowContributions(Transform):
    """The connections of one layer turn from what they show to what flows through them in a forward pass, w·a.

    >>> ShowContributions(NetworkDiagram(network), forward, layer=0)
    """

    def __init__(self, diagram: NetworkDiagram, forward: ForwardPass, layer: int, **options: Any) -> None:
        flowing = diagram.connections[layer].copy()
        flows = forward.contributions(layer)
        flowing.set_values(flows, np.abs(flows).max(axis=1, keepdims=True))
        super().__init__(diagram.connections[layer], flowing, **{"run_time": theme.STEP, **options})


class PropagateActivations(Animation):
    """A pulse runs along the connections of a layer, and as it arrives its neurons light up.

    activations: (n_out,), what the neurons show when it is over. The connections first dim, and shine again where the
    pulse has passed.

    >>> diagram = NetworkDiagram(network).show_contributions(forward, 1)
    >>> PropagateActivations(diagram.connections[1], diagram.columns[2], forward.activations[1])
    """

    # Shares of the time: when the connections have dimmed, and when the first light is seen.
    DIMMED, ARRIVAL = 0.15, 0.55
    AHEAD, BEHIND = 0.35, 0.85

    def __init__(self, connections: Connections, neurons: Cells, activations: ArrayLike, **options: Any) -> None:
        self.connections, self.neurons = connections, neurons
        self.activations = checked(activations, (len(neurons),), "activations")
        self.before = neurons.colours.max(axis=1) / 255
        super().__init__(Group(connections, neurons), **{"run_time": theme.FLOW, "rate_func": linear, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        alpha = self.rate_func(alpha)
        ahead = 1 + (self.AHEAD - 1) * smooth(min(alpha / self.DIMMED, 1))
        self.connections.set_pulse(-0.3 + 1.6 * alpha, ahead, self.BEHIND)
        lit = smooth(np.clip((alpha - self.ARRIVAL) / (1 - self.ARRIVAL), 0, 1))
        self.neurons.set_brightness(self.before + (self.activations - self.before) * lit)


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


class ReplayTraining(Animation):
    """A recorded training run again: connections and weight pictures go through the run's snapshots, at an even pace.

    connections: those of each layer, or none. pictures: of the first layer's neurons, in order, or none. epoch: a
    number that tells the epoch. on_moment: called with the snapshot reached, as a number with a fraction, for a curve
    beside it. Between two snapshots, which are dense where much happens, the weights are blended evenly.

    >>> ReplayTraining(checkpoint, NetworkDiagram(network).connections)
    """

    def __init__(
        self,
        checkpoint: Checkpoint,
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
        """Show a moment of the run, and the network as it stood then."""
        weights = [layer.weights for layer in network.layers]
        for connections, array in zip(self.connections, weights, strict=False):
            connections.set_values(array, np.abs(array).max(axis=1, keepdims=True))
        for picture, row in zip(self.pictures, weights[0], strict=False):
            picture.show(row, picture.limit)
        if self.epoch is not None:
            self.epoch.set_value(self.checkpoint.epoch_at(moment))
        if self.on_moment is not None:
            self.on_moment(moment)


def _between(start: NDArray[Any], target: NDArray[Any], share: NDArray[np.float32]) -> NDArray[Any]:
    """Each item its own share of the way."""
    return start + (target - start) * share.reshape(-1, *([1] * (start.ndim - 1))).astype(start.dtype)
