"""Pictures of gradients show the slopes that they are given."""

from __future__ import annotations

import numpy as np
import pytest

from scenes.kit import theme
from scenes.kit.animations.backward_pass import FlowBack
from scenes.kit.mobjects.gradient_diagram import GradientDiagram
from scenes.kit.mobjects.gradient_profile import GradientProfile

COLOURS = theme.ANSWER, theme.POSITIVE


def slopes() -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    return [rng.normal(size=(n_out, n_in)) for n_in, n_out in ((30, 6), (6, 6), (6, 3))]


def test_connections_are_as_bright_as_the_slopes_are_large() -> None:
    made = slopes()
    diagram = GradientDiagram(made, ["0.1", "0.2", "0.3"], "sigmoid", theme.ANSWER, top=1)
    limit = max(np.abs(of_layer).max() for of_layer in made)
    for connections, of_layer in zip(diagram.show_slopes().connections, made, strict=True):
        shares = np.abs(of_layer).ravel() / limit
        np.testing.assert_allclose(connections.opacities, shares**0.4, rtol=1e-4)
    for connections in diagram.show_plain().connections:
        assert np.ptp(connections.opacities) == 0 and connections.opacities[0] > 0


def test_each_number_stands_beneath_its_own_layer() -> None:
    diagram = GradientDiagram(slopes(), ["0.1", "0.2", "0.3"], "sigmoid", theme.ANSWER, top=1)
    for layer, number in enumerate(diagram.numbers):
        left, right = (diagram.neurons[place].get_x() for place in (layer, layer + 1))
        assert left < number.get_left()[0] and number.get_right()[0] < right
        assert number.get_top()[1] < diagram.neurons.get_bottom()[1]


def test_two_diagrams_can_have_numbers_of_one_size() -> None:
    deep, short_numbers, long_numbers = 9 * [np.ones((4, 4))], 9 * ["1"], 9 * ["0.00000012"]
    short = GradientDiagram(deep, short_numbers, "ReLU", theme.POSITIVE, top=1)
    beside = GradientDiagram(deep, short_numbers, "ReLU", theme.POSITIVE, top=1, as_large_as=long_numbers)
    other = GradientDiagram(deep, long_numbers, "sigmoid", theme.ANSWER, top=1, as_large_as=short_numbers)
    assert beside.numbers[0].em == pytest.approx(other.numbers[0].em)
    assert beside.numbers[0].em < short.numbers[0].em


def test_light_runs_back_and_leaves_all_connections_shown() -> None:
    connections = GradientDiagram(slopes(), ["0", "0", "0"], "", theme.ANSWER, top=1).show_slopes().connections[0]
    whole = connections.copy()
    whole.show_until(1)
    flowing = FlowBack(connections)
    flowing.begin()
    flowing.interpolate(0.3)
    assert connections.profile.tolist() != whole.profile.tolist()
    flowing.interpolate(1)
    assert connections.profile.tolist() == whole.profile.tolist()


def test_the_profile_shows_the_measured_sizes() -> None:
    sizes = np.geomspace(1e-6, 1, 2 * 4 * 5).reshape(2, 4, 5)
    profile = GradientProfile(sizes, COLOURS)
    for epoch in (0, 2, 3):
        profile.show(epoch)
        for kind in range(2):
            expected = profile.axes.point(np.arange(1, 6), np.log10(sizes[kind, epoch]))
            np.testing.assert_allclose(profile.dots[kind].centres, expected, atol=1e-6)
    halfway = np.log10(sizes[:, 1:3]).mean(axis=1)
    profile.show(1.5)
    for kind in range(2):
        np.testing.assert_allclose(
            profile.dots[kind].centres, profile.axes.point(np.arange(1, 6), halfway[kind]), atol=1e-6
        )


def test_a_gradient_of_0_stands_at_the_foot() -> None:
    profile = GradientProfile(np.zeros((2, 4, 5)), COLOURS)
    foot = profile.axes.point(1, profile.axes.y_range[0])[1]
    for dots in profile.dots:
        np.testing.assert_allclose(dots.centres[:, 1], foot)
