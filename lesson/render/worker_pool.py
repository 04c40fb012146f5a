"""Processes that do what they are given, one thing after the other, each with its share of the cores.

concurrent.futures has such a pool, but there one process that is killed takes down all the others' work with it.
"""

from __future__ import annotations

import multiprocessing
import os
import queue
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from lesson.cli.program import MATRIX_THREADS
from scenes.settings import THREADS, shows_tracebacks

# What the painters of `scenes.kit.camera` read, to know how many threads they may use.
_DRAWING_THREADS = (THREADS, "NUMBA_NUM_THREADS")
TRIES = 2

Progress = Callable[[float], None]


class WorkerLost(RuntimeError):
    """The process that did something has ended, as by kill -9 or for want of memory, and so has the one after it."""


@dataclass
class _Task:
    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    on_progress: Progress | None
    future: Future[Any] = field(default_factory=Future)


class WorkerPool:
    """Processes that stay warm: what they import and read is there for the next thing they do.

    A function that is submitted, its arguments and its result go from one process to the other, so they must stand in
    a module and be picklable. Its first argument is a function that takes how far it is, in any number, and has it
    told to `on_progress`. Where a process is lost, what it did is begun once more in a new one.
    """

    def __init__(self, count: int) -> None:
        self.slots = count
        self._tasks: queue.SimpleQueue[_Task | None] = queue.SimpleQueue()
        self._closed = False
        self._busy: set[BaseProcess] = set()
        self._threads_each = str(max(1, cores() // count))
        self._starting = threading.Lock()  # they are started with another environment, one at a time
        self._servers = [threading.Thread(target=self._serve, daemon=True) for _ in range(count)]
        for server in self._servers:
            server.start()

    def submit(self, function: Callable[..., Any], *arguments: Any, on_progress: Progress | None = None) -> Future[Any]:
        """`function(tell, *arguments)`, in one of the processes."""
        task = _Task(function, arguments, on_progress)
        self._tasks.put(task)
        return task.future

    def close(self) -> None:
        """End the processes, whatever they are at."""
        self._closed = True
        for _ in self._servers:
            self._tasks.put(None)
        for process in list(self._busy):
            process.terminate()
        for server in self._servers:
            server.join()

    def _is_closed(self) -> bool:
        return self._closed

    def __enter__(self) -> WorkerPool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _serve(self) -> None:
        """Hand the tasks to one process, and to the next when that is lost."""
        worker: tuple[BaseProcess, Connection] | None = None
        while (task := self._tasks.get()) is not None:
            for _ in range(TRIES):
                if self._is_closed():
                    break
                try:
                    process, pipe = worker = worker or self._start()
                    self._busy.add(process)
                    pipe.send((task.function, task.arguments))
                    succeeded, result = _follow(pipe, task.on_progress)
                    self._busy.discard(process)
                except (EOFError, OSError):
                    if worker is not None:
                        self._end(*worker)
                        worker = None
                    continue
                if succeeded:
                    task.future.set_result(result)
                else:
                    task.future.set_exception(result)
                break
            if not task.future.done():
                task.future.set_exception(WorkerLost("the process that did it was killed"))
        if worker is not None:
            self._end(*worker)

    def _start(self) -> tuple[BaseProcess, Connection]:
        # A process that is forked would have our threads' locks and no threads.
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_work, args=(theirs,), name="knobs worker", daemon=True)
        threads = dict.fromkeys(_DRAWING_THREADS, self._threads_each) | dict.fromkeys(MATRIX_THREADS, "1")
        with self._starting, environment(threads):
            process.start()
        theirs.close()
        return process, ours

    def _end(self, process: BaseProcess, pipe: Connection) -> None:
        pipe.close()  # one that waits ends by that
        process.join(timeout=5)
        process.terminate()
        process.join()
        self._busy.discard(process)


def _follow(pipe: Connection, on_progress: Progress | None) -> tuple[bool, Any]:
    while True:
        kind, value = pipe.recv()
        if kind != "progress":
            return kind == "done", value
        if on_progress is not None:
            on_progress(value)


def _work(pipe: Connection) -> None:
    """What a process does all its life; it ends when the one that started it does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the matter of the first process, which ends this one

    def tell(value: float) -> None:
        try:
            pipe.send(("progress", value))
        except OSError:
            os._exit(1)  # nobody is there any more, and what would be rendered is asked for by nobody

    while True:
        try:
            function, arguments = pipe.recv()
        except (EOFError, OSError):
            return
        try:
            answer: tuple[str, Any] = ("done", function(tell, *arguments))
        except Exception as problem:
            answer = ("failed", _sendable(problem))
        try:
            pipe.send(answer)
        except OSError:
            return


def _sendable(problem: Exception) -> Exception:
    """The same, or what can be said of it, where it cannot be pickled; with KNOBS_DEBUG it is printed here."""
    import pickle
    import traceback

    if shows_tracebacks():
        traceback.print_exception(problem)
    try:
        pickle.loads(pickle.dumps(problem))
    except Exception:
        return RuntimeError(f"{type(problem).__name__}: {problem}")
    return problem


@contextmanager
def environment(values: dict[str, str]) -> Iterator[None]:
    """Environment variables for what is started within; those that are set already stay as they are."""
    new = {name: value for name, value in values.items() if name not in os.environ}
    os.environ.update(new)
    try:
        yield
    finally:
        for name in new:
            os.environ.pop(name, None)


# ------------------------------------------------------------------------------------------ how many


def cores() -> int:
    """The cores that this process may use."""
    try:
        allowed = len(os.sched_getaffinity(0))
    except AttributeError:  # not on a Mac
        allowed = os.cpu_count() or 1
    return max(1, min(allowed, _share_of_a_container() or allowed))


def how_many(megabytes_each: int) -> int:
    """How many processes of that size this machine has cores and memory for; at least one."""
    free = free_megabytes()
    return max(1, cores() if free is None else min(cores(), free // megabytes_each))


def free_megabytes() -> int | None:
    """The memory that can be had without taking it from others, in MB; None where the system does not tell."""
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


def _share_of_a_container() -> int | None:
    """The whole cores that a container is given, where there is one."""
    try:
        quota, period = Path("/sys/fs/cgroup/cpu.max").read_text().split()
        return None if quota == "max" else max(1, int(quota) // int(period))
    except (OSError, ValueError, ZeroDivisionError):
        return None
