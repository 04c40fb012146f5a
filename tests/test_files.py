"""Locks between processes: one waits for the other, and a killed one leaves no lock behind."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from network.files import atomic_write, check_writable, file_lock, final_name, temporary_name
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


def test_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    """Somebody may have guessed the name under which a file is written."""
    (tmp_path / "mine.txt").write_text("mine")
    temporary_name(tmp_path / "x.json").symlink_to(tmp_path / "mine.txt")
    atomic_write(tmp_path / "x.json", b"{}")
    assert (tmp_path / "mine.txt").read_text() == "mine"
    assert (tmp_path / "x.json").read_bytes() == b"{}" and not (tmp_path / "x.json").is_symlink()
    assert len(list(tmp_path.iterdir())) == 2


def test_messages_name_files_as_they_will_be_called(tmp_path: Path) -> None:
    clip = tmp_path / "a.b.mp4"
    assert final_name(temporary_name(clip)) == str(clip)
    assert final_name(temporary_name(temporary_name(clip))) == str(clip), "its index goes first"
    assert final_name(temporary_name(tmp_path / "a.b_temp.mp4")) == str(clip), "manim adds its sound"
    assert final_name(str(tmp_path / ".knobs-123-data")) == str(tmp_path / "data")
    for name in (".hidden", ".holiday.2019.mp4", "room_temp.mp4", ".knobs-notes"):
        assert final_name(str(tmp_path / name)) == str(tmp_path / name)
    assert final_name(3) is None and final_name(None) is None
