"""The methods of manim that the stage and the kit override."""

from __future__ import annotations

import inspect

import pytest
from manim import Camera, Scene
from manim.renderer.cairo_renderer import CairoRenderer
from manim.scene.scene_file_writer import SceneFileWriter
from manim.scene.video_segment_encoder import VideoSegmentEncoder

from scenes.kit.camera import LessonCamera
from scenes.stage.file_writer import LessonFileWriter
from scenes.stage.lesson_scene import LessonScene
from scenes.stage.renderer import LessonRenderer
from scenes.stage.segment_encoder import WholeSegmentEncoder

OVERRIDDEN = {
    (WholeSegmentEncoder, VideoSegmentEncoder): ("write_frame", "finish", "abort"),
    (LessonFileWriter, SceneFileWriter): (
        "finish",
        "_create_segment_encoder",
        "is_already_cached",
        "_concat_manifest_bytes",
        "combine_files",
        "combine_to_movie",
        "print_file_ready_message",
        "write_subcaption_file",
    ),
    (LessonRenderer, CairoRenderer): (
        "render",
        "freeze_current_frame",
        "update_skipping_status",
        "update_frame",
        "add_frame",
        "play",
    ),
    (LessonScene, Scene): (
        "setup",
        "render",
        "next_section",
        "add_sound",
        "compile_animation_data",
        "get_moving_and_static_mobjects",
    ),
    (LessonCamera, Camera): ("set_cairo_context_path",),
}


@pytest.mark.parametrize(("ours", "theirs"), OVERRIDDEN)
def test_every_overridden_method_is_one_of_manims_and_takes_the_same(ours: type, theirs: type) -> None:
    """A method that manim has renamed would never be called."""
    for name in OVERRIDDEN[ours, theirs]:
        assert name in vars(ours), name
        taken, given = (inspect.signature(getattr(kind, name)).parameters for kind in (ours, theirs))
        if any(parameter.kind is parameter.VAR_KEYWORD for parameter in taken.values()):
            continue  # it hands on whatever it gets
        assert list(taken) == list(given), name


def test_nothing_else_of_manims_is_overridden() -> None:
    """What is added to the stage must not take a name of manim's by chance."""
    for (ours, theirs), names in OVERRIDDEN.items():
        taken = {name for name in vars(ours) if not name.startswith("__") and hasattr(theirs, name)}
        assert taken - {"movie_file_path", "time", "_abc_impl"} == set(names), ours
