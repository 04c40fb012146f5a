"""Rendering many clips at once: which worker draws what, and what happens to clips that fail.

A clip is drawn only after its scene was spoken. One process speaks, scene by scene, while the others draw.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from lesson.render import clip_cache, rendering, segments
from lesson.render.preparation import Preparation, known_preparation, prepare
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
    """A clip to render.

    reason: why. plays: those of its scene, if they are known. speech: the files in the speech cache that it says, as
    far as they are known. is_spoken: whether it may be drawn.
    """

    part: Part
    scene: SceneEntry
    clip: Path
    reason: str
    plays: Plays | None = None
    speech: tuple[str, ...] = ()
    is_spoken: bool = False
    frames_done: dict[int, float] = field(default_factory=dict)

    def cost(self, frame_rate: int) -> float:
        """About how long it takes to draw, in moving frames."""
        return sum(self.plays.costs()) if self.plays and self.plays.frames else _UNKNOWN_SECONDS * frame_rate


class ProgressListener(Protocol):
    """Receives the events of the rendering. They come from several threads."""

    def speaking(self, job: RenderJob, number: int, of: int) -> None:
        """The scene is being spoken. number: its place, from 1, among the `of` scenes that must be."""

    def spoken(self, job: RenderJob, number: int, of: int) -> None:
        """The scene was spoken, and its plays are known."""

    def started(self, job: RenderJob) -> None: ...

    def waiting(self, job: RenderJob) -> None:
        """Another process renders the same clip."""

    def progressed(self, job: RenderJob, frames: float) -> None:
        """frames: how many of the clip are finished."""

    def finished(self, job: RenderJob, seconds: float, was_rendered: bool) -> None:
        """seconds: the length of the clip. was_rendered: False if another process has rendered it meanwhile."""

    def failed(self, job: RenderJob, problem: Exception) -> None: ...


class Scheduler:
    """Renders clips: the longest first, the last ones split into stretches, so that all workers end together.

    speaker: one process that prepares the scenes that are heard, in the order of the jobs. None where none is.
    """

    def __init__(
        self,
        executor: Executor,
        settings: RenderSettings,
        listener: ProgressListener,
        force: bool = False,
        speaker: Executor | None = None,
    ) -> None:
        self.executor, self.settings, self.listener, self.force = executor, settings, listener, force
        self.speaker = speaker
        self._rate = int(rendering.QUALITIES[settings.quality][1].split("p")[1])
        self._waiting: list[RenderJob] = []
        self._problems: list[tuple[RenderJob, Exception]] = []
        self._stopped = threading.Event()
        self._changed = threading.Condition()  # notified when a scene was spoken, or the rendering has stopped

    def render(self, jobs: Sequence[RenderJob]) -> None:
        """Render all clips.

        RenderError for scenes that failed or whose process was lost twice, after all others are rendered; at once if
        files cannot be written or read. If a single scene failed, its exception is raised as it is.
        """
        self._waiting = list(jobs)
        try:
            self._prepare(jobs)
            if self.executor.slots == 1:
                self._render_clips()
            else:
                count = self.executor.slots + 1
                threads = [threading.Thread(target=self._render_clips, daemon=True) for _ in range(count)]
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
        while (job := self._next_job()) is not None:
            to_come = sum(other.cost(self._rate) for other in list(self._waiting))
            try:
                self._render_clip(job, to_come)
            except _Stopped:
                return
            except Exception as problem:
                self._fail(job, problem)

    def _next_job(self) -> RenderJob | None:
        """The clip to draw next, of those whose scenes are spoken; None if all are drawn or the rendering has stopped.

        One worker draws them in order; of several, each takes the longest.
        """
        with self._changed:
            while self._waiting and not self._stopped.is_set():
                if ready := [job for job in self._waiting if job.is_spoken]:
                    several = self.executor.slots > 1
                    job = max(ready, key=lambda job: job.cost(self._rate)) if several else ready[0]
                    self._waiting.remove(job)
                    return job
                self._changed.wait(0.2)
        return None

    def _prepare(self, jobs: Sequence[RenderJob]) -> None:
        """Have the scenes spoken one after the other, except for those that were before."""
        settings, to_speak = self.settings, []
        for job in jobs:
            known = known_preparation(job.scene, settings.inputs, settings.media, settings.context.language)
            if known is not None:
                job.plays, job.speech = known.plays_at(self._rate), known.speech
            heard = settings.is_heard(job.scene)
            if self.speaker is None or not heard or known is not None and known.is_spoken(settings.media):
                job.is_spoken = True
            else:
                to_speak.append(job)
        for number, job in enumerate(to_speak, 1):
            assert self.speaker is not None
            future = self.speaker.submit(
                prepare,
                replace(settings, verbose=False),
                job.part,
                job.scene,
                on_progress=partial(self._speaking, job, number, len(to_speak)),
            )
            future.add_done_callback(partial(self._spoken, job, number, len(to_speak)))

    def _speaking(self, job: RenderJob, number: int, of: int, _: float) -> None:
        self.listener.speaking(job, number, of)

    def _spoken(self, job: RenderJob, number: int, of: int, future: Future[Preparation]) -> None:
        """A scene was spoken, or that has failed."""
        if number == of and self.speaker is not None:
            # The memory of its process is better used to draw. This thread is one that `close` waits for.
            threading.Thread(target=self.speaker.close, daemon=True).start()
        if self._stopped.is_set():
            return
        problem = future.exception()
        with self._changed:
            if problem is None:
                found = future.result()
                job.plays, job.speech, job.is_spoken = found.plays_at(self._rate), found.speech, True
            else:
                self._waiting.remove(job)
        if problem is None:
            self.listener.spoken(job, number, of)
        else:
            assert isinstance(problem, Exception)
            self._fail(job, problem)
        with self._changed:
            self._changed.notify_all()

    def _fail(self, job: RenderJob, problem: Exception) -> None:
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
                found: Preparation = self._run(prepare, job)
                job.plays, job.speech = found.plays_at(self._rate), found.speech
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
        settings = replace(self.settings, speech=job.speech)
        return self.executor.submit(function, settings, job.part, job.scene, *arguments, on_progress=on_progress)

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
