"""Plays that are not drawn: skipped, cached, or of another stretch of the scene."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from manim import Camera, Circle, FadeIn, Scene, Square, config, tempconfig
from manim.renderer.cairo_renderer import CairoRenderer
from manim.scene.scene_file_writer import SceneFileWriter
from manim.utils.exceptions import EndSceneEarlyException

from scenes.kit.camera import LessonCamera
from scenes.stage.lesson_scene import LessonScene
from tests.scenes.manim_contracts.conftest import calls_of, frames_in, played, scene_of, two_plays


def test_original_skipping_status() -> None:
    """Each play begins with it, whatever was skipped before."""
    found = []
    assert CairoRenderer(skip_animations=True)._original_skipping_status is True

    def construct(scene: Any) -> None:
        for _ in range(2):
            scene.renderer.skip_animations = True
            scene.play(FadeIn(Square()), run_time=0.1)
            found.append(scene.renderer.skip_animations)

    with tempconfig({"disable_caching": True}):
        played(construct, Scene)
    assert found == [False, False]


def test_a_skipped_play_writes_nothing_and_is_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """manim draws its frames all the same, to throw them away; ours does not."""
    with tempconfig({"disable_caching": True}):
        for kind, owner in ((Scene, Camera), (LessonScene, LessonCamera)):
            calls = calls_of(monkeypatch, owner, "capture_mobjects")
            written = calls_of(monkeypatch, SceneFileWriter, "write_frame")

            def construct(scene: Any) -> None:
                scene.next_section(skip_animations=True)
                scene.play(FadeIn(Square()), run_time=0.2)
                scene.next_section()
                calls.append("drawn")  # noqa: B023
                scene.play(FadeIn(Circle()), run_time=0.2)

            played(construct, kind)
            drawn = calls.index("drawn")
            assert bool(calls[:drawn]) == (kind is Scene)
            assert len(calls[drawn + 1 :]) >= 3 and len(written) == 3
            monkeypatch.undo()


def test_a_sound_after_a_skipped_play_is_kept() -> None:
    """manim leaves out sounds while its renderer skips, and after a play it goes on to do so."""
    scene = scene_of(lambda scene: None, Scene)
    scene.renderer.skip_animations = True
    scene.add_sound("nowhere.wav")  # nobody looks for it

    def construct(scene: Any) -> None:
        scene.next_section(skip_animations=True)
        scene.wait(0.2)
        assert not scene.renderer.skip_animations

    played(construct)


def test_is_already_cached(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cached play is not drawn, and its segment is the one that was drawn before."""
    first = played(two_plays)
    segments = first.renderer.file_writer.partial_movie_files
    assert all(Path(segment).exists() and frames_in(segment) == 3 for segment in segments)
    calls = calls_of(monkeypatch, LessonCamera, "capture_mobjects")
    written = calls_of(monkeypatch, SceneFileWriter, "write_frame")
    again = played(two_plays)
    assert again.renderer.file_writer.partial_movie_files == segments
    assert calls == written == []
    assert frames_in(again.clip_file) == 6 and again.time == first.time
    # A damaged segment is not taken.
    Path(segments[0]).write_bytes(Path(segments[0]).read_bytes()[:-9])
    assert played(two_plays).renderer.file_writer.partial_movie_files == segments
    assert len(written) == 3 and frames_in(segments[0]) == 3


def test_end_scene_early_exception() -> None:
    """It ends the scene, and what was drawn until then becomes the clip."""
    reached = []

    def construct(scene: Any) -> None:
        for number in range(4):
            scene.wait(0.2)
            reached.append(number)

    def stopping(scene: Any) -> None:
        scene.wait(0.2)
        raise EndSceneEarlyException

    assert frames_in(played(stopping, Scene).renderer.file_writer.movie_file_path) == 3
    scene = scene_of(construct)
    scene.renderer.stop_at = 0.3
    scene.render()
    assert reached == [0] and scene.time == pytest.approx(0.4)
    assert frames_in(scene.clip_file) == 6


def test_a_stretch_draws_its_plays_and_no_others() -> None:
    """By `update_skipping_status`, `num_plays` and the names that `partial_movie_files` holds, None for the others."""

    def construct(scene: Any) -> None:
        for number in range(4):
            scene.play(FadeIn(Square().shift((number, 0, 0))), run_time=0.2)

    whole = played(construct).renderer.file_writer.partial_movie_files
    with tempconfig({"media_dir": f"{config.media_dir}/other"}):
        scene = scene_of(construct)
        writer = scene.renderer.file_writer
        scene.renderer.stretch, writer.joins = (1, 3), False
        scene.render()
        assert [file and Path(file).name for file in writer.partial_movie_files] == [
            None,
            *(Path(file).name for file in whole[1:3]),
        ]
        assert writer.segment_names(1, 3) == tuple(Path(file).name for file in whole[1:3])
        assert sorted(file.name for file in writer.partial_movie_directory.glob("*.mp4")) == sorted(
            writer.segment_names(1, 3)
        )
        assert scene.renderer.num_plays == 3 and scene.renderer.found != scene.renderer.left
        assert not scene.clip_file.exists()
        # And `partial_movie_files` is what is joined.
        joining = scene_of(construct)
        assert joining.renderer.file_writer.join_segments(writer.segment_names(1, 3), [])
        assert frames_in(joining.clip_file) == 6
        assert not joining.renderer.file_writer.join_segments(["none.mp4"], [])
