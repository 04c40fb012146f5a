"""From a scene to a clip: finding scenes, setting manim up, and rendering one scene."""

from __future__ import annotations

import errno
import importlib
import io
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lesson.render.clip_metadata import Chapter, ClipMetadata, write_metadata
from network.errors import KnobsError, nearest
from network.files import file_lock, final_name
from network.tables import has_pictures
from scenes.catalogue import ENGLISH_CODE
from scenes.language import _
from scenes.settings import NO_VOICE, ROOT, LessonContext
from scenes.syllabus import Part, SceneEntry, all_scenes, is_card, module_of, with_cards

# manim's letters and names for qualities, and the folder of each.
QUALITIES = {
    "l": ("low_quality", "480p15"),
    "m": ("medium_quality", "720p30"),
    "h": ("high_quality", "1080p60"),
    "k": ("fourk_quality", "2160p60"),
}
# The memory that a process needs to render a scene, in MB. ForwardPassOfADigit took 675, 1231, 2038 and 2600.
MEMORY = {"l": 800, "m": 1400, "h": 2300, "k": 3000}


class RenderError(KnobsError):
    """A scene that could not be rendered; the message is one sentence with the remedy."""


@dataclass(frozen=True)
class Clip:
    """A finished clip. seconds: its length. read: what its scene read, in the names of `scenes.stage.input_log`."""

    scene: SceneEntry
    file: Path
    seconds: float
    read: frozenset[str] = frozenset()


def find_scenes(names: Sequence[str], data: Path | None = None) -> list[tuple[Part, SceneEntry]]:
    """The scenes with these names or part numbers, in the order of the lesson; all scenes if none is given.

    The title cards of the film are found by their names, too. data: the folder of the data; where it is a table of
    numbers, the scenes that need pictures are left out, and asking for one by its name is a RenderError. So is an
    unknown name; the nearest one is told.
    """
    asked_for = {name.lower() for name in names}
    found = _named_scenes(names)
    if data is None or has_pictures(data):
        return found
    why = "cannot be shown for this network, which takes the rows of a table"
    remedy = "leave it out; ./knobs scenes, with this network, lists those that can"
    for _part, scene in left_out(names, data):
        if scene.name.lower() in asked_for:
            raise RenderError(f"{scene.name} {why}, because {scene.needs_pictures}; {remedy}")
    shown = [
        (part, scene if is_card(part) else scene.of_rows())
        for part, scene in found
        if is_card(part) or scene.for_rows is not None
    ]
    if not shown:
        raise RenderError(f"part {' and '.join(names)} {why}, because all of its scenes show pictures; {remedy}")
    return shown


def left_out(names: Sequence[str], data: Path) -> list[tuple[Part, SceneEntry]]:
    """Of the scenes with these names, or all, those that need pictures where the data has none."""
    if has_pictures(data):
        return []
    return [(part, scene) for part, scene in _named_scenes(names) if not is_card(part) and scene.for_rows is None]


def told_of_left_out(names: Sequence[str], data: Path) -> str | None:
    """What to say about the scenes that are left out because the data is no pictures; None if there are none."""
    missing, asked_for = len(left_out(names, data)), len(_named_scenes(names))
    if not missing:
        return None
    return (
        f"This network takes the rows of a table, so {missing} of {asked_for} scenes are left out, because they show "
        f"pictures; ./knobs scenes, with this network, says why."
    )


def is_known(name: str) -> bool:
    """Whether this is the name of a scene, or the number of a part."""
    try:
        return bool(_named_scenes([name]))
    except RenderError:
        return False


def _named_scenes(names: Sequence[str]) -> list[tuple[Part, SceneEntry]]:
    scenes = all_scenes()
    if not names:
        return scenes
    scenes = with_cards(scenes)
    known = {scene.name.lower(): scene.name for _, scene in scenes}
    parts = {str(part.number): part for part, _ in scenes if not is_card(part)}
    chosen: set[str] = set()
    for name in names:
        if name in parts:
            chosen.update(scene.name for scene in parts[name].scenes)
        elif name.lower() in known:
            chosen.add(known[name.lower()])
        elif not name.strip():
            raise RenderError("the name of a scene is empty; ./knobs scenes lists the names")
        else:
            near = nearest(name, known.values())
            hint = f"did you mean {near}? " if near else ""
            raise RenderError(f"there is no scene {name!r}; {hint}./knobs scenes lists them")
    return [(part, scene) for part, scene in scenes if scene.name in chosen]


def clip_file(scene: SceneEntry, quality: str, media: Path, language: str = ENGLISH_CODE) -> Path:
    """Where the clip of a scene is written, as manim.cfg and `scenes.stage.clip_folder` say; does not need manim."""
    return in_language(media / "clips", language) / QUALITIES[quality][1] / f"{scene.name}.mp4"


def in_language(folder: Path, language: str) -> Path:
    """The folder for what is made in a language: English has no folder of its own."""
    return folder if language == ENGLISH_CODE else folder / language


