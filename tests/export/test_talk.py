"""`knobs present`: a folder to teach with, and what the command says about bad input."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from lesson.export.folder import MANIFEST
from lesson.render.clip_metadata import read_metadata, write_metadata
from network.checkpoint import Checkpoint
from scenes.syllabus import Part
from tests.export.conftest import export_to
from tests.export.test_command import network_and_data
from tests.test_command_line import run
from tests.tiny_lesson import teach


@pytest.fixture
def words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which network, data and media folder to use, for a lesson of one scene."""
    for name in ("KNOBS_CHECKPOINT", "KNOBS_DATA", "KNOBS_DEBUG"):
        monkeypatch.setenv(name, "")
    teach(monkeypatch.setattr)
    return ["-j", "1", "--voice", "none", *network_and_data(tmp_path)]


def lesson_of(place: Path) -> dict[str, Any]:
    """What the presenter of a folder is told."""
    page = (place / "present.html").read_text(encoding="utf-8")
    found = re.search(r'<script type="application/json" id="lesson">(.*?)</script>', page, re.DOTALL)
    assert found
    return dict(json.loads(found[1]))


def test_from_the_network_to_a_talk(words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = tmp_path / "media" / "present"
    assert run("present", "Tiny", "--auto", "2.5", "--mute", *words) == 0
    out = capsys.readouterr().out
    assert f"The talk is in {place}: 1 scene, 1 beat." in out
    assert f"to teach with:  {place / 'present.html'}\n" in out
    lesson = lesson_of(place)
    assert (lesson["auto"], lesson["muted"]) == (2.5, True)
    (scene,) = lesson["scenes"]
    assert (place / scene["mp4"]).exists() and (place / scene["steps"][0]["picture"]).exists()
    assert scene["steps"][0]["picture"] in (place / "handout.html").read_text(encoding="utf-8")
    assert sorted(path.name for path in place.iterdir()) == ["Tiny", "handout.html", MANIFEST, "present.html"]
    assert run("present", "Tiny", "--auto", "2.5", "--mute", *words) == 0
    assert "1 beat, up to date." in capsys.readouterr().out


def test_another_talk_in_its_place_has_nothing_of_the_first(
    clips: list[tuple[Part, Path]], checkpoint: Checkpoint, tmp_path: Path
) -> None:
    place = export_to(tmp_path / "talk", clips[:1], checkpoint, talk=True)
    export_to(place, clips[1:], checkpoint, talk=True)
    assert [scene["name"] for scene in lesson_of(place)["scenes"]] == ["BarDetector"]
    assert not (place / "ADigitAtAGlance").exists()


def test_a_talk_in_two_languages(words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each in its own folder, with a link to the other."""
    assert run("present", "Tiny", "--language", "en,de", *words) == 0
    place = tmp_path / "media" / "present"
    assert capsys.readouterr().out.count("The talk is in ") == 2
    for folder, other in ((place, "de/present.html"), (place / "de", "../present.html")):
        assert f'<a href="{other}"' in (folder / "present.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("command", "said"), [("export", "holds pages to teach with"), ("present", "holds pages of the whole lesson")]
)
def test_a_talk_and_an_export_do_not_remove_each_other(
    command: str,
    said: str,
    words: list[str],
    clips: list[tuple[Part, Path]],
    checkpoint: Checkpoint,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    place = export_to(tmp_path / "place", clips, checkpoint, talk=command == "export")
    assert lesson_of(place)["scenes"], "an export has a presenter, too"
    before = sorted(place.rglob("*"))
    assert run(command, "Tiny", *words, "--output", str(place)) == 1
    sentence = capsys.readouterr().err.strip()
    assert said in sentence and "--output FOLDER" in sentence and "\n" not in sentence
    assert sorted(place.rglob("*")) == before


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["Tony"], "did you mean Tiny?"),
        (["13"], "there is no scene '13'"),
        (["--output", "{}/homework"], "holds other files and is not an export of Knobs"),
        (["--auto", "soon"], "'soon' is not a valid float"),
        (["--auto", "-1"], "-1.0 is not in the range x>=0"),
        (["--subtitles", "tlh"], "there is no language 'tlh'"),
    ],
)
def test_bad_input_is_refused_before_anything_is_rendered(
    more: list[str], said: str, words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "homework").mkdir()
    (tmp_path / "homework" / "essay.txt").write_text("mine")
    assert run("present", *words, *(word.format(tmp_path) for word in more)) in (1, 2)
    sentence = capsys.readouterr().err.strip()
    assert sentence.startswith("knobs: ") and "\n" not in sentence and said in sentence
    assert not (tmp_path / "media").exists()


def test_a_place_that_cannot_be_written_is_told(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not even the administrator, as whom tests may run, can make a folder below a file of the system."""
    place = "/proc/talk" if os.path.isdir("/proc") else "/dev/null/talk"
    assert run("present", "Tiny", *words, "--output", place) == 1
    sentence = capsys.readouterr().err.strip()
    assert sentence.startswith(f"knobs: {place} cannot be written: ") and "--output FOLDER" in sentence
    assert "\n" not in sentence and not (tmp_path / "media" / "clips").exists(), (
        "it is told before anything is rendered"
    )


def test_every_beat_has_its_last_picture(
    clips: list[tuple[Part, Path]], checkpoint: Checkpoint, tmp_path: Path
) -> None:
    place = export_to(tmp_path / "talk", clips, checkpoint, talk=True)
    steps = lesson_of(place)["scenes"][0]["steps"]
    assert [(step["start"], step["stop"]) for step in steps] == [(0, 1), (1, 2), (2, 3)]
    for step, colour in zip(steps, [(200, 40, 40), (0, 0, 0), (90, 90, 90)], strict=True):
        with Image.open(place / step["picture"]) as picture:
            assert np.abs(np.array(picture.convert("RGB"))[45, 80].astype(int) - colour).max() <= 4
    handout = (place / "handout.html").read_text(encoding="utf-8")
    assert handout.count("<img ") == 6


def test_a_beat_that_repeats_is_told_to_the_presenter(
    clips: list[tuple[Part, Path]], checkpoint: Checkpoint, tmp_path: Path
) -> None:
    metadata = read_metadata(clips[1][1])
    assert metadata is not None
    one, two, three = metadata.beats
    write_metadata(clips[1][1], replace(metadata, beats=(one, replace(two, loops=True), three)))
    place = export_to(tmp_path / "talk", clips, checkpoint, talk=True)
    assert [step["loop"] for step in lesson_of(place)["scenes"][1]["steps"]] == [None, [1, 2], None]
    assert lesson_of(place)["captions"] == [{"code": "en", "name": "English"}]
    assert len(lesson_of(place)["scenes"][1]["captions"]["en"]) == 3
    burned = export_to(tmp_path / "burned", clips, checkpoint, burned=True, talk=True)
    assert not lesson_of(burned)["scenes"][1]["captions"], "they are in the picture"
    assert not lesson_of(burned)["captions"]
