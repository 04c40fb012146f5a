"""All of an export that somebody may pass on says what may be done with it, by the data and voices really used."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import av
import pptx
import pytest

from lesson.export.exporting import ExportOptions, Rendered, export
from lesson.export.folder import MANIFEST, open_folder
from lesson.render.clip_metadata import write_metadata
from network.checkpoint import Checkpoint
from scenes.licence import CLIPS_AND_PAGES, MNIST, THIS_CLIP, THIS_CLIP_AND_PAGE, licence
from scenes.settings import JOE
from scenes.syllabus import Part
from scenes.voice.narration import RECORDING
from tests.export.conftest import digits_for, make_metadata


@pytest.mark.parametrize(("data", "voice"), [(MNIST, JOE), ("my-signs", RECORDING)])
def test_every_page_clip_and_package_says_it(
    data: str, voice: str, clips: list[tuple[Part, Path]], checkpoint: Checkpoint, tmp_path: Path
) -> None:
    for _, clip in clips:
        write_metadata(clip, make_metadata(clip.stem, voice=voice))
    digits, place = digits_for(checkpoint), tmp_path / "e"
    options = ExportOptions(webm=True, sections=True, slides=True, scorm=True)
    with open_folder(place) as folder:
        export(folder, [Rendered(*one) for one in clips], checkpoint, digits, digits, options, data=data)
    terms = {licence(data, [voice], what) for what in (CLIPS_AND_PAGES, THIS_CLIP, THIS_CLIP_AND_PAGE)}
    assert json.loads((place / MANIFEST).read_bytes())["lesson"]["licence"] in terms
    exported = {str(file.relative_to(place)): file.read_bytes() for file in place.rglob("*") if file.is_file()}
    said = dict(found_in("", exported))
    assert {Path(path).suffix for path in said} == {".html", ".mp4", ".webm", ".xml", ".pptx"}
    assert {"present.html", "handout.html", "use.html", "figures/train-live.html", "lesson.pptx"} <= said.keys()
    assert not [path for path, told in said.items() if not any(sentence in told for sentence in terms)]


def found_in(root: str, there: dict[str, bytes]) -> Iterator[tuple[str, str]]:
    """The path of each page, film, manifest and deck, also of those in archives, and what it says to its reader."""
    for path, content in there.items():
        name = f"{root}{path}"
        if path.endswith(".html") or path == "imsmanifest.xml":
            yield name, unescape(content.decode())
        elif path.endswith((".mp4", ".webm")):
            with av.open(io.BytesIO(content)) as film:
                yield name, {key.lower(): value for key, value in film.metadata.items()}["copyright"]
        elif path.endswith((".zip", ".pptx")):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                yield from found_in(f"{name}/", {one: archive.read(one) for one in archive.namelist()})
        if path.endswith(".pptx"):
            opening, *_ = pptx.Presentation(io.BytesIO(content)).slides
            yield name, "".join(shape.text_frame.text for shape in opening.shapes)
