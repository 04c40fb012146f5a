"""The whole export: the media of every clip, then the pages that show them, then the manifest."""

from __future__ import annotations

import hashlib
import inspect
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from pathlib import Path
from types import ModuleType
from typing import Any

from lesson.export import captions, media, pages, players, scorm, steps, talk
from lesson.export.facts import Facts, facts_of
from lesson.export.figures import FigureFiles, write_figures
from lesson.export.folder import TALK, ExportedFile, ExportError, ExportFolder
from lesson.export.manifest import SCHEMA, ExportedClip, kept_clips, manifest_of
from lesson.export.snippets import snippets_of
from lesson.export.strict_csp import PageWriter
from lesson.render.clip_metadata import ClipMetadata, metadata_file, read_metadata
from lesson.render.other_subtitles import Retold
from network.checkpoint import Checkpoint
from network.digits import Digits
from network.files import digest_if_readable
from network.paths import display_path
from scenes.licence import THIS_CLIP, THIS_CLIP_AND_PAGE, licence
from scenes.syllabus import SYLLABUS, Part

# How many clips are made at a time; copying and decoding release Python's lock.
_WORKERS = 2
SLIDES = "lesson.pptx"
_POWERPOINT = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


@dataclass(frozen=True)
class Rendered:
    """A rendered clip, and the part of the lesson it belongs to.

    captions_burned: whether its captions are in its picture already. retold: what it says in further languages, for
    subtitles.
    """

    part: Part
    file: Path
    captions_burned: bool = False
    retold: tuple[Retold, ...] = ()


@dataclass(frozen=True)
class ExportOptions:
    """What an export holds besides what it always holds.

    scorm: packages for course systems. strict_csp: pages without style, script or data in them. address: where the
    folder will be found, for the snippets; empty if that is not known. talk: only what is needed to teach with these
    clips, and no others. auto, muted: as in `talk.TalkOptions`. languages: those that the
    pages link to, in `lesson.export.languages`. subtitles: the further languages of subtitles, each with a fingerprint
    of its translations.
    """

    webm: bool = False
    webp: bool = False
    gif: bool = False
    sections: bool = False
    slides: bool = False
    scorm: bool = False
    strict_csp: bool = False
    address: str = ""
    talk: bool = False
    auto: float | None = None
    muted: bool = False
    languages: Sequence[str] = ()
    subtitles: Mapping[str, str] = field(default_factory=dict)


def export(
    folder: ExportFolder,
    clips: Sequence[Rendered],
    checkpoint: Checkpoint,
    train: Digits,
    test: Digits,
    options: ExportOptions,
    on_clip: Callable[[str], object] = lambda scene: None,
    data: str | None = None,
) -> dict[str, Any]:
    """Export the rendered clips and return the manifest. train, test: the data that the network is shown with.

    data: the name of these data, from `scenes.licence.data_name`; None for that of what the network was trained on.

    Clips of other scenes that the folder already has are kept, and the pages show them too; not so in a talk. `on_clip`
    is given each scene whose media are ready. ExportError if a clip is missing or has no metadata.
    """
    told = [(clip, _metadata_of(clip.file)) for clip in clips]
    data = data or checkpoint.metadata.data_name
    address = options.address.rstrip("/") or folder.place.name
    with ThreadPoolExecutor(_WORKERS) as pool:

        def work(one: tuple[Rendered, ClipMetadata]) -> ExportedClip:
            clip, metadata = one
            made = _media(folder, clip, metadata, checkpoint.fingerprint, data, options)
            on_clip(metadata.scene)
            return made if options.talk else replace(made, snippets=snippets_of(made, address))

        # A thread begins in English, unless it is given what counts here.
        jobs = [pool.submit(copy_context().run, work, one) for one in told]
        try:
            exported = [job.result() for job in jobs]
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    if options.talk:
        terms = licence(data, (voice for clip in exported for voice in clip.voices))
        return _talk(folder, exported, checkpoint, facts_of(checkpoint, test), terms, options)
    kept = kept_clips(folder.place, folder.before, {clip.scene for clip in exported})
    for clip in kept:
        for file in clip.files:
            folder.keep(file)
    exported += [replace(clip, snippets=snippets_of(clip, address)) for clip in kept]
    if kept:
        exported.sort(key=_place_in_lesson)
    facts = facts_of(checkpoint, test)
    terms = licence(data, (voice for clip in exported for voice in clip.voices))
    pages_in = PageWriter(folder, exported, options.strict_csp)
    figures = write_figures(folder, checkpoint, facts, train, test, pages_in.write, terms)
    return _pages(folder, exported, checkpoint, data, facts, figures, pages_in, address, terms, options)


