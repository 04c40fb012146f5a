"""Scenes in a file of somebody's own: which there are, which clips are out of date, and rendering them."""

from __future__ import annotations

import ast
import errno
import hashlib
import importlib.util
import inspect
import logging
import multiprocessing
import os
import site
import sys
import time
import traceback
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import wait
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from lesson.render import opened_files, rendering
from lesson.render.build_record import read_record, write_record
from lesson.render.clip_cache import versions, written_with
from lesson.render.fonts import set_up_fonts_of
from lesson.render.jobs import RenderOptions
from lesson.render.rendering import QUALITIES, RenderError
from lesson.render.threads import worker_count
from lesson.render.worker_pool import Progress, WorkerLost, WorkerPool
from network.errors import explain, is_expected, nearest, one_line
from network.files import digest_if_readable, file_lock
from network.paths import display_path
from scenes.catalogue import digest_of
from scenes.installing import program
from scenes.language import told_in
from scenes.settings import DEBUG, ROOT, LessonContext

if TYPE_CHECKING:
    from manim import Scene

FORMAT = 2
_RECORD = {"file": str, "clip": str, "seconds": int | float, "made_with": str, "files": dict}
# The packages of this project: a file of one of these names beside somebody's scenes cannot be imported there.
_PACKAGES = ("network", "scenes", "lesson")
# What Python and its packages read of their own; they count by their versions.
_INSTALLED = (sys.prefix, sys.base_prefix, *site.getsitepackages(), site.getusersitepackages())
_SYSTEM = ("/usr", "/etc", "/lib", "/proc", "/sys", "/dev", str(Path.home() / ".cache"))
# The programs that manim calls for Tex and MathTex.
_LATEX = ("latex", "xelatex", "lualatex", "pdflatex", "dvisvgm")


class SceneFailed(RenderError):
    """A scene whose own code is at fault; others of the same file may be drawn."""


@dataclass(frozen=True)
class OwnClip:
    """What a scene was rendered into: a clip, or a picture of a scene in which nothing is played."""

    file: Path
    seconds: float


def is_file_of_scenes(name: str) -> bool:
    """Whether a word of the command line names a file or a folder, and not a scene of the lesson."""
    return name.endswith(".py") or "/" in name or bool(name) and Path(name).is_dir() and not rendering.is_known(name)


@contextmanager
def imported(file: Path, options: RenderOptions) -> Iterator[OwnScenes]:
    """The scenes of a file; inside the `with` block, manim is set up for them.

    RenderError for a file that cannot be used; if its own code is at fault, with its line.
    """
    _check_file(file)
    file, started = file.resolve(), time.time()
    where = Path("own") / _folder_name(file, options.media) / QUALITIES[options.quality][1]
    folder = options.media / where
    rendering.check_media_path(folder)
    context = options.context()
    with rendering.manim_set_up(options.quality, options.media, options.verbose), context.in_environment():
        _set_up_for(file, folder, options.media / "cache" / where)
        with opened_files.noting() as read, _own_errors(file, options.media):
            module = _import(file)
        yield OwnScenes(file, module, read, folder, started, options, context)


