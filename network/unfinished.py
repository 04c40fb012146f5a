"""A file that holds a training run in progress, so that it can go on after it was stopped, whatever stopped it."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from network.archive import ArchiveKind, as_metadata, expect, metadata_of, read_archive, write_archive
from network.errors import CheckpointError
from network.network import Network
from network.training import EpochReport, Snapshot, TrainingSettings, TrainingState, best_of

_KIND = ArchiveKind("unfinished run", "leave --resume out to start again", "leave --resume out to start again")
_FORMAT = 1
_COLUMNS = ("epoch", "cost", "train_accuracy", "validation_accuracy", "step")


@dataclass(frozen=True)
class Recipe:
    """All that two runs must share for one to go on with the other.

    start: the network before training. data_md5: of each data file.
    """

    start: Network
    settings: TrainingSettings
    seed: int
    data_md5: dict[str, str]

    def facts(self) -> dict[str, Any]:
        """The same as JSON keeps it."""
        found = {
            "sizes": self.start.sizes,
            "activations": self.start.activations,
            "seed": self.seed,
            "data": self.data_md5,
            **dataclasses.asdict(self.settings),
        }
        loaded: dict[str, Any] = json.loads(json.dumps(found))
        return loaded


def unfinished_path(output: Path) -> Path:
    """Where the run is kept whose checkpoint will be `output`."""
    return output.with_name(f"{output.name}.unfinished")


def save_unfinished(path: Path, recipe: Recipe, reports: Sequence[EpochReport], state: TrainingState) -> None:
    """Write the run whole, or nothing. CheckpointError if it cannot be written."""
    best = best_of(list(reports))
    shots = [(report.epoch, shot) for report in reports for shot in report.snapshots]
    arrays: dict[str, Any] = {
        "metadata": as_metadata(
            {
                "kind": _KIND.name,
                "format": _FORMAT,
                "recipe": recipe.facts(),
                "epoch": state.epoch,
                "step": state.step,
                "best": best.epoch,
                "generators": state.generators,
            }
        ),
        "reports": np.array([[getattr(report, name) for name in _COLUMNS] for report in reports], np.float64),
        "best": best.network.parameters(),
        "shot_reports": np.array([epoch for epoch, _ in shots], np.int64),
        "shot_steps": np.array([shot.step for _, shot in shots], np.int64),
        "shot_epochs": np.array([shot.epoch for _, shot in shots], np.float64),
        "shot_parameters": np.array([shot.parameters for _, shot in shots], np.float32).reshape(len(shots), -1),
        **{f"state_{name}": array for name, array in state.arrays.items()},
    }
    write_archive(path, arrays)


def load_unfinished(path: Path, recipe: Recipe) -> tuple[list[EpochReport], TrainingState]:
    """The reports so far, and where the run stands. CheckpointError if it is not a run of this recipe.

    Only the best report has its own network, since no other will ever be chosen.
    """
    arrays = read_archive(path, _KIND)
    metadata = metadata_of(arrays, path, _KIND, _KIND.name, _FORMAT)
    recorded, wanted = metadata.get("recipe"), recipe.facts()
    if not isinstance(recorded, dict):
        raise CheckpointError(f"{path} is damaged: it has no recipe; {_KIND.renew}")
    if differing := [name for name in wanted if recorded.get(name) != wanted[name]]:
        name = differing[0]
        values = "" if name == "data" else f": {recorded.get(name)}, not {wanted[name]}"
        raise CheckpointError(
            f"{path} is a run with other {name.replace('_', ' ')}{values}; give the same options as then, or "
            f"{_KIND.renew}"
        )
    try:
        return _reports(arrays, metadata, recipe, path), _state(arrays, metadata, recipe, path)
    except (KeyError, TypeError, ValueError, IndexError) as problem:
        if isinstance(problem, CheckpointError):
            raise
        raise CheckpointError(f"{path} is damaged; {_KIND.renew}") from problem


def _reports(arrays: dict[str, Any], metadata: dict[str, Any], recipe: Recipe, path: Path) -> list[EpochReport]:
    start, count = recipe.start, recipe.start.parameter_count
    rows = expect(arrays, "reports", (-1, len(_COLUMNS)), path, _KIND, finite=False)
    best = expect(arrays, "best", (count,), path, _KIND)
    network = Network.from_parameters(best.astype(start.dtype), start.sizes, start.activations)
    of_report = expect(arrays, "shot_reports", (-1,), path, _KIND, np.integer)
    steps = expect(arrays, "shot_steps", (len(of_report),), path, _KIND, np.integer)
    epochs = expect(arrays, "shot_epochs", (len(of_report),), path, _KIND)
    parameters = expect(arrays, "shot_parameters", (len(of_report), -1), path, _KIND)
    shots: dict[int, list[Snapshot]] = {}
    for number, epoch in enumerate(of_report.tolist()):
        shot = Snapshot(int(steps[number]), float(epochs[number]), parameters[number])
        shots.setdefault(epoch, []).append(shot)
    return [
        EpochReport(
            int(epoch),
            cost,
            train_accuracy,
            validation_accuracy,
            network if int(epoch) == metadata["best"] else start,
            tuple(shots.get(int(epoch), ())),
            int(step),
        )
        for epoch, cost, train_accuracy, validation_accuracy, step in rows.tolist()
    ]


def _state(arrays: dict[str, Any], metadata: dict[str, Any], recipe: Recipe, path: Path) -> TrainingState:
    names = [name for name in arrays if name.startswith("state_")]
    count = recipe.start.parameter_count
    kept = {name.removeprefix("state_"): expect(arrays, name, (count,), path, _KIND) for name in names}
    return TrainingState(int(metadata["epoch"]), int(metadata["step"]), kept, list(metadata["generators"]))
