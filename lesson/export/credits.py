"""Who speaks, as the pages credit it."""

from __future__ import annotations

from collections.abc import Iterable

from lesson.export.manifest import ExportedClip
from scenes.voice.narration import RECORDING

# What is told of the voices that we know; of any other, its name.
_KNOWN = {"joe": "joe, a synthetic voice that was given to the public domain (CC0)", RECORDING: "recorded"}


def voice_credit(clips: Iterable[ExportedClip]) -> str:
    """A sentence that says who speaks in these clips; empty where nobody is heard."""
    return credit_of_voices(dict.fromkeys(voice for clip in clips for voice in clip.voices))


def credit_of(data: str, voices: Iterable[str]) -> str:
    """Whom to thank for a film: who made it, whose the data are that the network was trained on, and who speaks."""
    told = ["Made with Knobs, MIT licence."]
    if data.lower() == "mnist":
        told.append(
            "The digits are those of MNIST, by Yann LeCun, Corinna Cortes and Christopher J.C. Burges, under "
            "CC BY-SA 3.0."
        )
    return " ".join(filter(None, [*told, credit_of_voices(sorted(voices))]))


def credit_of_voices(voices: Iterable[str]) -> str:
    """A sentence that says who speaks; empty where nobody is heard."""
    told = [_KNOWN.get(voice, f"{voice}, under its own licence") for voice in voices]
    return f"Voice: {'; '.join(told)}." if told else ""
