"""What a scene reads besides its code, by name: recorded while the scene plays, and kept with its clip.

Code that gives scenes a file to read notes it here, so that the clip is rendered again when that file changes, and
only then.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from scenes.settings import ROOT

# The sizes, activations, weights and biases; and everything else in the checkpoint: the run, its date, its scores.
NETWORK, TRAINING = "network", "training"
# The name of the data's folder, if a scene shows it.
DATA_NAME = "data name"
# The voice that tells it; and whether its captions are drawn into the picture.
VOICE, CAPTIONS = "voice", "captions"

_noted: ContextVar[set[str] | None] = ContextVar("noted", default=None)


def data(split: str) -> str:
    """The pictures and labels for testing ("test"), or all of them ("train")."""
    return f"data {split}"


def companion(kind: str) -> str:
    """A file with more results beside the checkpoint."""
    return f"companion {kind}"


def recordings(scene: str) -> str:
    """The recordings of a scene, whether there are any or not."""
    return f"recordings {scene}"


def message(key: str) -> str:
    """A message of the catalogue of the lesson's language, by its key."""
    return f"message {key}"


def file_named(path: str | Path) -> str:
    """Any other file, such as a sound, or source code that a scene shows; its path counts from the project's root."""
    path = Path(path).resolve()
    return f"file {path.relative_to(ROOT) if path.is_relative_to(ROOT) else path}"


@contextmanager
def noting() -> Iterator[set[str]]:
    """A set that collects the names noted inside the `with` block."""
    noted: set[str] = set()
    before = _noted.set(noted)
    try:
        yield noted
    finally:
        _noted.reset(before)


def note(*names: str) -> None:
    """Note that the scene depends on these."""
    noted = _noted.get()
    if noted is not None:
        noted.update(names)
