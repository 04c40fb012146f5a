"""The facts of part 6: sums are W a, those above the threshold pass, the threshold is −bias, dots lie at their sums."""

from __future__ import annotations

import numpy as np
import pytest
from manim import tempconfig

from network.analysis.detectors import bar_detector, edge_place, sums_without_bias, upright_edge_detector
from network.analysis.examples import hero
from network.analysis.gate import gate
from network.digits import Digits
from network.network import ACTIVATIONS
from scenes.kit.animations.follow_function import FollowFunction
from scenes.kit.animations.run_along import RunAlong
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.function_plot import FunctionPlot
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.weighted_sum import AddUpProducts, ChangeProducts, WeightedSum
from scenes.part_06_edges.a_neuron_of_the_network import ANeuronOfTheNetwork
from scenes.part_06_edges.a_weight_on_each_connection import AWeightOnEachConnection, TurnKnobs
from scenes.part_06_edges.bar_detector import BarDetector
from scenes.part_06_edges.bias_is_a_threshold import BiasIsAThreshold
from scenes.part_06_edges.hand_set_weights import frame_of_edge
from scenes.part_06_edges.squishing_the_line import RunningPoint, SquishingTheLine
from scenes.part_06_edges.sums_graph import ChangeSums, SlideBias, SumsGraph, ZoomSums
from scenes.part_06_edges.thumbnails import MoveThumbnails, Thumbnails
from scenes.part_06_edges.who_fires_the_detectors import WhoFiresTheDetectors
from scenes.stage.inputs import lesson_checkpoint, lesson_digits
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import number, percent


def played(scene_class: type[LessonScene]) -> LessonScene:
    with tempconfig({"dry_run": True, "frame_rate": 2, "pixel_height": 54, "pixel_width": 96}):
        scene = scene_class()
        scene.render()
    return scene


def test_the_sum_follows_the_knobs() -> None:
    scene = played(AWeightOnEachConnection)
    assert isinstance(scene, AWeightOnEachConnection)
    turning = TurnKnobs(scene)
    for alpha in (0.0, 0.3, 1.0):
        turning.interpolate_mobject(alpha)
        # The dials show weights from −1 to 1, all the way.
        assert scene.total.value == pytest.approx(float(scene.dials.turns.astype(float) @ scene.image), abs=1e-3)
        assert scene.disc.colours.max() / 255 == pytest.approx(1 / (1 + np.exp(-scene.total.value)), abs=1e-4)
    assert scene.sums[0] < 0 < scene.sums[-1]
    assert (np.diff(scene.sums) >= 0).all()


def test_the_frame_lies_around_the_edge() -> None:
    scene = AWeightOnEachConnection()
    pixels = PixelGrid(scene.image, 5.6)
    place = frame_of_edge(pixels)
    rows, columns = edge_place(pixels.side)
    assert place.height / pixels.height == pytest.approx((rows.stop - rows.start) / pixels.side, abs=0.01)
    assert place.width / pixels.width == pytest.approx((columns.stop - columns.start) / pixels.side, abs=0.01)
    inside = np.zeros(len(pixels), bool)
    scene.pixels = pixels
    inside[scene.cells_of_edge()] = True
    assert (inside == (bar_detector(pixels.side, surround=True).weights[0] != 0)).all()


def test_the_sums_of_the_bar_detector_are_said_and_shown() -> None:
    scene = played(BarDetector)
    assert isinstance(scene, BarDetector)
    layers = [bar_detector(scene.side, surround) for surround in (False, True)]
    for image, said in ((scene.chosen.bar_image, scene.bar_sums), (scene.chosen.crossing_image, scene.crossing_sums)):
        sums = [number(float(sums_without_bias(layer, image)[0]), 1) for layer in layers]
        assert sums == said
        assert all(any(value in words for words in scene.words) for value in sums)
    assert scene.stage.total.shown == scene.bar_sums[1]


def test_pictures_pile_up_in_their_class_if_they_pass() -> None:
    scene = played(WhoFiresTheDetectors)
    assert isinstance(scene, WhoFiresTheDetectors)
    digits = lesson_digits("test")
    without, with_it = gate(digits, False), gate(digits, True)
    shown = scene.pictures
    assert (scene.labels_of_shown == digits.labels[scene.shown]).all()
    left = without.passes[scene.shown] & with_it.passes[scene.shown]
    assert (shown.strengths > 0.5).tolist() == left.tolist()
    column = np.abs(shown.places[left][:, :1] - scene.middles[None]).argmin(axis=1)
    assert (scene.present[column] == scene.labels_of_shown[left]).all()
    assert scene.percents.values == pytest.approx(100 * with_it.shares[scene.present])
    assert scene.counter.value == with_it.passing
    said = " ".join(scene.words)
    for share in (without.shares[scene.most_lost], with_it.shares[scene.most]):
        assert percent(share, 0) in said
    assert f"{without.passing:,}" in said


def test_thumbnails_are_the_pictures_in_their_places(digits: Digits) -> None:
    pictures = Thumbnails(digits.vectors[:3], [[0, 0], [2, 0], [4, 0]], 1.5)
    moving = MoveThumbnails(pictures, [[0, 1], [2, 1], [4, 1]], 0.5, [1, 0, 1])
    moving.interpolate_mobject(1.0)
    centres = pictures.centres.reshape(3, -1, 3)
    assert centres.mean(axis=1) == pytest.approx(np.array([[0, 1, 0], [2, 1, 0], [4, 1, 0]]), abs=1e-6)
    assert np.ptp(centres[0, :, 0]) == pytest.approx(0.5 * 27 / 28)
    opacities = pictures.opacities.reshape(3, -1)
    assert opacities[0] == pytest.approx(digits.vectors[0])
    assert not opacities[1].any()


