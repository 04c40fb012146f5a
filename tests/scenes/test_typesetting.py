"""Type is set rightly, whoever else sets type in the same folder."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from manim import tempconfig

from scenes.kit.mobjects.outlines import typesetting
from scenes.stage.file_writer import remove_half_written_svgs

PROGRAM = """
import sys
from manim import tempconfig
from scenes.kit.mobjects.text import formula
with tempconfig({"tex_dir": sys.argv[1], "verbosity": "ERROR"}):
    for _ in range(30):
        formula("a^((1)) = sigma(W a^((0)) + b)")
"""


@pytest.mark.slow
def test_processes_that_set_the_same_formula_do_not_disturb_each_other(tmp_path: Path) -> None:
    """A clip drawn by two processes once failed at random: each removed the file that the other was about to read."""
    words = [sys.executable, "-W", "ignore", "-P", "-c", PROGRAM, str(tmp_path)]
    both = [subprocess.Popen(words, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate(timeout=200)[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], said


def test_only_files_that_were_cut_off_are_removed(tmp_path: Path) -> None:
    whole, half = tmp_path / "a.svg", tmp_path / "b.svg"
    whole.write_text("<svg></svg>\n")
    half.write_text("<svg><path")
    remove_half_written_svgs(tmp_path)
    assert whole.exists() and not half.exists()
    remove_half_written_svgs(tmp_path / "not there")


def test_the_folder_is_free_again_after_an_error(tmp_path: Path) -> None:
    with tempconfig({"tex_dir": str(tmp_path)}):
        with pytest.raises(ValueError, match="on purpose"), typesetting():
            raise ValueError("on purpose")
        with typesetting():
            pass
