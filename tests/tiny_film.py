"""A film of two short scenes with their cards, and the program `knobs` that makes it: python -m tests.tiny_film film …

The variable TINY_LESSON_DIES names the moment at which it is killed (SIGKILL): "half a film" or "before the words".
"""

from __future__ import annotations

import sys
from typing import Any

from manim import FadeIn, Square

import lesson.render.rendering
import lesson.render.scheduler
from lesson.cli.program import main
from scenes.kit.mobjects.text import Words
from scenes.stage.lesson_scene import LessonScene
from scenes.syllabus import Part, SceneEntry, with_cards
from tests.tiny_lesson import DYING, die

ONE = SceneEntry("One", "The first scene", "A square grows.")
TWO = SceneEntry("Two", "The second & last scene", "Another does, with <words>.")
FIRST, SECOND = Part(1, "Beginning", "tests.tiny_film", (ONE,)), Part(2, "End", "tests.tiny_film", (TWO,))
SCENES = [(FIRST, ONE), (SECOND, TWO)]


class Short(LessonScene):
    """A square appears, for no longer than that."""

    SIDE = 1

    def construct(self) -> None:
        self.next_section("A square")
        self.play(FadeIn(Square(self.SIDE, color="#4FB0FF", fill_opacity=1)), run_time=0.4)
        self.wait(0.2)

    def alternative_text(self) -> str:
        return f"A square of {len(self.network.layers)} colours."


class TitleCard(Short):
    pass


class PartCard1(Short):
    SIDE = 2


class PartCard2(Short):
    SIDE = 3


class EndCard(Short):
    SIDE = 4


class One(Short):
    """With two chapters and a caption."""

    SIDE = 5

    def construct(self) -> None:
        super().construct()
        self.next_section("Words")
        with self.voiceover("A square --> bright."):
            pass


class Two(Short):
    """With words that other formats take for their own."""

    SIDE = 6

    def construct(self) -> None:
        with self.voiceover("Less < more & more."):
            super().construct()
        self.play(FadeIn(Words("Two")), run_time=0.3)


def teach(attribute: Any = setattr) -> None:
    """Make this the lesson; `attribute` may be monkeypatch.setattr."""
    attribute(lesson.render.rendering, "all_scenes", lambda: SCENES)
    # The cards, too, are those of this module.
    for module in (lesson.render.rendering, lesson.render.scheduler):
        attribute(module, "module_of", lambda part, scene: "tests.tiny_film")


def names() -> list[str]:
    """The names of all clips of the film, in order."""
    return [scene.name for _, scene in with_cards(SCENES)]


if __name__ == "__main__":
    teach()
    if DYING == "half a film":
        import lesson.render.muxing

        write = lesson.render.muxing._write

        def half(timeline: Any, temporary: Any, *others: Any) -> None:
            write(timeline, temporary, *others)
            temporary.write_bytes(temporary.read_bytes()[:20_000])
            die()

        lesson.render.muxing._write = half
    if DYING == "before the words":
        import lesson.render.film

        lesson.render.film._write_captions = lambda film, metadata: die()
    main(sys.argv[1:])
