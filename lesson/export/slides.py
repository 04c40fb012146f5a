"""A PowerPoint file with a slide for every clip, written with python-pptx, which is an optional dependency."""

from __future__ import annotations

import importlib.util
import io
import time
import zipfile
from pathlib import Path
from typing import Any

from lesson.export.folder import ExportError
from lesson.export.manifest import ExportedClip

# The size of a 16:9 slide, in inches.
_WIDTH, _HEIGHT = 13.333, 7.5
_BLACK, _WHITE = "000000", "FFFFFF"


def require() -> None:
    """ExportError if python-pptx is not installed, or no such file can be dated."""
    if importlib.util.find_spec("pptx") is None:
        raise ExportError(
            "--pptx needs python-pptx, which is not installed; install it with .venv/bin/pip install python-pptx"
        )
    if time.localtime().tm_year < 1980:  # the first year that the format can name
        raise ExportError(
            f"--pptx needs a clock that is right, but this one says {time.localtime().tm_year}; set the date and time"
        )


def deck(clips: list[ExportedClip], place: Path, title: str) -> bytes:
    """The file: a title slide, then a slide for each clip, with poster, alternative text, and transcript as notes."""
    from pptx import Presentation
    from pptx.util import Inches

    slides = Presentation()
    slides.slide_width, slides.slide_height = Inches(_WIDTH), Inches(_HEIGHT)
    slides.core_properties.title = title
    opening = _black_slide(slides)
    _write(opening.shapes.title, title, 44)
    opening.shapes.title.top = Inches(_HEIGHT / 2 - 0.6)
    for clip in clips:
        slide = _black_slide(slides)
        _write(slide.shapes.title, clip.metadata.title, 28)
        height = _HEIGHT - 1.2
        width = height * clip.width / clip.height
        film = slide.shapes.add_movie(
            str(place / clip.file("mp4").path),
            Inches((_WIDTH - width) / 2),
            Inches(1.0),
            Inches(width),
            Inches(height),
            poster_frame_image=str(place / clip.file("poster").path),
            mime_type="video/mp4",
        )
        film.name = clip.scene
        film._element.nvPicPr.cNvPr.set("descr", clip.metadata.alternative_text)
        slide.notes_slide.notes_text_frame.text = clip.metadata.transcript()
    written = io.BytesIO()
    slides.save(written)
    return _without_times(written.getvalue())


def _black_slide(slides: Any) -> Any:
    """A slide with a title, on black like the clips."""
    from pptx.dml.color import RGBColor

    slide = slides.slides.add_slide(slides.slide_layouts[5])
    fill = slide.background.fill
    fill.solid()
    fill.fore_color.rgb = RGBColor.from_string(_BLACK)
    return slide


def _write(title: Any, text: str, size: int) -> None:
    from pptx.dml.color import RGBColor
    from pptx.util import Inches, Pt

    title.left, title.top, title.width, title.height = Inches(0.5), Inches(0.1), Inches(_WIDTH - 1), Inches(0.8)
    title.text_frame.text = text
    font = title.text_frame.paragraphs[0].runs[0].font
    font.size, font.color.rgb = Pt(size), RGBColor.from_string(_WHITE)


def _without_times(archive: bytes) -> bytes:
    """The same archive without time stamps, so that the same slides give the same bytes."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(written, "w") as new:
        for entry in old.infolist():
            fresh = zipfile.ZipInfo(entry.filename)  # dated 1980
            fresh.compress_type = zipfile.ZIP_STORED if entry.filename.endswith(".mp4") else zipfile.ZIP_DEFLATED
            new.writestr(fresh, old.read(entry))
    return written.getvalue()
