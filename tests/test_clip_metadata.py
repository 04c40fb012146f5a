"""A clip's metadata: the words beside it say what was shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lesson.cli.clips import render_clips
from lesson.render.clip_cache import recorded_seconds
from lesson.render.clip_metadata import Chapter, ClipMetadata, metadata_file, read_metadata, write_metadata
from lesson.render.jobs import RenderOptions
from scenes.settings import DEFAULT_CHECKPOINT, DEFAULT_DATA
from scenes.voice.narration import Beat, Clause, PlayedSound
from tests.tiny_lesson import teach


def test_a_render_leaves_its_metadata_beside_the_clip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    teach(monkeypatch.setattr)
    options = RenderOptions("l", DEFAULT_CHECKPOINT, DEFAULT_DATA, tmp_path, jobs=1)
    (clip,) = render_clips(["Tiny"], options)
    seconds = recorded_seconds(clip)
    metadata = read_metadata(clip)
    assert metadata is not None
    assert (metadata.scene, metadata.title, metadata.seconds) == ("Tiny", "A tiny scene", seconds)
    assert metadata.chapters[0].start == 0 and metadata.chapters[-1].stop == seconds


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
        st.lists(st.builds(PlayedSound, words, times, times)).map(tuple),
    )
)
def test_metadata_is_read_as_it_was_written(tmp_path_factory: pytest.TempPathFactory, metadata: ClipMetadata) -> None:
    clip = tmp_path_factory.getbasetemp() / "clip.mp4"
    write_metadata(clip, metadata)
    assert read_metadata(clip) == metadata


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 99}', '{"format": 2}', '{"format": 2, "beats": [3]}'])
def test_damaged_metadata_is_none(tmp_path: Path, text: str) -> None:
    clip = tmp_path / "clip.mp4"
    metadata_file(clip).write_text(text)
    assert read_metadata(clip) is None
