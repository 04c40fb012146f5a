"""Narration without a voice: it takes about as long as the voice joe would."""

from __future__ import annotations

from scenes.language import current
from scenes.voice.pronunciation import as_spoken
from scenes.voice.utterance import Spoken

# As the voice joe takes it, on average; what a letter takes is said in `scenes.language`.
_A_DIGIT = 0.28  # seconds
_START = 0.05


class SilentVoice:
    """A voice that is not heard."""

    name = "none"

    def speak(self, text: str) -> Spoken:
        """How long a text takes."""
        words = as_spoken(text)
        digits = sum(letter.isdigit() for letter in words)
        return Spoken(round(_START + current().a_letter * (len(words) - digits) + _A_DIGIT * digits, 3))
