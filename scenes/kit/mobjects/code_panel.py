"""The project's own source code as a picture: the code shown is the code that runs."""

from __future__ import annotations

import ast
import inspect
import linecache
import textwrap
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Self

import numpy as np
from manim import LEFT, UP, RoundedRectangle, Typst, VGroup, VMobject
from numpy.typing import NDArray
from pygments.lexers import TextLexer, get_lexer_for_filename  # type: ignore[import-untyped]
from pygments.token import Comment, Keyword, Name, Number, Operator, String, Token  # type: ignore[import-untyped]
from pygments.util import ClassNotFound  # type: ignore[import-untyped]

from scenes.kit import theme
from scenes.kit.layout import PIXELS_A_UNIT
from scenes.kit.mobjects.outlines import typesetting
from scenes.kit.mobjects.text import Words

# The colour of each kind of token; the most specific kind in the list counts.
COLOURS = {
    Token: theme.TEXT,
    Comment: theme.QUIET_TEXT,
    Keyword: theme.POSITIVE,
    Operator.Word: theme.POSITIVE,
    String: theme.WEIGHTS_SYMBOL,
    Number: theme.BIASES_SYMBOL,
    Name.Decorator: theme.BIASES_SYMBOL,
    Name.Function: theme.ANSWER,
    Name.Class: theme.ANSWER,
    Name.Builtin.Pseudo: theme.NEUTRAL,
}
PANEL = "#0C1016"
_FONT = "DejaVu Sans Mono"
# How far a character moves the pen, and the distance between lines, in ems.
_ADVANCE, _LINE = 0.602, 1.42
_PADDING = 0.25
# How far the baseline is below the middle of its line, in ems.
_MIDDLE = 0.26
_TAB = 4


