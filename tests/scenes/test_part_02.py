"""Part 2 shows what the network really reads, right and wrong."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from manim import tempconfig
from PIL.Image import Image

from network import Network
from network.analysis.examples import hero
from network.digits import Digits
from network.evaluation import evaluate
from scenes.kit import theme
from scenes.kit.colour import rgb
from scenes.kit.layout import picture
from scenes.kit.mobjects.network_diagram import NetworkDiagram, NeuronColumn
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.text import Number
from scenes.part_02_plan.fitted_network import fitted_network, near_network
from scenes.part_02_plan.reading_digits import (
    CountField,
    ReadingDigits,
    empty_field,
    field_of,
    gathered,
    with_the_wrong_large,
)
from scenes.part_02_plan.the_plan import LearnToRead, ThePlan, answer_ring, numbers_in
from scenes.stage.inputs import lesson_checkpoint, lesson_digits
from scenes.stage.lesson_scene import LessonScene
from tests.network.conftest import write_idx
from tests.scenes.conftest import make_checkpoint


@pytest.fixture
def perfect_on_two(network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two pictures, labelled as the network reads them."""
    images = (np.random.default_rng(0).random((2, 28, 28)) * 255).astype(np.uint8)
    labels = network.classify((images / np.float32(255)).reshape(2, -1)).astype(np.uint8)
    for split in ("train", "t10k"):
        write_idx(tmp_path / f"{split}-images-idx3-ubyte", images)
        write_idx(tmp_path / f"{split}-labels-idx1-ubyte", labels)
    names = tuple(str(k) for k in range(10))
    (tmp_path / "classes.txt").write_text("\n".join(names))
    make_checkpoint(network, names).save(tmp_path / "perfect.npz")
    monkeypatch.setenv("KNOBS_DATA", str(tmp_path))
    monkeypatch.setenv("KNOBS_CHECKPOINT", str(tmp_path / "perfect.npz"))


def rendered(kind: type[LessonScene]) -> LessonScene:
    with tempconfig({"dry_run": True}):
        scene = kind(skip_animations=True)
        scene.render()
    return scene


def said_in(kind: type[LessonScene]) -> str:
    return " ".join(rendered(kind).words)


def test_it_tells_of_a_mistake_only_where_there_is_one(request: pytest.FixtureRequest) -> None:
    scene = ReadingDigits()
    assert "reads 8 pictures of the test set, then one it gets wrong." in scene.alternative_text()
    stream, mistake = scene.chosen
    network, digits = lesson_checkpoint().network, lesson_digits("test")
    assert stream[0] == hero(network, digits) and len(set(stream)) == len(stream)
    assert mistake is not None and network.classify(digits.vectors[mistake : mistake + 1]) != digits.labels[mistake]
    request.getfixturevalue("perfect_on_two")
    assert "reads 2 pictures of the test set. A field of 2 small squares" in ReadingDigits().alternative_text()
    assert "Is it perfect? So far, it is." in said_in(ReadingDigits)


def test_what_is_said_of_the_network_is_what_was_counted() -> None:
    scene = rendered(ReadingDigits)
    assert isinstance(scene, ReadingDigits)
    said = " ".join(scene.words)
    network, digits = lesson_checkpoint().network, lesson_digits("test")
    found = evaluate(network, digits)
    right = int((found.answers == digits.labels).sum())
    assert f"So let's count all ten thousand. {right:,} right: {right / 100:.2f} %." in said
    assert "on the right ten lights, one for each digit." in said
    assert "This is a two, and it says three." in said
    assert (int(digits.labels[scene.chosen[1]]), int(found.answers[scene.chosen[1]])) == (2, 3)


