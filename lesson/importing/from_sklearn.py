"""Networks of scikit-learn: an MLPClassifier, alone or behind scalers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lesson.importing.model import Floats, FoundLayer, FoundModel, ImportRefused, function_named
from lesson.importing.packages import require

# What an MLPClassifier keeps from its training: only numbers.
_MEMORY = [f"sklearn.neural_network._stochastic_optimizers.{name}Optimizer" for name in ("Adam", "SGD")]


def read_skops(file: Path) -> FoundModel:
    """A fitted MLPClassifier."""
    skops = require("skops.io", file)
    require("sklearn", file)
    if unknown := set(skops.get_untrusted_types(file=file)) - set(_MEMORY):
        raise ImportRefused(
            f"{file} holds {', '.join(sorted(unknown)[:3])}, which may not be safe to open; "
            f"save an MLPClassifier, alone or behind a scaler in a Pipeline"
        )
    model = skops.load(file, trusted=_MEMORY)
    steps = [step for _, step in model.steps] if type(model).__name__ == "Pipeline" else [model]
    classifier = steps[-1]
    if type(classifier).__name__ != "MLPClassifier" or not hasattr(classifier, "coefs_"):
        raise ImportRefused(f"{file} holds a {type(classifier).__name__}; expected a fitted MLPClassifier")
    scale: Any = 1.0
    shift: Any = 0.0
    for step in steps[:-1]:
        factor, offset = _of_scaler(step, file)
        scale, shift = scale * factor, shift * factor + offset
    names = [*[classifier.activation] * (len(classifier.coefs_) - 1), classifier.out_activation_]
    arrays = zip(classifier.coefs_, classifier.intercepts_, map(function_named, names), strict=True)
    layers = [
        FoundLayer(f"coefs_{n}", np.array(w.T, float), np.array(b, float), f) for n, (w, b, f) in enumerate(arrays)
    ]

    def run(inputs: Floats) -> NDArray[Any]:
        return np.asarray(model.predict_proba(inputs))

    if len(layers[-1].biases) == 1:
        # For two classes scikit-learn has one output, for the second. The first is 1 − σ(z) = σ(−z).
        last = layers[-1]
        both = np.concatenate([-last.weights, last.weights]), np.concatenate([-last.biases, last.biases])
        layers[-1] = FoundLayer(last.name, *both, "sigmoid")
    return FoundModel(
        "scikit-learn", tuple(layers), scale, shift, tuple(str(name) for name in classifier.classes_), run
    )


def _of_scaler(step: Any, file: Path) -> tuple[Any, Any]:
    kind = type(step).__name__
    if kind == "StandardScaler":
        scale = 1 / step.scale_ if step.scale_ is not None else 1.0
        return scale, -(step.mean_ if step.mean_ is not None else 0.0) * scale
    if kind == "MinMaxScaler" and not step.clip:
        return step.scale_, step.min_
    if kind == "MaxAbsScaler":
        return 1 / step.scale_, 0.0
    if kind == "RobustScaler":
        scale = 1 / step.scale_ if step.scale_ is not None else 1.0
        return scale, -(step.center_ if step.center_ is not None else 0.0) * scale
    raise ImportRefused(
        f"{file} has a {kind} before the network; only StandardScaler, MinMaxScaler, MaxAbsScaler and RobustScaler "
        f"can be imported"
    )
