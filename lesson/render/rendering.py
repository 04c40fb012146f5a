"""From scenes to clips: renders scenes one after the other, and tells how far it is."""

from __future__ import annotations

import errno
import fcntl
import importlib
import io
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from lesson.render.clip_metadata import Chapter, ClipMetadata, write_metadata
from network.errors import KnobsError
from scenes.settings import ROOT, LessonContext
from scenes.syllabus import Part, SceneEntry, all_scenes, is_card, module_of, with_cards

# manim's own letters and names.
QUALITIES = {
    "l": ("low_quality", "480p15"),
    "m": ("medium_quality", "720p30"),
    "h": ("high_quality", "1080p60"),
    "k": ("fourk_quality", "2160p60"),
}
# The memory that a process takes to render a scene, in MB. ForwardPassOfADigit took 675, 1231, 2038 and 2600.
MEMORY = {"l": 800, "m": 1400, "h": 2300, "k": 3000}


class RenderError(KnobsError):
    """A scene that could not be rendered; the message is one sentence with the remedy."""


@dataclass(frozen=True)
class Clip:
    """A finished clip. seconds: its length. read: what its scene read, by the names of `scenes.stage.input_log`."""

    scene: SceneEntry
    file: Path
    seconds: float
    read: frozenset[str] = frozenset()


def find_scenes(names: Sequence[str]) -> list[tuple[Part, SceneEntry]]:
    """The scenes called by name, or by the number of their part, in the order of the lesson; all for no name.

    The cards of the film are found by their names, too. RenderError for a name that is none, with the nearest that is.
    """
    scenes = all_scenes()
    if not names:
        return scenes
    scenes = with_cards(scenes)
    known = {scene.name.lower(): scene.name for _, scene in scenes}
    parts = {str(part.number): part for part, _ in scenes if not is_card(part)}
    wanted: set[str] = set()
    for name in names:
        if name in parts:
            wanted.update(scene.name for scene in parts[name].scenes)
        elif name.lower() in known:
            wanted.add(known[name.lower()])
        else:
            near = get_close_matches(name.lower(), known, n=1, cutoff=0.3)
            hint = f"did you mean {known[near[0]]}? " if near else ""
            raise RenderError(f"there is no scene {name!r}; {hint}./knobs scenes lists them")
    return [(part, scene) for part, scene in scenes if scene.name in wanted]


def clip_file(scene: SceneEntry, quality: str, media: Path) -> Path:
    """Where the clip of a scene goes, by manim.cfg; known without manim."""
    return media / "clips" / QUALITIES[quality][1] / f"{scene.name}.mp4"


@contextmanager
def render_lock(scene: SceneEntry, quality: str, media: Path, on_wait: Callable[[], object]) -> Iterator[None]:
    """Let no other process render the same clip; where one does, `on_wait` is called again and again until it is ready.

    RenderError where nothing can be written below `media`.
    """
    lock = media / "cache" / QUALITIES[quality][1] / f"{scene.name}.lock"
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        number = os.open(lock, os.O_CREAT | os.O_RDWR, 0o666)
    except OSError as problem:
        raise _not_written(problem) from problem
    try:  # the system takes the lock away with the process, however that ends
        while True:
            try:
                fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                on_wait()
                time.sleep(0.1)
                continue
            except OSError:
                pass  # a file system without locks: finished files are whole all the same
            break
        yield
    finally:
        os.close(number)


@contextmanager
def manim_set_up(quality: str, media: Path, verbose: bool = False) -> Iterator[None]:
    """manim's configuration for a quality of `QUALITIES`: the project's manim.cfg, files below `media`."""
    from manim import config, logger, tempconfig

    from scenes.stage.file_writer import remove_half_written_svgs

    logger.setLevel("INFO" if verbose else "ERROR")
    remove_half_written_svgs(media / "cache" / "typst")
    with tempconfig({}):
        config.digest_file(ROOT / "manim.cfg")
        config.media_dir = str(media)
        config.quality = QUALITIES[quality][0]
        if quality == "k":
            config.encoder_queue_size = 2  # a frame takes 33 MB
        config.verbosity = "INFO" if verbose else "ERROR"  # sets the logger again
        config.progress_bar = "display" if verbose else "none"
        yield


def dry_run_seconds(part: Part, scene: SceneEntry, context: LessonContext) -> float:
    """How long a scene will be, in seconds: it is gone through without being drawn, within `manim_set_up`."""
    return float(dry_run(part, scene, context).time)


