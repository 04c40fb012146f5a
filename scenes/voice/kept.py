"""A voice that says only what was spoken before, on a machine that does not have the voice itself."""

from __future__ import annotations

from typing import NoReturn

from scenes.voice.markup import NarrationError
from scenes.voice.pronunciation import as_spoken
from scenes.voice.speech_cache import SpeechCache
from scenes.voice.utterance import Spoken


class NotSpoken(NarrationError):
    """Words that were not spoken before."""


class KeptVoice:
    """What another voice said. name, fingerprint: those of the other voice. cache: where its speech is."""

    def __init__(self, name: str, fingerprint: str, cache: SpeechCache) -> None:
        self.name = name
        self.fingerprint = fingerprint
        self.cache = cache

    def speak(self, text: str) -> Spoken:
        """The kept speech for a text. NotSpoken if there is none."""
        words = as_spoken(text)
        if not any(letter.isalnum() for letter in words):
            return Spoken(0.0)

        def refuse() -> NoReturn:
            raise NotSpoken(
                f"{words[:40]!r} was not spoken before; render this scene on the machine that has the voice"
            )

        return self.cache.get(self.fingerprint, words, refuse)
