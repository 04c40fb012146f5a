"""Captions as text files: SubRip and WebVTT.

The package srt, which manim brings, writes SubRip. It does not know WebVTT, which is a few lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import srt  # type: ignore[import-untyped]

from scenes.stage.caption import Caption
from scenes.voice.cues import cues as cues


def as_srt(captions: Sequence[Caption]) -> str:
    """Captions as SubRip. It has no escapes, so an arrow that would be read as part of a time becomes →."""
    cues = [
        srt.Subtitle(number, _time(c.start), _time(c.stop), " ".join(c.sentence.split()).replace("-->", "→"))
        for number, c in enumerate(captions, 1)
    ]
    text: str = srt.compose(cues, reindex=False)
    return text


def as_webvtt(captions: Sequence[Caption]) -> str:
    """Captions as WebVTT."""
    blocks = ["WEBVTT"]
    for number, c in enumerate(captions, 1):
        text = " ".join(c.sentence.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        blocks.append(f"{number}\n{_webvtt_time(c.start)} --> {_webvtt_time(c.stop)}\n{text}")
    return "\n\n".join(blocks) + "\n"


def _webvtt_time(seconds: float) -> str:
    """A time as WebVTT writes it: 00:01:02.345."""
    text: str = srt.timedelta_to_srt_timestamp(_time(seconds))
    return text.replace(",", ".")


def _time(seconds: float) -> timedelta:
    return timedelta(milliseconds=round(seconds * 1000))
