"""Part 3 shows neurons with the numbers that they hold, and follows one pixel that is one neuron all the way."""

from __future__ import annotations

import numpy as np
import pytest
from manim import tempconfig

from scenes.part_03_neuron.a_neuron import ANeuron
from scenes.part_03_neuron.beside_a_picture import neurons_beside, one_of
from scenes.part_03_neuron.light import halo
from scenes.part_03_neuron.pixels_are_neurons import PixelsAreNeurons
from scenes.stage.inputs import lesson_checkpoint, lesson_digits
from scenes.stage.lesson_scene import LessonScene


def rendered(kind: type[LessonScene]) -> LessonScene:
    with tempconfig({"dry_run": True}):
        scene = kind(skip_animations=True)
        scene.render()
    return scene


def test_the_neurons_show_their_activations_for_two_pictures_and_end_with_the_first() -> None:
    scene = rendered(ANeuron)
    assert isinstance(scene, ANeuron)
    digits, network = lesson_digits("test"), lesson_checkpoint().network
    first, second = scene.examples
    assert digits.labels[first] != digits.labels[second]
    for index, shown in zip(scene.examples, scene.activations, strict=True):
        np.testing.assert_allclose(shown, network.forward(digits.images[index]).activations[0])
    np.testing.assert_allclose(scene.layer.numbers.values, scene.activations[0])
    np.testing.assert_allclose(scene.pixels.colours.max(axis=1), 255 * digits.vectors[first], atol=1e-3)
    assert f"Then {len(scene.activations[0])} neurons" in scene.alternative_text()
    said = " ".join(scene.words)
    assert "sixteen neurons of our network, looking at a three, and now at a seven." in said
    assert (digits.class_names[digits.labels[first]], digits.class_names[digits.labels[second]]) == ("3", "7")
    change = scene.activations[1] - scene.activations[0]
    assert change.max() > 0.5 and change.min() < -0.5  # "some wake up, others fall asleep"


def test_the_single_neuron_is_one_of_the_network_and_goes_back_to_its_place() -> None:
    scene = rendered(ANeuron)
    assert isinstance(scene, ANeuron)
    own = scene.chosen
    back = one_of(scene.activations[0], own, 2.0)
    whole = neurons_beside(scene.activations[0], 2.0)
    np.testing.assert_allclose(back.discs.centres[0], whole.discs.centres[own])
    np.testing.assert_allclose(back.discs.radii[0], whole.discs.radii[own])
    assert back.numbers.values[0] == pytest.approx(scene.activations[0][own])
    assert 0.3 < scene.activations[0][own] < 0.9  # neither dark nor bright


def test_the_light_is_as_strong_as_the_activation() -> None:
    dark, half, full = (halo((0, 0), value).opacities.sum() for value in (0, 0.5, 1))
    assert dark == 0 < half < full
    assert halo((0, 0), 3.5).opacities.sum() == pytest.approx(full)  # beyond 1 it is as for 1


def test_the_followed_pixel_is_one_neuron_all_the_way() -> None:
    scene = rendered(PixelsAreNeurons)
    assert isinstance(scene, PixelsAreNeurons)
    row, column = scene.place
    assert 0.3 < scene.image[row, column] < 0.7
    assert scene.followed == row * 28 + column
    # The frame stands around it in the picture, and the number that came out of it is its brightness.
    assert scene.mark.get_center() == pytest.approx(scene.neurons.centres[scene.followed])
    assert scene.window[scene.own] == scene.followed
    assert scene.single.numbers.values[0] == pytest.approx(scene.image[row, column])
    assert scene.neurons.colours[scene.followed, 0] == pytest.approx(255 * scene.image[row, column], abs=1e-3)
    assert f"row {row}, column {column}, of brightness {scene.value:.2f}" in scene.alternative_text()
    assert f"It's {scene.value:.2f}: a number between zero and one." in " ".join(scene.words)


def test_a_scene_of_this_part_begins_as_the_one_before_it_ends() -> None:
    ended = rendered(ANeuron)
    assert isinstance(ended, ANeuron)
    pixels, layer = ended.pixels, ended.layer
    begun: list[list[object]] = []

    class Begun(PixelsAreNeurons):
        def play(self, *args: object, **kwargs: object) -> None:
            if not begun:
                begun.append([mobject.copy() for mobject in self.mobjects])
            super().play(*args, **kwargs)

    rendered(Begun)
    (picture, neurons), *_ = begun
    np.testing.assert_allclose(picture.points, pixels.points, atol=1e-6)  # type: ignore[attr-defined]
    np.testing.assert_allclose(picture.colours, pixels.colours, atol=1e-3)  # type: ignore[attr-defined]
    np.testing.assert_allclose(neurons.discs.points, layer.discs.points, atol=1e-6)  # type: ignore[attr-defined]
    np.testing.assert_allclose(neurons.numbers.points, layer.numbers.points, atol=1e-6)  # type: ignore[attr-defined]
