"""Files that hold Python objects, and not only numbers: opening them could run any program."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import IO

import numpy as np


def is_pickle(start: bytes) -> bool:
    """Whether a file that starts like this is a pickle, of the kinds that have a version."""
    return start[:1] == b"\x80" and len(start) > 1 and 2 <= start[1] <= 5


def holds_objects(file: Path) -> bool:
    """Whether a .npy file, or an array of an .npz file, is of Python objects, as its header says; or is a pickle.

    Errors for a damaged one are those of NumPy and zipfile.
    """
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as archive:
            names = [name for name in archive.namelist() if name.endswith(".npy")]
            return any(_is_of_objects(archive, name) for name in names)
    with open(file, "rb") as opened:
        if is_pickle(opened.read(2)):
            return True
        opened.seek(0)
        return _dtype_of(opened).hasobject


def _is_of_objects(archive: zipfile.ZipFile, name: str) -> bool:
    with archive.open(name) as opened:
        return _dtype_of(opened).hasobject


def _dtype_of(opened: IO[bytes]) -> np.dtype[np.generic]:
    """What the header of a .npy file says that its array is of."""
    form = np.lib.format
    # A header of the third kind differs from the second in how names beyond ASCII are written.
    read = form.read_array_header_1_0 if form.read_magic(opened) == (1, 0) else form.read_array_header_2_0
    dtype: np.dtype[np.generic] = read(opened)[2]
    return dtype
