"""How many frames a play has, and when manim says that something happens."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from manim import Circle, FadeIn, Scene, Square, tempconfig
from manim.renderer.cairo_renderer import CairoRenderer

from scenes.stage.lesson_scene import LessonScene
from tests.scenes.manim_contracts.conftest import played, scene_of


@pytest.mark.parametrize("rate", [6, 15, 30, 60])
@pytest.mark.parametrize("seconds", [0.05, 0.3, 0.7, 1.0, 1.1, 2.05])
def test_the_frame_clock(seconds: float, rate: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """manim draws a frame for each of np.arange(0, seconds, 1 / rate), and int(seconds * rate) for a still one.

    Ours does as well, but loses none in rounding.
    """
    frames: list[int] = []
    add = CairoRenderer.add_frame

    def count(self: CairoRenderer, frame: Any, num_frames: int = 1) -> None:
        frames.append(num_frames)
        add(self, frame, num_frames)

    monkeypatch.setattr(CairoRenderer, "add_frame", count)

    def construct(scene: Scene) -> None:
        scene.play(FadeIn(Square()), run_time=seconds)
        frames.append(0)
        if seconds * rate > 1:
            scene.wait(seconds)

    with tempconfig({"dry_run": True, "disable_caching": True, "frame_rate": rate, "pixel_height": 9}):
        played(construct, Scene)
        manims, frames[:] = list(frames), []
        plays = played(construct).renderer.plays
    middle = manims.index(0)
    assert plays[0].frames == sum(manims[:middle]) == len(np.arange(0, seconds, 1 / rate))
    for still in plays[1:]:
        # manim's 2.05 s have 122 frames at 60 a second, because 2.05 / (1 / 60) is 122.99…; ours have all 123.
        assert still.frames == int(seconds * rate + 1e-6)
        assert still.frames - sum(manims[middle + 1 :]) == (rate * seconds - int(seconds / (1 / rate)) > 1 - 1e-6)


def test_is_current_animation_frozen_frame() -> None:
    told = []

    class Watched(LessonScene):
        def is_current_animation_frozen_frame(self) -> bool:
            told.append(super().is_current_animation_frozen_frame())
            return told[-1]

    def construct(scene: Scene) -> None:
        square = Square()
        scene.add(square)
        scene.wait(0.2)
        scene.play(FadeIn(Circle()), run_time=0.2)
        square.add_updater(lambda square, dt: square.shift((dt, 0, 0)))
        scene.wait(0.2)

    with tempconfig({"dry_run": True, "disable_caching": True}):
        scene = played(construct, Watched)
    assert [play.still for play in scene.renderer.plays] == [True, False, False]
    assert told[0] is True and told[-1] is False


def test_the_scenes_time_is_the_renderers() -> None:
    scene = scene_of(lambda scene: None)
    scene.renderer.time = 12.5
    assert scene.time == 12.5


def test_a_subcaption_begins_at_the_clock_and_its_offset() -> None:
    def construct(scene: Scene) -> None:
        scene.wait(1)
        scene.add_subcaption("Said before.", duration=0.5, offset=-0.8)

    (subcaption,) = played(construct, Scene).renderer.file_writer.subcaptions
    assert (subcaption.start.total_seconds(), subcaption.end.total_seconds()) == pytest.approx((0.2, 0.7))