def _place_in_lesson(clip: ExportedClip) -> tuple[int, int]:
    names = [entry.name for part in SYLLABUS if part.number == clip.part.number for entry in part.scenes]
    return clip.part.number, names.index(clip.scene) if clip.scene in names else len(names)


def _metadata_of(clip: Path) -> ClipMetadata:
    if not clip.exists():
        raise ExportError(f"there is no clip {display_path(clip)}; render it with ./knobs render {clip.stem}")
    metadata = read_metadata(clip)
    if metadata is None:
        raise ExportError(
            f"{display_path(metadata_file(clip))} is missing or damaged; "
            f"render it again with ./knobs render {clip.stem} --force"
        )
    if not metadata.alternative_text.strip():
        raise ExportError(f"{metadata.scene} has no alternative text; add alternative_text() to its class")
    return metadata


def _media(
    folder: ExportFolder, rendered: Rendered, metadata: ClipMetadata, network: str, data: str, options: ExportOptions
) -> ExportedClip:
    clip = rendered.file
    subtitles = [one.subtitles(metadata.seconds) for one in rendered.retold]
    of_files = [digest_if_readable(file) for file in (clip, metadata_file(clip))]
    terms = licence(data, [beat.voice for beat in metadata.beats], THIS_CLIP)
    sources = f"{code_of(media, captions, steps)} {of_files} {terms} {subtitles or ''}"
    files: list[ExportedFile] = []
    # Captions are a track, or are drawn into the picture, unless they are there.
    undrawn = replace(metadata, beats=()) if rendered.captions_burned else metadata

    def make(role: str, ending: str, kind: str, write: Callable[[Path], object], label: str = "") -> None:
        files.append(folder.make(metadata.scene, ending, role, kind, sources, write, label))

    make("mp4", "mp4", "video/mp4", lambda to: media.write_mp4(clip, to, undrawn, terms, subtitles))
    for step in steps.steps_of(metadata):
        make("beat", f"beat-{step.number:02d}.webp", "image/webp", partial(media.write_picture_before, clip, step.stop))
    for one in subtitles:
        make("subtitles", f"{one.language}.vtt", "text/vtt", partial(captions.write_subtitles, one), one.language)
    if options.talk:
        return _exported(rendered, metadata, network, files)
    if options.webm:
        make("webm", "webm", "video/webm", lambda to: media.write_webm(clip, to, metadata, terms))
    if options.webp:
        make("webp", "webp", "image/webp", lambda to: media.write_webp(clip, to, undrawn))
    if options.gif:
        make("gif", "gif", "image/gif", lambda to: media.write_gif(clip, to, undrawn))
    found: list[media.Stills] = []  # both are found in one go, and only if one is needed

    def still() -> media.Stills:
        if not found:
            found.append(media.stills(clip, metadata))
        return found[0]

    make("poster", "poster.jpg", "image/jpeg", lambda to: media.write_jpeg(still().poster, to))
    make("final", "final.jpg", "image/jpeg", lambda to: media.write_jpeg(still().final, to))
    make("preview", "preview.webp", "image/webp", lambda to: media.write_preview(still().poster, to))
    for role, (ending, kind, text) in captions.WORDS.items():
        make(role, ending, kind, lambda to, text=text: to.write_text(text(metadata), encoding="utf-8", newline="\n"))  # type: ignore[misc]
    if options.sections:
        for number, chapter in enumerate(metadata.chapters, 1):
            make(
                "section",
                f"{number:02d}.mp4",
                "video/mp4",
                lambda to, chapter=chapter: media.write_section(clip, to, undrawn, chapter, terms),  # type: ignore[misc]
                label=chapter.name,
            )
    return _exported(rendered, metadata, network, files)


def _subtitles_of(clip: ExportedClip, folder: ExportFolder) -> tuple[tuple[str, str], ...]:
    files = clip.files_of("subtitles")
    return tuple((file.label, (folder.place / file.path).read_text("utf-8")) for file in files)


def _exported(rendered: Rendered, metadata: ClipMetadata, network: str, files: Sequence[ExportedFile]) -> ExportedClip:
    video = media.describe(rendered.file)
    return ExportedClip(
        rendered.part,
        metadata,
        video.width,
        video.height,
        video.rate,
        video.has_sound,
        rendered.captions_burned,
        network,
        tuple(files),
        snippets={},
    )


