"""The PowerPoint file: a slide for every beat, with its own film, notes and captions."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import numpy as np
import pptx
import pytest
from PIL import Image

from lesson.render.clip_metadata import read_metadata, write_metadata
from network.checkpoint import Checkpoint
from scenes.stage.tracks import finish_clip
from scenes.syllabus import Part
from tests.export.conftest import export_to, snapshot
from tests.sounds import noise

# The colours of the seconds of the first clip, each of which is a beat.
SECONDS = [(200, 40, 40), (0, 0, 0), (90, 90, 90)]


@pytest.fixture
def told(clips: list[tuple[Part, Path]]) -> list[tuple[Part, Path]]:
    """The two clips, with sound; the second beat of the first one repeats."""
    for _, clip in clips:
        finish_clip(clip, noise(3).T.astype(np.float32), ())
    metadata = read_metadata(clips[0][1])
    assert metadata is not None
    beats = tuple(replace(beat, loops=beat.name == "beat_1") for beat in metadata.beats)
    write_metadata(clips[0][1], replace(metadata, beats=beats))
    return clips


def film_of(slide: Any) -> Any:
    (film,) = [shape for shape in slide.shapes if shape.shape_type == pptx.enum.shapes.MSO_SHAPE_TYPE.MEDIA]
    return film


def embedded(slide: Any, path: str) -> bytes:
    """What a relation, found by an XPath in the film of a slide, leads to."""
    (relation,) = film_of(slide)._element.xpath(path)
    return bytes(slide.part.related_part(relation).blob)


def film_in(slide: Any) -> tuple[list[np.ndarray], bool]:
    """The frames of the film of a slide, and whether it has sound."""
    with av.open(io.BytesIO(embedded(slide, ".//a:videoFile/@r:link"))) as film:
        frames = [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]
        return frames, bool(film.streams.audio)


def test_a_slide_for_every_beat(told: list[tuple[Part, Path]], checkpoint: Checkpoint, tmp_path: Path) -> None:
    place = export_to(tmp_path / "slides", told, checkpoint, slides=True)
    deck = pptx.Presentation(place / "lesson.pptx")
    opening, *slides = deck.slides
    assert "knobs" in opening.shapes.title.text_frame.text
    metadata = [read_metadata(clip) for _, clip in told]
    beats = [(one, beat) for one in metadata if one for beat in one.beats]
    assert len(slides) == len(beats) == 6
    for number, (slide, (clip, beat)) in enumerate(zip(slides, beats, strict=True)):
        assert slide.shapes.title.text_frame.text == f"{clip.title} ({number % 3 + 1} of 3)"
        assert slide.notes_slide.notes_text_frame.text == " ".join(beat.text.split())
        film = film_of(slide)
        assert film._element.nvPicPr.cNvPr.get("descr") == beat.moves
        assert (film.left, film.top) == pytest.approx((0, 0), abs=2000), "it fills the slide"
        assert (film.width, film.height) == pytest.approx((deck.slide_width, deck.slide_height), abs=4000)
        assert slide._element.xpath(".//p:cMediaNode/p:cTn/p:stCondLst/p:cond/@delay") == ["0"], "it plays on arrival"
        frames, heard = film_in(slide)
        assert len(frames) == 15
        repeats = slide._element.xpath(".//p:cMediaNode/p:cTn/@repeatCount") == ["indefinite"]
        assert repeats == (number == 1)
        assert heard != repeats, "what repeats is silent"
        # The film is that of its beat, and the poster is its first picture.
        poster = np.array(Image.open(io.BytesIO(embedded(slide, ".//p:blipFill/a:blip/@r:embed"))), int)
        assert np.abs(poster - frames[0])[:70].max() <= 16
        if number < 3:
            assert np.abs(frames[7][30, 80].astype(int) - SECONDS[number]).max() <= 5
        if repeats:
            assert np.abs(frames[7][70:].astype(int) - frames[7][30, 80]).max() > 100, "its words are in its picture"
            assert not slide._element.xpath('.//*[local-name()="track"]')
        else:
            vtt = embedded(slide, './/*[local-name()="track"]/@r:embed').decode()
            assert vtt.startswith("WEBVTT") and vtt.count("-->") >= 1
            assert "00:00:00.000 --> 00:00:0" in vtt, "its times are those of its own film"
    with zipfile.ZipFile(place / "lesson.pptx") as archive:
        assert b'Extension="vtt"' in archive.read("[Content_Types].xml") or b"text/vtt" in archive.read(
            "[Content_Types].xml"
        )
        assert archive.read("ppt/presentation.xml").count(b'section name="') == 3, "the title, and two parts"
    before = snapshot(place)
    export_to(place, told, checkpoint, slides=True)
    assert snapshot(place) == before


@pytest.mark.slow
@pytest.mark.needs("libreoffice")
def test_libreoffice_opens_it(told: list[tuple[Part, Path]], checkpoint: Checkpoint, tmp_path: Path) -> None:
    """Every slide shows the first picture of its beat; its film is there, with its notes."""
    place = export_to(tmp_path / "slides", told, checkpoint, slides=True)
    converted = convert(place / "lesson.pptx", "odp", tmp_path)
    with zipfile.ZipFile(converted) as archive:
        content = archive.read("content.xml").decode()
        films = [name for name in archive.namelist() if name.endswith(".mp4")]
    assert content.count("<draw:page ") == 7
    assert content.count("<draw:plugin ") == len(films) == 6
    metadata = read_metadata(told[0][1])
    assert metadata is not None
    for beat in metadata.beats[:1]:
        assert beat.text.split("<")[0].replace("&", "&amp;").replace('"', "&quot;").split(" b ")[0] in content


def convert(file: Path, kind: str, folder: Path) -> Path:
    """A file in another format, converted by LibreOffice."""
    program = shutil.which("soffice") or "soffice"
    words = [program, "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--convert-to", kind]
    done = subprocess.run(
        [*words, "--outdir", str(folder), str(file)], capture_output=True, text=True, timeout=240, check=True
    )
    made = folder / f"{file.stem}.{kind}"
    assert made.exists(), done.stderr
    return made
