"""How manim's file writer joins segments, and where it puts files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import pytest
from manim import Scene, config, tempconfig
from manim.renderer.cairo_renderer import CairoRenderer
from manim.scene.scene_file_writer import SceneFileWriter

from scenes.stage.file_writer import LessonFileWriter
from scenes.stage.lesson_scene import LessonScene
from tests.scenes.manim_contracts.conftest import calls_of, frames_in, played, scene_of, two_plays


def test_the_output_plan() -> None:
    writer = scene_of(lambda scene: None).renderer.file_writer
    plan = writer.output_plan
    assert plan.segment_path("x") == writer.partial_movie_directory / "x.mp4"
    assert plan.primary_artifact == writer.movie_file_path
    assert plan.subcaption_file == writer.movie_file_path.with_suffix(".srt")
    assert writer.output_spec.is_video
    with tempconfig({"dry_run": True}):
        assert not scene_of(lambda scene: None).renderer.file_writer.output_spec.is_video


def test_combine_files() -> None:
    """It joins the files, in order, into the one it is given."""
    writer = played(two_plays, Scene).renderer.file_writer
    joined = writer.movie_file_path.with_name("joined.mp4")
    SceneFileWriter.combine_files(writer, writer.partial_movie_files[::-1], joined)
    assert frames_in(joined) == 6
    data = joined.read_bytes()
    assert data.find(b"moov") > data.find(b"mdat"), "manim puts the index last"
    LessonFileWriter.combine_files(played(two_plays).renderer.file_writer, writer.partial_movie_files, joined)
    data = joined.read_bytes()
    assert 0 < data.find(b"moov") < data.find(b"mdat") and frames_in(joined) == 6


def test_concat_manifest_bytes() -> None:
    """`combine_files` reads its segments from it, and manim writes paths with an apostrophe that FFmpeg cannot read."""
    with tempconfig({"media_dir": f"{config.media_dir}/teacher's"}):
        with pytest.raises(av.FFmpegError):
            played(two_plays, Scene)
        assert frames_in(played(two_plays).clip_file) == 6


def test_combine_to_movie(monkeypatch: pytest.MonkeyPatch) -> None:
    """It asks for `movie_file_path`, lets `combine_files` write it, and says that it is ready."""
    for kind, owner in ((Scene, SceneFileWriter), (LessonScene, LessonFileWriter)):
        names = ("combine_to_movie", "combine_files", "print_file_ready_message", "write_subcaption_file")
        calls = calls_of(monkeypatch, owner, *names)
        scene = played(lambda scene: (two_plays(scene), scene.add_subcaption("Two.", 0.1)), kind)
        assert set(calls) == set(names) and calls.index("combine_to_movie") < calls.index("combine_files")
        writer = scene.renderer.file_writer
        assert Path(writer.final_file_path) == writer.movie_file_path
        assert frames_in(writer.movie_file_path) == 6 and writer.movie_file_path.with_suffix(".srt").exists()
        assert not list(writer.movie_file_path.parent.glob(".*"))
        monkeypatch.undo()


def test_a_writer_that_does_not_join_waits_for_its_segments() -> None:
    """By `join_all_encode_jobs`, which manim's `finish` begins with."""
    scene = scene_of(two_plays)
    scene.renderer.file_writer.joins = False
    scene.render()
    assert not scene.clip_file.exists()
    assert [frames_in(file) for file in scene.renderer.file_writer.partial_movie_files] == [3, 3]


def test_a_plain_scene_can_be_given_another_file_writer() -> None:
    """`scenes.stage.own_scene` does so: the renderer makes it from a class, with settings that the scene keeps."""
    scene = Scene()
    renderer: Any = scene.renderer
    assert type(renderer) is CairoRenderer and renderer._file_writer_class is SceneFileWriter
    assert type(renderer.file_writer) is SceneFileWriter
    renderer._file_writer_class = LessonFileWriter
    renderer.init_scene(scene, scene.session_spec, scene.file_writer_settings)
    assert type(renderer.file_writer) is LessonFileWriter
    assert renderer.file_writer.settings is scene.file_writer_settings
