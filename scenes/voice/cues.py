"""Narration cut into cues: what stands in the picture, or beside it, while it is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scenes.voice.narration import Beat, Clause


@dataclass(frozen=True)
class Caption:
    """A cue: words of a scene, when they are shown, in seconds from the start, and what moves meanwhile."""

    sentence: str
    start: float
    stop: float
    moves: str = ""


def cues(beats: Sequence[Beat], seconds: float | None = None) -> tuple[Caption, ...]:
    """The narration of a clip as cues, in order and without overlaps: one for each clause.

    The last cue of a beat has what moves meanwhile.
    """
    found: list[Caption] = []
    for beat in beats:
        clauses = [one for one in beat.clauses or (Clause(beat.text, beat.start, beat.stop),) if one.text.strip()]
        for number, clause in enumerate(clauses, 1):
            moves = beat.moves if number == len(clauses) else ""
            found.append(Caption(clause.text, clause.start, clause.stop, moves))
    return tuple(found)
