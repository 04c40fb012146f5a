"""A lesson of one short scene, and the program `knobs` with that lesson: python -m tests.tiny_lesson render Tiny …

The variable TINY_LESSON_DIES names the moment at which it is killed (SIGKILL): "in a play", "in a segment", "joining"
or "at the end".
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

from manim import FadeIn, Transform

import lesson.rendering
import scenes.lesson_scene
from lesson.command_line import main
from scenes.animations import PropagateActivations
from scenes.lesson_scene import LessonScene
from scenes.mobjects.network_diagram import NetworkDiagram
from scenes.mobjects.typesetting import Words
from scenes.syllabus import Part, SceneEntry

ENTRY = SceneEntry("Tiny", "A tiny scene", "One picture goes through the network.")
PART = Part(1, "Tiny", "tiny_lesson", (ENTRY,))
DYING = os.environ.get("TINY_LESSON_DIES")


class Tiny(LessonScene):
    """Three short plays with the whole network in them."""

    def construct(self) -> None:
        forward = self.network.forward(self.digits().images[0])
        diagram = NetworkDiagram(self.network).show(forward)
        self.add(diagram)
        self.play(FadeIn(Words("Tiny").to_edge((0, 1, 0))), run_time=0.2)
        self.play(Mortal(diagram.connections[-1], diagram.columns[-1], forward.output, run_time=0.6))
        self.play(Transform(diagram.connections[0], diagram.connections[0].copy().set_equal()), run_time=0.2)
        self.wait(0.2)
        self.add_subcaption("Tiny", 1, -1)


class Mortal(PropagateActivations):
    """It can end in the middle."""

    def interpolate_mobject(self, alpha: float) -> None:
        super().interpolate_mobject(alpha)
        if DYING == "in a play" and alpha > 0.7:
            die()


def die() -> None:
    """Be killed, as by kill -9 or the end of all memory."""
    os.kill(os.getpid(), signal.SIGKILL)


def teach(attribute: Any = setattr) -> None:
    """Make the tiny lesson the one that is rendered; `attribute` may be monkeypatch.setattr."""
    attribute(lesson.rendering, "all_scenes", lambda: [(PART, ENTRY)])
    attribute(lesson.rendering, "scene_class", lambda part, scene: Tiny)


if __name__ == "__main__":
    teach()
    if DYING == "in a segment":

        def half_a_segment(self: Any) -> None:
            for packet in self._stream.encode():
                self._container.mux(packet)
            die()

        scenes.lesson_scene.VideoSegmentEncoder.finish = half_a_segment  # type: ignore[method-assign]
    if DYING == "joining":
        from manim.scene.scene_file_writer import SceneFileWriter

        combine = SceneFileWriter.combine_files

        def half(self: Any, files: list[str], *others: Any, **named: Any) -> None:
            combine(self, files[:1], *others, **named)
            die()

        SceneFileWriter.combine_files = half  # type: ignore[method-assign]
    if DYING == "at the end":
        scenes.lesson_scene.LessonFileWriter.write_subcaption_file = lambda self: die()  # type: ignore[method-assign]
    main(sys.argv[1:])
