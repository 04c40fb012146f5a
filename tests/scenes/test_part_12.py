"""Part 12 says of sigmoids and ReLU what was measured, whatever that is."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from manim import linear

from network import Network
from network.analysis.depth import DepthComparison, DepthSettings, Provenance
from network.checkpoint import Checkpoint
from network.digits import Digits
from network.network import ACTIVATIONS
from scenes.kit import theme
from scenes.kit.mobjects.function_plot import FunctionPlot
from scenes.kit.mobjects.network_diagram import NetworkDiagram
from scenes.kit.mobjects.text import Number, Words
from scenes.part_12_relu.shared import trained_elsewhere
from scenes.part_12_relu.sigmoid_and_relu import Tangents
from scenes.part_12_relu.the_end_of_the_chapter import ReplayWithPicture, backwards, picture_read_right
from scenes.part_12_relu.trained_both_ways import (
    DepthChart,
    GradientProfile,
    percent,
    sentence_of_adam,
    sentence_of_costs,
    sentence_of_depths,
)
from scenes.part_12_relu.where_the_gradient_goes import (
    Staircase,
    TwinNetwork,
    sentence_of_slopes,
    size_that_fits,
    written_slope,
)

from .conftest import make_checkpoint

SETTINGS = DepthSettings(depths=(1, 2, 4), width=6, epochs=3)


def comparison(**changes: Any) -> DepthComparison:
    """Made up, but of the right shapes: sigmoids whose slopes vanish."""
    sizes = (49, 6, 6, 6, 6, 3)
    rng = np.random.default_rng(0)
    slopes = tuple(rng.normal(size=(2, n_out, n_in)) for n_in, n_out in zip(sizes, sizes[1:], strict=False))
    shrinking = np.array([10.0 ** np.arange(-4, 1), np.full(5, 0.3)])
    whole = DepthComparison(
        SETTINGS,
        Provenance("elsewhere", {"a": "1"}, 0, {}, ""),
        sizes,
        0.2,
        np.full((2, 3), 0.1),
        np.array([[[6, 3, 3, 3]] * 3, [[7, 1, 0.6, 0.5]] * 3]),
        np.array([[0.94, 0.9, 0.2], [0.95, 0.95, 0.94]]),
        np.array([0.9, 0.95]),
        np.stack([shrinking] * 4, axis=1),
        slopes,
    )
    return dataclasses.replace(whole, **changes)


@settings(deadline=None)
@given(st.floats(1e-8, 1e4))
def test_slopes_are_written_with_two_figures(value: float) -> None:
    assert float(written_slope(value)) == pytest.approx(value, rel=0.06)
    assert "e" not in written_slope(value)


@pytest.mark.parametrize(
    ("value", "told"),
    [(0.0625, "0.063"), (1.0, "1"), (0.25, "0.25"), (0, "0"), (4.9e-6, "0.0000049"), (1e-30, "below 0.000000001")],
)
def test_slopes_are_written_as_people_do(value: float, told: str) -> None:
    assert written_slope(value) == told


def test_tangents_touch_their_curves_and_have_their_slopes() -> None:
    functions = ACTIVATIONS["sigmoid"], ACTIVATIONS["relu"]
    plot = FunctionPlot(functions[0].function, (-4, 4), (0, 4), width=8, height=4)
    tangents = Tangents(plot, functions).set_z(1.5)
    for activation, line, number in zip(functions, tangents.lines, tangents.numbers, strict=True):
        start, end = line.get_start(), line.get_end()
        slope = (end[1] - start[1]) / (end[0] - start[0])  # both axes have one scale here
        assert slope == pytest.approx(float(activation.slope_at(1.5)))
        assert number.value == pytest.approx(slope)
        np.testing.assert_allclose((start + end) / 2, plot.axes.point(1.5, activation.function(np.float64(1.5))))


def test_bars_are_as_high_as_their_numbers() -> None:
    stairs = Staircase(0.25, 4, 0)
    heights = [bar.height / Staircase.HEIGHT for bar, _ in stairs.columns]
    np.testing.assert_allclose(heights[:4], [1, 0.25, 0.0625, 0.015625], rtol=1e-6)
    assert [label.shown for _, label in stairs.columns] == ["1", "0.25", "0.063", "0.016", "0.0039"]
    x = [bar.get_x() for bar, _ in stairs.columns]
    assert x == sorted(x, reverse=True)


def test_connections_are_as_bright_as_the_slopes_are_large() -> None:
    found = comparison()
    for kind in range(2):
        row = TwinNetwork(found, kind).show_slopes()
        limit = max(np.abs(slopes[kind]).max() for slopes in found.start_gradients)
        for connections, slopes, number, size in zip(
            row.connections, found.start_gradients, row.numbers, found.gradient_sizes[kind, 0], strict=True
        ):
            shares = np.abs(slopes[kind]).ravel() / limit
            np.testing.assert_allclose(connections.opacities, shares**0.4, rtol=1e-4)
            assert number.shown == written_slope(size)


def test_the_profile_shows_the_measured_sizes() -> None:
    found = comparison(gradient_sizes=np.geomspace(1e-6, 1, 2 * 4 * 5).reshape(2, 4, 5))
    profile = GradientProfile(found)
    for epoch in (0, 2, 3):
        profile.show(epoch)
        for kind in range(2):
            expected = profile.axes.point(np.arange(1, 6), np.log10(found.gradient_sizes[kind, epoch]))
            np.testing.assert_allclose(profile.dots[kind].centres, expected, atol=1e-6)
    assert GradientProfile(comparison(gradient_sizes=np.zeros((2, 4, 5)))).axes.y_range[0] < 0


def test_the_chart_shows_the_measured_accuracies() -> None:
    found = comparison()
    chart = DepthChart(found)
    for kind in range(2):
        expected = chart.axes.point(SETTINGS.depths, 100 * found.test_accuracies[kind])
        np.testing.assert_allclose(chart.dots[kind].centres, expected, atol=1e-6)
        assert percent(found.test_accuracies[kind, -1]) in chart.names[kind].shown
    equal = DepthChart(comparison(test_accuracies=np.full((2, 3), 0.9)))
    assert equal.names[1].get_bottom()[1] > equal.names[0].get_top()[1]


def test_slopes_that_vanish_and_that_do_not() -> None:
    assert sentence_of_slopes(np.array([[1e-5, 0.3], [0.1, 0.4]])) == (
        "On the way back the slopes shrink: with sigmoids 30,000-fold, with ReLU 4.0-fold."
    )
    assert "with sigmoids to nothing, with ReLU not at all." in sentence_of_slopes(np.array([[0, 0.1], [0.4, 0.1]]))


def test_words_follow_the_costs() -> None:
    stuck, falling = [6, 3, 3.2, 3.25], [7, 1, 0.5, 0.4]
    assert sentence_of_costs(np.array([stuck, falling]), 10).startswith("With sigmoids the cost gets stuck.")
    assert "ReLU whose cost gets stuck" in sentence_of_costs(np.array([falling, stuck]), 10)
    assert "neither" in sentence_of_costs(np.array([stuck, stuck]), 10)
    assert "the sigmoids end lower" in sentence_of_costs(np.array([[7, 1, 0.5, 0.3], falling]), 10)
    assert "with ReLU it ends lower" in sentence_of_costs(np.array([[7, 1, 0.5, 0.5], falling]), 10)


def test_words_follow_what_adam_does() -> None:
    assert "rescues the sigmoids; ReLU stays ahead" in sentence_of_adam(comparison())
    assert "they overtake ReLU" in sentence_of_adam(comparison(adam_accuracies=np.array([0.96, 0.95])))
    assert "does not help" in sentence_of_adam(comparison(adam_accuracies=np.array([0.2, 0.95])))
    good = comparison(test_accuracies=np.array([[0.9, 0.9, 0.8], [0.8, 0.8, 0.8]]))
    assert "helps the sigmoids; ReLU stays ahead" in sentence_of_adam(good)


@pytest.mark.parametrize(
    ("sigmoid", "told"),
    [
        ((0.94, 0.94, 0.2), "Up to 2 hidden layers they are nearly equal"),
        ((0.94, 0.5, 0.2), "Up to one hidden layer they are nearly equal"),
        ((0.95, 0.95, 0.95), "the sigmoids keep up"),
        ((0.5, 0.5, 0.5), "ReLU is ahead at every depth"),
        ((0.5, 0.95, 0.5), "not at every depth"),
        ((0.95, 0.5, 0.95), "ahead at 1 of 3 depths"),
    ],
)
def test_words_follow_the_depths(sigmoid: tuple[float, ...], told: str) -> None:
    assert told in sentence_of_depths(comparison(test_accuracies=np.array([sigmoid, (0.95, 0.95, 0.95)])))


def test_other_data_is_told(network: Network) -> None:
    checkpoint = make_checkpoint(network)
    assert trained_elsewhere(comparison(), checkpoint) == "trained on elsewhere"
    same = dataclasses.replace(checkpoint, metadata=dataclasses.replace(checkpoint.metadata, data_md5={"a": "1"}))
    assert trained_elsewhere(comparison(), same) == ""


def test_the_last_picture_is_the_first_read_right(network: Network, digits: Digits) -> None:
    right = network.classify(digits.vectors) == digits.labels
    assert picture_read_right(network, digits) == (np.flatnonzero(right)[0] if right.any() else 0)


def test_the_picture_is_read_by_the_network_of_every_moment(checkpoint: Checkpoint, digits: Digits) -> None:
    diagram, image = NetworkDiagram(checkpoint.network), digits.images[0]
    replay = ReplayWithPicture(checkpoint, diagram, image, Number(0), rate_func=linear)
    replay.begin()
    for moment in (0.0, 1.5, 3.0):
        replay.interpolate(moment / 3)
        forward = checkpoint.at_moment(moment).forward(image)
        for neurons, activations in zip(diagram.columns[1:], forward.activations, strict=True):
            np.testing.assert_allclose(neurons.colours.mean(axis=1) / 255, activations, atol=1e-5)


def test_numbers_are_as_large_as_their_columns_have_room_for() -> None:
    assert size_that_fits(["1"], 1) == 44 and size_that_fits(["0.00000000001"], 0.1) == theme.SMALLEST_SIZE
    size = size_that_fits(["0.25", "0.000015"], 1)
    assert Words("0.000015", size).width == pytest.approx(1, rel=1e-3)


def test_the_training_runs_backwards() -> None:
    assert (backwards(0), backwards(1)) == (1, 0)
