"""A network and pictures that never change, to draw from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from manim import tempconfig

from network import ForwardPass, Network
from network.checkpoint import Checkpoint, Metadata
from network.digits import Digits


@pytest.fixture(autouse=True)
def manim_files_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """manim's files go to a temporary folder, one for all tests, so that formulas are set only once."""
    folder = tmp_path_factory.getbasetemp() / "manim"
    with tempconfig({"media_dir": str(folder), "verbosity": "ERROR", "progress_bar": "none"}):
        yield


@pytest.fixture(scope="session")
def digits() -> Digits:
    """Thirty pictures of 28×28 with a bright ring, bar or blob, in ten classes."""
    y, x = np.mgrid[:28, :28] - 13.5
    images = []
    for n in range(30):
        radius = np.hypot(x - (n % 5) + 2, y + (n % 3) - 1)
        shape = (np.abs(radius - 4 - n % 4) - 1.2, np.abs(x + n % 7 - 3) - 1.5, radius - 3 - n % 4)[n % 3]
        images.append(np.clip(1 - shape, 0, 1))
    return Digits(np.array(images, np.float32), np.arange(30) % 10)


@pytest.fixture(scope="session")
def network() -> Network:
    return Network.random([784, 16, 16, 10], np.random.default_rng(0))


@pytest.fixture(scope="session")
def forward(network: Network, digits: Digits) -> ForwardPass:
    return network.forward(digits.images[0])


@pytest.fixture(scope="session")
def checkpoint(network: Network) -> Checkpoint:
    return make_checkpoint(network)


def make_checkpoint(network: Network, class_names: tuple[str, ...] | None = None) -> Checkpoint:
    """A checkpoint of a network that was never trained, with a short made-up run that ends in it."""
    rng = np.random.default_rng(1)
    last = network.parameters()
    run = np.stack([last * share + rng.normal(0, 0.1 * (1 - share), last.size) for share in (0, 0.3, 0.7, 1)])
    metadata = Metadata(
        settings={},
        seed=0,
        epoch=3,
        train_accuracy=0.1,
        validation_accuracy=0.1,
        test_accuracy=0.1,
        data_name="made up",
        data_md5={},
        class_names=class_names or tuple(str(k) for k in range(network.sizes[-1])),
        versions={},
        date="2026-01-01",
    )
    history = np.array([[6.0, 0.1, 0.1], [3.0, 0.5, 0.4], [1.5, 0.8, 0.7], [1.0, 0.9, 0.8]])
    return Checkpoint(network, metadata, history, np.arange(4) * 10, np.arange(4.0), run.astype(np.float32))


@pytest.fixture
def frame_of() -> Any:
    """Draws mobjects into a frame: frame_of([mobjects], height) -> (height, width, 4)."""
    from scenes.kit.gallery import picture

    return picture
