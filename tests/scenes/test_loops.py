"""A beat that a talk repeats ends with the picture that it begins with."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lesson.cli.progress import render_clips
from lesson.export.media import picture_at, picture_before
from lesson.render.clip_metadata import read_metadata
from lesson.render.jobs import RenderOptions
from lesson.render.rendering import source_file
from scenes.settings import DEFAULT_CHECKPOINT, DEFAULT_DATA
from scenes.syllabus import all_scenes

REPEATING = [scene.name for part, scene in all_scenes() if "loops=True" in source_file(part, scene).read_text("utf-8")]


@pytest.mark.slow
@pytest.mark.parametrize("scene", REPEATING)
def test_nothing_jumps_where_a_beat_is_repeated(scene: str, tmp_path: Path) -> None:
    options = RenderOptions("l", DEFAULT_CHECKPOINT, DEFAULT_DATA, tmp_path, jobs=1, voice="none")
    (clip,) = render_clips([scene], options)
    metadata = read_metadata(clip)
    assert metadata is not None
    repeating = [beat for beat in metadata.beats if beat.loops]
    assert repeating
    for beat in repeating:
        begin, middle, end = (
            np.asarray(picture, int)
            for picture in (
                picture_at(clip, beat.start),
                picture_at(clip, (beat.start + beat.stop) / 2),
                picture_before(clip, beat.stop),
            )
        )
        assert np.abs(begin - end).max() < 60 and np.abs(begin - end).mean() < 0.3, beat.name
        assert np.abs(begin - middle).mean() > np.abs(begin - end).mean(), f"{beat.name} moves"
