"""The steps of a program of PyTorch, as TorchScript and torch.export write them, and the layers that they make."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from lesson.importing.arrays import Normalisation, fold
from lesson.importing.model import FoundLayer, ImportRefused, function_named, other_kind

_SILENT = ("flatten", "view", "reshape", "dropout", "dropout_", "contiguous", "to", "squeeze", "unsqueeze")
# What steps leave out is what PyTorch takes then.
_LEFT_OUT = {"leaky_relu": (0.01,), "elu": (1, 1, 1), "hardtanh": (-1, 1), "softplus": (1, 20)}


@dataclass(frozen=True, eq=False)
class Step:
    """One operation of a program. kind: as PyTorch names it in torch.ops.aten. names: of what it takes, in order.

    values: of what it takes, the constants; None for the others. output: the name of the signal that it gives; None if
    it gives anything else.
    """

    kind: str
    names: Sequence[str]
    values: Sequence[Any]
    output: str | None


def layers_of_steps(
    steps: Iterable[Step], signal: str, file: Path, end: str | None = None
) -> tuple[list[FoundLayer], Any, Any]:
    """The layers along the way from the input, called `signal`, to the output; and the scale and shift before them.

    end: what the output is called, where that is known. ImportRefused at the first step that is no layer.
    """
    layers: list[FoundLayer] = []
    scale, shift = np.array(1.0), np.array(0.0)
    current = signal
    for step in steps:
        if current not in step.names or step.output is None:
            continue  # it is not on the way, or only looks at the signal's shape
        kind, plain = step.kind, step.kind.strip("_")
        values = [None if name == current else value for name, value in zip(step.names, step.values, strict=True)]
        arrays = [value for value in values if isinstance(value, np.ndarray) and value.ndim]
        if kind == "linear" or kind == "addmm" or kind in ("matmul", "mm"):
            matrix = next((one for one in arrays if one.ndim == 2), None)
            if matrix is None:
                raise other_kind("a product of two signals", kind, file.name)
            if kind == "addmm" and any(factor != 1 for factor in values[3:]):
                raise other_kind("a sum whose parts are weighted", kind, file.name)
            weights = matrix if kind == "linear" else matrix.T
            bias = next((one for one in arrays if one.ndim == 1), np.zeros(len(weights)))
            layers.append(FoundLayer(f"layer {len(layers) + 1}", weights.astype(float), bias.astype(float), "identity"))
        elif plain in ("add", "sub", "mul", "div") and values[0] is None:
            term = values[1]
            if term is None:
                raise other_kind("a skip connection, which adds two signals,", kind, file.name)
            number = np.asarray(term, float).ravel() if np.ndim(term) else np.asarray(term, float)
            if plain in ("add", "sub") and len(values) > 2:
                number = number * values[2]
            if layers and plain == "add" and layers[-1].function == "identity":
                layers[-1] = layers[-1].but(biases=layers[-1].biases + number)
            elif layers:
                raise other_kind(f"a {plain} between its layers", kind, file.name)
            else:
                scale, shift = {
                    "add": (scale, shift + number), "sub": (scale, shift - number),
                    "mul": (scale * number, shift * number), "div": (scale / number, shift / number),
                }[plain]  # fmt: skip
        elif kind == "batch_norm" and len(arrays) >= 2:
            gamma, beta, mean, variance = (values[n] for n in (1, 2, 3, 4))
            norm = Normalisation.of_statistics(
                kind,
                1.0 if gamma is None else gamma,
                0.0 if beta is None else beta,
                mean,
                variance,
                float(values[7]),  # type: ignore[arg-type]
            )
            if layers and layers[-1].function != "identity" or not layers:
                raise other_kind("batch normalisation behind an activation, in TorchScript,", kind, file.name)
            layers = fold(layers, norm, len(layers) - 1, after=False)
        elif kind in _SILENT:
            pass
        elif layers and layers[-1].function == "identity" and (function := _function_of(plain, values)):
            layers[-1] = layers[-1].but(function=function)
        else:
            raise other_kind("a convolution" if "conv" in kind else f"a step of the kind {kind}", kind, file.name)
        current = step.output
    if end not in (None, current):
        raise other_kind("more than one way from its input to its output", str(end), file.name)
    if not layers:
        raise ImportRefused(f"{file} holds no fully connected layers, and no others can be imported")
    return layers, scale, shift


def _function_of(kind: str, values: list[Any]) -> str | None:
    """The function of a step by its kind and its constants, the signal first."""
    values = [*values, *_LEFT_OUT.get(kind, ())[len(values) - 1 :]]
    if kind == "gelu":
        return "gelu_tanh" if len(values) > 1 and values[1] == "tanh" else "gelu"
    if kind == "leaky_relu":
        return function_named(kind, values[1])
    if kind == "elu":
        return function_named(kind, values[1]) if list(values[2:4]) in ([1, 1], []) else None
    if kind == "hardtanh":
        low, high = float(values[1]), float(values[2])
        return {(-1.0, 1.0): "hard_tanh", (0.0, 6.0): "relu6"}.get((low, high))
    if kind == "softplus":
        return kind if values[1] in (1, None) else None
    return function_named(kind) if kind in _PLAIN else None


_PLAIN = ("relu", "sigmoid", "tanh", "softmax", "log_softmax", "silu", "selu", "hardsigmoid", "relu6")
