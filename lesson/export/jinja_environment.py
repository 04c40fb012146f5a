"""How the templates of the pages are filled in; each page carries its style and script in itself."""

from __future__ import annotations

import base64
from functools import lru_cache
from typing import Any
from urllib.parse import quote

import jinja2
from markupsafe import Markup

from lesson.export import TEMPLATES
from lesson.export.captions import by_chapter, chapters_webvtt, clock, webvtt
from scenes import wording

# Letters that may stand in an address for data, besides those that `quote` leaves anyway.
_PLAIN = " !$'()*+,-./:;=?@[]"
_SPACE = "\N{NO-BREAK SPACE}"


def render_page(template: str, **values: Any) -> str:
    """A page from the template of this name."""
    return jinja_environment().get_template(template).render(**values) + "\n"


def data_uri(data: bytes, media_type: str) -> str:
    """Data as an address: browsers load captions so from disk and in sandboxed frames, without any request."""
    return f"data:{media_type};base64,{base64.b64encode(data).decode()}"


def text_uri(text: str, media_type: str) -> str:
    """Text as an address, for pages, where it is shorter than in base64, and servers can compress it."""
    return f"data:{media_type};charset=utf-8,{quote(text, safe=_PLAIN)}"


@lru_cache(maxsize=1)
def jinja_environment() -> jinja2.Environment:
    """The templates with their filters; a name that a template misspells is an error."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        by_chapter=by_chapter,
        captions_uri=lambda metadata: text_uri(webvtt(metadata), "text/vtt"),
        chapters_uri=lambda metadata: text_uri(chapters_webvtt(metadata), "text/vtt"),
        clock=clock,
        count_in_words=wording.count_in_words,
        file_size=_file_size,
        listed=_listed,
        minutes=_minutes,
        number=wording.number,
        percent=_percent,
        zip=lambda one, other: list(zip(one, other, strict=True)),
    )
    # The licence, below a page; and whether the page lies in a package for a course system.
    environment.globals.update(terms="", packaged=False)
    # Style and script are our own files, put into the page as they are.
    environment.globals["raw"] = lambda name: Markup((TEMPLATES / name).read_text(encoding="utf-8"))
    return environment


def _percent(share: float, places: int = 2) -> str:
    return wording.percent(share, places).replace(" ", _SPACE)


def _minutes(seconds: float) -> str:
    return f"{max(1, round(seconds / 60))}{_SPACE}min"


def _listed(items: Any) -> str:
    """One, two and three."""
    words = [str(item) for item in items]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _file_size(size: int) -> str:
    number, unit = (f"{size / 1e6:.1f}", "MB") if size >= 1e5 else (f"{max(1, round(size / 1e3))}", "kB")
    return f"{number}{_SPACE}{unit}"
