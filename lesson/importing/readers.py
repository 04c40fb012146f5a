"""Files of other programs: which kind a file is, and which reader it goes to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from lesson.importing.from_arrays import read_json, read_mat, read_npy, read_npz
from lesson.importing.from_jax import read_equinox, read_msgpack
from lesson.importing.from_keras import read_h5, read_keras
from lesson.importing.from_onnx import read_onnx
from lesson.importing.from_pytorch import read_safetensors, read_torch
from lesson.importing.from_sklearn import read_skops
from lesson.importing.from_torch_export import read_pt2
from lesson.importing.model import FoundModel, ImportRefused
from lesson.importing.python_objects import is_pickle
from network.bounds import MOST_BYTES, refusal
from network.errors import is_of_the_system

_READERS: dict[str, Callable[[Path], FoundModel]] = {
    ".safetensors": read_safetensors,
    ".pt": read_torch,
    ".pth": read_torch,
    ".ckpt": read_torch,
    ".pt2": read_pt2,
    ".keras": read_keras,
    ".h5": read_h5,
    ".hdf5": read_h5,
    ".msgpack": read_msgpack,
    ".eqx": read_equinox,
    ".skops": read_skops,
    ".onnx": read_onnx,
    ".npz": read_npz,
    ".npy": read_npy,
    ".mat": read_mat,
    ".json": read_json,
}
# Other names of these kinds.
_ALSO = {".bin": ".pt", ".tar": ".pt", ".torchscript": ".pt", ".ts": ".pt", ".jit": ".pt", ".flax": ".msgpack"}
_PICKLES = (".pkl", ".pickle", ".joblib", ".p", ".sav")
# Kinds that no reader takes, and what would help.
_WAYS_OUT = {
    ".tflite": "is a TensorFlow Lite model, made for phones; save the network that it was made from, as .keras",
    ".pb": "is a TensorFlow graph; load it in TensorFlow and save the model as .keras, or its weights as .npz",
    ".index": "is part of a TensorFlow checkpoint; load it in TensorFlow and save the model as .keras",
    ".mlmodel": "is a Core ML model; save the network that it was made from, as .onnx or .safetensors",
    ".gguf": "is a language model's file; choose a network of fully connected layers",
    ".pdparams": "is a pickle of Paddle; save its arrays with numpy.savez",
}


def read_model(file: Path) -> FoundModel:
    """The network in a file of PyTorch, Keras, JAX, scikit-learn, ONNX or NumPy; ImportRefused says what is wrong."""
    if not file.exists():
        raise ImportRefused(f"there is no file {file}; check the path")
    if file.is_dir():
        raise ImportRefused(
            f"{file} is a SavedModel of TensorFlow; load it in TensorFlow and save the model as .keras"
            if (file / "saved_model.pb").exists()
            else f"{file} is a folder; give a file"
        )
    if reason := refusal(file):
        raise ImportRefused(f"{file} {reason}; choose another file")
    size = file.stat().st_size
    if size > MOST_BYTES:
        raise ImportRefused(
            f"{file} is {size / 1e9:,.1f} GB, far larger than any network that can be drawn; choose another file"
        )
    suffix = _ALSO.get(file.suffix.lower(), file.suffix.lower())
    if size == 0 and suffix in _READERS:
        raise ImportRefused(f"{file} cannot be read as {suffix}: it is empty; save the network again")
    if suffix in _WAYS_OUT:
        raise ImportRefused(f"{file} {_WAYS_OUT[suffix]}")
    with open(file, "rb") as opened:
        start = opened.read(64)
    if suffix in _PICKLES or suffix not in _READERS and is_pickle(start):
        raise ImportRefused(_pickle(file))
    if suffix not in _READERS:
        raise ImportRefused(f"the type of {file} is not known; give one of {', '.join(_READERS)}")
    try:
        return _READERS[suffix](file)
    except ImportRefused:
        raise
    except Exception as problem:  # each library has its own kinds of errors, and words, for a damaged file
        if is_of_the_system(problem):
            raise
        raise ImportRefused(
            f"{file} cannot be read as {suffix}: it is damaged, or a file of another kind; save it again"
        ) from problem


def _pickle(file: Path) -> str:
    return f"{file} is a pickle, and opening a pickle can run any program; save the model with skops.io.dump as .skops"
