"""Pages for servers with a strict content security policy: what is inside a page goes into files beside it.

Under `default-src 'self'`, browsers apply no style, run no script and load no captions that stand in the page itself.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import unquote_to_bytes

from lesson.export.folder import ExportedFile, ExportFolder
from lesson.export.manifest import ExportedClip

# Blocks of data, such as <script type="application/json">, are never run, so that no policy minds them.
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_STYLED = re.compile(r'<[a-z][^<>]*? style="([^"]*)"[^<>]*>')
_DATA = re.compile(r'\b(src|href|poster)="data:([^",]*),([^"]*)"')
_ENDINGS = {"text/vtt": "vtt", "image/svg+xml": "svg", "image/webp": "webp", "image/jpeg": "jpg", "video/mp4": "mp4"}
_KINDS = {"css": "text/css", "js": "text/javascript", **{ending: kind for kind, ending in _ENDINGS.items()}}


class PageWriter:
    """Writes pages; with a strict policy, each with its parts beside it, which are in `parts`."""

    def __init__(self, folder: ExportFolder, clips: Sequence[ExportedClip], strict_csp: bool) -> None:
        self._folder, self._strict = folder, strict_csp
        self._known = {file.sha256: file.path for clip in clips for file in clip.files}
        self._parts: dict[str, ExportedFile] = {}

    @property
    def parts(self) -> list[ExportedFile]:
        """The files that pages share."""
        return list(self._parts.values())

    def write(self, path: str, html: str, role: str) -> ExportedFile:
        if self._strict:
            page = separated(html, "../" * path.count("/"), self._known)
            html = page.html
            for name, content in page.files.items():
                self._parts[name] = self._folder.write(name, content, "page_part", page.media_type(name))
        return self._folder.write(path, html, role, "text/html")


@dataclass
class SeparatePage:
    """A page with nothing inside it that a policy forbids, and the files that it needs: path to content.

    They lie at the top of the export, named after their content, so that pages share them.
    """

    html: str = ""
    files: dict[str, bytes] = field(default_factory=dict)

    def media_type(self, path: str) -> str:
        return _KINDS[path.rpartition(".")[2]]


def separated(html: str, root: str, known: Mapping[str, str]) -> SeparatePage:
    """The page without styles, scripts and data in it.

    root: leads from the page to the export. known: files of the export, path by sha256, which are not written again.
    """
    page = SeparatePage()

    def keep(data: bytes, ending: str) -> str:
        """The address of a file with this content."""
        digest = hashlib.sha256(data).hexdigest()
        if digest in known:
            return root + known[digest]
        path = f"page.{digest[:12]}.{ending}"
        page.files[path] = data
        return root + path

    def data(found: re.Match[str]) -> str:
        attribute, kind, written = found.groups()
        kind, _, coded = unescape(kind).partition(";")
        content = base64.b64decode(written) if coded == "base64" else unquote_to_bytes(unescape(written))
        return f'{attribute}="{keep(content, _ENDINGS[kind])}"'

    def script(found: re.Match[str]) -> str:
        return f'<script src="{keep(found[1].encode(), "js")}"></script>'

    rules: dict[str, str] = {}
    html = _between(html, _SCRIPT, script, lambda text: _STYLED.sub(_classed(rules), _DATA.sub(data, text)))
    own = "".join(f".{name} {{ {rule} }}\n" for name, rule in rules.items())
    first = True

    def style(found: re.Match[str]) -> str:
        nonlocal first
        css, first = found[1] + (own if first else ""), False
        return f'<link rel="stylesheet" href="{keep(css.encode(), "css")}">'

    page.html = _STYLE.sub(style, html)
    return page


def _between(
    html: str, pattern: re.Pattern[str], put: Callable[[re.Match[str]], str], change: Callable[[str], str]
) -> str:
    """The page with what matches a pattern put differently, and everything between changed."""
    done, last = [], 0
    for found in pattern.finditer(html):
        done += [change(html[last : found.start()]), put(found)]
        last = found.end()
    return "".join([*done, change(html[last:])])


def _classed(rules: dict[str, str]) -> Callable[[re.Match[str]], str]:
    """Gives a tag a class instead of its attribute `style`; the rule of that class is noted."""

    def replace(found: re.Match[str]) -> str:
        tag, rule = found[0], found[1]
        name = "style-" + hashlib.sha256(rule.encode()).hexdigest()[:8]
        rules[name] = unescape(rule)
        tag = tag.replace(f' style="{rule}"', "", 1)
        if ' class="' in tag:
            return tag.replace(' class="', f' class="{name} ', 1)
        return re.sub(r"(\s*/?>)$", rf' class="{name}"\1', tag)

    return replace
