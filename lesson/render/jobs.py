"""Which clips are out of date, and rendering them: on this machine or on a cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lesson.render import clip_cache, rendering
from lesson.render.recorded_clips import check_recordings_of
from scenes.settings import wanted_language

if TYPE_CHECKING:
    from lesson.render.scheduler import Executor, ProgressListener, RenderJob
    from lesson.render.segments import RenderSettings
    from scenes.settings import LessonContext
    from scenes.syllabus import SceneEntry


@dataclass(frozen=True)
class RenderOptions:
    """What to render from, and how.

    media: the absolute path of the folder below which clips are written. force: render clips that are up to date, too.
    jobs: the number of processes; None for as many as there are cores and memory for.
    dask: the address of a Dask scheduler whose workers render instead. voice, narration, captions, language:
    as in `scenes.settings.NarrationOptions`. subtitles: codes of further languages for subtitles, such as "de,es".
    """

    quality: str
    checkpoint: Path | None
    data: Path | None
    media: Path
    dry_run: bool = False
    force: bool = False
    verbose: bool = False
    jobs: int | None = None
    dask: str | None = None
    voice: str | None = None
    narration: Path | None = None
    captions: str | None = None
    language: str | None = None
    subtitles: str | None = None

    @property
    def language_code(self) -> str:
        """The language to render in. SettingError for one that there is not."""
        return wanted_language(self.language)

    def clip_file(self, scene: SceneEntry) -> Path:
        """Where the clip of a scene is written."""
        return rendering.clip_file(scene, self.quality, self.media, self.language_code)

    def context(self) -> LessonContext:
        """What to render from. CheckpointError for a network that cannot be read."""
        from lesson.importing import datasets
        from scenes.settings import NarrationOptions

        narration = NarrationOptions(self.voice, self.narration, self.captions, self.language)
        return datasets.context_of(self.checkpoint, self.data, self.quality, narration)


@dataclass(frozen=True)
class RenderPlan:
    """Which clips to render. clips: all that were asked for, in order. current: those that are up to date.

    context, inputs: the network and data, and the fingerprints, that the plan is based on.
    """

    clips: list[Path]
    current: list[Path]
    jobs: list[RenderJob]
    context: LessonContext
    inputs: dict[str, str]


def clip_states(names: Sequence[str], options: RenderOptions) -> list[tuple[Path, str | None]]:
    """Each clip with the reason why it would be rendered, None if it is up to date. Does not import manim.

    SoundError or NarrationError for a recording of theirs that cannot be used.
    """
    context, inputs = _context_and_inputs(options)
    clips = [options.clip_file(scene) for _, scene in rendering.find_scenes(names, context.data)]
    states = [(clip, _reason(clip, inputs, options)) for clip in clips]
    check_recordings_of([clip for clip, reason in states if reason], context.narration)
    return states


def plan_rendering(names: Sequence[str], options: RenderOptions) -> RenderPlan:
    """Find out which clips must be rendered; nothing is rendered yet. RenderError if nothing can be."""
    from lesson.render.scheduler import RenderJob
    from lesson.render.segments import Plays

    rendering.find_scenes(names)  # an unknown name is told first
    rendering.check_media_path(options.media)
    context, inputs = _context_and_inputs(options)  # before anything is read for the pictures
    scenes = rendering.find_scenes(names, context.data)
    clips, current, jobs = [], [], []
    for part, scene in scenes:
        clip = options.clip_file(scene)
        clips.append(clip)
        reason = _reason(clip, inputs, options)
        if reason is None:
            current.append(clip)
            continue
        recorded = clip_cache.recorded_plays(clip)
        plays = Plays(tuple(n for n, _ in recorded), tuple(bool(still) for _, still in recorded)) if recorded else None
        jobs.append(RenderJob(part, scene, clip, reason, plays))
    return RenderPlan(clips, current, jobs, context, inputs)


def render_plan(
    plan: RenderPlan, options: RenderOptions, listener: ProgressListener, tell: Callable[[str], object]
) -> None:
    """Render the jobs of a plan. CheckpointError, DataError or RenderError if that fails.

    tell: called with a sentence about fonts that are installed first; FontsMissing for those that cannot be.
    NarrationError, before anything is rendered, for a scene that waits for a bookmark that is not in its narration.
    """
    from lesson.render.fonts import set_up_fonts_of
    from lesson.render.scheduler import Scheduler
    from lesson.render.segments import RenderSettings
    from lesson.render.worker_pool import WorkerPool
    from scenes.stage import code_fingerprint
    from scenes.voice.bookmark_check import check_bookmarks

    rendering.check_network(plan.context)
    for job in plan.jobs:
        check_bookmarks(rendering.source_file(job.part, job.scene), job.scene.name)
    set_up_fonts_of(plan.context, tell)
    settings = RenderSettings(plan.context, options.media, plan.inputs, code_fingerprint.of_program(), options.verbose)
    with ExitStack() as stack:
        executor = stack.enter_context(_executor(options, settings))
        # One process speaks, whoever draws.
        is_heard = any(settings.is_heard(job.scene) for job in plan.jobs)
        speaker = stack.enter_context(WorkerPool(1)) if is_heard else None
        Scheduler(executor, settings, listener, options.force, speaker).render(plan.jobs)


@contextmanager
def _executor(options: RenderOptions, settings: RenderSettings) -> Iterator[Executor]:
    from lesson.render.scheduler import SerialExecutor
    from lesson.render.threads import worker_count
    from lesson.render.worker_pool import WorkerPool

    executor: Any
    if options.dask is not None:
        from lesson.render.dask_pool import DaskPool

        executor = DaskPool(options.dask, settings)
    else:
        # manim's log can only be read in order.
        count = 1 if options.verbose else options.jobs or worker_count(rendering.MEMORY[options.quality])
        executor = SerialExecutor() if count == 1 else WorkerPool(count)
    try:
        yield executor
    finally:
        executor.close()


def _reason(clip: Path, inputs: dict[str, str], options: RenderOptions) -> str | None:
    return "forced" if options.force else clip_cache.stale_reason(clip, inputs)


def _context_and_inputs(options: RenderOptions) -> tuple[LessonContext, dict[str, str]]:
    context = options.context()
    return context, clip_cache.input_fingerprints(context)
