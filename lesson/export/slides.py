"""A PowerPoint file with a slide for every beat, written with python-pptx, which is an optional dependency."""

from __future__ import annotations

import importlib.util
import io
import time
import uuid
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from xml.sax.saxutils import escape

from lesson.export import media
from lesson.export.folder import ExportError
from lesson.export.manifest import ExportedClip
from lesson.export.steps import Step, steps_of
from lesson.render.clip_metadata import Chapter, ClipMetadata
from lesson.render.subtitles import as_webvtt, from_webvtt
from scenes.catalogue import name_of
from scenes.installing import install_extra
from scenes.language import _, _c, current, told_in

# The size of a 16:9 slide, in inches.
_WIDTH, _HEIGHT = 13.333, 7.5
_BLACK, _WHITE = "000000", "FFFFFF"
# How many beats are cut out at a time; copying and encoding release Python's lock.
_WORKERS = 2
# What PowerPoint adds to the standard: captions beside a film, and groups of slides.
_TRACK = "http://schemas.microsoft.com/office/2017/04/relationships/track"
_TRACKS_OF_A_FILM = (
    '<p14:extLst xmlns:p14="http://schemas.microsoft.com/office/powerpoint/2010/main"'
    ' xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<p:ext uri="{{3AFAAA56-56D3-431D-BCD4-E75A35582382}}">'
    '<p173:tracksInfo xmlns:p173="http://schemas.microsoft.com/office/powerpoint/2017/3/main" displayLoc="media">'
    "<p173:trackLst>{tracks}</p173:trackLst></p173:tracksInfo></p:ext></p14:extLst>"
)
_TRACK_OF_A_FILM = '<p173:track id="{{{id}}}" label="{label}" lang="{language}" r:embed="{relation}"/>'
_SECTIONS = (
    '<p:extLst xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main">'
    '<p:ext uri="{521415D9-36F7-43E2-AB2F-B90AF26B5E84}">'
    '<p14:sectionLst xmlns:p14="http://schemas.microsoft.com/office/powerpoint/2010/main"/></p:ext></p:extLst>'
)


def require() -> None:
    """ExportError if python-pptx is not installed, or no such file can be dated."""
    if importlib.util.find_spec("pptx") is None:
        raise ExportError(f"--pptx needs python-pptx, which is not installed; install it with: {install_extra('pptx')}")
    if time.localtime().tm_year < 1980:  # the first year that the format can name
        raise ExportError(
            f"--pptx needs a clock that is right, but this one says {time.localtime().tm_year}; set the date and time"
        )


def deck(clips: list[ExportedClip], place: Path, title: str, terms: str) -> bytes:
    """The file: a title slide, then a slide for each beat, in a section for each part.

    Its film fills the slide and plays when the slide is reached. One that repeats has no sound, and its words are in
    its picture. The words of a beat are its notes, and captions of its film, which may be in further languages, too.
    terms: the licence.
    """
    from pptx import Presentation
    from pptx.util import Inches

    slides = Presentation()
    slides.slide_width, slides.slide_height = Inches(_WIDTH), Inches(_HEIGHT)
    slides.core_properties.title, slides.core_properties.language = title, current().code
    opening = _black_slide(slides)
    _write(opening.shapes.title, title, 44, _HEIGHT / 2 - 0.6)
    _write(opening.shapes.add_textbox(0, 0, 0, 0), terms, 18, _HEIGHT - 1.6)
    sections = [(_c("the first slide", "Title"), [opening.slide_id])]
    with TemporaryDirectory() as folder:
        beats = _films(clips, place, Path(folder), terms)
        for part, of_part in groupby(beats, lambda beat: beat[0].part):
            made = [_slide(slides, *beat) for beat in of_part]
            sections.append((f"{part.number}. {_(part.title)}", [slide.slide_id for slide in made]))
    _group(slides, sections)
    written = io.BytesIO()
    slides.save(written)
    return _without_times(written.getvalue())


