"""Packages of other programs, imported only when a file needs them."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

from lesson.importing.model import ImportRefused
from scenes.installing import install_command

_INSTALLED_AS = {"sklearn": "scikit-learn", "skops.io": "skops", "scipy.io": "scipy"}


def require(package: str, file: Path, doing: str = "reading") -> Any:
    """A package that reads the file, or does something else with it; ImportRefused says how to install it."""
    try:
        return importlib.import_module(package)
    except ImportError:
        name = _INSTALLED_AS.get(package, package)
        raise ImportRefused(
            f"{doing} {file.name} needs the package {name}; install it with: {install_command(name)}"
        ) from None


def optional(package: str) -> Any | None:
    """A package to run the model with; None if it is not installed."""
    try:
        return importlib.import_module(package)
    except Exception:  # a broken installation is as good as none
        return None
