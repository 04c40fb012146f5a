"""What a network is: layers of weights and biases, and what one run of it computes.

Layer l takes the activations a of the layer before and gives σ(W a + b). The weights of a layer are
an array of shape (n_out, n_in), one row for each of its neurons, so that code, drawing and formula agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from network.activations import ACTIVATIONS as ACTIVATIONS
from network.activations import Activation as Activation
from network.activations import Array as Array
from network.activations import activation_named as activation_named


@dataclass(frozen=True, eq=False)
class Layer:
    """The knobs of one layer of neurons.

    weights: (n_out, n_in); row j holds the weights of neuron j.
    biases: (n_out,).
    activation: the name of one of `network.activations.ACTIVATIONS`, such as "sigmoid".

    Both arrays are read-only and of one floating-point type. ValueError if they do not fit together.
    """

    weights: Array
    biases: Array
    activation: str = "sigmoid"

    def __post_init__(self) -> None:
        activation_named(self.activation)
        weights, biases = np.asarray(self.weights), np.asarray(self.biases)
        kind = np.result_type(weights, biases)
        if kind not in (np.float32, np.float64):
            kind = np.dtype(np.float64)
        weights, biases = np.array(weights, dtype=kind), np.array(biases, dtype=kind)
        if weights.ndim != 2 or 0 in weights.shape:
            raise ValueError(f"weights must have the shape (n_out, n_in), at least (1, 1); got {weights.shape}")
        if biases.shape != weights.shape[:1]:
            raise ValueError(f"{len(weights)} neurons need biases of shape ({len(weights)},); got {biases.shape}")
        if not (np.isfinite(weights).all() and np.isfinite(biases).all()):
            raise ValueError("weights and biases must be finite numbers; there is a NaN or an infinity among them")
        weights.flags.writeable = biases.flags.writeable = False
        object.__setattr__(self, "weights", weights)
        object.__setattr__(self, "biases", biases)

    @property
    def n_in(self) -> int:
        return int(self.weights.shape[1])

    @property
    def n_out(self) -> int:
        return int(self.weights.shape[0])

    def weighted_sums(self, activations: Array) -> Array:
        """z = W a + b, for one input (n_in,) or for a batch (n, n_in)."""
        return activations @ self.weights.T + self.biases

    def activate(self, weighted_sums: Array) -> Array:
        """a = σ(z), with this layer's activation function for σ: of each sum by itself, but for softmax."""
        return activation_named(self.activation).function(weighted_sums)


@dataclass(frozen=True, eq=False)
class ForwardPass:
    """One run of a network, with everything that a picture of it needs.

    input: (n_in,), the activations of the input layer.
    weighted_sums[i], activations[i]: (n_out,) of `network.layers[i]`.
    """

    network: Network
    input: Array
    weighted_sums: tuple[Array, ...]
    activations: tuple[Array, ...]

    @property
    def output(self) -> Array:
        return self.activations[-1]

    @property
    def answer(self) -> int:
        """The index of the brightest output."""
        return int(np.argmax(self.output))

    @property
    def columns(self) -> tuple[Array, ...]:
        """The activations of every column of neurons, the input first."""
        return (self.input, *self.activations)

    def inputs_of(self, layer: int) -> Array:
        """The activations that flow into `network.layers[layer]`."""
        return self.columns[layer]

    def contributions(self, layer: int) -> Array:
        """w·a for every connection of `network.layers[layer]`, (n_out, n_in); a row sums to z − b."""
        return self.network.layers[layer].weights * self.inputs_of(layer)


