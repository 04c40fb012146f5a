from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import check_grad

from network import Network
from network.gradients import COSTS, Backpropagation, gradients, one_hot

SHAPES = ([2, 1], [3, 4], [5, 4, 3], [6, 5, 4, 3, 2], [4, 1, 3])
HIDDEN = ("sigmoid", "relu", "identity")
# cross_entropy is for sigmoid outputs only.
OUTPUT_AND_COST = [
    (o, c) for o in HIDDEN for c in COSTS if (o, c) == ("sigmoid", "cross_entropy") or c != "cross_entropy"
]


def a_network(sizes: list[int], hidden: str, output: str) -> tuple[Network, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(len(sizes) * 100 + sum(sizes))
    network = Network.random(sizes, rng, hidden, output, np.float64)
    # Biases that are not 0, and at the output so high that no ReLU there is asleep for every image.
    knobs = network.parameters() + rng.normal(0, 0.3, network.parameter_count)
    knobs[-sizes[-1] :] += 2
    network = Network.from_parameters(knobs, sizes, network.activations)
    images = rng.uniform(0, 1, (7, sizes[0]))
    targets = one_hot(rng.integers(0, sizes[-1], 7), sizes[-1], np.float64)
    return network, images, targets


def central_differences(backpropagation: Backpropagation, images: np.ndarray, targets: np.ndarray) -> np.ndarray:
    knobs = backpropagation.parameters
    slopes = np.empty_like(knobs)
    for k in range(len(knobs)):
        step, kept = 1e-5, knobs[k]
        knobs[k] = kept + step
        above = backpropagation.cost(images, targets)
        knobs[k] = kept - step
        slopes[k] = (above - backpropagation.cost(images, targets)) / (2 * step)
        knobs[k] = kept
    return slopes


@pytest.mark.parametrize("sizes", SHAPES, ids=str)
@pytest.mark.parametrize("hidden", HIDDEN)
@pytest.mark.parametrize(("output", "cost"), OUTPUT_AND_COST)
def test_gradients_agree_with_central_differences(sizes: list[int], hidden: str, output: str, cost: str) -> None:
    network, images, targets = a_network(sizes, hidden, output)
    for competition in (0, 0.3):
        backpropagation = Backpropagation(network, cost, competition)
        expected = central_differences(backpropagation, images, targets)
        backpropagation.run(images, targets)
        difference = np.linalg.norm(backpropagation.gradient - expected)
        scale = np.linalg.norm(expected)
        if sizes[-1] == 1 and cost == "softmax_cross_entropy":
            assert difference < 1e-9  # one output has no competitor: its cost is 0 whatever the knobs
        else:
            assert scale > 0
            assert difference / scale < 1e-6


@pytest.mark.parametrize("cost", COSTS)
def test_gradients_satisfy_scipys_check(cost: str) -> None:
    network, images, targets = a_network([5, 4, 3], "sigmoid", "sigmoid")
    backpropagation = Backpropagation(network, cost, 0.2)

    def cost_at(knobs: np.ndarray) -> float:
        backpropagation.parameters[:] = knobs
        return backpropagation.cost(images, targets)

    def gradient_at(knobs: np.ndarray) -> np.ndarray:
        backpropagation.parameters[:] = knobs
        backpropagation.run(images, targets)
        return backpropagation.gradient.copy()

    assert np.linalg.norm(gradient_at(network.parameters())) > 1e-3
    assert check_grad(cost_at, gradient_at, network.parameters()) < 1e-6


def test_gradients_come_in_the_shapes_of_the_layers() -> None:
    network, images, targets = a_network([5, 4, 3], "sigmoid", "sigmoid")
    shapes = [(w.shape, b.shape) for w, b in gradients(network, images, targets)]
    assert shapes == [(layer.weights.shape, layer.biases.shape) for layer in network.layers]


def test_images_and_targets_of_another_type_are_taken() -> None:
    network, images, targets = a_network([5, 4, 3], "sigmoid", "sigmoid")
    small = Network.from_parameters(network.parameters().astype(np.float32), network.sizes, network.activations)
    for one in (network, small):
        backpropagation = Backpropagation(one, "cross_entropy", 0.2)
        backpropagation.run(images, targets)
        expected = backpropagation.gradient.copy()
        assert expected.dtype == one.dtype
        backpropagation.run(images.astype(np.float32), targets.astype(np.int64))
        np.testing.assert_allclose(backpropagation.gradient, expected, rtol=1e-4, atol=1e-6)


def test_a_step_against_the_gradient_lowers_the_cost() -> None:
    network, images, targets = a_network([6, 5, 4, 3, 2], "sigmoid", "sigmoid")
    backpropagation = Backpropagation(network)
    before = backpropagation.cost(images, targets)
    backpropagation.run(images, targets)
    backpropagation.parameters -= 0.1 * backpropagation.gradient
    assert backpropagation.cost(images, targets) < before


def test_cost_does_not_overflow_however_wrong_and_sure_the_network_is() -> None:
    knobs = np.array([1e6, 0.0, -1e6, 0.0], np.float32)
    network = Network.from_parameters(np.concatenate([knobs, [0, 0]]).astype(np.float32), [2, 2], ["sigmoid"])
    images, targets = np.array([[1, 0]], np.float32), np.array([[0, 1]], np.float32)
    for cost in COSTS:
        backpropagation = Backpropagation(network, cost)
        backpropagation.run(images, targets)
        assert np.isfinite(backpropagation.cost(images, targets))
        assert np.isfinite(backpropagation.gradient).all()
    assert Backpropagation(network, "cross_entropy").cost(images, targets) == pytest.approx(2e6)


def test_unfit_costs_are_refused_in_a_sentence() -> None:
    network, _, _ = a_network([2, 1], "sigmoid", "relu")
    with pytest.raises(ValueError, match="needs outputs between 0 and 1: sigmoid, not relu"):
        Backpropagation(network, "cross_entropy")
    with pytest.raises(ValueError, match="there is no cost 'hinge'; there are squared_error"):
        Backpropagation(network, "hinge")
    with pytest.raises(ValueError, match="competition must be 0 or more"):
        Backpropagation(network, "squared_error", float("nan"))