def test_the_plan_shows_an_untrained_answer_only_where_the_training_is_recorded(
    network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkpoint, digits = lesson_checkpoint(), lesson_digits("test")
    image = digits.images[hero(checkpoint.network, digits)]
    before, after = (one.forward(image).answer for one in (checkpoint.snapshot(0), checkpoint.network))
    assert f"before its training it answers {before}, after it {after}." in ThePlan().alternative_text()
    recorded = make_checkpoint(network)
    none = np.zeros((0, network.parameters().size), np.float32)
    replace(recorded, snapshot_steps=np.zeros(0, int), snapshot_epochs=np.zeros(0), snapshot_parameters=none).save(
        tmp_path / "x.npz"
    )
    monkeypatch.setenv("KNOBS_CHECKPOINT", str(tmp_path / "x.npz"))
    answer = network.forward(digits.images[hero(network, digits)]).answer
    assert f"It reads a picture: the answer is {answer}." in ThePlan().alternative_text()
    # It was never trained, and does not read well.
    assert "it does its job badly, and will also disappoint a hope that we'll have on the way" in said_in(ThePlan)


def test_the_replay_shows_the_network_reading_at_every_moment() -> None:
    checkpoint, digits = lesson_checkpoint(), lesson_digits("test")
    index = hero(checkpoint.network, digits)
    image, truth = digits.images[index], int(digits.labels[index])
    diagram = NetworkDiagram(checkpoint.network)
    ring = answer_ring(diagram, checkpoint.network.forward(image), truth)
    replay = LearnToRead(checkpoint, diagram, image, ring, truth)
    replay.begin()
    for alpha, network in ((0, checkpoint.snapshot(0)), (1, checkpoint.network)):
        replay.interpolate(alpha)
        forward = network.forward(image)
        shown = diagram.columns[-1].colours[:, 0] / 255
        np.testing.assert_allclose(shown, forward.output, atol=1e-5)
        assert ring.get_center() == pytest.approx(diagram.layout[-1].centres[forward.answer])
        right = theme.ANSWER if forward.answer == truth else theme.WRONG
        assert ring.get_stroke_color().to_hex() == right


def test_the_numbers_stand_where_the_neurons_are_that_hold_them(network: Network, digits: Digits) -> None:
    diagram = NetworkDiagram(network)
    forward = network.forward(digits.images[0])
    columns = numbers_in(diagram, forward)
    for (numbers, chosen), place, activations in zip(columns, diagram.layout[1:], forward.activations, strict=True):
        assert len(chosen) >= 5
        np.testing.assert_allclose(numbers.values, activations[chosen])
        np.testing.assert_allclose(numbers.centres[:, 1], place.centres[chosen, 1])


def test_labels_fit_into_the_frame_however_long_they_are(network: Network) -> None:
    names = tuple(f"a rather long name, {k}" for k in range(10))
    diagram = fitted_network(network, names)
    assert diagram.labels.get_right()[0] <= 6.8
    assert fitted_network(network, tuple("0123456789")).layout[-1].centres[0, 0] == pytest.approx(4.9)


def test_from_nearer_the_picture_and_the_outputs_are_larger_and_still_fit(network: Network) -> None:
    names = tuple("0123456789")
    near, whole = (of(network, names) for of in (near_network, fitted_network))
    assert near.columns[0].width > 1.2 * whole.columns[0].width
    assert near.layout[-1].diameter > whole.layout[-1].diameter
    assert near.labels[3].height > 1.3 * whole.labels[3].height
    long = near_network(network, tuple(f"a rather long name, {k}" for k in range(10)))
    assert long.labels.get_right()[0] <= 6.8
    assert long.columns[0].get_right()[0] < long.columns[1].get_left()[0]


def test_the_heap_is_sorted_by_what_the_pictures_show() -> None:
    digits = lesson_digits("test")
    scene = ThePlan()
    heap, places = scene.photos()
    assert len(heap) == len(places) == 28
    columns = {round(float(place[0]), 3) for place in places}
    assert len(columns) == 4
    shown = {tuple(picture.values): n for n, picture in enumerate(heap)}
    assert len(shown) == 28 and tuple(PixelGrid(digits.images[scene.hero]).values) in shown
    labels = [
        {int(digits.labels[np.flatnonzero((digits.vectors == heap[n].values).all(axis=1))[0]]) for n in column}
        for column in np.arange(28).reshape(4, 7)
    ]
    assert all(len(one) == 1 for one in labels) and len(set().union(*labels)) == 4


def test_the_field_counts_what_the_evaluation_found(network: Network, digits: Digits) -> None:
    found = evaluate(network, digits)
    right = found.answers == digits.labels
    field, good, bad = field_of(right), Number(int(right.sum())), Number(int((~right).sum()))
    red = (field.colours == rgb(theme.WRONG)).all(axis=1)
    np.testing.assert_array_equal(np.flatnonzero(red), np.sort(found.mistakes))
    counting = CountField(field, right, good, bad)
    counting.begin()
    for alpha in (0, 0.4, 1):
        counting.interpolate(alpha)
        assert good.value + bad.value == field.opacities.sum()
    assert good.value / len(digits) == pytest.approx(found.accuracy)


def test_the_misread_picture_ends_as_its_red_square() -> None:
    right = np.ones(200, bool)
    right[37] = False
    field = field_of(right)
    neurons = NeuronColumn(picture(28, (-4, 0), 4.6)).show(np.linspace(0, 1, 784))
    together = gathered(neurons, field, 37)
    assert together.points == pytest.approx(np.tile(field.item(37).points, (784, 1)), abs=1e-5)
    assert (together.colours == rgb(theme.WRONG)).all() and not together.roundness.any()


def test_before_the_count_the_field_shows_a_place_for_each_picture_and_tells_nothing() -> None:
    field = field_of(np.arange(200) % 7 > 0)
    empty = empty_field(field)
    assert (empty.points == field.points).all() and (empty.opacities == 1).all()
    assert len(np.unique(empty.colours, axis=0)) == 1
    assert 0 < empty.colours.max() < field.colours.max(axis=1).min() / 2 + 1


@pytest.mark.parametrize("count", [1, 7, 360, 10_000])
def test_the_field_stays_on_its_place(count: int) -> None:
    centres = field_of(np.ones(count, bool)).centres
    assert len(np.unique(centres.round(6), axis=0)) == count
    assert np.abs(centres[:, 1]).max() < 3.7 and centres[:, 0].min() > -6.7 and centres[:, 0].max() < 3


def test_in_the_end_the_wrong_squares_are_larger_in_the_same_places() -> None:
    right = np.arange(200) % 7 > 0
    field = field_of(right)
    large = with_the_wrong_large(field, right)
    np.testing.assert_allclose(large.centres, field.centres, atol=1e-6)
    assert (large.radii[~right] > 1.4 * field.radii[~right]).all()
    assert large.radii[right] == pytest.approx(field.radii[right])
    assert (large.colours[~right] == rgb(theme.WRONG)).all()


def test_the_second_scene_begins_as_the_first_one_ends() -> None:
    begun: list[Image] = []

    class Begun(ReadingDigits):
        def play(self, *animations: object, **kwargs: object) -> None:
            if not begun:
                begun.append(self.still())
            super().play(*animations, **kwargs)

    with tempconfig({"pixel_width": 320, "pixel_height": 180}):
        ended = np.asarray(rendered(ThePlan).still(), int)
        rendered(Begun)
    assert np.abs(np.asarray(begun[0], int) - ended).max() <= 3
