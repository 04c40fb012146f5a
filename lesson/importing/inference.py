"""From a found model to a network of ours: what the file does not say is worked out on real pictures, and checked.

Ours takes brightness from 0 to 1 and has sigmoids or ReLUs. What the model does to its input is folded into the first
layer, W(s x + t) + b = (W s) x + (b + W t); tanh(z) = 2 σ(2z) − 1 is a sigmoid with other weights around it. Both are
exact. A softmax, or sums left as they are, are drawn as a sigmoid of each sum: the brightest output is the same one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import expit, log_softmax, softmax

from lesson.importing.model import Floats, FoundModel, ImportRefused
from lesson.importing.readers import run_by_torch
from network import Layer, Network
from network.digits import Digits

# Pictures to judge by, and how far the best way of taking a model must be ahead of another: in standard deviations.
_JUDGED, _AHEAD = 10_000, 3.0
_CHECKED = 1_000
# An answer may differ by rounding: the largest difference between theirs and ours, as a share of the largest output.
TOLERANCE = 1e-4
# Outputs whose sigmoids add up to about 1 were made to be sigmoids.
_SUM_LIKE_ONE = (0.7, 1.3)


@dataclass(frozen=True)
class Scaling:
    """How a program takes brightness: scale · x + shift, with x from 0 black to 1 white."""

    name: str
    scale: float
    shift: float


@dataclass(frozen=True)
class InferredNetwork:
    """A network made of a found model, and what to tell of it.

    sentences: what was worked out, and how. difference: the largest between their outputs and ours, where both could
    be run.
    """

    network: Network
    scaling: Scaling
    hidden: tuple[str, ...]
    sentences: tuple[str, ...]
    difference: float | None


def scalings(digits: Digits) -> tuple[Scaling, ...]:
    """The usual ways, the commonest first."""
    mean, deviation = float(digits.images.mean()), float(digits.images.std()) or 1.0
    return (
        Scaling("0 to 1", 1, 0),
        Scaling("0 to 255", 255, 0),
        Scaling("-1 to 1", 2, -1),
        Scaling("MNIST's mean and deviation", 1 / 0.3081, -0.1307 / 0.3081),
        Scaling("the data's mean and deviation", 1 / deviation, -mean / deviation),
        Scaling("0 to 16", 16, 0),
    )


def work_out(
    model: FoundModel, train: Digits, test: Digits, activation: str | None = None, scaling: Scaling | None = None
) -> InferredNetwork:
    """The network that a model is, by what reads the training pictures best where the file does not say.

    activation: of the hidden layers, scaling: of the input, where somebody knows. NotImportable where it does not fit
    the pictures, reads them no better than by chance, or gives other outputs than in its own program.
    """
    n_in, n_out = model.layers[0].weights.shape[1], len(model.layers[-1].biases)
    if n_in != train.side**2 or n_out != len(train.class_names):
        raise ImportRefused(
            f"the network takes {n_in} numbers and gives {n_out}, but the data has pictures of "
            f"{train.side}×{train.side} in {len(train.class_names)} classes; choose its own data by --data FOLDER"
        )
    sentences = []
    judged = train.subset(slice(_JUDGED))
    unknown = any(layer.function is None for layer in model.layers[:-1])
    hidden = [activation] if activation else ["sigmoid", "relu", "tanh"] if unknown else [None]
    ways = list(product(hidden, [scaling] if scaling else scalings(train)))
    right = [
        (sums(model.with_functions(name, "identity"), judged.vectors, way).argmax(axis=1) == judged.labels)
        for name, way in ways
    ]
    best = int(np.argmax([marks.mean() for marks in right]))
    best = next(n for n, marks in enumerate(right) if n == best or not _is_ahead(right[best], marks))
    name, way = ways[best]
    accuracy = float(right[best].mean())
    if accuracy < 0.5 and not (activation and scaling):
        raise ImportRefused(
            f"however it is taken, the network reads only {accuracy:.0%} of the training pictures right; choose the "
            f"data it was trained on by --data, or say --activation and --scale if that is how good it is"
        )
    equal = [ways[n] for n, marks in enumerate(right) if n != best and not _is_ahead(right[best], marks)]
    if unknown and not activation:
        sentences.append(f"The file does not say what its hidden layers apply: {name} reads best.")
    if not scaling:
        sentences.append(f"It reads best where brightness goes by {way.name}: {accuracy:.2%} of the training pictures.")
    if equal and not (activation and scaling):
        others = "; ".join(f"{other or 'the same'}, {one.name}" for other, one in equal[:3])
        sentences.append(f"As good, within chance: {others}. Say --activation and --scale if you know better.")
    whole = model.with_functions(name, None)
    difference = check(whole, test, way)
    if difference is not None:
        sentences.append(f"{model.framework} and Knobs give the same outputs, to within {difference:.0e}.")
    network, more = as_network(whole, way, judged)
    return InferredNetwork(
        network,
        way,
        tuple(layer.function or "" for layer in whole.layers[:-1]),
        (*sentences, *more),
        difference,
    )


def _is_ahead(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> bool:
    """Whether one is right where the other is wrong more often than the reverse, by more than chance (McNemar)."""
    only_one, only_other = int((one & ~other).sum()), int((other & ~one).sum())
    return only_one - only_other > _AHEAD * np.sqrt(only_one + only_other)


def sums(model: FoundModel, vectors: NDArray[Any], scaling: Scaling) -> Floats:
    """What the model's last layer sums to, (n, n_out), for brightness (n, n_in) from 0 to 1; all functions known."""
    signal: Floats = model.scale * (scaling.scale * vectors.astype(np.float64) + scaling.shift) + model.shift
    for layer in model.layers[:-1]:
        signal = _apply(layer.function, signal @ layer.weights.T + layer.biases)
    last = model.layers[-1]
    result: Floats = signal @ last.weights.T + last.biases
    return result


