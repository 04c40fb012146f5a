from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes import lives, until

ROOT = Path(__file__).resolve().parent.parent
# Tests that are killed while a program of theirs runs: it would wait for a word that never comes.
KILLED = """
import os, subprocess, sys
from tests.processes import start
program = start([sys.executable, "-c", "import time; print('runs', flush=True); time.sleep(600)"],
                stdout=subprocess.PIPE, text=True)
program.stdout.readline()
print(program.pid, flush=True)
os.kill(os.getpid(), 9)
"""


@pytest.mark.needs("linux")
def test_a_program_ends_with_the_tests_that_started_it() -> None:
    killed = subprocess.run([sys.executable, "-c", KILLED], cwd=ROOT, capture_output=True, text=True)
    assert killed.returncode == -9, killed.stderr
    until(lambda: not lives(int(killed.stdout)))
