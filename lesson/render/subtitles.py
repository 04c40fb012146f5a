"""Subtitles: cues of the narration as WebVTT, SRT and mov_text.

The package srt, which manim brings, writes SubRip. It does not know WebVTT, which is a few lines.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

import srt  # type: ignore[import-untyped]

from scenes.voice.cues import Caption, cues
from scenes.voice.phrasing import lines

__all__ = ["as_srt", "as_webvtt", "cue_text", "cues"]


def cue_text(caption: Caption) -> str:
    """The words of a caption as they are shown, in one or two lines; as mov_text has them."""
    return "\n".join(lines(caption.sentence))


def as_srt(captions: Sequence[Caption]) -> str:
    """Captions as SubRip. It has no escapes, so an arrow that would be read as part of a time becomes →."""
    cues = [
        srt.Subtitle(number, _time(c.start), _time(c.stop), cue_text(c).replace("-->", "→"))
        for number, c in enumerate(captions, 1)
    ]
    text: str = srt.compose(cues, reindex=False)
    return text


def as_webvtt(captions: Sequence[Caption], words: Callable[[Caption], str] = cue_text) -> str:
    """Captions as WebVTT. words: the words of a caption as they are shown."""
    blocks = ["WEBVTT"]
    for number, c in enumerate(captions, 1):
        text = words(c).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        blocks.append(f"{number}\n{_webvtt_time(c.start)} --> {_webvtt_time(c.stop)}\n{text}")
    return "\n\n".join(blocks) + "\n"


def _webvtt_time(seconds: float) -> str:
    """A time as WebVTT writes it: 00:01:02.345."""
    text: str = srt.timedelta_to_srt_timestamp(_time(seconds))
    return text.replace(",", ".")


def _time(seconds: float) -> timedelta:
    return timedelta(milliseconds=round(seconds * 1000))
