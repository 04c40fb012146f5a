"""What is done for a scene before it is drawn: its words are spoken, and its plays are measured.

A scene is prepared by running it without drawing it. What that found is kept below the media folder for as long as
nothing changes that the scene is made from, so that it serves every quality and every later run.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lesson.render import clip_cache, rendering, segments
from lesson.render.build_record import read_record, write_record
from lesson.render.segments import Plays, RenderSettings
from lesson.render.worker_pool import Progress
from scenes.catalogue import ENGLISH_CODE
from scenes.stage import code_fingerprint, input_log
from scenes.syllabus import Part, SceneEntry, module_of
from scenes.voice import speech_cache
from scenes.voice.recordings import recordings_of

FORMAT = 1
_RECORD = {"seconds": int | float, "plays": list, "speech": list, "inputs": dict, "code": dict}
# What a clip depends on, but not what is said in it and how long that takes.
_ONLY_DRAWN = ("quality", input_log.CAPTIONS)


@dataclass(frozen=True)
class Preparation:
    """What is known of a scene that was prepared.

    seconds: its length. plays: for each play its seconds, and whether its frames are all the same; empty for a scene
    that cannot be split. speech: the files in the speech cache that it says, by name.
    """

    seconds: float
    plays: tuple[tuple[float, bool], ...]
    speech: tuple[str, ...]

    def plays_at(self, rate: int) -> Plays:
        """The plays with their frames; about, if it was prepared for another number of frames a second."""
        return Plays(tuple(round(seconds * rate) for seconds, _ in self.plays), tuple(still for _, still in self.plays))

    def is_spoken(self, media: Path) -> bool:
        """Whether all that the scene says is in the speech cache."""
        return all((speech_cache.speech_folder(media) / name).is_file() for name in self.speech)


def prepare(on_progress: Progress, settings: RenderSettings, part: Part, scene: SceneEntry) -> Preparation:
    """Run a scene without drawing it, so that everything in it is spoken, and keep what was found; a worker's task.

    NarrationError if its words cannot be spoken, or if a recording is named after none of its beats. RenderError if an
    input or the code has changed meanwhile.
    """
    on_progress(0)
    with segments.set_up(settings), input_log.noting() as read, speech_cache.noting() as speech:
        with rendering.os_errors_as_render_errors():
            stage = rendering.dry_run(part, scene, settings.context)
        if recordings := recordings_of(settings.context.narration, scene.name):
            recordings.check_beats(beat.name for beat in stage.beats)
        plays = segments.plays_of(stage)
        rate = float(stage.camera.frame_rate)
    segments.check_inputs(settings, scene, read)
    found = Preparation(
        float(stage.time),
        tuple((frames / rate, still) for frames, still in zip(plays.frames, plays.still, strict=True)),
        tuple(sorted(speech)),
    )
    _keep(found, settings, part, scene, read)
    return found


def known_preparation(
    scene: SceneEntry, inputs: dict[str, str], media: Path, language: str = ENGLISH_CODE
) -> Preparation | None:
    """What was found when a scene was prepared; None if it was not, or if that has changed since.

    inputs: from `clip_cache.input_fingerprints`. Imports neither manim nor NumPy.
    """
    record = read_record(_file(scene, media, language), FORMAT, _RECORD)
    try:
        if (
            record is None
            or clip_cache.changed_input(record["inputs"], inputs)
            or code_fingerprint.changes(record["code"])
        ):
            return None
        plays = tuple((float(seconds), bool(still)) for seconds, still in record["plays"])
        return Preparation(float(record["seconds"]), plays, tuple(map(str, record["speech"])))
    except (ValueError, TypeError, AttributeError):
        return None


def _keep(found: Preparation, settings: RenderSettings, part: Part, scene: SceneEntry, read: Collection[str]) -> None:
    """Keep what was found. If it cannot be written, the next time takes as long as this time."""
    file = _file(scene, settings.media, settings.context.language)
    inputs = clip_cache.recorded_fingerprints(read, settings.inputs)
    record: dict[str, Any] = {
        "seconds": found.seconds,
        "plays": [[round(seconds, 6), int(still)] for seconds, still in found.plays],
        "speech": list(found.speech),
        "inputs": {name: value for name, value in inputs.items() if name not in _ONLY_DRAWN},
        "code": clip_cache.code_of(module_of(part, scene), scene.name),
    }
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_record(file, FORMAT, record)
    except OSError:
        pass


def _file(scene: SceneEntry, media: Path, language: str) -> Path:
    return rendering.in_language(media / "cache" / "prepared", language) / f"{scene.name}.json"
