"""Readers for the files of other programs, one for each kind; a package is imported only when it is needed."""

from __future__ import annotations

import importlib
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lesson.importing import onnx_limits
from lesson.importing.model import (
    FUNCTIONS,
    Floats,
    FoundLayer,
    FoundModel,
    ImportRefused,
    function_named,
    layers_of_arrays,
    other_kind,
)
from network.bounds import refusal, unpacks_to_much
from network.errors import is_of_the_system

_PICKLES = (".pkl", ".pickle", ".joblib", ".p")


def read_model(file: Path) -> FoundModel:
    """The network in a file of PyTorch, Keras, scikit-learn, ONNX or NumPy; ImportRefused says what is wrong."""
    if file.suffix.lower() in _PICKLES:
        raise ImportRefused(
            f"{file} is a pickle, and opening a pickle can run any program; save the model with skops.io.dump as .skops"
        )
    if not file.exists() or file.is_dir():
        raise ImportRefused(f"there is no file {file}" if not file.exists() else f"{file} is a folder; give a file")
    if reason := refusal(file):
        raise ImportRefused(f"{file} {reason}; choose another file")
    reader = _READERS.get(file.suffix.lower())
    if reader is None:
        raise ImportRefused(f"the type of {file} is not known; give one of {', '.join(_READERS)}")
    try:
        return reader(file)
    except ImportRefused:
        raise
    except Exception as problem:  # each library has its own kinds of errors, and words, for a damaged file
        if is_of_the_system(problem):
            raise
        raise ImportRefused(
            f"{file} cannot be read as {file.suffix}: it is damaged, or a file of another kind; save it again"
        ) from problem


def _require(package: str, file: Path) -> Any:
    try:
        return importlib.import_module(package)
    except ImportError:
        name = {"sklearn": "scikit-learn", "skops.io": "skops"}.get(package, package)
        raise ImportRefused(
            f"reading {file.name} needs the package {name}; install it with: .venv/bin/pip install {name}"
        ) from None


def _optional(package: str) -> Any | None:
    """A package to run the model with; None if it is not installed."""
    try:
        return importlib.import_module(package)
    except Exception:  # a broken installation is as good as none
        return None


# ------------------------------------------------------------------------------------------------- PyTorch


def _safetensors(file: Path) -> FoundModel:
    safetensors = _require("safetensors", file)
    arrays = {}
    with safetensors.safe_open(file, framework="numpy") as opened:
        for name in opened.keys():  # noqa: SIM118 - it is not a dictionary
            arrays[name] = opened.get_tensor(name)
    return _of_state(arrays, file)


def _torch(file: Path) -> FoundModel:
    torch = _require("torch", file)
    try:
        state = torch.load(file, map_location="cpu", weights_only=True)
    except Exception as problem:
        raise ImportRefused(
            f"{file} is damaged, or holds more than weights, and opening it could run any program; "
            f"save only the weights, with torch.save(model.state_dict(), …)"
        ) from problem
    while isinstance(state, dict) and len(inner := [v for v in state.values() if isinstance(v, dict)]) == 1:
        state = inner[0]  # a training checkpoint with the weights under one name
    if not isinstance(state, dict) or not all(isinstance(value, torch.Tensor) for value in state.values()):
        raise ImportRefused(f"{file} is not a state dict; save one with torch.save(model.state_dict(), …)")
    if any(value.is_quantized for value in state.values()):
        raise ImportRefused(f"{file} is quantised; save the network before quantising it")
    # A tensor may be one number that is shown a billion times.
    if reason := unpacks_to_much(file.stat().st_size, 8 * sum(value.numel() for value in state.values())):
        raise ImportRefused(f"{file} {reason}; save the network again")
    return _of_state({name: value.to(torch.float64).numpy() for name, value in state.items()}, file)


def run_by_torch(model: FoundModel) -> Callable[[Floats], NDArray[Any]] | None:
    """Runs the layers of a state dict in PyTorch, with their functions; None if PyTorch is not installed."""
    torch = _optional("torch")
    if torch is None:
        return None

    def run(inputs: Floats) -> NDArray[Any]:
        signal = torch.tensor(inputs)
        for layer in model.layers:
            signal = torch.nn.functional.linear(signal, torch.tensor(layer.weights), torch.tensor(layer.biases))
            if layer.function in ("sigmoid", "relu", "tanh"):
                signal = getattr(torch, layer.function)(signal)
        return np.asarray(signal.numpy())

    return run


def _of_state(arrays: dict[str, NDArray[Any]], file: Path) -> FoundModel:
    return FoundModel("PyTorch", layers_of_arrays(arrays, "out, in", file.name))


# --------------------------------------------------------------------------------------------------- Keras

_KERAS_SILENT = ("InputLayer", "Flatten", "Reshape", "Dropout", "GaussianNoise", "GaussianDropout", "AlphaDropout")


def _keras_h5(file: Path) -> FoundModel:
    h5py = _require("h5py", file)
    with h5py.File(file) as opened:
        arrays = _datasets(h5py, opened, file)
        config = opened.attrs.get("model_config")
    return _of_keras(arrays, json.loads(config) if config else None, file)


