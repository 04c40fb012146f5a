"""The facts of part 5: what is drawn adds up to the real picture, counts are counted, and a hope is called one."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from manim import tempconfig

from network.analysis.edges import little_edges
from network.analysis.examples import digits_taken_apart
from network.analysis.hopes import hopes_for
from network.analysis.parts import take_apart
from network.digits import Digits, Split
from scenes.kit.animations.spread_colour import SpreadColour
from scenes.kit.colour import rgb
from scenes.kit.gallery import picture
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.part_05_why_layers.a_digit_taken_apart import ADigitTakenApart
from scenes.part_05_why_layers.colours import OF_KIND
from scenes.part_05_why_layers.parts_are_made_of_edges import PartsAreMadeOfEdges
from scenes.part_05_why_layers.parts_to_digits import features_of
from scenes.part_05_why_layers.picture_equations import PictureEquations, _made_of
from scenes.part_05_why_layers.speech_in_layers import SpeechInLayers
from scenes.part_05_why_layers.sum_of_parts import sum_of_parts
from scenes.part_05_why_layers.the_hope import TheHope, _story
from scenes.stage.inputs import lesson_checkpoint, lesson_digits
from scenes.stage.lesson_scene import LessonScene


@cache
def played(scene_class: type[LessonScene]) -> LessonScene:
    """A scene that has been played, without drawing."""
    with tempconfig({"dry_run": True, "frame_rate": 2, "pixel_height": 54, "pixel_width": 96}):
        scene = scene_class(skip_animations=True)
        scene.render()
    return scene


def nine() -> np.ndarray:
    """A drawn 9: a ring, and a stem from its right side down."""
    y, x = np.mgrid[:28, :28]
    ring = np.clip(2 - np.abs(np.hypot(x - 14, y - 9) - 5), 0, 1).astype(np.float32)
    stem = np.zeros((28, 28), np.float32)
    stem[9:26, 18:21] = 1
    return np.maximum(ring, stem)


def test_a_digit_is_the_sum_of_its_parts_cell_by_cell() -> None:
    for example in digits_taken_apart(lesson_digits("test")):
        equation = sum_of_parts(example, 3, 0)
        total = sum(grid.values for grid in equation.pieces)
        assert (total == equation.whole.values).all()
        assert equation.whole.values.sum() == pytest.approx(example.parts.image.sum()), "no ink is left out"
        assert [name.shown for name in equation.names] == [example.name, *example.parts.kinds]
        assert len(equation.signs) == len(example.parts.kinds)
        for grid, kind in zip(equation.pieces, example.parts.kinds, strict=True):
            brightest = grid.colours[int(np.argmax(grid.values))]
            assert brightest == pytest.approx(grid.values.max() * rgb(OF_KIND[kind]), abs=1), "a colour for each kind"


def test_no_neuron_of_the_network_is_lit_for_a_hope() -> None:
    """Its hidden neurons and outputs stay dark until the real forward pass, and then show its activations."""
    lit: dict[str, list[np.ndarray]] = {}

    class Watched(TheHope):
        def play(self, *animations: object, **options: object) -> None:
            super().play(*animations, **options)
            section = self.renderer.file_writer.sections[-1].name
            lit[section] = [column.colours.max(axis=1) / 255 for column in self.diagram.columns]

    scene = played(Watched)
    forward = lesson_checkpoint().network.forward(scene.parts.image)
    for section in ("The hope", "Is it true?"):
        assert all(not column.any() for column in lit[section][1:]), section
    for section in ("What is real", "Hard to tell"):
        for column, activations in zip(lit[section], forward.columns, strict=True):
            assert column == pytest.approx(activations, abs=1e-5)
    shown = " ".join(scene.words)
    assert scene.heading.shown == "the hope" and "So here is a hope." in shown
    assert "Near the end we'll take it apart" in shown
    right = forward.answer == scene.example.label
    assert ("It gets it right." in shown) == right


def test_every_hoped_for_neuron_is_lit_by_the_pieces_it_is_made_of() -> None:
    scene = played(TheHope)
    *_, last = scene.columns
    assert (last.pictures == scene.parts.image).all(), "the last stands for the whole digit"
    for column in scene.columns:
        assert (column.pictures.sum(axis=0) == scene.parts.image).all(), "no ink is left out"
        assert len(column.rings) == len(column.icons) == len(column.pictures)
    for before, column in zip(scene.columns, scene.columns[1:], strict=False):
        for piece, target in zip(before.pictures, column.sources, strict=True):
            assert ((piece > 0) <= (column.pictures[target] > 0)).all(), "a piece lies in what it lights up"
        for number, whole in enumerate(column.pictures):
            pieces = [p for p, target in zip(before.pictures, column.sources, strict=True) if target == number]
            assert (np.sum(pieces, axis=0) == whole).all()


def test_the_hope_is_told_for_any_number_of_layers() -> None:
    parts = take_apart(nine())
    none, one, two, three = (
        _story(hopes_for(parts, hidden), parts, "9", [784, *[16] * hidden, 10]) for hidden in range(4)
    )
    assert "the output for a nine" in none and none.count("<bookmark") == 1
    assert "the hidden layer looked for" in one and "A neuron for the loop, and one for the line." in one
    assert "And what if those two lit up" in one and one.endswith("the nine?")
    assert "the first hidden layer looked for" in two and "until the whole nine is covered" in two
    assert "lit up <bookmark mark='column1'/>a neuron for the loop, and one for the line? And those two, " in two
    assert "into longer ones" in three and three.count("<bookmark") == 4
    assert "more of them than there are neurons" not in two
    assert "more of them than there are neurons" in _story(hopes_for(parts, 2), parts, "9", [784, 2, 2, 10])


def test_the_hope_stands_above_the_network_piece_by_piece() -> None:
    scene = played(TheHope)
    top = max(column.get_top()[1] for column in scene.diagram.columns)
    for icons, ring in scene.row:
        assert (sum(icon.values for icon in icons) == scene.parts.image.ravel()).all(), "no ink is left out"
        lit = np.concatenate([icon.centres[icon.values > 0] for icon in icons])
        assert ring.get_bottom()[1] > top and np.abs(lit - ring.get_center()).max() < ring.width / 2


def test_digits_are_told_as_sums_of_their_parts() -> None:
    assert [_made_of(example) for example in digits_taken_apart(lesson_digits("test"))] == [
        "a loop and a line",
        "one loop on top of another",
        "a long line and two shorter ones",
    ]
    said = " ".join(played(PictureEquations).words)
    assert "A neat eight is one loop on top of another. A four is a long line" in said


def test_neurons_for_parts_are_linked_to_the_digits_that_have_them() -> None:
    later = played(PictureEquations).later
    names = [feature.name for feature in later.features]
    assert names == ["upper loop", "long line", "lower loop", "shorter line", "shorter line"]
    assert len(later.rings) == len(later.signs) == 5
    assert [len(lines) for lines in later.lines] == [2, 2, 3]
    for example, lines in zip(digits_taken_apart(lesson_digits("test")), later.lines, strict=True):
        sources = {int(np.argmin([abs(ring.get_y() - line.get_start()[1]) for ring in later.rings])) for line in lines}
        assert {later.features[n] for n in sources} == set(features_of(example))


def test_part_5_goes_on_with_the_picture_of_the_scene_before() -> None:
    first: list[np.ndarray] = []

    class OnlyItsStart(PartsAreMadeOfEdges):
        def play(self, *animations: object, **options: object) -> None:
            first.append(picture(self.mobjects, 270))
            raise StopIteration

    with tempconfig({"dry_run": True}), pytest.raises(StopIteration):
        OnlyItsStart(skip_animations=True).render()
    last = picture(played(PictureEquations).mobjects, 270)
    assert np.abs(last.astype(int) - first[0]).max() <= 8


def test_a_digit_is_told_by_its_own_parts() -> None:
    drawn = Digits(nine()[None], np.array([0]), ("9",))
    assert take_apart(drawn.images[0]).kinds == ("loop", "line")

    class OfThisNine(ADigitTakenApart):
        def digits(self, split: Split = "test") -> Digits:
            return drawn

    text = OfThisNine().alternative_text()
    assert "finds 1 hole." in text and "its skeleton, it falls into 1 loop and 1 line," in text
    said = " ".join(played(ADigitTakenApart).words)
    assert "A loop on top, and a line below." in said and "One dry spot: one loop. What's left over is a line." in said


def test_the_glass_stands_on_bright_bars_with_dark_on_both_sides() -> None:
    scene = played(PartsAreMadeOfEdges)
    image = scene.example.parts.image
    assert len(scene.looked_at) == 3
    for number in scene.looked_at:
        rows, columns = scene.window_on(number)
        edge = scene.cut[0][number][rows, columns] > 0
        window = image[rows, columns]
        assert window[edge].mean() > 0.5 and (window < 0.1).mean() > 0.3, "a bar, and darkness around it"
    edges, _ = little_edges(scene.part)
    said = " ".join(scene.words)
    assert len(edges) == 8 and "This loop falls into eight of them." in said


def test_a_line_is_called_what_it_falls_into() -> None:
    from scenes.part_05_why_layers.parts_are_made_of_edges import _in_edges

    assert _in_edges("a one", [1, 1]).endswith("as in a one, <bookmark mark='line'/>is just a long edge.")
    assert "few little edges in a row" in _in_edges("a one", [2, 3]) and "or a few" in _in_edges("a one", [1, 4])


def test_the_sentence_is_heard_while_nobody_speaks() -> None:
    scene = played(SpeechInLayers)
    (heard,) = scene.sounds
    stop = heard.start + scene.sound.seconds
    clauses = [clause for beat in scene.beats for clause in beat.clauses]
    assert all(clause.stop <= heard.start or clause.start >= stop - 0.3 for clause in clauses)
    said = " ".join(scene.words)
    assert scene.row_names[0].shown == "sentence" and "sounds: 17 of them here." in said
    assert [len(level) for level in scene.levels] == [1, 3, 6, 17]


def test_paint_takes_the_cells_in_their_turns() -> None:
    grid = PixelGrid(np.zeros((3, 3)))
    spread = SpreadColour(grid, np.array([[0, 0, 0], [0, 4, 0], [0, 0, -1]]), (255, 0, 0), softness=1)
    red = []
    for alpha in (0.0, 0.5, 1.0):
        spread.interpolate_mobject(alpha)
        red.append(grid.colours[[0, 4, 8], 0].tolist())
    assert red == [[0, 0, 0], [255, 0, 0], [255, 255, 0]], "the first, the last, and one that keeps its colour"


def test_pictures_to_choose_from_are_named_by_what_their_classes_are() -> None:
    from scenes.language import told_in
    from scenes.part_05_why_layers.parts_are_made_of_edges import _pictures_of_one_or_another

    assert _pictures_of_one_or_another(["1", "4", "7"]) == "a one, a four or a seven"
    assert _pictures_of_one_or_another(["A", "B"]) == "pictures of A or B"
    with told_in("zh-Hans"):  # whose word for the class may be its figure
        assert "图片" not in _pictures_of_one_or_another(["1", "4"])
