"""The length of a scene: measured on its clip, or by a dry run when asked for; otherwise an estimate."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lesson.render import durations
from lesson.render.clip_metadata import read_metadata
from lesson.render.durations import ESTIMATES
from lesson.render.film import film_file
from scenes.syllabus import all_scenes
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
    metadata = read_metadata(clip)
    assert metadata is not None
    return metadata.seconds


def test_a_clip_tells_it(media: Path, listed: Any, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.setattr("lesson.render.rendering.dry_run", lambda *_: pytest.fail("it is known"))
    for scene in listed():
        clip = clips(media)[names().index(scene["name"])]
        assert (scene["seconds"], scene["seconds_from"]) == (round(seconds_of(clip), 3), "clip")


def test_a_fresh_clone_estimates(media: Path, listed: Any, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    """All scenes were run without being drawn, which took minutes of processor time and nothing was said."""
    shutil.rmtree(media)
    monkeypatch.setattr("lesson.render.rendering.manim_set_up", lambda *_: pytest.fail("an estimate is enough"))
    for options in ([], ["--quick"]):
        assert [(scene["seconds"], scene["seconds_from"]) for scene in listed(*options)] == 2 * [(25, "estimate")]
    assert not media.exists()


def test_a_dry_run_measures_it_and_is_kept(
    media: Path,  # noqa: F811
    listed: Any,
    checkpoints: tuple[Path, Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = [scene["seconds"] for scene in listed()]
    shutil.rmtree(media)
    exact = [(seconds, "dry run") for seconds in told]
    assert [(scene["seconds"], scene["seconds_from"]) for scene in listed("--exact")] == exact
    with monkeypatch.context() as patch:
        patch.setattr("lesson.render.rendering.manim_set_up", lambda *_: pytest.fail("it is known"))
        for options in ([], ["--exact"]):
            assert [(scene["seconds"], scene["seconds_from"]) for scene in listed(*options)] == exact
    # These scenes do not show the network.
    assert [scene["seconds_from"] for scene in listed("--checkpoint", str(checkpoints[1]))] == 2 * ["dry run"]
    (media / "cache" / "prepared" / "One.json").write_text("{")
    assert [scene["seconds_from"] for scene in listed()] == ["estimate", "dry run"]


def test_only_what_is_not_known_is_measured(media: Path, words: list[str], capsys: Any) -> None:  # noqa: F811
    """It is said how many scenes are run and about how long that takes, and then how far it is."""
    clips(media)[names().index("Two")].unlink()
    assert run("scenes", *words[4:]) == 0
    out = capsys.readouterr().out
    assert "\n   0:03  One " in out and "\n  ~0:25  Two " in out
    total = "2 scenes, about 0:28 in all; ~ marks 1 that are estimated, and ./knobs scenes --exact measures them"
    assert out.splitlines()[-1] == total
    assert run("scenes", "--exact", *words[4:]) == 0
    said = capsys.readouterr()
    assert said.err == "Running 1 scene without drawing: about 4 s\nScenes measured: 1 of 1\n"
    assert said.out.endswith("; 1 measured by a dry run, not rendered yet\n")
    assert "~" not in said.out


def test_every_scene_has_an_estimate() -> None:
    """tests/scenes/test_every_scene.py compares them with the scenes."""
    of = json.loads(ESTIMATES.read_bytes())["seconds"]
    assert list(of) == [scene.name for _, scene in all_scenes()]


@pytest.mark.parametrize("content", ["{", "[]", '{"format": 1, "seconds": {"One": "long"}}'])
def test_damaged_estimates(
    content: str,
    media: Path,  # noqa: F811
    listed: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shutil.rmtree(media)
    (tmp_path / "lengths.json").write_text(content)
    monkeypatch.setattr(durations, "ESTIMATES", tmp_path / "lengths.json")
    durations._estimates.cache_clear()
    try:
        assert [scene["seconds"] for scene in listed()] == [25, 25]
    finally:
        durations._estimates.cache_clear()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--quick", "--exact"], "--quick and --exact contradict each other"),
        (["--save-estimates"], "estimates are the lengths with the default network and data"),
    ],
)
def test_options_that_do_not_go_together(
    options: list[str],
    said: str,
    media: Path,  # noqa: F811
    words: list[str],  # noqa: F811
    capsys: Any,
) -> None:
    assert run("scenes", *options, *words[4:]) == 2
    assert said in the_sentence(capsys)


def test_people_read_minutes(media: Path, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:  # noqa: F811
    assert run("scenes", *words[4:]) == 0
    out = capsys.readouterr().out
    assert out.startswith("Part 1. Beginning\n   0:03  One  The first scene\n         A square grows.\nPart 2. End\n")
    total = round(sum(seconds_of(clips(media)[names().index(name)]) for name in ("One", "Two")))
    assert out.endswith(f"\n2 scenes, 0:{total:02d} in all\n")
    assert film_file("l", media).exists()


def test_a_folder_that_cannot_be_written(media: Path, listed: Any) -> None:  # noqa: F811
    """It is shown all the same."""
    shutil.rmtree(media)
    media.write_text("mine")
    assert [scene["seconds_from"] for scene in listed()] == ["estimate", "estimate"]
    assert media.read_text() == "mine"


def test_a_network_that_is_not_there(media: Path, words: list[str], tmp_path: Path, capsys: Any) -> None:  # noqa: F811
    shutil.rmtree(media)
    assert run("scenes", *words[4:], "--checkpoint", str(tmp_path / "none.npz")) == 1
    assert "there is no checkpoint" in the_sentence(capsys)
