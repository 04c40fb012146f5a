"""The facts of part 6: sums are W a, the threshold is −bias, n lands at σ(n)."""

from __future__ import annotations

import numpy as np
import pytest
from manim import tempconfig

from network.analysis.detectors import (
    bar_detector,
    bar_place,
    bar_threshold,
    detector_examples,
    firing_shares,
    sums_without_bias,
)
from network.analysis.neurons import neuron_changed_most_by_its_bias, partly_lit_neuron
from network.digits import Digits
from network.network import ACTIVATIONS
from scenes.kit.animations.follow_function import FollowFunction
from scenes.kit.animations.run_along import RunAlong
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.function_plot import FunctionPlot
from scenes.kit.mobjects.weighted_sum import AddUpProducts, ChangeProducts, WeightedSum
from scenes.part_06_edges.a_weight_on_each_connection import AWeightOnEachConnection
from scenes.part_06_edges.bias_is_a_threshold import BiasIsAThreshold
from scenes.part_06_edges.who_fires_the_detectors import WhoFiresTheDetectors
from scenes.stage.inputs import lesson_checkpoint, lesson_digits


def test_the_sum_printed_is_the_product_of_weights_and_activations() -> None:
    digits, network = lesson_digits("test"), lesson_checkpoint().network
    forward = network.forward(detector_examples(digits).bar_image)
    neuron = partly_lit_neuron(forward)
    layer = network.layers[0]
    stage = WeightedSum(forward.input, layer.weights[neuron], places=2).clear_sum()
    assert stage.total.shown == "0.00"
    adding = AddUpProducts(stage)
    adding.begin()
    adding.interpolate(1)
    expected = layer.weights[neuron].astype(float) @ forward.input.astype(float)
    assert stage.total.value == pytest.approx(expected, abs=1e-5)
    assert stage.total.value + layer.biases[neuron] == pytest.approx(forward.weighted_sums[0][neuron], abs=1e-4)
    assert layer.activate(forward.weighted_sums[0][neuron]) == pytest.approx(forward.activations[0][neuron])
    assert stage.product_picture.weights == pytest.approx(layer.weights[neuron] * forward.input)


def test_the_connection_singled_out_is_the_one_through_which_most_flows() -> None:
    with tempconfig({"dry_run": True, "frame_rate": 2, "pixel_height": 54, "pixel_width": 96}):
        scene = AWeightOnEachConnection()
        scene.render()
    activation, weight, product = (column[0].value for column in scene.factors)
    flows = scene.layer.weights[scene.neuron] * scene.forward.input
    assert product == pytest.approx(activation * weight) == flows[np.argmax(np.abs(flows))]
    assert [column[1].shown for column in scene.factors] == ["activation", "weight", "product"]
    ring, _ = scene.one
    assert ring.get_center() == pytest.approx(scene.pixels.centres[np.argmax(np.abs(flows))])


def test_pictures_over_the_bars_are_of_their_class_and_pass_the_threshold() -> None:
    scene = WhoFiresTheDetectors()
    with tempconfig({"dry_run": True, "frame_rate": 2, "pixel_height": 54, "pixel_width": 96}):
        scene.render()
    digits = lesson_digits("test")
    layer = bar_detector(digits.side, surround=True)
    pictures, places = scene.pictures_that_fire()
    assert len(pictures) == len(places) == np.count_nonzero(firing_shares(layer, digits)[0] > 0)
    middles = scene.charts[1].middles
    for picture, place in zip(pictures, places, strict=True):
        (index,) = np.flatnonzero((digits.vectors == picture.values).all(axis=1))
        label = scene.present[np.argmin(np.abs(middles - picture.get_x()))]
        assert digits.labels[index] == label
        assert sums_without_bias(layer, picture.values[None])[0, 0] > bar_threshold(digits.side)
        rows, columns = bar_place(digits.side)
        share = (rows.stop - rows.start) / digits.side, (columns.stop - columns.start) / digits.side
        assert place.height / picture.height == pytest.approx(share[0], abs=0.01)
        assert place.width / picture.width == pytest.approx(share[1], abs=0.01)


