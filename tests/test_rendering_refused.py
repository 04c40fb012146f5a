"""What cannot be rendered: a sentence says what is wrong and what to do, and nothing is written."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.conftest import CLASSES, network
from tests.test_command_line import run
from tests.test_rendering import nothing_stays, the_sentence, words  # noqa: F401 (fixtures)
from tests.tiny_lesson import teach


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("ForwardPassOfDigit", "did you mean ForwardPassOfADigit?"),
        ("forwardpas", "did you mean ForwardPassOfADigit?"),
        ("Bias", "did you mean BiasIsAThreshold?"),
        ("loops", "did you mean LookingForLoops?"),
        ("qqq", "there is no scene 'qqq'; ./knobs scenes lists them"),
        ("99", "./knobs scenes lists them"),
    ],
)
def test_an_unknown_scene(typed: str, hint: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("render", typed, "--media", str(tmp_path / "media")) == 1
    sentence = the_sentence(capsys)
    assert f"there is no scene '{typed}'" in sentence
    assert hint in sentence
    assert not (tmp_path / "media").exists()


def missing(file: Path) -> None:
    pass


def cut_off(file: Path) -> None:
    network(0).save(file)
    file.write_bytes(file.read_bytes()[:-500])


def not_a_number(file: Path) -> None:
    good = network(0)
    good.save(file)
    with zipfile.ZipFile(file) as archive, zipfile.ZipFile(file.with_suffix(".new"), "w") as changed:
        for name in archive.namelist():
            content = archive.read(name)
            if name == "biases_1.npy":
                content = content[:-4] + np.float32(np.nan).tobytes()
            changed.writestr(name, content)
    file.with_suffix(".new").replace(file)


def of_the_future(file: Path) -> None:
    arrays = network(0)._arrays()
    metadata = json.loads(str(arrays["metadata"]))
    arrays["metadata"] = np.array(json.dumps({**metadata, "format": 99}))
    np.savez(file, **arrays)


def too_large(file: Path) -> None:
    network(0, (784, 8, CLASSES)).save(file)


def too_many_outputs(file: Path) -> None:
    network(0, (64, 8, 10)).save(file)


@pytest.mark.parametrize(
    ("spoil", "problem", "remedy"),
    [
        (missing, "there is no checkpoint", "--checkpoint FILE"),
        (cut_off, "is cut off", "copy it again"),
        (not_a_number, "NaN", "train a new one"),
        (of_the_future, "format 99", "update Knobs"),
        (too_large, "takes 784 numbers an image", "--data FOLDER"),
        (too_many_outputs, "has 10 outputs", "--checkpoint FILE"),
    ],
)
def test_a_network_that_cannot_be_drawn(
    spoil: Callable[[Path], None],
    problem: str,
    remedy: str,
    data: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path / "spoilt.npz"
    spoil(file)
    assert run("render", "--checkpoint", str(file), "--data", str(data), "--media", str(tmp_path / "media")) == 1
    sentence = the_sentence(capsys)
    assert problem in sentence
    assert remedy in sentence
    assert not list(tmp_path.rglob("*.mp4"))


def test_a_network_for_other_pictures_than_mnist(checkpoints: tuple[Path, Path], capsys: Any) -> None:
    assert run("render", "--checkpoint", str(checkpoints[0])) == 1
    assert "takes 64 numbers an image, but the images have 28×28 pixels" in the_sentence(capsys)


@pytest.mark.parametrize(
    ("file", "content", "problem"),
    [
        (None, b"", "there is no data folder"),
        ("t10k-images-idx3-ubyte", None, "has no test images"),
        ("t10k-images-idx3-ubyte", 100, "is cut off"),
        ("t10k-labels-idx1-ubyte", b"no labels", "is not an IDX file"),
    ],
)
def test_data_that_cannot_be_read(
    file: str | None,
    content: bytes | int | None,
    problem: str,
    data: Path,
    checkpoints: tuple[Path, Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = tmp_path / "data"
    if file is not None:
        shutil.copytree(data, folder)
        if content is None:
            (folder / file).unlink()
        else:
            whole = (folder / file).read_bytes()
            (folder / file).write_bytes(whole[:content] if isinstance(content, int) else content)
    assert run("render", "--checkpoint", str(checkpoints[0]), "--data", str(folder), "--media", str(tmp_path)) == 1
    assert problem in the_sentence(capsys)
    assert not list(tmp_path.rglob("*.mp4"))


@pytest.mark.parametrize("place", ["file", "file/media"])
def test_clips_cannot_go_where_a_file_is(
    place: str,
    words: list[str],  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    teach(monkeypatch.setattr)
    (tmp_path / "file").write_text("mine")
    assert run("render", *words[:-1], str(tmp_path / place)) == 1
    sentence = the_sentence(capsys)
    assert "cannot be written: Not a directory; choose another folder with --media FOLDER" in sentence
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize("command", ["render", "film", "export", "lesson"])
@pytest.mark.parametrize("name", ["a {b}", "{media_dir}", "a\nb", "caf\udce9"])
def test_a_folder_that_manim_cannot_write_to(
    command: str,
    name: str,
    words: list[str],  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Any,
) -> None:
    # manim takes braces for placeholders: it raised a KeyError, or replaced one by itself without end.
    # With a line break in the path, FFmpeg did not understand the list of segments.
    teach(monkeypatch.setattr)
    assert run(command, *words[:-1], str(tmp_path / name)) == 1
    said = "whose path is not text in UTF-8" if "\udce9" in name else "a brace or a line break in its path"
    assert said in the_sentence(capsys)
    assert not list(tmp_path.iterdir())
