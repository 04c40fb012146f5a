"""The detectors set by hand: their bar, their sums, and how often they fire."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.ndimage import rotate

from network.analysis.detectors import (
    bar_detector,
    bar_place,
    bar_threshold,
    detector_examples,
    edge_place,
    firing_shares,
    likeness_to_an_edge,
    match_with_an_edge,
    random_weights,
    shares_kept,
    sums_without_bias,
    upright_edge_detector,
)
from network.digits import Digits, load_digits

MNIST = Path(__file__).parents[2] / "assets" / "mnist"


def test_the_bar_of_a_picture_of_28_pixels() -> None:
    assert bar_place(28) == (slice(6, 9), slice(8, 20))
    assert bar_threshold(28) == 10


@pytest.mark.parametrize("side", [3, 4, 8, 14, 16, 28, 32, 64])
def test_the_bar_and_its_surround_fit_any_picture(side: int) -> None:
    rows, columns = bar_place(side)
    thick = rows.stop - rows.start
    assert thick >= 1 and rows.start - thick >= 0 and rows.stop + thick <= side
    assert 0 <= columns.start < columns.stop <= side
    bar, edge = bar_detector(side), bar_detector(side, surround=True)
    assert bar.weights.sum() == thick * (columns.stop - columns.start)
    assert edge.weights.sum() == 0
    assert bar.biases[0] == edge.biases[0] == -bar_threshold(side)
    assert 0 < bar_threshold(side) <= bar.weights.sum()


def test_a_picture_too_small() -> None:
    with pytest.raises(ValueError, match="side"):
        bar_place(2)


def test_sums_are_those_of_the_pixels() -> None:
    images = np.random.default_rng(0).random((5, 28, 28))
    vectors = images.reshape(5, -1)
    bar, edge = bar_detector(28), bar_detector(28, surround=True)
    on_bar = images[:, 6:9, 8:20].sum(axis=(1, 2))
    around = images[:, 3:12, 8:20].sum(axis=(1, 2)) - on_bar
    assert sums_without_bias(bar, vectors)[:, 0] == pytest.approx(on_bar)
    assert sums_without_bias(edge, vectors)[:, 0] == pytest.approx(on_bar - around / 2)
    assert bar.weighted_sums(vectors)[:, 0] == pytest.approx(on_bar - 10)


def test_shares_of_the_classes_that_fire() -> None:
    white, black, bar = np.ones((28, 28)), np.zeros((28, 28)), np.zeros((28, 28))
    bar[6:9, 8:20] = 1
    digits = Digits(np.array([white, black, bar, bar], np.float32), np.array([0, 0, 1, 1]), ("ground", "bar", "none"))
    assert firing_shares(bar_detector(28), digits)[0] == pytest.approx([0.5, 1, np.nan], nan_ok=True)
    assert firing_shares(bar_detector(28, surround=True), digits)[0] == pytest.approx([0, 1, np.nan], nan_ok=True)


def test_the_neuron_is_half_lit_at_its_threshold() -> None:
    layer = bar_detector(28)
    image = np.zeros((28, 28))
    image[6:9, 8:20] = 10 / 36
    assert layer.activate(layer.weighted_sums(image.ravel()))[0] == pytest.approx(0.5)


def test_the_share_of_firings_kept() -> None:
    kept = shares_kept(np.array([0.5, 0.0, 0.4]), np.array([0.1, 0.0, 0.4]))
    assert kept.tolist() == [0.2, np.inf, 1]


@pytest.mark.parametrize("side", [3, 8, 28])
def test_the_place_of_the_edge_is_where_its_weights_are(side: int) -> None:
    place = np.zeros((side, side), bool)
    place[edge_place(side)] = True
    weights = bar_detector(side, surround=True).weights.reshape(side, side)
    assert (place == (weights != 0)).all()
    assert (upright_edge_detector(side).weights.reshape(side, side) == weights.T).all()


def test_random_weights_are_sorted_by_their_sums() -> None:
    image = np.random.default_rng(0).random(64)
    settings = random_weights(image, 20, np.random.default_rng(6))
    assert settings.shape == (20, 64)
    assert (np.abs(settings) <= 1).all()
    assert (np.diff(settings @ image) >= 0).all()
    assert (settings == random_weights(image, 20, np.random.default_rng(6))).all()


def test_the_examples_show_what_the_surround_is_for() -> None:
    digits = load_digits(MNIST, "test")
    chosen = detector_examples(digits)
    threshold = bar_threshold(digits.side)
    assert (chosen.bar_sums >= 2 * threshold).all()
    assert chosen.crossing_sums[0] > threshold and chosen.crossing_sums[1] <= 0
    assert chosen.has_bar and chosen.has_crossing


def test_where_no_picture_has_the_bar_or_is_without_one_the_examples_say_so() -> None:
    faint = np.zeros((3, 28, 28), np.float32)
    faint[:, 6:9, 8:20] = np.array([0.1, 0.3, 0.2])[:, None, None]  # 3.6, 10.8 and 7.2
    faint[0, 5, 8:20] = 0.1  # the first loses 0.6 to the surround
    chosen = detector_examples(Digits(faint, np.array([0, 1, 1])))
    assert chosen.bar_sums == pytest.approx([10.8, 10.8]) and not chosen.has_bar
    assert chosen.crossing_sums == pytest.approx([3.6, 3.0]) and not chosen.has_crossing


@pytest.mark.parametrize("side", [8, 28])
def test_examples_of_any_size_and_any_pictures(side: int) -> None:
    digits = Digits(np.random.default_rng(3).random((40, side, side), np.float32), np.arange(40) % 4)
    chosen = detector_examples(digits)
    assert np.isfinite(chosen.bar_sums).all() and np.isfinite(chosen.crossing_sums).all()


def test_likeness_to_an_edge_does_not_depend_on_its_place_or_size() -> None:
    edge = bar_detector(28, surround=True).weights.reshape(28, 28)
    for moved in (edge, 3 * np.roll(edge, (9, -6), axis=(0, 1)), edge.T):
        assert likeness_to_an_edge(moved.ravel()) == pytest.approx(1)
    assert likeness_to_an_edge(-edge.ravel()) < 0.7  # a dark bar between bright ones has bright bars, too
    assert abs(likeness_to_an_edge(np.random.default_rng(0).normal(size=784))) < 0.2
    assert likeness_to_an_edge(np.zeros(784)) == 0


def test_the_best_match_with_an_edge_says_where_and_how_it_is_turned() -> None:
    edge = bar_detector(28, surround=True).weights.reshape(28, 28)
    leaning = rotate(edge[3:12, 8:20], 30, order=1)
    height, width = leaning.shape
    picture = np.zeros((28, 28))
    picture[6 : 6 + height, 9 : 9 + width] = leaning
    match = match_with_an_edge(picture.ravel())
    assert match.likeness == pytest.approx(1) and match.angle == 30
    middle = np.array([match.row, match.column]) + match.offset
    assert middle == pytest.approx([6 + (height - 1) / 2, 9 + (width - 1) / 2])
    assert match.everywhere.shape == (28, 28) and match.everywhere[match.row, match.column] == match.likeness
