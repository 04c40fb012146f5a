"""Tangents touch their curves and have their slopes."""

from __future__ import annotations

import numpy as np
import pytest
from manim import linear

from network.network import ACTIVATIONS
from scenes.kit import theme
from scenes.kit.animations.slide_tangents import SlideTangents
from scenes.kit.mobjects.function_plot import FunctionPlot
from scenes.kit.mobjects.tangents import Tangents

FUNCTIONS = ACTIVATIONS["sigmoid"], ACTIVATIONS["relu"]


def tangents() -> Tangents:
    plot = FunctionPlot(FUNCTIONS[0].function, (-4, 4), (0, 4), width=8, height=4)
    return Tangents(plot, FUNCTIONS, ("sigmoid", "ReLU"), (theme.ANSWER, theme.POSITIVE))


def assert_touch(shown: Tangents, z: float) -> None:
    for activation, line, number in zip(FUNCTIONS, shown.lines, shown.numbers, strict=True):
        start, end = line.get_start(), line.get_end()
        slope = (end[1] - start[1]) / (end[0] - start[0])  # both axes have one scale here
        assert slope == pytest.approx(float(activation.slope_at(z)))
        assert number.value == pytest.approx(slope)
        assert np.linalg.norm(end - start) == pytest.approx(2 * Tangents.HALF_LENGTH)
        np.testing.assert_allclose(
            (start + end) / 2, shown.plot.axes.point(z, activation.function(np.float64(z))), atol=1e-9
        )


def test_tangents_touch_their_curves_and_have_their_slopes() -> None:
    shown = tangents()
    for z in (1.5, -2.0):
        assert_touch(shown.set_z(z), z)
    assert [words.shown for words in shown.words] == ["sigmoid", "ReLU"]


def test_tangents_glide_from_one_place_to_another() -> None:
    shown = tangents()
    sliding = SlideTangents(shown, -3, 2, rate_func=linear)
    sliding.begin()
    for share in (0, 0.4, 1):
        sliding.interpolate(share)
        assert_touch(shown, -3 + 5 * share)


def test_a_tangent_ends_at_the_foot_of_the_plot() -> None:
    shown = tangents()
    foot = shown.plot.axes.point(0, 0)[1]
    for z in (0.01, 0.3, -0.5):
        assert all(line.get_start()[1] >= foot - 1e-9 for line in shown.set_z(z).lines)
    np.testing.assert_allclose(shown.set_z(0.3).lines[1].get_start(), shown.plot.axes.point(0, 0), atol=1e-9)
