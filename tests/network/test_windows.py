"""Windows lie in the picture, and show what is worth seeing."""

from __future__ import annotations

import numpy as np
import pytest

from network.analysis.windows import Window, liveliest_window, pixel_to_follow, window_around


def test_the_liveliest_window_has_the_most_greys() -> None:
    image = np.zeros((28, 28), np.float32)
    image[2:6, 3:20] = 1  # white is no grey
    image[15:18, 10:19] = 0.5
    # All 27 greys are in it; of the windows that hold them all, it is the uppermost and leftmost.
    assert liveliest_window(image) == Window(12, 7, 6, 12)


@pytest.mark.parametrize("side", [1, 4, 8, 28])
def test_the_liveliest_window_lies_in_the_picture(side: int) -> None:
    row, column, rows, columns = liveliest_window(np.random.default_rng(0).random((side, side)))
    assert 0 <= row <= side - rows and 0 <= column <= side - columns
    assert (rows, columns) == (min(6, side), min(12, side))


def test_the_window_around_a_pixel_is_moved_into_the_picture() -> None:
    assert window_around(8, 4, 4) == Window(2, 2, 5, 5)
    assert window_around(8, 0, 7) == Window(0, 3, 5, 5)
    assert window_around(3, 2, 0) == Window(0, 0, 3, 3)


def test_the_pixel_to_follow_has_the_most_greys_around_it() -> None:
    image = np.zeros((12, 12))
    image[1, 1] = 0.5
    image[7, 8] = 0.5
    image[6:9, 9] = (0.2, 0.4, 0.9)
    # The one at (7, 9) sees the same window of greys, but comes later.
    assert pixel_to_follow(image) == (7, 8)


def test_without_middle_greys_the_brightest_pixel_is_followed() -> None:
    image = np.zeros((8, 8))
    assert pixel_to_follow(image) == (0, 0)
    image[2, 5] = 0.9
    assert pixel_to_follow(image) == (2, 5)
