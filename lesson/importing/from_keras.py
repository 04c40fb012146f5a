"""Networks of Keras: .keras files, which hold the layers' settings, and .h5 files, which may hold only weights."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lesson.importing.arrays import Normalisation, fold, natural_order, sort_arrays
from lesson.importing.model import Floats, FoundModel, ImportRefused, function_named, other_kind
from lesson.importing.packages import optional, require
from network.bounds import unpacks_to_much

_SILENT = ("InputLayer", "Flatten", "Reshape", "Dropout", "GaussianNoise", "GaussianDropout", "AlphaDropout")
_OWN_LAYERS = ("Activation", "ReLU", "LeakyReLU", "ELU", "Softmax")
_RECURRENT = ("LSTM", "GRU", "SimpleRNN", "RNN", "Bidirectional", "ConvLSTM2D")
_NORMS = ("BatchNormalization", "Normalization")
_SETTLE = "To be sure, give --activations, or save the whole model, with model.save('….keras')."


def read_h5(file: Path) -> FoundModel:
    """Weights, with the settings of the layers in older files."""
    h5py = require("h5py", file)
    with h5py.File(file) as opened:
        arrays = _datasets(h5py, opened, file)
        config = opened.attrs.get("model_config")
    return _of_keras(arrays, json.loads(config) if config else None, file)


def read_keras(file: Path) -> FoundModel:
    """Weights and the settings of the layers."""
    h5py = require("h5py", file)
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
    listed = list(_layers(config)) if config else []
    for kind, settings in listed:
        if kind not in (*_SILENT, *_OWN_LAYERS, *_NORMS, "Dense", "Rescaling"):
            name = str(settings.get("name", kind))
            what = (
                "a convolution" if "Conv" in kind else "a recurrent layer" if kind in _RECURRENT else f"a {kind} layer"
            )
            raise other_kind(what, name, file.name)
    norms = _take_norms(arrays, [one for one in listed if one[0] in _NORMS], file)
    # Dense layers in the order in which the file numbers them, which is that of the model.
    in_order = {name: arrays[name] for name in sorted(arrays, key=natural_order)}
    found = sort_arrays(in_order, "in, out", file.name)
    if not listed:
        return FoundModel(
            "Keras", found.readings[0].layers, others=found.readings[1:], notes=found.notes, settle=_SETTLE
        )
    layers = list(found.readings[0].layers)
    scale: Any = 1.0
    shift: Any = 0.0
    number, folded = -1, []
    for kind, settings in listed:
        if kind == "Dense":
            number += 1
            if number >= len(layers):
                break
        if kind == "Rescaling" and number < 0:
            factor, offset = (
                np.asarray(settings.get(key, usual), float) for key, usual in (("scale", 1), ("offset", 0))
            )
            if factor.size > 1 or offset.size > 1:
                raise other_kind("a Rescaling of each column", str(settings.get("name", kind)), file.name)
            scale, shift = scale * factor, shift * factor + offset
        elif kind in _NORMS:
            norm = norms.pop(0)
            folded.append(str(settings.get("name", kind)))
            if number < 0:
                scale, shift = _on_input(scale, shift, norm, layers[0].weights.shape[1], file)
            else:
                after = layers[number].function not in (None, "identity")
                if after and number + 1 == len(layers):
                    raise other_kind("batch normalisation of its outputs", folded[-1], file.name)
                layers = fold(layers, norm, number, after)
        elif kind == "Rescaling":
            raise other_kind("a Rescaling between its layers", str(settings.get("name", kind)), file.name)
        elif 0 <= number < len(layers) and (function := function_of_keras(kind, settings, file)):
            before = layers[number].function
            if before not in (None, "identity") and function != "identity":
                raise other_kind("two activations one after the other", str(settings.get("name", kind)), file.name)
            layers[number] = layers[number].but(function=function if function != "identity" else before or function)
    if number + 1 != len(layers):
        raise ImportRefused(
            f"{file.name} names {number + 1} Dense layers but holds weights of {len(layers)}; save it again"
        )
    notes = [f"Normalisation was folded into the weights, exactly ({', '.join(folded)})."] if folded else []
    run = _run(file) if file.suffix == ".keras" else None
    why = "Keras is not installed here"
    return FoundModel("Keras", tuple(layers), scale, shift, run=run, notes=tuple(notes), why_not_run=why)


def _on_input(scale: Any, shift: Any, norm: Normalisation, n_in: int, file: Path) -> tuple[Any, Any]:
    if norm.scale.size not in (1, n_in):
        raise other_kind(f"a normalisation of {norm.scale.size} columns", norm.name, file.name)
    return scale * norm.scale, shift * norm.scale + norm.shift


def _take_norms(
    arrays: dict[str, NDArray[Any]], listed: list[tuple[str, dict[str, Any]]], file: Path
) -> list[Normalisation]:
    """The normalisations of a model in its order; their arrays are taken out of `arrays`."""
    groups: dict[str, list[str]] = {}
    for name in sorted(arrays, key=natural_order):
        found = re.match(r"(.*?(?:batch_)?normalization(?:_\d+)?)/", name)
        if found:
            groups.setdefault(found[1], []).append(name)
    if len(groups) != len(listed):
        if not listed:
            return []  # sort_arrays knows what to say
        raise ImportRefused(
            f"{file.name} names {len(listed)} normalisations but holds {len(groups)} of them; save it again"
        )
    kinds: dict[str, list[str]] = {"BatchNormalization": [], "Normalization": []}
    for group in sorted(groups, key=natural_order):
        kinds["BatchNormalization" if "batch_normalization" in group else "Normalization"].append(group)
    norms = []
    for kind, settings in listed:
        if not kinds[kind]:
            raise ImportRefused(f"{file.name} holds no weights of {settings.get('name', kind)}; save it again")
        parts = [arrays.pop(name) for name in groups[kinds[kind].pop(0)]]
        name = str(settings.get("name", kind))
        if kind == "Normalization":
            # Mean, variance, and a count; Keras keeps the deviation from 0 by its own small number.
            mean, variance = (np.ravel(part).astype(float) for part in parts[:2])
            deviation = np.maximum(np.sqrt(variance), 1e-7)
            norms.append(Normalisation(name, 1 / deviation, -mean / deviation))
            continue
        given = [key for key in ("scale", "center") if settings.get(key, True)]
        if len(parts) != len(given) + 2:
            raise ImportRefused(f"{file.name} holds {len(parts)} arrays of {name}; save it again")
        gamma = parts[0] if "scale" in given else 1.0
        beta = parts[len(given) - 1] if "center" in given else 0.0
        epsilon = float(settings.get("epsilon", 1e-3))
        norms.append(Normalisation.of_statistics(name, gamma, beta, parts[-2], parts[-1], epsilon))
    return norms


def _layers(config: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The kind and settings of every layer, including those of nested models."""
    for layer in config.get("config", {}).get("layers", []):
        if isinstance(layer.get("config"), dict) and "layers" in layer["config"]:
            yield from _layers(layer)
        else:
            yield str(layer.get("class_name")), dict(layer.get("config", {}))


