"""Which clips are up to date: a build record beside each clip says what it was made from.

That is what its scene read (`scenes.stage.input_log`) and the code it used (`scenes.stage.code_fingerprint`). Checking
does not import manim, so a lesson that has not changed is ready at once.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from glob import escape
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from lesson.render import rendering
from lesson.render.build_record import changed_file, file_states, read_record, write_record
from lesson.render.clip_metadata import metadata_file
from lesson.render.fonts import fonts_of
from network.bounds import refusal
from network.errors import KnobsError
from network.files import digest_of_file
from network.idx_names import is_idx_file
from network.metadata import read_metadata
from network.tables import INPUTS, has_pictures
from scenes.catalogue import ENGLISH_CODE, fingerprints
from scenes.settings import DEFAULT_CHECKPOINT, LessonContext
from scenes.stage import code_fingerprint, input_log
from scenes.syllabus import SceneEntry, with_cards
from scenes.voice.recordings import find_recordings, recordings_of
from scenes.voice.voices import voice_fingerprint

FORMAT = 3
_RECORD = {"seconds": int | float, "inputs": dict, "code": dict, "plays": list, "files": dict}
_DRAWN_WITH = ("manim", "numpy", "scipy", "numba", "typst", "av", "pycairo", "pillow")
# The inputs of every clip; the others depend on the scene.
_ALWAYS = ("quality", "versions")
# How words and names are written that are not English. A clip depends on it if it shows messages or data.
_WRITING, _WRITTEN = "writing", (input_log.message(""), input_log.data(""))
_NOTHING = "nothing"


def input_fingerprints(context: LessonContext, scene: str | None = None) -> dict[str, str]:
    """Fingerprints of everything but code that clips may be made from: the names of `scenes.stage.input_log`, and more.

    scene: the only one whose recordings are wanted. A missing file has an empty fingerprint; the code that reads it
    reports the error.
    """
    checkpoint, files = context.checkpoint, data_files(context.data)
    # The classes of test images may be known from the training labels only.
    shown = [file for file in files if not ("train" in file.name and "images" in file.name)]
    return {
        "quality": context.quality,
        "versions": versions(),
        input_log.VOICE: voice_fingerprint(context.voice),
        input_log.CAPTIONS: context.captions,
        **_of_recordings(context.narration, scene),
        input_log.NETWORK: _of_network(checkpoint),
        input_log.TRAINING: _of_files([checkpoint]),
        input_log.data("test"): _of_files(shown),
        input_log.data("train"): _of_files(files),
        input_log.DATA_NAME: context.data.name,
        **{input_log.companion(kind): _of_files([file]) for kind, file in companions(checkpoint).items()},
        **{input_log.message(key): found for key, found in fingerprints(context.language).items()},
        **({_WRITING: writing} if (writing := written_with(context)) else {}),
        **{_words(scene.name): f"{scene.title}\n{scene.summary}" for scene in _told_of(context)},
    }


def _told_of(context: LessonContext) -> list[SceneEntry]:
    """All scenes and cards, as viewers are told of them with the context's data."""
    entries = [scene for _, scene in with_cards(rendering.all_scenes())]
    if has_pictures(context.data):
        return entries
    return [scene.of_rows() if scene.for_rows else scene for scene in entries]


def versions() -> str:
    """The packages that pictures are drawn with, and their versions."""
    return _with_versions(_DRAWN_WITH)


def written_with(context: LessonContext) -> str:
    """The packages that numbers, dates and letters of other languages come from, and their versions; none in English.

    Names of classes may need fonts in English, too. A package that is not installed has an empty version.
    """
    try:
        fonts = fonts_of(context)
    except (KnobsError, OSError):
        fonts = ()  # the code that reads the names reports that
    return _with_versions((*(() if context.language == ENGLISH_CODE else ("babel",)), *fonts))


def _with_versions(packages: Iterable[str]) -> str:
    return " ".join(f"{name}-{_version(name)}" for name in packages)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def data_files(folder: Path) -> list[Path]:
    """The files of a data set."""
    if not folder.is_dir():
        return []
    return sorted(file for file in folder.iterdir() if is_idx_file(file) or file.name in ("classes.txt", INPUTS))


def companions(checkpoint: Path) -> dict[str, Path]:
    """The companion files of a network by kind: those beside it, otherwise those of the default network."""
    return {
        file.name.removeprefix(f"{one.stem}.").removesuffix(".npz"): file
        for one in (DEFAULT_CHECKPOINT, checkpoint)
        for file in sorted(one.parent.glob(f"{escape(one.stem)}.*.npz"))
    }


def stale_reason(clip: Path, inputs: dict[str, str]) -> str | None:
    """Why a clip must be rendered, in words; None if it is up to date. `inputs`: from `input_fingerprints`."""
    if not clip.exists():
        return "not rendered yet"
    record = _record(clip)
    if record is None:
        return "no build record"
    if name := changed_input(record["inputs"], inputs):
        return describe_change(name, record["inputs"][name], _now(name, inputs))
    if changes := code_fingerprint.changes(record["code"]):
        return "; ".join(changes[:2]) + (f" and {len(changes) - 2} more files" if len(changes) > 2 else "")
    if file := changed_file(clip.parent, record["files"]):
        return f"{file} has changed since it was rendered"
    return None


def recorded_fingerprints(read: Iterable[str], inputs: dict[str, str]) -> dict[str, str]:
    """The fingerprints to record of what a scene has read, and of what every scene depends on.

    read: the names noted by `scenes.stage.input_log`. inputs: from `input_fingerprints`.
    """
    read = sorted(read)
    written = [_WRITING] if _WRITING in inputs and any(name.startswith(_WRITTEN) for name in read) else []
    # "network" sorts before "training": if both have changed, the network is the one to name.
    return {name: _now(name, inputs) for name in (*_ALWAYS, *written, *read)}


