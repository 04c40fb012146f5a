"""What was said in a scene, and when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

# The voice of a beat that somebody recorded.
RECORDING = "a recording"


@dataclass(frozen=True)
class Clause:
    """Words that are spoken in one breath.

    text: the words as they are written. start, stop: seconds from the start of the scene. sound: the name of the WAV
    file that says them, in the speech cache, or its path; empty where nothing is heard.
    """

    text: str
    start: float
    stop: float
    sound: str = ""


@dataclass(frozen=True)
class Beat:
    """One thing that is told in a scene, while something moves.

    name: that of the method that tells it, unique in the scene, such as `the_loop` or `the_loop_2`. text: its words,
    without bookmarks. start, stop: seconds from the start of the scene; its clauses lie between them. moves: what
    moves meanwhile, for people who cannot see it. voice: who speaks, such as "joe" or "a recording"; empty where
    nobody does. loops: whether it ends as it begins, so that it can be shown again and again.
    """

    name: str
    text: str
    start: float
    stop: float
    moves: str
    clauses: tuple[Clause, ...]
    voice: str = ""
    loops: bool = False

    def moved(self, seconds: float) -> Self:
        """The same, said that much later."""
        clauses = (replace(one, start=one.start + seconds, stop=one.stop + seconds) for one in self.clauses)
        return replace(self, start=self.start + seconds, stop=self.stop + seconds, clauses=tuple(clauses))


@dataclass(frozen=True)
class PlayedSound:
    """A sound that is heard in a scene besides the voice.

    file: a WAV file. start: seconds from the start of the scene. gain: decibels louder than the file; less than 0 for
    softer.
    """

    file: str
    start: float
    gain: float = 0.0
