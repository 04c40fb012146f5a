"""How much a neuron's weights look like a patch: concentrated in one place, and smooth from pixel to pixel."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from network.network import Array
from network.penalties import as_pictures

# The side of the window in pictures of side 28. The detector of `network.analysis.detectors` fits into it.
_WINDOW, _OF_SIDE = 12, 28
# A neuron with at least this share of its weight in its window is called local.
LOCAL = 0.75


@dataclass(frozen=True, eq=False)
class Locality:
    """Measurements of the weight pictures of n neurons of a first layer.

    window: the side of the square window, in pixels. shares: (n,) the share of each neuron's weight, the sum of all
    |w|, that is in its heaviest window, 0 to 1. corners: (n, 2) row and column of that window's upper left pixel.
    even: what the share would be if the weight were spread evenly over all pixels that are ever lit.
    smoothness: (n,) correlation of the weights of neighbouring pixels that are ever lit; about 0 for random weights.
    """

    window: int
    shares: NDArray[np.float64]
    corners: NDArray[np.intp]
    even: float
    smoothness: NDArray[np.float64]

    @property
    def local(self) -> int:
        """How many neurons have at least the share `LOCAL` of their weight in one window."""
        return int(np.count_nonzero(self.shares >= LOCAL))


def locality(weights: Array, never_seen: NDArray[np.bool_] | None = None) -> Locality:
    """Measure weight pictures, (n, side²); the weights of pixels that are `never_seen` (side²,) count as 0.

    ValueError if the rows are not square pictures.
    """
    seen = np.ones(weights.shape[-1], bool) if never_seen is None else ~np.asarray(never_seen, bool).ravel()
    pictures = as_pictures(np.where(seen, weights, 0).astype(np.float64))
    n, side = pictures.shape[:2]
    window = -(-_WINDOW * side // _OF_SIDE)
    amounts = np.abs(pictures)
    in_windows = _window_sums(amounts, window)
    heaviest = in_windows.reshape(n, -1).argmax(axis=1)
    total = amounts.sum(axis=(1, 2))
    shares = np.divide(in_windows.reshape(n, -1).max(axis=1), total, out=np.zeros(n), where=total > 0)
    seen_picture = seen.reshape(side, side)
    return Locality(
        window,
        shares,
        np.stack(np.unravel_index(heaviest, in_windows.shape[1:]), axis=1),
        min(window**2 / max(int(seen.sum()), 1), 1.0),
        np.array([_neighbours_correlation(picture, seen_picture) for picture in pictures]),
    )


def _window_sums(values: NDArray[np.float64], window: int) -> NDArray[np.float64]:
    """The sum in every square window of each picture (n, side, side)."""
    sums = np.pad(values, ((0, 0), (1, 0), (1, 0))).cumsum(axis=1).cumsum(axis=2)
    result: NDArray[np.float64] = (
        sums[:, window:, window:]
        - sums[:, :-window, window:]
        - sums[:, window:, :-window]
        + sums[:, :-window, :-window]
    )
    return result


def _neighbours_correlation(picture: NDArray[np.float64], seen: NDArray[np.bool_]) -> float:
    """The correlation of the weight of a pixel with that of the pixel to its right or beneath it."""
    across, down = seen[:, :-1] & seen[:, 1:], seen[:-1] & seen[1:]
    one = np.concatenate([picture[:, :-1][across], picture[:-1][down]])
    other = np.concatenate([picture[:, 1:][across], picture[1:][down]])
    if len(one) < 2 or one.std() == 0 or other.std() == 0:
        return 0.0
    return float(np.corrcoef(one, other)[0, 1])
