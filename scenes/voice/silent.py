"""Narration without a voice: it takes as long as its words would."""

from __future__ import annotations

from scenes.voice.utterance import Spoken

_START = 0.4  # seconds
_A_WORD = 0.36


class SilentVoice:
    """A voice that is not heard."""

    name = "none"

    def speak(self, text: str) -> Spoken:
        return Spoken(_START + _A_WORD * len(text.split()))
