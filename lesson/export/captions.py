"""The words of a clip as files: captions in WebVTT and SRT, chapters in WebVTT, and a transcript in Markdown."""

from __future__ import annotations

from collections.abc import Callable

from lesson.render.clip_metadata import Chapter, ClipMetadata
from lesson.render.subtitles import as_srt, as_webvtt
from scenes.voice.cues import Caption
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


def transcript(metadata: ClipMetadata) -> str:
    """Everything that a clip says, in Markdown, as prose; what moves is between the paragraphs, in italics."""
    lines = [f"# {_markdown(metadata.title)}", _markdown(metadata.alternative_text)]
    for chapter, beats in by_chapter(metadata):
        if len(metadata.chapters) > 1:
            lines.append(f"## {_markdown(chapter.name)} ({clock(chapter.start)})")
        for beat in beats:
            lines += [_markdown(beat.text), f"*{_markdown(beat.moves)}*"]
    return "\n\n".join(line for line in lines if line.strip("*")) + "\n"


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


def _markdown(text: str) -> str:
    """The text, escaped so that nothing in it is taken for Markdown or HTML."""
    return "".join(f"\\{letter}" if letter in "\\`*_[]<>#|~&$" else letter for letter in " ".join(text.split()))


# Each text file of a clip: its suffix, its media type, and how its text is made.
WORDS: dict[str, tuple[str, str, Callable[[ClipMetadata], str]]] = {
    "captions": ("vtt", "text/vtt", webvtt),
    "captions_srt": ("srt", "application/x-subrip", srt),
    "chapters": ("chapters.vtt", "text/vtt", chapters_webvtt),
    "transcript": ("transcript.md", "text/markdown", transcript),
}
