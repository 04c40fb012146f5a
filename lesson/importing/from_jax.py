"""Networks of JAX: what flax.serialization writes (.msgpack), and the leaves of Equinox (.eqx)."""

from __future__ import annotations

import io
from collections.abc import Iterator
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lesson.importing.arrays import SortedArrays, sort_arrays, widened
from lesson.importing.model import FoundModel, ImportRefused, other_kind
from lesson.importing.packages import require

_SETTLE = "To be sure, give --activations."
_NPY = b"\x93NUMPY"
# Of one list of a msgpack, which is made as long as it says it is before it is read. Flax writes shapes as lists.
_MOST_IN_A_LIST = 1_000
# The number that Flax gives to arrays among the kinds that msgpack does not know itself.
_ARRAY = 1


def read_msgpack(file: Path) -> FoundModel:
    """The parameters of a Flax module, alone or in the state of a training run."""
    msgpack = require("msgpack", file)

    def unpacked(data: bytes, arrays: bool = True) -> Any:
        hook = extended if arrays else msgpack.ExtType
        return msgpack.unpackb(data, ext_hook=hook, strict_map_key=False, max_array_len=_MOST_IN_A_LIST)

    def extended(code: int, data: bytes) -> Any:
        return _array(*unpacked(data, arrays=False)) if code == _ARRAY else None

    held = unpacked(file.read_bytes())
    if not isinstance(held, dict):
        raise ImportRefused(f"{file} holds no parameters; save them with flax.serialization.to_bytes(params)")
    parameters, statistics = held.get("params", held), held.get("batch_stats", {})
    if isinstance(parameters.get("params"), dict):  # the variables of a module, in the state of a training run
        parameters, statistics = parameters["params"], parameters.get("batch_stats", statistics)
    arrays = dict(_named(parameters))
    # Batch normalisation as PyTorch names its parts.
    for name, array in _named(statistics):
        layer, _, part = name.rpartition(".")
        arrays[f"{layer}.running_{part}"] = array
        if f"{layer}.scale" in arrays:
            arrays[f"{layer}.weight"] = arrays.pop(f"{layer}.scale")
    found = sort_arrays(arrays, "in, out", file.name)
    return _model("Flax", found)


def _array(shape: list[int], kind: str | bytes, data: bytes) -> NDArray[Any]:
    name = kind.decode() if isinstance(kind, bytes) else kind
    return (widened(data) if name == "bfloat16" else np.frombuffer(data, np.dtype(name))).reshape(shape)


def _named(tree: Any, path: str = "") -> Iterator[tuple[str, NDArray[Any]]]:
    """The arrays of a tree of names, each with the names that lead to it."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from _named(value, f"{path}.{key}" if path else str(key))
    elif isinstance(tree, np.ndarray):
        yield path, tree


def read_equinox(file: Path) -> FoundModel:
    """What equinox.tree_serialise_leaves wrote: arrays without names, one after the other, as the model holds them."""
    data = file.read_bytes()
    start = data.find(_NPY)
    # Many write the sizes of the model first, as a line of JSON.
    if start < 0 or start and not data[:start].endswith(b"\n"):
        raise ImportRefused(
            f"{file} holds no leaves of Equinox; save the model with equinox.tree_serialise_leaves, "
            f"or its arrays with numpy.savez, as W1, b1, W2, …"
        )
    arrays = list(_leaves(data[start:]))
    layers = [array for array in arrays if array.ndim]
    try:
        return _model("Equinox", _sorted(arrays, file))
    except ImportRefused:
        # Behind the model may stand its optimiser, whose averages have the shapes of the weights over and over.
        shapes = [array.shape for array in layers]
        for size in range(2, len(shapes) // 2 + 1):
            repeats = len(shapes) // size
            if shapes == shapes[:size] * repeats:
                end = next(n for n, array in enumerate(arrays) if array is layers[size - 1]) + 1
                note = f"Of its {len(shapes)} arrays the first {size} are the network; the others seem its optimiser's."
                return _model("Equinox", _sorted(arrays[:end], file), note)
        raise


def _sorted(arrays: list[NDArray[Any]], file: Path) -> SortedArrays:
    for number, array in enumerate(arrays):
        # Plain numbers of a model are kept in 64 bits; what JAX has learnt, in 32 or fewer.
        if not array.ndim and array.dtype.kind == "f" and array.itemsize < 8:
            raise other_kind(
                "a single number that was learnt, such as the slope of a PReLU", f"leaf {number}", file.name
            )
    return sort_arrays({f"leaf_{number}": array for number, array in enumerate(arrays)}, "out, in", file.name)


def _leaves(data: bytes) -> Iterator[NDArray[Any]]:
    stream = io.BytesIO(data)
    while stream.tell() < len(data):
        at = stream.tell()
        version = np.lib.format.read_magic(stream)
        read_header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, _, kind = read_header(stream)
        if prod(shape) * kind.itemsize > len(data) - stream.tell():
            raise ImportRefused("an array of the file is longer than the file; save the network again")
        stream.seek(at)
        yield np.load(stream, allow_pickle=False)


def _model(framework: str, found: SortedArrays, *notes: str) -> FoundModel:
    layers, others = found.readings[0].layers, found.readings[1:]
    return FoundModel(framework, layers, others=others, notes=(*found.notes, *notes), settle=_SETTLE)
