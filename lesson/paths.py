"""Where the project's own files are."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_DATA = ROOT / "assets" / "mnist"
DEFAULT_CHECKPOINT = ROOT / "assets" / "weights" / "default.npz"
TRAINED = ROOT / "media" / "weights"


def shown(path: Path) -> str:
    """A path as a person would type it: relative where it lies below the current folder."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
