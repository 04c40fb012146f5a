"""From options to a finished export: checks, rendering, and the export itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from lesson.export import folder
from lesson.render.jobs import RenderOptions


def export_folder(output: Path | None, options: RenderOptions) -> Path:
    """Where an export is written, or was."""
    return (output or options.media / "export").resolve()


def export_lesson(
    names: Sequence[str],
    options: RenderOptions,
    narration: Path | None,
    place: Path,
    formats: dict[str, Any],
    render: Callable[[], list[Path]],
    on_wait: Callable[[], object],
    progress: Callable[[int], AbstractContextManager[Callable[[object], object]]],
) -> dict[str, Any]:
    """Export scenes to the folder `place`, and return the manifest.

    formats: the fields of `package.ExportOptions`. render: renders what is out of date and returns all clips.
    on_wait: called while another process exports to the folder. progress: a context, given the number of clips, that
    gives the function to call for each exported clip.

    ExportError, NarrationError, SoundError and what rendering raises. Everything that can be checked is checked before
    rendering.
    """
    from lesson.render import rendering
    from lesson.render.narration import lesson_narration

    if formats.get("slides"):
        from lesson.export.slides import require

        require()
    folder.refuse_others(place)
    scenes = rendering.find_scenes(names)
    wavs = lesson_narration(narration)
    drawn = _load_network(options.checkpoint).fingerprint
    clips = render()

    from lesson.export import package  # takes long to load

    network = _load_network(options.checkpoint)
    if network.fingerprint != drawn:
        raise folder.ExportError("the network was trained again while the clips were rendered; run this again")
    train, test = (_load_data(options, split) for split in ("train", "test"))
    rendered = [
        package.Rendered(part, clip, wavs.get(clip.stem)) for (part, _), clip in zip(scenes, clips, strict=True)
    ]
    with folder.open_folder(place, on_wait) as opened, progress(len(clips)) as on_clip:
        return package.export(opened, rendered, network, train, test, package.ExportOptions(**formats), on_clip)


def check_export(place: Path, checkpoint: Path | None) -> tuple[list[str], str]:
    """What is wrong with an export, one sentence each, and the fingerprint of the network it should show."""
    from lesson.export.manifest import check

    network = _load_network(checkpoint)
    return check(place, network), network.fingerprint


def _load_network(checkpoint: Path | None) -> Any:
    from network.checkpoint import load_checkpoint
    from scenes.settings import LessonContext

    return load_checkpoint(LessonContext.of(checkpoint).checkpoint)


def _load_data(options: RenderOptions, split: Any) -> Any:
    from lesson.importing.datasets import context_of
    from network.digits import load_digits

    return load_digits(context_of(options.checkpoint, options.data).data, split)
