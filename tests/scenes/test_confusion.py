"""What a confusion matrix says: each count in its cell, in a colour that its scale reads back."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from manim import Transform
from manim.utils.color import ManimColor

from lesson.render.picture_checks import PIXELS_A_UNIT, box, overlap
from network import Network
from network.digits import Digits
from network.evaluation import evaluate
from scenes.kit import theme
from scenes.kit.contrast import relative_luminance
from scenes.kit.gallery import picture
from scenes.kit.layout import FRAME_HEIGHT, FRAME_WIDTH
from scenes.kit.mobjects.confusion import ONE_MISTAKE, ConfusionMatrix, brightness_of_mistakes
from scenes.kit.mobjects.text import Number, Words

SOME = np.array([[990, 1, 9], [3, 0, 27], [0, 100, 400]])
MOVES: list[Callable[[Any], Any]] = [
    lambda matrix: matrix,
    lambda matrix: matrix.copy(),
    lambda matrix: matrix.shift((0.5, -0.3, 0)),
    lambda matrix: matrix.scale(0.7).copy(),
]


def counts_of(n: int, most: int = 60, seed: int = 0) -> Any:
    rng = np.random.default_rng(seed)
    counts = rng.integers(0, most + 1, (n, n))
    np.fill_diagonal(counts, rng.integers(500, 1200, n))
    return counts


def colour_in_frame(frame: Any, matrix: ConfusionMatrix, true: int, answer: int) -> Any:
    """What is drawn in the lower left of a cell, beside its number."""
    centre, radius = matrix.cell(true, answer), matrix.cells.radii[0]
    x, y = centre[:2] - 0.8 * radius
    scale = len(frame) / FRAME_HEIGHT
    return frame[round((FRAME_HEIGHT / 2 - y) * scale - 0.5), round((x + FRAME_WIDTH / 2) * scale - 0.5), :3]


def texts_of(matrix: ConfusionMatrix) -> list[Any]:
    return [part for part in matrix.get_family() if isinstance(part, Words | Number)]


@pytest.mark.parametrize("move", MOVES)
def test_the_drawn_colour_reads_back_as_the_count(move: Any) -> None:
    matrix = move(ConfusionMatrix(SOME))
    frame = picture([matrix], 720).astype(float)
    full = 255 * np.array(ManimColor(theme.WRONG).to_rgb())
    for true in range(3):
        for answer in range(3):
            drawn = colour_in_frame(frame, matrix, true, answer)
            if true == answer:
                white = 255 * np.array(ManimColor(theme.NEUTRAL).to_rgb())
                share = drawn[2] / white[2]
                assert share == pytest.approx(SOME[true, true] / SOME[true].sum(), abs=0.01)
                np.testing.assert_allclose(drawn, share * white, atol=1)
                continue
            brightness = drawn[0] / full[0]
            np.testing.assert_allclose(drawn, brightness * full, atol=1)
            if SOME[true, answer] == 0:
                assert brightness == 0
            else:
                count = 100 ** ((brightness - ONE_MISTAKE) / (1 - ONE_MISTAKE))
                assert count == pytest.approx(SOME[true, answer], rel=0.03)


@given(most=st.integers(1, 10**6), count=st.integers(0, 10**6))
def test_the_scale_of_mistakes_rises_and_shows_even_one(most: int, count: int) -> None:
    count = min(count, most)
    none, one, some, full = brightness_of_mistakes([0, 1, count, max(most, 2)], most)
    assert none == 0 and one == pytest.approx(ONE_MISTAKE) and full == pytest.approx(1)
    assert some == 0 if count == 0 else one <= some <= 1 + 1e-12


def test_one_mistake_of_a_thousand_can_be_seen() -> None:
    matrix = ConfusionMatrix([[999, 1], [0, 1000]])
    frame = picture([matrix], 720)
    assert colour_in_frame(frame, matrix, 0, 1).max() >= 45
    assert colour_in_frame(frame, matrix, 1, 0).max() == 0


@pytest.mark.parametrize("move", MOVES)
def test_every_cell_shows_its_count_in_its_place(move: Any) -> None:
    matrix = move(ConfusionMatrix(SOME))
    for true in range(3):
        for answer in range(3):
            count = SOME[true, answer]
            assert matrix.numbers[true][answer] == (f"{count:,}" if count else "")
            inside = np.abs(matrix.figures - matrix.cell(true, answer)).max(axis=1) < matrix.cells.radii[0]
            own = Number(int(count)).points
            assert inside.sum() == (len(own) if count else 0)
            # The very outline of the count, whatever its size.
            if count:
                drawn = matrix.figures[inside]
                drawn, own = ((points - points.min(axis=0)) / np.ptp(points[:, 1]) for points in (drawn, own))
                np.testing.assert_allclose(drawn[:, :2], own[:, :2], atol=1e-6)


def test_rows_are_the_truth_and_columns_the_answers() -> None:
    matrix = ConfusionMatrix([[8, 2], [0, 10]], ["cat", "dog"])
    assert matrix.cell(0, 1)[0] > matrix.cell(0, 0)[0]
    assert matrix.cell(1, 0)[1] < matrix.cell(0, 0)[1]
    for k in range(2):
        assert matrix.row_names[k].get_y() == pytest.approx(matrix.cell(k, 0)[1])
        assert matrix.column_names[k].get_x() == pytest.approx(matrix.cell(0, k)[0])


@pytest.mark.parametrize("n", [2, 3, 10, 14, 26])
@pytest.mark.parametrize("names", ["letters", "words"])
def test_any_number_of_classes_is_legible(n: int, names: str) -> None:
    class_names = [chr(65 + k) if names == "letters" else f"Trousers {k}" + "long" * (k % 3) for k in range(n)]
    matrix = ConfusionMatrix(counts_of(n), class_names)
    texts = texts_of(matrix)
    for one, other in combinations(texts, 2):
        assert overlap(box(one), box(other)) <= 0, f"{one.shown} over {other.shown}"
    left, bottom, right, top = box(matrix)
    assert max(-left, right) < FRAME_WIDTH / 2 - 0.25 and max(-bottom, top) < FRAME_HEIGHT / 2 - 0.25
    cells = box(matrix.cells)
    assert all(overlap(box(text), cells) <= 0 for text in texts)


@pytest.mark.parametrize("n", range(2, 27, 3))
def test_numbers_are_at_least_24_pixels_high_or_left_out(n: int) -> None:
    matrix = ConfusionMatrix(counts_of(n))
    written = [text for row in matrix.numbers for text in row if text]
    figures = matrix.figures
    if not written:
        assert n > 16 and not len(figures)
        return
    least = Number(1, size=theme.TEXTURE_SIZE)
    heights = [points.max(axis=0)[1] - points.min(axis=0)[1] for points in cells_of(matrix, figures)]
    assert min(heights) >= least.height - 1e-6
    assert PIXELS_A_UNIT * least.em == pytest.approx(theme.TEXTURE_SIZE)
    radius = matrix.cells.radii[0]
    for points in cells_of(matrix, figures):
        assert np.ptp(points[:, 0]) < 2 * radius and np.ptp(points[:, 1]) < 2 * radius


def cells_of(matrix: ConfusionMatrix, figures: Any) -> list[Any]:
    """The points of the figures of each cell that has any."""
    centres, radius = matrix.cells.centres, matrix.cells.radii[0]
    inside = [figures[np.abs(figures - centre).max(axis=1) < radius] for centre in centres]
    assert sum(map(len, inside)) == len(figures)
    return [points for points in inside if len(points)]


@given(n=st.integers(2, 8), most=st.integers(0, 900), seed=st.integers(0, 99))
@settings(max_examples=20, deadline=None)
def test_every_number_has_contrast_with_its_cell(n: int, most: int, seed: int) -> None:
    matrix = ConfusionMatrix(counts_of(n, most, seed))
    grounds = relative_luminance(matrix.cells.colours)
    for figures in (matrix.light, matrix.dark):
        own = relative_luminance(255 * np.array(figures.get_fill_color().to_rgb()))
        for centre, ground in zip(matrix.cells.centres, grounds, strict=True):
            if (np.abs(figures.points - centre).max(axis=1, initial=0) < matrix.cells.radii[0]).any():
                assert (max(own, ground) + 0.05) / (min(own, ground) + 0.05) >= 4.5


def test_it_shows_an_evaluation(network: Network, digits: Digits) -> None:
    result = evaluate(network, digits)
    matrix = ConfusionMatrix(result.confusion, result.class_names)
    assert np.array_equal(matrix.counts, result.confusion)


@pytest.mark.parametrize("move", MOVES)
def test_some_of_the_counts_stand_on_the_scales_of_all(move: Any) -> None:
    matrix = move(ConfusionMatrix(SOME))
    whole = matrix.copy()
    some = SOME // 2
    matrix.show(some)
    assert matrix.numbers[2] == ["", "50", "200"]
    white = 255 * np.array(ManimColor(theme.NEUTRAL).to_rgb())
    np.testing.assert_allclose(matrix.cells.colours[8], 200 / 500 * white, rtol=1e-5)
    np.testing.assert_allclose(matrix.show(SOME).figures, whole.figures, atol=1e-9)
    assert np.array_equal(matrix.cells.colours, whole.cells.colours)
    with pytest.raises(ValueError, match="some of the images"):
        matrix.show(SOME + 1)


def test_a_mark_frames_its_cell_after_a_move() -> None:
    matrix = ConfusionMatrix(SOME).shift((1, 0, 0)).scale(0.5)
    np.testing.assert_allclose(matrix.mark(2, 1).get_center(), matrix.cell(2, 1))


def test_it_becomes_another() -> None:
    before, after = ConfusionMatrix([[5, 5], [5, 5]]), ConfusionMatrix([[9, 1], [0, 10]])
    transform = Transform(before, after)
    transform.begin()
    transform.interpolate(1)
    np.testing.assert_allclose(before.cells.colours, after.cells.colours, atol=1e-3)


def test_nothing_counted_is_all_black() -> None:
    matrix = ConfusionMatrix(np.zeros((3, 3)))
    assert matrix.cells.colours.max() == 0 and not any(map(any, matrix.numbers))


@pytest.mark.parametrize(
    ("counts", "names", "named"),
    [
        (np.zeros((2, 3)), None, "counts"),
        (np.zeros((1, 1)), None, "counts"),
        (np.zeros((27, 27)), None, "counts"),
        (np.zeros(4), None, "counts"),
        ([], None, "counts"),
        ([[1, np.nan], [0, 1]], None, "counts"),
        ([[1, np.inf], [0, 1]], None, "counts"),
        ([[1, -1], [0, 1]], None, "counts"),
        ([[1, 0.5], [0, 1]], None, "counts"),
        ([["a", "b"], ["c", "d"]], None, "counts"),
        ([[1, 0], [0, 1]], ["one"], "class_names"),
        ([[1, 0], [0, 1]], ["one", ""], "class_names"),
    ],
)
def test_a_bad_argument_is_named(counts: Any, names: Any, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        ConfusionMatrix(counts, names)


def test_a_cell_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="true and answer"):
        ConfusionMatrix(SOME).mark(0, 3)
