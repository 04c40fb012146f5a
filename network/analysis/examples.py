"""The rules by which pictures are chosen for the scenes: the same rule gives a good example of any network and data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from network import Network
from network.analysis.parts import Parts, take_apart
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


# The parts that the examples of `digits_taken_apart` fall into, and the least share of the brightness that each part
# must have.
_MAKE_UPS = ((("loop", "line"), 0.25), (("loop", "loop"), 0.25), (("line", "line", "line"), 0.2))
# How many pictures of each class are searched for examples.
_SEARCHED = 20


@dataclass(frozen=True, eq=False)
class TakenApart:
    """A picture taken apart, with its label and the name of its class."""

    label: int
    name: str
    parts: Parts


@lru_cache(maxsize=2)
def digits_taken_apart(digits: Digits) -> tuple[TakenApart, ...]:
    """Three pictures: one falls into a loop and a line, one into two loops, and one into three lines.

    Each is of another class: of the classes left, the one that falls into these parts most often in its first twenty
    pictures. Of the pictures in which every part has a fair share of the brightness, the one with the largest hole is
    chosen, where the smaller of two holes counts; the first one of several. Where no picture has fair shares, it is the
    one whose least part has the largest share. Make-ups that the data do not have are left out; if they have none of
    the three, the only example is the first picture.
    """
    searched = [np.flatnonzero(digits.labels == k)[:_SEARCHED] for k in range(len(digits.class_names))]
    taken_apart = [[take_apart(digits.images[n]) for n in places] for places in searched]
    found: list[TakenApart] = []
    for make_up, least in _MAKE_UPS:
        fitting = [[parts for parts in of_class if parts.kinds == make_up] for of_class in taken_apart]
        often = [len(parts) / max(len(all_), 1) for parts, all_ in zip(fitting, taken_apart, strict=True)]
        for example in found:
            often[example.label] = 0
        label = int(np.argmax(often))
        if often[label]:
            fair = [parts for parts in fitting[label] if parts.shares.min() >= least]
            if fair:
                chosen = max(fair, key=lambda parts: parts.smallest_hole)
            else:
                chosen = max(fitting[label], key=lambda parts: float(parts.shares.min()))
            found.append(TakenApart(label, digits.class_names[label], chosen))
    if not found:
        label = int(digits.labels[0])
        found.append(TakenApart(label, digits.class_names[label], take_apart(digits.images[0])))
    return tuple(found)
