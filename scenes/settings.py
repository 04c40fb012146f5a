"""Where scenes find the network and the data: what was asked for, or is set in the environment, or comes with Knobs."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_CHECKPOINT = ROOT / "assets" / "weights" / "default.npz"
DEFAULT_DATA = ROOT / "assets" / "mnist"
# Where trained networks go.
TRAINED = ROOT / "media" / "weights"


def checkpoint_place(asked: Path | None = None) -> Path:
    """The file of the network that is drawn; where none is asked for, that of KNOBS_CHECKPOINT or the default one."""
    return asked or Path(os.environ.get("KNOBS_CHECKPOINT") or DEFAULT_CHECKPOINT)


def data_place(asked: Path | None = None) -> Path:
    """The folder of the data that are shown; where none is asked for, that of KNOBS_DATA or MNIST."""
    return asked or Path(os.environ.get("KNOBS_DATA") or DEFAULT_DATA)
