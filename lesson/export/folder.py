"""The folder of an export: what is ours in it, files written whole and only where they changed, old ones removed.

An export folder is known by its manifest. Whatever else lies in it was put there by somebody and is left alone; a
folder with other files and no manifest is refused.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from network.errors import KnobsError
from network.files import atomic_write, display_path

FORMAT = 1
MANIFEST = "manifest.json"
GENERATOR = "knobs"
# How much of its hash stands in a file's name; the manifest has all of it.
_HASH_DIGITS = 12
# How the name of a file begins that is not finished.
_PART = ".part-"


class ExportError(KnobsError):
    """An export that cannot be made or is not in order; the message is one sentence with the remedy."""


@dataclass(frozen=True)
class ExportedFile:
    """A file of the export.

    role: what it is for, such as "mp4" or "captions". path: below the folder, with slashes. media_type: as web servers
    name it. made_from: what tells whether it must be made again. label: which one of several of this role.
    """

    role: str
    path: str
    media_type: str
    bytes: int
    sha256: str
    made_from: str = ""
    label: str = ""

    def entry(self) -> dict[str, Any]:
        """As it stands in the manifest: without what is empty."""
        return {name: value for name, value in asdict(self).items() if value != ""}


class ExportFolder:
    """A folder that is an export, or will be one; made by `open_folder`."""

    def __init__(self, place: Path, before: dict[str, Any]) -> None:
        self.place = place
        # What the last export wrote, by path, and what of it can be used again, by what it was made from.
        self._before = {file["path"]: file for file in files_of(before)}
        self._reusable = {file["made_from"]: file for file in self._before.values() if "made_from" in file}
        self._written: dict[str, ExportedFile] = {}

    def write(self, path: str, text: str | bytes, role: str, media_type: str) -> ExportedFile:
        """Write a small file under a name that stays the same; not where it is already there as it should be."""
        data = text.encode() if isinstance(text, str) else text
        target = self.place / path
        if _content(target) != data:
            target.parent.mkdir(exist_ok=True)
            atomic_write(target, data)
        return self._note(ExportedFile(role, path, media_type, len(data), hashlib.sha256(data).hexdigest()))

    def make(
        self,
        scene: str,
        ending: str,
        role: str,
        media_type: str,
        made_from: str,
        write: Callable[[Path], object],
        label: str = "",
    ) -> ExportedFile:
        """A file of a scene whose name carries its hash.

        `write` is given the path to write to; it is not called where the last export made the same from the same.
        """
        made_from = hashlib.sha256(f"{role} {ending} {label} {made_from}".encode()).hexdigest()
        old = self._reusable.get(made_from)
        if old is not None and hash_of(self.place / old["path"]) == old["sha256"]:
            return self._note(ExportedFile(**old))
        folder = self.place / scene
        folder.mkdir(exist_ok=True)
        *kind, suffix = ending.split(".")
        part = folder / f"{_PART}{'-'.join((*kind, scene))}.{suffix}"
        try:
            write(part)
            digest = hash_of(part)
            assert digest is not None, f"{role} of {scene} was not written"
            target = folder / f"{scene}.{digest[:_HASH_DIGITS]}.{ending}"
            size = part.stat().st_size
            os.replace(part, target)
        finally:
            part.unlink(missing_ok=True)
        return self._note(ExportedFile(role, f"{scene}/{target.name}", media_type, size, digest, made_from, label))

    def finish(self, manifest: dict[str, Any]) -> None:
        """Write the manifest, last of all, and remove what the export before had and this one has not."""
        data = json.dumps(manifest, indent=1, ensure_ascii=False).encode()
        if _content(self.place / MANIFEST) != data:
            atomic_write(self.place / MANIFEST, data)
        for path, old in self._before.items():
            target = self.place / path
            if path not in self._written and is_inside(path) and hash_of(target) == old["sha256"]:
                target.unlink()
                try:
                    target.parent.rmdir()
                except OSError:
                    pass  # somebody's files are in it, or it is the export itself

    def _note(self, file: ExportedFile) -> ExportedFile:
        self._written[file.path] = file
        return file


@contextmanager
def open_folder(place: Path, on_wait: Callable[[], object] = lambda: None) -> Iterator[ExportFolder]:
    """The folder to export into, for one export at a time; `on_wait` is called where another is under way.

    ExportError, with nothing touched, for a folder that holds files and is no export.
    """
    refuse_others(place)
    place.mkdir(parents=True, exist_ok=True)
    number = os.open(place, os.O_RDONLY)
    try:  # the system takes the lock away with the process, however that ends
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            on_wait()
            fcntl.flock(number, fcntl.LOCK_EX)
        except OSError:
            pass  # a file system without locks
        before = read_manifest(place)
        if before is None:  # from now on it is ours, even if this export is cut off
            before = {"generator": GENERATOR, "format": FORMAT, "finished": False}
            atomic_write(place / MANIFEST, json.dumps(before).encode())
        for part in (*place.glob(".*.part"), *place.glob(f"*/{_PART}*"), *place.glob(f"*/.{_PART}*")):
            part.unlink(missing_ok=True)  # of an export that was cut off
        yield ExportFolder(place, before)
    finally:
        os.close(number)


def refuse_others(place: Path) -> None:
    """ExportError for what is no folder, or holds files and is no export."""
    remedy = "choose an empty or new folder by --output FOLDER"
    if place.exists() and not place.is_dir():
        raise ExportError(f"{display_path(place)} is a file; {remedy}")
    if place.is_dir() and any(place.iterdir()) and read_manifest(place) is None:
        raise ExportError(
            f"{display_path(place)} holds other files and is no export of Knobs, so nothing was touched; {remedy}"
        )


def read_manifest(place: Path) -> dict[str, Any] | None:
    """The manifest of an export, finished or not; None where there is none of ours."""
    try:
        found = json.loads((place / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and found.get("generator") == GENERATOR else None


def files_of(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    """Every file that a manifest lists, of clips and pages; those only that are described as files are."""
    clips = manifest.get("clips", [])
    lists = [manifest.get("pages", [])] + [clip.get("files", []) for clip in clips if isinstance(clip, dict)]
    needed = {"role": str, "path": str, "media_type": str, "bytes": int, "sha256": str}
    return [
        file
        for files in lists
        if isinstance(files, list)
        for file in files
        if isinstance(file, dict)
        and all(isinstance(file.get(name), kind) for name, kind in needed.items())
        and file.keys() <= ExportedFile.__dataclass_fields__.keys()
    ]


def is_inside(path: str) -> bool:
    """Whether a path of a manifest leads to a file below its folder, and nowhere else."""
    pure = PurePosixPath(path)
    return bool(pure.parts) and not pure.is_absolute() and ".." not in pure.parts and len(pure.parts) <= 2


def hash_of(file: Path) -> str | None:
    """The sha256 of a file; None where it cannot be read."""
    try:
        with open(file, "rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError:
        return None


def _content(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except OSError:
        return None
