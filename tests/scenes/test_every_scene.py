"""Every scene of the syllabus renders, tells the truth about its files, and has pictures that can be read."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from manim import tempconfig

from lesson.render.durations import estimated_seconds
from lesson.render.picture_checks import Findings, check_beats, check_stage, longest_emptiness
from lesson.render.rendering import manim_set_up
from scenes.kit.gallery import picture
from scenes.stage.lesson_scene import LessonScene
from scenes.syllabus import Part, SceneEntry, all_scenes, module_of
from tests.scenes.golden import same_to_the_eye

RATE = 4
# A scene takes up to 20 seconds. Those that take the fewest are looked at in every run, the others with the slow tests.
LIGHT = {"OtherHandsOtherNumbers", "PixelsAreNeurons", "ANeuronIsAFunction"}
SCENES = [
    pytest.param(part, scene, id=scene.name, marks=() if scene.name in LIGHT else pytest.mark.slow)
    for part, scene in all_scenes()
]


def checked(scene_class: type[LessonScene], findings: Findings) -> type[LessonScene]:
    """The same scene, that looks at its stage after every play."""

    class Checked(scene_class):  # type: ignore[misc, valid-type]
        def setup(self) -> None:
            super().setup()
            add_frame = self.renderer.add_frame

            def compare_and_add(frame: Any, num_frames: int = 1) -> None:
                # What is drawn in parts, still ones once and moving ones in every frame, must look as if drawn whole.
                # When this was written, all scenes were the same to the last bit.
                drawn = self.renderer.camera.pixel_array  # before it was converted for the video
                whole = picture(self.mobjects, *drawn.shape[:2])
                if not same_to_the_eye(drawn[..., :3], whole[..., :3]):
                    findings.add(self, "the frame is not what stands on the stage")
                add_frame(frame, num_frames)

            self.renderer.add_frame = compare_and_add

        def play(self, *args: Any, **kwargs: Any) -> None:
            super().play(*args, **kwargs)
            check_stage(self, findings)

    Checked.__name__ = scene_class.__name__
    return Checked


@pytest.mark.parametrize(("part", "entry"), SCENES)
def test_every_scene_renders_and_can_be_read(part: Part, entry: SceneEntry, tmp_path: Path) -> None:
    findings = Findings()
    scene_class = getattr(importlib.import_module(module_of(part, entry)), entry.name)
    with manim_set_up("l", tmp_path), tempconfig({"frame_rate": RATE}):
        scene = checked(scene_class, findings)()
        scene.render()
        clip = Path(scene.renderer.file_writer.movie_file_path)
    check_beats(scene, findings)
    frames = read(clip)
    empty = longest_emptiness(frames, RATE)
    if empty > 1:
        findings.sentences.append(f"the frame is empty for {empty:.1f} s")
    assert not findings.sentences, "\n".join(dict.fromkeys(findings.sentences))
    assert len(frames) == pytest.approx(scene.time * RATE, abs=3)
    assert 10 <= scene.time <= 65
    # The estimates are those of the voice; here nobody speaks, which takes about as long.
    assert scene.time == pytest.approx(estimated_seconds(entry), rel=0.25), "run ./knobs scenes --save-estimates"
    assert scene.beats, "a clip needs words"
    assert_correct_file(clip)


def read(clip: Path) -> list[np.ndarray]:
    with av.open(clip) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


def assert_correct_file(clip: Path) -> None:
    """H.264, yuv420p, tagged with the colours it was made with, and its index first."""
    with av.open(clip) as container:
        stream = container.streams.video[0]
        context = stream.codec_context
        assert (context.name, context.pix_fmt) == ("h264", "yuv420p")
        frame = next(container.decode(video=0))
        # FFmpeg's numbers: primaries and transfer 1 are BT.709, matrix 6 is SMPTE 170M, range 1 is "tv".
        tags = context.color_primaries, context.color_trc, frame.colorspace, frame.color_range
        assert tuple(map(int, tags)) == (1, 1, 6, 1)
    data = clip.read_bytes()
    assert 0 < data.find(b"moov") < data.find(b"mdat"), "a player must find the index before the pictures"
