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
from scenes.part_06_edges.a_weight_on_each_connection import AWeightOnEachConnection, SlidePicture
from scenes.part_06_edges.bar_detector import BarDetector
from scenes.part_06_edges.bias_is_a_threshold import BiasIsAThreshold
from scenes.part_06_edges.bias_stage import BiasStage
from scenes.part_06_edges.gate_stage import GateStage
from scenes.part_06_edges.hand_set_weights import frame_of_edge
from scenes.part_06_edges.running_point import RunningPoint
from scenes.part_06_edges.squishing_the_line import SquishingTheLine
from scenes.part_06_edges.sums_graph import ChangeSums, RiseOntoCurve, SlideBias, SumsGraph
from scenes.part_06_edges.thumbnails import MoveThumbnails, Thumbnails
from scenes.part_06_edges.who_fires_the_detectors import WhoFiresTheDetectors, still_passing
from scenes.stage.inputs import lesson_checkpoint, lesson_digits
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import number, percent


def played(scene_class: type[LessonScene]) -> LessonScene:
    with tempconfig({"dry_run": True, "frame_rate": 2, "pixel_height": 54, "pixel_width": 96}):
        scene = scene_class()
        scene.render()
    return scene


def test_the_sum_and_the_neuron_follow_the_picture() -> None:
    scene = played(AWeightOnEachConnection)
    assert isinstance(scene, AWeightOnEachConnection)
    squares = scene.image[scene.region]
    assert scene.weights == pytest.approx(bar_detector(28).weights[0, scene.region]), "the bar of the next scene"
    # The dials show weights from −1 to 1, all the way.
    assert scene.total.value == pytest.approx(float(scene.dials.turns.astype(float) @ squares), abs=1e-3)
    assert f"{scene.total.value:.1f}" == BarDetector().bar_sums[0], "the next scene says the same sum"
    assert squares[scene.unwanted] == 0 == scene.weights[scene.unwanted]
    sliding = SlidePicture(scene, [0, 9, 0])
    sums = []
    for alpha in (0.0, 0.2, 0.5, 1.0):
        sliding.interpolate_mobject(alpha)
        shown = scene.pixels.colours.max(axis=1) / 255
        assert scene.total.value == pytest.approx(float(scene.dials.turns.astype(float) @ shown), abs=1e-2)
        sums.append(scene.total.value)
        # As bright as the sum is large; 36 is the largest, if all squares of the bar were white.
        assert scene.disc.colours.max() / 255 == pytest.approx(scene.total.value / 36, abs=1e-2)
    assert sums[0] > sums[1] > sums[2] == 0 and sums[3] == pytest.approx(scene.sum)
    brightness, weight, product = (part[0].value for part in scene.product[:3])
    assert product == pytest.approx(brightness * weight, abs=1e-6)
    assert brightness == pytest.approx(shown[scene.marked], abs=1e-2)
    assert weight == pytest.approx(float(scene.dials.turns[scene.marked]), abs=1e-3)


def test_what_slides_is_the_picture() -> None:
    scene = AWeightOnEachConnection()
    rows, columns = edge_place(28)
    for down in (0, 1, rows.start):
        expected = scene.image.reshape(28, 28)[rows.start - down : rows.stop - down, columns]
        assert scene.slid(down) == pytest.approx(expected.ravel())
    assert not scene.slid(28).any()


def test_the_frame_lies_around_the_edge() -> None:
    scene = AWeightOnEachConnection()
    pixels = PixelGrid(scene.image, 5.6)
    place = frame_of_edge(pixels)
    rows, columns = edge_place(pixels.side)
    assert place.height / pixels.height == pytest.approx((rows.stop - rows.start) / pixels.side, abs=0.01)
    assert place.width / pixels.width == pytest.approx((columns.stop - columns.start) / pixels.side, abs=0.01)
    inside = np.zeros(len(pixels), bool)
    inside[scene.region] = True
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


def test_no_bar_is_claimed_where_no_picture_has_one(monkeypatch: pytest.MonkeyPatch) -> None:
    faint = np.zeros((3, 28, 28), np.float32)
    faint[:, 6:9, 8:20] = np.array([0.1, 0.3, 0.2])[:, None, None]
    faint[0, 5, 8:20] = 0.1
    digits = Digits(faint, np.array([0, 1, 1]))
    monkeypatch.setattr(BarDetector, "digits", lambda self, split="test": digits)
    told = " ".join(played(BarDetector).words)
    assert "No picture here really has such a bar. A one comes closest: 10.8." in told
    assert "And a zero? 3.6." in told and "And the zero falls to 3.0." in told
    assert "And the first one? It's left with 10.8." in told
    assert "right place" not in told and "none there" not in told and "clean" not in told


def test_a_few_that_still_pass_are_not_none() -> None:
    assert "not one of the ones gets through" in still_passing(0, "ones")
    assert "hardly any of the ones get through" in still_passing(3 / 1135, "ones")
    assert "1 % of the ones still pass" in still_passing(6 / 1135, "ones")


