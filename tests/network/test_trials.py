"""Trials tell what evaluating each setting by itself would tell."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from network import Network
from network.analysis.trials import try_settings
from network.digits import Digits
from network.evaluation import evaluate


def test_the_trials_are_what_evaluating_gives(make_digits: Callable[..., Digits]) -> None:
    digits = make_digits(90)
    network = Network.random([64, 5, 4, 3], np.random.default_rng(0))
    trials = try_settings(network, digits, 20, 61, np.random.default_rng(8))
    assert len(trials.settings) == len(trials.accuracies) == 20 and len(trials.turned_at_random) == 61
    for setting, accuracy in zip(trials.settings, trials.accuracies, strict=True):
        assert accuracy == evaluate(setting, digits).accuracy
    assert trials.found == evaluate(network, digits).accuracy
    assert trials.accuracies[trials.best] == trials.accuracies.max()
    neuron, source = trials.knob
    own = trials.settings[trials.best].layers[-1].weights[neuron, source]
    places = np.linspace(-trials.reach, trials.reach, len(trials.turned_at_random))
    at_its_place = np.interp(own, places, trials.turned_at_random)
    assert at_its_place == pytest.approx(trials.accuracies[trials.best], abs=2 / len(digits))
