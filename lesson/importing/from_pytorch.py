"""Networks of PyTorch: state dicts, alone or inside a training checkpoint, safetensors (of others too), TorchScript.

A state dict holds weights only, so nothing can be run. TorchScript holds the network itself; since it is a program, its
code is looked through before PyTorch opens it, and only calls that a network of layers needs may be in it.
"""

from __future__ import annotations

import argparse
import io
import re
import tokenize
import warnings
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lesson.importing.arrays import natural_order, sort_arrays, widened
from lesson.importing.model import Floats, FoundModel, ImportRefused, as_json, named_classes, named_functions
from lesson.importing.packages import require
from lesson.importing.steps import Step, layers_of_steps
from network.bounds import unpacks_to_much
from network.errors import is_of_the_system

_SETTLE = (
    "To be sure, give --activations, or export the network itself, with torch.onnx.export or torch.jit.script, "
    "and import that: it can be run."
)
# Where people keep a state dict in a checkpoint, the likeliest name first.
_USUAL = ("model_state_dict", "state_dict", "model_state", "model", "net", "network", "module", "weights", "params")
_NOT_THE_NETWORK = re.compile(r"optim|sched|scaler|ema|rng|loops|callback|amp|criterion|loss", re.IGNORECASE)


def read_safetensors(file: Path) -> FoundModel:
    """Tensors with names; bfloat16 is widened, which is exact."""
    safetensors = require("safetensors", file)
    arrays = {}
    for name, held in sorted(safetensors.deserialize(file.read_bytes()), key=lambda one: natural_order(one[0])):
        kind, data = held["dtype"], bytes(held["data"])
        if kind == "BF16":
            values = widened(data)
        elif kind in _NUMPY_NAMES:
            values = np.frombuffer(data, _NUMPY_NAMES[kind])
        else:
            raise ImportRefused(f"{name} of {file.name} holds {kind}; save the network unquantised, in float32")
        arrays[name] = values.reshape(held["shape"])
    return _with_what_is_said(_of_state(arrays, file), _texts_of(file))


def _texts_of(file: Path) -> dict[str, Any]:
    """The texts in the header of a .safetensors, which begins with its length in bytes, as JSON."""
    with open(file, "rb") as opened:
        header = as_json(opened.read(int.from_bytes(opened.read(8), "little")).decode("utf-8", "replace"))
    texts = header.get("__metadata__") if isinstance(header, dict) else None
    return {key: as_json(text) for key, text in texts.items()} if isinstance(texts, dict) else {}


def _with_what_is_said(model: FoundModel, texts: dict[str, Any]) -> FoundModel:
    """The model with the activations and names of classes that `knobs export-network` writes beside the tensors."""
    layers = named_functions(model.layers, texts.get("activations"))
    others = model.others if layers is model.layers else ()
    return replace(model, layers=layers, others=others, class_names=named_classes(texts.get("class_names")))


_NUMPY_NAMES = {
    "F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "i1",
    "U8": "u1", "U16": "<u2", "U32": "<u4", "U64": "<u8", "BOOL": "?",
}  # fmt: skip


def _of_state(arrays: dict[str, NDArray[Any]], file: Path) -> FoundModel:
    # Flax and Keras call their weights kernels, and store them as (in, out).
    kernels = any(re.search(r"kernel", name) for name in arrays)
    found = sort_arrays(arrays, "in, out" if kernels else "out, in", file.name)
    return FoundModel(
        "Flax" if kernels else "PyTorch",
        found.readings[0].layers,
        others=found.readings[1:],
        notes=found.notes,
        settle="To be sure, give --activations." if kernels else _SETTLE,
    )


def read_torch(file: Path) -> FoundModel:
    """A state dict, or TorchScript; whole pickled models are refused."""
    torch = require("torch", file)
    if _is_torchscript(file):
        return _of_torchscript(torch, file)
    try:
        with warnings.catch_warnings(), torch.serialization.safe_globals([argparse.Namespace]):
            warnings.simplefilter("ignore")
            held = torch.load(file, map_location="cpu", weights_only=True)
    except Exception as problem:
        if is_of_the_system(problem):
            raise
        whole = re.search(r"GLOBAL ([\w.]+)", str(problem))
        what = f"more than weights ({whole[1]})" if whole else "more than weights"
        raise ImportRefused(
            f"{file} is damaged, or holds {what}, and opening it could run any program; "
            f"save only the weights, with torch.save(model.state_dict(), …)"
        ) from problem
    states = list(_states(torch, held))
    if not states:
        raise ImportRefused(f"{file} is not a state dict; save one with torch.save(model.state_dict(), …)")
    if len(states) > 1:
        # The usual names in their order; of several others, one has to be chosen by whoever knows them.
        usual = [one for name in _USUAL for one in states if one[0].rpartition(".")[2] == name]
        usual = usual or [one for one in states if not _NOT_THE_NETWORK.search(one[0])]
        if not usual or len(usual) > 1 and usual[0][0].rpartition(".")[2] not in _USUAL:
            names = ", ".join(name for name, _ in states)
            raise ImportRefused(f"{file} holds several networks ({names}); save the state dict of one of them")
        states = usual
    name, state = states[0]
    if any(value.is_quantized for value in state.values()):
        raise ImportRefused(f"{file} is quantised; save the network before quantising it")
    # A tensor may be one number that is shown a billion times.
    if reason := unpacks_to_much(file.stat().st_size, sum(8 * value.numel() for value in state.values())):
        raise ImportRefused(f"{file} {reason}; save the network again")
    return _of_state({key: value.detach().to(torch.float64).numpy() for key, value in state.items()}, file)


