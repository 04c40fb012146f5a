"""A text as it is spoken: its clauses one after the other, and when each bookmark is reached."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from scenes.voice.markup import MarkedText
from scenes.voice.narration import Clause

# How long a voice pauses after a clause, by the sign that ends it.
_PAUSES = {
    **dict.fromkeys("?…？؟", 0.5),
    **dict.fromkeys(",，،、", 0.2),
    **dict.fromkeys(";:—–；：؛", 0.24),
}  # seconds
_AFTER_A_SENTENCE = 0.4
# A sentence of more letters takes a breath at a colon, a semicolon or a dash.
_LONG = 110

# In Chinese and its sisters no space follows.
_SENTENCE_END = re.compile(r"[.!?…؟]+[\"'”’)\]]*(?= )|[。！？…]+[”’）》」』]*(?=[^。！？…”’）》」』])")
# A full stop after one of these ends no sentence; nor does one after a single capital letter.
_ABBREVIATION = re.compile(r"(?:^|[\s(])(?:e\.g|i\.e|cf|vs|etc|approx|no|fig|eq|mr|mrs|ms|dr|prof|st|[A-Z])\.$", re.I)
_BREATH = re.compile(r"[;:؛](?= )|[—–](?= )|[；：]|——")
_COMMA = re.compile(r"[,;:—–،؛][\"'”’)\]]*(?= )|[，、；：][”’）》」』]*")
_CLOSING = "\"'”’)]）》」』 "


class Voice(Protocol):
    """Somebody or something that speaks. `name` is what is told of it, such as "joe"."""

    name: str

    def speak(self, text: str) -> Spoken:
        """Say a text in one breath, without bookmarks. NarrationError if that cannot be done."""


@dataclass(frozen=True)
class Spoken:
    """A text that was spoken. seconds: how long that takes. sound: its WAV file; None for silence.

    name: how a `Clause` names the sound: in the speech cache the file's name, so that it is the same on every machine.
    """

    seconds: float
    sound: Path | None = None
    name: str = ""


@dataclass(frozen=True)
class Utterance:
    """A text as it is spoken. Times are seconds from its start.

    clauses: one after the other, without overlaps. bookmarks: when each is reached, by name. seconds: its whole length,
    with the pause after its last clause. voice: who speaks; empty where nobody does.
    """

    text: str
    seconds: float
    clauses: tuple[Clause, ...]
    bookmarks: dict[str, float] = field(default_factory=dict)
    voice: str = ""


def utter(marked: MarkedText, voice: Voice) -> Utterance:
    """Have a text spoken, clause by clause. A bookmark at the start of a clause is met to the sample."""
    now, heard = 0.0, False
    clauses: list[Clause] = []
    bookmarks: dict[str, float] = {}
    for start, stop in clause_ranges(marked):
        text = marked.text[start:stop].rstrip()
        spoken = voice.speak(text)
        heard = heard or spoken.sound is not None
        clauses.append(Clause(text, now, now + spoken.seconds, spoken.name or str(spoken.sound or "")))
        for name, at in marked.bookmarks:
            if start <= at < stop:
                bookmarks[name] = now + _moment(text, at - start, spoken, voice)
        now += spoken.seconds + pause_after(text)
    for name, _ in marked.bookmarks:
        bookmarks.setdefault(name, clauses[-1].stop if clauses else 0.0)  # it stands after the last word
    return Utterance(marked.text, now, tuple(clauses), bookmarks, voice.name if heard else "")


def clause_ranges(marked: MarkedText) -> list[tuple[int, int]]:
    """The clauses of a text: where each starts, and where the next one does. Together they are the whole text.

    A clause is a sentence, or a part of a long one up to a colon, a semicolon or a dash; a bookmark after one of these
    signs, or after a comma, begins a clause as well. Each clause has a letter or a digit.
    """
    text, marks = marked.text, {at for _, at in marked.bookmarks}
    ranges = []
    for start, stop in _sentences(text):
        cuts = {
            found.end()
            for found in _COMMA.finditer(text, start, stop)
            if found.end() + text.startswith(" ", found.end()) in marks
        }
        if stop - start > _LONG:
            cuts |= {found.end() for found in _BREATH.finditer(text, start, stop)}
        ranges += _cut(text, start, stop, sorted(cuts))
    return ranges


def sentences_of(text: str) -> list[str]:
    """The sentences of a text without bookmarks."""
    return [text[start:stop].strip() for start, stop in _sentences(text)]


def _sentences(text: str) -> list[tuple[int, int]]:
    ends = (found.end() for found in _SENTENCE_END.finditer(text) if _ends(text, found))
    return _cut(text, 0, len(text), ends)


def pause_after(clause: str) -> float:
    """How many seconds a voice pauses after a clause."""
    return _PAUSES.get(clause.rstrip(_CLOSING)[-1:], _AFTER_A_SENTENCE)


def _ends(text: str, found: re.Match[str]) -> bool:
    """Whether a sign really ends a sentence."""
    return found[0] != "." or not _ABBREVIATION.search(text[: found.end()])


def _cut(text: str, start: int, stop: int, ends: Iterator[int] | list[int]) -> list[tuple[int, int]]:
    """Cut text[start:stop] after each end and a space there, but only where both sides have words."""
    ranges = []
    for end in ends:
        if _has_words(text[start:end]) and _has_words(text[end:stop]):
            after = end + text.startswith(" ", end)
            ranges.append((start, after))
            start = after
    return [*ranges, (start, stop)] if _has_words(text[start:stop]) else ranges


def _has_words(text: str) -> bool:
    return any(letter.isalnum() for letter in text)


def _moment(text: str, at: int, spoken: Spoken, voice: Voice) -> float:
    """When a voice that says a text reaches text[at].

    The clause is one sound, so its melody has no seam; its halves are spoken only to find the place in it.
    """
    before, after = text[:at].strip(), text[at:].strip()
    if not _has_words(before):
        return 0.0
    if not _has_words(after):
        return spoken.seconds
    first, second = voice.speak(before), voice.speak(after)
    if spoken.sound is None or first.sound is None or second.sound is None:
        return spoken.seconds * first.seconds / (first.seconds + second.seconds)
    from scenes.voice.alignment import find_boundary

    return find_boundary(spoken.sound, first.sound, second.sound)
