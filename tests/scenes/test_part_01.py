"""Part 1 draws what was counted, and room is made for every pair."""

from __future__ import annotations

import numpy as np
import pytest

from network.analysis.pairs import farthest_and_nearest
from network.digits import Digits
from scenes.part_01_puzzle.distance_histograms import DistanceHistograms
from scenes.part_01_puzzle.other_hands_other_numbers import overlay


def test_bars_are_as_high_as_the_shares_of_the_pairs(digits: Digits) -> None:
    found = farthest_and_nearest(digits)
    histograms = DistanceHistograms(found)
    low, high = histograms.own.points[0::2], histograms.own.points[1::2]
    heights = high[:, 1] - low[:, 1]
    of_others = histograms.others.points[:, 1].max() - low[0, 1]
    shares = found.own_counts / found.far.searched
    of_other_pairs = found.other_counts / found.near.searched
    assert heights / of_others == pytest.approx(shares / of_other_pairs.max(), abs=1e-4)
    assert high[:, 0] == pytest.approx(histograms.point(found.edges[1:])[:, 0], abs=1e-5)
    # The bars that become brighter are those of pairs that differ more than the nearest of the others.
    brighter = (histograms.farther_than(found.near.distance).colours > histograms.own.colours).all(axis=1)
    assert found.edges[:-1][brighter].min() == found.edges[:-1][found.edges[:-1] >= found.near.distance].min()
    assert brighter.sum() == (found.edges[:-1] >= found.near.distance).sum()


def test_pairs_stand_apart_in_the_frame(digits: Digits) -> None:
    histograms = DistanceHistograms(farthest_and_nearest(digits))
    for distances in ([0, 0, 0], [3, 6.5, 12], [5, 9, 14.5], [14, 14, 15]):
        columns = histograms.room_for_pairs(distances)
        assert (np.diff(columns) > 3.1).all()
        assert columns[0] > histograms.key.get_right()[0] + 1.5 and columns[-1] < 5.2


def test_where_both_are_bright_the_overlay_is_white() -> None:
    one, other = np.array([[1, 1], [0, 0]], np.float32), np.array([[1, 0], [1, 0]], np.float32)
    colours = overlay(one, other, 1, (0, 0), ("#4FB0FF", "#FF5B4A")).colours
    assert colours.tolist() == [[255, 255, 255], [79, 176, 255], [255, 91, 74], [0, 0, 0]]
