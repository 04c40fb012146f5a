"""Part 3 shows neurons with the numbers that they hold, and follows one pixel that is one neuron all the way."""

from __future__ import annotations

import numpy as np
import pytest
from manim import tempconfig

from scenes.kit.layout import column_around
from scenes.part_03_neuron.a_neuron import ANeuron
from scenes.part_03_neuron.pixels_are_neurons import PixelsAreNeurons
from scenes.stage.inputs import lesson_checkpoint, lesson_digits


def test_the_neurons_end_with_the_activations_of_the_second_picture() -> None:
    with tempconfig({"dry_run": True}):
        scene = ANeuron(skip_animations=True)
        scene.render()
    digits, network = lesson_digits("test"), lesson_checkpoint().network
    first, second = scene.examples
    assert digits.labels[first] != digits.labels[second]
    activations = network.forward(digits.images[second]).activations[0]
    np.testing.assert_allclose(scene.layer.numbers.values, activations)
    np.testing.assert_allclose(scene.pixels.colours.max(axis=1), 255 * digits.vectors[second], atol=1e-3)
    assert f"Then {len(activations)} neurons" in scene.alternative_text()


def test_the_followed_pixel_is_one_neuron_all_the_way() -> None:
    with tempconfig({"dry_run": True}):
        scene = PixelsAreNeurons(skip_animations=True)
        scene.render()
    row, column = scene.place
    assert 0.3 < scene.image[row, column] < 0.7
    assert scene.followed == row * 28 + column
    # The frame stands around it in the picture, and in the block of pixels that came out of it.
    assert scene.mark.get_center() == pytest.approx(scene.neurons.centres[scene.followed])
    marked = np.abs(scene.numbers.centres - scene.near_mark.get_center()).max(axis=1) < 1e-6
    assert scene.window[marked].tolist() == [scene.followed]
    assert f"row {row}, column {column}, of brightness {scene.value:.2f}" in scene.alternative_text()
    layout = column_around(784, scene.followed, (0, 0), 6)
    assert layout.shown[[0, scene.followed, 783]].all() and layout.shown.sum() == 11
