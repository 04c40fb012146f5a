"""A nudge of one early weight travels through a network as its slopes say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from network import Layer, Network
from network.analysis.depth import gradient_by_layer, load_comparison, start_networks
from network.analysis.examples import hero
from network.analysis.ripple import both_ripples, ripple, start_of, weight_to_nudge
from network.checkpoint import load_checkpoint
from network.digits import load_digits

ROOT = Path(__file__).resolve().parents[2]
WEIGHTS = ROOT / "assets" / "weights"


def test_by_hand() -> None:
    network = Network(
        (
            Layer(np.array([[1.0, 0], [0, 1]]), np.zeros(2), "relu"),
            Layer(np.array([[2.0, 3]]), np.zeros(1), "identity"),
        )
    )
    found = ripple(network, np.array([0.5, 1.0]), 0, 0, 0.1)
    np.testing.assert_allclose(found.changes[0], [0.05, 0])
    np.testing.assert_allclose(found.changes[1], [0.1])
    np.testing.assert_allclose(found.largest, [0.05, 0.1])
    np.testing.assert_allclose(found.rms, [0.05 / np.sqrt(2), 0.1])
    assert found.arriving == pytest.approx(2)
    asleep = ripple(network, np.array([0.0, 1.0]), 0, 0, 0.1)  # a black pixel lets nothing through
    assert asleep.arriving == 0 and not asleep.largest.any()


def test_a_small_nudge_changes_an_output_as_much_as_its_slope_says() -> None:
    network = Network.random((9, 5, 4, 2), np.random.default_rng(2), dtype=np.float64)
    image = np.random.default_rng(3).random(9)
    found = ripple(network, image, 3, 4, 1e-6)
    # The slope of each layer by hand: a' = a(1 − a).
    forward = network.forward(image)
    slope = np.zeros(5)
    slope[3] = image[4] * forward.activations[0][3] * (1 - forward.activations[0][3])
    for layer, change in enumerate(found.changes):
        if layer:
            a = forward.activations[layer]
            slope = (network.layers[layer].weights @ slope) * a * (1 - a)
        np.testing.assert_allclose(change, 1e-6 * slope, rtol=1e-4, atol=1e-14)


def test_it_is_told_apart_where_float32_could_not() -> None:
    sigmoid, _ = start_networks((64, *[16] * 8, 3), np.random.default_rng(0))
    assert sigmoid.dtype == np.float32
    image = np.random.default_rng(1).random(64)
    once, twice = (ripple(sigmoid, image, 2, 5, nudge).changes[-1] for nudge in (1e-4, 2e-4))
    np.testing.assert_allclose(twice, 2 * once, rtol=1e-3)


def test_the_lessons_networks_are_those_whose_gradients_were_kept() -> None:
    comparison = load_comparison(WEIGHTS / "default.depth.npz")
    probe = load_digits(ROOT / "assets" / "mnist", "train").subset(slice(comparison.settings.probe))
    for kind, network in enumerate(start_of(comparison)):
        for kept, slopes in zip(comparison.start_gradients, gradient_by_layer(network, probe), strict=True):
            np.testing.assert_allclose(kept[kind], slopes, rtol=1e-3, atol=1e-3 * np.abs(slopes).max())


def test_in_the_lesson_a_nudge_is_lost_among_sigmoids_and_gets_through_relu() -> None:
    comparison, digits = load_comparison(WEIGHTS / "default.depth.npz"), load_digits(ROOT / "assets/mnist", "test")
    image = digits.vectors[hero(load_checkpoint(WEIGHTS / "default.npz").network, digits)]
    sigmoid, relu = both_ripples(comparison, image)
    neuron, source = weight_to_nudge(start_of(comparison), image)
    assert (sigmoid.neuron, sigmoid.source) == (relu.neuron, relu.source) == (neuron, source)
    assert image[source] == image.max()
    assert relu.largest[0] == pytest.approx(0.1 * image[source])
    assert len(sigmoid.changes) == comparison.deepest + 1
    assert sigmoid.arriving < 1e-4 < 0.01 < relu.arriving
    assert (np.diff(sigmoid.largest) < 0).all()