class CodePanel(VGroup):
    """Source code in a box, with its line numbers in the file.

    source: a class, function, method or module of the project, read when the panel is made, or a text file.
    lines: the first and last line to show, by their numbers in the file; by default all.
    fold: show docstrings of several lines as \"\"\"…\"\"\". size: the largest type to use, in pixels an em; it is made
    smaller, but never below 24, to fit into width × height; the default width has room for 120 characters a line.
    text: what is shown. line_numbers: of each line shown. code[c]: an outline for each colour, of characters shown[c].
    filmed_file: the file of the source; the stage records it as an input of the scene.

    ValueError if there is no source, or if the lines do not fit.

    >>> from scenes.kit.ticks import round_limits
    >>> CodePanel(round_limits, fold=True).highlight("if low", "if 0 < low")
    """

    def __init__(
        self,
        source: Any,
        lines: tuple[int, int] | None = None,
        fold: bool = False,
        title: str | None = None,
        size: float = theme.NOTE_SIZE,
        width: float = 13.9,
        height: float = 7.0,
    ) -> None:
        super().__init__()
        path, first, written = _read(source)
        self.filmed_file = path
        lines_read = _coloured(path, written, first)
        shown = _folded(lines_read, written, first) if fold else lines_read
        if lines is not None:
            start, stop = lines
            if not first <= start <= stop <= lines_read[-1].number:
                raise ValueError(
                    f"lines must be a first and a last from {first} to {lines_read[-1].number} of {path.name}; "
                    f"got {lines}"
                )
            shown = [line for line in shown if start <= line.number <= stop]
        shown = _dedented(shown)
        rows = [line.text for line in shown]
        if not any(rows):
            raise ValueError(f"source must hold code to show; {path.name} gives nothing but empty lines")
        self.text, self.line_numbers = "\n".join(rows), tuple(line.number for line in shown)

        title = _short(path) if title is None else title
        heading = 0.5 if title else 0.0
        gutter = len(str(shown[-1].number)) + 2
        columns = gutter + max(len(row) for row in rows)
        across = (width - 2 * _PADDING) / (columns * _ADVANCE)
        down = (height - heading - 2 * _PADDING) / (len(rows) * _LINE)
        least = theme.TEXTURE_SIZE / PIXELS_A_UNIT
        if min(across, down) < least:
            raise ValueError(
                f"{len(rows)} lines of up to {columns - gutter} characters do not fit into {width:g} × {height:g} "
                f"units at {theme.TEXTURE_SIZE} pixels; show fewer by lines=(first, last) or fold=True"
            )
        # Only the longest lines reach the edge.
        self.em = min(size / PIXELS_A_UNIT, max(least, min(0.95 * across, down)))
        self._write(shown, gutter, title, heading, columns)

    def _write(self, lines: list[_Line], gutter: int, title: str, heading: float, columns: int) -> None:
        wide = columns * _ADVANCE * self.em + 2 * _PADDING
        self.title = Words(title, theme.SMALLEST_SIZE + 4, theme.QUIET_TEXT)
        wide = max(wide, self.title.width + 2 * _PADDING) if title else wide
        high = len(lines) * _LINE * self.em + 2 * _PADDING + heading
        self.box = RoundedRectangle(0.15, width=wide, height=high, color=theme.CELL_OUTLINE, stroke_width=1.5)
        self.box.set_fill(PANEL, 1)
        corner = np.array([-wide / 2 + _PADDING, high / 2 - _PADDING - heading, 0])
        # The band behind highlighted lines; it always has points, so that it can move from lines to lines.
        self.band = VMobject(fill_color=theme.ANSWER, fill_opacity=0, stroke_width=0)
        self.box_height, self._head, self._gutter = high, _PADDING + heading, gutter
        inked: dict[str, list[tuple[str, int, int]]] = {}
        for row, line in enumerate(lines):
            label = f"{line.number:>{gutter - 2}}"
            coloured = zip(f"{label}  {line.text}", [theme.QUIET_TEXT] * gutter + line.colours, strict=True)
            for column, (character, colour) in enumerate(coloured):
                if not character.isspace():
                    inked.setdefault(colour, []).append((character, row, column))
        shapes = _shapes(frozenset(c for placed in inked.values() for c, _, _ in placed))
        self.code = VGroup()
        self.shown = tuple("".join(c for c, _, _ in placed) for placed in inked.values())
        for colour, placed in inked.items():
            outline = VMobject(fill_color=colour, fill_opacity=1, stroke_width=0)
            outline.points = np.concatenate(
                [
                    (shapes[c] + (k * _ADVANCE, -(row + 0.5) * _LINE - _MIDDLE, 0)) * self.em + corner
                    for c, row, k in placed
                ]
            )
            self.code.add(outline)
        self.add(self.box, self.band, self.code)
        if title:
            self.title.move_to(corner + (heading + 0.06) * UP, aligned_edge=UP + LEFT)
            self.add(self.title)
        self.band.points = self._band(0, 0)

    def place(self, row: int, column: int) -> NDArray[np.float64]:
        """The present position of the left edge of a character, halfway up its line, (3,)."""
        scale = self.box.height / self.box_height
        right = _PADDING + (self._gutter + column) * _ADVANCE * self.em
        down = self._head + (row + 0.5) * _LINE * self.em
        return np.asarray(self.box.get_corner(UP + LEFT) + scale * np.array([right, -down, 0]))

    def highlight(self, first: int | str, last: int | str | None = None) -> Self:
        """Put a light band behind lines. A line is given by its number or by text: the first line that contains it."""
        start = self.line_of(first)
        stop = start if last is None else self.line_of(last)
        rows = [row for row, number in enumerate(self.line_numbers) if start <= number <= stop]
        if not rows:
            raise ValueError(f"last must not come before first; got {first!r} and {last!r}")
        self.band.points = self._band(rows[0], rows[-1] + 1)
        self.band.set_fill(opacity=0.16)
        return self

    def line_of(self, line: int | str) -> int:
        """The number of a line shown. ValueError if it is not shown."""
        for number, text in zip(self.line_numbers, self.text.split("\n"), strict=True):
            if number == line or (isinstance(line, str) and line in text):
                return number
        raise ValueError(f"line must be one of {self.line_numbers[0]} to {self.line_numbers[-1]} shown; got {line!r}")

    def unhighlight(self) -> Self:
        """Remove the band."""
        self.band.set_fill(opacity=0)
        return self

    def _band(self, first: int, stop: int) -> NDArray[np.float64]:
        """The outline of rows first … stop − 1, from edge to edge of the box in its present place."""
        scale = self.box.height / self.box_height
        left, right = self.box.get_left()[0], self.box.get_right()[0]
        half = _LINE * self.em * scale / 2
        high, low = self.place(first, 0)[1] + half, self.place(max(stop, first + 1) - 1, 0)[1] - half
        inset = 0.08 * scale
        corners = [[x, y, 0] for x, y in ((left, high), (right, high), (right, low), (left, low))]
        band = VMobject().set_points_as_corners([*corners, corners[0]])
        band.points[:, 0] = band.points[:, 0].clip(left + inset, right - inset)
        return np.asarray(band.points)


