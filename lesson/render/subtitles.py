"""Subtitles: cues of the narration as WebVTT, SRT and mov_text.

The package srt writes SubRip. It does not know WebVTT, which is a few lines.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence

import srt  # type: ignore[import-untyped]

from scenes.voice.cues import Caption, cues
from scenes.voice.phrasing import lines, written_lines
from scenes.voice.subrip import milliseconds, subrip_cue

__all__ = ["as_srt", "as_webvtt", "cue_text", "cues", "from_webvtt"]


def cue_text(caption: Caption) -> str:
    """The words of a caption as they are shown, in one or two lines."""
    return "\n".join(lines(caption.sentence))


def _written(caption: Caption) -> str:
    return written_lines(caption.sentence)


def as_srt(captions: Sequence[Caption]) -> str:
    """Captions as SubRip."""
    text: str = srt.compose((subrip_cue(c, number) for number, c in enumerate(captions, 1)), reindex=False)
    return text


def as_webvtt(captions: Sequence[Caption], words: Callable[[Caption], str] = _written) -> str:
    """Captions as WebVTT. words: the words of a caption as they are shown."""
    blocks = ["WEBVTT"]
    for number, c in enumerate(captions, 1):
        text = words(c).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        blocks.append(f"{number}\n{_webvtt_time(c.start)} --> {_webvtt_time(c.stop)}\n{text}")
    return "\n\n".join(blocks) + "\n"


def from_webvtt(text: str) -> tuple[Caption, ...]:
    """The captions that `as_webvtt` has written; their sentences have the line breaks and marks of the file."""
    captions = []
    for block in text.strip().split("\n\n")[1:]:
        _, times, words = block.split("\n", 2)
        start, stop = (srt.srt_timestamp_to_timedelta(time).total_seconds() for time in times.split(" --> "))
        captions.append(Caption(html.unescape(words), start, stop))
    return tuple(captions)


def _webvtt_time(seconds: float) -> str:
    """A time as WebVTT writes it: 00:01:02.345."""
    text: str = srt.timedelta_to_srt_timestamp(milliseconds(seconds))
    return text.replace(",", ".")
