"""The facts of part 1, against the data set itself."""

from __future__ import annotations

import numpy as np
import pytest
from manim import RoundedRectangle
from scenes.part_01_puzzle.shared import puzzling_class, sloppy_example
from scipy.spatial.distance import cdist

from network import Network
from network.digits import Digits
from scenes.kit.layout import STAGE_BOTTOM
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.part_01_puzzle.a_digit_at_a_glance import Zoom, liveliest_window
from scenes.part_01_puzzle.other_hands_other_numbers import others_like, overlay
from scenes.part_01_puzzle.pixels_do_not_decide import DistanceHistograms, farthest_and_nearest, share_in_words
from scenes.part_01_puzzle.the_program_wanted import StreamIn, one_of_each
from scenes.stage.inputs import lesson_checkpoint, lesson_digits


def test_two_3s_differ_more_than_a_3_and_an_8() -> None:
    digits = lesson_digits("test")
    found = farthest_and_nearest(digits)
    assert (found.name, found.other_name, found.only_this_other) == ("3", "8", True)
    threes, eights = (digits.vectors[digits.labels == label] for label in (3, 8))
    assert found.far.distance == pytest.approx(cdist(threes, threes).max(), rel=1e-6)
    assert found.near.distance == pytest.approx(cdist(threes, eights).min(), rel=1e-6)
    assert found.far.searched == len(threes) * (len(threes) - 1) // 2
    apart = cdist(threes, threes)[np.triu_indices(len(threes), 1)]
    assert found.typical.distance == pytest.approx(np.median(apart), rel=1e-4)
    examples = (found.far_images, found.far), (found.near_images, found.near), (found.typical_images, found.typical)
    for images, pair in examples:
        assert np.linalg.norm(images[0] - images[1]) == pytest.approx(pair.distance, rel=1e-6)
    assert found.near.distance < found.typical.distance < found.far.distance
    assert found.own_counts.sum() == len(apart)
    assert found.other_counts.sum() == len(threes) * len(eights)
    assert found.farther == pytest.approx((apart > found.near.distance).sum(), abs=3)


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


@pytest.mark.parametrize(("count", "said"), [(0, "0.0 %"), (999, "99.9 %"), (1000, "All")])
def test_a_share_is_all_only_where_it_is_all(count: int, said: str) -> None:
    assert share_in_words(count, 1000) == said
    assert share_in_words(10**6 - 1, 10**6) == "Nearly all"


def test_the_sloppy_example_is_read_and_unusual() -> None:
    digits, network = lesson_digits("test"), lesson_checkpoint().network
    index = sloppy_example(network, digits)
    assert digits.labels[index] == 3
    assert network.forward(digits.images[index]).output[3] >= 0.9
    images = others_like(digits, index)
    assert images.shape == (36, 28, 28)
    assert np.array_equal(images[0], digits.images[index])
    threes = digits.images[digits.labels == 3]
    from_mean = np.linalg.norm((images[:2] - threes.mean(axis=0)).reshape(2, -1), axis=1)
    everyone = np.linalg.norm((threes - threes.mean(axis=0)).reshape(len(threes), -1), axis=1)
    assert from_mean[1] == pytest.approx(everyone.min(), rel=1e-4)
    assert from_mean[0] > np.quantile(everyone, 0.9)


def test_any_data_has_its_examples(digits: Digits, network: Network) -> None:
    names = tuple("abcdefghij")
    other = Digits(digits.images, digits.labels, names)
    assert puzzling_class(other) == 0
    found = farthest_and_nearest(other)
    assert found.name == "a"
    assert found.other_name != "a"
    assert not found.only_this_other
    assert other.labels[sloppy_example(network, other)] == 0
    assert [int(other.labels[index]) for index in one_of_each(other, 4)] == [0, 1, 2, 3]


def test_where_both_are_bright_the_overlay_is_white() -> None:
    one, other = np.array([[1, 1], [0, 0]], np.float32), np.array([[1, 0], [1, 0]], np.float32)
    colours = overlay(one, other, 1, (0, 0), ("#4FB0FF", "#FF5B4A")).colours
    assert colours.tolist() == [[255, 255, 255], [79, 176, 255], [255, 91, 74], [0, 0, 0]]


@pytest.mark.parametrize("side", [4, 8, 28])
def test_the_window_lies_in_the_picture(side: int) -> None:
    pixels = PixelGrid(np.random.default_rng(0).random((side, side)))
    window, rows, columns = liveliest_window(pixels)
    assert len(window) == rows * columns
    assert window.min() >= 0 and window.max() < side * side


@pytest.mark.parametrize("most", [0, 1])
def test_every_bright_pixel_goes_into_the_box_as_its_number(most: int) -> None:
    image = np.random.default_rng(0).random((8, 8)).round(1) * most
    pixels = PixelGrid(image, 3, (-4, 0))
    box = RoundedRectangle(width=3, height=3.2).move_to((1, 0, 0))
    stream = StreamIn(pixels, box, rate_func=lambda share: share)
    shown = image.ravel()[image.ravel() > 0] if most else np.zeros(1)
    assert stream.numbers.values == pytest.approx(shown)
    for moment in np.linspace(0, 1, 40):
        stream.interpolate_mobject(moment)
        extents = stream.numbers.extents()[stream.numbers.opacities > 0]
        # No number lies over another one, nor over the arrow in the middle.
        apart = np.maximum(extents[:, None, :2] - extents[None, :, 2:], extents[None, :, :2] - extents[:, None, 2:])
        assert (apart.max(axis=2)[~np.eye(len(extents), dtype=bool)] > 0).all()
        assert (np.abs(extents[:, 1::2]) > 0.15).all()
    assert not pixels.opacities.any() and not stream.numbers.opacities.any()
    assert (stream.numbers.extents()[:, 0] > box.get_left()[0]).all()


def test_a_picture_that_comes_nearer_never_covers_the_caption() -> None:
    pixels = PixelGrid(np.ones((28, 28)), 5.4, (0, 0.4))
    target = pixels.copy().scale(5)
    zoom = Zoom(pixels, target)
    zoom.begin()
    for moment in (0.0, 0.3, 0.7, 1.0):
        zoom.interpolate(moment)
        lowest = pixels.points[0::2, 1][pixels.opacities > 0].min()
        assert lowest > STAGE_BOTTOM - Zoom.EDGE
    assert pixels.points == pytest.approx(target.points)
