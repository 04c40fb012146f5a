"""What a person needs to put the film on a video site: a thumbnail, a description with chapter times, and subtitles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lesson.export.burned_captions import burn
from lesson.export.media import stills
from lesson.render.clip_metadata import Chapter, ClipMetadata, read_metadata
from lesson.render.durations import format_duration
from lesson.render.subtitles import as_srt, as_webvtt
from network.errors import KnobsError
from network.files import atomic_write
from scenes.language import _
from scenes.licence import THIS_FILM, licence

# What the large sites allow: letters of a title and of a description, seconds of the shortest chapter, and a picture
# of this size, whose file is smaller than 2 MB.
TITLE, DESCRIPTION, SHORTEST_CHAPTER = 100, 5000, 10.0
THUMBNAIL = 1280, 720
# Thumbnails are looked at a few centimetres wide.
_LETTERING = 100
# The scene that the thumbnail is taken from: it shows the network at work.
THUMBNAIL_SCENE = "ForwardPassOfADigit"


class PublishingError(KnobsError):
    """A film that cannot be prepared for a video site; the message is one sentence with the remedy."""


@dataclass(frozen=True)
class Published:
    """The files for a video site."""

    description: Path
    thumbnail: Path
    subtitles: tuple[Path, Path]


def publish(metadata: ClipMetadata, folder: Path, clips: Sequence[Path], data: str) -> Published:
    """Write the files into a folder. OSError if one cannot be written.

    metadata: that of the film. clips: those it is joined from. data: the name of the data, from
    `scenes.licence.data_name`.
    """
    import io

    import numpy as np
    from PIL import Image

    folder.mkdir(parents=True, exist_ok=True)
    language = metadata.language
    found = Published(
        folder / "description.txt",
        folder / "thumbnail.jpg",
        (folder / f"subtitles.{language}.srt", folder / f"subtitles.{language}.vtt"),
    )
    atomic_write(found.description, description(metadata, data).encode())
    shown, its_metadata = _clip_for_thumbnail(clips)
    picture = stills(shown, its_metadata).poster.convert("RGB").resize(THUMBNAIL, Image.Resampling.LANCZOS)
    lettered = Image.fromarray(burn(np.asarray(picture), title_of(metadata).replace(": ", ":\n", 1), _LETTERING))
    jpeg = io.BytesIO()
    lettered.save(jpeg, "JPEG", quality=90, subsampling=0)
    atomic_write(found.thumbnail, jpeg.getvalue())
    for file, written in zip(found.subtitles, (as_srt, as_webvtt), strict=True):
        atomic_write(file, written(metadata.captions).encode())
    return found


def _clip_for_thumbnail(clips: Sequence[Path]) -> tuple[Path, ClipMetadata]:
    """The clip of `THUMBNAIL_SCENE`, or in a lesson without it the longest, and its metadata."""
    known = {clip: found for clip in clips if (found := read_metadata(clip)) is not None}
    return max(known.items(), key=lambda one: (one[0].stem == THUMBNAIL_SCENE, one[1].seconds))


def title_of(metadata: ClipMetadata) -> str:
    """The film's title, as a site allows it."""
    return _plain(metadata.title)[:TITLE]


def description(metadata: ClipMetadata, data: str) -> str:
    """The text below the film: its title, what it is, its chapters with their times, and what may be done with it.

    PublishingError if it is longer than a site allows.
    """
    chapters = [f"{format_duration(chapter.start)} {_plain(chapter.name)}" for chapter in chapters_of(metadata)]
    paragraphs = [title_of(metadata), _plain(metadata.summary), "\n".join([_("Chapters"), *chapters])]
    paragraphs.append(licence(data, (beat.voice for beat in metadata.beats), THIS_FILM))
    text = "\n\n".join(paragraphs) + "\n"
    if len(text) > DESCRIPTION:
        raise PublishingError(
            f"the description of the film has {len(text):,} characters, and video sites take {DESCRIPTION:,}; "
            "give the scenes in scenes/syllabus.py shorter titles"
        )
    return text


def chapters_of(metadata: ClipMetadata) -> list[Chapter]:
    """The film's chapters, each at least `SHORTEST_CHAPTER` seconds long: a shorter one goes to the one before."""
    found: list[Chapter] = []
    for chapter in metadata.chapters:
        before_is_long = bool(found) and found[-1].stop - found[-1].start >= SHORTEST_CHAPTER
        if found and not (before_is_long and chapter.stop - chapter.start >= SHORTEST_CHAPTER):
            named = found[-1] if before_is_long else chapter
            found[-1] = replace(named, start=found[-1].start, stop=chapter.stop)
        else:
            found.append(chapter)
    return found


def _plain(text: str) -> str:
    """A text without the two signs that sites refuse."""
    return text.replace("<", "‹").replace(">", "›")
