"""A scene of somebody's own, in any class of manim's: it keeps manim's renderer, and its files are whole or absent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from manim import Scene

from scenes.kit.camera import LessonCamera
from scenes.settings import LessonContext
from scenes.stage.file_writer import LessonFileWriter
from scenes.stage.lesson_scene import LessonScene
from scenes.stage.segment_encoder import os_errors_of_the_encoder


def set_stage(kind: type[Scene], context: LessonContext) -> Scene:
    """A scene of this class, ready to be rendered; one of the lesson's kind is made from the context."""
    if issubclass(kind, LessonScene):
        return kind(context=context)
    # A scene that asks for no camera of its own gets ours, which draws the same, and faster.
    scene = kind(camera_class=LessonCamera) if kind.__init__ is Scene.__init__ else kind()
    renderer: Any = scene.renderer
    renderer._file_writer_class = LessonFileWriter
    renderer.init_scene(scene, scene.session_spec, scene.file_writer_settings)
    return scene


def render(scene: Scene) -> Path:
    """Render a scene, and return its file: a clip, or a picture of a scene in which nothing is played.

    OSError if a file cannot be written.
    """
    with os_errors_of_the_encoder():
        scene.render()
    writer: Any = scene.renderer.file_writer
    is_clip = writer.output_spec.is_video and scene.renderer.num_plays > 0
    return Path(writer.movie_file_path if is_clip else writer.image_file_path)