def _films(
    clips: list[ExportedClip], place: Path, folder: Path, terms: str
) -> Iterator[tuple[ExportedClip, Step, Path, Path]]:
    """Each beat with its own film and the first picture of that, written to a folder."""
    beats = [(clip, step) for clip in clips for step in steps_of(clip.metadata)]
    language = current()

    def cut(beat: tuple[ExportedClip, Step]) -> tuple[ExportedClip, Step, Path, Path]:
        with told_in(language):  # a thread begins in English
            return cut_out(*beat)

    def cut_out(clip: ExportedClip, step: Step) -> tuple[ExportedClip, Step, Path, Path]:
        source, name = place / clip.file("mp4").path, f"{clip.scene}-{step.number}"
        film, poster = folder / f"{name}.mp4", folder / f"{name}.jpg"
        chapter, metadata = _stretch(step), _undrawn(clip)
        if step.loop and not clip.captions_burned:
            media.write_loop(source, film, metadata, chapter, terms)
        else:
            media.write_section(source, film, metadata, chapter, terms)
        # The picture that the beat before has left, so that nothing jumps while the film is loaded.
        media.write_jpeg(media.picture_at(source, chapter.start), poster)
        return clip, step, film, poster

    with ThreadPoolExecutor(_WORKERS) as pool:
        yield from pool.map(cut, beats)


def _stretch(step: Step) -> Chapter:
    return Chapter(str(step.number), *(step.loop or (step.start, step.stop)))


def _undrawn(clip: ExportedClip) -> ClipMetadata:
    """The metadata of a clip, without words if they are in the picture already."""
    return replace(clip.metadata, beats=()) if clip.captions_burned else clip.metadata


def _slide(slides: Any, clip: ExportedClip, step: Step, film: Path, poster: Path) -> Any:
    """A slide that its film fills; its title is above it, where only lists of slides and screen readers find it."""
    from pptx.util import Inches

    slide = _black_slide(slides)
    steps = len(steps_of(clip.metadata))
    title = clip.metadata.title
    if steps > 1:
        title = _("{title} ({number} of {all})", title=title, number=step.number, all=steps)
    _write(slide.shapes.title, title, 28, -1.0)
    width = min(_WIDTH, _HEIGHT * clip.width / clip.height)
    height = width * clip.height / clip.width
    shape = slide.shapes.add_movie(
        str(film),
        Inches((_WIDTH - width) / 2),
        Inches((_HEIGHT - height) / 2),
        Inches(width),
        Inches(height),
        poster_frame_image=str(poster),
        mime_type="video/mp4",
    )
    shape.name = f"{clip.scene}.{step.beat.name}"
    shape._element.nvPicPr.cNvPr.set("descr", step.beat.moves or clip.metadata.alternative_text)
    _play_on_arrival(slide, repeats=step.loop is not None)
    if not step.loop:
        _add_captions(slide, shape, _captions_of(clip, step), f"{clip.scene}.{step.beat.name}")
    if step.beat.text:
        notes = slide.notes_slide.notes_text_frame
        notes.text = " ".join(step.beat.text.split())
        _say_language(notes.paragraphs[0])
    return slide


def _play_on_arrival(slide: Any, repeats: bool) -> None:
    """Start the film of a slide when the slide is reached. It would wait for a click on it, and a clicker passes by."""
    (condition,) = slide._element.xpath(".//p:cMediaNode/p:cTn/p:stCondLst/p:cond")
    condition.set("delay", "0")
    if repeats:
        (times,) = slide._element.xpath(".//p:cMediaNode/p:cTn")
        times.set("repeatCount", "indefinite")
        (node,) = slide._element.xpath(".//p:cMediaNode")
        node.set("mute", "1")


