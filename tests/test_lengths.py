"""The length of a scene is measured on its clip, otherwise by a dry run, whose result is kept."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lesson.render.clip_metadata import read_metadata
from lesson.render.film import film_file
from tests.test_command_line import run
from tests.test_film import clips, made, media  # noqa: F401 (fixtures)
from tests.test_rendering import nothing_stays, the_sentence, words  # noqa: F401 (fixtures)
from tests.tiny_film import names


@pytest.fixture
def listed(words: list[str], capsys: pytest.CaptureFixture[str]) -> Callable[..., list[dict[str, Any]]]:  # noqa: F811
    """What `knobs scenes --json` says of the tiny film, with further options."""

    def list_scenes(*options: str) -> list[dict[str, Any]]:
        assert run("scenes", "--json", *words[4:], *options) == 0
        found = json.loads(capsys.readouterr().out)
        assert [scene["name"] for scene in found] == ["One", "Two"]
        return list(found)

    return list_scenes


def seconds_of(clip: Path) -> float:
    story = read_metadata(clip)
    assert story is not None
    return story.seconds


def test_a_clip_tells_it(media: Path, listed: Any, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.setattr("lesson.render.rendering.dry_run_seconds", lambda *_: pytest.fail("it is known"))
    for scene in listed():
        clip = clips(media)[names().index(scene["name"])]
        assert (scene["seconds"], scene["seconds_from"]) == (round(seconds_of(clip), 3), "clip")


def test_a_dry_run_measures_it_and_is_kept(
    media: Path,  # noqa: F811
    listed: Any,
    checkpoints: tuple[Path, Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = [scene["seconds"] for scene in listed()]
    shutil.rmtree(media)
    assert [(scene["seconds"], scene["seconds_from"]) for scene in listed("--quick")] == 2 * [(None, None)]
    assert not media.exists()
    assert [(scene["seconds"], scene["seconds_from"]) for scene in listed()] == [(s, "dry run") for s in told]
    with monkeypatch.context() as patch:
        patch.setattr("lesson.render.rendering.manim_set_up", lambda *_: pytest.fail("it is known"))
        assert [scene["seconds_from"] for scene in listed("--quick")] == 2 * ["dry run"]
    # With another network a scene may be longer.
    other = ("--checkpoint", str(checkpoints[1]))
    assert [scene["seconds"] for scene in listed("--quick", *other)] == [None, None]
    (media / "cache" / "lengths.json").write_text("{")
    assert [scene["seconds"] for scene in listed("--quick")] == [None, None]


def test_people_read_minutes(media: Path, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:  # noqa: F811
    assert run("scenes", *words[4:]) == 0
    out = capsys.readouterr().out
    assert out.startswith("Part 1. Beginning\n   0:04  One  The first scene\n         A square grows.\nPart 2. End\n")
    total = round(sum(seconds_of(clips(media)[names().index(name)]) for name in ("One", "Two")))
    assert out.endswith(f"\n2 scenes, 0:{total:02d} in all\n")
    assert film_file("l", media).exists()


def test_a_folder_that_cannot_be_written(media: Path, listed: Any) -> None:  # noqa: F811
    """It is shown all the same."""
    shutil.rmtree(media)
    media.write_text("mine")
    assert [scene["seconds_from"] for scene in listed("--quick")] == [None, None]
    assert media.read_text() == "mine"


def test_a_network_that_is_not_there(media: Path, words: list[str], tmp_path: Path, capsys: Any) -> None:  # noqa: F811
    shutil.rmtree(media)
    assert run("scenes", *words[4:], "--checkpoint", str(tmp_path / "none.npz")) == 1
    assert "there is no checkpoint" in the_sentence(capsys)
