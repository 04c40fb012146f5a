"""Pixels that come nearer and turn into numbers: each is seen where it should be, and none covers another."""

from __future__ import annotations

import numpy as np
import pytest
from manim import RoundedRectangle

from scenes.kit.animations.pixels_to_numbers import StreamIn, ZoomPixels
from scenes.kit.layout import STAGE_BOTTOM
from scenes.kit.mobjects.pixel_grid import PixelGrid


@pytest.mark.parametrize("most", [0, 1])
def test_every_bright_pixel_goes_into_the_box_as_its_number(most: int) -> None:
    image = np.random.default_rng(0).random((8, 8)).round(1) * most
    pixels = PixelGrid(image, 3, (-4, 0))
    box = RoundedRectangle(width=3, height=3.2).move_to((1, 0, 0))
    stream = StreamIn(pixels, box, rate_func=lambda share: share)
    shown = image.ravel()[image.ravel() > 0] if most else np.zeros(1)
    assert stream.numbers.values == pytest.approx(shown)
    for moment in np.linspace(0, 1, 40):
        stream.interpolate_mobject(moment)
        extents = stream.numbers.extents()[stream.numbers.opacities > 0]
        # No number lies over another one, nor over the arrow in the middle.
        apart = np.maximum(extents[:, None, :2] - extents[None, :, 2:], extents[None, :, :2] - extents[:, None, 2:])
        assert (apart.max(axis=2)[~np.eye(len(extents), dtype=bool)] > 0).all()
        assert (np.abs(extents[:, 1::2]) > 0.15).all()
    assert not pixels.opacities.any() and not stream.numbers.opacities.any()
    assert (stream.numbers.extents()[:, 0] > box.get_left()[0]).all()


def test_a_picture_that_comes_nearer_never_covers_the_caption() -> None:
    pixels = PixelGrid(np.ones((28, 28)), 5.4, (0, 0.4))
    target = pixels.copy().scale(5)
    zoom = ZoomPixels(pixels, target)
    zoom.begin()
    for moment in (0.0, 0.3, 0.7, 1.0):
        zoom.interpolate(moment)
        lowest = pixels.points[0::2, 1][pixels.opacities > 0].min()
        assert lowest > STAGE_BOTTOM - ZoomPixels.EDGE
    assert pixels.points == pytest.approx(target.points)
