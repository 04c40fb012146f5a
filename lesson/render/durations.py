"""How long scenes are: measured on rendered clips or by a dry run, whose result is kept; otherwise an estimate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Literal

from lesson.render import clip_cache, rendering
from lesson.render.build_record import read_record, write_record
from lesson.render.preparation import known_preparation, prepare
from lesson.render.segments import RenderSettings
from scenes.settings import ROOT, LessonContext
from scenes.stage import code_fingerprint
from scenes.syllabus import Part, SceneEntry

# The lengths of the scenes with the default network, in whole seconds; a test compares them with the scenes.
ESTIMATES = ROOT / "assets" / "scene-lengths.json"
_ESTIMATES_FORMAT = 1
# For a scene without an estimate of its own, in seconds; most scenes are about this long.
_USUAL = 25.0


@dataclass(frozen=True)
class SceneLength:
    """The length of a scene in seconds, and how it is known."""

    seconds: float
    known_from: Literal["clip", "dry run", "estimate"]


def scene_lengths(scenes: Sequence[tuple[Part, SceneEntry]], context: LessonContext, media: Path) -> list[SceneLength]:
    """The length of each scene, as far as it is known with this network and these data; otherwise an estimate.

    Imports neither manim nor NumPy. CheckpointError if there is no such network.
    """
    if not context.checkpoint.exists():
        rendering.check_network(context)  # reports it
    inputs = clip_cache.input_fingerprints(context)
    found = []
    for _, scene in scenes:
        rendered = [
            clip_cache.recorded_seconds(clip)
            for quality in reversed(rendering.QUALITIES)  # the highest first
            if (clip := rendering.clip_file(scene, quality, media, context.language)).exists()
            and clip_cache.stale_reason(clip, {**inputs, "quality": quality}) is None
        ]
        if rendered and rendered[0] is not None:
            found.append(SceneLength(rendered[0], "clip"))
        elif known := known_preparation(scene, inputs, media, context.language):
            found.append(SceneLength(known.seconds, "dry run"))
        else:
            found.append(SceneLength(estimated_seconds(scene), "estimate"))
    return found


def measure_lengths(
    scenes: Sequence[tuple[Part, SceneEntry]], context: LessonContext, media: Path
) -> Iterator[SceneLength]:
    """The length of each scene in turn, found by a dry run; the result is kept as long as nothing changes.

    A dry run takes about two seconds, and longer the first time that its words are spoken. CheckpointError or DataError
    if the network or the data cannot be read.
    """
    rendering.check_network(context)
    context = replace(context, quality="l")
    inputs, code = clip_cache.input_fingerprints(context), code_fingerprint.of_program()
    settings = RenderSettings(context, media, inputs, code)
    for part, scene in scenes:
        yield SceneLength(prepare(lambda _: None, settings, part, scene).seconds, "dry run")


def estimated_seconds(scene: SceneEntry) -> float:
    """About how long a scene is: its length with the default network, in whole seconds."""
    return float(_estimates().get(scene.name, _USUAL))


def write_estimates(seconds: Mapping[str, float]) -> None:
    """Write the estimates anew, from the lengths of all scenes with the default network. OSError if that fails."""
    write_record(ESTIMATES, _ESTIMATES_FORMAT, {"seconds": {name: round(value) for name, value in seconds.items()}})
    _estimates.cache_clear()


@lru_cache(maxsize=1)
def _estimates() -> dict[str, float]:
    record = read_record(ESTIMATES, _ESTIMATES_FORMAT, {"seconds": dict}) or {"seconds": {}}
    return {name: value for name, value in record["seconds"].items() if isinstance(value, int | float)}


def format_duration(seconds: float) -> str:
    """Seconds as a person reads them: 14:05, or 1:02:03."""
    whole = round(seconds)
    hours, minutes = whole // 3600, whole // 60 % 60
    return f"{hours}:{minutes:02d}:{whole % 60:02d}" if hours else f"{minutes}:{whole % 60:02d}"
