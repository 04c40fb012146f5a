"""A file is as it was if its contents are, whatever its time says."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from lesson.render.build_record import changed_file, file_states


def test_a_touch_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "x.mp4").write_bytes(b"frames")
    states = file_states([tmp_path / "x.mp4", tmp_path / "x.srt"])
    assert changed_file(tmp_path, states) is None
    os.utime(tmp_path / "x.mp4", (0, 0))
    assert changed_file(tmp_path, states) is None
    # As records of earlier versions have it: without a digest, the time decides.
    old = {name: None if state is None else state[:2] for name, state in states.items()}
    assert changed_file(tmp_path, old) == "x.mp4"


@pytest.mark.parametrize("change", ["other bytes", "longer", "gone", "appeared"])
def test_other_contents_are_a_change(tmp_path: Path, change: str) -> None:
    clip, words = tmp_path / "x.mp4", tmp_path / "x.srt"
    clip.write_bytes(b"frames")
    states = file_states([clip, words])
    if change == "gone":
        clip.unlink()
    elif change == "appeared":
        words.write_text("words")
    else:
        clip.write_bytes(b"framez" if change == "other bytes" else b"frames and more")
        os.utime(clip, (0, 0))
    assert changed_file(tmp_path, states) == ("x.srt" if change == "appeared" else "x.mp4")
