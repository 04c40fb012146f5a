"""From the model in a file to a network of Knobs: what the file does not say is inferred from real pictures.

A network of Knobs takes brightness from 0 to 1 and has sigmoids or ReLUs. What the model does to its input is folded
into the first layer, W(s x + t) + b = (W s) x + (b + W t), and tanh(z) = 2 σ(2z) − 1 becomes a sigmoid with other
weights around it. Both are exact. A softmax, or no function at all, is drawn as a sigmoid of each sum: the brightest
output stays the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import expit

from lesson.importing.model import FUNCTIONS, Floats, FoundModel, ImportRefused
from lesson.importing.readers import run_by_torch
from network import Layer, Network
from network.archive import first_line
from network.digits import Digits
from scenes.wording import percent

# How many pictures decide, and by how many standard deviations the best reading must beat another.
_JUDGED, _AHEAD = 10_000, 3.0
_CHECKED = 1_000
# What rounding may change: the largest difference between two outputs, as a share of the largest output.
TOLERANCE = 1e-4
# Outputs whose sigmoids add up to about 1 are taken for sigmoids.
_SUM_LIKE_ONE = (0.7, 1.3)


@dataclass(frozen=True)
class Scaling:
    """The input that a program expects: scale · x + shift, with x from 0 (black) to 1 (white)."""

    name: str
    scale: float
    shift: float


@dataclass(frozen=True)
class InferredNetwork:
    """A network made from the model in a file.

    sentences: what was inferred, and how. difference: the largest between the outputs of the other program and ours;
    None if the other program could not run.
    """

    network: Network
    scaling: Scaling
    hidden: tuple[str, ...]
    sentences: tuple[str, ...]
    difference: float | None


def scalings(digits: Digits) -> tuple[Scaling, ...]:
    """The usual ones, the most common first."""
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
    """Make a network from a model. What the file does not say is chosen to read the training pictures best.

    activation: of the hidden layers, and scaling: of the input, if they are known. ImportRefused if the model does not
    fit the pictures, reads them little better than chance, or gives other outputs than its own program does.
    """
    n_in, n_out = model.layers[0].weights.shape[1], len(model.layers[-1].biases)
    if n_in != train.side**2 or n_out != len(train.class_names):
        raise ImportRefused(
            f"the network takes {n_in} numbers and gives {n_out}, but the data has pictures of "
            f"{train.side}×{train.side} in {len(train.class_names)} classes; choose its own data with --data FOLDER"
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
            f"at best the network reads only {percent(accuracy, 0)} of the training pictures right; choose the "
            f"data it was trained on with --data, or give --activation and --scale if it really is no better"
        )
    equal = [ways[n] for n, marks in enumerate(right) if n != best and not _is_ahead(right[best], marks)]
    if unknown and not activation:
        sentences.append(f"The file does not name the activation of its hidden layers: {name} reads best.")
    if not scaling:
        sentences.append(
            f"It reads best with brightness as {way.name}: {percent(accuracy, 2)} of the training pictures."
        )
    if equal and not (activation and scaling):
        others = "; ".join(f"{other or 'the same'}, {one.name}" for other, one in equal[:3])
        sentences.append(f"Equally good, within chance: {others}. Give --activation and --scale if you know better.")
    whole = model.with_functions(name, None)
    difference = check(whole, test, way)
    if difference is not None:
        sentences.append(f"{model.framework} and Knobs give the same outputs to within {difference:.0e}.")
    network, more = as_network(whole, way, judged)
    return InferredNetwork(
        network,
        way,
        tuple(layer.function or "" for layer in whole.layers[:-1]),
        (*sentences, *more),
        difference,
    )


def _is_ahead(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> bool:
    """Whether one is right more often where the two differ, by more than chance explains (McNemar's test)."""
    only_one, only_other = int((one & ~other).sum()), int((other & ~one).sum())
    return only_one - only_other > _AHEAD * np.sqrt(only_one + only_other)


def sums(model: FoundModel, vectors: NDArray[Any], scaling: Scaling) -> Floats:
    """The weighted sums of the last layer, (n, n_out), for brightness (n, n_in) from 0 to 1; hidden functions known."""
    signal: Floats = model.scale * (scaling.scale * vectors.astype(np.float64) + scaling.shift) + model.shift
    for layer in model.layers[:-1]:
        signal = _apply(layer.function, signal @ layer.weights.T + layer.biases)
    last = model.layers[-1]
    result: Floats = signal @ last.weights.T + last.biases
    return result


def _apply(function: str | None, z: Floats) -> Floats:
    return np.asarray(FUNCTIONS[function or "identity"](z), np.float64)


def check(model: FoundModel, digits: Digits, scaling: Scaling) -> float | None:
    """The largest difference of outputs on real pictures; None if the other program cannot run here."""
    run = model.run or (run_by_torch(model) if model.framework == "PyTorch" else None)
    if run is None:
        return None
    vectors = digits.vectors[:_CHECKED].astype(np.float64)
    try:
        theirs = np.asarray(run(scaling.scale * vectors + scaling.shift), np.float64)
    except Exception as problem:  # a file that can be read may still hold a network that cannot be run
        raise ImportRefused(
            f"{model.framework} cannot run the network ({first_line(problem)}); check it there, and save it again"
        ) from problem
    if theirs.ndim == 1:
        theirs = theirs[:, None]
    ours = _apply(model.layers[-1].function, sums(model, vectors, scaling))
    if theirs.shape != ours.shape:
        raise ImportRefused(f"{model.framework} gives outputs of shape {theirs.shape}; expected {ours.shape}")
    difference = float(np.abs(theirs - ours).max() / max(1.0, np.abs(theirs).max()))
    if not difference < TOLERANCE:
        raise ImportRefused(
            f"{model.framework} gives other outputs than the layers in the file do ({difference:.1e} apart), so the "
            f"network does something else as well; only networks of fully connected layers can be imported"
        )
    return difference


def as_network(model: FoundModel, scaling: Scaling, digits: Digits) -> tuple[Network, list[str]]:
    """The same function as a network of Knobs, and sentences about what was changed; all functions known."""
    weights = [layer.weights for layer in model.layers]
    biases = [layer.biases for layer in model.layers]
    functions = [layer.function for layer in model.layers]
    told = []
    shift = model.scale * scaling.shift + model.shift
    biases[0] = biases[0] + weights[0] @ np.broadcast_to(shift, weights[0].shape[1])
    weights[0] = weights[0] * (model.scale * scaling.scale)
    if np.any(shift) or np.any(model.scale * scaling.scale != 1):
        told.append("The first layer was changed so that it takes brightness from 0 to 1; the sums are the same.")
    for n in range(len(weights) - 1):
        if functions[n] == "tanh":
            weights[n], biases[n], functions[n] = 2 * weights[n], 2 * biases[n], "sigmoid"
            biases[n + 1] = biases[n + 1] - weights[n + 1].sum(axis=1)
            weights[n + 1] = 2 * weights[n + 1]
            told.append(f"The tanh of layer {n + 1} became a sigmoid: tanh(z) = 2 σ(2z) − 1, exactly.")
        if functions[n] not in ("sigmoid", "relu", "identity"):
            raise ImportRefused(
                f"layer {n + 1} applies {functions[n]}, which Knobs cannot do in a hidden layer; choose another network"
            )
    if functions[-1] == "tanh":
        weights[-1], biases[-1], functions[-1] = 2 * weights[-1], 2 * biases[-1], "sigmoid"
        told.append("The tanh of the outputs became a sigmoid: the same curve, from 0 to 1 and not from −1 to 1.")
    elif functions[-1] not in ("sigmoid", "relu"):
        found = sums(model, digits.vectors, scaling)
        amount = _amount_to_add(found) if functions[-1] or not _like_one(expit(found)) else 0.0
        biases[-1], functions[-1] = biases[-1] + amount, "sigmoid"
        added = f", after adding {amount:+.2f} to all, which changes no softmax" if amount else ""
        told.append(
            f"Its outputs are drawn as a sigmoid of each sum{added}: "
            f"they add up to about 1, and the brightest stays the same."
        )
    layers = zip(weights, biases, functions, strict=True)
    network = Network(tuple(Layer(w.astype(np.float32), b.astype(np.float32), str(f)) for w, b, f in layers))
    return network, told


def _like_one(outputs: Floats) -> bool:
    return bool(_SUM_LIKE_ONE[0] < outputs.sum(axis=1).mean() < _SUM_LIKE_ONE[1])


def _amount_to_add(found: Floats) -> float:
    """What to add to every sum so that the sigmoids add up to 1 on average."""
    reach = float(np.abs(found).max()) + 50
    return float(brentq(lambda c: float(expit(found + c).sum(axis=1).mean()) - 1, -reach, reach))


def same_answers(network: Network, model: FoundModel, scaling: Scaling, digits: Digits) -> float:
    """The share of pictures for which both give the same answer."""
    theirs = sums(model, digits.vectors, scaling).argmax(axis=1)
    return float((network.classify(digits.vectors) == theirs).mean())


def scaling_named(name: str, known: Sequence[Scaling]) -> Scaling:
    """One of the known scalings by its name, or "S,T" for S · x + T; ValueError if it is neither."""
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
