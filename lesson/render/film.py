"""The whole lesson as one film: which clips it is made of, its words, and whether it is up to date."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lesson.render.clip_metadata import Chapter, ClipMetadata, metadata_file, read_metadata
from lesson.render.rendering import QUALITIES
from network.errors import KnobsError
from network.files import display_path
from scenes.stage.caption import Caption
from scenes.syllabus import FILM_NAME, Part, SceneEntry, film_subtitle, is_card

FORMAT = 1
# A clip, and the WAV that is spoken over it, if there is one.
Joined = tuple[Path, Path | None]


class FilmError(KnobsError):
    """A film that cannot be made; the message is one sentence with the remedy."""


@dataclass(frozen=True)
class Piece:
    """A clip of the film, and the WAV that is spoken over it, if there is one."""

    part: Part
    scene: SceneEntry
    clip: Path
    narration: Path | None = None

    @property
    def joined(self) -> Joined:
        return self.clip, self.narration


def film_file(quality: str, media: Path) -> Path:
    """Where the film goes."""
    return media / "film" / QUALITIES[quality][1] / f"{FILM_NAME}.mp4"


def words_beside(film: Path) -> tuple[Path, Path]:
    """The captions beside the film, as SRT and as WebVTT."""
    return film.with_suffix(".srt"), film.with_suffix(".vtt")


def narrated_file(clip: Path) -> Path:
    """Where a clip goes with the words that are spoken over it."""
    return clip.with_name(f"{clip.stem}.narrated.mp4")


def is_joined(film: Path, clips: Sequence[Joined]) -> bool:
    """Whether a film is there that was joined from just these files, as they are now."""
    record = _record(film)
    return (
        record is not None
        and record.get("pieces") == _made_from(film, clips)
        and all(_state(film.with_name(name)) == state for name, state in record.get("files", {}).items())
        and film.name in record.get("files", {})
    )


def seconds_of_film(film: Path) -> float:
    """How long a film that is joined lasts."""
    record = _record(film)
    assert record is not None
    return float(record["seconds"])


def make_film(film: Path, pieces: Sequence[Piece], class_names: Sequence[str], comment: str) -> list[str]:
    """Join the clips into a film with chapters and captions, and write these beside it, too.

    Returns a sentence for each scene whose last picture is held, since its narration is longer. OSError where it cannot
    be written, JoinError and SoundError for clips and WAVs that cannot be used.
    """
    from lesson.render.muxing import build_timeline, join

    clips = [piece.joined for piece in pieces]
    made_from = _made_from(film, clips)  # from before anything is read
    takes = build_timeline(clips)
    stories = [_story_of(clip) for clip, _ in clips]
    story = film_story(pieces, stories, [(float(t.start), float(t.stop)) for t in takes], class_names)
    join(takes, film, story, comment)
    _write_words(film, story)
    _remember(film, made_from, story.seconds, words_beside(film))
    return _held(takes)


def narrate(clip: Path, narration: Path) -> list[str]:
    """Write a clip once more, with its narration, as `narrated_file`. Returns and raises what `make_film` does."""
    from lesson.render.muxing import build_timeline, join

    target = narrated_file(clip)
    made_from = _made_from(target, [(clip, narration)])
    takes = build_timeline([(clip, narration)])
    story = _story_of(clip)
    join(takes, target, story)
    _remember(target, made_from, float(takes[-1].stop), ())
    return _held(takes)


def names_and_comment(checkpoint: Path) -> tuple[tuple[str, ...], str]:
    """The names of the classes that a network tells apart, and a comment that says which network it is."""
    from network.checkpoint import load_checkpoint

    found = load_checkpoint(checkpoint)
    return found.metadata.class_names, f"Drawn from the network {found.fingerprint[:12]}."


def film_story(
    pieces: Sequence[Piece],
    stories: Sequence[ClipMetadata],
    times: Sequence[tuple[float, float]],
    class_names: Sequence[str],
) -> ClipMetadata:
    """The words of the film; `times`: from when to when each piece lasts, in seconds.

    Every scene is a chapter. The card of a part belongs to the chapter of the part's first scene.
    """
    captions: list[Caption] = []
    chapters: list[Chapter] = []
    begins: float | None = None
    for piece, story, (start, stop) in zip(pieces, stories, times, strict=True):
        captions += [Caption(c.sentence, start + c.start, start + c.stop, c.moves) for c in story.captions]
        begins = start if begins is None else begins
        if is_card(piece.part) and piece.part.number:
            continue
        name = f"{piece.part.number}. {piece.part.title}: {piece.scene.title}" if piece.part.number else story.title
        chapters.append(Chapter(name, begins, stop))
        begins = None
    subtitle = film_subtitle(class_names)
    title = f"{FILM_NAME}: {subtitle}"
    summary = f"{FILM_NAME}, {subtitle}, in {sum(not is_card(piece.part) for piece in pieces)} scenes."
    text = " ".join(story.alternative_text for story in stories)
    return ClipMetadata(FILM_NAME, title, summary, times[-1][1], text, tuple(captions), tuple(chapters))


def as_srt(captions: Sequence[Caption]) -> str:
    """Captions as SubRip, which knows no escapes: an arrow that would be taken for times is set as →."""
    cues = []
    for number, c in enumerate(captions, 1):
        text = " ".join(c.sentence.split()).replace("-->", "→")
        cues.append(f"{number}\n{_time(c.start, ',')} --> {_time(c.stop, ',')}\n{text}\n")
    return "\n".join(cues)


def as_webvtt(captions: Sequence[Caption]) -> str:
    """Captions as WebVTT."""
    blocks = ["WEBVTT"]
    for number, c in enumerate(captions, 1):
        text = " ".join(c.sentence.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        blocks.append(f"{number}\n{_time(c.start, '.')} --> {_time(c.stop, '.')}\n{text}")
    return "\n\n".join(blocks) + "\n"


def _time(seconds: float, point: str) -> str:
    minutes, thousandths = divmod(round(seconds * 1000), 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{thousandths // 1000:02d}{point}{thousandths % 1000:03d}"


def _story_of(clip: Path) -> ClipMetadata:
    story = read_metadata(clip)
    if story is None:
        raise FilmError(
            f"there are no words beside {display_path(clip)}; make it anew by ./knobs render {clip.stem} --force"
        )
    return story


def _held(takes: Sequence[Any]) -> list[str]:
    return [
        f"{take.clip.stem}: its last picture is held for {take.held:.1f} s, until {take.narration.name} ends"
        for take in takes
        if take.held > 0
    ]


def _write_words(film: Path, story: ClipMetadata) -> None:
    from network.files import atomic_write

    for file, written in zip(words_beside(film), (as_srt, as_webvtt), strict=True):
        atomic_write(file, written(story.captions).encode())


# -------------------------------------------------------------------------------------------- what it was made from


def _record_of(film: Path) -> Path:
    return film.with_name(f"{film.stem}.joined-from.json")


def _made_from(film: Path, clips: Sequence[Joined]) -> list[Any]:
    """The places, as seen from the film, and states of all files that go into it, in order, as a record has them."""
    files = [(clip, metadata_file(clip), *([narration] if narration else [])) for clip, narration in clips]
    return [[[os.path.relpath(file, film.parent), _state(file)] for file in of_clip] for of_clip in files]


def _state(file: Path) -> list[int] | None:
    """What changes when a file is written anew."""
    try:
        found = file.stat()
    except OSError:
        return None
    return [found.st_size, found.st_mtime_ns]


def _remember(film: Path, made_from: list[Any], seconds: float, beside: Sequence[Path]) -> None:
    from network.files import atomic_write

    files = {file.name: _state(file) for file in (film, *beside)}
    record = {"format": FORMAT, "seconds": seconds, "pieces": made_from, "files": files}
    atomic_write(_record_of(film), json.dumps(record, indent=1).encode())


def _record(film: Path) -> dict[str, Any] | None:
    try:
        record = json.loads(_record_of(film).read_bytes())
    except (OSError, ValueError):
        return None
    if not isinstance(record, dict) or record.get("format") != FORMAT or not isinstance(record.get("files"), dict):
        return None
    return record if isinstance(record.get("seconds"), int | float) else None
