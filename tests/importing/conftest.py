"""Pictures, networks that read them, and whether one of them came through another program unchanged."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from lesson.importing.inference import work_out
from lesson.importing.readers import read_model
from network import Network
from network.digits import Digits
from network.training import TrainingSettings, best_of, train
from tests.network.conftest import pictures

FILES = Path(__file__).resolve().parent.parent / "files"


@pytest.fixture(scope="session")
def digits() -> Digits:
    images, labels = pictures(240)
    return Digits((images / 255).astype(np.float32), labels.astype(np.int64), ("one", "two", "three"))


@pytest.fixture(scope="session")
def trained(digits: Digits) -> Callable[[str], Network]:
    """Networks that read these pictures, with hidden layers of both kinds."""

    def make(activation: str) -> Network:
        rng = np.random.default_rng(3)
        settings = TrainingSettings(epochs=12, batch_size=20, learning_rate=0.02, optimiser="adam", validation=40)
        reports = list(train(Network.random([64, 6, 5, 3], rng, activation), digits, settings, rng))
        return best_of(reports).network

    kept = {name: make(name) for name in ("sigmoid", "relu")}
    return kept.__getitem__


def arrays_of(network: Network, scale: float = 1.0) -> list[tuple[np.ndarray, np.ndarray]]:
    """Weights (out, in) and biases for brightness from 0 to `scale`."""
    layers = [(np.array(layer.weights), np.array(layer.biases)) for layer in network.layers]
    return [(layers[0][0] / np.float32(scale), layers[0][1]), *layers[1:]]


def agrees(file: Path, network: Network, digits: Digits, ran: bool = True, activation: str = "") -> None:
    """Read, inferred, and compared with the original. ran: whether the file holds a network that could be run."""
    found = work_out(read_model(file), digits, digits, (activation,) if activation else ())
    assert (found.difference is not None) == ran and (found.difference or 0) < 1e-4
    assert (found.network.classify(digits.vectors) == network.classify(digits.vectors)).mean() > 0.99
