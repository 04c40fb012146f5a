"""Detectors set by hand: at the gate, and copied into a random network."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from network import Layer, Network
from network.analysis.detectors import bar_detector
from network.analysis.gate import gate, standing_for
from network.analysis.setting_by_hand import set_by_hand, with_detector
from network.checkpoint import load_checkpoint
from network.digits import Digits, load_digits
from network.evaluation import evaluate

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def digits() -> Digits:
    return load_digits(ROOT / "assets" / "mnist", "test")


def test_a_detector_in_a_network_does_there_what_it_does_alone(digits: Digits) -> None:
    network = Network.random((784, 6, 5, 10), np.random.default_rng(3), hidden="relu")
    changed = with_detector(network, bar_detector(28, surround=True), 2)
    for image in digits.images[:20]:
        before, after = network.forward(image), changed.forward(image)
        others = [0, 1, 3, 4, 5]
        np.testing.assert_array_equal(before.activations[0][others], after.activations[0][others])
        alone = bar_detector(28, surround=True).weighted_sums(image.ravel())[0]
        assert after.weighted_sums[0][2] == pytest.approx(alone, abs=1e-4)
    assert changed.layers[1:] == network.layers[1:] and changed.activations == network.activations
    with pytest.raises(ValueError, match=r"shape \(1, 784\)"):
        with_detector(network, bar_detector(8), 2)


def test_setting_one_neuron_is_measured(digits: Digits) -> None:
    start = load_checkpoint(ROOT / "assets" / "weights" / "default.npz").snapshot(0)
    found = set_by_hand(start, digits)
    assert found.before == evaluate(start, digits).accuracy
    assert found.after == evaluate(found.network, digits).accuracy
    other = with_detector(start, bar_detector(28, surround=True), 5)
    np.testing.assert_array_equal(set_by_hand(start, digits, 5).network.parameters(), other.parameters())
    assert found.lit == pytest.approx(gate(digits, surround=True).passes.mean())
    # The lesson's own numbers: the network answers "4" to everything, and one good neuron changes nothing in that.
    assert (found.before, found.after, found.answers_changed, found.only_answer) == (0.0982, 0.0982, 0, 4)
    assert not np.array_equal(found.network.predict(digits.vectors[:9]), start.predict(digits.vectors[:9]))


def test_changed_answers_are_counted() -> None:
    images = np.zeros((4, 4, 4), np.float32)
    images[:2, 1, 1:3] = 1  # on the bar
    digits = Digits(images, np.array([1, 1, 0, 0]), ("0", "1"))
    blind = Network((Layer(np.zeros((1, 16)), np.zeros(1)), Layer(np.array([[0.0], [1.0]]), np.array([0.4, 0.0]))))
    found = set_by_hand(blind, digits)
    assert found.before == 0.5 and found.after == 1
    assert found.answers_changed == 2 and found.lit == 0.5 and found.only_answer is None


def test_who_passes_the_gate(digits: Digits) -> None:
    for surround in (False, True):
        found = gate(digits, surround)
        layer = bar_detector(28, surround)
        assert found.threshold == 10
        np.testing.assert_array_equal(found.passes, layer.weighted_sums(digits.vectors)[:, 0] > 0)
        for k in range(10):
            assert found.shares[k] == found.passes[digits.labels == k].mean()
        assert found.passing == found.passes.sum()
    assert gate(digits, surround=True).passing < gate(digits, surround=False).passing


def test_as_many_of_the_pictures_at_the_gate_pass_as_of_their_class(digits: Digits) -> None:
    without, with_it = gate(digits, False), gate(digits, True)
    for k in range(10):
        shown = standing_for(digits, 14, k, without.passes, with_it.passes)
        assert (digits.labels[shown] == k).all() and len(set(shown.tolist())) == 14
        for found in (without, with_it):
            assert found.passes[shown].sum() == round(14 * found.shares[k])
    few = digits.subset(slice(3))
    only = few.labels[0]
    everything = standing_for(few, 9, only, without.passes[:3], with_it.passes[:3])
    assert everything.tolist() == np.flatnonzero(few.labels == only).tolist()
