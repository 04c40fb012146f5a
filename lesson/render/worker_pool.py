"""A pool of worker processes, each with its share of the cores.

Two libraries were tried. In concurrent.futures, one killed process fails everybody's work. In pebble 5.2, killing one
idle process made the whole pool unusable ("Unexpected error within the Pool"), and progress does not come back.
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
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from lesson.render.threads import available_cores, thread_limits
from scenes.settings import shows_tracebacks

TRIES = 2

# Called with a number that says how far the work has come.
Progress = Callable[[float], None]


class WorkerLost(RuntimeError):
    """The process at work has ended, by kill -9 or for lack of memory, and so has the one after it."""


@dataclass
class _Task:
    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    on_progress: Progress | None
    future: Future[Any] = field(default_factory=Future)


class WorkerPool:
    """Processes that stay warm: what they have imported and read is kept for their next task.

    A submitted function, its arguments and its result must be picklable, so the function must stand in a module. Its
    first argument is `on_progress`, a function that sends a number back. When a process is lost, its task is started
    once more in a new one.
    """

    def __init__(self, count: int) -> None:
        self.slots = count
        self._tasks: queue.SimpleQueue[_Task | None] = queue.SimpleQueue()
        self._closed = False
        self._busy: set[BaseProcess] = set()
        self._threads_each = max(1, available_cores() // count)
        self._starting = threading.Lock()  # processes are started in a changed environment, one at a time
        self._threads = [threading.Thread(target=self._run_tasks, daemon=True) for _ in range(count)]
        for thread in self._threads:
            thread.start()

    def submit(self, function: Callable[..., Any], *arguments: Any, on_progress: Progress | None = None) -> Future[Any]:
        """`function(on_progress, *arguments)`, in one of the processes; it can be cancelled until one takes it up."""
        task = _Task(function, arguments, on_progress)
        self._tasks.put(task)
        return task.future

    def close(self) -> None:
        """End the processes, whatever they are doing."""
        self._closed = True
        for _ in self._threads:
            self._tasks.put(None)
        for process in list(self._busy):
            process.terminate()
        for thread in self._threads:
            thread.join()

    def _is_closed(self) -> bool:
        return self._closed

    def __enter__(self) -> WorkerPool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _run_tasks(self) -> None:
        """Give tasks to one process, and to a new one when that is lost."""
        worker: tuple[BaseProcess, Connection] | None = None
        while (task := self._tasks.get()) is not None:
            if not task.future.set_running_or_notify_cancel():
                continue
            for _ in range(TRIES):
                if self._is_closed():
                    break
                try:
                    process, pipe = worker = worker or self._start()
                    self._busy.add(process)
                    if self._is_closed():  # after `close` had ended those it knew
                        process.terminate()
                    pipe.send((task.function, task.arguments))
                    succeeded, result = _receive(pipe, task.on_progress)
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
                task.future.set_exception(WorkerLost("its process was killed"))
        if worker is not None:
            self._end(*worker)

    def _start(self) -> tuple[BaseProcess, Connection]:
        # A forked process would inherit the locks of our threads, but not the threads.
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_work, args=(theirs,), name="knobs worker", daemon=True)
        with self._starting, thread_limits(self._threads_each), without_interrupts():
            process.start()
        theirs.close()
        return process, ours

    def _end(self, process: BaseProcess, pipe: Connection) -> None:
        pipe.close()  # ends an idle process
        process.join(timeout=5)
        process.terminate()
        process.join()
        self._busy.discard(process)


@contextmanager
def without_interrupts() -> Iterator[None]:
    """A process that this thread starts in the block hears no Ctrl-C before it calls `ignore_interrupts`.

    Otherwise a process that is still starting would print a traceback.
    """
    # Python starts this process of its own with the first one of ours, and then lets interrupts through again.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def ignore_interrupts() -> None:
    """Have this process ignore every Ctrl-C, also one that came while it was started `without_interrupts`."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _receive(pipe: Connection, on_progress: Progress | None) -> tuple[bool, Any]:
    while True:
        kind, value = pipe.recv()
        if kind != "progress":
            return kind == "done", value
        if on_progress is not None:
            on_progress(value)


def _work(pipe: Connection) -> None:
    """The main loop of a worker; it ends with the process that started it."""
    ignore_interrupts()  # on Ctrl-C, the first process ends this one

    def on_progress(value: float) -> None:
        try:
            pipe.send(("progress", value))
        except OSError:
            os._exit(1)  # the first process is gone, so nobody needs the result

    while True:
        try:
            function, arguments = pipe.recv()
        except (EOFError, OSError):
            return
        try:
            answer: tuple[str, Any] = ("done", function(on_progress, *arguments))
        except Exception as problem:
            answer = ("failed", _picklable(problem))
        try:
            pipe.send(answer)
        except OSError:
            return


def _picklable(problem: Exception) -> Exception:
    """The exception, or its text if it cannot be pickled; with KNOBS_DEBUG its traceback is printed here."""
    import pickle
    import traceback

    if shows_tracebacks():
        traceback.print_exception(problem)
    try:
        pickle.loads(pickle.dumps(problem))
    except Exception:
        return RuntimeError(f"{type(problem).__name__}: {problem}")
    return problem
