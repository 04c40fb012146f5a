"""Rendering many clips at once: which worker draws what, and what happens to clips that fail."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from lesson.render import clip_cache, rendering, segments
from lesson.render.rendering import Clip, RenderError
from lesson.render.segments import Plays, RenderSettings
from lesson.render.worker_pool import Progress, WorkerLost
from network.errors import is_expected
from scenes.syllabus import Part, SceneEntry, module_of

# A scene that was never rendered is taken to last half a minute, half of it moving.
_UNKNOWN_SECONDS = 15
# To start a stretch takes about as long as to draw this many frames, so smaller ones do not pay.
_LEAST_FRAMES = 150


class Executor(Protocol):
    """Runs tasks: in this process, in others on this machine, or elsewhere. slots: how many it runs at once."""

    slots: int

    def submit(self, function: Callable[..., Any], *arguments: Any, on_progress: Progress | None = None) -> Future[Any]:
        """Run `function(on_progress, *arguments)`."""

    def close(self) -> None:
        """Stop everything that still runs."""


class SerialExecutor:
    """Runs one task after the other in this process, with all cores."""

    slots = 1

    def submit(self, function: Callable[..., Any], *arguments: Any, on_progress: Progress | None = None) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(function(on_progress or (lambda _: None), *arguments))
        except Exception as problem:
            future.set_exception(problem)
        return future

    def close(self) -> None:
        pass


@dataclass
class RenderJob:
    """A clip to render. reason: why; plays: those of its scene, if they are known."""

    part: Part
    scene: SceneEntry
    clip: Path
    reason: str
    plays: Plays | None = None
    frames_done: dict[int, float] = field(default_factory=dict)

    def cost(self, frame_rate: int) -> float:
        """About how long it takes to draw, in moving frames."""
        return sum(self.plays.costs()) if self.plays and self.plays.frames else _UNKNOWN_SECONDS * frame_rate


class ProgressListener(Protocol):
    """Receives the events of the rendering."""

    def started(self, job: RenderJob) -> None: ...

    def waiting(self, job: RenderJob) -> None:
        """Another process renders the same clip."""

    def progressed(self, job: RenderJob, frames: float) -> None:
        """frames: how many of the clip are finished."""

    def finished(self, job: RenderJob, seconds: float, was_rendered: bool) -> None:
        """seconds: the length of the clip. was_rendered: False if another process has rendered it meanwhile."""

    def failed(self, job: RenderJob, problem: Exception) -> None: ...


class Scheduler:
    """Renders clips: the longest first, the last ones split into stretches, so that all workers end together."""

    def __init__(
        self, executor: Executor, settings: RenderSettings, listener: ProgressListener, force: bool = False
    ) -> None:
        self.executor, self.settings, self.listener, self.force = executor, settings, listener, force
        self._rate = int(rendering.QUALITIES[settings.quality][1].split("p")[1])
        self._waiting: list[RenderJob] = []
        self._problems: list[tuple[RenderJob, Exception]] = []
        self._stopped = threading.Event()
        self._lock = threading.Lock()

    def render(self, jobs: Sequence[RenderJob]) -> None:
        """Render all clips.

        RenderError for scenes that failed or whose process was lost twice, after all others are rendered; at once if
        files cannot be written or read. If a single scene failed, its exception is raised as it is.
        """
        if self.executor.slots == 1:
            self._waiting = list(jobs)
            self._render_clips()
        else:
            self._waiting = sorted(jobs, key=lambda job: -job.cost(self._rate))
            threads = [threading.Thread(target=self._render_clips, daemon=True) for _ in range(self.executor.slots + 1)]
            try:
                for thread in threads:
                    thread.start()
                for thread in threads:
                    while thread.is_alive():
                        thread.join(0.2)  # with a timeout, so that Ctrl-C is noticed
            finally:
                self._stopped.set()
        self._raise_problems()

    def _render_clips(self) -> None:
        """What each thread does: render one clip after the other while there are any."""
        while not self._stopped.is_set():
            with self._lock:
                if not self._waiting:
                    return
                job = self._waiting.pop(0)
                to_come = sum(other.cost(self._rate) for other in self._waiting)
            try:
                self._render_clip(job, to_come)
            except _Stopped:
                return
            except Exception as problem:
                self._problems.append((job, problem))
                if not isinstance(problem, WorkerLost) and _affects_all(problem):
                    self._stopped.set()
                self.listener.failed(job, problem)

    def _render_clip(self, job: RenderJob, to_come: float) -> None:
        settings, reported = self.settings, False

        def wait() -> None:
            nonlocal reported
            if self._stopped.is_set():
                raise _Stopped
            if not reported:
                self.listener.waiting(job)
            reported = True

        with rendering.render_lock(job.scene, settings.quality, settings.media, wait):
            reason = job.reason if self.force else clip_cache.stale_reason(job.clip, settings.inputs)
            if reason is None:  # the other process has rendered it
                self.listener.finished(job, clip_cache.recorded_seconds(job.clip) or 0.0, False)
                return
            job.reason = reason
            self.listener.started(job)
            clip = self._draw(job, to_come)
            code = clip_cache.code_of(module_of(job.part, job.scene), job.scene.name)
            plays = job.plays or Plays()
            frames_and_still = [[frames, int(still)] for frames, still in zip(plays.frames, plays.still, strict=True)]
            with rendering.os_errors_as_render_errors():
                clip_cache.write_build_record(
                    clip.file, clip.seconds, settings.inputs, clip.read, code, frames_and_still
                )
        self.listener.finished(job, clip.seconds, True)

    def _draw(self, job: RenderJob, to_come: float) -> Clip:
        # No stretch should be so long that the other workers are idle while the last one is drawn.
        limit = max(_LEAST_FRAMES, (to_come + job.cost(self._rate)) / (2 * self.executor.slots))
        if self.executor.slots > 1 and job.cost(self._rate) > limit:
            if job.plays is None:
                job.plays = self._run(segments.measure_plays, job)
            stretches = segments.split_plays(job.plays, round(job.cost(self._rate) / limit) if job.plays.frames else 1)
            if len(stretches) > 1:
                futures = [self._submit(segments.draw_stretch, job, *stretch) for stretch in stretches]
                clip = self._run(segments.join_stretches, job, [self._result(future) for future in futures])
                if clip is not None:
                    return clip
        clip, job.plays = self._run(segments.draw_clip, job)
        return clip

    def _run(self, function: Callable[..., Any], job: RenderJob, *arguments: Any) -> Any:
        return self._result(self._submit(function, job, *arguments))

    def _submit(self, function: Callable[..., Any], job: RenderJob, *arguments: Any) -> Future[Any]:
        def on_progress(frames: float) -> None:
            job.frames_done[number] = frames
            self.listener.progressed(job, sum(job.frames_done.values()))

        number = len(job.frames_done)
        job.frames_done[number] = 0
        return self.executor.submit(function, self.settings, job.part, job.scene, *arguments, on_progress=on_progress)

    def _result(self, future: Future[Any]) -> Any:
        while True:
            try:
                return future.result(timeout=None if self.executor.slots == 1 else 0.2)
            except TimeoutError:
                if future.done():
                    raise
                if self._stopped.is_set():
                    raise _Stopped from None

    def _raise_problems(self) -> None:
        if not self._problems:
            return
        for _, problem in self._problems:
            if _affects_all(problem) or len(self._problems) == 1 and not isinstance(problem, WorkerLost):
                raise problem
        names = ", ".join(job.scene.name for job, _ in self._problems)
        problem = self._problems[0][1]
        if isinstance(problem, WorkerLost):
            raise RenderError(
                f"{names} could not be rendered: {problem} twice, perhaps because memory ran out; "
                "run this again with --jobs 1"
            ) from problem
        first = f"{type(problem).__name__}: {problem}"
        raise RenderError(f"{names} could not be rendered; the first error: {first}") from problem


class _Stopped(Exception):
    """The rendering was stopped."""


def _affects_all(problem: Exception) -> bool:
    """Whether other clips would fail for the same reason, such as a file that cannot be written or read."""
    return is_expected(problem)
