"""What we might hope each layer of a network finds in a picture. It is worked out without any network."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from network.analysis.edges import little_edges
from network.analysis.parts import Parts
from network.network import Array


@dataclass(frozen=True, eq=False)
class Hope:
    """What we might hope a layer finds: pieces of a picture.

    pictures: (n, side, side), which add up to the whole picture. groups: (n,), the direction of each edge, or the
    number of each part, from 0.
    """

    name: str
    pictures: Array
    groups: NDArray[np.intp]


def hopes_for(parts: Parts, hidden: int) -> list[Hope]:
    """What each of `hidden` layers could find in a picture: little edges first, and whole parts last.

    With one hidden layer, it is the parts alone. With three or more, the layers in between find longer edges, each made
    of two neighbours. In a black picture there is nothing to find.
    """
    whole_parts = Hope("parts", parts.pictures, np.arange(len(parts.kinds)))
    if hidden < 2 or not parts.kinds:
        return [whole_parts] * hidden
    cut = [little_edges(picture) for picture in parts.pictures]
    edges = Hope("edges", np.concatenate([e for e, _ in cut]), np.concatenate([d for _, d in cut]))
    longer = [
        (pictures[first : first + 2].sum(axis=0), directions[first])
        for pictures, directions in cut
        for first in range(0, len(pictures), 2)
    ]
    between = Hope("longer edges", np.array([edge for edge, _ in longer]), np.array([group for _, group in longer]))
    return [edges, *[between] * (hidden - 2), whole_parts]


def goes_into(pieces: Array, wholes: Array) -> list[int]:
    """Which of the larger pieces (m, side, side) each piece (n, side, side) of a picture goes into.

    It is the one whose cells hold most of the piece's brightness, the first of several.
    """
    shared = np.einsum("prc,wrc->pw", pieces, wholes > 0)
    return [int(whole) for whole in shared.argmax(axis=1)]
