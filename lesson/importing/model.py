"""What a file of another program holds: its layers, as that program wrote them."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_softmax

from network.activations import ACTIVATIONS, activation_named, with_parameter
from network.errors import KnobsError

Floats = NDArray[np.float64]

# What other programs call the activation functions of Knobs, in small letters and without lines between the words.
_OTHER_NAMES = {
    "linear": "identity", "none": "identity", "logistic": "sigmoid", "swish": "silu", "hardtanh": "hard_tanh",
    "hardsigmoid": "hard_sigmoid", "leakyrelu": "leaky_relu", "logsoftmax": "log_softmax", "gelutanh": "gelu_tanh",
    "hyperbolictangent": "tanh",
}  # fmt: skip
_LOG_SOFTMAX = "log_softmax"


class ImportRefused(KnobsError, ValueError):
    """A file that cannot be imported; the message says why, and what to do."""


def function_named(name: str, parameter: float | None = None) -> str | None:
    """The name in `network.activations`, or "log_softmax", of what another program calls `name`; None for no such one.

    parameter: of a family, such as the slope of a leaky ReLU below zero; None for that of Knobs.
    """
    plain = name.lower().replace("_", "").replace("-", "").replace(" ", "")
    found = _OTHER_NAMES.get(plain) or next((one for one in ACTIVATIONS if one.replace("_", "") == plain), None)
    if found is None:
        try:
            return activation_named(name).name
        except ValueError:
            return None
    if parameter is None:
        return found
    try:
        return with_parameter(found, float(parameter))
    except ValueError:
        return None


def apply(function: str, z: Floats) -> Floats:
    """A function of `function_named` of weighted sums (n, n_out)."""
    made = log_softmax(z, axis=-1) if function == _LOG_SOFTMAX else activation_named(function).function(z)
    return np.asarray(made, np.float64)


@dataclass(frozen=True, eq=False)
class FoundLayer:
    """A layer. weights: (n_out, n_in). biases: (n_out,). function: as `function_named`; None if the file has none."""

    name: str
    weights: Floats
    biases: Floats
    function: str | None = None

    def but(self, **changes: Any) -> FoundLayer:
        """The same layer with other values for these fields."""
        return dataclasses.replace(self, **changes)


Layers = tuple[FoundLayer, ...]


@dataclass(frozen=True, eq=False)
class Reading:
    """One way to understand the arrays of a file. said: what is special about it; empty for the usual one."""

    layers: Layers
    said: str = ""


@dataclass(frozen=True, eq=False)
class FoundModel:
    """A network as a file holds it.

    layers: as the file is most likely meant; others: other ways to understand it, to be tried on pictures.
    scale, shift: numbers or (n_in,); the model first turns its input x into scale · x + shift.
    class_names: of the outputs, in their order; empty if the file names none. notes: sentences about what was read.
    run: the program's own outputs (n, n_out) for its own inputs (n, n_in), by the network itself, not by our reading of
    it; None if the file holds no network that can be run, or the program is not installed.
    why_not_run: the reason for None, to end the sentence "could not run it: …". settle: what would settle what is only
    inferred, as a sentence.
    """

    framework: str
    layers: Layers
    scale: Floats | float = 1.0
    shift: Floats | float = 0.0
    class_names: tuple[str, ...] = ()
    run: Callable[[Floats], NDArray[Any]] | None = None
    others: tuple[Reading, ...] = ()
    notes: tuple[str, ...] = ()
    why_not_run: str = "the file holds its weights only"
    settle: str = ""

    @property
    def readings(self) -> tuple[Reading, ...]:
        return (Reading(self.layers), *self.others)

    def with_layers(self, layers: Layers) -> FoundModel:
        return dataclasses.replace(self, layers=layers, others=())

    def with_functions(self, functions: Sequence[str | None]) -> FoundModel:
        """The same model, with these functions, one for each layer, where the file has none."""
        layers = zip(self.layers, functions, strict=True)
        return self.with_layers(tuple(one.but(function=one.function or name) for one, name in layers))


def as_json(text: str) -> Any:
    """What a text in a file holds as JSON; None if it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def named_classes(names: Any) -> tuple[str, ...]:
    """The names of classes as a file holds them; none if that is no list of texts."""
    return tuple(names) if isinstance(names, list) and all(isinstance(name, str) for name in names) else ()


def named_functions(layers: Layers, names: Any) -> Layers:
    """The layers with the functions that a file lists for them; as they are if it lists no such functions."""
    if not isinstance(names, list) or len(names) != len(layers):
        return layers
    functions = [function_named(name) if isinstance(name, str) else None for name in names]
    if None in functions:
        return layers
    return tuple(layer.but(function=function) for layer, function in zip(layers, functions, strict=True))


def other_kind(kind: str, name: str, what: str) -> ImportRefused:
    """The error for a layer that is not fully connected."""
    return ImportRefused(
        f"{what} has {kind} ({name}); only networks of fully connected layers can be imported, so choose one of those"
    )


def scaled_outputs(layer: FoundLayer, scale: Floats, shift: Floats) -> FoundLayer:
    """The layer with scale · z + shift for its weighted sums z; both (n_out,)."""
    return layer.but(weights=scale[:, None] * layer.weights, biases=scale * layer.biases + shift)


def scaled_inputs(layer: FoundLayer, scale: Floats, shift: Floats) -> FoundLayer:
    """The layer for inputs a of which it takes scale · a + shift; both (n_in,)."""
    return layer.but(weights=layer.weights * scale, biases=layer.biases + layer.weights @ shift)
