"""The commands that list the scenes and draw the gallery."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.test_command_line import run
from tests.test_rendering import nothing_stays, the_sentence, words  # noqa: F401 (fixtures)


def test_scenes_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    from scenes.syllabus import all_scenes

    assert run("scenes", "--json") == 0
    listed = json.loads(capsys.readouterr().out)
    assert [scene["name"] for scene in listed] == [scene.name for _, scene in all_scenes()]
    for scene in listed:
        assert set(scene) == {"part", "part_title", "name", "title", "summary", "seconds", "seconds_from"}
        assert all(scene.values())


def test_scenes_for_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("scenes", "--media", str(tmp_path)) == 0
    out = capsys.readouterr().out
    assert re.search(r"Part 4. Layers\n  ~0:\d\d  LayersOfNeurons  ", out)
    assert re.search(r"\n  ~0:\d\d  ForwardPassOfADigit  A digit goes through the network\n", out)
    assert re.search(
        r"\n42 scenes, about \d\d:\d\d in all; all lengths are estimated, and \./knobs scenes --exact", out
    )
    assert not list(tmp_path.iterdir())


@pytest.fixture
def sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    """A gallery of one grey picture; what a real one shows is tested in tests/scenes/test_gallery.py."""
    from PIL import Image

    monkeypatch.setattr("scenes.kit.gallery.contact_sheet", lambda *_: Image.new("RGB", (32, 18), "#808080"))


@pytest.mark.usefixtures("sheet")
def test_the_gallery_is_a_picture(
    data: Path, checkpoints: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from PIL import Image

    file = tmp_path / "new" / "sheet.png"
    assert run("gallery", "--output", str(file), "--data", str(data), "--checkpoint", str(checkpoints[0])) == 0
    assert capsys.readouterr().out == f"{file}\n"
    with Image.open(file) as picture:
        assert picture.size == (32, 18)


@pytest.mark.usefixtures("sheet")
@pytest.mark.parametrize(
    ("name", "problem", "code"),
    [("file/sheet.png", "choose another place with --output FILE", 1), ("sheet.pgn", "end it in .png", 2)],
)
def test_a_gallery_that_cannot_be_written(
    name: str, problem: str, code: int, data: Path, checkpoints: tuple[Path, Path], tmp_path: Path, capsys: Any
) -> None:
    (tmp_path / "file").write_text("mine")
    to = str(tmp_path / name)
    assert run("gallery", "--output", to, "--data", str(data), "--checkpoint", str(checkpoints[0])) == code
    assert problem in the_sentence(capsys)
    assert [file.name for file in tmp_path.iterdir()] == ["file"]