def _keras(file: Path) -> FoundModel:
    h5py = _require("h5py", file)
    with zipfile.ZipFile(file) as archive:
        config = json.loads(archive.read("config.json"))
        with h5py.File(io.BytesIO(archive.read("model.weights.h5"))) as opened:
            arrays = _datasets(h5py, opened, file)
    return _of_keras(arrays, config, file)


def _datasets(h5py: Any, opened: Any, file: Path) -> dict[str, NDArray[Any]]:
    found: dict[str, NDArray[Any]] = {}
    total = 0

    def visit(name: str, thing: Any) -> None:
        nonlocal total
        # The file also holds the state of the optimiser, and seeds.
        if isinstance(thing, h5py.Dataset) and not name.startswith("optimizer") and "seed_generator" not in name:
            if thing.external or thing.is_virtual:
                raise ImportRefused(f"{name} of {file} lies in another file, which is not opened; save it in one file")
            total += thing.nbytes  # what was never written takes no room in the file, but does in memory
            if reason := unpacks_to_much(file.stat().st_size, total):
                raise ImportRefused(f"{file} {reason}; save the network again")
            found[name] = thing[()]

    opened.visititems(visit)
    return found


def _of_keras(arrays: dict[str, NDArray[Any]], config: dict[str, Any] | None, file: Path) -> FoundModel:
    listed = list(_keras_layers(config)) if config else []
    for kind, settings in listed:
        if kind not in (*_KERAS_SILENT, "Dense", "Rescaling", "Activation", "ReLU", "Softmax"):
            name = str(settings.get("name", kind))
            what = (
                "a convolution" if "Conv" in kind else "a recurrent layer" if kind in _RECURRENT else f"a {kind} layer"
            )
            raise other_kind(what, name, file.name)
    layers = list(layers_of_arrays(arrays, "in, out", file.name))
    scale, shift, number = 1.0, 0.0, -1
    for kind, settings in listed:
        if kind == "Dense":
            number += 1
        function = _keras_function(kind, settings, file)
        if kind == "Rescaling" and number < 0:
            factor, offset = float(settings.get("scale", 1)), float(settings.get("offset", 0))
            scale, shift = scale * factor, shift * factor + offset
        elif function and 0 <= number < len(layers):
            before = layers[number]
            known = before.function if before.function not in (None, "identity") else None
            layers[number] = FoundLayer(before.name, before.weights, before.biases, known or function)
    if listed and number + 1 != len(layers):
        raise ImportRefused(
            f"{file.name} names {number + 1} Dense layers but holds weights of {len(layers)}; save it again"
        )
    return FoundModel("Keras", tuple(layers), scale, shift, run=_run_by_keras(file) if config else None)


_RECURRENT = ("LSTM", "GRU", "SimpleRNN", "RNN", "Bidirectional", "ConvLSTM2D")


