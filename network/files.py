"""Files that are written completely or not at all, what they hold by its digest, and locks between processes."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from network.moved import names_moved

# What process 4711 has not finished: .knobs-4711-Clip.mp4. Only such files are ever removed.
_UNFINISHED = re.compile(r"\.knobs-(\d+)-.+")

__getattr__ = names_moved(__name__, {name: ("network.paths", name) for name in ("display_path", "quoted")})


def temporary_name(file: Path) -> Path:
    """The name under which this process writes a file until it is complete; it ends as the file's own does."""
    return file.with_name(f".knobs-{os.getpid()}-{file.name}")


def final_name(file: object) -> str | None:
    """The name that a file will have when it is complete: in a message, nobody knows the one it is written under.

    file: as an OSError holds it; None if that is no name.
    """
    if not isinstance(file, str | bytes | os.PathLike):
        return None
    folder, name = os.path.split(os.fsdecode(file))
    # A file that is not finished may itself be written anew, and manim has a name for it while it adds sound.
    if unfinished := re.fullmatch(r"(?:\.knobs-\d+-)+(.+?)(?:_temp(\.\w+))?", name):
        name = unfinished[1] + (unfinished[2] or "")
    return os.path.join(folder, name)


def abandoned_files(folder: Path) -> Iterator[Path]:
    """What processes that no longer run have not finished in a folder: files, and folders."""
    for path in folder.glob(".knobs-*"):
        process = _UNFINISHED.fullmatch(path.name)
        if process and not is_running(int(process[1])):
            yield path


def remove_abandoned_files(folder: Path) -> None:
    """Remove what processes that no longer run have not finished in a folder."""
    for path in list(abandoned_files(folder)):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


@contextmanager
def unfinished_file(target: Path) -> Iterator[Path]:
    """Where to write a file until it is complete and takes its name; whatever is left there is removed."""
    file = temporary_name(target)
    file.unlink(missing_ok=True)  # a link of this name would be written through
    try:
        yield file
    finally:
        try:
            file.unlink(missing_ok=True)
        except OSError:
            pass  # the first failure is the one to report


def atomic_write(path: Path, data: bytes) -> None:
    """Write a file completely or not at all: first under another name, which then replaces the old file."""
    with unfinished_file(path) as unfinished:
        with open(unfinished, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())  # on disk before it replaces the old file
        os.replace(unfinished, path)


def check_writable(path: Path) -> None:
    """Raise the OSError that writing a file would raise; its folder is created."""
    probe = temporary_name(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    probe.touch()
    probe.unlink()


@contextmanager
def file_lock(file: Path, on_wait: Callable[[], object]) -> Iterator[None]:
    """Hold the lock `file` while the block runs. While another process holds it, call `on_wait` ten times a second.

    The system releases the lock when the process ends, even when it is killed. A file system without locks gives none.
    OSError if the lock file cannot be written.
    """
    from filelock import FileLock, Timeout

    file.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(file)
    while True:
        try:
            lock.acquire(timeout=0)
        except Timeout:
            on_wait()
            time.sleep(0.1)
            continue
        except OSError as problem:
            if problem.errno not in (errno.ENOLCK, errno.EOPNOTSUPP):
                raise
        break
    try:
        yield
    finally:
        lock.release()


def file_state(file: Path) -> list[int] | None:
    """File change stamp: size in bytes and modification time in nanoseconds; None if there is no such file."""
    try:
        found = file.stat()
    except OSError:
        return None
    return [found.st_size, found.st_mtime_ns]


def digest_of_file(file: Path) -> str:
    """The sha256 of a file. OSError if it cannot be read."""
    with open(file, "rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def digest_if_readable(file: Path) -> str:
    """The sha256 of a file; empty if it cannot be read."""
    try:
        return digest_of_file(file)
    except OSError:
        return ""


def is_running(process: int) -> bool:
    """Whether a process with this number is running on this machine, whichever user started it."""
    try:
        os.kill(process, 0)  # sends nothing
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        pass  # somebody else's
    return True
