"""Which clips are up to date: each keeps beside it, in a small file, what it was made from.

That is what its scene read (`scenes.stage.input_log`) and the code it came from (`scenes.stage.code_fingerprint`). All
of it is known without importing manim, so that a lesson that has not changed is ready at once.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from lesson.render import rendering
from lesson.render.clip_metadata import metadata_file
from scenes.settings import DEFAULT_CHECKPOINT, LessonContext
from scenes.stage import code_fingerprint, input_log
from scenes.syllabus import with_cards

FORMAT = 2
_DRAWN_WITH = ("manim", "numpy", "scipy", "numba", "typst", "av", "pycairo", "pillow")
# What every clip depends on; what else depends on the scene.
_ALWAYS = ("quality", "versions")
_NOTHING = "nothing"


def input_fingerprints(context: LessonContext) -> dict[str, str]:
    """Fingerprints of all that clips may be made from, except code, by the names of `scenes.stage.input_log` and more.

    Missing files have an empty fingerprint; whoever reads them reports that they are missing.
    """
    checkpoint, files = context.checkpoint, data_files(context.data)
    # Test pictures may be of a class that only training labels tell of.
    shown = [file for file in files if not ("train" in file.name and "images" in file.name)]
    return {
        "quality": context.quality,
        "versions": versions(),
        input_log.NETWORK: _of_network(checkpoint),
        input_log.STORY: _of_files([checkpoint]),
        input_log.data("test"): _of_files(shown),
        input_log.data("train"): _of_files(files),
        input_log.DATA_NAME: context.data.name,
        **{input_log.companion(kind): _of_files([file]) for kind, file in companions(checkpoint).items()},
        **{_words(scene.name): f"{scene.title}\n{scene.summary}" for _, scene in with_cards(rendering.all_scenes())},
    }


def versions() -> str:
    """What pictures are drawn with, and in which versions."""
    return " ".join(f"{name}-{version(name)}" for name in _DRAWN_WITH)


def data_files(folder: Path) -> list[Path]:
    """The files of a data set."""
    return sorted(folder.glob("*idx*")) + sorted(folder.glob("classes.txt"))


def companions(checkpoint: Path) -> dict[str, Path]:
    """The files with more results for a network, by their kind: those beside it, else the default one's."""
    return {
        file.name.removeprefix(f"{one.stem}.").removesuffix(".npz"): file
        for one in (DEFAULT_CHECKPOINT, checkpoint)
        for file in sorted(one.parent.glob(f"{one.stem}.*.npz"))
    }


def stale_reason(clip: Path, inputs: dict[str, str]) -> str | None:
    """Why a clip must be rendered, in words, or None where it is up to date. `inputs`: of `input_fingerprints`."""
    if not clip.exists():
        return "it is not there yet"
    record = _record(clip)
    if record is None:
        return "it is not known what it was made from"
    for name, before in record["made_from"].items():
        now = _now(name, inputs)
        if now != before or not now:
            return describe_change(name)
    if changes := code_fingerprint.changes(record["code"]):
        return "; ".join(changes[:2]) + (f" and {len(changes) - 2} more files" if len(changes) > 2 else "")
    for file, state in record["files"].items():
        if _state(clip.with_name(file)) != state:
            return f"{file} is not as it was rendered"
    return None


def describe_change(name: str) -> str:
    """That what is called so is another now, in words."""
    kind, _, rest = name.partition(" ")
    return {
        "quality": "the quality is another",
        "versions": "manim or what it draws with has changed",
        input_log.NETWORK: "the network has changed",
        input_log.STORY: "the network's training has changed",
        "data": "the data has changed",
        "companion": f"what was measured of the network has changed ({rest})",
        "file": f"{rest} has changed",
        "words": "its title or summary has changed",
    }.get(kind, "what it was made from has changed")


def code_of(module: str, scene: str) -> code_fingerprint.Names:
    """The code that a clip comes from: that of its scene, and how manim is set up for it."""
    return code_fingerprint.of_scene((module, scene), ("lesson.render.rendering", "manim_set_up"))


