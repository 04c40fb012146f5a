"""The folder of an export: files are written completely, and only if they changed, and old ones are removed.

An export folder is known by its manifest. Anything else in it belongs to somebody else and is left alone; a folder
that holds other files and no manifest is refused. Nothing is written or deleted through a link that leads out of it.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from network.errors import KnobsError
from network.files import (
    abandoned_files,
    atomic_write,
    check_writable,
    digest_if_readable,
    remove_abandoned_files,
    unfinished_file,
)
from network.paths import display_path

FORMAT = 2
MANIFEST = "manifest.json"
GENERATOR = "knobs"
# What the manifest calls a folder that only holds what is needed to teach with.
TALK = "talk"
# How many digits of its hash a file has in its name; the manifest has all of them.
_HASH_DIGITS = 12
_REMEDY = "choose an empty or new folder with --output FOLDER"


class ExportError(KnobsError):
    """An export that cannot be made or is damaged; the message is one sentence with the remedy."""


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
        """The entry in the manifest, without empty fields."""
        return {name: value for name, value in asdict(self).items() if value != ""}


class ExportFolder:
    """A folder that is an export, or will be one; made by `open_folder`.

    place: the folder, with links followed. before: the manifest that was there.
    """

    def __init__(self, place: Path, before: dict[str, Any]) -> None:
        self.place = place.resolve()
        self.before = before
        # What the last export wrote, by path; and what can be reused, by what it was made from.
        self._old = {file["path"]: file for file in files_of(before)}
        self._reusable = {file["made_from"]: file for file in self._old.values() if "made_from" in file}
        self._written: dict[str, ExportedFile] = {}

    def write(self, path: str, text: str | bytes, role: str, media_type: str) -> ExportedFile:
        """Write a small file whose name stays the same; a file that is already as it should be is not touched."""
        data = text.encode() if isinstance(text, str) else text
        target = self._target(path)
        if _content(target) != data:
            atomic_write(target, data)
        return self._note(ExportedFile(role, path, media_type, len(data), hashlib.sha256(data).hexdigest()))

    def make(
        self,
        scene: str,
        ending: str,
        role: str,
        media_type: str,
        sources: str,
        write: Callable[[Path], object],
        label: str = "",
    ) -> ExportedFile:
        """A file of a scene with its hash in its name.

        sources: what it is made from, and by which code. `write` is given the path to write to; it is not called if the
        last export made this file from the same sources.
        """
        made_from = hashlib.sha256(f"{role} {ending} {label} {sources}".encode()).hexdigest()
        old = self._reusable.get(made_from)
        if old is not None and is_as_exported(self.place, old["path"], old["sha256"]):
            return self._note(ExportedFile(**old))
        with unfinished_file(self._target(f"{scene}/{scene}.{ending}")) as unfinished:
            write(unfinished)
            digest = digest_if_readable(unfinished)
            assert digest, f"{role} of {scene} was not written"
            target = self._target(f"{scene}/{scene}.{digest[:_HASH_DIGITS]}.{ending}")
            size = unfinished.stat().st_size
            if digest_if_readable(target) != digest:
                os.replace(unfinished, target)
        return self._note(ExportedFile(role, f"{scene}/{target.name}", media_type, size, digest, made_from, label))

    def keep(self, file: ExportedFile) -> ExportedFile:
        """Take over a file of the last export as it is."""
        return self._note(file)

    def finish(self, manifest: dict[str, Any]) -> None:
        """Write the manifest, last of all, and remove the files that only the last export had."""
        data = json.dumps(manifest, indent=1, ensure_ascii=False).encode()
        target = self._target(MANIFEST)
        if _content(target) != data:
            atomic_write(target, data)
        for path, old in self._old.items():
            if path in self._written or not is_as_exported(self.place, path, old["sha256"]):
                continue  # still in use, or changed by somebody
            (self.place / path).unlink()
            try:
                (self.place / path).parent.rmdir()
            except OSError:
                pass  # somebody's files are in it, or it is the export itself

    def _target(self, path: str) -> Path:
        """Where to write, in a folder that is made; ExportError if that is outside of this one."""
        target = inside(self.place, path)
        if target is None:
            raise _leads_out(self.place, path)
        target.parent.mkdir(exist_ok=True)
        return target

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
    # The folder itself is locked: `network.files.file_lock` would leave a lock file among the exported files.
    number = os.open(place, os.O_RDONLY)
    try:  # the system takes the lock away when the process ends, however it ends
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            on_wait()
            fcntl.flock(number, fcntl.LOCK_EX)
        except OSError:
            pass  # a file system without locks
        before = read_manifest(place)
        if before is None:  # from now on it is ours, even if this export is interrupted
            before = {"generator": GENERATOR, "format": FORMAT, "finished": False}
            atomic_write(place / MANIFEST, json.dumps(before).encode())
        for folder in _folders(place):
            remove_abandoned_files(folder)
        yield ExportFolder(place, before)
    finally:
        os.close(number)


def refuse_others(place: Path, scenes: Iterable[str] = ()) -> None:
    """ExportError if this is no folder, holds files and is no export, or has links that lead out in the way."""
    if place.exists() and not place.is_dir():
        raise ExportError(f"{display_path(place)} is a file; {_REMEDY}")
    if place.is_dir() and any(place.iterdir()) and read_manifest(place) is None:
        raise ExportError(
            f"{display_path(place)} holds other files and is not an export of Knobs, so nothing was touched; {_REMEDY}"
        )
    for path in (MANIFEST, *scenes):
        if inside(place, path) is None:
            raise _leads_out(place, path)


def refuse_unwritable(place: Path) -> None:
    """ExportError if nothing can be written into a folder, which is made."""
    try:
        check_writable(place / MANIFEST)
    except OSError as problem:
        why = problem.strerror or problem
        raise ExportError(f"{display_path(place)} cannot be written: {why}; {_REMEDY}") from problem


def refuse_other_kind(place: Path, talk: bool) -> None:
    """ExportError for a talk in the folder of an export, or the other way round: either would remove what is there."""
    before = read_manifest(place) or {}
    if before.get("finished") is True and (before.get("kind") == TALK) != talk:
        found = "pages of the whole lesson" if talk else "pages to teach with, made by ./knobs present"
        raise ExportError(f"{display_path(place)} holds {found}, so nothing was touched; {_REMEDY}")


def inside(place: Path, path: str) -> Path | None:
    """A file of an export, by its path in the manifest; None if it is not below the folder once links are followed."""
    pure = PurePosixPath(path)
    if not pure.parts or pure.is_absolute() or ".." in pure.parts or len(pure.parts) > 2:
        return None
    try:
        found = (place / pure).resolve()
        below = found.relative_to(place.resolve())
    except (OSError, ValueError, RuntimeError):  # no path at all, somewhere else, or links in a circle
        return None
    return place / pure if below.parts else None


def is_as_exported(place: Path, path: str, sha256: str) -> bool:
    """Whether a file that a manifest lists is still there, no link, and unchanged."""
    found = inside(place, path)
    return found is not None and not found.is_symlink() and sha256 == digest_if_readable(found) != ""


def _leads_out(place: Path, path: str) -> ExportError:
    first = place / PurePosixPath(path).parts[0]
    link = first if first.is_symlink() else place / path
    return ExportError(
        f"{display_path(link)} is a link that leads out of the folder, so nothing was written there; "
        f"remove the link, or {_REMEDY}"
    )


def unfinished_files(place: Path) -> Iterator[Path]:
    """What an interrupted export had not finished."""
    for folder in _folders(place):
        yield from abandoned_files(folder)


def _folders(place: Path) -> list[Path]:
    """The folder itself and those in it; links to other folders are not followed."""
    return [place, *(entry for entry in place.iterdir() if entry.is_dir() and not entry.is_symlink())]


def read_manifest(place: Path) -> dict[str, Any] | None:
    """The manifest of an export, finished or not; None if there is none of ours."""
    try:
        found = json.loads((place / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and found.get("generator") == GENERATOR else None


def files_of(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    """Every file that a manifest lists, of clips and of pages; entries that do not describe a file are left out."""
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
        and all(isinstance(file.get(name, ""), str) for name in ("made_from", "label"))
        and file.keys() <= ExportedFile.__dataclass_fields__.keys()
    ]


def _content(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except OSError:
        return None
