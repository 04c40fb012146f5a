"""Clip metadata: a small file beside each clip with its words, chapters and alternative text."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from lesson.render.subtitles import cues
from network.files import atomic_write
from scenes.catalogue import ENGLISH_CODE
from scenes.language import told_in
from scenes.voice.cues import Caption
from scenes.voice.narration import Beat, Clause, PlayedSound

FORMAT = 2


@dataclass(frozen=True)
class Chapter:
    """A named section of a clip; times in seconds."""

    name: str
    start: float
    stop: float


@dataclass(frozen=True)
class ClipMetadata:
    """A clip in words. Beats do not overlap; chapters cover the whole clip without gaps. Times in seconds.

    beats: what is said. sounds: what is heard besides. language: the code of the language that all of it is in.
    """

    scene: str
    title: str
    summary: str
    seconds: float
    alternative_text: str
    beats: tuple[Beat, ...]
    chapters: tuple[Chapter, ...]
    sounds: tuple[PlayedSound, ...] = ()
    language: str = ENGLISH_CODE

    @cached_property
    def captions(self) -> tuple[Caption, ...]:
        """What is said, cut into subtitles."""
        with told_in(self.language):
            return cues(self.beats, self.seconds)

    def transcript(self) -> str:
        """What is said, and what moves meanwhile: a paragraph for each."""
        told = (text for beat in self.beats for text in (beat.text, f"[{beat.moves}]" if beat.moves else ""))
        return "\n\n".join(filter(None, told))


def metadata_file(clip: Path) -> Path:
    """Where the metadata of a clip lies."""
    return clip.with_name(f"{clip.stem}.story.json")


def write_metadata(clip: Path, metadata: ClipMetadata) -> None:
    """Write the metadata of a clip. OSError if that fails."""
    text = json.dumps({"format": FORMAT, **asdict(metadata)}, indent=1, ensure_ascii=False)
    atomic_write(metadata_file(clip), text.encode())


def read_metadata(clip: Path) -> ClipMetadata | None:
    """The metadata of a clip; None if there is none that this version understands."""
    try:
        found: dict[str, Any] = json.loads(metadata_file(clip).read_bytes())
        if found.pop("format") != FORMAT:
            return None
        beats = tuple(_beat_of(**beat) for beat in found.pop("beats"))
        chapters = tuple(Chapter(**chapter) for chapter in found.pop("chapters"))
        sounds = tuple(PlayedSound(**sound) for sound in found.pop("sounds"))
        return ClipMetadata(**found, beats=beats, chapters=chapters, sounds=sounds)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def beat_of(caption: Caption, name: str) -> Beat:
    """A beat that says what a caption shows."""
    clauses = (Clause(caption.sentence, caption.start, caption.stop),)
    return Beat(name, caption.sentence, caption.start, caption.stop, caption.moves, clauses)


def _beat_of(clauses: list[dict[str, Any]], **found: Any) -> Beat:
    return Beat(**found, clauses=tuple(Clause(**clause) for clause in clauses))
