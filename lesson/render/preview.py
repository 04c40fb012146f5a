"""A live preview: a scene is drawn again whenever its network, its data or the code changes.

Each picture is drawn by a new process, forked from one that has loaded manim but none of the project's modules. So the
code is always read as it is now, and manim is loaded only once.
"""

from __future__ import annotations

import multiprocessing
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path

from lesson.render.worker_pool import without_interrupts
from network.files import file_state
from scenes.settings import NO_VOICE, LessonContext

# Packages that take long to load.
_LOADED_BEFORE = ["manim", "numba", "scipy.special", "scipy.ndimage", "scipy.optimize", "av", "srt", "typst"]
_LOOK_EVERY = 0.2


@dataclass(frozen=True)
class Preview:
    """The result of a preview. seconds: how long it took. problem: what went wrong, in a sentence, or empty.

    chapter: the name of the section of the scene in which the still lies. reached: its time in the scene, in seconds.
    """

    seconds: float
    chapter: str = ""
    reached: float = 0.0
    problem: str = ""


class Previewer:
    """Draws previews of scenes, each from the sources as they are now."""

    def __init__(self) -> None:
        self._processes = multiprocessing.get_context("forkserver")
        self._processes.set_forkserver_preload(_LOADED_BEFORE)

    def still(
        self, context: LessonContext, scene: str, at: float | None, height: int, file: Path, media: Path
    ) -> Preview:
        """Draw the last picture of the play at `at` seconds, or of the whole scene for None, into a PNG file.

        media: where speech and formulas are kept. The last picture is the same without a voice, so then none speaks.
        """
        if at is None:
            context = replace(context, voice=NO_VOICE)
        started = time.monotonic()
        mine, theirs = self._processes.Pipe(duplex=False)
        process = self._processes.Process(
            target=_draw_still, args=(theirs, context, scene, at, height, file, media), daemon=True
        )
        with without_interrupts():  # nor does the process that it is forked from
            process.start()
        theirs.close()
        try:
            chapter, reached, problem = mine.recv()
        except EOFError:
            chapter, reached, problem = "", 0.0, "the drawing process died; is there enough memory?"
        process.join()
        return Preview(time.monotonic() - started, chapter, reached, problem)


def _draw_still(
    answer: Connection, context: LessonContext, name: str, at: float | None, height: int, file: Path, media: Path
) -> None:
    try:
        answer.send((*_still(context, name, at, height, file, media), ""))
    except BaseException as problem:
        answer.send(("", 0.0, describe_failure(problem)))
    finally:
        answer.close()


def _still(
    context: LessonContext, name: str, at: float | None, height: int, file: Path, media: Path
) -> tuple[str, float]:
    from manim import config, tempconfig

    from lesson.render.rendering import find_scenes, manim_set_up, save_still, scene_class

    part, entry = find_scenes([name], context.data)[0]
    shape = {"pixel_height": height, "pixel_width": -(-height * 16 // 18) * 2, "dry_run": True}
    with manim_set_up("l", media), tempconfig({**shape, "disable_caching": True}):
        config.save_last_frame = False
        stage = scene_class(part, entry)(context=context, skip_animations=True)
        stage.renderer.stop_at = at
        stage.render()
        save_still(stage, file)
    chapters = [chapter.name for chapter in stage.chapters]
    return chapters[-1] if chapters else "", float(stage.time)


def describe_failure(problem: BaseException) -> str:
    """What is wrong; for a fault in the code, with the line of the project where it happened."""
    from network.errors import explain, is_expected
    from scenes.settings import ROOT

    if isinstance(problem, SyntaxError) and problem.filename:
        return f"{problem.msg} in {Path(problem.filename).name}, line {problem.lineno}"
    frames = [
        f for f in traceback.extract_tb(problem.__traceback__) if Path(f.filename).is_relative_to(ROOT / "scenes")
    ]
    if frames and not is_expected(problem):
        place = f"{Path(frames[-1].filename).relative_to(ROOT)}, line {frames[-1].lineno}"
        return f"{type(problem).__name__} in {place}: {problem}"
    return explain(problem)


def changes(files: Callable[[], Iterable[Path]]) -> Iterator[list[Path]]:
    """Wait for changes, and give the changed files each time; the first time, no files.

    The files are checked a few times a second instead of watched by the system: that works on every kind of disk, and a
    few hundred files cost nothing.
    """
    known = _states(files())
    yield []
    while True:
        time.sleep(_LOOK_EVERY)
        now = _states(files())
        if now != known:
            # An editor may write a file in several steps: wait until nothing changes any more.
            while (later := _settled(files)) != now:
                now = later
            changed = sorted(path for path in {*known, *now} if known.get(path) != now.get(path))
            known = now
            yield changed


def _settled(files: Callable[[], Iterable[Path]]) -> dict[Path, list[int]]:
    time.sleep(_LOOK_EVERY / 4)
    return _states(files())


def _states(files: Iterable[Path]) -> dict[Path, list[int]]:
    return {path: state for path in files if (state := file_state(path)) is not None}
