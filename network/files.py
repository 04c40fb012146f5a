"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import re
from pathlib import Path


def part_of(file: Path) -> Path:
    """The name under which this process writes a file until it is whole."""
    return file.with_name(f".{file.stem}.{os.getpid()}{file.suffix}")


def remove_abandoned_parts(folder: Path) -> None:
    """Remove the unfinished files of processes that are no more."""
    for part in folder.glob(".*"):
        number = _PART.fullmatch(part.name)
        if number is None:
            continue
        try:
            os.kill(int(number[1]), 0)  # only asks whether it is there
        except ProcessLookupError:
            part.unlink(missing_ok=True)
        except (PermissionError, OverflowError):
            pass  # there, and somebody else's


_PART = re.compile(r"\..+\.(\d+)(?:_temp)?\.(?:mp4|mov|webm|gif|wav|aac|ogg)")


def atomic_write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all: under another name first, which then takes the place of the old file."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with open(temporary, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())  # on the disk before it takes the old one's place
        os.replace(temporary, path)
    except BaseException:
        try:
            temporary.unlink(missing_ok=True)
        except OSError:
            pass  # what is being reported is the first failure, not this one
        raise


def display_path(path: Path) -> str:
    """A path as a person would type it: relative where it lies below the current folder."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def is_running(process: int) -> bool:
    """Whether a process of this number runs on this machine, whoever started it."""
    try:
        os.kill(process, 0)  # sends nothing
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        pass  # somebody else's
    return True
