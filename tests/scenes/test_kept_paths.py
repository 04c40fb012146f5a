"""A mobject of manim's that stands still keeps its path, and is drawn as if it did not."""

from __future__ import annotations

from collections.abc import Callable

from manim import Camera, Circle, Square, Triangle, VMobject

from scenes.kit import camera as kit_camera
from scenes.kit.camera import LessonCamera
from scenes.kit.mobjects.text import Words


def test_every_change_of_shape_is_seen() -> None:
    shown: list[VMobject] = [Circle(), Square().shift((2, 1, 0)), Triangle().shift((-3, 1, 0)), Words("37 %")]
    size = {"pixel_height": 108, "pixel_width": 192}
    kept = LessonCamera(**size)
    changes: list[Callable[[], object]] = [
        lambda: None,
        lambda: shown[0].shift((0.3, 0, 0)),
        lambda: shown[1].rotate(0.4),
        lambda: shown[2].points.__imul__(1.5),  # in place
        lambda: shown[3].set_fill("#FF0000"),
        lambda: shown.__setitem__(0, Square()),
    ]
    for change in changes:
        change()
        plain = Camera(**size)
        plain.capture_mobjects(shown)
        for _ in range(2):
            kept.reset()
            kept.capture_mobjects(shown)
            assert (kept.pixel_array == plain.pixel_array).all()


def test_paths_are_not_kept_without_end() -> None:
    camera = LessonCamera(pixel_height=18, pixel_width=32)
    for _ in range(kit_camera._MOST_PATHS + 10):
        camera.capture_mobjects([Square()])
    assert len(camera._scratch.paths) <= kit_camera._MOST_PATHS