def test_dots_lie_at_their_sums_and_are_as_bright_as_their_activations() -> None:
    sums = np.array([-4.0, 0.5, 0.6, 9.0, 12.0])
    graph = SumsGraph(sums, (-10.0, 20.0))
    sliding = SlideBias(graph, [0.0, -10.0])
    for alpha, bias in ((0.0, 0.0), (1.0, -10.0)):
        sliding.interpolate_mobject(alpha)
        activations = 1 / (1 + np.exp(-(sums + bias)))
        assert graph.dots.centres[:, 0] == pytest.approx(graph.axes.point(sums, 0)[:, 0], abs=1e-6)
        assert graph.dots.colours.max(axis=1) / 255 == pytest.approx(activations, abs=1e-5)
    # The curve is at one half where the sum and the bias are 0 together.
    middle = graph.axes.point(10.0, 0.5)
    assert np.abs(graph.curve.points - middle).sum(axis=1).min() < 0.1
    zoom = ZoomSums(graph, (0.0, 10.0))
    zoom.interpolate_mobject(1.0)
    assert graph.place(10.0, 0) == pytest.approx(graph.axes.point(20.0, 0))
    change = ChangeSums(graph, sums + 1)
    change.interpolate_mobject(1.0)
    assert graph.sums == pytest.approx(sums + 1)


def test_the_point_shows_the_sigmoid() -> None:
    point = RunningPoint(SumsGraph(np.array([0.0, 1.0]), (-6.0, 6.0)), 5.0, 2.0)
    for z in (-6.0, 0.0, 1.0, 5.5):
        point.show(z)
        height = 1 / (1 + np.exp(-z))
        assert point.activation.value == pytest.approx(height)
        assert point.sum.value == z
        assert point.neuron.colours.max() / 255 == pytest.approx(height, abs=1e-5)
        assert point.dot.get_center() == pytest.approx(point.graph.axes.point(z, height), abs=1e-6)


def test_the_line_carries_the_sums_of_the_first_pictures() -> None:
    scene = played(SquishingTheLine)
    assert isinstance(scene, SquishingTheLine)
    digits = lesson_digits("test")
    layer = bar_detector(digits.side, surround=True)
    expected = sums_without_bias(layer, digits.vectors[: scene.DOTS])[:, 0]
    assert scene.graph.sums == pytest.approx(expected, abs=1e-5)
    said = " ".join(scene.words)
    assert f"from {number(expected.min())} to {number(expected.max())}" in said
    assert "0.73" in said
    assert scene.point.activation.shown == "0.73"


def test_the_threshold_is_minus_the_bias() -> None:
    scene = played(BiasIsAThreshold)
    assert isinstance(scene, BiasIsAThreshold)
    digits = lesson_digits("test")
    layer = bar_detector(digits.side, surround=True)
    assert scene.graph.bias == scene.readings.number.value == layer.biases[0] == -10
    assert scene.readings.post_number.value == 10
    assert scene.readings.post.get_x() == pytest.approx(scene.graph.axes.point(10, 0)[0], abs=1e-5)
    sums = sums_without_bias(layer, digits.vectors)[:, 0]
    said = " ".join(scene.words)
    for bias in (0, -10):
        assert f"{np.count_nonzero(layer.activate(sums + bias) > 0.5):,}" in said
    # At the end it looks for an upright edge.
    upright = sums_without_bias(upright_edge_detector(digits.side), digits.vectors)[:, 0]
    assert scene.readings.counter.value == np.count_nonzero(upright > 10)
    assert layer.activate(np.array(10.0) + layer.biases[0]) == 0.5


def test_an_upright_edge_is_a_level_one_in_the_picture_on_its_side(digits: Digits) -> None:
    turned = digits.images.transpose(0, 2, 1).reshape(len(digits), -1)
    level = sums_without_bias(bar_detector(28, surround=True), turned)
    assert sums_without_bias(upright_edge_detector(28), digits.vectors) == pytest.approx(level, abs=1e-4)


def test_the_neuron_likes_what_lights_it() -> None:
    scene = played(ANeuronOfTheNetwork)
    assert isinstance(scene, ANeuronOfTheNetwork)
    digits, network = lesson_digits("test"), lesson_checkpoint().network
    forward = network.forward(digits.vectors[hero(network, digits)])
    layer = network.layers[0]
    sums = digits.vectors @ layer.weights[scene.neuron]
    n = scene.COUNT
    assert sorted(scene.favourites.most(n)) == sorted(np.argsort(-sums, kind="stable")[:n])
    assert sorted(scene.favourites.least(n)) == sorted(np.argsort(sums, kind="stable")[:n])
    images = scene.crowd.values.reshape(scene.crowd.count, -1)
    assert images[:n] == pytest.approx(digits.vectors[scene.favourites.most(n)])
    assert images[n : 2 * n] == pytest.approx(digits.vectors[scene.favourites.least(n)])
    total, bias, z = (part.value for part in (scene.row[0], scene.row[1], scene.row[3]))
    assert total + bias == pytest.approx(z, abs=1e-4)
    assert z == pytest.approx(float(forward.weighted_sums[0][scene.neuron]))
    shown = [part.shown for part in (scene.row[0], scene.row[1], scene.row[3])]
    assert float(shown[0]) + float(shown[1].replace("−", "-")) == pytest.approx(float(shown[2]))
    assert scene.disc.colours.max() / 255 == pytest.approx(forward.activations[0][scene.neuron], abs=1e-4)


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