def write_build_record(
    clip: Path,
    seconds: float,
    inputs: dict[str, str],
    read: Iterable[str],
    code: code_fingerprint.Names,
    plays: Sequence[Sequence[int]] = (),
) -> None:
    """Write down what a clip was made from, when it is finished.

    inputs: of `input_fingerprints`, from before it was begun. read: the names that `scenes.stage.input_log` noted.
    code: of `code_of`. plays: the frames of each, and 1 where they are all alike, so that the
    scene can be cut into stretches the next time.
    """
    from network.files import atomic_write

    # The network comes before its story: of the two it is the one to be named where both have changed.
    names = (*_ALWAYS, *sorted(read), _words(clip.stem))
    record = {
        "format": FORMAT,
        "seconds": seconds,
        "made_from": {name: _now(name, inputs) for name in names},
        "code": code,
        "plays": [list(play) for play in plays],
        "files": {
            file.name: _state(file) for file in (clip, clip.with_suffix(".srt"), metadata_file(clip)) if file.exists()
        },
    }
    atomic_write(build_record_file(clip), json.dumps(record, indent=1).encode())


def recorded_seconds(clip: Path) -> float | None:
    """How long a clip was when it was last rendered, be it up to date or not; None where that is not known."""
    record = _record(clip)
    return None if record is None else float(record["seconds"])


def recorded_inputs(clip: Path) -> frozenset[str]:
    """What the scene of a clip read when it was last rendered; nothing where that is not known."""
    record = _record(clip)
    return frozenset() if record is None else frozenset(record["made_from"]) - {*_ALWAYS, _words(clip.stem)}


def recorded_plays(clip: Path) -> list[list[int]] | None:
    """The plays of a clip when it was last rendered, as they were given to `remember`; None where that is not known."""
    record = _record(clip)
    return None if record is None else record["plays"]


def build_record_file(clip: Path) -> Path:
    """The file that tells what a clip was made from."""
    return clip.with_name(f"{clip.stem}.made-from.json")


def _words(scene: str) -> str:
    return f"words {scene}"


def _now(name: str, inputs: dict[str, str]) -> str:
    """The present fingerprint of what is called so."""
    if name.startswith("file "):
        return _of_files([code_fingerprint.ROOT / name.removeprefix("file ")])
    return inputs.get(name, _NOTHING)


def _record(clip: Path) -> dict[str, Any] | None:
    """What was written down, if it is whole and can be understood."""
    try:
        record = json.loads(build_record_file(clip).read_bytes())
    except (OSError, ValueError):
        return None
    kinds = {"format": int, "seconds": int | float, "made_from": dict, "code": dict, "plays": list, "files": dict}
    if not isinstance(record, dict) or not all(isinstance(record.get(name), kind) for name, kind in kinds.items()):
        return None
    if not all(isinstance(names, dict) for names in record["code"].values()):
        return None
    return record if record["format"] == FORMAT and clip.name in record["files"] else None


def _state(file: Path) -> list[int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return [found.st_size, found.st_mtime_ns]


def _of_network(checkpoint: Path) -> str:
    """What `Checkpoint.fingerprint` tells apart, and without NumPy: sizes, activations, weights and biases."""
    digest = hashlib.sha256()
    try:
        with zipfile.ZipFile(checkpoint) as archive:
            for name in sorted(archive.namelist()):
                if name.startswith(("weights_", "biases_")):
                    digest.update(f"{name} ".encode() + archive.read(name))
            _, _, text = archive.read("metadata.npy").partition(b"\n")  # after the header: UTF-32
            metadata = json.loads(text.decode("utf-32-le"))
        digest.update(json.dumps([metadata["sizes"], metadata["activations"]]).encode())
    except (OSError, ValueError, KeyError, TypeError, zlib.error, zipfile.BadZipFile, RuntimeError):
        return _of_files([checkpoint])  # who draws it says what is wrong
    return digest.hexdigest()


def _of_files(files: list[Path]) -> str:
    digest = hashlib.sha256()
    try:
        for path in files:
            with open(path, "rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
            digest.update(f"{path.name if len(files) > 1 else ''} {found}\n".encode())
    except OSError:
        return ""
    return digest.hexdigest() if files else ""
