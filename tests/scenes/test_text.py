"""Set text has the size that was asked for."""

from __future__ import annotations

import pytest

from scenes.kit import theme
from scenes.kit.mobjects.text import Words, size_that_fits


def test_numbers_are_as_large_as_there_is_room_for() -> None:
    assert size_that_fits(["1"], 1, 44) == 44
    assert size_that_fits(["0.00000000001"], 0.1, 44) == theme.SMALLEST_SIZE
    size = size_that_fits(["0.25", "0.000015"], 1, 44)
    assert Words("0.000015", size).width == pytest.approx(1, rel=1e-3)
