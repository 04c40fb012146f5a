"""Every subtitle of the lesson can be read in the time that it stands, as the lesson's voice tells it."""

from __future__ import annotations

from pathlib import Path

import pytest

from lesson.render.rendering import dry_run, manim_set_up
from scenes.settings import JOE, LessonContext
from scenes.syllabus import SYLLABUS, Part
from scenes.voice.cues import COMFORTABLE, cues, faults, reading_speed


@pytest.fixture(scope="session")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("media")


@pytest.mark.slow
@pytest.mark.needs("voice")
@pytest.mark.parametrize("part", SYLLABUS, ids=lambda part: f"part {part.number}")
def test_every_subtitle_can_be_read(part: Part, media: Path) -> None:
    found = []
    for scene in part.scenes:
        with manim_set_up("l", media):
            stage = dry_run(part, scene, LessonContext(quality="l", voice=JOE))
        captions = cues(stage.beats, float(stage.time))
        assert not faults(captions), f"{scene.name}: {'; '.join(faults(captions))}"
        found += captions
    assert reading_speed(found) < COMFORTABLE
