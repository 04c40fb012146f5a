"""How the templates of the pages are filled in; each page carries its style and script in itself."""

from __future__ import annotations

import base64
import json
import re
from functools import lru_cache
from typing import Any
from urllib.parse import quote

import jinja2
from markupsafe import Markup

from lesson.export import TEMPLATES
from lesson.export.captions import by_chapter, chapters_webvtt, clock, webvtt
from lesson.export.languages import page_links
from scenes import wording
from scenes.catalogue import locale_of, name_of
from scenes.language import _, _c, _n, current, translated

# Letters that may stand in an address for data, besides those that `quote` leaves anyway.
_PLAIN = " !$'()*+,-./:;=?@[]"
# A message in a script: the first argument of a call of _.
_MESSAGE = re.compile(r'\b_\(("(?:[^"\\]|\\.)*")')
_SPACE = "\N{NO-BREAK SPACE}"


def render_page(template: str, **values: Any) -> str:
    """A page from the template of this name, in the language that is told in.

    path: where it is in the export, for links to it in other languages; empty for a page that stands alone.
    """
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
        language_name=name_of,
        listed=_listed,
        minutes=_minutes,
        number=wording.number,
        percent=_percent,
        subtitles_uri=lambda text: text_uri(text, "text/vtt"),
        zip=lambda one, other: list(zip(one, other, strict=True)),
    )
    # The licence, below a page; and whether the page lies in a package for a course system.
    environment.globals.update(terms="", packaged=False, path="")
    # Words, by `scenes.language`; `_h` for those that have tags. `language` is the one that is told in.
    environment.globals.update(_=_, _n=_n, _c=_c, _h=_h, language=current, page_links=page_links)
    # Style and script are our own files, put into the page as they are.
    environment.globals["raw"] = _raw
    return environment


def _h(message: str, **places: object) -> Markup:
    """A message that is HTML; what is put into its places is not, and is escaped."""
    return Markup(translated(message)).format(**places)


def _percent(share: float, places: int = 2) -> str:
    return wording.percent(share, places).replace(" ", _SPACE)


def _raw(name: str) -> Markup:
    """A style or a script as it stands in the folder of templates; a script's messages are in the language."""
    text = (TEMPLATES / name).read_text(encoding="utf-8")
    if name.endswith(".js") and not current().is_english:
        text = _MESSAGE.sub(lambda found: f"_({json.dumps(translated(json.loads(found[1])), ensure_ascii=False)}", text)
    return Markup(text)


def _minutes(seconds: float) -> str:
    return _("{minutes} min", minutes=max(1, round(seconds / 60))).replace(" ", _SPACE)


def _listed(items: Any) -> str:
    """One, two and three."""
    words = [str(item) for item in items]
    if len(words) == 1 or current().is_english:
        return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
    from babel.lists import format_list

    return format_list(words, locale=locale_of(current().code))


def _file_size(size: int) -> str:
    number, unit = (f"{size / 1e6:.1f}", "MB") if size >= 1e5 else (f"{max(1, round(size / 1e3))}", "kB")
    return f"{number}{_SPACE}{unit}"
