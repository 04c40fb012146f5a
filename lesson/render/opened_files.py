"""Which files a piece of Python opens for reading, as Python itself reports it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

_noted: ContextVar[set[Path] | None] = ContextVar("opened", default=None)


@contextmanager
def noting() -> Iterator[set[Path]]:
    """A set that collects the files opened for reading inside the `with` block, by their absolute paths."""
    _listen()
    noted: set[Path] = set()
    before = _noted.set(noted)
    try:
        yield noted
    finally:
        _noted.reset(before)


@cache  # such a hook can be added, but not taken away again
def _listen() -> None:
    sys.addaudithook(_note)


def _note(event: str, arguments: tuple[Any, ...]) -> None:
    if event != "open" or (noted := _noted.get()) is None:
        return
    path, _, flags = arguments
    if isinstance(path, str | bytes | os.PathLike) and not flags & (os.O_WRONLY | os.O_RDWR):
        noted.add(Path(os.path.abspath(os.fsdecode(path))))
