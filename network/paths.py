"""Paths as people write them."""

from __future__ import annotations

import shlex
from pathlib import Path


def display_path(path: Path) -> str:
    """A path as a person would type it: relative if it lies below the current folder."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except (ValueError, OSError, RuntimeError):  # elsewhere; or the current folder is gone, or a link leads to itself
        return str(path)


def quoted(path: Path) -> str:
    """A path as a person would type it in a command, in quotes where it has spaces or the like."""
    return shlex.quote(display_path(path))
