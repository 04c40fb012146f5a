"""From the model in a file to a network of Knobs, which computes the same; what the file does not say is inferred.

A network of Knobs takes brightness from 0 to 1. What the model does to its input is folded into the first layer,
W(s x + t) + b = (W s) x + (b + W t), and pictures with rows as columns into the order of its weights; both are exact.
A model that ends in sums gets the softmax that training adds to them: the brightest output stays the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, softmax

from lesson.importing.model import Floats, FoundLayer, FoundModel, ImportRefused, Layers, apply
from lesson.importing.trying import Judged, Scaling, Trial, Tried, Way, conventions, things, turned
from lesson.importing.trying import scalings as scalings
from network import Layer, Network
from network.activations import ACTIVATIONS, activation_named
from network.digits import Digits
from scenes.wording import count, function_name, percent

_CHECKED = 1_000
_JUDGED = 10_000
# What rounding may change: the largest difference between two outputs, as a share of the largest output.
TOLERANCE = 1e-4


@dataclass(frozen=True)
class InferredNetwork:
    """A network made from the model in a file.

    functions: of each layer, as far as known; the last is None if the file has none. sentences: what was inferred, and
    how. difference: the largest between the outputs of the other program, running the network itself, and those of the
    layers that were read; None if it could not run. agreed: the share of test pictures for which the network gives the
    same answer as those layers.
    """

    network: Network
    scaling: Scaling
    functions: tuple[str | None, ...]
    sentences: tuple[str, ...]
    difference: float | None
    agreed: float


def work_out(
    model: FoundModel,
    train: Digits,
    test: Digits,
    activations: Sequence[str] = (),
    scaling: Scaling | None = None,
) -> InferredNetwork:
    """Make a network from a model. What the file does not say is chosen to read the training pictures best.

    activations: one for all hidden layers; or one for each of them; or for the output as well; empty if they are not
    known. scaling: of the input, if it is known. ImportRefused if the model does not fit the pictures, reads them
    little better than chance, or gives other outputs than its own program does.
    """
    given = _given(model, activations)
    _check_sizes(model, train)
    sentences = list(model.notes)
    readings, more = _outputs_for_classes(model, train)
    sentences += more
    trial = Trial(model, readings, train)
    order = _order_by_name(model, train)
    if order is None and (order := trial.order_of_outputs(given, scaling)) is not None:
        names = [model.class_names[n] if model.class_names else str(n) for n in order]
        what = "The classes that it names are" if model.class_names else "Its outputs stand in another order than"
        pairs = ", ".join(f"{own} for {name}" for own, name in zip(names, train.class_names, strict=True))
        sentences.append(f"{what} the data's, found by trying: {pairs}.")
    if order is not None:
        readings = [_in_order(layers, order) for layers in readings]
        trial = Trial(model, readings, train)
    tried = trial.search(given, scaling)
    best = tried.best
    if (unknown := trial.unknown(best.way.reading)) and not activations and (skip := trial.skip_connection(best)):
        raise ImportRefused(
            f"as layers one after the other the network reads {percent(best.accuracy, 1)} of the training pictures "
            f"right, with a skip connection around {skip[0]} {percent(skip[1].accuracy, 1)}: it seems to have one, and "
            f"only plain fully connected layers can be imported; choose a network without it"
        )
    if activations and scaling and best.accuracy < 0.5:
        sentences.append("It reads less than half of the training pictures right.")
    elif best.accuracy < 0.5:
        raise ImportRefused(
            f"at best the network reads only {percent(best.accuracy, 0)} of the training {things(train)} right; choose "
            f"the data it was trained on with --data, or give --activations and --scale if it really is no better"
        )
    free = bool(unknown) and not activations
    sentences += _told(model, trial, tried, free, scaling is None)
    raw = model.with_layers(model.readings[best.way.reading].layers).with_functions(best.way.functions)
    difference = check(raw, test, best.way.scaling)
    sentences.append(_told_of_check(model, difference))
    layers = readings[best.way.reading]
    whole = model.with_layers(layers).with_functions(best.way.functions)
    network, more = as_network(whole, best.way.scaling, train)
    return InferredNetwork(
        network,
        best.way.scaling,
        best.way.functions,
        (*sentences, *more, *_told_of_ties(network, test)),
        difference,
        same_answers(network, whole, best.way.scaling, test),
    )


# ------------------------------------------------------------------------------- whether it fits the data


def _given(model: FoundModel, activations: Sequence[str]) -> tuple[str | None, ...] | None:
    """The activations that were asked for, one for each layer."""
    if not activations:
        return None
    layers, names = len(model.layers), [activation_named(name).name for name in activations]
    if len(names) == 1:
        return (*names * (layers - 1), None)
    if len(names) == layers - 1:
        return (*names, None)
    if len(names) == layers:
        return tuple(names)
    raise ImportRefused(
        f"the network has {count(layers, 'layer')}; give --activations one name for all hidden layers, {layers - 1} "
        f"for each of them, or {layers} with that of the outputs; got {len(names)}"
    )


def _check_sizes(model: FoundModel, digits: Digits) -> None:
    n_in, n_out = model.layers[0].weights.shape[1], len(model.layers[-1].biases)
    classes = len(digits.class_names)
    fits_out = n_out == classes or (n_out == 1 and classes == 2)
    if n_in == digits.n_in and fits_out:
        return
    if digits.inputs:
        raise ImportRefused(
            f"the network takes {n_in} numbers and gives {n_out}, but a row of the table has {digits.n_in} numbers, "
            f"and there are {classes} classes; choose its own table with --data FILE.csv"
        )
    side = digits.side
    way_out = "choose its own data with --data FOLDER"
    if n_in < 25:
        why = "; that is too little for pictures"
        way_out = "give its table with --data FILE.csv, a column for each number and the class in the last"
    elif n_out == 1 and classes != 2:
        why = "; one output tells two classes apart: give pictures of these two"
    elif n_in != side**2 and (root := round(n_in**0.5)) ** 2 == n_in:
        more = "padded or enlarged" if root > side else "cut out or made smaller"
        why = f"; {n_in} numbers are pictures of {root}×{root}, perhaps {more}: give pictures of that size"
    elif n_in in (3 * side**2, side**2 + 1):
        why = "; its pictures have colours, or its input has more than pixels: train it on grey pixels alone"
    else:
        why = ""
    raise ImportRefused(
        f"the network takes {n_in} numbers and gives {n_out}, but the data has pictures of "
        f"{side}×{side} in {classes} classes{why}; {way_out}"
    )


def _outputs_for_classes(model: FoundModel, digits: Digits) -> tuple[list[Layers], list[str]]:
    """The readings, with an output for each class; one output for two classes becomes two."""
    readings = [one.layers for one in model.readings]
    if len(readings[0][-1].biases) != 1:
        return readings, []
    two = []
    for layers in readings:
        last = layers[-1]
        if last.function not in (None, "identity", "sigmoid"):
            raise ImportRefused(
                f"its one output goes through {function_name(last.function).with_article}; to tell two classes apart "
                f"it should be a sigmoid, or none, so train it with that"
            )
        both = np.concatenate([-last.weights, last.weights]), np.concatenate([-last.biases, last.biases])
        two.append((*layers[:-1], FoundLayer(last.name, *both, "sigmoid")))
    first, second = digits.class_names
    return two, [f"Its one output is for {second}; {first} has an output of its own here, 1 minus the other: σ(−z)."]


def _order_by_name(model: FoundModel, digits: Digits) -> NDArray[np.intp] | None:
    """For each class of the data the output of that name; None if the names are not the same."""
    names, classes = [_plain(name) for name in model.class_names], [_plain(name) for name in digits.class_names]
    if sorted(names) != sorted(classes) or len(set(names)) < len(names):
        return None
    return np.array([names.index(name) for name in classes])


def _plain(name: str) -> str:
    name = name.strip().lower()
    return name.removesuffix(".0") if name.removesuffix(".0").isdecimal() else name


def _in_order(layers: Layers, order: NDArray[np.intp]) -> Layers:
    last = layers[-1]
    return (*layers[:-1], last.but(weights=last.weights[order], biases=last.biases[order]))


# ------------------------------------------------------------------------------------------- what is told


def _told(model: FoundModel, trial: Trial, tried: Tried, free: bool, free_input: bool) -> list[str]:
    best, told = tried.best, []
    if said := model.readings[best.way.reading].said:
        told.append(f"It reads best with {said}.")
    if free:
        told.append(
            f"The file does not name the activations of its hidden layers. Taken for {_names(best.way)}, by trying: "
            f"with that it reads {percent(best.accuracy, 2)} of {len(best.labels):,} training {things(trial.digits)} "
            f"right."
        )
    if free_input:
        reads = "" if free else f": {percent(best.accuracy, 2)} of the training {things(trial.digits)}"
        form = _form_of_input(best.way.scaling, trial.digits)
        told.append(f"It reads best with {form}{reads}.")
        if best.way.scaling.inverted:
            told.append(
                "So it was trained on dark ink on white; here it takes bright ink on black, as the data has it."
            )
        if best.way.scaling.transposed:
            told.append("So it was trained on pictures with rows and columns exchanged; its weights were turned.")
    if tried.close:
        others = "; ".join(_compared(one, best, free, free_input) for one in tried.close[:4])
        what = "activations" if free else "forms of the input"
        told.append(f"That is not sure: other {what} fit nearly as well ({others}).")
        told.append(model.settle if free and model.settle else "Give --activations and --scale if you know better.")
    elif tried.next and (free or free_input):
        far = "far less well" if tried.next.loss > 1.5 * best.loss else "less well"
        told.append(f"The next best fits {far} ({_compared(tried.next, best, free, free_input)}).")
    return told


def _form_of_input(scaling: Scaling, digits: Digits) -> str:
    """The form of the input in which a network reads best, to end a sentence."""
    if not digits.inputs:
        return f"brightness as {scaling.name}"
    if np.ndim(scaling.scale) == 0:
        return f"the numbers {scaling.name}"
    return f"{scaling.name}, as measured on these training rows; its own may differ a little"


def _names(way: Way) -> str:
    names = [name or "" for name in way.functions[:-1]]
    if len(set(names)) <= 1:
        return names[0] if names else ""
    return ", ".join(names)


def _compared(one: Judged, best: Judged, free: bool, free_input: bool) -> str:
    parts = [_names(one.way)] if free else []
    if free_input and (not free or one.way.scaling != best.way.scaling):
        parts.append(one.way.scaling.name)
    if one.way.reading != best.way.reading:
        parts.append("another order of its arrays")
    same = float((one.answers == best.answers).mean())
    return f"{', '.join(parts)}: {percent(one.accuracy, 2)}, {percent(same, 1)} of its answers the same"


def _told_of_check(model: FoundModel, difference: float | None) -> str:
    if difference is not None:
        near = f"to within {difference:.0e}" if difference else "exactly"
        return f"{model.framework} ran the network itself: its outputs are those of the layers read here, {near}."
    why = f"{model.framework} failed to run it" if model.run else model.why_not_run
    return f"This could not be checked by running the network itself: {why}."


def _told_of_ties(network: Network, digits: Digits) -> list[str]:
    """How often two outputs are equally bright, so that the answer is only the first of them."""
    outputs = network.predict(digits.vectors)
    ties = int(((outputs == outputs.max(axis=1, keepdims=True)).sum(axis=1) > 1).sum())
    if not ties:
        return []
    return [
        f"For {ties:,} of the {len(outputs):,} test {things(digits)} two outputs or more are equally bright, "
        f"and the first of them counts as the answer."
    ]


# ----------------------------------------------------------------------------------------- the same network


def sums(model: FoundModel, vectors: NDArray[Any], scaling: Scaling) -> Floats:
    """The weighted sums of the last layer, (n, n_out), for brightness (n, n_in) from 0 to 1; hidden functions known."""
    signal: Floats = model.scale * scaling.of(vectors) + model.shift
    for layer in model.layers[:-1]:
        signal = apply(layer.function or "identity", signal @ layer.weights.T + layer.biases)
    last = model.layers[-1]
    result: Floats = signal @ last.weights.T + last.biases
    return result


def check(model: FoundModel, digits: Digits, scaling: Scaling) -> float | None:
    """The largest difference of outputs on real pictures; None if the other program cannot run the network itself."""
    if model.run is None:
        return None
    vectors = digits.vectors[:_CHECKED]
    try:
        theirs = np.asarray(model.run(scaling.of(vectors)), np.float64)
    except Exception:  # whatever keeps the other program from running it, the layers that were read are as they are
        return None
    if theirs.ndim == 1:
        theirs = theirs[:, None]
    ours = apply(model.layers[-1].function or "identity", sums(model, vectors, scaling))
    if theirs.shape != ours.shape:
        raise ImportRefused(
            f"{model.framework} gives outputs of shape {theirs.shape}, but its layers {ours.shape}, so the network "
            f"does something else as well; only networks of fully connected layers can be imported"
        )
    difference = float(np.abs(theirs - ours).max() / max(1.0, np.abs(theirs).max()))
    if not difference < TOLERANCE:
        raise ImportRefused(
            f"{model.framework} gives other outputs than the layers in the file do ({difference:.1e} apart), so the "
            f"network does something else as well; only networks of fully connected layers can be imported"
        )
    return difference


def as_network(model: FoundModel, scaling: Scaling, digits: Digits) -> tuple[Network, list[str]]:
    """The same function as a network of Knobs, and sentences about what was changed; hidden functions are known."""
    weights = [layer.weights for layer in model.layers]
    biases = [layer.biases for layer in model.layers]
    functions = [layer.function for layer in model.layers]
    told = []
    n_in = weights[0].shape[1]
    scale = np.broadcast_to(np.asarray(model.scale, float) * scaling.scale, n_in)
    shift = np.broadcast_to(np.asarray(model.scale, float) * scaling.shift + model.shift, n_in)
    biases[0] = biases[0] + weights[0] @ shift
    weights[0] = turned(weights[0] * scale, scaling.transposed)
    if np.any(shift) or np.any(scale != 1):
        takes = "the numbers as they are" if digits.inputs else "brightness from 0 to 1"
        told.append(f"The first layer was changed so that it takes {takes}; the sums are the same.")
    if functions[-1] == "log_softmax":
        functions[-1] = "softmax"
        told.append(
            "It ends in the logs of shares (log-softmax); here its outputs are the shares themselves, by softmax."
        )
    elif functions[-1] in (None, "identity"):
        functions[-1], why = _function_of_outputs(sums(model, digits.vectors[:_JUDGED], scaling), digits)
        own = "The file does not say what becomes of its last sums" if model.layers[-1].function is None else (
            "It ends in sums, which training turns into shares or squashes")  # fmt: skip
        told.append(f"{own}: {why}, and the brightest output stays the same.")
    layers = zip(weights, biases, functions, strict=True)
    network = Network(tuple(Layer(w.astype(np.float32), b.astype(np.float32), str(f)) for w, b, f in layers))
    return network, told


def _function_of_outputs(found: Floats, digits: Digits) -> tuple[str, str]:
    """Softmax or sigmoid, and why: training brings the mean of each output close to how often its class comes up."""
    often = np.bincount(digits.labels[: len(found)], minlength=found.shape[1]) / len(found)
    away = {
        "softmax": float(np.abs(softmax(found, axis=1).mean(axis=0) - often).max()),
        "sigmoid": float(np.abs(expit(found).mean(axis=0) - often).max()),
    }
    # People who leave the last function out mostly train with the cross-entropy of a softmax.
    chosen = "sigmoid" if 2 * away["sigmoid"] < away["softmax"] else "softmax"
    other = "softmax" if chosen == "sigmoid" else "sigmoid"
    return chosen, (
        f"here {chosen} does, since with it the outputs come up as often as their classes, to within "
        f"{percent(away[chosen], 1)} (with {other}, {percent(away[other], 1)})"
        if away[chosen] < away[other]
        else f"here {chosen} does, as is usual"
    )


def same_answers(network: Network, model: FoundModel, scaling: Scaling, digits: Digits) -> float:
    """The share of pictures for which both give the same answer."""
    theirs = sums(model, digits.vectors, scaling).argmax(axis=1)
    return float((network.classify(digits.vectors) == theirs).mean())


def scaling_named(name: str, digits: Digits) -> Scaling:
    """One of the known forms of the input by its name, or "S,T" for S · x + T; ValueError if it is neither."""
    for one in conventions(digits):
        if one.name == name:
            return one
    plain, *turns = (part.strip() for part in name.split(", "))
    try:
        scale, shift = (float(part) for part in plain.split(","))
        if set(turns) - {"inverted", "transposed"} or not np.isfinite([scale, shift]).all():
            raise ValueError
    except ValueError:
        raise ValueError(
            f"--scale takes one of {', '.join(repr(one.name) for one in scalings(digits))}, or S,T for S·x + T, with "
            f"', inverted' or ', transposed' after it where it is; got {name!r}"
        ) from None
    own = Scaling(name, scale, shift, "transposed" in turns)
    return replace(own, scale=-scale, shift=scale + shift) if "inverted" in turns else own


def activations_named(names: str) -> tuple[str, ...]:
    """The names in "relu" or "tanh, relu, softmax"; ValueError, which lists all, if there is no such function."""
    found = tuple(part.strip() for part in names.split(",") if part.strip())
    for name in found:
        activation_named(name)
    if not found:
        raise ValueError(f"--activations takes {', '.join(ACTIVATIONS)}, one or several with commas")
    return found