@lru_cache
def code_of(*modules: ModuleType) -> str:
    """A hash of the source of modules and of all that they use of ours: what other code made is made again."""
    sources = (inspect.getsource(module) for module in modules_behind(*modules))
    return hashlib.sha256("\0".join(sources).encode()).hexdigest()


def modules_behind(*modules: ModuleType) -> list[ModuleType]:
    """These modules and all modules of ours that they import something from, by name."""
    found: dict[str, ModuleType] = {}

    def visit(module: ModuleType) -> None:
        if module.__name__ in found or not module.__name__.startswith(("lesson.", "network.", "scenes.")):
            return
        found[module.__name__] = module
        for value in vars(module).values():
            origin = (
                value if isinstance(value, ModuleType) else sys.modules.get(getattr(value, "__module__", None) or "")
            )
            if origin is not None:
                visit(origin)

    for module in modules:
        visit(module)
    return [found[name] for name in sorted(found)]


def _pages(
    folder: ExportFolder,
    clips: list[ExportedClip],
    checkpoint: Checkpoint,
    data: str,
    facts: Facts,
    figures: FigureFiles,
    pages_in: PageWriter,
    address: str,
    terms: str,
    options: ExportOptions,
) -> dict[str, Any]:
    # Those of clips that were kept are in their files.
    clips = [replace(clip, subtitles=_subtitles_of(clip, folder)) for clip in clips]
    whole = []
    for before, clip, after in zip([None, *clips], clips, [*clips[1:], None], strict=False):
        own_terms = licence(data, clip.voices, THIS_CLIP_AND_PAGE)
        alone = players.one_file(clip, folder.place, checkpoint, own_terms)
        own = [
            pages_in.write(clip.player, players.player(clip, before, after, checkpoint, own_terms), "player"),
            folder.write(f"{clip.scene}/one-file.html", alone, "one_file", "text/html"),
        ]
        if options.scorm:
            own.append(scorm.clip_package(folder, clip, players.packaged(clip, checkpoint, own_terms), own_terms))
        whole.append(replace(clip, files=(*clip.files, *own)))
    title = pages.title_of(facts)
    written = [
        pages_in.write("index.html", pages.index(whole, facts, checkpoint, figures, terms), "lesson"),
        pages_in.write("use.html", pages.use(whole, facts, address, figures, terms), "use"),
        folder.write(SCHEMA, pages.schema(), "schema", "application/schema+json"),
        *figures.files,
    ]
    written += [*_to_teach_with(folder, pages_in, whole, checkpoint, title, terms, options), *pages_in.parts]
    if options.scorm:
        page = pages.index(whole, facts, checkpoint, figures, terms, packaged=True)
        written.append(scorm.lesson_package(folder, page, whole, written, title, terms))
    manifest = manifest_of(title, checkpoint, whole, written, terms)
    folder.finish(manifest)
    return manifest


def _to_teach_with(
    folder: ExportFolder,
    pages_in: PageWriter,
    clips: list[ExportedClip],
    checkpoint: Checkpoint,
    title: str,
    terms: str,
    options: ExportOptions,
) -> list[ExportedFile]:
    """The presenter, the handout, and the slides if they are wanted."""
    presenter = talk.presenter(clips, title, talk.TalkOptions(options.auto, options.muted), terms)
    written = [
        pages_in.write(talk.PRESENTER, presenter, "presenter"),
        pages_in.write(talk.HANDOUT, talk.handout(clips, title, checkpoint, terms), "handout"),
    ]
    if options.slides:
        from lesson.export import slides

        written.append(folder.write(SLIDES, slides.deck(clips, folder.place, title, terms), "slides", _POWERPOINT))
    return written


def _talk(
    folder: ExportFolder,
    clips: list[ExportedClip],
    checkpoint: Checkpoint,
    facts: Facts,
    terms: str,
    options: ExportOptions,
) -> dict[str, Any]:
    """A folder that holds a talk and nothing else."""
    clips = [replace(clip, subtitles=_subtitles_of(clip, folder)) for clip in clips]
    title, pages_in = pages.title_of(facts), PageWriter(folder, clips, options.strict_csp)
    written = _to_teach_with(folder, pages_in, clips, checkpoint, title, terms, options)
    manifest = {**manifest_of(title, checkpoint, clips, [*written, *pages_in.parts], terms), "kind": TALK}
    del manifest["$schema"]  # that is of whole exports
    folder.finish(manifest)
    return manifest
