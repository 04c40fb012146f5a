"""A beat that a talk repeats ends with the picture that it begins with."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lesson.cli.clips import render_clips
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
        share = np.linspace(0, 1, 9)[1:-1]
        begin, end, *between = (
            np.asarray(picture, int)
            for picture in (
                picture_at(clip, beat.start),
                picture_before(clip, beat.stop),
                *(picture_at(clip, beat.start + part * (beat.stop - beat.start)) for part in share),
            )
        )
        moves = max(np.abs(begin - picture).mean() for picture in between)
        assert np.abs(begin - end).mean() < 0.2 * moves, f"{beat.name} does not end as it begins"
