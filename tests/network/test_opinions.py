"""What a network made of a picture during its training, and what it makes of one that is pushed aside."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from network import Layer, Network
from network.analysis.opinions import Opinions, opinions
from network.analysis.pushed import push_that_misleads
from network.checkpoint import load_checkpoint
from network.digits import Digits

ROOT = Path(__file__).resolve().parents[2]


def story(*answers: int, truth: int) -> Opinions:
    """A run with these answers; each is surer than the one before."""
    outputs = np.zeros((len(answers), 5))
    for n, answer in enumerate(answers):
        outputs[n, answer] = (n + 1) / 10
    return Opinions(outputs, truth)


def test_when_it_changed_its_mind() -> None:
    seen = story(4, 2, 2, 0, 3, 2, 3, 3, truth=3)
    assert seen.answers.tolist() == [4, 2, 2, 0, 3, 2, 3, 3]
    assert seen.settled == 6 and seen.rival == 2 and seen.surest == 5
    never, always, luck = story(4, 2, truth=3), story(3, 3, truth=3), story(4, 4, 3, truth=3)
    assert never.settled is None and never.rival == 2
    assert always.settled == 0 and always.rival is None and always.surest is None
    assert luck.settled == 2 and luck.rival is None, "the first answer of all is no rival"


def test_the_outputs_are_those_of_the_snapshots() -> None:
    run = load_checkpoint(ROOT / "assets" / "weights" / "default.npz")
    image = np.random.default_rng(0).random((28, 28))
    seen = opinions(run, image, 3)
    assert len(seen.outputs) == len(run.snapshot_epochs)
    for number in (0, 7, -1):
        np.testing.assert_allclose(seen.outputs[number], run.snapshot(number).forward(image).output, atol=1e-6)


def up_or_down() -> Network:
    """A network for pictures of 5×5: class 0 if more ink is in the two upper rows than below, else class 1."""
    rows = np.repeat([1.0, 1.0, -1.0, -1.0, -1.0], 5)
    return Network((Layer(20 * np.stack([rows, -rows]), np.zeros(2)),))


def test_the_smallest_push_that_makes_it_surely_wrong() -> None:
    image = np.zeros((5, 5), np.float32)
    image[1, 1:4] = 1
    found = push_that_misleads(up_or_down(), Digits(image[None], np.array([0]), ("up", "down")), 0)
    assert found is not None and (found.pixels, found.way, found.answer) == (1, "down", 1)
    assert found.image[2, 1:4].all() and found.image.sum() == 3
    assert found.output == pytest.approx(float(up_or_down().predict(found.image.reshape(1, -1))[0, 1]))


def test_ink_is_never_pushed_out_of_the_picture() -> None:
    image = np.zeros((5, 5), np.float32)
    image[0, :], image[1, :], image[4, 0] = 1, 1, 0.2
    digits = Digits(image[None], np.array([0]), ("up", "down"))
    assert push_that_misleads(up_or_down(), digits, 0) is None, "no way is free"
    wrong = Digits(image[None], np.array([1]), ("up", "down"))
    assert push_that_misleads(up_or_down(), wrong, 0) is None, "it is read wrong as it is"
