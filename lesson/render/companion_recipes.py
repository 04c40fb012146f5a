"""Companions of a checkpoint: files beside it with more results for the lesson, and how each is made.

NAME.<kind>.npz lies beside NAME.npz; scenes find it with `LessonScene.companion_file`. A new kind needs a
function and a line in the table.
"""

from __future__ import annotations

import dataclasses
import math
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from network.checkpoint import Checkpoint
    from network.digits import Digits
    from network.training import EpochReport, TrainingSettings

# Called with the number of finished steps and of all steps.
Progress = Callable[[int, int], object]


class Results(Protocol):
    """The contents of a companion file."""

    def save(self, path: Path) -> None:
        """Write the file completely or not at all; CheckpointError if it cannot be written."""


@dataclass(frozen=True)
class Data:
    """Training and test data. md5: the checksum of each data file, uncompressed."""

    name: str
    md5: dict[str, str]
    train: Digits
    test: Digits


@dataclass(frozen=True)
class Companion:
    """A kind of companion: what it holds, in words, and how it is made from a checkpoint and data."""

    holds: str
    make: Callable[[Checkpoint, Data, Progress], Results]


def companion_path(checkpoint: Path, kind: str) -> Path:
    """Where the companion of a checkpoint lies: NAME.<kind>.npz beside NAME.npz."""
    return checkpoint.with_suffix(f".{kind}.npz")


def best_checkpoint(reports: list[EpochReport], settings: TrainingSettings, seed: int, data: Data) -> Checkpoint:
    """Choose the best epoch of a run, and measure it.

    Only now is the test set used, when nothing more is chosen.
    """
    from network.checkpoint import Metadata, of_run
    from network.evaluation import evaluate
    from network.training import best_of

    best = best_of(reports)
    metadata = Metadata(
        settings=dataclasses.asdict(settings),
        seed=seed,
        epoch=best.epoch,
        train_accuracy=best.train_accuracy,
        validation_accuracy=None if math.isnan(best.validation_accuracy) else best.validation_accuracy,
        test_accuracy=evaluate(best.network, data.test).accuracy,
        data_name=data.name,
        data_md5=data.md5,
        class_names=data.train.class_names,
        versions=_versions(),
        date=_now(),
    )
    return of_run(reports, best, metadata)


def _depth(checkpoint: Checkpoint, data: Data, progress: Progress) -> Results:
    from network.analysis.depth import DepthSettings, Provenance, compare_activations

    # As wide as the network's own first hidden layer, but not wide enough to take too long.
    width = min([*checkpoint.network.sizes[1:-1], 16][0], 32)
    # Trained no longer than the network itself, if that is recorded.
    epochs = checkpoint.metadata.settings.get("epochs")
    limit = {"most_epochs": epochs} if isinstance(epochs, int) else {}
    settings = DepthSettings.for_images(len(data.train), width, **limit)
    provenance = Provenance(data.name, data.md5, checkpoint.metadata.seed, _versions(), _now())
    return compare_activations(data.train, data.test, settings, provenance, progress)


def _local(checkpoint: Checkpoint, data: Data, progress: Progress) -> Results:
    from network.companions import local_settings, train_local

    settings, reports = local_settings(checkpoint), []
    for report in train_local(checkpoint, data.train):
        reports.append(report)
        progress(report.epoch, settings.epochs)
    return best_checkpoint(reports, settings, checkpoint.metadata.seed, data)


def _rules(checkpoint: Checkpoint, data: Data, progress: Progress) -> Results:
    from network.analysis.rules import race

    return race(data.train, data.test, data.md5, on_part=progress)


def _sizes(checkpoint: Checkpoint, data: Data, progress: Progress) -> Results:
    from network.analysis.sizes import SizesComparison, TrainedSize, other_sizes, settings_of, train_size

    settings, seed = settings_of(checkpoint), checkpoint.metadata.seed
    wanted, trained = other_sizes(checkpoint.network.sizes), []
    for number, sizes in enumerate(wanted):
        reports = []
        for report in train_size(checkpoint, sizes, data.train):
            reports.append(report)
            progress(number * settings.epochs + report.epoch, len(wanted) * settings.epochs)
        best = best_checkpoint(reports, settings, seed, data)
        trained.append(TrainedSize(best.network, best.metadata))
    return SizesComparison(checkpoint.fingerprint, tuple(trained))


COMPANIONS = {
    "local": Companion("a second network, trained to have smooth and local weights in the first layer", _local),
    "depth": Companion("deep networks with sigmoid and with ReLU, trained and measured", _depth),
    "rules": Companion("rules without a network, such as the nearest training picture, measured", _rules),
    "sizes": Companion("networks with half and with twice as many hidden neurons, trained in the same way", _sizes),
}


def _versions() -> dict[str, str]:
    """The versions of the packages that compute results."""
    import numpy as np
    import scipy

    return {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__}


def _now() -> str:
    """The date and time in UTC, in ISO 8601."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
