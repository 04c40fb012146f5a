"""The pages of an export, from the templates beside this package; each carries its style and script in itself."""

from __future__ import annotations

import base64
from functools import lru_cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from lesson.export.captions import by_chapter, chapters_webvtt, clock, webvtt
from lesson.export.facts import Facts
from lesson.export.manifest import ExportedClip
from lesson.export.snippets import PLACES
from lesson.render.clip_metadata import ClipMetadata
from network.checkpoint import Checkpoint
from scenes.syllabus import Part

TEMPLATES = Path(__file__).resolve().parent / "templates"


def title_of(facts: Facts) -> str:
    """What the lesson is called."""
    return f"{facts.knobs:,} knobs that read a {facts.thing}"


def index(clips: list[ExportedClip], facts: Facts, checkpoint: Checkpoint, drawing: dict[str, Any]) -> str:
    """The lesson as an article, with those of its parts and clips that are there.

    drawing: what the field to draw in must know, of `lesson.export.draw_page.drawing_data`.
    """
    parts = list({clip.part.number: clip.part for clip in clips}.values())

    def article(part: Part) -> Markup:
        return _article(part, [clip for clip in clips if clip.part.number == part.number], facts)

    return _page(
        "index.html.j2",
        clips=clips,
        parts=parts,
        article=article,
        seconds=sum(clip.story.seconds for clip in clips),
        facts=facts,
        title=title_of(facts),
        checkpoint=checkpoint,
        drawing=drawing,
    )


def _article(part: Part, clips: list[ExportedClip], facts: Facts) -> Markup:
    """The text of a part. It names the clips it speaks of, and says where the others go."""
    left = {clip.scene: clip for clip in clips}
    figure: Any = _templates().get_template("clip.html.j2").module.__dict__["figure"]

    def place(*scenes: str) -> Markup:
        return Markup("").join(figure(left.pop(scene)) for scene in scenes if scene in left)

    template = _templates().select_template([f"parts/{part.module}.html.j2", "parts/other.html.j2"])
    return Markup(template.render(f=facts, place=place, rest=lambda: place(*left)))


def use(clips: list[ExportedClip], facts: Facts, address: str) -> str:
    """How to show the clips elsewhere."""
    lesson = title_of(facts)
    return _page("use.html.j2", clips=clips, title="Use these clips", lesson=lesson, places=PLACES, address=address)


def player(clip: ExportedClip, before: ExportedClip | None, after: ExportedClip | None, checkpoint: Checkpoint) -> str:
    """The page of one clip, for a frame in another page and for itself."""
    poster = "../" + clip.file("preview").path
    return _player(clip, clip.sources("../"), poster, checkpoint, root="../", before=before, after=after)


def one_file(clip: ExportedClip, place: Path, checkpoint: Checkpoint) -> str:
    """The page of one clip with the film itself in it: a single file to send or to upload."""

    def inside(role: str) -> str:
        file = clip.file(role)
        return data_uri((place / file.path).read_bytes(), file.media_type)

    return _player(clip, [(inside("mp4"), "video/mp4")], inside("preview"), checkpoint)


def _player(
    clip: ExportedClip,
    sources: list[tuple[str, str]],
    poster: str,
    checkpoint: Checkpoint,
    root: str = "",
    before: ExportedClip | None = None,
    after: ExportedClip | None = None,
) -> str:
    return _page(
        "player.html.j2",
        clip=clip,
        sources=sources,
        poster=poster,
        checkpoint=checkpoint,
        title=clip.story.title,
        root=root,
        alone=not root,
        before=before,
        after=after,
    )


def schema() -> bytes:
    """The JSON Schema of the manifest."""
    return (TEMPLATES / "manifest.schema.json").read_bytes()


def data_uri(data: bytes, media_type: str) -> str:
    """Data as an address: browsers load captions so from disk and in sandboxed frames, and nothing is asked for."""
    return f"data:{media_type};base64,{base64.b64encode(data).decode()}"


def _captions_uri(story: ClipMetadata) -> str:
    return data_uri(webvtt(story).encode(), "text/vtt")


def _chapters_uri(story: ClipMetadata) -> str:
    return data_uri(chapters_webvtt(story).encode(), "text/vtt")


@lru_cache(maxsize=1)
def _templates() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        by_chapter=by_chapter,
        captions_uri=_captions_uri,
        chapters_uri=_chapters_uri,
        clock=clock,
        file_size=_file_size,
        listed=_listed,
        minutes=_minutes,
        number=_number,
        percent=_percent,
        words=_words,
    )
    # Style and script are our own files, put into the page as they are.
    environment.globals["raw"] = lambda name: Markup((TEMPLATES / name).read_text(encoding="utf-8"))
    return environment


def _page(template: str, **values: Any) -> str:
    return _templates().get_template(template).render(**values) + "\n"


def _number(value: float, decimals: int = 0) -> str:
    """13,002 or −0.13, with a true minus sign."""
    text = f"{value:,.{decimals}f}"
    return text.replace("-", "−") if float(text.replace(",", "")) else text.replace("-", "")


def _percent(share: float, decimals: int = 2) -> str:
    return f"{100 * share:.{decimals}f}\N{NO-BREAK SPACE}%"


def _minutes(seconds: float) -> str:
    return f"{max(1, round(seconds / 60))}\N{NO-BREAK SPACE}min"


def _words(count: int) -> str:
    """A small count as a word."""
    names = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
    return names[count] if 0 <= count < len(names) else f"{count:,}"


def _listed(items: Any) -> str:
    """One, two and three."""
    words = [str(item) for item in items]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _file_size(size: int) -> str:
    number, unit = (f"{size / 1e6:.1f}", "MB") if size >= 1e5 else (f"{max(1, round(size / 1e3))}", "kB")
    return f"{number}\N{NO-BREAK SPACE}{unit}"
