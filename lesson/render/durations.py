"""How long scenes are: as they were rendered, else as a rehearsal tells, which is remembered."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from lesson.render import clip_cache, rendering
from scenes.settings import LessonContext
from scenes.stage import code_fingerprint
from scenes.syllabus import Part, SceneEntry

FORMAT = 1


@dataclass(frozen=True)
class Length:
    """How long a scene is, in seconds, and where that is known from; None where it is not known."""

    seconds: float | None
    known_from: Literal["clip", "rehearsal"] | None


def lengths(
    scenes: Sequence[tuple[Part, SceneEntry]],
    context: LessonContext,
    media: Path,
    rehearse: bool = True,
) -> Iterator[Length]:
    """The length of each scene in turn, with this network and these data.

    A scene without an up-to-date clip of any quality is gone through without being drawn, which takes some seconds, and
    not again while nothing changes. CheckpointError or DataError where the network or the data cannot be read.
    """
    memory = media / "cache" / "lengths.json"
    known = _remembered(memory)
    inputs = {
        quality: clip_cache.input_fingerprints(replace(context, quality=quality)) for quality in rendering.QUALITIES
    }
    state = _fingerprint({**inputs["l"], "code": code_fingerprint.of_everything()})
    is_checked = False
    for part, scene in scenes:
        clips = [(rendering.clip_file(scene, quality, media), inputs[quality]) for quality in inputs]
        rendered = [
            clip_cache.recorded_seconds(clip) for clip, of in clips if clip_cache.stale_reason(clip, of) is None
        ]
        if rendered:
            yield Length(rendered[-1], "clip")  # of the highest quality
            continue
        if known.get(scene.name, {}).get("made_from") != state:
            if not rehearse:
                yield Length(None, None)
                continue
            if not is_checked:
                rendering.check_network(context)
                is_checked = True
            with rendering.manim_set_up("l", media):
                known[scene.name] = {"made_from": state, "seconds": rendering.dry_run_seconds(part, scene, context)}
            _remember(memory, known)
        yield Length(float(known[scene.name]["seconds"]), "rehearsal")


def _fingerprint(inputs: dict[str, str]) -> str:
    """What a length goes by: all that a clip is made from but for its quality."""
    everything = {name: value for name, value in inputs.items() if name != "quality"}
    return hashlib.sha256(json.dumps(everything, sort_keys=True).encode()).hexdigest()


def _remembered(memory: Path) -> dict[str, dict[str, Any]]:
    try:
        found = json.loads(memory.read_bytes())
        if found["format"] != FORMAT:
            return {}
        return {
            name: {"made_from": str(of["made_from"]), "seconds": float(of["seconds"])}
            for name, of in found["scenes"].items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _remember(memory: Path, known: dict[str, dict[str, Any]]) -> None:
    """Keep it for the next time; where nothing can be written, the next time takes as long as this."""
    from network.files import atomic_write

    try:
        memory.parent.mkdir(parents=True, exist_ok=True)
        atomic_write(memory, json.dumps({"format": FORMAT, "scenes": known}, indent=1).encode())
    except OSError:
        pass
