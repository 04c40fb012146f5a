"""Subtitles as SubRip, which the package srt writes; manim brings it."""

from __future__ import annotations

from datetime import timedelta

import srt  # type: ignore[import-untyped]

from scenes.voice.cues import Caption
from scenes.voice.phrasing import written_lines


def subrip_cue(caption: Caption, number: int = 0) -> srt.Subtitle:
    """A cue of SubRip. It has no escapes, so an arrow that would be read as part of a time becomes →."""
    text = written_lines(caption.sentence).replace("-->", "→")
    return srt.Subtitle(number, milliseconds(caption.start), milliseconds(caption.stop), text)


def milliseconds(seconds: float) -> timedelta:
    """A time, rounded to the milliseconds that subtitles have."""
    return timedelta(milliseconds=round(seconds * 1000))
