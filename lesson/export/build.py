"""From options to a finished export: checks, rendering, and the export itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lesson.export import export_record, folder
from lesson.export.languages import exported_in
from lesson.render import rendering
from lesson.render.jobs import RenderOptions
from lesson.render.other_subtitles import Retold, other_languages
from scenes.catalogue import language_codes
from scenes.language import told_in
from scenes.stage import input_log
from scenes.syllabus import Part, SceneEntry
from scenes.voice.narration import RECORDING
from scenes.wording import count


@dataclass(frozen=True)
class FinishedExport:
    """A finished export.

    notes: what became of the clips of an earlier export, in sentences. was_up_to_date: whether there was nothing to do.
    """

    manifest: dict[str, Any]
    notes: list[str]
    was_up_to_date: bool


def export_folder(output: Path | None, options: RenderOptions, name: str = "export") -> Path:
    """Where an export is written, or was. name: of its folder below the media folder, if no other was asked for."""
    return rendering.in_language(output or options.media / name, options.language_code).resolve()


def languages_there(output: Path | None, options: RenderOptions) -> list[str]:
    """The languages that an export has already."""
    places = {code: export_folder(output, replace(options, language=code)) for code in language_codes()}
    return [code for code, place in places.items() if (folder.read_manifest(place) or {}).get("finished")]


def export_lesson(
    names: Sequence[str],
    options: RenderOptions,
    place: Path,
    formats: dict[str, Any],
    render: Callable[[], list[Path]],
    retold: Callable[[Sequence[tuple[Part, SceneEntry]]], list[list[Retold]]],
    on_wait: Callable[[], object],
    progress: Callable[[int], AbstractContextManager[Callable[[object], object]]],
    tell: Callable[[str], object],
) -> FinishedExport:
    """Export scenes to the folder `place`. If nothing has changed since the last export, NumPy is not loaded.

    formats: the fields of `exporting.ExportOptions`. render: renders what is out of date and returns all clips.
    retold: gives what the clips of these scenes say in further languages, for subtitles.
    on_wait: called while another process exports to the folder. progress: a context, given the number of clips, that
    gives the function to call for each exported clip. tell: called with a sentence about fonts that are installed.

    ExportError, and what rendering raises. Everything that can be checked is checked before rendering.
    """
    with told_in(options.language_code), exported_in(formats.get("languages", ())):
        return _export_lesson(names, options, place, formats, render, retold, on_wait, progress, tell)


def _export_lesson(
    names: Sequence[str],
    options: RenderOptions,
    place: Path,
    formats: dict[str, Any],
    render: Callable[[], list[Path]],
    retold: Callable[[Sequence[tuple[Part, SceneEntry]]], list[list[Retold]]],
    on_wait: Callable[[], object],
    progress: Callable[[int], AbstractContextManager[Callable[[object], object]]],
    tell: Callable[[str], object],
) -> FinishedExport:
    if formats.get("slides"):
        from lesson.export.slides import require

        require()
    context = options.context()
    scenes = rendering.find_scenes(names, context.data)
    folder.refuse_others(place, [entry.name for _, entry in scenes])
    folder.refuse_other_kind(place, bool(formats.get("talk")))
    others = {one.code: one.fingerprint for one in other_languages(options.subtitles, context)}
    formats = {**formats, **({"subtitles": others} if others else {})}
    sources = [options.clip_file(entry) for _, entry in scenes]
    before = export_record.inputs_of(context, sources, formats)
    was_up_to_date = not options.force and export_record.is_up_to_date(place, options.media, before)
    if not was_up_to_date:
        rendering.check_network(context)
        rendering.check_media_path(options.media)  # before a folder is made
        folder.refuse_unwritable(place)
    clips = render()
    inputs = export_record.inputs_of(context, sources, formats)  # before anything is read
    if was_up_to_date and inputs == before and (manifest := folder.read_manifest(place)):
        return FinishedExport(manifest, _notes(manifest, manifest, clips), True)

    from lesson.export import exporting  # takes long to load
    from lesson.render.fonts import set_up_fonts_of
    from network.digits import load_digits
    from scenes.licence import data_name
    from scenes.stage.inputs import Inputs

    if inputs["fingerprints"][input_log.NETWORK] != before["fingerprints"][input_log.NETWORK]:
        raise folder.ExportError("the network was trained again while the clips were rendered; run this again")
    set_up_fonts_of(context, tell)
    network = _load_network(options.checkpoint)
    data = data_name(network.metadata, Inputs(context))
    train, test = load_digits(context.data, "train"), load_digits(context.data, "test")
    rendered = [
        exporting.Rendered(part, clip, context.captions == "burned", tuple(of_clip))
        for (part, _), clip, of_clip in zip(scenes, clips, retold(scenes), strict=True)
    ]
    with folder.open_folder(place, on_wait) as opened, progress(len(clips)) as on_clip:
        made = exporting.export(
            opened, rendered, network, train, test, exporting.ExportOptions(**formats), on_clip, data
        )
        export_record.write(place, options.media, inputs, made)
    return FinishedExport(made, _notes(opened.before, made, clips), False)


def _notes(before: dict[str, Any], now: dict[str, Any], clips: Sequence[Path]) -> list[str]:
    """What became of the clips of an earlier export of this folder, in sentences. clips: those exported now."""
    if now.get("kind") == folder.TALK:
        return []  # it holds what was asked for, and nothing else
    exported = {clip.stem for clip in clips}
    kept = [clip for clip in now["clips"] if clip["scene"] not in exported]
    names = {str(clip["scene"]) for clip in now["clips"]}
    removed = [str(clip.get("scene")) for clip in before.get("clips", ()) if isinstance(clip, dict)]
    removed = [scene for scene in removed if scene not in names]
    old = [clip["scene"] for clip in kept if clip["network"] != now["model"]["fingerprint"]]
    voices = {voice for clip in now["clips"] if clip["scene"] in exported for voice in _voices(clip)}
    spoken = [clip["scene"] for clip in kept if voices and not _voices(clip) <= voices]
    sentences = []
    if kept:
        what = count(len(kept), "clip")
        sentences.append(f"Kept from the last export: {what}. To leave a clip out, delete its folder and export again.")
    if old:
        sentences.append(f"These show another network; ./knobs export {' '.join(old)} makes them again.")
    if spoken:
        names_of = ", ".join(sorted(voice or "nobody" for voice in voices))
        sentences.append(
            f"The clips exported now are spoken by {names_of}; these are not: {', '.join(spoken)}. "
            f"./knobs export {' '.join(spoken)} makes them again."
        )
    if removed:
        sentences.append(
            f"Left out: {', '.join(removed)}. The lesson no longer has the scene, another version of Knobs made the "
            f"clip, or a file of it was missing or changed; ./knobs export with the scene's name makes a clip again."
        )
    return sentences


def _voices(clip: dict[str, Any]) -> set[str]:
    """Who speaks in a clip of a manifest, "" for nobody, not counting recordings: they go with any voice."""
    return {beat["voice"] for beat in clip["beats"]} - {RECORDING}


def check_export(place: Path, checkpoint: Path | None) -> tuple[list[str], str]:
    """What is wrong with an export, one sentence each, and the fingerprint of the network it should show."""
    from lesson.export.manifest import check

    network = _load_network(checkpoint)
    return check(place, network), network.fingerprint


def _load_network(checkpoint: Path | None) -> Any:
    from network.checkpoint import load_checkpoint
    from scenes.settings import LessonContext

    return load_checkpoint(LessonContext.of(checkpoint).checkpoint)
