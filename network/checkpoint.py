"""One file that holds a trained network, how it was trained, and the states it went through.

The file is a NumPy archive (.npz): weights_1, biases_1, weights_2, …; history, a row for each epoch; snapshots_steps,
snapshots_epochs and snapshots_parameters; and metadata, a JSON text. It is never pickled, so loading runs no code.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from network.archive import ArchiveKind, as_metadata, expect, first_line, read_archive, write_archive
from network.digits import Digits
from network.distortion import Distortion
from network.errors import CheckpointError as CheckpointError
from network.moved import names_moved
from network.network import ACTIVATIONS, Layer, Network, activation_named
from network.training import EpochReport, Snapshot, TrainingSettings

FORMAT = 1
HISTORY_COLUMNS = ("cost", "train_accuracy", "validation_accuracy")
__getattr__ = names_moved(__name__, {"write_whole": ("network.files", "atomic_write")})

_CHOOSE = "choose one with --checkpoint FILE"
_KIND = ArchiveKind("checkpoint", _CHOOSE, "train a new one with ./knobs train")
_OTHER_ARRAYS = ("metadata", "history", "snapshots_steps", "snapshots_epochs", "snapshots_parameters")


@dataclass(frozen=True)
class Metadata:
    """How a network was made.

    settings: the `TrainingSettings` as a plain dictionary. seed: of the random numbers, for the first weights and the
    training. epoch: the one that was chosen. Accuracies are shares from 0 to 1 at that epoch, or None if not measured;
    the test set was used once, after the choice. data_md5: of each data file, uncompressed. versions: of Python and
    the libraries. date: ISO 8601.
    """

    settings: dict[str, Any]
    seed: int
    epoch: int
    train_accuracy: float | None
    validation_accuracy: float | None
    test_accuracy: float | None
    data_name: str
    data_md5: dict[str, str]
    class_names: tuple[str, ...]
    versions: dict[str, str]
    date: str


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """A trained network and its history. All arrays are read-only.

    history: (epochs + 1, 3) float64, row 0 before training; columns as in `HISTORY_COLUMNS`, NaN where not measured.
    snapshot_steps: (n,) mini-batches seen so far. snapshot_epochs: (n,) the same in epochs, with fractions.
    snapshot_parameters: (n, parameter_count) float32; the last row, if there are any, is the network itself, in 32
    bits.
    """

    network: Network
    metadata: Metadata
    history: NDArray[np.float64]
    snapshot_steps: NDArray[np.int64]
    snapshot_epochs: NDArray[np.float64]
    snapshot_parameters: NDArray[np.float32]

    def __post_init__(self) -> None:
        # np.array makes copies, so that the caller's own arrays are not frozen.
        for name, dtype in (
            ("history", np.float64),
            ("snapshot_steps", np.int64),
            ("snapshot_epochs", np.float64),
            ("snapshot_parameters", np.float32),
        ):
            array = np.array(getattr(self, name), dtype)
            array.flags.writeable = False
            object.__setattr__(self, name, array)

    @cached_property
    def fingerprint(self) -> str:
        """64 hexadecimal digits that identify this network: the sha256 of its sizes, activations and knobs."""
        shape = {"sizes": self.network.sizes, "activations": self.network.activations}
        digest = hashlib.sha256(json.dumps(shape).encode())
        for layer in self.network.layers:
            for array in (layer.weights, layer.biases):
                digest.update(np.ascontiguousarray(array, array.dtype.newbyteorder("<")).tobytes())
        return digest.hexdigest()

    def snapshot(self, number: int) -> Network:
        """The network at snapshot `number`, counted from 0; negative numbers count from the end."""
        return Network.from_parameters(self.snapshot_parameters[number], self.network.sizes, self.network.activations)

    def at_moment(self, moment: float) -> Network:
        """The network at snapshot `moment`; a fraction lies between two snapshots, and their knobs are interpolated.

        ValueError if there is no such moment.
        """
        last = len(self.snapshot_parameters) - 1
        if not 0 <= moment <= last:
            raise ValueError(f"moment must be from 0 to {last}; got {moment}")
        before = min(int(moment), max(last - 1, 0))
        one, other = self.snapshot_parameters[before], self.snapshot_parameters[min(before + 1, last)]
        blend = one + (other - one) * np.float32(moment - before)
        return Network.from_parameters(blend, self.network.sizes, self.network.activations)

    def epoch_at(self, moment: float) -> float:
        """The epoch at snapshot `moment`, with a fraction; interpolated between two snapshots."""
        return float(np.interp(moment, np.arange(len(self.snapshot_epochs)), self.snapshot_epochs))

    def training_settings(self) -> TrainingSettings:
        """The settings this network was trained with. CheckpointError if this version does not know them."""
        values = dict(self.metadata.settings)
        try:
            if values.get("distortion") is not None:
                values["distortion"] = Distortion(**values["distortion"])
            return TrainingSettings(**values)
        except (TypeError, ValueError) as problem:
            raise CheckpointError(
                f"the checkpoint records settings that this version cannot use ({problem}); "
                "give the settings as options"
            ) from problem

    def check_fits(self, digits: Digits, file: Path | str = "the checkpoint") -> None:
        """CheckpointError, naming `file`, if the network was not made for such images or classes."""
        remedy = (
            "choose the data it was trained on with --data FOLDER_OR_FILE, or another checkpoint with --checkpoint FILE"
        )
        sizes = self.network.sizes
        if sizes[0] != digits.n_in:
            if digits.inputs:
                raise CheckpointError(
                    f"{file} takes {sizes[0]} numbers, but a row of the data has {digits.n_in}; {remedy}"
                )
            raise CheckpointError(
                f"{file} takes {sizes[0]} numbers an image, but the images have {digits.side}×{digits.side} pixels; "
                f"{remedy}"
            )
        if sizes[-1] != len(digits.class_names):
            raise CheckpointError(
                f"{file} has {sizes[-1]} outputs, but the data has {len(digits.class_names)} classes; {remedy}"
            )
        if self.metadata.class_names != digits.class_names:
            raise CheckpointError(
                f"{file} has the classes {_listed(self.metadata.class_names)}, "
                f"but the data has {_listed(digits.class_names)}; {remedy}"
            )

    def save(self, path: Path) -> None:
        """Write the whole file, or nothing: if anything goes wrong, an existing file stays as it was.

        CheckpointError if it cannot be written.
        """
        write_archive(path, self._arrays())

    def _arrays(self) -> dict[str, Any]:
        metadata = {
            "format": FORMAT,
            "sizes": self.network.sizes,
            "activations": self.network.activations,
            **dataclasses.asdict(self.metadata),
        }
        arrays: dict[str, Any] = {"metadata": as_metadata(metadata)}
        for number, layer in enumerate(self.network.layers, 1):
            arrays[f"weights_{number}"], arrays[f"biases_{number}"] = layer.weights, layer.biases
        arrays["history"] = self.history
        arrays["snapshots_steps"] = self.snapshot_steps
        arrays["snapshots_epochs"] = self.snapshot_epochs
        arrays["snapshots_parameters"] = self.snapshot_parameters
        return arrays


def of_run(reports: list[EpochReport], chosen: EpochReport, metadata: Metadata) -> Checkpoint:
    """The checkpoint of a training run: the network of the `chosen` epoch, and the snapshots up to it.

    Snapshots after the chosen epoch are left out, and its own comes last, so that a replay ends with this network.
    """
    way = [shot for report in reports for shot in report.snapshots if shot.epoch < chosen.epoch]
    if any(report.snapshots for report in reports):
        way.append(Snapshot(chosen.step, float(chosen.epoch), chosen.network.parameters()))
    return Checkpoint(
        chosen.network,
        metadata,
        np.array([[getattr(report, name) for name in HISTORY_COLUMNS] for report in reports], np.float64),
        np.array([shot.step for shot in way], np.int64),
        np.array([shot.epoch for shot in way], np.float64),
        np.array([shot.parameters for shot in way], np.float32).reshape(len(way), chosen.network.parameter_count),
    )


def load_checkpoint(path: Path, choose: str = _CHOOSE) -> Checkpoint:
    """The checkpoint in a file. CheckpointError, which says what is wrong, if it cannot be used.

    choose: what the message tells the user to do to name another file.
    """
    path = Path(path)
    arrays = read_archive(path, dataclasses.replace(_KIND, choose=choose))
    metadata = _read_metadata(arrays, path)
    sizes, activations = metadata["sizes"], metadata["activations"]
    _check_names(arrays, len(activations), path)
    layers = []
    for number, name in enumerate(activations, 1):
        n_in, n_out = sizes[number - 1 : number + 1]
        weights = expect(arrays, f"weights_{number}", (n_out, n_in), path, _KIND)
        biases = expect(arrays, f"biases_{number}", (n_out,), path, _KIND)
        layers.append(Layer(weights, biases, name))
    network = Network(tuple(layers))
    count = len(arrays["snapshots_steps"]) if arrays["snapshots_steps"].ndim == 1 else -1
    known = {field.name for field in dataclasses.fields(Metadata)}
    return Checkpoint(
        network,
        Metadata(**{name: value for name, value in metadata.items() if name in known}),
        expect(arrays, "history", (-1, len(HISTORY_COLUMNS)), path, _KIND, finite=False),
        expect(arrays, "snapshots_steps", (-1,), path, _KIND, dtype=np.integer),
        expect(arrays, "snapshots_epochs", (count,), path, _KIND),
        expect(arrays, "snapshots_parameters", (count, network.parameter_count), path, _KIND),
    )


def _read_metadata(arrays: dict[str, NDArray[Any]], path: Path) -> dict[str, Any]:
    """The metadata, with every known key present and of the right type; unknown keys are left as they are."""
    text = arrays.get("metadata")
    if not isinstance(text, np.ndarray) or text.ndim or text.dtype.kind != "U":
        raise CheckpointError(f"{path} is not a checkpoint made by Knobs: it has no metadata; {_KIND.renew}")
    try:
        metadata = json.loads(str(text))
        json.dumps(metadata, ensure_ascii=False).encode()  # half of a surrogate pair can be read, but never shown
    except (ValueError, RecursionError) as problem:
        raise CheckpointError(
            f"the metadata of {path} is damaged ({first_line(problem)}); copy it again, or {_KIND.renew}"
        ) from problem
    version = metadata.get("format") if isinstance(metadata, dict) else None
    if isinstance(version, int) and version > FORMAT:
        raise CheckpointError(f"{path} is of format {version}, newer than this program reads ({FORMAT}); update Knobs")
    if version != FORMAT:
        raise CheckpointError(f"{path} is of an unknown format {version!r}; {_KIND.renew}")
    for name, is_right in _METADATA_CHECKS.items():
        if name not in metadata or not is_right(metadata[name]):
            state = "no" if name not in metadata else "an unusable"
            raise CheckpointError(f"the metadata of {path} has {state} {name}; copy the file again, or {_KIND.renew}")
    for name in metadata["activations"]:
        try:
            activation_named(name)
        except ValueError:
            raise CheckpointError(
                f"{path} uses the activation {name!r}; "
                f"this program knows {', '.join(ACTIVATIONS)}: update Knobs, or {_KIND.renew}"
            ) from None
    if len(metadata["sizes"]) != len(metadata["activations"]) + 1:
        raise CheckpointError(
            f"the metadata of {path} has {len(metadata['activations'])} activations for sizes {metadata['sizes']}; "
            f"copy the file again, or {_KIND.renew}"
        )
    if len(metadata["class_names"]) != metadata["sizes"][-1]:
        raise CheckpointError(
            f"the metadata of {path} names {len(metadata['class_names'])} classes for {metadata['sizes'][-1]} outputs; "
            f"copy the file again, or {_KIND.renew}"
        )
    return {**metadata, "class_names": tuple(metadata["class_names"])}


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_share(value: Any) -> bool:
    return value is None or (isinstance(value, int | float) and math.isfinite(value) and 0 <= value <= 1)


def _is_texts(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(text, str) for text in value.values())


_METADATA_CHECKS: dict[str, Callable[[Any], bool]] = {
    "sizes": lambda v: isinstance(v, list) and len(v) >= 2 and all(_is_whole(n) and n >= 1 for n in v),
    "activations": lambda v: isinstance(v, list) and all(isinstance(name, str) for name in v),
    "settings": lambda v: isinstance(v, dict),
    "seed": lambda v: _is_whole(v) and v >= 0,
    "epoch": lambda v: _is_whole(v) and v >= 0,
    "train_accuracy": _is_share,
    "validation_accuracy": _is_share,
    "test_accuracy": _is_share,
    "data_name": lambda v: isinstance(v, str),
    "data_md5": _is_texts,
    "class_names": lambda v: isinstance(v, list) and all(isinstance(name, str) for name in v),
    "versions": _is_texts,
    "date": lambda v: isinstance(v, str),
}


def _check_names(arrays: dict[str, NDArray[Any]], layers: int, path: Path) -> None:
    expected = {f"{kind}_{number}" for kind in ("weights", "biases") for number in range(1, layers + 1)}
    expected.update(_OTHER_ARRAYS)
    if missing := sorted(expected - arrays.keys()):
        raise CheckpointError(f"{path} lacks the array {missing[0]}; copy it again, or {_KIND.renew}")
    if unknown := sorted(arrays.keys() - expected):
        raise CheckpointError(
            f"{path} holds an array {unknown[0]}, which does not belong to its {layers} layers; {_KIND.renew}"
        )


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(names[:4]) + (", …" if len(names) > 4 else "")