def _captions_of(clip: ExportedClip, step: Step) -> dict[str, str]:
    """The captions of a beat as WebVTT, by their language: that of the clip, and those of its further subtitles."""
    stretch = _stretch(step)
    found = {}
    if words := media.metadata_of_section(_undrawn(clip), stretch).captions:
        found[clip.metadata.language] = as_webvtt(words)
    for language, text in clip.subtitles:
        if cues := media.cues_of_section(from_webvtt(text), stretch):
            found[language] = as_webvtt(cues, lambda cue: cue.sentence)
    return found


def _add_captions(slide: Any, film: Any, captions: dict[str, str], name: str) -> None:
    """Put captions beside the film of a slide: WebVTT by its language."""
    from pptx.opc.package import Part
    from pptx.oxml import parse_xml

    package, tracks = slide.part.package, ""
    for language, vtt in captions.items():
        track = Part(package.next_partname("/ppt/media/captions%d.vtt"), "text/vtt", package, vtt.encode())
        relation = slide.part.relate_to(track, _TRACK)
        identity = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{name}.{language}")).upper()
        tracks += _TRACK_OF_A_FILM.format(
            id=identity, relation=relation, label=escape(name_of(language)), language=language
        )
    if tracks:
        (embedded,) = film._element.xpath('.//*[local-name()="media"]')
        embedded.append(parse_xml(_TRACKS_OF_A_FILM.format(tracks=tracks)))


def _group(slides: Any, sections: list[tuple[str, list[int]]]) -> None:
    """Group slides in sections with names, by their ids: so a part is found in the list of slides."""
    from pptx.oxml import parse_xml

    extensions = parse_xml(_SECTIONS)
    (found,) = extensions.xpath('.//*[local-name()="sectionLst"]')
    for name, ids in sections:
        identity = str(uuid.uuid5(uuid.NAMESPACE_OID, name)).upper()
        section = found.makeelement(found.tag.replace("sectionLst", "section"), {"name": name, "id": f"{{{identity}}}"})
        listed = section.makeelement(found.tag.replace("sectionLst", "sldIdLst"))
        listed.extend(listed.makeelement(found.tag.replace("sectionLst", "sldId"), {"id": str(one)}) for one in ids)
        section.append(listed)
        found.append(section)
    slides.part._element.append(extensions)


def _black_slide(slides: Any) -> Any:
    """A slide with a title, on black like the clips."""
    from pptx.dml.color import RGBColor

    slide = slides.slides.add_slide(slides.slide_layouts[5])
    fill = slide.background.fill
    fill.solid()
    fill.fore_color.rgb = RGBColor.from_string(_BLACK)
    return slide


def _write(shape: Any, text: str, size: int, top: float) -> None:
    """Write a text over the width of a slide. size: in points; top: in inches from the top of the slide."""
    from pptx.dml.color import RGBColor
    from pptx.util import Inches, Pt

    shape.left, shape.top, shape.width, shape.height = Inches(0.5), Inches(top), Inches(_WIDTH - 1), Inches(0.8)
    shape.text_frame.word_wrap = True
    shape.text_frame.text = text
    _say_language(shape.text_frame.paragraphs[0])
    font = shape.text_frame.paragraphs[0].runs[0].font
    font.size, font.color.rgb = Pt(size), RGBColor.from_string(_WHITE)


def _say_language(paragraph: Any) -> None:
    """Mark a paragraph with the language that is told in, and its direction. English is what PowerPoint assumes."""
    if current().is_english:
        return
    for run in paragraph.runs:
        run._r.get_or_add_rPr().set("lang", current().code)
    if current().direction == "rtl":
        paragraph._p.get_or_add_pPr().set("rtl", "1")


def _without_times(archive: bytes) -> bytes:
    """The same archive without time stamps, so that the same slides give the same bytes."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(written, "w") as new:
        for entry in old.infolist():
            fresh = zipfile.ZipInfo(entry.filename)  # dated 1980
            fresh.compress_type = zipfile.ZIP_STORED if entry.filename.endswith(".mp4") else zipfile.ZIP_DEFLATED
            new.writestr(fresh, old.read(entry))
    return written.getvalue()