def _apply(function: str | None, z: Floats) -> Floats:
    applied = {
        "sigmoid": expit,
        "relu": lambda z: np.maximum(z, 0),
        "tanh": np.tanh,
        "identity": lambda z: z,
        "softmax": lambda z: softmax(z, axis=1),
        "log_softmax": lambda z: log_softmax(z, axis=1),
    }[function or "identity"](z)
    return np.asarray(applied, np.float64)


def check(model: FoundModel, digits: Digits, scaling: Scaling) -> float | None:
    """Run both on real pictures: the largest difference of outputs; None where the program is not there."""
    run = model.run or (run_by_torch(model) if model.framework == "PyTorch" else None)
    if run is None:
        return None
    vectors = digits.vectors[:_CHECKED].astype(np.float64)
    theirs = np.asarray(run(scaling.scale * vectors + scaling.shift), np.float64)
    if theirs.ndim == 1:
        theirs = theirs[:, None]
    ours = _apply(model.layers[-1].function, sums(model, vectors, scaling))
    if theirs.shape != ours.shape:
        raise ImportRefused(f"{model.framework} gives outputs of shape {theirs.shape}; expected {ours.shape}")
    difference = float(np.abs(theirs - ours).max() / max(1.0, np.abs(theirs).max()))
    if not difference < TOLERANCE:
        raise ImportRefused(
            f"{model.framework} gives other outputs than the layers found in the file ({difference:.1e} apart); "
            f"it does something more than fully connected layers, so it cannot be drawn truly"
        )
    return difference


def as_network(model: FoundModel, scaling: Scaling, digits: Digits) -> tuple[Network, list[str]]:
    """The same function as a network of ours, its functions known, and sentences on what was folded into what."""
    weights = [layer.weights for layer in model.layers]
    biases = [layer.biases for layer in model.layers]
    functions = [layer.function for layer in model.layers]
    told = []
    shift = model.scale * scaling.shift + model.shift
    biases[0] = biases[0] + weights[0] @ np.broadcast_to(shift, weights[0].shape[1])
    weights[0] = weights[0] * (model.scale * scaling.scale)
    if np.any(shift) or np.any(model.scale * scaling.scale != 1):
        told.append("Its way of taking brightness was folded into the first layer, so that it takes 0 to 1.")
    for n in range(len(weights) - 1):
        if functions[n] == "tanh":
            weights[n], biases[n], functions[n] = 2 * weights[n], 2 * biases[n], "sigmoid"
            biases[n + 1] = biases[n + 1] - weights[n + 1].sum(axis=1)
            weights[n + 1] = 2 * weights[n + 1]
            told.append(f"The tanh of layer {n + 1} became a sigmoid: tanh(z) = 2 σ(2z) − 1, exactly.")
        if functions[n] not in ("sigmoid", "relu", "identity"):
            raise ImportRefused(f"layer {n + 1} applies {functions[n]}, which no hidden layer of Knobs does")
    if functions[-1] == "tanh":
        weights[-1], biases[-1], functions[-1] = 2 * weights[-1], 2 * biases[-1], "sigmoid"
        told.append("The tanh of the outputs became a sigmoid: the same, moved from −1 … 1 to 0 … 1.")
    elif functions[-1] not in ("sigmoid", "relu"):
        found = sums(model, digits.vectors, scaling)
        amount = _amount_to_add(found) if functions[-1] or not _like_one(expit(found)) else 0.0
        biases[-1], functions[-1] = biases[-1] + amount, "sigmoid"
        added = f", with {amount:+.2f} added to all, which changes no softmax" if amount else ""
        told.append(
            f"Its outputs are drawn as a sigmoid of each sum{added}: "
            f"they add up to about 1, and the brightest is the same as before."
        )
    layers = zip(weights, biases, functions, strict=True)
    network = Network(tuple(Layer(w.astype(np.float32), b.astype(np.float32), str(f)) for w, b, f in layers))
    return network, told


def _like_one(outputs: Floats) -> bool:
    return bool(_SUM_LIKE_ONE[0] < outputs.sum(axis=1).mean() < _SUM_LIKE_ONE[1])


def _amount_to_add(found: Floats) -> float:
    """A number to add to every sum, so that the sigmoids add up to 1 on average."""
    reach = float(np.abs(found).max()) + 50
    return float(brentq(lambda c: float(expit(found + c).sum(axis=1).mean()) - 1, -reach, reach))


def same_answers(network: Network, model: FoundModel, scaling: Scaling, digits: Digits) -> float:
    """Share of the pictures to which both give the same answer."""
    theirs = sums(model, digits.vectors, scaling).argmax(axis=1)
    return float((network.classify(digits.vectors) == theirs).mean())


def scaling_named(name: str, known: Sequence[Scaling]) -> Scaling:
    """One of the usual ways by its name, or "S,T" for S · x + T. ValueError where it is neither."""
    for one in known:
        if one.name == name:
            return one
    try:
        scale, shift = (float(part) for part in name.split(","))
    except ValueError:
        raise ValueError(
            f"--scale takes one of {', '.join(repr(one.name) for one in known)}, or S,T for S·x + T; got {name!r}"
        ) from None
    return Scaling(name, scale, shift)
