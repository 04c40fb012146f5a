"""Packages for course systems by SCORM 1.2: one for each clip, and one for the whole lesson.

A clip counts as done when nine tenths of it were played, or when its words were read; a package is completed when all
its clips are. The answers to the lesson's questions are reported as the learner judges them.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Collection, Mapping, Sequence
from html import unescape

from lesson.export import players
from lesson.export.folder import ExportedFile, ExportFolder
from lesson.export.jinja_environment import render_page
from lesson.export.manifest import ExportedClip
from scenes.language import _n

LAUNCH = "index.html"
MEDIA_TYPE = "application/zip"
# What the pages that lie in a package are searched for further files.
_TEXTS = (".html", ".css", ".js")
_ADDRESSES = re.compile(r"""["'(]([^"'()<>?#]+)[?#"')]""")


def clip_package(folder: ExportFolder, clip: ExportedClip, page: str, terms: str) -> ExportedFile:
    """The package of a clip for course systems."""

    def content(role: str) -> bytes:
        return (folder.place / clip.file(role).path).read_bytes()

    files = {
        LAUNCH: page.encode(),
        players.PACKAGED_FILM: content("mp4"),
        players.PACKAGED_STILL: content("preview"),
    }
    metadata = clip.metadata
    made = package(f"knobs.{clip.scene}", metadata.title, metadata.summary, terms, files)
    return folder.write(f"{clip.scene}/scorm.zip", made, "scorm", MEDIA_TYPE)


def lesson_package(
    folder: ExportFolder,
    page: str,
    clips: Sequence[ExportedClip],
    written: Sequence[ExportedFile],
    title: str,
    terms: str,
) -> ExportedFile:
    """The package of the whole lesson: its page, and whatever it shows."""
    there = {file.path for clip in clips for file in clip.files} | {file.path for file in written}
    files = with_all_it_needs(page, there, lambda path: (folder.place / path).read_bytes())
    summary = _n("A lesson with {n} clip.", "A lesson with {n} clips.", len(clips))
    made = package("knobs.lesson", title, summary, terms, files)
    return folder.write("scorm.zip", made, "scorm", MEDIA_TYPE)


def package(identifier: str, title: str, summary: str, licence: str, files: Mapping[str, bytes]) -> bytes:
    """The package: a zip file with its manifest. files: by path; `LAUNCH`, the page that opens, is among them.

    identifier: a name in XML that stays the same when the package is made again. The same files give the same bytes.
    """
    paths = [LAUNCH, *sorted(files.keys() - {LAUNCH})]
    manifest = render_page(
        "imsmanifest.xml.j2",
        identifier=identifier,
        title=title,
        summary=summary,
        licence=licence,
        launch=LAUNCH,
        paths=paths,
    )
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for path, data in [("imsmanifest.xml", manifest.encode()), *((path, files[path]) for path in paths)]:
            entry = zipfile.ZipInfo(path)  # dated 1980
            entry.external_attr = 0o644 << 16
            is_text = path.endswith((*_TEXTS, ".xml", ".json"))
            entry.compress_type = zipfile.ZIP_DEFLATED if is_text else zipfile.ZIP_STORED
            archive.writestr(entry, data)
    return written.getvalue()


def with_all_it_needs(page: str, there: Collection[str], read: Callable[[str], bytes]) -> dict[str, bytes]:
    """The page as `LAUNCH`, with the files of an export that it names, and that these name in turn.

    there: the paths of all files that may go along. read: gives the content of one.
    """
    files = {LAUNCH: page.encode()}
    left = [LAUNCH]
    while left:
        path = left.pop()
        for address in " ".join(_ADDRESSES.findall(files[path].decode())).split():
            found = posixpath.normpath(posixpath.join(posixpath.dirname(path), unescape(address)))
            if found in there and found not in files:
                files[found] = read(found)
                if found.endswith(_TEXTS):
                    left.append(found)
    return files
