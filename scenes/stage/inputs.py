"""What scenes are drawn from: the network, the data and the results beside the network."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from network import Network
from network.checkpoint import Checkpoint, load_checkpoint
from network.digits import Digits, Split, load_digits
from scenes.settings import DEFAULT_CHECKPOINT, checkpoint_place, data_place
from scenes.stage import input_log


def lesson_checkpoint() -> Checkpoint:
    """The network that scenes draw, and its story: the file of the variable KNOBS_CHECKPOINT, or the default one."""
    input_log.note(input_log.NETWORK, input_log.STORY)
    return _present_checkpoint()


def lesson_network() -> Network:
    """The network of `lesson_checkpoint` without its story, for what goes by no more than that."""
    input_log.note(input_log.NETWORK)
    return _present_checkpoint().network


def _present_checkpoint() -> Checkpoint:
    return checkpoint_of(checkpoint_place())


def checkpoint_of(path: Path) -> Checkpoint:
    """The network of a file, read once until the file changes."""
    return _checkpoint(path, _state(path))


def lesson_companion(kind: str) -> Path:
    """A file with more results for the lesson's network: NAME.<kind>.npz beside the checkpoint NAME.npz.

    Where there is none, it is the one that comes with the default network; what was trained on other data says so in
    its metadata, and the scene must say so, too. `./knobs train --all` makes them.
    """
    input_log.note(input_log.companion(kind))
    beside = checkpoint_place().with_suffix(f".{kind}.npz")
    return beside if beside.is_file() else DEFAULT_CHECKPOINT.with_suffix(f".{kind}.npz")


def lesson_digits(split: Split) -> Digits:
    """The data that scenes show: the folder of the variable KNOBS_DATA, or MNIST."""
    input_log.note(input_log.data(split))
    folder = data_place()
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    return _digits(folder, split, tuple(_state(file) for file in files))


def _state(path: Path) -> tuple[int, ...]:
    """What changes when a file is written anew."""
    try:
        found = path.stat()
    except OSError:
        return ()  # who reads it says what is wrong
    return found.st_mtime_ns, found.st_size, found.st_ino


@lru_cache(maxsize=2)
def _checkpoint(path: Path, state: tuple[int, ...]) -> Checkpoint:
    return load_checkpoint(path)


@lru_cache(maxsize=2)
def _digits(folder: Path, split: Split, state: tuple[tuple[int, ...], ...]) -> Digits:
    return load_digits(folder, split)
