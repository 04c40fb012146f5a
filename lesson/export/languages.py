"""The languages of an export: each is an export of its own, English at the top and the others in folders there.

    index.html  ANeuron/player.html  …          in English
    de/index.html  de/ANeuron/player.html  …    in German

A page links to the same page in the other languages, and says so to search engines (hreflang).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from scenes.catalogue import ENGLISH_CODE
from scenes.language import current, language_named

_languages: ContextVar[tuple[str, ...]] = ContextVar("languages", default=())


@dataclass(frozen=True)
class PageLink:
    """A page in another language, or this one. name: what its speakers call the language."""

    code: str
    name: str
    direction: str
    address: str
    is_current: bool


@contextmanager
def exported_in(codes: Sequence[str]) -> Iterator[None]:
    """Inside the `with` block, pages are made for an export in these languages."""
    before = _languages.set(tuple(codes))
    try:
        yield
    finally:
        _languages.reset(before)


def page_links(path: str) -> list[PageLink]:
    """The same page in each language of the export; empty if there is only one, or for a page without a path.

    path: of this page, below the folder of its language.
    """
    codes = _languages.get()
    if len(codes) < 2 or not path:
        return []
    here = current().code
    top = "../" * (path.count("/") + (here != ENGLISH_CODE))
    links = []
    for code in codes:
        language = language_named(code)
        address = top + ("" if code == ENGLISH_CODE else f"{code}/") + path
        links.append(PageLink(code, language.name, language.direction, address, code == here))
    return links
