"""The words of a clip as files: captions in WebVTT and SRT, chapters in WebVTT, and a transcript."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from lesson.render.clip_metadata import Chapter, ClipMetadata
from lesson.render.subtitles import as_srt, as_webvtt
from scenes.language import told_in
from scenes.voice.cues import Caption, Subtitles
from scenes.voice.narration import Beat


def webvtt(metadata: ClipMetadata) -> str:
    """The captions, for web pages and course systems."""
    return as_webvtt(metadata.captions)


def chapters_webvtt(metadata: ClipMetadata) -> str:
    """The chapters, as a WebVTT track; each name is one line, for a menu."""
    chapters = [Caption(chapter.name, chapter.start, chapter.stop) for chapter in metadata.chapters]
    return as_webvtt(chapters, lambda chapter: " ".join(chapter.sentence.split()))


def srt(metadata: ClipMetadata) -> str:
    """The captions in SubRip format, for programs that do not read WebVTT."""
    return as_srt(metadata.captions)


def write_subtitles(subtitles: Subtitles, file: Path) -> None:
    """Write subtitles in another language than that of the clip, for web pages."""
    with told_in(subtitles.language):
        file.write_text(as_webvtt(subtitles.captions), encoding="utf-8", newline="\n")


def transcript(metadata: ClipMetadata) -> str:
    """Everything that a clip says, as prose; what moves is between the paragraphs, in brackets.

    It is plain text: of a file in Markdown, programs that make sites would make a page of its own.
    """
    lines = [_line(metadata.title), _line(metadata.alternative_text)]
    for chapter, beats in by_chapter(metadata):
        if len(metadata.chapters) > 1:
            lines.append(f"{clock(chapter.start)}  {_line(chapter.name)}")
        for beat in beats:
            lines += [_line(beat.text), f"[{_line(beat.moves)}]" if beat.moves.strip() else ""]
    return "\n\n".join(filter(None, lines)) + "\n"


def by_chapter(metadata: ClipMetadata) -> list[tuple[Chapter, list[Beat]]]:
    """Each chapter with the beats that begin in it."""
    told: list[tuple[Chapter, list[Beat]]] = [(chapter, []) for chapter in metadata.chapters]
    for beat in metadata.beats:
        begun = [beats for chapter, beats in told if chapter.start <= beat.start + 0.05]
        begun[-1].append(beat)
    return told


def clock(seconds: float) -> str:
    """A time in a clip in minutes and seconds: 1:05."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def _line(text: str) -> str:
    return " ".join(text.split())


# Each text file of a clip: its suffix, its media type, and how its text is made.
WORDS: dict[str, tuple[str, str, Callable[[ClipMetadata], str]]] = {
    "captions": ("vtt", "text/vtt", webvtt),
    "captions_srt": ("srt", "application/x-subrip", srt),
    "chapters": ("chapters.vtt", "text/vtt", chapters_webvtt),
    "transcript": ("transcript.txt", "text/plain", transcript),
}
