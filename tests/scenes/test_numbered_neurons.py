"""Neurons with numbers: brightness and number are one activation, and the number can be read."""

from __future__ import annotations

import numpy as np
from manim import Line

from scenes.kit import theme
from scenes.kit.animations.activations import ChangeActivations
from scenes.kit.colour import rgb
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.numbered_neurons import NumberedNeurons


def test_brightness_and_number_of_a_neuron_are_its_activation_at_every_moment() -> None:
    neurons = NumberedNeurons([0, 1], [(0, 0, 0), (2, 0, 0)], 1)
    change = ChangeActivations(neurons, [1, 0.25], rate_func=lambda share: share)
    change.begin()
    for moment in (0.0, 0.3, 0.5, 0.9, 1.0):
        change.interpolate(moment)
        expected = [moment, 1 - 0.75 * moment]
        np.testing.assert_allclose(neurons.numbers.values, expected)
        np.testing.assert_allclose(neurons.discs.colours, np.repeat(expected, 3).reshape(2, 3) * 255, rtol=1e-5)


def test_numbers_are_dark_on_bright_neurons_and_bright_on_dark_ones() -> None:
    neurons = NumberedNeurons([0, 0.3, 0.7, 1], [(x, 0, 0) for x in range(4)], 1)
    white, black = rgb(theme.TEXT).tolist(), rgb(theme.BACKGROUND).tolist()
    assert neurons.numbers.colours.tolist() == [white, white, black, black]


def test_the_pointer_goes_with_the_first_neuron_and_stays_on_the_scale() -> None:
    neurons = NumberedNeurons([0.5, 0], [(0, 0, 0), (2, 0, 0)], 1)
    scale, pointer = Line((4, -2, 0), (4, 2, 0)), Cells([(4, 0, 0)], 0.2)
    change = ChangeActivations(neurons, [2, 0], scale, pointer, rate_func=lambda share: share)
    change.begin()
    for moment, height in ((0, 0), (0.2, 1.2), (1 / 3, 2), (1, 2)):
        change.interpolate(moment)
        np.testing.assert_allclose(pointer.centres[0], [4, height, 0], atol=1e-6)
