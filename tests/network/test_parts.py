"""Pictures taken apart: the parts add up to the picture, holes are holes, lines are straight."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import ndimage

from network.analysis.edges import little_edges
from network.analysis.examples import (
    digits_taken_apart,
    pictures_with_a_long_line,
    pictures_with_a_loop,
)
from network.analysis.parts import (
    count_holes,
    flood,
    hole_cells_in_half,
    holes_of,
    ink_of,
    peelings,
    side_of,
    smallest_hole,
    square_around,
    take_apart,
    thinned,
)
from network.digits import Digits, load_digits

MNIST = Path(__file__).parents[2] / "assets" / "mnist"
PICTURES = arrays(np.float32, (12, 12), elements=st.sampled_from([0, 0, 0, 0.125, 0.5, 0.75, 1]))
MASKS = arrays(np.bool_, (12, 12))


def ring(side: int = 28, row: float = 9, column: float = 14, radius: float = 5) -> np.ndarray:
    y, x = np.mgrid[:side, :side]
    return np.clip(2 - np.abs(np.hypot(x - column, y - row) - radius), 0, 1).astype(np.float32)


def bar(rows: slice, columns: slice, side: int = 28) -> np.ndarray:
    image = np.zeros((side, side), np.float32)
    image[rows, columns] = 1
    return image


def nine() -> np.ndarray:
    return np.maximum(ring(), bar(slice(9, 26), slice(18, 21)))


def eight() -> np.ndarray:
    return np.maximum(ring(row=8, radius=5), ring(row=19, radius=6))


def four() -> np.ndarray:
    upright, across, left = (
        bar(slice(3, 25), slice(18, 21)),
        bar(slice(13, 16), slice(6, 21)),
        bar(slice(3, 16), slice(6, 9)),
    )
    return np.maximum(np.maximum(upright, across), left)


@settings(max_examples=60, deadline=None)
@given(PICTURES)
def test_parts_share_the_ink_and_add_up_exactly(image: np.ndarray) -> None:
    parts = take_apart(image)
    assert (parts.pictures.sum(axis=0) == image).all()
    assert ((parts.pictures > 0).sum(axis=0) == (image > 0)).all()
    assert parts.count("loop") == holes_of(image).max() == count_holes(image[None])[0]
    if image.any():
        assert parts.shares.sum() == pytest.approx(1)
        assert parts.kinds == tuple(sorted(parts.kinds, reverse=True))


@settings(max_examples=60, deadline=None)
@given(MASKS)
def test_a_skeleton_lies_in_the_ink_and_keeps_holes_and_pieces(ink: np.ndarray) -> None:
    thin = thinned(ink)
    assert not (thin & ~ink).any()
    assert (thinned(thin) == thin).all()
    around, corners = np.pad(~ink, 1, constant_values=True), np.ones((3, 3))
    left = np.pad(~thin, 1, constant_values=True)
    # A block of two by two is all peeled away by this algorithm; where there is none, all stays joined as it was.
    if not ndimage.binary_opening(ink, np.ones((2, 2))).any():
        assert ndimage.label(thin, corners)[1] == ndimage.label(ink, corners)[1]
        assert ndimage.label(left)[1] == ndimage.label(around)[1]


@pytest.mark.parametrize(
    ("image", "kinds"),
    [
        (ring(), ("loop",)),
        (nine(), ("loop", "line")),
        (eight(), ("loop", "loop")),
        (four(), ("line", "line", "line")),
        (bar(slice(4, 24), slice(13, 16)), ("line",)),
        (np.zeros((28, 28), np.float32), ()),
    ],
    ids=["0", "9", "8", "4", "1", "nothing"],
)
def test_shapes_fall_into_the_parts_they_were_made_of(image: np.ndarray, kinds: tuple[str, ...]) -> None:
    assert take_apart(image).kinds == kinds


def test_a_hole_is_dark_and_cut_off_from_the_border() -> None:
    holes = holes_of(eight())
    assert holes.max() == 2
    assert holes[8, 14] == 1 and holes[19, 14] == 2, "they are numbered from the top"
    broken = ring()
    assert holes_of(broken).max() == 1
    broken[:9, 14] = 0
    assert holes_of(broken).max() == 0
    steps = flood(ring())
    assert steps[0, 0] == 0 and steps[1, 1] == 1
    assert ((steps < 0) == (ink_of(ring()) | (holes_of(ring()) > 0))).all()


def test_a_tiny_hole_does_not_count() -> None:
    assert smallest_hole(28) == 2 and smallest_hole(8) == 1
    block = bar(slice(10, 15), slice(10, 15))
    block[12, 12] = 0
    assert holes_of(block).max() == 0
    block[12, 11] = 0
    assert holes_of(block).max() == 1


def test_holes_do_not_run_from_one_picture_into_the_next() -> None:
    images = np.stack([ring(), nine(), eight(), four(), ring() * 0.3, np.zeros((28, 28), np.float32)])
    assert count_holes(images).tolist() == [1, 1, 2, 0, 1, 0]


@given(PICTURES)
@settings(max_examples=60, deadline=None)
def test_the_square_around_ink_holds_all_of_it_with_a_cell_to_spare(image: np.ndarray) -> None:
    rows, columns = square_around(image)
    extent = rows.stop - rows.start
    assert 0 < extent == columns.stop - columns.start
    assert min(rows.start, columns.start) >= 0 and max(rows.stop, columns.stop) <= len(image)
    assert np.count_nonzero(image[rows, columns]) == np.count_nonzero(image)
    if image.any() and extent < len(image):
        lit = np.argwhere(image)
        assert extent == np.ptp(lit, axis=0).max() + 3, "no larger than need be"


def test_the_square_ends_with_the_picture() -> None:
    corner = bar(slice(0, 3), slice(25, 28))
    assert square_around(corner) == (slice(0, 5), slice(23, 28))
    assert square_around(np.zeros((8, 8), np.float32)) == (slice(0, 8), slice(0, 8))


def test_the_ink_is_peeled_from_outside() -> None:
    ink = bar(slice(4, 24), slice(10, 17)) > 0
    rounds = peelings(ink)
    assert (rounds[~ink] == 0).all()
    # Seven cells thick: three rounds from either side, and the one in the middle stays.
    assert rounds[14, 10:17].tolist() == [1, 2, 3, 0, 3, 2, 1]


def test_the_smallest_hole_of_a_picture() -> None:
    assert take_apart(eight()).smallest_hole == min(np.bincount(holes_of(eight()).ravel())[1:])
    assert take_apart(four()).smallest_hole == 0


def test_no_square_picture() -> None:
    with pytest.raises(ValueError, match="image"):
        take_apart(np.zeros((3, 4), np.float32))


def test_the_examples_are_real_pictures_with_the_parts_they_are_shown_for() -> None:
    digits = load_digits(MNIST, "test")
    found = digits_taken_apart(digits)
    assert [example.parts.kinds for example in found] == [("loop", "line"), ("loop", "loop"), ("line",) * 3]
    assert [example.name for example in found] == ["9", "8", "4"]
    for example in found:
        (place,) = np.flatnonzero((digits.images == example.parts.image).all(axis=(1, 2)))
        assert digits.labels[place] == example.label
        assert example.parts.shares.min() >= 0.2
        assert count_holes(digits.images[place][None])[0] == example.parts.count("loop")


def test_data_without_any_of_the_parts_still_give_an_example() -> None:
    images = np.zeros((3, 28, 28), np.float32)
    (only,) = digits_taken_apart(Digits(images, np.array([1, 0, 2]), ("a", "b", "c")))
    assert (only.label, only.name, only.parts.kinds) == (1, "b", ())


def test_where_there_are_pictures_that_are_not_black_one_of_them_is_the_example() -> None:
    images = np.zeros((3, 28, 28), np.float32)
    images[1, 12, 12] = 1
    (only,) = digits_taken_apart(Digits(images, np.array([1, 0, 2]), ("a", "b", "c")))
    assert (only.label, only.name, len(only.parts.kinds)) == (0, "a", 1)


def test_a_part_lies_on_the_side_where_it_is_farthest_from_the_middle() -> None:
    whole = nine()
    loop, line = take_apart(whole).pictures
    assert (side_of(loop, whole), side_of(line, whole), side_of(whole, whole)) == ("top", "right", "middle")
    assert side_of(bar(slice(3, 25), slice(18, 21)), four()) == "right"
    assert side_of(bar(slice(3, 16), slice(6, 9)), four()) == "left"
    assert side_of(np.zeros_like(whole), whole) == "middle"


def test_a_hole_is_in_a_half_if_all_of_it_is() -> None:
    image = eight()
    upper, lower = (hole_cells_in_half(image, one) for one in (True, False))
    assert np.array_equal(upper, holes_of(image) == 1) and np.array_equal(lower, holes_of(image) == 2)
    across = ring(row=14)  # neither above nor below the middle
    assert holes_of(across).any()
    assert not hole_cells_in_half(across, True).any() and not hole_cells_in_half(across, False).any()


def test_the_greatest_line_has_the_most_brightness() -> None:
    parts = take_apart(four())
    line = parts.pictures[parts.greatest_line]
    assert parts.kinds == ("line", "line", "line") and line[20, 18:21].all()  # the upright one
    with pytest.raises(ValueError):
        take_apart(eight()).greatest_line  # noqa: B018


def test_pictures_with_a_loop_have_it_in_that_half() -> None:
    digits = load_digits(MNIST, "test")
    for upper in (True, False):
        chosen = pictures_with_a_loop(digits, upper, 3)
        assert set(digits.labels[chosen]) == ({8, 9} if upper else {2, 6, 8}) and len(set(chosen)) == 3
        for n in chosen:
            holes = holes_of(digits.images[n])
            rows = [np.flatnonzero((holes == k).any(axis=1)) for k in range(1, holes.max() + 1)]
            assert any(row.max() < 13.5 if upper else row.min() > 13.5 for row in rows)
    assert not len(pictures_with_a_loop(Digits(four()[None], np.array([0]), ("4",)), True, 3))


def test_the_longest_lines_are_those_of_ones_fours_and_sevens() -> None:
    found = pictures_with_a_long_line(load_digits(MNIST, "test"), 3)
    assert [example.name for example in found] == ["1", "4", "7"]
    for example in found:
        shares = [s for s, kind in zip(example.parts.shares, example.parts.kinds, strict=True) if kind == "line"]
        assert max(shares) >= 0.5
        line = example.parts.pictures[list(example.parts.shares).index(max(shares))]
        assert little_edges(line)[0].sum(axis=(1, 2)).min() >= line.sum() / 6, "no crumbs"
