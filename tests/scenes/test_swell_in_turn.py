"""Things swell one after another, and are as they were in the end."""

from __future__ import annotations

import pytest
from manim import Square

from scenes.kit.animations.swell_in_turn import SwellInTurn


def test_one_swells_after_the_other() -> None:
    things = [Square(1).set_x(x) for x in (-2, 0, 2)]
    swelling = SwellInTurn(things, 1.5, lag_ratio=1)
    swelling.begin()
    for number in range(3):
        swelling.interpolate((number + 0.5) / 3)
        assert [thing.width for thing in things] == pytest.approx([1.5 if k == number else 1 for k in range(3)])
        assert [thing.get_x() for thing in things] == pytest.approx([-2, 0, 2])
    swelling.interpolate(1)
    assert [thing.width for thing in things] == pytest.approx([1, 1, 1])