def _keras_layers(config: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The kind and settings of every layer, including those of nested models."""
    for layer in config.get("config", {}).get("layers", []):
        if isinstance(layer.get("config"), dict) and "layers" in layer["config"]:
            yield from _keras_layers(layer)
        else:
            yield str(layer.get("class_name")), dict(layer.get("config", {}))


def _keras_function(kind: str, settings: dict[str, Any], file: Path) -> str | None:
    if kind in ("ReLU", "Softmax"):
        return kind.lower()
    if kind not in ("Dense", "Activation"):
        return None
    named = settings.get("activation", "linear")
    named = named.get("config", named.get("class_name")) if isinstance(named, dict) else named
    function = function_named(str(named))
    if function is None:
        raise ImportRefused(f"{file.name} uses the activation {named}; only {', '.join(FUNCTIONS)} can be imported")
    return function


def _run_by_keras(file: Path) -> Callable[[Floats], NDArray[Any]] | None:
    keras = _optional("keras")
    if keras is None:
        return None

    def run(inputs: Floats) -> NDArray[Any]:
        model = keras.models.load_model(file, compile=False)
        return np.asarray(model.predict(inputs.reshape(len(inputs), *model.input_shape[1:]), verbose=0))

    return run


# ------------------------------------------------------------------------------------------- scikit-learn


# What an MLPClassifier keeps from its training: only numbers.
_MEMORY = [f"sklearn.neural_network._stochastic_optimizers.{name}Optimizer" for name in ("Adam", "SGD")]


def _skops(file: Path) -> FoundModel:
    skops = _require("skops.io", file)
    _require("sklearn", file)
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
    raise ImportRefused(
        f"{file} has a {kind} before the network; only StandardScaler, MinMaxScaler and MaxAbsScaler can be imported"
    )


# ---------------------------------------------------------------------------------------------------- ONNX

_ONNX_SILENT = ("Flatten", "Reshape", "Identity", "Dropout", "Cast", "Squeeze", "Unsqueeze", "Constant", "Shape")
# These come after the network and pick the answer from its outputs.
_ONNX_AFTER = ("ArgMax", "ZipMap", "ArrayFeatureExtractor", "TopK", "Max", "ReduceMax")


def _onnx(file: Path) -> FoundModel:
    onnx = _require("onnx", file)
    model = onnx.load(file)
    graph = model.graph
    values = {one.name: onnx.numpy_helper.to_array(one).astype(float) for one in graph.initializer if one.dims}
    values |= {one.name: onnx.numpy_helper.to_array(one) for one in graph.initializer if not one.dims}
    for node in graph.node:
        if node.op_type == "Constant":
            values[node.output[0]] = onnx.numpy_helper.to_array(node.attribute[0].t)
    given = [one for one in graph.input if one.name not in values]
    if len(given) != 1:
        raise ImportRefused(
            f"{file} takes {len(given)} inputs; only a network with one input, the picture, can be imported"
        )
    current, scale, shift = given[0].name, np.array(1.0), np.array(0.0)
    layers: list[FoundLayer] = []
    for node in graph.node:
        if current not in node.input or node.op_type in _ONNX_AFTER:
            continue
        others = [values[name] for name in node.input if name != current and name in values]
        attributes = {one.name: onnx.helper.get_attribute_value(one) for one in node.attribute}
        kind = node.op_type
        if kind in ("Gemm", "MatMul") and others and others[0].ndim == 2 and node.input[0] == current:
            weights = others[0] if attributes.get("transB") else others[0].T
            biases = others[1].ravel() if len(others) > 1 else np.zeros(len(weights))
            alpha, beta = attributes.get("alpha", 1.0), attributes.get("beta", 1.0)
            biases = np.broadcast_to(beta * biases, (len(weights),)).copy()
            layers.append(FoundLayer(node.name or kind, alpha * weights, biases, "identity"))
        elif kind in ("Add", "Sub", "Mul", "Div") and others:
            term = others[0].ravel() if others[0].size > 1 else others[0].ravel()[0]
            if kind == "Sub" and node.input[0] != current or kind == "Div" and node.input[0] != current:
                raise other_kind(f"a {kind} of a number and the signal", node.name or kind, file.name)
            if not layers:
                scale, shift = {
                    "Add": (scale, shift + term), "Sub": (scale, shift - term),
                    "Mul": (scale * term, shift * term), "Div": (scale / term, shift / term),
                }[kind]  # fmt: skip
            elif kind == "Add" and layers[-1].function == "identity":
                last = layers[-1]
                layers[-1] = FoundLayer(last.name, last.weights, last.biases + term, last.function)
            else:
                raise other_kind(f"a {kind} between its layers", node.name or kind, file.name)
        elif kind in _ONNX_SILENT:
            pass
        elif layers and (function := function_named(kind)):
            last = layers[-1]
            layers[-1] = FoundLayer(last.name, last.weights, last.biases, function)
        else:
            what = "a convolution" if "Conv" in kind else "a recurrent layer" if kind in _RECURRENT else "a node"
            raise other_kind(f"{what} of the kind {kind}", node.name or kind, file.name)
        current = node.output[0]
    if not layers:
        raise ImportRefused(f"{file} holds no fully connected layers, and no others can be imported")
    for before, after in zip(layers, layers[1:], strict=False):
        if len(before.weights) != after.weights.shape[1]:
            raise ImportRefused(f"the layers of {file} do not fit one after the other; save one network")
    onnx_limits.check_graph(onnx, model, file.name)
    run = _run_by_onnx(onnx, model, given[0], current)
    return FoundModel("ONNX", tuple(layers), scale, shift, run=run)


def _run_by_onnx(onnx: Any, model: Any, given: Any, final: str) -> Callable[[Floats], NDArray[Any]] | None:
    if final not in [one.name for one in model.graph.output]:
        return None
    reference = _optional("onnx.reference")
    if reference is None:
        return None

    def run(inputs: Floats) -> NDArray[Any]:
        evaluator = reference.ReferenceEvaluator(model)
        shape = [one.dim_value for one in given.type.tensor_type.shape.dim][1:]
        kind = onnx.helper.tensor_dtype_to_np_dtype(given.type.tensor_type.elem_type)
        at_once = given.type.tensor_type.shape.dim[0].dim_value or len(inputs)
        parts = [
            evaluator.run([final], {given.name: part.reshape(len(part), *shape).astype(kind)})[0]
            for part in np.split(inputs, range(at_once, len(inputs), at_once))
        ]
        return np.concatenate(parts)

    return run


# --------------------------------------------------------------------------------------------------- NumPy


def _npz(file: Path) -> FoundModel:
    with open(file, "rb") as opened, np.load(opened, allow_pickle=False) as archive:
        arrays = {name: archive[name] for name in archive.files if archive[name].dtype.kind in "fiu"}
        if "metadata" in archive.files:
            raise ImportRefused(f"{file} is already a checkpoint of Knobs; use it with --checkpoint {file}")
    return FoundModel("NumPy", layers_of_arrays(arrays, None, file.name))


_READERS: dict[str, Callable[[Path], FoundModel]] = {
    ".safetensors": _safetensors,
    ".pt": _torch,
    ".pth": _torch,
    ".keras": _keras,
    ".h5": _keras_h5,
    ".skops": _skops,
    ".onnx": _onnx,
    ".npz": _npz,
}