@dataclass(frozen=True, eq=False)
class Network:
    """Layers that fit together: each takes as many activations as the one before gives."""

    layers: tuple[Layer, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "layers", tuple(self.layers))
        if not self.layers:
            raise ValueError("a network needs at least one layer")
        for number, (before, after) in enumerate(zip(self.layers, self.layers[1:], strict=False), 1):
            if before.n_out != after.n_in:
                raise ValueError(
                    f"layer {number} gives {before.n_out} activations, but layer {number + 1} takes {after.n_in}"
                )

    @classmethod
    def random(
        cls,
        sizes: Sequence[int],
        rng: np.random.Generator,
        hidden: str = "sigmoid",
        output: str = "sigmoid",
        dtype: type[np.floating[Any]] = np.float32,
    ) -> Network:
        """A network of the given sizes (inputs first), ready to be trained.

        Weights are normal around 0 with variance 2/(n_in + n_out) (Glorot and Bengio 2010), or 2/n_in for
        ReLU (He et al. 2015); biases are 0.
        """
        if len(sizes) < 2 or min(sizes) < 1:
            raise ValueError(f"a network needs two or more sizes of at least 1; got {list(sizes)}")
        layers = []
        for number, (n_in, n_out) in enumerate(zip(sizes, sizes[1:], strict=False), 1):
            activation = output if number == len(sizes) - 1 else hidden
            variance = 2 / n_in if activation == "relu" else 2 / (n_in + n_out)
            weights = rng.normal(0, np.sqrt(variance), (n_out, n_in)).astype(dtype)
            layers.append(Layer(weights, np.zeros(n_out, dtype), activation))
        return cls(tuple(layers))

    @classmethod
    def from_parameters(cls, parameters: Array, sizes: Sequence[int], activations: Sequence[str]) -> Network:
        """The network whose knobs are in one vector: W¹ row by row, b¹, W² row by row, b², …"""
        views = views_of_parameters(parameters, sizes)
        return cls(tuple(Layer(w, b, name) for (w, b), name in zip(views, activations, strict=True)))

    @property
    def sizes(self) -> tuple[int, ...]:
        """The number of neurons of every column, the input first: (784, 16, 16, 10)."""
        return (self.layers[0].n_in, *(layer.n_out for layer in self.layers))

    @property
    def activations(self) -> tuple[str, ...]:
        """The name of each layer's activation function."""
        return tuple(layer.activation for layer in self.layers)

    @property
    def weight_count(self) -> int:
        return sum(layer.weights.size for layer in self.layers)

    @property
    def bias_count(self) -> int:
        return sum(layer.biases.size for layer in self.layers)

    @property
    def parameter_count(self) -> int:
        """How many knobs there are to turn."""
        return self.weight_count + self.bias_count

    @cached_property
    def dtype(self) -> np.dtype[Any]:
        return np.result_type(*(layer.weights for layer in self.layers))

    def parameters(self) -> Array:
        """All knobs as one new vector, (parameter_count,), in the order of `from_parameters`."""
        parts = [part for layer in self.layers for part in (layer.weights.ravel(), layer.biases)]
        return np.concatenate(parts, dtype=self.dtype)

    def forward(self, image: ArrayLike) -> ForwardPass:
        """Run the network on one image, an array of any shape with n_in numbers, and record everything."""
        activations = np.array(image, dtype=self.dtype).ravel()
        if activations.size != self.sizes[0]:
            raise ValueError(f"this network takes {self.sizes[0]} numbers; the image has {activations.size}")
        if not np.isfinite(activations).all():
            raise ValueError("the image holds a NaN or an infinity")
        columns, sums = [activations], []
        for layer in self.layers:
            sums.append(layer.weighted_sums(columns[-1]))
            columns.append(layer.activate(sums[-1]))
        for array in (*columns, *sums):
            array.flags.writeable = False
        return ForwardPass(self, columns[0], tuple(sums), tuple(columns[1:]))

    def predict(self, images: ArrayLike) -> Array:
        """The outputs (n, n_out) for a batch of images (n, …); the fast path, which records nothing."""
        activations = np.asarray(images, dtype=self.dtype)
        activations = (
            activations.reshape(len(activations), -1) if len(activations) else activations.reshape(0, self.sizes[0])
        )
        if activations.shape[1] != self.sizes[0]:
            raise ValueError(f"this network takes {self.sizes[0]} numbers an image; these have {activations.shape[1]}")
        for layer in self.layers:
            activations = layer.activate(layer.weighted_sums(activations))
        return activations

    def classify(self, images: ArrayLike) -> NDArray[np.intp]:
        """The index of the brightest output for each image, (n,)."""
        return np.argmax(self.predict(images), axis=1)


def views_of_parameters(parameters: Array, sizes: Sequence[int]) -> list[tuple[Array, Array]]:
    """A vector of all knobs seen as each layer's weights (n_out, n_in) and biases (n_out,); nothing is copied."""
    views, start = [], 0
    for n_in, n_out in zip(sizes, sizes[1:], strict=False):
        middle, stop = start + n_out * n_in, start + n_out * (n_in + 1)
        views.append((parameters[start:middle].reshape(n_out, n_in), parameters[middle:stop]))
        start = stop
    if start != parameters.size:
        raise ValueError(f"sizes {list(sizes)} take {start} parameters; the vector has {parameters.size}")
    return views
