"""Arrays with names, sorted into layers: which are weights, which biases belong to them, and in which order they stand.

Each layer takes the outputs of the one before. What names and shapes leave open gives several readings, the most likely
first; which of them is right shows when they are tried on pictures.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, permutations, product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lesson.importing.model import (
    Floats,
    FoundLayer,
    ImportRefused,
    Layers,
    Reading,
    other_kind,
    scaled_inputs,
    scaled_outputs,
)

Arrays = Mapping[str, NDArray[Any]]

# Names that give away layers of other kinds.
_OTHER_KINDS = (
    (r"weight_[ih]h|bias_[ih]h|recurrent_kernel|lstm|(?<![a-z])gru|(?<![a-z])rnn", "a recurrent layer"),
    (r"in_proj|attn|attention|q_proj|query", "an attention layer"),
    (r"embed", "an embedding"),
    (r"layer_?norm|group_?norm|(?<![a-z])ln_?\d*\.", "a layer normalisation, which depends on each picture"),
    (r"prelu", "a PReLU, whose slope is learnt"),
    (r"weight_[gv]$|parametrizations", "weights kept in parts (weight normalisation)"),
    (r"lora_", "a LoRA adapter and not a whole network"),
)
_ROLES = r"weights?|biases|bias|kernel|coefs?_?|intercepts?_?|(?<![a-z])[wb](?![a-z])"
_BIAS = r"bias|intercept|(?<![a-z])b(?![a-z])|β"
_NORM_PARTS = {"mean": r"(running|moving)_mean$", "variance": r"(running|moving)_var(iance)?$"}
_MOST_ORDERS = 24
_TORCH_EPSILON = 1e-5


@dataclass(frozen=True, eq=False)
class Normalisation:
    """Batch normalisation in use: scale · z + shift, both (n,). after: of the activation, or before it; None: open."""

    name: str
    scale: Floats
    shift: Floats
    after: bool | None = None

    @classmethod
    def of_statistics(
        cls, name: str, gamma: Any, beta: Any, mean: Any, variance: Any, epsilon: float, after: bool | None = None
    ) -> Normalisation:
        """From what it has learnt, gamma and beta, and what it has measured."""
        scale = np.asarray(gamma, float) / np.sqrt(np.asarray(variance, float) + epsilon)
        scale = np.broadcast_to(scale, np.shape(mean)).copy()
        return cls(name, scale, np.asarray(beta, float) - scale * np.asarray(mean, float), after)


@dataclass(frozen=True, eq=False)
class SortedArrays:
    """readings: the likeliest first. notes: sentences about what was folded or left aside."""

    readings: tuple[Reading, ...]
    notes: tuple[str, ...] = ()


def layers_of_arrays(arrays: Arrays, orientation: str | None, what: str) -> Layers:
    """The likeliest reading of `sort_arrays`."""
    return sort_arrays(arrays, orientation, what).readings[0].layers


def sort_arrays(arrays: Arrays, orientation: str | None, what: str) -> SortedArrays:
    """Sort arrays by name and shape into layers, each of which takes the outputs of the one before.

    orientation: "out, in" or "in, out", as the program stores weights; None to infer it. what: the file, for messages.
    ImportRefused names the first array that does not belong to a fully connected layer.
    """
    arrays = {name: np.asarray(array) for name, array in arrays.items()}
    for name, array in arrays.items():
        for pattern, kind in _OTHER_KINDS:
            if re.search(pattern, name.lower()):
                raise other_kind(kind, name, what)
        if array.ndim > 2:
            raise other_kind(f"a convolution or another layer of shape {array.shape}", name, what)
    order = list(arrays)
    norms, rest = _take_norms({name: array for name, array in arrays.items() if array.ndim}, what)
    rest = {name: _flat_bias(name, array) for name, array in rest.items()}
    if not any(array.ndim == 2 for array in rest.values()):
        raise ImportRefused(f"{what} holds no weights of fully connected layers; save the network's own weights")
    ways = ("out, in", "in, out") if orientation is None else (orientation,)
    readings: list[Reading] = []
    aside: list[str] = []
    for chosen in (rest, _with_roles(rest)):
        for way in ways:
            for reading, left in _readings(chosen, way):
                said = f"its weights as ({way})" if readings and len(ways) > 1 and way != ways[0] else ""
                readings.append(Reading(reading, said) if said else Reading(reading))
                aside = aside or [name for name in rest if name in left or name not in chosen]
        # Beside a network may lie a table of its history, but hardly more matrices than it has layers.
        matrices = sum(rest[name].ndim == 2 for name in aside)
        if readings and matrices <= len(readings[0].layers):
            break
        readings, aside = [], []
    else:
        _raise_misfit(rest, what)
    # Networks that read pictures narrow: of two directions in which the arrays fit, that is the likelier one.
    readings.sort(key=lambda one: one.layers[0].weights.shape[1] < len(one.layers[-1].weights))
    for name in aside:
        if re.search(_ROLES, name.lower()) or re.fullmatch(r"arr_\d+", name) or _is_gain(name, rest):
            kind = "a PReLU or another layer" if rest[name].size == 1 else "a layer"
            raise other_kind(f"{kind} of shape {rest[name].shape}", name, what)
    if len(readings) > _MOST_ORDERS:
        readings = readings[:_MOST_ORDERS]
    notes = []
    readings = [Reading(_checked(one.layers, what), _order_said(n, one, readings)) for n, one in enumerate(readings)]
    if norms:
        readings = [folded for one in readings for folded in _folded(one, norms, order, what)]
        notes.append(f"Batch normalisation was folded into the weights, exactly ({', '.join(n.name for n in norms)}).")
    if aside:
        notes.append(f"Left aside, as no layers: {', '.join(aside)}.")
    return SortedArrays(tuple(readings), tuple(notes))


def _order_said(number: int, reading: Reading, readings: Sequence[Reading]) -> str:
    if number == 0:
        return ""
    names = ", ".join(layer.name for layer in reading.layers)
    return reading.said or f"its layers in the order {names}"


def _flat_bias(name: str, array: NDArray[Any]) -> NDArray[Any]:
    """A bias that is kept as a column or a row, as a vector."""
    return array.ravel() if array.ndim == 2 and 1 in array.shape and re.search(_BIAS, name.lower()) else array


def _with_roles(arrays: Arrays) -> dict[str, NDArray[Any]]:
    return {name: array for name, array in arrays.items() if re.search(_ROLES + "|theta|θ|β", name.lower())}


def _is_gain(name: str, arrays: Arrays) -> bool:
    return bool(re.search(r"gamma|beta(?!s)|scale$", name.lower())) and arrays[name].ndim == 1


def _raise_misfit(arrays: Arrays, what: str) -> None:
    shapes = ", ".join(f"{name} {array.shape}" for name, array in list(arrays.items())[:8] if array.ndim == 2)
    raise ImportRefused(
        f"the layers of {what} do not fit one after the other ({shapes}); save one network of fully connected layers"
    )


# -------------------------------------------------------------------------------------- weights and biases

_Pair = tuple[str, NDArray[Any], NDArray[Any] | None]


def _readings(arrays: Arrays, way: str) -> Iterable[tuple[Layers, set[str]]]:
    """Layers in every order in which they fit, and the names that no layer has used."""
    weights = {name: (a if way == "out, in" else a.T) for name, a in arrays.items() if a.ndim == 2}
    vectors = {name: a for name, a in arrays.items() if a.ndim == 1}
    if not weights:
        return
    by_stem = _biases_by_stem(weights, vectors)
    fitting = {name: v for name, v in by_stem.items() if vectors[v].shape == (len(weights[name]),)}
    if by_stem and len(fitting) < len(by_stem):
        return
    for order in _orders({name: (w.shape[1], len(w)) for name, w in weights.items()}, 0):
        chosen: dict[str, str] = fitting if by_stem else _biases_by_order(order, weights, vectors)
        if by_stem or len(chosen) == len(order) or not vectors or not chosen and way == "out, in":
            layers = tuple(
                FoundLayer(n, weights[n], vectors[chosen[n]] if n in chosen else np.zeros(len(weights[n])))
                for n in order
            )
            yield layers, set(vectors) - set(chosen.values())
    if not vectors:
        # Weights of one more input than there are neurons before: the biases are their first column, or the last.
        for order in _orders({name: (w.shape[1], len(w)) for name, w in weights.items()}, 1):
            for first in (True, False) if len(order) > 1 else ():
                parts = [(n, weights[n]) for n in order]
                yield (
                    tuple(
                        FoundLayer(n, w[:, 1:] if first else w[:, :-1], w[:, 0] if first else w[:, -1])
                        for n, w in parts
                    ),
                    set(),
                )


def _biases_by_stem(weights: Arrays, vectors: Arrays) -> dict[str, str]:
    """The bias of each of the weights whose names tell; empty if the names of weights are not distinct."""
    stems = [re.sub(_ROLES, "", name.lower()) for name in weights]
    if len(set(stems)) < len(stems):
        return {}
    biases: dict[str, list[str]] = {}
    for name in vectors:
        biases.setdefault(re.sub(_ROLES, "", name.lower()), []).append(name)
    return {name: biases[stem][0] for name, stem in zip(weights, stems, strict=True) if len(biases.get(stem, [])) == 1}


def _biases_by_order(order: Sequence[str], weights: Arrays, vectors: Arrays) -> dict[str, str]:
    """For each layer the first vector of its size that no layer before has taken, in the order of their names."""
    left, chosen = sorted(vectors, key=natural_order), {}
    for name in order:
        bias = next((v for v in left if vectors[v].shape == (len(weights[name]),)), None)
        if bias is not None:
            chosen[name] = bias
            left.remove(bias)
    return chosen


def natural_order(name: str) -> list[tuple[int, int, str]]:
    """A key that sorts dense_2 before dense_10."""
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in re.findall(r"\d+|\D+", name)]


def _orders(shapes: Mapping[str, tuple[int, int]], more: int) -> list[list[str]]:
    """Orders of layers (n_in, n_out) in which each takes what the one before gives, and `more`; the likeliest first.

    As they came; by name; else any that fits. Layers of one shape can change places, which gives the others.
    """

    def fits(order: Sequence[str]) -> bool:
        return all(shapes[a][1] + more == shapes[b][0] for a, b in zip(order, order[1:], strict=False))

    by_name = sorted(shapes, key=natural_order)
    first = next((one for one in (list(shapes), by_name) if fits(one)), None) or _path(shapes, by_name, more)
    if first is None:
        return []
    places: dict[tuple[int, int], list[int]] = {}
    for place, name in enumerate(first):
        places.setdefault(shapes[name], []).append(place)
    swaps = [[(group, order) for order in permutations(group)] for group in places.values() if 1 < len(group) <= 4]
    orders = []
    for choice in islice(product(*swaps), _MOST_ORDERS):
        order = list(first)
        for group, taken in choice:
            for place, source in zip(group, taken, strict=True):
                order[place] = first[source]
        orders.append(order)
    return orders


def _path(shapes: Mapping[str, tuple[int, int]], names: Sequence[str], more: int) -> list[str] | None:
    """An order that uses every layer once, found in linear time: layers are the edges of a graph whose nodes are sizes,
    and such an order is an Eulerian path through it (Hierholzer 1873)."""
    leaving: dict[int, list[str]] = {}
    balance: dict[int, int] = {}
    for name in reversed(names):
        start, end = shapes[name][0], shapes[name][1] + more
        leaving.setdefault(start, []).append(name)
        balance[start] = balance.get(start, 0) + 1
        balance[end] = balance.get(end, 0) - 1
    starts = [size for size, extra in balance.items() if extra == 1]
    # Of a closed circle of sizes, the widest is the picture.
    node = starts[0] if starts else max(leaving)
    stack: list[tuple[int, str]] = [(node, "")]
    path: list[str] = []
    while stack:
        node, came_by = stack[-1]
        if leaving.get(node):
            name = leaving[node].pop()
            stack.append((shapes[name][1] + more, name))
        else:
            stack.pop()
            path.append(came_by)
    order = path[-2::-1]
    whole = all(shapes[a][1] + more == shapes[b][0] for a, b in zip(order, order[1:], strict=False))
    return order if len(order) == len(shapes) and whole else None


def _checked(layers: Layers, what: str) -> Layers:
    return tuple(
        one.but(weights=_finite(one.weights, one.name, what), biases=_finite(one.biases, one.name, what))
        for one in layers
    )


def widened(data: bytes) -> NDArray[np.float32]:
    """Numbers of bfloat16, which are the upper halves of those of 32 bits."""
    return (np.frombuffer(data, "<u2").astype("<u4") << 16).view("<f4")


def _finite(array: NDArray[Any], name: str, what: str) -> Floats:
    if array.dtype.kind not in "fiu":
        raise ImportRefused(f"{name} of {what} holds {array.dtype}; expected numbers, so save the network unquantised")
    numbers = np.array(array, np.float64)
    if not np.isfinite(numbers).all():
        raise ImportRefused(
            f"{name} of {what} holds a NaN or an infinity; train the network again, or choose another file"
        )
    return numbers


# -------------------------------------------------------------------------------------- batch normalisation


def _take_norms(arrays: Arrays, what: str) -> tuple[list[Normalisation], dict[str, NDArray[Any]]]:
    """Batch normalisations by the names of their parts, and the other arrays."""
    norms, rest = [], dict(arrays)
    for name in [name for name in arrays if re.search(_NORM_PARTS["mean"], name)]:
        stem = re.sub(_NORM_PARTS["mean"], "", name)
        parts = {part: arrays[part] for part in arrays if part.startswith(stem) and part.count(".") == name.count(".")}
        variance = next((part for part in parts if re.search(_NORM_PARTS["variance"], part)), None)
        gamma = next((part for part in parts if re.search(r"weight$|gamma$", part)), None)
        beta = next((part for part in parts if re.search(r"bias$|beta$", part)), None)
        if variance is None or any(array.shape != arrays[name].shape for array in parts.values()):
            raise other_kind("batch normalisation of which parts are missing", name, what)
        norms.append(
            Normalisation.of_statistics(
                stem.rstrip("./_") or name,
                arrays[gamma] if gamma else 1.0,
                arrays[beta] if beta else 0.0,
                arrays[name],
                arrays[variance],
                _TORCH_EPSILON,
            )
        )
        for part in parts:
            del rest[part]
    if stray := next((name for name in rest if re.search(r"num_batches|" + _NORM_PARTS["variance"], name)), None):
        raise other_kind("batch normalisation of which parts are missing", stray, what)
    return norms, rest


def _folded(reading: Reading, norms: Sequence[Normalisation], order: Sequence[str], what: str) -> list[Reading]:
    """The layers with every normalisation in their weights: both ways, where it is open on which side it stands."""
    places = _places_of_norms(reading.layers, norms, order, what)
    sides = [(False, True) if norm.after is None and after is None else (bool(norm.after or after),)
             for norm, (_, after) in zip(norms, places, strict=True)]  # fmt: skip
    readings = []
    # All the open ones stand on the same side: nobody changes it from layer to layer.
    for way in range(max(map(len, sides))):
        layers = list(reading.layers)
        for norm, (place, _), side in zip(norms, places, sides, strict=True):
            after = side[min(way, len(side) - 1)]
            layers = fold(layers, norm, place, after)
        said = "batch normalisation after the activations" if way else ""
        readings.append(Reading(tuple(layers), "; ".join(part for part in (reading.said, said) if part)))
    return readings


def fold(layers: list[FoundLayer], norm: Normalisation, place: int, after: bool) -> list[FoundLayer]:
    """Layers with a normalisation that follows layer `place`, or its activation; −1 stands for the input."""
    layers = list(layers)
    if (after or place < 0) and place + 1 < len(layers):
        layers[place + 1] = scaled_inputs(layers[place + 1], norm.scale, norm.shift)
    else:
        layers[place] = scaled_outputs(layers[place], norm.scale, norm.shift)
    return layers


def _places_of_norms(
    layers: Layers, norms: Sequence[Normalisation], order: Sequence[str], what: str
) -> list[tuple[int, bool | None]]:
    """For each, the layer that it follows, and whether the activation comes between; None if names do not tell.

    PyTorch's Sequential numbers activations too: of 1 (linear), 2 (normalisation), 4 (linear), 3 is the activation.
    """
    widths, used = [len(layer.weights) for layer in layers], set[int]()
    firsts = {layer.name: order.index(layer.name) for layer in layers if layer.name in order}
    found: list[tuple[int, bool | None]] = []
    for norm in norms:
        size = len(norm.scale)
        at = next((n for n, name in enumerate(order) if name.startswith(f"{norm.name}.")), len(order))
        before = [n for n, layer in enumerate(layers) if firsts.get(layer.name, at) < at]
        fitting = [n for n in before[-1:] if widths[n] == size and n not in used] or [
            n for n, width in enumerate(widths) if width == size and n not in used
        ]
        if not before and layers[0].weights.shape[1] == size:
            found.append((-1, True))
            continue
        if not fitting:
            raise other_kind(f"batch normalisation of {size} numbers, which fits no layer,", norm.name, what)
        place = fitting[0]
        used.add(place)
        found.append((place, _activation_between(layers, place, norm.name)))
    return found


def _activation_between(layers: Layers, place: int, norm: str) -> bool | None:
    numbers = [
        int(part[-1]) if (part := re.findall(r"(?:^|\.)(\d+)(?=\.|$)", name)) else None
        for name in (layers[place].name, norm, layers[place + 1].name if place + 1 < len(layers) else "")
    ]
    own, at, following = numbers
    if own is None or at is None:
        return None
    if at > own + 1:
        return True
    return False if following is None or following > at + 1 else None
