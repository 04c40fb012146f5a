"""The terms of a lead add up to it, and the decision to explain is chosen by its rule."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from network import Layer, Network
from network.analysis.explain import decision_to_explain, lead_over
from network.digits import Digits

MakeDigits = Callable[..., Digits]


@given(
    hidden=st.lists(st.integers(1, 7), max_size=3),
    activation=st.sampled_from(["sigmoid", "relu"]),
    seed=st.integers(0, 2**31),
)
def test_the_terms_add_up_to_the_difference_of_the_weighted_sums(hidden: list[int], activation: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    network = Network.random([9, *hidden, 4], rng, activation, dtype=np.float64)
    forward = network.forward(rng.random(9))
    answer, other = forward.answer, int(rng.integers(4))
    found = lead_over(forward, answer, other)
    sums = forward.weighted_sums[-1]
    assert math.fsum([*found.terms, found.bias]) == pytest.approx(sums[answer] - sums[other], rel=1e-12, abs=1e-12)
    assert found.total == pytest.approx(sums[answer] - sums[other], rel=1e-12, abs=1e-12)
    assert found.total >= -1e-12  # the answer is the brightest output
    swapped = lead_over(forward, other, answer)
    np.testing.assert_array_equal(swapped.terms, -found.terms)
    assert (np.diff(found.terms[found.order]) <= 0).all()


def test_a_case_worked_by_hand() -> None:
    first = Layer(np.array([[1.0, 0], [0, 2], [0, 0]]), np.array([0.0, 0, 1]), "relu")
    last = Layer(np.array([[1.0, 2, 0], [3, 0, -1]]), np.array([0.5, 0]), "identity")
    found = lead_over(Network((first, last)).forward([1.0, 1.5]), 0, 1)
    # The hidden activations are 1, 3 and 1.
    assert found.terms.tolist() == [-2, 6, 1]
    assert found.sides == (7.5, 2.0)
    assert found.votes == (7.0, 2.0)
    assert found.bias == 0.5
    assert found.total == 5.5
    assert found.order.tolist() == [1, 2, 0]
    assert found.strongest(2).tolist() == [1, 0] and found.strongest(9).tolist() == [1, 2, 0]


def test_outputs_that_are_not_there() -> None:
    forward = Network.random([4, 3], np.random.default_rng(0)).forward(np.ones(4))
    with pytest.raises(ValueError, match="answer must be from 0 to 2; got 3"):
        lead_over(forward, 3, 0)
    with pytest.raises(ValueError, match="other must be from 0 to 2; got -1"):
        lead_over(forward, 0, -1)


def an_echo(outputs: list[list[float]], labels: list[int]) -> tuple[Network, Digits]:
    """A network whose three outputs are pixels of its 2×2 images, and images that make it say `outputs`."""
    images = np.zeros((len(outputs), 2, 2))
    images.reshape(len(outputs), 4)[:, :3] = outputs
    return Network((Layer(np.eye(3, 4), np.zeros(3), "identity"),)), Digits(images, np.array(labels), ("a", "b", "c"))


def test_the_mistake_chosen_is_the_surest_whose_second_output_is_the_truth() -> None:
    network, digits = an_echo([[1, 0, 0], [0.9, 0.3, 0.1], [0.2, 0.1, 0.8], [0.7, 0.6, 0]], [0, 2, 0, 1])
    found = decision_to_explain(network, digits)
    assert (found.index, found.answer, found.other, found.mistaken) == (2, 2, 0, True)


def test_where_the_truth_is_never_second_it_is_the_surest_mistake() -> None:
    network, digits = an_echo([[0.5, 0.3, 0.1], [0.9, 0.3, 0.1]], [2, 2])
    found = decision_to_explain(network, digits)
    assert (found.index, found.answer, found.other, found.mistaken) == (1, 0, 2, True)


def test_without_mistakes_it_is_the_closest_decision() -> None:
    network, digits = an_echo([[1, 0, 0], [0.1, 0.6, 0.5], [0, 0.3, 0.9]], [0, 1, 2])
    found = decision_to_explain(network, digits)
    assert (found.index, found.answer, found.other, found.mistaken) == (1, 1, 2, False)


def test_a_tie_still_compares_two_outputs() -> None:
    network, digits = an_echo([[0.5, 0.5, 0.5]], [0])
    found = decision_to_explain(network, digits)
    assert found.answer == 0 and found.other in (1, 2) and not found.mistaken


def test_one_output_decides_nothing(make_digits: MakeDigits) -> None:
    with pytest.raises(ValueError, match="decides nothing"):
        decision_to_explain(Network.random([64, 1], np.random.default_rng(0)), make_digits(classes=1))