def dry_run(part: Part, scene: SceneEntry, context: LessonContext) -> Any:
    """A scene that was gone through without being drawn."""
    from manim import tempconfig

    with tempconfig({"dry_run": True, "disable_caching": True}):
        stage: Any = scene_class(part, scene)(context=context, skip_animations=True)
        stage.render()
    return stage


def render(
    part: Part, scene: SceneEntry, context: LessonContext, on_progress: Callable[[int], None] | None = None
) -> Clip:
    """Render one scene, as `render_stage` does."""
    return render_stage(scene_class(part, scene)(context=context), scene, on_progress)


def render_stage(stage: Any, scene: SceneEntry, on_progress: Callable[[int], None] | None = None) -> Clip:
    """Render one scene, within `manim_set_up`. `on_progress` is told the frames that are done.

    RenderError, with nothing half-done left under the clip's name, where a file cannot be written.
    """
    from scenes.stage import input_log

    stage.renderer.on_progress = on_progress
    with input_log.noting() as read:
        run_scene(stage)
        story = metadata_of(stage, scene)
    clip = Clip(scene, stage.clip_file, float(stage.time), frozenset(read))
    with os_errors_as_render_errors():
        write_metadata(clip.file, story)
    return clip


def run_scene(stage: Any) -> None:
    """Let a scene be played. RenderError where a file cannot be written."""
    with os_errors_as_render_errors():
        stage.render()


@contextmanager
def os_errors_as_render_errors() -> Iterator[None]:
    """RenderError, with the remedy, instead of an OSError."""
    try:
        yield
    except OSError as problem:
        raise _not_written(problem) from problem


def render_comparison(context: LessonContext, media: Path, only_still: bool) -> tuple[Clip | None, Path]:
    """Render the clip that compares the context's network with its `compared`, and the picture that it ends with."""
    from manim import tempconfig

    from scenes.comparison import TwoNetworks, names_of

    name = "-and-".join(name.replace("/", "-") for name in names_of(context.checkpoint, *context.compared))
    entry = SceneEntry("TwoNetworks", f"{name.replace('-and-', ' and ')}", "Two networks side by side.")
    still = media / "compare" / f"{name}.png"
    clip = None
    with manim_set_up(context.quality, media), tempconfig({"output_file": name, "dry_run": only_still}):
        stage = TwoNetworks(context=context, skip_animations=only_still)
        with os_errors_as_render_errors():
            stage.render()
            if not only_still:
                clip = Clip(entry, stage.clip_file, float(stage.time))
                write_metadata(clip.file, metadata_of(stage, entry))
            save_still(stage, still)
    return clip, still


def save_still(stage: Any, file: Path) -> None:
    """Write the stage as it is now as a PNG file, with its folder. OSError where that cannot be written."""
    from network.files import atomic_write

    picture = io.BytesIO()
    stage.still().save(picture, "png")
    file.parent.mkdir(parents=True, exist_ok=True)
    atomic_write(file, picture.getvalue())


def metadata_of(stage: Any, scene: SceneEntry) -> ClipMetadata:
    """What a scene told, once it has been gone through."""
    seconds = float(stage.time)
    # A scene without named beats is one chapter.
    starts = [(beat.name, float(beat.start)) for beat in getattr(stage, "beats", [])] or [(scene.title, 0.0)]
    starts[0] = (starts[0][0], 0.0)
    stops = [start for _, start in starts[1:]] + [seconds]
    chapters = [Chapter(name, start, stop) for (name, start), stop in zip(starts, stops, strict=True) if stop > start]
    return ClipMetadata(
        scene.name,
        scene.title,
        scene.summary,
        seconds,
        stage.alternative_text(),
        tuple(stage.captions),
        tuple(chapters),
    )


def check_network(context: LessonContext) -> None:
    """CheckpointError or DataError where the network or the data cannot be read, or do not fit. Needs no manim."""
    from network.checkpoint import load_checkpoint
    from network.digits import load_digits
    from network.files import display_path

    checkpoint, data = (Path(display_path(place)) for place in (context.checkpoint, context.data))
    load_checkpoint(checkpoint).check_fits(load_digits(data, "test"))


def _not_written(problem: OSError) -> RenderError:
    place = problem.filename2 or problem.filename
    what = f"{place} cannot be written" if place else "a clip cannot be written"
    if problem.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO):
        remedy = "free some space or choose another folder by --media FOLDER"
    else:
        remedy = "choose another folder by --media FOLDER"
    return RenderError(f"{what}: {problem.strerror or problem}; {remedy}")


def scene_class(part: Part, scene: SceneEntry) -> type:
    found = getattr(importlib.import_module(module_of(part, scene)), scene.name)
    assert isinstance(found, type)
    return found
