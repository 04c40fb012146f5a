"""Which clips are up to date: each keeps beside it, in a small file, what it was made from.

All of it is told without importing manim, so that a lesson to which nothing happened is ready at once.
"""

from __future__ import annotations

import hashlib
import json
import os
from importlib.metadata import version
from pathlib import Path
from typing import Any

from lesson.paths import DEFAULT_CHECKPOINT, DEFAULT_DATA
from lesson.story import story_file
from scenes import sources

FORMAT = 1
# What a clip is made from, and what is said where that has changed.
REASONS = {
    "quality": "the quality is another",
    "sources": "the code has changed",
    "network": "the network has changed",
    "data": "the data has changed",
    "versions": "manim or what it draws with has changed",
}
_DRAWN_WITH = ("manim", "numpy", "typst", "av", "pycairo")


def made_from(quality: str, checkpoint: Path | None = None, data: Path | None = None) -> dict[str, str]:
    """Fingerprints of all that a clip depends on; the default network and data, or those of the environment, for None.

    Every source of network/ and scenes/ counts for every clip. Of the network the whole file counts, since scenes show
    how it came to be, too. What is not there counts as an empty text; to say so is the matter of who reads it.
    """
    checkpoint = checkpoint or Path(os.environ.get("KNOBS_CHECKPOINT") or DEFAULT_CHECKPOINT)
    data = data or Path(os.environ.get("KNOBS_DATA") or DEFAULT_DATA)
    return {
        "quality": quality,
        "sources": sources.of_everything(),
        "network": _of_files([checkpoint]),
        "data": _of_files(sorted(data.glob("*idx*")) + sorted(data.glob("classes.txt"))),
        "versions": " ".join(f"{name} {version(name)}" for name in _DRAWN_WITH),
    }


def why_render(clip: Path, inputs: dict[str, str]) -> str | None:
    """Why a clip must be rendered, or None where it is up to date. `inputs`: of `made_from`."""
    if not clip.exists():
        return "it is not there yet"
    record = _record(clip)
    if record is None:
        return "it is not known what it was made from"
    for name, reason in REASONS.items():
        if record["made_from"].get(name) != inputs[name] or not inputs[name]:
            return reason
    for file, state in record["files"].items():
        if _state(clip.with_name(file)) != state:
            return f"{file} is not as it was rendered"
    return None


def remember(clip: Path, seconds: float, inputs: dict[str, str]) -> None:
    """Write down what a clip was made from, when it is finished; `inputs` must be from before it was begun."""
    from network.checkpoint import write_whole

    files = [file for file in (clip, clip.with_suffix(".srt"), story_file(clip)) if file.exists()]
    record = {
        "format": FORMAT,
        "seconds": seconds,
        "made_from": inputs,
        "files": {file.name: _state(file) for file in files},
    }
    write_whole(record_of(clip), json.dumps(record, indent=1).encode())


def seconds_of(clip: Path) -> float | None:
    """How long a clip was when it was last rendered, be it up to date or not; None where that is not known."""
    record = _record(clip)
    return None if record is None else float(record["seconds"])


def record_of(clip: Path) -> Path:
    """The file that tells what a clip was made from."""
    return clip.with_name(f"{clip.stem}.made-from.json")


def _record(clip: Path) -> dict[str, Any] | None:
    """What was written down, if it is whole and can be understood."""
    try:
        record = json.loads(record_of(clip).read_bytes())
    except (OSError, ValueError):
        return None
    kinds = {"format": int, "seconds": int | float, "made_from": dict, "files": dict}
    if not isinstance(record, dict) or not all(isinstance(record.get(name), kind) for name, kind in kinds.items()):
        return None
    return record if record["format"] == FORMAT and clip.name in record["files"] else None


def _state(file: Path) -> list[int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return [found.st_size, found.st_mtime_ns]


def _of_files(files: list[Path]) -> str:
    digest = hashlib.sha256()
    try:
        for path in files:
            with open(path, "rb") as file:
                digest.update(f"{path.name} {hashlib.file_digest(file, 'sha256').hexdigest()}\n".encode())
    except OSError:
        return ""
    return digest.hexdigest() if files else ""
