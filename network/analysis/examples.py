"""The rules by which pictures are chosen for the scenes: the same rule gives a good example of any network and data."""

from __future__ import annotations

import numpy as np

from network import Network
from network.digits import Digits


def digit_to_show(network: Network, digits: Digits) -> int:
    """The first test picture that is read right, clearly (0.9 or more), with a second output to be seen (0.03 or more).

    Where there is none, the first that is read right; where the network reads none right, the first.
    """
    outputs = network.predict(digits.vectors)
    right = np.argmax(outputs, axis=1) == digits.labels
    ordered = np.sort(outputs, axis=1)
    second = ordered[:, -2] if outputs.shape[1] > 1 else np.zeros(len(outputs))
    for wanted in (right & (ordered[:, -1] >= 0.9) & (second >= 0.03), right):
        if wanted.any():
            return int(np.argmax(wanted))
    return 0


def digit_to_replay(start: Network, end: Network, digits: Digits) -> int:
    """The first picture that the network reads wrong at the start and right, clearly (0.9 or more), at the end.

    Where there is none, the first that it learns to read at all; then the first that it reads right at the end; then
    the first.
    """
    outputs = end.predict(digits.vectors)
    right = outputs.argmax(axis=1) == digits.labels
    learnt = right & (start.classify(digits.vectors) != digits.labels)
    for wanted in (learnt & (outputs.max(axis=1) >= 0.9), learnt, right):
        if wanted.any():
            return int(np.argmax(wanted))
    return 0
