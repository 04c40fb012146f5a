"""The metadata of a checkpoint, read without NumPy: a command that finds nothing to do should not wait for it."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

from network.bounds import refusal


def read_metadata(checkpoint: Path) -> dict[str, Any] | None:
    """The metadata as it stands in the file; None if it cannot be read.

    Nothing is checked but that it is JSON. `network.checkpoint.load_checkpoint` checks it, and reports what is wrong.
    """
    try:
        if refusal(checkpoint):
            return None
        with zipfile.ZipFile(checkpoint) as archive:
            _, _, text = archive.read("metadata.npy").partition(b"\n")  # after the header: UTF-32
        found = json.loads(text.decode("utf-32-le"))
    except Exception:  # a damaged archive fails in many ways, and whoever loads it says how
        return None
    return found if isinstance(found, dict) else None
