"""What no test may leave behind; and small networks with data for them, for a lesson that is rendered in a second."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings

from lesson.importing import datasets
from network import Network
from network.checkpoint import Checkpoint
from tests.network.conftest import pictures, write_idx
from tests.scenes.conftest import make_checkpoint

CLASSES = 3

# To speak takes seconds. Tests that are about the voice ask for it by --voice joe.
os.environ["KNOBS_VOICE"] = "none"

# How long an example takes says how busy the machine is.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(autouse=True)
def data_is_kept_elsewhere(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Converted data, and where data was seen, is kept for real users in media/data, not for tests."""
    monkeypatch.setattr(datasets, "CONVERTED", tmp_path_factory.mktemp("converted"))


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """IDX files of pictures of 8×8 in three classes."""
    folder = tmp_path_factory.mktemp("data")
    for split in ("train", "t10k"):
        images, labels = pictures(12, classes=CLASSES)
        write_idx(folder / f"{split}-images-idx3-ubyte", images)
        write_idx(folder / f"{split}-labels-idx1-ubyte", labels)
    return folder


def network(seed: int, sizes: tuple[int, ...] = (64, 8, CLASSES)) -> Checkpoint:
    return make_checkpoint(Network.random(list(sizes), np.random.default_rng(seed)))


@pytest.fixture(scope="session")
def checkpoints(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two networks for these data."""
    folder = tmp_path_factory.mktemp("networks")
    files = folder / "a.npz", folder / "b.npz"
    for seed, file in enumerate(files):
        network(seed).save(file)
    return files


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 4 MB; where none can be mounted, tests/needs.py lists what needs it as NOT RUN."""
    place = tmp_path / "disk"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(place)], check=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)
