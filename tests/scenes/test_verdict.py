"""A verdict says what a picture is and was read as, and stays in the frame."""

from __future__ import annotations

import pytest

from scenes.kit import theme
from scenes.kit.layout import FRAME_WIDTH, SAFE_MARGIN
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.verdict import Verdict


@pytest.mark.parametrize(
    ("answer", "said", "colour"), [("3", "3, read as 3", theme.TEXT), ("5", "3, read as 5: wrong", theme.WRONG)]
)
def test_a_verdict_is_red_where_it_is_wrong(answer: str, said: str, colour: str) -> None:
    verdict = Verdict("3", answer)
    assert verdict.shown == said
    assert verdict.get_fill_color().to_hex() == colour


@pytest.mark.parametrize("name", ["3", "a very long name of a class"])
def test_a_verdict_stands_above_its_picture_and_in_the_frame(name: str) -> None:
    picture = PixelGrid([[0, 1], [1, 0]], 3, (-5, 0))
    verdict = Verdict(name, "another name", above=picture)
    assert verdict.get_bottom()[1] > picture.get_top()[1]
    assert verdict.get_left()[0] >= SAFE_MARGIN - FRAME_WIDTH / 2 - 1e-6
