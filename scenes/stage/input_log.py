"""What scenes read beside their code, by name: it is noted while a scene is gone through, and kept with its clip.

Whoever gives scenes a file to read notes it here, so that a clip is rendered again when that file changes, and only
then.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from scenes.settings import ROOT

# The sizes, activations, weights and biases; and all else that stands in the checkpoint: the run, its date, its scores.
NETWORK, STORY = "network", "story"

_noted: ContextVar[set[str] | None] = ContextVar("noted", default=None)


def data(split: str) -> str:
    return f"data {split}"


def companion(kind: str) -> str:
    """A file of more results beside the checkpoint."""
    return f"companion {kind}"


def file_named(path: str | Path) -> str:
    """Any other file, such as a sound."""
    path = Path(path)
    return f"file {path.relative_to(ROOT) if path.is_relative_to(ROOT) else path}"


@contextmanager
def noting() -> Iterator[set[str]]:
    """The names of all that is read within, so far."""
    noted: set[str] = set()
    before = _noted.set(noted)
    try:
        yield noted
    finally:
        _noted.reset(before)


def note(*names: str) -> None:
    """Note that a scene goes by these."""
    noted = _noted.get()
    if noted is not None:
        noted.update(names)
