"""The mistakes of a network: which one it makes most often, and how sure of each it is."""

from __future__ import annotations

import numpy as np

from network.digits import Digits
from network.evaluation import Evaluation
from network.network import Array, Network


def most_frequent_mistakes(found: Evaluation) -> tuple[list[tuple[int, int]], int]:
    """The cells of the confusion matrix with the greatest count off the diagonal, and that count.

    A cell is (true class, answer). If several cells share the greatest count, all are given, row by row.
    """
    off_diagonal = found.confusion.copy()
    np.fill_diagonal(off_diagonal, 0)
    most = int(off_diagonal.max())
    return [(int(true), int(answer)) for true, answer in np.argwhere(off_diagonal == most)], most


def outputs_of_mistakes(network: Network, digits: Digits, found: Evaluation) -> Array:
    """The greatest output for each mistake, (mistakes,), in the order of `found.mistakes`: the surest first."""
    outputs: Array = network.predict(digits.vectors[found.mistakes]).max(axis=1)
    return outputs
