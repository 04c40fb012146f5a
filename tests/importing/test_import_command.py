"""./knobs import makes a checkpoint, or says in a sentence why it cannot."""

from __future__ import annotations

import io
import json
import pickle
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lesson.cli.program import main
from lesson.importing import datasets, readers
from lesson.importing.model import ImportRefused
from lesson.importing.readers import read_model
from network.checkpoint import load_checkpoint
from tests.importing.conftest import arrays_of
from tests.network.conftest import pictures, write_idx


@pytest.mark.parametrize(
    ("name", "said"),
    [
        *(("x.tflite", "save the network that it was made from, as .keras"), ("x.pt2", "cannot be read as .pt2")),
        *(("x.eqx", "its arrays with numpy.savez"), ("x", "opening a pickle can run any program")),
        ("x.npz", "it is empty"),
    ],
)
def test_files_that_nobody_can_read_have_a_way_out(name: str, said: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"" if "empty" in said else pickle.dumps([1]))
    with pytest.raises(ImportRefused, match=said):
        read_model(tmp_path / name)


def run(*words: object) -> int:
    with pytest.raises(SystemExit) as left:
        main([str(word) for word in words])
    return int(left.value.code or 0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for split, n, seed in (("train", 120, 1), ("t10k", 30, 2)):
        images, labels = pictures(n, seed=seed)
        write_idx(tmp_path / f"{split}-images-idx3-ubyte", images)
        write_idx(tmp_path / f"{split}-labels-idx1-ubyte", labels)
    return tmp_path


def test_the_command_makes_a_checkpoint_that_knows_its_data(
    folder: Path, trained: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    network = trained("sigmoid")
    np.savez(
        folder / "mine.npz",
        **{f"{k}{n}": a for n, p in enumerate(arrays_of(network, 255)) for k, a in zip("Wb", p, strict=True)},
    )
    output = folder / "out.npz"
    assert run("import", folder / "mine.npz", "--data", folder, "--output", output) == 0
    told = capsys.readouterr().out
    assert "Test accuracy" in told and "could not be checked by running the network itself" in told
    checkpoint = load_checkpoint(output)
    assert checkpoint.metadata.settings["imported"] == "mine.npz"
    assert checkpoint.metadata.test_accuracy is not None and checkpoint.metadata.test_accuracy > 0.9
    assert datasets.data_of(output, None) == folder
    before = output.read_bytes()
    assert run("import", folder / "mine.npz", "--data", folder, "--output", output) == 1
    assert output.read_bytes() == before
    assert run("import", output, "--data", folder, "--output", folder / "y.npz") == 1
    assert "is already a checkpoint of Knobs" in capsys.readouterr().err


def bad_file(folder: Path, kind: str) -> Path:
    file = folder / {"a pickle": "x.pkl", "a text": "x.txt", "a folder": "x.onnx", "not there": "x.keras"}.get(
        kind, "x.npz"
    )
    if kind == "a pickle":
        file.write_bytes(pickle.dumps([1]))
    elif kind == "a text":
        file.write_text("hello")
    elif kind == "a folder":
        file.mkdir()
    elif kind.startswith("text in "):
        file = folder / f"x{kind.removeprefix('text in ')}"
        file.write_text("hello")
    elif kind == "no archive":
        file.write_text("hello")
    elif kind == "cut off":
        whole = io.BytesIO()
        np.savez(whole, W=np.zeros((3, 64)))
        file.write_bytes(whole.getvalue()[:-30])
    elif kind == "objects":
        np.savez(file, W=np.array([{}], object), allow_pickle=True)
    elif kind == "other sizes":
        np.savez(file, W=np.zeros((3, 9)))
    elif kind == "a broken keras":
        file = folder / "x.keras"
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("config.json", json.dumps({}))
    return file


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("a pickle", "opening a pickle can run any program; save the model with skops"),
        ("a text", "x.txt is not known"),
        ("a folder", "is a folder"),
        ("not there", "there is no file"),
        ("no archive", "cannot be read as .npz"),
        ("cut off", "cannot be read as .npz"),
        ("objects", "x.npz holds Python objects"),
        ("other sizes", "takes 9 numbers and gives 3"),
        ("a broken keras", "x.keras"),
        *(
            (f"text in .{kind}", f"cannot be read as .{kind}: it is damaged")
            for kind in ("h5", "keras", "skops", "npz")
        ),
    ],
)
def test_what_cannot_be_imported_is_told_in_a_sentence(
    folder: Path, kind: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("import", bad_file(folder, kind), "--data", folder, "--output", folder / "out.npz") == 1
    told = capsys.readouterr().err.strip()
    assert said in told and "\n" not in told and "Traceback" not in told
    assert not (folder / "out.npz").exists()


def test_a_package_that_is_missing_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "onnx", None)
    (folder / "x.onnx").write_bytes(b"x")
    with pytest.raises(ImportRefused, match="needs the package onnx; install it with"):
        readers.read_model(folder / "x.onnx")
