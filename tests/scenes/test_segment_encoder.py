"""Frames become pictures of the video once, rightly, and as often as they are shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from manim import tempconfig

from lesson.render.rendering import manim_set_up
from scenes.stage.lesson_scene import LessonScene
from scenes.stage.segment_encoder import PictureConverter, WholeSegmentEncoder
from scenes.stage.yuv import to_yuv420

# ITU-R BT.601: how much of each of red, green and blue, from 0 to 1, is in Y (from 16 to 235), U and V (16 to 240).
BT_601 = np.array([[65.481, 128.553, 24.966], [-37.797, -74.203, 112.0], [112.0, -93.786, -18.214]]) / 255


@given(arrays(np.uint8, st.tuples(st.sampled_from([2, 4, 10]), st.sampled_from([2, 6, 32]), st.just(4))))
def test_every_colour_is_what_the_standard_says(frame: np.ndarray) -> None:
    height, width = frame.shape[:2]
    planes = to_yuv420(frame)
    luma, (blue, red) = planes[:height], planes[height:].reshape(2, height // 2, width // 2)
    right = frame[..., :3].astype(float) @ BT_601.T + (16, 128, 128)
    small = right.reshape(height // 2, 2, width // 2, 2, 3).mean(axis=(1, 3))
    assert np.abs(luma - right[..., 0]).max() < 0.51
    assert np.abs(blue - small[..., 1]).max() < 0.51
    assert np.abs(red - small[..., 2]).max() < 0.51


@pytest.fixture
def spec(tmp_path: Path) -> Any:
    with manim_set_up("l", tmp_path), tempconfig({"pixel_height": 54, "pixel_width": 96}):
        scene = LessonScene()
        scene.construct = lambda: None  # type: ignore[method-assign]
        scene.render()
        return scene.renderer.file_writer.video_encoder


def decoded(file: Path) -> list[np.ndarray]:
    with av.open(str(file)) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


def test_frames_and_pictures_give_the_same_video(spec: Any, tmp_path: Path) -> None:
    frames = np.random.default_rng(0).integers(0, 256, (3, 54, 96, 4), np.uint8)
    converter = PictureConverter(spec)
    for name, given_frames in (("a", list(frames)), ("b", [converter.convert(frame) for frame in frames])):
        encoder = WholeSegmentEncoder(target=tmp_path / f"{name}.mp4", spec=spec)
        for frame in given_frames:
            encoder.write_frame(frame, repeat=3)
        encoder.finish()
    assert (tmp_path / "a.mp4").read_bytes() == (tmp_path / "b.mp4").read_bytes()
    assert len(decoded(tmp_path / "a.mp4")) == 9


def test_a_frame_may_be_drawn_over_once_it_is_converted(spec: Any) -> None:
    for pixel_format in ("yuv420p", "rgba", "argb"):
        object.__setattr__(spec, "pixel_format", pixel_format)
        frame = np.full((54, 96, 4), 200, np.uint8)
        picture = PictureConverter(spec).convert(frame)
        frame[:] = 0
        assert picture.format.name == pixel_format
        assert picture.to_ndarray(format="rgb24").min() > 150
