"""Activation functions: exact where a formula says so, silent everywhere, and with gradients that are right."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from network import Network
from network.activations import ACTIVATIONS, activation_named, with_parameter
from network.gradients import Backpropagation, one_hot

from .test_gradients import central_differences

NAMES = [*ACTIVATIONS, "leaky_relu(0.3)", "elu(0.5)", "hard_sigmoid(0.2)"]
# What PyTorch 2.14 gives, of −1.5 and 0.7.
KNOWN = {
    "tanh": (-0.9051482536448664, 0.6043677771171636),
    "leaky_relu": (-0.015, 0.7),
    "leaky_relu(0.3)": (-0.45, 0.7),
    "elu": (-0.7768698398515702, 0.7),
    "elu(0.5)": (-0.3884349199257851, 0.7),
    "selu": (-1.3658143533672527, 0.7354906911488363),
    "gelu": (-0.10021080190328704, 0.5306254434438489),
    "gelu_tanh": (-0.10042842301976707, 0.5305701347051167),
    "silu": (-0.2736382857095345, 0.46773144051771626),
    "softplus": (0.2014132779827524, 1.103186048885458),
    "hard_tanh": (-1.0, 0.7),
    "relu6": (0.0, 0.7),
    "hard_sigmoid": (0.25, 0.6166666666666667),
    "hard_sigmoid(0.2)": (0.2, 0.64),
}


@pytest.mark.parametrize("name", KNOWN)
def test_functions_are_those_that_people_know(name: str) -> None:
    np.testing.assert_allclose(activation_named(name).function(np.array([-1.5, 0.7])), KNOWN[name], rtol=1e-11)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_functions_are_silent_of_the_type_they_are_given_and_write_in_place(name: str, dtype: type) -> None:
    # pytest turns warnings into errors.
    activation = activation_named(name)
    z = np.array([[-1e30, -1000, -3, -0.1, 0, 0.1, 3, 1000, 1e30]], dtype)
    a = activation.function(z)
    assert a.dtype == dtype and np.isfinite(a).all() and activation.slope(a).dtype == dtype
    assert np.isfinite(activation.slope_at(z)).all()
    assert activation.function(z, out=z) is z
    np.testing.assert_array_equal(z, a)


@pytest.mark.parametrize("name", NAMES)
def test_activations_stay_between_their_ends_and_come_close_to_them(name: str) -> None:
    activation = activation_named(name)
    z = np.linspace(-400, 400, 800_001)
    a = activation.function(np.stack([z, 0 * z], axis=1))[:, 0] if activation.together else activation.function(z)
    assert a.min() >= activation.lowest and a.max() <= activation.highest
    if np.isfinite(activation.lowest):
        assert a.min() == pytest.approx(activation.lowest, abs=2e-4)
    if activation.squashes:
        assert a.max() == pytest.approx(activation.highest)
    else:
        assert a.max() > 100


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=6), st.floats(-50, 50))
def test_softmax_gives_shares_that_make_one_whatever_is_added_to_all(sums: list[float], added: float) -> None:
    function = activation_named("softmax").function
    shares = function(np.array(sums))
    assert (shares >= 0).all() and shares.sum() == pytest.approx(1)
    np.testing.assert_allclose(function(np.array(sums) + added), shares, atol=1e-9)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("cost", ["squared_error", "softmax_cross_entropy"])
def test_gradients_agree_with_central_differences(name: str, cost: str) -> None:
    rng = np.random.default_rng(7)
    for hidden, output in ((name, "sigmoid"), ("sigmoid", name), (name, name)):
        network = Network.random([5, 4, 3], rng, hidden, output, np.float64)
        knobs = network.parameters() + rng.normal(0, 0.3, network.parameter_count)
        knobs[-3:] += 0.3
        network = Network.from_parameters(knobs, network.sizes, network.activations)
        images, targets = rng.uniform(0, 1, (7, 5)), one_hot(rng.integers(0, 3, 7), 3, np.float64)
        backpropagation = Backpropagation(network, cost, 0.3)
        expected = central_differences(backpropagation, images, targets)
        backpropagation.run(images, targets)
        assert np.linalg.norm(expected) > 1e-3
        np.testing.assert_allclose(backpropagation.gradient, expected, atol=1e-7)


def test_a_parameter_stands_in_the_name() -> None:
    assert with_parameter("leaky_relu", 0.01) == "leaky_relu"
    assert with_parameter("leaky_relu", np.float32(0.2)) == "leaky_relu(0.2)"
    with pytest.raises(ValueError, match="no activation 'relu"):
        with_parameter("relu", 2)
    with pytest.raises(ValueError, match="no activation"):
        with_parameter("elu", -1)
