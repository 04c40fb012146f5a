"""The cards of the film: what they say is the network's, and they can be read."""

from __future__ import annotations

import dataclasses
import pickle
from pathlib import Path

import numpy as np
import pytest
from manim import tempconfig

from lesson.render.picture_checks import Findings, longest_emptiness, shown_texts
from lesson.render.rendering import manim_set_up
from network.analysis.examples import pictures_of_number
from network.digits import Digits, is_mnist, md5_of_data
from scenes.cards import (
    EndCard,
    PartCard,
    PartCard11,
    TitleCard,
    data_credit,
    figures,
    weight_wall,
)
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.text import Words
from scenes.kit.mobjects.weight_heatmap import WeightHeatmap
from scenes.licence import MNIST, data_name
from scenes.settings import LessonContext
from scenes.stage import code_fingerprint, input_log
from scenes.stage.inputs import Inputs, lesson_checkpoint, lesson_digits
from scenes.stage.lesson_scene import LessonScene
from tests.network.conftest import pictures, write_idx
from tests.scenes.test_every_scene import RATE, assert_correct_file, checked, read


@pytest.mark.parametrize("card", [TitleCard, PartCard11, EndCard])
def test_a_card_renders_and_can_be_read(card: type[LessonScene], tmp_path: Path) -> None:
    findings = Findings()
    with manim_set_up("l", tmp_path), tempconfig({"frame_rate": RATE}):
        scene = checked(card, findings)()
        scene.render()
        clip = Path(scene.renderer.file_writer.movie_file_path)
    assert longest_emptiness(read(clip), RATE) <= 1
    assert not findings.sentences, "\n".join(dict.fromkeys(findings.sentences))
    assert 2.5 <= scene.time <= 8
    assert_correct_file(clip)


def stage_of(card: type[LessonScene]) -> LessonScene:
    """A card as it stands before it goes."""
    with tempconfig({"dry_run": True, "pixel_width": 64, "pixel_height": 36, "disable_caching": True}):
        scene = card(skip_animations=True)
        scene.setup()
        left = []
        scene.play = lambda *moves, **_: left.append([m.mobject for m in moves])  # type: ignore[method-assign]
        scene.wait = lambda *_: None  # type: ignore[method-assign]
        scene.construct()
    scene.mobjects = left[-1]
    return scene


def test_the_title_card_tells_the_network() -> None:
    network, digits = lesson_checkpoint().network, lesson_digits("test")
    right = np.mean(network.classify(digits.vectors) == digits.labels)
    said = figures(network, digits)
    assert said == f"784-16-16-10  ·  13,002 knobs  ·  {right:.2%} of the test digits read right".replace("%", " %")
    stage = stage_of(TitleCard)
    assert said in [text.shown for text in shown_texts(stage)] and said in stage.alternative_text()
    walls = [m for m in stage.mobjects[0].get_family() if isinstance(m, WeightHeatmap)]
    assert np.array_equal([picture.weights for picture in walls], network.layers[0].weights)


@pytest.mark.parametrize("count", [1, 5, 16, 30, 32, 64, 300])
def test_the_wall_of_weights_has_room(count: int) -> None:
    from network import Network

    wall = weight_wall(Network.random([64, count, 10], np.random.default_rng(0)))
    assert wall.width < 13.3 and wall.height < 3.3
    assert len(wall) == min(count, 64)


def test_the_number_of_a_part_is_written_in_its_digits() -> None:
    digits = lesson_digits("test")
    for number in range(1, 13):
        chosen = pictures_of_number(str(number), digits)
        assert "".join(digits.class_names[digits.labels[index]] for index in chosen) == str(number)
        assert len(set(chosen)) == len(chosen)
    chosen = pictures_of_number("11", digits)
    grids = [m for m in stage_of(PartCard11).mobjects[0].get_family() if isinstance(m, PixelGrid)]
    assert np.array_equal([grid.values for grid in grids], digits.vectors[chosen])


def test_every_part_card_is_fresh_only_while_its_code_is_the_same() -> None:
    """The cards of the parts are made in a row, not written out one by one; the cache must know each of them."""
    for number in (1, 12):
        names = code_fingerprint.of_scene(("scenes.cards", f"PartCard{number}"))["scenes/cards.py"]
        assert {f"PartCard{number}", "PartCard", "_card_of_part"} <= {name for name, digest in names.items() if digest}
        assert "EndCard" not in names and "TitleCard" not in names


def test_a_part_card_can_be_found_and_pickled_by_its_name() -> None:
    assert (PartCard11.__module__, PartCard11.__name__, PartCard11.number) == ("scenes.cards", "PartCard11", 11)
    assert pickle.loads(pickle.dumps(PartCard11)) is PartCard11


def test_a_number_is_set_where_no_class_is_called_so() -> None:
    digits = Digits(np.zeros((2, 8, 8), np.float32), np.array([0, 1]), ("Coat", "1"))

    class Card(PartCard):
        number = 12

        def digits(self, split="test") -> Digits:  # type: ignore[no-untyped-def, override]
            return digits

    (numeral,) = Card.numeral(Card.__new__(Card)).submobjects
    assert isinstance(numeral, Words) and numeral.shown == "12"


def test_only_mnist_is_credited_as_mnist(tmp_path: Path) -> None:
    said = stage_of(EndCard).alternative_text()
    assert "MNIST, by Yann LeCun, Corinna Cortes and Christopher J.C. Burges" in said and "CC BY-SA 3.0" in said
    assert lesson_checkpoint().fingerprint[:12] in said and lesson_checkpoint().metadata.date[:10] in said
    for split in ("train", "t10k"):
        images, labels = pictures(12, classes=10)
        write_idx(tmp_path / f"{split}-images-idx3-ubyte", images)
        write_idx(tmp_path / f"{split}-labels-idx1-ubyte", labels)
    assert not is_mnist(tmp_path) and not is_mnist(tmp_path / "nowhere")
    inputs = Inputs(LessonContext(data=tmp_path))
    metadata = dataclasses.replace(lesson_checkpoint().metadata, data_name="shapes")
    with input_log.noting() as read:
        assert data_credit(data_name(metadata, inputs)) == (
            f"the data set {tmp_path.name}, which belongs to those who made it",
        )
    # It showed the folder's name and went by the training files, and a change of either left an old clip.
    assert {input_log.DATA_NAME, input_log.data("train")} <= read
    metadata = dataclasses.replace(metadata, data_md5=md5_of_data(tmp_path))
    with input_log.noting() as read:
        assert data_credit(data_name(metadata, inputs)) == ("the data set shapes, which belongs to those who made it",)
    assert input_log.data("train") in read and input_log.DATA_NAME not in read
    with input_log.noting() as read:
        assert data_name(metadata, Inputs(LessonContext())) == MNIST
    assert read == {input_log.data("test")}, "MNIST is known by its test files alone"
