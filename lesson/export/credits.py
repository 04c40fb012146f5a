"""Who speaks, as the pages credit it."""

from __future__ import annotations

from collections.abc import Iterable

from lesson.export.manifest import ExportedClip
from scenes.voice.narration import RECORDING

# What is told of the voices that we know; of any other, its name.
_KNOWN = {"joe": "joe, a synthetic voice that was given to the public domain (CC0)", RECORDING: "recorded"}


def voice_credit(clips: Iterable[ExportedClip]) -> str:
    """A sentence that says who speaks in these clips; empty where nobody is heard."""
    voices = dict.fromkeys(voice for clip in clips for voice in clip.voices)
    told = [_KNOWN.get(voice, f"{voice}, under its own licence") for voice in voices]
    return f"Voice: {'; '.join(told)}." if told else ""
