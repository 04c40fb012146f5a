"""Many clips at once: who draws which, in how many pieces, and what becomes of those that fail."""

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
from network.errors import KnobsError
from scenes.syllabus import Part, SceneEntry, module_of

# A scene of which nothing is known is taken for one of half a minute, of which half moves.
_UNKNOWN_SECONDS = 15
# To begin a piece takes about as long as it takes to draw so many frames; smaller ones do not pay.
_LEAST_FRAMES = 150


class Executor(Protocol):
    """Who draws: this process, others on this machine, or others elsewhere. slots: how many things it does at once."""

    slots: int

    def submit(self, function: Callable[..., Any], *arguments: Any, on_progress: Progress | None = None) -> Future[Any]:
        """`function(tell, *arguments)`, done by one of them."""

    def close(self) -> None:
        """Send all home, whatever they are at."""


class SerialExecutor:
    """This process, which does one thing after the other, with all cores."""

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
    """A clip that is to be made. reason: why; plays: those of its scene, where they are known."""

    part: Part
    scene: SceneEntry
    clip: Path
    reason: str
    plays: Plays | None = None
    frames_done: dict[int, float] = field(default_factory=dict)

    def cost(self, frame_rate: int) -> float:
        return sum(self.plays.costs()) if self.plays and self.plays.frames else _UNKNOWN_SECONDS * frame_rate


class ProgressListener(Protocol):
    """Who wants to know how it goes on."""

    def begun(self, order: RenderJob) -> None: ...

    def waits(self, order: RenderJob) -> None: ...

    def drawn(self, order: RenderJob, frames: float) -> None: ...

    def made(self, order: RenderJob, seconds: float, was_rendered: bool) -> None: ...

    def failed(self, order: RenderJob, problem: Exception) -> None: ...


class Scheduler:
    """Makes clips; those that take longest come first, the last ones in pieces, so that all hands finish together."""

    def __init__(
        self, crew: Executor, settings: RenderSettings, watcher: ProgressListener, force: bool = False
    ) -> None:
        self.crew, self.settings, self.watcher, self.force = crew, settings, watcher, force
        self._rate = int(rendering.QUALITIES[settings.quality][1].split("p")[1])
        self._waiting: list[RenderJob] = []
        self._made: list[Clip] = []
        self._problems: list[tuple[RenderJob, Exception]] = []
        self._stopped = threading.Event()
        self._lock = threading.Lock()

    def make(self, orders: Sequence[RenderJob]) -> None:
        """Make all of them.

        RenderError, when the others are made, for those whose scene has failed or whose process was lost twice; at once
        where files cannot be written or read. The first exception of another kind is raised as it is.
        """
        if self.crew.slots == 1:
            self._waiting = list(orders)
            self._make_clips()
        else:
            self._waiting = sorted(orders, key=lambda order: -order.cost(self._rate))
            hands = [threading.Thread(target=self._make_clips, daemon=True) for _ in range(self.crew.slots + 1)]
            try:
                for hand in hands:
                    hand.start()
                for hand in hands:
                    while hand.is_alive():
                        hand.join(0.2)  # not for ever: Ctrl-C must be heard
            finally:
                self._stopped.set()
        self._raise_problems()

    def _make_clips(self) -> None:
        """What each hand does: one clip after the other, as long as there are any."""
        while not self._stopped.is_set():
            with self._lock:
                if not self._waiting:
                    return
                order = self._waiting.pop(0)
                to_come = sum(other.cost(self._rate) for other in self._waiting)
            try:
                self._make_clip(order, to_come)
            except _Stopped:
                return
            except Exception as problem:
                self._problems.append((order, problem))
                if not isinstance(problem, WorkerLost) and _concerns_all(problem):
                    self._stopped.set()
                self.watcher.failed(order, problem)

    def _make_clip(self, order: RenderJob, to_come: float) -> None:
        settings, said = self.settings, False

        def wait() -> None:
            nonlocal said
            if self._stopped.is_set():
                raise _Stopped
            if not said:
                self.watcher.waits(order)
            said = True

        with rendering.render_lock(order.scene, settings.quality, settings.media, wait):
            reason = order.reason if self.force else clip_cache.stale_reason(order.clip, settings.inputs)
            if reason is None:  # whom it waited for has made it
                self.watcher.made(order, clip_cache.recorded_seconds(order.clip) or 0.0, False)
                return
            order.reason = reason
            self.watcher.begun(order)
            clip = self._draw(order, to_come)
            code = clip_cache.code_of(module_of(order.part, order.scene), order.scene.name)
            plays = order.plays or Plays()
            told = [[frames, int(still)] for frames, still in zip(plays.frames, plays.still, strict=True)]
            with rendering.os_errors_as_render_errors():
                clip_cache.write_build_record(clip.file, clip.seconds, settings.inputs, clip.read, code, told)
        self.watcher.made(order, clip.seconds, True)

    def _draw(self, order: RenderJob, to_come: float) -> Clip:
        # No piece should be so large that others have nothing left to do when it is begun last.
        room = max(_LEAST_FRAMES, (to_come + order.cost(self._rate)) / (2 * self.crew.slots))
        if self.crew.slots > 1 and order.cost(self._rate) > room:
            if order.plays is None:
                order.plays = self._ask(segments.measure_plays, order)
            stretches = segments.split_plays(
                order.plays, round(order.cost(self._rate) / room) if order.plays.frames else 1
            )
            if len(stretches) > 1:
                drawn = [self._submit(segments.draw_stretch, order, *stretch) for stretch in stretches]
                clip = self._ask(segments.join_stretches, order, [self._result(stretch) for stretch in drawn])
                if clip is not None:
                    return clip
        clip, order.plays = self._ask(segments.draw_clip, order)
        return clip

    def _ask(self, function: Callable[..., Any], order: RenderJob, *arguments: Any) -> Any:
        return self._result(self._submit(function, order, *arguments))

    def _submit(self, function: Callable[..., Any], order: RenderJob, *arguments: Any) -> Future[Any]:
        def tell(frames: float) -> None:
            order.frames_done[number] = frames
            self.watcher.drawn(order, sum(order.frames_done.values()))

        number = len(order.frames_done)
        order.frames_done[number] = 0
        return self.crew.submit(function, self.settings, order.part, order.scene, *arguments, on_progress=tell)

    def _result(self, future: Future[Any]) -> Any:
        while True:
            try:
                return future.result(timeout=None if self.crew.slots == 1 else 0.2)
            except TimeoutError:
                if future.done():
                    raise
                if self._stopped.is_set():
                    raise _Stopped from None

    def _raise_problems(self) -> None:
        if not self._problems:
            return
        for _, problem in self._problems:
            if _concerns_all(problem) or len(self._problems) == 1 and not isinstance(problem, WorkerLost):
                raise problem
        names = ", ".join(order.scene.name for order, _ in self._problems)
        problem = self._problems[0][1]
        if isinstance(problem, WorkerLost):
            raise RenderError(
                f"{names} could not be rendered: {problem} twice, perhaps for want of memory; "
                "run this again with --jobs 1"
            ) from problem
        first = f"{type(problem).__name__}: {problem}"
        raise RenderError(f"{names} could not be rendered; the first for this: {first}") from problem


class _Stopped(Exception):
    """Nothing more is to be done."""


def _concerns_all(problem: Exception) -> bool:
    """Whether the other clips would fail for the same reason: a file that cannot be written or read."""
    return isinstance(problem, KnobsError | OSError | MemoryError)
