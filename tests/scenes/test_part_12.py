"""Part 12 says what was measured of sigmoids and ReLU, whatever that is."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from manim import Group, linear, tempconfig

from network import Network
from network.analysis.depth import DepthComparison, DepthSettings, Provenance
from network.analysis.ripple import Ripple, passed_on, picture_to_show, ripple
from network.checkpoint import Checkpoint
from network.digits import Digits
from scenes.kit.colour import rgb
from scenes.kit.layout import STAGE_BOTTOM, network_layout
from scenes.kit.mobjects.network_diagram import NetworkDiagram
from scenes.kit.mobjects.text import Number
from scenes.part_12_relu.depth_scene import trained_elsewhere
from scenes.part_12_relu.depth_stage import DepthStage, DrawLines
from scenes.part_12_relu.ripple_stage import weaker
from scenes.part_12_relu.the_end_of_the_chapter import (
    LookAtPictures,
    ReplayWithPicture,
    TheEndOfTheChapter,
    backwards,
    places_around,
    sky_of,
)
from scenes.part_12_relu.trained_both_ways import (
    TrainedBothWays,
    sentence_of_depths,
    sentence_of_scores,
)
from scenes.part_12_relu.two_functions import COLOURS
from scenes.part_12_relu.where_the_gradient_goes import WhereTheGradientGoes

from .conftest import make_checkpoint

SETTINGS = DepthSettings(depths=(1, 2, 4), width=6, epochs=3)


def comparison(**changes: Any) -> DepthComparison:
    """Made up, but of the right shapes: sigmoids whose slopes vanish."""
    sizes = (49, 6, 6, 6, 6, 3)
    rng = np.random.default_rng(0)
    slopes = tuple(rng.normal(size=(2, n_out, n_in)) for n_in, n_out in zip(sizes, sizes[1:], strict=False))
    shrinking = np.array([10.0 ** np.arange(-4, 1), np.full(5, 0.3)])
    whole = DepthComparison(
        SETTINGS,
        Provenance("elsewhere", {"a": "1"}, 0, {}, ""),
        sizes,
        0.2,
        np.full((2, 3), 0.1),
        np.array([[[6, 3, 3, 3]] * 3, [[7, 1, 0.6, 0.5]] * 3]),
        np.array([[0.94, 0.9, 0.2], [0.95, 0.95, 0.94]]),
        np.array([0.9, 0.95]),
        np.stack([shrinking] * 4, axis=1),
        slopes,
    )
    return dataclasses.replace(whole, **changes)


def ripple_of(*largest: float) -> Ripple:
    """Made up: one neuron in every layer, which changes by this much."""
    return Ripple(0, 0, 0.1, tuple(np.array([change]) for change in largest))


@pytest.mark.parametrize(
    ("largest", "told"),
    [
        ((1.0, 0.01, 1 / 59_719), "60,000 times weaker"),
        ((0.1, 0.0044), "23 times weaker"),
        ((0.1, 0.05), "2.0 times weaker"),
        ((0.1, 0.2), "no weaker at all"),
        ((0.1, 0.0), "lost completely"),
    ],
)
def test_how_much_weaker_the_change_is(largest: tuple[float, ...], told: str) -> None:
    assert weaker(ripple_of(*largest)) == told


@settings(deadline=None)
@given(st.floats(1e-9, 0.9))
def test_the_change_is_told_to_within_a_third(share: float) -> None:
    found = weaker(ripple_of(1.0, share))
    assert found.endswith(" times weaker") or share >= 0.5
    if found.endswith(" times weaker"):
        assert float(found.split()[0].replace(",", "")) == pytest.approx(1 / share, rel=0.34)


def test_what_flows_on_is_weight_times_change() -> None:
    network = Network.random([5, 4, 3, 2], np.random.default_rng(0), hidden="relu")
    found = ripple(network, np.full(5, 0.5, np.float32), 1, 2, 0.01)
    flows = passed_on(network, found)
    assert [flow.shape for flow in flows] == [(3, 4), (2, 3)]
    np.testing.assert_allclose(flows[0], network.layers[1].weights * found.changes[0], rtol=1e-6)


def test_a_picture_of_another_size_becomes_grey() -> None:
    found = comparison()
    fitting = np.linspace(0, 1, 49, dtype=np.float32)
    np.testing.assert_array_equal(picture_to_show(found, fitting.reshape(7, 7)), fitting)
    np.testing.assert_array_equal(picture_to_show(found, np.zeros(784)), np.full(49, 0.5))


def test_light_is_in_proportion_to_the_change() -> None:
    """The neurons of the scene, with the lesson's own comparison; a screen shows v as v^2.2 of its light."""
    with tempconfig({"dry_run": True}):
        scene = WhereTheGradientGoes(skip_animations=True)
        scene.render()
    for found, columns, colour in zip(scene.ripples, scene.stage.columns, COLOURS, strict=True):
        for change, neurons in zip(found.changes, columns, strict=True):
            light = (neurons.colours.max(axis=1) / rgb(colour).max()) ** 2.2
            np.testing.assert_allclose(light, np.abs(change) / found.largest[0], rtol=1e-3, atol=1e-6)
        assert any(weaker(found).split()[0] in said for said in scene.words)
    for kind, found in enumerate(scene.ripples):
        for layer, note in scene.stage.notes(kind).items():
            factor = float(note.shown.removeprefix("÷ ").replace(",", ""))
            assert factor == pytest.approx(found.largest[0] / found.largest[layer], rel=0.34)


