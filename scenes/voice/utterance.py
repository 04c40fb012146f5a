"""A text as it is spoken: its clauses one after the other, and when each bookmark is reached."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from scenes.voice.markup import MarkedText
from scenes.voice.narration import Clause


class Voice(Protocol):
    """Somebody or something that speaks. `name` is what is told of it, such as "joe"."""

    name: str

    def speak(self, text: str) -> Spoken:
        """Say a text in one breath, without bookmarks. NarrationError if that cannot be done."""


@dataclass(frozen=True)
class Spoken:
    """A text that was spoken. seconds: how long that takes. sound: its WAV file; None for silence."""

    seconds: float
    sound: Path | None = None


@dataclass(frozen=True)
class Utterance:
    """A text as it is spoken. Times are seconds from its start.

    clauses: one after the other, without overlaps. bookmarks: when each is reached, by name. seconds: its whole length.
    voice: who speaks; empty where nobody does.
    """

    text: str
    seconds: float
    clauses: tuple[Clause, ...]
    bookmarks: dict[str, float] = field(default_factory=dict)
    voice: str = ""


def utter(marked: MarkedText, voice: Voice) -> Utterance:
    """Have a text spoken, clause by clause."""
    spoken = voice.speak(marked.text)
    letters = max(1, len(marked.text))
    clause = Clause(marked.text, 0.0, spoken.seconds, str(spoken.sound or ""))
    bookmarks = {name: spoken.seconds * at / letters for name, at in marked.bookmarks}
    return Utterance(marked.text, spoken.seconds, (clause,), bookmarks, voice.name if spoken.sound else "")
