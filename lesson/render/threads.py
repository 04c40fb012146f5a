"""How many processes and threads render: the cores and the memory of this machine, and what libraries read of them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Numerical libraries read these once, when they are loaded. One thread multiplies matrices as small as ours faster than
# several that wait for each other. And a sum that is split among threads is rounded differently, so a picture would
# depend on the number of cores.
MATRIX_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
# The first is `scenes.settings.THREADS`, which ./knobs --help should not have to load.
_DRAWING_THREADS = ("KNOBS_THREADS", "NUMBA_NUM_THREADS")


def limit_matrix_threads() -> None:
    """Let numerical libraries that are loaded from now on use one thread, unless the environment says otherwise."""
    for name in MATRIX_THREADS:
        os.environ.setdefault(name, "1")


def unusable_threads() -> list[str]:
    """Remove numbers of threads that nobody can use from the environment, and return what was there.

    A variable that is empty counts as one that is not set.
    """
    removed = []
    for name in (*_DRAWING_THREADS, *MATRIX_THREADS):
        value = os.environ.get(name)
        if value is not None and not re.fullmatch("0*[1-9][0-9]{0,3}", value):
            del os.environ[name]
            removed += [f"{name}={value}"] if value else []
    return removed


@contextmanager
def thread_limits(drawing_threads: int) -> Iterator[None]:
    """Set the thread limits for the processes that are started within; variables already set stay as they are."""
    values = dict.fromkeys(_DRAWING_THREADS, str(drawing_threads)) | dict.fromkeys(MATRIX_THREADS, "1")
    new = {name: value for name, value in values.items() if name not in os.environ}
    os.environ.update(new)
    try:
        yield
    finally:
        for name in new:
            os.environ.pop(name, None)


def available_cores() -> int:
    """The cores that this process may use."""
    try:
        allowed = len(os.sched_getaffinity(0))
    except AttributeError:  # not on a Mac
        allowed = os.cpu_count() or 1
    return max(1, min(allowed, _container_cores() or allowed))


def worker_count(megabytes_each: int) -> int:
    """How many processes of this size the machine has cores and memory for; at least one."""
    free = free_megabytes()
    return max(1, available_cores() if free is None else min(available_cores(), free // megabytes_each))


def free_megabytes() -> int | None:
    """The memory that is available, in MB; None if the system does not say."""
    found = []
    try:
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                found.append(int(line.split()[1]) // 1000)
        limit = Path("/sys/fs/cgroup/memory.max").read_text().strip()
        if limit != "max":
            used = int(Path("/sys/fs/cgroup/memory.current").read_text())
            found.append((int(limit) - used) // 1_000_000)
    except (OSError, ValueError, IndexError):
        pass
    return max(0, min(found)) if found else None


def _container_cores() -> int | None:
    """The whole cores that a container may use; None outside one."""
    try:
        quota, period = Path("/sys/fs/cgroup/cpu.max").read_text().split()
        return None if quota == "max" else max(1, int(quota) // int(period))
    except (OSError, ValueError, ZeroDivisionError):
        return None
