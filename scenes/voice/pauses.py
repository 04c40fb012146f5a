"""The pauses of somebody who speaks, and which of them are between which words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_WINDOW = 0.01  # seconds
# Speech is what is less than this many dB softer than its loud moments, and this much louder than the room.
_SOFTER, _LOUDER_THAN_THE_ROOM, _AT_LEAST_SOFTER = 34.0, 8.0, 14.0
# A pause counts as no longer than this, in seconds: a very long one is not a better place to cut.
_LONG = 1.5
_MOST = 200


@dataclass(frozen=True)
class Pause:
    """A pause in a recording, in seconds from its start."""

    start: float
    stop: float

    @property
    def middle(self) -> float:
        return (self.start + self.stop) / 2

    @property
    def seconds(self) -> float:
        return self.stop - self.start


def find_pauses(samples: NDArray[np.float32], rate: int, shortest: float = 0.12) -> list[Pause]:
    """The pauses of a recording, (channels, n), in which nothing is said for at least `shortest` seconds.

    Silence at its start and at its end does not count.
    """
    window = round(_WINDOW * rate)
    whole = samples.shape[1] // window * window
    if not whole:
        return []
    energy = np.square(samples[:, :whole], dtype=np.float64).mean(axis=0).reshape(-1, window).mean(axis=1)
    level = 10 * np.log10(energy + 1e-12)
    loud, room = np.percentile(level, 95), np.percentile(level, 5)
    limit = min(loud - _AT_LEAST_SOFTER, max(loud - _SOFTER, room + _LOUDER_THAN_THE_ROOM))
    edges = np.flatnonzero(np.diff(level < limit, prepend=False, append=False))
    starts, stops = edges[::2] * window / rate, edges[1::2] * window / rate
    return [
        Pause(float(start), float(stop))
        for start, stop in zip(starts, stops, strict=True)
        if stop - start >= shortest and start > 0 and stop < whole / rate
    ]


def pauses_between(expected: Sequence[float], pauses: Sequence[Pause], seconds: float) -> list[Pause] | None:
    """Which pauses lie between stretches of speech, one fewer than there are stretches, in order; None if there are
    not enough of them.

    expected: how long each stretch is, in any unit. seconds: the length of the recording. Long pauses are chosen, and
    such that the stretches are about as long as expected, compared with each other.
    """
    if len(expected) < 2:
        return []
    if len(pauses) < len(expected) - 1:
        return None
    longest = sorted(pauses, key=lambda pause: pause.seconds, reverse=True)[: max(_MOST, 2 * len(expected))]
    places = sorted(longest, key=lambda pause: pause.start)
    starts = np.array([0.0, *(pause.start for pause in places), seconds])
    stops = np.array([0.0, *(pause.stop for pause in places), seconds])
    gain = np.minimum(stops - starts, _LONG)
    # From the end of pause i to the start of pause j, if i comes before j.
    stretch = np.where(np.tri(len(starts), k=-1, dtype=bool).T, starts[None, :] - stops[:, None], np.nan)
    stretch = np.where(stretch > 0, stretch, np.nan)
    scale = (seconds - sum(sorted((pause.seconds for pause in places), reverse=True)[: len(expected) - 1])) / sum(
        expected
    )
    best = np.full(len(starts), np.inf)
    best[0] = 0.0
    came_from = []
    for wanted in expected:
        usual = max(wanted * scale, 0.05)
        with np.errstate(invalid="ignore"):
            cost = usual * np.log(stretch / usual) ** 2
        cost = np.where(np.isnan(cost), np.inf, cost) + best[:, None] - gain[None, :]
        came_from.append(cost.argmin(axis=0))
        best = cost.min(axis=0)
    at = len(starts) - 1
    if not np.isfinite(best[at]):
        return None
    chosen = []
    for before in reversed(came_from[1:]):
        at = int(before[at])
        chosen.append(places[at - 1])
    return chosen[::-1]
