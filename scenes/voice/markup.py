"""Narration as it is written in a scene: sentences with bookmarks.

A bookmark is a place in the text that a scene can wait for: `"First <bookmark mark='loop'/>the loop."`
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from network.errors import KnobsError

_BOOKMARK = re.compile(r"<\s*bookmark\s+mark\s*=\s*(?P<quote>['\"])(?P<name>[^'\"<>]*)(?P=quote)\s*/\s*>")


class NarrationError(KnobsError):
    """Narration that cannot be spoken; the message is one sentence with the remedy."""


@dataclass(frozen=True)
class MarkedText:
    """The words of a beat, without bookmarks, and where its bookmarks are: name and index of the next letter."""

    text: str
    bookmarks: tuple[tuple[str, int], ...] = ()


def read_marked(written: str) -> MarkedText:
    """Take the bookmarks out of a text, and make every stretch of white space one space.

    NarrationError for a tag that is no bookmark, and for two bookmarks of one name.

    >>> read_marked("First\\n  <bookmark mark='loop'/>the loop.")
    MarkedText(text='First the loop.', bookmarks=(('loop', 6),))
    """
    text = ""
    bookmarks: list[tuple[str, int]] = []
    stop = 0
    for found in _BOOKMARK.finditer(written):
        text = _joined(text, written[stop : found.start()])
        stop = found.end()
        name = found["name"].strip()
        if not name or name in dict(bookmarks):
            problem = f"the bookmark {name!r} is there twice" if name else "a bookmark has no name"
            raise NarrationError(f"{problem} in the narration {_begin(written)}; give each bookmark a name of its own")
        bookmarks.append((name, len(text)))
    text = _joined(text, written[stop:]).rstrip()
    if "<bookmark" in text or "</" in text:
        raise NarrationError(
            f"the narration {_begin(written)} has a tag that cannot be read; write <bookmark mark='name'/>"
        )
    return MarkedText(text, tuple((name, min(at, len(text))) for name, at in bookmarks))


def _joined(text: str, more: str) -> str:
    """Both texts with single spaces."""
    more = re.sub(r"\s+", " ", more)
    return text + (more.lstrip() if not text or text.endswith(" ") else more)


def _begin(written: str) -> str:
    words = " ".join(written.split())
    return repr(words if len(words) <= 40 else words[:40] + "…")