def test_pictures_pile_up_in_their_class_if_they_pass() -> None:
    scene = played(WhoFiresTheDetectors)
    assert isinstance(scene, WhoFiresTheDetectors)
    stage = scene.stage
    digits = lesson_digits("test")
    without, with_it = gate(digits, False), gate(digits, True)
    shown = stage.pictures
    assert (stage.labels_of_shown == digits.labels[stage.shown]).all()
    assert without.passes[with_it.passes].all(), "the surround only takes away"
    left = with_it.passes[stage.shown]
    assert (shown.strengths > 0.5).tolist() == left.tolist()
    column = np.abs(shown.places[left][:, :1] - stage.middles[None]).argmin(axis=1)
    assert (stage.present[column] == stage.labels_of_shown[left]).all()
    assert stage.percents.values == pytest.approx(100 * with_it.shares[stage.present])
    assert stage.counter.value == with_it.passing
    said = " ".join(scene.words)
    assert percent(without.shares[stage.most_lost], 0) in said
    assert f"{without.passing:,}" in said
    assert with_it.shares[stage.most_lost] == 0 and "not one of the fours" in said
    # The next scene begins with the same picture.
    again = GateStage(digits).settle()
    assert again.pictures.places[left] == pytest.approx(shown.places[left])
    assert again.counter.value == stage.counter.value


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
    graph.show(risen=np.ones(5))
    sliding = SlideBias(graph, [0.0, -10.0])
    for alpha, bias in ((0.0, 0.0), (1.0, -10.0)):
        sliding.interpolate_mobject(alpha)
        activations = 1 / (1 + np.exp(-(sums + bias)))
        assert graph.dots.centres[:, 0] == pytest.approx(graph.on_line(sums)[:, 0], abs=1e-6)
        assert graph.dots.colours.max(axis=1) / 255 == pytest.approx(activations, abs=1e-5)
        # The beads are on the curve.
        assert graph.beads.centres == pytest.approx(graph.axes.point(sums, activations), abs=1e-6)
        assert graph.beads.colours == pytest.approx(graph.dots.colours)
    # The curve is at one half where the sum and the bias are 0 together.
    middle = graph.axes.point(10.0, 0.5)
    assert np.abs(graph.curve.points - middle).sum(axis=1).min() < 0.1
    assert graph.on_line(10.0)[0] == pytest.approx(middle[0])
    change = ChangeSums(graph, sums + 1)
    change.interpolate_mobject(1.0)
    assert graph.sums == pytest.approx(sums + 1)


def test_beads_rise_from_the_heap_onto_the_curve() -> None:
    graph = SumsGraph(np.array([3.0, -4.0, 0.5, -1.0]), (-10.0, 20.0))
    grey = np.full(4, graph.UNSQUASHED)
    graph.dots.set_brightness(grey)
    rising = RiseOntoCurve(graph, graph.sums < 0)
    rising.interpolate_mobject(0.0)
    assert graph.dots.colours.max(axis=1) / 255 == pytest.approx(grey)
    assert not graph.beads.opacities.any()
    rising.interpolate_mobject(1.0)
    low = graph.sums < 0
    assert (graph.beads.opacities > 0).tolist() == low.tolist()
    assert graph.beads.centres[low] == pytest.approx(graph.on_curve(graph.sums)[low], abs=1e-6)
    lit = np.where(low, graph.sigmoid(graph.sums), grey)
    assert graph.dots.colours.max(axis=1) / 255 == pytest.approx(lit, abs=1e-5)


def test_the_point_shows_the_sigmoid() -> None:
    point = RunningPoint(SumsGraph(np.array([0.0, 1.0]), (-6.0, 6.0)))
    for z in (-6.0, 0.0, 1.0, 5.5):
        point.show(z)
        height = 1 / (1 + np.exp(-z))
        assert point.activation.value == pytest.approx(height)
        assert point.sum.value == z
        assert point.neuron.colours.max() / 255 == pytest.approx(height, abs=1e-5)
        assert point.dot.get_center() == pytest.approx(point.graph.axes.point(z, height), abs=1e-6)


def test_the_line_carries_the_sums_of_the_pictures_at_the_gate() -> None:
    scene = played(SquishingTheLine)
    assert isinstance(scene, SquishingTheLine)
    digits = lesson_digits("test")
    layer = bar_detector(digits.side, surround=True)
    expected = sums_without_bias(layer, digits.vectors[scene.stage.shown])[:, 0]
    assert scene.graph.sums == pytest.approx(expected, abs=1e-5)
    assert scene.stage.pictures.centres.reshape(len(expected), -1, 3).mean(axis=1)[:, 0] == pytest.approx(
        scene.graph.on_line(expected)[:, 0], abs=1e-5
    )
    said = " ".join(scene.words)
    assert f"from {number(expected.min())} to {number(expected.max())}" in said
    assert (scene.graph.risen == 1).all()


def test_the_threshold_is_minus_the_bias() -> None:
    scene = played(BiasIsAThreshold)
    assert isinstance(scene, BiasIsAThreshold)
    stage = scene.stage
    digits = lesson_digits("test")
    layer = bar_detector(digits.side, surround=True)
    assert stage.graph.bias == stage.number.value == layer.biases[0] == -10
    assert stage.post_number.value == 10
    assert stage.post.get_x() == pytest.approx(stage.graph.axes.point(10, 0)[0], abs=1e-5)
    sums = sums_without_bias(layer, digits.vectors)[:, 0]
    said = " ".join(scene.words)
    for bias in (0, -10):
        lit = f"{np.count_nonzero(layer.activate(sums + bias) > 0.5):,}"
        assert lit in said and lit in scene.alternative_text()
    # At the end it looks for an upright edge, and the next scene begins with the same picture.
    upright = sums_without_bias(upright_edge_detector(digits.side), digits.vectors)[:, 0]
    assert stage.counter.value == np.count_nonzero(upright > 10)
    again = BiasStage(GateStage(digits))
    again.at_the_end()
    assert again.counter.value == stage.counter.value
    assert again.graph.dots.points == pytest.approx(stage.graph.dots.points)
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
