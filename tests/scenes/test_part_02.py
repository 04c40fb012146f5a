"""Part 2 shows what the network really reads, right and wrong."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from network import Network
from network.digits import Digits
from network.evaluation import evaluate
from scenes.kit import theme
from scenes.kit.colour import rgb
from scenes.kit.layout import picture
from scenes.kit.mobjects.network_diagram import NeuronColumn
from scenes.kit.mobjects.text import Number
from scenes.part_02_plan.reading_digits import CountField, ReadingDigits, empty_field, field_of, gathered
from scenes.part_02_plan.the_plan import ThePlan
from tests.network.conftest import write_idx
from tests.scenes.conftest import make_checkpoint


def test_the_alternative_text_tells_of_a_mistake_only_where_there_is_one(
    network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It used to say of every network that it reads a picture wrong."""
    scene = ReadingDigits()
    assert "reads 4 pictures of the test set, then one it gets wrong." in scene.alternative_text()
    assert scene.chosen[1] is not None
    # Two pictures, labelled as the network reads them.
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
    scene = ReadingDigits()
    assert "reads 2 pictures of the test set. A field of 2 small squares" in scene.alternative_text()


def test_the_plan_promises_a_replay_only_where_the_training_is_recorded(
    network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It used to say of every network that its weights change as they did in training."""
    assert "its weights as they change in training." in ThePlan().alternative_text()
    recorded = make_checkpoint(network)
    none = np.zeros((0, network.parameters().size), np.float32)
    replace(recorded, snapshot_steps=np.zeros(0, int), snapshot_epochs=np.zeros(0), snapshot_parameters=none).save(
        tmp_path / "x.npz"
    )
    monkeypatch.setenv("KNOBS_CHECKPOINT", str(tmp_path / "x.npz"))
    assert "on the right its weights. Of four kinds" in ThePlan().alternative_text()


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
