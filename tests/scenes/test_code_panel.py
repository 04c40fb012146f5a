"""A code panel shows the source as it stands in its file, within its box, in the colours of its parts."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from manim.utils.color import ManimColor

import network.network
from lesson.render.picture_checks import PIXELS_A_UNIT, box
from network import Layer, Network
from network.training import train
from scenes.kit import theme
from scenes.kit.contrast import relative_luminance
from scenes.kit.gallery import picture
from scenes.kit.layout import FRAME_HEIGHT, FRAME_WIDTH
from scenes.kit.mobjects.code_panel import COLOURS, PANEL, CodePanel

SOURCES = [Network.forward, Layer.weighted_sums, Layer.activate, Network.weight_count, Network.from_parameters]
MOVES: list[Callable[[Any], Any]] = [
    lambda panel: panel,
    lambda panel: panel.copy(),
    lambda panel: panel.shift((0.1, 0.2, 0)),
    lambda panel: panel.scale(0.8).copy(),
]


def source_of(thing: Any) -> str:
    return textwrap.dedent(inspect.getsource(getattr(thing, "fget", thing))).rstrip()


def python_file(folder: Path, text: str) -> Path:
    path = folder / "example.py"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("thing", SOURCES)
def test_the_text_is_the_source(thing: Any) -> None:
    assert CodePanel(thing).text == source_of(thing)


def test_lines_have_the_numbers_and_the_text_of_their_file() -> None:
    path = Path(network.network.__file__)
    written = path.read_text(encoding="utf-8").splitlines()
    panel = CodePanel(Network.forward)
    assert panel.text == textwrap.dedent("\n".join(written[n - 1] for n in panel.line_numbers))
    some = CodePanel(path, lines=(10, 19))
    assert some.line_numbers == tuple(range(10, 20))
    assert some.text == textwrap.dedent("\n".join(written[9:19]))
    assert CodePanel(network.network, lines=(10, 19)).text == some.text


def test_the_file_is_read_when_the_panel_is_made(tmp_path: Path) -> None:
    assert CodePanel(python_file(tmp_path, "a = 1\n")).text == "a = 1"
    assert CodePanel(python_file(tmp_path, "a = 2\n")).text == "a = 2"


@given(code=st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=60))
@settings(max_examples=25, deadline=None)
def test_any_line_is_shown_character_by_character(code: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = python_file(tmp_path_factory.mktemp("code"), code + "\n#\n")
    panel = CodePanel(path)
    assert panel.text.split("\n")[0] == code.rstrip() or panel.text == textwrap.dedent(f"{code.rstrip()}\n#")
    assert sum(map(len, panel.shown)) == sum(not c.isspace() for c in panel.text) + 2


def test_every_character_stands_in_its_place() -> None:
    """Where a character of the text is, there is ink; where a space is, there is none."""
    panel = CodePanel(Layer.weighted_sums)
    frame = picture([panel], 1080)[..., :3].max(axis=2)
    rows = panel.text.split("\n")
    for row, text in enumerate(rows):
        for column, character in enumerate(text):
            x, y = panel.place(row, column)[:2]
            advance, line = 0.602 * panel.em, 1.42 * panel.em
            columns = [round((FRAME_WIDTH / 2 + x + k * advance) * 135) for k in (0.05, 0.95)]
            lines = [round((FRAME_HEIGHT / 2 - y + k * line) * 135) for k in (-0.48, 0.48)]
            inked = frame[lines[0] : lines[1], columns[0] : columns[1]].max() > 60
            assert inked == (character != " "), (row, column, character)


def test_parts_of_the_code_have_their_colours() -> None:
    panel = CodePanel(Layer.activate)
    shown = dict(zip((outline.get_fill_color().to_hex() for outline in panel.code), panel.shown, strict=True))
    assert "".join(shown[theme.POSITIVE.upper()]) == "defreturn"
    assert "".join(shown[theme.ANSWER.upper()]) == "activate"
    assert '"""a=σ(z),' in "".join(shown[theme.WEIGHTS_SYMBOL.upper()])


