"""Small data sets and networks that the tests share."""

from __future__ import annotations

import gzip
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from network.digits import Digits

_CODES = {"uint8": 0x08, "int8": 0x09, "int16": 0x0B, "int32": 0x0C, "float32": 0x0D, "float64": 0x0E}


def idx_bytes(array: NDArray[Any]) -> bytes:
    """An array in the IDX format."""
    header = bytes([0, 0, _CODES[array.dtype.name], array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
    return header + array.astype(array.dtype.newbyteorder(">")).tobytes()


def write_idx(path: Path, array: NDArray[Any]) -> None:
    data = idx_bytes(array)
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)


def pictures(n: int, side: int = 8, classes: int = 3, seed: int = 0) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Grey pictures that can be learned: class k has its k-th rows bright. Not every picture is alike."""
    rng = np.random.default_rng(seed)
    labels = (np.arange(n) % classes).astype(np.uint8)
    images = rng.integers(0, 60, (n, side, side), np.uint8)
    for image, label in zip(images, labels, strict=True):
        image[2 * label : 2 * label + 2] += 190
    images[:, 0, 0] = 255  # so that white is known to be 255
    return images, labels


@pytest.fixture
def data_folder(tmp_path: Path) -> Path:
    """A folder of four IDX files: 120 and 30 pictures of 8×8 in three classes."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    for split, n, seed in (("train", 120, 1), ("t10k", 30, 2)):
        images, labels = pictures(n, seed=seed)
        write_idx(folder / f"{split}-images-idx3-ubyte.gz", images)
        write_idx(folder / f"{split}-labels-idx1-ubyte", labels)
    return folder


@pytest.fixture
def make_digits() -> Callable[..., Digits]:
    def make(n: int = 60, side: int = 8, classes: int = 3, seed: int = 0) -> Digits:
        images, labels = pictures(n, side, classes, seed)
        names = tuple(str(k) for k in range(classes))
        return Digits((images / 255).astype(np.float32), labels.astype(np.int64), names)

    return make
