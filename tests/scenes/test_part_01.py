"""The facts of part 1, against the data set itself."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from network import Network
from network.digits import Digits
from scenes.lesson_scene import lesson_checkpoint, lesson_digits
from scenes.mobjects.pixel_grid import PixelGrid
from scenes.part_01_puzzle import (
    farthest_and_nearest,
    liveliest_window,
    one_of_each,
    others_like,
    overlay,
    puzzling_class,
    sloppy_example,
)


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
