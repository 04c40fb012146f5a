"""A preview that follows: a scene is drawn again whenever its network, its data or the code changes.

Each picture is made in a process of its own. That process is forked from one that has loaded manim but none of the
project's modules, so all code is read as it is now, and nobody waits for manim twice.
"""

from __future__ import annotations

import multiprocessing
import os
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scenes.settings import LessonContext

# What takes long to load and is not the project's own.
_PRELOADED = ["manim", "numba", "scipy.special", "scipy.ndimage", "scipy.optimize", "av", "srt", "typst"]
_POLL_SECONDS = 0.2


@dataclass(frozen=True)
class Preview:
    """How a preview went. problem: what is wrong, in a sentence; empty where nothing is.

    beat: the named stretch of the scene that the still ends. reached: its time in the scene, in seconds.
    """

    seconds: float
    beat: str = ""
    reached: float = 0.0
    problem: str = ""


class Previewer:
    """Draws previews of scenes, each from the sources as they are now."""

    def __init__(self) -> None:
        self._processes = multiprocessing.get_context("forkserver")
        self._processes.set_forkserver_preload(_PRELOADED)

    def still(self, context: LessonContext, scene: str, at: float | None, height: int, file: Path) -> Preview:
        """Draw the picture with which the play at `at` seconds ends, the last one for None, into a PNG file."""
        started = time.monotonic()
        ours, theirs = self._processes.Pipe(duplex=False)
        process = self._processes.Process(
            target=_draw_still, args=(theirs, context, scene, at, height, file), daemon=True
        )
        process.start()
        theirs.close()
        try:
            beat, reached, problem = ours.recv()
        except EOFError:
            beat, reached, problem = "", 0.0, "the process that draws it has died; is there enough memory?"
        process.join()
        return Preview(time.monotonic() - started, beat, reached, problem)


def _draw_still(
    answer: Connection, context: LessonContext, name: str, at: float | None, height: int, file: Path
) -> None:
    try:
        answer.send((*_still(context, name, at, height, file), ""))
    except BaseException as problem:
        answer.send(("", 0.0, describe_failure(problem)))
    finally:
        answer.close()


def _still(context: LessonContext, name: str, at: float | None, height: int, file: Path) -> tuple[str, float]:
    """Draw the still; the beat that it ends, and its time."""
    from manim import config, tempconfig

    from lesson.render.rendering import find_scenes, manim_set_up, save_still, scene_class

    part, entry = find_scenes([name])[0]
    shape = {"pixel_height": height, "pixel_width": -(-height * 16 // 18) * 2, "dry_run": True}
    with manim_set_up("l", file.parent), tempconfig({**shape, "disable_caching": True}):
        config.save_last_frame = False
        stage = scene_class(part, entry)(context=context, skip_animations=True)
        stage.renderer.stop_at = at
        stage.render()
        save_still(stage, file)
    beats = [beat.name for beat in stage.beats]
    return beats[-1] if beats else "", float(stage.time)


def describe_failure(problem: BaseException) -> str:
    """One sentence for an error in a scene; an unexpected one is named with its line of the project."""
    from network.errors import explain, is_expected, one_line
    from scenes.settings import ROOT

    if isinstance(problem, SyntaxError) and problem.filename:
        return f"{problem.msg} in {Path(problem.filename).name}, line {problem.lineno}"
    if is_expected(problem):
        return explain(problem)
    frames = traceback.extract_tb(problem.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(ROOT / "scenes")]
    place = f" in {Path(ours[-1].filename).relative_to(ROOT)}, line {ours[-1].lineno}" if ours else ""
    return one_line(f"{type(problem).__name__}{place}: {problem}")


def changes(files: Callable[[], Iterable[Path]]) -> Iterator[list[Path]]:
    """The files that have changed, whenever some have; the first time, none.

    They are polled, because that works on every kind of disk, and a few hundred files cost nothing.
    """
    known = _states(files())
    yield []
    while True:
        time.sleep(_POLL_SECONDS)
        now = _states(files())
        if now != known:
            # An editor may write a file in several steps, so wait until nothing changes any more.
            while (later := _states_after_a_moment(files)) != now:
                now = later
            changed = sorted(path for path in {*known, *now} if known.get(path) != now.get(path))
            known = now
            yield changed


def _states_after_a_moment(files: Callable[[], Iterable[Path]]) -> dict[Path, tuple[int, int]]:
    time.sleep(_POLL_SECONDS / 4)
    return _states(files())


def _states(files: Iterable[Path]) -> dict[Path, tuple[int, int]]:
    states = {}
    for path in files:
        try:
            found = os.stat(path)
        except OSError:
            continue
        states[path] = (found.st_mtime_ns, found.st_size)
    return states
