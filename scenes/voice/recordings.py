"""Your own voice: recordings of beats and of scenes, which are heard in place of the voice of the program.

A recording is a WAV file: `<Scene>/<beat>.wav`, or `<Scene>.wav` for a whole scene, in a folder or in its subfolder for
the language.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from network.errors import nearest
from network.paths import display_path
from scenes.catalogue import PSEUDO_CODE, language_codes
from scenes.settings import DEFAULT_NARRATION
from scenes.voice.markup import NarrationError
from scenes.voice.recorded_words import digest_of_recording, is_damaged, note_of

# The folder of English; recordings in another language are in a folder that is named after it, which is given whole.
LANGUAGE = "en"
# The folder of a lesson that takes no recordings.
NO_RECORDINGS = Path(os.devnull)
# Sounds that people bring, but that are not read.
_OTHER_SOUNDS = (
    ".mp3",
    ".m4a",
    ".aac",
    ".ogg",
    ".oga",
    ".opus",
    ".flac",
    ".aif",
    ".aiff",
    ".wma",
    ".webm",
    ".mp4",
    ".caf",
)


@dataclass(frozen=True)
class SceneRecordings:
    """The recordings of a scene. whole: that of the whole scene, if there is one. beats: those of beats, by name."""

    scene: str
    whole: Path | None = None
    beats: Mapping[str, Path] = field(default_factory=dict)

    def file_for(self, beat: str) -> Path | None:
        """The recording in which a beat is said; None if there is none."""
        return self.beats.get(beat, self.whole)

    @property
    def wavs(self) -> list[Path]:
        """All its WAV files."""
        return [*([self.whole] if self.whole else []), *self.beats.values()]

    @property
    def fingerprint(self) -> str:
        """What changes when something else could be heard: the sounds, and the words that somebody has confirmed.

        Words that were noted when a recording was first used are those that it was used for, and change nothing.
        """
        digest = hashlib.sha256()
        for wav in self.wavs:
            note = note_of(wav) or {}
            words = "damaged" if is_damaged(wav) else note["words"] if note.get("confirmed") else None
            digest.update(json.dumps([wav.stem, digest_of_recording(wav), words]).encode())
        return digest.hexdigest()

    def check_beats(self, names: Iterable[str]) -> None:
        """NarrationError for a recording that is named after none of these beats of the scene."""
        known = list(names)
        for name, wav in self.beats.items():
            if name not in known:
                near = nearest(name, known)
                hint = f"did you mean {near}.wav? " if near else ""
                raise NarrationError(
                    f"{display_path(wav)}: {self.scene} has no beat {name!r}; "
                    f"{hint}./knobs script {self.scene} lists them"
                )


def find_recordings(folder: Path, scenes: Iterable[str]) -> dict[str, SceneRecordings]:
    """The recordings in a folder, by scene; `scenes` are the names of all scenes.

    NarrationError for a folder that is not there, unless it is the project's own; for a WAV file or a folder of them
    that is named after no scene; and for two recordings of the same words.
    """
    known = {name.lower(): name for name in scenes}
    wavs: dict[str, list[Path]] = {}
    for wav in _wavs(folder):
        name, beat = _place_of(wav, folder)
        if name.lower() not in known:
            raise _no_scene(name, wav, beat is not None, known)
        wavs.setdefault(known[name.lower()], []).append(wav)
    return {scene: _recordings(scene, wavs[scene], folder) for scene in known.values() if scene in wavs}


def recordings_of(folder: Path, scene: str) -> SceneRecordings | None:
    """The recordings of one scene in a folder, whatever else is there; None without any."""
    wavs = [wav for wav in _wavs(folder) if _place_of(wav, folder)[0].lower() == scene.lower()]
    return _recordings(scene, wavs, folder) if wavs else None


def _recordings(scene: str, wavs: Iterable[Path], folder: Path) -> SceneRecordings:
    whole: dict[str, Path] = {}
    beats: dict[str, Path] = {}
    for wav in wavs:
        _, beat = _place_of(wav, folder)
        if beat is None or beat.lower() == scene.lower():
            _add(whole, scene, wav)
        else:
            _add(beats, beat, wav)
    return SceneRecordings(scene, whole.get(scene), beats)


def _wavs(folder: Path) -> list[Path]:
    """The recordings in a folder, at most in a folder of their scene, in one of their language."""
    others = [*language_codes()[1:], PSEUDO_CODE]
    if not folder.is_dir():
        if folder in (DEFAULT_NARRATION, NO_RECORDINGS) or folder.name in others:
            return []
        raise NarrationError(
            f"there is no folder {display_path(folder)}; name the one with the WAV files with --narration FOLDER"
        )
    found = [path for path in folder.rglob("*") if path.suffix.lower() in (".wav", *_OTHER_SOUNDS)]
    places = ((path, path.relative_to(folder).parts) for path in found)
    heard = sorted(
        path
        for path, parts in places
        if not any(part.startswith(".") for part in parts)
        and parts[0] not in others
        and len(parts) <= 2 + (parts[0] == LANGUAGE)
    )
    return [path for path in heard if _is_wav(path)]


def _is_wav(path: Path) -> bool:
    """Whether a file can be a recording; not if it is the original that a WAV file beside it was made from.

    NarrationError for a sound that is no WAV file, a folder, and a link to nothing.
    """
    if path.suffix.lower() in _OTHER_SOUNDS:
        if path.is_dir() or path.with_suffix(".wav").exists() or path.with_suffix(".WAV").exists():
            return False
        raise NarrationError(f"{display_path(path)} is not heard, as only WAV files are; save it as {path.stem}.wav")
    if path.is_dir():
        raise NarrationError(
            f"{display_path(path)} is a folder with the name of a recording; give the folder another name, and put the "
            "WAV file itself there"
        )
    if not path.exists():
        raise NarrationError(
            f"{display_path(path)} is a link to a file that is not there; put the WAV file itself there"
        )
    return True


def _place_of(wav: Path, folder: Path) -> tuple[str, str | None]:
    """The scene that a recording is named after, and the beat; None for the whole scene."""
    parts = wav.relative_to(folder).parts
    if parts[0] == LANGUAGE:
        parts = parts[1:]
    return (parts[0], wav.stem) if len(parts) == 2 else (wav.stem, None)


def _no_scene(name: str, wav: Path, is_folder: bool, known: Mapping[str, str]) -> NarrationError:
    near = nearest(name, known.values())
    ending = "" if is_folder else ".wav"
    hint = f"did you mean {near}{ending}? " if near else ""
    what = f"the folder of {display_path(wav)}" if is_folder else display_path(wav)
    return NarrationError(f"{what} is not named after a scene; {hint}./knobs scenes lists them")


def _add(found: dict[str, Path], name: str, wav: Path) -> None:
    same = next((other for other in found if other.lower() == name.lower()), None)
    if same is not None:
        raise NarrationError(
            f"{display_path(found[same])} and {display_path(wav)} are for the same words; keep one of them"
        )
    found[name] = wav
