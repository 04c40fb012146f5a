"""How wrong a network is, and which way each knob should turn: cost and backpropagation.

The cost of one image is a sum over the outputs; that of a batch, the mean over its images. With the target y
(1 at the right class, 0 elsewhere), the output a and its weighted sum z:

    squared_error          Σ (a − y)²
    cross_entropy          Σ −y ln a − (1−y) ln(1−a)        each output for itself; sigmoid outputs only
    softmax_cross_entropy  −ln of the share of Σ e^z that the right class has: the outputs compete

The lesson tells of the first. The last can also be added in part to another (`competition`): it helps a small
network to spend its few knobs on telling classes apart. Backpropagation as in Rumelhart, Hinton, Williams (1986).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from network.network import Array, Network, activation_named, views_of_parameters

COSTS = ("squared_error", "cross_entropy", "softmax_cross_entropy")


def one_hot(labels: ArrayLike, classes: int, dtype: DTypeLike = np.float32) -> Array:
    """Targets (n, classes): 1 in the column of the label, 0 elsewhere. labels: (n,), 0 to classes − 1."""
    labels = np.asarray(labels)
    targets: Array = np.zeros((len(labels), classes), dtype)
    targets[np.arange(len(labels)), labels] = 1
    return targets


def cost(network: Network, images: Array, targets: Array, name: str = "squared_error", competition: float = 0) -> float:
    """The mean cost of a batch: images (n, n_in), targets (n, n_out). ValueError as for `Backpropagation`."""
    return Backpropagation(network, name, competition).cost(images, targets)


def gradients(
    network: Network, images: Array, targets: Array, name: str = "squared_error", competition: float = 0
) -> list[tuple[Array, Array]]:
    """For each layer, how the mean cost changes with its weights (n_out, n_in) and its biases (n_out,).

    images: (n, n_in). targets: (n, n_out). ValueError as for `Backpropagation`.
    """
    backpropagation = Backpropagation(network, name, competition)
    backpropagation.run(images, targets)
    return views_of_parameters(backpropagation.gradient, network.sizes)


class Backpropagation:
    """A network whose knobs can be turned, and the gradient of its cost.

    `parameters` and `gradient` are flat vectors (parameter_count,) in the order of `Network.parameters`, to be
    changed and read in place. Buffers are kept from batch to batch, so that a step allocates next to nothing.

    cost: one of `COSTS`. competition: how much of softmax_cross_entropy is added to it, 0 or more. ValueError for an
    unknown cost, for cross_entropy on outputs other than sigmoid, or for a negative competition.
    """

    def __init__(self, network: Network, cost: str = "squared_error", competition: float = 0) -> None:
        if cost not in COSTS:
            raise ValueError(f"there is no cost {cost!r}; there are {', '.join(COSTS)}")
        if cost == "cross_entropy" and network.activations[-1] != "sigmoid":
            raise ValueError(
                f"the cost cross_entropy needs outputs between 0 and 1: sigmoid, not {network.activations[-1]}"
            )
        if not competition >= 0:
            raise ValueError(f"competition must be 0 or more; got {competition}")
        self.cost_name = cost
        self.competition = competition + (cost == "softmax_cross_entropy")
        self.sizes = network.sizes
        self.parameters = network.parameters()
        self.gradient: Array = np.zeros_like(self.parameters)
        self._layers = views_of_parameters(self.parameters, self.sizes)
        self._slots = views_of_parameters(self.gradient, self.sizes)
        self._activations = [activation_named(name) for name in network.activations]
        self._make_buffers(0)

    @property
    def outputs(self) -> Array:
        """The outputs (n, n_out) for the last batch; the next one overwrites them."""
        return self._columns[-1]

    def cost(self, images: Array, targets: Array) -> float:
        """The mean cost of a batch: images (n, n_in), targets (n, n_out)."""
        self._forward(images)
        a, z = self._columns[-1], self._sums[-1]
        total: Any = 0.0
        if self.cost_name == "squared_error":
            total = np.sum((a - targets) ** 2, dtype=np.float64)
        elif self.cost_name == "cross_entropy":
            # −y ln σ(z) − (1−y) ln(1 − σ(z)) = ln(1 + e^z) − y z, which never overflows.
            total = np.sum(np.logaddexp(0, z) - targets * z, dtype=np.float64)
        if self.competition:
            shifted = z - z.max(axis=1, keepdims=True)
            log_share = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
            total -= self.competition * np.sum(targets * log_share, dtype=np.float64)
        return float(total) / len(images)

    def run(self, images: Array, targets: Array) -> Array:
        """Fill `gradient` with that of the mean cost of a batch; returns the outputs (n, n_out)."""
        self._forward(images)
        # delta is ∂cost/∂z for the layer at hand, (n, n_out).
        delta = self._output_delta(targets)
        for number in range(len(self._layers) - 1, -1, -1):
            weights_slot, biases_slot = self._slots[number]
            np.dot(delta.T, self._columns[number], out=weights_slot)
            np.dot(self._ones, delta, out=biases_slot)  # the sum over the batch
            if number:
                delta = np.dot(delta, self._layers[number][0], out=self._deltas[number])
                self._activations[number - 1].pull_back(delta, self._sums[number], self._columns[number])
        return self._columns[-1]

    def _make_buffers(self, n: int) -> None:
        dtype = self.parameters.dtype
        self._columns: list[Array] = [np.empty((n, size), dtype) for size in self.sizes]
        self._deltas: list[Array] = [np.empty((n, size), dtype) for size in self.sizes]
        # The weighted sums of a layer share the memory of its activations, unless they are needed again.
        self._sums: list[Array] = [self._columns[0]]
        for column, activation in zip(self._columns[1:], self._activations, strict=True):
            self._sums.append(np.empty_like(column) if activation.needs_sums else column)
        self._sums[-1] = np.empty_like(self._columns[-1])
        self._ones: Array = np.ones(n, dtype)

    def _forward(self, images: Array) -> None:
        if len(images) != len(self._ones):
            self._make_buffers(len(images))
        columns = self._columns
        columns[0] = np.asarray(images, self.parameters.dtype)
        for number, (weights, biases) in enumerate(self._layers, 1):
            sums = self._sums[number]
            # np.dot is np.matmul with less ado.
            np.dot(columns[number - 1], weights.T, out=sums)
            np.add(sums, biases, out=sums)
            self._activations[number - 1].function(sums, out=columns[number])

    def _output_delta(self, targets: Array) -> Array:
        a, z = self._columns[-1], self._sums[-1]
        delta = np.subtract(a, targets, dtype=a.dtype)
        if self.cost_name == "squared_error":
            self._activations[-1].pull_back(delta, z, a)
            delta *= 2
        elif self.cost_name == "softmax_cross_entropy":
            delta.fill(0)
        # For cross_entropy the slope of the sigmoid cancels, and a − y is all there is.
        if self.competition:
            share = np.subtract(z, z.max(axis=1, keepdims=True))
            np.exp(share, out=share)
            share /= share.sum(axis=1, keepdims=True)
            share -= targets
            share *= self.competition
            delta += share
        delta *= 1 / len(a)
        return delta