class OwnScenes:
    """The scenes of an imported file, in their order there; made by `imported`.

    read: the files that were read to import it. folder: where its clips go. started: when it was imported.
    """

    def __init__(
        self,
        file: Path,
        module: ModuleType,
        read: set[Path],
        folder: Path,
        started: float,
        options: RenderOptions,
        context: LessonContext,
    ) -> None:
        self.file, self.folder, self.options, self.context = file, folder, options, context
        self._read, self._started = read, started
        made_with = f"{options.quality} {versions()} {context} {digest_of(context.language)}"
        self._made_with = f"{made_with} {writing}" if (writing := written_with(context)) else made_with
        self._kinds = {kind.__name__: kind for kind in _scenes_of(module)}

    def chosen(self, names: Sequence[str]) -> list[str]:
        """The scenes of these names; all if there are none. RenderError for an unknown one, with the nearest."""
        if not self._kinds:
            raise RenderError(
                f"{display_path(self.file)} holds no scene; write a class that is a Scene of manim's, with construct()"
            )
        for name in names:
            if name not in self._kinds:
                near = nearest(name, self._kinds)
                hint = f"did you mean {near}?" if near else f"it holds {', '.join(self._kinds)}"
                raise RenderError(f"there is no scene {name!r} in {display_path(self.file)}; {hint}")
        return list(dict.fromkeys(names)) or list(self._kinds)

    def finished(self, name: str) -> OwnClip | None:
        """What was made of a scene the last time; None if nothing is known of it."""
        record = read_record(self._record(name), FORMAT, _RECORD)
        return OwnClip(self.folder / record["clip"], float(record["seconds"])) if record else None

    def stale_reason(self, name: str) -> str | None:
        """Why a scene must be rendered, in words; None if its clip is up to date."""
        record = read_record(self._record(name), FORMAT, _RECORD)
        if record is None or not (self.folder / record["clip"]).is_file():
            return "not rendered yet"
        if self.options.force:
            return "forced"
        if (record["file"], record["made_with"]) != (str(self.file), self._made_with):
            return "it was made from another file or network, or with other settings or packages"
        changed = (file for file, digest in record["files"].items() if digest_if_readable(Path(file)) != digest)
        return next((f"{display_path(Path(file))} has changed" for file in changed), None)

    def render(self, name: str, on_wait: Callable[[], object]) -> OwnClip:
        """Render a scene. RenderError if that fails; if its own code is at fault, with its line.

        on_wait: called while another process renders the same clip.
        """
        from scenes.stage import own_scene

        media = self.options.media
        with rendering.os_errors_as_render_errors():
            lock = file_lock(media / "cache" / "own" / f"{self.folder.parent.name}.{name}.lock", on_wait)
            with lock, opened_files.noting() as read:
                with _own_errors(self.file, media), told_in(self.context.language):
                    scene = own_scene.set_stage(self._kinds[name], self.context)
                    made = own_scene.render(scene)
                clip = OwnClip(made, float(scene.time))
                # What an earlier scene has read may be kept in memory, and not be opened again for this one.
                self._read |= read
                self._keep_record(name, clip)
        return clip

    def render_all(
        self,
        names: Sequence[str],
        on_start: Callable[[str], object],
        on_wait: Callable[[str], object],
        tell: Callable[[str], object],
    ) -> Generator[OwnClip, None, None]:
        """Render scenes, several at once where the options and the machine allow it; their clips come in this order.

        RenderError for scenes whose own code is at fault, after all others are rendered; for anything else at once, but
        what is under way is finished. on_start, on_wait: called with the name of a scene when it begins, and once if
        another process is rendering it. tell: called with a sentence about fonts that are installed first; FontsMissing
        for those that cannot be.
        """
        if not names:
            return
        set_up_fonts_of(self.context, tell)
        waiting, failed = set[str](), dict[str, SceneFailed]()

        def tell_waiting(name: str, _: float = 0.0) -> None:
            if name not in waiting:
                waiting.add(name)
                on_wait(name)

        options = self.options
        most = 1 if options.verbose else options.jobs or worker_count(rendering.MEMORY[options.quality])
        if min(most, len(names)) < 2:
            for name in names:
                on_start(name)
                try:
                    clip = self.render(name, partial(tell_waiting, name))
                except SceneFailed as problem:
                    failed[name] = problem
                else:
                    yield clip
            _raise_failed(failed)
            return
        with WorkerPool(min(most, len(names))) as pool:
            futures = [
                pool.submit(_render_alone, self.file, options, name, on_progress=partial(tell_waiting, name))
                for name in names
            ]
            try:
                for name, future in zip(names, futures, strict=True):
                    on_start(name)
                    try:
                        clip = future.result()
                    except SceneFailed as problem:
                        failed[name] = problem
                    else:
                        yield clip
            except WorkerLost as problem:
                raise RenderError(
                    f"a process that rendered {display_path(self.file)} ended unexpectedly, perhaps for lack of "
                    f"memory; run this again with --jobs 1"
                ) from problem
            except Exception:
                for future in futures:
                    future.cancel()
                wait(futures)
                raise
        _raise_failed(failed)

    def _record(self, name: str) -> Path:
        return self.folder / f"{name}.made-from.json"

    def _keep_record(self, name: str, clip: OwnClip) -> None:
        """Write down what a clip was made from; not if some of it has changed meanwhile."""
        loaded = {Path(place) for module in list(sys.modules.values()) if (place := getattr(module, "__file__", None))}
        files = [file for file in sorted(self._read | loaded) if self._counts(file)]
        if any(file.stat().st_mtime >= self._started for file in files):
            self._record(name).unlink(missing_ok=True)
            return
        values = {
            "file": str(self.file),
            "clip": clip.file.name,
            "seconds": clip.seconds,
            "made_with": self._made_with,
            "files": {str(file): digest_if_readable(file) for file in files},
        }
        write_record(self._record(name), FORMAT, values)

    def _counts(self, file: Path) -> bool:
        """Whether a clip depends on a file that was read: not on those of Python, the system, or our own cache."""
        if "__pycache__" in file.parts or file.is_relative_to(self.options.media) or not file.is_file():
            return False
        if file.is_relative_to(ROOT / "lesson"):
            return False
        return file.is_relative_to(self.file.parent) or not any(map(file.is_relative_to, (*_INSTALLED, *_SYSTEM)))


