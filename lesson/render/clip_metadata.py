"""Clip metadata: a small file beside each clip with its captions, chapters and alternative text."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from network.files import atomic_write
from scenes.stage.caption import Caption
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
    """A clip in words. Captions do not overlap; chapters cover the whole clip without gaps. Times in seconds.

    beats: what is said. sounds: what is heard besides.
    """

    scene: str
    title: str
    summary: str
    seconds: float
    alternative_text: str
    captions: tuple[Caption, ...]
    chapters: tuple[Chapter, ...]
    beats: tuple[Beat, ...] = ()
    sounds: tuple[PlayedSound, ...] = ()

    def transcript(self) -> str:
        """The sentences, and what moves meanwhile: a paragraph for each caption."""
        return "\n\n".join(f"{c.sentence}\n[{c.moves}]" if c.moves else c.sentence for c in self.captions)


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
        captions = tuple(Caption(**caption) for caption in found.pop("captions"))
        chapters = tuple(Chapter(**chapter) for chapter in found.pop("chapters"))
        beats = tuple(
            Beat(**{**beat, "clauses": tuple(Clause(**clause) for clause in beat["clauses"])})
            for beat in found.pop("beats")
        )
        sounds = tuple(PlayedSound(**sound) for sound in found.pop("sounds"))
        return ClipMetadata(**found, captions=captions, chapters=chapters, beats=beats, sounds=sounds)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
