"""Programs that tests start and talk to while they run: none outlives the tests, however these end."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from network.files import is_running

# It becomes the program itself. 1 is PR_SET_PDEATHSIG of Linux: the signal when whoever started it has died; 9 kills.
_BECOME = """
import ctypes, os, signal, sys
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(1, 9)
if sys.argv[1] == "reached":
    signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execvp(sys.argv[2], sys.argv[2:])
"""


def start(command: Sequence[str], reached_by_ctrl_c: bool = False, **options: Any) -> subprocess.Popen[Any]:
    """Start a program, as subprocess.Popen does, that is killed when the tests are: one went on training for hours.

    reached_by_ctrl_c: also where the tests themselves run in the background and are deaf to it.
    """
    reached = "reached" if reached_by_ctrl_c else ""
    return subprocess.Popen([sys.executable, "-I", "-S", "-c", _BECOME, reached, *command], **options)


def lives(process: int) -> bool:
    """Whether a process does anything yet. One that has ended may stay as a zombie: nobody may take note of its end."""
    stat = Path(f"/proc/{process}/stat")
    try:
        return is_running(process) and not (stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z")
    except (FileNotFoundError, ProcessLookupError):  # it ended while we looked
        return False


def until(happens: Callable[[], object], seconds: float = 60) -> None:
    """Wait for something, which fails if it has not happened after so many seconds."""
    end = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < end
        time.sleep(0.05)
