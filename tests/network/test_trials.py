"""Trials tell what evaluating each setting by itself would tell."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from network import Network
from network.analysis.trials import try_settings
from network.digits import Digits
from network.evaluation import evaluate


def test_the_trials_are_what_evaluating_gives(make_digits: Callable[..., Digits]) -> None:
    digits = make_digits(90)
    network = Network.random([64, 5, 4, 3], np.random.default_rng(0))
    trials = try_settings(network, digits, 20, np.random.default_rng(8))
    assert len(trials.settings) == len(trials.accuracies) == 20
    for setting, accuracy in zip(trials.settings, trials.accuracies, strict=True):
        assert accuracy == evaluate(setting, digits).accuracy
    assert trials.found == evaluate(network, digits).accuracy
    assert trials.accuracies[trials.best] == trials.accuracies.max()
