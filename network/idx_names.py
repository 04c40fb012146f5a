"""How IDX files are known by their names. NumPy is not loaded for it."""

from __future__ import annotations

import re
from pathlib import Path

_IDX = re.compile(r"idx\d|ubyte|idx(\.gz)?$")


def is_idx_file(file: Path) -> bool:
    """Whether a file is called like the images or labels of a data set, such as train-images-idx3-ubyte.gz.

    A class_to_idx.json beside pictures is not, nor is the hidden ._train-images-idx3-ubyte of macOS.
    """
    name = file.name.lower()
    return not name.startswith(".") and ("images" in name or "labels" in name) and _IDX.search(name) is not None
