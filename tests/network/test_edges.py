"""Little edges add up to the picture, and each runs one way; what is hoped of layers is made of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from scipy import ndimage

from network.analysis.edges import edge_directions, gradient, largest_of_each_direction, little_edges
from network.analysis.hopes import goes_into, hopes_for
from network.analysis.parts import take_apart
from tests.network.test_parts import PICTURES, bar, nine, ring


@settings(max_examples=60, deadline=None)
@given(PICTURES)
def test_edges_share_the_ink_and_add_up_exactly(image: np.ndarray) -> None:
    edges, directions = little_edges(image)
    assert len(edges) == len(directions)
    assert (edges.sum(axis=0) == image).all()
    assert ((edges > 0).sum(axis=0) == (image > 0)).all()


def test_edges_run_across_the_gradient() -> None:
    right, down = gradient(bar(slice(14, 28), slice(0, 28)))
    assert down[13:15, 5:20].min() > 0.2 and np.abs(right[:, 5:20]).max() < 1e-6
    # Across, rising, upright, falling: as one sees them.
    y, x = np.mgrid[:28, :28] - 13.5
    for direction, away in enumerate((y, x + y, x, x - y)):
        line = np.clip(2 - np.abs(away), 0, 1)
        assert (edge_directions(line)[10:18, 10:18][line[10:18, 10:18] > 0] == direction).all()


def test_a_ring_is_made_of_eight_edges_all_around() -> None:
    edges, directions = little_edges(ring(row=14, radius=8))
    assert directions.tolist() in ([0, 3, 2, 1] * 2, [3, 2, 1, 0] * 2)
    middles = np.array([ndimage.center_of_mass(edge) for edge in edges]) - 14
    turns = np.diff(np.unwrap(np.arctan2(middles[:, 1], -middles[:, 0])))
    assert (turns > 0).all() and turns == pytest.approx(np.pi / 4, abs=0.2)


def test_the_largest_edges_are_of_different_directions() -> None:
    edges = np.zeros((5, 4, 4))
    for edge, cells in zip(edges, (3, 8, 2, 8, 5), strict=True):
        edge.ravel()[:cells] = 1
    directions = np.array([0, 1, 2, 1, 3])
    assert largest_of_each_direction(edges, directions, 4) == [0, 1, 2, 4]  # the first of the two largest
    assert largest_of_each_direction(edges, directions, 2) == [1, 4]


def test_a_piece_goes_into_the_larger_one_that_holds_most_of_it() -> None:
    wholes = np.zeros((2, 2, 4))
    wholes[0, :, :2], wholes[1, :, 2:] = 0.1, 1
    pieces = np.zeros((3, 2, 4))
    pieces[0, 0, 0], pieces[1, 1, 3], pieces[2, 0, 1:4] = 1, 1, (0.9, 0.2, 0.3)
    assert goes_into(pieces, wholes) == [0, 1, 0]


@pytest.mark.parametrize("hidden", [1, 2, 3, 4])
def test_what_is_hoped_of_a_layer_is_made_of_what_is_hoped_of_the_one_before(hidden: int) -> None:
    parts = take_apart(nine())
    hopes = hopes_for(parts, hidden)
    between = ["longer edges"] * max(hidden - 2, 0)
    assert [hope.name for hope in hopes] == (["edges", *between, "parts"] if hidden > 1 else ["parts"])
    for hope in hopes:
        assert (hope.pictures.sum(axis=0) == parts.image).all()
        assert len(hope.groups) == len(hope.pictures)
    for finer, coarser in zip(hopes, hopes[1:], strict=False):
        for piece in finer.pictures:
            assert (((piece > 0) & (coarser.pictures > 0)).any(axis=(1, 2))).sum() == 1, "a piece is in one larger one"
        assert len(finer.pictures) >= len(coarser.pictures)


@pytest.mark.parametrize("hidden", [1, 2, 3])
def test_of_a_black_picture_nothing_is_hoped(hidden: int) -> None:
    hopes = hopes_for(take_apart(np.zeros((28, 28), np.float32)), hidden)
    assert [(hope.pictures.shape, len(hope.groups)) for hope in hopes] == [((0, 28, 28), 0)] * hidden
