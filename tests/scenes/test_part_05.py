"""The facts of part 5: what is drawn adds up to the real picture, counts are counted, and a hope is called one."""

from __future__ import annotations

import numpy as np
import pytest
from manim import tempconfig

from network.analysis.parts import count_holes, holes_by_class, square_around, take_apart
from network.digits import Digits
from scenes.kit.mobjects.pixel_grid import InkGrid, PixelGrid
from scenes.part_05_why_layers.picture_equations import HolesChart, sentences_about_holes
from scenes.part_05_why_layers.shared import PictureEquation, examples, exploded, in_square
from scenes.part_05_why_layers.speech_in_layers import levels_of, spoken_phrase
from scenes.part_05_why_layers.the_hope import TheHope, hopes_for
from scenes.stage.inputs import lesson_checkpoint, lesson_digits


def test_the_examples_are_real_pictures_with_the_parts_they_are_shown_for() -> None:
    digits = lesson_digits("test")
    found = examples(digits)
    assert [example.parts.kinds for example in found] == [("loop", "line"), ("loop", "loop"), ("line",) * 3]
    assert [example.name for example in found] == ["9", "8", "4"]
    for example in found:
        (place,) = np.flatnonzero((digits.images == example.parts.image).all(axis=(1, 2)))
        assert digits.labels[place] == example.label
        assert example.parts.shares.min() >= 0.2
        assert count_holes(digits.images[place][None])[0] == example.parts.count("loop")


def test_a_picture_equation_is_true_cell_by_cell() -> None:
    for example in examples(lesson_digits("test")):
        equation = PictureEquation(example, 3, 0)
        total = sum(grid.values for grid in equation.pieces)
        assert (total == equation.whole.values).all()
        assert (equation.whole.values == example.parts.image[equation.square].ravel()).all()
        assert equation.whole.values.sum() == pytest.approx(example.parts.image.sum()), "no ink is left out"
        assert [name.shown for name in equation.names] == [example.name, *example.parts.kinds]
        assert len(equation.signs) == len(example.parts.kinds)


@pytest.mark.parametrize("hidden", [1, 2, 3, 4])
def test_what_is_hoped_of_a_layer_is_made_of_what_is_hoped_of_the_one_before(hidden: int) -> None:
    parts = examples(lesson_digits("test"))[0].parts
    hopes = hopes_for(parts, hidden)
    assert len(hopes) == hidden and hopes[-1].name == "parts"
    for hope in hopes:
        assert (hope.pictures.sum(axis=0) == parts.image).all()
        assert len(hope.tints) == len(hope.pictures)
    for finer, coarser in zip(hopes, hopes[1:], strict=False):
        for piece in finer.pictures:
            assert (((piece > 0) & (coarser.pictures > 0)).any(axis=(1, 2))).sum() == 1, "a piece is in one larger one"
        assert len(finer.pictures) >= len(coarser.pictures)


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
    shown = " ".join(caption.sentence for caption in scene.captions)
    assert scene.word.shown == "the hope" and "hope" in shown and "Part 11" in shown


def test_the_chart_shows_what_was_counted(digits: Digits) -> None:
    table = holes_by_class(digits)
    chart = HolesChart(table, digits.class_names)
    widths = (chart.bars.points[1::2, 0] - chart.bars.points[0::2, 0]).reshape(-1, 3)
    shares = widths / (chart.RIGHT_EDGE - chart.LEFT_EDGE)
    assert shares == pytest.approx(table / table.sum(axis=1, keepdims=True))
    assert [int(text) for text in chart.numbers.texts] == table.ravel()[chart.numbered].tolist()


def test_the_holes_are_told_in_one_line_or_one_class_after_another() -> None:
    table = np.array([[5, 5, 90], [10, 30, 10], [20, 0, 0]])
    ((sentence, labels),) = sentences_about_holes(table, "789", [(1, 1), (0, 2)])
    assert sentence == "30 of 50 eights have one hole, 90 of 100 sevens two or more: often, not always."
    assert labels == [1, 0]
    assert sentences_about_holes(table, "789", [(2, 0)]) == [("20 of 20 nines have no hole: always.", [2])]
    first, second = sentences_about_holes(table, ("Ankle boot", "T-shirt/top", ""), [(0, 1), (1, 2)])
    assert first == ("5 of 100 of the class Ankle boot have one hole.", [0])
    assert second == ("10 of 50 of the class T-shirt/top have two or more holes: not always, by far.", [1])


def test_cells_of_a_square_stand_where_they_stand_in_the_whole(digits: Digits) -> None:
    image = digits.images[0]
    square = square_around(image)
    whole = PixelGrid(image, 5.4, (1, 0.5))
    cells = in_square(image, square, whole)
    inside = np.zeros(image.shape, bool)
    inside[square] = True
    np.testing.assert_allclose(cells.points, whole.points.reshape(-1, 2, 3)[inside.ravel()].reshape(-1, 3), atol=1e-6)
    assert (cells.values == whole.values[inside.ravel()]).all()


def test_exploded_pieces_move_outwards_by_the_same_way(digits: Digits) -> None:
    parts = take_apart(digits.images[0])
    halves = parts.image.copy(), parts.image.copy()
    halves[0][:, 14:] = 0
    halves[1][:, :14] = 0
    left, right = exploded([InkGrid(half) for half in halves], 0.5)
    assert left.get_center()[0] < 0 < right.get_center()[0]
    for grid in (left, right):
        assert np.linalg.norm(grid.get_center()) == pytest.approx(0.5)


def test_the_levels_of_the_phrase_tile_it() -> None:
    sound, phrase = spoken_phrase()
    assert [len(level) for level in levels_of(phrase)] == [1, 3, 6, 17]
    for level in levels_of(phrase):
        assert level[0].start == 0 and level[-1].stop == len(sound.samples)
        assert "".join(piece.text for piece in level).replace(" ", "") == "numbersbecomepatterns"
