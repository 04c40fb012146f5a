"""The files that scenes are drawn from: the network, the data, and the results beside the network.

Each file is read once, and again when it changes. Whatever a scene asks for is noted in `input_log`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from network import Network
from network.checkpoint import Checkpoint, load_checkpoint
from network.digits import Digits, Split, is_mnist, load_digits, md5_of_data
from scenes.settings import DEFAULT_CHECKPOINT, NO_VOICE, LessonContext
from scenes.stage import input_log
from scenes.voice.markup import MarkedText
from scenes.voice.narration import RECORDING
from scenes.voice.recordings import recordings_of
from scenes.voice.utterance import Utterance, utter
from scenes.voice.voices import find_voice, present, voice_name


@dataclass(frozen=True)
class Inputs:
    """The files of a lesson's context, as scenes ask for them.

    CheckpointError or DataError where a file cannot be read.
    """

    context: LessonContext

    @property
    def checkpoint(self) -> Checkpoint:
        """The network, and how it was trained."""
        input_log.note(input_log.NETWORK, input_log.TRAINING)
        return _checkpoint_of(self.context.checkpoint)

    @property
    def network(self) -> Network:
        """The network alone, for scenes that show nothing of its training."""
        input_log.note(input_log.NETWORK)
        return _checkpoint_of(self.context.checkpoint).network

    @property
    def compared(self) -> Checkpoint:
        """The network to compare the lesson's own with; its own if there is none."""
        input_log.note(input_log.file_named(self.compared_file))
        return _checkpoint_of(self.compared_file)

    @property
    def compared_file(self) -> Path:
        return self.context.compared[0] if self.context.compared else self.context.checkpoint

    def digits(self, split: Split = "test") -> Digits:
        """The data, which must fit the network."""
        input_log.note(input_log.data(split))
        folder = self.context.data
        files = sorted(folder.iterdir()) if folder.is_dir() else []
        digits = _digits(folder, split, tuple(_stamp(file) for file in files))
        _checkpoint_of(self.context.checkpoint).check_fits(digits)  # only refuses, so nothing is noted
        return digits

    def companion_file(self, kind: str) -> Path:
        """A file with more results for the network: NAME.<kind>.npz beside the checkpoint NAME.npz.

        If there is none, it is the one of the default network. A companion that was trained on other data says so in
        its metadata, and the scene must say so, too. `./knobs train --all` makes companions.
        """
        input_log.note(input_log.companion(kind))
        beside = self.context.checkpoint.with_suffix(f".{kind}.npz")
        return beside if beside.is_file() else DEFAULT_CHECKPOINT.with_suffix(f".{kind}.npz")

    def is_mnist(self) -> bool:
        """Whether the test pictures and labels are MNIST's."""
        input_log.note(input_log.data("test"))
        return is_mnist(self.context.data)

    def data_md5(self) -> dict[str, str]:
        """The md5 of all data files, training and test, uncompressed."""
        input_log.note(input_log.data("train"))
        return md5_of_data(self.context.data)

    def utterance(self, scene: str, beat: str, text: MarkedText, speech: Path) -> Utterance:
        """A text as it is spoken in a beat of a scene, by the lesson's voice; what it says is kept in `speech`.

        NarrationError if that cannot be done.
        """
        input_log.note(input_log.VOICE, input_log.CAPTIONS)
        return utter(text, find_voice(self.context.voice, speech))

    def voices(self, scenes: Sequence[str]) -> list[str]:
        """Who tells these scenes, as beats name them: the lesson's voice, and recordings, if there are any of them."""
        input_log.note(input_log.VOICE, *(input_log.recordings(scene) for scene in scenes))
        voice = present(self.context.voice)
        told = [] if voice == NO_VOICE else [voice_name(voice)]
        recorded = any(recordings_of(self.context.narration, scene) for scene in scenes)
        return [*told, RECORDING] if recorded else told

    @property
    def data_name(self) -> str:
        """The name of the data's folder."""
        input_log.note(input_log.DATA_NAME)
        return self.context.data.name


def lesson_checkpoint() -> Checkpoint:
    """For notebooks and scenes of your own: the network of KNOBS_CHECKPOINT, or the default one."""
    return Inputs(LessonContext.of_environment()).checkpoint


def lesson_digits(split: Split) -> Digits:
    """For notebooks and scenes of your own: the data of KNOBS_DATA, or MNIST.

    DataError if it does not fit the network.
    """
    return Inputs(LessonContext.of_environment()).digits(split)


def _checkpoint_of(file: Path) -> Checkpoint:
    return _checkpoint(file, _stamp(file))


def _stamp(file: Path) -> tuple[int, ...]:
    """File change stamp."""
    try:
        found = file.stat()
    except OSError:
        return ()  # reading it will say what is wrong
    return found.st_mtime_ns, found.st_size, found.st_ino


@lru_cache(maxsize=2)
def _checkpoint(file: Path, stamp: tuple[int, ...]) -> Checkpoint:
    return load_checkpoint(file)


@lru_cache(maxsize=2)
def _digits(folder: Path, split: Split, stamps: tuple[tuple[int, ...], ...]) -> Digits:
    return load_digits(folder, split)