def test_words_follow_the_scores() -> None:
    told = sentence_of_scores(comparison())
    assert "only guessing: 20 percent" in told
    assert "ReLU reads 94" in told
    good = comparison(test_accuracies=np.array([[0.9, 0.9, 0.8], [0.8, 0.8, 0.8]]))
    assert "guessing" not in sentence_of_scores(good) and "80 percent." in sentence_of_scores(good)


@pytest.mark.parametrize(
    ("sigmoid", "told"),
    [
        ((0.94, 0.94, 0.2), "Up to two hidden layers, the sigmoids keep up, and ours has two."),
        ((0.94, 0.5, 0.2), "Up to one hidden layer, the sigmoids keep up."),
        ((0.95, 0.95, 0.95), "the sigmoids keep up"),
        ((0.5, 0.5, 0.5), "ReLU is always ahead."),
        ((0.5, 0.95, 0.5), "but not always"),
        ((0.95, 0.5, 0.95), "ahead at one of the three depths"),
    ],
)
def test_words_follow_the_depths(sigmoid: tuple[float, ...], told: str) -> None:
    assert told in sentence_of_depths(comparison(test_accuracies=np.array([sigmoid, (0.95, 0.95, 0.95)])), ours=2)


def test_the_lines_and_numbers_are_what_was_measured_at_the_depths_reached() -> None:
    with tempconfig({"dry_run": True}):
        scene = TrainedBothWays(skip_animations=True)
        scene.render()
    found = scene.comparison
    stage = DepthStage(found, "")
    chart, numbers = stage.chart, stage.numbers
    drawing = DrawLines(stage)
    drawing.begin()
    for share, depth in ((0.0, 0), (0.5, 2), (1.0, -1)):
        drawing.interpolate(share)
        for kind in range(2):
            percentage = 100 * found.test_accuracies[kind, depth]
            assert numbers[kind].value == percentage
            assert chart.dots[kind].opacities.sum() == (depth % len(found.settings.depths)) + 1
            if share in (0.0, 1.0):
                end = chart.axes.point(found.settings.depths[depth], percentage)
                np.testing.assert_allclose(chart.lines[kind].points[-1], end, atol=1e-6)
    for value in found.test_accuracies[:, -1]:
        assert f"{100 * value:.0f}" in scene.words[-1]


