"""How the templates of the pages are filled in; each page carries its style and script in itself."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from urllib.parse import quote

import jinja2
from markupsafe import Markup, escape

from lesson.export import TEMPLATES
from lesson.export.captions import by_chapter, chapters_webvtt, clock, webvtt
from lesson.export.languages import page_links
from lesson.export.script_words import words_of
from scenes import wording
from scenes.catalogue import locale_of, name_of
from scenes.language import _, _c, _n, clauses, current, left_to_right, translated, translated_for

# Letters that may stand in an address for data, besides those that `quote` leaves anyway.
_PLAIN = " !$'()*+,-./:;=?@[]"
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
        date=wording.date_in_words,
        file_size=_file_size,
        formula=left_to_right,
        language_name=name_of,
        link=_link,
        listed=_listed,
        minutes=_minutes,
        number=wording.number,
        percent=_percent,
        subtitles_uri=lambda text: text_uri(text, "text/vtt"),
        up_to_ten=_up_to_ten,
        zip=lambda one, other: list(zip(one, other, strict=True)),
    )
    # The licence, below a page; whether the page lies in a package for a course system, or is a file to send alone.
    environment.globals.update(terms="", packaged=False, path="", is_one_file=False)
    # Words, by `scenes.language`; `_h` and `_hn` for those that have tags. `language` is the one that is told in.
    environment.globals.update(_=_, _n=_n, _c=_c, _h=_h, _hn=_hn, together=_together)
    environment.globals.update(language=current, page_links=page_links, words_of=words_of)
    environment.globals.update(clauses=clauses, separated=_separated, sentence_of=_sentence_of)
    # Style and script are our own files, put into the page as they are.
    environment.globals["raw"] = lambda name: Markup((TEMPLATES / name).read_text(encoding="utf-8"))
    return environment


def _h(message: str, **places: object) -> Markup:
    """A message that is HTML; what is put into its places is not, and is escaped."""
    return Markup(translated(message)).format(**places)


def _hn(one: str, several: str, amount: int, **places: object) -> Markup:
    """`_h` for one, or for several."""
    return Markup(translated_for(one, several, amount)).format(**{"n": wording.number(amount), **places})


def _separated(items: Iterable[object]) -> Markup:
    """Words, numbers or HTML one after the other, with the comma of the language."""
    return Markup(escape(translated(", ", "between the items of a list"))).join(map(escape, items))


def _sentence_of(items: Iterable[object]) -> Markup:
    """Such a row with a full stop."""
    return Markup(translated("{clauses}.", "a sentence of several clauses")).format(clauses=_separated(items))


def _link(words: str, address: str) -> Markup:
    return Markup('<a href="{address}">{words}</a>').format(address=address, words=words)


def _together(*sentences: str) -> Markup:
    """Sentences or HTML one after the other; empty ones are left out."""
    return Markup(current().between).join(filter(None, sentences))


def _up_to_ten(amount: int) -> str:
    """A whole number, up to ten in words."""
    return wording.in_words(amount) if amount <= 10 else wording.number(amount)


def _percent(share: float, places: int = 2) -> str:
    return wording.percent(share, places).replace(" ", _SPACE)


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
    if size >= 1e5:
        return _("{size} MB", size=wording.number(size / 1e6, 1)).replace(" ", _SPACE)
    return _("{size} kB", size=wording.number(max(1, round(size / 1e3)))).replace(" ", _SPACE)
