"""What a worker does for a clip: go through a scene, draw a stretch of it, or join the segments.

Each of these functions is called with `tell`, which takes how many frames are done, and with `RenderSettings`. All that
they are given and give back can be pickled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lesson.render import clip_cache, rendering
from lesson.render.clip_metadata import ClipMetadata, write_metadata
from lesson.render.rendering import Clip, RenderError
from scenes.settings import LessonContext
from scenes.stage import code_fingerprint
from scenes.stage.caption import Caption
from scenes.syllabus import Part, SceneEntry

Tell = Callable[[float], None]


@dataclass(frozen=True)
class RenderSettings:
    """How clips are made. inputs: of `clip_cache.made_from(context)`; code: of `code_fingerprint.of_program`.

    A process that sees other files or other code must not draw a part of a clip.
    """

    context: LessonContext
    media: Path
    inputs: dict[str, str]
    code: str
    verbose: bool = False

    @property
    def quality(self) -> str:
        return self.context.quality


@dataclass(frozen=True)
class Plays:
    """The plays of a scene, in frames and whether all frames of one are alike; none where it cannot be cut."""

    frames: tuple[int, ...] = ()
    still: tuple[bool, ...] = ()

    def costs(self) -> list[float]:
        """What it takes to draw each, about, in moving frames."""
        return [1 + (0.15 if still else 1) * frames for frames, still in zip(self.frames, self.still, strict=True)]


@dataclass(frozen=True)
class Stretch:
    """Some plays of a scene that were drawn. segments: their files' names. captions: all that came until the end of it.

    found, left: fingerprints of the stage before and after.
    story and subtitles: of the whole scene, from the stretch that goes to its end.
    """

    segments: tuple[str, ...]
    captions: tuple[Caption, ...]
    found: str
    left: str
    read: frozenset[str]
    story: ClipMetadata | None = None
    subtitles: tuple[Any, ...] = ()


def measure_plays(tell: Tell, settings: RenderSettings, part: Part, scene: SceneEntry) -> Plays:
    """The plays of a scene, without drawing them."""
    with _set_up(settings):
        return plays_of(rendering.dry_run(part, scene, settings.context))


def plays_of(stage: Any) -> Plays:
    """The plays of a scene that was gone through."""
    if stage.has_sound or not stage.IN_PIECES:
        return Plays()
    plays = stage.renderer.plays
    return Plays(tuple(play.frames for play in plays), tuple(play.still for play in plays))


def draw_clip(tell: Tell, settings: RenderSettings, part: Part, scene: SceneEntry) -> tuple[Clip, Plays]:
    """A finished clip."""
    with _set_up(settings):
        stage = rendering.scene_class(part, scene)(context=settings.context)
        clip = rendering.render_stage(stage, scene, tell)
    _check(settings, clip.read)
    return clip, plays_of(stage)


def draw_stretch(
    tell: Tell, settings: RenderSettings, part: Part, scene: SceneEntry, start: int, stop: int | None
) -> Stretch:
    """The segments of the plays from `start` to before `stop`, or to the end of the scene."""
    from scenes.stage import input_log

    with _set_up(settings):
        stage = rendering.scene_class(part, scene)(context=settings.context)
        stage.renderer.stretch = (start, stop)
        stage.renderer.on_progress = tell
        writer = stage.renderer.file_writer
        writer.joins = False
        with input_log.noting() as read:
            rendering.run_scene(stage)
            story = rendering.metadata_of(stage, scene) if stop is None else None
    _check(settings, read)
    return Stretch(
        writer.segment_names(start, stop),
        tuple(stage.captions),
        stage.renderer.found,
        stage.renderer.left,
        frozenset(read),
        story,
        tuple(writer.subcaptions) if stop is None else (),
    )


def join_stretches(
    tell: Tell, settings: RenderSettings, part: Part, scene: SceneEntry, stretches: Sequence[Stretch]
) -> Clip | None:
    """The clip whose segments these are. None where it must be drawn whole: they do not fit each other, or one is gone.

    So it is where a scene shows what each process measures for itself, or moves a thing by so much in each frame.
    """
    last = stretches[-1]
    assert last.story is not None
    with _set_up(settings):
        stage = rendering.scene_class(part, scene)(context=settings.context)
        alike = all(stretch.captions == last.captions[: len(stretch.captions)] for stretch in stretches)
        alike &= all(one.left == other.found for one, other in zip(stretches, stretches[1:], strict=False))
        segments = [name for stretch in stretches for name in stretch.segments]
        with rendering.os_errors_as_render_errors():
            if not alike or not stage.renderer.file_writer.join_segments(segments, last.subtitles):
                return None
            write_metadata(stage.clip_file, last.story)
    read = frozenset[str]().union(*(stretch.read for stretch in stretches))
    return Clip(scene, stage.clip_file, last.story.seconds, read)


def split_plays(plays: Plays, pieces: int) -> list[tuple[int, int | None]]:
    """Stretches of about the same cost, at most so many; the last one goes to the end of the scene."""
    costs = plays.costs()
    if pieces < 2 or len(costs) < 2:
        return [(0, None)]
    ends: list[int] = []
    done, total = 0.0, sum(costs)
    for number, cost in enumerate(costs[:-1], 1):
        done += cost
        # Cut here, if the next cut is due before the middle of the next play.
        due = total * (len(ends) + 1) / pieces
        if len(ends) < pieces - 1 and done + costs[number] / 2 >= due:
            ends.append(number)
    return [(start, stop) for start, stop in zip([0, *ends], [*ends, None], strict=True)]


@contextmanager
def _set_up(settings: RenderSettings) -> Iterator[None]:
    if code_fingerprint.of_program() != settings.code:
        raise RenderError("the code has changed since the rendering began; run this again")
    with rendering.manim_set_up(settings.quality, settings.media, settings.verbose):
        yield


def _check(settings: RenderSettings, read: Set[str]) -> None:
    """RenderError where what a scene has read is not what the clip is to be made from."""
    now = clip_cache.input_fingerprints(settings.context)
    for name in sorted(read & settings.inputs.keys()):
        if now.get(name) != settings.inputs[name]:
            raise RenderError(f"{clip_cache.describe_change(name)} while it was drawn; run this again")
