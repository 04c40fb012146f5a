"""Recordings are found by the names of their files, and bad ones are told before anything is rendered."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from lesson.render.narration import NarrationError, find_narration

from tests.sounds import noise, write
from tests.test_command_line import run
from tests.test_film import made, media  # noqa: F401 (fixtures)
from tests.test_rendering import nothing_stays, the_sentence, words  # noqa: F401 (fixtures)
from tests.tiny_film import names


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "spoken"


def test_a_bad_wav_is_told_before_anything_is_rendered(
    words: list[str],  # noqa: F811
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from tests.tiny_film import teach

    teach(monkeypatch.setattr)
    folder.mkdir()
    write(folder / "Two.wav", noise(1))
    (folder / "Two.wav").write_bytes((folder / "Two.wav").read_bytes()[:-5_000])
    for command in (["film"], ["render"], ["lesson"]):
        assert run(*command, *words, "--narration", str(folder)) == 1
        assert "is cut off" in the_sentence(capsys)
        assert not list(tmp_path.rglob("*.mp4"))


def test_the_names_of_files(folder: Path) -> None:
    folder.mkdir()
    for name in ("Two.WAV", "one.wav", "notes.txt", ".hidden.wav", "TitleCard.wav"):
        (folder / name).touch()
    assert find_narration(folder, names()) == {
        "Two": folder / "Two.WAV",
        "One": folder / "one.wav",
        "TitleCard": folder / "TitleCard.wav",
    }
    (folder / "One.WAV").touch()
    with pytest.raises(NarrationError, match="are for the same scene; keep one"):
        find_narration(folder, names())


@pytest.mark.parametrize(
    ("name", "hint"),
    [("Twoo", "did you mean Two.wav? ./knobs scenes"), ("99", "not named after a scene; ./knobs scenes lists them")],
)
def test_a_wav_named_after_no_scene(
    name: str,
    hint: str,
    media: Path,  # noqa: F811
    words: list[str],  # noqa: F811
    folder: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write(folder / f"{name}.wav", noise(0.1))
    for command in (["film"], ["render", "One"], ["lesson"]):
        assert run(*command, *words, "--narration", str(folder)) == 1
        assert hint in the_sentence(capsys)


def test_a_folder_that_is_not_there(media: Path, words: list[str], folder: Path, capsys) -> None:  # noqa: F811
    assert run("film", *words, "--narration", str(folder)) == 1
    assert "there is no folder" in the_sentence(capsys)
    shutil.rmtree(media)
