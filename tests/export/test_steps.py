"""The steps of a talk: where it stops, and what belongs to which beat."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from lesson.export.steps import steps_of
from lesson.render.clip_metadata import Chapter, ClipMetadata
from scenes.voice.narration import Beat
from tests.export.conftest import make_metadata


def metadata_of(beats: tuple[Beat, ...], chapters: tuple[Chapter, ...] = (), seconds: float = 20.0) -> ClipMetadata:
    return ClipMetadata("Scene", "Title", "", seconds, "What is seen.", beats, chapters)


def beat(name: str, start: float, stop: float, loops: bool = False) -> Beat:
    return Beat(name, name, start, stop, "", (), loops=loops)


def test_what_moves_after_the_words_belongs_to_them() -> None:
    """Otherwise a talk would stop before the picture is finished, and start the next beat with the rest of it."""
    steps = steps_of(metadata_of((beat("one", 0.5, 4), beat("two", 7, 12))))
    assert [(step.beat.name, step.start, step.stop) for step in steps] == [("one", 0, 7), ("two", 7, 20)]


def test_what_moves_in_a_new_chapter_belongs_to_the_next_beat() -> None:
    chapters = (Chapter("A", 0, 5), Chapter("B", 5, 9), Chapter("C", 9, 20))
    steps = steps_of(metadata_of((beat("one", 0, 4), beat("two", 7, 12)), chapters))
    assert [(step.start, step.stop) for step in steps] == [(0, 5), (5, 20)]


def test_a_clip_without_words_is_one_step() -> None:
    (step,) = steps_of(metadata_of(()))
    assert (step.number, step.start, step.stop, step.beat.text, step.beat.moves) == (1, 0, 20, "", "What is seen.")


def test_only_what_ends_as_it_begins_repeats() -> None:
    one, two = steps_of(metadata_of((beat("one", 0, 4), beat("two", 4, 12, loops=True))))
    assert one.loop is None
    assert two.loop == (4, 12), "without the end of the scene, in which the picture is held"


@given(st.lists(st.floats(0, 10), min_size=2, max_size=12, unique=True))
def test_steps_cover_a_clip_without_gaps(times: list[float]) -> None:
    told = zip(*[iter(sorted(times))] * 2, strict=False)
    beats = tuple(beat(f"beat_{n}", start, stop) for n, (start, stop) in enumerate(told))
    steps = steps_of(metadata_of(beats))
    assert [step.beat for step in steps] == list(beats)
    assert (steps[0].start, steps[-1].stop) == (0, 20)
    assert all(one.stop == other.start for one, other in pairwise(steps))
    assert all(step.start <= step.beat.start and step.beat.stop <= step.stop for step in steps)


def test_steps_of_the_test_clips_are_their_seconds() -> None:
    assert [(step.start, step.stop) for step in steps_of(make_metadata("Scene"))] == [(0, 1), (1, 2), (2, 3)]
