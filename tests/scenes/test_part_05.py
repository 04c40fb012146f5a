"""The facts of part 5: what is drawn adds up to the real picture, counts are counted, and a hope is called one."""

from __future__ import annotations

import numpy as np
import pytest
from manim import tempconfig

from network.analysis.examples import digits_taken_apart
from network.analysis.parts import take_apart
from network.digits import Digits, Split
from scenes.kit.animations.spread_colour import SpreadColour
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.part_05_why_layers.a_digit_taken_apart import ADigitTakenApart
from scenes.part_05_why_layers.picture_equations import sentences_about_holes
from scenes.part_05_why_layers.sum_of_parts import sum_of_parts
from scenes.part_05_why_layers.the_hope import TheHope
from scenes.stage.inputs import lesson_checkpoint, lesson_digits


def test_a_digit_is_the_sum_of_its_parts_cell_by_cell() -> None:
    for example in digits_taken_apart(lesson_digits("test")):
        equation = sum_of_parts(example, 3, 0)
        total = sum(grid.values for grid in equation.pieces)
        assert (total == equation.whole.values).all()
        assert equation.whole.values.sum() == pytest.approx(example.parts.image.sum()), "no ink is left out"
        assert [name.shown for name in equation.names] == [example.name, *example.parts.kinds]
        assert len(equation.signs) == len(example.parts.kinds)


def test_no_neuron_is_lit_for_a_hope() -> None:
    """Hidden neurons and outputs stay dark until the real forward pass, and then show its activations."""
    lit: dict[str, list[np.ndarray]] = {}

    class Watched(TheHope):
        def play(self, *animations: object, **options: object) -> None:
            super().play(*animations, **options)
            section = self.renderer.file_writer.sections[-1].name
            lit[section] = [column.colours.max(axis=1) / 255 for column in self.diagram.columns]

    with tempconfig({"dry_run": True, "frame_rate": 2, "pixel_height": 54, "pixel_width": 96}):
        scene = Watched()
        scene.render()
    forward = lesson_checkpoint().network.forward(scene.parts.image)
    for section, columns in lit.items():
        if section != "What is real":
            assert all(not column.any() for column in columns[1:]), section
    for column, activations in zip(lit["What is real"], forward.columns, strict=True):
        assert column == pytest.approx(activations, abs=1e-5)
    shown = " ".join(scene.words)
    assert scene.word.shown == "the hope" and "hope" in shown and "Part 11" in shown


def test_the_holes_are_told_in_one_line_or_one_class_after_another() -> None:
    table = np.array([[5, 5, 90], [10, 30, 10], [20, 0, 0]])
    ((sentence, labels),) = sentences_about_holes(table, "789", [(1, 1), (0, 2)])
    assert sentence == "30 of 50 eights have one hole, 90 of 100 sevens two or more: often, not always."
    assert labels == [1, 0]
    assert sentences_about_holes(table, "789", [(2, 0)]) == [("20 of 20 nines have no hole: always.", [2])]
    first, second = sentences_about_holes(table, ("Ankle boot", "T-shirt/top", ""), [(0, 1), (1, 2)])
    assert first == ("5 of 100 pictures of Ankle boot have one hole.", [0])
    assert second == ("10 of 50 pictures of T-shirt/top have two or more holes: not always, by far.", [1])


def test_holes_and_parts_are_counted_in_words() -> None:
    y, x = np.mgrid[:28, :28]
    ring = np.clip(2 - np.abs(np.hypot(x - 14, y - 9) - 5), 0, 1).astype(np.float32)
    stem = np.zeros((28, 28), np.float32)
    stem[9:26, 18:21] = 1
    nine = Digits(np.maximum(ring, stem)[None], np.array([0]), ("9",))
    assert take_apart(nine.images[0]).kinds == ("loop", "line")

    class OfThisNine(ADigitTakenApart):
        def digits(self, split: Split = "test") -> Digits:
            return nine

    text = OfThisNine().alternative_text()
    assert "A handwritten 9 is taken apart: its ink, 1 hole, its skeleton. It falls into 1 loop and 1 line," in text


def test_paint_takes_the_cells_in_their_turns() -> None:
    grid = PixelGrid(np.zeros((3, 3)))
    spread = SpreadColour(grid, np.array([[0, 0, 0], [0, 4, 0], [0, 0, -1]]), (255, 0, 0), softness=1)
    red = []
    for alpha in (0.0, 0.5, 1.0):
        spread.interpolate_mobject(alpha)
        red.append(grid.colours[[0, 4, 8], 0].tolist())
    assert red == [[0, 0, 0], [255, 0, 0], [255, 255, 0]], "the first, the last, and one that keeps its colour"
