"""The command that installs what is missing works in whichever folder it is typed."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

import pytest

from scenes.installing import install_command, install_extra
from scenes.settings import ROOT


def test_it_is_short_in_our_own_folder_and_whole_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It named .venv and constraints.txt wherever it was called, and failed there."""
    monkeypatch.setattr(sys, "prefix", str(ROOT / ".venv"))
    monkeypatch.chdir(ROOT)
    assert install_command("onnx") == ".venv/bin/pip install -c constraints.txt onnx"
    assert install_extra("pptx") == ".venv/bin/pip install -c constraints.txt -e '.[pptx]'"
    monkeypatch.chdir(tmp_path)
    words = shlex.split(install_extra("pptx"))
    assert words[1:] == ["install", "-c", str(ROOT / "constraints.txt"), "-e", f"{ROOT}[pptx]"]
    assert words[0] == f"{ROOT}/.venv/bin/pip"


def test_no_other_sentence_writes_such_a_command_by_itself() -> None:
    sources = [file for folder in ("network", "scenes", "lesson") for file in (ROOT / folder).rglob("*.py")]
    found = [file.name for file in sources if re.search(r"\.venv/bin|constraints\.txt (-e|\w)", file.read_text())]
    assert len(sources) > 200 and found == []
