"""Reads files of named arrays (.npz) safely: each array is checked to be whole and of the right shape and type.

Nothing is unpickled, so reading a file runs no code.
"""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from network.errors import CheckpointError

Arrays = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class ArchiveKind:
    """A kind of file: what messages call it, and what they tell the user to do about a bad one."""

    name: str
    choose: str
    renew: str


def read_archive(path: Path, kind: ArchiveKind) -> Arrays:
    """All arrays of an archive, by name. CheckpointError, which says what is wrong, if the file cannot be used."""
    try:
        with open(path, "rb") as file:
            if file.read(4) != b"PK\x03\x04":
                raise CheckpointError(f"{path} is not a {kind.name}; {kind.choose}, or {kind.renew}")
            if not zipfile.is_zipfile(file):  # the table of contents is at the end
                raise CheckpointError(f"{path} is cut off; copy it again, or {kind.renew}")
            file.seek(0)
            # Every array is read now and its checksum checked, so that damage does not show up later.
            with np.load(file, allow_pickle=False) as archive:
                return {name: archive[name] for name in archive.files}
    except FileNotFoundError:
        raise CheckpointError(f"there is no {kind.name} {path}; {kind.choose}, or {kind.renew}") from None
    except CheckpointError:
        raise
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        ValueError,
        KeyError,
        NotImplementedError,
        MemoryError,
        RuntimeError,
    ) as problem:
        raise CheckpointError(f"{path} is damaged ({first_line(problem)}); copy it again, or {kind.renew}") from problem
    except OSError as problem:
        raise CheckpointError(f"{path} cannot be read: {problem.strerror or problem}; {kind.choose}") from problem


def expect(
    arrays: Arrays,
    name: str,
    shape: tuple[int, ...],
    path: Path,
    kind: ArchiveKind,
    dtype: type[np.floating[Any] | np.integer[Any]] = np.floating,
    finite: bool = True,
) -> NDArray[Any]:
    """The array `name`. CheckpointError if its shape (−1 for any length) or type differs, or if it is not finite."""
    array = arrays[name]
    if array.ndim != len(shape) or any(want not in (-1, have) for want, have in zip(shape, array.shape, strict=True)):
        wanted = str(shape).replace("-1", "any")
        raise CheckpointError(
            f"in {path} the array {name} has the shape {array.shape}; expected {wanted}: copy it again, or {kind.renew}"
        )
    if not np.issubdtype(array.dtype, dtype):
        raise CheckpointError(f"in {path} the array {name} holds {array.dtype} numbers; copy it again, or {kind.renew}")
    if finite and not np.isfinite(array).all():
        raise CheckpointError(f"in {path} the array {name} holds a NaN or an infinity; {kind.renew}")
    return array


def first_line(problem: BaseException) -> str:
    """The first line of an exception's message, or the name of its type."""
    return next(iter(str(problem).splitlines()), type(problem).__name__)
