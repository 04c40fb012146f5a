"""manim's encoder of segments."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from manim import Scene
from manim.scene.video_segment_encoder import VideoSegmentEncoder

from scenes.stage.file_writer import LessonFileWriter
from scenes.stage.segment_encoder import WholeSegmentEncoder
from tests.scenes.manim_contracts.conftest import frames_in, played, scene_of, two_plays


def encoder(kind: type[VideoSegmentEncoder], target: Path) -> VideoSegmentEncoder:
    spec = scene_of(lambda scene: None).renderer.file_writer.video_encoder
    made = kind(target=target, spec=spec)
    made.write_frame(np.zeros((54, 96, 4), np.uint8), repeat=2)
    return made


def test_the_encoders_constructor_and_private_fields(tmp_path: Path) -> None:
    plain = encoder(VideoSegmentEncoder, tmp_path / "a.mp4")
    assert plain._closed is False and plain.target == tmp_path / "a.mp4"
    problem = plain._operation_error("finish", OSError("no"))
    assert isinstance(problem, RuntimeError) and "finish" in str(problem)
    plain.finish()
    assert plain._closed is True and frames_in(tmp_path / "a.mp4") == 2
    plain.finish()  # twice does no harm
    plain = encoder(VideoSegmentEncoder, tmp_path / "b.mp4")
    plain.abort()
    assert plain._closed is True and not (tmp_path / "b.mp4").exists()


def test_abort_removes_the_file_of_target(tmp_path: Path) -> None:
    ours = encoder(WholeSegmentEncoder, tmp_path / "a.mp4")
    assert [file.name for file in tmp_path.glob(".*")] == [ours._part.name]  # type: ignore[attr-defined]
    ours.abort()
    assert not list(tmp_path.glob("*.mp4")) and not list(tmp_path.glob(".*"))


def test_a_segment_gets_its_name_when_it_is_finished(tmp_path: Path) -> None:
    ours = encoder(WholeSegmentEncoder, tmp_path / "a.mp4")
    assert not (tmp_path / "a.mp4").exists()
    ours.finish()
    assert frames_in(tmp_path / "a.mp4") == 2 and not list(tmp_path.glob(".*"))
    ours = encoder(WholeSegmentEncoder, tmp_path / "b.mp4")
    container: Any = ours._container
    ours._part.write_bytes(b"")  # type: ignore[attr-defined]  # as on a disk that loses what was written
    with pytest.raises(RuntimeError, match="finish") as caught:
        ours._container = type("Lost", (), {"mux": lambda *_: None, "close": lambda *_: None})()  # type: ignore[assignment]
        ours.finish()
    assert isinstance(caught.value.__cause__, OSError) or "to the end" in str(caught.value)
    container.close()
    assert not (tmp_path / "b.mp4").exists()


def test_the_writer_makes_its_encoders_by_create_segment_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    original = LessonFileWriter._create_segment_encoder

    def make(self: LessonFileWriter, target: Path) -> VideoSegmentEncoder:
        made.append(original(self, target))
        return made[-1]

    monkeypatch.setattr(LessonFileWriter, "_create_segment_encoder", make)
    writer = played(two_plays).renderer.file_writer
    assert [type(one) for one in made] == 2 * [WholeSegmentEncoder]
    assert [str(one.target) for one in made] == writer.partial_movie_files


def test_a_full_disk_comes_out_of_the_encoders_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """manim wraps it in a RuntimeError; the stage takes it out again."""

    class FullDisk:
        def encode(self, frame: Any = None) -> Any:
            raise OSError(errno.ENOSPC, "No space left on device", "a.mp4")

    begin = VideoSegmentEncoder.__init__

    def begin_on_a_full_disk(self: Any, **options: Any) -> None:
        begin(self, **options)
        self._stream = FullDisk()

    monkeypatch.setattr(VideoSegmentEncoder, "__init__", begin_on_a_full_disk)
    with pytest.raises(RuntimeError) as wrapped:
        played(two_plays, Scene)
    assert isinstance(wrapped.value.__cause__, OSError)
    with pytest.raises(OSError, match="No space left") as caught:
        played(two_plays)
    assert (caught.value.errno, caught.value.filename) == (errno.ENOSPC, "a.mp4")
