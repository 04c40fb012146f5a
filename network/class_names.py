"""The names of classes in a file beside the data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from network.bounds import refusal
from network.errors import DataError


def named_classes(folder: Path) -> tuple[str, ...]:
    """The names in the classes.txt of a folder, one on each line; empty if there is none."""
    return named_lines(folder / "classes.txt")


def named_lines(file: Path, of: str = "classes") -> tuple[str, ...]:
    """The names in a file, one on each line, which all differ; empty if there is no such file."""
    if not file.exists():
        return ()
    if reason := refusal(file):
        raise DataError(f"{file} {reason}; put a text file there, with one name on each line")
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as problem:
        raise DataError(f"{file} is not text in UTF-8; save it as UTF-8, with one name on each line") from problem
    names = tuple(line.strip() for line in lines if line.strip())
    check_names_differ(names, file, of)
    return names


def check_names_differ(names: Sequence[str], source: Path, of: str = "classes") -> None:
    """DataError where two classes, or two inputs of a table, have the same name."""
    if twice := next((name for name, count in Counter(names).items() if count > 1), None):
        raise DataError(f"{source} gives two {of} the name {twice}; give each its own")
