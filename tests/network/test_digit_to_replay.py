"""The digit that is followed through a training run is one that is learnt in it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from network import Network
from network.analysis.examples import digit_to_replay
from network.digits import Digits


def test_the_digit_replayed_is_learnt_in_the_run(make_digits: Callable[..., Digits]) -> None:
    digits = make_digits(60)
    start, end = (Network.random([64, 5, 3], np.random.default_rng(seed)) for seed in (9, 1))
    before, after = start.classify(digits.vectors), end.classify(digits.vectors)
    labels = before.copy()
    learnt = int(np.flatnonzero(before != after)[0])
    labels[learnt] = after[learnt]
    assert digit_to_replay(start, end, Digits(digits.images, labels, digits.class_names)) == learnt
    nothing_right = Digits(digits.images, (after + 1) % 3, digits.class_names)
    assert digit_to_replay(start, end, nothing_right) == 0