def test_the_bias_of_the_neuron_shown_matters() -> None:
    digits, network = lesson_digits("test"), lesson_checkpoint().network
    forward = network.forward(detector_examples(digits).bar_image)
    layer = network.layers[0]
    changed = np.abs(layer.activate(forward.contributions(0).sum(axis=1)) - forward.activations[0])
    assert changed[neuron_changed_most_by_its_bias(forward)] == pytest.approx(changed.max(), abs=1e-5)
    assert changed.max() > 0.1


def test_products_change_at_once(digits: Digits) -> None:
    stage = WeightedSum(digits.vectors[0], bar_detector(28).weights[0], 1.0)
    before = stage.total.value
    stage.show(weights=bar_detector(28, surround=True).weights[0])
    change = ChangeProducts(stage)
    for alpha in (0.0, 0.4, 1.0):
        change.interpolate_mobject(alpha)
        assert stage.total.value == pytest.approx(float(stage.product_picture.weights.sum(dtype=float)), abs=1e-4)
    assert stage.total.value == pytest.approx(stage.sum)
    assert stage.sum <= before


def test_products_add_up_pixel_by_pixel(digits: Digits) -> None:
    stage = WeightedSum(digits.vectors[0], bar_detector(28).weights[0], 1.0).clear_sum()
    adding = AddUpProducts(stage)
    for alpha in np.linspace(0, 1, 23):
        adding.interpolate_mobject(float(alpha))
        assert stage.total.value == pytest.approx(float(stage.product_picture.weights.sum(dtype=float)), abs=1e-4)


def test_the_threshold_is_minus_the_bias() -> None:
    with tempconfig({"dry_run": True, "frame_rate": 2, "pixel_height": 54, "pixel_width": 96}):
        scene = BiasIsAThreshold()
        scene.render()
    layer = bar_detector(lesson_digits("test").side, surround=True)
    assert scene.bias_number.value == layer.biases[0] == -10
    assert scene.post.get_x() == pytest.approx(scene.axes.point(10, 0)[0])
    activations = layer.activate(scene.sums + layer.biases[0])
    assert [value.value for value in scene.values] == pytest.approx(activations)
    assert layer.activate(np.array(10.0) + layer.biases[0]) == 0.5


def test_the_chart_shows_the_measured_shares() -> None:
    with tempconfig({"dry_run": True, "frame_rate": 2, "pixel_height": 54, "pixel_width": 96}):
        scene = WhoFiresTheDetectors()
        scene.render()
    digits = lesson_digits("test")
    for chart, surround in zip(scene.charts, (False, True), strict=True):
        expected = 100 * firing_shares(bar_detector(digits.side, surround), digits)[0]
        assert chart.numbers.values == pytest.approx(expected)
        heights = chart.boxes.points[1::2, 1] - chart.boxes.points[0::2, 1]
        assert heights == pytest.approx(expected / 100 * (scene.TOP - scene.FOOT), abs=0.021)


def test_the_neuron_is_as_bright_as_the_point_is_high() -> None:
    sigmoid = ACTIVATIONS["sigmoid"].function
    plot, neuron = FunctionPlot(sigmoid, (-6, 6), (0, 1)), Cells([[0, 0, 0]], 1, 1)
    moves = RunAlong(plot, -6, 5), FollowFunction(neuron, sigmoid, -6, 5)
    for alpha in (0.0, 0.3, 0.8, 1.0):
        for move in moves:
            move.interpolate_mobject(alpha)
        foot, top = plot.axes.point(0, 0)[1], plot.axes.point(0, 1)[1]
        height = (plot.dot.get_center()[1] - foot) / (top - foot)
        assert neuron.colours.max() / 255 == pytest.approx(height, abs=1e-5)
