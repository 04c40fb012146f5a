"""Where in a spoken clause a word begins, found by ear: both halves are spoken alone and laid along the whole.

This is dynamic time warping: each moment of the halves goes to the moment of the whole that sounds most like it, in
order. A voice stretches a word at the end of a breath, so the halves' lengths alone would be off by a syllable.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from network.wav import read_wav

_STEP = 0.01  # seconds between two moments
_WINDOW = 0.021  # seconds of sound that one moment is judged by
_BANDS = np.geomspace(130, 8000, 23)  # hertz: edges of the bands whose loudness is compared
_LOUDEST = 2**15  # samples are counted as 16 bits hold them
_FLOOR = 1e4  # a loudness that counts as silence, so that noise is not compared
# The halves end with some silence, and the whole has none there.
_SILENCE_AT_THE_END = 0.035  # seconds


def find_boundary(whole: Path, first: Path, second: Path) -> float:
    """When the sound `whole` reaches what `second` says, in seconds; `first` and `second` say its halves.

    All are WAV files of 16 bits in mono with the same rate.
    """
    (along, rate), (before, _), (after, _) = _read(whole), _read(first), _read(second)
    halves, full = _loudness(np.concatenate([before, after]), rate), _loudness(along, rate)
    path = _warp(np.sqrt(((halves[:, None] - full[None]) ** 2).sum(axis=2)))
    at = len(before) / rate - _SILENCE_AT_THE_END
    found = np.interp(at / _STEP, np.arange(len(path)), path) * _STEP
    return float(round(np.clip(found, 0.0, len(along) / rate), 3))


def _read(file: Path) -> tuple[NDArray[np.float64], int]:
    samples, rate = read_wav(file)
    return samples[:, 0].astype(np.float64) * _LOUDEST, rate


def _loudness(samples: NDArray[np.float64], rate: int) -> NDArray[np.float64]:
    """The logarithm of the energy in each band, at each moment: (moments, bands)."""
    size, step = round(_WINDOW * rate), round(_STEP * rate)
    padded = np.pad(samples, (size // 2, size))
    windows = np.lib.stride_tricks.sliding_window_view(padded, size)[: max(1, len(samples)) : step]
    energy = np.abs(np.fft.rfft(windows * np.hanning(size))) ** 2
    edges = np.unique(np.minimum(np.round(_BANDS * size / rate).astype(int), energy.shape[1] - 1))
    return np.log(np.add.reduceat(energy[:, : edges[-1]], edges[:-1], axis=1) + _FLOOR)


def _warp(distance: NDArray[np.float64]) -> NDArray[np.intp]:
    """For each row of distances (n, m) a column, from the first to the last, that goes on by 0, 1 or 2 from row to row.

    The sum of distances along it is as small as it can be; a column that is left out counts as well. Where the ends
    are more than twice as far apart as there are rows, the last one is not reached.
    """
    rows, columns = distance.shape
    total = np.full(columns, np.inf)
    total[0] = distance[0, 0]
    steps = np.zeros((rows, columns), np.int8)
    for row in range(1, rows):
        cost = distance[row]
        one, two = np.full(columns, np.inf), np.full(columns, np.inf)
        one[1:] = total[:-1]
        two[2:] = total[:-2] + cost[1:-1]
        choices = np.stack([total, one, two])
        steps[row] = choices.argmin(axis=0)
        total = choices.min(axis=0) + cost
    path = np.empty(rows, np.intp)
    column = columns - 1 if np.isfinite(total[-1]) else int(np.flatnonzero(np.isfinite(total))[-1])
    for row in range(rows - 1, -1, -1):
        path[row] = column
        column -= int(steps[row, column])
    return path
