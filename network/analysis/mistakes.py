"""The mistakes of a network: which classes it mixes up most often, and how sure of each it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from network.digits import Digits
from network.evaluation import Evaluation
from network.network import Array, Network


@dataclass(frozen=True)
class MixedUp:
    """The two classes that a network takes for each other most often.

    classes: the smaller index first; the first such pair, if several share the greatest count. count: how often one of
    them was read as the other. alone: whether no other pair is mixed up as often.
    """

    classes: tuple[int, int]
    count: int
    alone: bool


def mixed_up_most(found: Evaluation) -> MixedUp:
    """The two classes that are taken for each other most often, both ways together."""
    both_ways = np.triu(found.confusion + found.confusion.T, 1)
    one, other = np.unravel_index(both_ways.argmax(), both_ways.shape)
    count = int(both_ways.max())
    return MixedUp((int(one), int(other)), count, int((both_ways == count).sum()) == 1)


def classes_mixed_up(found: Evaluation, most: int) -> NDArray[np.intp]:
    """The classes that take part in the most mistakes, `most` of them at most and 2 at least, in their order.

    The two of `mixed_up_most` are always among them.
    """
    both_ways = found.confusion + found.confusion.T
    part = (both_ways.sum(axis=1) - np.diag(both_ways)).astype(np.float64)
    part[list(mixed_up_most(found).classes)] = np.inf
    return np.sort(np.argsort(-part, kind="stable")[: max(most, 2)])


def outputs_of_mistakes(network: Network, digits: Digits, found: Evaluation) -> Array:
    """The greatest output for each mistake, (mistakes,), in the order of `found.mistakes`: the surest first."""
    outputs: Array = network.predict(digits.vectors[found.mistakes]).max(axis=1)
    return outputs