@dataclass(frozen=True)
class _Line:
    """A line of source, its number in the file, and the colour of each of its characters."""

    number: int
    text: str
    colours: list[str]


def _read(source: Any) -> tuple[Path, int, str]:
    """The file of a source, the number of its first line there, and its text."""
    if isinstance(source, str | Path):
        path = Path(source)
        try:
            return path, 1, path.read_text(encoding="utf-8").expandtabs(_TAB)
        except (OSError, UnicodeDecodeError) as problem:
            raise ValueError(f"source must be a text file that can be read; {path}: {problem}") from problem
    for name in ("fget", "func", "py_func"):  # properties, cached properties, compiled functions
        source = getattr(source, name, source)
    try:
        path = Path(inspect.getsourcefile(source) or "")
        linecache.checkcache(str(path))
        rows, first = inspect.getsourcelines(source)
    except (OSError, TypeError) as problem:
        raise ValueError(f"source must be Python code with a file, or a path; got {source!r}") from problem
    return path, max(first, 1), "".join(rows).expandtabs(_TAB)


def _coloured(path: Path, written: str, first: int) -> list[_Line]:
    """Every line with its colours."""
    options = {"stripnl": False, "ensurenl": False}
    try:
        lexer = get_lexer_for_filename(path.name, **options)
    except ClassNotFound:
        lexer = TextLexer(**options)
    texts, colours = [""], [[]]  # type: tuple[list[str], list[list[str]]]
    for kind, piece in lexer.get_tokens(written):
        while kind not in COLOURS:
            kind = kind.parent
        for number, part in enumerate(piece.split("\n")):
            if number:
                texts.append("")
                colours.append([])
            texts[-1] += part
            colours[-1] += [COLOURS[kind]] * len(part)
    if len(texts) > 1 and not texts[-1]:
        del texts[-1], colours[-1]
    lines = zip(texts, colours, strict=True)
    return [_Line(first + k, text.rstrip(), own[: len(text.rstrip())]) for k, (text, own) in enumerate(lines)]


def _folded(lines: list[_Line], written: str, first: int) -> list[_Line]:
    """The lines, with each docstring of several lines as one, \"\"\"…\"\"\"; unchanged if this is not Python."""
    try:
        tree = ast.parse(textwrap.dedent(written))
    except SyntaxError:
        return lines
    folded = {line.number: line for line in lines}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if ast.get_docstring(node) is None or node.body[0].end_lineno == node.body[0].lineno:
            continue
        start, stop = (first - 1 + (line or 0) for line in (node.body[0].lineno, node.body[0].end_lineno))
        text = f'{lines[start - first].text[: -len(lines[start - first].text.lstrip())]}"""…"""'
        folded[start] = _Line(start, text, [COLOURS[String]] * len(text))
        for number in range(start + 1, stop + 1):
            del folded[number]
    return list(folded.values())


def _dedented(lines: list[_Line]) -> list[_Line]:
    margin = min((len(line.text) - len(line.text.lstrip()) for line in lines if line.text), default=0)
    return [_Line(line.number, line.text[margin:], line.colours[margin:]) for line in lines]


def _short(path: Path) -> str:
    """A file's path from the root of the project, or its name alone if it is elsewhere."""
    root = Path(__file__).resolve().parents[3]
    return path.resolve().relative_to(root).as_posix() if path.resolve().is_relative_to(root) else path.name


@lru_cache(maxsize=64)
def _shapes(characters: frozenset[str]) -> dict[str, NDArray[np.float64]]:
    """The outline of each character, in ems from the pen's place on the baseline."""
    # Each is in the middle of a box one em wide. The bar shows where the middle is, and the H where the baseline is.
    order = ["|", "H", *sorted(characters)]
    listed = ", ".join(f'"\\u{{{ord(character):x}}}"' for character in order)
    markup = f"#for c in ({listed}) {{ box(width: 1em, align(center, c)) }}"
    with typesetting():
        drawn = Typst(markup, typst_preamble=f'#set text(font: "{_FONT}", ligatures: false)', font_size=96)
    if len(drawn.submobjects) != len(order):
        raise ValueError(f"source holds a character that cannot be drawn, among {''.join(order[2:])}")
    middle, baseline = drawn[0].get_center()[0], drawn[1].get_bottom()[1]
    return {
        character: glyph.points - (middle + place - _ADVANCE / 2, baseline, 0)
        for place, (character, glyph) in enumerate(zip(order, drawn.submobjects, strict=True))
    }
