"""The contents of an export's manifest, and whether they are still true."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lesson.export.folder import (
    FORMAT,
    GENERATOR,
    MANIFEST,
    TALK,
    ExportedFile,
    ExportError,
    files_of,
    inside,
    is_as_exported,
    read_manifest,
)
from lesson.render.clip_metadata import Chapter, ClipMetadata
from network.checkpoint import Checkpoint
from network.files import digest_if_readable
from network.paths import display_path
from scenes.language import _, current
from scenes.syllabus import SYLLABUS, Part
from scenes.voice.narration import Beat, Clause
from scenes.wording import count

SCHEMA = "manifest.schema.json"
# What is written for every clip of every export; all other files of a clip carry their hash in their names.
PAGES_OF_A_CLIP = ("player", "one_file", "scorm")


@dataclass(frozen=True)
class ExportedClip:
    """A clip of the export. network: the fingerprint of the one it shows. width, height: in pixels.

    captions_burned: whether the captions are in the picture, and not only in tracks. subtitles: the languages of
    further ones, by their codes, and what their files hold.
    """

    part: Part
    metadata: ClipMetadata
    width: int
    height: int
    rate: float
    sound: bool
    captions_burned: bool
    network: str
    files: tuple[ExportedFile, ...]
    snippets: dict[str, str]
    subtitles: tuple[tuple[str, str], ...] = ()

    @property
    def scene(self) -> str:
        return self.metadata.scene

    @property
    def voices(self) -> tuple[str, ...]:
        """Who speaks, in the order of their first words; empty where nobody is heard."""
        return tuple(dict.fromkeys(beat.voice for beat in self.metadata.beats if beat.voice))

    @property
    def player(self) -> str:
        """The page for frames; its address stays the same when the network is trained again."""
        return f"{self.scene}/player.html"

    def file(self, role: str) -> ExportedFile:
        """The file of a role; KeyError if there is none."""
        found = self.files_of(role)
        if not found:
            raise KeyError(role)
        return found[0]

    def files_of(self, role: str) -> list[ExportedFile]:
        return [file for file in self.files if file.role == role]

    def sources(self, root: str = "") -> list[tuple[str, str]]:
        """What browsers may play, the first that they can, each with its media type; `root` leads to the export."""
        return [(root + file.path, file.media_type) for role in ("mp4", "webm") for file in self.files_of(role)]

    def entry(self) -> dict[str, Any]:
        """The entry in the manifest."""
        metadata = self.metadata
        return {
            "scene": metadata.scene,
            "part": self.part.number,
            "title": metadata.title,
            "summary": metadata.summary,
            "alternative_text": metadata.alternative_text,
            "seconds": round(metadata.seconds, 3),
            "width": self.width,
            "height": self.height,
            "frames_per_second": round(self.rate, 2),
            "sound": self.sound,
            "captions_burned": self.captions_burned,
            "voices": list(self.voices),
            "network": self.network,
            "player": self.player,
            "chapters": [
                {"name": c.name, "start": round(c.start, 3), "stop": round(c.stop, 3)} for c in metadata.chapters
            ],
            "beats": [_entry_of(beat) for beat in metadata.beats],
            "captions": [
                {"sentence": c.sentence, "moves": c.moves, "start": round(c.start, 3), "stop": round(c.stop, 3)}
                for c in metadata.captions
            ],
            "files": [file.entry() for file in self.files],
            "snippets": self.snippets,
        }


def manifest_of(
    title: str, checkpoint: Checkpoint, clips: list[ExportedClip], pages: list[ExportedFile], licence: str
) -> dict[str, Any]:
    """The manifest of a finished export, as the schema in templates/ describes it. licence: in a sentence."""
    metadata, network = checkpoint.metadata, checkpoint.network
    parts = {clip.part.number: clip.part for clip in clips}
    return {
        "$schema": SCHEMA,
        "generator": GENERATOR,
        "format": FORMAT,
        "finished": True,
        "lesson": {
            "title": title,
            "language": current().code,
            "licence": licence,
            "seconds": round(sum(clip.metadata.seconds for clip in clips), 3),
            "parts": [{"number": part.number, "title": _(part.title)} for part in parts.values()],
        },
        "model": {
            "fingerprint": checkpoint.fingerprint,
            "sizes": list(network.sizes),
            "activations": list(network.activations),
            "parameters": network.parameter_count,
            "accuracy": {
                "training": metadata.train_accuracy,
                "validation": metadata.validation_accuracy,
                "test": metadata.test_accuracy,
            },
            "seed": metadata.seed,
            "date": metadata.date,
            "data": metadata.data_name,
            "classes": list(metadata.class_names),
        },
        "clips": [clip.entry() for clip in clips],
        "pages": [page.entry() for page in pages],
    }


def kept_clips(place: Path, manifest: dict[str, Any], scenes: Collection[str]) -> list[ExportedClip]:
    """The clips of an earlier export of a folder, without those of `scenes`, which are exported again.

    Clips of scenes that the lesson no longer has, and clips with a file that is missing or damaged, are left out.
    """
    found = []
    for entry in manifest.get("clips", ()):
        clip = _clip_of(entry)
        if (
            clip is not None
            and clip.scene not in scenes
            and not _problems_of(entry, clip.network)
            and all(is_as_exported(place, file.path, file.sha256) for file in clip.files)
        ):
            found.append(clip)
    return found


def _clip_of(entry: Any) -> ExportedClip | None:
    """A clip by its entry in a manifest, without its pages; None if the entry or its scene is not known."""
    try:
        part = next(p for p in SYLLABUS if any(scene.name == entry["scene"] for scene in p.scenes))
        metadata = ClipMetadata(
            str(entry["scene"]),
            str(entry["title"]),
            str(entry["summary"]),
            float(entry["seconds"]),
            str(entry["alternative_text"]),
            tuple(_beat_of(beat) for beat in entry["beats"]),
            tuple(Chapter(str(c["name"]), float(c["start"]), float(c["stop"])) for c in entry["chapters"]),
            language=current().code,
        )
        files = [file for file in files_of({"clips": [entry]}) if file["role"] not in PAGES_OF_A_CLIP]
        return ExportedClip(
            part,
            metadata,
            int(entry["width"]),
            int(entry["height"]),
            float(entry["frames_per_second"]),
            bool(entry["sound"]),
            bool(entry["captions_burned"]),
            str(entry["network"]),
            tuple(ExportedFile(**file) for file in files),
            snippets={},
        )
    except (KeyError, TypeError, ValueError, StopIteration):
        return None


def _entry_of(beat: Beat) -> dict[str, Any]:
    """A beat as the manifest has it. Times are not rounded: from them, a clip that is kept gets the same captions."""
    clauses = [{"text": clause.text, "start": clause.start, "stop": clause.stop} for clause in beat.clauses]
    return {
        "name": beat.name,
        "text": beat.text,
        "moves": beat.moves,
        "voice": beat.voice,
        "loops": beat.loops,
        "start": beat.start,
        "stop": beat.stop,
        "clauses": clauses,
    }


def _beat_of(entry: Any) -> Beat:
    clauses = tuple(Clause(str(c["text"]), float(c["start"]), float(c["stop"])) for c in entry["clauses"])
    times = float(entry["start"]), float(entry["stop"])
    told = str(entry["name"]), str(entry["text"])
    return Beat(*told, *times, str(entry["moves"]), clauses, str(entry["voice"]), bool(entry["loops"]))


def check(place: Path, checkpoint: Checkpoint) -> list[str]:
    """What is wrong with an export, a sentence each; nothing if it is complete and shows this network.

    ExportError where there is no export, or one that was not finished.
    """
    manifest = read_manifest(place)
    if manifest is None:
        raise ExportError(f"there is no export in {display_path(place)}; make one with ./knobs export")
    if manifest.get("format") != FORMAT:
        raise ExportError(
            f"the export in {display_path(place)} cannot be checked: it was made by another version of Knobs; "
            f"run ./knobs export again"
        )
    if manifest.get("finished") is not True:
        raise ExportError(f"the export in {display_path(place)} was not finished; run ./knobs export again")
    if manifest.get("kind") == TALK:
        raise ExportError(
            f"{display_path(place)} only holds pages to teach with; make the whole lesson's with ./knobs export"
        )
    problems = []
    clips = manifest.get("clips")
    if not isinstance(clips, list) or not clips:
        return [f"{MANIFEST} lists no clips"]
    if not isinstance(model := manifest.get("model"), dict) or model.get("fingerprint") != checkpoint.fingerprint:
        problems.append("the pages show another network")
    old = [clip for clip in clips if isinstance(clip, dict) and clip.get("network") != checkpoint.fingerprint]
    if len(old) > 1:
        problems.append(f"{count(len(old), 'clip')} show another network")
    for clip in clips:
        problems += _problems_of(clip, str(clip.get("network")) if len(old) > 1 else checkpoint.fingerprint)
    for file in files_of(manifest):
        problems += _problem_of_file(place, file)
    listed = sum(len(clip.get("files", ())) for clip in clips if isinstance(clip, dict)) + len(
        manifest.get("pages", ())
    )
    if listed != len(files_of(manifest)):
        problems.append(f"{MANIFEST} has entries of files that cannot be understood")
    return problems


def _problems_of(clip: Any, network: str) -> list[str]:
    if not isinstance(clip, dict) or not isinstance(clip.get("scene"), str):
        return [f"{MANIFEST} has a clip without the name of its scene"]
    problems = []
    if clip.get("network") != network:
        problems.append(f"{clip['scene']} shows another network")
    if not str(clip.get("alternative_text") or "").strip():
        problems.append(f"{clip['scene']} has no alternative text")
    roles = {file.get("role") for file in clip.get("files", ()) if isinstance(file, dict)}
    for role in ("mp4", "beat", "poster", "final", "captions", "captions_srt", "chapters", "transcript", "player"):
        if role not in roles:
            problems.append(f"{clip['scene']} has no file for: {role}")
    return problems


def _problem_of_file(place: Path, file: dict[str, Any]) -> list[str]:
    target = inside(place, file["path"])
    if target is None:
        return [f"{file['path']} is outside of the folder"]
    found = digest_if_readable(target)
    if not found:
        return [f"{file['path']} is missing"]
    if found != file["sha256"]:
        return [f"{file['path']} is not as it was exported: its hash differs"]
    return []
