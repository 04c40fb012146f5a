"""Pieces of pictures stand where they belong, and move away from each other."""

from __future__ import annotations

import numpy as np
import pytest

from network.analysis.parts import square_around
from network.digits import Digits
from scenes.kit import theme
from scenes.kit.colour import rgb
from scenes.kit.layout import FRAME_WIDTH, SAFE_MARGIN
from scenes.kit.mobjects.picture_pieces import PictureEquation, cells_in_place, drawn_apart
from scenes.kit.mobjects.pixel_grid import InkGrid, PixelGrid


def halves(image: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    left, right = image.copy(), image.copy()
    left[:, 14:] = 0
    right[:, :14] = 0
    return left, right


def test_an_equation_shows_its_pieces_and_their_names(digits: Digits) -> None:
    image = digits.images[0]
    equation = PictureEquation(image, halves(image), ("ring", "left", "right"), extent=3, y=0.5)
    assert [name.shown for name in equation.names] == ["ring", "left", "right"]
    assert (equation.whole.values == image.ravel()).all()
    assert (sum(piece.values for piece in equation.pieces) == equation.whole.values).all()
    assert len(equation.signs) == 2
    middles = [grid.get_center() for grid in (equation.whole, *equation.pieces)]
    assert np.diff([x for x, _, _ in middles]) == pytest.approx(3 + equation.GAP)
    assert [y for _, y, _ in middles] == pytest.approx([0.5] * 3)
    for piece, name, colour in zip(equation.pieces, equation.names[1:], theme.PARTS, strict=False):
        assert name.get_fill_color().to_hex() == colour
        brightest = piece.colours[np.argmax(piece.values)]
        assert brightest == pytest.approx(piece.values.max() * rgb(colour), abs=0.5)


def test_many_pieces_stay_in_the_frame(digits: Digits) -> None:
    pieces = [digits.images[0] / 8] * 8
    equation = PictureEquation(digits.images[0], pieces, [str(n) for n in range(9)], extent=5)
    assert equation.extent < 5 and equation.width < FRAME_WIDTH - 2 * SAFE_MARGIN


def test_cells_of_a_square_stand_where_they_stand_in_the_whole(digits: Digits) -> None:
    image = digits.images[0]
    square = square_around(image)
    whole = PixelGrid(image, 5.4, (1, 0.5))
    cells = cells_in_place(image, square, whole)
    inside = np.zeros(image.shape, bool)
    inside[square] = True
    np.testing.assert_allclose(cells.points, whole.points.reshape(-1, 2, 3)[inside.ravel()].reshape(-1, 3), atol=1e-6)
    assert (cells.values == whole.values[inside.ravel()]).all()


def test_pieces_are_drawn_apart_by_the_same_distance(digits: Digits) -> None:
    left, right = drawn_apart([InkGrid(half) for half in halves(digits.images[0])], 0.5)
    assert left.get_center()[0] < 0 < right.get_center()[0]
    for grid in (left, right):
        assert np.linalg.norm(grid.get_center()) == pytest.approx(0.5)


def test_pieces_may_have_colours_of_their_own(digits: Digits) -> None:
    image = digits.images[0]
    equation = PictureEquation(image, halves(image), ("whole", "left", "right"), 3, colours=["#FF0000", "#00FF00"])
    for piece, colour in zip(equation.pieces, ("#FF0000", "#00FF00"), strict=True):
        assert (piece.colours == piece.values[:, None] * rgb(colour)).all()
