"""A clip's metadata: the words beside it say what was shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lesson.render.clip_metadata import Chapter, ClipMetadata, metadata_file, read_metadata, write_metadata
from lesson.render.rendering import find_scenes, manim_set_up, render
from scenes.settings import LessonContext
from scenes.voice.narration import Beat, Clause
from tests.tiny_lesson import teach


def test_a_render_leaves_its_story_beside_the_clip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    teach(monkeypatch.setattr)
    with manim_set_up("l", tmp_path):
        clip = render(*find_scenes(["Tiny"])[0], LessonContext())
    story = read_metadata(clip.file)
    assert story is not None
    assert (story.scene, story.title, story.seconds) == ("Tiny", "A tiny scene", clip.seconds)
    assert story.chapters[0].start == 0 and story.chapters[-1].stop == clip.seconds


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
times = st.floats(0, 1000)
clauses = st.builds(Clause, words, times, times, words)


@given(
    st.builds(
        ClipMetadata,
        words,
        words,
        words,
        times,
        words,
        st.tuples(st.builds(Beat, words, words, times, times, words, st.tuples(clauses), words)),
        st.tuples(st.builds(Chapter, words, times, times)),
        st.lists(st.tuples(times, words)).map(tuple),
    )
)
def test_a_story_is_read_as_it_was_written(tmp_path_factory: pytest.TempPathFactory, story: ClipMetadata) -> None:
    clip = tmp_path_factory.getbasetemp() / "clip.mp4"
    write_metadata(clip, story)
    assert read_metadata(clip) == story


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 99}', '{"format": 2}', '{"format": 2, "beats": [3]}'])
def test_a_damaged_story_is_none(tmp_path: Path, text: str) -> None:
    clip = tmp_path / "clip.mp4"
    metadata_file(clip).write_text(text)
    assert read_metadata(clip) is None
