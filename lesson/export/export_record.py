"""Export records: what an export was made from, so that one with nothing changed is known without NumPy.

A record lies in the media folder, not in the export, because an export is published.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from lesson.export import TEMPLATES
from lesson.export.folder import MANIFEST, files_of, unfinished_files
from lesson.render import clip_cache
from lesson.render.build_record import read_record, write_record
from lesson.render.clip_metadata import metadata_file
from network.files import file_state
from scenes.settings import LessonContext
from scenes.stage import code_fingerprint

FORMAT = 2
_RECORD = {"inputs": dict, "files": dict}
# Packages that write pages and media, besides those that clips are drawn with.
_WRITTEN_WITH = ("jinja2", "markupsafe", "python-pptx")


def inputs_of(context: LessonContext, clips: Sequence[Path], formats: Mapping[str, Any]) -> dict[str, Any]:
    """Everything that an export depends on, as JSON has it.

    formats: the fields of `exporting.ExportOptions`.
    """
    files = [file for clip in clips for file in (clip, metadata_file(clip))]
    return {
        "fingerprints": clip_cache.input_fingerprints(context),
        "clips": [[str(file), file_state(file)] for file in files],
        "formats": dict(formats),
        "code": code_fingerprint.of_program(),
        "templates": _of_templates(),
        "versions": _versions(),
    }


def is_up_to_date(place: Path, media: Path, inputs: Mapping[str, Any]) -> bool:
    """Whether the export was made from exactly this, and all its files are as they were written."""
    record = read_record(_record_file(place, media), FORMAT, _RECORD)
    return (
        record is not None
        and record["inputs"] == inputs
        and MANIFEST in record["files"]
        and all(file_state(place / path) == state for path, state in record["files"].items())
        and not any(unfinished_files(place))
    )


def write(place: Path, media: Path, inputs: Mapping[str, Any], manifest: dict[str, Any]) -> None:
    """Note what a finished export was made from. If that cannot be written, the next export takes as long as this."""
    paths = [MANIFEST, *(str(file["path"]) for file in files_of(manifest))]
    states = {path: file_state(place / path) for path in paths}
    file = _record_file(place, media)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_record(file, FORMAT, {"inputs": inputs, "files": states})
    except OSError:
        pass


def _record_file(place: Path, media: Path) -> Path:
    digest = hashlib.sha256(str(place).encode(errors="surrogateescape")).hexdigest()[:12]
    return media / "cache" / "exports" / f"{digest}.json"


def _of_templates() -> str:
    digest = hashlib.sha256()
    for file in sorted(path for path in TEMPLATES.rglob("*") if path.is_file()):
        digest.update(f"{file.relative_to(TEMPLATES)} {hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def _versions() -> str:
    found = [f"python-{sys.version.split()[0]}"]
    for name in _WRITTEN_WITH:
        try:
            found.append(f"{name}-{version(name)}")
        except PackageNotFoundError:  # python-pptx is an extra
            pass
    return " ".join(found)
