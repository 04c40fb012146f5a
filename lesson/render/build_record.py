"""Build records: small JSON files beside clips and films that say what they were made from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import UnionType
from typing import Any

from network.files import atomic_write, digest_if_readable, file_state


def read_record(file: Path, version: int, kinds: Mapping[str, type | UnionType]) -> dict[str, Any] | None:
    """A record of this version of its format whose values are of these kinds; None if there is none."""
    try:
        record = json.loads(file.read_bytes())
    except (OSError, ValueError):
        return None
    if not isinstance(record, dict) or record.get("format") != version:
        return None
    return record if all(isinstance(record.get(name), kind) for name, kind in kinds.items()) else None


def write_record(file: Path, version: int, values: Mapping[str, Any]) -> None:
    """Write a record. OSError if that fails."""
    atomic_write(file, json.dumps({"format": version, **values}, indent=1).encode())


def file_states(files: Iterable[Path]) -> dict[str, list[int | str] | None]:
    """Size, time and digest of files by their names; None for one that does not exist."""
    found = {file: file_state(file) for file in files}
    return {file.name: None if state is None else [*state, digest_if_readable(file)] for file, state in found.items()}


def changed_file(folder: Path, states: Mapping[str, list[int | str] | None]) -> str | None:
    """The name of the first file of `file_states` that has changed since; None if none has."""
    return next((name for name, state in states.items() if not _is_as_it_was(folder / name, state)), None)


def _is_as_it_was(file: Path, state: list[int | str] | None) -> bool:
    """Whether a file has the same contents: one that was only touched, or copied back, has another time."""
    now = file_state(file)
    if now is None or state is None:
        return now is state
    return now == state[:2] or now[0] == state[0] and state[2:] == [digest_if_readable(file)]