def function_of_keras(kind: str, settings: dict[str, Any], file: Path) -> str | None:
    """The function that a layer of Keras applies; None if it applies none of its own. ImportRefused if unknown."""
    if kind not in (*_OWN_LAYERS, "Dense"):
        return None
    name = str(settings.get("name", kind))
    if kind == "ReLU":
        slope, top, low = (settings.get(key) or 0.0 for key in ("negative_slope", "max_value", "threshold"))
        if low or top and (slope or top != 6):
            raise other_kind(f"a ReLU with the limits {low} and {top}", name, file.name)
        return "relu6" if top else function_named("leaky_relu", slope) if slope else "relu"
    if kind == "LeakyReLU":
        return function_named("leaky_relu", settings.get("negative_slope", settings.get("alpha", 0.3)))
    if kind == "ELU":
        return function_named("elu", settings.get("alpha", 1.0))
    if kind == "Softmax":
        return "softmax"
    named = settings.get("activation", "linear")
    if isinstance(named, dict):
        options = named.get("config")
        if isinstance(options, dict) and named.get("class_name") in _OWN_LAYERS:
            return function_of_keras(str(named["class_name"]), options, file)
        named = options if isinstance(options, str) else named.get("class_name")
    # Keras's own leaky_relu has another slope than everybody else's.
    function = function_named(str(named), 0.2 if named == "leaky_relu" else None)
    if function is None:
        raise ImportRefused(
            f"{file.name} uses the activation {named} ({name}), which Knobs does not know; choose another network"
        )
    return function


def _run(file: Path) -> Callable[[Floats], NDArray[Any]] | None:
    keras = optional("keras")
    if keras is None:
        return None

    def run(inputs: Floats) -> NDArray[Any]:
        model = keras.models.load_model(file, compile=False)
        return np.asarray(model.predict(inputs.reshape(len(inputs), *model.input_shape[1:]), verbose=0))

    return run