def _raise_failed(failed: dict[str, SceneFailed]) -> None:
    """Raise the one problem as it is; of several, the first, with the names of all scenes that have one."""
    if not failed:
        return
    first = next(iter(failed.values()))
    if len(failed) == 1:
        raise first
    raise RenderError(f"{', '.join(failed)} could not be rendered; the first error: {first}") from first


def _render_alone(on_progress: Progress, file: Path, options: RenderOptions, name: str) -> OwnClip:
    """Render one scene of a file, in a process of its own; a number is sent while another renders it."""
    multiprocessing.current_process().daemon = False  # their scene may start processes, to load data for PyTorch
    with imported(file, options) as scenes:
        return scenes.render(name, lambda: on_progress(0.0))


def _folder_name(file: Path, media: Path) -> str:
    """The folder below media/own for a file of scenes: called as the file is, unless another of that name has it.

    Then, and from then on, a digest of the file's path is added.
    """
    alone = f"{file.stem}-{hashlib.sha256(os.fsencode(file)).hexdigest()[:8]}"
    records = (media / "own" / file.stem).glob("*/*.made-from.json")
    owners = {record["file"] for place in records if (record := read_record(place, FORMAT, _RECORD))}
    is_taken = any(Path(owner).is_file() for owner in owners - {str(file)})
    return alone if is_taken or (media / "own" / alone).is_dir() else file.stem


def _check_file(file: Path) -> None:
    """RenderError for what is not a Python file, or imports a file beside it that has the name of our packages."""
    if file.is_dir():
        raise RenderError(f"{file} is a folder; name a .py file of it, with scenes of your own, or a scene")
    if file.suffix != ".py":
        raise RenderError(f"{file} is not a Python file; name a file of scenes that ends in .py, or a scene")
    if not file.is_file():
        raise RenderError(f"there is no file {file}; ./knobs scenes lists the scenes of the lesson")
    if set("{}\n\r") & set(file.stem):
        raise RenderError(f"manim cannot use a brace or a line break in the name of {file.name!r}; rename the file")
    try:
        tree = ast.parse(file.read_bytes())
    except (SyntaxError, ValueError):
        return  # said when it is imported
    for node in ast.walk(tree):
        for package in _imports_of(node) & set(_PACKAGES):
            beside = file.parent / f"{package}.py"
            if beside.is_file() and beside.resolve() != file.resolve():
                raise RenderError(
                    f"{display_path(file)}, line {getattr(node, 'lineno', 1)}: {beside.name} beside it has the name of "
                    f"a package of Knobs, which is found first; rename yours, for example my_{beside.name}"
                )


