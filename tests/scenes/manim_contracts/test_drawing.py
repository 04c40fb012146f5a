"""What manim draws when, and what it asks of mobjects."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import pytest
from manim import AnimationGroup, Circle, FadeIn, Mobject, Square, Transform, linear, tempconfig
from manim.scene.scene_file_writer import SceneFileWriter
from manim.utils.family import extract_mobject_family_members

from network import Network
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.code_panel import CodePanel
from scenes.stage import input_log
from scenes.stage.lesson_scene import LessonScene
from scenes.stage.renderer import all_animations
from tests.scenes.manim_contracts.conftest import calls_of, played, scene_of


def test_compile_animation_data(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is called once a play, before the play is looked for in the cache; then all its mobjects are in the scene."""
    found = []

    class Watched(LessonScene):
        def compile_animation_data(self, *animations: Any, **options: Any) -> Any:
            compiled = super().compile_animation_data(*animations, **options)
            found.append([type(part) for part in self.mobjects])
            calls.append("compile")
            return compiled

    calls = calls_of(monkeypatch, SceneFileWriter, "is_already_cached")
    scene = played(lambda scene: scene.play(AnimationGroup(FadeIn(Square()), FadeIn(Circle()))), Watched)
    assert calls == ["compile", "is_already_cached"]
    assert {Square, Circle} <= {type(part) for part in extract_mobject_family_members(scene.mobjects)}
    assert found and scene.camera.drawn_by
    kinds = [type(animation) for animation in all_animations(scene.animations)]
    assert kinds == [AnimationGroup, FadeIn, FadeIn], "the animations of a group are in `animations`"


def test_a_filmed_file_is_noted_whenever_it_is_shown() -> None:
    panel = CodePanel(Network.predict, fold=True)
    noted = []
    for construct in (
        lambda scene: (scene.add(panel), scene.wait(0.2)),
        lambda scene: scene.play(FadeIn(panel), run_time=0.2),
        lambda scene: scene.play(AnimationGroup(FadeIn(panel.copy())), run_time=0.2),
        lambda scene: scene.wait(0.2),
    ):
        with input_log.noting() as read, tempconfig({"dry_run": True, "disable_caching": True}):
            played(construct)
        noted.append(read)
    assert noted == 3 * [{"file network/network.py"}] + [set()]


class Counted(Cells):
    """It counts how often it is drawn."""

    IN_BANDS: ClassVar[bool] = False

    def draw(self, view: Any) -> None:
        drawn.append(self.z_index)
        super().draw(view)


drawn: list[float] = []


def test_get_moving_and_static_mobjects() -> None:
    """What it calls moving is drawn in every frame, the rest once a play, beneath it."""
    below, above = (Counted([[0, 0, 0]]).set_z_index(level) for level in (-1, 1))
    drawn.clear()

    def construct(scene: Any) -> None:
        scene.add(above, below)
        scene.play(above.animate.shift((1, 0, 0)), run_time=0.4)
        assert scene.static_mobjects == [below] and scene.moving_mobjects == [above]

    played(construct)
    assert drawn == [-1] + 6 * [1]


def test_the_hooks_of_mobjects() -> None:
    """A mobject of arrays is set up by `init_colors` and `reset_points`, and changes by `interpolate`."""
    called = []

    class Hooked(Cells):
        def init_colors(self) -> None:
            called.append("init_colors")
            super().init_colors()

        def reset_points(self) -> Any:
            called.append("reset_points")
            return super().reset_points()

        def interpolate(self, *args: Any, **named: Any) -> Any:
            called.append("interpolate")
            return super().interpolate(*args, **named)

    cells = Hooked([[0, 0, 0]])
    assert set(called) == {"init_colors", "reset_points"}
    moving = Transform(cells, cells.copy().shift((2, 0, 0)), rate_func=linear)
    moving.begin()
    called.clear()
    moving.interpolate(0.5)
    assert called == ["interpolate"] and cells.get_center() == pytest.approx((1, 0, 0))


def test_mobjects_in_the_order_of_drawing() -> None:
    one, two, three = (Square().set_z_index(level) for level in (2, 0, 1))
    assert extract_mobject_family_members([one, two, three], use_z_index=True) == [two, three, one]
    assert extract_mobject_family_members([Mobject(), one], only_those_with_points=True) == [one]


def test_a_still_is_the_stage_as_it_is_now() -> None:
    """By `update_frame`, which draws outside plays, and the camera's `get_image`."""
    scene = scene_of(lambda scene: scene.add(Square(fill_color="#FFFFFF", fill_opacity=1)))
    with tempconfig({"dry_run": True}):
        scene.render()
    picture = np.asarray(scene.still())
    assert picture.shape == (54, 96, 3)
    assert picture[27, 48].tolist() == [255, 255, 255] and picture[27, 5].max() < 40
    scene.clear()
    assert np.asarray(scene.still()).max() < 40
