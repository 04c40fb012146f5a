"""The steps of a talk: a clip is shown beat by beat, and after each one it waits for the speaker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from lesson.render.clip_metadata import Chapter, ClipMetadata
from scenes.voice.narration import Beat

# Two times that are closer are the same moment, in seconds: less than half a frame at 15 a second.
_SAME = 0.03


@dataclass(frozen=True)
class Step:
    """A stretch of a clip. The steps of a clip follow each other without gaps, from its start to its end.

    number: from 1 on. beat: what is told in it. start, stop: seconds from the start of the clip; it waits with the last
    picture before `stop`. loop: the stretch that is shown again and again while it waits; None for a still.
    """

    number: int
    beat: Beat
    start: float
    stop: float

    @property
    def loop(self) -> tuple[float, float] | None:
        return (self.beat.start, self.beat.stop) if self.beat.loops else None


def steps_of(metadata: ClipMetadata) -> list[Step]:
    """The steps of a clip: its beats, each with what moves until the next one. A clip without words is one step.

    Where a chapter begins between two beats, what moves after that belongs to the second.
    """
    whole = Beat(metadata.scene, "", 0.0, metadata.seconds, metadata.alternative_text, ())
    beats = metadata.beats or (whole,)
    cuts = [_cut(before, after, metadata.chapters) for before, after in pairwise(beats)]
    times = pairwise([0.0, *cuts, metadata.seconds])
    return [
        Step(number, beat, start, stop)
        for number, (beat, (start, stop)) in enumerate(zip(beats, times, strict=True), 1)
    ]


def _cut(before: Beat, after: Beat, chapters: Sequence[Chapter]) -> float:
    """When the step of the first beat ends and that of the second begins."""
    between = (c.start for c in chapters if before.stop - _SAME < c.start < after.start + _SAME)
    return next(between, after.start)