def _imports_of(node: ast.AST) -> set[str]:
    """The modules that a statement imports whole, or names from; of `from scenes.kit import Cells`, scenes.kit."""
    if isinstance(node, ast.Import):
        return {alias.name for alias in node.names}
    return {node.module} if isinstance(node, ast.ImportFrom) and node.module and not node.level else set()


def _set_up_for(file: Path, folder: Path, cache: Path) -> None:
    """Have manim write clips and pictures into a folder, and what it makes on the way into another."""
    from manim import config

    config.input_file = str(file)
    config.video_dir = config.images_dir = config.sections_dir = str(folder)
    config.partial_movie_dir = str(cache / "{scene_name}")
    # manim's cache cannot see all that somebody's scene is drawn from, and would show an old picture.
    config.disable_caching = True
    # To a clip with sound, manim adds options that PyAV does not know.
    logging.getLogger("av").setLevel("ERROR")


def _import(file: Path) -> ModuleType:
    """Import a file as Python starts a program: what lies beside it can be imported, too."""
    name = f"own_{file.stem}"  # a name that no package has
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    sys.path.insert(0, str(file.parent))
    spec.loader.exec_module(module)
    return module


def _scenes_of(module: ModuleType) -> list[type[Scene]]:
    """The scenes that a module defines, in order; not those that only others are made from."""
    from manim import Scene

    return [
        thing
        for thing in vars(module).values()
        if inspect.isclass(thing)
        and issubclass(thing, Scene)
        and thing.__module__ == module.__name__
        and getattr(thing, "construct", None) is not Scene.construct
    ]


@contextmanager
def _own_errors(file: Path, media: Path) -> Iterator[None]:
    """Turn what goes wrong in a file of somebody's own into a RenderError that says where.

    An OSError of what is written below `media` stays one.
    """
    try:
        yield
    except (Exception, SystemExit) as problem:
        if isinstance(problem, OSError) and _is_of_the_disk(problem, media):
            raise
        raise SceneFailed(_told(problem, file)) from problem


def _is_of_the_disk(problem: OSError, media: Path) -> bool:
    place = problem.filename2 or problem.filename
    is_ours = isinstance(place, str | Path) and Path(place).is_relative_to(media)
    return is_ours or problem.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO)


def _told(problem: BaseException, file: Path) -> str:
    """One sentence: the file and the line, and what is wrong there."""
    if isinstance(problem, SyntaxError) and problem.filename:
        return f"{display_path(Path(problem.filename))}, line {problem.lineno}: {problem.msg}"
    frames = [frame for frame in traceback.extract_tb(problem.__traceback__) if _is_own(frame.filename, file)]
    place = f"{display_path(Path(frames[-1].filename))}, line {frames[-1].lineno}" if frames else display_path(file)
    if isinstance(problem, ModuleNotFoundError):
        return (
            f"{place}: there is no module {problem.name}; if it belongs to a package, install that with "
            f"{program('pip')} install PACKAGE"
        )
    if isinstance(problem, OSError) and str(problem.filename) in _LATEX:
        return f"{place}: this needs LaTeX, which is not installed; use Typst, MathTypst, or formula of scenes.kit"
    if is_expected(problem):
        return f"{place}: {explain(problem)}"
    kind = type(problem).__name__
    what = one_line(f"{kind}: {problem}" if str(problem) else kind)
    return f"{place}: {what}; set {DEBUG}=1 for a traceback"


def _is_own(frame: str, file: Path) -> bool:
    """Whether a frame of a traceback is of the file, or of one below its folder that is neither ours nor installed."""
    place = Path(frame)
    ours = any(map(place.is_relative_to, (ROOT / package for package in _PACKAGES)))
    installed = {"site-packages", "dist-packages"} & set(place.parts)
    return place == file or place.is_relative_to(file.parent) and not ours and not installed
