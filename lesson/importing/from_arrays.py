"""Networks that people wrote themselves: weights and biases in .npz, .npy, .mat and .json."""

from __future__ import annotations

import json
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lesson.importing.arrays import sort_arrays
from lesson.importing.model import FoundLayer, FoundModel, ImportRefused, function_named, named_classes, named_functions
from lesson.importing.packages import require
from lesson.importing.python_objects import holds_objects
from network.bounds import unpacks_to_much

# What MATLAB calls its kinds of numbers, and texts.
_NUMBERS = {
    "double",
    "single",
    "logical",
    "char",
    *(f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)),
}
_SETTLE = "Give --activations if you know them."


def read_npz(file: Path) -> FoundModel:
    """Arrays with names."""
    _refuse_objects(file)
    with open(file, "rb") as opened, np.load(opened, allow_pickle=False) as archive:
        if "metadata" in archive.files and "weights_1" in archive.files:
            raise ImportRefused(f"{file} is already a checkpoint of Knobs; use it with --checkpoint {file}")
        arrays = {name: archive[name] for name in archive.files}
    return _of_arrays(arrays, file, "NumPy")


def read_npy(file: Path) -> FoundModel:
    """One array: the weights of a network of one layer."""
    _refuse_objects(file)
    array = np.load(file, allow_pickle=False)
    if array.ndim != 2:
        raise ImportRefused(
            f"{file} holds one array of shape {array.shape}; save all weights and biases in one file, with numpy.savez"
        )
    return _of_arrays({"weights": array}, file, "NumPy")


def _refuse_objects(file: Path) -> None:
    if holds_objects(file):
        raise ImportRefused(
            f"{file} holds Python objects, and opening them could run any program; save the arrays with numpy.savez"
        )


def read_mat(file: Path) -> FoundModel:
    """Variables of MATLAB or Octave."""
    io = require("scipy.io", file)
    try:
        listed = [(name, shape) for name, shape, kind in io.whosmat(file) if kind in _NUMBERS]
        if reason := unpacks_to_much(file.stat().st_size, sum(8 * prod(shape) for _, shape in listed)):
            raise ImportRefused(f"{file} {reason}; save the network again")
        variables = io.loadmat(file, variable_names=[name for name, _ in listed])
    except NotImplementedError as problem:
        raise ImportRefused(
            f"{file} is of MATLAB's format 7.3; save it for older programs, with save('-v7', …)"
        ) from problem
    arrays = {name: value for name, value in variables.items() if isinstance(value, np.ndarray) and name[:2] != "__"}
    return _of_arrays(arrays, file, "MATLAB")


def _of_arrays(arrays: dict[str, NDArray[Any]], file: Path, framework: str) -> FoundModel:
    numbers = {name: array for name, array in arrays.items() if array.dtype.kind in "fiu"}
    found = sort_arrays(numbers, None, file.name)
    layers, notes = found.readings[0].layers, list(found.notes)
    for name, array in arrays.items():
        if array.dtype.kind == "U" and array.size == 1 and "activ" in name.lower():
            said = str(array.ravel()[0])
            if function := function_named(said):
                layers = (*(one.but(function=function) for one in layers[:-1]), layers[-1])
                notes.append(f"Its {name} says {said!r}: that is taken for its hidden layers.")
    return FoundModel(framework, layers, others=found.readings[1:], notes=tuple(notes), settle=_SETTLE)


def read_json(file: Path) -> FoundModel:
    """Lists of numbers with names, or the sizes, weights and biases that Michael Nielsen's network2.py saves."""
    try:
        held = json.loads(file.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as problem:
        raise ImportRefused(f"{file} cannot be read as .json: it is damaged; save it again") from problem
    if not isinstance(held, dict):
        raise ImportRefused(f"{file} holds no weights with names; save them as {{'W1': …, 'b1': …}}")
    weights, biases = held.get("weights"), held.get("biases")
    if isinstance(weights, list) and isinstance(biases, list) and len(weights) == len(biases) and weights:
        arrays = {}
        for n, (w, b) in enumerate(zip(weights, biases, strict=True), 1):
            arrays[f"weights_{n}"], arrays[f"biases_{n}"] = _array(w, file), _array(b, file).ravel()
    else:
        arrays = {name: _array(value, file) for name, value in held.items() if isinstance(value, list)}
    found = sort_arrays(arrays, None, file.name)
    if set(held) == {"sizes", "weights", "biases", "cost"}:
        layers = tuple(FoundLayer(one.name, one.weights, one.biases, "sigmoid") for one in found.readings[0].layers)
        note = "It has the form of network2.py of Michael Nielsen's book, whose layers are all sigmoids."
        return FoundModel("JSON", layers, notes=(note, *found.notes), settle=_SETTLE)
    layers = named_functions(found.readings[0].layers, held.get("activations"))
    others = found.readings[1:] if layers is found.readings[0].layers else ()
    names = named_classes(held.get("class_names"))
    return FoundModel("JSON", layers, class_names=names, others=others, notes=found.notes, settle=_SETTLE)


def _array(value: Any, file: Path) -> NDArray[Any]:
    try:
        return np.array(value, np.float64)
    except (ValueError, TypeError) as problem:
        raise ImportRefused(
            f"{file} holds lists that are not arrays of numbers; save weights and biases only"
        ) from problem
