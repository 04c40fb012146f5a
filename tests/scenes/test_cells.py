"""Cells show their values: as brightness, and on the linear signed scale."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from manim import Transform

from network import ForwardPass, Network
from network.digits import Digits
from scenes.kit import theme
from scenes.kit.colour import rgb
from scenes.kit.layout import FRAME_WIDTH, SAFE_MARGIN, column
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.network_diagram import NetworkDiagram, NeuronColumn
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.weight_heatmap import WeightHeatmap, WeightScale, WeightWall, full_colour


def decoded(frame: np.ndarray, cells: Cells) -> np.ndarray:
    """The colour in the middle of each cell of a drawn frame, (n, 3)."""
    height, width = frame.shape[:2]
    x = width / 2 + cells.centres[:, 0] * height / 8
    y = height / 2 - cells.centres[:, 1] * height / 8
    return frame[y.astype(int), x.astype(int), :3].astype(float)


def signed(colours: np.ndarray) -> np.ndarray:
    """Colours of the signed scale, read back as shares of the limit from −1 to 1."""
    positive, negative = rgb(theme.POSITIVE), rgb(theme.NEGATIVE)
    shares = np.stack([colours @ positive / (positive @ positive), colours @ negative / (negative @ negative)])
    errors = [
        np.abs(colours - share[:, None] * base).sum(1) for share, base in zip(shares, (positive, negative), strict=True)
    ]
    return np.where(errors[0] <= errors[1], shares[0], -shares[1])


def test_a_grid_drawn_shows_the_brightness_of_every_pixel(digits: Digits, frame_of: Any) -> None:
    grid = PixelGrid(digits.images[4], extent=7)
    assert np.abs(decoded(frame_of([grid], 540), grid).mean(1) / 255 - digits.images[4].ravel()).max() < 0.01


def test_white_is_white_and_black_is_black(frame_of: Any) -> None:
    grid = PixelGrid([[0, 1], [1, 0]], extent=6)
    assert decoded(frame_of([grid], 270), grid).tolist() == [[0] * 3, [255] * 3, [255] * 3, [0] * 3]


def test_a_weight_picture_decodes_to_the_weights(network: Network, frame_of: Any) -> None:
    weights = network.layers[0].weights[3]
    picture = WeightHeatmap(weights, extent=7)
    read = signed(decoded(frame_of([picture], 540), picture)) * picture.limit
    assert np.abs(read - weights).max() < 0.01 * picture.limit
    assert np.corrcoef(read, weights)[0, 1] > 0.999


def test_greater_weights_have_the_colour_of_the_limit_and_the_scale_says_so(network: Network, frame_of: Any) -> None:
    weights = network.layers[0].weights
    limit = full_colour(weights)
    assert np.mean(np.abs(weights) >= limit) == pytest.approx(0.02, abs=0.0005)
    wall = WeightWall(weights, limit=limit)
    picture = WeightHeatmap(weights[3], limit, extent=7)
    read = signed(decoded(frame_of([picture], 540), picture)) * limit
    assert np.abs(read - weights[3].clip(-limit, limit)).max() < 0.01 * limit
    assert len(wall.scale_bar.marks) == 2 and len(WeightWall(weights).scale_bar.marks) == 0
    assert full_colour(np.zeros(3)) == full_colour(np.zeros(0)) == 1


def test_a_wall_of_pictures_has_one_scale(network: Network) -> None:
    weights = network.layers[0].weights
    wall = WeightWall(weights)
    assert {picture.limit for picture in wall.pictures} == {float(np.abs(weights).max())}
    for picture, row in zip(wall.pictures, weights, strict=True):
        assert np.allclose(signed(picture.colours) * wall.limit, row, atol=1e-4)


def test_pixels_never_seen_are_grey_and_do_not_set_the_scale(network: Network) -> None:
    weights = network.layers[0].weights[0].copy()
    weights[5] = 100
    never = np.zeros(784, bool)
    never[5] = True
    picture = WeightHeatmap(weights, never_seen=never)
    assert (picture.colours[5] == rgb(theme.NEVER_SEEN)).all()
    assert picture.limit == pytest.approx(np.abs(np.delete(weights, 5)).max())


def test_sign_marks_stand_on_strong_weights_only() -> None:
    picture = WeightHeatmap([[1.0, -1.0], [0.1, 0.0]])
    # A plus has two strokes of four points each, a minus has one.
    assert len(picture.sign_marks().points) == 12
    assert len(WeightHeatmap(np.zeros((2, 2))).sign_marks().points) == 0


def test_all_equal_and_all_zero_weights_are_one_colour() -> None:
    assert np.ptp(WeightHeatmap(np.full((3, 3), -0.4)).colours, axis=0).max() == 0
    assert WeightHeatmap(np.zeros((3, 3))).colours.max() == 0
    assert WeightScale(0.0).limit == 0


@pytest.mark.parametrize("bad", [np.zeros((0, 0)), np.zeros((2, 3)), np.full((2, 2), np.nan), np.zeros((2, 2, 2))])
def test_a_picture_that_is_none_is_refused(bad: np.ndarray) -> None:
    with pytest.raises(ValueError, match="image"):
        PixelGrid(bad)
    if bad.ndim < 3:
        with pytest.raises(ValueError, match="weights"):
            WeightHeatmap(bad)


@given(arrays(np.float32, (9,), elements=st.floats(0, 1, width=32)))
def test_brightness_survives_copy_shift_scale_and_transform(values: np.ndarray) -> None:
    grid = PixelGrid(values)
    changed = grid.copy().shift((1, 0, 0)).scale(2)
    assert np.array_equal(changed.colours, grid.colours)
    other = PixelGrid(1 - values)
    animation = Transform(grid, other)
    animation.begin()
    animation.interpolate(1)
    assert np.allclose(grid.colours.mean(1) / 255, 1 - values, atol=1e-6)


def test_a_tinted_picture_lets_through_what_is_dark_in_it() -> None:
    pixels = PixelGrid(np.array([[0, 0.25], [0.5, 1]])).tint(theme.POSITIVE)
    assert (pixels.colours == rgb(theme.POSITIVE)).all()
    assert pixels.opacities.tolist() == [0, 0.25, 0.5, 1]
    assert not pixels.stroke_opacities.any()


def test_numbers_in_cells_are_the_values(digits: Digits) -> None:
    grid = PixelGrid(digits.images[0], extent=60)
    window = grid.window(10, 12, 3, 4)
    numbers = grid.numbers(window)
    assert [number.value for number in numbers] == [pytest.approx(v) for v in digits.images[0][10:13, 12:16].ravel()]
    assert np.allclose([n.get_center() for n in numbers], grid.centres[window], atol=0.1)


def test_a_diagram_shows_a_forward_pass(network: Network, forward: ForwardPass) -> None:
    diagram = NetworkDiagram(network).show(forward)
    for neurons, activations in zip(diagram.columns, forward.columns, strict=True):
        assert np.allclose(neurons.colours.mean(1) / 255, activations.clip(0, 1), atol=1e-5)
    for layer, bundle in enumerate(diagram.connections):
        flows = forward.contributions(layer)
        limits = np.abs(flows).max(axis=1, keepdims=True)
        assert np.allclose(bundle.values.reshape(flows.shape), flows / limits, atol=1e-5)
    assert len(diagram.connections[0]) + len(diagram.connections[1]) + len(diagram.connections[2]) == 12960
    assert [count.value for count in diagram.counts] == [784, 16, 16, 10]
    assert np.allclose(diagram.winner_mark(forward).get_center(), diagram.columns[3].centres[forward.answer])


def test_a_long_column_shows_its_ends_and_dots() -> None:
    neurons = NeuronColumn(column(784, (0, 0), 6))
    assert neurons.opacities.tolist() == [1] * 8 + [0] * 768 + [1] * 8


def test_one_neuron_can_be_lifted_out(network: Network, forward: ForwardPass) -> None:
    diagram = NetworkDiagram(network).show(forward)
    one = diagram.neuron(1, 7)
    assert len(one) == 1
    assert np.allclose(one.centres[0], diagram.layout[1].centres[7])
    assert np.allclose(one.colours[0], diagram.columns[1].colours[7])


def test_the_brace_beside_a_long_input_stands_in_the_frame(network: Network) -> None:
    """Its number was cut off at the left edge."""
    diagram = NetworkDiagram(network, input_as="column")
    assert diagram.input_brace().get_left()[0] > -FRAME_WIDTH / 2 + SAFE_MARGIN


def test_numbers_below_zero_are_red_and_not_dark() -> None:
    values = [-1, -0.5, 0, 0.5, 2]
    red, white = rgb(theme.NEGATIVE), rgb(theme.ACTIVATION)
    wanted = [red, red / 2, 0 * red, white / 2, white]
    cells = Cells([(x, 0, 0) for x in range(5)], 1).set_brightness(values)
    np.testing.assert_allclose(cells.colours, wanted)
    neurons = NeuronColumn(column(5, (0, 0), height=7)).show(values)
    np.testing.assert_allclose(neurons.colours, wanted)
    # A colour of one's own is that of the light.
    neurons.set_color("#00FF00")
    np.testing.assert_allclose(neurons.colours, [red, red / 2, 0 * red, (0, 127.5, 0), (0, 255, 0)])
