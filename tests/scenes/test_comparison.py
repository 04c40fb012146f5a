"""Two networks side by side: the figures shown are theirs."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from manim import tempconfig
from PIL import Image

from lesson.cli.program import main
from lesson.render.picture_checks import Findings, check_beats
from network import Network
from network.checkpoint import load_checkpoint
from scenes.comparison import TwoNetworks, names_of
from scenes.settings import DEFAULT_CHECKPOINT, LessonContext
from scenes.stage.inputs import lesson_digits
from tests.scenes.conftest import make_checkpoint
from tests.scenes.test_every_scene import checked


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """A network of other sizes that has only begun to learn: a snapshot of the default one, smaller by a neuron."""
    default = load_checkpoint(DEFAULT_CHECKPOINT).network
    first, second, last = default.layers
    layers = (
        type(first)(first.weights[:15], first.biases[:15]),
        type(first)(second.weights[:, :15], second.biases),
        last,
    )
    file = tmp_path / "smaller.npz"
    make_checkpoint(Network(layers)).save(file)
    return file


@pytest.mark.slow
def test_what_is_shown_is_what_both_answer(other: Path) -> None:
    findings = Findings()
    with tempconfig({"dry_run": True, "frame_rate": 2, "pixel_height": 54, "pixel_width": 96}):
        scene = checked(TwoNetworks, findings)(context=LessonContext(compared=(other,)))
        scene.render()
    check_beats(scene, findings)
    assert not findings.sentences
    digits = lesson_digits("test")
    networks = [load_checkpoint(file).network for file in (DEFAULT_CHECKPOINT, other)]
    right = [network.classify(digits.vectors) == digits.labels for network in networks]
    assert [score[0].value for score in scene.scores] == pytest.approx([100 * marks.mean() for marks in right])
    alone = int((right[0] & ~right[1]).sum()), int((right[1] & ~right[0]).sum())
    assert f"{alone[0]:,} and {alone[1]:,} times" in scene.words[-1]
    for which in (0, 1):
        for card in scene.cards(which)[1:]:
            index = int(np.argmin(np.abs(digits.vectors - card[0].values).max(axis=1)))
            assert right[which][index] and not right[1 - which][index]
    assert f"{100 * right[1].mean():.2f} %" in scene.alternative_text()


def test_the_command_makes_a_still(other: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {name: value for name, value in os.environ.items() if name.startswith("KNOBS_")}
    with pytest.raises(SystemExit) as left:
        main(["compare", str(DEFAULT_CHECKPOINT), str(other), "--still", "-q", "l", "--media", str(tmp_path)])
    assert left.value.code == 0
    still = tmp_path / "compare" / "default-and-smaller.png"
    assert capsys.readouterr().out.strip().endswith("default-and-smaller.png")
    assert not list(tmp_path.rglob("*.mp4"))
    with Image.open(still) as picture:
        assert picture.size == (854, 480) and np.asarray(picture).max() > 200
    # What a command was asked to draw was left in the environment for whatever came next in the process.
    assert before == {name: value for name, value in os.environ.items() if name.startswith("KNOBS_")}


def test_networks_for_other_pictures_are_told(tmp_path: Path, other: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_checkpoint(Network.random([64, 4, 10], np.random.default_rng(0))).save(tmp_path / "small.npz")
    with pytest.raises(SystemExit) as left:
        main(["compare", str(DEFAULT_CHECKPOINT), str(tmp_path / "small.npz"), "--media", str(tmp_path)])
    assert left.value.code == 1
    assert "small.npz takes 64 numbers an image" in capsys.readouterr().err


def test_files_of_one_name_are_told_apart_by_their_folders() -> None:
    assert names_of(Path("a/x.npz"), Path("b/y.npz")) == ("x", "y")
    assert names_of(Path("a/x.npz"), Path("b/x.npz")) == ("a/x", "b/x")
