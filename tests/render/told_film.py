"""A film of three short scenes in which a sound is heard at certain moments."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from manim import FadeIn, Square

import lesson.render.rendering
import lesson.render.scheduler
from scenes.stage.lesson_scene import LessonScene
from scenes.syllabus import Part, SceneEntry, with_cards
from scenes.voice.narration import Beat, Clause
from scenes.voice.samples import RATE
from tests.sounds import noise, write

NAMES = ("Early", "Quiet", "Late")
ENTRIES = tuple(SceneEntry(name, f"The scene {name}", "A square appears.") for name in NAMES)
PART = Part(1, "Beginning", "tests.render.told_film", ENTRIES)
SCENES = [(PART, entry) for entry in ENTRIES]
# When something is heard in each scene, in seconds: not on a frame. The words of a card are heard, too.
MOMENTS = {"Early": (0.0103, 0.7331), "Quiet": (), "Late": (0.9017,), "PartCard1": (0.3009,)}
LASTS = 0.15


def sound_of(name: str, number: int) -> np.ndarray:
    """What is heard, (n, 1): different each time, so that it can be told from the others."""
    return noise(LASTS, seed=sum(map(ord, name)) + number)


def speak(media: Path) -> None:
    """Put everything that is said into the speech cache."""
    for name, moments in MOMENTS.items():
        for number in range(len(moments)):
            write(media / "cache" / "voice" / f"{name}-{number}.wav", sound_of(name, number), RATE)


class Told(LessonScene):
    def construct(self) -> None:
        self.play(FadeIn(Square(2, color="#4FB0FF", fill_opacity=1)), run_time=0.4)
        self.wait(0.4)
        self.play(FadeIn(Square(1, color="#FFB04F", fill_opacity=1)), run_time=0.4)
        self.wait(0.2)
        name = type(self).__name__
        for number, start in enumerate(MOMENTS.get(name, ())):
            clause = Clause("Now.", start, start + LASTS, f"{name}-{number}.wav")
            beat: Any = Beat(f"now_{number}", "Now.", start, start + LASTS, "", (clause,), "joe")
            self.beats.append(beat)

    def alternative_text(self) -> str:
        return "A square."


class Early(Told):
    pass


class Quiet(Told):
    pass


class Late(Told):
    pass


class TitleCard(Told):
    pass


class PartCard1(Told):
    pass


class EndCard(Told):
    pass


def teach(attribute: Any) -> None:
    """Make this the lesson; `attribute` is monkeypatch.setattr."""
    attribute(lesson.render.rendering, "all_scenes", lambda: SCENES)
    for module in (lesson.render.rendering, lesson.render.scheduler):
        attribute(module, "module_of", lambda part, scene: "tests.render.told_film")


def all_names() -> list[str]:
    """The names of all clips of the film, in order."""
    return [scene.name for _, scene in with_cards(SCENES)]
