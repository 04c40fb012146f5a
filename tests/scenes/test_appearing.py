"""Cells appear in their order, and in the end they are as they were."""

from __future__ import annotations

import numpy as np
import pytest
from manim import linear

from network.digits import Digits
from scenes.kit.animations.appearing import LightUp, OneByOne
from scenes.kit.mobjects.pixel_grid import PixelGrid


@pytest.mark.parametrize("share", [0, 0.25, 0.5, 1])
def test_cells_appear_one_by_one(digits: Digits, share: float) -> None:
    picture = PixelGrid(digits.images[0])
    appearing = OneByOne(picture, rate_func=linear)
    appearing.begin()
    appearing.interpolate(share)
    seen = np.flatnonzero(picture.opacities)
    assert seen.tolist() == list(range(round(share * len(picture))))


def test_upper_rows_light_up_first() -> None:
    whole, picture = PixelGrid(np.ones((28, 28))), PixelGrid(np.ones((28, 28)))
    lighting = LightUp(picture)
    lighting.begin()
    lighting.interpolate(0)
    assert picture.colours.max() == 0
    lighting.interpolate(0.6)
    rows = picture.colours.reshape(28, 28, 3).mean(axis=(1, 2))
    assert (np.diff(rows) <= 0).all() and rows[0] == 255 and rows[-1] < 5
    lighting.interpolate(1)
    np.testing.assert_array_equal(picture.colours, whole.colours)
    np.testing.assert_array_equal(picture.stroke_opacities, whole.stroke_opacities)
