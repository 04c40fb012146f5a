"""Keras's files are read without Keras, and what it names is known here."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.special import softmax

from lesson.importing.from_keras import function_of_keras
from lesson.importing.inference import sums
from lesson.importing.model import ImportRefused
from lesson.importing.readers import read_model
from lesson.importing.trying import Scaling
from network import Network
from network.digits import Digits
from tests.importing.conftest import FILES, agrees, arrays_of


@pytest.mark.parametrize("name", ["dense.keras", "dense.weights.h5"])
def test_files_that_keras_wrote(name: str) -> None:
    """dense.keras is Rescaling(1/255), Flatten, Dense relu, Dropout, Dense, Activation tanh, Dense softmax; the .npz
    has its weights, and what Keras 3.15 gave for some inputs."""
    with np.load(FILES / "dense.npz") as known:
        model = read_model(FILES / name)
        for n, layer in enumerate(model.layers):
            np.testing.assert_array_equal(layer.weights, known[f"array_{2 * n}"].T)
            np.testing.assert_array_equal(layer.biases, known[f"array_{2 * n + 1}"])
        if name == "dense.keras":
            assert [layer.function for layer in model.layers] == ["relu", "tanh", "softmax"]
            found = softmax(sums(model, known["inputs"].reshape(-1, 64), Scaling("", 1, 0)), axis=1)
            np.testing.assert_allclose(found, known["outputs"], atol=1e-5)
        else:
            assert {layer.function for layer in model.layers} == {None}


def test_a_convolution_that_keras_wrote() -> None:
    with pytest.raises(ImportRefused, match=r"a convolution \(conv2d"):
        read_model(FILES / "convolution.keras")


@pytest.fixture
def keras(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Keras, running on PyTorch."""
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    return importlib.import_module("keras")


def keras_model(keras: Any, network: Network, *first: Any, scale: float = 1) -> Any:
    names = {"sigmoid": "sigmoid", "relu": "relu"}
    dense = [keras.layers.Dense(layer.n_out, activation=names[layer.activation]) for layer in network.layers]
    model = keras.Sequential([keras.Input((8, 8)), *first, keras.layers.Flatten(), *dense])
    model.set_weights([part for w, b in arrays_of(network, scale) for part in (w.T, b)])
    return model


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # Keras's own
def test_keras(keras: Any, trained: Any, digits: Digits, tmp_path: Path) -> None:
    keras_model(keras, trained("relu"), keras.layers.Rescaling(1 / 255)).save(tmp_path / "x.keras")
    agrees(tmp_path / "x.keras", trained("relu"), digits)
    keras_model(keras, trained("sigmoid")).save_weights(tmp_path / "x.weights.h5")
    agrees(tmp_path / "x.weights.h5", trained("sigmoid"), digits, False)
    convolution = keras.Sequential([keras.Input((8, 8, 1)), keras.layers.Conv2D(2, 3), keras.layers.Flatten()])
    convolution.save(tmp_path / "c.keras")
    with pytest.raises(ImportRefused, match=r"a convolution \(conv2d"):
        read_model(tmp_path / "c.keras")
    recurrent = keras.Sequential([keras.Input((8, 8)), keras.layers.LSTM(4), keras.layers.Dense(3)])
    recurrent.save(tmp_path / "r.keras")
    with pytest.raises(ImportRefused, match="a recurrent layer"):
        read_model(tmp_path / "r.keras")


@pytest.mark.parametrize(
    ("kind", "settings", "function"),
    [
        ("ReLU", {"negative_slope": 0.3, "max_value": None, "threshold": 0.0}, "leaky_relu(0.3)"),
        ("ReLU", {"max_value": 6.0}, "relu6"),
        ("LeakyReLU", {}, "leaky_relu(0.3)"),
        ("ELU", {"alpha": 0.5}, "elu(0.5)"),
        ("Dense", {"activation": "gelu"}, "gelu"),
        ("Dense", {"activation": "leaky_relu"}, "leaky_relu(0.2)"),
        ("Dense", {"activation": "hard_sigmoid"}, "hard_sigmoid"),
        ("Activation", {"activation": "swish"}, "silu"),
        ("Dense", {"activation": {"class_name": "LeakyReLU", "config": {"negative_slope": 0.1}}}, "leaky_relu(0.1)"),
        ("Dense", {"activation": "mish"}, None),
        ("ReLU", {"max_value": 1.0}, None),
    ],
)
def test_functions_as_keras_names_them(kind: str, settings: dict[str, Any], function: str | None) -> None:
    if function is None:
        with pytest.raises(ImportRefused, match="mish|limits"):
            function_of_keras(kind, settings, Path("x.keras"))
    else:
        assert function_of_keras(kind, settings, Path("x.keras")) == function
