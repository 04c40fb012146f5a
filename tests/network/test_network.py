from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from network import Layer, Network
from network.network import activation_named, views_of_parameters

SIZES = st.lists(st.integers(1, 6), min_size=2, max_size=5)
SEEDS = st.integers(0, 2**32 - 1)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_sigmoid_is_exact_and_silent_at_its_ends(dtype: type[np.floating]) -> None:
    # pytest turns warnings into errors.
    z = np.array([-1e30, -1000, 0, 1000, 1e30], dtype)
    a = activation_named("sigmoid").function(z)
    assert a.tolist() == [0, 0, 0.5, 1, 1]
    assert a.dtype == dtype


def test_an_unknown_activation_is_refused_with_the_names_of_all() -> None:
    for name in ("mish", "elu(", "elu(-1)", "elu(1e999)", "relu(2)", ["relu"]):
        with pytest.raises(ValueError, match="there is no activation .*; there are sigmoid, relu, identity"):
            activation_named(name)  # type: ignore[arg-type]


@given(sizes=SIZES, seed=SEEDS, hidden=st.sampled_from(["sigmoid", "relu", "identity"]))
def test_forward_and_predict_agree(sizes: list[int], seed: int, hidden: str) -> None:
    rng = np.random.default_rng(seed)
    network = Network.random(sizes, rng, hidden, dtype=np.float64)
    images = rng.uniform(0, 1, (4, sizes[0]))
    outputs = network.predict(images)
    for image, output, answer in zip(images, outputs, network.classify(images), strict=True):
        run = network.forward(image)
        np.testing.assert_allclose(run.output, output, rtol=1e-12, atol=1e-15)
        assert run.answer == answer


@given(sizes=SIZES, seed=SEEDS)
def test_contributions_of_a_neuron_sum_to_its_weighted_sum_without_the_bias(sizes: list[int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    network = Network.random(sizes, rng, dtype=np.float64)
    network = Network.from_parameters(rng.normal(size=network.parameter_count), sizes, network.activations)
    run = network.forward(rng.uniform(0, 1, sizes[0]))
    for number, layer in enumerate(network.layers):
        expected = run.weighted_sums[number] - layer.biases
        np.testing.assert_allclose(run.contributions(number).sum(axis=1), expected, rtol=1e-9, atol=1e-12)


@given(sizes=SIZES, seed=SEEDS)
def test_parameters_make_the_same_network_again(sizes: list[int], seed: int) -> None:
    network = Network.random(sizes, np.random.default_rng(seed))
    again = Network.from_parameters(network.parameters(), network.sizes, network.activations)
    assert again.sizes == tuple(sizes)
    assert np.array_equal(again.parameters(), network.parameters())
    assert network.parameter_count == len(network.parameters()) == network.weight_count + network.bias_count


def test_the_lessons_network_has_13002_knobs_and_12960_connections() -> None:
    network = Network.random([784, 16, 16, 10], np.random.default_rng(0))
    assert (network.parameter_count, network.weight_count, network.bias_count) == (13_002, 12_960, 42)
    assert network.predict(np.zeros((0, 28, 28))).shape == (0, 10)


def test_what_does_not_fit_is_refused() -> None:
    network = Network.random([4, 3], np.random.default_rng(0))
    with pytest.raises(ValueError, match="takes 4 numbers; the image has 5"):
        network.forward(np.zeros(5))
    with pytest.raises(ValueError, match="NaN"):
        network.forward([0, 0, 0, np.nan])
    with pytest.raises(ValueError, match="takes 4 numbers an image; these have 9"):
        network.predict(np.zeros((2, 3, 3)))
    with pytest.raises(ValueError, match="layer 1 gives 3 activations, but layer 2 takes 2"):
        Network((Layer(np.ones((3, 4)), np.zeros(3)), Layer(np.ones((1, 2)), np.zeros(1))))
    with pytest.raises(ValueError, match="must be finite"):
        Layer(np.array([[np.inf]]), np.zeros(1))
    with pytest.raises(ValueError, match="take 15 parameters; the vector has 14"):
        views_of_parameters(np.zeros(14), [4, 3])


def test_knobs_cannot_be_changed_behind_the_networks_back() -> None:
    mine = np.ones((3, 4))
    layer = Layer(mine, np.zeros(3))
    mine[:] = 7
    assert (layer.weights == 1).all()
    with pytest.raises(ValueError, match="read-only"):
        layer.weights[0, 0] = 2


@settings(max_examples=20)
@given(n=st.integers(1, 9), seed=SEEDS)
def test_a_batch_is_answered_like_its_images_one_by_one(n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    network = Network.random([9, 5, 4], rng, "relu", dtype=np.float64)
    images = rng.uniform(0, 1, (n, 3, 3))
    one_by_one = np.concatenate([network.predict(image[None]) for image in images])
    np.testing.assert_allclose(network.predict(images), one_by_one, rtol=1e-12)


def test_network_never_imports_manim() -> None:
    modules = "checkpoint, digits, distortion, evaluation, gradients, network, training"
    code = (
        f"import sys; from network import {modules}; print('network.training' in sys.modules, 'manim' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "False"]
