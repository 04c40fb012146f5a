"""The mistakes of a network: which classes it mixes up most often, and how sure of each it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

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


def outputs_of_mistakes(network: Network, digits: Digits, found: Evaluation) -> Array:
    """The greatest output for each mistake, (mistakes,), in the order of `found.mistakes`: the surest first."""
    outputs: Array = network.predict(digits.vectors[found.mistakes]).max(axis=1)
    return outputs
