"""Programs that torch.export saved (.pt2): their steps are JSON and their weights bare numbers, so nothing is run."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lesson.importing.arrays import widened
from lesson.importing.model import FoundModel, ImportRefused
from lesson.importing.steps import Step, layers_of_steps

_NOT_RUN = "its program was read and not run, since opening it with PyTorch could run anything"
# How the format numbers kinds of numbers; 13 is bfloat16.
_KINDS = {1: "u1", 2: "i1", 3: "<i2", 4: "<i4", 5: "<i8", 6: "<f2", 7: "<f4", 8: "<f8", 12: "?"}
_BFLOAT16 = 13
_TURNED = ("t", "numpy_T", "transpose", "permute")


def read_pt2(file: Path) -> FoundModel:
    """The layers of an exported program, with the activations that it uses."""
    with zipfile.ZipFile(file) as archive:
        names = archive.namelist()
        programs = [name for name in names if name.endswith(".json") and "/models/" in f"/{name}"]
        if not programs:
            raise ImportRefused(
                f"{file} was written by an older PyTorch, or is not an exported program; load it there with "
                f"torch.export.load, and export the model with torch.onnx.export"
            )
        if len(programs) > 1:
            raise ImportRefused(f"{file} holds {len(programs)} programs; save one alone with torch.export.save")
        program = json.loads(archive.read(programs[0]))["graph_module"]
        folder, _, rest = programs[0].rpartition("models/")
        kept = {
            **_arrays(archive, f"{folder}data/weights/", rest.replace(".json", "_weights_config.json")),
            **_arrays(archive, f"{folder}data/constants/", rest.replace(".json", "_constants_config.json")),
        }
    constants, inputs = {}, []
    for specification in program["signature"]["input_specs"]:
        ((kind, said),) = specification.items()
        name = next(iter(said["arg"].values())) if kind == "user_input" else said["arg"]["name"]
        if kind == "user_input":
            inputs.append(name["name"])
        elif (own := next((said[key] for key in said if key.endswith("_name")), None)) in kept:
            constants[name] = kept[own]
    outputs = [one["as_tensor"]["name"] for one in program["graph"]["outputs"]]
    if len(inputs) != 1 or len(outputs) != 1:
        raise ImportRefused(
            f"{file} takes {len(inputs)} inputs and gives {len(outputs)} outputs; export a network with one of each"
        )
    layers, scale, shift = layers_of_steps(_steps(program["graph"]["nodes"], constants), inputs[0], file, outputs[0])
    return FoundModel("PyTorch", tuple(layers), scale, shift, why_not_run=_NOT_RUN)


def _arrays(archive: zipfile.ZipFile, folder: str, config: str) -> dict[str, NDArray[Any]]:
    """The arrays that lie in a folder of the archive, by the names that the program gives them."""
    if f"{folder}{config}" not in archive.namelist():
        return {}
    found = {}
    for name, one in json.loads(archive.read(f"{folder}{config}"))["config"].items():
        meta = one["tensor_meta"]
        if one["use_pickle"] or meta["dtype"] not in (*_KINDS, _BFLOAT16):
            raise ImportRefused(
                f"{name} of {archive.filename} is quantised, or is not a plain array; save it in float32"
            )
        data = archive.read(f"{folder}{one['path_name']}")
        numbers = widened(data) if meta["dtype"] == _BFLOAT16 else np.frombuffer(data, _KINDS[meta["dtype"]])
        shape, strides = ([size["as_int"] for size in meta[key]] for key in ("sizes", "strides"))
        size = numbers.itemsize
        # NumPy refuses what would lie outside the numbers that are there.
        found[name] = np.ndarray(
            shape, numbers.dtype, numbers, size * meta["storage_offset"]["as_int"], [size * step for step in strides]
        )
    return found


def _steps(nodes: list[dict[str, Any]], constants: dict[str, NDArray[Any]]) -> Iterator[Step]:
    """The steps of a program; those that only turn constants are done here."""
    constants = dict(constants)
    for node in nodes:
        kind = node["target"].removeprefix("torch.ops.aten.").partition(".")[0]
        given = [one["arg"] for one in node["inputs"]]
        values = [_value(one, constants) for one in given]
        signals = [_signals(one) for one in given]
        outputs = [one["as_tensor"]["name"] for one in node["outputs"] if "as_tensor" in one]
        if kind in _TURNED and isinstance(values[0], np.ndarray) and values[0].ndim == 2:
            constants[outputs[0]] = values[0].T
        elif len(outputs) > 1 or any(len(some) > 1 for some in signals):
            # It parts or joins signals: without its constants it is taken for no layer.
            names = [name for some in signals for name in some]
            yield Step(kind, names, [None] * len(names), outputs[0])
        else:
            yield Step(kind, ["".join(some) for some in signals], values, next(iter(outputs), None))


def _signals(argument: dict[str, Any]) -> list[str]:
    """The names of the arrays and signals in an argument."""
    if "as_tensor" in argument:
        return [argument["as_tensor"]["name"]]
    return [one["name"] for one in argument.get("as_tensors", ())]


def _value(argument: dict[str, Any], constants: dict[str, NDArray[Any]]) -> Any:
    ((kind, held),) = argument.items()
    if kind == "as_tensor":
        return constants.get(held["name"])
    return None if kind in ("as_none", "as_tensors") else held
