"""How long scenes are: measured on rendered clips, otherwise by a dry run, whose result is kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from lesson.render import clip_cache, rendering
from lesson.render.build_record import read_record, write_record
from scenes.settings import LessonContext
from scenes.stage import code_fingerprint
from scenes.syllabus import Part, SceneEntry

FORMAT = 2


@dataclass(frozen=True)
class SceneLength:
    """The length of a scene in seconds, and how it was measured; None if it is not known."""

    seconds: float | None
    known_from: Literal["clip", "dry run"] | None


def scene_lengths(
    scenes: Sequence[tuple[Part, SceneEntry]],
    context: LessonContext,
    media: Path,
    dry_run: bool = True,
) -> Iterator[SceneLength]:
    """The length of each scene, one by one, with this network and this data.

    A scene without an up-to-date clip of any quality is run without being drawn, which takes some seconds; the result
    is kept as long as nothing changes. With `dry_run=False` its length is not known. CheckpointError or DataError if
    the network or the data cannot be read.
    """
    cache = media / "cache" / "lengths.json"
    known = _read_cache(cache)
    inputs = {
        quality: clip_cache.input_fingerprints(replace(context, quality=quality)) for quality in rendering.QUALITIES
    }
    fingerprint = _fingerprint({**inputs["l"], "code": code_fingerprint.of_everything()})
    is_checked = False
    for part, scene in scenes:
        clips = [(rendering.clip_file(scene, quality, media), inputs[quality]) for quality in inputs]
        rendered = [
            clip_cache.recorded_seconds(clip) for clip, of in clips if clip_cache.stale_reason(clip, of) is None
        ]
        if rendered:
            yield SceneLength(rendered[-1], "clip")  # of the highest quality
            continue
        if known.get(scene.name, {}).get("inputs") != fingerprint:
            if not dry_run:
                yield SceneLength(None, None)
                continue
            if not is_checked:
                rendering.check_network(context)
                is_checked = True
            with rendering.manim_set_up("l", media):
                known[scene.name] = {"inputs": fingerprint, "seconds": rendering.dry_run_seconds(part, scene, context)}
            _write_cache(cache, known)
        yield SceneLength(float(known[scene.name]["seconds"]), "dry run")


def format_duration(seconds: float) -> str:
    """Seconds as a person reads them: 14:05, or 1:02:03."""
    whole = round(seconds)
    hours, minutes = whole // 3600, whole // 60 % 60
    return f"{hours}:{minutes:02d}:{whole % 60:02d}" if hours else f"{minutes}:{whole % 60:02d}"


def _fingerprint(inputs: dict[str, str]) -> str:
    """A fingerprint of what the length of a scene depends on: all inputs of a clip except its quality."""
    everything = {name: value for name, value in inputs.items() if name != "quality"}
    return hashlib.sha256(json.dumps(everything, sort_keys=True).encode()).hexdigest()


def _read_cache(file: Path) -> dict[str, dict[str, Any]]:
    record = read_record(file, FORMAT, {"scenes": dict})
    try:
        return {
            name: {"inputs": str(of["inputs"]), "seconds": float(of["seconds"])}
            for name, of in (record or {"scenes": {}})["scenes"].items()
        }
    except (ValueError, KeyError, TypeError):
        return {}


def _write_cache(file: Path, known: dict[str, dict[str, Any]]) -> None:
    """Keep the lengths for the next time. If they cannot be written, the next time takes as long as this time."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_record(file, FORMAT, {"scenes": known})
    except OSError:
        pass
