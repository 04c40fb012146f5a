"""`knobs export` and `knobs lesson`, with the lesson of one scene."""

from __future__ import annotations

import importlib.util
import json
from dataclasses import replace
from pathlib import Path

import pytest

from lesson.export import exporting, manifest
from lesson.export.folder import open_folder
from network import Network
from tests.network.conftest import pictures, write_idx
from tests.scenes.conftest import make_checkpoint
from tests.test_command_line import run
from tests.tiny_lesson import ENTRY, LONG, PART, teach


@pytest.fixture(autouse=True)
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("KNOBS_CHECKPOINT", "KNOBS_DATA", "KNOBS_DEBUG"):
        monkeypatch.setenv(name, "")
    teach(monkeypatch.setattr)


@pytest.fixture
def words(tmp_path: Path) -> list[str]:
    """Which network, data and media folder to use."""
    return network_and_data(tmp_path)


def network_and_data(folder: Path) -> list[str]:
    """Two small networks and data for them, written to a folder; and the options to use the first of them there."""
    import numpy as np

    data = folder / "data"
    data.mkdir()
    for split in ("train", "t10k"):
        images, labels = pictures(12)
        write_idx(data / f"{split}-images-idx3-ubyte", images)
        write_idx(data / f"{split}-labels-idx1-ubyte", labels)
    for seed in (0, 1):
        network = Network.random([64, 8, 3], np.random.default_rng(seed))
        make_checkpoint(network).save(folder / f"{seed}.npz")
    places = {"--data": data, "--checkpoint": folder / "0.npz", "--media": folder / "media"}
    return ["-q", "l", *(str(word) for pair in places.items() for word in pair)]


@pytest.mark.slow
def test_from_the_network_to_the_pages(words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = tmp_path / "media" / "export"
    assert run("lesson", *words) == 0
    out = capsys.readouterr().out
    assert f"The lesson is in {place}: 1 clip." in out
    assert f"to read and watch:     {place / 'index.html'}\n" in out
    made = json.loads((place / "manifest.json").read_bytes())
    assert [clip["scene"] for clip in made["clips"]] == ["Tiny"]
    assert made["clips"][0]["alternative_text"] == "A network of 547 knobs."
    assert "547 knobs that read a digit" in (place / "index.html").read_text(encoding="utf-8")
    assert run("export", "--check", *words) == 0
    assert "is complete and shows the network" in capsys.readouterr().out
    # The same network, trained anew.
    other = [str(tmp_path / "1.npz") if word.endswith("0.npz") else word for word in words]
    assert run("export", "--check", *other) == 1
    said = capsys.readouterr()
    assert "Tiny shows another network" in said.out
    again = (
        f"run ./knobs export --checkpoint {tmp_path / '1.npz'} --data {tmp_path / 'data'} --media {tmp_path / 'media'}"
    )
    assert said.err.startswith("knobs: ") and said.err.rstrip().endswith(again)
    assert run("export", *other) == 0
    assert run("export", "--check", *other) == 0


@pytest.mark.slow
def test_it_is_said_what_became_of_clips_of_an_earlier_export(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """They stay; only those of scenes that the lesson no longer has are removed."""
    teach(monkeypatch.setattr, ENTRY, LONG)
    lesson = (replace(PART, scenes=(ENTRY, LONG)),)
    monkeypatch.setattr(manifest, "SYLLABUS", lesson)
    monkeypatch.setattr(exporting, "SYLLABUS", lesson)
    assert run("export", "Tiny", *words) == 0
    assert "last export" not in capsys.readouterr().out
    other = [str(tmp_path / "1.npz") if word.endswith("0.npz") else word for word in words]
    assert run("export", "Long", *other) == 0
    out = capsys.readouterr().out
    assert f"The lesson is in {tmp_path / 'media' / 'export'}: 2 clips." in out
    assert "Kept from the last export: 1 clip." in out
    assert "These show another network; ./knobs export Tiny makes them again." in out
    monkeypatch.setattr(manifest, "SYLLABUS", (replace(PART, scenes=(LONG,)),))
    assert run("export", "Long", "--force", *other) == 0  # a real change of the syllabus is one of the code
    out = capsys.readouterr().out
    assert "Left out: Tiny. The lesson no longer has the scene" in out
    assert "Kept" not in out
    assert not (tmp_path / "media" / "export" / "Tiny").exists()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--output", "{}/linked", "Tiny"], "linked/Tiny is a link that leads out of the folder"),
        (["--output", "{}/homework"], "holds other files and is not an export of Knobs"),
        (["--output", "{}/0.npz"], "0.npz is a file"),
        (["--check"], "there is no export in"),
        (["--check", "--output", "{}/homework"], "there is no export in"),
        (["Tony"], "did you mean Tiny?"),
    ],
)
def test_it_refuses_before_anything_is_rendered(
    more: list[str], said: str, words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "homework").mkdir()
    (tmp_path / "homework" / "essay.txt").write_text("mine")
    with open_folder(tmp_path / "linked"):
        (tmp_path / "linked" / "Tiny").symlink_to(tmp_path / "homework")
    assert run("export", *words, *(word.format(tmp_path) for word in more)) == 1
    sentence = capsys.readouterr().err.strip()
    assert sentence.startswith("knobs: ") and sentence.count("\n") == 0
    assert said in sentence
    assert not (tmp_path / "media").exists()
    assert [file.name for file in (tmp_path / "homework").iterdir()] == ["essay.txt"]


def test_slides_need_their_extra(
    words: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *rest: None if name == "pptx" else find(name, *rest))
    assert run("export", "--pptx", *words) == 1
    assert "--pptx needs python-pptx" in capsys.readouterr().err
    assert not (tmp_path / "media").exists()
