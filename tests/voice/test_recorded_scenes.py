"""A scene with recordings takes their time, and plays the rest as the lesson's voice would."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from manim import Square, tempconfig
from scipy.io import wavfile

from lesson.render.rendering import manim_set_up
from scenes.settings import NO_VOICE, LessonContext
from scenes.stage import input_log
from scenes.stage.lesson_scene import LessonScene
from scenes.voice.narration import RECORDING
from scenes.voice.recorded_words import noted_words

RATE = 48_000
FIRST, SECOND = "Here is a square.", "And <bookmark mark='turn'/>now it turns."


class Told(LessonScene):
    """Two beats."""

    def construct(self) -> None:
        self.a_square()
        self.it_turns()

    def a_square(self) -> None:
        with self.voiceover(FIRST, moves="A square appears."):
            self.add(Square())

    def it_turns(self) -> None:
        with self.voiceover(SECOND):
            self.wait_until_bookmark("turn")


def talk(*seconds: float, pause: float = 1.2) -> np.ndarray:
    """A hum for each of these lengths, with pauses between."""
    quiet = np.zeros(round(pause * RATE))
    pieces = [quiet]
    for length in seconds:
        time = np.arange(round(length * RATE)) / RATE
        pieces += [0.3 * np.sin(2 * np.pi * 150 * time) * (1 + 0.3 * np.sin(2 * np.pi * 4 * time)), quiet]
    return np.concatenate(pieces)


def record(folder: Path, place: str, sound: np.ndarray) -> Path:
    wav = folder / place
    wav.parent.mkdir(parents=True, exist_ok=True)
    wavfile.write(wav, RATE, (sound * 32767).astype(np.int16))
    return wav


def run(folder: Path, media: Path) -> tuple[Told, set[str]]:
    folder.mkdir(exist_ok=True)
    with (
        manim_set_up("l", media),
        tempconfig({"dry_run": True, "disable_caching": True}),
        input_log.noting() as read,
    ):
        scene = Told(context=LessonContext(voice=NO_VOICE, narration=folder), skip_animations=True)
        scene.render()
    return scene, read


def test_a_recorded_beat_lasts_as_long_as_its_recording(tmp_path: Path) -> None:
    folder = tmp_path / "narration"
    before, _ = run(folder, tmp_path)
    record(folder, "Told/it_turns.wav", talk(6.0))
    scene, read = run(folder, tmp_path)
    one, two = scene.beats
    assert one == before.beats[0], "what is not recorded stays as it was"
    assert two.voice == RECORDING
    assert two.clauses[-1].stop - two.clauses[0].start == pytest.approx(6.0, abs=0.25)
    assert input_log.recordings("Told") in read


def test_a_scene_that_was_recorded_in_one_go_is_learned_first(tmp_path: Path) -> None:
    folder = tmp_path / "narration"
    wav = record(folder, "Told.wav", talk(3.0, 4.0))
    scene, _ = run(folder, tmp_path)
    lengths = [beat.clauses[-1].stop - beat.clauses[0].start for beat in scene.beats]
    assert lengths == pytest.approx([3.0, 4.0], abs=0.4)
    assert {beat.voice for beat in scene.beats} == {RECORDING}
    assert noted_words(wav) == {"a_square": FIRST, "it_turns": "And now it turns."}
    again, _ = run(folder, tmp_path)
    assert again.beats == scene.beats