def _states(torch: Any, held: Any, path: str = "", depth: int = 0) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every state dict in a checkpoint, with the names that lead to it; optimisers are no networks."""
    if not isinstance(held, dict) or depth > 4:
        return
    tensors = {str(k): v for k, v in held.items() if isinstance(v, torch.Tensor) and isinstance(k, str)}
    if any(value.ndim == 2 for value in tensors.values()) or (depth == 0 and tensors and len(tensors) == len(held)):
        yield path, tensors
        return
    for key, value in held.items():
        if isinstance(key, str) and not re.search(r"optim|loops|callback|sched", key.lower()):
            yield from _states(torch, value, f"{path}.{key}" if path else key, depth + 1)


# --------------------------------------------------------------------------------------------- TorchScript

# What the code of a network of layers may call; anything else might do more than compute.
_CALLS = (
    "linear addmm matmul mm t flatten view reshape squeeze unsqueeze contiguous relu relu_ sigmoid sigmoid_ tanh tanh_ "
    "softmax log_softmax gelu silu silu_ elu elu_ selu leaky_relu leaky_relu_ softplus hardtanh hardtanh_ hardsigmoid "
    "hardsigmoid_ relu6 relu6_ dropout dropout_ batch_norm add sub mul div size len dim numel eq ne lt gt le ge format "
    "__is__ __isnot__ __not__ __and__ __or__ append to float int warn clamp hardswish layer_norm conv2d max_pool2d "
    "prelu add_ sub_ mul_ div_ rsub mean tensor unchecked_cast forward RaiseException"
)
_ALLOWED = frozenset(_CALLS.split())
_MOST_CODE = 1_000_000


def _is_torchscript(file: Path) -> bool:
    if not zipfile.is_zipfile(file):
        return False
    with zipfile.ZipFile(file) as archive:
        return any(name.rpartition("/")[2] == "constants.pkl" for name in archive.namelist())


def _look_through(torch: Any, file: Path) -> None:
    """ImportRefused if the program in the file calls anything that a network of layers does not need."""
    with zipfile.ZipFile(file) as archive:
        sources = [one for one in archive.infolist() if one.filename.endswith(".py")]
        if sum(one.file_size for one in sources) > _MOST_CODE:
            raise ImportRefused(f"{file} holds more code than a network of layers needs; choose another file")
        codes = [archive.read(source) for source in sources]
    for code in codes:
        for name in _calls(code):
            # A name that PyTorch has no operation for can only be a function of the file itself.
            if name not in _ALLOWED and (name in _NEVER or hasattr(torch.ops.aten, name)):
                raise ImportRefused(
                    f"the program in {file} uses {name}, which a network of fully connected layers does not need, "
                    f"so it was not opened; export the network with torch.onnx.export, or save its state dict"
                )


# A loop might never end; operations outside PyTorch's own, or PyTorch by another name, might do anything.
_NEVER = ("for", "while", "ops", "torch", "save")
# The loop over the few lengths of a shape, in PyTorch's own code of batch normalisation.
_KNOWN_LOOP = b"for i in range(torch.sub(torch.len(size), 2)):"


def _calls(code: bytes) -> Iterator[str]:
    """What TorchScript's code, which is cut into tokens as Python is, takes by a dot, and its words of `_NEVER`."""
    plain = code.replace(_KNOWN_LOOP, b"if True:")
    tokens = [one.string for one in tokenize.tokenize(io.BytesIO(plain).readline) if one.type in _WRITTEN]
    padded = ["", *tokens, "", ""]
    for before, token, after, then in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        if token in ("for", "while"):
            yield token
        elif token == "ops" and before != ".":
            if (after, then) != (".", "prim"):
                yield token
        elif token == "torch" and before != ".":
            yield then if after == "." else token
        elif before == "." and after == "(" and token != "forward":
            yield token


_WRITTEN = (tokenize.NAME, tokenize.OP, tokenize.NUMBER)


def _of_torchscript(torch: Any, file: Path) -> FoundModel:
    _look_through(torch, file)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        module = torch.jit.load(file, map_location="cpu").float().eval()
        frozen = torch.jit.freeze(module, optimize_numerics=False) if module.training is False else module
    graph = frozen.inlined_graph
    layers, scale, shift = layers_of_steps(_steps_of(graph), [one.debugName() for one in graph.inputs()][-1], file)
    return FoundModel("PyTorch", tuple(layers), scale, shift, run=_run_module(torch, frozen, len(layers[0].weights.T)))


def _steps_of(graph: Any) -> Iterator[Step]:
    for node in graph.nodes():
        inputs = list(node.inputs())
        signal = node.outputsSize() == 1 and node.output().type().kind() == "TensorType"
        yield Step(
            node.kind().removeprefix("aten::"),
            [one.debugName() for one in inputs],
            [_constant(one) for one in inputs],
            node.output().debugName() if signal else None,
        )


def _constant(value: Any) -> Any:
    held = value.toIValue()
    return held.detach().double().numpy() if hasattr(held, "detach") else held


def _run_module(torch: Any, module: Any, n_in: int) -> Callable[[Floats], NDArray[Any]]:
    """Runs the network itself, with its inputs in the first of the usual shapes that it takes."""
    side = round(n_in**0.5)
    shapes = [(n_in,), (1, side, side), (side, side)] if side * side == n_in else [(n_in,)]

    def run(inputs: Floats) -> NDArray[Any]:
        for number, shape in enumerate(shapes):
            given = torch.tensor(inputs.reshape(len(inputs), *shape), dtype=torch.float32)
            try:
                with torch.no_grad():
                    return np.asarray(module(given).numpy()).reshape(len(inputs), -1)
            except RuntimeError:
                if number == len(shapes) - 1:
                    raise
        raise AssertionError("there is at least one shape")

    return run
