"""The checks find each fault they are there for, and find nothing in a good picture."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from manim import Mobject, tempconfig

from lesson.render.picture_checks import Findings, check_beats, check_stage, longest_emptiness
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.numbers import Numbers
from scenes.kit.mobjects.symbols import Symbol
from scenes.kit.mobjects.text import Number, Words
from scenes.stage.lesson_scene import LessonScene
from scenes.voice.narration import Beat, Clause


def found(*mobjects: Mobject) -> str:
    with tempconfig({"dry_run": True}):
        scene = LessonScene()
    scene.add(*mobjects)
    findings = Findings()
    check_stage(scene, findings)
    return "\n".join(findings.sentences)


def bright_noise() -> Cells:
    rng = np.random.default_rng(0)
    places = np.stack(np.meshgrid(np.arange(-3, 3, 0.1), np.arange(-1, 1, 0.1)), axis=-1).reshape(-1, 2)
    return Cells(places, 0.1).set_brightness(rng.random(len(places)) > 0.5)


def test_nothing_is_found_in_a_good_picture() -> None:
    good = [Words("A sentence"), Number(0.5, 2).shift((0, 1, 0)), Cells([[3, 0]], 1), Symbol("a_0").shift((0, -1, 0))]
    assert found(*good, Numbers([0.5, -2], [[-4, 0, 0], [-4, 1, 0]])) == ""


@pytest.mark.parametrize(
    ("mobjects", "fault"),
    [
        (lambda: [Words("far out").shift((6.7, 0, 0))], "leaves the frame"),
        (lambda: [Words("high up").shift((0, 3.9, 0))], "leaves the frame"),
        (lambda: [Words("tiny", size=20)], "only 20 px"),
        (lambda: [Words("shrunk").scale(0.5)], "only 20 px"),
        (lambda: [Words("one sentence"), Words("another")], "overlap"),
        (lambda: [Words("one sentence"), Number(7)], "overlap"),
        (lambda: [Words("faint", colour="#333333")], "contrast"),
        (lambda: [Cells([[0, 0]], 3), Words("white on white")], "contrast"),
        (lambda: [bright_noise(), Words("on noise")], "busy"),
        (lambda: [Numbers([1, 2], [[0, 0, 0], [0.1, 0, 0]])], "overlap"),
        (lambda: [Numbers([1], [[0, 0, 0]], size=20)], "only 20 px"),
        (lambda: [Symbol("a_0", size=20)], "only 20 px"),
    ],
)
def test_each_fault_is_found(mobjects: Any, fault: str) -> None:
    assert fault in found(*mobjects())


def test_what_cannot_be_seen_is_no_fault() -> None:
    assert found(Words("one sentence"), Words("faded out").set_opacity(0)) == ""


def beat(start: float, stop: float, name: str = "one", text: str = "Five words.") -> Beat:
    return Beat(name, text, start, stop + 0.2, "", (Clause(text, start, stop),))


@pytest.mark.parametrize(
    ("beats", "fault"),
    [
        ([beat(0, 2), beat(2.2, 4, "two")], ""),
        ([beat(0, 2), beat(1.5, 4, "two")], "'Five words.' is said before the previous words are over, at 2.20 s"),
        ([beat(0, 2), beat(2.2, 4)], "two beats are named 'one'"),
        ([beat(0, 2, text=" – ")], "the beat 'one' says nothing"),
        ([replace(beat(0, 2), stop=1.5)], "the beat 'one' ends before"),
        ([beat(0, 5)], "the voice speaks until 5.20 s, the scene ends at 4.40 s"),
    ],
)
def test_what_is_said_is_checked(beats: list[Beat], fault: str) -> None:
    with tempconfig({"dry_run": True}):
        scene = LessonScene()
    scene.beats, scene.renderer.time = beats, 4.4
    findings = Findings()
    check_beats(scene, findings)
    assert fault in "\n".join(findings.sentences) and bool(findings.sentences) == bool(fault)


def test_a_long_black_stretch_is_found() -> None:
    black, bright = np.zeros((9, 16, 3), np.uint8), np.full((9, 16, 3), 200, np.uint8)
    assert longest_emptiness([black] * 3 + [bright] + [black] * 8 + [bright], rate=4) == 2
