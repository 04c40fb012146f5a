"""Files of named arrays (.npz): written whole or not at all; read safely, each array checked to be what it should.

Nothing is pickled, so reading a file runs no code.
"""

from __future__ import annotations

import io
import json
import lzma
import struct
import tokenize
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from network.bounds import refusal
from network.errors import CheckpointError
from network.files import atomic_write

Arrays = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class ArchiveKind:
    """A kind of file: what messages call it, and what they tell the user to do about a bad one."""

    name: str
    choose: str
    renew: str


def write_archive(path: Path, arrays: Arrays) -> None:
    """Write the whole file, or nothing: if anything goes wrong, an existing file stays as it was.

    CheckpointError if it cannot be written.
    """
    whole = io.BytesIO()
    np.savez_compressed(whole, allow_pickle=False, **arrays)
    try:
        atomic_write(Path(path), whole.getvalue())
    except OSError as problem:
        raise CheckpointError(
            f"{path} cannot be written: {problem.strerror or problem}; choose another place with --output FILE"
        ) from problem


def as_metadata(metadata: dict[str, Any]) -> NDArray[Any]:
    """Metadata as the array `metadata` of an archive: a JSON text."""
    return np.array(json.dumps(metadata, allow_nan=False))


def metadata_of(arrays: Arrays, path: Path, kind: ArchiveKind, wanted: str, format: int) -> dict[str, Any]:
    """The metadata of an archive, whose "kind" must be the one `wanted`, and whose "format" must be this one.

    CheckpointError if it is another file, or damaged.
    """
    text = arrays.get("metadata")
    if text is None or text.ndim or text.dtype.kind != "U":
        raise CheckpointError(f"{path} is not a {kind.name}: it has no metadata; {kind.renew}")
    try:
        metadata: dict[str, Any] = json.loads(str(text))
        found = metadata["kind"], metadata["format"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise CheckpointError(f"{path} is not a {kind.name} made by Knobs; {kind.choose}, or {kind.renew}") from None
    if found[0] != wanted:
        raise CheckpointError(f"{path} holds {found[0]!r}, not a {kind.name}; {kind.renew}")
    if found[1] != format:
        raise CheckpointError(f"{path} is of format {found[1]!r}; this program reads {format}: {kind.renew}")
    return metadata


def read_archive(path: Path, kind: ArchiveKind) -> Arrays:
    """All arrays of an archive, by name. CheckpointError, which says what is wrong, if the file cannot be used."""
    try:
        if reason := refusal(path):
            raise CheckpointError(f"{path} {reason}; {kind.choose}")
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
        AttributeError,
        TypeError,
        IndexError,
        OverflowError,
        SyntaxError,
        struct.error,
        tokenize.TokenError,
        lzma.LZMAError,
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
