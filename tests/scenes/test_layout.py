"""Any network lies well inside the frame, and none of its neurons on another."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenes.kit.layout import (
    FRAME_HEIGHT,
    FRAME_WIDTH,
    SAFE_MARGIN,
    STAGE_BOTTOM,
    STAGE_TOP,
    best_columns,
    column,
    field,
    grid,
    in_rows,
    large_picture_layout,
    network_layout,
    picture_or_column,
)

SIZES = st.lists(st.integers(1, 900), min_size=2, max_size=8)
KNOWN = [[2, 3, 1], [784, 16, 16, 10], [784, 128, 64, 10], [3, 30, 30, 30, 30, 2], [2, 1], [64, 10], [784, 30, 10]]


def assert_fits(sizes: list[int]) -> None:
    for input_as in ("picture", "column"):
        columns = network_layout(sizes, input_as)
        for number, place in enumerate(columns):
            assert place.centres.shape == (sizes[number], 3)
            seen = place.centres[place.shown]
            reach = place.diameter / 2
            assert (np.abs(seen[:, 0]) + reach <= FRAME_WIDTH / 2 - SAFE_MARGIN).all()
            assert (np.abs(seen[:, 1]) + reach <= FRAME_HEIGHT / 2 - SAFE_MARGIN).all()
            order = seen[np.lexsort((seen[:, 0], seen[:, 1]))]
            if len(order) > 1:
                gaps = np.linalg.norm(np.diff(order, axis=0), axis=1)
                assert gaps.min() >= place.diameter
        for before, after in zip(columns, columns[1:], strict=False):
            assert before.centres[:, 0].max() + before.diameter / 2 < after.centres[:, 0].min() - after.diameter / 2


@pytest.mark.parametrize("sizes", KNOWN, ids=str)
def test_known_networks_fit(sizes: list[int]) -> None:
    assert_fits(sizes)


@given(SIZES)
def test_any_network_fits(sizes: list[int]) -> None:
    assert_fits(sizes)


@given(st.integers(33, 5000))
def test_dots_stand_between_the_neurons_they_leave_room_for(count: int) -> None:
    place = column(count, (0, 0), 6)
    first, last = place.centres[7, 1], place.centres[-8, 1]
    assert (place.dots[:, 1] < first - place.diameter / 2).all() and (
        place.dots[:, 1] > last + place.diameter / 2
    ).all()
    hidden = place.centres[~place.shown, 1]
    assert hidden.max() < first and hidden.min() > last


def test_a_grid_goes_row_by_row_from_the_upper_left() -> None:
    places = grid(2, (0, 0), 2)
    assert places.tolist() == [[-0.5, 0.5, 0], [0.5, 0.5, 0], [-0.5, -0.5, 0], [0.5, -0.5, 0]]


@pytest.mark.parametrize("sizes", [[], [3], [3, 0]])
def test_what_is_no_network_is_refused(sizes: list[int]) -> None:
    with pytest.raises(ValueError, match="sizes"):
        network_layout(sizes)


def test_the_layout_needs_no_manim() -> None:
    code = "import sys, scenes.kit.layout, scenes.syllabus; assert not {'manim', 'numba'} & sys.modules.keys()"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_moved_column_is_the_same_elsewhere() -> None:
    layout = column(784, (0, 0), 6)
    there = layout.shifted(2.5)
    assert there.centres - layout.centres == pytest.approx(np.tile([2.5, 0, 0], (784, 1)))
    assert there.dots[:, 0] == pytest.approx(layout.dots[:, 0] + 2.5)


@pytest.mark.parametrize("count", [1, 2, 7, 16, 40])
@pytest.mark.parametrize(("width", "height"), [(7.6, 6.2), (2, 6), (9, 1)])
def test_things_in_rows_stay_in_their_room(count: int, width: float, height: float) -> None:
    places, step = in_rows(count, (2, 1), width, height)
    assert places.shape == (count, 3) and len(np.unique(places, axis=0)) == count
    assert (np.abs(places[:, 0] - 2) + step / 2 <= width / 2 + 1e-9).all()
    assert (np.abs(places[:, 1] - 1) + step / 2 <= height / 2 + 1e-9).all()
    apart = np.linalg.norm(places[:, None] - places, axis=2)[~np.eye(count, dtype=bool)]
    assert (apart >= step - 1e-9).all()
    # Row by row from the top, each from the left.
    assert sorted(range(count), key=lambda n: (-places[n, 1], places[n, 0])) == list(range(count))


def test_sixteen_things_make_a_full_square() -> None:
    places, _ = in_rows(16, (0, 0), 7.6, 6.2)
    assert len(np.unique(places[:, 0].round(6))) == len(np.unique(places[:, 1].round(6))) == 4


def test_the_more_empty_places_count_the_fuller_are_the_rows() -> None:
    # Four in a row are larger, but leave one place empty.
    assert best_columns(7, 8, 4) == 4 and best_columns(7, 8, 4, fullness=9) == 7


def test_no_things_cannot_be_put_in_rows() -> None:
    with pytest.raises(ValueError, match="count must be 1 or more; got 0"):
        in_rows(0, (0, 0), 1, 1)


@pytest.mark.parametrize("count", [1, 7, 1482, 13_002, 26_090])
def test_a_field_holds_all_its_cells(count: int) -> None:
    centres, step = field(count, (-6.65, 0.4), 7.6, 6.1)
    assert centres.shape == (count, 3)
    low, high = centres.min(axis=0) - step / 2, centres.max(axis=0) + step / 2
    assert low[0] >= -6.65 - 1e-6 and high[0] <= -6.65 + 7.6 + 1e-6
    assert abs(low[1] - 0.4) <= 3.05 + 1e-6 and abs(high[1] - 0.4) <= 3.05 + 1e-6
    apart = np.linalg.norm(np.diff(centres, axis=0), axis=1)
    assert (apart >= step - 1e-9).all(), "no cell lies on its neighbour"


def test_only_a_square_number_of_inputs_stands_as_a_picture() -> None:
    picture = picture_or_column(784, (1, 2), 4)
    assert np.ptp(picture.centres[:, 0]) == pytest.approx(np.ptp(picture.centres[:, 1])) == pytest.approx(4 * 27 / 28)
    assert picture.shown.all() and picture.centres.mean(axis=0) == pytest.approx([1, 2, 0])
    upright = picture_or_column(7, (1, 2), 4)
    assert np.ptp(upright.centres[:, 0]) == 0 and upright.centres.mean(axis=0) == pytest.approx([1, 2, 0])


@pytest.mark.parametrize("sizes", [[784, 16, 16, 10], [784, 10], [64, 30, 10], [784, 40, 20, 10, 5]])
def test_a_large_picture_fills_the_stage_and_the_columns_stand_beside_it(sizes: list[int]) -> None:
    first, *rest = large_picture_layout(sizes, outputs=4.9)
    left, right = (edge(first.centres[:, 0]) for edge in (np.min, np.max))
    low, high = (edge(first.centres[:, 1]) for edge in (np.min, np.max))
    assert right - left == pytest.approx(high - low) and STAGE_BOTTOM < low < high < STAGE_TOP
    assert left == pytest.approx(-6.6, abs=0.5) and (len(sizes) > 4 or high - low > 5)
    columns = [place.centres[0, 0] for place in rest]
    assert columns[-1] == pytest.approx(4.9) and (np.diff([right, *columns]) > 1).all()
