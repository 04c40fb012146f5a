"""Bookmarks that are waited for and are not in the narration, found in the source of a scene, before it runs.

The check reads texts as far as they stand in the source. What is put together elsewhere is seen when the scene runs.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from scenes.settings import ROOT
from scenes.voice.markup import NarrationError

_WAITS = {"wait_until_bookmark", "time_until_bookmark", "bookmark_time"}
_MARK = re.compile(r"<\s*bookmark\s+mark\s*=\s*(['\"])([^'\"<>]*)\1\s*/\s*>")
_TRANSLATES = {"_", "_n", "_c", "together"}
_TAG = re.compile(r"<\s*bookmark\b")


def check_bookmarks(file: Path, scene: str | None = None) -> None:
    """Check a scene of a source file, or all of them.

    NarrationError for the first bookmark that is waited for and not there.
    """
    try:
        tree = ast.parse(file.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return  # importing it says what is wrong
    anywhere, unread = _bookmarks_in(tree)
    for kind in (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)):
        if scene not in (None, kind.name):
            continue
        for method in (node for node in kind.body if isinstance(node, ast.FunctionDef)):
            for text, wait, mark in _waits(method):
                there, open_ended = _bookmarks_in(text)
                if mark in there or (open_ended and (unread or mark in anywhere)):
                    continue
                raise NarrationError(
                    no_such_bookmark(mark, there, f"{kind.name}.{method.name}", str(file), wait.lineno)
                )


def no_such_bookmark(mark: str, there: Sequence[str], method: str, file: str, line: int) -> str:
    """The sentence that says that a bookmark is not in a text, where, and which ones are."""
    path = Path(file)
    place = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    names = ", ".join(map(repr, there))
    found = f"it has {names}" if there else "it has none"
    return (
        f"{method} ({place}, line {line}) waits for the bookmark {mark!r}, which is not in what is said there; "
        f"{found}: wait for one of them or put <bookmark mark='{mark}'/> into the text"
    )


def _waits(method: ast.FunctionDef) -> Iterator[tuple[ast.expr, ast.Call, str]]:
    """Each wait for a bookmark: the text of the innermost block around it, the call, and the bookmark's name."""

    def inside(node: ast.AST, text: ast.expr | None) -> Iterator[tuple[ast.expr, ast.Call, str]]:
        if isinstance(node, ast.With):
            for item in node.items:
                text = _text_of(item.context_expr) or text
        if isinstance(node, ast.Call) and text is not None and (mark := _waited_for(node)) is not None:
            yield text, node, mark
        for child in ast.iter_child_nodes(node):
            yield from inside(child, text)

    yield from inside(method, None)


def _text_of(call: ast.expr) -> ast.expr | None:
    """What is said by the call `….voiceover(text)`."""
    if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "voiceover"):
        return None
    named = [keyword.value for keyword in call.keywords if keyword.arg == "text"]
    return next(iter([*call.args[:1], *named]), None)


def _waited_for(call: ast.Call) -> str | None:
    """The bookmark that a call waits for, if its name stands there."""
    if not (isinstance(call.func, ast.Attribute) and call.func.attr in _WAITS):
        return None
    named = [keyword.value for keyword in call.keywords if keyword.arg == "mark"]
    mark = next(iter([*call.args[:1], *named]), None)
    return mark.value if isinstance(mark, ast.Constant) and isinstance(mark.value, str) else None


def _bookmarks_in(node: ast.AST) -> tuple[list[str], bool]:
    """The names of all bookmarks in the literal texts of some source, and whether there may be others.

    There may be others where a part of the text is not a literal.
    """
    found: list[str] = []
    open_ended = False
    # A call of gettext is as good as its text: what fills its places has no bookmarks.
    calls = [part for part in ast.walk(node) if isinstance(part, ast.Call) and isinstance(part.func, ast.Name)]
    calls = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id in _TRANSLATES]
    literal = {
        inside
        for call in calls
        for one in (call, call.func, *(keyword.value for keyword in call.keywords))
        for inside in ([one] if one is call else ast.walk(one))
    }
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            found += [name.strip() for _, name in _MARK.findall(part.value) if name.strip() not in found]
            # A tag that is cut off has its name from somewhere else.
            open_ended |= len(_TAG.findall(part.value)) > len(_MARK.findall(part.value))
        elif isinstance(part, ast.Name | ast.Attribute | ast.Call | ast.FormattedValue | ast.Subscript):
            open_ended |= isinstance(node, ast.expr) and part not in literal
    return found, open_ended
