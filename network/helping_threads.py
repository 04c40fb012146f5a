"""Threads that help the main one, and that Ctrl-C cannot leave at work while Python shuts down."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager


@contextmanager
def helping_threads(count: int) -> Iterator[ThreadPoolExecutor]:
    """`count` threads that do what is submitted. Wait for results inside: on leaving, what has not begun is dropped.

    A ThreadPoolExecutor waits for its threads as it is left. Until Python 3.13, a Ctrl-C in that moment makes Python
    take a thread that still works for one that has ended (bpo-45274), so it would shut down under it: the process
    crashed or hung. Here nothing waits that Ctrl-C could end, and Python itself waits for the threads before its end.
    """
    pool = ThreadPoolExecutor(count)
    try:
        yield pool
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
