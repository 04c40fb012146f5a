"""The same training with other numbers of neurons in the hidden layers: half as many, and twice as many."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from network.archive import (
    ArchiveKind,
    Arrays,
    as_metadata,
    expect,
    first_line,
    metadata_of,
    read_archive,
    write_archive,
)
from network.checkpoint import Checkpoint, Metadata
from network.companions import start_again
from network.digits import Digits
from network.errors import CheckpointError
from network.network import Network
from network.training import EpochReport, TrainingSettings, train

FORMAT = 1
_KIND = ArchiveKind("comparison of sizes", "choose a checkpoint with one beside it", "make it by ./knobs train --all")


@dataclass(frozen=True, eq=False)
class TrainedSize:
    """A network of another size, and how it was trained: its accuracies, settings, seed and chosen epoch."""

    network: Network
    metadata: Metadata

    @property
    def hidden(self) -> tuple[int, ...]:
        """The number of neurons in each hidden layer."""
        return self.network.sizes[1:-1]


@dataclass(frozen=True, eq=False)
class SizesComparison:
    """Networks of other sizes, the smallest first, trained as the one with the fingerprint `made_for` was.

    There are none if that network has no hidden layer.
    """

    made_for: str
    trained: tuple[TrainedSize, ...]

    def save(self, path: Path) -> None:
        """Write the whole file, or nothing. CheckpointError if it cannot be written."""
        networks = [
            {
                "sizes": one.network.sizes,
                "activations": one.network.activations,
                "metadata": dataclasses.asdict(one.metadata),
            }
            for one in self.trained
        ]
        metadata = {"format": FORMAT, "kind": "sizes", "made_for": self.made_for, "networks": networks}
        arrays: Arrays = {"metadata": as_metadata(metadata)}
        for number, one in enumerate(self.trained, 1):
            arrays[f"parameters_{number}"] = one.network.parameters()
        write_archive(path, arrays)


def other_sizes(sizes: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
    """Half as many neurons in each hidden layer, and twice as many: 784-8-8-10 and 784-32-32-10 for 784-16-16-10.

    None of them for a network without hidden layers; a layer of one neuron stays as it is, so there is no half of it.
    """
    first, *hidden, last = sizes
    scaled = ([max(n // 2, 1) for n in hidden], [2 * n for n in hidden])
    return tuple((first, *other, last) for other in scaled if other != hidden)


def settings_of(checkpoint: Checkpoint) -> TrainingSettings:
    """How the other sizes are trained: as the checkpoint was; only snapshots are not kept.

    CheckpointError if this version does not know the checkpoint's settings.
    """
    return replace(checkpoint.training_settings(), snapshots=0)


def train_size(checkpoint: Checkpoint, sizes: tuple[int, ...], digits: Digits) -> Iterator[EpochReport]:
    """Train a network of these sizes with the checkpoint's settings, and random numbers from the same seed.

    It gives the same weights as `./knobs train --like FILE --hidden …`.
    """
    start, rng = start_again(checkpoint, sizes)
    return train(start, digits, settings_of(checkpoint), rng)


def sizes_of(file: Path, checkpoint: Checkpoint) -> tuple[TrainedSize, ...]:
    """The other sizes kept in a companion file; none if there is no file, or if it was made for another network.

    CheckpointError if the file is damaged.
    """
    if not file.is_file():
        return ()
    found = load_sizes(file)
    return found.trained if found.made_for == checkpoint.fingerprint else ()


def load_sizes(path: Path) -> SizesComparison:
    """Read the comparison from a file. CheckpointError if that fails; its message says why and what to do."""
    path = Path(path)
    arrays = read_archive(path, _KIND)
    metadata = metadata_of(arrays, path, _KIND, "sizes", FORMAT)
    trained = []
    try:
        made_for = str(metadata["made_for"])
        for number, described in enumerate(metadata["networks"], 1):
            story = dict(described["metadata"])
            story["class_names"] = tuple(story["class_names"])
            parameters = expect(arrays, f"parameters_{number}", (-1,), path, _KIND)
            sizes = tuple(int(size) for size in described["sizes"])
            network = Network.from_parameters(parameters, sizes, described["activations"])
            trained.append(TrainedSize(network, Metadata(**story)))
    except CheckpointError:  # it says which array is wrong
        raise
    except (TypeError, ValueError, KeyError, AttributeError) as problem:
        raise CheckpointError(
            f"{path} is damaged ({first_line(problem)}); copy it again, or {_KIND.renew}"
        ) from problem
    return SizesComparison(made_for, tuple(trained))
