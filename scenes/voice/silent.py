"""Narration without a voice: it takes about as long as the voice joe would."""

from __future__ import annotations

from scenes.language import ENGLISH, current
from scenes.voice.phrasing import in_letters
from scenes.voice.pronunciation import as_spoken
from scenes.voice.utterance import Spoken

# As the voice joe takes it, on average; what a letter takes is said in `scenes.language`. A Latin letter takes no
# longer where the others are syllables.
_A_DIGIT = 0.28  # seconds
_START = 0.05
_AFTER_LATIN = "\u0370"


class SilentVoice:
    """A voice that is not heard."""

    name = "none"

    def speak(self, text: str) -> Spoken:
        """How long a text takes."""
        words, language = as_spoken(text), current()
        digits = sum(letter.isdigit() for letter in words)
        latin = sum(letter < _AFTER_LATIN and not letter.isdigit() for letter in words)
        of_latin = min(language.a_letter, ENGLISH.a_letter)
        told = of_latin * latin + language.a_letter * (len(words) - digits - latin) + _A_DIGIT * digits
        # Never faster than its subtitle can be read.
        return Spoken(round(_START + max(told, in_letters(words) / language.fastest), 3))
