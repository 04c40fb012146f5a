"""`knobs doctor` says what is broken, and what to do."""

from __future__ import annotations

import importlib.metadata
import shutil
from collections import namedtuple
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lesson.cli import doctor
from lesson.render import machine_checks
from network import digits


def examine(monkeypatch: pytest.MonkeyPatch, *wanted: str) -> Result:
    """What the doctor says when asked for these checks only."""
    checks = tuple((what, check) for what, check in machine_checks.CHECKS if what in wanted)
    assert len(checks) == len(wanted)
    monkeypatch.setattr(machine_checks, "CHECKS", checks)
    return CliRunner().invoke(doctor.command)


def test_this_machine_is_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = (
        "Python",
        "packages",
        "manim",
        "Numba",
        "Typst",
        "words",
        "video encoder",
        "training data",
        "media folder",
    )
    result = examine(monkeypatch, *wanted)
    assert result.exit_code == 0, result.output
    assert result.output.count("✓") == len(wanted)
    assert f"All {len(wanted)} checks passed." in result.output


def test_the_default_network_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KNOBS_CHECKPOINT", raising=False)
    result = examine(monkeypatch, "network")
    assert result.exit_code == 0, result.output
    assert "784-16-16-10, 13,002 knobs" in result.output


def test_a_damaged_network(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "x.npz"
    file.write_bytes(b"PK\3\4 and then nothing")
    monkeypatch.setenv("KNOBS_CHECKPOINT", str(file))
    result = examine(monkeypatch, "Python", "network")
    assert result.exit_code == 1
    assert "✓ Python" in result.output
    assert "✗ network" in result.output
    assert "cut off" in " ".join(result.output.split())
    assert "→ unset KNOBS_CHECKPOINT" in result.output
    assert "1 of 2 checks failed" in result.output


def test_damaged_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for file in machine_checks.DEFAULT_DATA.glob("*labels*.gz"):
        shutil.copy(file, tmp_path)
    monkeypatch.setattr(machine_checks, "DEFAULT_DATA", tmp_path)
    result = examine(monkeypatch, "training data")
    assert result.exit_code == 1
    assert "→ restore the files with: git checkout -- assets/mnist" in result.output


def test_data_of_another_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digits, "MNIST_MD5", {**digits.MNIST_MD5, "t10k-labels-idx1-ubyte": "0" * 32})
    result = examine(monkeypatch, "training data")
    assert result.exit_code == 1
    assert "differs from the published files: t10k-labels-idx1-ubyte" in result.output


def test_a_package_of_the_wrong_version(monkeypatch: pytest.MonkeyPatch) -> None:
    true = importlib.metadata.version
    monkeypatch.setattr(importlib.metadata, "version", lambda name: "13.0" if name == "pillow" else true(name))
    result = examine(monkeypatch, "packages")
    assert result.exit_code == 1
    assert "pillow is 13.0, but <13 is needed" in result.output
    assert "remove the folder .venv" in result.output


def test_media_that_cannot_be_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    in_the_way = tmp_path / "media"
    in_the_way.write_text("a file")
    monkeypatch.setattr(machine_checks, "MEDIA", in_the_way)
    result = examine(monkeypatch, "media folder")
    assert result.exit_code == 1
    assert "cannot be written" in result.output
    assert "or render with --media FOLDER" in " ".join(result.output.split())


def test_a_full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(machine_checks.shutil, "disk_usage", lambda path: usage(10, 9, 1_000_000))
    result = examine(monkeypatch, "disk")
    assert result.exit_code == 1
    assert "only 0.0 GB free" in result.output


def test_a_check_that_breaks_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> str:
        raise ImportError("libpango-1.0.so.0: cannot open shared object file")

    monkeypatch.setattr(machine_checks, "CHECKS", (("manim", broken),))
    result = CliRunner().invoke(doctor.command)
    assert result.exit_code == 1
    assert "libpango-1.0.so.0" in result.output


@pytest.mark.parametrize("name", ["a {b}", "a b", "a\nb", "b\udcff"])
def test_any_folder_for_temporary_files_will_do(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    # manim takes braces in a path for placeholders.
    (tmp_path / name).mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / name))
    assert examine(monkeypatch, "words").exit_code == 0


def test_no_folder_for_temporary_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nothing"))
    result = examine(monkeypatch, "words")
    assert result.exit_code == 1 and "TMPDIR" in result.output


@pytest.mark.parametrize("name", ["a {b}", "a\nb"])
def test_a_folder_that_manim_cannot_write_to(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    # Every check passed, and then rendering failed.
    monkeypatch.setattr(machine_checks, "MEDIA", tmp_path / name / "media")
    result = examine(monkeypatch, "media folder")
    assert result.exit_code == 1
    assert "a brace or a line break in its path" in " ".join(result.output.split())
