"""The whole lesson as one film: which clips it consists of, its captions, and whether it is up to date."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from lesson.render.build_record import changed_file, file_states, read_record, write_record
from lesson.render.clip_metadata import Chapter, ClipMetadata, metadata_file, read_metadata
from lesson.render.other_subtitles import Retold
from lesson.render.rendering import QUALITIES, in_language
from network.errors import KnobsError
from network.files import atomic_write, file_state
from network.paths import display_path
from network.tables import has_pictures
from scenes.catalogue import ENGLISH_CODE
from scenes.language import _, current, told_in
from scenes.settings import LessonContext
from scenes.stage import code_fingerprint
from scenes.syllabus import FILM_NAME, Part, SceneEntry, film_subtitle, is_card
from scenes.voice.cues import Caption, Subtitles
from scenes.voice.narration import Beat, PlayedSound
from scenes.wording import number

FORMAT = 3
_RECORD = {"seconds": int | float, "inputs": list, "code": dict, "files": dict}


class FilmError(KnobsError):
    """A film that cannot be made; the message is one sentence with the remedy."""


@dataclass(frozen=True)
class FilmClip:
    """A clip of the film."""

    part: Part
    scene: SceneEntry
    clip: Path


def film_file(quality: str, media: Path, language: str = ENGLISH_CODE) -> Path:
    """Where the film is written."""
    return in_language(media / "film", language) / QUALITIES[quality][1] / f"{FILM_NAME}.mp4"


def caption_files(film: Path, language: str = "") -> tuple[Path, Path]:
    """The captions beside the film, as SRT and as WebVTT. language: another than that of the film."""
    between = f".{language}" if language else ""
    return film.with_suffix(f"{between}.srt"), film.with_suffix(f"{between}.vtt")


def is_up_to_date(film: Path, clips: Sequence[Path], subtitles: Sequence[Subtitles] = ()) -> bool:
    """Whether there is a film made from exactly these files as they are now, with these subtitles, by the same code."""
    record = _record(film)
    return (
        record is not None
        and record["inputs"] == _inputs(film, clips, subtitles)
        and not code_fingerprint.changes(record["code"])
        and film.name in record["files"]
        and changed_file(film.parent, record["files"]) is None
    )


def film_seconds(film: Path) -> float:
    """The length of a finished film."""
    record = _record(film)
    assert record is not None
    return float(record["seconds"])


def make_film(
    film: Path,
    clips: Sequence[FilmClip],
    subtitle: str,
    comment: str,
    data: str,
    speech: Path,
    captions_burned: bool = False,
    subtitles: Sequence[Subtitles] = (),
) -> None:
    """Join the clips into a film with chapters, captions and sound, and write the captions beside it.

    subtitle: of the film. data: the name of the data, for the licence in the film. speech: the folder of the speech
    cache. captions_burned: whether the pictures have the captions; then they are neither inside nor beside it, or they
    would be shown twice. subtitles: in other languages, as `subtitles_of_film` lays them; they are inside the film and
    beside it. The sound is mixed anew from what is said in the scenes, so that it is one track without gaps, in step
    with the pictures. OSError if a file cannot be written, JoinError and SoundError for clips and WAV files that cannot
    be used.
    """
    from lesson.render.muxing import build_timeline, join
    from scenes.licence import THIS_FILM, licence
    from scenes.voice.mixing import later, mix, placed_sounds

    files = [clip.clip for clip in clips]
    inputs = _inputs(film, files, subtitles)  # before anything is read
    code = code_fingerprint.of_scene((__name__, make_film.__name__))
    timeline = build_timeline(files)
    of_clips = [_metadata_of(clip) for clip in files]
    metadata = film_metadata(clips, of_clips, [(float(t.start), float(t.stop)) for t in timeline], subtitle)
    sounds = [
        sound
        for clip, told in zip(timeline, of_clips, strict=True)
        for sound in later(placed_sounds(told.beats, told.sounds, speech), float(clip.start))
    ]
    shown = replace(metadata, beats=()) if captions_burned else metadata
    terms = licence(data, [beat.voice for beat in metadata.beats], THIS_FILM)
    join(timeline, film, shown, comment, mix(sounds, metadata.seconds), terms, subtitles)
    beside = [] if captions_burned else [*caption_files(film)]
    if captions_burned:
        for file in caption_files(film):
            file.unlink(missing_ok=True)
    else:
        _write_captions(caption_files(film), metadata.captions)
    for other in subtitles:
        of_language = caption_files(film, other.language)
        with told_in(other.language):
            _write_captions(of_language, other.captions)
        beside += of_language
    record = {"seconds": metadata.seconds, "inputs": inputs, "code": code, "files": file_states((film, *beside))}
    write_record(_build_record_file(film), FORMAT, record)


def subtitles_of_film(clips: Sequence[FilmClip], retold: Sequence[Sequence[Retold]]) -> list[Subtitles]:
    """The subtitles of a film in other languages. retold: what each clip says in them, in the same order."""
    if not any(retold):
        return []
    from lesson.render.muxing import build_timeline

    timeline = build_timeline([clip.clip for clip in clips])
    found: dict[str, list[Beat]] = {}
    for clip, of_clip in zip(timeline, retold, strict=True):
        for one in of_clip:
            found.setdefault(one.language, []).extend(one.moved(float(clip.start)).beats)
    return [Retold(code, tuple(beats)).subtitles(float(timeline[-1].stop)) for code, beats in found.items()]


def metadata_of_film(clips: Sequence[FilmClip], subtitle: str) -> ClipMetadata:
    """The metadata of the film that these clips make. JoinError or FilmError for clips that cannot be joined."""
    from lesson.render.muxing import build_timeline

    files = [clip.clip for clip in clips]
    times = [(float(one.start), float(one.stop)) for one in build_timeline(files)]
    return film_metadata(clips, [_metadata_of(file) for file in files], times, subtitle)


def told_of_network(context: LessonContext) -> tuple[str, str, str]:
    """The subtitle of the film, a comment that says which network it is, and the name of the data."""
    from network.checkpoint import load_checkpoint
    from scenes.licence import data_name
    from scenes.stage.inputs import Inputs

    found = load_checkpoint(context.checkpoint)
    comment = _("Drawn from the network {fingerprint}.", fingerprint=found.fingerprint[:12])
    subtitle = _(film_subtitle(found.metadata.class_names, not has_pictures(context.data)))
    return subtitle, comment, data_name(found.metadata, Inputs(context))


def film_metadata(
    clips: Sequence[FilmClip],
    of_clips: Sequence[ClipMetadata],
    times: Sequence[tuple[float, float]],
    subtitle: str,
) -> ClipMetadata:
    """The metadata of the film; `times`: when each clip starts and stops, in seconds. subtitle: of the film.

    Every scene is a chapter. The title card of a part belongs to the chapter of the part's first scene.
    """
    beats: list[Beat] = []
    sounds: list[PlayedSound] = []
    chapters: list[Chapter] = []
    chapter_start: float | None = None
    for clip, metadata, (start, stop) in zip(clips, of_clips, times, strict=True):
        beats += [replace(beat.moved(start), name=f"{metadata.scene}.{beat.name}") for beat in metadata.beats]
        sounds += [replace(sound, start=start + sound.start) for sound in metadata.sounds]
        chapter_start = start if chapter_start is None else chapter_start
        part = clip.part
        if is_card(part) and part.number:
            continue
        name = f"{part.number}. {_(part.title)}: {metadata.title}" if part.number else metadata.title
        chapters.append(Chapter(name, chapter_start, stop))
        chapter_start = None
    title = f"{FILM_NAME}: {subtitle}"
    scenes = sum(not is_card(clip.part) for clip in clips)
    summary = _("{film}, {subtitle}, in {scenes} scenes.", film=FILM_NAME, subtitle=subtitle, scenes=number(scenes))
    text = " ".join(metadata.alternative_text for metadata in of_clips)
    return ClipMetadata(
        FILM_NAME, title, summary, times[-1][1], text, tuple(beats), tuple(chapters), tuple(sounds), current().code
    )


def _metadata_of(clip: Path) -> ClipMetadata:
    metadata = read_metadata(clip)
    if metadata is None:
        raise FilmError(
            f"{display_path(metadata_file(clip))} is missing or damaged; "
            f"render the clip again with: ./knobs render {clip.stem} --force"
        )
    return metadata


def _write_captions(files: Sequence[Path], captions: Sequence[Caption]) -> None:
    from lesson.render.subtitles import as_srt, as_webvtt

    for file, written in zip(files, (as_srt, as_webvtt), strict=True):
        atomic_write(file, written(captions).encode())


def _build_record_file(film: Path) -> Path:
    return film.with_name(f"{film.stem}.joined-from.json")


def _inputs(film: Path, clips: Sequence[Path], subtitles: Sequence[Subtitles]) -> list[Any]:
    """The paths, relative to the film, and change stamps of all files that go into it, in order, as JSON has them.

    Of subtitles in other languages, a hash.
    """
    files = [
        [[os.path.relpath(file, film.parent), file_state(file)] for file in (clip, metadata_file(clip))]
        for clip in clips
    ]
    return [*files, *([one.language, sha256(repr(one).encode()).hexdigest()] for one in subtitles)]


def _record(film: Path) -> dict[str, Any] | None:
    record = read_record(_build_record_file(film), FORMAT, _RECORD)
    return record if record and all(isinstance(names, dict) for names in record["code"].values()) else None