def check_media_path(media: Path) -> None:
    """RenderError for a path that manim or its encoder cannot use.

    manim takes braces for placeholders, a line break ends a path, and the encoder wants a path that is text in UTF-8.
    """
    if any("\ud800" <= letter <= "\udfff" for letter in str(media.resolve())):
        raise RenderError(
            f"clips cannot be written to a folder whose path is not text in UTF-8 ({str(media.resolve())!a}); "
            "choose another folder with --media FOLDER"
        )
    if any(letter in str(media.resolve()) for letter in "{}\n\r"):
        place = str(media.resolve()).replace("\n", "\\n").replace("\r", "\\r")
        raise RenderError(
            f"manim cannot write to a folder with a brace or a line break in its path ({place}); "
            "choose another folder with --media FOLDER"
        )


@contextmanager
def render_lock(scene: SceneEntry, quality: str, media: Path, on_wait: Callable[[], object]) -> Iterator[None]:
    """Keep other processes from rendering the same clip; while another one does, `on_wait` is called again and again.

    RenderError if nothing can be written below `media`.
    """
    with ExitStack() as stack:
        with os_errors_as_render_errors():
            lock = media / "cache" / QUALITIES[quality][1] / f"{scene.name}.lock"
            stack.enter_context(file_lock(lock, on_wait))
        yield


@contextmanager
def manim_set_up(quality: str, media: Path, verbose: bool = False) -> Iterator[None]:
    """Configure manim for a quality of `QUALITIES`: the project's manim.cfg, with files below `media`."""
    from manim import config, logger, tempconfig
    from tqdm import tqdm

    from scenes.stage.file_writer import remove_half_written_svgs

    check_media_path(media)
    # manim's progress bar would share a semaphore between processes, which a process that is ended leaves behind.
    tqdm.set_lock(threading.RLock())
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


def dry_run(part: Part, scene: SceneEntry, context: LessonContext) -> Any:
    """Run a scene without drawing it, and return it; call it within `manim_set_up`."""
    from manim import tempconfig

    with tempconfig({"dry_run": True, "disable_caching": True}):
        stage: Any = scene_class(part, scene)(context=context, skip_animations=True)
        stage.render()
    return stage


def render_stage(stage: Any, scene: SceneEntry, on_progress: Callable[[int], None] | None = None) -> Clip:
    """Render one scene, within `manim_set_up`. `on_progress` is called with the number of finished frames.

    RenderError if a file cannot be written; the clip's name then never names an incomplete file.
    """
    from scenes.stage import input_log

    stage.renderer.on_progress = on_progress
    with input_log.noting() as read:
        run_scene(stage)
        metadata = metadata_of(stage, scene)
    clip = Clip(scene, stage.clip_file, float(stage.time), frozenset(read))
    with os_errors_as_render_errors():
        write_metadata(clip.file, metadata)
    return clip


def run_scene(stage: Any) -> None:
    """Run a scene. RenderError if a file cannot be written."""
    with os_errors_as_render_errors():
        stage.render()


@contextmanager
def os_errors_as_render_errors() -> Iterator[None]:
    """Turn an OSError into a RenderError that names the remedy."""
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
    if only_still:
        context = replace(context, voice=NO_VOICE)  # the last picture is the same
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
    """The metadata of a scene that has run."""
    with stage.in_its_language():
        return _metadata_of(stage, scene)


def _metadata_of(stage: Any, scene: SceneEntry) -> ClipMetadata:
    seconds = float(stage.time)
    title, summary = _(scene.title), _(scene.summary)
    # A scene without chapters of its own is one chapter.
    starts = [(chapter.name, float(chapter.start)) for chapter in stage.chapters] or [(title, 0.0)]
    starts[0] = (starts[0][0], 0.0)
    stops = [start for _, start in starts[1:]] + [seconds]
    chapters = [Chapter(name, start, stop) for (name, start), stop in zip(starts, stops, strict=True) if stop > start]
    return ClipMetadata(
        scene.name,
        title,
        summary,
        seconds,
        stage.alternative_text(),
        tuple(stage.beats),
        tuple(chapters),
        tuple(stage.sounds),
        stage.context.language,
    )


def check_network(context: LessonContext) -> None:
    """CheckpointError or DataError where the network or the data cannot be read, or do not fit. Needs no manim."""
    from network.checkpoint import load_checkpoint
    from network.digits import load_digits
    from network.paths import display_path

    checkpoint, data = (Path(display_path(place)) for place in (context.checkpoint, context.data))
    load_checkpoint(checkpoint).check_fits(load_digits(data, "test"))


def _not_written(problem: OSError) -> RenderError:
    place = final_name(problem.filename2 or problem.filename)
    what = f"{place} cannot be written" if place else "a clip cannot be written"
    if problem.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO):
        remedy = "free some space or choose another folder with --media FOLDER"
    else:
        remedy = "choose another folder with --media FOLDER"
    return RenderError(f"{what}: {problem.strerror or problem}; {remedy}")


def source_file(part: Part, scene: SceneEntry) -> Path:
    """The file in which a scene stands."""
    return ROOT.joinpath(*module_of(part, scene).split(".")).with_suffix(".py")


def scene_class(part: Part, scene: SceneEntry) -> type:
    """The class of a scene, imported."""
    found = getattr(importlib.import_module(module_of(part, scene)), scene.name)
    assert isinstance(found, type)
    return found
