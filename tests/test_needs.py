"""A test that cannot be run is listed, with the remedy, and a run of all tests fails without it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.needs import NEEDS, NOT_RUN

ROOT = Path(__file__).resolve().parent.parent
TESTS = """
import pytest

def test_runs():
    pass

@pytest.mark.needs("shellcheck")
def test_needs_a_program():
    raise AssertionError("there is none")

def test_needs_a_fixture(browser):
    raise AssertionError("there is none")

@pytest.fixture
def browser():
    raise AssertionError("it is not looked for")
"""


def outcome(folder: Path, *words: str, tests: str = TESTS) -> subprocess.CompletedProcess[str]:
    """What pytest says on a machine with no programs at all."""
    (folder / "test_it.py").write_text(tests)
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = needs(name)\n")
    program = [sys.executable, "-m", "pytest", "-p", "tests.needs", "-p", "no:cacheprovider", *words]
    environment = {"PATH": str(folder), "PYTHONPATH": str(ROOT), "HOME": os.environ.get("HOME", "")}
    return subprocess.run(program, cwd=folder, env=environment, capture_output=True, text=True)


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["one process", "several"])
def test_what_was_not_run_is_listed(workers: tuple[str, ...], tmp_path: Path) -> None:
    result = outcome(tmp_path, *workers, "--nothing-left-out")
    assert result.returncode == NOT_RUN, result.stdout
    assert "1 passed, 2 skipped" in result.stdout
    assert "NOT RUN: 1 test without shellcheck. To run: install shellcheck" in result.stdout
    assert "NOT RUN: 1 test without chromium. To run: install chromium" in result.stdout


def test_it_is_a_fault_only_where_all_was_asked_for(tmp_path: Path) -> None:
    result = outcome(tmp_path)
    assert result.returncode == 0 and "NOT RUN: 1 test without shellcheck" in result.stdout


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["one process", "several"])
def test_what_is_left_out_on_purpose_is_no_fault(workers: tuple[str, ...], tmp_path: Path) -> None:
    result = outcome(tmp_path, *workers, "--nothing-left-out", "--without=shellcheck", "--without=chromium")
    assert result.returncode == 0, result.stdout
    assert "NOT RUN" not in result.stdout


def test_one_need_is_left_out_and_the_other_stays(tmp_path: Path) -> None:
    result = outcome(tmp_path, "--nothing-left-out", "--without=shellcheck")
    assert result.returncode == NOT_RUN
    assert "shellcheck" not in result.stdout and "NOT RUN: 1 test without chromium" in result.stdout
    assert "invalid choice: 'nothing'" in outcome(tmp_path, "--without=nothing").stderr


def test_any_other_skip_is_listed_too(tmp_path: Path) -> None:
    skipping = "import pytest\n\ndef test_it():\n    pytest.skip('not today')\n"
    result = outcome(tmp_path, "--nothing-left-out", tests=skipping)
    assert result.returncode == NOT_RUN
    assert "NOT RUN: 1 test: not today" in result.stdout


def test_no_test_skips_itself() -> None:
    """What it needs is said in tests/needs.py, so that --without can leave it out."""
    skips = re.compile(r"pytest\.skip\(|importorskip\(|mark\.skip(?:if)?\b")
    found = {file.name: len(skips.findall(file.read_text("utf-8"))) for file in (ROOT / "tests").rglob("*.py")}
    assert {name: count for name, count in found.items() if count} == {"needs.py": 1, Path(__file__).name: 1}


def test_a_failure_stays_a_failure(tmp_path: Path) -> None:
    failing = f"{TESTS}\ndef test_fails():\n    assert False\n"
    assert outcome(tmp_path, "--nothing-left-out", tests=failing).returncode == 1


def test_unknown_needs_are_refused(tmp_path: Path) -> None:
    unknown = "import pytest\n\n@pytest.mark.needs('a miracle')\ndef test_it():\n    pass\n"
    assert "needs a miracle, which tests/needs.py does not know" in outcome(tmp_path, tests=unknown).stderr


def test_every_need_says_what_brings_it() -> None:
    assert all(need.remedy() for need in NEEDS.values())
