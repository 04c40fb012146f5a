"""Processes that are measured from outside: processor time, wall time and peak memory of each."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# One thread for everything: processor time then says how much work there was, not how well it was shared out.
ONE_THREAD = dict.fromkeys(
    ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS", "KNOBS_THREADS"), "1"
)


@dataclass(frozen=True)
class Usage:
    """What a process took. Processor time and memory count the processes that it started, too; of memory, the most.

    output: what it wrote.
    """

    processor_seconds: float
    wall_seconds: float
    peak_megabytes: float
    output: str


class ProcessError(Exception):
    """A measured process that failed; the message holds the end of what it wrote."""


def run_measured(command: Sequence[str], root: Path = ROOT, environment: Mapping[str, str] | None = None) -> Usage:
    """Run a command in a checkout and say what it took. ProcessError if it fails.

    It has one thread unless `environment`, further variables, says otherwise. A small process of its own starts it: on
    Linux the peak memory of a process counts that of the one it was forked from, and this one may be large.
    """
    variables = {**os.environ, **ONE_THREAD, "PYTHONPATH": str(root), **(environment or {})}
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "usage.json"
        launcher = [sys.executable, str(Path(__file__).resolve()), str(told), *command]
        written = subprocess.run(launcher, cwd=root, env=variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        output = written.stdout.decode(errors="replace")
        if written.returncode:
            raise ProcessError(f"{' '.join(command)}:\n{output[-2000:]}")
        usage = json.loads(told.read_bytes())
    return Usage(**usage, output=output)


def launch(told: Path, command: Sequence[str]) -> int:
    """Run a command, write what it took, and return its exit code."""
    started = time.perf_counter()
    process = subprocess.Popen(command)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    # ru_maxrss counts kilobytes on Linux and bytes on macOS.
    peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6
    took = {"processor_seconds": usage.ru_utime + usage.ru_stime, "wall_seconds": wall, "peak_megabytes": peak}
    told.write_text(json.dumps(took))
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    sys.exit(launch(Path(sys.argv[1]), sys.argv[2:]))
