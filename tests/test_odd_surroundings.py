"""Commands work, or say in a sentence why not, where the surroundings are odd: variables, clocks, closed outputs."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lesson.cli.program import main
from lesson.export import slides
from lesson.export.folder import ExportError
from lesson.render.threads import unusable_threads
from scenes import settings


def knobs(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-P", "-m", "lesson", *words],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
    )


def test_a_number_of_threads_that_is_none_is_told_and_not_used(checkpoints: tuple[Path, Path], data: Path) -> None:
    words = ("evaluate", "--checkpoint", str(checkpoints[0]), "--data", str(data))
    ran = knobs(*words, NUMBA_NUM_THREADS="0", KNOBS_THREADS="abc")
    assert ran.returncode == 0 and ran.stderr == (
        "knobs: KNOBS_THREADS=abc is not a number of threads, so it is not used; write a whole number from 1\n"
        "knobs: NUMBA_NUM_THREADS=0 is not a number of threads, so it is not used; write a whole number from 1\n"
    )


def test_an_empty_number_of_threads_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(settings.THREADS, "")
    assert unusable_threads() == [] and settings.THREADS not in os.environ


@pytest.mark.parametrize("given", ["", "abc", "0", "-1", "1.5", "²"])
def test_in_manims_own_command_a_number_of_threads_that_is_none_counts_as_not_set(
    given: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No picture was drawn with 0 threads: it was cut into no bands."""
    monkeypatch.setenv(settings.THREADS, given)
    assert settings.drawing_threads() == os.cpu_count()
    monkeypatch.setenv(settings.THREADS, "3")
    assert settings.drawing_threads() == 3


def test_warnings_of_libraries_are_no_errors(tmp_path: Path) -> None:
    words = ("live", "ADigitAtAGlance", "--once", "--at", "0.1", "--height", "90", "--media", str(tmp_path))
    ran = knobs(*words, PYTHONWARNINGS="error")
    assert ran.returncode == 0, ran.stderr
    assert (tmp_path / "live" / "ADigitAtAGlance.png").exists()


@pytest.mark.parametrize("moment", ["nan", "inf", "-inf"])
def test_a_moment_that_is_no_number_is_refused(moment: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["live", "ADigitAtAGlance", "--once", "--at", moment])
    assert left.value.code == 2
    assert "'--at'" in capsys.readouterr().err


def test_a_clock_in_1970_is_told_before_slides_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    slides.require()
    monkeypatch.setattr(time, "localtime", lambda: time.gmtime(0))
    with pytest.raises(ExportError, match="this one says 1970; set the date"):
        slides.require()
