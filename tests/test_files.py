"""Locks between processes: one waits for the other, and a killed one leaves no lock behind."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from network.files import check_writable, file_lock, final_name, temporary_name
from tests.processes import start


def test_a_lock_is_waited_for_and_freed_by_a_kill(tmp_path: Path) -> None:
    lock = tmp_path / "new folder" / "one.lock"
    code = (
        "import sys, time\nfrom pathlib import Path\nfrom network.files import file_lock\n"
        "with file_lock(Path(sys.argv[1]), lambda: None):\n    print('held', flush=True)\n    time.sleep(600)"
    )
    holder = start([sys.executable, "-c", code, str(lock)], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    waited = 0

    def on_wait() -> None:
        nonlocal waited
        waited += 1
        if waited == 3:
            holder.kill()

    with file_lock(lock, on_wait):
        assert waited >= 3
    holder.wait()
    holder.stdout.close()
    # Within one process, too, a lock keeps others out; and an error while waiting ends the wait.
    with (
        file_lock(lock, lambda: pytest.fail("it is free")),
        pytest.raises(InterruptedError),
        file_lock(lock, lambda: (_ for _ in ()).throw(InterruptedError())),
    ):
        pass


def test_a_place_for_a_file_is_tried_without_leaving_one(tmp_path: Path) -> None:
    check_writable(tmp_path / "new" / "x.npz")
    assert not list((tmp_path / "new").iterdir())
    (tmp_path / "file").touch()
    with pytest.raises(OSError):
        check_writable(tmp_path / "file" / "x.npz")


def test_messages_name_files_as_they_will_be_called(tmp_path: Path) -> None:
    clip = tmp_path / "a.b.mp4"
    assert final_name(temporary_name(clip)) == str(clip)
    assert final_name(str(tmp_path / ".x.npz.123.part")) == str(tmp_path / "x.npz")
    assert final_name(str(tmp_path / ".hidden")) == str(tmp_path / ".hidden")
    assert final_name(3) is None and final_name(None) is None
