from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

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


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")
def test_a_program_ends_with_the_tests_that_started_it() -> None:
    killed = subprocess.run([sys.executable, "-c", KILLED], cwd=ROOT, capture_output=True, text=True)
    assert killed.returncode == -9, killed.stderr
    program = Path(f"/proc/{int(killed.stdout)}/stat")
    # Nobody may be there to take note of its end; it is a zombie then.
    while program.exists() and program.read_text().rpartition(")")[2].split()[0] != "Z":
        time.sleep(0.01)
