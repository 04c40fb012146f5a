"""The checks find each fault they are there for, and find nothing in a good picture."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from manim import Mobject, tempconfig

from scenes.kit import theme
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.numbers import Numbers
from scenes.kit.mobjects.symbols import Symbol
from scenes.kit.mobjects.text import Number, Words
from scenes.stage.caption import Caption
from scenes.stage.lesson_scene import LessonScene
from tests.scenes.picture_checks import Findings, check_captions, check_stage, longest_emptiness


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
        (lambda: [Words("shrunk").scale(0.5)], "only 18 px"),
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


def test_a_caption_that_is_gone_too_soon_is_found() -> None:
    with tempconfig({"dry_run": True}):
        scene = LessonScene()
    scene.captions = [Caption("Five words in one sentence", 0, 2)]
    findings = Findings()
    check_captions(scene, findings)
    assert "gone after 2.0 s" in findings.sentences[0]
    scene.captions = [Caption("Five words in one sentence", 0, theme.READING_START + 5 * theme.READING_A_WORD)]
    findings = Findings()
    check_captions(scene, findings)
    assert findings.sentences == []


def test_a_long_black_stretch_is_found() -> None:
    black, bright = np.zeros((9, 16, 3), np.uint8), np.full((9, 16, 3), 200, np.uint8)
    assert longest_emptiness([black] * 3 + [bright] + [black] * 8 + [bright], rate=4) == 2
