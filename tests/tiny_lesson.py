"""A lesson of short scenes, and the program `knobs` with that lesson: python -m tests.tiny_lesson render Tiny …

The variable TINY_LESSON_DIES names the moment at which a process is killed (SIGKILL): "in a play", "in a segment",
"joining" or "at the end"; or "a worker once" and "a worker always", for the process that draws the scene Long. Then
TINY_LESSON_MARK is a file that is written at that moment.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

from manim import FadeIn, Mobject, Square, Transform, UpdateFromAlphaFunc

import lesson.render.rendering
import scenes.stage.file_writer
from lesson.cli.program import main
from scenes.kit.animations.forward_pass import PropagateActivations
from scenes.kit.mobjects.network_diagram import NetworkDiagram
from scenes.kit.mobjects.text import Words
from scenes.stage.lesson_scene import LessonScene
from scenes.syllabus import Part, SceneEntry

ENTRY = SceneEntry("Tiny", "A tiny scene", "One picture goes through the network.")
LONG = SceneEntry("Long", "A longer scene", "Several plays, of which each goes on from the last.")
PLAIN = SceneEntry("Plain", "A plain scene", "It shows no network.")
UNSTEADY = SceneEntry("Unsteady", "An unsteady scene", "It depends on how many frames were drawn.")
PART = Part(1, "Tiny", "tests.tiny_lesson", (ENTRY,))
DYING = os.environ.get("TINY_LESSON_DIES")
MARK = os.environ.get("TINY_LESSON_MARK")


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

    def alternative_text(self) -> str:
        return f"A network of {self.network.parameter_count} knobs."


class Long(LessonScene):
    """What is moved on from where it stands, in every frame, and words that are waited for by the clock."""

    def construct(self) -> None:
        self.next_section("One")
        diagram = NetworkDiagram(self.network)
        square = Square(0.1)
        self.add(diagram, square)
        for number in range(3):
            self.next_section(f"Turn {number}")
            with self.voiceover(f"Turn {number} <bookmark mark='three'/>of three.", moves="A square moves."):
                self.play(UpdateFromAlphaFunc(square, a_step), run_time=0.73)
                if DYING and DYING.startswith("a worker") and number == 1:
                    die_as_a_worker()
                self.wait_until_bookmark("three")
                self.play(Transform(diagram.connections[0], diagram.connections[0].copy().set_equal()), run_time=0.31)
        self.end()

    def alternative_text(self) -> str:
        return "A square moves."


class Plain(LessonScene):
    """No network, and no data."""

    def construct(self) -> None:
        with self.voiceover("Plain."):
            self.play(FadeIn(Square(1)), run_time=0.3)
        self.end()


def a_step(square: Mobject, alpha: float) -> None:
    """From where it stands: the roundings add up."""
    square.move_to((3 * alpha - 1 / 3, 1 / 7 * alpha, 0))


class Unsteady(LessonScene):
    """It moves by so much in each frame: where it ends depends on how many there are."""

    def construct(self) -> None:
        square = Square(0.1)
        self.add(square)
        for _ in range(2):
            self.play(UpdateFromAlphaFunc(square, lambda square, _: square.shift((0.01, 0, 0))), run_time=0.5)
        with self.voiceover("Unsteady."):
            self.wait(0.2)


def die_as_a_worker() -> None:
    if MARK is None or (DYING == "a worker once" and Path(MARK).exists()):
        return
    Path(MARK).touch()
    die()


class Mortal(PropagateActivations):
    """It can end in the middle."""

    def interpolate_mobject(self, alpha: float) -> None:
        super().interpolate_mobject(alpha)
        if DYING == "in a play" and alpha > 0.7:
            die()


def die() -> None:
    """Be killed, as by kill -9 or the end of all memory."""
    os.kill(os.getpid(), signal.SIGKILL)


def teach(attribute: Any = setattr, *entries: SceneEntry) -> None:
    """Make these the scenes that are rendered, or Tiny; `attribute` may be monkeypatch.setattr."""
    attribute(lesson.render.rendering, "all_scenes", lambda: [(PART, entry) for entry in entries or (ENTRY,)])


if __name__ == "__main__":
    teach(setattr, *((ENTRY, LONG, PLAIN) if MARK else ()))
    if DYING == "in a segment":

        def half_a_segment(self: Any) -> None:
            for packet in self._stream.encode():
                self._container.mux(packet)
            die()

        scenes.stage.file_writer.VideoSegmentEncoder.finish = half_a_segment  # type: ignore[method-assign]
    if DYING == "joining":
        from manim.scene.scene_file_writer import SceneFileWriter

        combine = SceneFileWriter.combine_files

        def half(self: Any, files: list[str], *others: Any, **named: Any) -> None:
            combine(self, files[:1], *others, **named)
            die()

        SceneFileWriter.combine_files = half  # type: ignore[method-assign]
    if DYING == "at the end":
        scenes.stage.file_writer.LessonFileWriter.write_subcaption_file = lambda self: die()  # type: ignore[method-assign]
    main(sys.argv[1:])