def test_a_network_from_elsewhere_has_no_record_of_its_training(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last of its epochs was once asked for: an IndexError for every imported network."""
    with tempconfig({"dry_run": True, "frame_rate": 2, "pixel_height": 54, "pixel_width": 96}):
        scene = TrainedBothWays(skip_animations=True)
        run = {name: getattr(scene.checkpoint, name)[:0] for name in ("snapshot_steps", "snapshot_epochs")}
        bare = dataclasses.replace(
            scene.checkpoint,
            **run,
            snapshot_parameters=scene.checkpoint.snapshot_parameters[:0],
            history=np.zeros((0, 3)),
        )
        monkeypatch.setattr(TrainedBothWays, "checkpoint", bare)
        scene.render()
    assert scene.beats


def test_other_data_is_told(network: Network) -> None:
    checkpoint = make_checkpoint(network)
    assert trained_elsewhere(comparison(), checkpoint) == "trained on elsewhere"
    same = dataclasses.replace(checkpoint, metadata=dataclasses.replace(checkpoint.metadata, data_md5={"a": "1"}))
    assert trained_elsewhere(comparison(), same) == ""


def test_the_picture_is_read_by_the_network_of_every_moment(checkpoint: Checkpoint, digits: Digits) -> None:
    diagram, image = NetworkDiagram(checkpoint.network), digits.images[0]
    replay = ReplayWithPicture(checkpoint, diagram, image, Number(0), rate_func=linear)
    replay.begin()
    for moment in (0.0, 1.5, 3.0):
        replay.interpolate(moment / 3)
        forward = checkpoint.at_moment(moment).forward(image)
        for neurons, activations in zip(diagram.columns[1:], forward.activations, strict=True):
            np.testing.assert_allclose(neurons.colours.mean(axis=1) / 255, activations, atol=1e-5)


def test_the_network_stands_upright_if_its_names_have_room(digits: Digits, monkeypatch: pytest.MonkeyPatch) -> None:
    for names, upright in ((None, True), ([f"Ankle boot {k}" for k in range(10)], False)):
        changed = digits if names is None else dataclasses.replace(digits, class_names=tuple(names))
        monkeypatch.setattr(TheEndOfTheChapter, "digits", lambda self, split="test", changed=changed: changed)
        with tempconfig({"dry_run": True}):
            scene = TheEndOfTheChapter(skip_animations=True)
            scene.render()
        assert scene.upright == upright
        outputs = scene.diagram.layout[-1].centres
        assert np.ptp(outputs[:, 1 if upright else 0]) == pytest.approx(0)


def test_the_training_runs_backwards() -> None:
    assert (backwards(0), backwards(1)) == pytest.approx((1, 0))


def test_the_network_looks_at_what_its_input_shows(network: Network, digits: Digits) -> None:
    """Also while one picture blends into the next; the picture it looks at is the bright one of those that wait."""
    diagram = NetworkDiagram(network)
    wall = sky_of(digits.images[:4], np.arange(12.0).reshape(4, 3))
    looking = LookAtPictures(diagram, network, digits.images[[0, 1, 2, 9]], wall, rate_func=linear)
    looking.begin()
    for alpha in (0.05, 0.3, 0.7):
        looking.interpolate(alpha)
        shown = diagram.columns[0].colours[:, 0] / 255
        for neurons, activations in zip(diagram.columns[1:], network.forward(shown).activations, strict=True):
            np.testing.assert_allclose(neurons.colours.mean(axis=1) / 255, activations, atol=1e-4)
    looking.interpolate(0.7)
    light = wall.opacities.reshape(4, -1).mean(axis=1)
    assert light.argmax() == 2 and light[3] == pytest.approx(LookAtPictures.REST)
    looking.interpolate(1)
    np.testing.assert_allclose(diagram.columns[0].colours[:, 0] / 255, digits.images[9].ravel(), atol=1e-5)


def test_the_waiting_pictures_leave_room_for_the_network(network: Network) -> None:
    layout = network_layout(network.sizes, left=-3, right=2, top=2, bottom=-1)
    diagram = Group(*NetworkDiagram(network, layout=layout).columns)
    places = places_around(diagram)
    assert len(places) > 60 and len(np.unique(places, axis=0)) == len(places)
    inside = (np.abs(places - diagram.get_center())[:, :2] < np.array([diagram.width, diagram.height]) / 2 + 0.3).all(1)
    assert not inside.any()
    assert (places[:, 1] > STAGE_BOTTOM + 0.3).all(), "captions have their band"
