"""Where trained networks go, and how a path is shown."""

from __future__ import annotations

from pathlib import Path

from scenes.places import ROOT

TRAINED = ROOT / "media" / "weights"


def shown(path: Path) -> str:
    """A path as a person would type it: relative where it lies below the current folder."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
