"""The facts of part 3: neurons show the numbers that they hold, and the followed pixel is one neuron all the way."""

from __future__ import annotations

import numpy as np
import pytest

from network.analysis.examples import digit_to_show
from scenes.kit.layout import column_around
from scenes.kit.mobjects.cells import Cells
from scenes.part_03_neuron.a_neuron import ChangeActivations, NumberedNeurons, two_examples
from scenes.part_03_neuron.pixels_are_neurons import pixel_to_follow, window_corner
from scenes.stage.inputs import lesson_checkpoint, lesson_digits


def test_brightness_and_number_of_a_neuron_are_its_activation_at_every_moment() -> None:
    neurons = NumberedNeurons([0, 1], [(0, 0, 0), (2, 0, 0)], 1)
    change = ChangeActivations(neurons, [1, 0.25], rate_func=lambda share: share)
    change.begin()
    for moment in (0.0, 0.3, 0.5, 0.9, 1.0):
        change.interpolate(moment)
        expected = [moment, 1 - 0.75 * moment]
        np.testing.assert_allclose(neurons.numbers.values, expected)
        np.testing.assert_allclose(neurons.discs.colours, np.repeat(expected, 3).reshape(2, 3) * 255, rtol=1e-5)


def test_the_examples_are_read_right_and_of_two_classes() -> None:
    digits, network = lesson_digits("test"), lesson_checkpoint().network
    first, second = two_examples(network, digits)
    assert first == digit_to_show(network, digits)
    assert digits.labels[first] != digits.labels[second]
    assert network.forward(digits.images[second]).answer == digits.labels[second]


def test_the_followed_pixel_is_grey_and_shown() -> None:
    digits = lesson_digits("test")
    image = digits.images[digit_to_show(lesson_checkpoint().network, digits)]
    row, column = pixel_to_follow(image)
    assert 0.3 < image[row, column] < 0.7
    layout = column_around(784, row * 28 + column, (0, 0), 6)
    assert layout.shown[[0, row * 28 + column, 783]].all()
    assert layout.shown.sum() == 11


def test_a_black_picture_has_a_pixel_to_follow_too() -> None:
    assert pixel_to_follow(np.zeros((8, 8), np.float32)) == (0, 0)
    assert window_corner(8, 0, 7) == (0, 3)


@pytest.mark.parametrize(("count", "kept"), [(784, 400), (784, 0), (784, 783), (64, 30), (64, 6), (9, 4), (1, 0)])
def test_a_column_around_a_neuron_runs_from_top_to_bottom(count: int, kept: int) -> None:
    layout = column_around(count, kept, (1, 2), 6)
    heights = layout.centres[:, 1]
    assert (np.diff(heights) < 0).all()
    assert heights.max() <= 5 and heights.min() >= -1
    assert (layout.centres[:, 0] == 1).all()
    shown = heights[layout.shown]
    assert (np.diff(shown) <= -layout.diameter).all()
    if len(layout.dots):
        assert np.abs(shown[:, None] - layout.dots[:, 1]).min() > layout.diameter / 2
        Cells(layout.dots)


def test_what_is_kept_must_be_in_the_column() -> None:
    with pytest.raises(ValueError, match="kept must be from 0 to 9"):
        column_around(10, 10, (0, 0), 6)
