"""The files beside a checkpoint that hold more results for the lesson: which there are, and how each is made.

NAME.<kind>.npz stands beside NAME.npz; scenes find it by `scenes.lesson_scene.lesson_companion`. A new kind is a
function and a line in the table.
"""

from __future__ import annotations

import platform
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from network.checkpoint import Checkpoint
    from network.digits import Digits

# Told how many steps of how many are over.
Progress = Callable[[int, int], object]


class Results(Protocol):
    """What a companion holds."""

    def save(self, path: Path) -> None:
        """Write the file whole or not at all; CheckpointError where it cannot be written."""


@dataclass(frozen=True)
class Source:
    """What companions are made from: a trained network, its data, and the md5 of each data file."""

    checkpoint: Checkpoint
    digits: Digits
    test: Digits
    data_name: str
    data_md5: dict[str, str]


@dataclass(frozen=True)
class Companion:
    """A kind of companion: what is in it, for those who wait, and how it is made."""

    holds: str
    make: Callable[[Source, Progress], Results]


def companion_path(checkpoint: Path, kind: str) -> Path:
    """Where the companion of a checkpoint stands: NAME.<kind>.npz beside NAME.npz."""
    return checkpoint.with_suffix(f".{kind}.npz")


def versions() -> dict[str, str]:
    """Of what computes results."""
    import numpy as np
    import scipy

    return {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__}


def now() -> str:
    """The date and time in UTC, as ISO 8601 writes them."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def _depth(source: Source, progress: Progress) -> Results:
    from network.depth import DepthSettings, Provenance, compare_activations

    checkpoint, digits = source.checkpoint, source.digits
    hidden = checkpoint.network.sizes[1:-1]
    # As wide as the network's own first hidden layer, as far as that is quick enough.
    settings = DepthSettings.for_images(
        len(digits), min(hidden[0], 32) if hidden else 16, checkpoint.training_settings().epochs
    )
    provenance = Provenance(source.data_name, source.data_md5, checkpoint.metadata.seed, versions(), now())
    return compare_activations(digits, source.test, settings, provenance, progress)


COMPANIONS = {
    "depth": Companion("deep networks with sigmoids and with ReLU, trained and measured", _depth),
}
