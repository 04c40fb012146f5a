"""The tasks of a worker for a clip: draw all of a scene, draw a stretch of it, or join the segments.

Each function takes `on_progress`, which is called with the number of finished frames, and `RenderSettings`. Arguments
and results can be pickled.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lesson.render import clip_cache, rendering
from lesson.render.clip_metadata import ClipMetadata, write_metadata
from lesson.render.rendering import Clip, RenderError
from lesson.render.worker_pool import Progress
from scenes.language import told_in
from scenes.settings import NO_VOICE, LessonContext
from scenes.stage import code_fingerprint, input_log
from scenes.syllabus import Part, SceneEntry
from scenes.voice.narration import Beat


@dataclass(frozen=True)
class RenderSettings:
    """How clips are made. inputs: from `clip_cache.input_fingerprints`. code: from `code_fingerprint.of_program`.

    speech: the files in the speech cache that the scene says, as far as they are known, for workers elsewhere.

    A process that sees other files or other code must not draw a stretch of a clip.
    """

    context: LessonContext
    media: Path
    inputs: dict[str, str]
    code: str
    verbose: bool = False
    speech: tuple[str, ...] = ()

    @property
    def quality(self) -> str:
        return self.context.quality

    def is_heard(self, scene: SceneEntry) -> bool:
        """Whether a scene has a voice or recordings, so that its words take the time of a sound."""
        return self.context.voice != NO_VOICE or input_log.recordings(scene.name) in self.inputs


@dataclass(frozen=True)
class Plays:
    """The plays of a scene: for each its number of frames, and whether they are all the same.

    Empty for a scene that cannot be split.
    """

    frames: tuple[int, ...] = ()
    still: tuple[bool, ...] = ()

    def costs(self) -> list[float]:
        """About how long each takes to draw, in moving frames."""
        return [1 + (0.15 if still else 1) * frames for frames, still in zip(self.frames, self.still, strict=True)]


@dataclass(frozen=True)
class Stretch:
    """Consecutive plays of a scene, drawn. segments: the names of their files. beats: all up to its end.

    found, left: fingerprints of the stage before and after.
    metadata, subtitles: those of the whole scene, only in the last stretch.
    """

    segments: tuple[str, ...]
    beats: tuple[Beat, ...]
    found: str
    left: str
    read: frozenset[str]
    metadata: ClipMetadata | None = None
    subtitles: tuple[Any, ...] = ()


def plays_of(stage: Any) -> Plays:
    """The plays of a scene that has run."""
    if not stage.IN_PIECES:
        return Plays()
    plays = stage.renderer.plays
    return Plays(tuple(play.frames for play in plays), tuple(play.still for play in plays))


def draw_clip(on_progress: Progress, settings: RenderSettings, part: Part, scene: SceneEntry) -> tuple[Clip, Plays]:
    """Draw a whole clip."""
    with set_up(settings):
        stage = rendering.scene_class(part, scene)(context=settings.context)
        clip = rendering.render_stage(stage, scene, on_progress)
    check_inputs(settings, scene, clip.read)
    return clip, plays_of(stage)


def draw_stretch(
    on_progress: Progress, settings: RenderSettings, part: Part, scene: SceneEntry, start: int, stop: int | None
) -> Stretch:
    """Draw the plays from `start` to before `stop`, or to the end of the scene for None."""
    with set_up(settings):
        stage = rendering.scene_class(part, scene)(context=settings.context)
        stage.renderer.stretch = (start, stop)
        stage.renderer.on_progress = on_progress
        writer = stage.renderer.file_writer
        writer.joins = False
        with input_log.noting() as read:
            rendering.run_scene(stage)
            metadata = rendering.metadata_of(stage, scene) if stop is None else None
    check_inputs(settings, scene, read)
    return Stretch(
        writer.segment_names(start, stop),
        tuple(stage.beats),
        stage.renderer.found,
        stage.renderer.left,
        frozenset(read),
        metadata,
        tuple(writer.subcaptions) if stop is None else (),
    )


def join_stretches(
    on_progress: Progress, settings: RenderSettings, part: Part, scene: SceneEntry, stretches: Sequence[Stretch]
) -> Clip | None:
    """Join the segments to a clip. None if it must be drawn whole: they do not fit together, or one is missing.

    They do not fit if a scene shows what each process measures by itself, or moves something by a step in each frame.
    """
    last = stretches[-1]
    assert last.metadata is not None
    with set_up(settings):
        stage = rendering.scene_class(part, scene)(context=settings.context)
        alike = all(stretch.beats == last.beats[: len(stretch.beats)] for stretch in stretches)
        alike &= all(one.left == other.found for one, other in zip(stretches, stretches[1:], strict=False))
        names = [name for stretch in stretches for name in stretch.segments]
        with rendering.os_errors_as_render_errors():
            writer = stage.renderer.file_writer
            stage.beats, stage.sounds = list(last.metadata.beats), list(last.metadata.sounds)
            stage.renderer.time = last.metadata.seconds
            if not alike or not writer.join_segments(names, last.subtitles):
                return None
            write_metadata(stage.clip_file, last.metadata)
    read = frozenset[str]().union(*(stretch.read for stretch in stretches))
    return Clip(scene, stage.clip_file, last.metadata.seconds, read)


def split_plays(plays: Plays, count: int) -> list[tuple[int, int | None]]:
    """At most `count` stretches of about the same cost; the last one goes to the end of the scene."""
    costs = plays.costs()
    if count < 2 or len(costs) < 2:
        return [(0, None)]
    ends: list[int] = []
    done, total = 0.0, sum(costs)
    for number, cost in enumerate(costs[:-1], 1):
        done += cost
        # Split here if the next split is due before the middle of the next play.
        due = total * (len(ends) + 1) / count
        if len(ends) < count - 1 and done + costs[number] / 2 >= due:
            ends.append(number)
    return [(start, stop) for start, stop in zip([0, *ends], [*ends, None], strict=True)]


@contextmanager
def set_up(settings: RenderSettings) -> Iterator[None]:
    """Configure manim, and tell in the language of the lesson.

    RenderError if the code has changed since the rendering began.
    """
    if code_fingerprint.of_program() != settings.code:
        raise RenderError("the code has changed since the rendering began; run this again")
    with rendering.manim_set_up(settings.quality, settings.media, settings.verbose), told_in(settings.context.language):
        yield


def check_inputs(settings: RenderSettings, scene: SceneEntry, read: Set[str]) -> None:
    """RenderError if an input of a scene has changed since the rendering began."""
    now = clip_cache.input_fingerprints(settings.context, scene.name)
    for name in sorted(read & settings.inputs.keys()):
        if now.get(name) != settings.inputs[name]:
            raise RenderError(f"{clip_cache.describe_change(name)} during rendering; run this again")
