from __future__ import annotations

import os
import signal
import threading

import pytest

from network.helping_threads import helping_threads


def test_ctrl_c_leaves_no_thread_at_work_that_python_takes_for_ended() -> None:
    """Python shut down under a thread that still judged pictures, and crashed."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    began, goes_on = threading.Event(), threading.Event()
    workers: list[threading.Thread] = []

    def work() -> None:
        workers.append(threading.current_thread())
        began.set()
        os.kill(os.getpid(), signal.SIGINT)
        goes_on.wait()

    try:
        with pytest.raises(KeyboardInterrupt), helping_threads(1) as pool:
            list(pool.map(lambda _: work(), [0]))
        assert began.is_set() and workers[0].is_alive()
    finally:
        goes_on.set()
        signal.signal(signal.SIGINT, before)
    workers[0].join()
