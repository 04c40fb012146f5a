"""What the figures are given, without a browser."""

from __future__ import annotations

import base64
import re
import zlib
from dataclasses import replace

import numpy as np

from lesson.export import TEMPLATES
from lesson.export.figure_data import chosen_pictures, picture_data, recording_data
from lesson.export.figures import FIGURES
from network.checkpoint import Checkpoint
from network.digits import Digits
from scenes.kit import theme
from scenes.syllabus import all_scenes
from tests.export.conftest import digits_for


def unpacked(text: str) -> bytes:
    return zlib.decompress(base64.b64decode(text))


def test_each_continues_a_clip_of_the_lesson() -> None:
    scenes = {scene.name for _, scene in all_scenes()}
    assert {figure.scene for figure in FIGURES} <= scenes
    assert len({figure.scene for figure in FIGURES}) == len(FIGURES)


def test_pictures_are_spread_over_all_and_exact(checkpoint: Checkpoint) -> None:
    digits = digits_for(checkpoint)
    few = chosen_pictures(digits, 7)
    assert len(few) == 7
    np.testing.assert_array_equal(few.images[1], digits.images[len(digits) // 7])
    assert chosen_pictures(digits, len(digits)) is digits
    given = picture_data(few)
    levels = np.frombuffer(unpacked(given["packed"]), np.uint8).reshape(7, -1)
    np.testing.assert_array_equal((levels / np.float32(given["white"])).astype(np.float32), few.vectors)
    odd = Digits(few.images * np.float32(0.9), few.labels, few.class_names)
    given = picture_data(odd)
    assert given["white"] == 0
    np.testing.assert_array_equal(np.frombuffer(unpacked(given["packed"]), "<f4").reshape(7, -1), odd.vectors)


def test_a_recording_begins_and_ends_as_it_did(checkpoint: Checkpoint) -> None:
    size = checkpoint.network.parameter_count
    moments = np.random.default_rng(0).normal(0, 1, (2000, size)).astype(np.float32)
    steps = np.arange(2000)
    long = replace(checkpoint, snapshot_steps=steps, snapshot_epochs=steps / 10, snapshot_parameters=moments)
    given = recording_data(long)
    assert (given["steps"][0], given["steps"][-1]) == (0, 1999)
    assert 2 < len(given["steps"]) < 2000, "of a long one, fewer moments are kept"
    there = np.frombuffer(unpacked(given["packed"]), "<f2").reshape(len(given["steps"]), size)
    np.testing.assert_allclose(there, moments[given["steps"]], atol=2e-3)
    huge = recording_data(replace(long, snapshot_parameters=moments * 1e6))
    assert huge["bits"] == 32, "knobs that 16 bits cannot hold"


def test_colours_are_those_of_the_clips() -> None:
    script = (TEMPLATES / "figures" / "heat_map.js").read_text(encoding="utf-8")
    for name in ("POSITIVE", "NEGATIVE", "NEVER_SEEN"):
        found = re.search(rf"\b{name} = \[(\d+), (\d+), (\d+)\]", script)
        assert found and "#{:02X}{:02X}{:02X}".format(*map(int, found.groups())) == getattr(theme, name)
