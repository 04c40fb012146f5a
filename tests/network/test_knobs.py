"""What settings of the knobs are worth: the same as evaluating, turning and counting one by one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from network import Layer, Network
from network.analysis import knobs
from network.analysis.knobs import random_settings, scores, spreads
from network.digits import Digits
from network.evaluation import evaluate
from network.gradients import cost, one_hot

MakeDigits = Callable[..., Digits]


def some_networks(hidden: tuple[int, ...] = (5, 4)) -> list[Network]:
    rng = np.random.default_rng(1)
    return [Network.random([64, *hidden, 3], rng) for _ in range(4)]


@pytest.mark.parametrize("batch", [7, 1000])
def test_scores_are_those_of_each_network_by_itself(
    make_digits: MakeDigits, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(knobs, "_BATCH", batch)
    digits = make_digits(60)
    found = scores(some_networks(), digits)
    for network, accuracy, error in zip(some_networks(), found.accuracy, found.cost, strict=True):
        assert accuracy == evaluate(network, digits).accuracy
        assert error == pytest.approx(cost(network, digits.vectors, one_hot(digits.labels, 3)), rel=1e-5)


def test_what_cannot_be_scored_is_told(make_digits: MakeDigits) -> None:
    digits = make_digits()
    with pytest.raises(ValueError, match="no images"):
        scores(some_networks(), digits.subset(slice(0)))
    with pytest.raises(ValueError, match="has 2 outputs; the data has 3 classes"):
        scores([Network.random([64, 2], np.random.default_rng(0))], digits)


def test_random_settings_have_the_size_of_the_network_s_own_knobs() -> None:
    layers = (Layer(np.full((80, 90), 3.0) * [[1, -1] * 45], np.linspace(-2, 2, 80)), Layer(np.ones((2, 80)), [0, 0]))
    network = Network(layers)
    one, other = random_settings(network, 2, np.random.default_rng(0))
    assert one.sizes == network.sizes and one.activations == network.activations
    assert one.layers[0].weights.std() == pytest.approx(3, rel=0.03)
    assert one.layers[0].biases.std() == pytest.approx(layers[0].biases.std(), rel=0.25)
    assert not one.layers[1].weights.any(), "knobs that are all equal do not differ at random"
    assert (one.layers[0].weights != other.layers[0].weights).all()
    again = random_settings(network, 1, np.random.default_rng(0))[0]
    np.testing.assert_array_equal(again.parameters(), one.parameters())


def test_every_knob_has_the_spread_of_its_kind() -> None:
    network = some_networks()[0]
    found = spreads(network)
    assert found.shape == (network.parameter_count,)
    first = network.layers[0]
    assert found[0] == pytest.approx(first.weights.std(), rel=1e-5)
    assert found[first.weights.size] == 1, "biases that are all 0 have no spread to divide by"