def changed_input(recorded: Mapping[str, str], inputs: dict[str, str]) -> str | None:
    """The name of the first of these recorded inputs that has changed or is missing; None if all are as they were."""
    return next((name for name, before in recorded.items() if not (now := _now(name, inputs)) or now != before), None)


def describe_change(name: str, before: str = "", now: str = "") -> str:
    """A sentence that says that an input has changed; of a voice, also from which to which.

    before, now: its fingerprints.
    """
    if name == input_log.VOICE and before and now:
        # The first line of its fingerprint is the voice's name.
        old, new = (fingerprint.partition("\n")[0] for fingerprint in (before, now))
        return "the voice has changed" + (f" ({old} → {new})" if old != new else "")
    kind, _, rest = name.partition(" ")
    return {
        "quality": "the quality has changed",
        "versions": "manim or a package that it uses has changed",
        _WRITING: "how words and numbers are written has changed",
        input_log.NETWORK: "the network has changed",
        input_log.TRAINING: "the network's training has changed",
        input_log.VOICE: "the voice has changed",
        input_log.CAPTIONS: "captions are drawn differently",
        "recordings": f"the recordings of {rest} have changed",
        "data": "the data has changed",
        "companion": f"the measurements of the network have changed ({rest})",
        "file": f"{rest} has changed",
        "message": "a translation that it uses has changed",
        "words": "its title or summary has changed",
    }.get(kind, "an input has changed")


def code_of(module: str, scene: str) -> code_fingerprint.Names:
    """The code that a clip was made with: that of its scene, and the set-up of manim."""
    return code_fingerprint.of_scene((module, scene), ("lesson.render.rendering", "manim_set_up"))


def write_build_record(
    clip: Path,
    seconds: float,
    inputs: dict[str, str],
    read: Iterable[str],
    code: code_fingerprint.Names,
    plays: Sequence[Sequence[int]] = (),
) -> None:
    """Write the build record of a finished clip.

    inputs: from `input_fingerprints`, taken before the rendering began. read: the names noted by
    `scenes.stage.input_log`. code: from `code_of`. plays: for each play its number of frames, and 1 if they are all the
    same, so that the scene can be split into stretches the next time.
    """
    record = {
        "seconds": seconds,
        "inputs": recorded_fingerprints([*read, _words(clip.stem)], inputs),
        "code": code,
        "plays": [list(play) for play in plays],
        "files": file_states(file for file in (clip, clip.with_suffix(".srt"), metadata_file(clip)) if file.exists()),
    }
    write_record(build_record_file(clip), FORMAT, record)


def recorded_seconds(clip: Path) -> float | None:
    """The length of a clip when it was last rendered, up to date or not; None without a build record."""
    record = _record(clip)
    return None if record is None else float(record["seconds"])


def recorded_plays(clip: Path) -> list[list[int]] | None:
    """The plays of a clip as they were given to `write_build_record`; None without a build record."""
    record = _record(clip)
    return None if record is None else record["plays"]


def build_record_file(clip: Path) -> Path:
    """Where the build record of a clip lies."""
    return clip.with_name(f"{clip.stem}.made-from.json")


def _words(scene: str) -> str:
    return f"words {scene}"


def _now(name: str, inputs: dict[str, str]) -> str:
    """The present fingerprint of an input."""
    if name.startswith("file "):
        return _of_files([code_fingerprint.ROOT / name.removeprefix("file ")])
    return inputs.get(name, _NOTHING)


def _record(clip: Path) -> dict[str, Any] | None:
    """The build record, if it is complete and can be understood."""
    record = read_record(build_record_file(clip), FORMAT, _RECORD)
    if record is None or not all(isinstance(names, dict) for names in record["code"].values()):
        return None
    return record if clip.name in record["files"] else None


def _of_recordings(folder: Path, scene: str | None) -> dict[str, str]:
    """Fingerprints of the recordings of all scenes, or of one; a scene without any has none."""
    if scene is None:
        found = find_recordings(folder, [entry.name for _, entry in with_cards(rendering.all_scenes())])
    else:
        own = recordings_of(folder, scene)
        found = {scene: own} if own else {}
    return {input_log.recordings(name): recordings.fingerprint for name, recordings in found.items()}


def _of_network(checkpoint: Path) -> str:
    """A fingerprint of sizes, activations, weights and biases, as `Checkpoint.fingerprint`, but without NumPy."""
    digest = hashlib.sha256()
    try:
        if refusal(checkpoint):
            return ""  # it must not be opened: who draws it says why
        with zipfile.ZipFile(checkpoint) as archive:
            for name in sorted(archive.namelist()):
                if name.startswith(("weights_", "biases_")):
                    digest.update(f"{name} ".encode() + archive.read(name))
        metadata = read_metadata(checkpoint) or {}
        digest.update(json.dumps([metadata["sizes"], metadata["activations"]]).encode())
    except (OSError, ValueError, KeyError, TypeError, zlib.error, zipfile.BadZipFile, RuntimeError):
        return _of_files([checkpoint])  # damaged: the code that draws it reports that
    return digest.hexdigest()


def _of_files(files: list[Path]) -> str:
    digest = hashlib.sha256()
    try:
        for path in files:
            if refusal(path):
                return ""
            digest.update(f"{path.name if len(files) > 1 else ''} {digest_of_file(path)}\n".encode())
    except OSError:
        return ""
    return digest.hexdigest() if files else ""
