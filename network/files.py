"""Files that are written completely or not at all, and locks between processes."""

from __future__ import annotations

import errno
import os
import re
import shlex
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


def temporary_name(file: Path) -> Path:
    """The name under which this process writes a file until it is complete."""
    return file.with_name(f".{file.stem}.{os.getpid()}{file.suffix}")


def final_name(file: object) -> str | None:
    """The name that a file will have when it is complete: in a message, nobody knows the one it is written under.

    file: as an OSError holds it; None if that is no name.
    """
    if not isinstance(file, str | bytes | os.PathLike):
        return None
    folder, name = os.path.split(os.fsdecode(file))
    part = re.fullmatch(r"\.(.+)\.\d+\.part", name)
    medium = _TEMPORARY.fullmatch(name)
    if part:
        name = part[1]
    elif medium:
        name = re.sub(r"^\.(.+)\.\d+(?:_temp)?(\.\w+)$", r"\1\2", name)
    return os.path.join(folder, name)


def remove_abandoned_files(folder: Path) -> None:
    """Remove the unfinished files of processes that no longer run."""
    for file in folder.glob(".*"):
        match = _TEMPORARY.fullmatch(file.name)
        if match is None:
            continue
        try:
            os.kill(int(match[1]), 0)  # signal 0 only checks whether the process exists
        except ProcessLookupError:
            file.unlink(missing_ok=True)
        except (PermissionError, OverflowError):
            pass  # it exists and belongs to another user


_TEMPORARY = re.compile(r"\..+\.(\d+)(?:_temp)?\.(?:mp4|mov|webm|gif|wav|aac|ogg)")


def atomic_write(path: Path, data: bytes) -> None:
    """Write a file completely or not at all: first under another name, which then replaces the old file."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with open(temporary, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())  # on disk before it replaces the old file
        os.replace(temporary, path)
    except BaseException:
        try:
            temporary.unlink(missing_ok=True)
        except OSError:
            pass  # the first failure is the one to report
        raise


def check_writable(path: Path) -> None:
    """Raise the OSError that writing a file would raise; its folder is created."""
    probe = path.with_name(f".{path.name}.{os.getpid()}.part")
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


def display_path(path: Path) -> str:
    """A path as a person would type it: relative if it lies below the current folder."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except (ValueError, OSError, RuntimeError):  # elsewhere; or the current folder is gone, or a link leads to itself
        return str(path)


def quoted(path: Path) -> str:
    """A path as a person would type it in a command, in quotes where it has spaces or the like."""
    return shlex.quote(display_path(path))


def is_running(process: int) -> bool:
    """Whether a process with this number is running on this machine, whichever user started it."""
    try:
        os.kill(process, 0)  # sends nothing
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        pass  # somebody else's
    return True