def test_every_colour_has_contrast_with_the_panel_and_with_the_band() -> None:
    panel = 255 * np.array(ManimColor(PANEL).to_rgb())
    band = panel + 0.16 * (255 * np.array(ManimColor(theme.ANSWER).to_rgb()) - panel)
    for ground in (panel, band):
        for colour in COLOURS.values():
            own = relative_luminance(255 * np.array(ManimColor(colour).to_rgb()))
            assert (own + 0.05) / (relative_luminance(ground) + 0.05) >= 4.5, colour


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("arguments", [{"source": train, "fold": True}, {"source": Network.forward}])
def test_nothing_leaves_the_box_and_the_box_not_the_frame(arguments: dict[str, Any], move: Any) -> None:
    if arguments["source"] is train:
        first = inspect.getsourcelines(train)[1]  # with a line of 120 characters
        arguments = {**arguments, "lines": (first, first + 18)}
    panel = move(CodePanel(**arguments))
    left, bottom, right, top = box(panel.box)
    for part in [*panel.code, panel.title]:
        inner = box(part)
        assert inner[0] > left and inner[1] > bottom and inner[2] < right and inner[3] < top
    assert max(-left, right) < FRAME_WIDTH / 2 and max(-bottom, top) < FRAME_HEIGHT / 2
    assert panel.em * PIXELS_A_UNIT >= theme.TEXTURE_SIZE - 1e-6


def test_docstrings_fold(tmp_path: Path) -> None:
    text = '"""One line."""\n\n\ndef f():\n    """F.\n\n    More.\n    """\n    x = """no\n    string"""\n    return x'
    panel = CodePanel(python_file(tmp_path, text), fold=True)
    assert panel.text.split("\n") == [
        '"""One line."""',
        "",
        "",
        "def f():",
        '    """…"""',
        '    x = """no',
        '    string"""',
        "    return x",
    ]
    assert panel.line_numbers == (1, 2, 3, 4, 5, 9, 10, 11)


@pytest.mark.parametrize("move", MOVES)
def test_the_band_lies_behind_its_lines(move: Any) -> None:
    panel = move(CodePanel(Network.forward)).highlight("for layer", "columns.append")
    rows = panel.text.split("\n")
    first = next(k for k, row in enumerate(rows) if "for layer" in row)
    left, bottom, right, top = box(panel.band)
    scale = panel.box.height / panel.box_height
    assert top == pytest.approx(panel.place(first, 0)[1] + 0.71 * panel.em * scale)
    assert bottom == pytest.approx(panel.place(first + 2, 0)[1] - 0.71 * panel.em * scale)
    assert panel.band.get_fill_opacity() > 0
    assert panel.unhighlight().band.get_fill_opacity() == 0


def test_the_band_can_move_from_lines_to_lines() -> None:
    panel = CodePanel(Network.forward).highlight("columns, sums")
    target = panel.copy().highlight("return")
    assert len(panel.band.points) == len(target.band.points)


def test_other_files_can_be_shown(tmp_path: Path) -> None:
    path = tmp_path / "notes.strange"
    path.write_text("two\n\tlines", encoding="utf-8")
    assert CodePanel(path).text == "two\n    lines"


@pytest.mark.parametrize(
    ("make", "named"),
    [
        (lambda: CodePanel(3), "source"),
        (lambda: CodePanel(np.sin), "source"),
        (lambda: CodePanel("no/such/file.py"), "source"),
        (lambda: CodePanel(Network.forward, lines=(1, 2)), "lines"),
        (lambda: CodePanel(network.network, lines=(9, 4)), "lines"),
        (lambda: CodePanel(network.network), "lines="),
        (lambda: CodePanel(Network.forward, width=4), "lines="),
        (lambda: CodePanel(Network.forward).highlight(1), "line"),
        (lambda: CodePanel(Network.forward).highlight("no such thing"), "line"),
        (lambda: CodePanel(Network.forward).highlight("return", "def"), "last"),
    ],
)
def test_a_bad_argument_is_named(make: Callable[[], Any], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        make()


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="source"):
        CodePanel(python_file(tmp_path, "\n\n"))
